/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-http-client.h"

#include "wf-expect.h"
#include "wf-test-wire.h"
#include "wf-test-world.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

/* --- helpers --- */

typedef struct
{
  const char *form;
  const char *authorization;
  WfFlow     *flow;
  guint       deadline;
} Options;

/* @sent: (nullable) */
static WfHttpResponse *
send_with (WfHttpClient  *client,
           const char    *uri,
           const Options *options,
           GCancellable  *cancellable,
           gboolean      *sent,
           GError       **error)
{
  g_autoptr (WfSecretValue) form = options->form ? wf_secret_new (options->form, -1) : NULL;
  g_autoptr (WfSecretValue) authorization = options->authorization ? wf_secret_new (options->authorization, -1) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const WfHttpRequest request = {
    .what = "token endpoint",
    .uri = uri,
    .form = form,
    .authorization = authorization,
    .accept = "application/json",
    .flow = options->flow,
  };

  if (options->deadline)
    wf_http_client_set_deadline (client, options->deadline);
  wf_http_client_send_async (client, &request, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_http_client_send_finish (client, result, sent, error);
}

static WfHttpResponse *
get (WfHttpClient *client,
     Wire         *wire,
     GError      **error)
{
  const Options options = { 0 };
  g_autofree char *uri = wire_make_uri (wire, "/path?a=b");

  return send_with (client, uri, &options, NULL, NULL, error);
}

static WfHttpResponse *
post (WfHttpClient *client,
      Wire         *wire,
      gboolean     *sent,
      GError      **error)
{
  const Options options = { .form = "grant_type=refresh_token&refresh_token=canary" };
  g_autofree char *uri = wire_make_uri (wire, "/token");

  return send_with (client, uri, &options, NULL, sent, error);
}

static gboolean
try_get (WfHttpClient *client,
         Wire         *wire,
         GError      **error)
{
  g_autoptr (WfHttpResponse) response = get (client, wire, error);

  return response != NULL;
}

static gboolean
try_post (WfHttpClient *client,
          Wire         *wire,
          gboolean     *sent,
          GError      **error)
{
  g_autoptr (WfHttpResponse) response = post (client, wire, sent, error);

  return response != NULL;
}

/* Returns: (transfer full): the answer to a GET with these lines in its head */
static WfHttpResponse *
get_with_headers (const char *lines)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n%s\r\n", lines);
  g_autoptr (GError) error = NULL;
  WfHttpResponse *response;

  wire_answer (wire, answer);
  response = get (client, wire, &error);
  g_assert_no_error (error);
  return response;
}

/* --- what is sent --- */

