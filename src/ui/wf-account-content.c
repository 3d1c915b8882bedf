/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-content.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wf-account-share.h"

/* A file manager copies when the drag is over for us. */
#define REMOVE_MILLISECONDS 60000

struct _WfAccountContent
{
  GdkContentProvider parent_instance;

  char              *text;
  char              *name; /* of the file */
  char              *path; /* NULL until it is asked for */
};

G_DEFINE_FINAL_TYPE (WfAccountContent, wf_account_content, GDK_TYPE_CONTENT_PROVIDER)

static void
remove_file (gpointer data)
{
  g_autofree char *path = data;
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

/* Few bytes, into memory: the runtime folder is never on a disk. */
static const char *
ensure_file (WfAccountContent *self,
             GError          **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;

  if (self->path)
    return self->path;
  folder = g_build_filename (g_get_user_runtime_dir (), "warifu-drag-XXXXXX", NULL);
  if (!g_mkdtemp (folder))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no folder for the file");
      return NULL;
    }
  path = g_build_filename (folder, self->name, NULL);
  if (!g_file_set_contents_full (path, self->text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error))
    {
      g_rmdir (folder);
      return NULL;
    }
  self->path = g_steal_pointer (&path);
  return self->path;
}

static GdkContentFormats *
wf_account_content_ref_formats (GdkContentProvider *provider)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  gdk_content_formats_builder_add_gtype (builder, GDK_TYPE_FILE_LIST);
  gdk_content_formats_builder_add_mime_type (builder, WF_ACCOUNT_SHARE_TYPE);
  gdk_content_formats_builder_add_gtype (builder, G_TYPE_STRING);
  return gdk_content_formats_builder_free_to_formats (builder);
}

static gboolean
get_file (WfAccountContent *self,
          GValue           *value,
          GError          **error)
{
  const char *path = ensure_file (self, error);
  g_autoptr (GFile) file = path ? g_file_new_for_path (path) : NULL;
  GSList link = { .data = file };

  if (!file)
    return FALSE;
  g_value_take_boxed (value, gdk_file_list_new_from_list (&link));
  return TRUE;
}

static gboolean
wf_account_content_get_value (GdkContentProvider *provider,
                              GValue             *value,
                              GError            **error)
{
  WfAccountContent *self = WF_ACCOUNT_CONTENT (provider);

  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return get_file (self, value, error);
  if (!G_VALUE_HOLDS_STRING (value))
    return GDK_CONTENT_PROVIDER_CLASS (wf_account_content_parent_class)->get_value (provider, value, error);
  g_value_set_string (value, self->text);
  return TRUE;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
wf_account_content_write_mime_type_async (GdkContentProvider *provider,
                                          const char         *mime_type,
                                          GOutputStream      *stream,
                                          int                 io_priority,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data)
{
  WfAccountContent *self = WF_ACCOUNT_CONTENT (provider);
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_account_content_write_mime_type_async);
  if (!g_str_equal (mime_type, WF_ACCOUNT_SHARE_TYPE))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not offered as that");
      return;
    }
  g_output_stream_write_all_async (stream, self->text, strlen (self->text), io_priority, cancellable,
                                   on_written, g_steal_pointer (&task));
}

static gboolean
wf_account_content_write_mime_type_finish (GdkContentProvider *provider,
                                           GAsyncResult       *result,
                                           GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wf_account_content_finalize (GObject *object)
{
  WfAccountContent *self = WF_ACCOUNT_CONTENT (object);

  if (self->path)
    g_timeout_add_once (REMOVE_MILLISECONDS, remove_file, g_steal_pointer (&self->path));
  g_free (self->text);
  g_free (self->name);
  G_OBJECT_CLASS (wf_account_content_parent_class)->finalize (object);
}

static void
wf_account_content_class_init (WfAccountContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wf_account_content_finalize;
  provider_class->ref_formats = wf_account_content_ref_formats;
  provider_class->get_value = wf_account_content_get_value;
  provider_class->write_mime_type_async = wf_account_content_write_mime_type_async;
  provider_class->write_mime_type_finish = wf_account_content_write_mime_type_finish;
}

static void
wf_account_content_init (WfAccountContent *self)
{
}

GdkContentProvider *
wf_account_content_new (const WfAccount *account)
{
  WfAccountContent *self;

  g_return_val_if_fail (account != NULL, NULL);

  self = g_object_new (WF_TYPE_ACCOUNT_CONTENT, NULL);
  self->text = wf_account_export (account);
  self->name = wf_account_make_file_name (account);
  return GDK_CONTENT_PROVIDER (self);
}
