/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-account-row.h"
#include "wf-flow-code.h"
#include "wf-gauge.h"
#include "wf-history-chart.h"
#include "wf-notice.h"
#include "wf-scope-chips.h"

/* Of pixels around a window where there is no compositor for its shadow. */
#define FRAME 12

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
wait_for_window (UiFixture *fixture)
{
  ui_spin_until (is_mapped, fixture->window);
  ui_spin (250);
}

static void
take_all_pictures (UiFixture  *fixture,
                   const char *prefix)
{
  static const char *const pages[] = { "overview", "tokens", "flow", "history" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s", prefix, pages[i]);

      ui_fixture_show_page (fixture, pages[i]);
      ui_fixture_take_picture (fixture, name);
    }
}

/* The row that @inside is in, or the one of that index in the list around it. */
static void
select_row (GtkWidget *inside,
            int        index)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_ancestor (inside, GTK_TYPE_LIST_BOX));
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (gtk_widget_get_ancestor (inside, GTK_TYPE_LIST_BOX_ROW));

  gtk_list_box_select_row (list, index < 0 ? row : gtk_list_box_get_row_at_index (list, index));
  ui_spin (100);
}

static void
test_empty (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new_empty (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_for_window (fixture);
  g_assert_nonnull (ui_find_text (root, "Sign in once, stay signed in"));
  g_assert_nonnull (ui_find_button (root, "Add Account"));
  g_assert_nonnull (ui_find_button (root, "Try the Demo"));
  ui_fixture_take_picture (fixture, "empty");
  ui_fixture_resize (fixture, 360, 480);
  ui_fixture_take_picture (fixture, "narrow-empty");
}

static void
test_signed_out (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  wait_for_window (fixture);
  g_assert_nonnull (ui_find_text (root, "Work account"));
  g_assert_nonnull (ui_find_text (root, "Signed out"));
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (root, "Sign In")));
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (root, "Sign In with Browser")));
  g_assert_null (ui_find_button (root, "Refresh Now"));
  ui_fixture_take_picture (fixture, "signed-out");
  ui_fixture_show_page (fixture, "tokens");
  ui_fixture_take_picture (fixture, "signed-out-tokens");
  ui_fixture_show_page (fixture, "flow");
  ui_fixture_take_picture (fixture, "signed-out-flow");
  ui_fixture_show_page (fixture, "history");
  ui_fixture_take_picture (fixture, "signed-out-history");
}

/* The token request as a program, which holds no secret until it is asked to. */
static void
check_code (UiFixture *fixture)
{
  GtkWidget *root = GTK_WIDGET (fixture->window);
  GtkWidget *code;
  GtkTextBuffer *buffer;
  const char *secret = secret_value_get_text (wf_session_get_tokens (fixture->session)->refresh_token);
  GtkTextIter start, end;
  g_autofree char *masked = NULL;
  g_autofree char *shown = NULL;

  select_row (ui_find_text (root, "Refresh"), -1);
  /* After what is known of the endpoints. */
  select_row (ui_find_type (ui_find_type (root, GTK_TYPE_PANED), GTK_TYPE_LIST_BOX_ROW), 1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_ancestor (ui_find_text (root, "Code"), GTK_TYPE_TOGGLE_BUTTON)), TRUE);
  ui_spin (200);
  code = ui_find_type (root, WF_TYPE_FLOW_CODE);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (ui_find_type (code, GTK_TYPE_TEXT_VIEW)));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  masked = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_nonnull (strstr (masked, "curl"));
  g_assert_null (strstr (masked, secret));
  ui_fixture_take_picture (fixture, "flow-code");
  gtk_switch_set_active (GTK_SWITCH (ui_find_type (code, GTK_TYPE_SWITCH)), TRUE);
  ui_spin (200);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_nonnull (strstr (shown, secret));

  /* They go away with the page. */
  ui_fixture_show_page (fixture, "history");
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_clear_pointer (&shown, g_free);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_null (strstr (shown, secret));
}

/* UX: the window goes down to 360 pixels, on every page; without a compositor there is a frame around it. */
static void
check_narrow (UiFixture *fixture)
{
  static const char *const pages[] = { "overview", "tokens", "flow", "history" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      ui_fixture_show_page (fixture, pages[i]);
      ui_fixture_resize (fixture, 360, 640);
      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 360 + FRAME);
    }
}

