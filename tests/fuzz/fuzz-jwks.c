/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-jws.h"
#include "wf-test-jose-vectors.h"

/* What may be in a set, and tokens of every algorithm held against it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (WfJwks) jwks = wf_jwks_parse ((const char *) data, size, NULL);

  if (!jwks)
    return 0;

  g_assert_cmpuint (wf_jwks_get_n_keys (jwks), <=, WF_JWKS_MAX_KEYS);
  for (guint i = 0; i < wf_jwks_get_n_keys (jwks); i++)
    {
      const WfJwk *jwk = wf_jwks_get_key (jwks, i);
      WfKeyType type = wf_jwk_get_key_type (jwk);

      g_assert_true ((type == WF_KEY_TYPE_RSA) == (wf_jwk_get_curve (jwk) == NULL));
      g_assert_true (type != WF_KEY_TYPE_RSA || (wf_jwk_get_bits (jwk) >= 2048 && wf_jwk_get_bits (jwk) <= 8192));
      g_assert_nonnull (wf_jwk_get_public_key (jwk));
      if (wf_jwk_get_key_id (jwk))
        g_assert_true (wf_jwks_has_key_id (jwks, wf_jwk_get_key_id (jwk)));
    }

  /* A few of them each time: a modulus may be long. */
  for (guint i = size % 5; i < G_N_ELEMENTS (good_vectors); i += 5)
    {
      g_autoptr (WfJwt) jwt = wf_jwt_parse (good_vectors[i].token, -1, NULL);
      g_autoptr (WfVerification) verification = wf_jws_verify (jwt, jwks, NULL);

      g_assert_true (verification->verdict == WF_JWS_VERIFIED || verification->reason);
    }

  return 0;
}
