/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-launch.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-dialog.h"

/* An address on its way to another program. */
typedef struct
{
  GtkWidget *widget; /* that asked for it */
  char      *uri;
  char      *failed;
  char      *words;
} Launch;

static void
launch_free (Launch *launch)
{
  g_clear_object (&launch->widget);
  g_free (launch->uri);
  g_free (launch->failed);
  g_free (launch->words);
  g_free (launch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Launch, launch_free)

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Not gtk_show_uri_full(), which falls over where the window is closed before the program has started. GIO asks the portal
 * by itself where nothing inside the sandbox opens the address. */
void
wf_launch_async (GtkWidget          *widget,
                 const char         *uri,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GdkAppLaunchContext) context = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (uri != NULL);

  g_task_set_source_tag (task, wf_launch_async);
  context = gdk_display_get_app_launch_context (gtk_widget_get_display (widget));
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), cancellable, on_launched,
                                           g_steal_pointer (&task));
}

gboolean
wf_launch_finish (GAsyncResult *result,
                  GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Where nothing opens it --- */

static void
on_response (AdwMessageDialog *dialog,
             const char       *response,
             Launch           *launch)
{
  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (launch->widget), launch->uri);
}

static void
free_closure_data (gpointer  data,
                   GClosure *closure)
{
  launch_free (data);
}

/* Returns: (transfer full): the address without its query, which may have a token in it */
static char *
shorten (const char *uri)
{
  gsize length = strcspn (uri, "?#");

  return uri[length] ? g_strdup_printf ("%.*s…", (int) length, uri) : g_strdup (uri);
}

/* @launch: (transfer full) */
static void
offer_address (Launch *launch)
{
  g_autofree char *shown = shorten (launch->uri);
  GtkRoot *root = gtk_widget_get_root (launch->widget);
  AdwMessageDialog *dialog;
  GtkWidget *address;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                       launch->failed, launch->words));
  address = gtk_label_new (shown);
  gtk_label_set_selectable (GTK_LABEL (address), TRUE);
  gtk_label_set_wrap (GTK_LABEL (address), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (address), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (address), 4);
  gtk_label_set_ellipsize (GTK_LABEL (address), PANGO_ELLIPSIZE_END);
  gtk_widget_set_direction (address, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (address, "monospace");
  adw_message_dialog_set_extra_child (dialog, address);
  adw_message_dialog_add_responses (dialog, "close", _("Close"), "copy", _("Copy Address"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "copy", ADW_RESPONSE_SUGGESTED);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), launch, free_closure_data, 0);
  wf_dialog_present (dialog);
}

static void
on_offered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Launch) launch = user_data;
  g_autoptr (GError) error = NULL;
  GtkRoot *root = gtk_widget_get_root (launch->widget);

  /* The window may have been closed meanwhile. */
  if (!wf_launch_finish (result, &error) && root && gtk_widget_get_mapped (GTK_WIDGET (root)))
    offer_address (g_steal_pointer (&launch));
}

void
wf_launch_or_offer (GtkWidget  *widget,
                    const char *uri,
                    const char *failed,
                    const char *words)
{
  Launch *launch = g_new0 (Launch, 1);

  launch->widget = g_object_ref (widget);
  launch->uri = g_strdup (uri);
  launch->failed = g_strdup (failed);
  launch->words = g_strdup (words);
  wf_launch_async (widget, uri, NULL /* cancellable */, on_offered, launch);
}
