/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-loopback-request.h"

#include <string.h>
#include "wf-secret.h"
#include "wf-uri.h"

/* The longest redirect that is taken, and as much for the headers beside it. */
#define HEAD_MAX_BYTES (2 * WF_REDIRECT_MAX_BYTES)
#define CHUNK_BYTES 4096

/* One head that is being read: the data of its GTask. */
typedef struct
{
  GIOStream *connection;
  GString   *head;
  char       chunk[CHUNK_BYTES];
} Reading;

static void
reading_free (Reading *reading)
{
  explicit_bzero (reading->head->str, reading->head->len);
  g_string_free (reading->head, TRUE);
  explicit_bzero (reading->chunk, sizeof reading->chunk);
  g_clear_object (&reading->connection);
  g_free (reading);
}

/* Appends without leaving a copy of a code behind, as a reallocation would. */
static void
append_wiped (Reading *reading,
              gsize    length)
{
  if (reading->head->len + length + 1 > reading->head->allocated_len)
    {
      GString *larger = g_string_sized_new (2 * (reading->head->len + length));

      g_string_append_len (larger, reading->head->str, (gssize) reading->head->len);
      explicit_bzero (reading->head->str, reading->head->len);
      g_string_free (reading->head, TRUE);
      reading->head = larger;
    }
  g_string_append_len (reading->head, reading->chunk, (gssize) length);
}

/* RFC 9112 §2.2: a lone LF may end a line. Returns: 0 where the head goes on */
static gsize
find_end (const GString *head)
{
  for (gsize i = 0; i < head->len; i++)
    if (head->str[i] == '\n' &&
        ((i + 1 < head->len && head->str[i + 1] == '\n') ||
         (i + 2 < head->len && head->str[i + 1] == '\r' && head->str[i + 2] == '\n')))
      return i + 1;
  return 0;
}

static void read_on (GTask *task);

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  gsize end;

  if (got < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  append_wiped (reading, (gsize) got);
  end = find_end (reading->head);
  if (end > 0)
    g_task_return_pointer (task, wf_loopback_request_parse (reading->head->str, end), (GDestroyNotify) wf_loopback_request_free);
  else if (got == 0 || reading->head->len > HEAD_MAX_BYTES)
    g_task_return_pointer (task, wf_loopback_request_parse ("", 0), (GDestroyNotify) wf_loopback_request_free);
  else
    read_on (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
read_on (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (reading->connection), reading->chunk, sizeof reading->chunk,
                             G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_read, task);
}

/* RFC 9112 §3. Returns: (transfer full) (nullable) */
static char *
dup_target (const char *line)
{
  gsize length;

  if (!g_str_has_prefix (line, "GET "))
    return NULL;
  line += strlen ("GET ");
  length = strcspn (line, " ");
  if (length == 0 || (!g_str_equal (line + length, " HTTP/1.1") && !g_str_equal (line + length, " HTTP/1.0")))
    return NULL;
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (line[i]))
      return NULL;
  return g_strndup (line, length);
}

WfLoopbackRequest *
wf_loopback_request_parse (const char *head,
                           gsize       length)
{
  WfLoopbackRequest *request = g_new0 (WfLoopbackRequest, 1);
  g_autoptr (WfWipedString) text = NULL;

  g_return_val_if_fail (head != NULL, request);

  /* A NUL would end what the rest of Warifu sees of it. */
  if (g_utf8_validate_len (head, length, NULL))
    text = g_strndup (head, length);
  request->lines = g_strsplit (text ? text : "", "\n", -1);
  for (guint i = 0; request->lines[i]; i++)
    if (g_str_has_suffix (request->lines[i], "\r"))
      request->lines[i][strlen (request->lines[i]) - 1] = '\0';
  if (request->lines[0])
    request->target = dup_target (request->lines[0]);
  return request;
}

void
wf_loopback_request_free (WfLoopbackRequest *request)
{
  if (!request)
    return;
  for (guint i = 0; request->lines && request->lines[i]; i++)
    explicit_bzero (request->lines[i], strlen (request->lines[i]));
  g_strfreev (request->lines);
  g_clear_pointer (&request->target, wf_secret_wipe_free);
  g_free (request);
}

static const char *
match_header (const char *line,
              const char *name)
{
  gsize length = strlen (name);

  return g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':' ? line + length + 1 : NULL;
}

/* Returns: how often it stands there; @value: (out) (nullable): the last one */
static guint
count_header (const WfLoopbackRequest *request,
              const char              *name,
              const char             **value)
{
  guint n = 0;

  *value = NULL;
  for (guint i = 1; request->lines[0] && request->lines[i]; i++)
    {
      const char *found = match_header (request->lines[i], name);

      if (!found)
        continue;
      *value = found;
      n++;
    }
  return n;
}

char *
wf_loopback_request_dup_header (const WfLoopbackRequest *request,
                                const char              *name)
{
  const char *value;

  g_return_val_if_fail (request != NULL && name != NULL, NULL);

  return count_header (request, name, &value) == 1 ? g_strstrip (g_strdup (value)) : NULL;
}

gboolean
wf_loopback_request_has_header (const WfLoopbackRequest *request,
                                const char              *name)
{
  const char *value;

  g_return_val_if_fail (request != NULL && name != NULL, FALSE);

  return count_header (request, name, &value) > 0;
}

void
wf_loopback_request_read_async (GIOStream          *connection,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, wf_loopback_request_read_async);
  reading->connection = g_object_ref (connection);
  reading->head = g_string_sized_new (CHUNK_BYTES);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_on (g_steal_pointer (&task));
}

WfLoopbackRequest *
wf_loopback_request_read_finish (GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
