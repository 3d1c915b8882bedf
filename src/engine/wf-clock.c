/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-clock.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "wf-time.h"

/* How often the time is looked at where the kernel gives no timer. */
#define RECHECK_SECONDS 15
/* A clock that stands still must not make a busy loop. */
#define STANDING_CLOCK_US 50000

enum
{
  SIGNAL_JUMPED,
  N_CLOCK_SIGNALS
};

enum
{
  SIGNAL_FIRED,
  N_ALARM_SIGNALS
};

static guint clock_signals[N_CLOCK_SIGNALS];
static guint alarm_signals[N_ALARM_SIGNALS];

G_DEFINE_TYPE (WfClock, wf_clock, G_TYPE_OBJECT)

/*
 * The alarms of one main context and one clock share one timer, so that a thousand
 * accounts take one file descriptor.
 */
typedef struct
{
  WfClock      *clock;
  GMainContext *context; /* nullable: the global default */
  GSequence    *alarms;  /* (element-type WfAlarm) by time; not owned */
  GSource      *source;
  int           fd;      /* timerfd; -1 where there is none */
  gulong        jumped_handler;
  guint         ref_count;
} AlarmRow;

struct _WfAlarm
{
  GObject        parent_instance;
  AlarmRow      *row;
  GSequenceIter *place; /* NULL where disarmed */
  gint64         at;
};

G_DEFINE_FINAL_TYPE (WfAlarm, wf_alarm, G_TYPE_OBJECT)

static GMutex rows_lock;
static GPtrArray *rows; /* (element-type AlarmRow); not owned */

static gint64
read_real_time (WfClock *self)
{
  return g_get_real_time ();
}

static gint64
pick_at_random (WfClock *self,
                gint64   most)
{
  return g_random_int_range (0, (gint32) most + 1);
}

static int
compare_alarms (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const WfAlarm *left = a;
  const WfAlarm *right = b;

  return (left->at > right->at) - (left->at < right->at);
}

static gint64
to_microseconds (gint64 seconds)
{
  gint64 microseconds;

  if (__builtin_mul_overflow (seconds, (gint64) G_USEC_PER_SEC, &microseconds))
    return seconds > 0 ? G_MAXINT64 : G_MININT64;
  return microseconds;
}

/* When the first alarm is due, as the kernel's clock counts: G_MAXINT64 for never. */
static gint64
get_due_time (AlarmRow *row)
{
  GSequenceIter *first = g_sequence_get_begin_iter (row->alarms);
  WfAlarm *alarm;
  gint64 remaining;

  if (g_sequence_iter_is_end (first))
    return G_MAXINT64;

  alarm = g_sequence_get (first);
  if (WF_CLOCK_GET_CLASS (row->clock)->now == read_real_time)
    return to_microseconds (alarm->at);

  /* Another clock: what remains by it is taken from the kernel's, then looked at again. */
  if (__builtin_sub_overflow (to_microseconds (alarm->at), wf_clock_now_us (row->clock), &remaining))
    return alarm->at > 0 ? G_MAXINT64 : 0;
  if (remaining > 0 && remaining < STANDING_CLOCK_US)
    remaining = STANDING_CLOCK_US;
  return __builtin_add_overflow (g_get_real_time (), remaining, &remaining) ? G_MAXINT64 : remaining;
}

static void
arm_without_timer (AlarmRow *row,
                   gint64    due)
{
  gint64 delay;

  if (due == G_MAXINT64)
    {
      g_source_set_ready_time (row->source, -1);
      return;
    }
  delay = CLAMP (due - g_get_real_time (), 0, RECHECK_SECONDS * G_USEC_PER_SEC);
  g_source_set_ready_time (row->source, g_get_monotonic_time () + delay);
}

