/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-host.h"
#include "wf-notice.h"
#include "wf-sign-in-module.h"
#include "wf-sign-in-page.h"
#include "wf-sign-in-title.h"

static void
wait_for_window (UiFixture *fixture)
{
  while (!gtk_widget_get_mapped (GTK_WIDGET (fixture->window)))
    ui_spin (20);
}

static gboolean
is_signed_in (gpointer data)
{
  return wf_session_get_state (data) == WF_SESSION_SIGNED_IN;
}

typedef struct
{
  UiFixture  *fixture;
  const char *label;
} Wanted;

static gboolean
has_button (gpointer data)
{
  const Wanted *wanted = data;

  return ui_find_button (GTK_WIDGET (wanted->fixture->window), wanted->label) != NULL;
}

static void
wait_for_button (UiFixture  *fixture,
                 const char *label)
{
  Wanted wanted = { fixture, label };

  ui_spin_until (has_button, &wanted);
}

static void
press (UiFixture  *fixture,
       const char *label)
{
  wait_for_button (fixture, label);
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (fixture->window), label), "clicked");
}

static gboolean
page_is_gone (gpointer data)
{
  UiFixture *fixture = data;

  return ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_SIGN_IN_PAGE) == NULL;
}

/* The widget of the module, which this program does not know by type. */
static GtkWidget *
find_view (UiFixture *fixture)
{
  GType type = g_type_from_name ("WfSigninView");

  return type ? ui_find_type (GTK_WIDGET (fixture->window), type) : NULL;
}

static gboolean
view_is_ready (gpointer data)
{
  GtkWidget *view = find_view (data);
  gboolean ready = FALSE;

  if (view)
    g_object_get (view, "ready", &ready, NULL);
  return ready;
}

static gboolean
needs_webkit (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("WARIFU_MODULE_DIR"), "libwarifu-signin.so", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("Built without WebKit");
  return FALSE;
}

static void
test_window (void)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (UiFixture) fixture = NULL;

  if (!needs_webkit ())
    return;
  options.auto_approve = TRUE;
  fixture = ui_fixture_new (&options);
  wait_for_window (fixture);
  press (fixture, "Sign In");
  ui_spin_until (is_signed_in, fixture->session);
  ui_spin_until (page_is_gone, fixture);
  g_assert_cmpuint (wf_demo_server_count_grant (fixture->server, "authorization_code"), ==, 1);
  g_assert_nonnull (ui_find_button (GTK_WIDGET (fixture->window), "Refresh Now"));
}

/* The address is in sight in a wide window and in a narrow one; closing asks nothing. */
static void
test_view (void)
{
  g_autoptr (UiFixture) fixture = NULL;
  const char *address;

  if (!needs_webkit ())
    return;
  fixture = ui_fixture_new (NULL);
  address = wf_demo_server_get_issuer (fixture->server) + strlen ("http://");
  wait_for_window (fixture);
  press (fixture, "Sign In");
  ui_spin_until (view_is_ready, fixture);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture->window), address));
  ui_fixture_take_picture (fixture, "sign-in-view");
  ui_fixture_resize (fixture, 360, 640);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture->window), address));
  ui_fixture_take_picture (fixture, "narrow-sign-in-view");
  press (fixture, "Cancel");
  ui_spin_until (page_is_gone, fixture);
  g_assert_cmpint (wf_session_get_state (fixture->session), ==, WF_SESSION_SIGNED_OUT);
  g_assert_null (wf_session_get_last_error (fixture->session));
}

/* A page that refuses is shown, with the way out above it. */
static void
test_refusal (void)
{
  g_autoptr (UiFixture) fixture = NULL;
  WfDemoFault fault = { .status = 403, .content_type = "text/html", .body = "<p>disallowed_useragent</p>" };
  GtkWidget *notice;

  if (!needs_webkit ())
    return;
  fixture = ui_fixture_new (NULL);
  wait_for_window (fixture);
  wf_demo_server_set_fault (fixture->server, "authorize", &fault);
  press (fixture, "Sign In");
  ui_spin_until (view_is_ready, fixture);
  notice = ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_NOTICE);
  g_assert_nonnull (notice);
  /* The number is beside the sentence, not in it. */
  g_assert_nonnull (ui_find_text (notice, "127.0.0.1 refuses to show its page. It may not accept a sign-in window; your browser may work."));
  g_assert_nonnull (ui_find_text (notice, "HTTP status 403"));
  ui_fixture_take_picture (fixture, "sign-in-refused");
  g_assert_nonnull (ui_find_button (notice, "Open in Browser"));
}

/* What went wrong is said, and can be tried again. */
static void
test_failure (void)
{
  g_autoptr (UiFixture) fixture = NULL;
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  WfDemoFault fault = { .status = 400, .body = "{\"error\":\"invalid_request\",\"error_description\":\"no\"}", .times = 1 };

  if (!needs_webkit ())
    return;
  options.auto_approve = TRUE;
  fixture = ui_fixture_new (&options);
  wait_for_window (fixture);
  wf_demo_server_set_fault (fixture->server, "token", &fault);
  press (fixture, "Sign In");
  wait_for_button (fixture, "Try Again");
  g_assert_nonnull (ui_find_button (GTK_WIDGET (fixture->window), "Open in Browser"));
  ui_fixture_take_picture (fixture, "sign-in-failure");
  press (fixture, "Try Again");
  ui_spin_until (is_signed_in, fixture->session);
  ui_spin_until (page_is_gone, fixture);
}

