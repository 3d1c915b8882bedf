/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-accounts.h"
#include "wf-application.h"
#include "wf-window.h"

G_BEGIN_DECLS

/* What the benchmarks within the window share. All of it waits on the default main context, and ends the program where
 * something fails. */

/* How long nothing happens before something is measured. */
#define BENCH_IDLE_MS 1500

typedef struct
{
  WfApplication *application;
  WfVault       *vault;  /* memory */
  WfEngine      *engine;
  WfWindow      *window; /* of the program; nullable */
} Bench;

/* @config_dir: (nullable): without accounts, the application alone */
void bench_open (Bench      *bench,
                 const char *config_dir);
/* Shows the window, with the first account, and waits until nothing happens any more. */
void bench_show (Bench *bench);
void bench_close (Bench *bench);
/* Returns: (transfer none) */
WfSession *bench_get_first (Bench *bench);

typedef struct
{
  GtkWidget *widget;
  gint64     last;
  gint64     longest; /* microseconds */
  gint64     last_busy;
  gint64     busiest; /* microseconds */
  guint      count;
  guint      id;
} BenchFrames;

/* Looks at the frames of the window of @widget. */
void bench_frames_begin (BenchFrames *frames,
                         GtkWidget   *widget);
/* Returns: milliseconds: the longest time between two frames */
double bench_frames_end (BenchFrames *frames);
/* Returns: milliseconds: the longest time that the main thread worked between two frames. What else the machine does is not in it. */
double bench_frames_get_busiest (BenchFrames *frames);
/* Waits for the next one. */
void bench_frames_next (BenchFrames *frames);

/* Waits until what is there now has been painted. */
void bench_wait_for_paint (GtkWidget *widget);
double bench_milliseconds_since (gint64 began);
/* Returns: KiB that the process holds */
guint64 bench_read_memory (void);

typedef struct
{
  GAsyncResult *result;
} BenchAnswer;

/* A GAsyncReadyCallback; its data is a BenchAnswer. */
void bench_on_answer (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data);
/* Returns: (transfer full) */
GAsyncResult *bench_wait_for_answer (BenchAnswer *answer);

G_END_DECLS
