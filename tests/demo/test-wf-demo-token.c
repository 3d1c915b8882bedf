/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-client.h"

#include "wf-jwt.h"
#include "wf-scope.h"

typedef struct
{
  WfDemoServer *server;
  DemoClient   *client;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.client_secret = "correct horse: battery & staple";
  fixture->server = wf_demo_server_new (&options);
  wf_demo_server_start (fixture->server, 0, &error);
  g_assert_no_error (error);
  fixture->client = demo_client_new (fixture->server);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  demo_client_free (fixture->client);
  wf_demo_server_stop (fixture->server);
  g_assert_finalize_object (fixture->server);
}

static void
update (Fixture *fixture,
        gboolean rotation,
        gint64   leeway)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;

  options.rotation = rotation;
  options.leeway = leeway;
  wf_demo_server_update (fixture->server, &options);
}

static void
assert_error (DemoAnswer *answer,
              guint       status,
              const char *error)
{
  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpstr (demo_answer_get (answer, "error"), ==, error);
  g_assert_cmpstr (demo_answer_get (answer, "error_description"), !=, "");
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Cache-Control"), ==, "no-store");
}

static guint
get_userinfo_status (Fixture    *fixture,
                     DemoAnswer *tokens)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", demo_answer_get (tokens, "access_token"), NULL);
  g_autoptr (DemoAnswer) answer = NULL;

  demo_client_set_header (fixture->client, "Authorization", bearer);
  answer = demo_client_get (fixture->client, "/userinfo");
  demo_client_set_header (fixture->client, "Authorization", NULL);
  return answer->status;
}

static DemoAnswer *
refresh (Fixture    *fixture,
         DemoAnswer *tokens)
{
  return demo_client_refresh (fixture->client, demo_answer_get (tokens, "refresh_token"));
}

static void
test_wrong_verifier (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *code = demo_client_get_code (fixture->client);
  g_autofree char *right = g_strdup (fixture->client->verifier);
  g_autoptr (DemoAnswer) wrong = NULL;
  g_autoptr (DemoAnswer) spent = NULL;

  fixture->client->verifier[0] = right[0] == 'a' ? 'b' : 'a';
  wrong = demo_client_exchange (fixture->client, code);
  assert_error (wrong, 400, "invalid_grant");
  fixture->client->verifier[0] = right[0];
  spent = demo_client_exchange (fixture->client, code);
  assert_error (spent, 400, "invalid_grant");
}

static void
test_code_fields (Fixture      *fixture,
                  gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autofree char *code = demo_client_get_code (client);
  g_autoptr (DemoAnswer) no_verifier = demo_client_post (client, "/oauth/token", "grant_type", "authorization_code",
                                                         "client_id", WF_DEMO_CLIENT_ID, "code", code, NULL);
  g_autoptr (DemoAnswer) no_code = demo_client_exchange (client, NULL);
  g_autoptr (DemoAnswer) unknown = demo_client_exchange (client, "unknown");
  g_autoptr (DemoAnswer) elsewhere = NULL;

  assert_error (no_verifier, 400, "invalid_request");
  assert_error (no_code, 400, "invalid_request");
  assert_error (unknown, 400, "invalid_grant");
  elsewhere = demo_client_post (client, "/oauth/token", "grant_type", "authorization_code", "client_id",
                                WF_DEMO_CLIENT_ID, "code", code, "redirect_uri", "https://app.example.org/callback",
                                "code_verifier", client->verifier, NULL);
  assert_error (elsewhere, 400, "invalid_grant");
}

static void
test_code_expired (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *code = demo_client_get_code (fixture->client);
  g_autoptr (DemoAnswer) late = NULL;

  wf_demo_server_advance_clock (fixture->server, 60);
  late = demo_client_exchange (fixture->client, code);
  assert_error (late, 400, "invalid_grant");
}

