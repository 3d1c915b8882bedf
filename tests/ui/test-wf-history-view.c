/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-view.h"

#include "wf-time.h"

#define NOW G_GINT64_CONSTANT (1795353600)
#define HOUR 3600

/* Adds an event of so many minutes ago, before those that are there: newest first. */
static void
add (GPtrArray  *events,
     WfEventKind kind,
     gint64      minutes_ago,
     guint       generation,
     gint64      lifetime,
     const char *result)
{
  WfEvent *event = wf_event_new ("00000000-0000-4000-8000-000000000000", kind);

  event->time = (NOW - minutes_ago * 60) * G_USEC_PER_SEC;
  event->generation = generation;
  event->expires_at = lifetime < 0 ? WF_TIME_UNKNOWN : NOW - minutes_ago * 60 + lifetime;
  g_free (event->result);
  event->result = g_strdup (result);
  g_ptr_array_insert (events, 0, event);
}

static GPtrArray *
make_events (void)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_event_free);

  add (events, WF_EVENT_SIGN_IN, 600, 1, HOUR, "ok");
  add (events, WF_EVENT_REFRESH, 560, 2, HOUR, "ok");  /* rotated */
  add (events, WF_EVENT_REFRESH, 500, 2, HOUR, "ok");  /* stays */
  add (events, WF_EVENT_FAILURE, 450, 2, HOUR, "offline");
  add (events, WF_EVENT_SIGN_OUT, 440, 0, -1, "ok");
  add (events, WF_EVENT_SIGN_IN, 120, 1, HOUR, "ok");
  add (events, WF_EVENT_REFRESH, 80, 2, -1, "ok");     /* the server says nothing of its life */
  add (events, WF_EVENT_FAILURE, 30, 0, -1, "invalid_grant");
  return events;
}

static const WfHistoryBar *
get_bar (GArray   *bars,
         WfBarKind kind,
         guint     number)
{
  for (guint i = 0; i < bars->len; i++)
    {
      const WfHistoryBar *bar = &g_array_index (bars, WfHistoryBar, i);

      if (bar->kind == kind && number-- == 0)
        return bar;
    }
  return NULL;
}

static void
check_bar (GArray   *bars,
           WfBarKind kind,
           guint     number,
           guint     generation,
           gint64    from,     /* minutes ago */
           gint64    replaced, /* -1: not */
           gint64    expires)
{
  const WfHistoryBar *bar = get_bar (bars, kind, number);

  if (!bar)
    g_error ("There is no bar %u", number);
  g_assert_cmpuint (bar->generation, ==, generation);
  g_assert_cmpfloat (bar->from, ==, (double) (NOW - from * 60));
  g_assert_cmpfloat (bar->replaced, ==, replaced < 0 ? G_MAXDOUBLE : (double) (NOW - replaced * 60));
  g_assert_cmpfloat (bar->expires, ==, expires == G_MAXINT64 ? G_MAXDOUBLE : (double) (NOW - expires * 60));
}

static void
test_bars (void)
{
  g_autoptr (GPtrArray) events = make_events ();
  g_autoptr (GArray) bars = wf_history_bars_new (events);
  g_autoptr (GArray) none = wf_history_bars_new (NULL);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (bars->len, ==, 9);
  check_bar (bars, WF_BAR_ACCESS, 0, 1, 600, 560, 540);
  check_bar (bars, WF_BAR_ACCESS, 1, 2, 560, 500, 500);
  check_bar (bars, WF_BAR_ACCESS, 2, 2, 500, 440, 440);
  check_bar (bars, WF_BAR_ACCESS, 3, 1, 120, 80, 60);
  check_bar (bars, WF_BAR_ACCESS, 4, 2, 80, -1, G_MAXINT64);
  g_assert_null (get_bar (bars, WF_BAR_ACCESS, 5));
  /* One per generation, whatever stays; a sign-out and a refusal end it. */
  check_bar (bars, WF_BAR_REFRESH, 0, 1, 600, 560, G_MAXINT64);
  check_bar (bars, WF_BAR_REFRESH, 1, 2, 560, 440, G_MAXINT64);
  check_bar (bars, WF_BAR_REFRESH, 2, 1, 120, 80, G_MAXINT64);
  check_bar (bars, WF_BAR_REFRESH, 3, 2, 80, 30, G_MAXINT64);
}

static void
test_words (void)
{
  g_autoptr (GPtrArray) events = make_events ();
  g_autoptr (GArray) bars = wf_history_bars_new (events);
  g_autofree char *refresh = wf_history_bar_describe (get_bar (bars, WF_BAR_REFRESH, 3), NOW);
  g_autofree char *access = wf_history_bar_describe (get_bar (bars, WF_BAR_ACCESS, 3), NOW);
  g_autofree char *unknown = wf_history_bar_describe (get_bar (bars, WF_BAR_ACCESS, 4), NOW);
  g_autofree char *failure = wf_event_describe (g_ptr_array_index (events, 0), NOW);

  g_assert_cmpstr (refresh, ==, "Refresh token, generation 2, from 12:00, replaced 12:50");
  g_assert_cmpstr (access, ==, "Access token, from 11:20, expired 12:20, replaced 12:00");
  g_assert_cmpstr (unknown, ==, "Access token, from 12:00, in use");
  g_assert_cmpstr (failure, ==, "Failure, invalid_grant, 12:50");
}

