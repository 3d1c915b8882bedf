/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*WfBenchFunc) (gpointer data);

/**
 * wf_bench_compare:
 * @a_rate: (out): calls of @a per second
 * @b_rate: (out): calls of @b per second
 *
 * Measures two functions in turns, so that what else the machine does hits both, and keeps the
 * best round of each.
 */
void wf_bench_compare (WfBenchFunc a,
                       WfBenchFunc b,
                       gpointer    data,
                       double     *a_rate,
                       double     *b_rate);

G_END_DECLS
