/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-chart.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "wf-clock.h"
#include "wf-format.h"
#include "wf-history-view.h"
#include "wf-history-words.h"
#include "wf-ticker.h"

#define EVENT_WIDTH 12

struct _WfHistoryChart
{
  GtkWidget     parent_instance;

  WfHistoryView view;
  int           chosen; /* which of the things; -1 none */
  int           hovered;
  char         *summary;

  double        drag_start;
  double        zoom_span;
  double        pointer_x;
  gboolean      moved;  /* the person has chosen what to see */
};

G_DEFINE_FINAL_TYPE (WfHistoryChart, wf_history_chart, GTK_TYPE_WIDGET)

enum
{
  PROP_WORDS = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA grid;
  GdkRGBA access;
  GdkRGBA refresh;
  GdkRGBA error;
} Colours;

static gint64
get_now (void)
{
  return wf_clock_now (wf_clock_get_default ());
}

static WfHistoryMetrics
get_metrics (WfHistoryChart *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "X");
  int line;

  pango_layout_get_pixel_size (layout, NULL, &line);
  return wf_history_metrics_new (line);
}

/* Time runs as the locale reads. */
static const WfHistoryView *
get_view (WfHistoryChart *self)
{
  self->view.width = gtk_widget_get_width (GTK_WIDGET (self));
  self->view.mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  return &self->view;
}

/* --- what is said --- */

static char *
get_words (WfHistoryChart *self)
{
  const WfHistoryThing *thing = wf_history_view_get (&self->view, self->hovered >= 0 ? self->hovered : self->chosen);

  return thing ? wf_history_thing_describe (thing, get_now ()) : g_strdup (self->summary);
}

/* What is chosen is the value of the chart, for those who cannot see it. */
static void
update_accessible (WfHistoryChart *self)
{
  const WfHistoryThing *thing = wf_history_view_get (&self->view, self->chosen);
  g_autofree char *words = thing ? wf_history_thing_describe (thing, get_now ()) : NULL;
  g_autofree char *spoken = NULL;

  if (thing)
    /* Translators: %1$s is what is chosen in a chart, %2$d its number of %3$u */
    spoken = g_strdup_printf (_("%1$s (%2$d of %3$u)"), words, self->chosen + 1, self->view.things->len);
  else
    spoken = g_strdup (self->summary ? self->summary : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
say (WfHistoryChart *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORDS]);
}

/* --- what is seen --- */

static void
set_view (WfHistoryChart *self,
          double          start,
          double          span)
{
  wf_history_view_set (&self->view, start, span);
  self->moved = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
zoom (WfHistoryChart *self,
      double          factor,
      double          fraction)
{
  wf_history_view_zoom (&self->view, factor, fraction);
  self->moved = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose (WfHistoryChart *self,
        int             index)
{
  const WfHistoryThing *thing;

  if (self->view.things->len == 0)
    return;
  self->chosen = CLAMP (index, 0, (int) self->view.things->len - 1);
  thing = wf_history_view_get (&self->view, self->chosen);
  if (wf_history_thing_get_begin (thing) < self->view.start || wf_history_thing_get_begin (thing) > self->view.start + self->view.span)
    set_view (self, wf_history_thing_get_begin (thing) - self->view.span / 2, self->view.span);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  update_accessible (self);
  say (self);
}

/* --- drawing --- */

static void
look_up (GtkStyleContext *context,
         const char      *name,
         GdkRGBA         *colour,
         const GdkRGBA   *fallback)
{
  if (!gtk_style_context_lookup_color (context, name, colour))
    *colour = *fallback;
}

static void
get_colours (WfHistoryChart *self,
             Colours        *colours)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  gboolean strong = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());

  gtk_style_context_get_color (context, &colours->text);
  colours->dim = colours->text;
  colours->dim.alpha *= strong ? 1 : 0.65f;
  colours->grid = colours->text;
  colours->grid.alpha *= strong ? 0.4f : 0.12f;
  look_up (context, "accent_color", &colours->access, &colours->text);
  look_up (context, adw_style_manager_get_dark (adw_style_manager_get_default ()) ? "purple_1" : "purple_3",
           &colours->refresh, &colours->text);
  look_up (context, "error_color", &colours->error, &colours->text);
}

