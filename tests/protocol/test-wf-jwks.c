/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-jwks.h"
#include "wf-test-jose-vectors.h"
#include "wf-test-jose.h"

static WfJwks *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  WfJwks *jwks = wf_jwks_parse (json, strlen (json), &error);

  g_assert_no_error (error);

  return jwks;
}

static WfJwks *
parse_one (const char *jwk)
{
  g_autofree char *set = wf_test_make_jwks (jwk, NULL);

  return parse (set);
}

static void
assert_usable (const char *jwk)
{
  g_autoptr (WfJwks) jwks = parse_one (jwk);

  if (wf_jwks_get_n_keys (jwks) != 1 || wf_jwks_get_n_skipped (jwks) != 0)
    g_error ("left out: %s", jwk);
}

static void
assert_left_out (const char *jwk)
{
  g_autoptr (WfJwks) jwks = parse_one (jwk);

  if (wf_jwks_get_n_keys (jwks) != 0 || wf_jwks_get_n_skipped (jwks) != 1)
    g_error ("used: %s", jwk);
}

static void
test_types (void)
{
  static const struct
  {
    const char *curve;
    WfKeyType   type;
    guint       bits;
  } curves[] = {
    { "P-256", WF_KEY_TYPE_EC, 256 },
    { "P-384", WF_KEY_TYPE_EC, 384 },
    { "P-521", WF_KEY_TYPE_EC, 521 },
    { "Ed25519", WF_KEY_TYPE_OKP, 256 },
    { "Ed448", WF_KEY_TYPE_OKP, 456 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      g_autoptr (WfTestKey) key = wf_test_key_new_curve (curves[i].curve);
      g_autofree char *jwk = wf_test_key_to_jwk (key, "\"kid\":\"a\",\"alg\":\"x\"");
      g_autoptr (WfJwks) jwks = parse_one (jwk);
      const WfJwk *first;

      g_assert_cmpuint (wf_jwks_get_n_keys (jwks), ==, 1);
      first = wf_jwks_get_key (jwks, 0);
      g_assert_cmpint (wf_jwk_get_key_type (first), ==, curves[i].type);
      g_assert_cmpstr (wf_jwk_get_curve (first), ==, curves[i].curve);
      g_assert_cmpuint (wf_jwk_get_bits (first), ==, curves[i].bits);
      g_assert_cmpstr (wf_jwk_get_key_id (first), ==, "a");
      g_assert_cmpstr (wf_jwk_get_algorithm (first), ==, "x");
      g_assert_true (wf_jwk_can_verify (first));
      g_assert_nonnull (wf_jwk_get_public_key (first));
    }
}

static void
test_rsa (void)
{
  g_autoptr (WfTestKey) key = wf_test_key_new_rsa (2048);
  g_autofree char *jwk = wf_test_key_to_jwk (key, NULL);
  g_autoptr (WfJwks) jwks = parse_one (jwk);
  const WfJwk *first = wf_jwks_get_key (jwks, 0);

  g_assert_cmpint (wf_jwk_get_key_type (first), ==, WF_KEY_TYPE_RSA);
  g_assert_null (wf_jwk_get_curve (first));
  g_assert_cmpuint (wf_jwk_get_bits (first), ==, 2048);
  g_assert_null (wf_jwk_get_key_id (first));
  g_assert_null (wf_jwk_get_algorithm (first));
}

/* A made-up modulus of @bits, odd unless @is_even, with @zeros needless bytes in front. */
static char *
make_modulus (guint    bits,
              gboolean is_even,
              guint    zeros)
{
  gsize length = (bits + 7) / 8;
  g_autofree guint8 *bytes = g_malloc0 (zeros + length);

  memset (bytes + zeros, 0x5a, length);
  bytes[zeros] = (guint8) (1 << (bits - 1) % 8);
  bytes[zeros + length - 1] = is_even ? 0x5a : 0x5b;

  return wf_base64url_encode (bytes, zeros + length);
}

static char *
make_rsa (guint       bits,
          gboolean    is_even,
          guint       zeros,
          const char *e)
{
  g_autofree char *n = make_modulus (bits, is_even, zeros);

  return g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", n, e);
}

/* Catalogue 54 */
static void
test_rsa_bounds (void)
{
  static const struct
  {
    guint       bits;
    gboolean    is_even;
    guint       zeros;
    const char *e;
    gboolean    is_usable;
  } cases[] = {
    { 2048, FALSE, 0, "AQAB", TRUE },
    { 2048, FALSE, 1, "AQAB", TRUE },
    { 2049, FALSE, 0, "AQAB", TRUE },
    { 3072, FALSE, 0, "Aw", TRUE },
    { 4096, FALSE, 0, "AQAB", TRUE },
    { 8192, FALSE, 0, "AQAB", TRUE },
    { 8192, FALSE, 1, "AQAB", TRUE },
    { 2048, FALSE, 0, "AAEAAQ", TRUE },      /* 65537 with a needless zero */
    { 2048, FALSE, 0, "_____________w", FALSE }, /* more than 64 bits */
    { 2048, FALSE, 0, "__________8", TRUE }, /* 2^64 - 1 */
    { 2047, FALSE, 0, "AQAB", FALSE },
    { 1024, FALSE, 0, "AQAB", FALSE },
    { 512, FALSE, 0, "AQAB", FALSE },
    { 8, FALSE, 0, "AQAB", FALSE },
    { 1024, FALSE, 128, "AQAB", FALSE },
    { 8193, FALSE, 0, "AQAB", FALSE },
    { 16384, FALSE, 0, "AQAB", FALSE },
    { 8 * 128 * 1024, FALSE, 0, "AQAB", FALSE },
    { 2048, TRUE, 0, "AQAB", FALSE },
    { 2048, FALSE, 0, "AQ", FALSE },     /* 1 */
    { 2048, FALSE, 0, "AAE", FALSE },    /* 1 with a zero */
    { 2048, FALSE, 0, "AA", FALSE },     /* 0 */
    { 2048, FALSE, 0, "", FALSE },
    { 2048, FALSE, 0, "Ag", FALSE },     /* 2 */
    { 2048, FALSE, 0, "AQAA", FALSE },   /* 65536 */
    { 2048, FALSE, 0, "AQAB=", FALSE },
    { 2048, FALSE, 0, "AQAC", FALSE },   /* 65538 */
    { 2048, FALSE, 0, "65537", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *jwk = make_rsa (cases[i].bits, cases[i].is_even, cases[i].zeros, cases[i].e);

      if (cases[i].is_usable)
        assert_usable (jwk);
      else
        assert_left_out (jwk);
    }
}

static void
test_malformed_rsa (void)
{
  static const char *const jwks[] = {
    "{\"kty\":\"RSA\"}",
    "{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":1,\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":[\"AQAB\"],\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":null,\"e\":null}",
    "{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\"}",
  };
  g_autofree char *n = make_modulus (2048, FALSE, 0);
  g_autofree char *number = g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":65537}", n);
  g_autofree char *padded = g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s==\",\"e\":\"AQAB\"}", n);
  g_autofree char *lower_case = g_strdup_printf ("{\"kty\":\"rsa\",\"n\":\"%s\",\"e\":\"AQAB\"}", n);

  for (guint i = 0; i < G_N_ELEMENTS (jwks); i++)
    assert_left_out (jwks[i]);
  assert_left_out (number);
  assert_left_out (padded);
  assert_left_out (lower_case);
}

