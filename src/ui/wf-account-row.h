/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_ROW (wf_account_row_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountRow, wf_account_row, WF, ACCOUNT_ROW, GtkBox)

/**
 * WfAccountRow:
 *
 * One account in the sidebar: initials, name, and a line of live state, with a symbol
 * and in words. Recycled by the list view.
 *
 * Signals: "pressed" (on a click or tap), "menu" (double x, double y: the context menu is asked for).
 */
GtkWidget *wf_account_row_new (void);

/* @session: (nullable) */
void wf_account_row_set_session (WfAccountRow *self,
                                 WfSession    *session);
WfSession *wf_account_row_get_session (WfAccountRow *self);

G_END_DECLS
