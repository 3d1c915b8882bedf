/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signin-test.h"

#include <gmodule.h>
#include <locale.h>
#include <string.h>

#include "signin-server.h"

#define TIMEOUT_SECONDS 90

typedef GtkWidget *(*CreateViewFunc) (WfAuthorizationRequest *request,
                                      GVariant               *settings);

typedef struct
{
  guint status;
  char *location;
  char *header;
  char *value;
  char *body;
} Page;

static CreateViewFunc create_view;

static void
page_free (Page *page)
{
  g_free (page->location);
  g_free (page->header);
  g_free (page->value);
  g_free (page->body);
  g_free (page);
}

static void
load_module (void)
{
  const char *dir = g_getenv ("WARIFU_MODULE_DIR");
  g_autofree char *path = g_build_filename (dir ? dir : ".", "libwarifu-signin.so", NULL);
  GModule *module = g_module_open (path, G_MODULE_BIND_LOCAL);

  if (!module)
    g_error ("%s", g_module_error ());
  g_module_make_resident (module);
  if (!g_module_symbol (module, "warifu_signin_create_view", (gpointer *) &create_view))
    g_error ("%s", g_module_error ());
}

void
signin_test_init (int    *argc,
                  char ***argv)
{
  setlocale (LC_ALL, "");
  /* GLib has read it; WebKit's processes are not ours to judge. */
  g_unsetenv ("G_DEBUG");
  g_test_init (argc, argv, NULL);
  gtk_init ();
  load_module ();
}

static char *
get_origin (SigninTest *test,
            SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  char *origin = g_strdup_printf ("%s://127.0.0.1:%d", test->certificate ? "https" : "http",
                                  g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return origin;
}

char *
signin_test_expand (SigninTest *test,
                    const char *text)
{
  g_autoptr (GString) expanded = g_string_new (text);
  g_autofree char *provider = get_origin (test, test->provider);
  g_autofree char *target = get_origin (test, test->target);

  if (test->redirect_uri)
    {
      g_autofree char *redirect =
        g_strdup_printf ("%s%ccode=abc&state={state}", test->redirect_uri, strchr (test->redirect_uri, '?') ? '&' : '?');
      g_string_replace (expanded, "{redirect}", redirect, 0);
    }
  if (test->request)
    g_string_replace (expanded, "{state}", wf_authorization_request_get_state (test->request), 0);
  g_string_replace (expanded, "{provider}", provider, 0);
  g_string_replace (expanded, "{target}", target, 0);
  return g_string_free (g_steal_pointer (&expanded), FALSE);
}

static char *
describe (SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);

  return g_strdup_printf ("%s %s%s%s", soup_server_message_get_method (message), g_uri_get_path (uri),
                          g_uri_get_query (uri) ? "?" : "", g_uri_get_query (uri) ? g_uri_get_query (uri) : "");
}

static void
on_provider_request (SoupServer        *server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gpointer           user_data)
{
  SigninTest *test = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *cookie = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Cookie");
  const Page *page = g_hash_table_lookup (test->pages, path);

  g_ptr_array_add (test->provider_hits, describe (message));
  if (g_str_equal (path, "/authorize"))
    g_ptr_array_add (test->cookies, g_strdup (cookie ? cookie : ""));
  if (g_str_equal (path, "/never"))
    {
      soup_server_message_pause (message);
      test->held = g_object_ref (message);
      return;
    }
  soup_server_message_set_status (message, page ? page->status : 404, NULL);
  if (page && page->location)
    {
      g_autofree char *location = signin_test_expand (test, page->location);
      soup_message_headers_append (headers, "Location", location);
    }
  if (page && page->header)
    soup_message_headers_append (headers, page->header, page->value);
  if (page && page->body)
    {
      g_autofree char *body = signin_test_expand (test, page->body);
      soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, body, strlen (body));
    }
}

static void
on_target_request (SoupServer        *server,
                   SoupServerMessage *message,
                   const char        *path,
                   GHashTable        *query,
                   gpointer           user_data)
{
  SigninTest *test = user_data;

  g_ptr_array_add (test->target_hits, describe (message));
  soup_server_message_set_status (message, 200, NULL);
}

