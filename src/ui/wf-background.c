/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-background.h"

#include <glib/gi18n-lib.h>

#include "wf-autostart.h"
#include "wf-background-portal.h"
#include "wf-error.h"
#include "wf-settings.h"
#include "wf-time.h"

#define NOTIFICATION_ID "background"
#define ARGUMENT "--background"

typedef enum
{
  PROP_PROBLEM = 1,
} WfBackgroundProperty;

static GParamSpec *properties[PROP_PROBLEM + 1];

struct _WfBackground
{
  GObject         parent_instance;

  GtkApplication *application;  /* which owns this */
  GSettings      *settings;     /* nullable */
  WfSessionGroup *group;        /* NULL until there are accounts to look at */
  gboolean        insists;      /* of this process */
  gboolean        refused;      /* by the desktop, of this process */
  gboolean        has_quit;
  gboolean        holds;
  gboolean        has_asked;    /* this process, since the settings are what they are */
  gboolean        background;   /* the settings, as they were seen last */
  gboolean        autostart;
  GCancellable   *asking;       /* NULL where no question is open */
  char           *status;       /* as it was said last; NULL */
  char           *problem;
  guint           update_id;
};

G_DEFINE_FINAL_TYPE (WfBackground, wf_background, G_TYPE_OBJECT)

static gboolean
is_on (WfBackground *self,
       const char   *key)
{
  return self->settings && wf_settings_get_boolean (self->settings, key, FALSE);
}

static void
set_problem (WfBackground *self,
             const char   *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

/* --- what goes on --- */

/* How many accounts refresh by themselves. */
static guint
count_accounts (WfBackground *self)
{
  GPtrArray *sessions = self->group ? wf_session_group_get_sessions (self->group) : NULL;
  guint count = 0;

  for (guint i = 0; sessions && i < sessions->len; i++)
    count += wf_session_get_account (g_ptr_array_index (sessions, i))->refresh_policy != WF_REFRESH_ON_DEMAND;
  return count;
}

/* How many of their sessions there is something to refresh of. */
static guint
count_alive (WfBackground *self)
{
  GPtrArray *sessions = self->group ? wf_session_group_get_sessions (self->group) : NULL;
  guint count = 0;

  for (guint i = 0; sessions && i < sessions->len; i++)
    count += wf_session_get_next_refresh (g_ptr_array_index (sessions, i)) != WF_TIME_UNKNOWN;
  return count;
}

static char *
make_status (WfBackground *self)
{
  guint count = count_alive (self);

  if (count == 0)
    return g_strdup (_("No session to keep alive"));
  /* Translators: what the desktop says of Warifu while it has no window; at most 95 characters */
  return g_strdup_printf (ngettext ("Keeping %u session alive", "Keeping %u sessions alive", count), count);
}

static GDBusConnection *
get_bus (WfBackground *self)
{
  return g_application_get_dbus_connection (G_APPLICATION (self->application));
}

static void
say_status (WfBackground *self)
{
  g_autofree char *status = make_status (self);
  GDBusConnection *bus = get_bus (self);

  if (!wf_background_portal_is_needed () || !bus || g_strcmp0 (self->status, status) == 0)
    return;
  g_free (self->status);
  self->status = g_steal_pointer (&status);
  wf_background_portal_set_status (bus, self->status);
}

/* Once for each time that it was switched on: whoever closes a window expects the program to end. */
static void
tell_once (WfBackground *self)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *status = NULL;

  if (self->insists || !self->settings || wf_settings_get_boolean (self->settings, "background-told", TRUE))
    return;
  status = make_status (self);
  notification = g_notification_new (_("Warifu Goes On Without a Window"));
  g_notification_set_body (notification, status);
  g_notification_set_category (notification, "x-warifu.background");
  g_notification_add_button (notification, _("Quit"), "app.quit");
  g_application_send_notification (G_APPLICATION (self->application), NOTIFICATION_ID, notification);
  wf_settings_set_boolean (self->settings, "background-told", TRUE);
}

/* --- asking the desktop --- */

/* A setting goes back to what is so. */
static void
adjust (WfBackground *self,
        const char   *key,
        gboolean     *seen)
{
  if (!self->settings || !g_settings_is_writable (self->settings, key))
    return;
  *seen = FALSE;
  wf_settings_set_boolean (self->settings, key, FALSE);
}

static void update (WfBackground *self);

static void
refuse_background (WfBackground *self)
{
  self->refused = TRUE;
  adjust (self, "background", &self->background);
  set_problem (self, _("Your desktop does not let Warifu run in the background. You can allow it in the settings of your system, "
                       "where Warifu is among the applications."));
}

static void
refuse_autostart (WfBackground *self)
{
  adjust (self, "autostart", &self->autostart);
  set_problem (self, _("Your desktop does not start Warifu when you log in."));
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (WfBackground) self = user_data;
  WfBackgroundAnswer answer = { 0 };
  g_autoptr (GError) error = NULL;

  if (!wf_background_portal_request_finish (result, &answer, &error))
    {
      if (g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED))
        return;
      /* nobody is there who would refuse, and nobody who would start it */
      answer.background = TRUE;
    }
  g_clear_object (&self->asking);
  if (!answer.background && wf_background_is_wanted (self))
    refuse_background (self);
  else if (!answer.autostart && wf_background_is_wanted (self) && is_on (self, "autostart"))
    refuse_autostart (self);
  update (self);
}

