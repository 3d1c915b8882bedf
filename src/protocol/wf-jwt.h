/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define WF_JWT_MAX_BYTES (1024 * 1024)

typedef enum
{
  WF_JWT_OPAQUE,    /* no JWT: nothing to decode */
  WF_JWT_SIGNED,    /* JWS in compact serialization, three parts */
  WF_JWT_ENCRYPTED, /* JWE, five parts: the header is readable, nothing else */
} WfJwtKind;

#define WF_TYPE_JWT (wf_jwt_get_type ())

/**
 * WfJwt:
 *
 * A decoded, not verified JSON Web Token: RFC 7519, RFC 7515 §7.1 and RFC 7516 §7.1,
 * compact serialization only. Immutable, reference-counted. What is in it is the sender's
 * claim; wf_jws_verify() says whether a key stands behind it.
 */
typedef struct _WfJwt WfJwt;

GType wf_jwt_get_type (void);
WfJwt *wf_jwt_ref (WfJwt *jwt);
void wf_jwt_unref (WfJwt *jwt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfJwt, wf_jwt_unref)

/* Returns: what @text looks like, without decoding payloads: three or five base64url parts of
 * which the first is a JSON object with "alg". */
WfJwtKind wf_jwt_guess_kind (const char *text);

/**
 * wf_jwt_parse:
 * @length: -1 where NUL-terminated
 *
 * Strict: canonical unpadded base64url, header and payload through the JSON
 * gate, "alg" a string, an encrypted token's parts are checked for alphabet only.
 *
 * Returns: (transfer full): %NULL with WF_ERROR_MALFORMED_RESPONSE or
 *   WF_ERROR_RESPONSE_TOO_LARGE
 */
WfJwt *wf_jwt_parse (const char  *text,
                     gssize       length,
                     GError     **error);

WfJwtKind wf_jwt_get_kind (const WfJwt *jwt);
/* Returns: (transfer none): never NULL */
JsonObject *wf_jwt_get_header (const WfJwt *jwt);
/* Returns: (transfer none) (nullable): NULL for an encrypted token */
JsonObject *wf_jwt_get_claims (const WfJwt *jwt);
/* never NULL */
const char *wf_jwt_get_algorithm (const WfJwt *jwt);
/* NULL where the header has none, or none that is a string */
const char *wf_jwt_get_key_id (const WfJwt *jwt);
/* The bytes that are signed: header "." payload, as they stood. Returns: (transfer none) */
GBytes *wf_jwt_get_signing_input (const WfJwt *jwt);
/* Returns: (transfer none) */
GBytes *wf_jwt_get_signature (const WfJwt *jwt);
/* A claim as text, NULL where it is no string. Returns: (transfer none) */
const char *wf_jwt_get_claim_string (const WfJwt *jwt,
                                     const char  *claim);
/* A NumericDate claim (RFC 7519 §2), fractions cut; WF_TIME_UNKNOWN where it is absent or no
 * number in 0 … the year 9999. */
gint64 wf_jwt_get_claim_time (const WfJwt *jwt,
                              const char  *claim);

G_END_DECLS
