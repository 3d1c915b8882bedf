/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-wire.h"

#include <string.h>

#define CHUNK_BYTES 4096

/* One connection. */
typedef struct
{
  Wire          *wire;
  GIOStream     *stream;
  GString       *received;
  GBytes        *sending;
  GCancellable  *cancellable;
} Link;

static void read_more (Link *link);

static void
link_free (gpointer data)
{
  Link *link = data;

  g_clear_object (&link->stream);
  g_clear_object (&link->cancellable);
  g_clear_pointer (&link->sending, g_bytes_unref);
  g_string_free (link->received, TRUE);
  g_free (link);
}

/* The wire may be gone when a call comes back: then so is the link. */
static gboolean
is_over (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
hang_up (Link *link)
{
  g_ptr_array_remove (link->wire->links, link);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Link *link = user_data;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error);
  if (is_over (error))
    return;
  g_clear_pointer (&link->sending, g_bytes_unref);
  if (link->wire->keep_alive && !error)
    read_more (link);
  else
    hang_up (link);
}

static void
answer (Link *link)
{
  g_autoptr (GBytes) bytes = g_queue_pop_head (&link->wire->answers);
  gsize size;
  gconstpointer data;

  if (!bytes)
    {
      read_more (link);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      hang_up (link);
      return;
    }
  link->sending = g_steal_pointer (&bytes);
  data = g_bytes_get_data (link->sending, &size);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (link->stream), data, size, G_PRIORITY_DEFAULT,
                                   link->cancellable, on_sent, link);
}

/* Returns: the length of the whole request at the start of @text; 0 where more of it is to come */
static gsize
measure_request (const char *text)
{
  const char *end = strstr (text, "\r\n\r\n");
  const char *length = strcasestr (text, "\r\nContent-Length:");
  gsize total;

  if (!end)
    return 0;
  total = (gsize) (end - text) + 4;
  if (length && length < end)
    total += g_ascii_strtoull (length + strlen ("\r\nContent-Length:"), NULL, 10);
  return strlen (text) >= total ? total : 0;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Link *link = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize length;

  if (is_over (error))
    return;
  if (!chunk || g_bytes_get_size (chunk) == 0)
    {
      hang_up (link);
      return;
    }
  g_string_append_len (link->received, g_bytes_get_data (chunk, NULL), (gssize) g_bytes_get_size (chunk));
  length = measure_request (link->received->str);
  if (length == 0)
    {
      read_more (link);
      return;
    }
  g_ptr_array_add (link->wire->requests, g_strndup (link->received->str, length));
  g_string_erase (link->received, 0, (gssize) length);
  answer (link);
}

static void
read_more (Link *link)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (link->stream), CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   link->cancellable, on_read, link);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             Wire              *wire)
{
  Link *link = g_new0 (Link, 1);

  link->wire = wire;
  link->stream = g_object_ref (G_IO_STREAM (connection));
  link->received = g_string_new (NULL);
  link->cancellable = g_cancellable_new ();
  g_ptr_array_add (wire->links, link);
  wire->connections++;
  read_more (link);
  return TRUE;
}

static Wire *
listen_on (GSocketFamily family)
{
  Wire *wire = g_new0 (Wire, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;

  wire->service = g_socket_service_new ();
  wire->requests = g_ptr_array_new_with_free_func (g_free);
  wire->links = g_ptr_array_new_with_free_func (link_free);
  g_queue_init (&wire->answers);
  g_signal_connect (wire->service, "incoming", G_CALLBACK (on_incoming), wire);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (wire->service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL))
    {
      wire_free (wire);
      return NULL;
    }
  wire->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  return wire;
}

Wire *
wire_new (void)
{
  Wire *wire = listen_on (G_SOCKET_FAMILY_IPV4);

  g_assert_nonnull (wire);
  return wire;
}

Wire *
wire_new_ipv6 (void)
{
  return listen_on (G_SOCKET_FAMILY_IPV6);
}

static gboolean
is_busy (gpointer data)
{
  Link *link = data;

  return g_input_stream_has_pending (g_io_stream_get_input_stream (link->stream)) ||
         g_output_stream_has_pending (g_io_stream_get_output_stream (link->stream));
}

void
wire_free (Wire *wire)
{
  g_socket_service_stop (wire->service);
  g_socket_listener_close (G_SOCKET_LISTENER (wire->service));
  for (guint i = 0; i < wire->links->len; i++)
    {
      Link *link = g_ptr_array_index (wire->links, i);

      g_cancellable_cancel (link->cancellable);
      while (is_busy (link))
        g_main_context_iteration (NULL, TRUE);
    }
  g_object_unref (wire->service);
  g_ptr_array_unref (wire->links);
  g_ptr_array_unref (wire->requests);
  g_queue_clear_full (&wire->answers, (GDestroyNotify) g_bytes_unref);
  g_free (wire);
}

void
wire_answer_bytes (Wire   *wire,
                   GBytes *bytes)
{
  g_queue_push_tail (&wire->answers, g_bytes_ref (bytes));
}

void
wire_answer (Wire       *wire,
             const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  wire_answer_bytes (wire, bytes);
}

void
wire_answer_nothing (Wire *wire)
{
  wire_answer (wire, "");
}

char *
wire_make_uri (Wire       *wire,
               const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", wire->port, path);
}

const char *
wire_get_request (Wire *wire,
                  guint index)
{
  g_assert_cmpuint (index, <, wire->requests->len);
  return g_ptr_array_index (wire->requests, index);
}
