/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-page.h"

#include <glib/gi18n-lib.h>

#include "wf-choice-row.h"
#include "wf-flow-draw.h"
#include "wf-flow-inspector.h"
#include "wf-flow-step-view.h"
#include "wf-flow-words.h"
#include "wf-format.h"
#include "wf-host.h"
#include "wf-save.h"
#include "wf-stack.h"
#include "wf-tooltip.h"

/* From this width of the window on the inspector stands beside the diagram. */
#define WIDE_WINDOW 1400
/* Of an exported diagram, for each lane. */
#define EXPORT_LANE 260
#define EXPORT_SCALE 2

struct _WfFlowPage
{
  WfPage           parent_instance;

  GtkStack        *stack;
  AdwFlap         *flap;
  GtkToggleButton *flows_button;
  GtkLabel        *flow_title;
  GtkListBox      *flows;
  AdwBin          *lanes;
  GtkPaned        *paned;
  GtkListBox      *steps;
  WfFlowInspector *inspector;

  GListModel      *model; /* of the session */
  WfFlow          *flow;  /* that is shown */
  guint            n_steps;
  guint            n_lanes;
  gboolean         following; /* the newest flow is the one to show */
};

G_DEFINE_FINAL_TYPE (WfFlowPage, wf_flow_page, WF_TYPE_PAGE)

static void
clear_steps (WfFlowPage *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->steps, 0)))
    gtk_list_box_remove (self->steps, GTK_WIDGET (row));
  adw_bin_set_child (self->lanes, NULL);
  self->n_steps = 0;
  self->n_lanes = 0;
}

static void
add_step (WfFlowPage *self,
          guint       index)
{
  GtkWidget *row = wf_choice_row_new ();
  g_autofree char *spoken = wf_flow_step_describe (wf_flow_get_step (self->flow, index), index + 1);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), wf_flow_step_view_new (self->flow, index, self->n_lanes));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_add_css_class (row, "step");
  gtk_list_box_append (self->steps, row);
}

static void
update_steps (WfFlowPage *self)
{
  guint lanes = wf_flow_count_lanes (self->flow);

  if (lanes != self->n_lanes)
    {
      clear_steps (self);
      self->n_lanes = lanes;
      adw_bin_set_child (self->lanes, wf_flow_step_view_new_heads (lanes));
    }
  for (; self->n_steps < wf_flow_get_n_steps (self->flow); self->n_steps++)
    add_step (self, self->n_steps);
  if (self->n_steps > 0 && !adw_flap_get_folded (self->flap) && !gtk_list_box_get_selected_row (self->steps))
    gtk_list_box_select_row (self->steps, gtk_list_box_get_row_at_index (self->steps, 0));
}

static void
show_flow (WfFlowPage *self,
           WfFlow     *flow)
{
  g_autofree char *clock = NULL;
  g_autofree char *title = NULL;
  g_autofree char *described = NULL;

  if (self->flow == flow)
    return;
  if (self->flow)
    g_signal_handlers_disconnect_by_data (self->flow, self);
  clear_steps (self);
  g_set_object (&self->flow, flow);
  wf_flow_inspector_show (self->inspector, NULL, NULL, 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "flow.export-svg", flow != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "flow.export-png", flow != NULL);
  gtk_label_set_label (self->flow_title, "");
  if (!flow)
    return;
  clock = wf_format_clock (wf_flow_get_started_at (flow) / G_USEC_PER_SEC, wf_clock_now (wf_clock_get_default ()));
  title = g_strdup_printf ("%s · %s", wf_flow_get_title (flow), clock);
  gtk_label_set_label (self->flow_title, title);
  described = wf_flow_describe (flow);
  wf_tooltip_set (GTK_WIDGET (self->flow_title), described);
  g_signal_connect_object (flow, "changed", G_CALLBACK (update_steps), self, G_CONNECT_SWAPPED);
  update_steps (self);
}

