/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-application.h"

#include <glib/gi18n-lib.h>

#include "wf-background.h"
#include "wf-clipboard.h"
#include "wf-demo.h"
#include "wf-engine.h"
#include "wf-errand.h"
#include "wf-file-sorter.h"
#include "wf-help.h"
#include "wf-high-contrast.h"
#include "wf-host.h"
#include "wf-inspector-window.h"
#include "wf-notifier.h"
#include "wf-preferences.h"
#include "wf-recovery.h"
#include "wf-settings.h"
#include "wf-window.h"

#define RESOURCE_PATH "/io/github/warifu/Warifu"

struct _WfApplication
{
  AdwApplication parent_instance;

  WfEngine      *engine;   /* NULL until the window is opened, or it goes on without one; so are the next three */
  WfNotifier    *notifier;
  WfRecovery    *recovery;
  WfErrand      *errand;
  WfBackground  *background; /* NULL where there is only the demo */
  WfDemo        *demo;     /* NULL until it is tried */
  GSettings     *settings; /* nullable */
  WfWindow      *window;   /* weak */
  WfWindow      *demo_window; /* weak */
  WfInspectorWindow *inspector; /* weak: the latest */
  gboolean       only_demo;
  gboolean       starts_quietly; /* without a window */
  gboolean       loading;
  gboolean       loaded;   /* the accounts */
};

G_DEFINE_FINAL_TYPE (WfApplication, wf_application, ADW_TYPE_APPLICATION)

static void
apply_color_scheme (WfApplication *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  g_autofree char *scheme = NULL;

  if (!self->settings)
    return;
  scheme = g_settings_get_string (self->settings, "color-scheme");
  if (g_str_equal (scheme, "light"))
    adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  else if (g_str_equal (scheme, "dark"))
    adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  else
    adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
}

