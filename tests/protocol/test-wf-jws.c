/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-jws.h"
#include "wf-random.h"
#include "wf-test-jose-vectors.h"
#include "wf-test-jose.h"

#define PAYLOAD "{\"iss\":\"https://id.example.org\",\"sub\":\"alice\"}"

/* Made once: RSA keys are slow to make. */
typedef struct
{
  WfTestKey *rsa;
  WfTestKey *other_rsa;
  WfTestKey *p256;
  WfTestKey *other_p256;
  WfTestKey *p384;
  WfTestKey *p521;
  WfTestKey *ed25519;
  WfTestKey *ed448;
  char      *set; /* of all but the others, each with a kid of its own name */
} Keys;

static Keys keys;

static const struct
{
  const char *algorithm;
  WfTestKey **key;
  const char *key_id;
} algorithms[] = {
  { "RS256", &keys.rsa, "rsa" },
  { "RS384", &keys.rsa, "rsa" },
  { "RS512", &keys.rsa, "rsa" },
  { "PS256", &keys.rsa, "rsa" },
  { "PS384", &keys.rsa, "rsa" },
  { "PS512", &keys.rsa, "rsa" },
  { "ES256", &keys.p256, "p256" },
  { "ES384", &keys.p384, "p384" },
  { "ES512", &keys.p521, "p521" },
  { "EdDSA", &keys.ed25519, "ed25519" },
  { "EdDSA", &keys.ed448, "ed448" },
  { "Ed25519", &keys.ed25519, "ed25519" },
  { "Ed448", &keys.ed448, "ed448" },
};

static void
make_keys (void)
{
  g_autofree char *rsa = NULL;
  g_autofree char *p256 = NULL;
  g_autofree char *p384 = NULL;
  g_autofree char *p521 = NULL;
  g_autofree char *ed25519 = NULL;
  g_autofree char *ed448 = NULL;

  keys.rsa = wf_test_key_new_rsa (2048);
  keys.other_rsa = wf_test_key_new_rsa (2048);
  keys.p256 = wf_test_key_new_curve ("P-256");
  keys.other_p256 = wf_test_key_new_curve ("P-256");
  keys.p384 = wf_test_key_new_curve ("P-384");
  keys.p521 = wf_test_key_new_curve ("P-521");
  keys.ed25519 = wf_test_key_new_curve ("Ed25519");
  keys.ed448 = wf_test_key_new_curve ("Ed448");

  rsa = wf_test_key_to_jwk (keys.rsa, "\"kid\":\"rsa\"");
  p256 = wf_test_key_to_jwk (keys.p256, "\"kid\":\"p256\"");
  p384 = wf_test_key_to_jwk (keys.p384, "\"kid\":\"p384\"");
  p521 = wf_test_key_to_jwk (keys.p521, "\"kid\":\"p521\"");
  ed25519 = wf_test_key_to_jwk (keys.ed25519, "\"kid\":\"ed25519\"");
  ed448 = wf_test_key_to_jwk (keys.ed448, "\"kid\":\"ed448\"");
  keys.set = wf_test_make_jwks (rsa, p256, p384, p521, ed25519, ed448, NULL);
}

static void
free_keys (void)
{
  wf_test_key_free (keys.rsa);
  wf_test_key_free (keys.other_rsa);
  wf_test_key_free (keys.p256);
  wf_test_key_free (keys.other_p256);
  wf_test_key_free (keys.p384);
  wf_test_key_free (keys.p521);
  wf_test_key_free (keys.ed25519);
  wf_test_key_free (keys.ed448);
  g_free (keys.set);
}

static WfJwks *
parse_set (const char *json)
{
  g_autoptr (GError) error = NULL;
  WfJwks *jwks = wf_jwks_parse (json, strlen (json), &error);

  g_assert_no_error (error);

  return jwks;
}

/* @json: (nullable): a key set. @secret: (nullable): a client secret */
static WfVerification *
verify (const char *token,
        const char *json,
        const char *secret)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwt) jwt = wf_jwt_parse (token, -1, &error);
  g_autoptr (WfJwks) jwks = json ? parse_set (json) : NULL;
  g_autoptr (SecretValue) value = secret ? wf_secret_new (secret, -1) : NULL;
  WfVerification *verification;

  g_assert_no_error (error);
  verification = wf_jws_verify (jwt, jwks, value);
  g_assert_nonnull (verification);
  g_assert_cmpstr (verification->algorithm, ==, wf_jwt_get_algorithm (jwt));
  g_assert_true ((verification->reason == NULL) == (verification->verdict == WF_JWS_VERIFIED));

  return verification;
}

