/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jwks.h"
#include "wf-jwt.h"
#include "wf-secret.h"

G_BEGIN_DECLS

typedef enum
{
  WF_JWS_VERIFIED,    /* a key that fits signed these bytes */
  WF_JWS_UNVERIFIED,  /* nothing was proved or disproved: no key to check with, or encrypted */
  WF_JWS_NO_KEY,      /* keys were given and none fits: fetch the set again, then it is invalid */
  WF_JWS_INVALID,     /* refused: wrong signature, or outside the strict profile */
} WfJwsVerdict;

/**
 * WfVerification:
 *
 * What checking one signature said. Immutable, reference-counted.
 */
typedef struct _WfVerification WfVerification;
struct _WfVerification
{
  WfJwsVerdict    verdict;
  char           *algorithm; /* the header's */
  char           *key_id;    /* of the key that verified, else the header's; nullable */
  char           *reason;    /* a translated sentence unless verified; nullable */
  gatomicrefcount ref_count;
};
WfVerification *wf_verification_ref (WfVerification *verification);
void wf_verification_unref (WfVerification *verification);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfVerification, wf_verification_unref)

/**
 * wf_jws_verify:
 * @jwks: (nullable): the issuer's public keys
 * @client_secret: (nullable): for HS256, HS384 and HS512, and for nothing else
 *
 * Checks a signature under a strict profile of RFC 7515, RFC 7518, RFC 8037 and
 * RFC 8725: algorithms RS/PS/ES 256, 384, 512, EdDSA (and the names Ed25519, Ed448),
 * HS with the client secret only (empty: refused); "none" in every spelling refused;
 * key type, curve, use, key_ops and alg of the key must agree with the header;
 * crit, b64 and zip refused; jwk, jku, x5u, x5c in the header never used; a kid in the
 * header selects by exact match, a header without kid tries every key that fits; signature lengths
 * exact (RSA: the modulus's; ECDSA: raw r and s, both in range and not zero).
 *
 * Returns: (transfer full): never %NULL
 */
WfVerification *wf_jws_verify (const WfJwt  *jwt,
                               const WfJwks *jwks,
                               SecretValue  *client_secret);

G_END_DECLS
