/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include "wf-flow-layout.h"

G_BEGIN_DECLS

/* Draws what wf-flow-layout.h has laid out, on the screen and into files alike. */

typedef struct
{
  double red, green, blue, alpha;
} WfFlowColour;

typedef struct
{
  WfFlowColour text;
  WfFlowColour dim;
  WfFlowColour line;
  WfFlowColour accent;
  WfFlowColour error;
  WfFlowColour paper;
} WfFlowPalette;

/* Colours for a file: dark on light. */
extern const WfFlowPalette wf_flow_palette_light;
extern const WfFlowPalette wf_flow_palette_dark;

void wf_flow_draw_words (cairo_t            *cr,
                         const WfFlowWords  *words,
                         const WfFlowColour *colour);
void wf_flow_draw_place (cairo_t             *cr,
                         const WfFlowFrame   *frame,
                         const WfFlowPlace   *place,
                         const WfFlowPalette *palette);
void wf_flow_draw_layout (cairo_t             *cr,
                          const WfFlowLayout  *layout,
                          const WfFlowPalette *palette);

/* Returns: (transfer full): the diagram as an SVG file: the words are text, and each step is described for those who
 * cannot see it */
char *wf_flow_layout_to_svg (const WfFlowLayout *layout);
/* Returns: (transfer full) (nullable): as a PNG file, so many times larger than it is; NULL with a G_IO_ERROR where it is
 * too large */
GBytes *wf_flow_layout_to_png (const WfFlowLayout *layout,
                               double              scale,
                               GError            **error);

G_END_DECLS
