/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-dialog.h"

#include "wf-accessible.h"

/* Room for a character of a heading, in pixels, also where text is large. */
#define HEADING_MIN 100

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
  if (label)
    wf_accessible_name (widget, gtk_label_get_text (GTK_LABEL (label)));
}

/* libadwaita has a large heading, for where it fits on one line, and a small one that wraps. It asks how high the large one
 * is at a width that is only enough for the small one, and GTK from 4.16 on warns of that, unless it wraps too. */
static void
wrap_heading (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "title-2"))
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (widget), PANGO_WRAP_WORD_CHAR);
      gtk_widget_set_size_request (gtk_widget_get_parent (widget), HEADING_MIN, -1);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    wrap_heading (child);
}

void
wf_dialog_present (AdwMessageDialog *dialog)
{
  name_buttons (GTK_WIDGET (dialog));
  wrap_heading (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}
