/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does with a large token, measured in the window; bench_tokens.py runs this and prints the table.
 *
 * usage: bench-tokens inspector SHAPE BYTES               in the inspector, from a file
 *        bench-tokens page SHAPE BYTES CONFIG-DIR         on the Tokens page of the first account
 *
 * The shapes are those of wf-big-token.h. A line for each thing that is done: its name, and milliseconds: the longest time
 * between two frames meanwhile, and the longest that the main thread worked between two of them. The first line is "shown", the
 * milliseconds until it is on the screen; the last one "memory", the KiB that the process holds besides what it held before. */

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "bench-ui.h"
#include "wf-big-token.h"
#include "wf-claims-view.h"
#include "wf-inspector-window.h"
#include "wf-ui-fixture.h"

#define N_STEPS 50
#define LINE 60.0
/* What is measured after something was done: so long something may come of it in the background. */
#define AFTERWARDS_MS 800

static void
report (const char  *what,
        BenchFrames *frames)
{
  double longest = bench_frames_end (frames);

  g_print ("%s %.2f %.2f\n", what, longest, bench_frames_get_busiest (frames));
}

static GtkWidget *
find_claims (GtkWidget *window)
{
  return ui_find_type (window, WF_TYPE_CLAIMS_VIEW);
}

static guint
count_shown (GtkWidget *window)
{
  GtkWidget *claims = find_claims (window);
  guint count = 0;

  if (claims)
    g_object_get (claims, "n-shown", &count, NULL);
  return count;
}

/* --- scrolling --- */

/* Line by line from where it stands, then in leaps to the end. */
static void
scroll (const char    *what,
        GtkWidget     *window,
        GtkAdjustment *adjustment)
{
  g_autofree char *leaps = g_strdup_printf ("%s-leaps", what);
  BenchFrames frames;

  bench_frames_begin (&frames, window);
  for (guint i = 0; i < N_STEPS; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + LINE);
      bench_frames_next (&frames);
    }
  report (what, &frames);
  bench_frames_begin (&frames, window);
  for (guint i = 1; i <= N_STEPS; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / N_STEPS);
      bench_frames_next (&frames);
    }
  report (leaps, &frames);
}

static void
scroll_page (const char *what,
             GtkWidget  *window)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (find_claims (window), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));

  gtk_adjustment_set_value (adjustment, 0);
  scroll (what, window, adjustment);
}

/* @type: of what may have a scroller of its own within the page */
static void
scroll_within (const char *what,
               GtkWidget  *window,
               GType       type)
{
  GtkWidget *widget = ui_find_type (window, type);
  GtkWidget *parent = widget ? gtk_widget_get_parent (widget) : NULL;

  if (GTK_IS_SCROLLED_WINDOW (parent))
    scroll (what, window, gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (parent)));
}

/* --- what is done --- */

static void
search (GtkWidget *window)
{
  GtkWidget *entry = ui_find_type (find_claims (window), GTK_TYPE_SEARCH_ENTRY);
  static const char *const typed[] = { "l", "la", "las", "last", "last ", "" };
  BenchFrames frames;

  bench_frames_begin (&frames, window);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (entry), typed[i]);
      ui_spin (400);
    }
  report ("search", &frames);
}

static void
click (const char *what,
       const char *label,
       GtkWidget  *window)
{
  GtkWidget *button = ui_find_button (window, label);
  BenchFrames frames;

  if (!button)
    g_error ("There is no button %s", label);
  bench_frames_begin (&frames, window);
  g_signal_emit_by_name (button, "clicked");
  ui_spin (AFTERWARDS_MS);
  report (what, &frames);
}

static void
open_raw (GtkWidget *window)
{
  GtkWidget *text = ui_find_text (window, "Raw");
  BenchFrames frames;

  bench_frames_begin (&frames, window);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (gtk_widget_get_ancestor (text, ADW_TYPE_EXPANDER_ROW)), TRUE);
  ui_spin (AFTERWARDS_MS);
  report ("raw", &frames);
}

static void
use (GtkWidget  *window,
     const char *copy)
{
  scroll_page ("scroll", window);
  scroll_within ("scroll-claims", window, GTK_TYPE_LIST_VIEW);
  search (window);
  click ("reveal", "Reveal", window);
  scroll_page ("scroll-revealed", window);
  click ("hide", "Hide", window);
  click ("copy", copy, window);
  open_raw (window);
  scroll_page ("scroll-raw", window);
  scroll_within ("scroll-raw-within", window, GTK_TYPE_TEXT_VIEW);
}