static void
test_view (void)
{
  g_autoptr (GPtrArray) events = make_events ();
  g_autofree char *summary = NULL;
  WfHistoryView view;
  double previous = 0;

  wf_history_view_init (&view);
  view.width = 1000;
  wf_history_view_show_newest (&view, NOW);
  wf_history_view_set_events (&view, events);
  summary = wf_history_view_summarize (&view);
  g_assert_cmpstr (summary, ==, "Token lifetimes: 5 access tokens, 4 refresh tokens, 2 failures");
  /* Nine bars, two failures, a sign-out: from the oldest to the newest. */
  g_assert_cmpuint (view.things->len, ==, 12);
  for (guint i = 0; i < view.things->len; i++)
    {
      double begin = wf_history_thing_get_begin (wf_history_view_get (&view, (int) i));

      g_assert_cmpfloat (begin, >=, previous);
      previous = begin;
    }
  g_assert_null (wf_history_view_get (&view, 12));
  g_assert_null (wf_history_view_get (&view, -1));

  /* The first and now are both seen. */
  wf_history_view_show_newest (&view, NOW);
  g_assert_cmpfloat (wf_history_view_to_x (&view, NOW - 600 * 60), >=, 0);
  g_assert_cmpfloat (wf_history_view_to_x (&view, NOW), <=, 1000);
  wf_history_view_clear (&view);
}

static void
test_zoom (void)
{
  WfHistoryView view;
  double x, width;

  wf_history_view_init (&view);
  view.width = 1000;
  wf_history_view_set (&view, NOW, HOUR);
  g_assert_cmpfloat (wf_history_view_to_x (&view, NOW + HOUR / 2.0), ==, 500);
  g_assert_cmpfloat (wf_history_view_to_fraction (&view, 250), ==, 0.25);
  /* What is pointed at stays where it is. */
  wf_history_view_zoom (&view, 2, 0.25);
  g_assert_cmpfloat (view.span, ==, HOUR / 2.0);
  g_assert_cmpfloat_with_epsilon (wf_history_view_to_x (&view, NOW + HOUR / 4.0), 250, 0.01);
  for (guint i = 0; i < 100; i++)
    wf_history_view_zoom (&view, 2, 0.5);
  g_assert_cmpfloat (view.span, ==, WF_HISTORY_MIN_SPAN);
  for (guint i = 0; i < 100; i++)
    wf_history_view_zoom (&view, 0.5, 0.5);
  g_assert_cmpfloat (view.span, <, 25.0 * 365 * 86400);
  g_assert_cmpfloat (view.start, >=, 0);

  wf_history_view_set (&view, NOW, HOUR);
  g_assert_true (wf_history_view_get_extent (&view, NOW - HOUR, NOW + HOUR / 2.0, 10, &x, &width));
  g_assert_cmpfloat (x, ==, -10);
  g_assert_cmpfloat (width, ==, 510);
  g_assert_false (wf_history_view_get_extent (&view, NOW - 2 * HOUR, NOW - HOUR, 10, &x, &width));
  view.mirrored = TRUE;
  g_assert_cmpfloat (wf_history_view_to_x (&view, NOW), ==, 1000);
  g_assert_true (wf_history_view_get_extent (&view, NOW - HOUR, NOW + HOUR / 2.0, 10, &x, &width));
  g_assert_cmpfloat (x, ==, 500);
  g_assert_cmpfloat (width, ==, 510);
  wf_history_view_clear (&view);
}

static void
test_find (void)
{
  g_autoptr (GPtrArray) events = make_events ();
  WfHistoryMetrics m = wf_history_metrics_new (14);
  WfHistoryView view;

  wf_history_view_init (&view);
  view.width = 1000;
  wf_history_view_set_events (&view, events);
  wf_history_view_show_newest (&view, NOW);
  for (guint i = 0; i < view.things->len; i++)
    {
      const WfHistoryThing *thing = wf_history_view_get (&view, (int) i);
      double x = (wf_history_view_to_x (&view, wf_history_thing_get_begin (thing)) +
                  wf_history_view_to_x (&view, wf_history_thing_get_end (thing, NOW))) / 2;
      double y = thing->bar ? wf_history_thing_get_y (thing, &m) + m.bar / 2 : m.failure;

      if (thing->bar)
        {
          g_assert_cmpfloat (wf_history_thing_get_y (thing, &m), >=, m.top);
          g_assert_cmpfloat (wf_history_thing_get_y (thing, &m) + m.bar, <=, m.height - m.axis);
        }
      g_assert_cmpint (wf_history_view_find (&view, &m, NOW, x, y), ==, i);
    }
  g_assert_cmpint (wf_history_view_find (&view, &m, NOW, 500, m.height + 100), ==, -1);
  /* Everything is larger where the text is. */
  g_assert_cmpfloat (wf_history_metrics_new (28).height, ==, m.height * 2);
  wf_history_view_clear (&view);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/history-view/bars", test_bars);
  g_test_add_func ("/ui/history-view/words", test_words);
  g_test_add_func ("/ui/history-view/view", test_view);
  g_test_add_func ("/ui/history-view/zoom", test_zoom);
  g_test_add_func ("/ui/history-view/find", test_find);
  return g_test_run ();
}
