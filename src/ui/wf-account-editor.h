/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-engine.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_EDITOR (wf_account_editor_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountEditor, wf_account_editor, WF, ACCOUNT_EDITOR, AdwWindow)

/**
 * WfAccountEditor:
 *
 * Adds an account or edits one, in a modal window.
 *
 * Signal "saved" (WfSession): it was stored; the window closes.
 */

/* @session: (nullable): the account to edit; NULL adds one */
GtkWidget *wf_account_editor_new (WfEngine  *engine,
                                  WfSession *session);

G_END_DECLS