static void
test_code_reuse (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *code = demo_client_get_code (fixture->client);
  g_autoptr (DemoAnswer) tokens = demo_client_exchange (fixture->client, code);
  g_autoptr (DemoAnswer) again = NULL;
  g_autoptr (DemoAnswer) refreshed = NULL;

  g_assert_cmpuint (get_userinfo_status (fixture, tokens), ==, 200);
  again = demo_client_exchange (fixture->client, code);
  assert_error (again, 400, "invalid_grant");
  g_assert_cmpuint (get_userinfo_status (fixture, tokens), ==, 401);
  refreshed = refresh (fixture, tokens);
  assert_error (refreshed, 400, "invalid_grant");
}

static void
test_rotation (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (DemoAnswer) first = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) second = refresh (fixture, first);
  g_autoptr (DemoAnswer) third = refresh (fixture, second);
  g_autoptr (DemoAnswer) reused = NULL;
  g_autoptr (DemoAnswer) newest = NULL;

  g_assert_cmpuint (third->status, ==, 200);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 0);
  reused = refresh (fixture, first);
  assert_error (reused, 400, "invalid_grant");
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 1);
  /* The whole family is gone. */
  newest = refresh (fixture, third);
  assert_error (newest, 400, "invalid_grant");
  g_assert_cmpuint (get_userinfo_status (fixture, third), ==, 401);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 1);
}

static void
test_other_family (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (DemoAnswer) one = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) other = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) next = refresh (fixture, one);
  g_autoptr (DemoAnswer) reused = refresh (fixture, one);
  g_autoptr (DemoAnswer) untouched = refresh (fixture, other);

  g_assert_cmpuint (next->status, ==, 200);
  assert_error (reused, 400, "invalid_grant");
  g_assert_cmpuint (untouched->status, ==, 200);
}

static void
test_leeway (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (DemoAnswer) first = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) lost = NULL;
  g_autoptr (DemoAnswer) retried = NULL;
  g_autoptr (DemoAnswer) older = NULL;

  update (fixture, TRUE, 30);
  lost = refresh (fixture, first);
  wf_demo_server_advance_clock (fixture->server, 30);
  retried = refresh (fixture, first);
  g_assert_cmpuint (retried->status, ==, 200);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 0);
  /* Now it is not the previous one any more. */
  older = refresh (fixture, first);
  assert_error (older, 400, "invalid_grant");
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 1);
}

static void
test_leeway_over (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (DemoAnswer) first = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) second = NULL;
  g_autoptr (DemoAnswer) late = NULL;

  update (fixture, TRUE, 30);
  second = refresh (fixture, first);
  g_assert_cmpuint (second->status, ==, 200);
  wf_demo_server_advance_clock (fixture->server, 31);
  late = refresh (fixture, first);
  assert_error (late, 400, "invalid_grant");
}

static void
test_no_rotation (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (DemoAnswer) first = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) second = NULL;
  g_autoptr (DemoAnswer) third = NULL;

  update (fixture, FALSE, 0);
  second = refresh (fixture, first);
  g_assert_false (json_object_has_member (second->json, "refresh_token"));
  third = refresh (fixture, first);
  g_assert_cmpuint (third->status, ==, 200);
}

/* Rotation does not extend the family's life. */
static void
test_refresh_expires (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (DemoAnswer) first = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) second = NULL;
  g_autoptr (DemoAnswer) late = NULL;

  wf_demo_server_advance_clock (fixture->server, 8 * 60 * 60 - 60);
  second = refresh (fixture, first);
  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpint (json_object_get_int_member (second->json, "refresh_expires_in"), <=, 60);
  wf_demo_server_advance_clock (fixture->server, 60);
  late = refresh (fixture, second);
  assert_error (late, 400, "invalid_grant");
}

static void
test_revoke_all (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) refused = NULL;

  wf_demo_server_revoke_all (fixture->server);
  refused = refresh (fixture, tokens);
  assert_error (refused, 400, "invalid_grant");
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 0);
}