static void
test_get (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (WfHttpResponse) response = NULL;
  const char *request;

  wire_answer (wire, "HTTP/1.1 418 I'm a teapot\r\nContent-Type: Application/JSON; charset=utf-8\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
  response = get (client, wire, NULL);
  g_assert_cmpuint (response->status, ==, 418);
  g_assert_cmpstr (response->content_type, ==, "application/json");
  g_assert_cmpmem (g_bytes_get_data (response->body, NULL), g_bytes_get_size (response->body), "{\"a\":1}", 7);
  g_assert_cmpint (response->retry_after, ==, -1);
  g_assert_cmpint (response->max_age, ==, -1);
  g_assert_cmpint (response->date, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (response->clock_skew, ==, 0);
  g_assert_null (response->www_authenticate);
  request = wire_get_request (wire, 0);
  g_assert_true (g_str_has_prefix (request, "GET /path?a=b HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, "Accept: application/json\r\n"));
  g_assert_nonnull (strstr (request, "User-Agent: Warifu/"));
}

static void
test_post (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (WfHttpResponse) response = NULL;
  gboolean sent = FALSE;
  const char *request;

  wire_answer (wire, OK);
  response = post (client, wire, &sent, NULL);
  g_assert_cmpuint (response->status, ==, 200);
  g_assert_true (sent);
  request = wire_get_request (wire, 0);
  g_assert_true (g_str_has_prefix (request, "POST /token HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, "Content-Type: application/x-www-form-urlencoded\r\n"));
  g_assert_true (g_str_has_suffix (request, "\r\n\r\ngrant_type=refresh_token&refresh_token=canary"));
}

/* What a page of a browser would send, and we must not. */
static void
test_nothing_more (void)
{
  static const char *const names[] = { "Cookie:", "Origin:", "Referer:", "Authorization:", "If-None-Match:", "If-Modified-Since:" };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();

  wire_answer (wire, "HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nCache-Control: max-age=3600\r\nETag: \"1\"\r\nContent-Length: 0\r\n\r\n");
  wire_answer (wire, OK);
  wire_answer (wire, OK);
  wf_expect_ok (try_get (client, wire, &err));
  wf_expect_ok (try_get (client, wire, &err));
  wf_expect_ok (try_post (client, wire, NULL, &err));
  g_assert_cmpuint (wire->requests->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < G_N_ELEMENTS (names); j++)
      g_assert_null (strcasestr (wire_get_request (wire, i), names[j]));
}

static void
test_authorization (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (WfFlow) flow = wf_flow_new ("Test", 0);
  const Options options = { .form = "code=canary1&client_id=a", .authorization = "Basic canary2", .flow = flow };
  g_autofree char *uri = wire_make_uri (wire, "/token");
  g_autoptr (WfHttpResponse) response = NULL;
  const WfExchange *exchange;

  wire_answer (wire, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{\"access_token\":\"canary3\"}");
  response = send_with (client, uri, &options, NULL, NULL, NULL);
  g_assert_nonnull (strstr (wire_get_request (wire, 0), "Authorization: Basic canary2\r\n"));
  /* the record has what happened, and no secret */
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 2);
  exchange = wf_flow_get_step (flow, 0)->exchange;
  g_assert_cmpuint (exchange->status, ==, 200);
  g_assert_cmpstr (exchange->method, ==, "POST");
  g_assert_null (strstr (exchange->request_headers, "canary"));
  g_assert_null (strstr (exchange->request_body, "canary"));
  g_assert_null (strstr (exchange->response_body, "canary"));
  g_assert_nonnull (strstr (exchange->request_body, "client_id=a"));
  g_assert_cmpint (exchange->duration_us, >=, 0);
}

/* RFC 6749 §10.3: nothing goes over the network in clear. */
static void
test_insecure (void)
{
  static const char *const uris[] = {
    "http://id.example.org/token", "ftp://127.0.0.1/", "file:///etc/passwd", "javascript:1", "", "https://", "//127.0.0.1/",
    "http://127.0.0.1.example.org/", "http://user:password@127.0.0.1/", "https://id.example.org/#fragment",
  };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  const Options options = { .form = "a=b" };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      gboolean sent = TRUE;

      wf_expect_error (send_with (client, uris[i], &options, NULL, &sent, &err), WF_ERROR_INSECURE_ENDPOINT);
      g_assert_false (sent);
    }
}

/* --- what is not followed and not repeated --- */

static void
test_redirects (void)
{
  static const guint codes[] = { 300, 301, 302, 303, 305, 307, 308 };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (Wire) other = wire_new ();

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *answer = g_strdup_printf ("HTTP/1.1 %u Elsewhere\r\nLocation: http://127.0.0.1:%u/\r\nContent-Length: 0\r\n\r\n",
                                                 codes[i], other->port);
      g_autoptr (WfHttpResponse) from_get = NULL;
      g_autoptr (WfHttpResponse) from_post = NULL;

      wire_answer (wire, answer);
      wire_answer (wire, answer);
      from_get = get (client, wire, NULL);
      from_post = post (client, wire, NULL, NULL);
      g_assert_cmpuint (from_get->status, ==, codes[i]);
      g_assert_cmpuint (from_post->status, ==, codes[i]);
    }
  g_assert_cmpuint (other->connections, ==, 0);
}

/* A challenge is an answer, not a question to the person. */
static void
test_challenges (void)
{
  static const char *const challenges[] = { "Basic realm=\"a\"", "Digest realm=\"a\", nonce=\"b\"", "Negotiate", "NTLM" };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();

  for (guint i = 0; i < G_N_ELEMENTS (challenges); i++)
    {
      g_autofree char *answer = g_strdup_printf ("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: %s\r\nContent-Length: 0\r\n\r\n", challenges[i]);
      g_autoptr (WfHttpResponse) response = NULL;

      wire_answer (wire, answer);
      response = post (client, wire, NULL, NULL);
      g_assert_cmpuint (response->status, ==, 401);
      g_assert_cmpstr (response->www_authenticate, ==, challenges[i]);
      g_assert_cmpuint (wire->requests->len, ==, i + 1);
    }
}

/* A code or a rotating token is not sent again by itself, whatever becomes of the connection: and so it goes over a new
 * one, because one that was kept may just be closing. */
static void
test_resend (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  gboolean sent = FALSE;

  wire->keep_alive = TRUE;
  wire_answer (wire, OK);
  wire_answer (wire, OK);
  wire_answer_nothing (wire);
  wire_answer (wire, OK);
  wf_expect_ok (try_get (client, wire, &err));
  wf_expect_ok (try_get (client, wire, &err));
  g_assert_cmpuint (wire->connections, ==, 1);
  wf_expect_error (try_post (client, wire, &sent, &err), WF_ERROR_OFFLINE);
  g_assert_true (sent);
  g_assert_cmpuint (wire->requests->len, ==, 3);
  g_assert_cmpuint (wire->connections, ==, 2);
  wf_expect_ok (try_post (client, wire, NULL, &err));
  g_assert_cmpuint (wire->requests->len, ==, 4);
}

/* --- how long --- */

static void
expect_timeout (const char *endpoint_path,
                const char *endpoint,
                WfDemoFault fault)
{
  g_autoptr (WfDemoServer) server = wf_demo_server_new (NULL);
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  /* long enough for a machine with much to do to have sent it */
  const Options options = { .deadline = 1500 };
  g_autofree char *uri = NULL;
  gint64 begin = g_get_monotonic_time ();
  gboolean sent = FALSE;

  g_assert_true (wf_demo_server_start (server, 0, NULL));
  uri = g_strconcat (wf_demo_server_get_issuer (server), endpoint_path, NULL);
  wf_demo_server_set_fault (server, endpoint, &fault);
  wf_expect_error (send_with (client, uri, &options, NULL, &sent, &err), WF_ERROR_TIMEOUT);
  g_assert_true (sent);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 1490 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 30 * G_USEC_PER_SEC);
  wf_demo_server_stop (server);
  wf_await_nothing ();
}

/* Catalogue 19 */
static void
test_deadline (void)
{
  expect_timeout ("/jwks.json", "jwks", (WfDemoFault) { .delay = 60000 });
  /* one byte now and then: no single wait is long */
  expect_timeout ("/jwks.json", "jwks", (WfDemoFault) { .drip = 20 });
}

/* A deadline that has passed after the answer was there does no harm to whoever keeps the result. */
static void
test_deadline_after_answer (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *uri = wire_make_uri (wire, "/");
  const WfHttpRequest request = { .what = "discovery document", .uri = uri };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfHttpResponse) response = NULL;

  wf_http_client_set_deadline (client, 200);
  wire_answer (wire, OK);
  wf_http_client_send_async (client, &request, NULL, wf_await_cb, &result);
  wf_await (&result);
  wf_await_milliseconds (300);
  response = wf_http_client_send_finish (client, result, NULL, NULL);
  g_assert_cmpuint (response->status, ==, 200);
}

/* --- how much --- */

static GBytes *
make_answer (const char *head,
             gsize       body_length)
{
  GByteArray *answer = g_byte_array_new ();
  gsize head_length = strlen (head);

  g_byte_array_append (answer, (const guint8 *) head, head_length);
  g_byte_array_set_size (answer, head_length + body_length);
  memset (answer->data + head_length, ' ', body_length);
  return g_byte_array_free_to_bytes (answer);
}

static void
test_size (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (GBytes) fits = make_answer ("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n", WF_HTTP_MAX_BYTES);
  g_autoptr (GBytes) too_large = make_answer ("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", WF_HTTP_MAX_BYTES + 1);
  g_autoptr (GBytes) until_end = make_answer ("HTTP/1.1 200 OK\r\n\r\n", 2 * WF_HTTP_MAX_BYTES);
  g_autoptr (WfHttpResponse) response = NULL;

  wire_answer_bytes (wire, fits);
  response = get (client, wire, NULL);
  g_assert_cmpuint (g_bytes_get_size (response->body), ==, WF_HTTP_MAX_BYTES);
  wire_answer_bytes (wire, too_large);
  wf_expect_error (try_get (client, wire, &err), WF_ERROR_RESPONSE_TOO_LARGE);
  wire_answer_bytes (wire, until_end);
  wf_expect_error (try_get (client, wire, &err), WF_ERROR_RESPONSE_TOO_LARGE);
}

static GBytes *
compress (gsize length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);
  g_autofree guint8 *zeros = g_malloc0 (1024 * 1024);

  for (gsize done = 0; done < length; done += 1024 * 1024)
    g_assert_true (g_output_stream_write_all (stream, zeros, MIN (length - done, 1024 * 1024), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static GBytes *
make_gzip_answer (gsize    length,
                  gboolean truncated)
{
  g_autoptr (GBytes) compressed = compress (length);
  gsize size = g_bytes_get_size (compressed);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %"
                                           G_GSIZE_FORMAT "\r\n\r\n", size);
  GByteArray *answer = g_byte_array_new ();

  g_byte_array_append (answer, (const guint8 *) head, strlen (head));
  g_byte_array_append (answer, g_bytes_get_data (compressed, NULL), truncated ? size / 2 : size);
  return g_byte_array_free_to_bytes (answer);
}

/* The bound is on decoded bytes, and more than a few bombs leave the client as able as before. */
static void
test_gzip (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (GBytes) small = make_gzip_answer (1000, FALSE);
  g_autoptr (GBytes) bomb = make_gzip_answer (256 * 1024 * 1024, FALSE);
  g_autoptr (GBytes) truncated = make_gzip_answer (500000, TRUE);
  g_autoptr (WfHttpResponse) response = NULL;

  g_assert_cmpuint (g_bytes_get_size (bomb), <, WF_HTTP_MAX_BYTES);
  wire_answer_bytes (wire, small);
  response = get (client, wire, NULL);
  g_assert_cmpuint (g_bytes_get_size (response->body), ==, 1000);
  for (guint i = 0; i < 20; i++)
    {
      wire_answer_bytes (wire, bomb);
      wf_expect_error (try_get (client, wire, &err), WF_ERROR_RESPONSE_TOO_LARGE);
    }
  wire_answer_bytes (wire, truncated);
  wf_expect_error (try_get (client, wire, &err), WF_ERROR_MALFORMED_RESPONSE);
  wire_answer (wire, OK);
  wf_expect_ok (try_get (client, wire, &err));
}

/* --- HTTP that is not quite --- */

static void
test_broken (void)
{
  static const char *const answers[] = {
    "nonsense\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
  };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (Wire) wire = wire_new ();
      gboolean sent = FALSE;

      wire_answer (wire, answers[i]);
      wf_expect_error (try_post (client, wire, &sent, &err), WF_ERROR_MALFORMED_RESPONSE);
      g_assert_true (sent);
      g_assert_cmpuint (wire->requests->len, ==, 1);
    }
}

static void
test_odd (void)
{
  static const struct { const char *answer; guint status; } cases[] = {
    { "HTTP/1.0 200 OK\r\n\r\n{}", 200 },
    { "HTTP/1.1 204 No Content\r\n\r\n", 204 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200 },
    { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200 },
    { "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200 },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200 },
    /* a coding that is none is left as it is: what reads it judges it */
    { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 200 },
    { "HTTP/1.1 200 OK\r\nContent-Encoding: unheard-of\r\nContent-Length: 2\r\n\r\n{}", 200 },
    { "HTTP/1.1 599 Whatever\r\nContent-Length: 0\r\n\r\n", 599 },
  };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Wire) wire = wire_new ();
      g_autoptr (WfHttpResponse) response = NULL;
      g_autoptr (GError) error = NULL;

      wire_answer (wire, cases[i].answer);
      response = post (client, wire, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (response->status, ==, cases[i].status);
    }
}

/* Chunks that are none end the body, which is judged by what reads it; or libsoup refuses them, from 3.8 on. */
static void
test_odd_chunks (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (WfHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  wire_answer (wire, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n");
  response = post (client, wire, NULL, &error);
  if (!response)
    g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
  else
    g_assert_cmpuint (g_bytes_get_size (response->body), ==, 0);
}

/* A head of a megabyte and more ends in an error, whichever, and soon. */
static void
test_header_bomb (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (GString) answer = g_string_new ("HTTP/1.1 200 OK\r\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (answer, "X-Bomb-%u: %032u\r\n", i, i);
  g_string_append (answer, "Content-Length: 0\r\n\r\n");
  wire_answer (wire, answer->str);
  g_assert_false (try_get (client, wire, &error));
  g_assert_true (error->domain == WF_ERROR);
}

static void
test_unreachable (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  Wire *wire = wire_new ();
  g_autofree char *uri = wire_make_uri (wire, "/");
  const Options options = { .form = "a=b" };
  gboolean sent = TRUE;

  wire_free (wire);
  wf_expect_error (send_with (client, uri, &options, NULL, &sent, &err), WF_ERROR_OFFLINE);
  g_assert_false (sent);
}

static void
test_dropped (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  gboolean sent = FALSE;

  wire_answer_nothing (wire);
  wf_expect_error (try_post (client, wire, &sent, &err), WF_ERROR_OFFLINE);
  g_assert_true (sent);
  g_assert_cmpuint (wire->requests->len, ==, 1);
}

/* --- what the head says --- */

static void
test_retry_after (void)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *reset = g_strdup_printf ("X-RateLimit-Reset: %" G_GINT64_FORMAT "\r\n", now + 100);
  g_autofree char *both = g_strdup_printf ("Retry-After: 7\r\nX-RateLimit-Reset: %" G_GINT64_FORMAT "\r\n", now + 100);
  const struct { const char *lines; gint64 seconds; } cases[] = {
    { "Retry-After: 0\r\n", 0 },
    { "Retry-After: 120\r\n", 120 },
    { "Retry-After: 86401\r\n", 86400 },
    { "Retry-After: 99999999999999999999999\r\n", 86400 },
    { "Retry-After: -1\r\n", -1 },
    { "Retry-After: 1.5\r\n", -1 },
    { "Retry-After: soon\r\n", -1 },
    { "Retry-After: \r\n", -1 },
    { "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", 0 },
    { "Retry-After: Thu, 31 Dec 2099 23:59:59 GMT\r\n", 86400 },
    { "X-RateLimit-Reset: 1\r\n", 0 },
    { reset, 100 },
    { both, 7 },
    { "", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfHttpResponse) response = get_with_headers (cases[i].lines);

      g_assert_cmpint (ABS (response->retry_after - cases[i].seconds), <=, cases[i].seconds == 100 ? 10 : 0);
    }
}

static void
test_max_age (void)
{
  const struct { const char *lines; gint64 seconds; } cases[] = {
    { "", -1 },
    { "Cache-Control: max-age=300\r\n", 300 },
    { "Cache-Control: public, max-age=300, must-revalidate\r\n", 300 },
    { "Cache-Control: public\r\nCache-Control: max-age=300\r\n", 300 },
    { "Cache-Control: MAX-AGE=300\r\n", 300 },
    { "Cache-Control: max-age=300, no-store\r\n", 0 },
    { "Cache-Control: no-cache\r\n", 0 },
    { "Cache-Control: max-age=-5\r\n", -1 },
    { "Cache-Control: max-age\r\n", -1 },
    { "Cache-Control: =;,,\r\n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfHttpResponse) response = get_with_headers (cases[i].lines);

      g_assert_cmpint (response->max_age, ==, cases[i].seconds);
    }
}

static void
test_date (void)
{
  g_autoptr (WfHttpResponse) past = get_with_headers ("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  g_autoptr (WfHttpResponse) garbage = get_with_headers ("Date: yesterday\r\n");

  g_assert_cmpint (past->date, ==, 784111777);
  g_assert_cmpint (past->clock_skew, <, -1000000);
  g_assert_cmpint (garbage->date, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (garbage->clock_skew, ==, 0);
}

/* --- no longer wanted --- */

static gboolean
cancel_later (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  Wire         *wire;
  GCancellable *cancellable;
} Sent;

static gboolean
cancel_once_sent (gpointer user_data)
{
  const Sent *sent = user_data;

  if (sent->wire->requests->len == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (sent->cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (void)
{
  static const char *const answers[] = {
    NULL, /* silence */
    "HTTP/1.1 200 OK\r\nContent-Le",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
  };
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  const Options options = { .form = "a=b" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    for (guint milliseconds = 0; milliseconds <= 100; milliseconds += 50)
      {
        g_autoptr (Wire) wire = wire_new ();
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autofree char *uri = wire_make_uri (wire, "/");
        Sent once_sent = { wire, cancellable };
        gboolean sent = FALSE;

        wire->keep_alive = TRUE;
        if (answers[i])
          wire_answer (wire, answers[i]);
        if (milliseconds == 100)
          g_timeout_add (milliseconds, cancel_once_sent, &once_sent);
        else
          g_timeout_add (milliseconds, cancel_later, cancellable);
        wf_expect_error (send_with (client, uri, &options, cancellable, &sent, &err), WF_ERROR_CANCELLED);
        if (milliseconds == 100)
          g_assert_true (sent);
      }
}

static void
test_cancelled_before (void)
{
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *uri = wire_make_uri (wire, "/");
  const Options options = { .form = "a=b" };
  gboolean sent = TRUE;

  g_cancellable_cancel (cancellable);
  wf_expect_error (send_with (client, uri, &options, cancellable, &sent, &err), WF_ERROR_CANCELLED);
  g_assert_false (sent);
  wf_await_milliseconds (50);
  g_assert_cmpuint (wire->connections, ==, 0);
}

/* The client is let go while its requests are on their way. */
static void
test_let_go (void)
{
  WfHttpClient *client = wf_http_client_new (NULL, NULL);
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *uri = wire_make_uri (wire, "/");
  const WfHttpRequest request = { .what = "discovery document", .uri = uri };
  gpointer weak = client;

  for (guint i = 0; i < 20; i++)
    {
      wire_answer (wire, OK);
      wf_http_client_send_async (client, &request, NULL, NULL, NULL);
    }
  g_object_add_weak_pointer (weak, &weak);
  g_object_unref (client);
  world_wait_for (weak == NULL);
  g_assert_cmpuint (wire->requests->len, ==, 20);
}

/* --- networks as they are --- */

static void
test_ipv6 (void)
{
  g_autoptr (Wire) wire = wire_new_ipv6 ();
  g_autoptr (WfHttpClient) client = wf_http_client_new (NULL, NULL);
  const Options options = { .form = "a=b" };
  g_autofree char *uri = NULL;
  g_autoptr (WfHttpResponse) response = NULL;

  if (!wire)
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  uri = g_strdup_printf ("http://[::1]:%u/token", wire->port);
  wire_answer (wire, OK);
  response = send_with (client, uri, &options, NULL, NULL, NULL);
  g_assert_cmpuint (response->status, ==, 200);
  g_assert_nonnull (strstr (wire_get_request (wire, 0), "Host: [::1]:"));
}

static void
test_proxy (void)
{
  g_autoptr (Wire) proxy = wire_new ();
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfHttpClient) client = NULL;
  const Options options = { .form = "a=b" };
  g_autofree char *uri = wire_make_uri (proxy, "");
  g_autoptr (WfHttpResponse) response = NULL;

  wf_account_set (&account->proxy, uri);
  client = wf_http_client_new (account, NULL);
  wire_answer (proxy, OK);
  response = send_with (client, "http://127.0.0.1:9/token", &options, NULL, NULL, NULL);
  g_assert_cmpuint (response->status, ==, 200);
  g_assert_true (g_str_has_prefix (wire_get_request (proxy, 0), "POST http://127.0.0.1:9/token HTTP/1.1\r\n"));
}

/* What is secret goes through a tunnel, or not at all; and what a proxy says is not what the server says. */
static void
test_proxy_refuses (void)
{
  static const char *const answers[] = {
    "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"error\":\"invalid_grant\"}",
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"a\"\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: https://evil.example.org/\r\nContent-Length: 0\r\n\r\n",
  };
  const Options options = { .form = "refresh_token=canary", .authorization = "Basic canary" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (Wire) proxy = wire_new ();
      g_autoptr (WfAccount) account = wf_account_new ();
      g_autoptr (WfHttpClient) client = NULL;
      g_autofree char *uri = wire_make_uri (proxy, "");
      gboolean sent = TRUE;

      wf_account_set (&account->proxy, uri);
      client = wf_http_client_new (account, NULL);
      wire_answer (proxy, answers[i]);
      wf_expect_error (send_with (client, "https://id.example.org/token", &options, NULL, &sent, &err), WF_ERROR_OFFLINE);
      g_assert_false (sent);
      g_assert_cmpuint (proxy->requests->len, ==, 1);
      g_assert_true (g_str_has_prefix (wire_get_request (proxy, 0), "CONNECT id.example.org:443 HTTP/1.1\r\n"));
      g_assert_null (strstr (wire_get_request (proxy, 0), "canary"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/sends/get", test_get);
  g_test_add_func ("/http/sends/post", test_post);
  g_test_add_func ("/http/sends/nothing-more", test_nothing_more);
  g_test_add_func ("/http/sends/authorization", test_authorization);
  g_test_add_func ("/http/sends/insecure", test_insecure);
  g_test_add_func ("/http/once/redirects", test_redirects);
  g_test_add_func ("/http/once/challenges", test_challenges);
  g_test_add_func ("/http/once/resend", test_resend);
  g_test_add_func ("/http/bounds/deadline", test_deadline);
  g_test_add_func ("/http/bounds/deadline-after-answer", test_deadline_after_answer);
  g_test_add_func ("/http/bounds/size", test_size);
  g_test_add_func ("/http/bounds/gzip", test_gzip);
  g_test_add_func ("/http/answers/broken", test_broken);
  g_test_add_func ("/http/answers/odd", test_odd);
  g_test_add_func ("/http/answers/odd-chunks", test_odd_chunks);
  g_test_add_func ("/http/answers/header-bomb", test_header_bomb);
  g_test_add_func ("/http/answers/unreachable", test_unreachable);
  g_test_add_func ("/http/answers/dropped", test_dropped);
  g_test_add_func ("/http/head/retry-after", test_retry_after);
  g_test_add_func ("/http/head/max-age", test_max_age);
  g_test_add_func ("/http/head/date", test_date);
  g_test_add_func ("/http/cancelled/during", test_cancelled);
  g_test_add_func ("/http/cancelled/before", test_cancelled_before);
  g_test_add_func ("/http/cancelled/let-go", test_let_go);
  g_test_add_func ("/http/network/ipv6", test_ipv6);
  g_test_add_func ("/http/network/proxy", test_proxy);
  g_test_add_func ("/http/network/proxy-refuses", test_proxy_refuses);

  return g_test_run ();
}