static SoupServer *
start_server (SigninTest         *test,
              SoupServerCallback  callback)
{
  SoupServer *server = soup_server_new ("server-header", "test", NULL);
  g_autoptr (GError) error = NULL;

  if (test->certificate)
    soup_server_set_tls_certificate (server, test->certificate);
  soup_server_listen_local (server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | (test->certificate ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  soup_server_add_handler (server, NULL, callback, test, NULL);
  return server;
}

SigninTest *
signin_test_new (GTlsCertificate *certificate)
{
  SigninTest *test = g_new0 (SigninTest, 1);

  g_set_object (&test->certificate, certificate);
  test->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) page_free);
  test->provider_hits = g_ptr_array_new_with_free_func (g_free);
  test->target_hits = g_ptr_array_new_with_free_func (g_free);
  test->cookies = g_ptr_array_new_with_free_func (g_free);
  test->settings = g_variant_dict_new (NULL);
  test->provider = start_server (test, on_provider_request);
  test->target = start_server (test, on_target_request);
  signin_test_set_redirect_uri (test, "{target}/cb");
  signin_test_add_page (test, "/done", "done");
  signin_test_add_answer (test, "/favicon.ico", 404, NULL, NULL, NULL, NULL);
  return test;
}

void
signin_test_close (SigninTest *test)
{
  if (test->window)
    gtk_window_destroy (GTK_WINDOW (test->window));
  test->window = NULL;
  test->view = NULL;
  g_clear_pointer (&test->request, wf_authorization_request_unref);
  g_clear_pointer (&test->redirected, g_free);
  g_clear_error (&test->error);
  test->n_redirected = test->n_failed = test->n_dismissed = 0;
}

void
signin_test_free (SigninTest *test)
{
  signin_test_close (test);
  if (test->held)
    soup_server_message_unpause (test->held);
  g_clear_object (&test->held);
  signin_server_stop (test->provider);
  signin_server_stop (test->target);
  g_clear_object (&test->provider);
  g_clear_object (&test->target);
  g_clear_object (&test->certificate);
  g_clear_pointer (&test->pages, g_hash_table_unref);
  g_clear_pointer (&test->provider_hits, g_ptr_array_unref);
  g_clear_pointer (&test->target_hits, g_ptr_array_unref);
  g_clear_pointer (&test->cookies, g_ptr_array_unref);
  g_clear_pointer (&test->settings, g_variant_dict_unref);
  g_clear_pointer (&test->redirect_uri, g_free);
  g_free (test);
}

void
signin_test_add_answer (SigninTest *test,
                        const char *path,
                        guint       status,
                        const char *location,
                        const char *header,
                        const char *value,
                        const char *body)
{
  Page *page = g_new0 (Page, 1);

  page->status = status;
  page->location = g_strdup (location);
  page->header = g_strdup (header);
  page->value = g_strdup (value);
  page->body = g_strdup (body);
  g_hash_table_insert (test->pages, g_strdup (path), page);
}

void
signin_test_add_page (SigninTest *test,
                      const char *path,
                      const char *html)
{
  signin_test_add_answer (test, path, 200, NULL, NULL, NULL, html);
}

void
signin_test_set_redirect_uri (SigninTest *test,
                              const char *redirect_uri)
{
  g_autofree char *expanded = signin_test_expand (test, redirect_uri);

  g_free (test->redirect_uri);
  test->redirect_uri = g_steal_pointer (&expanded);
}

static void
on_redirected (GtkWidget  *view,
               const char *uri,
               SigninTest *test)
{
  g_free (test->redirected);
  test->redirected = g_strdup (uri);
  test->n_redirected++;
}

static void
on_failed (GtkWidget    *view,
           const GError *error,
           SigninTest   *test)
{
  g_clear_error (&test->error);
  test->error = g_error_copy (error);
  test->n_failed++;
}

static void
on_dismissed (GtkWidget  *view,
              SigninTest *test)
{
  test->n_dismissed++;
}

static WfAuthorizationRequest *
make_request (SigninTest *test)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autofree char *authorize = signin_test_expand (test, "{provider}/authorize");
  g_autofree char *token = signin_test_expand (test, "{provider}/token");
  g_autofree char *issuer = signin_test_expand (test, "{provider}");
  g_autoptr (GError) error = NULL;
  WfAuthorizationRequest *request;

  wf_account_set (&account->name, "Test");
  wf_account_set (&account->issuer, issuer);
  wf_account_set (&account->client_id, "test");
  wf_account_set (&account->authorization_endpoint, authorize);
  wf_account_set (&account->token_endpoint, token);
  metadata = wf_provider_metadata_new_manual (account, &error);
  g_assert_no_error (error);
  request = wf_authorization_request_new (account, metadata, test->redirect_uri, &error);
  g_assert_no_error (error);
  return request;
}

