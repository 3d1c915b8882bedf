/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-set.h"

#include "wf-expect.h"
#include "wf-json.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795353600)
#define SECRET "s3c&r=t+/%\"'\\$ ü\n\x7f日本"

static void
apply (WfTokenSet *set,
       const char *members,
       const char *audience,
       gint64      now)
{
  g_autofree char *body = g_strdup_printf ("{\"token_type\":\"Bearer\",%s}", members);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (WfTokenResponse) response = wf_token_response_parse (200, "application/json", -1, bytes, NULL);

  wf_token_set_apply (set, response, audience, set->signed_in_at == WF_TIME_UNKNOWN, now);
}

static WfTokenSet *
make_full (void)
{
  WfTokenSet *set = wf_token_set_new ();

  apply (set, "\"access_token\":\"at1\",\"refresh_token\":\"0\",\"id_token\":\"it1\"", NULL, NOW);
  apply (set,
         "\"access_token\":\"at2\\\"\\\\\",\"refresh_token\":\"1\",\"id_token\":\"it2\",\"expires_in\":3600,"
         "\"scope\":\"openid email\",\"refresh_expires_in\":86400",
         NULL, NOW + 10);
  apply (set, "\"access_token\":\"b1\",\"expires_in\":0", "https://b.example.org/?a=\"b\"", NOW + 20);
  apply (set, "\"access_token\":\"c1\"", "", NOW + 30);
  set->client_secret = wf_secret_new (SECRET, -1);
  set->issuer = g_strdup ("https://login.example.org");
  set->client_id = g_strdup ("id \"&\" more");
  set->subject = g_strdup ("auth0|alice \"A\" \\ \t 割符");
  set->id_token_verdict = WF_JWS_VERIFIED;
  set->id_token_key_id = g_strdup ("k1");
  set->refresh_started_at = NOW + 40;
  set->refresh_attempts = 1;
  set->refresh_lost = TRUE;
  set->write_id = g_strdup ("A0_-zzzzzzzzzzzzzzzzzz");
  set->requested_scope = g_strdup ("openid email offline_access");
  set->clock_skew = -86400;
  set->error_name = g_strdup ("offline");
  set->error_description = g_strdup ("No network.");
  set->error_at = NOW + 50;
  set->sign_in_failed = TRUE;
  return set;
}

static void
assert_same_secret (SecretValue *a,
                    SecretValue *b)
{
  g_assert_true (wf_secret_equal (a, b));
}

static void
assert_same_access_tokens (const WfTokenSet *a,
                           const WfTokenSet *b)
{
  g_assert_cmpuint (a->access_tokens->len, ==, b->access_tokens->len);
  for (guint i = 0; i < a->access_tokens->len; i++)
    {
      const WfAccessToken *x = g_ptr_array_index (a->access_tokens, i);
      const WfAccessToken *y = g_ptr_array_index (b->access_tokens, i);

      g_assert_cmpstr (x->audience, ==, y->audience);
      g_assert_cmpstr (x->scope, ==, y->scope);
      g_assert_cmpint (x->issued_at, ==, y->issued_at);
      g_assert_cmpint (x->expires_at, ==, y->expires_at);
      assert_same_secret (x->token, y->token);
    }
}

