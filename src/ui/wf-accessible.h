/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * wf_accessible_name:
 * @widget: a row of libadwaita, or a button with labels in it
 * @name: what a screen reader calls it
 *
 * Gives @widget a name in place of the labels that it is labelled by: those of a row, from libadwaita 1.4 on, would go
 * before any other name.
 */
void wf_accessible_name (GtkWidget  *widget,
                         const char *name);

G_END_DECLS
