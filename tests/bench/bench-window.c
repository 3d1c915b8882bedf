/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person waits for in the window, measured within it; bench_ui.py runs this and prints the table.
 *
 * usage: bench-window sign-in CONFIG-DIR                       milliseconds from the redirect to the painted dashboard, and
 *                                                              how many of them the server took, a line for each of several
 *        bench-window refresh CONFIG-DIR TOKEN-FILE ISSUER     the longest time between two frames while all are refreshed,
 *                                                              and while nothing happens; milliseconds
 *        bench-window fill-history CONFIG-DIR COUNT            so many events for the first account
 *        bench-window history CONFIG-DIR                       milliseconds from the action to the painted page; the longest
 *                                                              time between two frames while it scrolls, and in leaps;
 *                                                              KiB of memory, how many events */

#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

#include "bench-ui.h"
#include "wf-ui-fixture.h"

#define N_SIGN_INS 9
#define N_SCROLLS 200

/* --- from the redirect to the dashboard --- */

/* As the browser does: the server approves by itself. Returns: (transfer full): where it redirects to */
static char *
approve (const char *uri)
{
  g_autoptr (SoupSession) browser = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GBytes) body = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  body = soup_session_send_and_read (browser, message, NULL, NULL);
  return g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"));
}

/* What the server took of the latest sign-in, by its messages after the redirect. */
static double
get_server_milliseconds (WfSession *session,
                         gint64     since)
{
  g_autoptr (WfFlow) flow = g_list_model_get_item (wf_session_get_flows (session), 0);
  gint64 sum = 0;

  for (guint i = 0; i < wf_flow_get_n_steps (flow); i++)
    {
      const WfExchange *exchange = wf_flow_get_step (flow, i)->exchange;

      if (exchange && exchange->started_at >= since)
        sum += MAX (exchange->wait_us, 0);
    }
  return (double) sum / 1000;
}

static void
sign_in_once (Bench *bench)
{
  WfSession *session = bench_get_first (bench);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (GAsyncResult) completed = NULL;
  g_autoptr (GAsyncResult) signed_out = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *redirect = NULL;
  BenchAnswer answer = { NULL };
  gint64 began, since;
  double taken;

  wf_session_begin_sign_in_async (session, NULL, NULL, bench_on_answer, &answer);
  begun = bench_wait_for_answer (&answer);
  request = wf_session_begin_sign_in_finish (session, begun, &error);
  if (!request)
    g_error ("%s", error->message);
  redirect = approve (wf_authorization_request_get_uri (request));
  ui_spin (200);
  since = g_get_real_time ();
  began = g_get_monotonic_time ();
  wf_session_complete_sign_in_async (session, request, redirect, NULL, bench_on_answer, &answer);
  completed = bench_wait_for_answer (&answer);
  if (!wf_session_complete_sign_in_finish (session, completed, &error))
    g_error ("%s", error->message);
  bench_wait_for_paint (GTK_WIDGET (bench->window));
  taken = bench_milliseconds_since (began);
  g_print ("%.2f %.2f\n", taken, get_server_milliseconds (session, since));
  ui_spin (200);
  wf_session_sign_out_async (session, FALSE, NULL, bench_on_answer, &answer);
  signed_out = bench_wait_for_answer (&answer);
  report = wf_session_sign_out_finish (session, signed_out, NULL);
  ui_spin (200);
}

static void
run_sign_in (Bench *bench)
{
  bench_show (bench);
  for (guint i = 0; i < N_SIGN_INS; i++)
    sign_in_once (bench);
}

/* --- all accounts at once --- */

static void
run_refresh (Bench      *bench,
             const char *tokens,
             const char *issuer)
{
  BenchFrames frames;
  BenchCount count;
  double idle, busy;
  gint64 began;

  bench_store_tokens (bench->engine, bench->vault, tokens, issuer);
  bench_show (bench);
  bench_frames_begin (&frames, GTK_WIDGET (bench->window));
  ui_spin (BENCH_IDLE_MS);
  idle = bench_frames_end (&frames);
  bench_frames_begin (&frames, GTK_WIDGET (bench->window));
  began = g_get_monotonic_time ();
  count = bench_refresh_all (bench->engine);
  busy = bench_frames_end (&frames);
  g_print ("%.2f %.2f %u %u %u %.0f\n", busy, idle, frames.count, count.done, count.failed, bench_milliseconds_since (began));
}

