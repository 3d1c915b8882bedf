/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-page.h"

G_BEGIN_DECLS

#define WF_TYPE_OVERVIEW_PAGE (wf_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (WfOverviewPage, wf_overview_page, WF, OVERVIEW_PAGE, WfPage)

/**
 * WfOverviewPage:
 *
 * Who is signed in, until when, with which rights, and what comes next; what is wrong stands
 * on top with the button that mends it.
 */
GtkWidget *wf_overview_page_new (void);

G_END_DECLS
