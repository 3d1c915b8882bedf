/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tokens that somebody made up, by the numbers of the catalogue of hostile servers. */

#include <glib.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-jws.h"
#include "wf-random.h"
#include "wf-test-verify.h"

/* Catalogue 46 */
static void
test_46_none (void)
{
  static const char *const names[] = { "none", "None", "NONE", "nOnE", "nonE", "", "none ", " none", "null", "NoNe" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", names[i]);
      g_autofree char *input = wf_test_make_input (header, WF_TEST_PAYLOAD);
      g_autofree char *unsigned_token = g_strconcat (input, ".", NULL);
      g_autofree char *signed_token = wf_test_sign_header (header);

      wf_test_assert_verdict (names[i], unsigned_token, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], unsigned_token, NULL, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], unsigned_token, NULL, "secret", WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], signed_token, wf_test_keys.set, NULL, WF_JWS_INVALID);
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
      g_autofree char *token = wf_test_sign_header (header);

      wf_test_assert_verdict (names[i], token, wf_test_keys.set, "secret", WF_JWS_INVALID);
      wf_test_assert_verdict (names[i], token, NULL, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 47: everything that is public, used as the key of an HMAC. */
static void
test_47_key_confusion (void)
{
  static const char *const names[] = { "HS256", "HS384", "HS512" };
  g_autoptr (WfJwks) jwks = wf_test_parse_set (wf_test_keys.set);
  gnutls_pubkey_t key = wf_jwk_get_public_key (wf_jwks_get_key (jwks, 0));
  gnutls_datum_t forms[6] = { { NULL, 0 } };
  g_autofree char *jwk = wf_test_key_to_jwk (wf_test_keys.rsa, "\"kid\":\"rsa\"");

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
        g_autofree char *token = wf_test_sign_hmac (forms[i].data, forms[i].size, names[j], header, WF_TEST_PAYLOAD);

        wf_test_assert_verdict ("public client", token, wf_test_keys.set, NULL, WF_JWS_INVALID);
        wf_test_assert_verdict ("confidential client", token, wf_test_keys.set, "the real secret", WF_JWS_INVALID);
        wf_test_assert_verdict ("no key set", token, NULL, "the real secret", WF_JWS_INVALID);
        wf_test_assert_verdict ("empty secret", token, wf_test_keys.set, "", WF_JWS_INVALID);
        wf_test_assert_verdict ("empty secret without a set", token, NULL, "", WF_JWS_INVALID);
      }

  for (guint i = 0; i < 3; i++)
    gnutls_free (forms[i].data);
}