/* RFC 7515 appendix A.3.1 */
#define X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Catalogue 53 */
static void
test_curve_bounds (void)
{
  static const char *const left_out[] = {
    /* not on the curve */
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" X "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" Y "\",\"y\":\"" X "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" ZEROS "\",\"y\":\"" ZEROS "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" ZEROS "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"__________________________________________8\",\"y\":\"" Y "\"}",
    /* on another curve, or on none that is named so */
    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"p-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"Ed25519\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":1,\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    /* lengths */
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "=\",\"y\":\"" Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
    /* Edwards curves */
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}",
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\"}",
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
    "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}",
    "{\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}",
    "{\"kty\":\"OKP\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":[\"" X "\"],\"y\":\"" Y "\"}",
  };

  assert_usable ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}");
  assert_usable ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}");
  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    assert_left_out (left_out[i]);
}

/* Points by which everything is signed, in all their spellings. */
static void
test_weak_points (void)
{
  static const guint8 ends[][2] = { { 0x00, 0x00 }, { 0x01, 0x00 }, { 0xec, 0x7f }, { 0xed, 0x7f }, { 0xee, 0x7f }, { 0xff, 0x7f } };
  static const char *const order_8[] = {
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c6333" "9b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends) + G_N_ELEMENTS (order_8); i++)
    for (guint sign = 0; sign < 2; sign++)
      {
        guint8 point[32];
        g_autofree char *x = NULL;
        g_autofree char *jwk = NULL;

        if (i < G_N_ELEMENTS (ends))
          {
            memset (point, ends[i][1] ? 0xff : 0, sizeof point);
            point[0] = ends[i][0];
            point[31] = ends[i][1];
          }
        else
          {
            const char *digits = order_8[i - G_N_ELEMENTS (ends)];

            for (guint j = 0; j < 32; j++)
              point[j] = (guint8) (g_ascii_xdigit_value (digits[2 * j]) << 4 | g_ascii_xdigit_value (digits[2 * j + 1]));
          }
        point[31] |= (guint8) (sign << 7);
        x = wf_base64url_encode (point, sizeof point);
        jwk = g_strdup_printf ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}", x);
        assert_left_out (jwk);
      }
}

