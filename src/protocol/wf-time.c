/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-time.h"

#define LAST_SECOND_OF_YEAR_9999 G_GINT64_CONSTANT (253402300799)

char *
wf_time_to_rfc3339 (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;

  if (time == WF_TIME_UNKNOWN || time > LAST_SECOND_OF_YEAR_9999)
    return NULL;

  utc = g_date_time_new_from_unix_utc (time);
  if (!utc) /* before the year 1 */
    return NULL;

  /* g_date_time_format() does not fill a year to the four digits of RFC 3339 §5.6. */
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ",
                          g_date_time_get_year (utc),
                          g_date_time_get_month (utc),
                          g_date_time_get_day_of_month (utc),
                          g_date_time_get_hour (utc),
                          g_date_time_get_minute (utc),
                          g_date_time_get_second (utc));
}

gint64
wf_time_add (gint64 time,
             gint64 seconds)
{
  gint64 sum;

  if (time == WF_TIME_UNKNOWN)
    return WF_TIME_UNKNOWN;

  if (__builtin_add_overflow (time, seconds, &sum))
    return seconds > 0 ? G_MAXINT64 : WF_TIME_UNKNOWN + 1;

  return MAX (sum, WF_TIME_UNKNOWN + 1);
}
