/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-history-chart.h"

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static UiFixture *
begin (guint refreshes)
{
  UiFixture *fixture = ui_fixture_new (NULL);

  ui_spin_until (is_mapped, fixture->window);
  ui_fixture_sign_in (fixture, fixture->session);
  for (guint i = 0; i < refreshes; i++)
    ui_fixture_refresh (fixture, fixture->session);
  ui_fixture_show_page (fixture, "history");
  ui_spin (500);
  return fixture;
}

/* A life over some hours, as if it had been. */
static void
record (UiFixture  *fixture,
        WfEventKind kind,
        gint64      minutes_ago,
        guint       generation,
        const char *cause,
        const char *result)
{
  g_autoptr (WfEvent) event = wf_event_new (wf_session_get_account (fixture->session)->id, kind);

  event->time -= minutes_ago * G_TIME_SPAN_MINUTE;
  event->generation = generation;
  event->cause = g_strdup (cause);
  event->duration_us = 35000 + minutes_ago * 100;
  if (generation > 0)
    event->expires_at = event->time / G_USEC_PER_SEC + 3600;
  g_free (event->result);
  event->result = g_strdup (result);
  wf_history_record (wf_engine_get_history (fixture->engine), event);
}

static UiFixture *
begin_long (void)
{
  UiFixture *fixture = ui_fixture_new (NULL);

  ui_spin_until (is_mapped, fixture->window);
  record (fixture, WF_EVENT_SIGN_IN, 700, 1, "browser", "ok");
  for (guint i = 0; i < 5; i++)
    record (fixture, WF_EVENT_REFRESH, 655 - i * 45, 2 + i, "schedule", "ok");
  record (fixture, WF_EVENT_FAILURE, 430, 6, "schedule", "offline");
  record (fixture, WF_EVENT_SIGN_OUT, 400, 0, "by-hand", "ok");
  record (fixture, WF_EVENT_SIGN_IN, 330, 1, "window", "ok");
  for (guint i = 0; i < 6; i++)
    record (fixture, WF_EVENT_REFRESH, 285 - i * 45, 2 + i, i % 2 ? "by-hand" : "schedule", "ok");
  record (fixture, WF_EVENT_FAILURE, 20, 7, "script", "server_error");
  record (fixture, WF_EVENT_REFRESH, 15, 8, "script", "ok");
  ui_fixture_show_page (fixture, "history");
  ui_spin (500);
  return fixture;
}

static GtkWidget *
get_chart (UiFixture *fixture)
{
  return ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_HISTORY_CHART);
}

static char *
get_words (UiFixture *fixture)
{
  char *words = NULL;

  g_object_get (get_chart (fixture), "words", &words, NULL);
  return words;
}

static void
assert_words (UiFixture  *fixture,
              const char *expected)
{
  g_autofree char *words = get_words (fixture);

  if (!strstr (words, expected))
    g_error ("“%s” is not in “%s”", expected, words);
}

static void
choose (UiFixture *fixture,
        int        way)
{
  g_assert_true (gtk_widget_activate_action (get_chart (fixture), "chart.choose", "i", way));
  ui_spin (50);
}

/* From one to the next, in words. */
static void
test_chart_is_walked (void)
{
  g_autoptr (UiFixture) fixture = begin_long ();

  assert_words (fixture, "14 refresh tokens");
  assert_words (fixture, "2 failures");
  choose (fixture, 2);
  assert_words (fixture, "token");
  assert_words (fixture, "in use");
  choose (fixture, -2);
  assert_words (fixture, "Access token");
  choose (fixture, 1);
  assert_words (fixture, "Refresh token, generation 1");
  choose (fixture, -1);
  choose (fixture, -1);
  assert_words (fixture, "Access token");
  ui_fixture_take_picture (fixture, "history-chosen");
  g_assert_true (gtk_widget_activate_action (get_chart (fixture), "chart.zoom", "d", 4.0));
  ui_fixture_take_picture (fixture, "history-zoomed");
  g_assert_true (gtk_widget_activate_action (get_chart (fixture), "chart.move", "d", 0.3));
  g_assert_true (gtk_widget_activate_action (get_chart (fixture), "chart.zoom", "d", 0.0));
  ui_spin (100);
}

static guint
count_rows (UiFixture *fixture)
{
  GtkWidget *table = ui_find_type (GTK_WIDGET (fixture->window), GTK_TYPE_COLUMN_VIEW);

  return table ? g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table)))) : 0;
}

static void
search (UiFixture  *fixture,
        const char *text)
{
  GtkWidget *entry = ui_find_type (GTK_WIDGET (fixture->window), GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  ui_spin (500);
}

static void
test_table_is_searched (void)
{
  g_autoptr (UiFixture) fixture = begin_long ();
  GtkWidget *filter = ui_find_type (GTK_WIDGET (fixture->window), GTK_TYPE_DROP_DOWN);

  g_assert_cmpuint (count_rows (fixture), ==, 17);
  search (fixture, "offline");
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  search (fixture, "PROGRAM");
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (filter), 4);
  ui_spin (500);
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  search (fixture, "nothing of the kind");
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture->window), "No event is like that."));
  ui_fixture_take_picture (fixture, "history-none");
  search (fixture, "");
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (filter), 0);
  ui_spin (500);
  g_assert_cmpuint (count_rows (fixture), ==, 17);
}

static void
test_sizes (void)
{
  g_autoptr (UiFixture) fixture = begin_long ();

  ui_fixture_take_picture (fixture, "history");
  ui_fixture_resize (fixture, 1600, 900);
  ui_fixture_take_picture (fixture, "history-wide");
  ui_fixture_resize (fixture, 360, 720);
  ui_fixture_take_picture (fixture, "history-narrow");
  ui_fixture_resize (fixture, 1000, 800);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  ui_fixture_take_picture (fixture, "history-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  ui_fixture_take_picture (fixture, "history-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_short (void)
{
  g_autoptr (UiFixture) fixture = begin (4);

  assert_words (fixture, "5 access tokens");
  ui_fixture_take_picture (fixture, "history-short");
}

static gboolean
shows_failure (gpointer data)
{
  g_autofree char *words = get_words (data);

  return strstr (words, "300 refresh tokens, 1 failure") != NULL;
}

static gboolean
shows_many (gpointer data)
{
  g_autofree char *words = get_words (data);

  return strstr (words, "300 refresh tokens") != NULL;
}

/* The chart opens with the newest, and has the others soon after. */
static void
test_many (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);

  ui_spin_until (is_mapped, fixture->window);
  for (guint i = 0; i < 300; i++)
    record (fixture, WF_EVENT_REFRESH, 3000 - i * 10, i + 1, "schedule", "ok");
  wf_history_flush (wf_engine_get_history (fixture->engine));
  ui_fixture_show_page (fixture, "history");
  ui_spin_until (shows_many, fixture);
  record (fixture, WF_EVENT_FAILURE, 0, 300, "schedule", "offline");
  ui_spin_until (shows_failure, fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/history/chart-is-walked", test_chart_is_walked);
  g_test_add_func ("/ui/history/table-is-searched", test_table_is_searched);
  g_test_add_func ("/ui/history/sizes", test_sizes);
  g_test_add_func ("/ui/history/short", test_short);
  g_test_add_func ("/ui/history/many", test_many);
  return g_test_run ();
}
