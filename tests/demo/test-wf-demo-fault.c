/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-client.h"

#include "wf-jwt.h"

typedef struct
{
  WfDemoServer *server;
  DemoClient   *client;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = wf_demo_server_new (NULL);
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

static DemoAnswer *
get_with_fault (Fixture           *fixture,
                const WfDemoFault *fault)
{
  wf_demo_server_set_fault (fixture->server, "jwks", fault);
  return demo_client_get (fixture->client, "/jwks.json");
}

static void
test_status (Fixture      *fixture,
             gconstpointer data)
{
  const WfDemoFault fault = {
    .status = 503,
    .headers = "Retry-After: 7\nX-Test: a: b",
    .content_type = "text/html",
    .body = "<h1>Busy</h1>",
  };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);
  g_autoptr (DemoAnswer) honest = NULL;

  g_assert_cmpuint (answer->status, ==, 503);
  g_assert_cmpstr (answer->content_type, ==, "text/html");
  g_assert_cmpstr (answer->body, ==, "<h1>Busy</h1>");
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Retry-After"), ==, "7");
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "X-Test"), ==, "a: b");
  honest = get_with_fault (fixture, NULL);
  g_assert_cmpuint (honest->status, ==, 200);
}

static void
test_headers_only (Fixture      *fixture,
                   gconstpointer data)
{
  const WfDemoFault fault = { .headers = "Cache-Control: max-age=5" };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_nonnull (answer->json);
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Cache-Control"), ==, "max-age=5");
}

static void
test_binary_body (Fixture      *fixture,
                  gconstpointer data)
{
  const WfDemoFault fault = { .body = "{\"a\":\0}", .body_length = 7 };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_cmpint (soup_message_headers_get_content_length (answer->headers), ==, 7);
  g_assert_cmpstr (answer->body, ==, "{\"a\":");
}

static void
test_drop (Fixture      *fixture,
           gconstpointer data)
{
  const WfDemoFault fault = { .drop = TRUE, .times = 1 };
  g_autoptr (DemoAnswer) answer = NULL;
  g_autoptr (DemoAnswer) honest = NULL;

  wf_demo_server_set_fault (fixture->server, "token", &fault);
  answer = demo_client_refresh (fixture->client, "x");
  g_assert_nonnull (answer->error);
  g_assert_cmpuint (wf_demo_server_count (fixture->server, "token"), ==, 1);
  honest = demo_client_refresh (fixture->client, "x");
  g_assert_cmpuint (honest->status, ==, 400);
}

/* The answer is lost, but the token was rotated. */
static void
test_lost_answer (Fixture      *fixture,
                  gconstpointer data)
{
  const WfDemoFault fault = { .drop = TRUE, .process = TRUE, .times = 1 };
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (fixture->client);
  g_autoptr (DemoAnswer) lost = NULL;
  g_autoptr (DemoAnswer) again = NULL;

  wf_demo_server_set_fault (fixture->server, "token", &fault);
  lost = demo_client_refresh (fixture->client, demo_answer_get (tokens, "refresh_token"));
  g_assert_nonnull (lost->error);
  again = demo_client_refresh (fixture->client, demo_answer_get (tokens, "refresh_token"));
  g_assert_cmpuint (again->status, ==, 400);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (fixture->server), ==, 1);
}

/* The token endpoint fails without having done anything: the token is still good. */
static void
test_failed_before (Fixture      *fixture,
                    gconstpointer data)
{
  const WfDemoFault fault = { .status = 500, .times = 2 };
  g_autoptr (DemoAnswer) tokens = demo_client_sign_in (fixture->client);

  wf_demo_server_set_fault (fixture->server, "token", &fault);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (DemoAnswer) answer = demo_client_refresh (fixture->client, demo_answer_get (tokens, "refresh_token"));

      g_assert_cmpuint (answer->status, ==, i < 2 ? 500 : 200);
    }
  g_assert_cmpuint (wf_demo_server_count_grant (fixture->server, "refresh_token"), ==, 3);
}

static void
test_truncate (Fixture      *fixture,
               gconstpointer data)
{
  const WfDemoFault fault = { .truncate = TRUE };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_nonnull (answer->error);
}

static void
test_drip (Fixture      *fixture,
           gconstpointer data)
{
  const WfDemoFault fault = { .body = "{}", .drip = 1 };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->body, ==, "{}");
  /* More than 60 bytes with the header, a millisecond each at least. */
  g_assert_cmpint (g_get_monotonic_time () - start, >, 60 * 1000);
}

