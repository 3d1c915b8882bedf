/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-draw.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "wf-flow-words.h"

#define GAP 3
#define HEAD 7
#define DOT 7

/* Numbers as SVG has them, in every locale. */
typedef struct
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
} Number;

static const char *
format (Number *number,
        double  value)
{
  return g_ascii_formatd (number->text, sizeof number->text, "%.6g", round (value * 100) / 100);
}

static void
append_attribute (GString    *out,
                  const char *name,
                  double      value)
{
  Number number;

  g_string_append_printf (out, " %s=\"%s\"", name, format (&number, value));
}

static void
append_escaped (GString    *out,
                const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}

static void
append_element (GString    *out,
                const char *name,
                const char *text)
{
  g_string_append_printf (out, "<%s>", name);
  append_escaped (out, text);
  g_string_append_printf (out, "</%s>\n", name);
}

/* One line of text by its middle, which is the same in both directions; it keeps its width whatever font it is shown
 * with. */
static void
append_line (GString         *out,
             PangoLayoutLine *line,
             const char      *text,
             const char      *style,
             double           middle,
             double           baseline,
             double           width)
{
  g_autofree char *words = g_strstrip (g_strndup (text + line->start_index, (gsize) line->length));

  if (!*words)
    return;
  g_string_append_printf (out, "<text class=\"%s\" text-anchor=\"middle\"", style);
  if (line->resolved_dir == PANGO_DIRECTION_RTL)
    g_string_append (out, " direction=\"rtl\"");
  append_attribute (out, "x", middle);
  append_attribute (out, "y", baseline);
  append_attribute (out, "textLength", width);
  g_string_append (out, " lengthAdjust=\"spacingAndGlyphs\">");
  append_escaped (out, words);
  g_string_append (out, "</text>\n");
}