/* Catalogue 48 */
static void
test_48_symmetric_key (void)
{
  g_autofree char *token = wf_test_sign_hmac ("published", 9, "HS256", "{\"alg\":\"HS256\",\"kid\":\"k\"}", WF_TEST_PAYLOAD);
  static const char set[] = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"cHVibGlzaGVk\",\"alg\":\"HS256\"}]}";

  wf_test_assert_verdict ("oct", token, set, NULL, WF_JWS_INVALID);
  wf_test_assert_verdict ("oct and a secret", token, set, "the real secret", WF_JWS_INVALID);
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
      g_autofree char *jwk = wf_test_key_to_jwk (wf_test_keys.rsa, with_id);
      g_autofree char *set = wf_test_make_jwks (jwk, NULL);
      g_autofree char *token = wf_test_sign (wf_test_keys.rsa, cases[i].algorithm, "a");
      g_autofree char *without = wf_test_sign (wf_test_keys.rsa, cases[i].algorithm, NULL);

      wf_test_assert_verdict (cases[i].members, token, set, NULL, cases[i].verdict);
      wf_test_assert_verdict (cases[i].members, without, set, NULL, cases[i].verdict == WF_JWS_INVALID ? WF_JWS_NO_KEY : cases[i].verdict);
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
      g_autofree char *token = wf_test_sign_header (header);
      g_autofree char *hmac = wf_test_sign_hmac ("secret", 6, "HS256", hmac_header, WF_TEST_PAYLOAD);

      wf_test_assert_verdict (members[i], token, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (members[i], token, NULL, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (members[i], hmac, NULL, "secret", WF_JWS_INVALID);
    }
}

/* Catalogue 51: a key that the token brings along is no reason to believe it. */
static void
test_51_embedded_keys (void)
{
  g_autofree char *jwk = wf_test_key_to_jwk (wf_test_keys.other_rsa, "\"kid\":\"rsa\"");
  g_autofree char *embedded = g_strdup_printf ("\"jwk\":%s", jwk);
  const char *const members[] = {
    embedded, "\"jku\":\"https://evil.example/jwks\"", "\"x5u\":\"https://evil.example/certificate\"", "\"x5c\":[\"MIIB\"]", "\"x5t\":\"AAAA\"", "\"jku\":7",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *member = members[i];
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",%s}", member);
      g_autofree char *with_id = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"rsa\",%s}", member);
      g_autofree char *forged = wf_test_key_sign (wf_test_keys.other_rsa, "RS256", header, WF_TEST_PAYLOAD);
      g_autofree char *forged_with_id = wf_test_key_sign (wf_test_keys.other_rsa, "RS256", with_id, WF_TEST_PAYLOAD);
      g_autofree char *honest = wf_test_sign_header (header);

      wf_test_assert_verdict (member, forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (member, forged_with_id, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (member, forged, NULL, NULL, WF_JWS_UNVERIFIED);
      /* Ignored, not refused: the issuer's own signature counts. */
      wf_test_assert_verdict (member, honest, wf_test_keys.set, NULL, WF_JWS_VERIFIED);
    }
}

/* Catalogue 52 */
static void
test_52_key_id (void)
{
  static const char *const unknown[] = { "unknown", "", "RSA", "rsa ", "../rsa", "../../../../dev/null", "rsa' OR '1'='1", "\\u0072s", "p256\\n", "http://evil.example/" };
  static const char *const malformed[] = { "7", "null", "[\"rsa\"]", "{}", "true", "1e5" };
  g_autofree char *other = wf_test_sign (wf_test_keys.rsa, "RS256", "p256");

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_autofree char *token = wf_test_sign (wf_test_keys.rsa, "RS256", unknown[i]);

      wf_test_assert_verdict (unknown[i], token, wf_test_keys.set, NULL, WF_JWS_NO_KEY);
    }
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":%s}", malformed[i]);
      g_autofree char *token = wf_test_sign_header (header);

      wf_test_assert_verdict (malformed[i], token, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict (malformed[i], token, NULL, NULL, WF_JWS_INVALID);
    }
  /* the id of another key */
  wf_test_assert_verdict ("p256", other, wf_test_keys.set, NULL, WF_JWS_INVALID);
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
  g_autofree char *token = wf_test_sign (wf_test_keys.p521, "ES512", NULL);

  for (guint part = 0; part < 2; part++)
    {
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      guint8 *number = signature->data + part * 66;
      g_autofree char *larger = NULL;
      g_autofree char *order = NULL;
      g_autofree char *zero = NULL;

      g_assert_true (add_numbers (number, p521_order, 66));
      larger = wf_test_replace_signature (token, signature->data, signature->len);
      memcpy (number, p521_order, 66);
      order = wf_test_replace_signature (token, signature->data, signature->len);
      memset (number, 0, 66);
      zero = wf_test_replace_signature (token, signature->data, signature->len);

      wf_test_assert_verdict ("number plus n", larger, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("n", order, wf_test_keys.set, NULL, WF_JWS_INVALID);
      wf_test_assert_verdict ("zero", zero, wf_test_keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 53: DER where raw numbers belong. */
static void
test_53_ecdsa_der (void)
{
  static const char *const names[] = { "ES256", "ES384", "ES512" };
  WfTestKey *const signers[] = { wf_test_keys.p256, wf_test_keys.p384, wf_test_keys.p521 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *token = wf_test_sign (signers[i], names[i], NULL);
      g_autoptr (GByteArray) raw = wf_test_get_signature (token);
      gnutls_datum_t r = { raw->data, raw->len / 2 };
      gnutls_datum_t s = { raw->data + raw->len / 2, raw->len / 2 };
      gnutls_datum_t der;
      g_autofree char *forged = NULL;
      g_autofree guint8 *padded = g_malloc0 (raw->len);

      g_assert_cmpint (gnutls_encode_rs_value (&der, &r, &s), ==, 0);
      forged = wf_test_replace_signature (token, der.data, der.size);
      wf_test_assert_verdict ("DER", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);

      /* DER in exactly the length of the raw form */
      memcpy (padded, der.data, MIN (der.size, raw->len));
      g_free (g_steal_pointer (&forged));
      forged = wf_test_replace_signature (token, padded, raw->len);
      wf_test_assert_verdict ("DER of the raw length", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
      gnutls_free (der.data);
    }
}

static void
test_other_key (void)
{
  g_autofree char *rsa = wf_test_sign (wf_test_keys.other_rsa, "RS256", "rsa");
  g_autofree char *pss = wf_test_sign (wf_test_keys.other_rsa, "PS256", "rsa");
  g_autofree char *ec = wf_test_sign (wf_test_keys.other_p256, "ES256", "p256");

  wf_test_assert_verdict ("RS256", rsa, wf_test_keys.set, NULL, WF_JWS_INVALID);
  wf_test_assert_verdict ("PS256", pss, wf_test_keys.set, NULL, WF_JWS_INVALID);
  wf_test_assert_verdict ("ES256", ec, wf_test_keys.set, NULL, WF_JWS_INVALID);
}

/* A second number that is the same modulo the RSA modulus. */
static void
test_rsa_malleability (void)
{
  g_autoptr (WfJwks) jwks = wf_test_parse_set (wf_test_keys.set);
  gnutls_datum_t n;
  const guint8 *modulus;
  guint found = 0;

  gnutls_pubkey_export_rsa_raw (wf_jwk_get_public_key (wf_jwks_get_key (jwks, 0)), &n, NULL);
  modulus = n.data + n.size - 256;
  for (guint i = 0; i < 64 && found < 2; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{\"n\":%u}", i);
      g_autofree char *token = wf_test_key_sign (wf_test_keys.rsa, "RS256", "{\"alg\":\"RS256\"}", payload);
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      g_autofree char *forged = NULL;

      if (!add_numbers (signature->data, modulus, 256))
        continue;
      found++;
      forged = wf_test_replace_signature (token, signature->data, signature->len);
      wf_test_assert_verdict ("s plus n", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
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
  g_autofree char *token = wf_test_sign (key, "EdDSA", NULL);
  g_autoptr (GByteArray) signature = wf_test_get_signature (token);
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
  forged = wf_test_replace_signature (token, signature->data, signature->len);
  wf_test_assert_verdict ("S plus L", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
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

  assert_larger_s_refused (wf_test_keys.ed25519, order_25519, 32);
  assert_larger_s_refused (wf_test_keys.ed448, order_448, 57);
}

/* PKCS #1 v1.5 made by hand: the number that is its own cube needs e = 3 and a careless reader. */
static void
test_rsa_raw_values (void)
{
  g_autofree char *token = wf_test_sign (wf_test_keys.rsa, "RS256", NULL);
  guint8 values[4][256] = { { 0 } };

  values[1][255] = 1;
  memset (values[2], 0xff, 256);
  values[3][1] = 1;
  memset (values[3] + 2, 0xff, 200);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *forged = wf_test_replace_signature (token, values[i], 256);

      wf_test_assert_verdict ("raw value", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
    }
}

static void
test_random_signatures (void)
{
  guint8 bytes[512];

  for (guint i = 0; i < 400; i++)
    {
      guint j = i % WF_TEST_N_ALGORITHMS;
      g_autofree char *token = wf_test_sign (*wf_test_algorithms[j].key, wf_test_algorithms[j].algorithm, wf_test_algorithms[j].key_id);
      g_autoptr (GByteArray) signature = wf_test_get_signature (token);
      g_autofree char *forged = NULL;

      wf_random_bytes (bytes, sizeof bytes);
      forged = wf_test_replace_signature (token, bytes, signature->len);
      wf_test_assert_verdict ("random", forged, wf_test_keys.set, NULL, WF_JWS_INVALID);
    }
}

/* Catalogue 57 */
static void
test_57_encrypted (void)
{
  static const char *const headers[] = {
    "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}", "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}", "{\"alg\":\"none\",\"enc\":\"none\"}",
    "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"enc\":\"A128GCM\"}", "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647,\"enc\":\"A128GCM\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *header = wf_base64url_encode (headers[i], strlen (headers[i]));
      g_autofree char *token = g_strconcat (header, ".AAAA.AAAA.AAAA.AAAA", NULL);

      wf_test_assert_verdict (headers[i], token, wf_test_keys.set, "secret", WF_JWS_UNVERIFIED);
    }
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jws-forgeries/46-none", test_46_none);
  g_test_add_func ("/jws-forgeries/46-unknown-algorithms", test_unknown_algorithms);
  g_test_add_func ("/jws-forgeries/47-key-confusion", test_47_key_confusion);
  g_test_add_func ("/jws-forgeries/48-symmetric-key", test_48_symmetric_key);
  g_test_add_func ("/jws-forgeries/49-key-purpose", test_49_key_purpose);
  g_test_add_func ("/jws-forgeries/50-extensions", test_50_extensions);
  g_test_add_func ("/jws-forgeries/51-embedded-keys", test_51_embedded_keys);
  g_test_add_func ("/jws-forgeries/52-key-id", test_52_key_id);
  g_test_add_func ("/jws-forgeries/53-ecdsa-range", test_53_ecdsa_range);
  g_test_add_func ("/jws-forgeries/53-ecdsa-der", test_53_ecdsa_der);
  g_test_add_func ("/jws-forgeries/other-key", test_other_key);
  g_test_add_func ("/jws-forgeries/rsa-malleability", test_rsa_malleability);
  g_test_add_func ("/jws-forgeries/eddsa-malleability", test_eddsa_malleability);
  g_test_add_func ("/jws-forgeries/rsa-raw-values", test_rsa_raw_values);
  g_test_add_func ("/jws-forgeries/random-signatures", test_random_signatures);
  g_test_add_func ("/jws-forgeries/57-encrypted", test_57_encrypted);

  wf_test_keys_init ();
  result = g_test_run ();
  wf_test_keys_clear ();

  return result;
}
