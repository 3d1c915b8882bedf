/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "wf-await.h"
#include "wf-expect.h"
#include "wf-time.h"

#define ALICE "11111111-2222-4333-8444-555555555555"
#define BOB "66666666-7777-4888-9999-aaaaaaaaaaaa"

typedef struct
{
  char *root;
  char *path;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("warifu-history-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->root, "data", "history.db", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  const char *const command[] = { "rm", "-rf", "--", fixture->root, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (fixture->root);
  g_free (fixture->path);
}

static GPtrArray *
query (WfHistory  *history,
       const char *account,
       guint       limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *events;

  wf_history_query_async (history, account, limit, NULL, wf_await_cb, &result);
  wf_await (&result);
  events = wf_history_query_finish (history, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (events);
  return events;
}

static void
record (WfHistory  *history,
        const char *account,
        WfEventKind kind,
        guint       generation)
{
  g_autoptr (WfEvent) event = wf_event_new (account, kind);

  event->generation = generation;
  wf_history_record (history, event);
}

/* The number that the file keeps is the number of events that it has. */
static void
assert_measured (WfHistory  *history,
                 const char *account,
                 guint       count)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  WfHistoryExtent extent;

  wf_history_measure_async (history, account, WF_HISTORY_ALL, G_MAXINT64, NULL, wf_await_cb, &result);
  wf_await (&result);
  wf_history_measure_finish (history, result, &extent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (extent.count, ==, count);
  g_assert_cmpuint (extent.n_later, ==, 0);
}

static void
assert_count (WfHistory  *history,
              const char *account,
              guint       count)
{
  g_autoptr (GPtrArray) events = query (history, account, 100000);

  g_assert_cmpuint (events->len, ==, count);
  if (account)
    assert_measured (history, account, count);
}

static void
test_event (void)
{
  g_autoptr (WfEvent) event = wf_event_new (ALICE, WF_EVENT_REFRESH);
  g_autoptr (WfEvent) copy = NULL;

  g_assert_cmpint (event->id, ==, 0);
  g_assert_cmpint (event->expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (event->duration_us, ==, -1);
  g_assert_cmpstr (event->result, ==, "ok");
  event->cause = g_strdup ("schedule");
  copy = wf_event_copy (event);
  g_clear_pointer (&event, wf_event_free);
  g_assert_cmpstr (copy->account, ==, ALICE);
  g_assert_cmpstr (copy->cause, ==, "schedule");
  wf_event_free (NULL);

  g_assert_cmpstr (wf_event_kind_to_string (WF_EVENT_SIGN_IN), ==, "sign-in");
  g_assert_cmpstr (wf_event_kind_to_string (WF_EVENT_REFRESH), ==, "refresh");
  g_assert_cmpstr (wf_event_kind_to_string (WF_EVENT_SIGN_OUT), ==, "sign-out");
  g_assert_cmpstr (wf_event_kind_to_string (WF_EVENT_FAILURE), ==, "failure");
}

static void
test_record_and_query (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (WfEvent) event = wf_event_new (ALICE, WF_EVENT_SIGN_IN);
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);
  g_autoptr (GPtrArray) events = NULL;
  const WfEvent *newest;

  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  event->time = G_GINT64_CONSTANT (1795353600) * G_USEC_PER_SEC;
  event->cause = g_strdup ("browser");
  event->duration_us = 4321;
  event->generation = 1;
  event->expires_at = 99;
  event->fingerprint = g_strdup ("00ff");
  wf_history_record (history, event);
  record (history, BOB, WF_EVENT_FAILURE, 0);
  record (history, ALICE, WF_EVENT_REFRESH, 2);

  events = query (history, ALICE, 10);
  g_assert_cmpuint (events->len, ==, 2);
  newest = g_ptr_array_index (events, 0);
  g_assert_cmpint (newest->kind, ==, WF_EVENT_REFRESH);
  g_assert_cmpuint (newest->generation, ==, 2);
  g_assert_null (newest->cause);
  g_assert_null (newest->fingerprint);
  g_assert_cmpint (newest->expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (newest->duration_us, ==, -1);

  newest = g_ptr_array_index (events, 1);
  g_assert_cmpint (newest->id, >, 0);
  g_assert_cmpint (newest->kind, ==, WF_EVENT_SIGN_IN);
  g_assert_cmpint (newest->time, ==, G_GINT64_CONSTANT (1795353600) * G_USEC_PER_SEC);
  g_assert_cmpstr (newest->cause, ==, "browser");
  g_assert_cmpint (newest->duration_us, ==, 4321);
  g_assert_cmpint (newest->expires_at, ==, 99);
  g_assert_cmpstr (newest->fingerprint, ==, "00ff");
  assert_count (history, NULL, 3);

  g_clear_pointer (&events, g_ptr_array_unref);
  events = query (history, NULL, 1);
  g_assert_cmpuint (events->len, ==, 1);
}

static void
test_kept_on_disk (Fixture      *fixture,
                   gconstpointer data)
{
  WfHistory *history = wf_history_new (fixture->path);
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *journal = g_strconcat (fixture->path, "-wal", NULL);
  struct stat info;

  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  wf_history_flush (history);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (journal, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  /* Without a flush: the end of the history waits for the writer. */
  record (history, ALICE, WF_EVENT_REFRESH, 2);
  g_object_unref (history);

  history = wf_history_new (fixture->path);
  assert_count (history, ALICE, 2);
  g_object_unref (history);
}

static void
test_memory (void)
{
  g_autoptr (WfHistory) one = wf_history_new (NULL);
  g_autoptr (WfHistory) other = wf_history_new (NULL);

  record (one, ALICE, WF_EVENT_SIGN_IN, 1);
  assert_count (one, ALICE, 1);
  assert_count (other, ALICE, 0);
}

static void
test_forget (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);

  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  record (history, BOB, WF_EVENT_SIGN_IN, 1);
  wf_history_forget (history, ALICE);
  assert_count (history, ALICE, 0);
  assert_count (history, BOB, 1);
}

static void
on_recorded (WfHistory     *history,
             const WfEvent *event,
             GString       *order)
{
  g_assert_cmpint (event->id, >, 0);
  g_assert_cmpstr (event->account, ==, ALICE);
  g_string_append_printf (order, "%u,", event->generation);
}

static void
test_recorded (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);
  g_autoptr (GString) order = g_string_new (NULL);

  g_signal_connect (history, "recorded", G_CALLBACK (on_recorded), order);
  for (guint i = 1; i <= 5; i++)
    record (history, ALICE, WF_EVENT_REFRESH, i);
  g_assert_cmpstr (order->str, ==, "");
  while (order->len < 10)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (order->str, ==, "1,2,3,4,5,");
}

/* Gone before what it recorded came back: no signal, no crash, nothing lost. */
static void
test_dropped_early (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (WfHistory) again = NULL;

  for (guint i = 0; i < 20; i++)
    {
      WfHistory *history = wf_history_new (fixture->path);

      g_signal_connect (history, "recorded", G_CALLBACK (on_recorded), order);
      record (history, ALICE, WF_EVENT_REFRESH, i);
      g_object_unref (history);
    }
  wf_await_nothing ();
  g_assert_cmpstr (order->str, ==, "");
  again = wf_history_new (fixture->path);
  assert_count (again, ALICE, 20);
}

static void
test_query_keeps_it_alive (Fixture      *fixture,
                           gconstpointer data)
{
  WfHistory *history = wf_history_new (fixture->path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) events = NULL;

  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  wf_history_query_async (history, NULL, 10, NULL, wf_await_cb, &result);
  g_object_unref (history);
  wf_await (&result);
  history = WF_HISTORY (g_async_result_get_source_object (result));
  events = wf_history_query_finish (history, result, NULL);
  g_assert_cmpuint (events->len, ==, 1);
  g_object_unref (history);
}

static void
test_cancelled (void)
{
  g_autoptr (WfHistory) history = wf_history_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  wf_history_query_async (history, NULL, 10, cancellable, wf_await_cb, &result);
  wf_await (&result);
  g_assert_null (wf_history_query_finish (history, result, &error));
  g_assert_cmpstr (wf_error_get_name (error), ==, "cancelled");
}

static void
test_bounded (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);
  g_autoptr (GPtrArray) events = NULL;

  record (history, BOB, WF_EVENT_SIGN_IN, 7);
  for (guint i = 1; i <= 20100; i++)
    record (history, ALICE, WF_EVENT_REFRESH, i);
  assert_count (history, BOB, 1);
  events = query (history, ALICE, 100000);
  g_assert_cmpuint (events->len, ==, 20000);
  g_assert_cmpuint (((WfEvent *) g_ptr_array_index (events, 0))->generation, ==, 20100);
  g_assert_cmpuint (((WfEvent *) g_ptr_array_index (events, 19999))->generation, ==, 101);
}

static void
record_at (WfHistory *history,
           gint64     days_ago,
           guint      generation)
{
  g_autoptr (WfEvent) event = wf_event_new (ALICE, WF_EVENT_REFRESH);

  event->time -= days_ago * G_TIME_SPAN_DAY;
  event->generation = generation;
  wf_history_record (history, event);
}

static void
set_bounds (WfHistory *history,
            guint      events,
            guint      days)
{
  const WfHistoryBounds bounds = { .max_events = events, .max_days = days };

  wf_history_set_bounds (history, &bounds);
}

/* By number and by age, as the person has chosen; another program that opens the file goes by it too. */
static void
test_chosen_bounds (Fixture      *fixture,
                    gconstpointer data)
{
  WfHistory *history = wf_history_new (fixture->path);
  g_autoptr (GPtrArray) events = NULL;

  record_at (history, 400, 1);
  record_at (history, 300, 2);
  record_at (history, 10, 3);
  record_at (history, 0, 4);
  record (history, BOB, WF_EVENT_SIGN_IN, 1);
  /* A year where nobody has chosen. */
  assert_count (history, ALICE, 3);
  set_bounds (history, 100, 30);
  assert_count (history, ALICE, 2);
  assert_count (history, BOB, 1);
  set_bounds (history, 3, 0);
  for (guint i = 0; i < 10; i++)
    record_at (history, 5000, 10 + i);
  assert_count (history, ALICE, 3);
  assert_count (history, BOB, 1);
  g_object_unref (history);

  history = wf_history_new (fixture->path);
  record_at (history, 6000, 20);
  events = query (history, ALICE, 100);
  g_assert_cmpuint (events->len, ==, 3);
  g_assert_cmpuint (((WfEvent *) g_ptr_array_index (events, 0))->generation, ==, 20);
  g_object_unref (history);
}

/* A clock that was once far ahead does not cost the history. */
static void
test_clock_ahead (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);

  record_at (history, 1, 1);
  record_at (history, -100000, 2);
  record_at (history, 0, 3);
  assert_count (history, ALICE, 3);
}

