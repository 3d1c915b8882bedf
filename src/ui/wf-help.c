/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-help.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-dialog.h"
#include "wf-launch.h"

#define HELP_URI "help:warifu"

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog;

  if (wf_launch_finish (result, NULL) || !root || !gtk_widget_get_mapped (GTK_WIDGET (root)))
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (root), _("There Is No Help Viewer Here"),
                                   _("Install Yelp, the desktop's help viewer, to read the help of Warifu. "
                                     "The same is told by “man warifu”, and by the README that comes with Warifu."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  wf_dialog_present (ADW_MESSAGE_DIALOG (dialog));
}

void
wf_help_open (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  wf_launch_async (widget, HELP_URI, NULL /* cancellable */, on_launched, g_object_ref (widget));
}
