/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WfChallenge:
 *
 * What a resource server says in WWW-Authenticate when it refuses an access token: RFC 6750 §3, with
 * RFC 9470 (a stronger sign-in) and RFC 9449 (DPoP). Its texts are the server's, cleaned.
 */
typedef struct
{
  gboolean is_bearer;   /* it asks for a bearer token */
  char    *schemes;     /* every scheme that it names, "Bearer, DPoP"; nullable */
  char    *realm;       /* nullable */
  char    *error;       /* "invalid_token", "insufficient_scope", …; nullable */
  char    *description; /* nullable */
  char    *scope;       /* what a token must have; nullable */
  char    *acr_values;  /* nullable */
  gint64   max_age;     /* seconds; -1 */
} WfChallenge;
void wf_challenge_free (WfChallenge *challenge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfChallenge, wf_challenge_free)

/**
 * wf_challenge_parse:
 * @header: (nullable): every WWW-Authenticate of an answer, joined with ", " (RFC 9110 §11.6.1)
 *
 * Takes what can be understood; never fails. Of several Bearer challenges the first with an error counts.
 *
 * Returns: (transfer full) (nullable): %NULL where there is no challenge in it
 */
WfChallenge *wf_challenge_parse (const char *header);

/**
 * wf_challenge_explain:
 * @challenge: (nullable): the answer had none
 * @status: of the answer: 401 or 403
 * @granted: (nullable): the scopes of the token that was sent
 *
 * Returns: (transfer full): in words: why the token was refused, and what to do. Nothing that the server
 *   wrote is in it but the names of scopes and schemes
 */
char *wf_challenge_explain (const WfChallenge *challenge,
                            guint              status,
                            const char        *granted);

G_END_DECLS
