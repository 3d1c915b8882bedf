/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items 64 and 70 of the catalogue: what is said of a connection, and that there is no way round a bad one. */

#include "signin-test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "signin-certificates.h"

static SigninAuthority *authority;
static char *folder;
static char *ca_file;
static gint64 now;

typedef struct
{
  const char *name;
  const char *address;
  gint64      not_before;
  gint64      not_after;
  gboolean    with_ca_file;
} Case;

static const Case refused[] = {
  { "unknown-authority", "127.0.0.1", -3600, 3600, FALSE },
  { "expired", "127.0.0.1", -7200, -3600, TRUE },
  { "not-yet-valid", "127.0.0.1", 3600, 7200, TRUE },
  { "wrong-host", "127.0.0.9", -3600, 3600, TRUE },
};

static SigninTest *
new_https_test (const Case *c)
{
  g_autoptr (GTlsCertificate) certificate =
    signin_authority_issue (authority, c->address, NULL, now + c->not_before, now + c->not_after);
  SigninTest *test = signin_test_new (certificate);

  if (c->with_ca_file)
    g_variant_dict_insert (test->settings, "ca-file", "s", ca_file);
  return test;
}

static void
test_refused (gconstpointer data)
{
  g_autoptr (SigninTest) test = new_https_test (data);

  signin_test_add_page (test, "/authorize", "<script>location.href='{redirect}'</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_TLS_ERROR);
  g_assert_cmpuint (test->provider_hits->len, ==, 0);
  g_assert_nonnull (strstr (test->error->message, "127.0.0.1"));
}

/* Whatever the page is, a server with a bad certificate in the middle of it ends the sign-in. */
static void
test_mid_flow (gconstpointer data)
{
  g_autoptr (SigninTest) bad = new_https_test (&refused[0]);
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *elsewhere = signin_test_expand (bad, "{provider}/authorize");
  g_autofree char *html = g_strdup_printf ("<script>setTimeout(function(){location.href='%s'},50)</script>", elsewhere);

  if (data)
    signin_test_add_answer (test, "/authorize", 302, elsewhere, NULL, NULL, NULL);
  else
    signin_test_add_page (test, "/authorize", html);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_TLS_ERROR);
  g_assert_cmpuint (bad->provider_hits->len, ==, 0);
}

static const Case good = { "good", "127.0.0.1", -3600, 3600, TRUE };

static void
test_ca_file (void)
{
  g_autoptr (SigninTest) test = new_https_test (&good);
  g_autofree char *origin = signin_test_expand (test, "{provider}");
  g_autofree char *shown = NULL;
  g_autofree char *host = NULL;
  g_autofree char *detail = NULL;
  gboolean secure = FALSE;

  signin_test_add_page (test, "/authorize", "<script>fetch('/done').then(function(){setTimeout(function(){location.href='{redirect}'},600)})</script>");
  signin_test_open (test);
  signin_test_wait_done (test);
  signin_test_wait_ready (test);
  g_object_get (test->view, "origin", &shown, "host", &host, "secure", &secure, "tls-detail", &detail, NULL);
  g_assert_cmpstr (shown, ==, origin);
  g_assert_cmpstr (host, ==, "127.0.0.1");
  g_assert_true (secure);
  g_assert_nonnull (strstr (detail, "Test Authority"));
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, "{redirect}");
}

/* Another account's authority is not this one's. */
static void
test_other_ca_file (void)
{
  g_autoptr (SigninAuthority) other = signin_authority_new ();
  g_autofree char *other_folder = g_dir_make_tmp ("warifu-test-XXXXXX", NULL);
  g_autofree char *other_file = signin_authority_save (other, other_folder);
  g_autoptr (SigninTest) test = new_https_test (&good);

  g_variant_dict_insert (test->settings, "ca-file", "s", other_file);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_TLS_ERROR);
  g_unlink (other_file);
  g_rmdir (other_folder);
}

static void
test_missing_ca_file (void)
{
  g_autoptr (SigninTest) test = new_https_test (&good);

  g_variant_dict_insert (test->settings, "ca-file", "s", "/nonexistent/ca.pem");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_TLS_ERROR);
}

static gboolean
on_accept_certificate (SoupServerMessage   *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags errors,
                       gpointer             user_data)
{
  return TRUE;
}

static void
on_request_started (SoupServer        *server,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
}

static void
on_request_finished (SoupServer        *server,
                     SoupServerMessage *message,
                     GTlsCertificate  **seen)
{
  g_set_object (seen, soup_server_message_get_tls_peer_certificate (message));
}

/* The account's certificate is shown to its provider, where that asks for one (RFC 8705). */
static void
test_client_certificate (void)
{
  g_autoptr (SigninTest) test = new_https_test (&good);
  g_autoptr (GTlsCertificate) client =
    signin_authority_issue (authority, NULL, "client.example.org", now - 3600, now + 3600);
  g_autofree char *file = g_build_filename (folder, "client.pem", NULL);
  g_autofree char *certificate_pem = NULL;
  g_autofree char *key_pem = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GTlsCertificate) seen = NULL;

  g_object_get (client, "certificate-pem", &certificate_pem, "private-key-pem", &key_pem, NULL);
  pem = g_strconcat (certificate_pem, key_pem, NULL);
  g_assert_true (g_file_set_contents (file, pem, -1, NULL));
  g_variant_dict_insert (test->settings, "client-certificate", "s", file);
  soup_server_set_tls_auth_mode (test->provider, G_TLS_AUTHENTICATION_REQUIRED);
  g_signal_connect (test->provider, "request-started", G_CALLBACK (on_request_started), NULL);
  g_signal_connect (test->provider, "request-finished", G_CALLBACK (on_request_finished), &seen);
  signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, "{redirect}");
  g_assert_nonnull (seen);
  g_assert_true (g_tls_certificate_is_same (seen, client));
  g_unlink (file);
}

