/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-loopback-listener.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-error.h"
#include "wf-loopback-page.h"
#include "wf-loopback-request.h"
#include "wf-secret.h"
#include "wf-uri.h"

/* How long a browser may take to read the page before the listener is gone all the same. */
#define PAGE_SECONDS 2
/* How long a connection may take to ask; a browser opens some ahead, and says nothing there. */
#define GUEST_SECONDS 30
/* The oldest connection goes where there are more. */
#define MAX_GUESTS 64
/* Another program may hold the port on the second address: how many free ports are tried. */
#define MAX_PORT_TRIES 16

struct _WfLoopbackListener
{
  GObject         parent_instance;
  GSocketService *server;       /* NULL after it was closed */
  GQueue          guests;       /* Guest, the oldest first */
  char           *redirect_uri; /* with its port */
  char           *path;
  char           *authority;    /* what the Host header must be */
  char           *received;     /* the first redirect; a secret is in it */
  gboolean        page_sent;
  GTask          *waiting;      /* nullable */
  GSource        *given_up;     /* of the waiting task's cancellable */
  GSource        *page_timeout;
};

/* One connection: a request, an answer, and what the other side still says. Belongs to its own callbacks. */
typedef struct
{
  WfLoopbackListener *listener; /* NULL after it has stopped listening */
  GIOStream          *connection;
  GCancellable       *cancellable;
  GSource            *deadline;
  char               *answer;
  gboolean            has_page;
  char                rest[1024];
} Guest;

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

/* The guests go by themselves: their callbacks come, and say that they were cancelled. */
static void
dismiss (gpointer data,
         gpointer user_data)
{
  Guest *guest = data;

  guest->listener = NULL;
  g_cancellable_cancel (guest->cancellable);
}

static void
stop_listening (WfLoopbackListener *self)
{
  g_autoptr (GSocketService) server = g_steal_pointer (&self->server);

  clear_source (&self->page_timeout);
  if (!server)
    return;
  g_signal_handlers_disconnect_by_data (server, self);
  g_socket_service_stop (server);
  g_socket_listener_close (G_SOCKET_LISTENER (server));
  g_queue_foreach (&self->guests, dismiss, NULL);
  g_queue_clear (&self->guests);
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

static void
guest_free (Guest *guest)
{
  if (guest->listener)
    g_queue_remove (&guest->listener->guests, guest);
  clear_source (&guest->deadline);
  g_clear_object (&guest->connection);
  g_clear_object (&guest->cancellable);
  g_free (guest->answer);
  g_free (guest);
}

static gboolean
on_guest_too_slow (gpointer user_data)
{
  g_cancellable_cancel (((Guest *) user_data)->cancellable);
  return G_SOURCE_REMOVE;
}

static void listen_on (Guest *guest);

static void
on_rest (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Guest *guest = user_data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL) > 0)
    listen_on (guest);
  else
    guest_free (guest);
}

/* A connection that is closed while something unread is in it takes the answer with it. */
static void
listen_on (Guest *guest)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (guest->connection), guest->rest, sizeof guest->rest,
                             G_PRIORITY_DEFAULT, guest->cancellable, on_rest, guest);
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Guest *guest = user_data;
  gboolean written = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  if (written)
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (guest->connection)), FALSE, TRUE, NULL);
  if (guest->has_page && guest->listener)
    finish_page (guest->listener);
  if (written)
    listen_on (guest);
  else
    guest_free (guest);
}

/* @answer: (transfer full) */
static void
answer (Guest *guest,
        char  *text)
{
  guest->answer = text;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (guest->connection), guest->answer, strlen (guest->answer),
                                   G_PRIORITY_DEFAULT, guest->cancellable, on_answered, guest);
}

static void
refuse (Guest *guest)
{
  answer (guest, g_strdup ("HTTP/1.1 404 Not Found\r\n"
                           "Connection: close\r\n"
                           "Cache-Control: no-store\r\n"
                           "Content-Length: 0\r\n\r\n"));
}

static void
send_page (Guest                   *guest,
           const WfLoopbackRequest *request)
{
  g_autofree char *languages = wf_loopback_request_dup_header (request, "Accept-Language");
  g_autofree char *page = wf_loopback_page_make (languages);

  guest->has_page = TRUE;
  /* The address in the browser holds the code. */
  answer (guest, g_strdup_printf ("HTTP/1.1 200 OK\r\n"
                                  "Connection: close\r\n"
                                  "Cache-Control: no-store\r\n"
                                  "Referrer-Policy: no-referrer\r\n"
                                  "X-Content-Type-Options: nosniff\r\n"
                                  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                                  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
                                  "Content-Type: text/html; charset=utf-8\r\n"
                                  "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", strlen (page), page));
}

/* Fetch Metadata: a browser that sends it says whether it goes there itself, or for a frame or a picture of a page. */
static gboolean
is_navigation (const WfLoopbackRequest *request)
{
  g_autofree char *destination = wf_loopback_request_dup_header (request, "Sec-Fetch-Dest");

  return !wf_loopback_request_has_header (request, "Sec-Fetch-Dest") || g_strcmp0 (destination, "document") == 0;
}

/* RFC 9112 §3.2.2: the target may begin with our own address. Returns: (nullable) */
static const char *
skip_own_address (WfLoopbackListener *self,
                  const char         *target)
{
  gsize length = strlen (self->authority);

  if (!g_str_has_prefix (target, "http://"))
    return target;
  target += strlen ("http://");
  return strncmp (target, self->authority, length) == 0 ? target + length : NULL;
}