static void
test_raw (Fixture      *fixture,
          gconstpointer data)
{
  const WfDemoFault fault = {
    .raw = TRUE,
    .body = "HTTP/1.1 200 Fine\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            "7\r\n{\"a\":1}\r\n0\r\n\r\n",
  };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->body, ==, "{\"a\":1}");
}

static void
test_delay (Fixture      *fixture,
            gconstpointer data)
{
  const WfDemoFault fault = { .delay = 50 };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (answer->json);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 50 * 1000);
}

/* A fault that steals the connection after a pause. */
static void
test_delayed_drop (Fixture      *fixture,
                   gconstpointer data)
{
  const WfDemoFault fault = { .delay = 20, .drop = TRUE };
  g_autoptr (DemoAnswer) answer = get_with_fault (fixture, &fault);

  g_assert_nonnull (answer->error);
}

static void
on_request (WfDemoServer      *server,
            const char        *endpoint,
            SoupServerMessage *message,
            gpointer           user_data)
{
  gboolean *seen = user_data;

  *seen = TRUE;
}

static void
on_cancelled (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  gboolean *done = user_data;

  g_assert_null (body);
  *done = TRUE;
}

/* The server goes while a request waits for its delayed answer, or the client goes. */
static void
test_gone_while_waiting (Fixture      *fixture,
                         gconstpointer data)
{
  gboolean client_goes = GPOINTER_TO_INT (data);
  const WfDemoFault fault = { .delay = client_goes ? 20 : 60 * 1000 };
  g_autofree char *uri = g_strconcat (wf_demo_server_get_issuer (fixture->server), "/jwks.json", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean seen = FALSE;
  gboolean done = FALSE;

  wf_demo_server_set_fault (fixture->server, "jwks", &fault);
  g_signal_connect (fixture->server, "request", G_CALLBACK (on_request), &seen);
  soup_session_send_and_read_async (fixture->client->session, message, G_PRIORITY_DEFAULT, cancellable, on_cancelled,
                                    &done);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  if (client_goes)
    g_cancellable_cancel (cancellable);
  else
    wf_demo_server_stop (fixture->server);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  if (client_goes)
    {
      g_autoptr (DemoAnswer) next = demo_client_get (fixture->client, "/jwks.json");

      g_assert_cmpuint (next->status, ==, 200);
    }
}

static void
spoil (const char *what,
       JsonObject *object,
       gpointer    user_data)
{
  g_string_append_printf (user_data, "%s ", what);
  if (strcmp (what, "id_token") == 0)
    json_object_set_string_member (object, "nonce", "spoiled");
  if (strcmp (what, "token") == 0)
    json_object_remove_member (object, "expires_in");
}

static void
test_filter (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (DemoAnswer) tokens = NULL;
  g_autoptr (WfJwt) jwt = NULL;

  wf_demo_server_set_filter (fixture->server, spoil, seen, NULL);
  tokens = demo_client_sign_in (fixture->client);
  wf_demo_server_set_filter (fixture->server, NULL, NULL, NULL);
  g_assert_cmpstr (seen->str, ==, "id_token_header id_token token ");
  g_assert_false (json_object_has_member (tokens->json, "expires_in"));
  jwt = wf_jwt_parse (demo_answer_get (tokens, "id_token"), -1, NULL);
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "nonce"), ==, "spoiled");
}

static void
test_latency (Fixture      *fixture,
              gconstpointer data)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  gint64 start;
  g_autoptr (DemoAnswer) answer = NULL;

  options.latency = 30;
  wf_demo_server_update (fixture->server, &options);
  start = g_get_monotonic_time ();
  answer = demo_client_get (fixture->client, "/");
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 30 * 1000);
}

#define ADD(path, function) g_test_add ("/demo/fault/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("status", test_status);
  ADD ("headers-only", test_headers_only);
  ADD ("binary-body", test_binary_body);
  ADD ("drop", test_drop);
  ADD ("lost-answer", test_lost_answer);
  ADD ("failed-before", test_failed_before);
  ADD ("truncate", test_truncate);
  ADD ("drip", test_drip);
  ADD ("raw", test_raw);
  ADD ("delay", test_delay);
  ADD ("delayed-drop", test_delayed_drop);
  g_test_add ("/demo/fault/server-gone-while-waiting", Fixture, GINT_TO_POINTER (FALSE), set_up,
              test_gone_while_waiting, tear_down);
  g_test_add ("/demo/fault/client-gone-while-waiting", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_gone_while_waiting, tear_down);
  ADD ("filter", test_filter);
  ADD ("latency", test_latency);

  return g_test_run ();
}
