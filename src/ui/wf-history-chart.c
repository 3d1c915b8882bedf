/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "wf-clock.h"
#include "wf-format.h"
#include "wf-history-words.h"
#include "wf-ticker.h"
#include "wf-time.h"

#define N_ROWS 8
#define ROW 13
#define BAR 9
#define TOP 14
#define AXIS 24
#define MIN_SPAN 20.0
#define MAX_SPAN (20.0 * 365 * 86400)
/* At the first sight: this many tokens of the newest. */
#define FIRST_SIGHT 12

struct _WfHistoryChart
{
  GtkWidget  parent_instance;

  GPtrArray *events; /* newest first */
  double     start;  /* seconds since the epoch at the left edge */
  double     span;   /* seconds */
  double     drag_start;
  double     zoom_span;
  double     pointer; /* x */
  gboolean   moved;  /* the person has chosen what to see */
};

G_DEFINE_FINAL_TYPE (WfHistoryChart, wf_history_chart, GTK_TYPE_WIDGET)

typedef struct
{
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA grid;
  GdkRGBA accent;
  GdkRGBA error;
} Colours;

static double
get_time (const WfEvent *event)
{
  return (double) event->time / G_USEC_PER_SEC;
}

static gint64
get_now (void)
{
  return wf_clock_now (wf_clock_get_default ());
}

static double
to_x (WfHistoryChart *self,
      double          time)
{
  return (time - self->start) / self->span * gtk_widget_get_width (GTK_WIDGET (self));
}

static gboolean
is_token (const WfEvent *event)
{
  return (event->kind == WF_EVENT_SIGN_IN || event->kind == WF_EVENT_REFRESH) && !wf_event_is_failure (event);
}

/* From the newest tokens to a little after now. */
static void
show_newest (WfHistoryChart *self)
{
  double now = (double) get_now ();
  double from = now - 3600;
  double to = now;
  guint count = 0;

  for (guint i = 0; self->events && i < self->events->len && count < FIRST_SIGHT; i++)
    {
      const WfEvent *event = g_ptr_array_index (self->events, i);

      if (count++ == 0 && is_token (event) && event->expires_at != WF_TIME_UNKNOWN)
        to = MAX (to, MIN ((double) event->expires_at, now + 86400));
      from = MIN (get_time (event), to - MIN_SPAN);
    }
  if (count == 0)
    from = to - 3600;
  self->span = CLAMP ((to - from) * 1.12, MIN_SPAN, MAX_SPAN);
  self->start = from - (to - from) * 0.04;
}

static void
set_view (WfHistoryChart *self,
          double          start,
          double          span)
{
  self->span = CLAMP (span, MIN_SPAN, MAX_SPAN);
  self->start = CLAMP (start, 0, 253402300799.0 - self->span);
  self->moved = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
zoom (WfHistoryChart *self,
      double          factor,
      double          x)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);
  double at = self->start + x / width * self->span;
  double span = CLAMP (self->span / factor, MIN_SPAN, MAX_SPAN);

  set_view (self, at - x / width * span, span);
}

static void
get_colours (WfHistoryChart *self,
             Colours        *colours)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  gtk_style_context_get_color (context, &colours->text);
  colours->dim = colours->text;
  colours->dim.alpha *= 0.65f;
  colours->grid = colours->text;
  colours->grid.alpha *= 0.12f;
  if (!gtk_style_context_lookup_color (context, "accent_color", &colours->accent))
    colours->accent = colours->text;
  if (!gtk_style_context_lookup_color (context, "error_color", &colours->error))
    colours->error = colours->text;
}

static void
draw_label (WfHistoryChart *self,
            GtkSnapshot    *snapshot,
            const char     *text,
            double          x,
            double          y,
            const GdkRGBA  *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  x = CLAMP (x - width / 2.0, 0, MAX (gtk_widget_get_width (GTK_WIDGET (self)) - width, 0));
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
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local ((gint64) self->start);
  gint64 offset = start ? g_date_time_get_utc_offset (start) / G_TIME_SPAN_SECOND : 0;
  gint64 local = (gint64) self->start + offset;

  return (local / step + 1) * step - offset;
}

