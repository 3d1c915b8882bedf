/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "wf-history-words.h"

#define MAX_SPAN (20.0 * 365 * 86400)
#define END_OF_TIME 253402300799.0
/* At the first sight: this many tokens of the newest. */
#define FIRST_SIGHT 12
#define NEAR 12
#define USUAL_LINE 14.0

static double
get_time (const WfEvent *event)
{
  return (double) event->time / G_USEC_PER_SEC;
}

/* --- what there is --- */

void
wf_history_view_init (WfHistoryView *view)
{
  *view = (WfHistoryView) { .span = 3600 };
  view->bars = wf_history_bars_new (NULL);
  view->things = g_array_new (FALSE, FALSE, sizeof (WfHistoryThing));
}

void
wf_history_view_clear (WfHistoryView *view)
{
  g_clear_pointer (&view->things, g_array_unref);
  g_clear_pointer (&view->bars, g_array_unref);
  g_clear_pointer (&view->events, g_ptr_array_unref);
}

static int
compare_things (gconstpointer a,
                gconstpointer b)
{
  const WfHistoryThing *one = a;
  const WfHistoryThing *other = b;
  double difference = wf_history_thing_get_begin (one) - wf_history_thing_get_begin (other);

  if (difference == 0 && one->bar && other->bar)
    return (int) one->bar->kind - (int) other->bar->kind;
  return difference < 0 ? -1 : difference > 0;
}

/* Rows are filled from below, so that the newest stands where the eye looks first; each kind has its own. */
static void
list_things (WfHistoryView *view)
{
  static const guint rows[] = { WF_HISTORY_ACCESS_ROWS, WF_HISTORY_REFRESH_ROWS };
  guint counts[G_N_ELEMENTS (rows)] = { 0 };

  for (guint i = view->bars->len; i-- > 0;)
    {
      const WfHistoryBar *bar = &g_array_index (view->bars, WfHistoryBar, i);
      WfHistoryThing thing = { .bar = bar, .event = bar->event };

      thing.row = rows[bar->kind] - 1 - counts[bar->kind]++ % rows[bar->kind];
      g_array_append_val (view->things, thing);
    }
  for (guint i = 0; view->events && i < view->events->len; i++)
    {
      WfHistoryThing thing = { .event = g_ptr_array_index (view->events, i) };

      if (wf_event_is_failure (thing.event) || thing.event->kind == WF_EVENT_SIGN_OUT)
        g_array_append_val (view->things, thing);
    }
  g_array_sort (view->things, compare_things);
}

void
wf_history_view_set_events (WfHistoryView *view,
                            GPtrArray     *events)
{
  g_array_set_size (view->things, 0);
  g_clear_pointer (&view->bars, g_array_unref);
  g_clear_pointer (&view->events, g_ptr_array_unref);
  view->events = events ? g_ptr_array_ref (events) : NULL;
  view->bars = wf_history_bars_new (events);
  list_things (view);
}

char *
wf_history_view_summarize (const WfHistoryView *view)
{
  g_autofree char *access = NULL;
  g_autofree char *refreshes = NULL;
  g_autofree char *failed = NULL;
  guint refresh = 0;
  guint failures = 0;

  for (guint i = 0; i < view->bars->len; i++)
    refresh += g_array_index (view->bars, WfHistoryBar, i).kind == WF_BAR_REFRESH ? 1 : 0;
  for (guint i = 0; view->events && i < view->events->len; i++)
    failures += wf_event_is_failure (g_ptr_array_index (view->events, i)) ? 1 : 0;
  access = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u access token", "%u access tokens", view->bars->len - refresh),
                            view->bars->len - refresh);
  refreshes = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u refresh token", "%u refresh tokens", refresh), refresh);
  failed = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u failure", "%u failures", failures), failures);
  /* Translators: what the chart shows: "5 access tokens", "5 refresh tokens", "no failures" */
  return g_strdup_printf (_("Token lifetimes: %1$s, %2$s, %3$s"), access, refreshes, failed);
}

/* --- what is seen --- */

void
wf_history_view_show_newest (WfHistoryView *view,
                             double         now)
{
  double from = now - 3600;
  double to = now;
  guint count = 0;

  for (guint i = view->bars->len; i-- > 0 && count < FIRST_SIGHT;)
    {
      const WfHistoryBar *bar = &g_array_index (view->bars, WfHistoryBar, i);

      if (bar->kind != WF_BAR_ACCESS)
        continue;
      if (count++ == 0 && bar->expires != G_MAXDOUBLE)
        to = MAX (to, MIN (bar->expires, now + 86400));
      from = MIN (bar->from, to - WF_HISTORY_MIN_SPAN);
    }
  view->span = CLAMP ((to - from) * 1.12, WF_HISTORY_MIN_SPAN, MAX_SPAN);
  view->start = from - (to - from) * 0.04;
}