static void
assert_same (const WfTokenSet *a,
             const WfTokenSet *b)
{
  assert_same_secret (a->client_secret, b->client_secret);
  assert_same_secret (a->refresh_token, b->refresh_token);
  assert_same_secret (a->id_token, b->id_token);
  assert_same_secret (a->previous_access_token, b->previous_access_token);
  assert_same_secret (a->previous_id_token, b->previous_id_token);
  g_assert_cmpstr (a->previous_scope, ==, b->previous_scope);
  g_assert_cmpint (a->previous_lifetime, ==, b->previous_lifetime);
  assert_same_access_tokens (a, b);
  g_assert_cmpuint (a->generation, ==, b->generation);
  g_assert_cmpuint (a->refreshes, ==, b->refreshes);
  g_assert_cmpint (a->rotates, ==, b->rotates);
  g_assert_cmpint (a->refresh_issued_at, ==, b->refresh_issued_at);
  g_assert_cmpint (a->refresh_expires_at, ==, b->refresh_expires_at);
  g_assert_cmpint (a->signed_in_at, ==, b->signed_in_at);
  g_assert_cmpstr (a->issuer, ==, b->issuer);
  g_assert_cmpstr (a->client_id, ==, b->client_id);
  g_assert_cmpstr (a->subject, ==, b->subject);
  g_assert_cmpint (a->id_token_verdict, ==, b->id_token_verdict);
  g_assert_cmpstr (a->id_token_key_id, ==, b->id_token_key_id);
  g_assert_cmpint (a->id_token_received_at, ==, b->id_token_received_at);
  g_assert_cmpint (a->refresh_started_at, ==, b->refresh_started_at);
  g_assert_cmpuint (a->refresh_attempts, ==, b->refresh_attempts);
  g_assert_cmpstr (a->write_id, ==, b->write_id);
  g_assert_cmpint (a->refresh_lost, ==, b->refresh_lost);
  g_assert_cmpstr (a->requested_scope, ==, b->requested_scope);
  g_assert_cmpint (a->clock_skew, ==, b->clock_skew);
  g_assert_cmpstr (a->error_name, ==, b->error_name);
  g_assert_cmpstr (a->error_description, ==, b->error_description);
  g_assert_cmpint (a->error_at, ==, b->error_at);
  g_assert_cmpint (a->sign_in_failed, ==, b->sign_in_failed);
}

static WfTokenSet *
round_trip (const WfTokenSet *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) document = wf_token_set_serialize (set, &error);
  WfTokenSet *again;

  g_assert_no_error (error);
  again = wf_token_set_parse (document, &error);
  g_assert_no_error (error);
  return again;
}

static WfTokenSet *
parse_text (const char *text,
            gssize      length,
            GError    **error)
{
  g_autoptr (WfSecretValue) document = wf_secret_new (text, length);

  return wf_token_set_parse (document, error);
}

static void
test_round_trip_full (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfTokenSet) again = round_trip (set);

  assert_same (set, again);
  g_assert_cmpstr (secret_value_get_text (again->client_secret), ==, SECRET);
  g_assert_cmpstr (secret_value_get_text (again->refresh_token), ==, "1");
}

/* What "since the last refresh" compares with. */
static void
test_round_trip_previous (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfTokenSet) again = round_trip (set);
  g_autoptr (WfTokenSet) unknown = wf_token_set_new ();
  g_autoptr (WfTokenSet) unknown_again = NULL;

  /* of the second access token, which the last answer replaced */
  g_assert_cmpstr (secret_value_get_text (again->previous_access_token), ==, "at2\"\\");
  g_assert_cmpstr (secret_value_get_text (again->previous_id_token), ==, "it1");
  g_assert_cmpstr (again->previous_scope, ==, "openid email");
  g_assert_cmpint (again->previous_lifetime, ==, 3600);

  /* Unknown is not zero. */
  apply (unknown, "\"access_token\":\"at1\"", NULL, NOW);
  apply (unknown, "\"access_token\":\"at2\",\"expires_in\":60,\"scope\":\"a\"", NULL, NOW + 10);
  unknown_again = round_trip (unknown);
  g_assert_cmpstr (secret_value_get_text (unknown_again->previous_access_token), ==, "at1");
  g_assert_null (unknown_again->previous_scope);
  g_assert_cmpint (unknown_again->previous_lifetime, ==, WF_TIME_UNKNOWN);
  g_clear_pointer (&unknown_again, wf_token_set_unref);
  unknown->previous_lifetime = 0;
  unknown_again = round_trip (unknown);
  g_assert_cmpint (unknown_again->previous_lifetime, ==, 0);
}

static void
test_round_trip_empty (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfTokenSet) again = round_trip (set);

  assert_same (set, again);
  g_assert_true (wf_token_set_is_empty (again));
}

static void
test_round_trip_verdicts (void)
{
  for (WfJwsVerdict verdict = WF_JWS_VERIFIED; verdict <= WF_JWS_INVALID; verdict++)
    {
      g_autoptr (WfTokenSet) set = make_full ();
      g_autoptr (WfTokenSet) again = NULL;

      set->id_token_verdict = verdict;
      again = round_trip (set);
      g_assert_cmpint (again->id_token_verdict, ==, verdict);
    }
}

