/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <gnutls/abstract.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define WF_JWKS_MAX_KEYS 100

typedef enum
{
  WF_KEY_TYPE_RSA,
  WF_KEY_TYPE_EC,
  WF_KEY_TYPE_OKP,
} WfKeyType;

/**
 * WfJwk:
 *
 * One public key, RFC 7517 §4, checked while it was read. Owned by its set.
 */
typedef struct _WfJwk WfJwk;
/* Reads one key alone, to tell what is wrong with it. Returns: (transfer full): never NULL; of a key with a problem only
 * that and its size can be had */
WfJwk *wf_jwk_read (JsonObject *object);
void wf_jwk_free (WfJwk *jwk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfJwk, wf_jwk_free)
/* Returns: (transfer none) (nullable): a sentence: why a set skips this key; NULL for every key in a set */
const char *wf_jwk_get_problem (const WfJwk *jwk);
const char *wf_jwk_get_key_id (const WfJwk *jwk);    /* nullable */
const char *wf_jwk_get_algorithm (const WfJwk *jwk); /* nullable */
WfKeyType wf_jwk_get_key_type (const WfJwk *jwk);
/* "P-256", "P-384", "P-521", "Ed25519", "Ed448"; NULL for RSA */
const char *wf_jwk_get_curve (const WfJwk *jwk);
guint wf_jwk_get_bits (const WfJwk *jwk);
/* FALSE where use or key_ops say that this key does not verify signatures */
gboolean wf_jwk_can_verify (const WfJwk *jwk);
/* Returns: (transfer none) */
gnutls_pubkey_t wf_jwk_get_public_key (const WfJwk *jwk);

#define WF_TYPE_JWKS (wf_jwks_get_type ())
typedef struct _WfJwks WfJwks;
GType wf_jwks_get_type (void);
WfJwks *wf_jwks_ref (WfJwks *jwks);
void wf_jwks_unref (WfJwks *jwks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfJwks, wf_jwks_unref)

/**
 * wf_jwks_parse:
 *
 * Reads a key set, RFC 7517 §5. A key that cannot be used (unknown type,
 * symmetric, RSA outside 2048 … 8192 bits or with e < 3 or even, a point off its curve,
 * malformed) is left out and counted; it does no harm to the others. Only the
 * first WF_JWKS_MAX_KEYS are read. A single bare JWK is accepted as a set of one.
 * Every key is imported here, once, so that a check pays for the check alone.
 *
 * Returns: (transfer full): %NULL with WF_ERROR_MALFORMED_RESPONSE or
 *   WF_ERROR_RESPONSE_TOO_LARGE
 */
WfJwks *wf_jwks_parse (const char  *json,
                       gsize        length,
                       GError     **error);
guint wf_jwks_get_n_keys (const WfJwks *jwks);
guint wf_jwks_get_n_skipped (const WfJwks *jwks);
/* Returns: (transfer none) */
const WfJwk *wf_jwks_get_key (const WfJwks *jwks,
                              guint         index);
/* Returns: whether a usable key has this id. */
gboolean wf_jwks_has_key_id (const WfJwks *jwks,
                             const char   *key_id);

G_END_DECLS
