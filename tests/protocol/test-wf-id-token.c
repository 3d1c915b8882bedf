/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-id-token.h"

#include "wf-base64url.h"
#include "wf-expect.h"
#include "wf-test-jose.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795353600)
#define ISSUER "https://login.example.org"
#define CLIENT "warifu"
#define HEADER "{\"alg\":\"RS256\"}"

/* The members of an honest token, each of which a test can replace. */
typedef struct
{
  const char *iss;
  const char *aud;
  const char *sub;
  const char *exp;
  const char *iat;
  const char *more;
} Claims;

static const Claims honest = {
  .iss = "\"" ISSUER "\"",
  .aud = "\"" CLIENT "\"",
  .sub = "\"alice\"",
  .exp = "1795357200",
  .iat = "1795353600",
  .more = "",
};

static WfIdTokenExpectations
expect (void)
{
  return (WfIdTokenExpectations) {
    .issuer = ISSUER, .client_id = CLIENT, .max_age = -1, .now = NOW, .skew = WF_DEFAULT_SKEW,
  };
}

static void
append_member (GString    *json,
               const char *name,
               const char *value)
{
  if (!value)
    return;
  if (json->len > 1)
    g_string_append_c (json, ',');
  g_string_append_printf (json, "\"%s\":%s", name, value);
}

static char *
make_payload (const Claims *claims)
{
  g_autoptr (GString) json = g_string_new ("{");

  append_member (json, "iss", claims->iss);
  append_member (json, "aud", claims->aud);
  append_member (json, "sub", claims->sub);
  append_member (json, "exp", claims->exp);
  append_member (json, "iat", claims->iat);
  if (*claims->more)
    g_string_append_printf (json, "%s%s", json->len > 1 ? "," : "", claims->more);
  g_string_append_c (json, '}');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static WfJwt *
make_jwt (const char   *header,
          const Claims *claims)
{
  g_autofree char *payload = make_payload (claims);
  g_autofree char *input = wf_test_make_input (header, payload);
  g_autofree char *text = g_strconcat (input, ".c2ln", NULL);
  g_autoptr (GError) error = NULL;
  WfJwt *jwt = wf_jwt_parse (text, -1, &error);

  g_assert_no_error (error);
  return jwt;
}

static WfVerification
make_verdict (WfJwsVerdict verdict)
{
  return (WfVerification) { .verdict = verdict };
}

static gboolean
check_with_header (const char                  *header,
                   const Claims                *claims,
                   const WfIdTokenExpectations *expectations,
                   GError                     **error)
{
  g_autoptr (WfJwt) jwt = make_jwt (header, claims);
  WfVerification verification = make_verdict (WF_JWS_VERIFIED);

  return wf_id_token_check (jwt, &verification, expectations, NULL, error);
}

static gboolean
check (const Claims                *claims,
       const WfIdTokenExpectations *expectations,
       GError                     **error)
{
  return check_with_header (HEADER, claims, expectations, error);
}

static void
assert_accepted (const Claims *claims)
{
  WfIdTokenExpectations expectations = expect ();

  wf_expect_ok (check (claims, &expectations, &err));
}

/* Refused, and the sentence names the claim. */
static void
assert_refused_with (const Claims                *claims,
                     const WfIdTokenExpectations *expectations,
                     const char                  *claim,
                     WfError                      code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *quoted = g_strdup_printf ("“%s”", claim);

  if (check (claims, expectations, &error))
    {
      g_autofree char *payload = make_payload (claims);

      g_error ("accepted: %s", payload);
    }
  g_assert_error (error, WF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, quoted));
}

static void
assert_refused (const Claims *claims,
                const char   *claim)
{
  WfIdTokenExpectations expectations = expect ();

  assert_refused_with (claims, &expectations, claim, WF_ERROR_ID_TOKEN_INVALID);
}

static void
test_honest (void)
{
  assert_accepted (&honest);
}