static void
append_words (GString           *out,
              const WfFlowWords *words,
              const char        *style)
{
  PangoLayoutIter *iter;

  if (!words->layout)
    return;
  iter = pango_layout_get_iter (words->layout);
  do
    {
      PangoRectangle logical;
      double baseline = (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;

      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      append_line (out, pango_layout_iter_get_line_readonly (iter), pango_layout_get_text (words->layout), style,
                   words->origin_x + (logical.x + logical.width / 2.0) / PANGO_SCALE, words->origin_y + baseline,
                   (double) logical.width / PANGO_SCALE);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static void
append_lane (GString *out,
             double   x,
             double   from,
             double   to)
{
  g_string_append (out, "<line class=\"lane\"");
  append_attribute (out, "x1", x);
  append_attribute (out, "y1", from);
  append_attribute (out, "x2", x);
  append_attribute (out, "y2", to);
  g_string_append (out, "/>\n");
}

static void
append_lifelines (GString           *out,
                  const WfFlowFrame *frame,
                  const WfFlowPlace *place)
{
  const WfFlowWords *words[] = { &place->title, &place->detail };
  double gap = GAP * wf_flow_frame_get_unit (frame);

  for (guint lane = 0; lane < frame->n_lanes; lane++)
    {
      double x = wf_flow_frame_get_lane_x (frame, (WfLane) lane);
      double from = place->top;

      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (words[i]->layout && x > words[i]->x - gap && x < words[i]->x + words[i]->width + gap)
          {
            append_lane (out, x, from, words[i]->y);
            from = words[i]->y + words[i]->height;
          }
      append_lane (out, x, from, place->top + place->height);
    }
}

static void
append_arrow (GString           *out,
              const WfFlowPlace *place,
              double             unit)
{
  double way = place->to > place->from ? 1 : -1;
  double back = place->to - way * (HEAD + 2) * unit;
  Number n[8];

  g_string_append_printf (out, "<path class=\"arrow%s\" d=\"M%s %sH%s\"/>\n",
                          wf_flow_step_is_answer (place->step) ? " answer" : "", format (&n[0], place->from),
                          format (&n[1], place->y), format (&n[2], place->to - way * HEAD * unit));
  g_string_append_printf (out, "<path class=\"head\" d=\"M%s %sL%s %sL%s %sZ\"/>\n", format (&n[2], place->to - way),
                          format (&n[3], place->y), format (&n[4], back), format (&n[5], place->y - HEAD * 0.7 * unit),
                          format (&n[6], back), format (&n[7], place->y + HEAD * 0.7 * unit));
}

static void
append_mark (GString *out,
             double   x,
             double   y,
             double   unit,
             gboolean failed)
{
  Number n[3];

  g_string_append_printf (out, "<g transform=\"translate(%s %s) scale(%s)\"><circle class=\"head\" r=\"%d\"/>"
                               "<path class=\"tick\" d=\"%s\"/></g>\n",
                          format (&n[0], x), format (&n[1], y), format (&n[2], unit), DOT,
                          failed ? "M-2.7 -2.7L2.7 2.7M2.7 -2.7L-2.7 2.7" : "M-3.2 .2L-.9 2.6L3.3 -2.5");
}

/* Each step is a group that says what it is. */
static void
append_step (GString            *out,
             const WfFlowLayout *layout,
             guint               index)
{
  const WfFlowPlace *place = &layout->places[index];
  double unit = wf_flow_frame_get_unit (&layout->frame);
  g_autofree char *spoken = wf_flow_step_describe (place->step, index + 1);

  append_lifelines (out, &layout->frame, place);
  g_string_append_printf (out, "<g class=\"%s\">\n", place->step->failed ? "step failed" : "step");
  append_element (out, "title", spoken);
  if (place->step->from != place->step->to)
    append_arrow (out, place, unit);
  if (place->step->from == place->step->to || place->step->failed)
    append_mark (out, (place->from + place->to) / 2, place->y, unit, place->step->failed);
  append_words (out, &place->title, "words");
  append_words (out, &place->detail, "words small");
  append_words (out, &place->time, "words small");
  g_string_append (out, "</g>\n");
}

static void
append_colours (GString             *out,
                const WfFlowPalette *palette)
{
  const struct
  {
    const char         *rule;
    const WfFlowColour *colour;
  } rules[] = {
    { ".paper{fill:", &palette->paper }, { ".tick{stroke:", &palette->paper }, { ".words{fill:", &palette->text },
    { ".small{fill:", &palette->dim }, { ".lane{stroke:", &palette->line }, { ".arrow{stroke:", &palette->accent },
    { ".head{fill:", &palette->accent }, { ".failed .arrow{stroke:", &palette->error },
    { ".failed .head{fill:", &palette->error },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    g_string_append_printf (out, "%s#%02x%02x%02x}", rules[i].rule, (guint) (rules[i].colour->red * 255),
                            (guint) (rules[i].colour->green * 255), (guint) (rules[i].colour->blue * 255));
}

static void
append_style (GString            *out,
              const WfFlowLayout *layout)
{
  PangoFontDescription *font = pango_context_get_font_description (layout->frame.context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double unit = wf_flow_frame_get_unit (&layout->frame);
  Number n[4];

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (layout->frame.context) > 0
              ? pango_cairo_context_get_resolution (layout->frame.context) / 72 : 96.0 / 72;
  g_string_append_printf (out, "<style>text{font-family:system-ui,sans-serif;font-size:%spx}.small,.name{font-size:%spx}"
                               ".name{font-weight:bold}.small{font-variant-numeric:tabular-nums}"
                               ".lane{stroke-width:1}.arrow{fill:none;stroke-width:%s}.answer{stroke-dasharray:%s}"
                               ".tick{fill:none;stroke-width:1.8}",
                          format (&n[0], size), format (&n[1], size * 0.86), format (&n[2], 2 * unit),
                          format (&n[3], 5 * unit));
  append_colours (out, &wf_flow_palette_light);
  g_string_append (out, "@media (prefers-color-scheme:dark){");
  append_colours (out, &wf_flow_palette_dark);
  g_string_append (out, "}</style>\n");
}

static void
append_description (GString *out,
                    WfFlow  *flow)
{
  g_string_append (out, "<desc id=\"steps\">");
  for (guint i = 0; i < wf_flow_get_n_steps (flow); i++)
    {
      g_autofree char *spoken = wf_flow_step_describe (wf_flow_get_step (flow, i), i + 1);

      append_escaped (out, spoken);
      g_string_append_c (out, '\n');
    }
  g_string_append (out, "</desc>\n");
}

char *
wf_flow_layout_to_svg (const WfFlowLayout *layout)
{
  GString *out = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  const char *language = pango_language_to_string (pango_context_get_language (layout->frame.context));
  g_autofree char *described = wf_flow_describe (layout->flow);
  Number n[2];

  format (&n[0], layout->frame.width);
  format (&n[1], ceil (layout->height));
  g_string_append_printf (out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\" "
                               "role=\"img\" aria-labelledby=\"name steps\"", n[0].text, n[1].text, n[0].text, n[1].text);
  /* the locale "C" is no language; programs refuse a picture that says it were */
  if (language && strlen (language) > 1 && !g_str_equal (language, "posix"))
    g_string_append_printf (out, " xml:lang=\"%s\"", language);
  g_string_append (out, ">\n<title id=\"name\">");
  append_escaped (out, described);
  g_string_append (out, "</title>\n");
  append_description (out, layout->flow);
  append_style (out, layout);
  g_string_append (out, "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
  append_words (out, &layout->title, "words");
  for (guint i = 0; i < layout->frame.n_lanes; i++)
    append_words (out, &layout->heads[i], "words name");
  for (guint i = 0; i < layout->n_places; i++)
    append_step (out, layout, i);
  g_string_append (out, "</svg>\n");
  return g_string_free (out, FALSE);
}
