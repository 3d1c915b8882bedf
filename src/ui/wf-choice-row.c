/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-choice-row.h"

struct _WfChoiceRow
{
  GtkListBoxRow parent_instance;
};

G_DEFINE_FINAL_TYPE (WfChoiceRow, wf_choice_row, GTK_TYPE_LIST_BOX_ROW)

static gboolean
wf_choice_row_focus (GtkWidget        *widget,
                     GtkDirectionType  direction)
{
  GtkWidget *list = gtk_widget_get_parent (widget);
  GtkWidget *focused = list ? gtk_widget_get_focus_child (list) : NULL;
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  /* From row to row Tab does not go: it leaves the list. */
  if (is_tab && focused && focused != widget)
    return FALSE;
  return GTK_WIDGET_CLASS (wf_choice_row_parent_class)->focus (widget, direction);
}

static void
wf_choice_row_class_init (WfChoiceRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = wf_choice_row_focus;
}

static void
wf_choice_row_init (WfChoiceRow *self)
{
}

GtkWidget *
wf_choice_row_new (void)
{
  return g_object_new (WF_TYPE_CHOICE_ROW, NULL);
}