static char *
fingerprint (WfHistory  *history,
             const char *token)
{
  g_autoptr (WfSecretValue) secret = wf_secret_new (token, -1);

  return wf_history_make_fingerprint (history, secret);
}

static void
test_fingerprint (Fixture      *fixture,
                  gconstpointer data)
{
  WfHistory *history = wf_history_new (fixture->path);
  g_autoptr (WfHistory) stranger = wf_history_new (NULL);
  g_autofree char *one = fingerprint (history, "token one");
  g_autofree char *two = fingerprint (history, "token two");
  g_autofree char *again = NULL;
  g_autofree char *strange = fingerprint (stranger, "token one");
  g_autofree char *plain = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "token one", -1);

  g_assert_cmpuint (strlen (one), ==, 16);
  g_assert_cmpuint (strspn (one, "0123456789abcdef"), ==, 16);
  g_assert_cmpstr (one, !=, two);
  /* Nobody can look a token up by its hash alone. */
  g_assert_false (g_str_has_prefix (plain, one));
  g_assert_cmpstr (one, !=, strange);
  g_assert_null (wf_history_make_fingerprint (history, NULL));

  /* The same after a restart. */
  g_object_unref (history);
  history = wf_history_new (fixture->path);
  again = fingerprint (history, "token one");
  g_assert_cmpstr (one, ==, again);
  g_object_unref (history);
}

