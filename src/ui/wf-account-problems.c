/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-problems.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-dialog.h"

struct _WfAccountProblems
{
  GtkButton       parent_instance;

  WfAccountStore *store;
};

G_DEFINE_FINAL_TYPE (WfAccountProblems, wf_account_problems, GTK_TYPE_BUTTON)

static void
on_store_changed (WfAccountProblems *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), wf_account_store_get_problems (self->store)->len > 0);
}

static void
wf_account_problems_clicked (GtkButton *button)
{
  GPtrArray *problems = wf_account_store_get_problems (WF_ACCOUNT_PROBLEMS (button)->store);
  g_autoptr (GString) text = g_string_new (NULL);
  GtkWidget *dialog;

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n\n" : "", (const char *) g_ptr_array_index (problems, i));
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button))),
                                   _("Some Accounts Could Not Be Read"), text->str);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  wf_dialog_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
wf_account_problems_dispose (GObject *object)
{
  g_clear_object (&WF_ACCOUNT_PROBLEMS (object)->store);
  G_OBJECT_CLASS (wf_account_problems_parent_class)->dispose (object);
}

static void
wf_account_problems_class_init (WfAccountProblemsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_account_problems_dispose;
  GTK_BUTTON_CLASS (klass)->clicked = wf_account_problems_clicked;
}

static void
wf_account_problems_init (WfAccountProblems *self)
{
  const char *words = _("Some accounts could not be read");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (words);

  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_IMAGE, "icon-name", "wf-attention-symbolic",
                                               "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  wf_accessible_name (GTK_WIDGET (self), words);
}

void
wf_account_problems_set_store (WfAccountProblems *self,
                               WfAccountStore    *store)
{
  g_return_if_fail (WF_IS_ACCOUNT_PROBLEMS (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  /* After the engine, which finds some of the problems when it hears of the change. */
  g_signal_connect_object (store, "changed", G_CALLBACK (on_store_changed), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  on_store_changed (self);
}
