/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-clock.h"

#include <errno.h>
#include <sys/resource.h>
#include <dirent.h>
#include <string.h>
#include "wf-await.h"
#include "wf-time.h"

#define DAY (24 * 60 * 60)

#define FAKE_TYPE_CLOCK (fake_clock_get_type ())
G_DECLARE_FINAL_TYPE (FakeClock, fake_clock, FAKE, CLOCK, WfClock)

struct _FakeClock
{
  WfClock parent_instance;
  gint64  now_us;
};

G_DEFINE_FINAL_TYPE (FakeClock, fake_clock, WF_TYPE_CLOCK)

static gint64
fake_clock_now (WfClock *clock)
{
  return FAKE_CLOCK (clock)->now_us;
}

static void
fake_clock_class_init (FakeClockClass *klass)
{
  WF_CLOCK_CLASS (klass)->now = fake_clock_now;
}

static void
fake_clock_init (FakeClock *self)
{
  self->now_us = G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC;
}

static void
fake_clock_set (FakeClock *self,
                gint64     seconds)
{
  self->now_us = seconds * G_USEC_PER_SEC;
  wf_clock_jumped (WF_CLOCK (self));
}

static void
on_fired (WfAlarm *alarm,
          guint   *count)
{
  g_assert_cmpint (wf_alarm_get (alarm), ==, WF_TIME_UNKNOWN);
  (*count)++;
}

static WfAlarm *
make_alarm (WfClock *clock,
            guint   *count)
{
  WfAlarm *alarm = wf_alarm_new (clock);

  g_signal_connect (alarm, "fired", G_CALLBACK (on_fired), count);
  return alarm;
}

static void
test_pick (void)
{
  WfClock *clock = wf_clock_get_default ();
  guint seen[5] = { 0 };

  g_assert_cmpint (wf_clock_pick (clock, 0), ==, 0);
  for (guint i = 0; i < 1000; i++)
    seen[wf_clock_pick (clock, 4)]++;
  /* each of them, and none more often than chance has it */
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    g_assert_true (seen[i] > 50 && seen[i] < 400);
}

static void
test_now (void)
{
  WfClock *clock = wf_clock_get_default ();
  gint64 before = g_get_real_time ();
  gint64 now_us = wf_clock_now_us (clock);

  g_assert_true (clock == wf_clock_get_default ());
  g_assert_cmpint (now_us, >=, before);
  g_assert_cmpint (wf_clock_now (clock), >=, before / G_USEC_PER_SEC);
}

static void
test_before_1970 (void)
{
  g_autoptr (FakeClock) clock = g_object_new (FAKE_TYPE_CLOCK, NULL);

  clock->now_us = -1;
  g_assert_cmpint (wf_clock_now (WF_CLOCK (clock)), ==, -1);
  clock->now_us = -G_USEC_PER_SEC;
  g_assert_cmpint (wf_clock_now (WF_CLOCK (clock)), ==, -1);
  clock->now_us = G_USEC_PER_SEC - 1;
  g_assert_cmpint (wf_clock_now (WF_CLOCK (clock)), ==, 0);
}

static void
test_past_fires_from_the_loop (void)
{
  WfClock *clock = wf_clock_get_default ();
  guint count = 0;
  g_autoptr (WfAlarm) alarm = make_alarm (clock, &count);
  static const gint64 pasts[] = { 0, -5, 1, G_MININT64 + 1 };

  for (guint i = 0; i < G_N_ELEMENTS (pasts); i++)
    {
      wf_alarm_set (alarm, pasts[i]);
      g_assert_cmpint (wf_alarm_get (alarm), ==, pasts[i]);
      g_assert_cmpuint (count, ==, i);
      while (count == i)
        g_main_context_iteration (NULL, TRUE);
    }
  wf_await_nothing ();
  g_assert_cmpuint (count, ==, G_N_ELEMENTS (pasts));
}

