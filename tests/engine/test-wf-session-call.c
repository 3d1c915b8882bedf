/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-call.h"

#include <string.h>

#include "wf-expect.h"
#include "wf-test-world.h"

static WfCallResult *
call (World      *world,
      const char *uri,
      GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_call_async (world->session, uri, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_call_finish (world->session, result, error);
}

static char *
make_uri (World      *world,
          const char *path)
{
  return g_strconcat (world->account->issuer, path, NULL);
}

static const char *
get_access_token (World *world)
{
  return secret_value_get_text (wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL)->token);
}

static WfFlow *
get_flow (World *world)
{
  return g_list_model_get_item (wf_session_get_flows (world->session), 0);
}

static void
test_whole (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (GError) error = NULL;
  g_autoptr (WfCallResult) result = call (world, uri, &error);
  g_autoptr (WfFlow) flow = get_flow (world);
  const WfFlowStep *asked;

  g_assert_no_error (error);
  g_assert_cmpuint (result->exchange->status, ==, 200);
  g_assert_cmpstr (result->status, ==, "200 OK");
  g_assert_true (result->is_json);
  g_assert_nonnull (strstr (result->text, "\"email\""));
  g_assert_cmpuint (result->n_bytes, >, 0);
  g_assert_null (result->challenge);
  g_assert_null (result->explanation);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 1);

  /* checked, asked, answered: in the lane of the API */
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 3);
  g_assert_false (wf_flow_get_failed (flow));
  asked = wf_flow_get_step (flow, 1);
  g_assert_cmpint (asked->from, ==, WF_LANE_WARIFU);
  g_assert_cmpint (asked->to, ==, WF_LANE_API);
  g_assert_null (strstr (asked->exchange->request_headers, get_access_token (world)));
  g_assert_nonnull (strstr (asked->exchange->request_headers, "Authorization: "));
}

typedef struct
{
  char *authorization;
  char *query;
} Seen;

static void
on_request (WfDemoServer      *server,
            const char        *endpoint,
            SoupServerMessage *message,
            Seen              *seen)
{
  if (!g_str_equal (endpoint, "userinfo"))
    return;
  seen->authorization = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization"));
  seen->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "GET");
}

/* RFC 6750 §2.1 */
static void
test_bearer (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo?a=b");
  g_autofree char *expected = g_strconcat ("Bearer ", get_access_token (world), NULL);
  g_autoptr (WfCallResult) result = NULL;
  Seen seen = { NULL };

  g_signal_connect (world->server, "request", G_CALLBACK (on_request), &seen);
  result = call (world, uri, NULL);
  g_assert_cmpuint (result->exchange->status, ==, 200);
  g_assert_cmpstr (seen.authorization, ==, expected);
  g_assert_cmpstr (seen.query, ==, "a=b");
  g_free (seen.authorization);
  g_free (seen.query);
}

/* Nothing leaves for an address where the token is not at home, no request for a token either. */
static void
test_addresses (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GListModel) flows = g_object_ref (wf_session_get_flows (world->session));
  g_autofree char *port = g_strdup_printf ("http://127.0.0.1:%u/userinfo", wf_demo_server_get_port (world->server) + 1u);
  g_autofree char *dots = make_uri (world, "/a/../userinfo");
  guint n_flows = g_list_model_get_n_items (flows);

  world_advance (world, 7200);
  wf_expect_error (call (world, "https://evil.example.org/userinfo", &err), WF_ERROR_USAGE);
  wf_expect_error (call (world, port, &err), WF_ERROR_USAGE);
  wf_expect_error (call (world, dots, &err), WF_ERROR_USAGE);
  wf_expect_error (call (world, "http://example.org/userinfo", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (call (world, "", &err), WF_ERROR_INSECURE_ENDPOINT);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  g_assert_cmpuint (wf_demo_server_count (world->server, "userinfo"), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (flows), ==, n_flows);
}

static void
test_refreshes_first (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (WfCallResult) result = NULL;

  world_advance (world, 7200);
  result = call (world, uri, NULL);
  g_assert_cmpuint (result->exchange->status, ==, 200);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

/* As before a reveal or a copy. */
static void
test_policy (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);
  g_autofree char *uri = NULL;
  g_autoptr (WfCallResult) result = NULL;

  account->refresh_before_sensitive = TRUE;
  world_set_account (world, account);
  world_sign_in (world);
  uri = make_uri (world, "/userinfo");
  result = call (world, uri, NULL);
  g_assert_cmpuint (result->exchange->status, ==, 200);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
test_signed_out (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");

  wf_expect_error (call (world, uri, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "userinfo"), ==, 0);
}

static void
test_statuses (void)
{
  static const struct
  {
    WfDemoFault fault;
    const char *words; /* of the explanation; NULL: there is none */
    const char *text;  /* NULL: there is none */
  } cases[] = {
    { { .status = 401, .headers = "WWW-Authenticate: Bearer realm=\"a\", error=\"invalid_token\"", .body = "{\"error\":\"invalid_token\"}" }, "expired", "invalid_token" },
    { { .status = 403, .headers = "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"openid write:x\"", .body = "" }, "“write:x”, which was not granted", NULL },
    { { .status = 401, .headers = "WWW-Authenticate: Basic realm=\"a\"", .body = "" }, "Basic", NULL },
    { { .status = 401, .body = "" }, "does not say why", NULL },
    { { .status = 302, .headers = "Location: /home", .body = "" }, "does not follow", NULL },
    { { .status = 404, .body = "<p>no</p>", .content_type = "text/html" }, "nothing at this address", "<p>no</p>" },
    { { .status = 429, .body = "" }, "fewer", NULL },
    { { .status = 503, .body = "" }, "problem", NULL },
    { { .status = 418, .body = "" }, NULL, NULL },
    { { .body = "plain", .content_type = "text/plain" }, NULL, "plain" },
    { { .body = "[1,2]", .content_type = "application/json" }, NULL, "[" },
    { { .body = "\x89PNG\r\n\x1a\n\xff", .content_type = "image/png" }, NULL, NULL },
    { { .body = "\xff\xfe", .content_type = "text/plain" }, NULL, NULL },
    { { .body = "{\"refresh_token\":\"a-very-long-secret-0123456789\"}" }, NULL, "…" },
    { { .body = "echo a-very-long-secret-0123456789", .content_type = "text/plain" }, NULL, "echo …" },
  };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status = cases[i].fault.status ? cases[i].fault.status : 200;
      g_autoptr (GError) error = NULL;
      g_autoptr (WfCallResult) result = NULL;

      wf_demo_server_set_fault (world->server, "userinfo", &cases[i].fault);
      result = call (world, uri, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (result->exchange->status, ==, status);
      if (!cases[i].words)
        g_assert_null (result->explanation);
      else if (!result->explanation || !strstr (result->explanation, cases[i].words))
        g_error ("%u: %s", status, result->explanation);
      if (!cases[i].text)
        g_assert_true (!result->text || !*result->text);
      else
        g_assert_nonnull (strstr (result->text, cases[i].text));
      if (result->text)
        g_assert_null (strstr (result->text, "0123456789"));
      g_assert_cmpint (result->challenge != NULL, ==, status / 100 == 4 && cases[i].fault.headers);
    }
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpuint (wf_demo_server_count (world->server, "home"), ==, 0);
}

/* What the API says of the token is kept, the token that it repeats is not. */
static void
test_description (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autofree char *header = g_strdup_printf ("WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token %s is bad\"", get_access_token (world));
  const WfDemoFault fault = { .status = 401, .headers = header, .body = "" };
  g_autoptr (WfCallResult) result = NULL;
  g_autoptr (WfFlow) flow = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &fault);
  result = call (world, uri, NULL);
  flow = get_flow (world);
  g_assert_cmpstr (result->challenge->error, ==, "invalid_token");
  g_assert_cmpstr (result->challenge->description, ==, "The token … is bad");
  g_assert_true (wf_flow_get_failed (flow));
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 4);
  g_assert_cmpstr (wf_flow_get_step (flow, 3)->detail, ==, result->explanation);
}

