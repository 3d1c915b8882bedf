/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WF_TYPE_TAB_STOP (wf_tab_stop_get_type ())
G_DECLARE_FINAL_TYPE (WfTabStop, wf_tab_stop, WF, TAB_STOP, AdwBin)

/**
 * WfTabStop:
 *
 * Around a list view or a table: all of it is one stop for Tab, at the row that the keyboard was on last, and the arrow keys
 * go from row to row. GTK before 4.12 stops at every row, so that a list of thousands is not left by the keyboard.
 */
GtkWidget *wf_tab_stop_new (void);

G_END_DECLS
