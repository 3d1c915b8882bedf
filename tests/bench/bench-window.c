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
 *                                                              KiB of memory, how many events
 *        bench-window tokens CONFIG-DIR COUNT                  milliseconds from the action to the painted page, with an ID
 *                                                              token of so many claims */

#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

#include "bench-accounts.h"
#include "wf-application.h"
#include "wf-ui-fixture.h"
#include "wf-window.h"

#define N_SIGN_INS 9
#define N_SCROLLS 200
#define IDLE_MS 1500

typedef struct
{
  WfApplication *application;
  WfVault       *vault;
  WfEngine      *engine;
  WfWindow      *window;
} Bench;

/* --- frames --- */

typedef struct
{
  gint64 last;
  gint64 longest;
  guint  count;
  guint  id;
} Frames;

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  Frames *frames = user_data;
  gint64 now = g_get_monotonic_time ();

  if (frames->last)
    frames->longest = MAX (frames->longest, now - frames->last);
  frames->last = now;
  frames->count++;
  return G_SOURCE_CONTINUE;
}

static void
frames_begin (Frames *frames,
              Bench  *bench)
{
  *frames = (Frames) { 0 };
  frames->id = gtk_widget_add_tick_callback (GTK_WIDGET (bench->window), on_tick, frames, NULL);
}

/* Returns: milliseconds */
static double
frames_end (Frames *frames,
            Bench  *bench)
{
  gtk_widget_remove_tick_callback (GTK_WIDGET (bench->window), frames->id);
  frames->longest = MAX (frames->longest, g_get_monotonic_time () - frames->last);
  return (double) frames->longest / 1000;
}

static void
on_after_paint (GdkFrameClock *clock,
                gboolean      *painted)
{
  *painted = TRUE;
}

/* Waits until what is there now has been painted. */
static void
wait_for_paint (Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench->window));
  gboolean painted = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &painted);

  gtk_widget_queue_draw (GTK_WIDGET (bench->window));
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}

static double
milliseconds_since (gint64 began)
{
  return (double) (g_get_monotonic_time () - began) / 1000;
}

/* --- the window --- */

static void
bench_open (Bench      *bench,
            const char *config_dir)
{
  g_autoptr (GError) error = NULL;

  bench->application = wf_application_new ();
  g_application_set_flags (G_APPLICATION (bench->application), G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (bench->application), NULL, &error))
    g_error ("%s", error->message);
  bench->vault = wf_memory_vault_new ();
  bench->engine = wf_engine_new (&(WfEngineOptions) { .config_dir = config_dir, .vault = bench->vault });
  bench_load_engine (bench->engine);
}

static WfSession *
get_first (Bench *bench)
{
  g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (bench->engine), 0);

  return session;
}

static void
bench_show (Bench *bench)
{
  bench_load_sessions (bench->engine);
  bench->window = wf_window_new (GTK_APPLICATION (bench->application), bench->engine, NULL);
  wf_window_set_loaded (bench->window);
  wf_window_select (bench->window, get_first (bench));
  gtk_window_present (GTK_WINDOW (bench->window));
  ui_spin (IDLE_MS);
  wait_for_paint (bench);
}

/* --- from the redirect to the dashboard --- */

typedef struct
{
  GAsyncResult *result;
} Answer;

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  ((Answer *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_answer (Answer *answer)
{
  while (!answer->result)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&answer->result);
}

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
  WfSession *session = get_first (bench);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (GAsyncResult) completed = NULL;
  g_autoptr (GAsyncResult) signed_out = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *redirect = NULL;
  Answer answer = { NULL };
  gint64 began, since;
  double taken;

  wf_session_begin_sign_in_async (session, NULL, NULL, on_answer, &answer);
  begun = wait_for_answer (&answer);
  request = wf_session_begin_sign_in_finish (session, begun, &error);
  if (!request)
    g_error ("%s", error->message);
  redirect = approve (wf_authorization_request_get_uri (request));
  ui_spin (200);
  since = g_get_real_time ();
  began = g_get_monotonic_time ();
  wf_session_complete_sign_in_async (session, request, redirect, NULL, on_answer, &answer);
  completed = wait_for_answer (&answer);
  if (!wf_session_complete_sign_in_finish (session, completed, &error))
    g_error ("%s", error->message);
  wait_for_paint (bench);
  taken = milliseconds_since (began);
  g_print ("%.2f %.2f\n", taken, get_server_milliseconds (session, since));
  ui_spin (200);
  wf_session_sign_out_async (session, FALSE, NULL, on_answer, &answer);
  signed_out = wait_for_answer (&answer);
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
  Frames frames;
  BenchCount count;
  double idle, busy;
  gint64 began;

  bench_store_tokens (bench->engine, bench->vault, tokens, issuer);
  bench_show (bench);
  frames_begin (&frames, bench);
  ui_spin (IDLE_MS);
  idle = frames_end (&frames, bench);
  frames_begin (&frames, bench);
  began = g_get_monotonic_time ();
  count = bench_refresh_all (bench->engine);
  busy = frames_end (&frames, bench);
  g_print ("%.2f %.2f %u %u %u %.0f\n", busy, idle, frames.count, count.done, count.failed, milliseconds_since (began));
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
      g_autoptr (WfEvent) event = wf_event_new (wf_session_get_account (get_first (bench))->id,
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

static guint64
read_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &text, NULL, NULL);
  line = text ? strstr (text, "VmRSS:") : NULL;
  return line ? g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10) : 0;
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
  Frames frames;

  frames_begin (&frames, bench);
  for (guint i = 1; i <= N_SCROLLS; i++)
    {
      guint seen = frames.count;

      gtk_adjustment_set_value (adjustment, in_leaps ? end * i / N_SCROLLS : MIN (60.0 * i, end));
      while (frames.count == seen)
        g_main_context_iteration (NULL, TRUE);
    }
  return frames_end (&frames, bench);
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
  wait_for_paint (bench);
  opened = milliseconds_since (began);
  ui_spin (500);
  scrolled = scroll (bench, FALSE);
  g_print ("%.2f %.2f %.2f", opened, scrolled, scroll (bench, TRUE));
  g_print (" %" G_GUINT64_FORMAT " %u\n", read_memory (), g_list_model_get_n_items (lines));
}

