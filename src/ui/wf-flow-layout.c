/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-layout.h"

#include "wf-flow-words.h"
#include "wf-format.h"

/* In units. */
#define MARGIN 6
#define GAP 3
#define HEAD 7
#define BESIDE 14
#define SHEET_MARGIN 16
/* A lane that is narrower has no room for the times beside it. */
#define LANE_WITH_TIMES 140
#define USUAL_LINE 17.0

static double
get_line_height (const WfFlowFrame *frame)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (frame->context);
  int height;

  pango_layout_set_text (layout, "X", 1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

double
wf_flow_frame_get_unit (const WfFlowFrame *frame)
{
  return CLAMP (get_line_height (frame) / USUAL_LINE, 0.75, 4);
}

static gboolean
is_mirrored (const WfFlowFrame *frame)
{
  return pango_context_get_base_dir (frame->context) == PANGO_DIRECTION_RTL;
}

static PangoLayout *
make_layout (const WfFlowFrame *frame,
             const char        *text,
             gboolean           small)
{
  PangoLayout *layout = pango_layout_new (frame->context);

  pango_layout_set_text (layout, text, -1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (small)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_scale_new (0.86));
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
      pango_layout_set_attributes (layout, attributes);
    }
  return layout;
}

/* Lays a text out in the room from @left on. @place: where its words stand in there, 0 left, 0.5 in the middle, 1 right,
 * whatever their direction is. Takes @layout. */