static void
arm_row (AlarmRow *row)
{
  struct itimerspec spec = { 0 };
  gint64 due = get_due_time (row);

  if (row->fd < 0)
    {
      arm_without_timer (row, due);
      return;
    }

  /* All zero disarms; the clock's own changes are still told. A past time is due at once. */
  if (due != G_MAXINT64)
    {
      spec.it_value.tv_sec = due > 0 ? due / G_USEC_PER_SEC : 0;
      spec.it_value.tv_nsec = due > 0 ? due % G_USEC_PER_SEC * 1000 + 1 : 1;
    }
  if (timerfd_settime (row->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) < 0 &&
      errno == ECANCELED)
    /* The clock was set since the last look; the timer is armed all the same. */
    return;
}

static AlarmRow *
row_ref (AlarmRow *row)
{
  row->ref_count++;
  return row;
}

static void
row_unref (AlarmRow *row)
{
  if (--row->ref_count > 0)
    return;

  g_mutex_lock (&rows_lock);
  g_ptr_array_remove_fast (rows, row);
  g_mutex_unlock (&rows_lock);

  g_signal_handler_disconnect (row->clock, row->jumped_handler);
  g_source_destroy (row->source);
  g_source_unref (row->source);
  if (row->fd >= 0)
    close (row->fd);
  g_sequence_free (row->alarms);
  g_clear_pointer (&row->context, g_main_context_unref);
  g_object_unref (row->clock);
  g_free (row);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlarmRow, row_unref)

/* Returns: (transfer full): an alarm whose time has come, disarmed; NULL where there is none */
static WfAlarm *
take_due_alarm (AlarmRow *row,
                gint64    now_us)
{
  GSequenceIter *first = g_sequence_get_begin_iter (row->alarms);
  WfAlarm *alarm;

  if (g_sequence_iter_is_end (first))
    return NULL;
  alarm = g_sequence_get (first);
  if (to_microseconds (alarm->at) > now_us)
    return NULL;

  g_sequence_remove (first);
  alarm->place = NULL;
  alarm->at = WF_TIME_UNKNOWN;
  return g_object_ref (alarm);
}

static void
fire_due_alarms (AlarmRow *row)
{
  gint64 now_us = wf_clock_now_us (row->clock);
  /* One that arms itself again for the past waits for the next round. */
  guint left = (guint) g_sequence_get_length (row->alarms);

  while (left-- > 0)
    {
      g_autoptr (WfAlarm) alarm = take_due_alarm (row, now_us);

      if (!alarm)
        break;
      g_signal_emit (alarm, alarm_signals[SIGNAL_FIRED], 0);
    }
  arm_row (row);
}

