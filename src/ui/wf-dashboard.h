/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_DASHBOARD (wf_dashboard_get_type ())
G_DECLARE_FINAL_TYPE (WfDashboard, wf_dashboard, WF, DASHBOARD, GtkBox)

/**
 * WfDashboard:
 *
 * The pages Overview, Tokens, Flow and History of one account, each made at its first visit.
 *
 * Property "folded" (boolean): it is alone in the window, and has a way back.
 */

/* @session: (nullable) */
void wf_dashboard_set_session (WfDashboard *self,
                               WfSession   *session);
/* "overview", "tokens", "flow", "history"; others are ignored. */
void wf_dashboard_show_page (WfDashboard *self,
                             const char  *name);
/* Puts the keyboard into the search of the page on screen. Returns: FALSE where it has none */
gboolean wf_dashboard_search (WfDashboard *self);

G_END_DECLS