void
signin_test_open (SigninTest *test)
{
  signin_test_close (test);
  test->request = make_request (test);
  test->view = create_view (test->request, g_variant_dict_end (test->settings));
  g_variant_dict_init (test->settings, NULL);
  g_signal_connect (test->view, "redirected", G_CALLBACK (on_redirected), test);
  g_signal_connect (test->view, "failed", G_CALLBACK (on_failed), test);
  g_signal_connect (test->view, "dismissed", G_CALLBACK (on_dismissed), test);
  test->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (test->window), 600, 400);
  gtk_window_set_child (GTK_WINDOW (test->window), test->view);
  gtk_window_present (GTK_WINDOW (test->window));
}

static gboolean
on_deadline (gpointer user_data)
{
  SigninTest *test = user_data;

  for (guint i = 0; i < test->provider_hits->len; i++)
    g_test_message ("provider: %s", (char *) test->provider_hits->pdata[i]);
  for (guint i = 0; i < test->target_hits->len; i++)
    g_test_message ("target: %s", (char *) test->target_hits->pdata[i]);
  g_test_message ("redirected %s, error %s", test->redirected, test->error ? test->error->message : "none");
  g_error ("Waited %d seconds in vain", TIMEOUT_SECONDS);
  return G_SOURCE_REMOVE;
}

#define wait_until(test, condition)                                             \
  G_STMT_START                                                                  \
  {                                                                             \
    guint deadline_ = g_timeout_add_seconds (TIMEOUT_SECONDS, on_deadline, test); \
    while (!(condition))                                                        \
      g_main_context_iteration (NULL, TRUE);                                    \
    g_source_remove (deadline_);                                                \
  }                                                                             \
  G_STMT_END

static gboolean
has_outcome (SigninTest *test)
{
  return test->n_redirected + test->n_failed + test->n_dismissed > 0;
}

void
signin_test_settle (SigninTest *test)
{
  int left = 100;

  while (left > 0 && g_main_context_iteration (NULL, FALSE))
    left--;
}

void
signin_test_wait_outcome (SigninTest *test)
{
  wait_until (test, has_outcome (test));
  signin_test_settle (test);
}

guint
signin_test_count_hits (SigninTest *test,
                        const char *prefix)
{
  guint count = 0;

  for (guint i = 0; i < test->provider_hits->len; i++)
    if (g_str_has_prefix (test->provider_hits->pdata[i], prefix))
      count++;
  return count;
}

void
signin_test_wait_hit (SigninTest *test,
                      const char *prefix)
{
  wait_until (test, signin_test_count_hits (test, prefix) > 0);
  signin_test_settle (test);
}

void
signin_test_wait_done (SigninTest *test)
{
  signin_test_wait_hit (test, "GET /done");
}

void
signin_test_wait_done_or_outcome (SigninTest *test)
{
  wait_until (test, has_outcome (test) || signin_test_count_hits (test, "GET /done") > 0);
  signin_test_settle (test);
}

static gboolean
is_ready (SigninTest *test)
{
  gboolean ready = FALSE;

  g_object_get (test->view, "ready", &ready, NULL);
  return ready;
}

void
signin_test_wait_ready (SigninTest *test)
{
  wait_until (test, is_ready (test) || has_outcome (test));
}

static GPid
get_parent (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *end;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return 0;
  /* "PID (NAME) STATE PARENT …" */
  end = strrchr (stat, ')');
  return end && strlen (end) > 4 ? (int) g_ascii_strtoll (end + 4, NULL, 10) : 0;
}

static gboolean
is_descendant (GPid pid)
{
  while (pid > 1 && pid != getpid ())
    pid = get_parent (pid);
  return pid == getpid ();
}

GPid
signin_test_find_process (const char *name)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *entry;
  GPid found = 0;

  while ((entry = g_dir_read_name (dir)))
    {
      GPid pid = (GPid) g_ascii_strtoll (entry, NULL, 10);
      g_autofree char *path = g_strdup_printf ("/proc/%s/cmdline", entry);
      g_autofree char *command = NULL;

      if (pid <= 0 || !g_file_get_contents (path, &command, NULL, NULL))
        continue;
      /* The process itself, not the sandbox that started it. */
      if (g_str_has_suffix (command, name) && is_descendant (pid) && pid > found)
        found = pid;
    }
  return found;
}
