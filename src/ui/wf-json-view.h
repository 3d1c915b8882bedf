/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A read-only text with syntax colours. GtkSourceView is woken by the first of these
 * and not before. */

/* @name: for screen readers. Returns: (transfer floating) */
GtkWidget *wf_json_view_new (const char *name);
/* @language: (nullable): such as "json"; NULL for plain text. Very long lines are shown as several, and copied as they are. */
void wf_json_view_set_text (GtkWidget  *view,
                            const char *text,
                            const char *language);
/* Puts a view into a row: as high as its text while that is short, then in a scroller of its own, where only what is on
 * screen is laid out. Returns: (transfer floating) */
GtkWidget *wf_json_view_new_frame (GtkWidget *view);

G_END_DECLS
