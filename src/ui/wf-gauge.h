/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-lifetime.h"

G_BEGIN_DECLS

#define WF_TYPE_GAUGE (wf_gauge_get_type ())
G_DECLARE_FINAL_TYPE (WfGauge, wf_gauge, WF, GAUGE, GtkListBoxRow)

/**
 * WfGauge:
 *
 * One lifetime as a row: what it is, a level bar from issue to expiry, what is
 * left in words, and the clock time. Amber under a tenth, red when gone, each with a symbol.
 *
 * Property "title" (string).
 */
GtkWidget *wf_gauge_new (const char *title);

/* @clock: whose time it is. @note: (nullable): what is to be said besides, such as "Opaque" */
void wf_gauge_set_lifetime (WfGauge          *self,
                            const WfLifetime *lifetime,
                            WfClock          *clock,
                            const char       *note);

G_END_DECLS
