/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-exchange.h"

G_BEGIN_DECLS

/* What the steps of a flow are called. */

/* Returns: (transfer none): "Authorization server" */
const char *wf_lane_get_title (WfLane lane);
/* Returns: how many lanes a diagram of @flow has: that of the resource server only where something went there */
guint wf_flow_count_lanes (WfFlow *flow);
/* Returns: whether the step is the answer to a request of Warifu's */
gboolean wf_flow_step_is_answer (const WfFlowStep *step);
/* Returns: (transfer full): "35 ms", "" where nothing is known */
char *wf_flow_step_measure (const WfFlowStep *step);
/* Returns: (transfer full): the line below a title: what it was about, and how long it took; "" */
char *wf_flow_step_detail (const WfFlowStep *step);
/* Returns: (transfer full): the step as a sentence, for a screen reader */
char *wf_flow_step_describe (const WfFlowStep *step,
                             guint             number);
/* Returns: (transfer full): "Sign-in, 22 November 2026 13:20" */
char *wf_flow_describe (WfFlow *flow);

G_END_DECLS
