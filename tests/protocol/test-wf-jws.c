/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-jws.h"
#include "wf-test-jose-vectors.h"
#include "wf-test-verify.h"

static void
test_algorithms (void)
{
  for (guint i = 0; i < WF_TEST_N_ALGORITHMS; i++)
    {
      g_autofree char *with = wf_test_sign (*wf_test_algorithms[i].key, wf_test_algorithms[i].algorithm, wf_test_algorithms[i].key_id);
      g_autofree char *without = wf_test_sign (*wf_test_algorithms[i].key, wf_test_algorithms[i].algorithm, NULL);
      g_autoptr (WfVerification) a = wf_test_verify (with, wf_test_keys.set, NULL);
      g_autoptr (WfVerification) b = wf_test_verify (without, wf_test_keys.set, NULL);

      g_assert_cmpint (a->verdict, ==, WF_JWS_VERIFIED);
      g_assert_cmpstr (a->algorithm, ==, wf_test_algorithms[i].algorithm);
      g_assert_cmpstr (a->key_id, ==, wf_test_algorithms[i].key_id);
      g_assert_cmpint (b->verdict, ==, WF_JWS_VERIFIED);
      g_assert_cmpstr (b->key_id, ==, wf_test_algorithms[i].key_id);
      wf_test_assert_verdict ("no key set", with, NULL, NULL, WF_JWS_UNVERIFIED);
      wf_test_assert_verdict ("a client secret is no key", with, NULL, "secret", WF_JWS_UNVERIFIED);
      wf_test_assert_verdict ("empty set", with, "{\"keys\":[]}", "secret", WF_JWS_NO_KEY);
    }
}

/* Any bit of the signature, and any character of header or payload, counts. */
static void
test_tampering (void)
{
  for (guint i = 0; i < WF_TEST_N_ALGORITHMS; i++)
    {
      g_autofree char *token = wf_test_sign (*wf_test_algorithms[i].key, wf_test_algorithms[i].algorithm, wf_test_algorithms[i].key_id);
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"%s\"} ", wf_test_algorithms[i].algorithm, wf_test_algorithms[i].key_id);
      g_autofree char *other_header = wf_test_make_input (header, WF_TEST_PAYLOAD);
      g_autofree char *other_payload = wf_test_make_input (header, "{\"sub\":\"bob\"}");
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      g_autoptr (GBytes) bytes = g_bytes_new (signature->data, signature->len);
      g_autofree char *a = wf_test_attach (other_header, bytes);
      g_autofree char *b = wf_test_attach (other_payload, bytes);

      wf_test_assert_verdict ("other header", a, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("other payload", b, wf_test_keys.set, NULL, WF_JWS_INVALID);
      for (guint bit = 0; bit < signature->len * 8; bit += i < 6 ? 37 : i < 9 ? 3 : 1)
        {
          g_autofree char *changed = NULL;
          g_autofree char *where = NULL;

          signature->data[bit / 8] ^= (guint8) (1 << bit % 8);
          changed = wf_test_replace_signature (token, signature->data, signature->len);
          signature->data[bit / 8] ^= (guint8) (1 << bit % 8);
          where = g_strdup_printf ("%s of %s: changed bit %u", wf_test_algorithms[i].algorithm, wf_test_algorithms[i].key_id, bit);
          wf_test_assert_verdict (where, changed, wf_test_keys.set, NULL, WF_JWS_INVALID);
        }
    }
}

