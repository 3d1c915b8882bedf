/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * wf_help_open:
 * @widget: from where it is opened
 *
 * Opens the help pages (data/help) in the desktop's help viewer. Where there is none, a dialog says so and what to read
 * instead.
 */
void wf_help_open (GtkWidget *widget);

G_END_DECLS