/* How much of the history is kept, as the person has chosen. */
static void
apply_history_bounds (WfApplication *self)
{
  WfHistoryBounds bounds;

  if (!self->settings || !self->engine)
    return;
  bounds.max_events = (guint) MAX (wf_settings_get_int (self->settings, "history-events", WF_HISTORY_DEFAULT_EVENTS), 1);
  bounds.max_days = (guint) MAX (wf_settings_get_int (self->settings, "history-days", WF_HISTORY_DEFAULT_DAYS), 0);
  wf_history_set_bounds (wf_engine_get_history (self->engine), &bounds);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (WfApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  self->loading = FALSE;
  self->loaded = wf_engine_load_finish (WF_ENGINE (source), result, &error);
  if (self->window && error)
    wf_host_toast_error (WF_HOST (self->window), error);
  if (self->window)
    wf_window_set_loaded (self->window);
  wf_engine_load_sessions (WF_ENGINE (source));
  if (!self->recovery)
    {
      self->recovery = wf_recovery_new (wf_clock_get_default (), g_network_monitor_get_default (), G_LIST_MODEL (source));
      wf_recovery_watch_sleep (self->recovery, NULL);
    }
  wf_errand_set_window (self->errand, self->window);
  wf_background_look (self->background);
  g_application_release (G_APPLICATION (self));
}

static void
on_demo_loaded (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (WfWindow) window = user_data;
  g_autoptr (GError) error = NULL;

  if (!wf_demo_load_finish (WF_DEMO (source), result, &error))
    wf_host_toast_error (WF_HOST (window), error);
  wf_window_set_loaded (window);
}

static void
ensure_engine (WfApplication *self)
{
  WfEngineOptions options = { .allow_memory = TRUE, .automatic = TRUE };
  g_autoptr (WfSessionGroup) group = NULL;

  if (self->engine)
    return;
  self->engine = wf_engine_new (&options);
  apply_history_bounds (self);
  group = wf_session_group_new (G_LIST_MODEL (self->engine));
  self->notifier = wf_notifier_new (GTK_APPLICATION (self), group);
  self->errand = wf_errand_new (group);
  wf_background_set_group (self->background, group);
}

static void
load_accounts (WfApplication *self)
{
  if (self->loading || self->loaded)
    return;
  self->loading = TRUE;
  g_application_hold (G_APPLICATION (self));
  wf_engine_load_async (self->engine, NULL /* cancellable */, on_loaded, g_object_ref (self));
}

static void
open_window (WfApplication *self)
{
  ensure_engine (self);
  if (!self->window)
    {
      g_set_weak_pointer (&self->window, wf_window_new (GTK_APPLICATION (self), self->engine, self->settings));
      if (self->loaded)
        wf_window_set_loaded (self->window);
      load_accounts (self);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

/* The sessions are kept alive, and nothing is shown. */
static void
go_on_quietly (WfApplication *self)
{
  ensure_engine (self);
  load_accounts (self);
}

static void
on_demo_window_gone (WfApplication *self)
{
  g_clear_object (&self->demo);
}

static void
open_demo (WfApplication *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (self->demo_window)
    {
      gtk_window_present (GTK_WINDOW (self->demo_window));
      return;
    }
  if (!self->demo)
    self->demo = wf_demo_new (&error);
  if (!self->demo)
    {
      g_printerr ("warifu: %s\n", error->message);
      if (self->window)
        wf_host_toast_error (WF_HOST (self->window), error);
      return;
    }
  settings = wf_settings_new (TRUE);
  g_set_weak_pointer (&self->demo_window,
                      wf_window_new (GTK_APPLICATION (self), wf_demo_get_engine (self->demo), settings));
  g_signal_connect_object (self->demo_window, "destroy", G_CALLBACK (on_demo_window_gone), self, G_CONNECT_SWAPPED);
  wf_demo_load_async (self->demo, NULL /* cancellable */, on_demo_loaded, g_object_ref (self->demo_window));
  gtk_window_present (GTK_WINDOW (self->demo_window));
}

static void
on_activity (WfSession    *session,
             GParamSpec   *pspec,
             GApplication *application)
{
  if (wf_session_get_activity (session))
    return;
  g_signal_handlers_disconnect_by_func (session, on_activity, application);
  g_application_release (application);
}

/* A refresh token that the provider has just replaced would be lost with the process: what is under way ends first. Every
 * exchange has a deadline. */
static void
stay_for_exchanges (WfApplication *self)
{
  guint n_sessions = self->engine ? g_list_model_get_n_items (G_LIST_MODEL (self->engine)) : 0;

  for (guint i = 0; i < n_sessions; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (self->engine), i);

      if (!wf_session_get_activity (session) || g_signal_handler_find (session, G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA,
                                                                       0, 0, NULL, on_activity, self))
        continue;
      g_application_hold (G_APPLICATION (self));
      g_signal_connect_object (session, "notify::activity", G_CALLBACK (on_activity), self, 0);
    }
}

static void
on_quit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  WfApplication *self = user_data;
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  g_application_hold (user_data);
  /* started by the bus, it would wait a while for the next call */
  g_application_set_inactivity_timeout (user_data, 0);
  if (self->background)
    wf_background_quit (self->background);
  stay_for_exchanges (self);
  /* Each window keeps its size when it is closed. */
  for (GList *link = windows; link; link = link->next)
    gtk_window_close (link->data);
  g_application_release (user_data);
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (user_data);

  adw_show_about_window (parent,
                         "application-name", "Warifu",
                         "application-icon", "wf-mark",
                         "version", VERSION,
                         "developer-name", _("The Warifu developers"),
                         "comments", _("Sign in once, stay signed in, and see every token and every message that made it."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your names, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
on_preferences (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  WfApplication *self = user_data;
  GtkWidget *preferences = wf_preferences_new (self->settings, self->background);

  gtk_window_set_transient_for (GTK_WINDOW (preferences), gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (GTK_WINDOW (preferences));
}

/* Built when it is asked for: as gtk/help-overlay.ui it would be built with every window. */
static void
on_shortcuts (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RESOURCE_PATH "/ui/wf-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, gtk_application_get_active_window (user_data));
  gtk_window_present (window);
}

static void
on_help (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  if (!window)
    {
      g_application_activate (user_data);
      window = gtk_application_get_active_window (user_data);
    }
  if (window)
    wf_help_open (GTK_WIDGET (window));
}

static void
on_add_account (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  WfApplication *self = user_data;
  GtkWindow *active;

  active = gtk_application_get_active_window (GTK_APPLICATION (self));
  if (!active || !WF_IS_WINDOW (active))
    {
      g_application_activate (G_APPLICATION (self));
      active = GTK_WINDOW (self->only_demo ? self->demo_window : self->window);
    }
  if (active && WF_IS_WINDOW (active))
    wf_window_add_account (WF_WINDOW (active));
}

/* The one that is there where nothing is in it yet. */
static WfInspectorWindow *
get_empty_inspector (WfApplication *self)
{
  if (!self->inspector || !wf_inspector_window_is_empty (self->inspector))
    g_set_weak_pointer (&self->inspector, wf_inspector_window_new (GTK_APPLICATION (self), self->settings));
  return self->inspector;
}

static void
on_inspect (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  gtk_window_present (GTK_WINDOW (get_empty_inspector (user_data)));
}

/* What a notification has on it. Every program on the bus can call these: the most that comes of it is the page of a sign-in,
 * for an account that needs one. */
static void
run_errand (WfApplication *self,
            const char    *id,
            gboolean       sign_in)
{
  if (self->only_demo)
    return;
  open_window (self);
  wf_errand_begin (self->errand, id, sign_in);
  if (self->loaded)
    wf_errand_set_window (self->errand, self->window);
}

static void
on_show_account (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  run_errand (user_data, g_variant_get_string (parameter, NULL), FALSE);
}

static void
on_sign_in (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  run_errand (user_data, g_variant_get_string (parameter, NULL), TRUE);
}

static void
on_unlock (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  WfApplication *self = user_data;

  if (self->only_demo)
    return;
  open_window (self);
  wf_errand_unlock (self->errand);
}

static void
on_demo (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  open_demo (user_data);
}

static void
add_accelerators (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } table[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.shortcuts", { "<Control>question" } },
    { "app.help", { "F1" } },
    { "app.add-account", { "<Control>n" } },
    { "app.inspect", { "<Control>i" } },
    { "account.refresh", { "F5", "<Control>r" } },
    { "account.copy-token", { "<Control><Shift>c" } },
    { "account.diagnose", { "<Control>d" } },
    { "win.search", { "<Control>f" } },
    { "win.page::overview", { "<Alt>1" } },
    { "win.page::tokens", { "<Alt>2" } },
    { "win.page::flow", { "<Alt>3" } },
    { "win.page::history", { "<Alt>4" } },
    { "window.close", { "<Control>w" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (application, table[i].action, (const char **) table[i].accels);
}

static void
wf_application_startup (GApplication *application)
{
  WfApplication *self = WF_APPLICATION (application);

  G_APPLICATION_CLASS (wf_application_parent_class)->startup (application);
  g_set_application_name ("Warifu");
  wf_high_contrast_follow ();
  self->settings = wf_settings_new (self->only_demo);
  if (!self->only_demo)
    self->background = wf_background_new (GTK_APPLICATION (self), self->settings);
  if (self->settings)
    {
      g_signal_connect_object (self->settings, "changed::history-days", G_CALLBACK (apply_history_bounds), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->settings, "changed::history-events", G_CALLBACK (apply_history_bounds), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->settings, "changed::color-scheme", G_CALLBACK (apply_color_scheme), self, G_CONNECT_SWAPPED);
      apply_color_scheme (self);
    }
  add_accelerators (GTK_APPLICATION (self));
  if (self->background && g_application_get_flags (application) & G_APPLICATION_IS_SERVICE &&
      wf_background_is_wanted (self->background))
    go_on_quietly (self);
  /* The demo does not offer itself. */
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "demo")), !self->only_demo);
}

static void
wf_application_activate (GApplication *application)
{
  WfApplication *self = WF_APPLICATION (application);

  if (self->starts_quietly)
    go_on_quietly (self);
  else if (self->only_demo)
    open_demo (self);
  else
    open_window (self);
  self->starts_quietly = FALSE;
}

static void
import_accounts (WfApplication *self,
                 GPtrArray     *files)
{
  WfWindow *window;

  g_application_activate (G_APPLICATION (self));
  window = self->only_demo ? self->demo_window : self->window;
  if (window)
    wf_window_import (window, files);
}

static void
on_sorted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (WfApplication) self = user_data;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GPtrArray) others = NULL;

  if (wf_file_sorter_finish (result, &accounts, &others, NULL) && accounts->len > 0)
    import_accounts (self, accounts);
  if (others && others->len > 0)
    {
      WfInspectorWindow *inspector = get_empty_inspector (self);

      wf_inspector_window_open (inspector, (GFile **) others->pdata, (int) others->len);
      gtk_window_present (GTK_WINDOW (inspector));
    }
  g_application_release (G_APPLICATION (self));
}

/* Files are looked into, and nothing else is done with them: an account is shown and waits for the person to add it, and no
 * sign-in begins, whatever address was given. */
static void
wf_application_open (GApplication  *application,
                     GFile        **files,
                     int            n_files,
                     const char    *hint)
{
  WfApplication *self = WF_APPLICATION (application);

  if (self->starts_quietly)
    go_on_quietly (self);
  self->starts_quietly = FALSE;
  g_application_hold (application);
  wf_file_sorter_async (files, (guint) n_files, NULL /* cancellable */, on_sorted, g_object_ref (application));
}

/* Returns: the exit status, or -1 to go on */
static int
start_quietly (WfApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (G_APPLICATION (self), NULL /* cancellable */, &error))
    {
      g_printerr ("warifu: %s\n", error->message);
      return 1;
    }
  /* Another process goes on already. */
  if (g_application_get_is_remote (G_APPLICATION (self)))
    return 0;
  if (!wf_background_insist (self->background))
    {
      g_printerr ("warifu: %s\n", _("Your administrator does not let Warifu run in the background."));
      return 1;
    }
  self->starts_quietly = TRUE;
  return -1;
}

static int
wf_application_handle_local_options (GApplication *application,
                                     GVariantDict *options)
{
  WfApplication *self = WF_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("warifu " VERSION "\n");
      return 0;
    }
  if (g_variant_dict_contains (options, "demo"))
    {
      self->only_demo = TRUE;
      g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    }
  else if (g_variant_dict_contains (options, "background"))
    return start_quietly (self);
  return -1;
}

