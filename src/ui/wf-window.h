/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-engine.h"

G_BEGIN_DECLS

#define WF_TYPE_WINDOW (wf_window_get_type ())
G_DECLARE_FINAL_TYPE (WfWindow, wf_window, WF, WINDOW, AdwApplicationWindow)

/**
 * WfWindow:
 *
 * The accounts on the left, the chosen one on the right: its dashboard, or its sign-in
 * while one is under way.
 */

/* @settings: (nullable): where its size is kept */
WfWindow *wf_window_new (GtkApplication *application,
                         WfEngine       *engine,
                         GSettings      *settings);

/* Returns: (transfer none) */
WfEngine *wf_window_get_engine (WfWindow *self);
/* Until the accounts are read there is an empty window. */
void wf_window_set_loaded (WfWindow *self);

/* @session: (nullable) */
void wf_window_select (WfWindow  *self,
                       WfSession *session);
void wf_window_add_account (WfWindow *self);
void wf_window_edit_account (WfWindow  *self,
                             WfSession *session);
/* @use_browser: in the person's browser, not in the window */
void wf_window_sign_in (WfWindow  *self,
                        WfSession *session,
                        gboolean   use_browser);

void wf_window_toast (WfWindow   *self,
                      const char *text);
/* Says what is true only for as long as the session's state stays what it is. */
void wf_window_toast_state (WfWindow   *self,
                            WfSession  *session,
                            const char *text);
/* Says nothing of a cancellation. @error: (nullable) */
void wf_window_toast_error (WfWindow     *self,
                            const GError *error);
guint wf_window_get_clipboard_seconds (WfWindow *self);
/* How long a token may stay revealed. */
guint wf_window_get_reveal_seconds (WfWindow *self);
/* Whether pictures may be fetched from others than the provider. */
gboolean wf_window_get_show_pictures (WfWindow *self);

/* Returns: (transfer none) (nullable): the window that @widget is in */
WfWindow *wf_window_of (GtkWidget *widget);

G_END_DECLS
