/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-token-view.h"

G_BEGIN_DECLS

#define WF_TYPE_TOKEN_VERDICT (wf_token_verdict_get_type ())
G_DECLARE_FINAL_TYPE (WfTokenVerdict, wf_token_verdict, WF, TOKEN_VERDICT, GtkBox)

/**
 * WfTokenVerdict:
 *
 * What a token's signature is worth and with which key, or exactly why not; below it, what else was checked, one
 * line each, passed or failed.
 */

/* @jwt: (nullable): the token, decoded; NULL for one that cannot be */
void wf_token_verdict_show (WfTokenVerdict *self,
                            WfSession      *session,
                            WfTokenKind     kind,
                            WfJwt          *jwt);
/* Of a token of nobody's account. @verification: (nullable): nobody has asked; @checks: (nullable) (element-type WfCheck) */
void wf_token_verdict_show_verification (WfTokenVerdict *self,
                                         WfJwt          *jwt,
                                         WfVerification *verification,
                                         GPtrArray      *checks);

G_END_DECLS
