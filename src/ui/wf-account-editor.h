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

/* A new account at @address, an issuer, a domain or the address of a discovery document; nobody is asked yet. */
GtkWidget *wf_account_editor_new_at (WfEngine   *engine,
                                     const char *address);

/**
 * wf_account_editor_new_import:
 * @account: as wf_account_import() made it
 * @source: (nullable): the name of the file that it comes from
 * @left_out: (nullable): what the file says beside, as of wf_account_list_unknown()
 *
 * Shows an account from elsewhere. Nothing of it is stored and nobody is asked before the person adds it.
 */
GtkWidget *wf_account_editor_new_import (WfEngine          *engine,
                                         const WfAccount   *account,
                                         const char        *source,
                                         const char *const *left_out);
/* Of several, this one is shown as number @position, from 1. */
void wf_account_editor_set_position (WfAccountEditor *self,
                                     guint            position,
                                     guint            count);

G_END_DECLS