/* Where the machine had no time for this test, both are due, and the alarm comes first. */
static void
test_fires_in_time (void)
{
  WfClock *clock = wf_clock_get_default ();
  guint count = 0;
  gboolean is_late = FALSE;
  g_autoptr (WfAlarm) alarm = make_alarm (clock, &count);
  gint64 at = wf_clock_now (clock) + 1;
  guint late = g_timeout_add_full (G_PRIORITY_LOW, 2000, wf_await_wake_cb, &is_late, NULL);

  wf_alarm_set (alarm, at);
  wf_await_nothing ();
  while (count == 0 && !is_late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (wf_clock_now (clock), >=, at);
  g_source_remove (late);
}

static void
test_disarm (void)
{
  WfClock *clock = wf_clock_get_default ();
  guint count = 0;
  g_autoptr (WfAlarm) alarm = make_alarm (clock, &count);

  wf_alarm_set (alarm, 0);
  wf_alarm_set (alarm, WF_TIME_UNKNOWN);
  wf_await_milliseconds (30);
  g_assert_cmpuint (count, ==, 0);

  wf_alarm_set (alarm, 0);
  wf_alarm_set (alarm, G_MAXINT64);
  wf_await_milliseconds (30);
  g_assert_cmpuint (count, ==, 0);
}

static void
test_dropped_alarm_does_not_fire (void)
{
  guint count = 0;
  g_autoptr (WfAlarm) kept = make_alarm (wf_clock_get_default (), &count);
  WfAlarm *dropped = make_alarm (wf_clock_get_default (), &count);

  wf_alarm_set (kept, 0);
  wf_alarm_set (dropped, 0);
  g_object_unref (dropped);
  wf_await_milliseconds (30);
  g_assert_cmpuint (count, ==, 1);
}

static void
append_mark (WfAlarm *alarm,
             GString *order)
{
  g_string_append (order, g_object_get_data (G_OBJECT (alarm), "mark"));
}

static void
test_order (void)
{
  g_autoptr (FakeClock) clock = g_object_new (FAKE_TYPE_CLOCK, NULL);
  g_autoptr (GPtrArray) alarms = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) order = g_string_new (NULL);
  gint64 now = wf_clock_now (WF_CLOCK (clock));
  static const struct
  {
    const char *mark;
    gint64      delay;
  } rows[] = { { "c", 3 * DAY }, { "a", DAY }, { "b", 2 * DAY } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      WfAlarm *alarm = wf_alarm_new (WF_CLOCK (clock));

      g_object_set_data (G_OBJECT (alarm), "mark", (gpointer) rows[i].mark);
      g_signal_connect (alarm, "fired", G_CALLBACK (append_mark), order);
      wf_alarm_set (alarm, now + rows[i].delay);
      g_ptr_array_add (alarms, alarm);
    }

  fake_clock_set (clock, now + 2 * DAY);
  while (order->len < 2)
    g_main_context_iteration (NULL, TRUE);
  wf_await_nothing ();
  g_assert_cmpstr (order->str, ==, "ab");

  /* Set back: what is still to come waits. */
  fake_clock_set (clock, now - DAY);
  wf_await_milliseconds (20);
  g_assert_cmpstr (order->str, ==, "ab");

  /* Forward thirty years. */
  fake_clock_set (clock, now + 30 * 365 * DAY);
  while (order->len < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (order->str, ==, "abc");
}

static void
arm_again (WfAlarm *alarm,
           guint   *count)
{
  if (++*count < 3)
    wf_alarm_set (alarm, 0);
}

static void
test_arms_itself_again (void)
{
  guint count = 0;
  g_autoptr (WfAlarm) alarm = wf_alarm_new (wf_clock_get_default ());

  g_signal_connect (alarm, "fired", G_CALLBACK (arm_again), &count);
  wf_alarm_set (alarm, 0);
  while (count < 3)
    g_main_context_iteration (NULL, TRUE);
  wf_await_milliseconds (20);
  g_assert_cmpuint (count, ==, 3);
}

static void
drop_alarm (WfAlarm  *alarm,
            WfAlarm **slot)
{
  g_clear_object (slot);
}

static void
test_dropped_while_firing (void)
{
  WfAlarm *alarm = wf_alarm_new (wf_clock_get_default ());

  g_signal_connect (alarm, "fired", G_CALLBACK (drop_alarm), &alarm);
  wf_alarm_set (alarm, 0);
  while (alarm)
    g_main_context_iteration (NULL, TRUE);
}

static guint
count_descriptors (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint count = 0;

  g_assert_nonnull (dir);
  while (readdir (dir))
    count++;
  closedir (dir);
  return count;
}

/* One descriptor each would exhaust the usual limit of 1,024. */
static void
test_thousand_alarms (void)
{
  g_autoptr (GPtrArray) alarms = g_ptr_array_new_with_free_func (g_object_unref);
  guint before = count_descriptors ();
  guint count = 0;

  for (guint i = 0; i < 2000; i++)
    {
      g_ptr_array_add (alarms, make_alarm (wf_clock_get_default (), &count));
      wf_alarm_set (g_ptr_array_index (alarms, i), i);
    }
  g_assert_cmpuint (count_descriptors (), <=, before + 1);
  while (count < 2000)
    g_main_context_iteration (NULL, TRUE);

  g_clear_pointer (&alarms, g_ptr_array_unref);
  g_assert_cmpuint (count_descriptors (), ==, before);
}

/* Where the process has no descriptor left, the time is looked at now and then. */
static void
test_without_a_timer (void)
{
  struct rlimit limit;
  struct rlimit none;
  guint count = 0;
  g_autoptr (WfAlarm) alarm = NULL;
  g_autoptr (FakeClock) clock = g_object_new (FAKE_TYPE_CLOCK, NULL);

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  none = limit;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  alarm = make_alarm (WF_CLOCK (clock), &count);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);

  wf_alarm_set (alarm, 0);
  while (count == 0)
    g_main_context_iteration (NULL, TRUE);
  wf_alarm_set (alarm, wf_clock_now (WF_CLOCK (clock)) + DAY);
  wf_await_milliseconds (20);
  g_assert_cmpuint (count, ==, 1);
  fake_clock_set (clock, wf_clock_now (WF_CLOCK (clock)) + DAY);
  while (count == 1)
    g_main_context_iteration (NULL, TRUE);
}

