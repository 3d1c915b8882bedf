/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tab-stop.h"

struct _WfTabStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (WfTabStop, wf_tab_stop, ADW_TYPE_BIN)

static gboolean
wf_tab_stop_focus (GtkWidget        *widget,
                   GtkDirectionType  direction)
{
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (is_tab && gtk_widget_get_focus_child (widget))
    return FALSE;
  return GTK_WIDGET_CLASS (wf_tab_stop_parent_class)->focus (widget, direction);
}

static void
wf_tab_stop_class_init (WfTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = wf_tab_stop_focus;
}

static void
wf_tab_stop_init (WfTabStop *self)
{
}

GtkWidget *
wf_tab_stop_new (void)
{
  return g_object_new (WF_TYPE_TAB_STOP, NULL);
}