/* --- the history --- */

static void
fill_history (Bench *bench,
              guint  count)
{
  WfHistory *history = wf_engine_get_history (bench->engine);
  const WfHistoryBounds bounds = { .max_events = 2 * count };
  gint64 now = g_get_real_time ();

  wf_history_set_bounds (history, &bounds);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (WfEvent) event = wf_event_new (wf_session_get_account (bench_get_first (bench))->id,
                                                i % 50 == 49 ? WF_EVENT_FAILURE : WF_EVENT_REFRESH);

      event->time = now - (gint64) (count - i) * 300 * G_USEC_PER_SEC;
      event->cause = g_strdup ("schedule");
      event->duration_us = 80000 + i % 1000;
      event->generation = i + 1;
      event->expires_at = event->time / G_USEC_PER_SEC + 600;
      wf_history_record (history, event);
    }
  wf_history_flush (history);
}

/* Returns: (nullable): the table's model, once the first line can be read */
static GListModel *
find_lines (Bench *bench)
{
  GtkWidget *table = ui_find_type (GTK_WIDGET (bench->window), GTK_TYPE_COLUMN_VIEW);
  GListModel *lines = table ? G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table))) : NULL;
  g_autoptr (GObject) first = lines ? g_list_model_get_item (lines, 0) : NULL;
  gpointer event = NULL;

  if (first)
    g_object_get (first, "event", &event, NULL);
  if (!event)
    return NULL;
  g_boxed_free (WF_TYPE_EVENT, event);
  return lines;
}

/* Returns: milliseconds: the longest time between two frames */
static double
scroll (Bench   *bench,
        gboolean in_leaps)
{
  GtkWidget *table = ui_find_type (GTK_WIDGET (bench->window), GTK_TYPE_COLUMN_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (table));
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  BenchFrames frames;

  bench_frames_begin (&frames, GTK_WIDGET (bench->window));
  for (guint i = 1; i <= N_SCROLLS; i++)
    {
      gtk_adjustment_set_value (adjustment, in_leaps ? end * i / N_SCROLLS : MIN (60.0 * i, end));
      bench_frames_next (&frames);
    }
  return bench_frames_end (&frames);
}

static void
run_history (Bench *bench)
{
  GListModel *lines;
  gint64 began;
  double opened, scrolled;

  bench_show (bench);
  began = g_get_monotonic_time ();
  gtk_widget_activate_action (GTK_WIDGET (bench->window), "win.page", "s", "history");
  while (!(lines = find_lines (bench)))
    g_main_context_iteration (NULL, TRUE);
  bench_wait_for_paint (GTK_WIDGET (bench->window));
  opened = bench_milliseconds_since (began);
  ui_spin (500);
  scrolled = scroll (bench, FALSE);
  g_print ("%.2f %.2f %.2f", opened, scrolled, scroll (bench, TRUE));
  g_print (" %" G_GUINT64_FORMAT " %u\n", bench_read_memory (), g_list_model_get_n_items (lines));
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  const char *mode = argc > 2 ? argv[1] : "";

  setlocale (LC_ALL, "");
  if (argc < 3)
    g_error ("usage: bench-window sign-in|refresh|fill-history|history CONFIG-DIR …");
  if (g_str_equal (mode, "fill-history"))
    {
      bench.engine = wf_engine_new (&(WfEngineOptions) { .config_dir = argv[2] });
      bench_load_engine (bench.engine);
      fill_history (&bench, (guint) g_ascii_strtoull (argv[3], NULL, 10));
      return 0;
    }
  bench_open (&bench, argv[2]);
  if (g_str_equal (mode, "sign-in"))
    run_sign_in (&bench);
  else if (g_str_equal (mode, "refresh") && argc == 5)
    run_refresh (&bench, argv[3], argv[4]);
  else if (g_str_equal (mode, "history"))
    run_history (&bench);
  else
    return 2;
  bench_close (&bench);
  return 0;
}
