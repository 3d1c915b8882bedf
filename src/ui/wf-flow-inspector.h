/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_INSPECTOR (wf_flow_inspector_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowInspector, wf_flow_inspector, WF, FLOW_INSPECTOR, GtkBox)

/**
 * WfFlowInspector:
 *
 * One step of a flow in full: its request, its answer, what was checked on the way, and a token
 * request as a program. Secrets were masked when it was recorded.
 */
GtkWidget *wf_flow_inspector_new (void);
/* @session: whose flow it is. @flow: (nullable) */
void wf_flow_inspector_show (WfFlowInspector *self,
                             WfSession       *session,
                             WfFlow          *flow,
                             guint            index);

G_END_DECLS