static void
ask_portal (WfBackground *self)
{
  static const char *const commandline[] = { "warifu", ARGUMENT, NULL };
  GDBusConnection *bus = get_bus (self);

  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->has_asked = TRUE;
  if (!bus)
    return;
  self->asking = g_cancellable_new ();
  wf_background_portal_request_async (bus,
                                      /* Translators: why the desktop is asked to let Warifu run in the background */
                                      _("Warifu keeps your sessions alive after its window is closed."),
                                      is_on (self, "background") && is_on (self, "autostart"), commandline, self->asking,
                                      on_answer, g_object_ref (self));
}

static void
set_autostart (WfBackground *self,
               gboolean      on)
{
  g_autoptr (GError) error = NULL;

  if (wf_autostart_set (APPLICATION_ID, on ? ARGUMENT : NULL, &error))
    return;
  if (on)
    adjust (self, "autostart", &self->autostart);
  set_problem (self, error->message);
}

/* The settings of the desktop may have taken the entry away. An administrator's wish is another matter. */
static void
check_autostart (WfBackground *self)
{
  g_autoptr (GVariant) own = self->settings ? g_settings_get_user_value (self->settings, "autostart") : NULL;

  if (wf_background_portal_is_needed () || !is_on (self, "background") || !is_on (self, "autostart") ||
      wf_autostart_is_on (APPLICATION_ID))
    return;
  if (own && g_settings_is_writable (self->settings, "autostart"))
    adjust (self, "autostart", &self->autostart);
  else
    set_autostart (self, TRUE);
}

/* --- going on --- */

static void
hold (WfBackground *self,
      gboolean      holds)
{
  if (self->holds == holds)
    return;
  self->holds = holds;
  if (holds)
    g_application_hold (G_APPLICATION (self->application));
  else
    g_application_release (G_APPLICATION (self->application));
}

static void
update (WfBackground *self)
{
  g_autoptr (WfBackground) kept = g_object_ref (self);

  hold (self, !self->has_quit && wf_background_is_wanted (self) && count_accounts (self) > 0);
  if (!self->holds || gtk_application_get_windows (self->application))
    return;
  if (!self->has_asked && wf_background_portal_is_needed ())
    ask_portal (self);
  say_status (self);
  tell_once (self);
}

static gboolean
on_update (gpointer user_data)
{
  WfBackground *self = user_data;

  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* A thousand sessions that change are looked at once. */
static void
queue_update (WfBackground *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add (on_update, self);
}

static void
on_window_added (WfBackground *self)
{
  self->has_quit = FALSE;
  g_application_withdraw_notification (G_APPLICATION (self->application), NOTIFICATION_ID);
}

/* The person has switched something: in the preferences, or elsewhere. */
static void
on_setting (GSettings    *settings,
            const char   *key,
            WfBackground *self)
{
  gboolean background = is_on (self, "background");
  gboolean autostart = is_on (self, "autostart");
  gboolean was_started = self->background && self->autostart;

  if (self->background == background && self->autostart == autostart)
    return;
  self->background = background;
  self->autostart = autostart;
  self->insists = self->insists && background;
  self->refused = FALSE;
  set_problem (self, NULL);
  if (background && g_str_equal (key, "background"))
    wf_settings_set_boolean (self->settings, "background-told", FALSE);
  if (!wf_background_portal_is_needed ())
    set_autostart (self, background && autostart);
  else if (background || was_started)
    ask_portal (self); /* else there is nothing to take back */
  update (self);
}

static void
wf_background_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch ((WfBackgroundProperty) property_id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, WF_BACKGROUND (object)->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
wf_background_dispose (GObject *object)
{
  WfBackground *self = WF_BACKGROUND (object);

  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->group);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (wf_background_parent_class)->dispose (object);
}

static void
wf_background_finalize (GObject *object)
{
  WfBackground *self = WF_BACKGROUND (object);

  g_free (self->status);
  g_free (self->problem);
  G_OBJECT_CLASS (wf_background_parent_class)->finalize (object);
}

static void
wf_background_class_init (WfBackgroundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wf_background_get_property;
  object_class->dispose = wf_background_dispose;
  object_class->finalize = wf_background_finalize;
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
wf_background_init (WfBackground *self)
{
}

/* --- public --- */

WfBackground *
wf_background_new (GtkApplication *application,
                   GSettings      *settings)
{
  WfBackground *self = g_object_new (WF_TYPE_BACKGROUND, NULL);

  self->application = application;
  g_signal_connect_object (application, "window-added", G_CALLBACK (on_window_added), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-removed", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  if (!settings)
    return self;
  self->settings = g_object_ref (settings);
  self->background = is_on (self, "background");
  self->autostart = is_on (self, "autostart");
  g_signal_connect_object (settings, "changed::background", G_CALLBACK (on_setting), self, 0);
  g_signal_connect_object (settings, "changed::autostart", G_CALLBACK (on_setting), self, 0);
  check_autostart (self);
  return self;
}

void
wf_background_set_group (WfBackground   *self,
                         WfSessionGroup *group)
{
  self->group = g_object_ref (group);
  g_signal_connect_object (group, "added", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "removed", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "changed::account", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (group, "changed::next-refresh", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
wf_background_look (WfBackground *self)
{
  update (self);
}

gboolean
wf_background_insist (WfBackground *self)
{
  self->insists = !self->settings || is_on (self, "background") || g_settings_is_writable (self->settings, "background");
  queue_update (self);
  return self->insists;
}

gboolean
wf_background_is_wanted (WfBackground *self)
{
  return !self->refused && (self->insists || is_on (self, "background"));
}

void
wf_background_quit (WfBackground *self)
{
  self->has_quit = TRUE;
  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  update (self);
}

const char *
wf_background_get_problem (WfBackground *self)
{
  return self->problem;
}