static void
place_words (const WfFlowFrame *frame,
             WfFlowWords       *words,
             PangoLayout       *layout,
             double             left,
             double             top,
             int                room,
             double             place)
{
  PangoRectangle logical;

  words->layout = layout;
  pango_layout_get_pixel_extents (layout, NULL, &logical);
  if (logical.width > room)
    {
      gboolean to_the_end = is_mirrored (frame) ? place < 0.5 : place > 0.5;

      if (frame->max_lines > 0)
        {
          pango_layout_set_height (layout, - (int) frame->max_lines);
          pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        }
      pango_layout_set_alignment (layout, place > 0.4 && place < 0.6 ? PANGO_ALIGN_CENTER
                                          : to_the_end ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
      pango_layout_set_width (layout, MAX (room, 1) * PANGO_SCALE);
      pango_layout_get_pixel_extents (layout, NULL, &logical);
    }
  words->width = MIN (logical.width, room);
  words->height = logical.height;
  words->x = (int) (left + (room - words->width) * place);
  words->y = (int) top;
  words->origin_x = words->x - logical.x;
  words->origin_y = words->y - logical.y;
}

void
wf_flow_words_clear (WfFlowWords *words)
{
  g_clear_object (&words->layout);
}

/* The column of the times, in front of the lanes. */
static int
get_gutter (const WfFlowFrame *frame)
{
  double unit = wf_flow_frame_get_unit (frame);
  g_autofree char *longest = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  int width;

  if (frame->width < frame->n_lanes * LANE_WITH_TIMES * unit)
    return 0;
  longest = wf_format_elapsed (888 * G_TIME_SPAN_MILLISECOND);
  layout = make_layout (frame, longest, TRUE);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width + (int) (2 * SHEET_MARGIN * unit);
}

double
wf_flow_frame_get_lane_x (const WfFlowFrame *frame,
                          WfLane             lane)
{
  int gutter = get_gutter (frame);
  double x = gutter + (lane + 0.5) * (frame->width - gutter) / frame->n_lanes;

  return is_mirrored (frame) ? frame->width - x : x;
}

static double
get_lane_width (const WfFlowFrame *frame)
{
  return (double) (frame->width - get_gutter (frame)) / frame->n_lanes;
}

/* Letters of another script, from another font, stand on the same line. */
static void
align_heads (const WfFlowFrame *frame,
             WfFlowWords       *heads)
{
  int lowest = 0;

  for (guint i = 0; i < frame->n_lanes; i++)
    lowest = MAX (lowest, pango_layout_get_baseline (heads[i].layout));
  for (guint i = 0; i < frame->n_lanes; i++)
    {
      int lower = PANGO_PIXELS (lowest - pango_layout_get_baseline (heads[i].layout));

      heads[i].y += lower;
      heads[i].origin_y += lower;
    }
}

double
wf_flow_frame_place_heads (const WfFlowFrame *frame,
                           double             top,
                           WfFlowWords       *heads)
{
  double unit = wf_flow_frame_get_unit (frame);
  double lane = get_lane_width (frame);
  double height = 0;

  for (guint i = 0; i < frame->n_lanes; i++)
    {
      PangoLayout *layout = make_layout (frame, wf_lane_get_title ((WfLane) i), TRUE);
      PangoAttrList *attributes = pango_layout_get_attributes (layout);

      pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      pango_layout_set_attributes (layout, attributes);
      place_words (frame, &heads[i], layout, wf_flow_frame_get_lane_x (frame, (WfLane) i) - lane / 2 + GAP * unit,
                   top + MARGIN * unit, (int) (lane - 2 * GAP * unit), 0.5);
    }
  align_heads (frame, heads);
  for (guint i = 0; i < frame->n_lanes; i++)
    height = MAX (height, heads[i].y + heads[i].height - top + MARGIN * unit);
  return height;
}

static void
place_time (WfFlowPlace       *place,
            const WfFlowFrame *frame)
{
  double unit = wf_flow_frame_get_unit (frame);
  int gutter = get_gutter (frame);
  int room = gutter - (int) (SHEET_MARGIN * unit);
  g_autofree char *text = NULL;
  PangoLayout *layout;
  int height;

  if (gutter == 0)
    return;
  text = wf_format_elapsed (MAX (place->step->time - frame->started_at, 0));
  layout = make_layout (frame, text, TRUE);
  pango_layout_get_pixel_size (layout, NULL, &height);
  /* Flush with the lanes, so that the units stand one below the other. */
  place_words (frame, &place->time, layout, is_mirrored (frame) ? frame->width - room : 0, place->y - height / 2.0,
               room, is_mirrored (frame) ? 0 : 1);
}

static void
place_message (WfFlowPlace       *place,
               const WfFlowFrame *frame,
               PangoLayout       *title,
               PangoLayout       *detail)
{
  double unit = wf_flow_frame_get_unit (frame);
  double lane = get_lane_width (frame);
  double edge = MARGIN * unit;
  int room = (int) MIN (frame->width - 2 * edge, ABS (place->to - place->from) + lane - 2 * BESIDE * unit);
  int gutter = get_gutter (frame);
  double low = edge + (is_mirrored (frame) ? 0 : gutter);
  double high = frame->width - room - edge - (is_mirrored (frame) ? gutter : 0);
  double left = CLAMP ((place->from + place->to - room) / 2, low, MAX (high, low));

  place_words (frame, &place->title, title, left, place->top + edge, room, 0.5);
  place->y = place->top + edge + place->title.height + (GAP + HEAD) * unit;
  place->height = place->y - place->top + HEAD * unit + edge;
  if (!detail)
    return;
  place_words (frame, &place->detail, detail, left, place->y + (HEAD + GAP) * unit, room, 0.5);
  place->height += GAP * unit + place->detail.height;
}

static void
place_home (WfFlowPlace       *place,
            const WfFlowFrame *frame,
            PangoLayout       *title,
            PangoLayout       *detail)
{
  double unit = wf_flow_frame_get_unit (frame);
  int gutter = get_gutter (frame);
  double x = place->from;
  double begin = is_mirrored (frame) ? 0 : gutter;
  double end = frame->width - (is_mirrored (frame) ? gutter : 0);
  /* On the side that has more room; in the middle on that where a line begins. */
  gboolean before = (place->step->from + 0.5 > frame->n_lanes / 2.0) != is_mirrored (frame);
  int room = (int) ((before ? x - begin : end - x) - (BESIDE + MARGIN) * unit);
  double left = before ? x - BESIDE * unit - room : x + BESIDE * unit;

  place_words (frame, &place->title, title, left, place->top + MARGIN * unit, room, before);
  place->y = place->top + MARGIN * unit + get_line_height (frame) / 2;
  place->height = 2 * MARGIN * unit + place->title.height;
  if (!detail)
    return;
  place_words (frame, &place->detail, detail, left, place->top + MARGIN * unit + place->title.height + GAP * unit, room, before);
  place->height += GAP * unit + place->detail.height;
}

void
wf_flow_place_init (WfFlowPlace       *place,
                    const WfFlowFrame *frame,
                    const WfFlowStep  *step,
                    double             top)
{
  g_autofree char *detail_text = wf_flow_step_detail (step);
  PangoLayout *title = make_layout (frame, step->title, FALSE);
  PangoLayout *detail = *detail_text ? make_layout (frame, detail_text, TRUE) : NULL;

  *place = (WfFlowPlace) { .step = step, .top = top };
  place->from = wf_flow_frame_get_lane_x (frame, step->from);
  place->to = wf_flow_frame_get_lane_x (frame, step->to);
  if (step->from == step->to)
    place_home (place, frame, title, detail);
  else
    place_message (place, frame, title, detail);
  place_time (place, frame);
}

void
wf_flow_place_clear (WfFlowPlace *place)
{
  wf_flow_words_clear (&place->title);
  wf_flow_words_clear (&place->detail);
  wf_flow_words_clear (&place->time);
}

WfFlowLayout *
wf_flow_layout_new (WfFlow       *flow,
                    PangoContext *context,
                    int           width,
                    const char   *title)
{
  WfFlowLayout *self = g_new0 (WfFlowLayout, 1);
  double unit;
  double y;

  self->flow = g_object_ref (flow);
  self->frame = (WfFlowFrame) {
    .context = g_object_ref (context),
    .width = width,
    .n_lanes = wf_flow_count_lanes (flow),
    .started_at = wf_flow_get_started_at (flow),
  };
  unit = wf_flow_frame_get_unit (&self->frame);
  place_words (&self->frame, &self->title, make_layout (&self->frame, title, FALSE), SHEET_MARGIN * unit,
               SHEET_MARGIN * unit, width - (int) (2 * SHEET_MARGIN * unit), is_mirrored (&self->frame) ? 1 : 0);
  y = self->title.y + self->title.height + MARGIN * unit;
  self->heads = g_new0 (WfFlowWords, self->frame.n_lanes);
  y += wf_flow_frame_place_heads (&self->frame, y, self->heads);
  self->lines_top = y;
  self->n_places = wf_flow_get_n_steps (flow);
  self->places = g_new0 (WfFlowPlace, self->n_places);
  for (guint i = 0; i < self->n_places; i++)
    {
      wf_flow_place_init (&self->places[i], &self->frame, wf_flow_get_step (flow, i), y);
      y += self->places[i].height;
    }
  self->height = y + SHEET_MARGIN * unit;
  return self;
}

void
wf_flow_layout_free (WfFlowLayout *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->frame.n_lanes; i++)
    wf_flow_words_clear (&self->heads[i]);
  for (guint i = 0; i < self->n_places; i++)
    wf_flow_place_clear (&self->places[i]);
  wf_flow_words_clear (&self->title);
  g_free (self->heads);
  g_free (self->places);
  g_object_unref (self->frame.context);
  g_object_unref (self->flow);
  g_free (self);
}
