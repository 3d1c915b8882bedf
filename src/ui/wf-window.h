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
 * while one is under way. It is the WfHost of its pages.
 */

/* @settings: (nullable): where its size is kept */
WfWindow *wf_window_new (GtkApplication *application,
                         WfEngine       *engine,
                         GSettings      *settings);

/* Until the accounts are read there is an empty window. */
void wf_window_set_loaded (WfWindow *self);

/* @session: (nullable) */
void wf_window_select (WfWindow  *self,
                       WfSession *session);
void wf_window_add_account (WfWindow *self);
/* Shows accounts from elsewhere, to be added. @files: (element-type GFile) */
void wf_window_import (WfWindow  *self,
                       GPtrArray *files);

G_END_DECLS
