/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-set.h"

#include "wf-expect.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795353600)

static WfTokenResponse *
make_response (const char *members)
{
  g_autofree char *body = g_strdup_printf ("{\"token_type\":\"Bearer\",%s}", members);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  WfTokenResponse *response = wf_token_response_parse (200, "application/json", -1, bytes, &error);

  g_assert_no_error (error);
  return response;
}

static void
apply (WfTokenSet *set,
       const char *members,
       const char *audience,
       gboolean    is_sign_in,
       gint64      now)
{
  g_autoptr (WfTokenResponse) response = make_response (members);

  wf_token_set_apply (set, response, audience, is_sign_in, now);
}

static WfTokenSet *
make_signed_in (void)
{
  WfTokenSet *set = wf_token_set_new ();

  apply (set,
         "\"access_token\":\"at1\",\"refresh_token\":\"rt1\",\"id_token\":\"it1\",\"expires_in\":3600,"
         "\"scope\":\"openid email\",\"refresh_expires_in\":86400",
         NULL, TRUE, NOW);
  return set;
}

static void
assert_secret (SecretValue *secret,
               const char  *expected)
{
  g_assert_cmpstr (secret ? secret_value_get_text (secret) : NULL, ==, expected);
}

static void
assert_access_token (const WfTokenSet *set,
                     const char       *audience,
                     const char       *expected)
{
  const WfAccessToken *token = wf_token_set_get_access_token (set, audience);

  assert_secret (token ? token->token : NULL, expected);
}

static void
test_new (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();

  g_assert_true (wf_token_set_is_empty (set));
  g_assert_null (wf_token_set_get_access_token (set, NULL));
  g_assert_cmpuint (set->generation, ==, 0);
  g_assert_false (set->rotates);
  g_assert_cmpint (set->refresh_issued_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->refresh_expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->signed_in_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->id_token_received_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->refresh_started_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->error_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->id_token_verdict, ==, WF_JWS_UNVERIFIED);
}

static void
test_sign_in (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();
  const WfAccessToken *token = wf_token_set_get_access_token (set, NULL);

  assert_secret (token->token, "at1");
  g_assert_cmpstr (token->audience, ==, "");
  g_assert_cmpstr (token->scope, ==, "openid email");
  g_assert_cmpint (token->issued_at, ==, NOW);
  g_assert_cmpint (token->expires_at, ==, NOW + 3600);
  g_assert_true (token == wf_token_set_get_access_token (set, ""));
  assert_secret (set->refresh_token, "rt1");
  g_assert_cmpuint (set->generation, ==, 1);
  g_assert_false (set->rotates);
  g_assert_cmpint (set->refresh_issued_at, ==, NOW);
  g_assert_cmpint (set->refresh_expires_at, ==, NOW + 86400);
  g_assert_cmpint (set->signed_in_at, ==, NOW);
  assert_secret (set->id_token, "it1");
  g_assert_cmpint (set->id_token_received_at, ==, NOW);
  g_assert_null (set->previous_access_token);
  g_assert_null (set->previous_id_token);
  g_assert_false (wf_token_set_is_empty (set));
}

