/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>
#include "wf-exchange.h"

G_BEGIN_DECLS

/* Where the parts of a sequence diagram stand, in pixels. No display and no drawing: the widget and the exports
 * all draw what is laid out here. */

/**
 * WfFlowFrame:
 *
 * The sheet that a diagram is laid out on. Everything but the width follows from the font.
 */
typedef struct
{
  PangoContext *context; /* its font is that of the titles; its direction that of the sheet */
  int           width;
  guint         n_lanes;
  guint         max_lines;  /* of a text, then it is cut; 0: all of it */
  gint64        started_at; /* microseconds: what the times are counted from */
} WfFlowFrame;

/* A text that is laid out, and where its words are: the layout itself is to be drawn at origin. */
typedef struct
{
  PangoLayout *layout;
  int          x, y, width, height;
  int          origin_x, origin_y;
} WfFlowWords;

/**
 * WfFlowPlace:
 *
 * One step: an arrow across the lanes with its words, or a mark on a lane for what was done at home.
 */
typedef struct
{
  const WfFlowStep *step; /* borrowed */
  double            top;
  double            height;
  double            from;  /* x of the lane that it begins on */
  double            to;    /* the same as from: a mark */
  double            y;     /* of the arrow, or of the mark's middle */
  WfFlowWords       title;
  WfFlowWords       detail; /* its layout is NULL where there is none, */
  WfFlowWords       time;   /* and where there is no room for it */
} WfFlowPlace;

/* Lays one step out; @place is cleared by the caller. */
void wf_flow_place_init (WfFlowPlace       *place,
                         const WfFlowFrame *frame,
                         const WfFlowStep  *step,
                         double             top);
void wf_flow_place_clear (WfFlowPlace *place);
void wf_flow_words_clear (WfFlowWords *words);

/* Returns: x of a lane's line */
double wf_flow_frame_get_lane_x (const WfFlowFrame *frame,
                                 WfLane             lane);
/* Lays out the heads of the lanes, one after the other in @heads. Returns: the height of all */
double wf_flow_frame_place_heads (const WfFlowFrame *frame,
                                  double             top,
                                  WfFlowWords       *heads);
/* Returns: how thick lines and marks are drawn with this font; 1 with the usual one */
double wf_flow_frame_get_unit (const WfFlowFrame *frame);

/**
 * WfFlowLayout:
 *
 * A whole diagram.
 */
typedef struct
{
  WfFlow      *flow;
  WfFlowFrame  frame;
  WfFlowWords  title;
  WfFlowWords *heads;  /* one per lane */
  WfFlowPlace *places; /* one per step */
  guint        n_places;
  double       lines_top; /* where the lanes' lines begin */
  double       height;
} WfFlowLayout;

/* @context: (transfer none). @width: at least as wide as the lanes need */
WfFlowLayout *wf_flow_layout_new (WfFlow       *flow,
                                  PangoContext *context,
                                  int           width,
                                  const char   *title);
void wf_flow_layout_free (WfFlowLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfFlowLayout, wf_flow_layout_free)

G_END_DECLS
