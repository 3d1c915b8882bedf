/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-fault.h"

/* Bytes on their way over a connection that libsoup does not have any more. */
typedef struct
{
  GIOStream    *stream;
  GBytes       *bytes;
  gsize         sent;
  guint         drip;
  GCancellable *cancellable;
} Sending;

static void send_next (Sending *sending);

static void
sending_free (Sending *sending)
{
  g_object_unref (sending->stream);
  g_bytes_unref (sending->bytes);
  g_object_unref (sending->cancellable);
  g_free (sending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

static gboolean
on_drip (gpointer user_data)
{
  send_next (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Sending) sending = user_data;
  gssize n = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, NULL);

  if (n < 0) /* the client has gone, or the server is stopped */
    {
      g_io_stream_close (sending->stream, NULL, NULL);
      return;
    }
  sending->sent += (gsize) n;
  if (sending->drip > 0)
    {
      g_autoptr (GSource) timeout = g_timeout_source_new (sending->drip);

      g_source_set_callback (timeout, on_drip, g_steal_pointer (&sending), NULL);
      g_source_attach (timeout, g_main_context_get_thread_default ());
    }
  else
    {
      send_next (g_steal_pointer (&sending));
    }
}

/* @sending: (transfer full) */
static void
send_next (Sending *sending)
{
  g_autoptr (Sending) owned = sending;
  GOutputStream *output = g_io_stream_get_output_stream (owned->stream);
  gsize size;
  const char *data = g_bytes_get_data (owned->bytes, &size);
  gsize left = size - owned->sent;
  gsize now = owned->drip > 0 ? MIN (left, 1) : left;

  if (left == 0 || g_cancellable_is_cancelled (owned->cancellable))
    {
      g_io_stream_close (owned->stream, NULL, NULL);
      return;
    }
  g_output_stream_write_async (output, data + sending->sent, now, G_PRIORITY_DEFAULT, sending->cancellable, on_written,
                               sending);
  (void) g_steal_pointer (&owned); /* on_written() has it */
}

static void
send_raw (GIOStream    *stream,
          GBytes       *bytes,
          guint         drip,
          GCancellable *cancellable)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->stream = g_object_ref (stream);
  sending->bytes = g_bytes_ref (bytes);
  sending->drip = drip;
  sending->cancellable = g_object_ref (cancellable);
  send_next (sending);
}

static gsize
get_body_length (const WfDemoFault *fault)
{
  if (!fault->body)
    return 0;
  return fault->body_length > 0 ? fault->body_length : strlen (fault->body);
}

static gboolean
replaces_answer (const WfDemoFault *fault)
{
  return fault->status != 0 || fault->content_type || fault->body || fault->raw;
}

static void
replace_answer (const WfDemoFault *fault,
                SoupServerMessage *message)
{
  soup_message_headers_clear (soup_server_message_get_response_headers (message));
  /* Else libsoup 3.8 would send no length. */
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_CONTENT_LENGTH);
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_server_message_set_status (message, fault->status != 0 ? fault->status : SOUP_STATUS_OK, NULL /* reason */);
  soup_server_message_set_response (message, fault->content_type ? fault->content_type : "application/json",
                                    SOUP_MEMORY_COPY, fault->body ? fault->body : "", get_body_length (fault));
}

static void
set_headers (const WfDemoFault *fault,
             SoupServerMessage *message)
{
  g_auto (GStrv) lines = g_strsplit (fault->headers, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      char *colon = strchr (g_strstrip (lines[i]), ':');

      if (!colon)
        continue;
      *colon = '\0';
      soup_message_headers_replace (soup_server_message_get_response_headers (message), lines[i],
                                    g_strstrip (colon + 1));
    }
}

static void
append_header (const char *name,
               const char *value,
               gpointer    user_data)
{
  if (g_ascii_strcasecmp (name, "Content-Length") != 0)
    g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

/* The answer as bytes: what libsoup would send, with the length of the whole. */
static GBytes *
serialize (const WfDemoFault *fault,
           SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_response_body (message));
  guint status = soup_server_message_get_status (message);
  GString *text = g_string_new (NULL);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_foreach (headers, append_header, text);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", size);
  g_string_append_len (text, data, (gssize) (fault->truncate ? size / 2 : size));
  return g_string_free_to_bytes (text);
}

WfDemoFault *
wf_demo_fault_copy (const WfDemoFault *fault)
{
  WfDemoFault *copy = g_memdup2 (fault, sizeof *fault);

  copy->content_type = g_strdup (fault->content_type);
  copy->headers = g_strdup (fault->headers);
  copy->body_length = get_body_length (fault);
  copy->body = fault->body ? g_strndup ("", copy->body_length) : NULL;
  if (copy->body_length > 0)
    memcpy ((char *) copy->body, fault->body, copy->body_length);
  return copy;
}

void
wf_demo_fault_free (WfDemoFault *fault)
{
  if (!fault)
    return;
  g_free ((char *) fault->content_type);
  g_free ((char *) fault->headers);
  g_free ((char *) fault->body);
  g_free (fault);
}

gboolean
wf_demo_fault_wants_work (const WfDemoFault *fault)
{
  return fault->process || !(replaces_answer (fault) || fault->drop);
}

gboolean
wf_demo_fault_apply (const WfDemoFault *fault,
                     SoupServerMessage *message,
                     GCancellable      *cancellable)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GIOStream) stream = NULL;

  if (replaces_answer (fault))
    replace_answer (fault, message);
  if (fault->headers)
    set_headers (fault, message);
  if (!fault->drop && !fault->raw && !fault->truncate && fault->drip == 0)
    return FALSE;

  if (fault->raw)
    bytes = g_bytes_new (fault->body, get_body_length (fault));
  else if (!fault->drop)
    bytes = serialize (fault, message);
  stream = soup_server_message_steal_connection (message);
  if (stream && bytes)
    send_raw (stream, bytes, fault->drip, cancellable);
  else if (stream) /* else the client has gone */
    g_io_stream_close (stream, NULL, NULL);
  return TRUE;
}
