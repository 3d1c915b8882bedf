/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claim-dialog.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-json-view.h"

#define WIDTH 640
#define HEIGHT 520

static void
on_copy_clicked (GtkWidget *button,
                 WfClaim   *claim)
{
  g_autofree char *text = wf_claim_get_text (claim);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
}

static GtkWidget *
make_header (WfClaim    *claim,
             const char *text)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *copy = gtk_button_new_with_label (_("Copy"));
  g_autofree char *size = wf_format_size (strlen (text));

  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new (wf_claim_get_name (claim), size));
  /* Nobody else holds it: a list makes its claims when it is asked for them. */
  g_object_set_data_full (G_OBJECT (copy), "claim", g_object_ref (claim), g_object_unref);
  g_signal_connect (copy, "clicked", G_CALLBACK (on_copy_clicked), claim);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), copy);
  return header;
}

static GtkWidget *
make_view (WfClaim    *claim,
           const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = wf_json_view_new (wf_claim_get_name (claim));

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  wf_json_view_set_text (view, text, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  return scroller;
}

static void
close_with_escape (GtkWidget *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, controller);
}

void
wf_claim_dialog_present (GtkWidget *parent,
                         WfClaim   *claim)
{
  g_autofree char *text = NULL;
  GtkWidget *window;
  GtkWidget *box;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (WF_IS_CLAIM (claim));

  text = wf_claim_get_text (claim);
  window = g_object_new (ADW_TYPE_WINDOW,
                         "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG,
                         "title", wf_claim_get_name (claim),
                         "transient-for", gtk_widget_get_root (parent),
                         "modal", TRUE,
                         "destroy-with-parent", TRUE,
                         "default-width", WIDTH, "default-height", HEIGHT,
                         NULL);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), make_header (claim, text));
  gtk_box_append (GTK_BOX (box), make_view (claim, text));
  adw_window_set_content (ADW_WINDOW (window), box);
  close_with_escape (window);
  gtk_window_present (GTK_WINDOW (window));
}
