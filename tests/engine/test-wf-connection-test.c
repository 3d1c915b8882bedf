/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-test.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "wf-expect.h"
#include "wf-http-client.h"
#include "wf-test-wire.h"
#include "wf-test-world.h"
#include "wf-time.h"
#include "wf-tls-fixture.h"

/* --- a provider over TLS, and an account for it --- */

typedef struct
{
  WfTlsFixture      tls;
  char             *issuer;
  const char       *discovery; /* nullable: instead of the honest one */
  const char       *keys;
  GString          *requests;  /* "GET /token\n" */
  WfAccount        *account;
  WfConnectionTest *test;
} Fixture;

static void
answer (SoupServerMessage *message,
        const char        *type,
        const char        *body)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *metadata = NULL;

  g_string_append_printf (fixture->requests, "%s %s\n", soup_server_message_get_method (message), path);
  g_assert_null (soup_message_headers_get_one (headers, "Authorization"));
  g_assert_null (query);
  if (g_str_equal (path, "/.well-known/openid-configuration") && fixture->discovery)
    {
      answer (message, "text/html", fixture->discovery);
      return;
    }
  metadata = g_strdup_printf ("{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/authorize\",\"token_endpoint\":\"%s/token\","
                              "\"jwks_uri\":\"%s/jwks\",\"code_challenge_methods_supported\":[\"S256\"]}",
                              fixture->issuer, fixture->issuer, fixture->issuer, fixture->issuer);
  if (g_str_equal (path, "/.well-known/openid-configuration"))
    answer (message, "application/json", metadata);
  else if (g_str_equal (path, "/jwks"))
    answer (message, "application/json", fixture->keys);
  else
    soup_server_message_set_status (message, 405, NULL);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  wf_tls_fixture_set_up (&fixture->tls, on_request, fixture);
  fixture->account = wf_account_new ();
  fixture->requests = g_string_new (NULL);
  fixture->keys = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"a\","
                  "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";
}

static void
stop_server (Fixture *fixture)
{
  wf_tls_fixture_stop (&fixture->tls);
  g_clear_pointer (&fixture->issuer, g_free);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->test);
  stop_server (fixture);
  wf_tls_fixture_tear_down (&fixture->tls);
  wf_account_unref (fixture->account);
  g_string_free (fixture->requests, TRUE);
}

/* @certificate: (transfer full) */
static void
start_server (Fixture               *fixture,
              GTlsCertificate       *certificate,
              GTlsAuthenticationMode mode)
{
  stop_server (fixture);
  wf_tls_fixture_start (&fixture->tls, certificate, mode);
  fixture->issuer = g_strdup (fixture->tls.origin);
  wf_account_set (&fixture->account->issuer, fixture->issuer);
  wf_account_set (&fixture->account->ca_file, fixture->tls.ca_file);
}

static GTlsCertificate *
issue (Fixture         *fixture,
       SigninAuthority *authority,
       const char      *address)
{
  return wf_tls_fixture_issue (&fixture->tls, authority, address);
}

static void
start_good_server (Fixture *fixture)
{
  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
}

/* --- runs and what came of them --- */

static gboolean
run (Fixture      *fixture,
     guint         deadline,
     GCancellable *cancellable,
     GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_object (&fixture->test);
  fixture->test = wf_connection_test_new (fixture->account, FALSE);
  if (deadline > 0)
    wf_connection_test_set_deadline (fixture->test, deadline);
  wf_connection_test_run_async (fixture->test, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_connection_test_run_finish (fixture->test, result, error);
}

/* Returns: (transfer full): "settings passed, name skipped, …" */
static char *
summarize (Fixture *fixture)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->test)); i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (fixture->test), i);
      WfConnectionOutcome outcome = wf_connection_step_get_outcome (step);

      g_assert_cmpstr (wf_connection_step_get_detail (step), !=, "");
      g_assert_true ((outcome == WF_CONNECTION_FAILED) == (wf_connection_step_get_error (step) != NULL));
      g_test_message ("%s: %s", wf_connection_kind_get_title (wf_connection_step_get_kind (step)), wf_connection_step_get_detail (step));
      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", wf_connection_kind_to_string (wf_connection_step_get_kind (step)),
                              wf_connection_outcome_to_string (outcome));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_steps (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *found = summarize (fixture);

  g_assert_cmpstr (found, ==, expected);
}

/* Returns: (transfer none) */
static WfConnectionStep *
find_step (Fixture         *fixture,
           WfConnectionKind kind)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->test)); i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (fixture->test), i);

      if (wf_connection_step_get_kind (step) == kind)
        return step;
    }
  g_assert_not_reached ();
}

