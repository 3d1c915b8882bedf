/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "wf-time.h"

static void
test_rfc3339 (void)
{
  static const struct
  {
    gint64      time;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { -1, "1969-12-31T23:59:59Z" },
    { 1, "1970-01-01T00:00:01Z" },
    { 951782400, "2000-02-29T00:00:00Z" },
    { G_GINT64_CONSTANT (1795353600), "2026-11-22T13:20:00Z" },
    { G_GINT64_CONSTANT (2147483648), "2038-01-19T03:14:08Z" },
    { G_GINT64_CONSTANT (4294967296), "2106-02-07T06:28:16Z" },
    { G_GINT64_CONSTANT (253402300799), "9999-12-31T23:59:59Z" },
    { G_GINT64_CONSTANT (253402300800), NULL },
    { G_GINT64_CONSTANT (-62135596800), "0001-01-01T00:00:00Z" },
    { G_GINT64_CONSTANT (-59011459200), "0100-01-01T00:00:00Z" },
    { G_GINT64_CONSTANT (-62135596801), NULL },
    { G_MAXINT64, NULL },
    { G_MININT64 + 1, NULL },
    { WF_TIME_UNKNOWN, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = wf_time_to_rfc3339 (cases[i].time);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_add (void)
{
  g_assert_cmpint (wf_time_add (100, 20), ==, 120);
  g_assert_cmpint (wf_time_add (100, -120), ==, -20);
  g_assert_cmpint (wf_time_add (G_MAXINT64, 1), ==, G_MAXINT64);
  g_assert_cmpint (wf_time_add (G_MAXINT64 - 5, 5), ==, G_MAXINT64);
  g_assert_cmpint (wf_time_add (1, G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpint (wf_time_add (-10, G_MININT64), ==, WF_TIME_UNKNOWN + 1);
  g_assert_cmpint (wf_time_add (0, G_MININT64), ==, WF_TIME_UNKNOWN + 1);
  g_assert_cmpint (wf_time_add (WF_TIME_UNKNOWN, 0), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_time_add (WF_TIME_UNKNOWN, 100), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_time_add (WF_TIME_UNKNOWN, -100), ==, WF_TIME_UNKNOWN);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time/rfc3339", test_rfc3339);
  g_test_add_func ("/time/add", test_add);

  return g_test_run ();
}
