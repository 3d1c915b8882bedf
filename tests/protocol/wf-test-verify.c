/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-verify.h"

#include <string.h>

#include "wf-base64url.h"

WfTestKeys wf_test_keys;

const WfTestAlgorithm wf_test_algorithms[WF_TEST_N_ALGORITHMS] = {
  { "RS256", &wf_test_keys.rsa, "rsa" },
  { "RS384", &wf_test_keys.rsa, "rsa" },
  { "RS512", &wf_test_keys.rsa, "rsa" },
  { "PS256", &wf_test_keys.rsa, "rsa" },
  { "PS384", &wf_test_keys.rsa, "rsa" },
  { "PS512", &wf_test_keys.rsa, "rsa" },
  { "ES256", &wf_test_keys.p256, "p256" },
  { "ES384", &wf_test_keys.p384, "p384" },
  { "ES512", &wf_test_keys.p521, "p521" },
  { "EdDSA", &wf_test_keys.ed25519, "ed25519" },
  { "EdDSA", &wf_test_keys.ed448, "ed448" },
  { "Ed25519", &wf_test_keys.ed25519, "ed25519" },
  { "Ed448", &wf_test_keys.ed448, "ed448" },
};

void
wf_test_keys_init (void)
{
  g_autofree char *rsa = NULL;
  g_autofree char *p256 = NULL;
  g_autofree char *p384 = NULL;
  g_autofree char *p521 = NULL;
  g_autofree char *ed25519 = NULL;
  g_autofree char *ed448 = NULL;

  wf_test_keys.rsa = wf_test_key_new_rsa (2048);
  wf_test_keys.other_rsa = wf_test_key_new_rsa (2048);
  wf_test_keys.p256 = wf_test_key_new_curve ("P-256");
  wf_test_keys.other_p256 = wf_test_key_new_curve ("P-256");
  wf_test_keys.p384 = wf_test_key_new_curve ("P-384");
  wf_test_keys.p521 = wf_test_key_new_curve ("P-521");
  wf_test_keys.ed25519 = wf_test_key_new_curve ("Ed25519");
  wf_test_keys.ed448 = wf_test_key_new_curve ("Ed448");

  rsa = wf_test_key_to_jwk (wf_test_keys.rsa, "\"kid\":\"rsa\"");
  p256 = wf_test_key_to_jwk (wf_test_keys.p256, "\"kid\":\"p256\"");
  p384 = wf_test_key_to_jwk (wf_test_keys.p384, "\"kid\":\"p384\"");
  p521 = wf_test_key_to_jwk (wf_test_keys.p521, "\"kid\":\"p521\"");
  ed25519 = wf_test_key_to_jwk (wf_test_keys.ed25519, "\"kid\":\"ed25519\"");
  ed448 = wf_test_key_to_jwk (wf_test_keys.ed448, "\"kid\":\"ed448\"");
  wf_test_keys.set = wf_test_make_jwks (rsa, p256, p384, p521, ed25519, ed448, NULL);
}

void
wf_test_keys_clear (void)
{
  wf_test_key_free (wf_test_keys.rsa);
  wf_test_key_free (wf_test_keys.other_rsa);
  wf_test_key_free (wf_test_keys.p256);
  wf_test_key_free (wf_test_keys.other_p256);
  wf_test_key_free (wf_test_keys.p384);
  wf_test_key_free (wf_test_keys.p521);
  wf_test_key_free (wf_test_keys.ed25519);
  wf_test_key_free (wf_test_keys.ed448);
  g_free (wf_test_keys.set);
}

WfJwks *
wf_test_parse_set (const char *json)
{
  g_autoptr (GError) error = NULL;
  WfJwks *jwks = wf_jwks_parse (json, strlen (json), &error);

  g_assert_no_error (error);

  return jwks;
}

/* @json: (nullable): a key set. @secret: (nullable): a client secret */
WfVerification *
wf_test_verify (const char *token,
                const char *json,
                const char *secret)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwt) jwt = wf_jwt_parse (token, -1, &error);
  g_autoptr (WfJwks) jwks = json ? wf_test_parse_set (json) : NULL;
  g_autoptr (SecretValue) value = secret ? wf_secret_new (secret, -1) : NULL;
  WfVerification *verification;

  g_assert_no_error (error);
  verification = wf_jws_verify (jwt, jwks, value);
  g_assert_nonnull (verification);
  g_assert_cmpstr (verification->algorithm, ==, wf_jwt_get_algorithm (jwt));
  g_assert_true ((verification->reason == NULL) == (verification->verdict == WF_JWS_VERIFIED));

  return verification;
}

void
wf_test_assert_verdict (const char   *what,
                        const char   *token,
                        const char   *json,
                        const char   *secret,
                        WfJwsVerdict  verdict)
{
  g_autoptr (WfVerification) verification = wf_test_verify (token, json, secret);

  if (verification->verdict != verdict)
    g_error ("%s: verdict %d instead of %d: %s", what, (int) verification->verdict, (int) verdict,
             verification->reason ? verification->reason : "-");
}

char *
wf_test_sign (const WfTestKey *key,
              const char      *algorithm,
              const char      *key_id)
{
  g_autofree char *header = key_id ? g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"%s\"}", algorithm, key_id)
                                   : g_strdup_printf ("{\"alg\":\"%s\"}", algorithm);

  return wf_test_key_sign (key, algorithm, header, WF_TEST_PAYLOAD);
}

/* A token of @header, signed by the RSA key as RS256. */
char *
wf_test_sign_header (const char *header)
{
  return wf_test_key_sign (wf_test_keys.rsa, "RS256", header, WF_TEST_PAYLOAD);
}

/* The token with other signature bytes. */
char *
wf_test_replace_signature (const char   *token,
                           const guint8 *signature,
                           gsize         length)
{
  g_autofree char *encoded = wf_base64url_encode (signature, length);
  gsize input = (gsize) (strrchr (token, '.') - token);

  return g_strdup_printf ("%.*s.%s", (int) input, token, encoded);
}

GByteArray *
wf_test_get_signature (const char *token)
{
  g_autoptr (GBytes) bytes = wf_base64url_decode (strrchr (token, '.') + 1, -1, NULL);

  return g_bytes_unref_to_array (g_steal_pointer (&bytes));
}