static void
snapshot_axis (WfHistoryChart *self,
               GtkSnapshot    *snapshot,
               const Colours  *colours)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  gint64 step = wf_chart_pick_step ((gint64) self->span, (guint) MAX (width / 100, 2));
  gint64 now = get_now ();

  for (gint64 tick = get_first_tick (self, step); (double) tick < self->start + self->span; tick += step)
    {
      double x = to_x (self, (double) tick);
      g_autofree char *text = step < 60 ? wf_format_clock_seconds (tick) : wf_format_clock (tick, now);

      gtk_snapshot_append_color (snapshot, &colours->grid,
                                 &GRAPHENE_RECT_INIT ((float) floor (x), TOP, 1, (float) (height - TOP - AXIS + 4)));
      draw_label (self, snapshot, text, x, height - AXIS + 6, &colours->dim);
    }
}

static void
draw_bar (cairo_t       *cr,
          const GdkRGBA *colour,
          double         alpha,
          double         x,
          double         y,
          double         width)
{
  double radius = MIN (BAR / 2.0, width / 2);

  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, colour->alpha * alpha);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, G_PI_2);
  cairo_arc (cr, x + radius, y + BAR - radius, radius, G_PI_2, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_cross (cairo_t       *cr,
            const GdkRGBA *colour,
            double         x,
            double         y)
{
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x - 4, y - 4);
  cairo_line_to (cr, x + 4, y + 4);
  cairo_move_to (cr, x + 4, y - 4);
  cairo_line_to (cr, x - 4, y + 4);
  cairo_stroke (cr);
}

static void
draw_sign_out (cairo_t       *cr,
               const GdkRGBA *colour,
               double         x,
               int            height)
{
  static const double dashes[] = { 3, 3 };

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_save (cr);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, floor (x) + 0.5, TOP);
  cairo_line_to (cr, floor (x) + 0.5, height - AXIS);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A token is bright until the next one took its place, and pale for as long as it would still have been good. */
static void
draw_token (WfHistoryChart *self,
            cairo_t        *cr,
            const Colours  *colours,
            const WfEvent  *event,
            double          replaced,
            guint           row)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  double from = get_time (event);
  double until = event->expires_at == WF_TIME_UNKNOWN ? replaced : (double) event->expires_at;
  double y = TOP + ROW * row + (ROW - BAR) / 2.0;
  double x = to_x (self, from);
  double end = to_x (self, MAX (until, from));
  double bright = to_x (self, CLAMP (replaced, from, MAX (until, from)));

  if (end < 0 || x > width)
    return;
  x = MAX (x, -BAR);
  draw_bar (cr, &colours->accent, 0.3, x, y, MAX (MIN (end, width + BAR) - x, 3));
  draw_bar (cr, &colours->accent, 1.0, x, y, MAX (MIN (bright, width + BAR) - x, 3));
}

static void
snapshot_events (WfHistoryChart *self,
                 GtkSnapshot    *snapshot,
                 const Colours  *colours)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  double replaced = (double) get_now ();
  guint row = 0;

  for (guint i = 0; self->events && i < self->events->len; i++)
    {
      const WfEvent *event = g_ptr_array_index (self->events, i);
      double x = to_x (self, get_time (event));

      if (is_token (event))
        {
          draw_token (self, cr, colours, event, replaced, N_ROWS - 1 - row++ % N_ROWS);
          replaced = get_time (event);
        }
      else if (wf_event_is_failure (event))
        draw_cross (cr, &colours->error, x, TOP / 2.0);
      else if (event->kind == WF_EVENT_SIGN_OUT)
        {
          draw_sign_out (cr, &colours->dim, x, height);
          replaced = get_time (event);
        }
    }
  cairo_destroy (cr);
}

static void
wf_history_chart_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double now = to_x (self, (double) get_now ());
  Colours colours;

  get_colours (self, &colours);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  snapshot_axis (self, snapshot, &colours);
  snapshot_events (self, snapshot, &colours);
  if (now >= 0 && now <= width)
    {
      gtk_snapshot_append_color (snapshot, &colours.text,
                                 &GRAPHENE_RECT_INIT ((float) floor (now), TOP, 2, (float) (height - TOP - AXIS)));
      /* Translators: the line of the present moment in a chart over time */
      draw_label (self, snapshot, C_("chart", "now"), now, -1, &colours.text);
    }
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
  *minimum = *natural = TOP + N_ROWS * ROW + AXIS;
}

