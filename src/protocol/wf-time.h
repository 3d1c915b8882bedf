/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times are seconds since the epoch, UTC; WF_TIME_UNKNOWN where nothing is known. */
#define WF_TIME_UNKNOWN G_MININT64

/* Returns: (transfer full) (nullable): RFC 3339 in UTC, "2026-11-22T13:20:00Z"; NULL for unknown
 * or a time beyond the year 9999. */
char *wf_time_to_rfc3339 (gint64 time);

/* Saturating addition: never wraps; unknown stays unknown. */
gint64 wf_time_add (gint64 time,
                    gint64 seconds);

G_END_DECLS
