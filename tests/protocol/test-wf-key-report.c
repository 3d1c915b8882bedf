/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <string.h>

#include "wf-expect.h"
#include "wf-json.h"
#include "wf-key-report.h"
#include "wf-test-jose.h"

/* RFC 7638 §3.1 */
#define RSA_N                                                                                                \
  "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3" \
  "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA" \
  "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-" \
  "kEgU8awapJzKnqDKgw"
#define RSA_KEY "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\",\"use\":\"sig\"}"
#define RSA_THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
/* RFC 8037 appendix A.3 */
#define OKP_KEY "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define OKP_THUMBPRINT "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

static GPtrArray *
list (const char *json)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *reports = wf_key_report_list (json, strlen (json), &error);

  g_assert_no_error (error);
  g_assert_nonnull (reports);
  return reports;
}

static const WfKeyReport *
at (GPtrArray *reports,
    guint      index)
{
  g_assert_cmpuint (index, <, reports->len);
  return g_ptr_array_index (reports, index);
}

static void
test_thumbprint (void)
{
  g_autoptr (GPtrArray) reports = list ("{\"keys\":[" RSA_KEY "," OKP_KEY ",{\"kty\":\"oct\",\"k\":\"AAECAwQFBgc\"},{\"kty\":\"RSA\",\"e\":\"AQAB\"}]}");

  g_assert_cmpstr (at (reports, 0)->thumbprint, ==, RSA_THUMBPRINT);
  g_assert_cmpstr (at (reports, 1)->thumbprint, ==, OKP_THUMBPRINT);
  /* RFC 7638 §7: none of a shared key; and none where a member is missing */
  g_assert_null (at (reports, 2)->thumbprint);
  g_assert_null (at (reports, 3)->thumbprint);
}

static void
test_members (void)
{
  g_autoptr (WfTestKey) key = wf_test_key_new_curve ("P-384");
  g_autofree char *jwk = wf_test_key_to_jwk (key, "\"key_ops\":[\"sign\",\"verify\"],\"kid\":\"a\\u202eb\"");
  g_autofree char *set = wf_test_make_jwks (jwk, RSA_KEY, NULL);
  g_autoptr (GPtrArray) reports = list (set);
  const WfKeyReport *ec = at (reports, 0);
  const WfKeyReport *rsa = at (reports, 1);

  g_assert_cmpuint (ec->position, ==, 1);
  g_assert_cmpstr (ec->key_type, ==, "EC");
  g_assert_cmpstr (ec->curve, ==, "P-384");
  g_assert_cmpuint (ec->bits, ==, 384);
  g_assert_cmpstr (ec->operations, ==, "sign, verify");
  g_assert_cmpstr (ec->key_id, ==, "ab");
  g_assert_null (ec->use);
  g_assert_null (ec->algorithm);
  g_assert_null (ec->problem);
  g_assert_false (ec->is_private);

  g_assert_cmpuint (rsa->position, ==, 2);
  g_assert_cmpuint (rsa->bits, ==, 2048);
  g_assert_cmpstr (rsa->algorithm, ==, "RS256");
  g_assert_cmpstr (rsa->key_id, ==, "2011-04-29");
  g_assert_cmpstr (rsa->use, ==, "sig");
  g_assert_null (rsa->curve);
  g_assert_null (rsa->problem);
}

/* What is said of a key agrees with what is done with it. */
static void
test_problems (void)
{
  static const struct { const char *key; const char *words; } cases[] = {
    { "{\"kty\":\"oct\",\"k\":\"AAECAwQFBgc\"}", "shared key" },
    { "{\"kty\":\"dilithium\"}", "kind" },
    { "{\"kid\":\"a\"}", "kind" },
    { "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "2,048" },
    { "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"}", "exponent" },
    { "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\"}", "missing" },
    { "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}", "curve" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", "full length" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
      "\"y\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}", "not on its curve" },
    { "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", "anything" },
    { "{\"kty\":\"RSA\",\"kid\":7}", "no text" },
    { "{\"kty\":\"RSA\",\"use\":7}", "what it is for" },
    { "7", "no JSON object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *set = wf_test_make_jwks (cases[i].key, NULL);
      g_autoptr (GPtrArray) reports = list (set);
      g_autoptr (WfJwks) jwks = wf_jwks_parse (set, strlen (set), NULL);

      g_assert_cmpuint (wf_jwks_get_n_skipped (jwks), ==, 1);
      g_assert_nonnull (at (reports, 0)->problem);
      if (!strstr (at (reports, 0)->problem, cases[i].words))
        g_error ("%s: %s", cases[i].key, at (reports, 0)->problem);
    }
}

static void
test_purpose (void)
{
  g_autoptr (GPtrArray) reports = list ("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\","
                                        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");

  g_assert_nonnull (at (reports, 0)->problem);
  g_assert_cmpstr (at (reports, 0)->use, ==, "enc");
  g_assert_cmpuint (at (reports, 0)->bits, ==, 256);
}

static void
test_private (void)
{
  g_autoptr (GPtrArray) reports = list ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                                        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");

  g_assert_cmpuint (reports->len, ==, 1);
  g_assert_cmpuint (at (reports, 0)->position, ==, 1);
  g_assert_true (at (reports, 0)->is_private);
  g_assert_null (at (reports, 0)->problem);
}

static void
test_many (void)
{
  g_autoptr (GString) set = g_string_new ("{\"keys\":[");
  g_autoptr (GPtrArray) reports = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append (set, i > 0 ? ",{}" : "{}");
  g_string_append (set, "]}");
  reports = list (set->str);
  g_assert_cmpuint (reports->len, ==, WF_JWKS_MAX_KEYS);
}

static void
test_errors (void)
{
  wf_expect_error (wf_key_report_list ("{}", 2, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_key_report_list ("[]", 2, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_key_report_list ("{\"keys\":{}}", 11, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_key_report_list ("{\"keys\":", 8, &err), WF_ERROR_MALFORMED_RESPONSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-report/thumbprint", test_thumbprint);
  g_test_add_func ("/key-report/members", test_members);
  g_test_add_func ("/key-report/problems", test_problems);
  g_test_add_func ("/key-report/purpose", test_purpose);
  g_test_add_func ("/key-report/private", test_private);
  g_test_add_func ("/key-report/many", test_many);
  g_test_add_func ("/key-report/errors", test_errors);

  return g_test_run ();
}
