/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-inspector-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-file-reader.h"
#include "wf-format.h"
#include "wf-host.h"
#include "wf-inspector-page.h"
#include "wf-key-list.h"
#include "wf-notice.h"
#include "wf-stack.h"

#define MAX_FILES 10

struct _WfInspectorWindow
{
  AdwWindow        parent_instance;

  GtkWidget       *box;
  AdwWindowTitle  *title;
  WfNotice        *notice;
  GtkStack        *stack;
  WfInspectorPage *page;
  WfKeyList       *key_list;
  GtkButton       *paste_button;

  WfInspection    *token; /* what is shown; nullable */
  WfInspection    *keys;  /* nullable */
  GSettings       *settings; /* nullable */
  GCancellable    *cancellable;
  guint            n_reading; /* files on their way */
  gboolean         too_many;  /* files were asked for */
};

static void wf_inspector_window_host_init (WfHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfInspectorWindow, wf_inspector_window, ADW_TYPE_WINDOW,
                               G_IMPLEMENT_INTERFACE (WF_TYPE_HOST, wf_inspector_window_host_init))

/* A file or a clipboard on its way. */
typedef struct
{
  WfInspectorWindow *window;
  gboolean           spawn; /* a second token has a window of its own */
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->window);
  g_free (reading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static Reading *
reading_new (WfInspectorWindow *window,
             gboolean           spawn)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->window = g_object_ref (window);
  reading->spawn = spawn;
  return reading;
}

/* --- what is shown --- */

static char *
describe (WfInspectorWindow *self)
{
  g_autofree char *size = NULL;
  guint n_keys;

  if (self->token)
    {
      gsize length;

      secret_value_get (self->token->token, &length);
      size = wf_format_size (length);
      if (wf_jwt_get_kind (self->token->jwt) == WF_JWT_ENCRYPTED)
        /* Translators: %s is a size */
        return g_strdup_printf (_("Encrypted token, %s"), size);
      /* Translators: %s is a size */
      return g_strdup_printf (_("Signed token, %s"), size);
    }
  if (!self->keys)
    return g_strdup ("");
  n_keys = wf_jwks_get_n_keys (self->keys->keys) + wf_jwks_get_n_skipped (self->keys->keys);
  return g_strdup_printf (ngettext ("Key set, %u key", "Key set, %u keys", n_keys), n_keys);
}

static void
update (WfInspectorWindow *self)
{
  g_autofree char *subtitle = describe (self);

  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inspector.clear", self->token || self->keys);
  wf_stack_show (self->stack, self->token ? "token" : self->keys ? "keys" : "empty");
}

/* @source: (nullable): the name of the file */
static void
show_error (WfInspectorWindow *self,
            const GError      *error,
            const char        *source)
{
  g_autofree char *details = NULL;

  if (!g_error_matches (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE))
    {
      wf_notice_show (self->notice, error->message, source, NULL, NULL);
      return;
    }
  /* Translators: the name of a file, and what is wrong with it */
  details = source ? g_strdup_printf (_("%1$s: %2$s"), source, error->message) : g_strdup (error->message);
  wf_notice_show (self->notice, _("This can be read neither as a token nor as a key set."), details, NULL, NULL);
}

static void
take_token (WfInspectorWindow *self,
            WfInspection      *inspection)
{
  g_clear_pointer (&self->token, wf_inspection_unref);
  self->token = wf_inspection_ref (inspection);
  wf_inspector_page_set_token (self->page, inspection);
}

static void
take_keys (WfInspectorWindow *self,
           WfInspection      *inspection,
           const char        *source)
{
  guint n_keys = wf_jwks_get_n_keys (inspection->keys) + wf_jwks_get_n_skipped (inspection->keys);

  g_clear_pointer (&self->keys, wf_inspection_unref);
  self->keys = wf_inspection_ref (inspection);
  wf_inspector_page_set_keys (self->page, inspection->keys, source);
  wf_key_list_show (self->key_list, inspection->reports, n_keys - inspection->reports->len);
}

/* @source: (nullable): the name of the file that it comes from */
static void
take_text (WfInspectorWindow *self,
           const char        *text,
           gsize              length,
           const char        *source,
           gboolean           spawn)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfInspection) inspection = wf_inspection_parse (text, length, &error);

  if (!inspection)
    {
      show_error (self, error, source);
      return;
    }
  if (inspection->jwt && self->token && spawn)
    {
      self = wf_inspector_window_new (gtk_window_get_application (GTK_WINDOW (self)), self->settings);
      gtk_window_present (GTK_WINDOW (self));
    }
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  if (inspection->jwt)
    take_token (self, inspection);
  else
    take_keys (self, inspection, source);
  update (self);
}

static void
forget (WfInspectorWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->token, wf_inspection_unref);
  g_clear_pointer (&self->keys, wf_inspection_unref);
}

/* --- files --- */

