/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-file-sorter.h"

#include "wf-account-share.h"
#include "wf-file-reader.h"

typedef struct
{
  GPtrArray *files;
  gboolean  *is_account; /* as many */
  guint      n_reading;
} Sorting;

static void
sorting_free (Sorting *sorting)
{
  g_ptr_array_unref (sorting->files);
  g_free (sorting->is_account);
  g_free (sorting);
}

/* One of the files, on its way. */
typedef struct
{
  GTask *task;
  guint  position;
} Reading;

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Reading *reading = user_data;
  g_autoptr (GTask) task = reading->task;
  Sorting *sorting = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = wf_read_file_finish (G_FILE (source), result, NULL);

  if (bytes)
    {
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);

      sorting->is_account[reading->position] |= wf_account_is_share (data, length);
    }
  if (--sorting->n_reading == 0)
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_named_account (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return name && g_str_has_suffix (name, WF_ACCOUNT_SHARE_ENDING);
}

void
wf_file_sorter_async (GFile              **files,
                      guint                n_files,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Sorting *sorting = g_new0 (Sorting, 1);

  g_task_set_source_tag (task, wf_file_sorter_async);
  sorting->files = g_ptr_array_new_with_free_func (g_object_unref);
  n_files = MIN (n_files, WF_FILE_SORTER_MAX);
  sorting->is_account = g_new0 (gboolean, n_files + 1);
  sorting->n_reading = n_files;
  g_task_set_task_data (task, sorting, (GDestroyNotify) sorting_free);
  for (guint i = 0; i < n_files; i++)
    {
      Reading *reading = g_new0 (Reading, 1);

      reading->task = g_object_ref (task);
      reading->position = i;
      g_ptr_array_add (sorting->files, g_object_ref (files[i]));
      sorting->is_account[i] = is_named_account (files[i]);
      wf_read_file_async (files[i], WF_ACCOUNT_FILE_MAX_BYTES, cancellable, on_read, reading);
    }
  if (n_files == 0)
    g_task_return_boolean (task, TRUE);
}

gboolean
wf_file_sorter_finish (GAsyncResult *result,
                       GPtrArray   **accounts,
                       GPtrArray   **others,
                       GError      **error)
{
  Sorting *sorting = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *accounts = g_ptr_array_new_with_free_func (g_object_unref);
  *others = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < sorting->files->len; i++)
    g_ptr_array_add (sorting->is_account[i] ? *accounts : *others, g_object_ref (sorting->files->pdata[i]));
  return TRUE;
}
