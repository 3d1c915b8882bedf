/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-picture.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

#define MAX_PIXELS (16 * 1024 * 1024)

typedef struct
{
  GBytes  *bytes;
  int      size;
  gboolean too_large;
} Job;

static void
job_free (Job *job)
{
  g_bytes_unref (job->bytes);
  g_free (job);
}

/* By its first bytes: what else a loader of the system can read, drawings and documents, is not for strangers. */
static const char *
get_kind (const Job *job)
{
  gsize length;
  const char *data = g_bytes_get_data (job->bytes, &length);

  if (length < 12)
    return NULL;
  if (memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (memcmp (data, "\xff\xd8\xff", 3) == 0)
    return "jpeg";
  if (memcmp (data, "GIF8", 4) == 0)
    return "gif";
  return memcmp (data + 8, "WEBP", 4) == 0 ? "webp" : NULL;
}

static void
on_size (GdkPixbufLoader *loader,
         int              width,
         int              height,
         Job             *job)
{
  double scale = (double) job->size / MAX (MAX (width, height), 1);

  if ((gint64) width * height > MAX_PIXELS)
    {
      job->too_large = TRUE;
      /* nothing is decoded */
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (scale < 1)
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1), MAX ((int) (height * scale), 1));
}

static GError *
make_error (const Job *job)
{
  return job->too_large ? g_error_new_literal (WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE, _("The picture is too large."))
                        : g_error_new_literal (WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The picture cannot be read."));
}

static void
decode (GTask        *task,
        gpointer      source,
        gpointer      task_data,
        GCancellable *cancellable)
{
  Job *job = task_data;
  const char *kind = get_kind (job);
  g_autoptr (GdkPixbufLoader) loader = kind ? gdk_pixbuf_loader_new_with_type (kind, NULL) : NULL;
  GdkPixbuf *pixbuf = NULL;
  gboolean is_read;

  if (!loader)
    {
      g_task_return_error (task, make_error (job));
      return;
    }
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), job);
  is_read = gdk_pixbuf_loader_write_bytes (loader, job->bytes, NULL);
  /* A loader is closed whatever it has read. */
  is_read = gdk_pixbuf_loader_close (loader, NULL) && is_read;
  if (is_read && !job->too_large)
    pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf)
    g_task_return_pointer (task, g_object_ref (pixbuf), g_object_unref);
  else
    g_task_return_error (task, make_error (job));
}

void
wf_picture_decode_async (GBytes             *bytes,
                         int                 size,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->bytes = g_bytes_ref (bytes);
  job->size = size;
  g_task_set_source_tag (task, wf_picture_decode_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, decode);
}

GdkTexture *
wf_picture_decode_finish (GAsyncResult *result,
                          GError      **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  pixbuf = g_task_propagate_pointer (G_TASK (result), error);
  return pixbuf ? gdk_texture_new_for_pixbuf (pixbuf) : NULL;
}
