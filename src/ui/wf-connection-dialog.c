/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-dialog.h"

#include <glib/gi18n-lib.h>

#include "wf-connection-row.h"
#include "wf-connection-test.h"
#include "wf-error.h"
#include "wf-tls-view.h"

#define WF_TYPE_CONNECTION_DIALOG (wf_connection_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WfConnectionDialog, wf_connection_dialog, WF, CONNECTION_DIALOG, AdwWindow)

struct _WfConnectionDialog
{
  AdwWindow         parent_instance;

  GtkLabel         *summary;
  GtkListBox       *list;
  GtkWidget        *certificate;
  GtkButton        *button;      /* "Stop", then "Test Again" */

  WfAccount        *account;
  gboolean          adopt_slash;
  WfConnectionTest *test;        /* nullable */
  GCancellable     *cancellable; /* nullable: of the test that is under way */
};

G_DEFINE_FINAL_TYPE (WfConnectionDialog, wf_connection_dialog, ADW_TYPE_WINDOW)

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  return wf_connection_row_new (item);
}

static void
show_summary (WfConnectionDialog *self,
              const char         *text)
{
  gtk_label_set_label (self->summary, text);
}

/* Whom it was that answered, or was not believed. */
static void
show_certificate (WfConnectionDialog *self)
{
  WfTlsPeer *peer = NULL;

  for (guint i = 0; self->test && i < g_list_model_get_n_items (G_LIST_MODEL (self->test)); i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (self->test), i);

      if (wf_connection_step_get_tls (step))
        peer = wf_connection_step_get_tls (step);
    }
  wf_tls_view_set_peer (self->certificate, peer);
}

static gboolean
has_warning (WfConnectionDialog *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->test)); i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (self->test), i);

      if (wf_connection_step_get_outcome (step) == WF_CONNECTION_WARNING)
        return TRUE;
    }
  return FALSE;
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (WfConnectionDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = wf_connection_test_run_finish (WF_CONNECTION_TEST (source), result, &error);

  if (WF_CONNECTION_TEST (source) != self->test)
    return;
  g_clear_object (&self->cancellable);
  gtk_button_set_label (self->button, _("Test Again"));
  show_certificate (self);
  if (good && has_warning (self))
    show_summary (self, _("The connection works. One thing should be looked at."));
  else if (good)
    show_summary (self, _("The connection works."));
  else if (g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED))
    show_summary (self, _("The test was stopped."));
  else
    show_summary (self, _("The connection does not work. The step that failed says what to do."));
}

static void
start (WfConnectionDialog *self)
{
  g_clear_object (&self->test);
  self->test = wf_connection_test_new (self->account, self->adopt_slash);
  self->cancellable = g_cancellable_new ();
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->test), make_row, NULL, NULL);
  gtk_button_set_label (self->button, _("Stop"));
  show_summary (self, _("Trying the way to the provider, step by step…"));
  show_certificate (self);
  wf_connection_test_run_async (self->test, self->cancellable, on_done, g_object_ref (self));
}

static void
on_button (WfConnectionDialog *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  else
    start (self);
}

static void
wf_connection_dialog_dispose (GObject *object)
{
  WfConnectionDialog *self = WF_CONNECTION_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->test);
  g_clear_pointer (&self->account, wf_account_unref);
  G_OBJECT_CLASS (wf_connection_dialog_parent_class)->dispose (object);
}

static void
wf_connection_dialog_class_init (WfConnectionDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_connection_dialog_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
make_content (WfConnectionDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->summary = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->summary, TRUE);
  gtk_label_set_xalign (self->summary, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->summary), "heading");
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Steps"), -1);
  self->certificate = wf_tls_view_new ();
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), self->certificate);
  gtk_widget_add_css_class (box, "page");
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
make_header (WfConnectionDialog *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *close = gtk_button_new_with_label (_("Close"));

  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "window.close");
  self->button = GTK_BUTTON (gtk_button_new_with_label (_("Stop")));
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_button), self, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), close);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), GTK_WIDGET (self->button));
  return header;
}

static void
wf_connection_dialog_init (WfConnectionDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_window_set_title (GTK_WINDOW (self), _("Test Connection"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 720);
  gtk_widget_set_size_request (GTK_WIDGET (self), 360, 320);
  gtk_box_append (GTK_BOX (box), make_header (self));
  gtk_box_append (GTK_BOX (box), make_content (self));
  adw_window_set_content (ADW_WINDOW (self), box);
}

void
wf_connection_dialog_present (GtkWindow       *parent,
                              const WfAccount *account,
                              gboolean         adopt_slash)
{
  WfConnectionDialog *self;

  g_return_if_fail (account != NULL);

  self = g_object_new (WF_TYPE_CONNECTION_DIALOG, "transient-for", parent, NULL);
  self->account = wf_account_copy (account);
  self->adopt_slash = adopt_slash;
  gtk_window_present (GTK_WINDOW (self));
  start (self);
}
