/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#define PATIENCE (60 * G_USEC_PER_SEC)
#define TURN_MS 10

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static gboolean
on_turn (gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_wake (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
ui_spin (guint milliseconds)
{
  /* Turns in which there was nothing else to do, and not the clock: a machine that has no time for this program for a while
   * must not cut short what it waits for. */
  guint turns = 0;
  guint source = g_timeout_add_full (G_PRIORITY_LOW, TURN_MS, on_turn, &turns, NULL);

  while (turns * TURN_MS < milliseconds || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

void
ui_spin_until (UiPredicate done,
               gpointer    data)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (20, on_wake, NULL);

  while (!done (data) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  g_assert_true (done (data));
}

/* One for the process: GTK keeps the first as the default. */
static WfApplication *
get_application (void)
{
  static WfApplication *application;
  g_autoptr (GError) error = NULL;

  if (application)
    return application;
  application = wf_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  return application;
}

UiFixture *
ui_fixture_new_empty (WfVault *vault)
{
  UiFixture *fixture = g_new0 (UiFixture, 1);
  WfEngineOptions options = { .in_memory = TRUE, .allow_memory = TRUE };
  g_autoptr (WfVault) memory = wf_memory_vault_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->application = g_object_ref (get_application ());
  options.vault = vault ? vault : memory;
  fixture->engine = wf_engine_new (&options);
  wf_engine_load_async (fixture->engine, NULL, on_result, &result);
  ui_spin_until (has_result, &result);
  wf_engine_load_finish (fixture->engine, result, &error);
  g_assert_no_error (error);

  fixture->window = wf_window_new (GTK_APPLICATION (fixture->application), fixture->engine, NULL);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  wf_window_set_loaded (fixture->window);
  return fixture;
}

UiFixture *
ui_fixture_new (const WfDemoOptions *options)
{
  UiFixture *fixture = ui_fixture_new_empty (NULL);

  ui_fixture_begin (fixture, options);
  return fixture;
}

void
ui_fixture_begin (UiFixture           *fixture,
                  const WfDemoOptions *options)
{
  g_autoptr (GError) error = NULL;

  fixture->server = wf_demo_server_new (options);
  wf_demo_server_start (fixture->server, 0, &error);
  g_assert_no_error (error);
  fixture->client = demo_client_new (fixture->server);
  fixture->session = ui_fixture_add_account (fixture, "Work account");
  wf_window_select (fixture->window, fixture->session);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

void
ui_fixture_free (UiFixture *fixture)
{
  if (fixture->window)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_spin (50);
  g_assert_null (fixture->window);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->engine);
  g_clear_pointer (&fixture->client, demo_client_free);
  if (fixture->server)
    wf_demo_server_stop (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->application);
  g_free (fixture);
}

WfSession *
ui_fixture_add_account (UiFixture  *fixture,
                        const char *name)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;
  WfSession *session;

  wf_account_set (&account->name, name);
  wf_account_set (&account->issuer,
                  fixture->server ? wf_demo_server_get_issuer (fixture->server) : "https://id.example.org");
  wf_account_set (&account->client_id, WF_DEMO_CLIENT_ID);
  wf_engine_save_account_async (fixture->engine, account, NULL, NULL, on_result, &saved);
  ui_spin_until (has_result, &saved);
  session = wf_engine_save_account_finish (fixture->engine, saved, &error);
  g_assert_no_error (error);
  wf_session_load_async (session, NULL, on_result, &loaded);
  ui_spin_until (has_result, &loaded);
  wf_session_load_finish (session, loaded, &error);
  g_assert_no_error (error);
  return session;
}

void
ui_fixture_sign_in (UiFixture *fixture,
                    WfSession *session)
{
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (GAsyncResult) completed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *redirect = NULL;

  wf_session_begin_sign_in_async (session, NULL, NULL, on_result, &begun);
  ui_spin_until (has_result, &begun);
  request = wf_session_begin_sign_in_finish (session, begun, &error);
  g_assert_no_error (error);
  redirect = demo_client_approve (fixture->client, wf_authorization_request_get_uri (request), "alice");
  wf_session_complete_sign_in_async (session, request, redirect, NULL, on_result, &completed);
  ui_spin_until (has_result, &completed);
  wf_session_complete_sign_in_finish (session, completed, &error);
  g_assert_no_error (error);
}

gboolean
ui_fixture_refresh (UiFixture *fixture,
                    WfSession *session)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_refresh_async (session, WF_CAUSE_BY_HAND, NULL, NULL, on_result, &result);
  ui_spin_until (has_result, &result);
  return wf_session_refresh_finish (session, result, NULL);
}

void
ui_fixture_show_page (UiFixture  *fixture,
                      const char *name)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.page", "s", name);
  ui_spin (50);
}

void
ui_fixture_resize (UiFixture *fixture,
                   int        width,
                   int        height)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, height);
  ui_spin (300);
}

void
ui_fixture_take_picture (UiFixture  *fixture,
                         const char *name)
{
  const char *folder = g_getenv ("WARIFU_SCREENSHOTS");
  GtkWidget *widget = GTK_WIDGET (fixture->window);
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;

  ui_spin (400);
  if (!folder)
    return;
  paintable = gtk_widget_paintable_new (widget);
  while (!node)
    {
      GtkSnapshot *snapshot = gtk_snapshot_new ();

      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
      node = gtk_snapshot_free_to_node (snapshot);
      ui_spin (20);
    }
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node, NULL);
  path = g_strdup_printf ("%s/%s.png", folder, name);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

typedef gboolean (*Matcher) (GtkWidget *widget, gpointer data);

static GtkWidget *
find (GtkWidget *root,
      Matcher    matches,
      gpointer   data)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;
  if (matches (root, data))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, matches, data);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_type (GtkWidget *widget,
         gpointer   data)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(GType *) data);
}

static gboolean
is_text (GtkWidget *widget,
         gpointer   data)
{
  return GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), data) == 0;
}

static gboolean
is_button (GtkWidget *widget,
           gpointer   data)
{
  GtkWidget *child;

  if (!GTK_IS_BUTTON (widget))
    return FALSE;
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), data) == 0)
    return TRUE;
  /* one whose words may end in an ellipsis */
  child = gtk_button_get_child (GTK_BUTTON (widget));
  return GTK_IS_LABEL (child) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (child)), data) == 0;
}

GtkWidget *
ui_find_type (GtkWidget *root,
              GType      type)
{
  return find (root, is_type, &type);
}

GtkWidget *
ui_find_text (GtkWidget  *root,
              const char *text)
{
  return find (root, is_text, (gpointer) text);
}

GtkWidget *
ui_find_button (GtkWidget  *root,
                const char *label)
{
  return find (root, is_button, (gpointer) label);
}
