/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-timing.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"

#define BAR_HEIGHT 8
#define MIN_BAR 3.0

/* A bar that begins where the one above it ends. */
#define WF_TYPE_FLOW_SPAN (wf_flow_span_get_type ())
G_DECLARE_FINAL_TYPE (WfFlowSpan, wf_flow_span, WF, FLOW_SPAN, GtkWidget)

struct _WfFlowSpan
{
  GtkWidget parent_instance;

  double    begin; /* 0 … 1 */
  double    end;
};

G_DEFINE_FINAL_TYPE (WfFlowSpan, wf_flow_span, GTK_TYPE_WIDGET)

static void
wf_flow_span_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  WfFlowSpan *self = WF_FLOW_SPAN (widget);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  double width = gtk_widget_get_width (widget);
  double length = MIN (MAX ((self->end - self->begin) * width, MIN_BAR), width);
  double x = MIN (self->begin * width, width - length);
  double y = (gtk_widget_get_height (widget) - BAR_HEIGHT) / 2.0;
  GskRoundedRect rect;
  GdkRGBA colour;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = width - x - length;
  if (!gtk_style_context_lookup_color (context, "accent_color", &colour))
    gtk_style_context_get_color (context, &colour);
  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) length, BAR_HEIGHT), 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rect);
  gtk_snapshot_append_color (snapshot, &colour, &rect.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
wf_flow_span_measure (GtkWidget     *widget,
                      GtkOrientation orientation,
                      int            for_size,
                      int           *minimum,
                      int           *natural,
                      int           *minimum_baseline,
                      int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : BAR_HEIGHT;
}

static void
wf_flow_span_class_init (WfFlowSpanClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = wf_flow_span_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = wf_flow_span_measure;
  /* The words beside it say it. */
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
wf_flow_span_init (WfFlowSpan *self)
{
}

typedef struct
{
  const char *name;
  gint64      elapsed; /* microseconds; -1 */
} Part;

static void
add_row (GtkGrid    *grid,
         int         row,
         const Part *part,
         gint64      before,
         gint64      all)
{
  GtkWidget *name = gtk_label_new (part->name);
  g_autofree char *text = wf_format_elapsed (part->elapsed);
  GtkWidget *value = gtk_label_new (text);
  WfFlowSpan *span = g_object_new (WF_TYPE_FLOW_SPAN, NULL);

  span->begin = (double) before / (double) all;
  span->end = (double) (before + part->elapsed) / (double) all;
  gtk_widget_set_hexpand (GTK_WIDGET (span), TRUE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (name, "caption");
  gtk_widget_add_css_class (value, "caption");
  gtk_widget_add_css_class (value, "numeric");
  gtk_grid_attach (grid, name, 0, row, 1, 1);
  gtk_grid_attach (grid, GTK_WIDGET (span), 1, row, 1, 1);
  gtk_grid_attach (grid, value, 2, row, 1, 1);
}

GtkWidget *
wf_flow_timing_new (const WfExchange *exchange)
{
  const Part parts[] = {
    /* Translators: the parts that the time of a request is made of */
    { C_("timing", "Looking up the name"), exchange->dns_us },
    { C_("timing", "Connecting"), exchange->connect_us },
    { C_("timing", "TLS handshake"), exchange->tls_us },
    { C_("timing", "Waiting for the answer"), exchange->wait_us },
    { C_("timing", "Receiving"), exchange->receive_us },
  };
  GtkGrid *grid;
  gint64 all = 0;
  gint64 before = 0;
  int row = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    all += MAX (parts[i].elapsed, 0);
  if (all <= 0)
    return NULL;
  grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (grid, 9);
  gtk_grid_set_row_spacing (grid, 3);
  gtk_widget_add_css_class (GTK_WIDGET (grid), "flow-timing");
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i].elapsed < 0)
        continue;
      add_row (grid, row++, &parts[i], before, all);
      before += parts[i].elapsed;
    }
  return GTK_WIDGET (grid);
}