/* A server that asks for one and gets none ends the sign-in with a sentence. */
static void
test_no_client_certificate (void)
{
  g_autoptr (SigninTest) test = new_https_test (&good);

  soup_server_set_tls_auth_mode (test->provider, G_TLS_AUTHENTICATION_REQUIRED);
  signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  g_assert_cmpuint (test->n_failed, ==, 1);
  g_assert_cmpuint (test->provider_hits->len, ==, 0);
}

/* What a proxy would see of a page that asks for things in clear text: nothing. */
static void
test_mixed_content (void)
{
  g_autoptr (SigninTest) proxy = signin_test_new (NULL);
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  const char *const wanted[] = { "/image", "/script", "/frame", "/fetch", "/socket" };
  g_autofree char *proxy_uri = signin_test_expand (proxy, "{provider}");

  g_variant_dict_insert (test->settings, "proxy", "s", proxy_uri);
  signin_test_add_page (proxy, "/authorize",
                        "<img src='http://mixed.invalid/image'><script src='http://mixed.invalid/script'></script>"
                        "<iframe src='http://mixed.invalid/frame'></iframe>"
                        "<script>fetch('http://mixed.invalid/fetch',{mode:'no-cors'});"
                        "try{new WebSocket('ws://mixed.invalid/socket')}catch(e){}"
                        "setTimeout(function(){fetch('/done')},500)</script>");
  signin_test_open (test);
  signin_test_wait_done (proxy);
  /* The page, what it says that it has done, and nothing in between. */
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *hit = g_strconcat ("GET ", wanted[i], NULL);
      g_assert_cmpuint (signin_test_count_hits (proxy, hit), ==, 0);
    }
  g_assert_cmpuint (signin_test_count_hits (proxy, "GET /authorize"), ==, 1);
  g_assert_cmpuint (test->provider_hits->len, ==, 0); /* all of it went through the proxy */
  signin_test_assert_nothing (test);
}

/* A main frame that goes on in clear text ends the sign-in; by the server and by a form. */
static void
test_cleartext (gconstpointer data)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  if (data)
    signin_test_add_answer (test, "/authorize", 302, "http://elsewhere.invalid/login", NULL, NULL, NULL);
  else
    signin_test_add_page (test, "/authorize",
                          "<form id=f method=post action='http://elsewhere.invalid/login'></form>"
                          "<script>setTimeout(function(){f.submit()},50)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_INSECURE_ENDPOINT);
  g_assert_nonnull (strstr (test->error->message, "elsewhere.invalid"));
}

/* Item 64: loopback is said to be what it is, and the address shown is that of the page shown. */
static void
test_origin (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *origin = signin_test_expand (test, "{provider}");
  g_autofree char *shown = NULL;
  g_autofree char *detail = NULL;
  gboolean secure = TRUE;

  signin_test_add_page (test, "/authorize", "<title>Trust me, I am id.example.org</title>"
                                            "<script>setTimeout(function(){location.href='/never'},50)</script>");
  signin_test_open (test);
  signin_test_wait_hit (test, "GET /never");
  g_object_get (test->view, "origin", &shown, "secure", &secure, "tls-detail", &detail, NULL);
  g_assert_cmpstr (shown, ==, origin);
  g_assert_false (secure);
  g_assert_nonnull (detail);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  signin_test_init (&argc, &argv);
  now = g_get_real_time () / G_USEC_PER_SEC;
  authority = signin_authority_new ();
  folder = g_dir_make_tmp ("warifu-test-XXXXXX", NULL);
  ca_file = signin_authority_save (authority, folder);

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/signin/70-refused/%s", refused[i].name);
      g_test_add_data_func (path, &refused[i], test_refused);
    }
  g_test_add_data_func ("/signin/70-mid-flow/script", NULL, test_mid_flow);
  g_test_add_data_func ("/signin/70-mid-flow/redirect", "302", test_mid_flow);
  g_test_add_func ("/signin/70-ca-file", test_ca_file);
  g_test_add_func ("/signin/70-other-ca-file", test_other_ca_file);
  g_test_add_func ("/signin/70-missing-ca-file", test_missing_ca_file);
  g_test_add_func ("/signin/70-client-certificate", test_client_certificate);
  g_test_add_func ("/signin/70-no-client-certificate", test_no_client_certificate);
  g_test_add_func ("/signin/70-mixed-content", test_mixed_content);
  g_test_add_data_func ("/signin/70-cleartext/form", NULL, test_cleartext);
  g_test_add_data_func ("/signin/70-cleartext/redirect", "302", test_cleartext);
  g_test_add_func ("/signin/64-origin", test_origin);
  result = g_test_run ();

  g_unlink (ca_file);
  g_rmdir (folder);
  g_free (ca_file);
  g_free (folder);
  signin_authority_free (authority);
  return result;
}