static void
assert_says (Fixture         *fixture,
             WfConnectionKind kind,
             const char      *words)
{
  const char *detail = wf_connection_step_get_detail (find_step (fixture, kind));

  if (!strstr (detail, words))
    g_error ("“%s” does not say “%s”", detail, words);
}

static void
expect_tls_failure (Fixture    *fixture,
                    const char *words)
{
  g_string_truncate (fixture->requests, 0);
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_TLS_ERROR);
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls failed, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
  assert_says (fixture, WF_CONNECTION_TLS, words);
  g_assert_cmpstr (fixture->requests->str, ==, "");
}

/* --- all is well --- */

static void
test_good (Fixture      *fixture,
           gconstpointer data)
{
  const WfTlsPeer *tls;

  start_good_server (fixture);
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls passed, discovery passed, keys passed, "
                         "token-endpoint passed, clock passed");
  /* without form, Authorization and query, and each once */
  g_assert_cmpstr (fixture->requests->str, ==, "GET /.well-known/openid-configuration\nGET /jwks\nGET /token\n");
  tls = wf_connection_step_get_tls (find_step (fixture, WF_CONNECTION_TLS));
  g_assert_nonnull (tls);
  g_assert_true (g_str_has_prefix (tls->protocol, "TLS 1."));
  g_assert_nonnull (tls->cipher);
  g_assert_cmpint (tls->expires_at, ==, fixture->tls.now + WF_TLS_DAY / 2);
  g_assert_cmpuint (strlen (tls->fingerprint), ==, 32 * 3 - 1);
  g_assert_cmpint (wf_connection_step_get_duration (find_step (fixture, WF_CONNECTION_TLS)), >=, 0);
  assert_says (fixture, WF_CONNECTION_TOKEN, "405");
}

/* On this computer itself, without TLS. */
static void
test_demo (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_account_set (&fixture->account->issuer, world->account->issuer);
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_steps (fixture, "settings passed, name skipped, connect passed, discovery passed, keys passed, token-endpoint passed, "
                         "clock passed");
}

/* Loopback has a name, too. */
static void
test_name (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *issuer = NULL;

  start_good_server (fixture);
  issuer = g_strdup_printf ("https://localhost:%s", strrchr (fixture->issuer, ':') + 1);
  wf_account_set (&fixture->account->issuer, issuer);
  g_free (fixture->issuer);
  fixture->issuer = g_steal_pointer (&issuer);
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_steps (fixture, "settings passed, name passed, connect passed, tls passed, discovery passed, keys passed, "
                         "token-endpoint passed, clock passed");
  assert_says (fixture, WF_CONNECTION_NAME, "localhost");
}

/* Endpoints by hand: there is no document, and the key set comes first. */
static void
test_by_hand (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *authorization = NULL;
  g_autofree char *token = NULL;
  g_autofree char *keys = NULL;

  start_good_server (fixture);
  authorization = g_strconcat (fixture->issuer, "/authorize", NULL);
  token = g_strconcat (fixture->issuer, "/token", NULL);
  keys = g_strconcat (fixture->issuer, "/jwks", NULL);
  wf_account_set (&fixture->account->authorization_endpoint, authorization);
  wf_account_set (&fixture->account->token_endpoint, token);
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls passed, keys skipped, token-endpoint passed, clock passed");
  g_assert_cmpstr (fixture->requests->str, ==, "GET /token\n");
  wf_account_set (&fixture->account->jwks_uri, keys);
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls passed, keys passed, token-endpoint passed, clock passed");
  g_assert_cmpstr (fixture->requests->str, ==, "GET /token\nGET /jwks\nGET /token\n");
}

/* --- the way --- */

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  wf_account_set (&fixture->account->issuer, "https://127.0.0.1:1");
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_OFFLINE);
  assert_steps (fixture, "settings passed, name skipped, connect failed, tls skipped, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
  assert_says (fixture, WF_CONNECTION_CONNECT, "accepts no connection");
}

static void
test_unknown_host (Fixture      *fixture,
                   gconstpointer data)
{
  wf_account_set (&fixture->account->issuer, "https://no.such.host.invalid");
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_OFFLINE);
  assert_steps (fixture, "settings passed, name failed, connect skipped, tls skipped, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
  assert_says (fixture, WF_CONNECTION_NAME, "no.such.host.invalid");
}

