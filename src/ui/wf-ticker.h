/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One timer of one second for everything that counts down. It runs only while a widget that
 * asked for it is on screen. */

typedef void (*WfTickFunc) (GtkWidget *widget);

/* Calls @func when @widget is mapped, and then every second while it is; once per widget. */
void wf_ticker_attach (GtkWidget *widget,
                       WfTickFunc func);

G_END_DECLS