/* A file that is no database, and one that is damaged within. */
static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *aside = g_strconcat (fixture->path, ".damaged", NULL);
  g_autofree char *text = NULL;
  WfHistory *history;
  FILE *file;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, "this is no database, although it is long enough to look like one", -1, NULL));
  history = wf_history_new (fixture->path);
  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  assert_count (history, ALICE, 1);
  g_object_unref (history);
  g_assert_true (g_file_get_contents (aside, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "this is no database"));

  /* The header stays, the pages behind it do not. */
  file = g_fopen (fixture->path, "r+");
  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, 110, SEEK_SET), ==, 0);
  for (guint i = 0; i < 4096 * 4; i++)
    g_assert_cmpint (fputc (0xa5, file), ==, 0xa5);
  g_assert_cmpint (fclose (file), ==, 0);
  history = wf_history_new (fixture->path);
  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  wf_history_flush (history);
  record (history, ALICE, WF_EVENT_REFRESH, 2);
  assert_count (history, ALICE, 2);
  g_object_unref (history);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* A newer Warifu's file is left as it is; this one's events live in memory. */
static void
test_newer_version (Fixture      *fixture,
                    gconstpointer data)
{
  WfHistory *history = wf_history_new (fixture->path);

  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  g_object_unref (history);
  run_sql (fixture->path, "PRAGMA user_version = 1000");

  history = wf_history_new (fixture->path);
  record (history, ALICE, WF_EVENT_REFRESH, 2);
  assert_count (history, ALICE, 1);
  g_object_unref (history);

  run_sql (fixture->path, "PRAGMA user_version = 3");
  history = wf_history_new (fixture->path);
  assert_count (history, ALICE, 1);
  g_object_unref (history);
}