static void
test_weak_points_448 (void)
{
  /* y = 0, 1, p - 1, p, p + 1 */
  static const struct
  {
    guint8 first;
    guint8 middle;
    guint8 rest;
  } points[] = { { 0, 0, 0 }, { 1, 0, 0 }, { 0xfe, 0xfe, 0xff }, { 0xff, 0xfe, 0xff }, { 0x00, 0xff, 0xff }, { 0xff, 0xff, 0xff } };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      guint8 point[57];
      g_autofree char *x = NULL;
      g_autofree char *jwk = NULL;

      memset (point, points[i].rest, sizeof point);
      point[0] = points[i].first;
      point[28] = points[i].middle;
      point[56] = 0;
      x = wf_base64url_encode (point, sizeof point);
      jwk = g_strdup_printf ("{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"%s\"}", x);
      assert_left_out (jwk);
    }
}

/* Catalogue 48 and others */
static void
test_other_types (void)
{
  static const char *const left_out[] = {
    "{}",
    "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}",
    "{\"kty\":\"OCT\",\"k\":\"AAAA\"}",
    "{\"kty\":null}",
    "{\"kty\":1}",
    "{\"kty\":[\"EC\"],\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"ec\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"}",
    "{\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\"}",
    "[]",
    "null",
    "\"EC\"",
    "1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (left_out); i++)
    assert_left_out (left_out[i]);
}

/* Catalogue 49 */
static void
test_purpose (void)
{
  static const struct
  {
    const char *members;
    gboolean    can_verify;
  } cases[] = {
    { "\"x5t\":\"a\"", TRUE },
    { "\"use\":\"sig\"", TRUE },
    { "\"use\":\"enc\"", FALSE },
    { "\"use\":\"\"", FALSE },
    { "\"use\":\"SIG\"", FALSE },
    { "\"key_ops\":[\"verify\"]", TRUE },
    { "\"key_ops\":[\"sign\",\"verify\"]", TRUE },
    { "\"key_ops\":[\"encrypt\"]", FALSE },
    { "\"key_ops\":[\"sign\"]", FALSE },
    { "\"key_ops\":[]", FALSE },
    { "\"use\":\"sig\",\"key_ops\":[\"verify\"]", TRUE },
    { "\"use\":\"sig\",\"key_ops\":[\"encrypt\"]", FALSE },
    { "\"use\":\"enc\",\"key_ops\":[\"verify\"]", FALSE },
  };
  static const char *const malformed[] = {
    "\"use\":1", "\"use\":null", "\"use\":[\"sig\"]", "\"key_ops\":\"verify\"", "\"key_ops\":{}", "\"key_ops\":[1]", "\"key_ops\":null",
    "\"kid\":1", "\"kid\":null", "\"kid\":[\"a\"]", "\"alg\":1", "\"alg\":null",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *jwk = g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\",%s}", cases[i].members);
      g_autoptr (WfJwks) jwks = parse_one (jwk);

      g_assert_cmpuint (wf_jwks_get_n_keys (jwks), ==, 1);
      if (wf_jwk_can_verify (wf_jwks_get_key (jwks, 0)) != cases[i].can_verify)
        g_error ("%s", cases[i].members);
    }
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *jwk = g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" Y "\",%s}", malformed[i]);

      assert_left_out (jwk);
    }
}

static char *
make_ec (const char *key_id)
{
  return g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"" X "\",\"y\":\"" Y "\"}", key_id);
}

/* Catalogue 58 */
static void
test_bad_among_good (void)
{
  g_autofree char *a = make_ec ("a");
  g_autofree char *b = make_ec ("b");
  g_autofree char *set = wf_test_make_jwks ("{}", a, "{\"kty\":\"oct\",\"kid\":\"c\",\"k\":\"AAAA\"}", "7", b, a, NULL);
  g_autoptr (WfJwks) jwks = parse (set);

  g_assert_cmpuint (wf_jwks_get_n_keys (jwks), ==, 3);
  g_assert_cmpuint (wf_jwks_get_n_skipped (jwks), ==, 3);
  g_assert_true (wf_jwks_has_key_id (jwks, "a"));
  g_assert_true (wf_jwks_has_key_id (jwks, "b"));
  g_assert_false (wf_jwks_has_key_id (jwks, "c"));
  g_assert_false (wf_jwks_has_key_id (jwks, "A"));
  g_assert_false (wf_jwks_has_key_id (jwks, ""));
  g_assert_false (wf_jwks_has_key_id (jwks, NULL));
}