static void
update_flow_row (GtkLabel *label,
                 WfFlow   *flow)
{
  gint64 started = wf_flow_get_started_at (flow) / G_USEC_PER_SEC;
  g_autofree char *clock = wf_format_clock (started, wf_clock_now (wf_clock_get_default ()));
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_LIST_BOX_ROW);
  g_autofree char *words = NULL;
  g_autofree char *spoken = NULL;

  /* Translators: %s is a clock time */
  words = wf_flow_get_failed (flow) ? g_strdup_printf (_("%s, failed"), clock) : g_steal_pointer (&clock);
  gtk_label_set_label (label, words);
  spoken = g_strdup_printf ("%s, %s", wf_flow_get_title (flow), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static GtkWidget *
make_flow_row (gpointer item,
               gpointer user_data)
{
  WfFlow *flow = item;
  GtkWidget *row = wf_choice_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (wf_flow_get_title (flow));
  GtkWidget *time = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (time), 0);
  gtk_widget_add_css_class (time, "caption");
  gtk_widget_add_css_class (time, "dim-label");
  gtk_widget_add_css_class (time, "numeric");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), time);
  gtk_widget_add_css_class (box, "flow-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_signal_connect_object (flow, "changed", G_CALLBACK (update_flow_row), time, G_CONNECT_SWAPPED);
  update_flow_row (GTK_LABEL (time), flow);
  return row;
}

static void
on_flow_selected (WfFlowPage    *self,
                  GtkListBoxRow *row)
{
  g_autoptr (WfFlow) flow = NULL;

  if (!row || !self->model)
    return;
  self->following = gtk_list_box_row_get_index (row) == 0;
  flow = g_list_model_get_item (self->model, (guint) gtk_list_box_row_get_index (row));
  show_flow (self, flow);
}

static void
on_flow_activated (WfFlowPage *self)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
on_step_selected (WfFlowPage    *self,
                  GtkListBoxRow *row)
{
  if (row && self->flow)
    wf_flow_inspector_show (self->inspector, wf_page_get_session (WF_PAGE (self)), self->flow,
                            (guint) gtk_list_box_row_get_index (row));
}

/* Whoever looks at a secret keeps looking at it, also where this made a refresh. */
static void
on_revealing (WfFlowPage *self)
{
  self->following = FALSE;
}

/* The newest flow is shown, unless the person has chosen another one that is still there. */
static void
on_flows_changed (WfFlowPage *self)
{
  guint count = self->model ? g_list_model_get_n_items (self->model) : 0;

  wf_stack_show (self->stack, count > 0 ? "flows" : "nothing");
  if (count == 0)
    {
      show_flow (self, NULL);
      return;
    }
  if (self->following || !gtk_list_box_get_selected_row (self->flows))
    gtk_list_box_select_row (self->flows, gtk_list_box_get_row_at_index (self->flows, 0));
}

/* The font and the direction of the window, on a sheet of a width of its own. */
static WfFlowLayout *
lay_out_export (WfFlowPage *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const char *account = wf_session_get_account (wf_page_get_session (WF_PAGE (self)))->name;
  g_autofree char *flow = wf_flow_describe (self->flow);
  g_autofree char *title = g_strdup_printf ("%s · %s", account, flow);

  return wf_flow_layout_new (self->flow, context, (int) (wf_flow_count_lanes (self->flow) * EXPORT_LANE), title);
}

static void
save_export (WfFlowPage *self,
             GBytes     *bytes,
             const char *mime_type,
             const char *ending)
{
  const char *parts[] = {
    wf_session_get_account (wf_page_get_session (WF_PAGE (self)))->name, wf_flow_get_title (self->flow), NULL,
  };
  g_autofree char *name = wf_save_make_name (parts, wf_flow_get_started_at (self->flow) / G_USEC_PER_SEC, ending);

  wf_save_as (GTK_WIDGET (self), _("Export Diagram"), name, mime_type, bytes, _("Diagram exported"));
}

static void
export_svg_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  WfFlowPage *self = WF_FLOW_PAGE (widget);
  g_autoptr (WfFlowLayout) layout = lay_out_export (self);
  char *svg = wf_flow_layout_to_svg (layout);
  g_autoptr (GBytes) bytes = g_bytes_new_take (svg, strlen (svg));

  save_export (self, bytes, "image/svg+xml", "svg");
}

