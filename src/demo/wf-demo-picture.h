/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a PNG of 100 by 100 pixels, always the same for the same name */
GBytes *wf_demo_picture_draw (const char *user);

G_END_DECLS
