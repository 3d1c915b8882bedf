/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-file-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"

#define ATTRIBUTES G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE

/* The data of its GTask. */
typedef struct
{
  gsize             max_bytes;
  char             *data;
  gsize             size;
  GFileInputStream *stream;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  if (reading->data)
    explicit_bzero (reading->data, reading->size);
  g_free (reading->data);
  g_clear_object (&reading->stream);
  g_free (reading);
}

/* @error: (transfer full) */
static void
return_error (GTask  *task,
              GError *error)
{
  g_autoptr (GError) cause = error;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s", _("This file is not there. Check its name."));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s", _("You may not read this file."));
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s", _("This file cannot be read."));
}

static void
return_too_large (GTask *task)
{
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE, "%s",
                           _("This file is larger than 1 MiB, which is more than any token or key set needs. It was not read."));
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  Reading *keeper;
  gsize length;
  GError *error = NULL;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    {
      return_error (task, error);
      return;
    }
  if (length > reading->max_bytes)
    {
      return_too_large (task);
      return;
    }
  keeper = g_new0 (Reading, 1);
  keeper->size = reading->size;
  keeper->data = g_steal_pointer (&reading->data);
  g_task_return_pointer (task, g_bytes_new_with_free_func (keeper->data, length, reading_free, keeper),
                         (GDestroyNotify) g_bytes_unref);
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;

  reading->stream = g_file_read_finish (G_FILE (source), result, &error);
  if (!reading->stream)
    {
      return_error (task, error);
      return;
    }
  /* It may have grown since: one byte more tells. */
  reading->size = reading->max_bytes + 1;
  reading->data = g_malloc (reading->size);
  g_input_stream_read_all_async (G_INPUT_STREAM (reading->stream), reading->data, reading->size, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), on_read, g_object_ref (task));
}

static void
on_info (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GFileInfo) info = NULL;
  GError *error = NULL;

  info = g_file_query_info_finish (G_FILE (source), result, &error);
  if (!info)
    return_error (task, error);
  else if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s", _("This is no file that can be read, but a folder or a device."));
  else if (g_file_info_get_size (info) > (goffset) reading->max_bytes)
    return_too_large (task);
  else
    g_file_read_async (G_FILE (source), G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_opened, g_object_ref (task));
}

void
wf_read_file_async (GFile              *file,
                    gsize               max_bytes,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (file, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_return_if_fail (G_IS_FILE (file) && max_bytes < G_MAXSSIZE);

  g_task_set_source_tag (task, wf_read_file_async);
  g_task_set_task_data (task, reading, reading_free);
  reading->max_bytes = max_bytes;
  if (!g_file_peek_path (file))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s",
                             _("Only files on this computer are opened, and this is another address."));
  else
    g_file_query_info_async (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, cancellable, on_info,
                             g_steal_pointer (&task));
}

GBytes *
wf_read_file_finish (GFile        *file,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
