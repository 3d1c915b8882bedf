/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wf-expect.h"
#include "wf-inspection.h"
#include "wf-json.h"
#include "wf-key-report.h"
#include "wf-test-jose.h"

#define NOW 1800000000

static char *
make_token (const char *payload)
{
  return wf_test_sign_hmac ("secret", 6, "HS256", "{\"alg\":\"HS256\",\"kid\":\"k\"}", payload);
}

static WfInspection *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  WfInspection *inspection = wf_inspection_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (inspection);
  return inspection;
}

/* What comes along when a token is copied is not part of it. */
static void
test_wrappings (void)
{
  static const char *const wrappings[] = {
    "%s", "%s\n", " \t%s \r\n", "Bearer %s", "bearer  %s\n", "Authorization: Bearer %s", "authorization:Bearer %s", "\"%s\"", "'%s' ",
    "\" %s \"",
  };
  g_autofree char *token = make_token ("{\"sub\":\"alice\"}");

  for (guint i = 0; i < G_N_ELEMENTS (wrappings); i++)
    {
      g_auto (GStrv) halves = g_strsplit (wrappings[i], "%s", 2);
      g_autofree char *text = g_strconcat (halves[0], token, halves[1], NULL);
      g_autoptr (WfInspection) inspection = parse (text);

      g_assert_cmpstr (secret_value_get_text (inspection->token), ==, token);
      g_assert_cmpstr (wf_jwt_get_claim_string (inspection->jwt, "sub"), ==, "alice");
      g_assert_null (inspection->keys);
    }
}

static void
test_wrapped_lines (void)
{
  g_autofree char *token = make_token ("{\"sub\":\"alice\"}");
  g_autoptr (GString) wrapped = g_string_new (NULL);
  g_autoptr (WfInspection) inspection = NULL;

  for (gsize i = 0; token[i]; i++)
    {
      if (i % 20 == 19)
        g_string_append (wrapped, "\r\n  ");
      g_string_append_c (wrapped, token[i]);
    }
  inspection = parse (wrapped->str);
  g_assert_cmpstr (secret_value_get_text (inspection->token), ==, token);
}

static void
test_keys (void)
{
  g_autoptr (WfTestKey) key = wf_test_key_new_curve ("P-256");
  g_autofree char *jwk = wf_test_key_to_jwk (key, "\"kid\":\"a\"");
  g_autofree char *set = wf_test_make_jwks (jwk, "{\"kty\":\"oct\",\"k\":\"AA\"}", NULL);
  g_autofree char *spaced = g_strdup_printf ("\n %s\n", set);
  g_autoptr (WfInspection) many = parse (spaced);
  g_autoptr (WfInspection) one = parse (jwk);

  g_assert_null (many->jwt);
  g_assert_null (many->token);
  g_assert_cmpuint (wf_jwks_get_n_keys (many->keys), ==, 1);
  g_assert_cmpuint (many->reports->len, ==, 2);
  g_assert_cmpuint (wf_jwks_get_n_keys (one->keys), ==, 1);
  g_assert_cmpuint (one->reports->len, ==, 1);
}

static void
test_encrypted (void)
{
  g_autoptr (WfInspection) inspection = parse ("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.YQ.YQ.YQ.YQ");
  g_autoptr (WfVerification) verification = wf_inspection_skip (inspection->jwt);
  g_autoptr (GPtrArray) checks = wf_inspection_check (inspection->jwt, verification, "https://id.example.org", NOW);

  g_assert_cmpint (wf_jwt_get_kind (inspection->jwt), ==, WF_JWT_ENCRYPTED);
  g_assert_cmpstr (wf_inspection_get_word (verification), ==, "unverified");
  g_assert_nonnull (strstr (verification->reason, "encrypted"));
  g_assert_cmpuint (checks->len, ==, 0);
}

static WfInspection *
parse_or_fail (const char *text,
               GError    **error)
{
  return wf_inspection_parse (text, strlen (text), error);
}