static void
test_network (void)
{
  const WfDemoFault drop = { .drop = TRUE };
  g_autofree char *body = g_strnfill (WF_HTTP_MAX_BYTES + 1, 'a');
  const WfDemoFault huge = { .body = body, .content_type = "text/plain" };
  const WfDemoFault slow = { .delay = 60000 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (WfFlow) flow = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &drop);
  wf_expect_error (call (world, uri, &err), WF_ERROR_OFFLINE);
  wf_demo_server_set_fault (world->server, "userinfo", &huge);
  wf_expect_error (call (world, uri, &err), WF_ERROR_RESPONSE_TOO_LARGE);
  wf_http_client_set_deadline (wf_provider_get_http_client (world->provider), 200);
  wf_demo_server_set_fault (world->server, "userinfo", &slow);
  wf_expect_error (call (world, uri, &err), WF_ERROR_TIMEOUT);
  flow = get_flow (world);
  g_assert_true (wf_flow_get_failed (flow));
}

/* A large answer is cut where it is shown. */
static void
test_large (void)
{
  g_autofree char *body = g_strnfill (WF_HTTP_MAX_BYTES, 'a');
  const WfDemoFault large = { .body = body, .content_type = "text/plain" };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (WfCallResult) result = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &large);
  result = call (world, uri, NULL);
  g_assert_cmpuint (result->n_bytes, ==, WF_HTTP_MAX_BYTES);
  g_assert_cmpuint (strlen (result->text), ==, WF_EXCHANGE_BODY_MAX_BYTES);
}

/* An answer that comes after a sign-out is dropped. */
static void
test_overtaken (void)
{
  const WfDemoFault slow = { .delay = 300 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &slow);
  wf_session_call_async (world->session, uri, NULL, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "userinfo") == 1);
  report = world_sign_out (world->session, TRUE, NULL);
  wf_await (&result);
  g_assert_null (wf_session_call_finish (world->session, result, &error));
  assert_error_name (error, "cancelled");
}

static void
test_cancelled (void)
{
  const WfDemoFault slow = { .delay = 60000 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *uri = make_uri (world, "/userinfo");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "userinfo", &slow);
  wf_session_call_async (world->session, uri, cancellable, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "userinfo") == 1);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  g_assert_null (wf_session_call_finish (world->session, result, &error));
  assert_error_name (error, "cancelled");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/call/whole", test_whole);
  g_test_add_func ("/session/call/bearer", test_bearer);
  g_test_add_func ("/session/call/addresses", test_addresses);
  g_test_add_func ("/session/call/refreshes-first", test_refreshes_first);
  g_test_add_func ("/session/call/policy", test_policy);
  g_test_add_func ("/session/call/signed-out", test_signed_out);
  g_test_add_func ("/session/call/statuses", test_statuses);
  g_test_add_func ("/session/call/description", test_description);
  g_test_add_func ("/session/call/network", test_network);
  g_test_add_func ("/session/call/large", test_large);
  g_test_add_func ("/session/call/overtaken", test_overtaken);
  g_test_add_func ("/session/call/cancelled", test_cancelled);

  return g_test_run ();
}
