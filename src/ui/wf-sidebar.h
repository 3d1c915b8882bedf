/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-engine.h"

G_BEGIN_DECLS

#define WF_TYPE_SIDEBAR (wf_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (WfSidebar, wf_sidebar, WF, SIDEBAR, GtkBox)

/**
 * WfSidebar:
 *
 * The accounts, sorted by name, with a search bar from the tenth on.
 *
 * Property "folded" (boolean): it is alone in the window, and has the window's buttons.
 * Signals: "selected" (WfSession): another account; "activated" (WfSession): go to it;
 * "menu" (WfSession, GtkWidget, GdkRectangle): the context menu is asked for.
 */

void wf_sidebar_set_engine (WfSidebar *self,
                            WfEngine  *engine);
/* @session: (nullable). Selects it, and shows its row. */
void wf_sidebar_select (WfSidebar *self,
                        WfSession *session);
void wf_sidebar_toggle_search (WfSidebar *self);

G_END_DECLS
