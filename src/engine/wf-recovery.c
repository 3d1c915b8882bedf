/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-recovery.h"

#include "wf-session.h"
#include "wf-time.h"

/* How long the first sign waits for the others. */
#define SETTLE_SECONDS 1
/* A network that comes and goes makes no more of it than this. */
#define SPACING_SECONDS 10

enum
{
  SIGNAL_RECOVERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _WfRecovery
{
  GObject          parent_instance;

  WfClock         *clock;
  GListModel      *sessions;   /* nullable */
  WfAlarm         *alarm;      /* rings when the signs have settled */
  gint64           told_at;    /* WF_TIME_UNKNOWN before the first time */
  GDBusConnection *system_bus; /* NULL where there is none */
  guint            sleep_subscription;
  GCancellable    *cancellable;
};

G_DEFINE_FINAL_TYPE (WfRecovery, wf_recovery, G_TYPE_OBJECT)

static void
note_sign (WfRecovery *self)
{
  gint64 now = wf_clock_now (self->clock);
  gint64 at = wf_time_add (now, SETTLE_SECONDS);
  gint64 waiting = wf_alarm_get (self->alarm);

  /* where the clock was set back, the time before is of no use */
  if (self->told_at != WF_TIME_UNKNOWN && self->told_at <= now)
    at = MAX (at, wf_time_add (self->told_at, SPACING_SECONDS));
  if (waiting == WF_TIME_UNKNOWN || waiting > at)
    wf_alarm_set (self->alarm, at);
}

static void
on_settled (WfAlarm    *alarm,
            WfRecovery *self)
{
  guint count = self->sessions ? g_list_model_get_n_items (self->sessions) : 0;

  self->told_at = wf_clock_now (self->clock);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (self->sessions, i);

      if (session)
        wf_session_recover (session);
    }
  g_signal_emit (self, signals[SIGNAL_RECOVERED], 0);
}

static void
on_network_changed (GNetworkMonitor *monitor,
                    gboolean         available,
                    WfRecovery      *self)
{
  if (available)
    note_sign (self);
}

static void
on_clock_jumped (WfClock    *clock,
                 WfRecovery *self)
{
  note_sign (self);
}

/* PrepareForSleep (b): TRUE before the machine sleeps, FALSE after it has woken. */
static void
on_prepare_for_sleep (GDBusConnection *connection,
                      const char      *sender,
                      const char      *path,
                      const char      *interface,
                      const char      *name,
                      GVariant        *parameters,
                      gpointer         user_data)
{
  gboolean begins = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  if (!begins)
    note_sign (user_data);
}

static void
subscribe (WfRecovery      *self,
           GDBusConnection *system_bus)
{
  g_return_if_fail (self->system_bus == NULL);

  self->system_bus = g_object_ref (system_bus);
  self->sleep_subscription =
    g_dbus_connection_signal_subscribe (system_bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager",
                                        "PrepareForSleep", "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                        on_prepare_for_sleep, self, NULL);
}

static void
on_system_bus (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GDBusConnection) system_bus = g_bus_get_finish (result, NULL);
  g_autoptr (WfRecovery) self = user_data;

  /* in a sandbox there is none, and the clock tells */
  if (system_bus && !g_cancellable_is_cancelled (self->cancellable))
    subscribe (self, system_bus);
}

static void
wf_recovery_dispose (GObject *object)
{
  WfRecovery *self = WF_RECOVERY (object);

  g_cancellable_cancel (self->cancellable);
  if (self->sleep_subscription)
    g_dbus_connection_signal_unsubscribe (self->system_bus, self->sleep_subscription);
  self->sleep_subscription = 0;
  g_clear_object (&self->system_bus);
  g_clear_object (&self->sessions);
  g_clear_object (&self->alarm);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (wf_recovery_parent_class)->dispose (object);
}

static void
wf_recovery_finalize (GObject *object)
{
  g_object_unref (WF_RECOVERY (object)->cancellable);
  G_OBJECT_CLASS (wf_recovery_parent_class)->finalize (object);
}

static void
wf_recovery_class_init (WfRecoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_recovery_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_recovery_finalize;

  signals[SIGNAL_RECOVERED] =
    g_signal_new ("recovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_recovery_init (WfRecovery *self)
{
  self->told_at = WF_TIME_UNKNOWN;
  self->cancellable = g_cancellable_new ();
}

WfRecovery *
wf_recovery_new (WfClock         *clock,
                 GNetworkMonitor *monitor,
                 GListModel      *sessions)
{
  WfRecovery *self = g_object_new (WF_TYPE_RECOVERY, NULL);

  self->clock = g_object_ref (clock);
  self->sessions = sessions ? g_object_ref (sessions) : NULL;
  self->alarm = wf_alarm_new (clock);
  g_signal_connect_object (self->alarm, "fired", G_CALLBACK (on_settled), self, 0);
  g_signal_connect_object (clock, "jumped", G_CALLBACK (on_clock_jumped), self, 0);
  if (monitor)
    g_signal_connect_object (monitor, "network-changed", G_CALLBACK (on_network_changed), self, 0);
  return self;
}

void
wf_recovery_watch_sleep (WfRecovery      *self,
                         GDBusConnection *system_bus)
{
  g_return_if_fail (WF_IS_RECOVERY (self));

  if (system_bus)
    subscribe (self, system_bus);
  else
    g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_system_bus, g_object_ref (self));
}