/* What the server did not say stays unknown, and is not zero. */
static void
test_sign_in_minimal (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  const WfAccessToken *token;

  apply (set, "\"access_token\":\"at1\"", NULL, TRUE, NOW);
  token = wf_token_set_get_access_token (set, NULL);
  g_assert_cmpint (token->expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_null (token->scope);
  g_assert_null (set->refresh_token);
  g_assert_null (set->id_token);
  g_assert_cmpuint (set->generation, ==, 0);
  g_assert_cmpint (set->refresh_issued_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->refresh_expires_at, ==, WF_TIME_UNKNOWN);
}

static void
test_refresh_rotates (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();
  const WfAccessToken *token;

  apply (set, "\"access_token\":\"at2\",\"refresh_token\":\"rt2\",\"expires_in\":60", NULL, FALSE, NOW + 100);
  token = wf_token_set_get_access_token (set, NULL);
  assert_secret (token->token, "at2");
  g_assert_cmpint (token->issued_at, ==, NOW + 100);
  g_assert_cmpint (token->expires_at, ==, NOW + 160);
  g_assert_cmpstr (token->scope, ==, "openid email"); /* kept */
  assert_secret (set->refresh_token, "rt2");
  g_assert_cmpuint (set->generation, ==, 2);
  g_assert_true (set->rotates);
  g_assert_cmpint (set->refresh_issued_at, ==, NOW + 100);
  g_assert_cmpint (set->refresh_expires_at, ==, WF_TIME_UNKNOWN); /* of the new one nobody told */
  g_assert_cmpint (set->signed_in_at, ==, NOW);
  assert_secret (set->id_token, "it1");
  g_assert_cmpint (set->id_token_received_at, ==, NOW);
  assert_secret (set->previous_access_token, "at1");
  g_assert_null (set->previous_id_token);
  g_assert_cmpuint (set->access_tokens->len, ==, 1);

  apply (set, "\"access_token\":\"at3\",\"refresh_token\":\"rt3\"", NULL, FALSE, NOW + 200);
  g_assert_cmpuint (set->generation, ==, 3);
  g_assert_cmpint (wf_token_set_get_access_token (set, NULL)->expires_at, ==, WF_TIME_UNKNOWN);
}

/* RFC 6749 §6 */
static void
test_refresh_keeps (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  apply (set, "\"access_token\":\"at2\"", NULL, FALSE, NOW + 100);
  assert_secret (set->refresh_token, "rt1");
  g_assert_cmpuint (set->generation, ==, 1);
  g_assert_false (set->rotates);
  g_assert_cmpint (set->refresh_issued_at, ==, NOW);
  g_assert_cmpint (set->refresh_expires_at, ==, NOW + 86400);

  apply (set, "\"access_token\":\"at3\",\"refresh_token\":\"rt1\",\"refresh_expires_in\":90", NULL, FALSE, NOW + 200);
  g_assert_cmpuint (set->generation, ==, 1);
  g_assert_false (set->rotates);
  g_assert_cmpint (set->refresh_issued_at, ==, NOW);
  g_assert_cmpint (set->refresh_expires_at, ==, NOW + 290);
  assert_secret (set->previous_access_token, "at2");
}

static void
test_refresh_new_id_token (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  set->subject = g_strdup ("alice");
  set->id_token_verdict = WF_JWS_VERIFIED;
  set->id_token_key_id = g_strdup ("k1");
  apply (set, "\"access_token\":\"at2\",\"id_token\":\"it2\"", NULL, FALSE, NOW + 100);
  assert_secret (set->id_token, "it2");
  assert_secret (set->previous_id_token, "it1");
  g_assert_cmpint (set->id_token_received_at, ==, NOW + 100);
  g_assert_cmpint (set->id_token_verdict, ==, WF_JWS_UNVERIFIED); /* the verdict was on the other */
  g_assert_null (set->id_token_key_id);
  g_assert_cmpstr (set->subject, ==, "alice");
}

static void
test_refresh_first_token (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();

  apply (set, "\"access_token\":\"at1\"", NULL, TRUE, NOW);
  apply (set, "\"access_token\":\"at2\",\"refresh_token\":\"rt1\"", NULL, FALSE, NOW + 5);
  g_assert_cmpuint (set->generation, ==, 1);
  g_assert_false (set->rotates);
}

static void
test_clears_notes (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  set->refresh_started_at = NOW;
  set->refresh_attempts = 2;
  set->refresh_lost = TRUE;
  set->error_name = g_strdup ("offline");
  set->error_description = g_strdup ("No network.");
  set->error_at = NOW;
  set->sign_in_failed = TRUE;
  apply (set, "\"access_token\":\"at2\"", NULL, FALSE, NOW + 100);
  g_assert_cmpint (set->refresh_started_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpuint (set->refresh_attempts, ==, 0);
  g_assert_false (set->refresh_lost);
  g_assert_null (set->error_name);
  g_assert_null (set->error_description);
  g_assert_false (set->sign_in_failed);
  g_assert_cmpint (set->error_at, ==, WF_TIME_UNKNOWN);
}

static void
test_counts_refreshes (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  g_assert_cmpuint (set->refreshes, ==, 0);
  apply (set, "\"access_token\":\"at2\"", NULL, FALSE, NOW + 100);
  apply (set, "\"access_token\":\"b1\"", "https://b.example.org", FALSE, NOW + 200);
  g_assert_cmpuint (set->refreshes, ==, 2);
  apply (set, "\"access_token\":\"at3\"", NULL, TRUE, NOW + 300);
  g_assert_cmpuint (set->refreshes, ==, 0);
}

static void
test_audiences (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();

  apply (set, "\"access_token\":\"b1\",\"refresh_token\":\"rt1\",\"scope\":\"b\"", "https://b.example.org", TRUE, NOW);
  apply (set, "\"access_token\":\"own\"", NULL, FALSE, NOW);
  apply (set, "\"access_token\":\"c1\"", "https://c.example.org", FALSE, NOW);
  g_assert_null (set->previous_access_token);
  g_assert_cmpuint (set->access_tokens->len, ==, 3);
  g_assert_cmpstr (((WfAccessToken *) g_ptr_array_index (set->access_tokens, 0))->audience, ==, "");
  assert_access_token (set, NULL, "own");
  assert_access_token (set, "https://b.example.org", "b1");
  assert_access_token (set, "https://c.example.org", "c1");
  assert_access_token (set, "https://d.example.org", NULL);

  apply (set, "\"access_token\":\"b2\"", "https://b.example.org", FALSE, NOW + 9);
  assert_access_token (set, "https://b.example.org", "b2");
  g_assert_cmpstr (wf_token_set_get_access_token (set, "https://b.example.org")->scope, ==, "b");
  assert_access_token (set, "", "own");
  g_assert_null (set->previous_access_token); /* of the account's own alone */
  g_assert_cmpuint (set->access_tokens->len, ==, 3);
}

static void
test_second_sign_in (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  set->client_secret = wf_secret_new ("secret", -1);
  set->subject = g_strdup ("alice");
  set->requested_scope = g_strdup ("openid");
  set->clock_skew = 7;
  apply (set, "\"access_token\":\"at2\",\"refresh_token\":\"rt2\"", NULL, FALSE, NOW);
  apply (set, "\"access_token\":\"b1\"", "https://b.example.org", FALSE, NOW);
  apply (set, "\"access_token\":\"at9\",\"refresh_token\":\"rt9\"", NULL, TRUE, NOW + 1000);

  assert_secret (set->client_secret, "secret");
  assert_secret (set->refresh_token, "rt9");
  g_assert_cmpuint (set->generation, ==, 1);
  g_assert_false (set->rotates);
  g_assert_cmpuint (set->access_tokens->len, ==, 1);
  g_assert_null (wf_token_set_get_access_token (set, NULL)->scope);
  g_assert_null (set->id_token);
  g_assert_null (set->previous_access_token);
  g_assert_null (set->previous_id_token);
  g_assert_null (set->subject);
  g_assert_null (set->requested_scope);
  g_assert_cmpint (set->signed_in_at, ==, NOW + 1000);
  g_assert_cmpint (set->refresh_expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (set->clock_skew, ==, 7);
}

static void
test_far_future (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();

  apply (set, "\"access_token\":\"a\",\"expires_in\":3600", NULL, TRUE, G_MAXINT64 - 10);
  g_assert_cmpint (wf_token_set_get_access_token (set, NULL)->expires_at, ==, G_MAXINT64);
}

static void
test_clear_tokens (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();

  set->client_secret = wf_secret_new ("secret", -1);
  set->error_name = g_strdup ("invalid_grant");
  set->subject = g_strdup ("alice");
  apply (set, "\"access_token\":\"b1\"", "https://b.example.org", FALSE, NOW);
  set->refresh_started_at = NOW;
  set->refresh_attempts = 1;
  g_clear_pointer (&set->error_name, g_free);
  set->error_name = g_strdup ("invalid_grant");
  wf_token_set_clear_tokens (set);

  assert_secret (set->client_secret, "secret");
  g_assert_cmpstr (set->error_name, ==, "invalid_grant");
  g_assert_null (set->refresh_token);
  g_assert_null (set->id_token);
  g_assert_null (set->subject);
  g_assert_cmpuint (set->access_tokens->len, ==, 0);
  g_assert_cmpuint (set->generation, ==, 0);
  g_assert_cmpint (set->refresh_started_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpuint (set->refresh_attempts, ==, 0);
  g_assert_false (set->refresh_lost);
  g_assert_false (wf_token_set_is_empty (set));
  g_clear_pointer (&set->error_name, g_free);
  g_assert_false (wf_token_set_is_empty (set));
  wf_secret_set (&set->client_secret, NULL);
  g_assert_true (wf_token_set_is_empty (set));
}

static void
test_is_empty (void)
{
  g_autoptr (WfTokenSet) access = wf_token_set_new ();
  g_autoptr (WfTokenSet) id = wf_token_set_new ();
  g_autoptr (WfTokenSet) refresh = wf_token_set_new ();
  g_autoptr (WfTokenSet) failed = wf_token_set_new ();

  apply (access, "\"access_token\":\"a\"", NULL, TRUE, NOW);
  id->id_token = wf_secret_new ("i", -1);
  refresh->refresh_token = wf_secret_new ("r", -1);
  failed->error_name = g_strdup ("invalid_grant");
  g_assert_false (wf_token_set_is_empty (access));
  g_assert_false (wf_token_set_is_empty (id));
  g_assert_false (wf_token_set_is_empty (refresh));
  g_assert_false (wf_token_set_is_empty (failed));
}

static void
test_copy (void)
{
  WfTokenSet *set = make_signed_in ();
  g_autoptr (WfTokenSet) copy = NULL;

  set->client_secret = wf_secret_new ("secret", -1);
  set->subject = g_strdup ("alice");
  set->issuer = g_strdup ("https://login.example.org");
  set->client_id = g_strdup ("warifu");
  set->requested_scope = g_strdup ("openid");
  apply (set, "\"access_token\":\"at2\",\"refresh_token\":\"rt2\",\"id_token\":\"it2\"", NULL, FALSE, NOW + 1);
  set->error_name = g_strdup ("offline");
  set->error_description = g_strdup ("No network.");
  set->id_token_key_id = g_strdup ("k1");
  copy = wf_token_set_copy (set);

  /* The one does not see what happens to the other. */
  apply (set, "\"access_token\":\"at3\",\"refresh_token\":\"rt3\",\"scope\":\"none\"", NULL, FALSE, NOW + 2);
  apply (set, "\"access_token\":\"b1\"", "https://b.example.org", FALSE, NOW + 3);
  assert_access_token (copy, NULL, "at2");
  assert_access_token (copy, "https://b.example.org", NULL);
  g_assert_cmpuint (copy->generation, ==, 2);
  wf_token_set_unref (set);

  assert_secret (copy->client_secret, "secret");
  assert_secret (copy->refresh_token, "rt2");
  assert_secret (copy->id_token, "it2");
  assert_secret (copy->previous_access_token, "at1");
  assert_secret (copy->previous_id_token, "it1");
  g_assert_cmpstr (wf_token_set_get_access_token (copy, NULL)->scope, ==, "openid email");
  g_assert_cmpstr (copy->subject, ==, "alice");
  g_assert_cmpstr (copy->issuer, ==, "https://login.example.org");
  g_assert_cmpstr (copy->client_id, ==, "warifu");
  g_assert_cmpuint (copy->refreshes, ==, 1);
  g_assert_cmpstr (copy->requested_scope, ==, "openid");
  g_assert_cmpstr (copy->error_name, ==, "offline");
  g_assert_cmpstr (copy->error_description, ==, "No network.");
  g_assert_cmpstr (copy->id_token_key_id, ==, "k1");
  wf_token_set_clear_tokens (copy);
  g_assert_cmpuint (copy->access_tokens->len, ==, 0);
}

static void
test_copy_of_shared (void)
{
  g_autoptr (WfTokenSet) set = make_signed_in ();
  g_autoptr (WfTokenSet) second = wf_token_set_ref (set);
  WfTokenSet *copy = wf_token_set_copy (set);
  WfTokenSet *boxed = g_boxed_copy (WF_TYPE_TOKEN_SET, set);

  g_assert_true (boxed == second);
  g_boxed_free (WF_TYPE_TOKEN_SET, boxed);
  wf_token_set_unref (copy);
  assert_access_token (second, NULL, "at1");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-set/new", test_new);
  g_test_add_func ("/token-set/sign-in", test_sign_in);
  g_test_add_func ("/token-set/sign-in/minimal", test_sign_in_minimal);
  g_test_add_func ("/token-set/sign-in/second", test_second_sign_in);
  g_test_add_func ("/token-set/refresh/rotates", test_refresh_rotates);
  g_test_add_func ("/token-set/refresh/keeps", test_refresh_keeps);
  g_test_add_func ("/token-set/refresh/id-token", test_refresh_new_id_token);
  g_test_add_func ("/token-set/refresh/first-token", test_refresh_first_token);
  g_test_add_func ("/token-set/clears-notes", test_clears_notes);
  g_test_add_func ("/token-set/counts-refreshes", test_counts_refreshes);
  g_test_add_func ("/token-set/audiences", test_audiences);
  g_test_add_func ("/token-set/far-future", test_far_future);
  g_test_add_func ("/token-set/clear-tokens", test_clear_tokens);
  g_test_add_func ("/token-set/is-empty", test_is_empty);
  g_test_add_func ("/token-set/copy", test_copy);
  g_test_add_func ("/token-set/copy/shared", test_copy_of_shared);
  return g_test_run ();
}
