/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-drop.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-import.h"
#include "wf-account-share.h"
#include "wf-file-sorter.h"
#include "wf-uri.h"

static void
on_sorted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (WfHost) host = user_data;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GPtrArray) others = NULL;
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (host));

  if (!wf_file_sorter_finish (result, &accounts, &others, NULL))
    return;
  if (accounts->len > 0)
    wf_account_import_files (host, (GFile **) accounts->pdata, accounts->len);
  if (others->len > 0 && application)
    g_application_open (G_APPLICATION (application), (GFile **) others->pdata, (int) others->len, "");
}

/* Returns: whether @text is the address of what may be a provider, and nothing else */
static gboolean
is_address (const char *text)
{
  g_autofree char *issuer = strstr (text, "://") ? wf_uri_issuer_from_input (text, NULL, NULL) : NULL;

  return issuer != NULL;
}

static gboolean
take_address (WfHost     *host,
              const char *text)
{
  g_autofree char *address = g_strstrip (g_strdup (text));

  if (!is_address (address))
    return FALSE;
  wf_account_import_address (host, address);
  return TRUE;
}

/* A link that is dragged out of a browser is a list of files too. */
static void
take_files (WfHost      *host,
            GdkFileList *list)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (list);
  g_autoptr (GPtrArray) local = g_ptr_array_new ();

  for (GSList *link = files; link; link = link->next)
    {
      g_autofree char *uri = g_file_get_uri (link->data);

      if (!g_file_has_uri_scheme (link->data, "http") && !g_file_has_uri_scheme (link->data, "https"))
        g_ptr_array_add (local, link->data);
      else if (local->len == 0 && take_address (host, uri))
        return;
    }
  if (local->len > 0)
    wf_file_sorter_async ((GFile **) local->pdata, local->len, NULL /* cancellable */, on_sorted, g_object_ref (host));
  else
    wf_host_toast (host, _("This is not the address of a provider."));
}

static void
take_text (WfHost     *host,
           const char *text)
{
  if (wf_account_is_share (text, strlen (text)))
    wf_account_import_text (host, text);
  else if (!take_address (host, text))
    wf_host_toast (host, _("This is neither an account nor the address of a provider."));
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         WfHost        *host)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    take_files (host, g_value_get_boxed (value));
  else if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value))
    take_text (host, g_value_get_string (value));
  else
    return FALSE;
  return TRUE;
}

/* While a dialog is open over the window, it is what the person is asked. */
static gboolean
has_dialog (WfHost *host)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link; link = link->next)
    if (GTK_IS_WINDOW (link->data) && gtk_window_get_transient_for (link->data) == GTK_WINDOW (host) &&
        gtk_window_get_modal (link->data) && gtk_widget_get_mapped (link->data))
      return TRUE;
  return FALSE;
}

static gboolean
on_accept (GtkDropTarget *target,
           GdkDrop       *drop,
           WfHost        *host)
{
  g_autoptr (GdkContentFormats) formats = NULL;

  if (gdk_drop_get_drag (drop) || has_dialog (host))
    return FALSE;
  g_object_get (target, "formats", &formats, NULL);
  return formats && gdk_content_formats_match (formats, gdk_drop_get_formats (drop));
}

static void
update_sign (GtkDropTarget *target,
             GParamSpec    *pspec,
             GtkWidget     *sign)
{
  gtk_widget_set_visible (sign, gtk_drop_target_get_current_drop (target) != NULL);
}

void
wf_drop_accept (WfHost    *host,
                GtkWidget *sign)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };
  GtkDropTarget *target;

  g_return_if_fail (WF_IS_HOST (host));
  g_return_if_fail (GTK_IS_WIDGET (sign));

  target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect_object (target, "accept", G_CALLBACK (on_accept), host, 0);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), host, 0);
  g_signal_connect_object (target, "notify::current-drop", G_CALLBACK (update_sign), sign, 0);
  gtk_widget_add_controller (GTK_WIDGET (host), GTK_EVENT_CONTROLLER (target));
}
