/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tls-fixture.h"

#include <glib/gstdio.h>

#include "signin-server.h"
#include "wf-test-world.h"

static gboolean
on_client_certificate (SoupServerMessage   *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags errors,
                       gpointer             user_data)
{
  return ((WfTlsFixture *) user_data)->believes;
}

static void
on_request_started (SoupServer        *server,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_client_certificate), user_data);
}

void
wf_tls_fixture_set_up (WfTlsFixture      *fixture,
                       SoupServerCallback handler,
                       gpointer           user_data)
{
  fixture->authority = signin_authority_new ();
  fixture->other = signin_authority_new ();
  fixture->folder = g_dir_make_tmp ("warifu-tls-XXXXXX", NULL);
  fixture->ca_file = signin_authority_save (fixture->authority, fixture->folder);
  fixture->now = g_get_real_time () / G_USEC_PER_SEC;
  fixture->handler = handler;
  fixture->user_data = user_data;
}

void
wf_tls_fixture_tear_down (WfTlsFixture *fixture)
{
  wf_tls_fixture_stop (fixture);
  signin_authority_free (fixture->authority);
  signin_authority_free (fixture->other);
  g_remove (fixture->ca_file);
  g_rmdir (fixture->folder);
  g_free (fixture->ca_file);
  g_free (fixture->folder);
}

void
wf_tls_fixture_start (WfTlsFixture          *fixture,
                      GTlsCertificate       *certificate,
                      GTlsAuthenticationMode mode)
{
  g_autoptr (GTlsCertificate) owned = certificate;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  wf_tls_fixture_stop (fixture);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_set_tls_certificate (fixture->server, owned);
  soup_server_set_tls_auth_mode (fixture->server, mode);
  g_signal_connect (fixture->server, "request-started", G_CALLBACK (on_request_started), fixture);
  soup_server_add_handler (fixture->server, NULL, fixture->handler, fixture->user_data, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->origin = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

void
wf_tls_fixture_stop (WfTlsFixture *fixture)
{
  if (fixture->server)
    signin_server_stop (fixture->server);
  wf_await_nothing ();
  g_clear_object (&fixture->server);
  g_clear_pointer (&fixture->origin, g_free);
}

GTlsCertificate *
wf_tls_fixture_issue (WfTlsFixture    *fixture,
                      SigninAuthority *authority,
                      const char      *address)
{
  return signin_authority_issue (authority, address, "localhost", fixture->now - WF_TLS_DAY, fixture->now + WF_TLS_DAY / 2);
}
