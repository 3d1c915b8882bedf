/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-exchange.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_STEP_VIEW (wf_flow_step_view_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowStepView, wf_flow_step_view, WF, FLOW_STEP_VIEW, GtkWidget)

/**
 * WfFlowStepView:
 *
 * One step of a sequence diagram: the lanes' lines, and across them an arrow with its title, or a
 * mark on a lane for what was done at home. Lanes are as wide as each other; a right-to-left
 * locale mirrors them.
 */

/* @flow owns the step; @n_lanes: how many lanes are drawn */
GtkWidget *wf_flow_step_view_new (WfFlow *flow,
                                  guint   index,
                                  guint   n_lanes);

/* Returns: (transfer none): "Authorization server" */
const char *wf_lane_get_title (WfLane lane);
/* Returns: (transfer full): the step as a sentence, for a screen reader */
char *wf_flow_step_describe (const WfFlowStep *step,
                             guint             number);
/* Returns: (transfer full): "200 · 35 ms", "" where nothing is known */
char *wf_flow_step_measure (const WfFlowStep *step);

G_END_DECLS