static int
measure_label (WfHistoryChart *self,
               const char     *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* @place: 0: the text begins at @x; 0.5: it is in the middle there */
static void
draw_label (WfHistoryChart *self,
            GtkSnapshot    *snapshot,
            const char     *text,
            double          x,
            double          y,
            double          place,
            const GdkRGBA  *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  x = CLAMP (x - width * place, 0, MAX (gtk_widget_get_width (GTK_WIDGET (self)) - width, 0));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* Local midnights and full hours, not those of UTC. */
static gint64
get_first_tick (WfHistoryChart *self,
                gint64          step)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local ((gint64) self->view.start);
  gint64 offset = start ? g_date_time_get_utc_offset (start) / G_TIME_SPAN_SECOND : 0;
  gint64 local = (gint64) self->view.start + offset;

  return (local / step + 1) * step - offset;
}

static void
snapshot_axis (WfHistoryChart *self,
               GtkSnapshot    *snapshot,
               const Colours  *colours,
               const WfHistoryMetrics *m)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gint64 now = get_now ();
  g_autofree char *first = wf_format_clock ((gint64) self->view.start, now);
  double room = MAX (100 * m->unit, measure_label (self, first) + 16 * m->unit);
  gint64 step = wf_chart_pick_step ((gint64) self->view.span, (guint) MAX (width / room, 2));

  for (gint64 tick = get_first_tick (self, step); (double) tick < self->view.start + self->view.span; tick += step)
    {
      double x = wf_history_view_to_x (get_view (self), (double) tick);
      g_autofree char *text = step < 60 ? wf_format_clock_seconds (tick) : wf_format_clock (tick, now);
      double half = measure_label (self, text) / 2.0;

      gtk_snapshot_append_color (snapshot, &colours->grid,
                                 &GRAPHENE_RECT_INIT ((float) floor (x), (float) m->top, 1,
                                                      (float) (m->height - m->top - m->axis + 4)));
      /* Moved in from the edge it would run into the next. */
      if (x >= half && x <= width - half)
        draw_label (self, snapshot, text, x, m->height - m->axis + 6 * m->unit, 0.5, &colours->dim);
    }
}

static void
draw_bar (cairo_t       *cr,
          const GdkRGBA *colour,
          double         alpha,
          double         x,
          double         y,
          double         width,
          double         height)
{
  double radius = MIN (height / 2, width / 2);

  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, colour->alpha * alpha);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_cross (cairo_t       *cr,
            const GdkRGBA *colour,
            double         x,
            double         y,
            double         unit)
{
  double arm = 4 * unit;

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 2 * unit);
  cairo_move_to (cr, x - arm, y - arm);
  cairo_line_to (cr, x + arm, y + arm);
  cairo_move_to (cr, x + arm, y - arm);
  cairo_line_to (cr, x - arm, y + arm);
  cairo_stroke (cr);
}

static void
draw_sign_out (cairo_t       *cr,
               const GdkRGBA *colour,
               double         x,
               const WfHistoryMetrics *m)
{
  static const double dashes[] = { 3, 3 };

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_save (cr);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, floor (x) + 0.5, m->top);
  cairo_line_to (cr, floor (x) + 0.5, m->height - m->axis);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_ring (WfHistoryChart *self,
           cairo_t        *cr,
           const Colours  *colours,
           double          x,
           double          y,
           double          width,
           double          height)
{
  gdk_cairo_set_source_rgba (cr, &colours->text);
  cairo_set_line_width (cr, 2);
  cairo_rectangle (cr, x - 3, y - 3, width + 6, height + 6);
  cairo_stroke (cr);
}