static void
test_pages (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  wait_for_window (fixture);
  ui_fixture_sign_in (fixture, fixture->session);
  ui_spin (250);
  g_assert_nonnull (ui_find_text (root, "Alice Liddell"));
  g_assert_nonnull (ui_find_type (root, WF_TYPE_GAUGE));
  g_assert_nonnull (ui_find_type (root, WF_TYPE_SCOPE_CHIPS));
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (root, "Refresh Now")));
  g_assert_nonnull (ui_find_button (root, "Sign Out"));
  g_assert_null (ui_find_button (root, "Sign In"));

  g_assert_true (ui_fixture_refresh (fixture, fixture->session));
  ui_fixture_show_page (fixture, "tokens");
  g_assert_nonnull (ui_find_button (root, "Reveal"));
  g_assert_nonnull (ui_find_button (root, "Copy Access Token"));
  ui_fixture_show_page (fixture, "flow");
  g_assert_nonnull (ui_find_text (root, "Refresh"));
  ui_fixture_show_page (fixture, "history");
  ui_spin (250);
  g_assert_nonnull (ui_find_type (root, WF_TYPE_HISTORY_CHART));
  g_assert_nonnull (ui_find_text (root, "by hand"));
  take_all_pictures (fixture, "wide");
  ui_fixture_show_page (fixture, "flow");
  select_row (ui_find_text (root, "Sign-in"), -1);
  ui_fixture_take_picture (fixture, "flow-sign-in");
  /* The exchange of the code. */
  select_row (ui_find_type (ui_find_type (root, GTK_TYPE_PANED), GTK_TYPE_LIST_BOX_ROW), 10);
  ui_fixture_take_picture (fixture, "flow-step");
  check_code (fixture);
  ui_fixture_resize (fixture, 360, 640);
  take_all_pictures (fixture, "narrow");
  check_narrow (fixture);
}

static void
test_needs_sign_in (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  wait_for_window (fixture);
  ui_fixture_sign_in (fixture, fixture->session);
  wf_demo_server_revoke_all (fixture->server);
  g_assert_false (ui_fixture_refresh (fixture, fixture->session));
  ui_spin (250);
  g_assert_nonnull (ui_find_type (root, WF_TYPE_NOTICE));
  /* In the list too, where the access token is good for a while still. */
  g_assert_nonnull (ui_find_text (ui_find_type (root, WF_TYPE_ACCOUNT_ROW), "Sign in again"));
  g_assert_nonnull (ui_find_button (root, "Sign In"));
  ui_fixture_take_picture (fixture, "needs-sign-in");
  ui_fixture_resize (fixture, 360, 640);
  ui_fixture_take_picture (fixture, "narrow-sidebar");
  ui_fixture_show_page (fixture, "overview");
  ui_fixture_take_picture (fixture, "narrow-needs-sign-in");
}

static gboolean
has_label_that_ends (GtkWidget  *widget,
                     const char *end)
{
  if (GTK_IS_LABEL (widget) && g_str_has_suffix (gtk_label_get_label (GTK_LABEL (widget)), end))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (has_label_that_ends (child, end))
      return TRUE;
  return FALSE;
}

/* Whether the list of accounts has words beside the symbol of a trouble. */
static gboolean
says_problem (UiFixture *fixture)
{
  return has_label_that_ends (ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_ACCOUNT_ROW), " · problem");
}

/* The server is gone for a while: the session stays, and the page says what to do. */
static void
test_offline (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);
  guint16 port;
  g_autoptr (GError) error = NULL;

  wait_for_window (fixture);
  ui_fixture_sign_in (fixture, fixture->session);
  port = wf_demo_server_get_port (fixture->server);
  wf_demo_server_stop (fixture->server);
  g_assert_false (ui_fixture_refresh (fixture, fixture->session));
  ui_spin (250);
  g_assert_nonnull (ui_find_text (root, "Alice Liddell"));
  g_assert_nonnull (ui_find_button (root, "Try Again"));
  g_assert_true (says_problem (fixture));
  ui_fixture_take_picture (fixture, "offline");

  wf_demo_server_start (fixture->server, port, &error);
  g_assert_no_error (error);
  g_assert_true (ui_fixture_refresh (fixture, fixture->session));
  ui_spin (250);
  g_assert_null (ui_find_button (root, "Try Again"));
  g_assert_false (says_problem (fixture));
}