static void
wf_application_window_removed (GtkApplication *application,
                               GtkWindow      *window)
{
  stay_for_exchanges (WF_APPLICATION (application));
  GTK_APPLICATION_CLASS (wf_application_parent_class)->window_removed (application, window);
}

static void
wf_application_shutdown (GApplication *application)
{
  WfApplication *self = WF_APPLICATION (application);

  wf_clipboard_clear ();
  if (self->background)
    wf_background_quit (self->background);
  if (self->engine && wf_engine_get_history (self->engine))
    wf_history_flush (wf_engine_get_history (self->engine));
  G_APPLICATION_CLASS (wf_application_parent_class)->shutdown (application);
}

static void
wf_application_dispose (GObject *object)
{
  WfApplication *self = WF_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->demo_window);
  g_clear_weak_pointer (&self->inspector);
  g_clear_object (&self->demo);
  g_clear_object (&self->background);
  g_clear_object (&self->notifier);
  g_clear_object (&self->errand);
  g_clear_object (&self->recovery);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (wf_application_parent_class)->dispose (object);
}

static void
wf_application_class_init (WfApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_application_dispose;
  application_class->startup = wf_application_startup;
  application_class->activate = wf_application_activate;
  application_class->open = wf_application_open;
  application_class->handle_local_options = wf_application_handle_local_options;
  application_class->shutdown = wf_application_shutdown;
  GTK_APPLICATION_CLASS (klass)->window_removed = wf_application_window_removed;
}

static void
wf_application_init (WfApplication *self)
{
  static const GOptionEntry options[] = {
    { "background", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Keep sessions alive without a window"), NULL },
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Try Warifu with a demo server, all in memory"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version"), NULL },
    { NULL },
  };
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = on_quit },
    { .name = "about", .activate = on_about },
    { .name = "preferences", .activate = on_preferences },
    { .name = "shortcuts", .activate = on_shortcuts },
    { .name = "help", .activate = on_help },
    { .name = "add-account", .activate = on_add_account },
    { .name = "inspect", .activate = on_inspect },
    { .name = "demo", .activate = on_demo },
    { .name = "show-account", .activate = on_show_account, .parameter_type = "s" },
    { .name = "sign-in", .activate = on_sign_in, .parameter_type = "s" },
    { .name = "unlock", .activate = on_unlock },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

WfApplication *
wf_application_new (void)
{
  return g_object_new (WF_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       /* The id of a development build is another one; its resources are not. */
                       "resource-base-path", RESOURCE_PATH,
                       NULL);
}