/* What cannot be right is still stored in a form that can be read. */
static void
test_round_trip_strange (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfTokenSet) again = NULL;

  set->signed_in_at = -5;
  set->error_at = G_MAXINT64;
  set->clock_skew = G_MININT64;
  set->generation = 0;
  again = round_trip (set);
  g_assert_cmpint (again->signed_in_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (again->error_at, ==, G_GINT64_CONSTANT (253402300799));
  g_assert_cmpint (again->clock_skew, <, -3000000000);
  g_assert_cmpuint (again->generation, ==, 1); /* there is a refresh token */
}

static void
test_many_access_tokens (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfTokenSet) again = NULL;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *audience = g_strdup_printf ("https://%u.example.org", i);
      g_autofree char *members = g_strdup_printf ("\"access_token\":\"%u\"", 499 - i);

      apply (set, members, audience, NOW);
    }
  again = round_trip (set);
  assert_same (set, again);
}

static void
test_is_json (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfSecretValue) document = wf_token_set_serialize (set, NULL);
  gsize length;
  const char *text = secret_value_get (document, &length);

  wf_expect_ok (wf_json_check (text, length, WF_JSON_MAX_BYTES, &err));
  g_assert_true (g_str_has_prefix (text, "{\"version\":1,"));
  g_assert_cmpstr (secret_value_get_content_type (document), ==, "text/plain");
}

static SecretValue *
make_large_secret (gsize length)
{
  g_autofree char *text = g_strnfill (length, 'x');

  return wf_secret_new (text, -1);
}

/* The tokens before these are the first to go. */
static void
test_large (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfTokenSet) again = NULL;

  secret_value_unref (set->id_token);
  secret_value_unref (set->previous_id_token);
  set->id_token = make_large_secret (600 * 1024);
  set->previous_id_token = make_large_secret (600 * 1024);
  again = round_trip (set);
  assert_same_secret (set->id_token, again->id_token);
  assert_same_secret (set->refresh_token, again->refresh_token);
  g_assert_null (again->previous_id_token);
  g_assert_null (again->previous_access_token);
}

static void
test_too_large (void)
{
  g_autoptr (WfTokenSet) set = make_full ();

  secret_value_unref (set->id_token);
  set->id_token = make_large_secret (WF_TOKEN_SET_MAX_BYTES);
  wf_expect_error (wf_token_set_serialize (set, &err), WF_ERROR_RESPONSE_TOO_LARGE);
}

static void
test_not_utf8 (void)
{
  g_autoptr (WfTokenSet) set = make_full ();

  secret_value_unref (set->client_secret);
  set->client_secret = wf_secret_new ("a\xff", -1);
  wf_expect_error (wf_token_set_serialize (set, &err), WF_ERROR_KEYRING_FAILED);
}

static void
assert_damaged (const char *text)
{
  g_autoptr (GError) error = NULL;

  if (parse_text (text, -1, &error))
    g_error ("accepted: %s", text);
  g_assert_error (error, WF_ERROR, WF_ERROR_KEYRING_FAILED);
  g_assert_null (strstr (error->message, "canary"));
}

static void
test_truncated (void)
{
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfSecretValue) document = wf_token_set_serialize (set, NULL);
  gsize length;
  const char *text = secret_value_get (document, &length);

  for (gsize i = 0; i < length; i++)
    wf_expect_error (parse_text (text, (gssize) i, &err), WF_ERROR_KEYRING_FAILED);
}

/* Each byte in turn changed into others: read or refused, never worse. */
static void
test_garbled (void)
{
  static const char bytes[] = "\"\\{}[],:0a\xff";
  g_autoptr (WfTokenSet) set = make_full ();
  g_autoptr (WfSecretValue) document = wf_token_set_serialize (set, NULL);
  gsize length;
  const char *text = secret_value_get (document, &length);
  g_autofree char *copy = g_memdup2 (text, length);

  for (gsize i = 0; i < length; i++)
    for (gsize j = 0; j < sizeof bytes; j++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (WfTokenSet) again = NULL;

        copy[i] = bytes[j];
        again = parse_text (copy, (gssize) length, &error);
        if (!again)
          g_assert_error (error, WF_ERROR, WF_ERROR_KEYRING_FAILED);
        copy[i] = text[i];
      }
}