static void
grant_other_scopes (const char *what,
                    JsonObject *object,
                    gpointer    user_data)
{
  if (g_str_equal (what, "token") && json_object_has_member (object, "access_token"))
    json_object_set_string_member (object, "scope", user_data);
}

static void
test_scopes (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GString *many = g_string_new ("openid offline_access");

  wait_for_window (fixture);
  wf_demo_server_set_filter (fixture->server, grant_other_scopes, (gpointer) "openid profile offline_access admin", NULL);
  ui_fixture_sign_in (fixture, fixture->session);
  ui_fixture_take_picture (fixture, "scopes");

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (many, " https://api.example.org/scope/%u.read", i);
  wf_demo_server_set_filter (fixture->server, grant_other_scopes, many->str, NULL);
  g_assert_true (ui_fixture_refresh (fixture, fixture->session));
  ui_fixture_take_picture (fixture, "scopes-300");
  ui_fixture_resize (fixture, 360, 640);
  ui_fixture_show_page (fixture, "overview");
  ui_fixture_take_picture (fixture, "narrow-scopes-300");
  wf_demo_server_set_filter (fixture->server, NULL, NULL, NULL);
  g_string_free (many, TRUE);
}

static void
test_long_name (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autofree char *name = g_strnfill (WF_ACCOUNT_NAME_MAX_CHARS, 'W');
  g_autoptr (WfSession) session = ui_fixture_add_account (fixture, name);

  wait_for_window (fixture);
  wf_window_select (fixture->window, session);
  ui_fixture_take_picture (fixture, "long-name");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 1100);
  ui_fixture_resize (fixture, 360, 640);
  ui_fixture_take_picture (fixture, "narrow-long-name");
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 400);
}

static void
count_rows (GtkWidget *root,
            guint     *count)
{
  *count += WF_IS_ACCOUNT_ROW (root) ? 1 : 0;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    count_rows (child, count);
}

/* A thousand accounts are not a thousand widgets. */
static void
test_many_accounts (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new_empty (NULL);
  guint rows = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Account %03u", i);
      g_autoptr (WfSession) session = ui_fixture_add_account (fixture, name);

      g_assert_nonnull (session);
    }
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_for_window (fixture);
  count_rows (GTK_WIDGET (fixture->window), &rows);
  g_assert_cmpuint (rows, >, 5);
  g_assert_cmpuint (rows, <, 300);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.search", NULL);
  ui_spin (400);
  gtk_editable_set_text (GTK_EDITABLE (ui_find_type (GTK_WIDGET (fixture->window), GTK_TYPE_SEARCH_ENTRY)), "777");
  ui_spin (400);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture->window), "Account 777"));
  g_assert_null (ui_find_text (GTK_WIDGET (fixture->window), "Account 778"));
  ui_fixture_take_picture (fixture, "search");
}

static gboolean
search_has_ended (gpointer data)
{
  return !gtk_search_bar_get_search_mode (data);
}

/* A search among the accounts hides neither the account that is gone to otherwise, nor the next one after a removal. */
static void
test_search_ends (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autoptr (WfSession) other = ui_fixture_add_account (fixture, "Another account");
  GtkWidget *root = GTK_WIDGET (fixture->window);
  GtkWidget *bar, *entry;

  wait_for_window (fixture);
  wf_window_select (fixture->window, other);
  gtk_widget_activate_action (root, "win.search", NULL);
  ui_spin (400);
  bar = ui_find_type (root, GTK_TYPE_SEARCH_BAR);
  entry = ui_find_type (root, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "another");
  ui_spin (400);
  g_assert_nonnull (ui_find_text (root, "Another account"));
  g_assert_null (ui_find_text (root, "Work account"));
  wf_engine_remove_account_async (fixture->engine, other, NULL, NULL, NULL);
  ui_spin_until (search_has_ended, bar);
  ui_spin (100);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (root)), ==, "Work account – Warifu");
  g_assert_nonnull (ui_find_text (ui_find_type (root, WF_TYPE_ACCOUNT_ROW), "Work account"));
  g_assert_null (ui_find_text (root, "No account matches."));
}

