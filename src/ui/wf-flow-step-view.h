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
 * One step of a sequence diagram as wf-flow-layout.h lays it out, as high as its words need. Lanes are as wide as
 * each other; a right-to-left locale mirrors them.
 */

/* @flow owns the step; @n_lanes: how many lanes are drawn */
GtkWidget *wf_flow_step_view_new (WfFlow *flow,
                                  guint   index,
                                  guint   n_lanes);
/* The names of the lanes, above the steps. */
GtkWidget *wf_flow_step_view_new_heads (guint n_lanes);

G_END_DECLS
