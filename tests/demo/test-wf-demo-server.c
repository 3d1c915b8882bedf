/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-client.h"

#include "wf-error.h"
#include "wf-id-token.h"
#include "wf-provider-metadata.h"

static WfDemoServer *
start (const WfDemoOptions *options)
{
  WfDemoServer *server = wf_demo_server_new (options);
  g_autoptr (GError) error = NULL;

  wf_demo_server_start (server, 0, &error);
  g_assert_no_error (error);
  return server;
}

static void
test_discovery (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) answer = demo_client_get (client, "/.well-known/openid-configuration");
  g_autoptr (DemoAnswer) oauth = demo_client_get (client, "/.well-known/oauth-authorization-server");
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->content_type, ==, "application/json");
  g_assert_cmpstr (answer->body, ==, oauth->body);
  metadata = wf_provider_metadata_parse (wf_demo_server_get_issuer (server), FALSE, FALSE, answer->body,
                                         strlen (answer->body), &error);
  g_assert_no_error (error);
  g_assert_true (metadata->iss_parameter_supported);
  g_assert_nonnull (metadata->revocation_endpoint);
  g_assert_nonnull (metadata->end_session_endpoint);
  g_assert_nonnull (metadata->userinfo_endpoint);
  g_assert_true (g_strv_contains ((const char *const *) metadata->code_challenge_methods_supported, "S256"));
  g_assert_false (g_strv_contains ((const char *const *) metadata->code_challenge_methods_supported, "plain"));
  g_assert_true (wf_provider_metadata_supports_scope (metadata, "offline_access"));
  g_assert_false (wf_provider_metadata_supports_scope (metadata, "address"));
  g_assert_true (wf_provider_metadata_supports_grant (metadata, "refresh_token"));
  g_assert_cmpstr (metadata->id_token_signing_alg_values_supported[0], ==, "ES256");
}

/* The ID token of @answer, checked as Warifu checks it. */
static void
check_id_token (DemoClient *client,
                DemoAnswer *answer,
                const char *nonce,
                gboolean    is_refresh)
{
  g_autoptr (DemoAnswer) keys = demo_client_get (client, "/jwks.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwks) jwks = wf_jwks_parse (keys->body, strlen (keys->body), &error);
  g_autoptr (WfJwt) jwt = wf_jwt_parse (demo_answer_get (answer, "id_token"), -1, &error);
  g_autoptr (WfVerification) verification = wf_jws_verify (jwt, jwks, NULL);
  SecretValue *access_token = secret_value_new (demo_answer_get (answer, "access_token"), -1, "text/plain");
  WfIdTokenExpectations expectations = {
    .issuer = wf_demo_server_get_issuer (client->server),
    .client_id = WF_DEMO_CLIENT_ID,
    .nonce = nonce,
    .access_token = access_token,
    .max_age = -1,
    .previous_subject = is_refresh ? "demo|alice" : NULL,
    .is_refresh = is_refresh,
    .now = g_get_real_time () / G_USEC_PER_SEC,
    .skew = WF_DEFAULT_SKEW,
  };

  g_assert_no_error (error);
  g_assert_cmpint (verification->verdict, ==, WF_JWS_VERIFIED);
  wf_id_token_check (jwt, verification, &expectations, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "sub"), ==, "demo|alice");
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "name"), ==, "Alice Liddell");
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "email"), ==, "alice@example.org");
  secret_value_unref (access_token);
}

static void
check_userinfo (DemoClient *client,
                DemoAnswer *tokens)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", demo_answer_get (tokens, "access_token"), NULL);
  g_autoptr (DemoAnswer) answer = NULL;
  g_autoptr (DemoAnswer) picture = NULL;

  demo_client_set_header (client, "Authorization", bearer);
  answer = demo_client_get (client, "/userinfo");
  demo_client_set_header (client, "Authorization", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (demo_answer_get (answer, "sub"), ==, "demo|alice");
  g_assert_cmpstr (demo_answer_get (answer, "name"), ==, "Alice Liddell");
  picture = demo_client_get (client, demo_answer_get (answer, "picture"));
  g_assert_cmpuint (picture->status, ==, 200);
  g_assert_cmpstr (picture->content_type, ==, "image/png");
  g_assert_true (g_str_has_prefix (picture->body, "\x89PNG\r\n"));
}