static void
test_scope (Fixture      *fixture,
            gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (client);
  g_autoptr (DemoAnswer) wide = NULL;
  g_autoptr (DemoAnswer) narrow = NULL;

  g_assert_true (wf_scope_contains (demo_answer_get (tokens, "scope"), "offline_access"));
  wide = demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                           "refresh_token", demo_answer_get (tokens, "refresh_token"), "scope", "openid write", NULL);
  assert_error (wide, 400, "invalid_scope");
  /* A refused refresh does not spend the token. */
  narrow = demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                             "refresh_token", demo_answer_get (tokens, "refresh_token"), "scope", "email", NULL);
  g_assert_cmpuint (narrow->status, ==, 200);
  g_assert_cmpstr (demo_answer_get (narrow, "scope"), ==, "email");
  g_assert_false (json_object_has_member (narrow->json, "id_token"));
  g_assert_cmpuint (get_userinfo_status (fixture, narrow), ==, 403);
}

static void
test_no_offline_access (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char *path = demo_client_make_authorize_path (fixture->client, "scope", "openid nonsense", NULL);
  g_autofree char *location = demo_client_approve (fixture->client, path, "alice");
  g_autofree char *code = demo_location_get (location, "code");
  g_autoptr (DemoAnswer) tokens = demo_client_exchange (fixture->client, code);

  g_assert_cmpstr (demo_answer_get (tokens, "scope"), ==, "openid");
  g_assert_false (json_object_has_member (tokens->json, "refresh_token"));
}

static WfJwt *
get_access_token (DemoAnswer *tokens)
{
  g_autoptr (GError) error = NULL;
  WfJwt *jwt = wf_jwt_parse (demo_answer_get (tokens, "access_token"), -1, &error);

  g_assert_no_error (error);
  return jwt;
}

/* RFC 9068 */
static void
test_audience (Fixture      *fixture,
               gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autofree char *path = demo_client_make_authorize_path (client, "audience", "https://api.example.org", NULL);
  g_autofree char *location = demo_client_approve (client, path, "alice");
  g_autofree char *code = demo_location_get (location, "code");
  g_autoptr (DemoAnswer) tokens = demo_client_exchange (client, code);
  g_autoptr (DemoAnswer) other = NULL;
  g_autoptr (WfJwt) jwt = get_access_token (tokens);
  g_autoptr (WfJwt) other_jwt = NULL;

  g_assert_cmpstr (json_object_get_string_member (wf_jwt_get_header (jwt), "typ"), ==, "at+jwt");
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "aud"), ==, "https://api.example.org");
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "client_id"), ==, WF_DEMO_CLIENT_ID);
  g_assert_nonnull (wf_jwt_get_claim_string (jwt, "jti"));
  g_assert_cmpuint (get_userinfo_status (fixture, tokens), ==, 200);

  other = demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                            "refresh_token", demo_answer_get (tokens, "refresh_token"), "audience", "urn:other", NULL);
  other_jwt = get_access_token (other);
  g_assert_cmpstr (wf_jwt_get_claim_string (other_jwt, "aud"), ==, "urn:other");
}

/* RFC 8707 */
static void
test_resource (Fixture      *fixture,
               gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autofree char *path = demo_client_make_authorize_path (client, "resource", "https://a.example.org/", "resource",
                                                           "https://b.example.org/", NULL);
  g_autofree char *location = demo_client_approve (client, path, "alice");
  g_autofree char *code = demo_location_get (location, "code");
  g_autoptr (DemoAnswer) tokens = demo_client_exchange (client, code);
  g_autoptr (WfJwt) jwt = get_access_token (tokens);
  JsonArray *audience = json_object_get_array_member (wf_jwt_get_claims (jwt), "aud");
  g_autoptr (DemoAnswer) foreign = NULL;
  g_autoptr (DemoAnswer) one = NULL;
  g_autoptr (WfJwt) one_jwt = NULL;

  g_assert_cmpuint (json_array_get_length (audience), ==, 2);
  foreign = demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                              "refresh_token", demo_answer_get (tokens, "refresh_token"), "resource",
                              "https://c.example.org/", NULL);
  assert_error (foreign, 400, "invalid_target");
  one = demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                          "refresh_token", demo_answer_get (tokens, "refresh_token"), "resource",
                          "https://b.example.org/", NULL);
  one_jwt = get_access_token (one);
  g_assert_cmpstr (wf_jwt_get_claim_string (one_jwt, "aud"), ==, "https://b.example.org/");
}

