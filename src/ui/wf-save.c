/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-save.h"

#include <glib/gi18n-lib.h>

#include "wf-host.h"
#include "wf-time.h"

#define NAME_MAX_CHARS 60

/* A file on its way to the disk. */
typedef struct
{
  GtkWidget *widget; /* that asked for it */
  GBytes    *bytes;
  char      *done;
} Save;

static void
save_free (Save *save)
{
  g_clear_object (&save->widget);
  g_clear_pointer (&save->bytes, g_bytes_unref);
  g_free (save->done);
  g_free (save);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Save, save_free)

char *
wf_save_describe_error (const GError *error)
{
  switch (error->domain == G_IO_ERROR ? error->code : -1)
    {
    case G_IO_ERROR_NO_SPACE:
      return g_strdup (_("The disk is full, so the file was not written. Make some room, then export again."));
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return g_strdup (_("You may not write there. Choose another folder."));
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_DIRECTORY:
      return g_strdup (_("This folder is not there any more. Choose another one."));
    case G_IO_ERROR_IS_DIRECTORY:
      return g_strdup (_("There is a folder of this name. Choose another name."));
    case G_IO_ERROR_FILENAME_TOO_LONG:
    case G_IO_ERROR_INVALID_FILENAME:
      return g_strdup (_("A file cannot have this name here. Choose another one."));
    default:
      /* Translators: %s is what the system says of it */
      return g_strdup_printf (_("The file could not be written: %s"), error->message);
    }
}

char *
wf_save_make_name (const char *const *parts,
                   gint64             time,
                   const char        *ending)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GDateTime) date = time == WF_TIME_UNKNOWN ? NULL : g_date_time_new_from_unix_local (time);
  g_autofree char *stamp = date ? g_date_time_format (date, "%Y-%m-%d-%H%M%S") : NULL;

  for (gsize i = 0; parts[i]; i++)
    {
      g_autofree char *lower = g_utf8_strdown (parts[i], -1);
      guint chars = 0;

      if (name->len > 0 && name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
      for (const char *p = lower; *p && chars < NAME_MAX_CHARS; p = g_utf8_next_char (p), chars++)
        if (g_unichar_isalnum (g_utf8_get_char (p)) || g_unichar_ismark (g_utf8_get_char (p)))
          g_string_append_unichar (name, g_utf8_get_char (p));
        else if (name->len > 0 && name->str[name->len - 1] != '-')
          g_string_append_c (name, '-');
    }
  while (name->len > 0 && name->str[name->len - 1] == '-')
    g_string_truncate (name, name->len - 1);
  if (stamp)
    g_string_append_printf (name, "-%s", stamp);
  g_string_append_printf (name, ".%s", ending);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Save) save = user_data;
  g_autoptr (GError) error = NULL;
  WfHost *host = wf_host_of (save->widget);
  g_autofree char *words = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    words = wf_save_describe_error (error);
  wf_host_toast (host, words ? words : save->done);
}

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           gpointer         user_data)
{
  g_autoptr (Save) save = user_data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT && (file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))))
    {
      GBytes *bytes = save->bytes;

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL /* cancellable */,
                                           on_written, g_steal_pointer (&save));
    }
  g_object_unref (dialog);
}

void
wf_save_as (GtkWidget  *widget,
            const char *title,
            const char *name,
            const char *mime_type,
            GBytes     *bytes,
            const char *done)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkFileChooserNative *dialog;
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  Save *save = g_new0 (Save, 1);

  save->widget = g_object_ref (widget);
  save->bytes = g_bytes_ref (bytes);
  save->done = g_strdup (done);
  dialog = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                        GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_add_mime_type (filter, mime_type);
  gtk_file_chooser_set_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), save);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
