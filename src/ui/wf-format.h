/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-time.h"

G_BEGIN_DECLS

/* Words for times and sizes, in the person's language and without a display. Times are
 * seconds since the epoch, or WF_TIME_UNKNOWN. Every string is (transfer full). */

/* "45 s", "43 min", "2 h 5 min", "3 days"; negative counts as zero. */
char *wf_format_duration (gint64 seconds);
/* "43 min left", "Expired" */
char *wf_format_left (gint64 seconds);
/* "in 38 min", "5 min ago", "now"; "Unknown" */
char *wf_format_relative (gint64 time,
                          gint64 now);
/* The clock time in the locale's way, "14:03"; with the day where it is another one. */
char *wf_format_clock (gint64 time,
                       gint64 now);
/* The same with seconds, and never the day. */
char *wf_format_clock_seconds (gint64 time);
/* The whole date and time in the locale's way. */
char *wf_format_absolute (gint64 time);
/* "in 38 min (13:58)" */
char *wf_format_when (gint64 time,
                      gint64 now);
/* Of a measurement in microseconds: "35 ms", "1.2 s"; "" where it is negative. */
char *wf_format_elapsed (gint64 microseconds);
/* Of a token of so many bytes: "1.2 kB". */
char *wf_format_size (gsize bytes);

/* What @locale_time, as of nl_langinfo (T_FMT), says of the clock. */
gboolean wf_format_is_twelve_hours (const char *locale_time);

G_END_DECLS