/* A file of the first version is brought up to date, its events kept. */
static void
test_migration (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *insert = g_strdup_printf ("INSERT INTO events (account, time, kind, result, generation)"
                                             " VALUES ('" ALICE "', %" G_GINT64_FORMAT ", 1, 'ok', 7)", g_get_real_time ());
  g_autoptr (GPtrArray) events = NULL;
  WfHistory *history;
  g_autofree char *mark = NULL;
  g_autofree char *again = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  run_sql (fixture->path,
           "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, time INTEGER NOT NULL,"
           " kind INTEGER NOT NULL, cause TEXT, result TEXT NOT NULL, duration INTEGER, generation INTEGER NOT NULL,"
           " expires_at INTEGER, fingerprint TEXT);"
           "CREATE INDEX events_by_account ON events (account, id);"
           "CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
           "INSERT INTO keys (name, value) VALUES ('fingerprint', zeroblob (32));"
           "PRAGMA user_version = 1");
  run_sql (fixture->path, insert);

  history = wf_history_new (fixture->path);
  events = query (history, ALICE, 10);
  g_assert_cmpuint (events->len, ==, 1);
  g_assert_cmpuint (((WfEvent *) g_ptr_array_index (events, 0))->generation, ==, 7);
  assert_measured (history, ALICE, 1);
  mark = fingerprint (history, "token");
  set_bounds (history, 1, 0);
  record (history, ALICE, WF_EVENT_REFRESH, 8);
  assert_count (history, ALICE, 1);
  g_object_unref (history);

  /* It was the file that was used: it is of the new version now, and its key is the same. */
  run_sql (fixture->path, "UPDATE bounds SET value = 5 WHERE name = 'events' AND value = 1");
  history = wf_history_new (fixture->path);
  record (history, ALICE, WF_EVENT_REFRESH, 9);
  assert_count (history, ALICE, 2);
  again = fingerprint (history, "token");
  g_assert_cmpstr (mark, ==, again);
  g_object_unref (history);
}

