/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-step-view.h"

#include <adwaita.h>

#include "wf-flow-draw.h"
#include "wf-flow-words.h"

#define MAX_LANES (WF_LANE_API + 1)
/* A longer text is cut; the inspector has all of it. */
#define MAX_LINES 4
#define MIN_LANE 72
#define NATURAL_LANE 150

struct _WfFlowStepView
{
  GtkWidget   parent_instance;

  WfFlow     *flow; /* NULL: the heads of the lanes */
  guint       index;
  guint       n_lanes;

  int         laid_out; /* the width that the next are for; -1 */
  int         height;
  WfFlowPlace place;
  WfFlowWords heads[MAX_LANES];
};

G_DEFINE_FINAL_TYPE (WfFlowStepView, wf_flow_step_view, GTK_TYPE_WIDGET)

static WfFlowFrame
get_frame (WfFlowStepView *self,
           int             width)
{
  return (WfFlowFrame) {
    .context = gtk_widget_get_pango_context (GTK_WIDGET (self)),
    .width = width,
    .n_lanes = self->n_lanes,
    .max_lines = MAX_LINES,
    .started_at = self->flow ? wf_flow_get_started_at (self->flow) : 0,
  };
}

static void
forget_layout (WfFlowStepView *self)
{
  wf_flow_place_clear (&self->place);
  for (guint i = 0; i < G_N_ELEMENTS (self->heads); i++)
    wf_flow_words_clear (&self->heads[i]);
  self->laid_out = -1;
}

static void
lay_out (WfFlowStepView *self,
         int             width)
{
  WfFlowFrame frame;

  if (self->laid_out == width)
    return;
  forget_layout (self);
  frame = get_frame (self, width);
  if (self->flow)
    {
      wf_flow_place_init (&self->place, &frame, wf_flow_get_step (self->flow, self->index), 0);
      self->height = (int) self->place.height + 1;
      /* The lines go on without a gap in the next row. */
      self->place.height = self->height;
    }
  else
    self->height = (int) wf_flow_frame_place_heads (&frame, 0, self->heads) + 1;
  self->laid_out = width;
}

static WfFlowColour
to_colour (const GdkRGBA *colour,
           double         alpha)
{
  return (WfFlowColour) { colour->red, colour->green, colour->blue, colour->alpha * alpha };
}

static WfFlowColour
look_up (GtkStyleContext *context,
         const char      *name,
         const GdkRGBA   *fallback)
{
  GdkRGBA colour = *fallback;

  gtk_style_context_lookup_color (context, name, &colour);
  return to_colour (&colour, 1);
}

/* The desktop's colours, so that dark and high contrast are right by themselves. */
static void
get_palette (WfFlowStepView *self,
             WfFlowPalette  *palette)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  static const GdkRGBA white = { 1, 1, 1, 1 };
  gboolean strong = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  GdkRGBA text;

  gtk_style_context_get_color (context, &text);
  palette->text = to_colour (&text, 1);
  palette->dim = to_colour (&text, strong ? 1 : 0.65);
  palette->line = to_colour (&text, strong ? 0.6 : 0.25);
  palette->accent = look_up (context, "accent_color", &text);
  palette->error = look_up (context, "error_color", &text);
  palette->paper = look_up (context, "view_bg_color", &white);
}

static void
wf_flow_step_view_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  WfFlowStepView *self = WF_FLOW_STEP_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  WfFlowFrame frame = get_frame (self, width);
  WfFlowPalette palette;
  cairo_t *cr;

  lay_out (self, width);
  get_palette (self, &palette);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) gtk_widget_get_height (widget)));
  if (self->flow)
    wf_flow_draw_place (cr, &frame, &self->place, &palette);
  for (guint i = 0; !self->flow && i < self->n_lanes; i++)
    wf_flow_draw_words (cr, &self->heads[i], &palette.text);
  cairo_destroy (cr);
}

static GtkSizeRequestMode
wf_flow_step_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
wf_flow_step_view_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  WfFlowStepView *self = WF_FLOW_STEP_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) self->n_lanes * MIN_LANE;
      *natural = (int) self->n_lanes * NATURAL_LANE;
      return;
    }
  lay_out (self, for_size < 0 ? (int) self->n_lanes * NATURAL_LANE : for_size);
  *minimum = *natural = self->height;
}

static void
wf_flow_step_view_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (wf_flow_step_view_parent_class)->css_changed (widget, change);
  forget_layout (WF_FLOW_STEP_VIEW (widget));
  gtk_widget_queue_resize (widget);
}

static void
wf_flow_step_view_direction_changed (GtkWidget       *widget,
                                     GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (wf_flow_step_view_parent_class)->direction_changed (widget, previous);
  forget_layout (WF_FLOW_STEP_VIEW (widget));
}

static void
wf_flow_step_view_dispose (GObject *object)
{
  WfFlowStepView *self = WF_FLOW_STEP_VIEW (object);

  forget_layout (self);
  g_clear_object (&self->flow);
  G_OBJECT_CLASS (wf_flow_step_view_parent_class)->dispose (object);
}

static void
wf_flow_step_view_class_init (WfFlowStepViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_flow_step_view_dispose;
  widget_class->snapshot = wf_flow_step_view_snapshot;
  widget_class->get_request_mode = wf_flow_step_view_get_request_mode;
  widget_class->measure = wf_flow_step_view_measure;
  widget_class->css_changed = wf_flow_step_view_css_changed;
  widget_class->direction_changed = wf_flow_step_view_direction_changed;
  /* The row that it is in speaks for it. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
wf_flow_step_view_init (WfFlowStepView *self)
{
  self->laid_out = -1;
}

GtkWidget *
wf_flow_step_view_new (WfFlow *flow,
                       guint   index,
                       guint   n_lanes)
{
  WfFlowStepView *self = g_object_new (WF_TYPE_FLOW_STEP_VIEW, NULL);

  self->flow = g_object_ref (flow);
  self->index = index;
  self->n_lanes = n_lanes;
  return GTK_WIDGET (self);
}

GtkWidget *
wf_flow_step_view_new_heads (guint n_lanes)
{
  WfFlowStepView *self = g_object_new (WF_TYPE_FLOW_STEP_VIEW, NULL);

  self->n_lanes = MIN (n_lanes, MAX_LANES);
  return GTK_WIDGET (self);
}