static gboolean
on_timer (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  g_autoptr (AlarmRow) row = row_ref (user_data);
  guint64 expirations;
  gboolean was_set = read (fd, &expirations, sizeof expirations) < 0 && errno == ECANCELED;

  /* The clock was set, or the machine resumed. */
  if (was_set)
    g_signal_emit (row->clock, clock_signals[SIGNAL_JUMPED], 0);
  fire_due_alarms (row);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_recheck (gpointer user_data)
{
  g_autoptr (AlarmRow) row = row_ref (user_data);

  fire_due_alarms (row);
  return G_SOURCE_CONTINUE;
}

static void
on_jumped (WfClock  *clock,
           AlarmRow *row)
{
  arm_row (row);
}

static AlarmRow *
row_new (WfClock      *clock,
         GMainContext *context)
{
  AlarmRow *row = g_new0 (AlarmRow, 1);

  row->clock = g_object_ref (clock);
  row->context = context ? g_main_context_ref (context) : NULL;
  row->alarms = g_sequence_new (NULL);
  row->ref_count = 1;
  row->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (row->fd >= 0)
    {
      row->source = g_unix_fd_source_new (row->fd, G_IO_IN);
      g_source_set_callback (row->source, G_SOURCE_FUNC (on_timer), row, NULL);
    }
  else
    {
      row->source = g_timeout_source_new_seconds (RECHECK_SECONDS);
      g_source_set_callback (row->source, on_recheck, row, NULL);
    }
  g_source_attach (row->source, context);
  row->jumped_handler = g_signal_connect (clock, "jumped", G_CALLBACK (on_jumped), row);
  return row;
}

/* Returns: (transfer full) */
static AlarmRow *
get_row (WfClock *clock)
{
  GMainContext *context = g_main_context_get_thread_default ();
  AlarmRow *row;

  g_mutex_lock (&rows_lock);
  if (!rows)
    rows = g_ptr_array_new ();
  for (guint i = 0; i < rows->len; i++)
    {
      row = g_ptr_array_index (rows, i);
      if (row->clock == clock && row->context == context)
        {
          row_ref (row);
          g_mutex_unlock (&rows_lock);
          return row;
        }
    }
  row = row_new (clock, context);
  g_ptr_array_add (rows, row);
  g_mutex_unlock (&rows_lock);
  return row;
}

static void
wf_alarm_dispose (GObject *object)
{
  WfAlarm *self = WF_ALARM (object);

  wf_alarm_set (self, WF_TIME_UNKNOWN);
  g_clear_pointer (&self->row, row_unref);

  G_OBJECT_CLASS (wf_alarm_parent_class)->dispose (object);
}

static void
wf_clock_class_init (WfClockClass *klass)
{
  klass->now = read_real_time;
  klass->pick = pick_at_random;

  clock_signals[SIGNAL_JUMPED] =
    g_signal_new ("jumped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_alarm_class_init (WfAlarmClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_alarm_dispose;

  alarm_signals[SIGNAL_FIRED] =
    g_signal_new ("fired", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_clock_init (WfClock *self)
{
}

static void
wf_alarm_init (WfAlarm *self)
{
  self->at = WF_TIME_UNKNOWN;
}

WfClock *
wf_clock_get_default (void)
{
  static gsize once = 0;
  static WfClock *real_clock = NULL;

  if (g_once_init_enter (&once))
    {
      real_clock = g_object_new (WF_TYPE_CLOCK, NULL);
      g_once_init_leave (&once, 1);
    }
  return real_clock;
}

gint64
wf_clock_now (WfClock *self)
{
  gint64 now_us = wf_clock_now_us (self);

  /* Towards the past, also before 1970. */
  return now_us / G_USEC_PER_SEC - (now_us % G_USEC_PER_SEC < 0);
}

gint64
wf_clock_now_us (WfClock *self)
{
  g_return_val_if_fail (WF_IS_CLOCK (self), 0);

  return WF_CLOCK_GET_CLASS (self)->now (self);
}

gint64
wf_clock_pick (WfClock *self,
               gint64   most)
{
  g_return_val_if_fail (WF_IS_CLOCK (self) && most >= 0 && most < G_MAXINT32, 0);

  return WF_CLOCK_GET_CLASS (self)->pick (self, most);
}

void
wf_clock_jumped (WfClock *self)
{
  g_return_if_fail (WF_IS_CLOCK (self));

  g_signal_emit (self, clock_signals[SIGNAL_JUMPED], 0);
}

WfAlarm *
wf_alarm_new (WfClock *clock)
{
  WfAlarm *self;

  g_return_val_if_fail (WF_IS_CLOCK (clock), NULL);

  self = g_object_new (WF_TYPE_ALARM, NULL);
  self->row = get_row (clock);
  return self;
}

void
wf_alarm_set (WfAlarm *self,
              gint64   at)
{
  gboolean was_first;

  g_return_if_fail (WF_IS_ALARM (self));

  if (self->at == at || !self->row)
    return;

  was_first = self->place && g_sequence_iter_is_begin (self->place);
  g_clear_pointer (&self->place, g_sequence_remove);
  self->at = at;
  if (at != WF_TIME_UNKNOWN)
    self->place = g_sequence_insert_sorted (self->row->alarms, self, compare_alarms, NULL);
  if (was_first || (self->place && g_sequence_iter_is_begin (self->place)))
    arm_row (self->row);
}

gint64
wf_alarm_get (WfAlarm *self)
{
  g_return_val_if_fail (WF_IS_ALARM (self), WF_TIME_UNKNOWN);

  return self->at;
}
