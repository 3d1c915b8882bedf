/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-loopback-listener.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include "wf-error.h"
#include "wf-loopback-page.h"
#include "wf-secret.h"
#include "wf-uri.h"

/* How long a browser may take to read the page before the listener is gone all the same. */
#define PAGE_SECONDS 2
/* Another program may hold the port on the second address: how many free ports are tried. */
#define MAX_PORT_TRIES 16

struct _WfLoopbackListener
{
  GObject     parent_instance;
  SoupServer *server;       /* NULL after it was closed */
  char       *redirect_uri; /* with its port */
  char       *path;
  char       *authority;    /* what the Host header must be */
  char       *received;     /* the first redirect; a secret is in it */
  gboolean    page_sent;
  GTask      *waiting;      /* nullable */
  GSource    *given_up;     /* of the waiting task's cancellable */
  GSource    *page_timeout;
};

G_DEFINE_FINAL_TYPE (WfLoopbackListener, wf_loopback_listener, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Whether a query has a code or an error, RFC 6749 §4.1.2; their values are the caller's business. */
static gboolean
is_answer (const char *query)
{
  g_auto (GStrv) pairs = query ? g_strsplit (query, "&", -1) : NULL;
  gboolean found = FALSE;

  for (guint i = 0; pairs && pairs[i]; i++)
    {
      found |= g_str_has_prefix (pairs[i], "code=") || g_str_has_prefix (pairs[i], "error=");
      explicit_bzero (pairs[i], strlen (pairs[i]));
    }
  return found;
}

static void
complete_waiting (WfLoopbackListener *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->waiting);

  clear_source (&self->given_up);
  if (!task)
    return;
  if (self->received)
    g_task_return_pointer (task, g_steal_pointer (&self->received), (GDestroyNotify) wf_secret_wipe_free);
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("The sign-in was cancelled."));
}

static void
stop_listening (WfLoopbackListener *self)
{
  g_autoptr (SoupServer) server = g_steal_pointer (&self->server);

  clear_source (&self->page_timeout);
  if (!server)
    return;
  g_signal_handlers_disconnect_by_data (server, self);
  soup_server_remove_handler (server, NULL);
  soup_server_disconnect (server);
}

static void
finish_page (WfLoopbackListener *self)
{
  g_autoptr (WfLoopbackListener) kept = g_object_ref (self);

  if (self->page_sent)
    return;
  self->page_sent = TRUE;
  stop_listening (self);
  if (self->waiting)
    complete_waiting (self);
}

static gboolean
on_page_timeout (gpointer user_data)
{
  finish_page (WF_LOOPBACK_LISTENER (user_data));
  return G_SOURCE_REMOVE;
}

static gboolean
on_page_sent (gpointer user_data)
{
  finish_page (WF_LOOPBACK_LISTENER (user_data));
  return G_SOURCE_REMOVE;
}

static void
on_message_finished (SoupServerMessage  *message,
                     WfLoopbackListener *self)
{
  /* Not from within the server's own work on this message. */
  clear_source (&self->page_timeout);
  self->page_timeout = g_idle_source_new ();
  g_source_set_priority (self->page_timeout, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->page_timeout, on_page_sent, self, NULL);
  g_source_attach (self->page_timeout, g_main_context_get_thread_default ());
}

static void
refuse (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
send_page (WfLoopbackListener *self,
           SoupServerMessage  *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *page = wf_loopback_page_make (soup_message_headers_get_list (request, "Accept-Language"));
  gsize length = strlen (page);

  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  /* The address in the browser holds the code. */
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE,
                                    g_steal_pointer (&page), length);
}