/* A token is bright until the next one took its place, and pale for as long as it would still have been good. */
static void
draw_token (WfHistoryChart *self,
            cairo_t        *cr,
            const Colours  *colours,
            const WfHistoryMetrics *m,
            const WfHistoryThing *thing,
            gboolean        chosen)
{
  const GdkRGBA *colour = thing->bar->kind == WF_BAR_ACCESS ? &colours->access : &colours->refresh;
  double y = wf_history_thing_get_y (thing, m);
  double end = wf_history_thing_get_end (thing, (double) get_now ());
  double x, width, bright_x, bright_width;

  if (!wf_history_view_get_extent (get_view (self), thing->bar->from, end, m->bar, &x, &width))
    return;
  draw_bar (cr, colour, 0.3, x, y, width, m->bar);
  if (wf_history_view_get_extent (get_view (self), thing->bar->from, CLAMP (MIN (thing->bar->replaced, (double) get_now ()), thing->bar->from, end),
                  m->bar, &bright_x, &bright_width))
    draw_bar (cr, colour, 1, bright_x, y, bright_width, m->bar);
  if (chosen)
    draw_ring (self, cr, colours, x, y, width, m->bar);
}

static void
draw_event (WfHistoryChart *self,
            cairo_t        *cr,
            const Colours  *colours,
            const WfHistoryMetrics *m,
            const WfHistoryThing *thing,
            gboolean        chosen)
{
  double x = wf_history_view_to_x (get_view (self), wf_history_thing_get_begin (thing));
  double y = m->failure;

  if (x < -EVENT_WIDTH || x > gtk_widget_get_width (GTK_WIDGET (self)) + EVENT_WIDTH)
    return;
  if (wf_event_is_failure (thing->event))
    draw_cross (cr, &colours->error, x, y, m->unit);
  else
    draw_sign_out (cr, &colours->dim, x, m);
  if (chosen)
    draw_ring (self, cr, colours, x - 4 * m->unit, y - 4 * m->unit, 8 * m->unit, 8 * m->unit);
}

/* Of tens of thousands of things only those are drawn that do not fall on the same pixel of the same row. */
static gboolean
is_covered (WfHistoryChart *self,
            const WfHistoryThing *thing,
            int            *last)
{
  guint row = !thing->bar ? WF_HISTORY_ACCESS_ROWS + WF_HISTORY_REFRESH_ROWS : thing->bar->kind == WF_BAR_ACCESS ? thing->row : WF_HISTORY_ACCESS_ROWS + thing->row;
  int begin = (int) wf_history_view_to_x (get_view (self), wf_history_thing_get_begin (thing));
  int end = (int) wf_history_view_to_x (get_view (self), wf_history_thing_get_end (thing, (double) get_now ()));
  gboolean covered = ABS (begin - end) < 3 && last[row] == begin;

  last[row] = begin;
  return covered;
}

static void
snapshot_things (WfHistoryChart *self,
                 GtkSnapshot    *snapshot,
                 const Colours  *colours,
                 const WfHistoryMetrics *m)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) m->height));
  int last[WF_HISTORY_ACCESS_ROWS + WF_HISTORY_REFRESH_ROWS + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (last); i++)
    last[i] = G_MININT;
  for (guint i = 0; i < self->view.things->len; i++)
    {
      const WfHistoryThing *thing = &g_array_index (self->view.things, WfHistoryThing, i);
      gboolean chosen = (int) i == self->chosen;

      if (is_covered (self, thing, last) && !chosen)
        continue;
      if (thing->bar)
        draw_token (self, cr, colours, m, thing, chosen);
      else
        draw_event (self, cr, colours, m, thing, chosen);
    }
  cairo_destroy (cr);
}

static void
snapshot_now (WfHistoryChart *self,
              GtkSnapshot    *snapshot,
              const Colours  *colours,
              const WfHistoryMetrics *m)
{
  double now = wf_history_view_to_x (get_view (self), (double) get_now ());

  if (now < 0 || now > gtk_widget_get_width (GTK_WIDGET (self)))
    return;
  gtk_snapshot_append_color (snapshot, &colours->text,
                             &GRAPHENE_RECT_INIT ((float) floor (now), (float) m->top, 2,
                                                  (float) (m->height - m->top - m->axis)));
  /* Translators: the line of the present moment in a chart over time */
  draw_label (self, snapshot, C_("chart", "now"), now, 0, 0.5, &colours->text);
}