static void
assert_verdict (const char   *what,
                const char   *token,
                const char   *json,
                const char   *secret,
                WfJwsVerdict  verdict)
{
  g_autoptr (WfVerification) verification = verify (token, json, secret);

  if (verification->verdict != verdict)
    g_error ("%s: verdict %d instead of %d: %s", what, (int) verification->verdict, (int) verdict,
             verification->reason ? verification->reason : "-");
}

static char *
sign (const WfTestKey *key,
      const char      *algorithm,
      const char      *key_id)
{
  g_autofree char *header = key_id ? g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"%s\"}", algorithm, key_id)
                                   : g_strdup_printf ("{\"alg\":\"%s\"}", algorithm);

  return wf_test_key_sign (key, algorithm, header, PAYLOAD);
}

/* A token of @header, signed by the RSA key as RS256. */
static char *
sign_header (const char *header)
{
  return wf_test_key_sign (keys.rsa, "RS256", header, PAYLOAD);
}

/* The token with other signature bytes. */
static char *
replace_signature (const char   *token,
                   const guint8 *signature,
                   gsize         length)
{
  g_autofree char *encoded = wf_base64url_encode (signature, length);
  gsize input = (gsize) (strrchr (token, '.') - token);

  return g_strdup_printf ("%.*s.%s", (int) input, token, encoded);
}

static GByteArray *
get_signature (const char *token)
{
  g_autoptr (GBytes) bytes = wf_base64url_decode (strrchr (token, '.') + 1, -1, NULL);

  return g_bytes_unref_to_array (g_steal_pointer (&bytes));
}

static void
test_algorithms (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      g_autofree char *with = sign (*algorithms[i].key, algorithms[i].algorithm, algorithms[i].key_id);
      g_autofree char *without = sign (*algorithms[i].key, algorithms[i].algorithm, NULL);
      g_autoptr (WfVerification) a = verify (with, keys.set, NULL);
      g_autoptr (WfVerification) b = verify (without, keys.set, NULL);

      g_assert_cmpint (a->verdict, ==, WF_JWS_VERIFIED);
      g_assert_cmpstr (a->algorithm, ==, algorithms[i].algorithm);
      g_assert_cmpstr (a->key_id, ==, algorithms[i].key_id);
      g_assert_cmpint (b->verdict, ==, WF_JWS_VERIFIED);
      g_assert_cmpstr (b->key_id, ==, algorithms[i].key_id);
      assert_verdict ("no key set", with, NULL, NULL, WF_JWS_UNVERIFIED);
      assert_verdict ("a client secret is no key", with, NULL, "secret", WF_JWS_UNVERIFIED);
      assert_verdict ("empty set", with, "{\"keys\":[]}", "secret", WF_JWS_NO_KEY);
    }
}

/* Any bit of the signature, and any character of header or payload, counts. */
static void
test_tampering (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      g_autofree char *token = sign (*algorithms[i].key, algorithms[i].algorithm, algorithms[i].key_id);
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"%s\"} ", algorithms[i].algorithm, algorithms[i].key_id);
      g_autofree char *other_header = wf_test_make_input (header, PAYLOAD);
      g_autofree char *other_payload = wf_test_make_input (header, "{\"sub\":\"bob\"}");
      g_autoptr (GByteArray) signature = get_signature (token);
      g_autoptr (GBytes) bytes = g_bytes_new (signature->data, signature->len);
      g_autofree char *a = wf_test_attach (other_header, bytes);
      g_autofree char *b = wf_test_attach (other_payload, bytes);

      assert_verdict ("other header", a, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("other payload", b, keys.set, NULL, WF_JWS_INVALID);
      for (guint bit = 0; bit < signature->len * 8; bit += i < 6 ? 37 : i < 9 ? 3 : 1)
        {
          g_autofree char *changed = NULL;
          g_autofree char *where = NULL;

          signature->data[bit / 8] ^= (guint8) (1 << bit % 8);
          changed = replace_signature (token, signature->data, signature->len);
          signature->data[bit / 8] ^= (guint8) (1 << bit % 8);
          where = g_strdup_printf ("%s of %s: changed bit %u", algorithms[i].algorithm, algorithms[i].key_id, bit);
          assert_verdict (where, changed, keys.set, NULL, WF_JWS_INVALID);
        }
    }
}