static void
test_garbage (void)
{
  assert_damaged ("");
  assert_damaged ("canary");
  assert_damaged ("null");
  assert_damaged ("[]");
  assert_damaged ("{}");
  assert_damaged ("{\"refresh_token\":\"canary\"}");
  assert_damaged ("{\"version\":0}");
  assert_damaged ("{\"version\":-1}");
  assert_damaged ("{\"version\":\"1\"}");
  assert_damaged ("{\"version\":1.5}");
  assert_damaged ("{\"version\":null}");
  assert_damaged ("{\"version\":1} canary");
  assert_damaged ("{\"version\":1,\"version\":1}");
}

static void
test_wrong_types (void)
{
  static const char *const members[] = {
    "client_secret", "refresh_token", "id_token", "previous_access_token", "previous_id_token", "subject",
    "issuer", "client_id", "refreshes", "id_token_key_id", "requested_scope", "error_name", "error_description", "refresh_issued_at",
    "refresh_expires_at", "signed_in_at", "id_token_received_at", "refresh_started_at", "error_at", "generation",
    "write_id", "rotates", "sign_in_failed", "refresh_lost", "id_token_verdict", "refresh_attempts", "clock_skew", "access_tokens",
  };
  static const char *const values[] = { "null", "{}", "[\"canary\"]", "1.5", "-9223372036854775808" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    for (guint j = 0; j < G_N_ELEMENTS (values); j++)
      {
        g_autofree char *text = g_strdup_printf ("{\"version\":1,\"%s\":%s}", members[i], values[j]);

        assert_damaged (text);
      }
  assert_damaged ("{\"version\":1,\"id_token_verdict\":\"canary\"}");
  assert_damaged ("{\"version\":1,\"generation\":-1}");
}

static void
test_wrong_access_tokens (void)
{
  assert_damaged ("{\"version\":1,\"access_tokens\":[7]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\"}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"token\":\"canary\"}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":7,\"token\":\"canary\"}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\",\"token\":7}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\",\"token\":\"a\",\"scope\":7}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\",\"token\":\"a\",\"issued_at\":\"x\"}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\",\"token\":\"a\",\"expires_at\":-1}]}");
  assert_damaged ("{\"version\":1,\"access_tokens\":[{\"audience\":\"\",\"token\":\"a\"},{\"audience\":\"\",\"token\":\"b\"}]}");
}

static void
test_newer_version (void)
{
  static const char *const texts[] = { "{\"version\":2}", "{\"version\":2,\"refresh_token\":{\"canary\":1}}", "{\"version\":2147483647}" };
  g_autoptr (GError) damaged = NULL;

  g_assert_null (parse_text ("{}", -1, &damaged));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_text (texts[i], -1, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_KEYRING_FAILED);
      g_assert_cmpstr (error->message, !=, damaged->message);
    }
}

/* A member that a later patch release adds does no harm. */
static void
test_unknown_members (void)
{
  g_autoptr (WfTokenSet) set = parse_text ("{\"version\":1,\"later\":[{\"token\":\"x\"}],\"refresh_token\":\"r\",\"generation\":4}", -1, NULL);

  g_assert_cmpstr (secret_value_get_text (set->refresh_token), ==, "r");
  g_assert_cmpuint (set->generation, ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-set-document/round-trip/full", test_round_trip_full);
  g_test_add_func ("/token-set-document/round-trip/previous", test_round_trip_previous);
  g_test_add_func ("/token-set-document/round-trip/empty", test_round_trip_empty);
  g_test_add_func ("/token-set-document/round-trip/verdicts", test_round_trip_verdicts);
  g_test_add_func ("/token-set-document/round-trip/strange", test_round_trip_strange);
  g_test_add_func ("/token-set-document/round-trip/many", test_many_access_tokens);
  g_test_add_func ("/token-set-document/is-json", test_is_json);
  g_test_add_func ("/token-set-document/large", test_large);
  g_test_add_func ("/token-set-document/too-large", test_too_large);
  g_test_add_func ("/token-set-document/not-utf8", test_not_utf8);
  g_test_add_func ("/token-set-document/truncated", test_truncated);
  g_test_add_func ("/token-set-document/garbled", test_garbled);
  g_test_add_func ("/token-set-document/garbage", test_garbage);
  g_test_add_func ("/token-set-document/wrong-types", test_wrong_types);
  g_test_add_func ("/token-set-document/wrong-access-tokens", test_wrong_access_tokens);
  g_test_add_func ("/token-set-document/newer-version", test_newer_version);
  g_test_add_func ("/token-set-document/unknown-members", test_unknown_members);
  return g_test_run ();
}