static void
test_flow (gconstpointer data)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (WfDemoServer) server = NULL;
  g_autoptr (DemoClient) client = NULL;
  g_autoptr (DemoAnswer) tokens = NULL;
  g_autoptr (DemoAnswer) refreshed = NULL;

  options.algorithm = GPOINTER_TO_INT (data);
  server = start (&options);
  client = demo_client_new (server);
  tokens = demo_client_sign_in (client);

  g_assert_cmpstr (demo_answer_get (tokens, "token_type"), ==, "Bearer");
  g_assert_cmpint (json_object_get_int_member (tokens->json, "expires_in"), ==, 120);
  g_assert_cmpint (json_object_get_int_member (tokens->json, "refresh_expires_in"), ==, 8 * 60 * 60);
  g_assert_cmpstr (soup_message_headers_get_one (tokens->headers, "Cache-Control"), ==, "no-store");
  check_id_token (client, tokens, "n-0S6_WzA2Mj", FALSE);
  check_userinfo (client, tokens);

  refreshed = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpuint (refreshed->status, ==, 200);
  g_assert_cmpstr (demo_answer_get (refreshed, "refresh_token"), !=, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpstr (demo_answer_get (refreshed, "access_token"), !=, demo_answer_get (tokens, "access_token"));
  check_id_token (client, refreshed, NULL, TRUE);
  check_userinfo (client, refreshed);
}

static void
on_request (WfDemoServer      *server,
            const char        *endpoint,
            SoupServerMessage *message,
            gpointer           user_data)
{
  g_assert_true (SOUP_IS_SERVER_MESSAGE (message));
  g_string_append_printf (user_data, "%s ", endpoint);
}

static void
test_counts (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (DemoAnswer) tokens = NULL;
  g_autoptr (DemoAnswer) refreshed = NULL;

  g_signal_connect (server, "request", G_CALLBACK (on_request), seen);
  tokens = demo_client_sign_in (client);
  refreshed = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpstr (seen->str, ==, "authorize decision token token ");
  g_assert_cmpuint (wf_demo_server_count (server, "token"), ==, 2);
  g_assert_cmpuint (wf_demo_server_count (server, "userinfo"), ==, 0);
  g_assert_cmpuint (wf_demo_server_count (server, NULL), ==, 4);
  g_assert_cmpuint (wf_demo_server_count_grant (server, "authorization_code"), ==, 1);
  g_assert_cmpuint (wf_demo_server_count_grant (server, "refresh_token"), ==, 1);
  wf_demo_server_reset_counts (server);
  g_assert_cmpuint (wf_demo_server_count (server, NULL), ==, 0);
  g_assert_cmpuint (wf_demo_server_count_grant (server, "refresh_token"), ==, 0);
}

static void
test_userinfo_refused (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) none = demo_client_get (client, "/userinfo");
  g_autoptr (DemoAnswer) wrong = NULL;
  g_autoptr (DemoAnswer) query = demo_client_get (client, "/userinfo?access_token=x");

  g_assert_cmpuint (none->status, ==, 401);
  g_assert_cmpstr (soup_message_headers_get_one (none->headers, "WWW-Authenticate"), ==, "Bearer realm=\"warifu-demo\"");
  g_assert_cmpuint (query->status, ==, 401);
  demo_client_set_header (client, "Authorization", "Bearer nonsense");
  wrong = demo_client_get (client, "/userinfo");
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_nonnull (strstr (soup_message_headers_get_one (wrong->headers, "WWW-Authenticate"), "error=\"invalid_token\""));
}

static void
test_userinfo_expired (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (client);
  g_autofree char *bearer = g_strconcat ("Bearer ", demo_answer_get (tokens, "access_token"), NULL);
  g_autoptr (DemoAnswer) early = NULL;
  g_autoptr (DemoAnswer) late = NULL;

  demo_client_set_header (client, "Authorization", bearer);
  early = demo_client_get (client, "/userinfo");
  g_assert_cmpuint (early->status, ==, 200);
  wf_demo_server_advance_clock (server, 121);
  late = demo_client_get (client, "/userinfo");
  g_assert_cmpuint (late->status, ==, 401);
}

static gint64
get_date (DemoAnswer *answer)
{
  g_autoptr (GDateTime) date = soup_date_time_new_from_http_string (soup_message_headers_get_one (answer->headers, "Date"));

  g_assert_nonnull (date);
  return g_date_time_to_unix (date);
}

static void
test_clock (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) honest = demo_client_get (client, "/jwks.json");
  g_autoptr (DemoAnswer) ahead = NULL;

  wf_demo_server_advance_clock (server, 86400);
  ahead = demo_client_get (client, "/jwks.json");
  g_assert_cmpint (ABS (get_date (honest) - g_get_real_time () / G_USEC_PER_SEC), <=, 5);
  g_assert_cmpint (ABS (get_date (ahead) - get_date (honest) - 86400), <=, 5);
}

