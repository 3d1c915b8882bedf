/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on the rules of style-hc.css apply while the desktop asks for high contrast. libadwaita before 1.8 would
 * load a resource of that name by itself; a later one warns of it and wants media queries, which GTK 4.8 has not. */
void wf_high_contrast_follow (void);

G_END_DECLS