static gboolean
wf_history_chart_query_tooltip (GtkWidget  *widget,
                                int         x,
                                int         y,
                                gboolean    keyboard,
                                GtkTooltip *tooltip)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  const WfEvent *nearest = NULL;
  double distance = 12;
  g_autofree char *clock = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; self->events && i < self->events->len; i++)
    {
      const WfEvent *event = g_ptr_array_index (self->events, i);

      if (fabs (to_x (self, get_time (event)) - x) >= distance)
        continue;
      distance = fabs (to_x (self, get_time (event)) - x);
      nearest = event;
    }
  if (!nearest || keyboard)
    return FALSE;
  clock = wf_format_absolute (nearest->time / G_USEC_PER_SEC);
  text = g_strdup_printf ("%s · %s\n%s", wf_event_words_kind (nearest), wf_event_words_result (nearest), clock);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
on_tick (GtkWidget *widget)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  double pixel = self->span / MAX (gtk_widget_get_width (widget), 1);

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
  if (dy != 0)
    zoom (self, pow (0.85, dy), self->pointer);
  if (dx != 0)
    set_view (self, self->start + dx * self->span * 0.05, self->span);
  return GDK_EVENT_STOP;
}

static void
on_motion (WfHistoryChart *self,
           double          x,
           double          y)
{
  self->pointer = x;
}

static void
on_drag_begin (WfHistoryChart *self)
{
  self->drag_start = self->start;
}

static void
on_drag_update (WfHistoryChart *self,
                double          x,
                double          y)
{
  set_view (self, self->drag_start - x / MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1) * self->span, self->span);
}

static void
on_zoom_begin (WfHistoryChart *self)
{
  self->zoom_span = self->span;
}

static void
on_zoom_scale (WfHistoryChart *self,
               double          scale)
{
  zoom (self, self->span / (self->zoom_span / scale), self->pointer);
}

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);
  double factor = g_variant_get_double (parameter);

  if (factor > 0)
    {
      zoom (self, factor, gtk_widget_get_width (widget) / 2.0);
      return;
    }
  self->moved = FALSE;
  show_newest (self);
  gtk_widget_queue_draw (widget);
}

static void
move_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfHistoryChart *self = WF_HISTORY_CHART (widget);

  set_view (self, self->start + g_variant_get_double (parameter) * self->span, self->span);
}

static void
wf_history_chart_dispose (GObject *object)
{
  g_clear_pointer (&WF_HISTORY_CHART (object)->events, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_history_chart_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint       key;
    const char *action;
    double      value;
  } keys[] = {
    { GDK_KEY_plus, "chart.zoom", 1.4 }, { GDK_KEY_equal, "chart.zoom", 1.4 }, { GDK_KEY_KP_Add, "chart.zoom", 1.4 },
    { GDK_KEY_minus, "chart.zoom", 0.7 }, { GDK_KEY_KP_Subtract, "chart.zoom", 0.7 },
    { GDK_KEY_0, "chart.zoom", 0 }, { GDK_KEY_KP_0, "chart.zoom", 0 },
    { GDK_KEY_Left, "chart.move", -0.1 }, { GDK_KEY_Right, "chart.move", 0.1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, "d", keys[i].value);
}

static void
wf_history_chart_class_init (WfHistoryChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_history_chart_dispose;
  widget_class->snapshot = wf_history_chart_snapshot;
  widget_class->measure = wf_history_chart_measure;
  widget_class->query_tooltip = wf_history_chart_query_tooltip;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_install_action (widget_class, "chart.zoom", "d", zoom_action);
  gtk_widget_class_install_action (widget_class, "chart.move", "d", move_action);
  add_keys (widget_class);
}

static void
wf_history_chart_init (WfHistoryChart *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_zoom_begin), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_zoom_scale), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  show_newest (self);
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
  g_autofree char *spoken = NULL;
  guint tokens = 0;
  guint failures = 0;

  g_return_if_fail (WF_IS_HISTORY_CHART (self));

  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = events ? g_ptr_array_ref (events) : NULL;
  for (guint i = 0; events && i < events->len; i++)
    {
      tokens += is_token (g_ptr_array_index (events, i)) ? 1 : 0;
      failures += wf_event_is_failure (g_ptr_array_index (events, i)) ? 1 : 0;
    }
  /* Translators: what a screen reader says of the chart; the table below it has the same events */
  spoken = g_strdup_printf (_("Token lifetimes over time: %u tokens, %u failures"), tokens, failures);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  if (!self->moved)
    show_newest (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