static void
export_png_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  WfFlowPage *self = WF_FLOW_PAGE (widget);
  g_autoptr (WfFlowLayout) layout = lay_out_export (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = wf_flow_layout_to_png (layout, EXPORT_SCALE, &error);

  if (bytes)
    save_export (self, bytes, "image/png", "png");
  else
    wf_host_toast (wf_host_of (widget), error->message);
}

static void
on_laid_out (WfFlowPage    *self,
             GdkFrameClock *clock)
{
  g_signal_handlers_disconnect_by_func (clock, on_laid_out, self);
  gtk_paned_set_resize_start_child (self->paned, TRUE);
}

/* Below or beside, by the width of the window. */
static void
on_width (WfFlowPage *self)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (GTK_WIDGET (self)));
  gboolean wide = gdk_surface_get_width (surface) >= WIDE_WINDOW;
  GtkOrientation orientation = wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL;

  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) == orientation)
    return;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), orientation);
  /* Side by side they would be wider than a narrow window, which could not be made from a wide one in one go. */
  gtk_paned_set_shrink_start_child (self->paned, wide);
  gtk_paned_set_shrink_end_child (self->paned, wide);
  gtk_paned_set_position (self->paned, wide ? gdk_surface_get_width (surface) * 2 / 5 : 300);
  /* Else it grows by as much as the new width is more than the old height was. */
  gtk_paned_set_resize_start_child (self->paned, FALSE);
  g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (self)), "after-paint",
                           G_CALLBACK (on_laid_out), self, G_CONNECT_SWAPPED);
}

static void
wf_flow_page_map (GtkWidget *widget)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));

  GTK_WIDGET_CLASS (wf_flow_page_parent_class)->map (widget);
  g_signal_connect_object (surface, "notify::width", G_CALLBACK (on_width), widget, G_CONNECT_SWAPPED);
  on_width (WF_FLOW_PAGE (widget));
}

static void
wf_flow_page_unmap (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_native_get_surface (gtk_widget_get_native (widget)), on_width, widget);
  GTK_WIDGET_CLASS (wf_flow_page_parent_class)->unmap (widget);
}

static void
wf_flow_page_session_changed (WfPage *page)
{
  WfFlowPage *self = WF_FLOW_PAGE (page);
  WfSession *session = wf_page_get_session (page);

  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  gtk_list_box_bind_model (self->flows, NULL, NULL, NULL, NULL);
  show_flow (self, NULL);
  if (!session)
    return;
  self->model = g_object_ref (wf_session_get_flows (session));
  gtk_list_box_bind_model (self->flows, self->model, make_flow_row, self, NULL);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (on_flows_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  on_flows_changed (self);
}

static void
wf_flow_page_update (WfPage *page)
{
  /* The models tell what changes. */
}

static void
wf_flow_page_dispose (GObject *object)
{
  WfFlowPage *self = WF_FLOW_PAGE (object);

  if (self->flow)
    g_signal_handlers_disconnect_by_data (self->flow, self);
  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->flow);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (wf_flow_page_parent_class)->dispose (object);
}

static void
wf_flow_page_class_init (WfFlowPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_flow_page_dispose;
  WF_PAGE_CLASS (klass)->session_changed = wf_flow_page_session_changed;
  WF_PAGE_CLASS (klass)->update = wf_flow_page_update;
  widget_class->map = wf_flow_page_map;
  widget_class->unmap = wf_flow_page_unmap;
  gtk_widget_class_install_action (widget_class, "flow.export-svg", NULL, export_svg_action);
  gtk_widget_class_install_action (widget_class, "flow.export-png", NULL, export_png_action);
  g_type_ensure (WF_TYPE_FLOW_INSPECTOR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-flow-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, flap);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, flows_button);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, flow_title);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, flows);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, lanes);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, paned);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, steps);
  gtk_widget_class_bind_template_child (widget_class, WfFlowPage, inspector);
  gtk_widget_class_bind_template_callback (widget_class, on_flow_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_flow_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_step_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_revealing);
}

static void
wf_flow_page_init (WfFlowPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wf_flow_inspector_show (self->inspector, NULL, NULL, 0);
}

GtkWidget *
wf_flow_page_new (void)
{
  return g_object_new (WF_TYPE_FLOW_PAGE, NULL);
}