/* An account that is removed takes its page with it. */
static void
test_remove (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autoptr (WfSession) other = ui_fixture_add_account (fixture, "Another account");
  GtkWidget *root = GTK_WIDGET (fixture->window);
  GtkWidget *row;

  wait_for_window (fixture);
  wf_window_select (fixture->window, other);
  ui_spin (100);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Another account – Warifu");
  wf_engine_remove_account_async (fixture->engine, other, NULL, NULL, NULL);
  ui_spin (300);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Work account – Warifu");
  row = gtk_widget_get_parent (ui_find_type (root, WF_TYPE_ACCOUNT_ROW));
  g_assert_true (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_SELECTED);
  wf_engine_remove_account_async (fixture->engine, fixture->session, NULL, NULL, NULL);
  ui_spin (400);
  g_assert_nonnull (ui_find_text (root, "Sign in once, stay signed in"));
}

static void
close_others (UiFixture *fixture)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link; link = link->next)
    if (link->data != fixture->window && gtk_widget_get_visible (link->data))
      gtk_window_destroy (link->data);
  ui_spin (200);
}

/* Every dialog comes up and goes away without a word of warning. */
static void
test_dialogs (void)
{
  static const char *const actions[] = {
    "app.about", "app.shortcuts", "app.preferences", "app.add-account", "account.edit", "account.sign-out", "account.remove",
  };
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  wait_for_window (fixture);
  ui_fixture_sign_in (fixture, fixture->session);
  ui_spin (250);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GListModel) windows = gtk_window_get_toplevels ();
      guint before = g_list_model_get_n_items (windows);

      g_object_ref (windows);
      g_assert_true (gtk_widget_activate_action (root, actions[i], NULL));
      ui_spin (300);
      g_assert_cmpuint (g_list_model_get_n_items (windows), >, before);
      close_others (fixture);
      g_assert_cmpuint (g_list_model_get_n_items (windows), ==, before);
    }
}

static void
test_context_menu (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);
  GtkWidget *row;

  wait_for_window (fixture);
  row = ui_find_type (root, WF_TYPE_ACCOUNT_ROW);
  g_signal_emit_by_name (row, "menu", 10.0, 10.0);
  ui_spin (300);
  g_assert_nonnull (ui_find_text (root, "Duplicate"));
  gtk_popover_popdown (GTK_POPOVER (ui_find_type (root, GTK_TYPE_POPOVER_MENU)));
  ui_spin (300);
  g_assert_null (ui_find_text (root, "Duplicate"));
  g_assert_true (gtk_widget_activate_action (root, "account.duplicate", NULL));
  ui_spin (400);
  g_assert_nonnull (ui_find_text (root, "Work account (2)"));
  close_others (fixture);
}

/* Short-lived tokens run out while they are looked at. */
static void
test_expiry (void)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (UiFixture) fixture = NULL;

  options.access_lifetime = 2;
  options.tells_refresh_lifetime = FALSE;
  fixture = ui_fixture_new (&options);
  wait_for_window (fixture);
  ui_fixture_sign_in (fixture, fixture->session);
  ui_spin (3200);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture->window), "Expired"));
  ui_fixture_take_picture (fixture, "expired");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  if (g_strcmp0 (g_getenv ("WARIFU_TEST_DIRECTION"), "rtl") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_test_add_func ("/ui/window/empty", test_empty);
  g_test_add_func ("/ui/window/signed-out", test_signed_out);
  g_test_add_func ("/ui/window/pages", test_pages);
  g_test_add_func ("/ui/window/needs-sign-in", test_needs_sign_in);
  g_test_add_func ("/ui/window/offline", test_offline);
  g_test_add_func ("/ui/window/scopes", test_scopes);
  g_test_add_func ("/ui/window/long-name", test_long_name);
  g_test_add_func ("/ui/window/many-accounts", test_many_accounts);
  g_test_add_func ("/ui/window/search-ends", test_search_ends);
  g_test_add_func ("/ui/window/remove", test_remove);
  g_test_add_func ("/ui/window/dialogs", test_dialogs);
  g_test_add_func ("/ui/window/context-menu", test_context_menu);
  g_test_add_func ("/ui/window/expiry", test_expiry);
  return g_test_run ();
}