static void
test_lines (void)
{
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = make_verdict (WF_JWS_VERIFIED);
  g_autoptr (WfJwt) jwt = make_jwt (HEADER, &honest);
  g_autoptr (GPtrArray) checks = NULL;
  static const char *const names[] = { "signature", "iss", "aud", "sub", "exp", "iat" };

  wf_expect_ok (wf_id_token_check (jwt, &verification, &expectations, &checks, &err));
  g_assert_cmpuint (checks->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < checks->len; i++)
    {
      const WfCheck *line = g_ptr_array_index (checks, i);

      g_assert_cmpstr (line->name, ==, names[i]);
      g_assert_true (line->passed);
      g_assert_cmpstr (line->detail, !=, "");
    }
}

/* Every line is there, the failed ones too; the error is that of the first. */
static void
test_lines_failed (void)
{
  Claims claims = honest;
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = make_verdict (WF_JWS_INVALID);
  g_autoptr (WfJwt) jwt = NULL;
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (GError) error = NULL;
  guint n_failed = 0;

  claims.iss = "\"https://evil.example.org\"";
  claims.exp = "1";
  claims.more = "\"azp\":\"other\",\"nbf\":1,\"nonce\":\"x\",\"at_hash\":\"x\",\"auth_time\":1,\"acr\":\"low\"";
  expectations.nonce = "n";
  expectations.acr_values = "high";
  expectations.max_age = 60;
  expectations.access_token = wf_secret_new ("token", -1);
  jwt = make_jwt (HEADER, &claims);
  g_assert_false (wf_id_token_check (jwt, &verification, &expectations, &checks, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID);
  g_assert_cmpuint (checks->len, ==, 12);
  for (guint i = 0; i < checks->len; i++)
    n_failed += !((WfCheck *) g_ptr_array_index (checks, i))->passed;
  g_assert_cmpuint (n_failed, ==, 8);
  secret_value_unref (expectations.access_token);
}

static void
check_verdict (WfJwsVerdict verdict,
               const char  *header,
               gboolean     accepted)
{
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = make_verdict (verdict);
  g_autoptr (WfJwt) jwt = make_jwt (header, &honest);

  if (accepted)
    wf_expect_ok (wf_id_token_check (jwt, &verification, &expectations, NULL, &err));
  else
    wf_expect_error (wf_id_token_check (jwt, &verification, &expectations, NULL, &err), WF_ERROR_SIGNATURE_INVALID);
}

/* Catalogue 46 */
static void
test_signature (void)
{
  static const char *const none[] = { "{\"alg\":\"none\"}", "{\"alg\":\"None\"}", "{\"alg\":\"nOnE\"}", "{\"alg\":\"NONE\"}" };

  check_verdict (WF_JWS_VERIFIED, HEADER, TRUE);
  check_verdict (WF_JWS_UNVERIFIED, HEADER, TRUE);
  check_verdict (WF_JWS_NO_KEY, HEADER, FALSE);
  check_verdict (WF_JWS_INVALID, HEADER, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      check_verdict (WF_JWS_VERIFIED, none[i], FALSE);
      check_verdict (WF_JWS_UNVERIFIED, none[i], FALSE);
      check_verdict (WF_JWS_INVALID, none[i], FALSE);
    }
}

static void
test_signature_reason (void)
{
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = { .verdict = WF_JWS_INVALID, .reason = (char *) "The key is too short." };
  g_autoptr (WfJwt) jwt = make_jwt (HEADER, &honest);
  g_autoptr (GError) error = NULL;

  g_assert_false (wf_id_token_check (jwt, &verification, &expectations, NULL, &error));
  g_assert_nonnull (strstr (error->message, "The key is too short."));
}

/* A real signature, through the whole road. */
static void
test_signed (void)
{
  g_autoptr (WfTestKey) key = wf_test_key_new_curve ("P-256");
  g_autofree char *payload = make_payload (&honest);
  g_autofree char *text = wf_test_key_sign (key, "ES256", "{\"alg\":\"ES256\"}", payload);
  g_autofree char *jwk = wf_test_key_to_jwk (key, NULL);
  g_autofree char *set = wf_test_make_jwks (jwk, NULL);
  g_autoptr (WfJwks) jwks = wf_jwks_parse (set, strlen (set), NULL);
  g_autoptr (WfJwt) jwt = wf_jwt_parse (text, -1, NULL);
  g_autoptr (WfVerification) verified = wf_jws_verify (jwt, jwks, NULL);
  g_autoptr (WfVerification) no_set = wf_jws_verify (jwt, NULL, NULL);
  WfIdTokenExpectations expectations = expect ();

  g_assert_cmpint (verified->verdict, ==, WF_JWS_VERIFIED);
  wf_expect_ok (wf_id_token_check (jwt, verified, &expectations, NULL, &err));
  g_assert_cmpint (no_set->verdict, ==, WF_JWS_UNVERIFIED);
  wf_expect_ok (wf_id_token_check (jwt, no_set, &expectations, NULL, &err));
}

/* Catalogue 57 */
static void
test_encrypted (void)
{
  g_autofree char *header = wf_base64url_encode ("{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", 34);
  g_autofree char *text = g_strconcat (header, ".a.b.c.d", NULL);
  g_autoptr (WfJwt) jwt = wf_jwt_parse (text, -1, NULL);
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = make_verdict (WF_JWS_UNVERIFIED);
  g_autoptr (GPtrArray) checks = NULL;

  g_assert_nonnull (jwt);
  wf_expect_error (wf_id_token_check (jwt, &verification, &expectations, &checks, &err), WF_ERROR_ID_TOKEN_INVALID);
  g_assert_cmpuint (checks->len, ==, 1);
}

static void
test_issuer (void)
{
  static const char *const bad[] = {
    NULL, "\"\"", "null", "7", "[\"" ISSUER "\"]", "\"" ISSUER "/\"", "\"https://evil.example.org\"",
    "\"HTTPS://login.example.org\"", "\"" ISSUER " \"",
  };
  Claims claims = honest;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.iss = bad[i];
      assert_refused (&claims, "iss");
    }
}

