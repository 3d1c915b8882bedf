/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-ui.h"

#include <string.h>
#include <time.h>

#include "wf-ui-fixture.h"

/* Returns: microseconds that this thread has worked */
static gint64
get_busy_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
measure (BenchFrames *frames)
{
  gint64 now = g_get_monotonic_time ();
  gint64 busy = get_busy_time ();

  frames->longest = MAX (frames->longest, now - frames->last);
  frames->busiest = MAX (frames->busiest, busy - frames->last_busy);
  frames->last = now;
  frames->last_busy = busy;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  BenchFrames *frames = user_data;

  measure (frames);
  frames->count++;
  return G_SOURCE_CONTINUE;
}

static void
on_after_paint (GdkFrameClock *clock,
                gboolean      *painted)
{
  *painted = TRUE;
}

void
bench_open (Bench      *bench,
            const char *config_dir)
{
  g_autoptr (GError) error = NULL;

  bench->application = wf_application_new ();
  g_application_set_flags (G_APPLICATION (bench->application), G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (bench->application), NULL, &error))
    g_error ("%s", error->message);
  if (!config_dir)
    return;
  bench->vault = wf_memory_vault_new ();
  bench->engine = wf_engine_new (&(WfEngineOptions) { .config_dir = config_dir, .vault = bench->vault });
  bench_load_engine (bench->engine);
}

void
bench_show (Bench *bench)
{
  bench_load_sessions (bench->engine);
  bench->window = wf_window_new (GTK_APPLICATION (bench->application), bench->engine, NULL);
  wf_window_set_loaded (bench->window);
  wf_window_select (bench->window, bench_get_first (bench));
  gtk_window_present (GTK_WINDOW (bench->window));
  ui_spin (BENCH_IDLE_MS);
  bench_wait_for_paint (GTK_WIDGET (bench->window));
}

void
bench_close (Bench *bench)
{
  if (bench->window)
    gtk_window_destroy (GTK_WINDOW (bench->window));
  ui_spin (50);
  g_clear_object (&bench->engine);
  g_clear_object (&bench->vault);
  g_clear_object (&bench->application);
}

WfSession *
bench_get_first (Bench *bench)
{
  g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (bench->engine), 0);

  return session;
}

void
bench_frames_begin (BenchFrames *frames,
                    GtkWidget   *widget)
{
  *frames = (BenchFrames) {
    .widget = GTK_WIDGET (gtk_widget_get_root (widget)),
    .last = g_get_monotonic_time (),
    .last_busy = get_busy_time (),
  };
  frames->id = gtk_widget_add_tick_callback (frames->widget, on_tick, frames, NULL);
}

double
bench_frames_end (BenchFrames *frames)
{
  gtk_widget_remove_tick_callback (frames->widget, frames->id);
  measure (frames);
  return (double) frames->longest / 1000;
}

double
bench_frames_get_busiest (BenchFrames *frames)
{
  return (double) frames->busiest / 1000;
}

void
bench_frames_next (BenchFrames *frames)
{
  guint seen = frames->count;

  while (frames->count == seen)
    g_main_context_iteration (NULL, TRUE);
}

void
bench_wait_for_paint (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gboolean painted = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &painted);

  gtk_widget_queue_draw (widget);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}

double
bench_milliseconds_since (gint64 began)
{
  return (double) (g_get_monotonic_time () - began) / 1000;
}

guint64
bench_read_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &text, NULL, NULL);
  line = text ? strstr (text, "VmRSS:") : NULL;
  return line ? g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10) : 0;
}

void
bench_on_answer (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  ((BenchAnswer *) user_data)->result = g_object_ref (result);
}

GAsyncResult *
bench_wait_for_answer (BenchAnswer *answer)
{
  while (!answer->result)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&answer->result);
}
