/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"
#include "wf-test-jose.h"

static JsonObject *
get_userinfo (WfSession    *session,
              GCancellable *cancellable,
              GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_get_userinfo_async (session, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_get_userinfo_finish (session, result, error);
}

static void
test_whole (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) claims = get_userinfo (world->session, NULL, &error);
  g_autoptr (WfFlow) flow = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (claims, "sub"), ==, wf_session_get_tokens (world->session)->subject);
  g_assert_true (json_object_has_member (claims, "email"));
  g_assert_cmpuint (wf_demo_server_count (world->server, "userinfo"), ==, 1);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  flow = g_list_model_get_item (wf_session_get_flows (world->session), 0);
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 2);
  /* the token is not in the record */
  g_assert_null (strstr (wf_flow_get_step (flow, 0)->exchange->request_headers,
                         secret_value_get_text (wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL)->token)));
}

static void
test_refreshes_first (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) claims = NULL;

  world_advance (world, 7200);
  claims = get_userinfo (world->session, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wf_demo_server_count_grant (world->server, "refresh_token"), ==, 1);
}

static void
test_signed_out (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
}

static void
change_subject (const char *what,
                JsonObject *object,
                gpointer    user_data)
{
  if (!g_str_equal (what, "userinfo"))
    return;
  if (user_data)
    json_object_set_string_member (object, "sub", user_data);
  else
    json_object_remove_member (object, "sub");
}

/* OpenID Connect Core 1.0 §5.3.2 */
static void
test_subject (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, change_subject, (gpointer) "somebody-else", NULL);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_USERINFO_MISMATCH);
  wf_demo_server_set_filter (world->server, change_subject, NULL, NULL);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_USERINFO_MISMATCH);
}

static void
drop_endpoint (const char *what,
               JsonObject *object,
               gpointer    user_data)
{
  if (g_str_equal (what, "discovery"))
    json_object_remove_member (object, "userinfo_endpoint");
}

static void
test_no_endpoint (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, drop_endpoint, NULL, NULL);
  world_sign_in (world);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_UNSUPPORTED);
}

static void
test_server_fails (void)
{
  const struct { WfDemoFault fault; const char *name; } cases[] = {
    { { .status = 401, .headers = "WWW-Authenticate: Bearer error=\"invalid_token\"", .body = "" }, "invalid_token" },
    { { .status = 403, .headers = "WWW-Authenticate: Bearer error=\"insufficient_scope\"", .body = "" }, "insufficient_scope" },
    { { .status = 503, .body = "" }, "server_error" },
    { { .status = 429, .body = "" }, "rate_limited" },
    { { .status = 302, .headers = "Location: /", .body = "" }, "redirect_refused" },
    { { .body = "<html>", .content_type = "text/html" }, "unexpected_content_type" },
    { { .body = "{\"sub\":" }, "malformed_response" },
    { { .body = "[]" }, "malformed_response" },
    { { .body = "eyJ", .content_type = "application/jwt" }, "malformed_response" },
    { { .drop = TRUE }, "offline" },
  };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      wf_demo_server_set_fault (world->server, "userinfo", &cases[i].fault);
      g_assert_null (get_userinfo (world->session, NULL, &error));
      assert_error_name (error, cases[i].name);
      g_assert_cmpstr (world_state (world), ==, "signed-in");
      g_assert_no_error (wf_session_get_last_error (world->session));
    }
  /* a 401 without a word of its own is a failure all the same */
  {
    const WfDemoFault bare = { .status = 401, .body = "" };
    g_autoptr (GError) error = NULL;

    wf_demo_server_set_fault (world->server, "userinfo", &bare);
    g_assert_null (get_userinfo (world->session, NULL, &error));
    g_assert_nonnull (error);
  }
}

/* --- signed answers, OpenID Connect Core 1.0 §5.3.2 --- */

typedef struct
{
  World     *world;
  WfTestKey *key;
} Signer;

static void
add_key (const char *what,
         JsonObject *object,
         gpointer    user_data)
{
  Signer *signer = user_data;
  g_autofree char *jwk = NULL;

  if (!g_str_equal (what, "jwks"))
    return;
  jwk = wf_test_key_to_jwk (signer->key, "\"kid\":\"userinfo\"");
  json_array_add_element (json_object_get_array_member (object, "keys"), json_from_string (jwk, NULL));
}

