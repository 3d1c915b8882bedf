/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-clipboard.h"

/* Clipboard managers that know this type do not remember what comes with it. */
#define HINT_TYPE "x-kde-passwordManagerHint"

#define WF_TYPE_SECRET_PROVIDER (wf_secret_provider_get_type ())
G_DECLARE_FINAL_TYPE (WfSecretProvider, wf_secret_provider, WF, SECRET_PROVIDER, GdkContentProvider)

struct _WfSecretProvider
{
  GdkContentProvider parent_instance;
  SecretValue       *secret;
};

G_DEFINE_FINAL_TYPE (WfSecretProvider, wf_secret_provider, GDK_TYPE_CONTENT_PROVIDER)

static GdkClipboard *clipboard;
static GdkContentProvider *ours;
static guint timer;

static gboolean
on_timeout (gpointer user_data)
{
  timer = 0;
  wf_clipboard_clear ();
  return G_SOURCE_REMOVE;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static GdkContentFormats *
wf_secret_provider_ref_formats (GdkContentProvider *provider)
{
  static const char *const types[] = { "text/plain;charset=utf-8", "text/plain", HINT_TYPE };

  return gdk_content_formats_new ((const char **) types, G_N_ELEMENTS (types));
}

static void
wf_secret_provider_write_async (GdkContentProvider *provider,
                                const char         *mime_type,
                                GOutputStream      *stream,
                                int                 io_priority,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  WfSecretProvider *self = WF_SECRET_PROVIDER (provider);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  const char *text = "secret";
  gsize length = 6;

  g_task_set_source_tag (task, wf_secret_provider_write_async);
  if (!g_str_equal (mime_type, HINT_TYPE))
    text = secret_value_get (self->secret, &length);
  g_output_stream_write_all_async (stream, text, length, io_priority, cancellable, on_written, task);
}

static gboolean
wf_secret_provider_write_finish (GdkContentProvider *provider,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wf_secret_provider_finalize (GObject *object)
{
  wf_secret_set (&WF_SECRET_PROVIDER (object)->secret, NULL);
  G_OBJECT_CLASS (wf_secret_provider_parent_class)->finalize (object);
}

static void
wf_secret_provider_class_init (WfSecretProviderClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wf_secret_provider_finalize;
  provider_class->ref_formats = wf_secret_provider_ref_formats;
  provider_class->write_mime_type_async = wf_secret_provider_write_async;
  provider_class->write_mime_type_finish = wf_secret_provider_write_finish;
}

static void
wf_secret_provider_init (WfSecretProvider *self)
{
}

void
wf_clipboard_copy_secret (GtkWidget   *widget,
                          SecretValue *secret,
                          guint        seconds)
{
  g_autoptr (WfSecretProvider) provider = NULL;

  g_return_if_fail (secret != NULL);

  provider = g_object_new (WF_TYPE_SECRET_PROVIDER, NULL);
  wf_secret_set (&provider->secret, secret);
  g_set_object (&clipboard, gtk_widget_get_clipboard (widget));
  g_set_object (&ours, GDK_CONTENT_PROVIDER (provider));
  gdk_clipboard_set_content (clipboard, ours);

  g_clear_handle_id (&timer, g_source_remove);
  if (seconds > 0)
    timer = g_timeout_add_seconds (seconds, on_timeout, NULL);
}

void
wf_clipboard_clear (void)
{
  g_clear_handle_id (&timer, g_source_remove);
  if (clipboard && gdk_clipboard_get_content (clipboard) == ours)
    gdk_clipboard_set_content (clipboard, NULL);
  g_clear_object (&ours);
  g_clear_object (&clipboard);
}
