/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-token-view.h"

G_BEGIN_DECLS

#define WF_TYPE_TOKEN_TEXT (wf_token_text_get_type ())
G_DECLARE_FINAL_TYPE (WfTokenText, wf_token_text, WF, TOKEN_TEXT, GtkBox)

/**
 * WfTokenText:
 *
 * A token's text: masked, with the buttons `Reveal` and `Copy Access Token`. Revealed, its parts
 * are told apart by label and colour; it is masked again after the time of the preferences and
 * when it leaves the screen.
 *
 * Property "revealed" (boolean, read-only).
 */

/* @session: (nullable): NULL shows nothing. @audience: (nullable): whose access token; the account's own */
void wf_token_text_set (WfTokenText *self,
                        WfSession   *session,
                        WfTokenKind  kind,
                        const char  *audience);
/* A token of nobody's account. @token: (nullable) */
void wf_token_text_set_token (WfTokenText *self,
                              SecretValue *token);

G_END_DECLS
