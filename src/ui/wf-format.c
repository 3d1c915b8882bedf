/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-format.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

static char *
format_seconds (gint64 seconds)
{
  /* Translators: a duration of seconds, as short as it can be */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d s", "%d s", (gulong) seconds), (int) seconds);
}

static char *
format_minutes (gint64 minutes)
{
  /* Translators: a duration of minutes, as short as it can be */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d min", "%d min", (gulong) minutes), (int) minutes);
}

static char *
format_hours (gint64 hours,
              gint64 minutes)
{
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;

  /* Translators: a duration of hours, as short as it can be */
  head = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d h", "%d h", (gulong) hours), (int) hours);
  if (minutes == 0 || hours >= 10)
    return g_steal_pointer (&head);

  tail = format_minutes (minutes);
  /* Translators: hours and minutes, such as "2 h 5 min" */
  return g_strdup_printf (C_("duration", "%1$s %2$s"), head, tail);
}

/* The local time, or NULL where there is no such date. */
static GDateTime *
to_local (gint64 time)
{
  if (time == WF_TIME_UNKNOWN)
    return NULL;
  return g_date_time_new_from_unix_local (time);
}

static const char *
get_clock_format (void)
{
  if (wf_format_is_twelve_hours (nl_langinfo (T_FMT)))
    /* Translators: a clock time of twelve hours, for g_date_time_format() */
    return C_("clock time", "%-l:%M %p");
  /* Translators: a clock time of 24 hours, for g_date_time_format() */
  return C_("clock time", "%H:%M");
}

gboolean
wf_format_is_twelve_hours (const char *locale_time)
{
  return locale_time &&
         (strstr (locale_time, "%r") || strstr (locale_time, "%p") || strstr (locale_time, "%P") ||
          strstr (locale_time, "%I") || strstr (locale_time, "%l"));
}

char *
wf_format_duration (gint64 seconds)
{
  gint64 years;
  gint64 days;

  seconds = MAX (seconds, 0);
  if (seconds < 2 * MINUTE)
    return format_seconds (seconds);
  if (seconds < HOUR)
    return format_minutes (seconds / MINUTE);
  if (seconds < 2 * DAY)
    return format_hours (seconds / HOUR, seconds % HOUR / MINUTE);
  days = seconds / DAY;
  if (seconds < 2 * (gint64) YEAR)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day", "%d days", (gulong) days), (int) days);
  years = MIN (seconds / YEAR, G_MAXINT);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d year", "%d years", (gulong) years), (int) years);
}

char *
wf_format_left (gint64 seconds)
{
  g_autofree char *duration = NULL;

  if (seconds <= 0)
    return g_strdup (_("Expired"));
  duration = wf_format_duration (seconds);
  /* Translators: how long something is still good, such as "43 min left" */
  return g_strdup_printf (_("%s left"), duration);
}

char *
wf_format_relative (gint64 time,
                    gint64 now)
{
  g_autofree char *duration = NULL;
  gint64 distance;

  if (time == WF_TIME_UNKNOWN)
    return g_strdup (C_("time", "Unknown"));
  if (__builtin_sub_overflow (time, now, &distance))
    distance = time > now ? G_MAXINT64 : -G_MAXINT64;
  if (distance == 0)
    return g_strdup (C_("time", "now"));

  duration = wf_format_duration (distance > 0 ? distance : -distance);
  if (distance > 0)
    /* Translators: how far ahead something is, such as "in 38 min" */
    return g_strdup_printf (_("in %s"), duration);
  /* Translators: how long ago something was, such as "5 min ago" */
  return g_strdup_printf (_("%s ago"), duration);
}

char *
wf_format_clock (gint64 time,
                 gint64 now)
{
  g_autoptr (GDateTime) then = to_local (time);
  g_autoptr (GDateTime) today = to_local (now);
  g_autofree char *clock = NULL;
  g_autofree char *day = NULL;

  if (!then || !today)
    return g_strdup (C_("time", "Unknown"));

  clock = g_date_time_format (then, get_clock_format ());
  if (g_date_time_get_year (then) != g_date_time_get_year (today))
    /* Translators: a date with its year, for g_date_time_format() */
    day = g_date_time_format (then, C_("date", "%-e %b %Y"));
  else if (g_date_time_get_day_of_year (then) != g_date_time_get_day_of_year (today))
    /* Translators: a date of this year, for g_date_time_format() */
    day = g_date_time_format (then, C_("date", "%-e %b"));
  if (!day)
    return g_steal_pointer (&clock);
  /* Translators: a date and a clock time, such as "22 Nov, 13:20" */
  return g_strdup_printf (C_("date and time", "%1$s, %2$s"), day, clock);
}

char *
wf_format_clock_seconds (gint64 time)
{
  g_autoptr (GDateTime) then = to_local (time);

  if (!then)
    return g_strdup (C_("time", "Unknown"));
  if (wf_format_is_twelve_hours (nl_langinfo (T_FMT)))
    /* Translators: a clock time of twelve hours with seconds, for g_date_time_format() */
    return g_date_time_format (then, C_("clock time", "%-l:%M:%S %p"));
  /* Translators: a clock time of 24 hours with seconds, for g_date_time_format() */
  return g_date_time_format (then, C_("clock time", "%H:%M:%S"));
}

char *
wf_format_absolute (gint64 time)
{
  g_autoptr (GDateTime) then = to_local (time);

  if (!then)
    return g_strdup (C_("time", "Unknown"));
  return g_date_time_format (then, "%c");
}

char *
wf_format_when (gint64 time,
                gint64 now)
{
  g_autofree char *relative = wf_format_relative (time, now);
  g_autofree char *clock = NULL;

  if (time == WF_TIME_UNKNOWN)
    return g_steal_pointer (&relative);
  clock = wf_format_clock (time, now);
  /* Translators: a distance and its clock time, such as "in 38 min (13:58)" */
  return g_strdup_printf (C_("time", "%1$s (%2$s)"), relative, clock);
}

char *
wf_format_elapsed (gint64 microseconds)
{
  double seconds = (double) microseconds / G_USEC_PER_SEC;

  if (microseconds < 0)
    return g_strdup ("");
  if (microseconds < 1000)
    /* Translators: less than a thousandth of a second */
    return g_strdup (_("<1 ms"));
  if (microseconds < G_USEC_PER_SEC)
    /* Translators: thousandths of a second */
    return g_strdup_printf (_("%d ms"), (int) (microseconds / 1000));
  if (seconds < 60)
    /* Translators: seconds with one decimal */
    return g_strdup_printf (_("%.1f s"), seconds);
  return wf_format_duration (microseconds / G_USEC_PER_SEC);
}

char *
wf_format_size (gsize bytes)
{
  return g_format_size (bytes);
}