static gpointer
fire_in_thread (gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint count = 0;
  WfAlarm *alarm;

  g_main_context_push_thread_default (context);
  alarm = make_alarm (wf_clock_get_default (), &count);
  wf_alarm_set (alarm, 0);
  while (count == 0)
    g_main_context_iteration (context, TRUE);
  g_object_unref (alarm);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_own_context (void)
{
  guint count = 0;
  g_autoptr (WfAlarm) alarm = make_alarm (wf_clock_get_default (), &count);

  wf_alarm_set (alarm, 0);
  g_thread_join (g_thread_new ("alarm", fire_in_thread, NULL));
  g_assert_cmpuint (count, ==, 0);
  while (count == 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/now", test_now);
  g_test_add_func ("/clock/pick", test_pick);
  g_test_add_func ("/clock/before-1970", test_before_1970);
  g_test_add_func ("/alarm/past-fires-from-the-loop", test_past_fires_from_the_loop);
  g_test_add_func ("/alarm/fires-in-time", test_fires_in_time);
  g_test_add_func ("/alarm/disarm", test_disarm);
  g_test_add_func ("/alarm/dropped-does-not-fire", test_dropped_alarm_does_not_fire);
  g_test_add_func ("/alarm/order", test_order);
  g_test_add_func ("/alarm/arms-itself-again", test_arms_itself_again);
  g_test_add_func ("/alarm/dropped-while-firing", test_dropped_while_firing);
  g_test_add_func ("/alarm/thousand", test_thousand_alarms);
  g_test_add_func ("/alarm/without-a-timer", test_without_a_timer);
  g_test_add_func ("/alarm/own-context", test_own_context);

  return g_test_run ();
}
