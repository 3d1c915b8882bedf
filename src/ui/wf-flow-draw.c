/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-draw.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>

#include "wf-flow-words.h"

#define GAP 3
#define HEAD 7
#define DOT 7

/* GNOME's own colours. */
const WfFlowPalette wf_flow_palette_light = {
  .text = { 0.14, 0.14, 0.16, 1 },
  .dim = { 0.36, 0.36, 0.39, 1 },
  .line = { 0.75, 0.75, 0.77, 1 },
  .accent = { 0.11, 0.44, 0.85, 1 },
  .error = { 0.75, 0.11, 0.16, 1 },
  .paper = { 1, 1, 1, 1 },
};

const WfFlowPalette wf_flow_palette_dark = {
  .text = { 1, 1, 1, 1 },
  .dim = { 0.72, 0.72, 0.74, 1 },
  .line = { 0.36, 0.36, 0.38, 1 },
  .accent = { 0.47, 0.68, 0.93, 1 },
  .error = { 1, 0.48, 0.39, 1 },
  .paper = { 0.12, 0.12, 0.14, 1 },
};

static void
set_colour (cairo_t            *cr,
            const WfFlowColour *colour)
{
  cairo_set_source_rgba (cr, colour->red, colour->green, colour->blue, colour->alpha);
}

void
wf_flow_draw_words (cairo_t            *cr,
                    const WfFlowWords  *words,
                    const WfFlowColour *colour)
{
  if (!words->layout)
    return;
  set_colour (cr, colour);
  cairo_move_to (cr, words->origin_x, words->origin_y);
  pango_cairo_show_layout (cr, words->layout);
}

/* Lines give way to words. */
static void
draw_lifelines (cairo_t           *cr,
                const WfFlowFrame *frame,
                const WfFlowPlace *place)
{
  const WfFlowWords *words[] = { &place->title, &place->detail };
  double gap = GAP * wf_flow_frame_get_unit (frame);

  for (guint lane = 0; lane < frame->n_lanes; lane++)
    {
      double x = (int) wf_flow_frame_get_lane_x (frame, (WfLane) lane) + 0.5;

      cairo_move_to (cr, x, place->top);
      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (words[i]->layout && x > words[i]->x - gap && x < words[i]->x + words[i]->width + gap)
          {
            cairo_line_to (cr, x, words[i]->y);
            cairo_move_to (cr, x, words[i]->y + words[i]->height);
          }
      cairo_line_to (cr, x, place->top + place->height);
    }
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

/* An answer's line is broken, as sequence diagrams have it. */
static void
draw_arrow (cairo_t           *cr,
            const WfFlowPlace *place,
            double             unit)
{
  const double dashes[] = { 6 * unit, 4 * unit };
  double way = place->to > place->from ? 1 : -1;
  double head = HEAD * unit;
  double tip = place->to - way;

  cairo_set_line_width (cr, 2 * unit);
  if (wf_flow_step_is_answer (place->step))
    cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, place->from, place->y);
  cairo_line_to (cr, place->to - way * head, place->y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_move_to (cr, tip, place->y);
  cairo_line_to (cr, tip - way * (head + unit), place->y - head * 0.7);
  cairo_line_to (cr, tip - way * (head + unit), place->y + head * 0.7);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* A disc with a tick, or with a cross where it failed: colour alone says nothing. */
static void
draw_mark (cairo_t            *cr,
           double              x,
           double              y,
           double              unit,
           gboolean            failed,
           const WfFlowColour *paper)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, unit, unit);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, DOT, 0, 2 * G_PI);
  cairo_fill (cr);
  set_colour (cr, paper);
  cairo_set_line_width (cr, 1.8);
  if (failed)
    {
      cairo_move_to (cr, -2.7, -2.7);
      cairo_line_to (cr, 2.7, 2.7);
      cairo_move_to (cr, 2.7, -2.7);
      cairo_line_to (cr, -2.7, 2.7);
    }
  else
    {
      cairo_move_to (cr, -3.2, 0.2);
      cairo_line_to (cr, -0.9, 2.6);
      cairo_line_to (cr, 3.3, -2.5);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
wf_flow_draw_place (cairo_t             *cr,
                    const WfFlowFrame   *frame,
                    const WfFlowPlace   *place,
                    const WfFlowPalette *palette)
{
  double unit = wf_flow_frame_get_unit (frame);
  const WfFlowStep *step = place->step;

  set_colour (cr, &palette->line);
  draw_lifelines (cr, frame, place);
  set_colour (cr, step->failed ? &palette->error : &palette->accent);
  if (step->from != step->to)
    draw_arrow (cr, place, unit);
  if (step->from == step->to || step->failed)
    draw_mark (cr, (place->from + place->to) / 2, place->y, unit, step->failed, &palette->paper);
  wf_flow_draw_words (cr, &place->title, &palette->text);
  wf_flow_draw_words (cr, &place->detail, &palette->dim);
  wf_flow_draw_words (cr, &place->time, &palette->dim);
}

void
wf_flow_draw_layout (cairo_t             *cr,
                     const WfFlowLayout  *layout,
                     const WfFlowPalette *palette)
{
  set_colour (cr, &palette->paper);
  cairo_paint (cr);
  wf_flow_draw_words (cr, &layout->title, &palette->text);
  for (guint i = 0; i < layout->frame.n_lanes; i++)
    wf_flow_draw_words (cr, &layout->heads[i], &palette->text);
  for (guint i = 0; i < layout->n_places; i++)
    wf_flow_draw_place (cr, &layout->frame, &layout->places[i], palette);
}

static cairo_status_t
append_bytes (void                *closure,
              const unsigned char *data,
              unsigned int         length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
wf_flow_layout_to_png (const WfFlowLayout *layout,
                       double              scale,
                       GError            **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (layout->frame.width * scale),
                                                         (int) (layout->height * scale));
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  wf_flow_draw_layout (cr, layout, &wf_flow_palette_light);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("The picture could not be made; it may be too large. Export it as SVG instead."));
  return NULL;
}
