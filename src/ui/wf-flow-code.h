/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"
#include "wf-snippet.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_CODE (wf_flow_code_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowCode, wf_flow_code, WF, FLOW_CODE, GtkBox)

/**
 * WfFlowCode:
 *
 * A token request as a program in one of ten languages, to be copied. Its secrets come
 * from the environment until the person asks to see them; they go away again with the page.
 */
GtkWidget *wf_flow_code_new (void);

/* Returns: whether the step is a token request, of which there is a program */
gboolean wf_flow_code_show (WfFlowCode       *self,
                            WfSession        *session,
                            const WfExchange *exchange);

G_END_DECLS