static void
test_many (void)
{
  GString *text = g_string_new ("{\"keys\":[");
  g_autoptr (WfJwks) jwks = NULL;
  gint64 start;

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *key_id = g_strdup_printf ("%u", i);
      g_autofree char *jwk = make_ec (key_id);

      g_string_append_printf (text, "%s%s", i ? "," : "", jwk);
    }
  g_string_append (text, "]}");

  start = g_get_monotonic_time ();
  jwks = parse (text->str);
  g_test_message ("5000 keys in %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (wf_jwks_get_n_keys (jwks), ==, WF_JWKS_MAX_KEYS);
  g_assert_cmpuint (wf_jwks_get_n_skipped (jwks), ==, 5000 - WF_JWKS_MAX_KEYS);
  g_assert_true (wf_jwks_has_key_id (jwks, "99"));
  g_assert_false (wf_jwks_has_key_id (jwks, "100"));
  g_string_free (text, TRUE);
}

static void
test_long_names (void)
{
  g_autofree char *longest = g_strnfill (1024, 'k');
  g_autofree char *longer = g_strnfill (1025, 'k');
  g_autofree char *good = make_ec (longest);
  g_autofree char *bad = make_ec (longer);

  assert_usable (good);
  assert_left_out (bad);
}

static void
test_sets (void)
{
  static const char *const bad[] = {
    "", "[]", "null", "1", "\"keys\"", "{}", "{\"keys\":{}}", "{\"keys\":null}", "{\"keys\":\"\"}", "{\"Keys\":[]}", "{\"keys\":[]}{}",
    "{\"keys\":[],\"keys\":[]}", "<html></html>", "{\"keys\":[{\"kty\":\"EC\",\"kty\":\"RSA\"}]}",
  };
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *bare = make_ec ("a");
  g_autoptr (WfJwks) empty = parse ("{\"keys\":[]}");
  g_autoptr (WfJwks) one = parse (bare);
  g_autoptr (WfJwks) bare_bad = parse ("{\"kty\":\"oct\",\"k\":\"AAAA\"}");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (wf_jwks_get_n_keys (empty), ==, 0);
  g_assert_cmpuint (wf_jwks_get_n_skipped (empty), ==, 0);
  g_assert_cmpuint (wf_jwks_get_n_keys (one), ==, 1);
  g_assert_cmpuint (wf_jwks_get_n_keys (bare_bad), ==, 0);
  g_assert_cmpuint (wf_jwks_get_n_skipped (bare_bad), ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (wf_jwks_parse (bad[i], strlen (bad[i]), &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_clear_error (&error);
    }
  g_assert_null (wf_jwks_parse (large, strlen (large), &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
}

static void
test_private_members (void)
{
  /* RFC 8037 appendix A.1; only the public half is taken. */
  assert_usable ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                 "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURHo\"}");
}

static void
test_other_makers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_vectors); i++)
    assert_usable (good_vectors[i].jwk);
}

static void
test_boxed (void)
{
  g_autoptr (WfJwks) jwks = parse ("{\"keys\":[]}");
  WfJwks *copy = g_boxed_copy (WF_TYPE_JWKS, jwks);

  g_assert_true (copy == jwks);
  g_boxed_free (WF_TYPE_JWKS, copy);
  g_assert_cmpuint (wf_jwks_get_n_keys (jwks), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jwks/types", test_types);
  g_test_add_func ("/jwks/rsa", test_rsa);
  g_test_add_func ("/jwks/rsa-bounds", test_rsa_bounds);
  g_test_add_func ("/jwks/malformed-rsa", test_malformed_rsa);
  g_test_add_func ("/jwks/curve-bounds", test_curve_bounds);
  g_test_add_func ("/jwks/weak-points", test_weak_points);
  g_test_add_func ("/jwks/weak-points-448", test_weak_points_448);
  g_test_add_func ("/jwks/other-types", test_other_types);
  g_test_add_func ("/jwks/purpose", test_purpose);
  g_test_add_func ("/jwks/bad-among-good", test_bad_among_good);
  g_test_add_func ("/jwks/many", test_many);
  g_test_add_func ("/jwks/long-names", test_long_names);
  g_test_add_func ("/jwks/sets", test_sets);
  g_test_add_func ("/jwks/private-members", test_private_members);
  g_test_add_func ("/jwks/other-makers", test_other_makers);
  g_test_add_func ("/jwks/boxed", test_boxed);

  return g_test_run ();
}
