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
 * The lives of access and refresh tokens as bars over time, one per generation, with a cross where something failed,
 * a line where somebody signed out, and a line for now.
 *
 * The arrow keys go from one thing to the next, Home and End to the first and the last. Plus, minus and zero,
 * the wheel with Control, and a pinch zoom; the wheel, dragging, and the arrow keys with Shift move.
 *
 * Properties, read-only:
 * - "words" (string): what is chosen, or what is under the pointer, or else the whole in a sentence
 *
 * Actions: "chart.zoom" (d): a factor; 0: back to the newest
 */
GtkWidget *wf_history_chart_new (void);
/* @events: (element-type WfEvent) (nullable): newest first */
void wf_history_chart_set_events (WfHistoryChart *self,
                                  GPtrArray      *events);

G_END_DECLS
