/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-history.h"

G_BEGIN_DECLS

#define WF_TYPE_HISTORY_CHART (wf_history_chart_get_type ())
G_DECLARE_FINAL_TYPE (WfHistoryChart, wf_history_chart, WF, HISTORY_CHART, GtkWidget)

/**
 * WfHistoryChart:
 *
 * Access tokens as bars over time, a row each, with a cross where something failed, a line where
 * somebody signed out, and a line for now. The wheel, a pinch, and the keys plus, minus and zero
 * zoom; dragging and the arrow keys move.
 */
GtkWidget *wf_history_chart_new (void);
/* @events: (element-type WfEvent) (nullable): newest first */
void wf_history_chart_set_events (WfHistoryChart *self,
                                  GPtrArray      *events);

G_END_DECLS
