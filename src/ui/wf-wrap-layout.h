/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WF_TYPE_WRAP_LAYOUT (wf_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (WfWrapLayout, wf_wrap_layout, WF, WRAP_LAYOUT, GtkLayoutManager)

/**
 * WfWrapLayout:
 *
 * Lays children out like words in a paragraph, each at its natural width: for chips. A child
 * that is wider than the line gets the line's width.
 */
GtkLayoutManager *wf_wrap_layout_new (int spacing);

G_END_DECLS
