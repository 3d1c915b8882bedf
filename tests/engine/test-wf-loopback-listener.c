/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-loopback-listener.h"

#include <string.h>
#include "wf-await.h"
#include "wf-expect.h"
#include "wf-secret.h"
#include "wf-uri.h"

typedef struct
{
  char   *host;
  guint16 port;
  char   *text;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->host);
  g_free (question->text);
  g_free (question);
}

/* Sends bytes as they are, and reads until the other side closes. */
static void
ask_in_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GString) answer = g_string_new (NULL);
  GError *error = NULL;
  gssize got;
  char buffer[4096];

  g_socket_client_set_timeout (client, 10);
  connection = g_socket_client_connect_to_host (client, question->host, question->port, NULL, &error);
  if (!connection ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                  question->text, strlen (question->text), NULL, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  while ((got = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                     buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (answer, buffer, got);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_string_free (g_steal_pointer (&answer), FALSE), g_free);
}

static void
ask_async (const char    *host,
           guint16        port,
           const char    *text,
           GAsyncResult **result)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, wf_await_cb, result);
  Question *question = g_new0 (Question, 1);

  question->host = g_strdup (host);
  question->port = port;
  question->text = g_strdup (text);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, ask_in_thread);
}

static char *
ask (const char *host,
     guint16     port,
     const char *text,
     GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ask_async (host, port, text, &result);
  wf_await (&result);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static guint16
get_port (WfLoopbackListener *listener)
{
  g_autoptr (GUri) uri = g_uri_parse (wf_loopback_listener_get_redirect_uri (listener), G_URI_FLAGS_NONE, NULL);

  g_assert_nonnull (uri);
  g_assert_cmpint (g_uri_get_port (uri), >, 0);
  return (guint16) g_uri_get_port (uri);
}

static char *
make_request (WfLoopbackListener *listener,
              const char         *method,
              const char         *target,
              const char         *headers)
{
  return g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n", method, target, get_port (listener), headers);
}

static char *
get (WfLoopbackListener *listener,
     const char         *target)
{
  g_autofree char *request = make_request (listener, "GET", target, "Connection: close\r\n");
  g_autoptr (GError) error = NULL;
  char *answer = ask ("127.0.0.1", get_port (listener), request, &error);

  g_assert_no_error (error);
  return answer;
}

static void
assert_refused (WfLoopbackListener *listener,
                const char         *method,
                const char         *target,
                const char         *headers)
{
  g_autofree char *request = make_request (listener, method, target, headers);
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = ask ("127.0.0.1", get_port (listener), request, &error);

  g_assert_no_error (error);
  if (!g_str_has_prefix (answer, "HTTP/1.1 404 ") && !g_str_has_prefix (answer, "HTTP/1.1 400 "))
    g_error ("%s %.60s: %.300s", method, target, answer);
}

static WfLoopbackListener *
make_listener (const char *redirect_uri)
{
  g_autoptr (GError) error = NULL;
  WfLoopbackListener *listener = wf_loopback_listener_new (redirect_uri, &error);

  g_assert_no_error (error);
  return listener;
}

static char *
wait_for_redirect (WfLoopbackListener *listener,
                   GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_loopback_listener_wait_async (listener, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_loopback_listener_wait_finish (listener, result, error);
}

static void
assert_gone (guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = ask ("127.0.0.1", port, "GET / HTTP/1.0\r\n\r\n", &error);

  g_assert_null (answer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_redirect (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autofree char *expected = g_strdup_printf ("http://127.0.0.1:%u/callback?code=a%%2Fb&state=s", get_port (listener));
  g_autofree char *prefix = g_strdup_printf ("http://127.0.0.1:%u/callback", get_port (listener));
  g_autofree char *request = make_request (listener, "GET", "/callback?code=a%2Fb&state=s", "");
  g_autoptr (GAsyncResult) page = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *answer = NULL;
  guint16 port = get_port (listener);

  g_assert_cmpstr (wf_loopback_listener_get_redirect_uri (listener), ==, prefix);
  ask_async ("127.0.0.1", port, request, &page);
  uri = wait_for_redirect (listener, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (uri, ==, expected);
  g_assert_true (wf_uri_matches_redirect (wf_loopback_listener_get_redirect_uri (listener), uri));

  /* The whole page arrives, although the listener is gone, or goes, with it. */
  g_clear_object (&listener);
  wf_await (&page);
  answer = g_task_propagate_pointer (G_TASK (page), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (answer, "</html>\n"));
  assert_gone (port);
}

static void
assert_header (const char *answer,
               const char *line)
{
  g_autofree char *folded = g_ascii_strdown (answer, -1);
  g_autofree char *wanted = g_ascii_strdown (line, -1);

  if (!strstr (folded, wanted))
    g_error ("no “%s” in %s", line, answer);
}

static void
test_page (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autofree char *answer = get (listener, "/callback?error=access_denied&state=s");

  assert_header (answer, "\r\nConnection: close\r\n");
  assert_header (answer, "\r\nCache-Control: no-store\r\n");
  assert_header (answer, "\r\nReferrer-Policy: no-referrer\r\n");
  assert_header (answer, "\r\nContent-Security-Policy: default-src 'none'; ");
  assert_header (answer, "\r\nContent-Type: text/html; charset=utf-8\r\n");
  g_assert_nonnull (strstr (answer, "<html lang=\"en\">"));
  g_assert_nonnull (strstr (answer, "You can close this page"));
  g_assert_nonnull (strstr (answer, "prefers-color-scheme: dark"));
  g_assert_null (strstr (answer, "<script"));
  g_assert_null (strstr (answer, "http://"));
  g_assert_null (strstr (answer, "https://"));
  g_assert_null (strstr (answer, "access_denied"));
}

static void
test_language (void)
{
  static const struct
  {
    const char *header;
    const char *language;
  } rows[] = {
    { "Accept-Language: ja\r\n", "ja" },
    { "Accept-Language: ja-JP,en;q=0.5\r\n", "ja" },
    { "Accept-Language: en-US,en;q=0.9,ja;q=0.8\r\n", "en" },
    { "Accept-Language: en;q=0.2, ja;q=0.8\r\n", "ja" },
    { "Accept-Language: de, ja;q=0.5\r\n", "ja" },
    { "Accept-Language: de\r\n", "en" },
    { "Accept-Language: ja;q=0\r\n", "en" },
    { "Accept-Language: jam\r\n", "en" },
    { "Accept-Language: ,,;;q=x\r\n", "en" },
    { "", "en" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/cb");
      g_autofree char *request = make_request (listener, "GET", "/cb?code=1&state=2", rows[i].header);
      g_autofree char *expected = g_strdup_printf ("<html lang=\"%s\">", rows[i].language);
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = ask ("127.0.0.1", get_port (listener), request, &error);

      g_assert_no_error (error);
      if (!strstr (answer, expected))
        g_error ("%s gave %s", rows[i].header, answer);
    }
}

/* The browser may be faster than the caller. */
static void
test_came_before_wait (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autofree char *answer = get (listener, "/callback?code=1&state=2");
  g_autoptr (GError) error = NULL;
  g_autoptr (WfWipedString) uri = wait_for_redirect (listener, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (uri, "/callback?code=1&state=2"));
}

static void
test_everything_else_is_refused (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *answer = NULL;
  static const char *const targets[] = {
    "/", "/favicon.ico", "/callback", "/callback?", "/callback?state=s", "/callback?xcode=1", "/callback?x=code=1",
    "/callback/?code=1", "/Callback?code=1", "//callback?code=1", "/callback%2f?code=1", "/callbac%6B2?code=1",
    "/callback/..?code=1", "/x/../callback?code=1", "/./callback?code=1", "/callback/.?code=1", "/%63allback?code=1",
    "/callback%00?code=1", "\\callback?code=1", "/callback\\?code=1", "callback?code=1", "?code=1", "*", "//evil.example/callback?code=1",
    "http://evil.example/callback?code=1", "http://127.0.0.1/callback?code=1", "/callback?code=1#", "/callback?code=1 x", "",
    "/x/callback?code=1", "/callback;a?code=1", "/callback#?code=1",
  };

  wf_loopback_listener_wait_async (listener, NULL, wf_await_cb, &result);
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    assert_refused (listener, "GET", targets[i], "Connection: close\r\n");
  assert_refused (listener, "HEAD", "/callback?code=1&state=2", "Connection: close\r\n");
  assert_refused (listener, "POST", "/callback?code=1&state=2", "Content-Length: 0\r\nConnection: close\r\n");
  assert_refused (listener, "PUT", "/callback?code=1&state=2", "Content-Length: 0\r\nConnection: close\r\n");
  assert_refused (listener, "OPTIONS", "/callback?code=1&state=2", "Connection: close\r\n");
  assert_refused (listener, "get", "/callback?code=1&state=2", "Connection: close\r\n");
  /* Fetch Metadata: for a frame, a picture or a script of a page */
  assert_refused (listener, "GET", "/callback?code=1&state=2", "Sec-Fetch-Dest: iframe\r\n");
  assert_refused (listener, "GET", "/callback?code=1&state=2", "sec-fetch-dest: image\r\n");
  assert_refused (listener, "GET", "/callback?code=1&state=2", "Sec-Fetch-Dest: document\r\nSec-Fetch-Dest: iframe\r\n");
  assert_refused (listener, "GET", "/callback?code=1&state=2", "Host: 127.0.0.1\r\n");
  g_assert_null (result);

  /* None of that took the place of the real one. */
  answer = get (listener, "/callback?code=real&state=s");
  wf_await (&result);
  uri = wf_loopback_listener_wait_finish (listener, result, NULL);
  g_assert_true (g_str_has_suffix (uri, "?code=real&state=s"));
}

/* A page of another origin whose name was pointed to this computer sends its own name. */
static void
test_foreign_host (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  static const char *const hosts[] = { "Host: evil.example.org\r\n", "Host: localhost:1\r\n", "", "Host: 127.0.0.1\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *request = g_strdup_printf ("GET /callback?code=1&state=2 HTTP/1.1\r\n%sConnection: close\r\n\r\n", hosts[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = ask ("127.0.0.1", get_port (listener), request, &error);

      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 404 ") || g_str_has_prefix (answer, "HTTP/1.1 400 "));
    }
}

/* Refused or taken, what cannot be decoded ends no later than an answer: its sentence is the caller's. */
static void
test_odd_queries_come_as_they_are (void)
{
  static const char *const queries[] = { "code=%zz&state=s", "code=1&state=s&x=%", "code=%00", "code=a%0d%0aX:y", "error=%ff", "code=é" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
      g_autofree char *target = g_strconcat ("/callback?", queries[i], NULL);
      g_autofree char *answer = get (listener, target);
      g_autoptr (WfWipedString) uri = wait_for_redirect (listener, NULL);

      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
      g_assert_true (g_str_has_suffix (uri, target));
    }
}

static void
test_own_address_in_target (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autofree char *target = g_strdup_printf ("http://127.0.0.1:%u/callback?code=1", get_port (listener));
  g_autofree char *answer = get (listener, target);

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
}

/* Connections that say nothing, or half of something, do not keep the browser out; nor does what is no HTTP. */
static void
test_many_guests (void)
{
  static const char *const words[] = {
    "", "GET /callback?code=x", "\x16\x03\x01\x02", "GET\r\n\r\n", "GET /callback?code=x\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\n\r\n", "GET /callback?code=x HTTP/2.0\r\n\r\n",
  };
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *answer = NULL;

  for (guint i = 0; i < 100; i++)
    {
      const char *said = words[i % G_N_ELEMENTS (words)];
      GSocketConnection *guest = g_socket_client_connect_to_host (client, "127.0.0.1", get_port (listener), NULL, NULL);

      g_assert_nonnull (guest);
      g_ptr_array_add (guests, guest);
      g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (guest)), said, strlen (said),
                                                NULL, NULL, NULL));
      /* The listener lives in this thread, and lets but a few wait at its door. */
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  answer = get (listener, "/callback?code=real&state=s");
  uri = wait_for_redirect (listener, NULL);
  g_assert_true (g_str_has_suffix (uri, "?code=real&state=s"));
}

static void
test_too_long (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autofree char *filler = g_strnfill (WF_REDIRECT_MAX_BYTES, 'a');
  g_autofree char *target = g_strconcat ("/callback?code=", filler, NULL);
  g_autofree char *large = g_strndup (filler, 50000);
  g_autofree char *good = g_strconcat ("/callback?code=", large, NULL);
  g_autofree char *request = make_request (listener, "GET", target, "Connection: close\r\n");
  g_autofree char *refusal = ask ("127.0.0.1", get_port (listener), request, NULL);
  g_autofree char *answer = NULL;
  g_autoptr (WfWipedString) uri = NULL;

  g_assert_true (g_str_has_prefix (refusal, "HTTP/1.1 404 "));
  answer = get (listener, good);
  uri = wait_for_redirect (listener, NULL);
  g_assert_true (g_str_has_suffix (uri, good));
}

static void
test_taken_once (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GError) error = NULL;
  g_autofree char *first = get (listener, "/callback?code=first&state=s");
  g_autoptr (WfWipedString) uri = wait_for_redirect (listener, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (uri, "?code=first&state=s"));
  wf_expect_error (wait_for_redirect (listener, &err), WF_ERROR_CANCELLED);
}

/* Returns: how long an answer takes beside a connection that says nothing */
static gint64
answer_beside_idle (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) idle = NULL;
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *answer = NULL;
  gint64 begin = g_get_monotonic_time ();

  /* One that connected ahead and says nothing, as browsers do. */
  idle = g_socket_client_connect_to_host (client, "127.0.0.1", get_port (listener), NULL, NULL);
  g_assert_nonnull (idle);
  answer = get (listener, "/callback?code=1&state=2");
  uri = wait_for_redirect (listener, NULL);
  g_assert_nonnull (uri);
  return g_get_monotonic_time () - begin;
}

/* A browser that never reads its page holds nothing up for long. Once is enough: the machine may have been held up. */
static void
test_slow_reader (void)
{
  gint64 fastest = G_MAXINT64;

  for (guint i = 0; i < 5 && fastest >= 2 * G_USEC_PER_SEC; i++)
    fastest = MIN (fastest, answer_beside_idle ());
  g_assert_cmpint (fastest, <, 2 * G_USEC_PER_SEC);
}

static void
test_cancel_and_close (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  guint16 port = get_port (listener);

  wf_loopback_listener_wait_async (listener, cancellable, wf_await_cb, &result);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  wf_expect_error (wf_loopback_listener_wait_finish (listener, result, &err), WF_ERROR_CANCELLED);

  wf_loopback_listener_wait_async (listener, NULL, wf_await_cb, &closed);
  wf_loopback_listener_close (listener);
  wf_await (&closed);
  wf_expect_error (wf_loopback_listener_wait_finish (listener, closed, &err), WF_ERROR_CANCELLED);
  wf_loopback_listener_close (listener);
  assert_gone (port);
  wf_expect_error (wait_for_redirect (listener, &err), WF_ERROR_CANCELLED);
}

static void
test_fixed_port (void)
{
  g_autoptr (WfLoopbackListener) free_one = make_listener ("http://127.0.0.1/callback");
  g_autofree char *uri = g_strdup (wf_loopback_listener_get_redirect_uri (free_one));
  g_autoptr (WfLoopbackListener) fixed = NULL;

  wf_expect_error (wf_loopback_listener_new (uri, &err), WF_ERROR_STORAGE_FAILED);
  wf_loopback_listener_close (free_one);
  fixed = make_listener (uri);
  g_assert_cmpstr (wf_loopback_listener_get_redirect_uri (fixed), ==, uri);
}

static void
test_port_is_put_in (void)
{
  static const struct
  {
    const char *given;
    const char *expected; /* %u: the port */
  } rows[] = {
    { "http://127.0.0.1/callback", "http://127.0.0.1:%u/callback" },
    { "http://127.0.0.1", "http://127.0.0.1:%u" },
    { "http://localhost/a/b?c=d", "http://localhost:%u/a/b?c=d" },
    { "http://127.0.0.2/callback", "http://127.0.0.2:%u/callback" },
    { "http://[::1]/callback", "http://[::1]:%u/callback" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfLoopbackListener) listener = wf_loopback_listener_new (rows[i].given, &error);
      g_auto (GStrv) around = g_strsplit (rows[i].expected, "%u", 2);
      g_autofree char *port = NULL;
      g_autofree char *expected = NULL;

      if (!listener && strstr (rows[i].given, "::1"))
        {
          g_test_message ("no IPv6 here");
          continue;
        }
      g_assert_no_error (error);
      port = g_strdup_printf ("%u", get_port (listener));
      expected = g_strjoinv (port, around);
      g_assert_cmpstr (wf_loopback_listener_get_redirect_uri (listener), ==, expected);
    }
}

/* The path may be anything, and comes back as it was written. */
static void
test_paths (void)
{
  static const char *const paths[] = { "", "/", "/a%20b", "/%e3%81%82/x", "/a;b=c/~d", "/a//b", "/cb?fixed=1" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *redirect_uri = g_strconcat ("http://127.0.0.1", paths[i], NULL);
      g_autoptr (WfLoopbackListener) listener = make_listener (redirect_uri);
      const char *with_port = wf_loopback_listener_get_redirect_uri (listener);
      gboolean has_query = strchr (paths[i], '?') != NULL;
      g_autofree char *target = g_strconcat (*paths[i] ? paths[i] : "/", has_query ? "&" : "?", "code=1&state=2", NULL);
      g_autofree char *answer = get (listener, target);
      g_autoptr (WfWipedString) uri = wait_for_redirect (listener, NULL);

      g_test_message ("%s", uri);
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
      g_assert_true (wf_uri_matches_redirect (with_port, uri));
    }
}

static void
test_no_loopback (void)
{
  static const char *const uris[] = {
    "http://example.org/callback", "https://127.0.0.1/callback", "io.github.warifu:/callback", "http://0.0.0.0/callback",
    "http://127.0.0.1.example.org/callback", "", "callback",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (wf_loopback_listener_new (uris[i], &err), WF_ERROR_USAGE);
}

static void
check_address (const char *redirect_uri,
               const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfLoopbackListener) listener = wf_loopback_listener_new (redirect_uri, &error);
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *host = NULL;
  g_autofree char *request = NULL;
  g_autofree char *answer = NULL;
  const char *authority;

  g_assert_no_error (error);
  authority = wf_loopback_listener_get_redirect_uri (listener) + strlen ("http://");
  host = g_strndup (authority, strcspn (authority, "/"));
  request = g_strdup_printf ("GET /callback?code=1&state=2 HTTP/1.1\r\nHost: %s\r\n\r\n", host);
  answer = ask (address, get_port (listener), request, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  uri = wait_for_redirect (listener, NULL);
  g_assert_true (g_str_has_prefix (uri, wf_loopback_listener_get_redirect_uri (listener)));
}

static gboolean
has_ipv6 (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("::1", 0);

  return socket && g_socket_bind (socket, address, FALSE, NULL);
}

static void
test_addresses (void)
{
  check_address ("http://127.0.0.1/callback", "127.0.0.1");
  check_address ("http://127.0.0.2/callback", "127.0.0.2");
  check_address ("http://localhost/callback", "127.0.0.1");
  if (!has_ipv6 ())
    {
      g_test_message ("no IPv6 here");
      return;
    }
  check_address ("http://[::1]/callback", "::1");
  check_address ("http://localhost/callback", "::1");
}

/* Returns: (transfer full): the addresses that listen at a port, as the kernel writes them */
static GPtrArray *
list_listening (const char *table_path,
                guint16     port)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *suffix = g_strdup_printf (":%04X", port);
  g_autofree char *table = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (table_path, &table, NULL, NULL))
    return addresses;
  lines = g_strsplit (table, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      g_auto (GStrv) fields = g_strsplit_set (g_strchug (lines[i]), " ", 5);

      /* number, local address, remote address, state; 0A: listening */
      if (g_strv_length (fields) == 5 && g_str_equal (fields[3], "0A") && g_str_has_suffix (fields[1], suffix))
        g_ptr_array_add (addresses, g_strndup (fields[1], strlen (fields[1]) - strlen (suffix)));
    }
  return addresses;
}

/* Of this computer's addresses only the one that was named listens. */
static void
test_only_loopback (void)
{
  g_autoptr (WfLoopbackListener) listener = make_listener ("http://127.0.0.1/callback");
  g_autoptr (GPtrArray) addresses = list_listening ("/proc/net/tcp", get_port (listener));
  g_autoptr (GPtrArray) addresses6 = list_listening ("/proc/net/tcp6", get_port (listener));

  g_assert_cmpuint (addresses->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (addresses, 0), ==, "0100007F");
  g_assert_cmpuint (addresses6->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/loopback-listener/redirect", test_redirect);
  g_test_add_func ("/loopback-listener/page", test_page);
  g_test_add_func ("/loopback-listener/language", test_language);
  g_test_add_func ("/loopback-listener/came-before-wait", test_came_before_wait);
  g_test_add_func ("/loopback-listener/everything-else-is-refused", test_everything_else_is_refused);
  g_test_add_func ("/loopback-listener/foreign-host", test_foreign_host);
  g_test_add_func ("/loopback-listener/odd-queries", test_odd_queries_come_as_they_are);
  g_test_add_func ("/loopback-listener/own-address-in-target", test_own_address_in_target);
  g_test_add_func ("/loopback-listener/many-guests", test_many_guests);
  g_test_add_func ("/loopback-listener/too-long", test_too_long);
  g_test_add_func ("/loopback-listener/taken-once", test_taken_once);
  g_test_add_func ("/loopback-listener/slow-reader", test_slow_reader);
  g_test_add_func ("/loopback-listener/cancel-and-close", test_cancel_and_close);
  g_test_add_func ("/loopback-listener/fixed-port", test_fixed_port);
  g_test_add_func ("/loopback-listener/port-is-put-in", test_port_is_put_in);
  g_test_add_func ("/loopback-listener/paths", test_paths);
  g_test_add_func ("/loopback-listener/no-loopback", test_no_loopback);
  g_test_add_func ("/loopback-listener/addresses", test_addresses);
  g_test_add_func ("/loopback-listener/only-loopback", test_only_loopback);

  return g_test_run ();
}