/* The provider is gone before it begins. */
static void
test_offline (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);

  wait_for_window (fixture);
  wf_demo_server_stop (fixture->server);
  press (fixture, "Sign In");
  wait_for_button (fixture, "Try Again");
  ui_fixture_take_picture (fixture, "sign-in-offline");
  press (fixture, "Cancel");
  ui_spin_until (page_is_gone, fixture);
  g_assert_cmpint (wf_session_get_state (fixture->session), ==, WF_SESSION_SIGNED_OUT);
}

static void
on_text (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer data)
{
  return *(char **) data != NULL;
}

/* With a browser that is none of this computer's: the address is copied and opened by hand. */
static void
test_browser (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autofree char *address = NULL;
  g_autofree char *redirect = NULL;
  g_autoptr (DemoAnswer) answer = NULL;

  wait_for_window (fixture);
  press (fixture, "Sign In with Browser");
  wait_for_button (fixture, "Copy Address");
  ui_fixture_take_picture (fixture, "sign-in-browser");
  press (fixture, "Copy Address");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, on_text, &address);
  ui_spin_until (has_text, &address);
  redirect = demo_client_approve (fixture->client, address, "alice");
  g_assert_true (g_str_has_prefix (redirect, "http://127.0.0.1:"));
  answer = demo_client_get (fixture->client, redirect);
  g_assert_cmpuint (answer->status, ==, 200);
  ui_spin_until (is_signed_in, fixture->session);
  ui_spin_until (page_is_gone, fixture);
}

/* Cancelled and begun again at every stage: one sign-in is left, and it works. */
static void
test_again_and_again (void)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (UiFixture) fixture = NULL;

  if (!needs_webkit ())
    return;
  options.auto_approve = TRUE;
  options.latency = 20;
  fixture = ui_fixture_new (&options);
  wait_for_window (fixture);
  for (guint milliseconds = 0; milliseconds < 300; milliseconds += 30)
    {
      wf_host_sign_in (WF_HOST (fixture->window), fixture->session, milliseconds % 60 == 0);
      ui_spin (milliseconds);
      if (wf_session_get_state (fixture->session) == WF_SESSION_SIGNED_IN)
        break;
      wf_sign_in_page_cancel (WF_SIGN_IN_PAGE (ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_SIGN_IN_PAGE)));
      ui_spin_until (page_is_gone, fixture);
    }
  if (wf_session_get_state (fixture->session) != WF_SESSION_SIGNED_IN)
    wf_host_sign_in (WF_HOST (fixture->window), fixture->session, FALSE);
  ui_spin_until (is_signed_in, fixture->session);
}

static void
test_no_module (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autofree char *dir = g_strdup (g_getenv ("WARIFU_MODULE_DIR"));

  g_setenv ("WARIFU_MODULE_DIR", "/nonexistent", TRUE);
  wait_for_window (fixture);
  press (fixture, "Sign In");
  wait_for_button (fixture, "Open in Browser");
  g_setenv ("WARIFU_MODULE_DIR", dir, TRUE);
  g_assert_true (gtk_widget_has_css_class (ui_find_button (GTK_WIDGET (fixture->window), "Open in Browser"),
                                           "suggested-action"));
  ui_fixture_take_picture (fixture, "sign-in-no-module");
  press (fixture, "Open in Browser");
  wait_for_button (fixture, "Copy Address");
}

static void
test_settings (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GVariant) none = g_variant_ref_sink (wf_sign_in_module_make_settings (account));
  g_autoptr (GVariant) all = NULL;
  const char *value;

  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  account->keep_cookies = TRUE;
  wf_account_set (&account->ca_file, "/ca.pem");
  wf_account_set (&account->proxy, "http://127.0.0.1:1");
  wf_account_set (&account->client_certificate, "/client.pem");
  all = g_variant_ref_sink (wf_sign_in_module_make_settings (account));
  g_assert_cmpuint (g_variant_n_children (all), ==, 4);
  g_assert_true (g_variant_lookup (all, "data-dir", "&s", &value));
  g_assert_true (g_str_has_prefix (value, g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (value, account->id));
  g_assert_true (g_variant_lookup (all, "ca-file", "&s", &value));
  g_assert_cmpstr (value, ==, "/ca.pem");
}

static gboolean
is_absent (gpointer data)
{
  return !g_file_test (data, G_FILE_TEST_EXISTS);
}

static void
test_forget (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GVariant) settings = NULL;
  g_autofree char *nested = NULL;
  g_autofree char *file = NULL;
  const char *folder;

  account->keep_cookies = TRUE;
  settings = g_variant_ref_sink (wf_sign_in_module_make_settings (account));
  g_variant_lookup (settings, "data-dir", "&s", &folder);
  nested = g_build_filename (folder, "cache", NULL);
  file = g_build_filename (nested, "cookies.sqlite", NULL);
  g_mkdir_with_parents (nested, 0700);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  wf_sign_in_module_forget (account->id);
  ui_spin_until (is_absent, (gpointer) folder);
}

int
main (int   argc,
      char *argv[])
{
  /* GLib has read it; WebKit's processes are not ours to judge. */
  g_unsetenv ("G_DEBUG");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/sign-in/window", test_window);
  g_test_add_func ("/ui/sign-in/view", test_view);
  g_test_add_func ("/ui/sign-in/refusal", test_refusal);
  g_test_add_func ("/ui/sign-in/failure", test_failure);
  g_test_add_func ("/ui/sign-in/offline", test_offline);
  g_test_add_func ("/ui/sign-in/browser", test_browser);
  g_test_add_func ("/ui/sign-in/again-and-again", test_again_and_again);
  g_test_add_func ("/ui/sign-in/no-module", test_no_module);
  g_test_add_func ("/ui/sign-in/settings", test_settings);
  g_test_add_func ("/ui/sign-in/forget", test_forget);

  return g_test_run ();
}
