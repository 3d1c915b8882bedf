/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-step-view.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"

#define MARGIN 6
#define GAP 3
#define HEAD 7
#define DOT 7
#define BESIDE 14

struct _WfFlowStepView
{
  GtkWidget    parent_instance;

  WfFlow      *flow;
  guint        index;
  guint        n_lanes;
  PangoLayout *title;
  PangoLayout *detail;
};

G_DEFINE_FINAL_TYPE (WfFlowStepView, wf_flow_step_view, GTK_TYPE_WIDGET)

static const WfFlowStep *
get_step (WfFlowStepView *self)
{
  return wf_flow_get_step (self->flow, self->index);
}

static double
get_lane_x (WfFlowStepView *self,
            WfLane          lane,
            int             width)
{
  double x = (lane + 0.5) * width / self->n_lanes;

  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? width - x : x;
}

static PangoLayout *
make_layout (WfFlowStepView *self,
             const char     *text,
             gboolean        small)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if (small)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_scale_new (0.86));
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
    }
  return layout;
}

/* The line below a title: what it was about, and how it went. */
static char *
make_detail (const WfFlowStep *step)
{
  g_autofree char *measure = wf_flow_step_measure (step);

  if (step->detail && *measure)
    return g_strdup_printf ("%s · %s", step->detail, measure);
  return step->detail ? g_strdup (step->detail) : g_steal_pointer (&measure);
}

static void
ensure_layouts (WfFlowStepView *self)
{
  const WfFlowStep *step = get_step (self);
  g_autofree char *detail = NULL;

  if (self->title)
    return;
  detail = make_detail (step);
  self->title = make_layout (self, step->title, FALSE);
  self->detail = make_layout (self, detail, TRUE);
}

static void
forget_layouts (WfFlowStepView *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->detail);
}

static int
get_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static gboolean
has_detail (WfFlowStepView *self)
{
  return *pango_layout_get_text (self->detail) != '\0';
}

/* Lays a text out in the room from @left on. @place: where its words stand in there, 0 left … 1 right, whatever their
 * direction is. Returns: where they are */
static GdkRectangle
place_words (PangoLayout *layout,
             double       left,
             double       top,
             int          room,
             double       place)
{
  int width, height;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > room)
    {
      pango_layout_set_width (layout, MAX (room, 1) * PANGO_SCALE);
      width = room;
    }
  return (GdkRectangle) { (int) (left + (room - width) * place), (int) top, width, width > 0 ? height : 0 };
}

/* Lines give way to words. */
static void
draw_lifelines (WfFlowStepView     *self,
                cairo_t            *cr,
                const GdkRectangle *title,
                const GdkRectangle *detail,
                int                 width,
                int                 height)
{
  const GdkRectangle *words[] = { title, detail };

  for (guint lane = 0; lane < self->n_lanes; lane++)
    {
      double x = (int) get_lane_x (self, lane, width) + 0.5;

      cairo_move_to (cr, x, 0);
      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (x > words[i]->x - GAP && x < words[i]->x + words[i]->width + GAP)
          {
            cairo_line_to (cr, x, words[i]->y);
            cairo_move_to (cr, x, words[i]->y + words[i]->height);
          }
      cairo_line_to (cr, x, height);
    }
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_arrow (cairo_t *cr,
            double   from,
            double   to,
            double   y)
{
  double way = to > from ? 1 : -1;

  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, from, y);
  cairo_line_to (cr, to - way * HEAD, y);
  cairo_stroke (cr);
  cairo_move_to (cr, to - way, y);
  cairo_line_to (cr, to - way * (HEAD + 2), y - HEAD * 0.7);
  cairo_line_to (cr, to - way * (HEAD + 2), y + HEAD * 0.7);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* A disc with a tick, or a cross where it failed. */
static void
draw_mark (cairo_t       *cr,
           double         x,
           double         y,
           gboolean       failed,
           const GdkRGBA *paper)
{
  cairo_arc (cr, x, y, DOT, 0, 2 * G_PI);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, paper);
  cairo_set_line_width (cr, 1.8);
  if (failed)
    {
      cairo_move_to (cr, x - 2.7, y - 2.7);
      cairo_line_to (cr, x + 2.7, y + 2.7);
      cairo_move_to (cr, x + 2.7, y - 2.7);
      cairo_line_to (cr, x - 2.7, y + 2.7);
    }
  else
    {
      cairo_move_to (cr, x - 3.2, y + 0.2);
      cairo_line_to (cr, x - 0.9, y + 2.6);
      cairo_line_to (cr, x + 3.3, y - 2.5);
    }
  cairo_stroke (cr);
}

