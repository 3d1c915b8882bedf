/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-engine.h"

G_BEGIN_DECLS

/* What the benchmarks with many accounts share. All of it waits on the default main context, and ends the program where
 * something else than a refresh fails. */

typedef struct
{
  guint open; /* still to come */
  guint done;
  guint failed;
} BenchCount;

/* Runs the main loop until nothing is open. */
void bench_wait (BenchCount *count);
/* Counts one that came. @error: (transfer full) (nullable) */
void bench_end_one (BenchCount *count,
                    GError     *error);
void bench_load_engine (WfEngine *engine);
/* One line of @path is one account's refresh token. */
void bench_store_tokens (WfEngine   *engine,
                         WfVault    *vault,
                         const char *path,
                         const char *issuer);
void bench_load_sessions (WfEngine *engine);
/* All at once, by schedule, until the history is on disk. */
BenchCount bench_refresh_all (WfEngine *engine);

G_END_DECLS