/* The exact path, asked for by GET at our own address (not by a name that somebody pointed to it). */
static gboolean
is_for_us (WfLoopbackListener *self,
           SoupServerMessage  *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  return soup_server_message_get_method (message) == SOUP_METHOD_GET &&
         host && g_ascii_strcasecmp (host, self->authority) == 0 &&
         g_str_equal (g_uri_get_path (uri), self->path) &&
         is_answer (g_uri_get_query (uri));
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  WfLoopbackListener *self = WF_LOOPBACK_LISTENER (user_data);
  const char *raw_query = g_uri_get_query (soup_server_message_get_uri (message));
  gsize base_length = strcspn (self->redirect_uri, "?");

  if (self->received || self->page_sent || !is_for_us (self, message) ||
      base_length + 1 + strlen (raw_query) > WF_REDIRECT_MAX_BYTES)
    {
      refuse (message);
      return;
    }

  self->received = g_strdup_printf ("%.*s?%s", (int) base_length, self->redirect_uri, raw_query);
  send_page (self, message);
  g_signal_connect_object (message, "finished", G_CALLBACK (on_message_finished), self, 0);
  g_signal_connect_object (message, "disconnected", G_CALLBACK (on_message_finished), self, 0);
  self->page_timeout = g_timeout_source_new_seconds (PAGE_SECONDS);
  g_source_set_callback (self->page_timeout, on_page_timeout, self, NULL);
  g_source_attach (self->page_timeout, g_main_context_get_thread_default ());
}

static gboolean
on_given_up (GCancellable *cancellable,
             gpointer      user_data)
{
  g_autoptr (WfLoopbackListener) self = g_object_ref (WF_LOOPBACK_LISTENER (user_data));

  g_clear_pointer (&self->received, wf_secret_wipe_free);
  complete_waiting (self);
  return G_SOURCE_REMOVE;
}

static gboolean
listen_at (SoupServer *server,
           const char *address,
           guint       port,
           GError    **error)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new_from_string (address, port);

  return soup_server_listen (server, socket_address, 0, error);
}

static guint
get_port (SoupServer *server)
{
  /* soup_server_get_uris() of libsoup 3.2 loses an address at each call */
  g_autoptr (GSList) listeners = soup_server_get_listeners (server);
  g_autoptr (GSocketAddress) address = listeners ? g_socket_get_local_address (listeners->data, NULL) : NULL;

  return address ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

static SoupServer *
make_server (void)
{
  return soup_server_new ("server-header", NULL, "raw-paths", TRUE, NULL);
}

/* @second: (nullable): another address for the same port, where the machine has it */
static SoupServer *
listen_at_both (const char *address,
                const char *second,
                guint       port,
                GError    **error)
{
  g_autoptr (SoupServer) server = make_server ();
  g_autoptr (GError) local = NULL;

  if (!listen_at (server, address, port, error))
    return NULL;
  if (!second || listen_at (server, second, get_port (server), &local))
    return g_steal_pointer (&server);

  /* Who holds the other half of "localhost" would receive the code. */
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&server);
}

static SoupServer *
listen_for (const char *host,
            guint       port,
            GError    **error)
{
  gboolean is_name = g_ascii_strcasecmp (host, "localhost") == 0;
  const char *address = is_name ? "127.0.0.1" : host;
  const char *second = is_name ? "::1" : NULL;
  g_autoptr (GError) local = NULL;
  SoupServer *server = NULL;

  for (guint i = 0; i < (port ? 1 : MAX_PORT_TRIES) && !server; i++)
    {
      g_clear_error (&local);
      server = listen_at_both (address, second, port, &local);
    }
  if (server)
    return server;

  if (port && g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                 /* Translators: %u is a port number */
                 _("Another program uses port %u. Close it, or choose another redirect URI."), port);
  else
    g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                 _("Warifu cannot wait for your browser: %s."), local->message);
  return NULL;
}