static void
draw_text (GtkSnapshot        *snapshot,
           PangoLayout        *layout,
           const GdkRectangle *place,
           const GdkRGBA      *colour)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) place->x, (float) place->y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA line;
  GdkRGBA mark;
  GdkRGBA paper;
} Colours;

static void
get_colours (WfFlowStepView *self,
             Colours        *colours)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  gboolean failed = get_step (self)->failed;

  gtk_style_context_get_color (context, &colours->text);
  colours->dim = colours->text;
  colours->dim.alpha *= 0.65f;
  colours->line = colours->text;
  colours->line.alpha *= 0.25f;
  if (!gtk_style_context_lookup_color (context, failed ? "error_color" : "accent_color", &colours->mark))
    colours->mark = colours->text;
  if (!gtk_style_context_lookup_color (context, "view_bg_color", &colours->paper))
    colours->paper = (GdkRGBA) { 1, 1, 1, 1 };
}

/* A failed message has a cross on its way, too: colour alone says nothing. */
static void
snapshot_message (WfFlowStepView *self,
                  GtkSnapshot    *snapshot,
                  const Colours  *colours,
                  int             width,
                  int             height)
{
  const WfFlowStep *step = get_step (self);
  double from = get_lane_x (self, step->from, width);
  double to = get_lane_x (self, step->to, width);
  int title_height = get_height (self->title);
  double y = MARGIN + title_height + GAP + HEAD;
  int lane = width / (int) self->n_lanes;
  int room = MIN (width - 2 * MARGIN, (int) ABS (to - from) + lane - 2 * BESIDE);
  double left = CLAMP ((from + to - room) / 2, MARGIN, MAX (width - room - MARGIN, MARGIN));
  GdkRectangle title;
  GdkRectangle detail;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  title = place_words (self->title, left, MARGIN, room, 0.5);
  detail = place_words (self->detail, left, y + HEAD + GAP, room, 0.5);
  gdk_cairo_set_source_rgba (cr, &colours->line);
  draw_lifelines (self, cr, &title, &detail, width, height);
  gdk_cairo_set_source_rgba (cr, &colours->mark);
  draw_arrow (cr, from, to, y);
  if (step->failed)
    draw_mark (cr, (from + to) / 2, y, TRUE, &colours->paper);
  cairo_destroy (cr);

  draw_text (snapshot, self->title, &title, &colours->text);
  draw_text (snapshot, self->detail, &detail, &colours->dim);
}

static void
snapshot_home (WfFlowStepView *self,
               GtkSnapshot    *snapshot,
               const Colours  *colours,
               int             width,
               int             height)
{
  const WfFlowStep *step = get_step (self);
  double x = get_lane_x (self, step->from, width);
  int title_height = get_height (self->title);
  double y = MARGIN + title_height / 2.0;
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  /* On the side that has more room; in the middle on that where a line begins. */
  gboolean before = (step->from + 0.5 > self->n_lanes / 2.0) != mirrored;
  int room = (int) (before ? x : width - x) - BESIDE - MARGIN;
  double left = before ? x - BESIDE - room : x + BESIDE;
  GdkRectangle title;
  GdkRectangle detail;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  title = place_words (self->title, left, MARGIN, room, before);
  detail = place_words (self->detail, left, MARGIN + title_height + GAP, room, before);
  gdk_cairo_set_source_rgba (cr, &colours->line);
  draw_lifelines (self, cr, &title, &detail, width, height);
  gdk_cairo_set_source_rgba (cr, &colours->mark);
  draw_mark (cr, x, y, step->failed, &colours->paper);
  cairo_destroy (cr);

  draw_text (snapshot, self->title, &title, &colours->text);
  draw_text (snapshot, self->detail, &detail, &colours->dim);
}