/* --- where --- */

static void
wait_for_claims (GtkWidget   *window,
                 gint64       began,
                 BenchFrames *frames)
{
  while (count_shown (window) == 0)
    g_main_context_iteration (NULL, TRUE);
  bench_wait_for_paint (window);
  g_print ("shown %.2f\n", bench_milliseconds_since (began));
  ui_spin (AFTERWARDS_MS);
  report ("open", frames);
}

static void
run_inspector (Bench      *bench,
               const char *token)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "warifu-bench-XXXXXX", NULL);
  g_autoptr (GFile) file = NULL;
  GtkWidget *window = GTK_WIDGET (wf_inspector_window_new (GTK_APPLICATION (bench->application), NULL));
  guint64 memory;
  gint64 began;
  BenchFrames frames;

  g_close (g_mkstemp (path), NULL);
  if (!g_file_set_contents (path, token, -1, NULL))
    g_error ("The file of the token cannot be written");
  file = g_file_new_for_path (path);
  gtk_window_present (GTK_WINDOW (window));
  ui_spin (BENCH_IDLE_MS);
  memory = bench_read_memory ();
  bench_frames_begin (&frames, window);
  began = g_get_monotonic_time ();
  wf_inspector_window_open (WF_INSPECTOR_WINDOW (window), &file, 1);
  wait_for_claims (window, began, &frames);
  use (window, "Copy Token");
  g_print ("memory %.0f\n", (double) bench_read_memory () - (double) memory);
  gtk_window_destroy (GTK_WINDOW (window));
  g_unlink (path);
}

/* Its signature is not checked again when it is shown. */
static void
store_id_token (Bench      *bench,
                const char *token)
{
  WfAccount *account = wf_session_get_account (bench_get_first (bench));
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfSecretValue) document = NULL;
  g_autofree char *json = g_strdup_printf ("{\"access_token\":\"a-token\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                                           "\"refresh_token\":\"another\",\"id_token\":\"%s\"}", token);
  g_autoptr (GBytes) body = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (WfTokenResponse) response = wf_token_response_parse (200, "application/json", -1, body, &error);
  BenchAnswer answer = { NULL };
  g_autoptr (GAsyncResult) stored = NULL;

  if (!response)
    g_error ("%s", error->message);
  wf_token_set_apply (set, response, NULL, TRUE, wf_clock_now (wf_clock_get_default ()));
  set->issuer = g_strdup (account->issuer);
  set->client_id = g_strdup (account->client_id);
  document = wf_token_set_serialize (set, &error);
  if (!document)
    g_error ("%s", error->message);
  wf_vault_store_async (bench->vault, account->id, document, NULL, bench_on_answer, &answer);
  stored = bench_wait_for_answer (&answer);
}

static void
run_page (Bench      *bench,
          const char *token)
{
  GtkWidget *window;
  GtkWidget *card;
  guint64 memory;
  gint64 began;
  BenchFrames frames;

  store_id_token (bench, token);
  bench_show (bench);
  window = GTK_WIDGET (bench->window);
  memory = bench_read_memory ();
  bench_frames_begin (&frames, window);
  gtk_widget_activate_action (window, "win.page", "s", "tokens");
  bench_wait_for_paint (window);
  ui_spin (AFTERWARDS_MS);
  card = gtk_widget_get_ancestor (ui_find_text (window, "ID token"), GTK_TYPE_TOGGLE_BUTTON);
  began = g_get_monotonic_time ();
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (card), TRUE);
  wait_for_claims (window, began, &frames);
  use (window, "Copy ID Token");
  g_print ("memory %.0f\n", (double) bench_read_memory () - (double) memory);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { NULL };
  g_autofree char *token = NULL;

  setlocale (LC_ALL, "");
  if (argc < 4)
    g_error ("usage: bench-tokens inspector|page SHAPE BYTES [CONFIG-DIR]");
  bench_open (&bench, argv[4]);
  token = big_token_make (big_token_from_name (argv[2]), g_ascii_strtoull (argv[3], NULL, 10));
  if (g_str_equal (argv[1], "inspector"))
    run_inspector (&bench, token);
  else
    run_page (&bench, token);
  bench_close (&bench);
  return 0;
}