/* Puts the port in where the URI has none; the rest stays byte for byte. */
static char *
put_port_in (const char *redirect_uri,
             GUri       *uri,
             guint       port)
{
  const char *authority = strstr (redirect_uri, "://") + 3;
  gsize length = strcspn (authority, "/?#");

  if (g_uri_get_port (uri) > 0)
    return g_strdup (redirect_uri);
  /* "http://127.0.0.1:/": an empty port */
  if (length > 0 && authority[length - 1] == ':')
    return g_strdup_printf ("%.*s%u%s", (int) (authority + length - redirect_uri), redirect_uri, port, authority + length);
  return g_strdup_printf ("%.*s:%u%s", (int) (authority + length - redirect_uri), redirect_uri, port, authority + length);
}

static void
wf_loopback_listener_dispose (GObject *object)
{
  WfLoopbackListener *self = WF_LOOPBACK_LISTENER (object);

  stop_listening (self);
  complete_waiting (self);

  G_OBJECT_CLASS (wf_loopback_listener_parent_class)->dispose (object);
}

static void
wf_loopback_listener_finalize (GObject *object)
{
  WfLoopbackListener *self = WF_LOOPBACK_LISTENER (object);

  g_clear_pointer (&self->redirect_uri, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->authority, g_free);
  g_clear_pointer (&self->received, wf_secret_wipe_free);

  G_OBJECT_CLASS (wf_loopback_listener_parent_class)->finalize (object);
}

static void
wf_loopback_listener_class_init (WfLoopbackListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wf_loopback_listener_dispose;
  object_class->finalize = wf_loopback_listener_finalize;
}

static void
wf_loopback_listener_init (WfLoopbackListener *self)
{
}

WfLoopbackListener *
wf_loopback_listener_new (const char *redirect_uri,
                          GError    **error)
{
  g_autoptr (WfLoopbackListener) self = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *authority;

  g_return_val_if_fail (redirect_uri != NULL, NULL);

  /* Not normalized: a port 80 that is written down is meant. */
  if (wf_uri_is_loopback_redirect (redirect_uri))
    uri = g_uri_parse (redirect_uri, G_URI_FLAGS_ENCODED, NULL);
  if (!uri)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, "%s",
                   _("The redirect URI is no address of this computer, such as http://127.0.0.1/callback."));
      return NULL;
    }

  self = g_object_new (WF_TYPE_LOOPBACK_LISTENER, NULL);
  self->server = listen_for (g_uri_get_host (uri), (guint) MAX (g_uri_get_port (uri), 0), error);
  if (!self->server)
    return NULL;

  self->redirect_uri = put_port_in (redirect_uri, uri, get_port (self->server));
  authority = strstr (self->redirect_uri, "://") + 3;
  self->authority = g_strndup (authority, strcspn (authority, "/?#"));
  self->path = g_strdup (*g_uri_get_path (uri) ? g_uri_get_path (uri) : "/");
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  return g_steal_pointer (&self);
}

const char *
wf_loopback_listener_get_redirect_uri (WfLoopbackListener *self)
{
  g_return_val_if_fail (WF_IS_LOOPBACK_LISTENER (self), NULL);

  return self->redirect_uri;
}

void
wf_loopback_listener_wait_async (WfLoopbackListener *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_return_if_fail (WF_IS_LOOPBACK_LISTENER (self));
  g_return_if_fail (self->waiting == NULL);

  self->waiting = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->waiting, wf_loopback_listener_wait_async);
  g_task_set_check_cancellable (self->waiting, FALSE);
  if (self->page_sent || !self->server)
    {
      complete_waiting (self);
      return;
    }
  if (cancellable)
    {
      self->given_up = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->given_up, G_SOURCE_FUNC (on_given_up), self, NULL);
      g_source_attach (self->given_up, g_main_context_get_thread_default ());
    }
}

char *
wf_loopback_listener_wait_finish (WfLoopbackListener *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
wf_loopback_listener_close (WfLoopbackListener *self)
{
  g_autoptr (WfLoopbackListener) kept = NULL;

  g_return_if_fail (WF_IS_LOOPBACK_LISTENER (self));

  kept = g_object_ref (self);
  stop_listening (self);
  g_clear_pointer (&self->received, wf_secret_wipe_free);
  complete_waiting (self);
}