static void
test_signature_lengths (void)
{
  for (guint i = 0; i < WF_TEST_N_ALGORITHMS; i++)
    {
      g_autofree char *token = wf_test_sign (*wf_test_algorithms[i].key, wf_test_algorithms[i].algorithm, wf_test_algorithms[i].key_id);
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      g_autofree guint8 *longer = g_malloc0 (signature->len + 2);
      g_autofree guint8 *huge = g_malloc0 (16 * 1024);
      g_autofree char *empty = wf_test_replace_signature (token, signature->data, 0);
      g_autofree char *cut = wf_test_replace_signature (token, signature->data, signature->len - 1);
      g_autofree char *cut_front = wf_test_replace_signature (token, signature->data + 1, signature->len - 1);
      g_autofree char *half = wf_test_replace_signature (token, signature->data, signature->len / 2);
      g_autofree char *zero_after = NULL;
      g_autofree char *zero_before = NULL;
      g_autofree char *zeros = NULL;
      g_autofree char *very_long = wf_test_replace_signature (token, huge, 16 * 1024);

      memcpy (longer, signature->data, signature->len);
      zero_after = wf_test_replace_signature (token, longer, signature->len + 1);
      longer[0] = 0;
      memcpy (longer + 1, signature->data, signature->len);
      zero_before = wf_test_replace_signature (token, longer, signature->len + 1);
      zeros = wf_test_replace_signature (token, huge, signature->len);

      wf_test_assert_verdict ("empty", empty, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("cut", cut, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("cut in front", cut_front, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("half", half, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("zero after", zero_after, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("zero before", zero_before, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("zeros", zeros, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("16 KiB", very_long, wf_test_keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Every algorithm's signature under every other's name. */
static void
test_cross (void)
{
  for (guint i = 0; i < WF_TEST_N_ALGORITHMS; i++)
    for (guint j = 0; j < WF_TEST_N_ALGORITHMS; j++)
      {
        g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", wf_test_algorithms[j].algorithm);
        g_autofree char *token = wf_test_key_sign (*wf_test_algorithms[i].key, wf_test_algorithms[i].algorithm, header, WF_TEST_PAYLOAD);
        g_autoptr (WfVerification) verification = wf_test_verify (token, wf_test_keys.set, NULL);
        gboolean is_same = strcmp (wf_test_algorithms[i].algorithm, wf_test_algorithms[j].algorithm) == 0 ||
                           (g_str_has_prefix (wf_test_algorithms[i].algorithm, "Ed") &&
                            (strcmp (wf_test_algorithms[j].algorithm, "EdDSA") == 0 ||
                             strcmp (wf_test_algorithms[j].algorithm, *wf_test_algorithms[i].key == wf_test_keys.ed448 ? "Ed448" : "Ed25519") == 0));

        if (verification->verdict != (is_same ? WF_JWS_VERIFIED : WF_JWS_INVALID))
          g_error ("%s as %s", wf_test_algorithms[i].algorithm, wf_test_algorithms[j].algorithm);
      }
}

static void
test_other_makers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_vectors); i++)
    {
      g_autofree char *set = wf_test_make_jwks (good_vectors[i].jwk, NULL);

      wf_test_assert_verdict (good_vectors[i].name, good_vectors[i].token, set, NULL, WF_JWS_VERIFIED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_vectors); i++)
    {
      g_autofree char *set = wf_test_make_jwks (bad_vectors[i].jwk, NULL);
      g_autoptr (WfVerification) verification = wf_test_verify (bad_vectors[i].token, set, NULL);

      if (verification->verdict != WF_JWS_INVALID && verification->verdict != WF_JWS_NO_KEY)
        g_error ("%s: %d", bad_vectors[i].name, (int) verification->verdict);
    }
}

#define RFC7515_PAYLOAD ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

/* RFC 7515 appendix A.1 */
static void
test_rfc7515_hs256 (void)
{
  g_autoptr (GBytes) key = wf_base64url_decode ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", -1, NULL);
  g_autoptr (SecretValue) secret = wf_secret_new (g_bytes_get_data (key, NULL), (gssize) g_bytes_get_size (key));
  g_autoptr (WfJwt) jwt = wf_jwt_parse ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" RFC7515_PAYLOAD
                                        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                                        -1, NULL);
  g_autoptr (WfVerification) verification = wf_jws_verify (jwt, NULL, secret);

  g_assert_cmpint (verification->verdict, ==, WF_JWS_VERIFIED);
}

/* RFC 7515 appendix A.2 */
static void
test_rfc7515_rs256 (void)
{
  static const char set[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT"
    "-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh"
    "9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}]}";
  static const char token[] =
    "eyJhbGciOiJSUzI1NiJ9" RFC7515_PAYLOAD
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN"
    "PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

  wf_test_assert_verdict ("A.2", token, set, NULL, WF_JWS_VERIFIED);
}

/* RFC 7515 appendix A.3 */
static void
test_rfc7515_es256 (void)
{
  wf_test_assert_verdict ("A.3",
                  "eyJhbGciOiJFUzI1NiJ9" RFC7515_PAYLOAD
                  ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
                  "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                  "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}",
                  NULL, WF_JWS_VERIFIED);
}

static void
test_shared_secret (void)
{
  static const char *const names[] = { "HS256", "HS384", "HS512" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", names[i]);
      g_autofree char *token = wf_test_sign_hmac ("client secret", 13, names[i], header, WF_TEST_PAYLOAD);
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      g_autofree char *cut = wf_test_replace_signature (token, signature->data, signature->len - 1);
      g_autofree char *one = wf_test_replace_signature (token, signature->data, 1);
      g_autofree char *none = wf_test_replace_signature (token, signature->data, 0);

      wf_test_assert_verdict (names[i], token, NULL, "client secret", WF_JWS_VERIFIED);
      wf_test_assert_verdict (names[i], token, wf_test_keys.set, "client secret", WF_JWS_VERIFIED);
      wf_test_assert_verdict (names[i], token, wf_test_keys.set, "Client secret", WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], token, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], token, NULL, NULL, WF_JWS_UNVERIFIED);
      wf_test_assert_verdict ("cut", cut, NULL, "client secret", WF_JWS_INVALID);
      wf_test_assert_verdict ("one byte", one, NULL, "client secret", WF_JWS_INVALID);
      wf_test_assert_verdict ("nothing", none, NULL, "client secret", WF_JWS_INVALID);
    }
}

static void
test_edwards_names (void)
{
  static const struct
  {
    const char  *key_algorithm;
    const char  *algorithm;
    WfJwsVerdict verdict;
  } cases[] = {
    { "EdDSA", "EdDSA", WF_JWS_VERIFIED },
    { "EdDSA", "Ed25519", WF_JWS_VERIFIED },
    { "Ed25519", "EdDSA", WF_JWS_VERIFIED },
    { "Ed25519", "Ed25519", WF_JWS_VERIFIED },
    { "Ed448", "EdDSA", WF_JWS_NO_KEY },
    { "Ed448", "Ed25519", WF_JWS_NO_KEY },
    { "ES256", "EdDSA", WF_JWS_NO_KEY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members = g_strdup_printf ("\"alg\":\"%s\"", cases[i].key_algorithm);
      g_autofree char *jwk = wf_test_key_to_jwk (wf_test_keys.ed25519, members);
      g_autofree char *set = wf_test_make_jwks (jwk, NULL);
      g_autofree char *token = wf_test_sign (wf_test_keys.ed25519, cases[i].algorithm, NULL);

      wf_test_assert_verdict (cases[i].key_algorithm, token, set, NULL, cases[i].verdict);
    }
}

static void
test_same_key_id_twice (void)
{
  g_autofree char *a = wf_test_key_to_jwk (wf_test_keys.other_p256, "\"kid\":\"a\"");
  g_autofree char *b = wf_test_key_to_jwk (wf_test_keys.p256, "\"kid\":\"a\"");
  g_autofree char *c = wf_test_key_to_jwk (wf_test_keys.rsa, "\"kid\":\"a\"");
  g_autofree char *set = wf_test_make_jwks (a, b, c, NULL);
  g_autofree char *ec = wf_test_sign (wf_test_keys.p256, "ES256", "a");
  g_autofree char *rsa = wf_test_sign (wf_test_keys.rsa, "RS256", "a");
  g_autofree char *forged = wf_test_sign (wf_test_keys.other_rsa, "RS256", "a");

  wf_test_assert_verdict ("second", ec, set, NULL, WF_JWS_VERIFIED);
  wf_test_assert_verdict ("third", rsa, set, NULL, WF_JWS_VERIFIED);
  wf_test_assert_verdict ("none of them", forged, set, NULL, WF_JWS_INVALID);
}

/* oidcc-client-test-kid-absent-multiple-jwks */
static void
test_no_key_id (void)
{
  g_autofree char *a = wf_test_key_to_jwk (wf_test_keys.other_rsa, "\"kid\":\"a\"");
  g_autofree char *b = wf_test_key_to_jwk (wf_test_keys.rsa, "\"kid\":\"b\"");
  g_autofree char *nameless = wf_test_key_to_jwk (wf_test_keys.p256, NULL);
  g_autofree char *set = wf_test_make_jwks (a, b, nameless, NULL);
  g_autofree char *rsa = wf_test_sign (wf_test_keys.rsa, "PS256", NULL);
  g_autofree char *ec = wf_test_sign (wf_test_keys.p256, "ES256", NULL);
  g_autofree char *ec_named = wf_test_sign (wf_test_keys.p256, "ES256", "c");
  g_autofree char *other = wf_test_sign (wf_test_keys.other_p256, "ES256", NULL);
  g_autofree char *ed = wf_test_sign (wf_test_keys.ed25519, "EdDSA", NULL);
  g_autoptr (WfVerification) by_b = wf_test_verify (rsa, set, NULL);
  g_autoptr (WfVerification) by_nameless = wf_test_verify (ec, set, NULL);

  g_assert_cmpint (by_b->verdict, ==, WF_JWS_VERIFIED);
  g_assert_cmpstr (by_b->key_id, ==, "b");
  g_assert_cmpint (by_nameless->verdict, ==, WF_JWS_VERIFIED);
  g_assert_null (by_nameless->key_id);
  wf_test_assert_verdict ("a named key", ec_named, set, NULL, WF_JWS_NO_KEY);
  wf_test_assert_verdict ("another key", other, set, NULL, WF_JWS_INVALID);
  wf_test_assert_verdict ("a type that is not there", ed, set, NULL, WF_JWS_NO_KEY);
}

static void
test_reference (void)
{
  g_autofree char *token = wf_test_sign (wf_test_keys.p256, "ES256", "p256");
  WfVerification *verification = wf_test_verify (token, wf_test_keys.set, NULL);
  WfVerification *again = wf_verification_ref (verification);

  g_assert_true (again == verification);
  wf_verification_unref (verification);
  g_assert_cmpstr (again->key_id, ==, "p256");
  wf_verification_unref (again);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jws/algorithms", test_algorithms);
  g_test_add_func ("/jws/tampering", test_tampering);
  g_test_add_func ("/jws/signature-lengths", test_signature_lengths);
  g_test_add_func ("/jws/cross", test_cross);
  g_test_add_func ("/jws/other-makers", test_other_makers);
  g_test_add_func ("/jws/rfc7515-hs256", test_rfc7515_hs256);
  g_test_add_func ("/jws/rfc7515-rs256", test_rfc7515_rs256);
  g_test_add_func ("/jws/rfc7515-es256", test_rfc7515_es256);
  g_test_add_func ("/jws/shared-secret", test_shared_secret);
  g_test_add_func ("/jws/edwards-names", test_edwards_names);
  g_test_add_func ("/jws/same-key-id-twice", test_same_key_id_twice);
  g_test_add_func ("/jws/no-key-id", test_no_key_id);
  g_test_add_func ("/jws/reference", test_reference);

  wf_test_keys_init ();
  result = g_test_run ();
  wf_test_keys_clear ();

  return result;
}