static void
wf_history_chart_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  int width = gtk_widget_get_width (widget);
  WfHistoryMetrics m = get_metrics (self);
  double edge = get_view (self)->mirrored ? width : 0;
  Colours colours;

  get_colours (self, &colours);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) gtk_widget_get_height (widget)));
  snapshot_axis (self, snapshot, &colours, &m);
  draw_label (self, snapshot, _("Access tokens"), edge, m.access_top - m.line - m.unit, edge > 0, &colours.dim);
  draw_label (self, snapshot, _("Refresh tokens"), edge, m.refresh_top - m.line - m.unit, edge > 0, &colours.dim);
  snapshot_things (self, snapshot, &colours, &m);
  snapshot_now (self, snapshot, &colours, &m);
  gtk_snapshot_pop (snapshot);
}

static void
wf_history_chart_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 200;
      *natural = 600;
      return;
    }
  *minimum = *natural = (int) ceil (get_metrics (WF_HISTORY_CHART (widget)).height);
}

/* --- pointing --- */

static int
find_near (WfHistoryChart *self,
           double          x,
           double          y)
{
  WfHistoryMetrics m = get_metrics (self);

  return wf_history_view_find (get_view (self), &m, (double) get_now (), x, y);
}

static gboolean
wf_history_chart_query_tooltip (GtkWidget  *widget,
                                int         x,
                                int         y,
                                gboolean    keyboard,
                                GtkTooltip *tooltip)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  const WfHistoryThing *thing = wf_history_view_get (&self->view, keyboard ? self->chosen : find_near (self, x, y));
  g_autofree char *words = NULL;
  g_autofree char *cause = NULL;

  if (!thing)
    return FALSE;
  words = wf_history_thing_describe (thing, get_now ());
  cause = wf_event_describe (thing->event, get_now ());
  if (thing->bar)
    {
      g_autofree char *both = g_strdup_printf ("%s\n%s", words, cause);

      gtk_tooltip_set_text (tooltip, both);
    }
  else
    gtk_tooltip_set_text (tooltip, words);
  return TRUE;
}

static void
set_hovered (WfHistoryChart *self,
             int             index)
{
  if (self->hovered == index)
    return;
  self->hovered = index;
  say (self);
}

static void
on_motion (WfHistoryChart *self,
           double          x,
           double          y)
{
  self->pointer_x = x;
  set_hovered (self, find_near (self, x, y));
}

static void
on_leave (WfHistoryChart *self)
{
  set_hovered (self, -1);
}

static void
on_pressed (WfHistoryChart  *self,
            int              presses,
            double           x,
            double           y)
{
  int index = find_near (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (index >= 0)
    choose (self, index);
}

static void
on_tick (GtkWidget *widget)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  double pixel = self->view.span / MAX (gtk_widget_get_width (widget), 1);

  /* The now-line moves a pixel in so many seconds. */
  if (pixel < 2 || get_now () % (gint64) pixel == 0)
    gtk_widget_queue_draw (widget);
}

static gboolean
on_scroll (WfHistoryChart           *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double way = get_view (self)->mirrored ? -1 : 1;

  if (state & GDK_CONTROL_MASK)
    zoom (self, pow (0.85, dy), wf_history_view_to_fraction (get_view (self), self->pointer_x));
  else
    set_view (self, self->view.start + (dx * way + dy) * self->view.span * 0.05, self->view.span);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (WfHistoryChart *self)
{
  self->drag_start = self->view.start;
}

static void
on_drag_update (WfHistoryChart *self,
                double          x,
                double          y)
{
  double way = get_view (self)->mirrored ? -1 : 1;

  if (ABS (x) > 2)
    set_view (self, self->drag_start - way * x / MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1) * self->view.span, self->view.span);
}

static void
on_zoom_begin (WfHistoryChart *self)
{
  self->zoom_span = self->view.span;
}

static void
on_zoom_scale (WfHistoryChart *self,
               double          scale)
{
  zoom (self, self->view.span / (self->zoom_span / scale), wf_history_view_to_fraction (get_view (self), self->pointer_x));
}

/* --- keys --- */

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  const WfHistoryThing *thing = wf_history_view_get (&self->view, self->chosen);
  double factor = g_variant_get_double (parameter);
  double fraction = thing ? (wf_history_thing_get_begin (thing) - self->view.start) / self->view.span : 0.5;

  if (factor > 0)
    {
      zoom (self, factor, fraction >= 0 && fraction <= 1 ? fraction : 0.5);
      return;
    }
  self->moved = FALSE;
  wf_history_view_show_newest (&self->view, (double) get_now ());
  gtk_widget_queue_draw (widget);
}

