/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-import.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-editor.h"
#include "wf-account-share.h"
#include "wf-dialog.h"
#include "wf-error.h"
#include "wf-file-reader.h"
#include "wf-file-sorter.h"

/* One account on its way in. */
typedef struct
{
  char      *source; /* nullable: the name of its file */
  WfAccount *account; /* NULL: not read yet, or not usable */
  char     **left_out;
  char      *problem;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->source);
  g_clear_pointer (&entry->account, wf_account_unref);
  g_strfreev (entry->left_out);
  g_free (entry->problem);
  g_free (entry);
}

/* All that was chosen or dropped at once. Whoever waits for the next step holds it. */
typedef struct
{
  WfHost        *host;
  GPtrArray     *entries; /* (element-type Entry) */
  guint          n_reading;
  guint          n_good;
  guint          position; /* of the next one */
  guint          shown;
  gatomicrefcount ref_count;
} Import;

static Import *
import_new (WfHost *host)
{
  Import *self = g_new0 (Import, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->host = g_object_ref (host);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

static Import *
import_ref (Import *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
import_unref (Import *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->host);
  g_ptr_array_unref (self->entries);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Import, import_unref)

static void
unref_closure_data (gpointer  data,
                    GClosure *closure)
{
  import_unref (data);
}

static void show_next (Import *self);

/* --- The editors, one after the other --- */

static void
on_saved (GtkWidget *editor,
          WfSession *session,
          Import    *self)
{
  g_autofree char *words = NULL;

  wf_host_select (self->host, session);
  if (self->n_good <= 1)
    {
      wf_host_sign_in (self->host, session, FALSE);
      return;
    }
  /* Translators: %s is the name of an account */
  words = g_strdup_printf (_("“%s” added"), wf_session_get_account (session)->name);
  wf_host_toast (self->host, words);
}

static void
on_editor_gone (GtkWidget *editor,
                Import    *self)
{
  show_next (self);
}

static void
present_editor (Import    *self,
                GtkWidget *editor)
{
  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_WINDOW (self->host));
  g_signal_connect_data (editor, "saved", G_CALLBACK (on_saved), import_ref (self), unref_closure_data, 0);
  g_signal_connect_data (editor, "destroy", G_CALLBACK (on_editor_gone), import_ref (self), unref_closure_data, 0);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
show_next (Import *self)
{
  /* The window may have been closed under the editor. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self->host)))
    return;
  while (self->position < self->entries->len)
    {
      const Entry *entry = self->entries->pdata[self->position++];
      GtkWidget *editor;

      if (!entry->account)
        continue;
      editor = wf_account_editor_new_import (wf_host_get_engine (self->host), entry->account, entry->source,
                                             (const char *const *) entry->left_out);
      wf_account_editor_set_position (WF_ACCOUNT_EDITOR (editor), ++self->shown, self->n_good);
      present_editor (self, editor);
      return;
    }
}

/* --- What is wrong, first --- */

static char *
list_problems (Import *self,
               guint  *count)
{
  g_autoptr (GString) list = g_string_new (NULL);

  *count = 0;
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];

      if (!entry->problem)
        continue;
      if ((*count)++ > 0)
        g_string_append (list, "\n\n");
      if (entry->source)
        /* Translators: the name of a file, and what is wrong with it */
        g_string_append_printf (list, _("%1$s: %2$s"), entry->source, entry->problem);
      else
        g_string_append (list, entry->problem);
    }
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
on_problems_read (AdwMessageDialog *dialog,
                  const char       *response,
                  Import           *self)
{
  show_next (self);
}

static void
show_all (Import *self)
{
  guint n_problems;
  g_autofree char *problems = list_problems (self, &n_problems);
  GtkWidget *dialog;

  for (guint i = 0; i < self->entries->len; i++)
    self->n_good += ((Entry *) self->entries->pdata[i])->account != NULL;
  if (n_problems == 0)
    {
      show_next (self);
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self->host),
                                   g_dngettext (GETTEXT_PACKAGE, "This Account Cannot Be Imported",
                                                "Some Accounts Cannot Be Imported", n_problems),
                                   problems);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_problems_read), import_ref (self), unref_closure_data, 0);
  wf_dialog_present (ADW_MESSAGE_DIALOG (dialog));
}

/* --- Reading --- */

static void
judge (Entry      *entry,
       const char *data,
       gsize       length)
{
  g_autoptr (GError) error = NULL;

  entry->account = wf_account_import (data ? data : "", length, &error);
  if (entry->account)
    entry->left_out = wf_account_list_unknown (data, length);
  else
    entry->problem = g_strdup (error->message);
}

typedef struct
{
  Import *import;
  Entry  *entry; /* one of its */
} Reading;

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Reading *reading = user_data;
  g_autoptr (Import) self = reading->import;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = wf_read_file_finish (G_FILE (source), result, &error);

  if (bytes)
    judge (reading->entry, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  else if (g_error_matches (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE))
    reading->entry->problem = g_strdup (_("The account file is too large."));
  else
    reading->entry->problem = g_strdup (error->message);
  if (--self->n_reading == 0)
    show_all (self);
}

static Entry *
import_add (Import *self,
            char   *source)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->source = source;
  g_ptr_array_add (self->entries, entry);
  return entry;
}

/* --- The chooser --- */

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           WfHost          *host)
{
  g_autoptr (GListModel) files = NULL;
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  for (guint i = 0; files && i < g_list_model_get_n_items (files); i++)
    g_ptr_array_add (array, g_list_model_get_item (files, i));
  if (array->len > 0)
    wf_account_import_files (host, (GFile **) array->pdata, array->len);
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            const char     *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
wf_account_import_choose (WfHost *host)
{
  GtkFileChooserNative *dialog;

  g_return_if_fail (WF_IS_HOST (host));

  dialog = gtk_file_chooser_native_new (_("Import Account"), GTK_WINDOW (host), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  add_filter (GTK_FILE_CHOOSER (dialog), _("Warifu accounts"), "*" WF_ACCOUNT_SHARE_ENDING);
  add_filter (GTK_FILE_CHOOSER (dialog), _("All files"), "*");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chosen), host, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
wf_account_import_files (WfHost *host,
                         GFile **files,
                         guint   n_files)
{
  g_autoptr (Import) self = NULL;

  g_return_if_fail (WF_IS_HOST (host));

  self = import_new (host);
  self->n_reading = MIN (n_files, WF_FILE_SORTER_MAX);
  for (guint i = 0; i < MIN (n_files, WF_FILE_SORTER_MAX); i++)
    {
      g_autofree char *name = g_file_get_basename (files[i]);
      Reading *reading = g_new0 (Reading, 1);

      reading->import = import_ref (self);
      reading->entry = import_add (self, g_filename_display_name (name));
      wf_read_file_async (files[i], WF_ACCOUNT_FILE_MAX_BYTES, NULL /* cancellable */, on_read, reading);
    }
}

void
wf_account_import_text (WfHost     *host,
                        const char *text)
{
  g_autoptr (Import) self = NULL;

  g_return_if_fail (WF_IS_HOST (host) && text != NULL);

  self = import_new (host);
  judge (import_add (self, NULL), text, strlen (text));
  show_all (self);
}

void
wf_account_import_address (WfHost     *host,
                           const char *address)
{
  g_autoptr (Import) self = NULL;

  g_return_if_fail (WF_IS_HOST (host) && address != NULL);

  self = import_new (host);
  present_editor (self, wf_account_editor_new_at (wf_host_get_engine (host), address));
}