/* Core §3.1.3.7 item 3; catalogue 56 */
static void
test_audience (void)
{
  static const char *const good[] = { "\"warifu\"", "[\"warifu\"]", "[\"warifu\",\"warifu\"]" };
  static const char *const bad[] = {
    NULL, "\"\"", "\"other\"", "null", "7", "{}", "[]", "[\"other\"]", "[\"warifu\",\"other\"]", "[\"other\",\"warifu\"]",
    "[\"warifu\",7]", "[[\"warifu\"]]", "\"warifu \"", "\"Warifu\"", "[\"\"]",
  };
  Claims claims = honest;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      claims.aud = good[i];
      assert_accepted (&claims);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.aud = bad[i];
      assert_refused (&claims, "aud");
    }
  claims.aud = "[\"warifu\",\"other\"]";
  claims.more = "\"azp\":\"warifu\"";
  assert_refused (&claims, "aud");
}

static void
test_authorized_party (void)
{
  static const char *const bad[] = { "\"azp\":\"other\"", "\"azp\":\"\"", "\"azp\":null", "\"azp\":[\"warifu\"]", "\"azp\":7" };
  Claims claims = honest;

  claims.more = "\"azp\":\"warifu\"";
  assert_accepted (&claims);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.more = bad[i];
      assert_refused (&claims, "azp");
    }
}

static void
test_subject (void)
{
  g_autofree char *long_name = g_strnfill (255, 's');
  g_autofree char *longest = g_strdup_printf ("\"%s\"", long_name);
  g_autofree char *too_long = g_strdup_printf ("\"%ss\"", long_name);
  const char *bad[] = { NULL, "\"\"", "null", "7", "[\"alice\"]", too_long };
  Claims claims = honest;

  claims.sub = longest;
  assert_accepted (&claims);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.sub = bad[i];
      assert_refused (&claims, "sub");
    }
}