static void
test_dead_proxy (Fixture      *fixture,
                 gconstpointer data)
{
  start_good_server (fixture);
  wf_account_set (&fixture->account->proxy, "http://127.0.0.1:1");
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_OFFLINE);
  assert_steps (fixture, "settings passed, name skipped, connect failed, proxy skipped, tls skipped, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
  assert_says (fixture, WF_CONNECTION_CONNECT, "proxy");
}

static void
test_proxy_says_no (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *proxy = g_strdup_printf ("http://127.0.0.1:%u", wire->port);

  wire_answer (wire, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  wf_account_set (&fixture->account->issuer, "https://id.example.org");
  wf_account_set (&fixture->account->proxy, proxy);
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_OFFLINE);
  assert_steps (fixture, "settings passed, name skipped, connect passed, proxy failed, tls skipped, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
  assert_says (fixture, WF_CONNECTION_PROXY, "id.example.org");
  g_assert_true (g_str_has_prefix (wire_get_request (wire, 0), "CONNECT id.example.org:443 "));
}

static void
test_proxy_wants_a_password (Fixture      *fixture,
                             gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *proxy = g_strdup_printf ("http://127.0.0.1:%u", wire->port);

  wire_answer (wire, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
  wf_account_set (&fixture->account->issuer, "https://id.example.org");
  wf_account_set (&fixture->account->proxy, proxy);
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_OFFLINE);
  assert_says (fixture, WF_CONNECTION_PROXY, "user name");
}

/* --- TLS --- */

static void
test_certificates (Fixture      *fixture,
                   gconstpointer data)
{
  const gint64 now = fixture->tls.now;

  start_server (fixture, issue (fixture, fixture->tls.other, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_failure (fixture, "an authority that this computer does not know");
  g_assert_nonnull (wf_connection_step_get_tls (find_step (fixture, WF_CONNECTION_TLS)));

  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.2"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_failure (fixture, "another host");

  start_server (fixture, signin_authority_issue (fixture->tls.authority, "127.0.0.1", NULL, now - 2 * WF_TLS_DAY, now - WF_TLS_DAY), G_TLS_AUTHENTICATION_NONE);
  expect_tls_failure (fixture, "expired");

  start_server (fixture, signin_authority_issue (fixture->tls.authority, "127.0.0.1", NULL, now + WF_TLS_DAY / 4, now + WF_TLS_DAY / 2), G_TLS_AUTHENTICATION_NONE);
  expect_tls_failure (fixture, "not valid before");
}

/* The same without a CA file: nothing else is wrong with it. */
static void
test_unknown_authority (Fixture      *fixture,
                        gconstpointer data)
{
  start_good_server (fixture);
  wf_account_set (&fixture->account->ca_file, NULL);
  expect_tls_failure (fixture, "choose its file");
}

static char *
save_pair (Fixture         *fixture,
           GTlsCertificate *certificate,
           const char      *name)
{
  g_autofree char *public_part = NULL;
  g_autofree char *private_part = NULL;
  g_autofree char *both = NULL;
  char *path = g_build_filename (fixture->tls.folder, name, NULL);

  g_object_get (certificate, "certificate-pem", &public_part, "private-key-pem", &private_part, NULL);
  both = g_strconcat (public_part, private_part, NULL);
  g_assert_true (g_file_set_contents (path, both, -1, NULL));
  return path;
}

static void
test_self_signed (Fixture      *fixture,
                  gconstpointer data)
{
  start_server (fixture, issue (fixture, NULL, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_failure (fixture, "signed by nobody but itself");
}

static void
test_client_certificate (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr (GTlsCertificate) own = issue (fixture, fixture->tls.other, NULL);
  g_autofree char *path = save_pair (fixture, own, "client.pem");

  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_REQUIRED);
  expect_tls_failure (fixture, "wants a client certificate");
  wf_account_set (&fixture->account->client_certificate, path);
  expect_tls_failure (fixture, "does not accept the client certificate");
  fixture->tls.believes = TRUE;
  wf_expect_ok (run (fixture, 0, NULL, &err));
  assert_says (fixture, WF_CONNECTION_TLS, "client certificate was taken");
  g_remove (path);
}

static void
test_no_tls (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *issuer = g_strdup_printf ("https://127.0.0.1:%u", wire->port);

  wf_account_set (&fixture->account->issuer, issuer);
  wf_expect_error (run (fixture, 300, NULL, &err), WF_ERROR_TIMEOUT);
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls failed, discovery skipped, keys skipped, "
                         "token-endpoint skipped, clock skipped");
}

/* --- what is found there --- */

static void
test_web_page (Fixture      *fixture,
               gconstpointer data)
{
  start_good_server (fixture);
  fixture->discovery = "<!doctype html><title>Welcome</title>";
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls passed, discovery failed, keys skipped, "
                         "token-endpoint skipped, clock passed");
}

/* The key set may be wrong where the rest is right. */
static void
test_bad_keys (Fixture      *fixture,
               gconstpointer data)
{
  start_good_server (fixture);
  fixture->keys = "{\"keys\":[]}";
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_MALFORMED_RESPONSE);
  assert_steps (fixture, "settings passed, name skipped, connect passed, tls passed, discovery passed, keys failed, "
                         "token-endpoint passed, clock passed");
  fixture->keys = "nothing";
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_clock (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_account_set (&fixture->account->issuer, world->account->issuer);
  wf_demo_server_advance_clock (world->server, 3600);
  /* sign-ins work all the same, so nothing failed */
  wf_expect_ok (run (fixture, 0, NULL, &err));
  g_assert_cmpint (wf_connection_step_get_outcome (find_step (fixture, WF_CONNECTION_CLOCK)), ==, WF_CONNECTION_WARNING);
  assert_says (fixture, WF_CONNECTION_CLOCK, "behind");
}

/* --- the account, the deadline, the person --- */

static void
test_settings (Fixture      *fixture,
               gconstpointer data)
{
  start_good_server (fixture);
  wf_account_set (&fixture->account->ca_file, "/nonexistent/authorities.pem");
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_TLS_ERROR);
  g_assert_cmpint (wf_connection_step_get_outcome (find_step (fixture, WF_CONNECTION_SETTINGS)), ==, WF_CONNECTION_FAILED);
  wf_account_set (&fixture->account->ca_file, NULL);
  wf_account_set (&fixture->account->issuer, NULL);
  wf_expect_error (run (fixture, 0, NULL, &err), WF_ERROR_USAGE);
  assert_steps (fixture, "settings failed, name skipped, connect skipped, discovery skipped, keys skipped, token-endpoint skipped, "
                         "clock skipped");
  g_assert_cmpstr (fixture->requests->str, ==, "");
}

static void
test_silence (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *issuer = g_strdup_printf ("http://127.0.0.1:%u", wire->port);

  wf_account_set (&fixture->account->issuer, issuer);
  wf_expect_error (run (fixture, 2000, NULL, &err), WF_ERROR_TIMEOUT);
  assert_steps (fixture, "settings passed, name skipped, connect passed, discovery failed, keys skipped, token-endpoint skipped, "
                         "clock skipped");
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (Wire) wire = wire_new ();
  g_autofree char *issuer = g_strdup_printf ("http://127.0.0.1:%u", wire->port);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  wf_account_set (&fixture->account->issuer, issuer);
  g_timeout_add (100, cancel, cancellable);
  wf_expect_error (run (fixture, 0, cancellable, &err), WF_ERROR_CANCELLED);
  assert_says (fixture, WF_CONNECTION_CLOCK, "stopped");
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->test)); i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (fixture->test), i);

      g_assert_cmpint (wf_connection_step_get_outcome (step), >, WF_CONNECTION_RUNNING);
      g_assert_cmpint (wf_connection_step_get_outcome (step), !=, WF_CONNECTION_FAILED);
    }
}