static void
on_file_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  WfInspectorWindow *self = reading->window;
  g_autofree char *path = g_file_get_path (G_FILE (source));
  g_autofree char *name = path ? g_filename_display_basename (path) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;
  gsize length;

  bytes = wf_read_file_finish (G_FILE (source), result, &error);
  self->n_reading--;
  if (g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED))
    return;
  if (!bytes)
    {
      show_error (self, error, name);
      return;
    }
  text = g_bytes_get_data (bytes, &length);
  take_text (self, text ? text : "", length, name, reading->spawn);
  if (self->too_many && self->n_reading == 0)
    {
      g_autofree char *words = g_strdup_printf (_("Only the first %d files were opened."), MAX_FILES);

      wf_notice_show (self->notice, words, NULL, NULL, NULL);
    }
}

static void
read_files (WfInspectorWindow  *self,
            GFile             **files,
            int                 n_files,
            gboolean            spawn)
{
  for (int i = 0; i < MIN (n_files, MAX_FILES); i++)
    {
      self->n_reading++;
      wf_read_file_async (files[i], WF_INSPECTION_MAX_BYTES, self->cancellable, on_file_read, reading_new (self, spawn));
    }
  self->too_many = n_files > MAX_FILES;
}

static void
on_file_chosen (GtkNativeDialog   *dialog,
                int                response,
                WfInspectorWindow *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file)
    read_files (self, &file, 1, FALSE);
  g_object_unref (dialog);
}

static void
open_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Open a Token or a Key Set"), GTK_WINDOW (widget),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- clipboard and drops --- */

static void
on_pasted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  WfInspectorWindow *self = reading->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfWipedString) text = NULL;

  text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (text)
    take_text (self, text, strlen (text), NULL, FALSE);
  else
    wf_notice_show (self->notice, _("There is no text on the clipboard. Copy a token or a key set first."), NULL, NULL, NULL);
}

static void
paste_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  WfInspectorWindow *self = WF_INSPECTOR_WINDOW (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->cancellable, on_pasted, reading_new (self, FALSE));
}

static void
take_file_list (WfInspectorWindow *self,
                GdkFileList       *list)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (list);
  g_autoptr (GPtrArray) array = g_ptr_array_new ();

  for (GSList *link = files; link; link = link->next)
    g_ptr_array_add (array, link->data);
  read_files (self, (GFile **) array->pdata, (int) array->len, FALSE);
}

static gboolean
on_drop (WfInspectorWindow *self,
         const GValue      *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      take_file_list (self, g_value_get_boxed (value));
      return TRUE;
    }
  if (!G_VALUE_HOLDS_STRING (value))
    return FALSE;
  take_text (self, g_value_get_string (value), strlen (g_value_get_string (value)), NULL, FALSE);
  return TRUE;
}

static void
accept_drops (WfInspectorWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
clear_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  WfInspectorWindow *self = WF_INSPECTOR_WINDOW (widget);

  forget (self);
  wf_inspector_page_set_token (self->page, NULL);
  wf_inspector_page_set_keys (self->page, NULL, NULL);
  wf_key_list_show (self->key_list, NULL, 0);
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->paste_button));
}

/* --- object --- */

static void
wf_inspector_window_dispose (GObject *object)
{
  forget (WF_INSPECTOR_WINDOW (object));
  G_OBJECT_CLASS (wf_inspector_window_parent_class)->dispose (object);
}

static void
wf_inspector_window_finalize (GObject *object)
{
  WfInspectorWindow *self = WF_INSPECTOR_WINDOW (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (wf_inspector_window_parent_class)->finalize (object);
}

static GSettings *
wf_inspector_window_get_settings (WfHost *host)
{
  return WF_INSPECTOR_WINDOW (host)->settings;
}

static void
wf_inspector_window_host_init (WfHostInterface *iface)
{
  iface->get_settings = wf_inspector_window_get_settings;
}

static void
wf_inspector_window_class_init (WfInspectorWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_inspector_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_inspector_window_finalize;
  g_type_ensure (WF_TYPE_NOTICE);
  g_type_ensure (WF_TYPE_INSPECTOR_PAGE);
  g_type_ensure (WF_TYPE_KEY_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-inspector-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, box);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, title);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, page);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, key_list);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorWindow, paste_button);
  gtk_widget_class_install_action (widget_class, "inspector.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "inspector.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "inspector.clear", NULL, clear_action);
  /* An entry that has the focus takes what is pasted first. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "inspector.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_SHIFT_MASK, "inspector.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "inspector.open", NULL);
}

static void
wf_inspector_window_init (WfInspectorWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  accept_drops (self);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->paste_button));
}

WfInspectorWindow *
wf_inspector_window_new (GtkApplication *application,
                         GSettings      *settings)
{
  WfInspectorWindow *self = g_object_new (WF_TYPE_INSPECTOR_WINDOW, "application", application, NULL);

  g_set_object (&self->settings, settings);
  return self;
}

void
wf_inspector_window_open (WfInspectorWindow  *self,
                          GFile             **files,
                          int                 n_files)
{
  g_return_if_fail (WF_IS_INSPECTOR_WINDOW (self));

  read_files (self, files, n_files, TRUE);
}

gboolean
wf_inspector_window_is_empty (WfInspectorWindow *self)
{
  g_return_val_if_fail (WF_IS_INSPECTOR_WINDOW (self), TRUE);

  return !self->token && !self->keys && self->n_reading == 0;
}