/* The exact path, byte for byte, asked for by GET at our own address (not by a name that somebody pointed to it).
 * Returns: (nullable): the query */
static const char *
peek_query (WfLoopbackListener      *self,
            const WfLoopbackRequest *request)
{
  g_autofree char *host = wf_loopback_request_dup_header (request, "Host");
  const char *target = request->target ? skip_own_address (self, request->target) : NULL;
  gsize length = strlen (self->path);

  if (!target || !host || g_ascii_strcasecmp (host, self->authority) != 0 || !is_navigation (request) ||
      strncmp (target, self->path, length) != 0 || target[length] != '?' || strchr (target, '#'))
    return NULL;
  return is_answer (target + length + 1) ? target + length + 1 : NULL;
}

static void
on_request (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Guest *guest = user_data;
  WfLoopbackListener *self = guest->listener;
  g_autoptr (WfLoopbackRequest) request = wf_loopback_request_read_finish (result, NULL);
  const char *query;
  gsize base_length;

  if (!request || !self)
    {
      guest_free (guest);
      return;
    }
  base_length = strcspn (self->redirect_uri, "?");
  query = peek_query (self, request);
  if (self->received || self->page_sent || !query || base_length + 1 + strlen (query) > WF_REDIRECT_MAX_BYTES)
    {
      refuse (guest);
      return;
    }

  self->received = g_strdup_printf ("%.*s?%s", (int) base_length, self->redirect_uri, query);
  self->page_timeout = g_timeout_source_new_seconds (PAGE_SECONDS);
  g_source_set_callback (self->page_timeout, on_page_timeout, self, NULL);
  g_source_attach (self->page_timeout, g_main_context_get_thread_default ());
  send_page (guest, request);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             gpointer           user_data)
{
  WfLoopbackListener *self = WF_LOOPBACK_LISTENER (user_data);
  Guest *guest = g_new0 (Guest, 1);

  if (g_queue_get_length (&self->guests) >= MAX_GUESTS)
    dismiss (g_queue_pop_head (&self->guests), NULL);
  guest->listener = self;
  guest->connection = g_object_ref (G_IO_STREAM (connection));
  guest->cancellable = g_cancellable_new ();
  guest->deadline = g_timeout_source_new_seconds (GUEST_SECONDS);
  g_source_set_callback (guest->deadline, on_guest_too_slow, guest, NULL);
  g_source_attach (guest->deadline, g_main_context_get_thread_default ());
  g_queue_push_tail (&self->guests, guest);
  wf_loopback_request_read_async (guest->connection, guest->cancellable, on_request, guest);
  return TRUE;
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

/* @port: (inout): 0 for any free one */
static gboolean
listen_at (GSocketService *server,
           const char     *address,
           guint          *port,
           GError        **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (address, *port);
  g_autoptr (GSocketAddress) got = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (server), wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                      NULL /* source_object */, &got, error))
    return FALSE;
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  return TRUE;
}

/* @second: (nullable): another address for the same port, where the machine has it
 * Returns: a service that is to be started: one that is active gives up its accept for each address that is added, and
 * with it a connection that has just come. */
static GSocketService *
listen_at_both (const char *address,
                const char *second,
                guint      *port,
                GError    **error)
{
  g_autoptr (GSocketService) server = g_object_new (G_TYPE_SOCKET_SERVICE, "active", FALSE, NULL);
  g_autoptr (GError) local = NULL;

  if (!listen_at (server, address, port, error))
    return NULL;
  if (!second || listen_at (server, second, port, &local))
    return g_steal_pointer (&server);

  /* Who holds the other half of "localhost" would receive the code. */
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&server);
}

/* @port: 0 for any free one; @actual: (out): the one that it is */
static GSocketService *
listen_for (const char *host,
            guint       port,
            guint      *actual,
            GError    **error)
{
  gboolean is_name = g_ascii_strcasecmp (host, "localhost") == 0;
  const char *address = is_name ? "127.0.0.1" : host;
  const char *second = is_name ? "::1" : NULL;
  g_autoptr (GError) local = NULL;
  GSocketService *server = NULL;

  for (guint i = 0; i < (port ? 1 : MAX_PORT_TRIES) && !server; i++)
    {
      g_clear_error (&local);
      *actual = port;
      server = listen_at_both (address, second, actual, &local);
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
  g_queue_init (&self->guests);
}

WfLoopbackListener *
wf_loopback_listener_new (const char *redirect_uri,
                          GError    **error)
{
  g_autoptr (WfLoopbackListener) self = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *authority;
  const char *path;
  guint port = 0;

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
  self->server = listen_for (g_uri_get_host (uri), (guint) MAX (g_uri_get_port (uri), 0), &port, error);
  if (!self->server)
    return NULL;

  self->redirect_uri = put_port_in (redirect_uri, uri, port);
  authority = strstr (self->redirect_uri, "://") + 3;
  self->authority = g_strndup (authority, strcspn (authority, "/?#"));
  path = authority + strcspn (authority, "/?#");
  self->path = *path == '/' ? g_strndup (path, strcspn (path, "?#")) : g_strdup ("/");
  g_signal_connect (self->server, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->server);
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
