/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-format.h"

/* 2026-11-22T13:20:00Z; the tests run in UTC and in the C locale. */
#define NOON 1795353600

typedef struct
{
  gint64      value;
  const char *expected;
} Case;

static void
check_all (const Case *cases,
           gsize       count,
           char     *(*format) (gint64))
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *text = format (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_duration (void)
{
  static const Case cases[] = {
    { -5, "0 s" }, { 0, "0 s" }, { 1, "1 s" }, { 59, "59 s" }, { 119, "119 s" }, { 120, "2 min" },
    { 43 * 60 + 59, "43 min" }, { 3599, "59 min" }, { 3600, "1 h" }, { 3600 + 300, "1 h 5 min" },
    { 10 * 3600 + 300, "10 h" }, { 47 * 3600, "47 h" }, { 48 * 3600, "2 days" }, { 729 * 86400, "729 days" },
    { 730 * 86400, "2 years" }, { G_MAXINT64, "2147483647 years" },
  };

  check_all (cases, G_N_ELEMENTS (cases), wf_format_duration);
}

static void
test_left (void)
{
  static const Case cases[] = {
    { 43 * 60, "43 min left" }, { 1, "1 s left" }, { 0, "Expired" }, { -100, "Expired" }, { G_MININT64, "Expired" },
  };

  check_all (cases, G_N_ELEMENTS (cases), wf_format_left);
}

static void
test_relative (void)
{
  static const Case cases[] = {
    { NOON + 38 * 60, "in 38 min" }, { NOON - 5 * 60, "5 min ago" }, { NOON, "now" },
    { WF_TIME_UNKNOWN, "Unknown" }, { G_MAXINT64, "in 2147483647 years" }, { G_MININT64 + 1, "2147483647 years ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = wf_format_relative (cases[i].value, NOON);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_clock (void)
{
  static const Case cases[] = {
    { NOON, "13:20" }, { NOON + 38 * 60, "13:58" }, { NOON + 86400, "23 Nov, 13:20" },
    { NOON + 366 * 86400, "23 Nov 2027, 13:20" }, { WF_TIME_UNKNOWN, "Unknown" }, { G_MAXINT64, "Unknown" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = wf_format_clock (cases[i].value, NOON);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_when (void)
{
  g_autofree char *ahead = wf_format_when (NOON + 38 * 60, NOON);
  g_autofree char *unknown = wf_format_when (WF_TIME_UNKNOWN, NOON);
  g_autofree char *absolute = wf_format_absolute (NOON);

  g_assert_cmpstr (ahead, ==, "in 38 min (13:58)");
  g_assert_cmpstr (unknown, ==, "Unknown");
  g_assert_cmpstr (absolute, ==, "Sun Nov 22 13:20:00 2026");
}

static void
test_elapsed (void)
{
  static const Case cases[] = {
    { -1, "" }, { 0, "<1 ms" }, { 999, "<1 ms" }, { 35000, "35 ms" }, { 1200000, "1.2 s" }, { 180000000, "3 min" },
  };

  check_all (cases, G_N_ELEMENTS (cases), wf_format_elapsed);
}

static void
test_twelve_hours (void)
{
  g_assert_true (wf_format_is_twelve_hours ("%r"));
  g_assert_true (wf_format_is_twelve_hours ("%I:%M:%S %p"));
  g_assert_false (wf_format_is_twelve_hours ("%H:%M:%S"));
  g_assert_false (wf_format_is_twelve_hours ("%H時%M分%S秒"));
  g_assert_false (wf_format_is_twelve_hours (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/format/duration", test_duration);
  g_test_add_func ("/ui/format/left", test_left);
  g_test_add_func ("/ui/format/relative", test_relative);
  g_test_add_func ("/ui/format/clock", test_clock);
  g_test_add_func ("/ui/format/when", test_when);
  g_test_add_func ("/ui/format/elapsed", test_elapsed);
  g_test_add_func ("/ui/format/twelve-hours", test_twelve_hours);
  return g_test_run ();
}
