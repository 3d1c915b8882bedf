/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-token-view.h"

G_BEGIN_DECLS

#define WF_TYPE_TOKEN_CHANGES (wf_token_changes_get_type ())
G_DECLARE_FINAL_TYPE (WfTokenChanges, wf_token_changes, WF, TOKEN_CHANGES, GtkBox)

/**
 * WfTokenChanges:
 *
 * What the last refresh changed of a token, and how often there was one. Hidden where there was none.
 */

/* @session: (nullable): NULL hides it. @jwt: (nullable): the token, decoded */
void wf_token_changes_show (WfTokenChanges *self,
                            WfSession      *session,
                            WfTokenKind     kind,
                            const char     *audience,
                            WfJwt          *jwt);

G_END_DECLS