/* A step may take as long as the deadline, and the next one as well. */
static void
test_deadline_of_each (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  world->options.latency = 1000;
  world_update_server (world);
  wf_account_set (&fixture->account->issuer, world->account->issuer);
  wf_expect_ok (run (fixture, 2900, NULL, &err));
}

#define ADD(path, function) g_test_add ("/connection/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("good", test_good);
  ADD ("demo", test_demo);
  ADD ("name", test_name);
  ADD ("by-hand", test_by_hand);
  ADD ("refused", test_refused);
  ADD ("unknown-host", test_unknown_host);
  ADD ("dead-proxy", test_dead_proxy);
  ADD ("proxy-says-no", test_proxy_says_no);
  ADD ("proxy-wants-a-password", test_proxy_wants_a_password);
  ADD ("certificates", test_certificates);
  ADD ("unknown-authority", test_unknown_authority);
  ADD ("self-signed", test_self_signed);
  ADD ("client-certificate", test_client_certificate);
  ADD ("no-tls", test_no_tls);
  ADD ("web-page", test_web_page);
  ADD ("bad-keys", test_bad_keys);
  ADD ("clock", test_clock);
  ADD ("settings", test_settings);
  ADD ("silence", test_silence);
  ADD ("cancel", test_cancel);
  ADD ("deadline-of-each", test_deadline_of_each);

  return g_test_run ();
}