/* Core §12.2; catalogue 42 */
static void
test_subject_on_refresh (void)
{
  WfIdTokenExpectations expectations = expect ();

  expectations.is_refresh = TRUE;
  expectations.previous_subject = "alice";
  wf_expect_ok (check (&honest, &expectations, &err));
  expectations.previous_subject = "bob";
  assert_refused_with (&honest, &expectations, "sub", WF_ERROR_ID_TOKEN_INVALID);
}

static void
test_expiry (void)
{
  static const char *const good[] = { "1795353541", "1795353600.5", "1.7953572e9" };
  static const char *const bad[] = {
    NULL, "1795353540", "0", "-1", "1e300", "99999999999999999999999", "\"1795357200\"", "null", "true", "[1795357200]",
  };
  Claims claims = honest;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      claims.exp = good[i];
      assert_accepted (&claims);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.exp = bad[i];
      assert_refused (&claims, "exp");
    }
}

static void
test_issued_at (void)
{
  static const char *const good[] = { "1795353660", "0", "1795353600.9" };
  static const char *const bad[] = { NULL, "1795353661", "1e300", "\"1795353600\"", "null", "-1", "false" };
  Claims claims = honest;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      claims.iat = good[i];
      assert_accepted (&claims);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.iat = bad[i];
      assert_refused (&claims, "iat");
    }
}

static void
test_not_before (void)
{
  static const char *const bad[] = { "\"nbf\":1795353661", "\"nbf\":\"1\"", "\"nbf\":null", "\"nbf\":1e300" };
  Claims claims = honest;

  claims.more = "\"nbf\":1795353660";
  assert_accepted (&claims);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.more = bad[i];
      assert_refused (&claims, "nbf");
    }
}

static void
test_skew (void)
{
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.skew = 0;
  claims.exp = "1795353600";
  assert_refused_with (&claims, &expectations, "exp", WF_ERROR_ID_TOKEN_INVALID);
  claims.exp = "1795353601";
  wf_expect_ok (check (&claims, &expectations, &err));
  claims.iat = "1795353601";
  assert_refused_with (&claims, &expectations, "iat", WF_ERROR_ID_TOKEN_INVALID);
}

/* Catalogue 14 */
static void
test_nonce (void)
{
  static const char *const bad[] = { "", "\"nonce\":\"other\"", "\"nonce\":null", "\"nonce\":[\"n-1\"]", "\"nonce\":\"n-1 \"" };
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.nonce = "n-1";
  claims.more = "\"nonce\":\"n-1\"";
  wf_expect_ok (check (&claims, &expectations, &err));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.more = bad[i];
      assert_refused_with (&claims, &expectations, "nonce", WF_ERROR_NONCE_MISMATCH);
    }
}

static void
test_nonce_on_refresh (void)
{
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.is_refresh = TRUE;
  claims.more = "\"nonce\":\"of the sign-in\"";
  wf_expect_ok (check (&claims, &expectations, &err));
  expectations.nonce = "n-1";
  wf_expect_ok (check (&honest, &expectations, &err));
  assert_refused_with (&claims, &expectations, "nonce", WF_ERROR_NONCE_MISMATCH);
}

/* Core appendix A.3 gives this token and its hash. */
#define A3_TOKEN "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
#define A3_HASH "77QmUPtjPfzWtF2AnpK9RQ"

