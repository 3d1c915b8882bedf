/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A read-only text with syntax colours, as high as it is. GtkSourceView is woken by the first of these
 * and not before. */

/* @name: for screen readers. Returns: (transfer floating) */
GtkWidget *wf_json_view_new (const char *name);
/* @language: (nullable): such as "json"; NULL for plain text */
void wf_json_view_set_text (GtkWidget  *view,
                            const char *text,
                            const char *language);

G_END_DECLS
