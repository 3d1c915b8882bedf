/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-page.h"

G_BEGIN_DECLS

#define WF_TYPE_HISTORY_PAGE (wf_history_page_get_type ())
G_DECLARE_FINAL_TYPE (WfHistoryPage, wf_history_page, WF, HISTORY_PAGE, WfPage)

/**
 * WfHistoryPage:
 *
 * The account's events: a chart of token lifetimes, and a table of everything.
 */
GtkWidget *wf_history_page_new (void);

G_END_DECLS
