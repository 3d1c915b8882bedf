/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-bench.h"

#define ROUNDS 15
#define ROUND_MICROSECONDS 40000

static double
measure (WfBenchFunc func,
         gpointer    data)
{
  gint64 start = g_get_monotonic_time ();
  gint64 elapsed;
  guint count = 0;

  do
    {
      func (data);
      count++;
      elapsed = g_get_monotonic_time () - start;
    }
  while (elapsed < ROUND_MICROSECONDS);

  return (double) count * G_USEC_PER_SEC / (double) elapsed;
}

void
wf_bench_compare (WfBenchFunc a,
                  WfBenchFunc b,
                  gpointer    data,
                  double     *a_rate,
                  double     *b_rate)
{
  *a_rate = 0;
  *b_rate = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      *a_rate = MAX (*a_rate, measure (a, data));
      *b_rate = MAX (*b_rate, measure (b, data));
    }
}
