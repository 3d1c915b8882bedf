/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-dialog.h"

/* A response's button has no label of its own: two labels are in it, for a wide and for a narrow dialog. */
static GtkWidget *
find_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *label = find_label (child);

      if (label)
        return label;
    }
  return NULL;
}

static void
name_buttons (GtkWidget *widget)
{
  GtkWidget *label;

  if (!GTK_IS_BUTTON (widget))
    {
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
        name_buttons (child);
      return;
    }
  label = find_label (widget);
  if (!label)
    return;
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, gtk_label_get_text (GTK_LABEL (label)), -1);
}

void
wf_dialog_present (AdwMessageDialog *dialog)
{
  name_buttons (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}
