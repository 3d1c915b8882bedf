/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* gtk_widget_set_tooltip_text() asks the display where the pointer is, each time: for a list of a thousand
 * rows that is seconds. These ask when the pointer is there. */

/* The whole text of a label as its tooltip while it is ellipsized. */
void wf_tooltip_follow_label (GtkLabel *label);
/* @text: (nullable): NULL for none */
void wf_tooltip_set (GtkWidget  *widget,
                     const char *text);

G_END_DECLS