static void
move_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  double way = get_view (self)->mirrored ? -1 : 1;

  set_view (self, self->view.start + way * g_variant_get_double (parameter) * self->view.span, self->view.span);
}

/* From thing to thing: 1 the one to the right, -1 the one to the left; 2 the newest, -2 the oldest. */
static void
choose_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  int way = g_variant_get_int32 (parameter);

  if (ABS (way) == 1 && get_view (self)->mirrored)
    way = -way;
  if (ABS (way) == 2 || self->chosen < 0)
    choose (self, way == -2 ? 0 : G_MAXINT - 1);
  else
    choose (self, self->chosen + way);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
    double          value;
  } keys[] = {
    { GDK_KEY_plus, 0, "chart.zoom", 1.4 }, { GDK_KEY_equal, 0, "chart.zoom", 1.4 }, { GDK_KEY_KP_Add, 0, "chart.zoom", 1.4 },
    { GDK_KEY_minus, 0, "chart.zoom", 1 / 1.4 }, { GDK_KEY_KP_Subtract, 0, "chart.zoom", 1 / 1.4 },
    { GDK_KEY_0, 0, "chart.zoom", 0 }, { GDK_KEY_KP_0, 0, "chart.zoom", 0 },
    { GDK_KEY_Left, GDK_SHIFT_MASK, "chart.move", -0.1 }, { GDK_KEY_Right, GDK_SHIFT_MASK, "chart.move", 0.1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers, keys[i].action, "d", keys[i].value);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, 0, "chart.choose", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, 0, "chart.choose", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Home, 0, "chart.choose", "i", -2);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_End, 0, "chart.choose", "i", 2);
}

/* --- the widget --- */

static void
wf_history_chart_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_WORDS:
      g_value_take_string (value, get_words (WF_HISTORY_CHART (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_history_chart_finalize (GObject *object)
{
  WfHistoryChart *self = WF_HISTORY_CHART (object);

  wf_history_view_clear (&self->view);
  g_free (self->summary);
  G_OBJECT_CLASS (wf_history_chart_parent_class)->finalize (object);
}

static void
wf_history_chart_class_init (WfHistoryChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_history_chart_get_property;
  object_class->finalize = wf_history_chart_finalize;
  widget_class->snapshot = wf_history_chart_snapshot;
  widget_class->measure = wf_history_chart_measure;
  widget_class->query_tooltip = wf_history_chart_query_tooltip;
  properties[PROP_WORDS] = g_param_spec_string ("words", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_install_action (widget_class, "chart.zoom", "d", zoom_action);
  gtk_widget_class_install_action (widget_class, "chart.move", "d", move_action);
  gtk_widget_class_install_action (widget_class, "chart.choose", "i", choose_action);
  add_keys (widget_class);
}

static void
add_gestures (WfHistoryChart *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_zoom_begin), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_zoom_scale), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
wf_history_chart_init (WfHistoryChart *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  wf_history_view_init (&self->view);
  self->chosen = self->hovered = -1;
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  add_gestures (self);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  wf_history_view_show_newest (&self->view, (double) get_now ());
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
}

GtkWidget *
wf_history_chart_new (void)
{
  return g_object_new (WF_TYPE_HISTORY_CHART, NULL);
}

void
wf_history_chart_set_events (WfHistoryChart *self,
                             GPtrArray      *events)
{
  guint from_the_end = 0;
  guint things;

  g_return_if_fail (WF_IS_HISTORY_CHART (self));

  if (self->chosen >= 0)
    from_the_end = self->view.things->len - (guint) self->chosen;
  wf_history_view_set_events (&self->view, events);
  things = self->view.things->len;
  self->hovered = -1;
  self->chosen = from_the_end > 0 && from_the_end <= things ? (int) (things - from_the_end) : -1;
  g_free (self->summary);
  self->summary = wf_history_view_summarize (&self->view);
  update_accessible (self);
  say (self);
  if (!self->moved)
    wf_history_view_show_newest (&self->view, (double) get_now ());
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