static void
answer_signed (Signer     *signer,
               const char *header,
               const char *claims)
{
  g_autofree char *token = wf_test_key_sign (signer->key, "ES256", header, claims);
  const WfDemoFault fault = { .body = token, .content_type = "application/jwt" };

  wf_demo_server_set_fault (signer->world->server, "userinfo", &fault);
}

#define HEADER "{\"alg\":\"ES256\",\"kid\":\"userinfo\"}"

static void
test_signed (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTestKey) key = wf_test_key_new_curve ("P-256");
  Signer signer = { world, key };
  const char *subject = wf_session_get_tokens (world->session)->subject;
  const char *issuer = world->account->issuer;
  g_autofree char *good = g_strdup_printf ("{\"sub\":\"%s\",\"iss\":\"%s\",\"aud\":[\"" WF_DEMO_CLIENT_ID "\"],\"name\":\"Alice\"}", subject, issuer);
  g_autofree char *bare = g_strdup_printf ("{\"sub\":\"%s\"}", subject);
  g_autofree char *other_audience = g_strdup_printf ("{\"sub\":\"%s\",\"aud\":\"another-client\"}", subject);
  g_autofree char *other_issuer = g_strdup_printf ("{\"sub\":\"%s\",\"iss\":\"https://evil.example.org\"}", subject);
  g_autoptr (JsonObject) claims = NULL;
  g_autoptr (JsonObject) bare_claims = NULL;

  wf_demo_server_set_filter (world->server, add_key, &signer, NULL);
  /* the key is not in the set that the sign-in fetched: it is fetched again, once */
  answer_signed (&signer, HEADER, good);
  claims = get_userinfo (world->session, NULL, NULL);
  g_assert_cmpstr (json_object_get_string_member (claims, "name"), ==, "Alice");
  g_assert_cmpuint (wf_demo_server_count (world->server, "jwks"), ==, 1);
  answer_signed (&signer, HEADER, bare);
  bare_claims = get_userinfo (world->session, NULL, NULL);
  g_assert_nonnull (bare_claims);

  answer_signed (&signer, HEADER, other_audience);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_USERINFO_MISMATCH);
  answer_signed (&signer, HEADER, other_issuer);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_USERINFO_MISMATCH);
  answer_signed (&signer, HEADER, "{\"sub\":\"somebody-else\"}");
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_USERINFO_MISMATCH);
  answer_signed (&signer, "{\"alg\":\"ES256\",\"kid\":\"other\"}", good);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_SIGNATURE_INVALID);
  answer_signed (&signer, "{\"alg\":\"none\"}", good);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_SIGNATURE_INVALID);
  g_assert_cmpuint (wf_demo_server_count (world->server, "jwks"), ==, 1);
}

static void
test_encrypted (void)
{
  const WfDemoFault fault = {
    .body = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.YQ.YQ.YQ.YQ",
    .content_type = "application/jwt",
  };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "userinfo", &fault);
  wf_expect_error (get_userinfo (world->session, NULL, &err), WF_ERROR_UNSUPPORTED);
}

static void
test_cancelled (void)
{
  const WfDemoFault slow = { .delay = 60000 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &slow);
  wf_session_get_userinfo_async (world->session, cancellable, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "userinfo") == 1);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  g_assert_null (wf_session_get_userinfo_finish (world->session, result, &error));
  assert_error_name (error, "cancelled");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/userinfo/whole", test_whole);
  g_test_add_func ("/session/userinfo/refreshes-first", test_refreshes_first);
  g_test_add_func ("/session/userinfo/signed-out", test_signed_out);
  g_test_add_func ("/session/userinfo/subject", test_subject);
  g_test_add_func ("/session/userinfo/no-endpoint", test_no_endpoint);
  g_test_add_func ("/session/userinfo/server-fails", test_server_fails);
  g_test_add_func ("/session/userinfo/signed", test_signed);
  g_test_add_func ("/session/userinfo/encrypted", test_encrypted);
  g_test_add_func ("/session/userinfo/cancelled", test_cancelled);

  return g_test_run ();
}