static void
test_signature_lengths (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      g_autofree char *token = sign (*algorithms[i].key, algorithms[i].algorithm, algorithms[i].key_id);
      g_autoptr (GByteArray) signature = get_signature (token);
      g_autofree guint8 *longer = g_malloc0 (signature->len + 2);
      g_autofree guint8 *huge = g_malloc0 (16 * 1024);
      g_autofree char *empty = replace_signature (token, signature->data, 0);
      g_autofree char *cut = replace_signature (token, signature->data, signature->len - 1);
      g_autofree char *cut_front = replace_signature (token, signature->data + 1, signature->len - 1);
      g_autofree char *half = replace_signature (token, signature->data, signature->len / 2);
      g_autofree char *zero_after = NULL;
      g_autofree char *zero_before = NULL;
      g_autofree char *zeros = NULL;
      g_autofree char *very_long = replace_signature (token, huge, 16 * 1024);

      memcpy (longer, signature->data, signature->len);
      zero_after = replace_signature (token, longer, signature->len + 1);
      longer[0] = 0;
      memcpy (longer + 1, signature->data, signature->len);
      zero_before = replace_signature (token, longer, signature->len + 1);
      zeros = replace_signature (token, huge, signature->len);

      assert_verdict ("empty", empty, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("cut", cut, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("cut in front", cut_front, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("half", half, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("zero after", zero_after, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("zero before", zero_before, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("zeros", zeros, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("16 KiB", very_long, keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Every algorithm's signature under every other's name. */
static void
test_cross (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    for (guint j = 0; j < G_N_ELEMENTS (algorithms); j++)
      {
        g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", algorithms[j].algorithm);
        g_autofree char *token = wf_test_key_sign (*algorithms[i].key, algorithms[i].algorithm, header, PAYLOAD);
        g_autoptr (WfVerification) verification = verify (token, keys.set, NULL);
        gboolean is_same = strcmp (algorithms[i].algorithm, algorithms[j].algorithm) == 0 ||
                           (g_str_has_prefix (algorithms[i].algorithm, "Ed") &&
                            (strcmp (algorithms[j].algorithm, "EdDSA") == 0 ||
                             strcmp (algorithms[j].algorithm, *algorithms[i].key == keys.ed448 ? "Ed448" : "Ed25519") == 0));

        if (verification->verdict != (is_same ? WF_JWS_VERIFIED : WF_JWS_INVALID))
          g_error ("%s as %s", algorithms[i].algorithm, algorithms[j].algorithm);
      }
}

static void
test_other_makers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_vectors); i++)
    {
      g_autofree char *set = wf_test_make_jwks (good_vectors[i].jwk, NULL);

      assert_verdict (good_vectors[i].name, good_vectors[i].token, set, NULL, WF_JWS_VERIFIED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_vectors); i++)
    {
      g_autofree char *set = wf_test_make_jwks (bad_vectors[i].jwk, NULL);
      g_autoptr (WfVerification) verification = verify (bad_vectors[i].token, set, NULL);

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

  assert_verdict ("A.2", token, set, NULL, WF_JWS_VERIFIED);
}

/* RFC 7515 appendix A.3 */
static void
test_rfc7515_es256 (void)
{
  assert_verdict ("A.3",
                  "eyJhbGciOiJFUzI1NiJ9" RFC7515_PAYLOAD
                  ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
                  "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                  "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}",
                  NULL, WF_JWS_VERIFIED);
}

/* Catalogue 46 */
static void
test_46_none (void)
{
  static const char *const names[] = { "none", "None", "NONE", "nOnE", "nonE", "", "none ", " none", "null", "NoNe" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", names[i]);
      g_autofree char *input = wf_test_make_input (header, PAYLOAD);
      g_autofree char *unsigned_token = g_strconcat (input, ".", NULL);
      g_autofree char *signed_token = sign_header (header);

      assert_verdict (names[i], unsigned_token, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (names[i], unsigned_token, NULL, NULL, WF_JWS_INVALID);
      assert_verdict (names[i], unsigned_token, NULL, "secret", WF_JWS_INVALID);
      assert_verdict (names[i], signed_token, keys.set, NULL, WF_JWS_INVALID);
    }
}

static void
test_unknown_algorithms (void)
{
  static const char *const names[] = {
    "rs256", "Rs256", "RS256 ", "RS-256", "RS1", "RS2048", "RSA", "RSA-OAEP", "RSA1_5", "SHA256withRSA", "ES256K", "ES-256", "es256",
    "HS1", "hs256", "HS224", "HS128", "PS1", "EDDSA", "eddsa", "Ed25519ph", "ed25519", "ED448", "dir", "A256KW", "ML-DSA-44", "X",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", names[i]);
      g_autofree char *token = sign_header (header);

      assert_verdict (names[i], token, keys.set, "secret", WF_JWS_INVALID);
      assert_verdict (names[i], token, NULL, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 47: everything that is public, used as the key of an HMAC. */
static void
test_47_key_confusion (void)
{
  static const char *const names[] = { "HS256", "HS384", "HS512" };
  g_autoptr (WfJwks) jwks = parse_set (keys.set);
  gnutls_pubkey_t key = wf_jwk_get_public_key (wf_jwks_get_key (jwks, 0));
  gnutls_datum_t forms[6] = { { NULL, 0 } };
  g_autofree char *jwk = wf_test_key_to_jwk (keys.rsa, "\"kid\":\"rsa\"");

  gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_PEM, &forms[0]);
  gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &forms[1]);
  gnutls_pubkey_export_rsa_raw (key, &forms[2], NULL);
  forms[3] = (gnutls_datum_t) { (guint8 *) "", 0 };
  forms[4] = (gnutls_datum_t) { (guint8 *) jwk, (guint) strlen (jwk) };
  forms[5] = (gnutls_datum_t) { forms[0].data, forms[0].size - 1 }; /* without the last newline */

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    for (guint j = 0; j < G_N_ELEMENTS (names); j++)
      {
        g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\",\"kid\":\"rsa\"}", names[j]);
        g_autofree char *token = wf_test_sign_hmac (forms[i].data, forms[i].size, names[j], header, PAYLOAD);

        assert_verdict ("public client", token, keys.set, NULL, WF_JWS_INVALID);
        assert_verdict ("confidential client", token, keys.set, "the real secret", WF_JWS_INVALID);
        assert_verdict ("no key set", token, NULL, "the real secret", WF_JWS_INVALID);
        assert_verdict ("empty secret", token, keys.set, "", WF_JWS_INVALID);
        assert_verdict ("empty secret without a set", token, NULL, "", WF_JWS_INVALID);
      }

  for (guint i = 0; i < 3; i++)
    gnutls_free (forms[i].data);
}

/* Catalogue 48 */
static void
test_48_symmetric_key (void)
{
  g_autofree char *token = wf_test_sign_hmac ("published", 9, "HS256", "{\"alg\":\"HS256\",\"kid\":\"k\"}", PAYLOAD);
  static const char set[] = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"cHVibGlzaGVk\",\"alg\":\"HS256\"}]}";

  assert_verdict ("oct", token, set, NULL, WF_JWS_INVALID);
  assert_verdict ("oct and a secret", token, set, "the real secret", WF_JWS_INVALID);
}

static void
test_shared_secret (void)
{
  static const char *const names[] = { "HS256", "HS384", "HS512" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", names[i]);
      g_autofree char *token = wf_test_sign_hmac ("client secret", 13, names[i], header, PAYLOAD);
      g_autoptr (GByteArray) signature = get_signature (token);
      g_autofree char *cut = replace_signature (token, signature->data, signature->len - 1);
      g_autofree char *one = replace_signature (token, signature->data, 1);
      g_autofree char *none = replace_signature (token, signature->data, 0);

      assert_verdict (names[i], token, NULL, "client secret", WF_JWS_VERIFIED);
      assert_verdict (names[i], token, keys.set, "client secret", WF_JWS_VERIFIED);
      assert_verdict (names[i], token, keys.set, "Client secret", WF_JWS_INVALID);
      assert_verdict (names[i], token, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (names[i], token, NULL, NULL, WF_JWS_UNVERIFIED);
      assert_verdict ("cut", cut, NULL, "client secret", WF_JWS_INVALID);
      assert_verdict ("one byte", one, NULL, "client secret", WF_JWS_INVALID);
      assert_verdict ("nothing", none, NULL, "client secret", WF_JWS_INVALID);
    }
}

/* Catalogue 49 */
static void
test_49_key_purpose (void)
{
  static const struct
  {
    const char  *members;
    const char  *algorithm;
    WfJwsVerdict verdict;
  } cases[] = {
    { "\"alg\":\"RS256\"", "RS256", WF_JWS_VERIFIED },
    { "\"use\":\"sig\"", "RS256", WF_JWS_VERIFIED },
    { "\"key_ops\":[\"verify\"]", "PS512", WF_JWS_VERIFIED },
    { "\"alg\":\"RS256\"", "RS384", WF_JWS_INVALID },
    { "\"alg\":\"RS256\"", "PS256", WF_JWS_INVALID },
    { "\"alg\":\"PS256\"", "RS256", WF_JWS_INVALID },
    { "\"alg\":\"RSA-OAEP\"", "RS256", WF_JWS_INVALID },
    { "\"alg\":\"rs256\"", "RS256", WF_JWS_INVALID },
    { "\"alg\":\"\"", "RS256", WF_JWS_INVALID },
    { "\"alg\":\"none\"", "RS256", WF_JWS_INVALID },
    { "\"use\":\"enc\"", "RS256", WF_JWS_INVALID },
    { "\"key_ops\":[\"sign\"]", "RS256", WF_JWS_INVALID },
    { "\"key_ops\":[\"encrypt\",\"wrapKey\"]", "RS256", WF_JWS_INVALID },
    { "\"use\":\"sig\",\"key_ops\":[]", "RS256", WF_JWS_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *with_id = g_strconcat ("\"kid\":\"a\",", cases[i].members, NULL);
      g_autofree char *jwk = wf_test_key_to_jwk (keys.rsa, with_id);
      g_autofree char *set = wf_test_make_jwks (jwk, NULL);
      g_autofree char *token = sign (keys.rsa, cases[i].algorithm, "a");
      g_autofree char *without = sign (keys.rsa, cases[i].algorithm, NULL);

      assert_verdict (cases[i].members, token, set, NULL, cases[i].verdict);
      assert_verdict (cases[i].members, without, set, NULL, cases[i].verdict == WF_JWS_INVALID ? WF_JWS_NO_KEY : cases[i].verdict);
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
      g_autofree char *jwk = wf_test_key_to_jwk (keys.ed25519, members);
      g_autofree char *set = wf_test_make_jwks (jwk, NULL);
      g_autofree char *token = sign (keys.ed25519, cases[i].algorithm, NULL);

      assert_verdict (cases[i].key_algorithm, token, set, NULL, cases[i].verdict);
    }
}

/* Catalogue 50 */
static void
test_50_extensions (void)
{
  static const char *const members[] = {
    "\"crit\":[\"exp\"],\"exp\":1", "\"crit\":[]", "\"crit\":[\"x\"]", "\"crit\":[\"b64\"],\"b64\":false", "\"crit\":[\"b64\"],\"b64\":true",
    "\"crit\":null", "\"crit\":\"b64\"", "\"crit\":[\"alg\"]", "\"crit\":[1]", "\"crit\":{}", "\"b64\":false", "\"b64\":true", "\"b64\":0",
    "\"zip\":\"DEF\"", "\"zip\":null", "\"crit\":[\"kid\"]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",%s}", members[i]);
      g_autofree char *hmac_header = g_strdup_printf ("{\"alg\":\"HS256\",%s}", members[i]);
      g_autofree char *token = sign_header (header);
      g_autofree char *hmac = wf_test_sign_hmac ("secret", 6, "HS256", hmac_header, PAYLOAD);

      assert_verdict (members[i], token, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (members[i], token, NULL, NULL, WF_JWS_INVALID);
      assert_verdict (members[i], hmac, NULL, "secret", WF_JWS_INVALID);
    }
}

/* Catalogue 51: a key that the token brings along is no reason to believe it. */
static void
test_51_embedded_keys (void)
{
  g_autofree char *jwk = wf_test_key_to_jwk (keys.other_rsa, "\"kid\":\"rsa\"");
  g_autofree char *embedded = g_strdup_printf ("\"jwk\":%s", jwk);
  const char *const members[] = {
    embedded, "\"jku\":\"https://evil.example/jwks\"", "\"x5u\":\"https://evil.example/certificate\"", "\"x5c\":[\"MIIB\"]", "\"x5t\":\"AAAA\"", "\"jku\":7",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *member = members[i];
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",%s}", member);
      g_autofree char *with_id = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"rsa\",%s}", member);
      g_autofree char *forged = wf_test_key_sign (keys.other_rsa, "RS256", header, PAYLOAD);
      g_autofree char *forged_with_id = wf_test_key_sign (keys.other_rsa, "RS256", with_id, PAYLOAD);
      g_autofree char *honest = sign_header (header);

      assert_verdict (member, forged, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (member, forged_with_id, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (member, forged, NULL, NULL, WF_JWS_UNVERIFIED);
      /* Ignored, not refused: the issuer's own signature counts. */
      assert_verdict (member, honest, keys.set, NULL, WF_JWS_VERIFIED);
    }
}

/* Catalogue 52 */
static void
test_52_key_id (void)
{
  static const char *const unknown[] = { "unknown", "", "RSA", "rsa ", "../rsa", "../../../../dev/null", "rsa' OR '1'='1", "\\u0072s", "p256\\n", "http://evil.example/" };
  static const char *const malformed[] = { "7", "null", "[\"rsa\"]", "{}", "true", "1e5" };
  g_autofree char *other = sign (keys.rsa, "RS256", "p256");

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autofree char *token = sign (keys.rsa, "RS256", unknown[i]);

      assert_verdict (unknown[i], token, keys.set, NULL, WF_JWS_NO_KEY);
    }
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":%s}", malformed[i]);
      g_autofree char *token = sign_header (header);

      assert_verdict (malformed[i], token, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict (malformed[i], token, NULL, NULL, WF_JWS_INVALID);
    }
  /* the id of another key */
  assert_verdict ("p256", other, keys.set, NULL, WF_JWS_INVALID);
}

static void
test_same_key_id_twice (void)
{
  g_autofree char *a = wf_test_key_to_jwk (keys.other_p256, "\"kid\":\"a\"");
  g_autofree char *b = wf_test_key_to_jwk (keys.p256, "\"kid\":\"a\"");
  g_autofree char *c = wf_test_key_to_jwk (keys.rsa, "\"kid\":\"a\"");
  g_autofree char *set = wf_test_make_jwks (a, b, c, NULL);
  g_autofree char *ec = sign (keys.p256, "ES256", "a");
  g_autofree char *rsa = sign (keys.rsa, "RS256", "a");
  g_autofree char *forged = sign (keys.other_rsa, "RS256", "a");

  assert_verdict ("second", ec, set, NULL, WF_JWS_VERIFIED);
  assert_verdict ("third", rsa, set, NULL, WF_JWS_VERIFIED);
  assert_verdict ("none of them", forged, set, NULL, WF_JWS_INVALID);
}

/* oidcc-client-test-kid-absent-multiple-jwks */
static void
test_no_key_id (void)
{
  g_autofree char *a = wf_test_key_to_jwk (keys.other_rsa, "\"kid\":\"a\"");
  g_autofree char *b = wf_test_key_to_jwk (keys.rsa, "\"kid\":\"b\"");
  g_autofree char *nameless = wf_test_key_to_jwk (keys.p256, NULL);
  g_autofree char *set = wf_test_make_jwks (a, b, nameless, NULL);
  g_autofree char *rsa = sign (keys.rsa, "PS256", NULL);
  g_autofree char *ec = sign (keys.p256, "ES256", NULL);
  g_autofree char *ec_named = sign (keys.p256, "ES256", "c");
  g_autofree char *other = sign (keys.other_p256, "ES256", NULL);
  g_autofree char *ed = sign (keys.ed25519, "EdDSA", NULL);
  g_autoptr (WfVerification) by_b = verify (rsa, set, NULL);
  g_autoptr (WfVerification) by_nameless = verify (ec, set, NULL);

  g_assert_cmpint (by_b->verdict, ==, WF_JWS_VERIFIED);
  g_assert_cmpstr (by_b->key_id, ==, "b");
  g_assert_cmpint (by_nameless->verdict, ==, WF_JWS_VERIFIED);
  g_assert_null (by_nameless->key_id);
  assert_verdict ("a named key", ec_named, set, NULL, WF_JWS_NO_KEY);
  assert_verdict ("another key", other, set, NULL, WF_JWS_INVALID);
  assert_verdict ("a type that is not there", ed, set, NULL, WF_JWS_NO_KEY);
}

/* Adds two big-endian numbers of the same length. Returns: whether the sum fits */
static gboolean
add_numbers (guint8       *number,
             const guint8 *other,
             gsize         length)
{
  guint carry = 0;

  for (gsize i = length; i > 0; i--)
    {
      carry += number[i - 1] + other[i - 1];
      number[i - 1] = (guint8) carry;
      carry >>= 8;
    }

  return carry == 0;
}

/* n of P-521, RFC 7518's longest */
static const guint8 p521_order[66] = {
  0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc,
  0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09,
};

/* Catalogue 53: numbers that are the same modulo n. */
static void
test_53_ecdsa_range (void)
{
  g_autofree char *token = sign (keys.p521, "ES512", NULL);

  for (guint part = 0; part < 2; part++)
    {
      g_autoptr (GByteArray) signature = get_signature (token);
      guint8 *number = signature->data + part * 66;
      g_autofree char *larger = NULL;
      g_autofree char *order = NULL;
      g_autofree char *zero = NULL;

      g_assert_true (add_numbers (number, p521_order, 66));
      larger = replace_signature (token, signature->data, signature->len);
      memcpy (number, p521_order, 66);
      order = replace_signature (token, signature->data, signature->len);
      memset (number, 0, 66);
      zero = replace_signature (token, signature->data, signature->len);

      assert_verdict ("number plus n", larger, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("n", order, keys.set, NULL, WF_JWS_INVALID);
      assert_verdict ("zero", zero, keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 53: DER where raw numbers belong. */
static void
test_53_ecdsa_der (void)
{
  static const char *const names[] = { "ES256", "ES384", "ES512" };
  WfTestKey *const signers[] = { keys.p256, keys.p384, keys.p521 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *token = sign (signers[i], names[i], NULL);
      g_autoptr (GByteArray) raw = get_signature (token);
      gnutls_datum_t r = { raw->data, raw->len / 2 };
      gnutls_datum_t s = { raw->data + raw->len / 2, raw->len / 2 };
      gnutls_datum_t der;
      g_autofree char *forged = NULL;
      g_autofree guint8 *padded = g_malloc0 (raw->len);

      g_assert_cmpint (gnutls_encode_rs_value (&der, &r, &s), ==, 0);
      forged = replace_signature (token, der.data, der.size);
      assert_verdict ("DER", forged, keys.set, NULL, WF_JWS_INVALID);

      /* DER in exactly the length of the raw form */
      memcpy (padded, der.data, MIN (der.size, raw->len));
      g_free (g_steal_pointer (&forged));
      forged = replace_signature (token, padded, raw->len);
      assert_verdict ("DER of the raw length", forged, keys.set, NULL, WF_JWS_INVALID);
      gnutls_free (der.data);
    }
}

static void
test_other_key (void)
{
  g_autofree char *rsa = sign (keys.other_rsa, "RS256", "rsa");
  g_autofree char *pss = sign (keys.other_rsa, "PS256", "rsa");
  g_autofree char *ec = sign (keys.other_p256, "ES256", "p256");

  assert_verdict ("RS256", rsa, keys.set, NULL, WF_JWS_INVALID);
  assert_verdict ("PS256", pss, keys.set, NULL, WF_JWS_INVALID);
  assert_verdict ("ES256", ec, keys.set, NULL, WF_JWS_INVALID);
}

/* A second number that is the same modulo the RSA modulus. */
static void
test_rsa_malleability (void)
{
  g_autoptr (WfJwks) jwks = parse_set (keys.set);
  gnutls_datum_t n;
  const guint8 *modulus;
  guint found = 0;

  gnutls_pubkey_export_rsa_raw (wf_jwk_get_public_key (wf_jwks_get_key (jwks, 0)), &n, NULL);
  modulus = n.data + n.size - 256;
  for (guint i = 0; i < 64 && found < 2; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{\"n\":%u}", i);
      g_autofree char *token = wf_test_key_sign (keys.rsa, "RS256", "{\"alg\":\"RS256\"}", payload);
      g_autoptr (GByteArray) signature = get_signature (token);
      g_autofree char *forged = NULL;

      if (!add_numbers (signature->data, modulus, 256))
        continue;
      found++;
      forged = replace_signature (token, signature->data, signature->len);
      assert_verdict ("s plus n", forged, keys.set, NULL, WF_JWS_INVALID);
    }
  gnutls_free (n.data);
  if (found == 0)
    g_test_message ("the modulus is too large for a second number");
}

static void
assert_larger_s_refused (const WfTestKey *key,
                         const guint8    *order,
                         guint            length)
{
  g_autofree char *token = sign (key, "EdDSA", NULL);
  g_autoptr (GByteArray) signature = get_signature (token);
  g_autofree char *forged = NULL;
  guint8 *number = signature->data + length;
  guint carry = 0;

  g_assert_cmpuint (signature->len, ==, 2 * length);
  for (guint i = 0; i < length; i++)
    {
      carry += number[i] + order[i];
      number[i] = (guint8) carry;
      carry >>= 8;
    }
  g_assert_cmpuint (carry, ==, 0);
  forged = replace_signature (token, signature->data, signature->len);
  assert_verdict ("S plus L", forged, keys.set, NULL, WF_JWS_INVALID);
}

/* RFC 8032 §5.1.7, §5.2.7: S must be below the order. */
static void
test_eddsa_malleability (void)
{
  /* L, little-endian */
  static const guint8 order_25519[32] = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
  };
  static const guint8 order_448[57] = {
    0xf3, 0x44, 0x58, 0xab, 0x92, 0xc2, 0x78, 0x23, 0x55, 0x8f, 0xc5, 0x8d, 0x72, 0xc2, 0x6c, 0x21,
    0x90, 0x36, 0xd6, 0xae, 0x49, 0xdb, 0x4e, 0xc4, 0xe9, 0x23, 0xca, 0x7c, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0x00,
  };

  assert_larger_s_refused (keys.ed25519, order_25519, 32);
  assert_larger_s_refused (keys.ed448, order_448, 57);
}

/* PKCS #1 v1.5 made by hand: the number that is its own cube needs e = 3 and a careless reader. */
static void
test_rsa_raw_values (void)
{
  g_autofree char *token = sign (keys.rsa, "RS256", NULL);
  guint8 values[4][256] = { { 0 } };

  values[1][255] = 1;
  memset (values[2], 0xff, 256);
  values[3][1] = 1;
  memset (values[3] + 2, 0xff, 200);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *forged = replace_signature (token, values[i], 256);

      assert_verdict ("raw value", forged, keys.set, NULL, WF_JWS_INVALID);
    }
}

static void
test_random_signatures (void)
{
  guint8 bytes[512];

  for (guint i = 0; i < 400; i++)
    {
      guint j = i % G_N_ELEMENTS (algorithms);
      g_autofree char *token = sign (*algorithms[j].key, algorithms[j].algorithm, algorithms[j].key_id);
      g_autoptr (GByteArray) signature = get_signature (token);
      g_autofree char *forged = NULL;

      wf_random_bytes (bytes, sizeof bytes);
      forged = replace_signature (token, bytes, signature->len);
      assert_verdict ("random", forged, keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 57 */
static void
test_57_encrypted (void)
{
  static const char *const headers[] = {
    "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}", "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}", "{\"alg\":\"none\",\"enc\":\"none\"}",
    "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647,\"enc\":\"A128GCM\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *header = wf_base64url_encode (headers[i], strlen (headers[i]));
      g_autofree char *token = g_strconcat (header, ".AAAA.AAAA.AAAA.AAAA", NULL);

      assert_verdict (headers[i], token, keys.set, "secret", WF_JWS_UNVERIFIED);
    }
}

static void
test_reference (void)
{
  g_autofree char *token = sign (keys.p256, "ES256", "p256");
  WfVerification *verification = verify (token, keys.set, NULL);
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
  g_test_add_func ("/jws/46-none", test_46_none);
  g_test_add_func ("/jws/46-unknown-algorithms", test_unknown_algorithms);
  g_test_add_func ("/jws/47-key-confusion", test_47_key_confusion);
  g_test_add_func ("/jws/48-symmetric-key", test_48_symmetric_key);
  g_test_add_func ("/jws/shared-secret", test_shared_secret);
  g_test_add_func ("/jws/49-key-purpose", test_49_key_purpose);
  g_test_add_func ("/jws/edwards-names", test_edwards_names);
  g_test_add_func ("/jws/50-extensions", test_50_extensions);
  g_test_add_func ("/jws/51-embedded-keys", test_51_embedded_keys);
  g_test_add_func ("/jws/52-key-id", test_52_key_id);
  g_test_add_func ("/jws/same-key-id-twice", test_same_key_id_twice);
  g_test_add_func ("/jws/no-key-id", test_no_key_id);
  g_test_add_func ("/jws/53-ecdsa-range", test_53_ecdsa_range);
  g_test_add_func ("/jws/53-ecdsa-der", test_53_ecdsa_der);
  g_test_add_func ("/jws/other-key", test_other_key);
  g_test_add_func ("/jws/rsa-malleability", test_rsa_malleability);
  g_test_add_func ("/jws/eddsa-malleability", test_eddsa_malleability);
  g_test_add_func ("/jws/rsa-raw-values", test_rsa_raw_values);
  g_test_add_func ("/jws/random-signatures", test_random_signatures);
  g_test_add_func ("/jws/57-encrypted", test_57_encrypted);
  g_test_add_func ("/jws/reference", test_reference);

  make_keys ();
  result = g_test_run ();
  free_keys ();

  return result;
}