static void
test_unwritable (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);

  /* A file where the folder should be: also root cannot write there. */
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  assert_count (history, ALICE, 1);
}

/* A full disk: what cannot be stored is stored later. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfHistory) history = wf_history_new (fixture->path);
  struct rlimit before;
  struct rlimit full;
  struct stat info;
  g_autofree char *journal = g_strconcat (fixture->path, "-wal", NULL);

  signal (SIGXFSZ, SIG_IGN);
  record (history, ALICE, WF_EVENT_SIGN_IN, 1);
  wf_history_flush (history);
  g_assert_cmpint (g_stat (journal, &info), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  full = before;
  full.rlim_cur = (rlim_t) info.st_size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &full), ==, 0);
  record (history, ALICE, WF_EVENT_REFRESH, 2);
  record (history, ALICE, WF_EVENT_REFRESH, 3);
  assert_count (history, ALICE, 1);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  record (history, ALICE, WF_EVENT_REFRESH, 4);
  assert_count (history, ALICE, 4);
}

/* Two processes write to one file. */
static void
test_two_writers (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (WfHistory) one = wf_history_new (fixture->path);
  g_autoptr (WfHistory) other = wf_history_new (fixture->path);

  for (guint i = 0; i < 200; i++)
    {
      record (one, ALICE, WF_EVENT_REFRESH, i);
      record (other, BOB, WF_EVENT_REFRESH, i);
    }
  wf_history_flush (one);
  wf_history_flush (other);
  assert_count (one, NULL, 400);
  assert_count (other, ALICE, 200);
}

/* Killed while it writes: the file is whole, and has all that was flushed. */
static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (WfHistory) history = NULL;
      int flushed[2];
      char byte;
      pid_t child;

      g_assert_cmpint (pipe (flushed), ==, 0);
      child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          WfHistory *doomed = wf_history_new (fixture->path);

          for (guint i = 0; i < 50; i++)
            record (doomed, ALICE, WF_EVENT_REFRESH, i);
          wf_history_flush (doomed);
          if (write (flushed[1], "x", 1) != 1)
            _exit (1);
          while (TRUE)
            record (doomed, BOB, WF_EVENT_REFRESH, 0);
        }
      g_assert_cmpint (read (flushed[0], &byte, 1), ==, 1);
      g_usleep (round * 700);
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
      close (flushed[0]);
      close (flushed[1]);

      history = wf_history_new (fixture->path);
      assert_count (history, ALICE, 50 * (round + 1));
      wf_history_forget (history, BOB);
      wf_history_flush (history);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/history/" name, Fixture, NULL, set_up, func, tear_down)
  g_test_add_func ("/history/event", test_event);
  ADD ("killed", test_killed);
  ADD ("record-and-query", test_record_and_query);
  ADD ("kept-on-disk", test_kept_on_disk);
  g_test_add_func ("/history/memory", test_memory);
  ADD ("forget", test_forget);
  ADD ("recorded", test_recorded);
  ADD ("dropped-early", test_dropped_early);
  ADD ("query-keeps-it-alive", test_query_keeps_it_alive);
  g_test_add_func ("/history/cancelled", test_cancelled);
  ADD ("bounded", test_bounded);
  ADD ("chosen-bounds", test_chosen_bounds);
  ADD ("clock-ahead", test_clock_ahead);
  ADD ("migration", test_migration);
  ADD ("fingerprint", test_fingerprint);
  ADD ("damaged", test_damaged);
  ADD ("newer-version", test_newer_version);
  ADD ("unwritable", test_unwritable);
  ADD ("full-disk", test_full_disk);
  ADD ("two-writers", test_two_writers);
#undef ADD

  return g_test_run ();
}
