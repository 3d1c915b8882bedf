/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-http-client.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "wf-expect.h"
#include "wf-test-world.h"
#include "wf-tls-fixture.h"

/* --- a fixture: authorities, and a server with one of their certificates --- */

typedef struct
{
  WfTlsFixture     tls;
  char            *uri;
  guint            requests;
  GTlsCertificate *seen; /* nullable: what the client showed */
} Fixture;

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Fixture *fixture = user_data;
  GTlsCertificate *certificate = soup_server_message_get_tls_peer_certificate (message);

  fixture->requests++;
  g_set_object (&fixture->seen, certificate);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  wf_tls_fixture_set_up (&fixture->tls, on_request, fixture);
  /* The client's certificate is judged by nobody here: it is looked at. */
  fixture->tls.believes = TRUE;
}

static void
stop_server (Fixture *fixture)
{
  wf_tls_fixture_stop (&fixture->tls);
  g_clear_object (&fixture->seen);
  g_clear_pointer (&fixture->uri, g_free);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  stop_server (fixture);
  wf_tls_fixture_tear_down (&fixture->tls);
}

/* @certificate: (transfer full) */
static void
start_server (Fixture               *fixture,
              GTlsCertificate       *certificate,
              GTlsAuthenticationMode mode)
{
  stop_server (fixture);
  fixture->requests = 0;
  wf_tls_fixture_start (&fixture->tls, certificate, mode);
  fixture->uri = g_strconcat (fixture->tls.origin, "/token", NULL);
}

static GTlsCertificate *
issue (Fixture         *fixture,
       SigninAuthority *authority,
       const char      *address)
{
  return wf_tls_fixture_issue (&fixture->tls, authority, address);
}

static WfHttpClient *
make_client (const char *ca_file,
             const char *client_certificate)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GError) error = NULL;
  WfHttpClient *client;

  wf_account_set (&account->ca_file, ca_file);
  wf_account_set (&account->client_certificate, client_certificate);
  client = wf_http_client_new (account, &error);
  g_assert_no_error (error);
  return client;
}

static gboolean
try_post (WfHttpClient *client,
          const char   *uri,
          gboolean     *sent,
          GError      **error)
{
  g_autoptr (WfSecretValue) form = wf_secret_new ("refresh_token=canary", -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfHttpResponse) response = NULL;
  const WfHttpRequest request = { .what = "token endpoint", .uri = uri, .form = form };

  wf_http_client_send_async (client, &request, NULL, wf_await_cb, &result);
  wf_await (&result);
  response = wf_http_client_send_finish (client, result, sent, error);
  return response != NULL;
}

static gboolean
try_get (WfHttpClient *client,
         const char   *uri,
         WfFlow       *flow,
         GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfHttpResponse) response = NULL;
  const WfHttpRequest request = { .what = "discovery document", .uri = uri, .flow = flow };

  wf_http_client_send_async (client, &request, NULL, wf_await_cb, &result);
  wf_await (&result);
  response = wf_http_client_send_finish (client, result, NULL, error);
  return response != NULL;
}

static void
expect_tls_error (Fixture      *fixture,
                  WfHttpClient *client)
{
  gboolean sent = TRUE;

  wf_expect_error (try_post (client, fixture->uri, &sent, &err), WF_ERROR_TLS_ERROR);
  g_assert_false (sent);
  g_assert_cmpuint (fixture->requests, ==, 0);
}

/* --- whom to believe --- */

static void
test_own_authority (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (WfHttpClient) client = make_client (fixture->tls.ca_file, NULL);
  g_autoptr (WfHttpClient) plain = make_client (NULL, NULL);
  g_autoptr (WfFlow) flow = wf_flow_new ("Test", 0);

  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, plain);
  wf_expect_ok (try_post (client, fixture->uri, NULL, &err));
  /* also over a connection that was kept */
  wf_expect_ok (try_get (client, fixture->uri, NULL, &err));
  wf_expect_ok (try_get (client, fixture->uri, flow, &err));
  g_assert_cmpuint (fixture->requests, ==, 3);
}

static void
test_protocol_is_recorded (Fixture      *fixture,
                           gconstpointer data)
{
  g_autoptr (WfHttpClient) client = make_client (fixture->tls.ca_file, NULL);
  g_autoptr (WfFlow) flow = wf_flow_new ("Test", 0);

  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  wf_expect_ok (try_get (client, fixture->uri, flow, &err));
  {
    const WfTlsPeer *tls = wf_flow_get_step (flow, 0)->exchange->tls;

    g_assert_nonnull (tls);
    g_assert_true (g_str_has_prefix (tls->protocol, "TLS 1."));
    g_assert_nonnull (tls->cipher);
    g_assert_cmpstr (tls->subject, ==, "CN=Test Server");
    g_assert_cmpstr (tls->issuer, ==, "CN=Test Authority");
    g_assert_cmpint (tls->expires_at, ==, fixture->tls.now + WF_TLS_DAY / 2);
    g_assert_cmpuint (strlen (tls->fingerprint), ==, 32 * 3 - 1);
  }
}

