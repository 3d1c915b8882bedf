/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jws.h"
#include "wf-time.h"

G_BEGIN_DECLS

#define WF_DEFAULT_SKEW 60

/**
 * WfIdTokenExpectations:
 *
 * What an ID token is held against. Borrowed strings; NULL where there is
 * nothing to compare.
 */
typedef struct
{
  const char  *issuer;
  const char  *client_id;
  const char  *nonce;          /* of the sign-in; NULL: not known any more, or none was asked for */
  SecretValue *access_token;   /* for at_hash */
  gint64       max_age;        /* asked, seconds; -1 */
  const char  *acr_values;     /* asked, space-separated */
  const char  *previous_subject; /* on refresh: the same sub (Core §12.2) */
  gboolean     is_refresh;
  gint64       now;            /* corrected by the measured skew */
  gint64       skew;           /* tolerance in seconds, WF_DEFAULT_SKEW */
} WfIdTokenExpectations;

/**
 * WfCheck:
 *
 * One line of what was checked, for the window and the command line.
 */
typedef struct
{
  const char *name;   /* static: "signature", "iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "auth_time", "acr", "sub" */
  gboolean    passed;
  char       *detail; /* a translated sentence */
} WfCheck;
void wf_check_free (WfCheck *check);

/**
 * wf_id_token_check:
 * @verification: the verdict on its signature
 * @checks: (out) (optional) (element-type WfCheck) (transfer container): every line,
 *   failed ones too
 *
 * Validates an ID token's claims: OpenID Connect Core 1.0 §3.1.3.7 and §12.2. WF_JWS_UNVERIFIED
 * is accepted only where there is no key set to check with, because the token came directly
 * from the token endpoint over TLS (item 6 there); an invalid signature and "none" never.
 *
 * Returns: %FALSE with WF_ERROR_SIGNATURE_INVALID, WF_ERROR_NONCE_MISMATCH or
 *   WF_ERROR_ID_TOKEN_INVALID (the message names the claim)
 */
gboolean wf_id_token_check (const WfJwt                 *jwt,
                            const WfVerification        *verification,
                            const WfIdTokenExpectations *expectations,
                            GPtrArray                  **checks,
                            GError                     **error);

/* Returns: (transfer full): what at_hash must be for this algorithm, NULL for an unknown one
 * (Core §3.1.3.6: the left half of the hash of the ASCII octets) */
char *wf_id_token_make_hash (const char *algorithm,
                             const char *token);

G_END_DECLS