void
wf_history_view_set (WfHistoryView *view,
                     double         start,
                     double         span)
{
  view->span = CLAMP (span, WF_HISTORY_MIN_SPAN, MAX_SPAN);
  view->start = CLAMP (start, 0, END_OF_TIME - view->span);
}

void
wf_history_view_zoom (WfHistoryView *view,
                      double         factor,
                      double         fraction)
{
  double at = view->start + fraction * view->span;
  double span = CLAMP (view->span / factor, WF_HISTORY_MIN_SPAN, MAX_SPAN);

  wf_history_view_set (view, at - fraction * span, span);
}

double
wf_history_view_to_x (const WfHistoryView *view,
                      double               time)
{
  double x = (time - view->start) / view->span * view->width;

  return view->mirrored ? view->width - x : x;
}

double
wf_history_view_to_fraction (const WfHistoryView *view,
                             double               x)
{
  double fraction = x / MAX (view->width, 1);

  return view->mirrored ? 1 - fraction : fraction;
}

gboolean
wf_history_view_get_extent (const WfHistoryView *view,
                            double               from,
                            double               to,
                            double               margin,
                            double              *x,
                            double              *width)
{
  double a = wf_history_view_to_x (view, from);
  double b = wf_history_view_to_x (view, to);
  double left = MAX (MIN (a, b), -margin);
  double right = MIN (MAX (a, b), view->width + margin);

  if (MAX (a, b) < 0 || MIN (a, b) > view->width)
    return FALSE;
  *width = MAX (right - left, 3);
  *x = view->mirrored ? right - *width : left;
  return TRUE;
}

WfHistoryMetrics
wf_history_metrics_new (int line)
{
  WfHistoryMetrics m = { .line = line };

  m.unit = CLAMP (line / USUAL_LINE, 0.75, 4);
  m.row = 13 * m.unit;
  m.bar = 9 * m.unit;
  m.failure = m.line + 6 * m.unit;
  m.top = m.failure + 7 * m.unit;
  m.axis = m.line + 10 * m.unit;
  m.access_top = m.top + m.line + 4 * m.unit;
  m.refresh_top = m.access_top + WF_HISTORY_ACCESS_ROWS * m.row + m.line + 8 * m.unit;
  m.height = m.refresh_top + WF_HISTORY_REFRESH_ROWS * m.row + m.axis;
  return m;
}

/* --- things --- */

const WfHistoryThing *
wf_history_view_get (const WfHistoryView *view,
                     int                  index)
{
  return index >= 0 && (guint) index < view->things->len ? &g_array_index (view->things, WfHistoryThing, index) : NULL;
}

double
wf_history_thing_get_begin (const WfHistoryThing *thing)
{
  return thing->bar ? thing->bar->from : get_time (thing->event);
}

double
wf_history_thing_get_end (const WfHistoryThing *thing,
                          double                now)
{
  const WfHistoryBar *bar = thing->bar;

  if (!bar)
    return get_time (thing->event);
  if (bar->expires != G_MAXDOUBLE)
    return MAX (bar->expires, bar->from);
  return MAX (MIN (bar->replaced, now), bar->from);
}

double
wf_history_thing_get_y (const WfHistoryThing   *thing,
                        const WfHistoryMetrics *m)
{
  double top;

  if (!thing->bar)
    return 0;
  top = thing->bar->kind == WF_BAR_ACCESS ? m->access_top : m->refresh_top;
  return top + m->row * thing->row + (m->row - m->bar) / 2;
}

char *
wf_history_thing_describe (const WfHistoryThing *thing,
                           gint64                now)
{
  return thing->bar ? wf_history_bar_describe (thing->bar, now) : wf_event_describe (thing->event, now);
}

static double
get_distance (const WfHistoryView    *view,
              const WfHistoryMetrics *m,
              const WfHistoryThing   *thing,
              double                  now,
              double                  x,
              double                  y)
{
  double a = wf_history_view_to_x (view, wf_history_thing_get_begin (thing));
  double b = wf_history_view_to_x (view, wf_history_thing_get_end (thing, now));
  double beside = MAX (MAX (MIN (a, b) - x, x - MAX (a, b)), 0);
  double middle = y; /* a sign-out is a line from top to bottom */

  if (thing->bar)
    middle = wf_history_thing_get_y (thing, m) + m->bar / 2;
  else if (wf_event_is_failure (thing->event))
    middle = m->failure;
  return hypot (beside, y - middle);
}

int
wf_history_view_find (const WfHistoryView    *view,
                      const WfHistoryMetrics *metrics,
                      double                  now,
                      double                  x,
                      double                  y)
{
  double nearest = NEAR * metrics->unit;
  int found = -1;

  for (guint i = 0; i < view->things->len; i++)
    {
      double distance = get_distance (view, metrics, &g_array_index (view->things, WfHistoryThing, i), now, x, y);

      if (distance > nearest || (found >= 0 && distance == nearest))
        continue;
      nearest = distance;
      found = (int) i;
    }
  return found;
}