/* An authority of the account's own says nothing about what else must be right. */
static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfHttpClient) client = make_client (fixture->tls.ca_file, NULL);
  const gint64 now = fixture->tls.now;

  start_server (fixture, issue (fixture, fixture->tls.other, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.2"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
  start_server (fixture, issue (fixture, fixture->tls.authority, NULL), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
  start_server (fixture, signin_authority_issue (fixture->tls.authority, "127.0.0.1", NULL, now - 2 * WF_TLS_DAY, now - WF_TLS_DAY), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
  start_server (fixture, signin_authority_issue (fixture->tls.authority, "127.0.0.1", NULL, now + WF_TLS_DAY / 4, now + WF_TLS_DAY / 2), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
}

/* The file's authorities stand beside the system's, which here are the test's. */
static void
test_beside_the_system (Fixture      *fixture,
                        gconstpointer data)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autofree char *folder = g_build_filename (fixture->tls.folder, "system", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GTlsDatabase) system = NULL;
  g_autoptr (WfHttpClient) client = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  path = signin_authority_save (fixture->tls.other, folder);
  system = g_tls_file_database_new (path, NULL);
  g_tls_backend_set_default_database (backend, system);
  client = make_client (fixture->tls.ca_file, NULL);
  start_server (fixture, issue (fixture, fixture->tls.other, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  wf_expect_ok (try_post (client, fixture->uri, NULL, &err));
  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  wf_expect_ok (try_post (client, fixture->uri, NULL, &err));
  start_server (fixture, issue (fixture, fixture->tls.other, "127.0.0.2"), G_TLS_AUTHENTICATION_NONE);
  expect_tls_error (fixture, client);
  g_tls_backend_set_default_database (backend, NULL);
  g_remove (path);
  g_rmdir (folder);
}

/* Plain HTTP where TLS was expected: no handshake comes about, and nothing is sent. */
static void
test_no_tls (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (WfHttpClient) client = make_client (fixture->tls.ca_file, NULL);
  g_autoptr (WfDemoServer) server = wf_demo_server_new (NULL);
  g_autofree char *uri = NULL;
  gboolean sent = TRUE;

  g_assert_true (wf_demo_server_start (server, 0, NULL));
  uri = g_strdup_printf ("https://127.0.0.1:%u/oauth/token", wf_demo_server_get_port (server));
  wf_http_client_set_deadline (client, 300);
  wf_expect_error (try_post (client, uri, &sent, &err), WF_ERROR_TIMEOUT);
  g_assert_false (sent);
  g_assert_cmpuint (wf_demo_server_count (server, NULL), ==, 0);
  wf_demo_server_stop (server);
  wf_await_nothing ();
}

/* --- who we are, RFC 8705 --- */

static char *
save_pair (Fixture         *fixture,
           GTlsCertificate *certificate)
{
  g_autofree char *public_part = NULL;
  g_autofree char *private_part = NULL;
  g_autofree char *both = NULL;
  char *path = g_build_filename (fixture->tls.folder, "client.pem", NULL);

  g_object_get (certificate, "certificate-pem", &public_part, "private-key-pem", &private_part, NULL);
  both = g_strconcat (public_part, private_part, NULL);
  g_assert_true (g_file_set_contents (path, both, -1, NULL));
  return path;
}

static void
test_client_certificate (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = issue (fixture, fixture->tls.other, NULL);
  g_autofree char *path = save_pair (fixture, certificate);
  g_autoptr (WfHttpClient) client = make_client (fixture->tls.ca_file, path);
  g_autoptr (WfHttpClient) nobody = make_client (fixture->tls.ca_file, NULL);
  g_autoptr (GError) error = NULL;

  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_REQUIRED);
  wf_expect_ok (try_post (client, fixture->uri, NULL, &err));
  g_assert_nonnull (fixture->seen);
  g_assert_true (g_tls_certificate_is_same (fixture->seen, certificate));
  g_assert_false (try_post (nobody, fixture->uri, NULL, &error));
  g_assert_true (error->domain == WF_ERROR);
  g_assert_cmpuint (fixture->requests, ==, 1);
  /* where nobody asks for it, it is not shown */
  start_server (fixture, issue (fixture, fixture->tls.authority, "127.0.0.1"), G_TLS_AUTHENTICATION_NONE);
  wf_expect_ok (try_post (client, fixture->uri, NULL, &err));
  g_assert_null (fixture->seen);
  g_remove (path);
}

static void
test_bad_files (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autofree char *path = g_build_filename (fixture->tls.folder, "empty.pem", NULL);

  g_assert_true (g_file_set_contents (path, "nothing", -1, NULL));
  wf_account_set (&account->client_certificate, path);
  wf_expect_error (wf_http_client_new (account, &err), WF_ERROR_TLS_ERROR);
  wf_account_set (&account->client_certificate, NULL);
  wf_account_set (&account->ca_file, fixture->tls.folder);
  wf_expect_error (wf_http_client_new (account, &err), WF_ERROR_TLS_ERROR);
  g_remove (path);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/http/tls/own-authority", test_own_authority);
  ADD ("/http/tls/protocol", test_protocol_is_recorded);
  ADD ("/http/tls/refused", test_refused);
  ADD ("/http/tls/beside-the-system", test_beside_the_system);
  ADD ("/http/tls/no-tls", test_no_tls);
  ADD ("/http/tls/client-certificate", test_client_certificate);
  ADD ("/http/tls/bad-files", test_bad_files);

  return g_test_run ();
}
