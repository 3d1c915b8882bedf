/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-history-bars.h"

G_BEGIN_DECLS

/* What of the history is seen in the chart, and where it stands there; no GTK in here. */

/* Bars of one kind are laid out in so many rows, one after the other, so that those that overlap are all seen. */
#define WF_HISTORY_ACCESS_ROWS 6
#define WF_HISTORY_REFRESH_ROWS 3
#define WF_HISTORY_MIN_SPAN 20.0

/* Something that can be chosen: a bar, or an event without one. */
typedef struct
{
  const WfHistoryBar *bar;   /* nullable */
  const WfEvent      *event;
  guint               row;   /* of a bar, within its kind */
} WfHistoryThing;

/* Where the parts stand from top to bottom, in pixels. */
typedef struct
{
  double line; /* height of a line of text */
  double unit; /* 1 with the usual font */
  double row;
  double bar;
  double failure; /* middle of the crosses */
  double top;
  double axis;
  double access_top;
  double refresh_top;
  double height;
} WfHistoryMetrics;

/**
 * WfHistoryView:
 *
 * A stretch of time over a sheet. Times are seconds since the epoch.
 */
typedef struct
{
  GPtrArray *events;   /* (nullable) (element-type WfEvent): newest first */
  GArray    *bars;     /* (element-type WfHistoryBar): oldest first */
  GArray    *things;   /* (element-type WfHistoryThing): oldest first */
  double     start;    /* at the edge where a line begins */
  double     span;
  int        width;
  gboolean   mirrored; /* time runs from right to left */
} WfHistoryView;

void wf_history_view_init (WfHistoryView *view);
void wf_history_view_clear (WfHistoryView *view);
/* @events: (nullable): newest first */
void wf_history_view_set_events (WfHistoryView *view,
                                 GPtrArray     *events);
/* Returns: (transfer full): what there is in all, in a sentence */
char *wf_history_view_summarize (const WfHistoryView *view);

/* From the newest tokens to a little after now. */
void wf_history_view_show_newest (WfHistoryView *view,
                                  double         now);
/* Shows @span seconds from @start on, within reason. */
void wf_history_view_set (WfHistoryView *view,
                          double         start,
                          double         span);
/* @fraction: of the span, what stays in its place */
void wf_history_view_zoom (WfHistoryView *view,
                           double         factor,
                           double         fraction);
double wf_history_view_to_x (const WfHistoryView *view,
                             double               time);
/* Returns: how far into the span @x is, 0 … 1 */
double wf_history_view_to_fraction (const WfHistoryView *view,
                                    double               x);
/* Puts what is between two times onto the sheet and @margin beyond it. Returns: FALSE where nothing of it is seen */
gboolean wf_history_view_get_extent (const WfHistoryView *view,
                                     double               from,
                                     double               to,
                                     double               margin,
                                     double              *x,
                                     double              *width);

WfHistoryMetrics wf_history_metrics_new (int line);

/* Returns: (transfer none) (nullable) */
const WfHistoryThing *wf_history_view_get (const WfHistoryView *view,
                                           int                  index);
double wf_history_thing_get_begin (const WfHistoryThing *thing);
/* An access token is as long as it would have been good, a refresh token as long as it was used. */
double wf_history_thing_get_end (const WfHistoryThing *thing,
                                 double                now);
double wf_history_thing_get_y (const WfHistoryThing   *thing,
                               const WfHistoryMetrics *metrics);
char *wf_history_thing_describe (const WfHistoryThing *thing,
                                 gint64                now);
/* Returns: which thing is at a point or near it; -1 */
int wf_history_view_find (const WfHistoryView    *view,
                          const WfHistoryMetrics *metrics,
                          double                  now,
                          double                  x,
                          double                  y);

G_END_DECLS
