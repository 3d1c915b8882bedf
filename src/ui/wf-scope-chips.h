/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WF_TYPE_SCOPE_CHIPS (wf_scope_chips_get_type ())
G_DECLARE_FINAL_TYPE (WfScopeChips, wf_scope_chips, WF, SCOPE_CHIPS, GtkWidget)

/**
 * WfScopeChips:
 *
 * Scopes asked against scopes granted, one chip each: one that was not granted and one that
 * nobody asked for are marked with a symbol, and say so.
 */

/* @asked, @granted: (nullable). No @granted means all that was asked (RFC 6749 §5.1).
 * Returns: how many chips there are */
guint wf_scope_chips_set (WfScopeChips *self,
                          const char   *asked,
                          const char   *granted);

G_END_DECLS
