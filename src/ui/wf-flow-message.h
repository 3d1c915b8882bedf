/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_MESSAGE (wf_flow_message_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowMessage, wf_flow_message, WF, FLOW_MESSAGE, GtkBox)

/**
 * WfFlowMessage:
 *
 * A request or a response in full: address or status, parameters, headers, form or JSON, timing. Secrets are
 * masked, each with a button to reveal it alone.
 *
 * Signals: "revealing": somebody has asked for one of them
 */
GtkWidget *wf_flow_message_new (gboolean is_response);
/* @session, @exchange: (nullable): NULL empties it */
void wf_flow_message_show (WfFlowMessage *self,
                           WfSession     *session,
                           WfExchange    *exchange);

G_END_DECLS
