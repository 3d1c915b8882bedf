/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-page.h"

G_BEGIN_DECLS

#define WF_TYPE_FLOW_PAGE (wf_flow_page_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowPage, wf_flow_page, WF, FLOW_PAGE, WfPage)

/**
 * WfFlowPage:
 *
 * What really happened: the recorded flows, the sequence diagram of the chosen one, and its
 * messages in full.
 */
GtkWidget *wf_flow_page_new (void);

G_END_DECLS
