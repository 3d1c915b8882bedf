/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WF_TYPE_INSPECTOR_WINDOW (wf_inspector_window_get_type ())
G_DECLARE_FINAL_TYPE (WfInspectorWindow, wf_inspector_window, WF, INSPECTOR_WINDOW, AdwWindow)

/**
 * WfInspectorWindow:
 *
 * The scratch inspector: decodes and checks any token or key set that is pasted, dropped or opened, without an account.
 * Nothing is kept anywhere, and nothing is fetched unless the person asks for it. Neither its title nor the
 * name of anything in it holds the token, unless it is revealed.
 */
/* @settings: (nullable): how long a secret may stay revealed, or on the clipboard */
WfInspectorWindow *wf_inspector_window_new (GtkApplication *application,
                                            GSettings      *settings);

/* Reads files, of which each is a token or a key set. A second token has a window of its own. */
void wf_inspector_window_open (WfInspectorWindow  *self,
                               GFile             **files,
                               int                 n_files);
/* Returns: whether there is nothing in it, nor on its way. */
gboolean wf_inspector_window_is_empty (WfInspectorWindow *self);

G_END_DECLS
