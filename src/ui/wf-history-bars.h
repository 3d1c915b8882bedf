/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-history.h"

G_BEGIN_DECLS

/* What the chart of the history shows, told from the events; no GTK in here. */

typedef enum
{
  WF_BAR_ACCESS,
  WF_BAR_REFRESH,
} WfBarKind;

/**
 * WfHistoryBar:
 *
 * A token's life. Times are seconds since the epoch.
 */
typedef struct
{
  WfBarKind      kind;
  guint          generation; /* of the refresh token; of an access token: of the one that came with it; 0 unknown */
  double         from;
  double         replaced;   /* when the next one took its place, or it went; G_MAXDOUBLE: it has not */
  double         expires;    /* G_MAXDOUBLE: not known */
  const WfEvent *event;      /* that brought it; borrowed */
} WfHistoryBar;

/* @events: (element-type WfEvent): newest first; they must outlive the bars.
 * Returns: (transfer full) (element-type WfHistoryBar): oldest first */
GArray *wf_history_bars_new (GPtrArray *events);
/* Returns: (transfer full): "Refresh token, generation 7, from 13:20, replaced 13:58" */
char *wf_history_bar_describe (const WfHistoryBar *bar,
                               gint64              now);
/* Returns: (transfer full): "Failure, invalid_grant, by schedule, 13:20" */
char *wf_event_describe (const WfEvent *event,
                         gint64         now);

G_END_DECLS
