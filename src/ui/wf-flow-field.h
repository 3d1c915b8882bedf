/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_FIELD (wf_flow_field_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowField, wf_flow_field, WF, FLOW_FIELD, GtkBox)

/**
 * WfFlowField:
 *
 * A parameter, header or member of a message: its name and its value. What is masked has a button of its own
 * to reveal it, by the rule for sensitive actions and for as long as a token stays revealed, while it is in memory.
 *
 * Signals: "revealing": somebody has asked for it
 */

/* @session: (nullable): nothing can be revealed. @number: as in wf_exchange_find_secret() */
GtkWidget *wf_flow_field_new (WfSession     *session,
                              WfExchange    *exchange,
                              WfExchangePart part,
                              const char    *name,
                              const char    *value,
                              guint          number);

G_END_DECLS
