/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-notice.h"

struct _WfNotice
{
  GtkBox     parent_instance;

  GtkLabel  *sentence;
  GtkLabel  *details;
  GtkWidget *actions;
  GtkButton *button;
  GtkButton *help;
};

G_DEFINE_FINAL_TYPE (WfNotice, wf_notice, GTK_TYPE_BOX)

static GtkLabel *
add_label (GtkBox *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static GtkButton *
add_button (WfNotice *self)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_set_visible (button, FALSE);
  gtk_box_append (GTK_BOX (self->actions), button);
  return GTK_BUTTON (button);
}

static void
update_actions (WfNotice *self)
{
  gtk_widget_set_visible (self->actions, gtk_widget_get_visible (GTK_WIDGET (self->help)) ||
                                         gtk_widget_get_visible (GTK_WIDGET (self->button)));
}

static void
wf_notice_class_init (WfNoticeClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
wf_notice_init (WfNotice *self)
{
  GtkWidget *symbol = g_object_new (GTK_TYPE_IMAGE, "icon-name", "wf-attention-symbolic",
                                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "notice");

  gtk_widget_add_css_class (symbol, "symbol");
  gtk_widget_set_valign (symbol, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), symbol);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  self->sentence = add_label (GTK_BOX (words));
  self->details = add_label (GTK_BOX (words));
  gtk_widget_add_css_class (GTK_WIDGET (self->details), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->details), "dim-label");
  /* Below the words, which need the whole width where the window is narrow. */
  self->actions = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->actions, "notice-actions");
  gtk_widget_set_halign (self->actions, GTK_ALIGN_END);
  self->help = add_button (self);
  gtk_widget_add_css_class (GTK_WIDGET (self->help), "flat");
  self->button = add_button (self);
  gtk_box_append (GTK_BOX (words), self->actions);
  gtk_box_append (GTK_BOX (self), words);
}

void
wf_notice_show (WfNotice   *self,
                const char *sentence,
                const char *details,
                const char *label,
                const char *action)
{
  g_return_if_fail (WF_IS_NOTICE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), sentence != NULL);
  if (!sentence)
    return;
  gtk_label_set_label (self->sentence, sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
  gtk_label_set_label (self->details, details ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details), details != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  if (label)
    gtk_button_set_label (self->button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), label ? action : NULL);
  update_actions (self);
}

void
wf_notice_set_help (WfNotice   *self,
                    const char *label,
                    const char *action)
{
  g_return_if_fail (WF_IS_NOTICE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->help), label != NULL);
  if (label)
    gtk_button_set_label (self->help, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->help), label ? action : NULL);
  update_actions (self);
}