static char *
make_basic (const char *id,
            const char *secret)
{
  g_autofree char *encoded_id = wf_form_encode_value (id);
  g_autofree char *encoded_secret = wf_form_encode_value (secret);
  g_autofree char *pair = g_strconcat (encoded_id, ":", encoded_secret, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) pair, strlen (pair));

  return g_strconcat ("Basic ", encoded, NULL);
}

static char *
get_confidential_code (DemoClient *client)
{
  g_autofree char *path = demo_client_make_authorize_path (client, "client_id", WF_DEMO_CONFIDENTIAL_CLIENT_ID, NULL);
  g_autofree char *location = demo_client_approve (client, path, "alice");

  return demo_location_get (location, "code");
}

static DemoAnswer *
exchange_confidential (DemoClient *client,
                       const char *code,
                       const char *client_id,
                       const char *secret)
{
  return demo_client_post (client, "/oauth/token", "grant_type", "authorization_code", "client_id", client_id,
                           "client_secret", secret, "code", code, "redirect_uri", "io.github.warifu:/callback",
                           "code_verifier", client->verifier, NULL);
}

static void
test_confidential (Fixture      *fixture,
                   gconstpointer data)
{
  DemoClient *client = fixture->client;
  const char *secret = wf_demo_server_get_client_secret (fixture->server);
  g_autofree char *basic = make_basic (WF_DEMO_CONFIDENTIAL_CLIENT_ID, secret);
  g_autofree char *wrong_basic = make_basic (WF_DEMO_CONFIDENTIAL_CLIENT_ID, "wrong");
  g_autofree char *code = get_confidential_code (client);
  g_autofree char *second_code = get_confidential_code (client);
  const char *id = WF_DEMO_CONFIDENTIAL_CLIENT_ID;
  g_autoptr (DemoAnswer) none = exchange_confidential (client, code, id, NULL);
  g_autoptr (DemoAnswer) wrong = exchange_confidential (client, code, id, "wrong");
  g_autoptr (DemoAnswer) other = exchange_confidential (client, code, WF_DEMO_CLIENT_ID, NULL);
  g_autoptr (DemoAnswer) public = exchange_confidential (client, code, WF_DEMO_CLIENT_ID, secret);
  g_autoptr (DemoAnswer) unknown = exchange_confidential (client, code, "unknown", NULL);
  g_autoptr (DemoAnswer) posted = exchange_confidential (client, code, id, secret);
  g_autoptr (DemoAnswer) both = NULL;
  g_autoptr (DemoAnswer) refused = NULL;
  g_autoptr (DemoAnswer) basic_answer = NULL;

  assert_error (none, 401, "invalid_client");
  g_assert_null (soup_message_headers_get_one (none->headers, "WWW-Authenticate"));
  assert_error (wrong, 401, "invalid_client");
  assert_error (other, 400, "invalid_grant");
  assert_error (public, 401, "invalid_client");
  assert_error (unknown, 401, "invalid_client");
  g_assert_cmpuint (posted->status, ==, 200);

  demo_client_set_header (client, "Authorization", basic);
  both = exchange_confidential (client, second_code, id, secret);
  assert_error (both, 400, "invalid_request");
  demo_client_set_header (client, "Authorization", wrong_basic);
  refused = exchange_confidential (client, second_code, NULL, NULL);
  assert_error (refused, 401, "invalid_client");
  g_assert_true (g_str_has_prefix (soup_message_headers_get_one (refused->headers, "WWW-Authenticate"), "Basic "));
  demo_client_set_header (client, "Authorization", basic);
  basic_answer = exchange_confidential (client, second_code, NULL, NULL);
  g_assert_cmpuint (basic_answer->status, ==, 200);
}

static void
test_refresh_of_another_client (Fixture      *fixture,
                                gconstpointer data)
{
  const char *secret = wf_demo_server_get_client_secret (fixture->server);
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) stolen = NULL;
  g_autoptr (DemoAnswer) own = NULL;

  stolen = demo_client_post (fixture->client, "/oauth/token", "grant_type", "refresh_token", "client_id",
                             WF_DEMO_CONFIDENTIAL_CLIENT_ID, "client_secret", secret, "refresh_token",
                             demo_answer_get (tokens, "refresh_token"), NULL);
  assert_error (stolen, 400, "invalid_grant");
  own = refresh (fixture, tokens);
  g_assert_cmpuint (own->status, ==, 200);
}