static void
test_end_session (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (client);
  const char *hint = demo_answer_get (tokens, "id_token");
  g_autofree char *path = demo_client_make_authorize_path (client, "prompt", "none", NULL);
  g_autoptr (DemoAnswer) before = demo_client_get (client, path);
  g_autofree char *logout = g_strdup_printf ("/logout?id_token_hint=%s&state=s1&post_logout_redirect_uri=%s", hint,
                                             "io.github.warifu:/callback");
  g_autofree char *foreign = g_strdup_printf ("/logout?id_token_hint=%s&post_logout_redirect_uri=%s", hint,
                                              "https%3A%2F%2Fevil.example.org%2F");
  g_autoptr (DemoAnswer) out = demo_client_get (client, logout);
  g_autoptr (DemoAnswer) nowhere = demo_client_get (client, foreign);
  g_autoptr (DemoAnswer) forged = demo_client_get (client, "/logout?id_token_hint=a.b.c");
  g_autoptr (DemoAnswer) after = demo_client_get (client, path);
  g_autoptr (DemoAnswer) refreshed = NULL;
  g_autofree char *error = demo_location_get (after->location, "error");

  g_assert_cmpuint (before->status, ==, 303);
  g_assert_nonnull (strstr (before->location, "code="));
  g_assert_cmpuint (out->status, ==, 303);
  g_assert_cmpstr (out->location, ==, "io.github.warifu:/callback?state=s1");
  g_assert_cmpuint (nowhere->status, ==, 200);
  g_assert_nonnull (strstr (nowhere->body, "You are signed out"));
  g_assert_cmpuint (forged->status, ==, 400);
  g_assert_cmpstr (error, ==, "login_required");
  /* offline_access outlives the browser's session. */
  refreshed = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpuint (refreshed->status, ==, 200);
}

static void
test_routing (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) home = demo_client_get (client, "/");
  g_autoptr (DemoAnswer) nothing = demo_client_get (client, "/nothing/here");
  g_autoptr (DemoAnswer) method = demo_client_get (client, "/oauth/token");
  g_autoptr (DemoAnswer) posted = demo_client_post (client, "/jwks.json", "a", "b", NULL);
  g_autoptr (DemoAnswer) malformed = demo_client_get (client, "/userinfo?a=%ff");
  g_autoptr (DemoAnswer) rebound = NULL;

  g_assert_cmpuint (home->status, ==, 200);
  g_assert_nonnull (strstr (home->body, "Warifu demo server"));
  g_assert_cmpuint (nothing->status, ==, 404);
  g_assert_cmpuint (method->status, ==, 405);
  g_assert_cmpstr (soup_message_headers_get_one (method->headers, "Allow"), ==, "POST");
  g_assert_cmpuint (posted->status, ==, 405);
  g_assert_cmpuint (malformed->status, ==, 400);
  demo_client_set_header (client, "Host", "evil.example.org");
  rebound = demo_client_get (client, "/");
  g_assert_cmpuint (rebound->status, ==, 421);
}

static void
test_restart (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (client);
  g_autoptr (DemoAnswer) down = NULL;
  g_autoptr (DemoAnswer) up = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port = wf_demo_server_get_port (server);
  g_autofree char *issuer = g_strdup (wf_demo_server_get_issuer (server));

  wf_demo_server_stop (server);
  wf_demo_server_stop (server);
  down = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  g_assert_nonnull (down->error);
  wf_demo_server_start (server, port, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (wf_demo_server_get_issuer (server), ==, issuer);
  up = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpuint (up->status, ==, 200);
}

static void
test_port_taken (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (WfDemoServer) second = wf_demo_server_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (wf_demo_server_get_issuer (second));
  g_assert_false (wf_demo_server_start (second, wf_demo_server_get_port (server), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
test_rotate_keys (void)
{
  g_autoptr (WfDemoServer) server = start (NULL);
  g_autoptr (DemoClient) client = demo_client_new (server);
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (client);
  g_autoptr (DemoAnswer) refreshed = NULL;
  g_autoptr (WfJwt) old = wf_jwt_parse (demo_answer_get (tokens, "id_token"), -1, NULL);
  g_autoptr (WfJwt) new = NULL;

  wf_demo_server_rotate_keys (server);
  refreshed = demo_client_refresh (client, demo_answer_get (tokens, "refresh_token"));
  new = wf_jwt_parse (demo_answer_get (refreshed, "id_token"), -1, NULL);
  g_assert_cmpstr (wf_jwt_get_key_id (old), !=, wf_jwt_get_key_id (new));
  check_id_token (client, tokens, "n-0S6_WzA2Mj", FALSE);
  check_id_token (client, refreshed, NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/server/discovery", test_discovery);
  g_test_add_data_func ("/demo/server/flow/es256", GINT_TO_POINTER (WF_DEMO_ES256), test_flow);
  g_test_add_data_func ("/demo/server/flow/rs256", GINT_TO_POINTER (WF_DEMO_RS256), test_flow);
  g_test_add_func ("/demo/server/counts", test_counts);
  g_test_add_func ("/demo/server/userinfo/refused", test_userinfo_refused);
  g_test_add_func ("/demo/server/userinfo/expired", test_userinfo_expired);
  g_test_add_func ("/demo/server/clock", test_clock);
  g_test_add_func ("/demo/server/end-session", test_end_session);
  g_test_add_func ("/demo/server/routing", test_routing);
  g_test_add_func ("/demo/server/restart", test_restart);
  g_test_add_func ("/demo/server/port-taken", test_port_taken);
  g_test_add_func ("/demo/server/rotate-keys", test_rotate_keys);

  return g_test_run ();
}