static void
wf_flow_step_view_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  WfFlowStepView *self = WF_FLOW_STEP_VIEW (widget);
  const WfFlowStep *step = get_step (self);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  Colours colours;

  ensure_layouts (self);
  get_colours (self, &colours);
  if (step->from == step->to)
    snapshot_home (self, snapshot, &colours, width, height);
  else
    snapshot_message (self, snapshot, &colours, width, height);
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
  const WfFlowStep *step = get_step (self);
  int height = 2 * MARGIN;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) self->n_lanes * 80;
      *natural = (int) self->n_lanes * 150;
      return;
    }
  ensure_layouts (self);
  height += get_height (self->title);
  if (has_detail (self))
    height += GAP + get_height (self->detail);
  if (step->from != step->to)
    height += GAP + 2 * HEAD;
  *minimum = *natural = height;
}

static void
wf_flow_step_view_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (wf_flow_step_view_parent_class)->css_changed (widget, change);
  forget_layouts (WF_FLOW_STEP_VIEW (widget));
  gtk_widget_queue_resize (widget);
}

static void
wf_flow_step_view_dispose (GObject *object)
{
  WfFlowStepView *self = WF_FLOW_STEP_VIEW (object);

  forget_layouts (self);
  g_clear_object (&self->flow);
  G_OBJECT_CLASS (wf_flow_step_view_parent_class)->dispose (object);
}

static void
wf_flow_step_view_class_init (WfFlowStepViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_flow_step_view_dispose;
  widget_class->snapshot = wf_flow_step_view_snapshot;
  widget_class->measure = wf_flow_step_view_measure;
  widget_class->css_changed = wf_flow_step_view_css_changed;
  /* The row that it is in speaks for it. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
wf_flow_step_view_init (WfFlowStepView *self)
{
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

const char *
wf_lane_get_title (WfLane lane)
{
  switch (lane)
    {
    case WF_LANE_PERSON:
      /* Translators: the lane of the sign-in view or the browser */
      return _("You");
    case WF_LANE_SERVER:
      return _("Authorization server");
    case WF_LANE_API:
      /* Translators: the lane of the resource server */
      return _("API");
    case WF_LANE_WARIFU:
    default:
      return "Warifu";
    }
}

char *
wf_flow_step_measure (const WfFlowStep *step)
{
  /* The request and its answer share one exchange; the time is told with the answer. */
  if (!step->exchange || step->to != WF_LANE_WARIFU || step->exchange->duration_us < 0)
    return g_strdup ("");
  return wf_format_elapsed (step->exchange->duration_us);
}

char *
wf_flow_step_describe (const WfFlowStep *step,
                       guint             number)
{
  g_autofree char *way = NULL;
  g_autofree char *detail = make_detail (step);
  GString *text = g_string_new (NULL);

  if (step->from == step->to)
    way = g_strdup (wf_lane_get_title (step->from));
  else
    /* Translators: who sends a message, and to whom */
    way = g_strdup_printf (_("%1$s to %2$s"), wf_lane_get_title (step->from), wf_lane_get_title (step->to));
  g_string_append_printf (text, "%u. %s: %s", number, way, step->title);
  if (*detail)
    g_string_append_printf (text, ", %s", detail);
  if (step->failed)
    g_string_append_printf (text, ", %s", _("failed"));
  return g_string_free (text, FALSE);
}