static void
test_access_token_hash (void)
{
  static const char *const bad[] = {
    "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RR\"", "\"at_hash\":\"\"", "\"at_hash\":null", "\"at_hash\":7",
    "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ==\"",
  };
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.access_token = wf_secret_new (A3_TOKEN, -1);
  wf_expect_ok (check (&claims, &expectations, &err)); /* may be missing in this flow */
  claims.more = "\"at_hash\":\"" A3_HASH "\"";
  wf_expect_ok (check (&claims, &expectations, &err));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.more = bad[i];
      assert_refused_with (&claims, &expectations, "at_hash", WF_ERROR_ID_TOKEN_INVALID);
    }
  secret_value_unref (expectations.access_token);
  expectations.access_token = NULL;
  wf_expect_ok (check (&claims, &expectations, &err)); /* nothing to compare with */
}

static void
test_access_token_hash_eddsa (void)
{
  static const char *const hashes[] = { "Ed25519", "Ed448" };
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.access_token = wf_secret_new (A3_TOKEN, -1);
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_autofree char *hash = wf_id_token_make_hash (hashes[i], A3_TOKEN);
      g_autofree char *member = g_strdup_printf ("\"at_hash\":\"%s\"", hash);
      g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", hashes[i]);

      claims.more = member;
      wf_expect_ok (check_with_header ("{\"alg\":\"EdDSA\"}", &claims, &expectations, &err));
      wf_expect_ok (check_with_header (header, &claims, &expectations, &err));
      wf_expect_error (check_with_header ("{\"alg\":\"XX256\"}", &claims, &expectations, &err), WF_ERROR_ID_TOKEN_INVALID);
    }
  secret_value_unref (expectations.access_token);
}

static void
assert_hash (const char *algorithm,
             const char *expected)
{
  g_autofree char *hash = wf_id_token_make_hash (algorithm, A3_TOKEN);

  g_assert_cmpstr (hash, ==, expected);
}

static void
test_make_hash (void)
{
  g_autofree char *sha384 = wf_id_token_make_hash ("ES384", A3_TOKEN);
  g_autofree char *sha512 = wf_id_token_make_hash ("RS512", A3_TOKEN);
  g_autofree char *shake = wf_id_token_make_hash ("Ed448", A3_TOKEN);

  assert_hash ("RS256", A3_HASH);
  assert_hash ("PS256", A3_HASH);
  assert_hash ("ES256", A3_HASH);
  assert_hash ("HS256", A3_HASH);
  g_assert_cmpuint (strlen (sha384), ==, 32);
  g_assert_cmpuint (strlen (sha512), ==, 43);
  g_assert_cmpuint (strlen (shake), ==, 76);
  assert_hash ("PS384", sha384);
  assert_hash ("HS512", sha512);
  assert_hash ("EdDSA", sha512);
  assert_hash ("Ed25519", sha512);
  assert_hash ("none", NULL);
  assert_hash ("", NULL);
  assert_hash ("XX256", NULL);
  assert_hash ("RS257", NULL);
  assert_hash ("ES256K", NULL);
  assert_hash ("rs256", NULL);
  assert_hash ("RS", NULL);
}

static void
test_auth_time (void)
{
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.max_age = 300;
  assert_refused_with (&claims, &expectations, "auth_time", WF_ERROR_ID_TOKEN_INVALID);
  claims.more = "\"auth_time\":1795353240"; /* 300 + 60 seconds ago */
  wf_expect_ok (check (&claims, &expectations, &err));
  claims.more = "\"auth_time\":1795353239";
  assert_refused_with (&claims, &expectations, "auth_time", WF_ERROR_ID_TOKEN_INVALID);
  expectations.is_refresh = TRUE;
  wf_expect_ok (check (&claims, &expectations, &err));
  wf_expect_ok (check (&honest, &expectations, &err));
  expectations.is_refresh = FALSE;
  expectations.max_age = -1;
  wf_expect_ok (check (&claims, &expectations, &err));
  claims.more = "\"auth_time\":\"yesterday\"";
  assert_refused_with (&claims, &expectations, "auth_time", WF_ERROR_ID_TOKEN_INVALID);
  claims.more = "\"auth_time\":1795353661";
  assert_refused_with (&claims, &expectations, "auth_time", WF_ERROR_ID_TOKEN_INVALID);
  claims.more = "\"auth_time\":0";
  expectations.max_age = G_MAXINT64;
  wf_expect_ok (check (&claims, &expectations, &err));
}

