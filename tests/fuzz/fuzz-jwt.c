/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-base64url.h"
#include "wf-jws.h"
#include "wf-test-jose-vectors.h"

/* Public keys of every kind. */
static WfJwks *
make_keys (void)
{
  GString *text = g_string_new ("{\"keys\":[");
  WfJwks *jwks;

  for (guint i = 0; i < G_N_ELEMENTS (good_vectors); i++)
    g_string_append_printf (text, "%s%s", i ? "," : "", good_vectors[i].jwk);
  g_string_append (text, "]}");
  jwks = wf_jwks_parse (text->str, text->len, NULL);
  g_assert_nonnull (jwks);
  g_string_free (text, TRUE);

  return jwks;
}

/* There is one spelling of a token: what was read, written anew, is what stood there. */
static void
check_spelling (const WfJwt   *jwt,
                const uint8_t *data,
                size_t         size)
{
  GBytes *input = wf_jwt_get_signing_input (jwt);
  GBytes *signature = wf_jwt_get_signature (jwt);
  g_autofree char *encoded = wf_base64url_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  gsize length = g_bytes_get_size (input);

  g_assert_cmpuint (length + 1 + strlen (encoded), ==, size);
  g_assert_cmpint (memcmp (g_bytes_get_data (input, NULL), data, length), ==, 0);
  g_assert_cmpint (data[length], ==, '.');
  g_assert_cmpint (memcmp (encoded, data + length + 1, strlen (encoded)), ==, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static WfJwks *keys;
  static SecretValue *secret;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (WfJwt) jwt = wf_jwt_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr (WfVerification) verification = NULL;
  WfJwtKind kind = wf_jwt_guess_kind (text);

  if (!keys)
    {
      keys = make_keys ();
      secret = wf_secret_new ("client secret", -1);
    }
  if (!jwt)
    return 0;

  g_assert_cmpint (kind, ==, wf_jwt_get_kind (jwt));
  if (kind == WF_JWT_SIGNED)
    check_spelling (jwt, data, size);
  wf_jwt_get_claim_time (jwt, "exp");
  wf_jwt_get_claim_string (jwt, "sub");

  verification = wf_jws_verify (jwt, keys, secret);
  g_assert_true (verification->verdict == WF_JWS_VERIFIED || verification->reason);
  if (verification->verdict == WF_JWS_VERIFIED)
    {
      g_assert_cmpint (kind, ==, WF_JWT_SIGNED);
      g_assert_cmpuint (g_bytes_get_size (wf_jwt_get_signature (jwt)), >=, 32);
      g_assert_cmpint (g_ascii_strcasecmp (wf_jwt_get_algorithm (jwt), "none"), !=, 0);
      g_assert_false (json_object_has_member (wf_jwt_get_header (jwt), "crit"));
    }

  return 0;
}