/* --- the tokens --- */

static char *
encode (const char *text)
{
  char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  encoded[strcspn (encoded, "=")] = '\0';
  return encoded;
}

/* As from a provider that tells all groups one by one; its signature is not checked again when it is shown. */
static char *
make_id_token (guint count)
{
  g_autoptr (GString) claims = g_string_new ("{\"iss\":\"https://id.example.org\",\"sub\":\"alice\",\"aud\":\"warifu-demo\","
                                             "\"iat\":1795353600,\"exp\":1795357200");
  g_autofree char *header = encode ("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"one\"}");
  g_autofree char *payload = NULL;

  for (guint i = 5; i < count; i++)
    g_string_append_printf (claims, ",\"claim-%u\":\"the value %u\"", i, i);
  g_string_append_c (claims, '}');
  payload = encode (claims->str);
  return g_strdup_printf ("%s.%s.%s", header, payload,
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static void
store_id_token (Bench *bench,
                guint  count)
{
  WfAccount *account = wf_session_get_account (get_first (bench));
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfSecretValue) document = NULL;
  g_autofree char *id_token = make_id_token (count);
  g_autofree char *json = g_strdup_printf ("{\"access_token\":\"a-token\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                                           "\"refresh_token\":\"another\",\"id_token\":\"%s\"}", id_token);
  g_autoptr (GBytes) body = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (WfTokenResponse) response = wf_token_response_parse (200, "application/json", -1, body, &error);
  Answer answer = { NULL };
  g_autoptr (GAsyncResult) stored = NULL;

  if (!response)
    g_error ("%s", error->message);
  wf_token_set_apply (set, response, NULL, TRUE, wf_clock_now (wf_clock_get_default ()));
  set->issuer = g_strdup (account->issuer);
  set->client_id = g_strdup (account->client_id);
  document = wf_token_set_serialize (set, &error);
  if (!document)
    g_error ("%s", error->message);
  wf_vault_store_async (bench->vault, account->id, document, NULL, on_answer, &answer);
  stored = wait_for_answer (&answer);
}

static void
run_tokens (Bench *bench,
            guint  count)
{
  Frames frames;
  gint64 began;
  double opened;

  store_id_token (bench, count);
  bench_show (bench);
  frames_begin (&frames, bench);
  began = g_get_monotonic_time ();
  gtk_widget_activate_action (GTK_WIDGET (bench->window), "win.page", "s", "tokens");
  wait_for_paint (bench);
  opened = milliseconds_since (began);
  ui_spin (1000);
  g_print ("%.2f %.2f\n", opened, frames_end (&frames, bench));
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  const char *mode = argc > 2 ? argv[1] : "";

  setlocale (LC_ALL, "");
  if (argc < 3)
    g_error ("usage: bench-window sign-in|refresh|fill-history|history|tokens CONFIG-DIR …");
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
  else if (g_str_equal (mode, "tokens") && argc == 4)
    run_tokens (&bench, (guint) g_ascii_strtoull (argv[3], NULL, 10));
  else
    return 2;
  gtk_window_destroy (GTK_WINDOW (bench.window));
  ui_spin (50);
  g_object_unref (bench.engine);
  g_object_unref (bench.vault);
  g_object_unref (bench.application);
  return 0;
}
