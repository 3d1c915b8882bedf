/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WF_TYPE_CHOICE_ROW (wf_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (WfChoiceRow, wf_choice_row, WF, CHOICE_ROW, GtkListBoxRow)

/**
 * WfChoiceRow:
 *
 * A row of a list of which one is chosen, and shown beside the list. The list is one stop for Tab, at the row that is
 * chosen; the arrow keys choose. GtkListBox alone stops at every row and chooses it, so that nobody came by the keyboard to
 * what is shown of a row but the last.
 */
GtkWidget *wf_choice_row_new (void);

G_END_DECLS
