/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-exchange.h"

G_BEGIN_DECLS

/* What the time of an exchange was spent on, one bar below the other. Returns: (transfer floating) (nullable): NULL
 * where nothing was measured */
GtkWidget *wf_flow_timing_new (const WfExchange *exchange);

G_END_DECLS
