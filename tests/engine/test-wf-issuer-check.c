/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-issuer-check.h"

#include <string.h>

#include "wf-expect.h"
#include "wf-test-jose.h"
#include "wf-test-world.h"

static WfVerification *
check (const char  *issuer,
       const char  *token,
       SecretValue *secret,
       WfJwks     **keys,
       GError     **error)
{
  g_autoptr (WfJwt) jwt = wf_jwt_parse (token, -1, error);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_nonnull (jwt);
  wf_issuer_check_async (issuer, jwt, secret, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_issuer_check_finish (result, keys, error);
}

static const char *
get_id_token (World *world)
{
  return secret_value_get_text (wf_session_get_tokens (world->session)->id_token);
}

static void
test_verified (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfJwks) keys = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfVerification) verification = check (world->account->issuer, get_id_token (world), NULL, &keys, &error);

  g_assert_no_error (error);
  g_assert_cmpint (verification->verdict, ==, WF_JWS_VERIFIED);
  g_assert_true (wf_jwks_has_key_id (keys, verification->key_id));
  g_assert_cmpuint (wf_demo_server_count (world->server, "discovery"), ==, 1);
  g_assert_cmpuint (wf_demo_server_count (world->server, "jwks"), ==, 1);
}

static void
test_tampered (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_auto (GStrv) parts = g_strsplit (get_id_token (world), ".", 3);
  g_autofree char *token = g_strdup_printf ("%s.%s.%s", parts[0], "eyJzdWIiOiJtYWxsb3J5In0", parts[2]);
  g_autoptr (WfVerification) verification = check (world->account->issuer, token, NULL, NULL, NULL);

  g_assert_cmpint (verification->verdict, ==, WF_JWS_INVALID);
  g_assert_cmpuint (wf_demo_server_count (world->server, "jwks"), ==, 1);
}

/* OpenID Connect Core 1.0 §10.1.1: the keys are fetched once more, and then it is settled */
static void
test_unknown_key (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfTestKey) key = wf_test_key_new_curve ("P-256");
  g_autofree char *token = wf_test_key_sign (key, "ES256", "{\"alg\":\"ES256\",\"kid\":\"other\"}", "{}");
  g_autoptr (WfVerification) verification = check (world->account->issuer, token, NULL, NULL, NULL);

  g_assert_cmpint (verification->verdict, ==, WF_JWS_NO_KEY);
  g_assert_cmpuint (wf_demo_server_count (world->server, "jwks"), ==, 2);
}

static void
test_secret (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *token = wf_test_sign_hmac ("secret", 6, "HS256", "{\"alg\":\"HS256\"}", "{}");
  g_autoptr (WfSecretValue) secret = wf_secret_new ("secret", -1);
  g_autoptr (WfVerification) verification = check (world->account->issuer, token, secret, NULL, NULL);

  g_assert_cmpint (verification->verdict, ==, WF_JWS_VERIFIED);
}

static void
drop_keys (const char *what,
           JsonObject *object,
           gpointer    user_data)
{
  if (g_str_equal (what, "discovery"))
    json_object_remove_member (object, "jwks_uri");
}

static void
test_errors (void)
{
  const WfDemoFault failing = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  const char *issuer = world->account->issuer;
  g_autofree char *token = wf_test_sign_hmac ("secret", 6, "HS256", "{\"alg\":\"HS256\"}", "{}");

  wf_expect_error (check ("http://id.example.org", token, NULL, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (check ("nonsense", token, NULL, NULL, &err), WF_ERROR_USAGE);
  wf_expect_error (check ("", token, NULL, NULL, &err), WF_ERROR_USAGE);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
  wf_demo_server_set_fault (world->server, "jwks", &failing);
  wf_expect_error (check (issuer, token, NULL, NULL, &err), WF_ERROR_SERVER_ERROR);
  wf_demo_server_set_filter (world->server, drop_keys, NULL, NULL);
  wf_expect_error (check (issuer, token, NULL, NULL, &err), WF_ERROR_UNSUPPORTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/issuer-check/verified", test_verified);
  g_test_add_func ("/issuer-check/tampered", test_tampered);
  g_test_add_func ("/issuer-check/unknown-key", test_unknown_key);
  g_test_add_func ("/issuer-check/secret", test_secret);
  g_test_add_func ("/issuer-check/errors", test_errors);

  return g_test_run ();
}