static void
test_context_class (void)
{
  static const char *const bad[] = { "", "\"acr\":\"low\"", "\"acr\":\"\"", "\"acr\":null", "\"acr\":[\"high\"]", "\"acr\":\"high mid\"" };
  WfIdTokenExpectations expectations = expect ();
  Claims claims = honest;

  expectations.acr_values = "high mid";
  claims.more = "\"acr\":\"mid\"";
  wf_expect_ok (check (&claims, &expectations, &err));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      claims.more = bad[i];
      assert_refused_with (&claims, &expectations, "acr", WF_ERROR_ID_TOKEN_INVALID);
    }
  expectations.is_refresh = TRUE;
  wf_expect_ok (check (&honest, &expectations, &err));
  claims.more = "\"acr\":\"low\"";
  assert_refused_with (&claims, &expectations, "acr", WF_ERROR_ID_TOKEN_INVALID);
  expectations.acr_values = NULL;
  wf_expect_ok (check (&claims, &expectations, &err));
}

/* Claims that a hostile server puts into a token do not get into sentences. */
static void
test_values_are_not_quoted (void)
{
  WfIdTokenExpectations expectations = expect ();
  WfVerification verification = make_verdict (WF_JWS_VERIFIED);
  Claims claims = { .iss = "\"canary\"", .aud = "\"canary\"", .sub = "\"canary\"", .exp = "1", .iat = "\"canary\"", .more = "\"azp\":\"canary\"" };
  g_autoptr (WfJwt) jwt = make_jwt (HEADER, &claims);
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (wf_id_token_check (jwt, &verification, &expectations, &checks, &error));
  g_assert_null (strstr (error->message, "canary"));
  for (guint i = 0; i < checks->len; i++)
    g_assert_null (strstr (((WfCheck *) g_ptr_array_index (checks, i))->detail, "canary"));
}

static void
test_check_free (void)
{
  wf_check_free (NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id-token/honest", test_honest);
  g_test_add_func ("/id-token/lines", test_lines);
  g_test_add_func ("/id-token/lines/failed", test_lines_failed);
  g_test_add_func ("/id-token/signature", test_signature);
  g_test_add_func ("/id-token/signature/reason", test_signature_reason);
  g_test_add_func ("/id-token/signed", test_signed);
  g_test_add_func ("/id-token/encrypted", test_encrypted);
  g_test_add_func ("/id-token/iss", test_issuer);
  g_test_add_func ("/id-token/aud", test_audience);
  g_test_add_func ("/id-token/azp", test_authorized_party);
  g_test_add_func ("/id-token/sub", test_subject);
  g_test_add_func ("/id-token/sub/refresh", test_subject_on_refresh);
  g_test_add_func ("/id-token/exp", test_expiry);
  g_test_add_func ("/id-token/iat", test_issued_at);
  g_test_add_func ("/id-token/nbf", test_not_before);
  g_test_add_func ("/id-token/skew", test_skew);
  g_test_add_func ("/id-token/nonce", test_nonce);
  g_test_add_func ("/id-token/nonce/refresh", test_nonce_on_refresh);
  g_test_add_func ("/id-token/at_hash", test_access_token_hash);
  g_test_add_func ("/id-token/at_hash/eddsa", test_access_token_hash_eddsa);
  g_test_add_func ("/id-token/make-hash", test_make_hash);
  g_test_add_func ("/id-token/auth_time", test_auth_time);
  g_test_add_func ("/id-token/acr", test_context_class);
  g_test_add_func ("/id-token/not-quoted", test_values_are_not_quoted);
  g_test_add_func ("/id-token/check-free", test_check_free);
  return g_test_run ();
}