static void
test_malformed (Fixture      *fixture,
                gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autoptr (DemoAnswer) nothing = demo_client_post (client, "/oauth/token", "client_id", WF_DEMO_CLIENT_ID, NULL);
  g_autoptr (DemoAnswer) twice = demo_client_post (client, "/oauth/token", "client_id", WF_DEMO_CLIENT_ID,
                                                   "grant_type", "refresh_token", "grant_type", "refresh_token", NULL);
  g_autoptr (DemoAnswer) foreign = demo_client_post (client, "/oauth/token", "client_id", WF_DEMO_CLIENT_ID,
                                                     "grant_type", "password", NULL);
  g_autoptr (DemoAnswer) missing = demo_client_refresh (client, NULL);

  assert_error (nothing, 400, "invalid_request");
  assert_error (twice, 400, "invalid_request");
  assert_error (foreign, 400, "unsupported_grant_type");
  assert_error (missing, 400, "invalid_request");
}

static DemoAnswer *
revoke_token (Fixture    *fixture,
              const char *token)
{
  return demo_client_post (fixture->client, "/oauth/revoke", "client_id", WF_DEMO_CLIENT_ID, "token", token, NULL);
}

static void
test_revoke (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) second = refresh (fixture, tokens);
  g_autoptr (DemoAnswer) access = revoke_token (fixture, demo_answer_get (second, "access_token"));
  g_autoptr (DemoAnswer) unknown = revoke_token (fixture, "unknown");
  g_autoptr (DemoAnswer) missing = revoke_token (fixture, NULL);
  g_autoptr (DemoAnswer) foreign = NULL;
  g_autoptr (DemoAnswer) whole = NULL;
  g_autoptr (DemoAnswer) refused = NULL;

  g_assert_cmpuint (access->status, ==, 200);
  g_assert_cmpstr (access->body, ==, "");
  g_assert_cmpuint (unknown->status, ==, 200); /* RFC 7009 §2.2 */
  assert_error (missing, 400, "invalid_request");
  g_assert_cmpuint (get_userinfo_status (fixture, second), ==, 401);
  g_assert_cmpuint (get_userinfo_status (fixture, tokens), ==, 200);

  foreign = demo_client_post (fixture->client, "/oauth/revoke", "client_id", WF_DEMO_CONFIDENTIAL_CLIENT_ID,
                              "client_secret", wf_demo_server_get_client_secret (fixture->server), "token",
                              demo_answer_get (second, "refresh_token"), NULL);
  assert_error (foreign, 400, "invalid_grant");
  whole = revoke_token (fixture, demo_answer_get (second, "refresh_token"));
  g_assert_cmpuint (whole->status, ==, 200);
  g_assert_cmpuint (get_userinfo_status (fixture, tokens), ==, 401);
  refused = refresh (fixture, second);
  assert_error (refused, 400, "invalid_grant");
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 0);
}

#define ADD(path, function) g_test_add ("/demo/token/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("code/wrong-verifier", test_wrong_verifier);
  ADD ("code/fields", test_code_fields);
  ADD ("code/expired", test_code_expired);
  ADD ("code/reuse", test_code_reuse);
  ADD ("refresh/rotation", test_rotation);
  ADD ("refresh/other-family", test_other_family);
  ADD ("refresh/leeway", test_leeway);
  ADD ("refresh/leeway-over", test_leeway_over);
  ADD ("refresh/no-rotation", test_no_rotation);
  ADD ("refresh/expires", test_refresh_expires);
  ADD ("refresh/revoke-all", test_revoke_all);
  ADD ("refresh/scope", test_scope);
  ADD ("refresh/another-client", test_refresh_of_another_client);
  ADD ("no-offline-access", test_no_offline_access);
  ADD ("audience", test_audience);
  ADD ("resource", test_resource);
  ADD ("confidential", test_confidential);
  ADD ("malformed", test_malformed);
  ADD ("revoke", test_revoke);

  return g_test_run ();
}