static void
test_errors (void)
{
  g_autofree char *large = g_strnfill (WF_INSPECTION_MAX_BYTES + 1, ' ');
  g_autofree char *long_token = g_strnfill (WF_JWT_MAX_BYTES + 1, 'a');

  wf_expect_error (parse_or_fail ("", &err), WF_ERROR_USAGE);
  wf_expect_error (parse_or_fail (" \n\t ", &err), WF_ERROR_USAGE);
  wf_expect_error (parse_or_fail (large, &err), WF_ERROR_RESPONSE_TOO_LARGE);
  wf_expect_error (parse_or_fail (long_token, &err), WF_ERROR_RESPONSE_TOO_LARGE);
  wf_expect_error (parse_or_fail ("an-opaque-token", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("Bearer ", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("\"", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("a.b.c", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("{\"access_token\":\"a\"}", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("{", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("[]", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_or_fail ("{\"payload\":\"a\",\"signatures\":[]}", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_inspection_parse ("\0.\0.\0", 5, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_inspection_parse ("\xff\xfe", 2, &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_words (void)
{
  g_autofree char *token = make_token ("{}");
  g_autoptr (WfInspection) inspection = parse (token);
  g_autoptr (WfSecretValue) secret = wf_secret_new ("secret", -1);
  g_autoptr (WfSecretValue) wrong = wf_secret_new ("wrong", -1);
  g_autoptr (WfVerification) skipped = wf_inspection_skip (inspection->jwt);
  g_autoptr (WfVerification) good = wf_jws_verify (inspection->jwt, NULL, secret);
  g_autoptr (WfVerification) bad = wf_jws_verify (inspection->jwt, NULL, wrong);
  g_autoptr (WfVerification) unknown = wf_jws_verify (inspection->jwt, NULL, NULL);
  g_autoptr (JsonNode) document = wf_inspection_describe (inspection->jwt, good);
  g_autofree char *json = wf_json_to_string (document, FALSE);

  g_assert_cmpstr (wf_inspection_get_word (skipped), ==, "unverified");
  g_assert_cmpstr (skipped->key_id, ==, "k");
  g_assert_cmpstr (wf_inspection_get_word (good), ==, "verified");
  g_assert_cmpstr (wf_inspection_get_word (bad), ==, "invalid");
  g_assert_cmpstr (wf_inspection_get_word (unknown), ==, "unverified");
  g_assert_cmpstr (json, ==, "{\"header\":{\"alg\":\"HS256\",\"kid\":\"k\"},\"claims\":{},\"signature\":\"verified\","
                             "\"reason\":null,\"algorithm\":\"HS256\",\"kid\":\"k\"}");

  wf_expect_ok (wf_inspection_judge (good, &err));
  wf_expect_error (wf_inspection_judge (bad, &err), WF_ERROR_SIGNATURE_INVALID);
  wf_expect_error (wf_inspection_judge (unknown, &err), WF_ERROR_SIGNATURE_INVALID);
  wf_expect_error (wf_inspection_judge (skipped, &err), WF_ERROR_SIGNATURE_INVALID);
}

/* "+exp -nbf" for a payload */
static char *
check (const char *payload,
       const char *issuer,
       const char *key)
{
  g_autofree char *token = make_token (payload);
  g_autoptr (WfInspection) inspection = parse (token);
  g_autoptr (WfSecretValue) secret = key ? wf_secret_new (key, -1) : NULL;
  g_autoptr (WfVerification) verification = wf_jws_verify (inspection->jwt, NULL, secret);
  g_autoptr (GPtrArray) checks = wf_inspection_check (inspection->jwt, verification, issuer, NOW);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < checks->len; i++)
    {
      const WfCheck *line = g_ptr_array_index (checks, i);

      g_assert_cmpstr (line->detail, !=, "");
      g_string_append_printf (words, "%s%c%s", i > 0 ? " " : "", line->passed ? '+' : '-', line->name);
    }
  return g_string_free (words, FALSE);
}

static void
test_checks (void)
{
  static const struct { const char *payload; const char *issuer; const char *key; const char *expected; } cases[] = {
    { "{}", NULL, NULL, "" },
    { "{}", NULL, "secret", "+signature" },
    { "{}", NULL, "wrong", "-signature" },
    { "{\"iss\":\"https://a.example\"}", NULL, NULL, "" },
    { "{\"iss\":\"https://a.example\"}", "https://a.example", NULL, "+iss" },
    { "{\"iss\":\"https://a.example/\"}", "https://a.example", NULL, "-iss" },
    { "{}", "https://a.example", NULL, "-iss" },
    { "{\"exp\":1800000000}", NULL, NULL, "+exp" }, /* within the skew */
    { "{\"exp\":1799999940}", NULL, NULL, "-exp" },
    { "{\"exp\":1799999941}", NULL, NULL, "+exp" },
    { "{\"exp\":\"soon\"}", NULL, NULL, "-exp" },
    { "{\"exp\":-1}", NULL, NULL, "-exp" },
    { "{\"nbf\":1800000060}", NULL, NULL, "+nbf" },
    { "{\"nbf\":1800000061}", NULL, NULL, "-nbf" },
    { "{\"nbf\":null}", NULL, NULL, "-nbf" },
    { "{\"iat\":1800000000.5}", NULL, NULL, "+iat" },
    { "{\"iat\":1800000061}", NULL, NULL, "-iat" },
    { "{\"iat\":[]}", NULL, NULL, "-iat" },
    { "{\"iat\":1,\"exp\":2,\"nbf\":1,\"iss\":\"a\"}", "a", "secret", "+signature +iss -exp +nbf +iat" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = check (cases[i].payload, cases[i].issuer, cases[i].key);

      if (!g_str_equal (words, cases[i].expected))
        g_error ("%s: %s instead of %s", cases[i].payload, words, cases[i].expected);
    }
}

/* A megabyte is read in less than a blink. */
static void
test_large (void)
{
  g_autofree char *filling = g_strnfill (700 * 1024, 'x');
  g_autofree char *payload = g_strdup_printf ("{\"sub\":\"%s\"}", filling);
  g_autofree char *token = make_token (payload);
  g_autoptr (WfInspection) inspection = parse (token);

  g_assert_cmpuint (strlen (token), >, 900 * 1024);
  g_assert_cmpuint (strlen (wf_jwt_get_claim_string (inspection->jwt, "sub")), ==, 700 * 1024);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inspection/wrappings", test_wrappings);
  g_test_add_func ("/inspection/wrapped-lines", test_wrapped_lines);
  g_test_add_func ("/inspection/keys", test_keys);
  g_test_add_func ("/inspection/encrypted", test_encrypted);
  g_test_add_func ("/inspection/errors", test_errors);
  g_test_add_func ("/inspection/words", test_words);
  g_test_add_func ("/inspection/checks", test_checks);
  g_test_add_func ("/inspection/large", test_large);

  return g_test_run ();
}
