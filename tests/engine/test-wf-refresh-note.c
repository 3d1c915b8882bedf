/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-refresh-note.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "wf-await.h"
#include "wf-error.h"
#include "wf-test-world.h"

#include "wf-expect.h"

#define NOW G_GINT64_CONSTANT (1795353600)
#define ID "0d1b5c2e-8a1f-4a53-9f6e-3c1a7c9d2b11"
#define WRITE_ID "A0_-zzzzzzzzzzzzzzzzzz"

/* --- the file --- */

typedef struct
{
  char       *home;
  char       *folder; /* not there yet, and neither is what it stands in */
  char       *path;
  WfTokenSet *set;
} Fixture;

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->home = g_dir_make_tmp ("warifu-notes-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = g_build_filename (fixture->home, "warifu", "refreshing", NULL);
  fixture->path = g_build_filename (fixture->folder, ID, NULL);
  fixture->set = wf_token_set_new ();
  fixture->set->write_id = g_strdup (WRITE_ID);
  fixture->set->refresh_attempts = 1;
  fixture->set->refresh_started_at = NOW;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_remove (path);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  remove_tree (fixture->home);
  g_free (fixture->home);
  g_free (fixture->folder);
  g_free (fixture->path);
  wf_token_set_unref (fixture->set);
}

static gboolean
write_note (Fixture    *fixture,
            const char *id,
            GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_refresh_note_write_async (fixture->folder, id, fixture->set, wf_await_cb, &result);
  wf_await (&result);
  return wf_refresh_note_write_finish (result, error);
}

static WfRefreshNote *
read_note (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_refresh_note_read_async (fixture->folder, ID, wf_await_cb, &result);
  wf_await (&result);
  return wf_refresh_note_read_finish (result);
}

static void
remove_note (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_refresh_note_remove_async (fixture->folder, ID, wf_await_cb, &result);
  wf_await (&result);
  wf_refresh_note_remove_finish (result);
}

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (g_lstat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (folder && g_dir_read_name (folder))
    count++;
  return count;
}

static void
test_round_trip (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (WfRefreshNote) none = read_note (fixture);
  g_autoptr (WfRefreshNote) first = NULL;
  g_autoptr (WfRefreshNote) second = NULL;

  g_assert_null (none);
  wf_expect_ok (write_note (fixture, ID, &err));
  first = read_note (fixture);
  g_assert_cmpstr (first->write_id, ==, WRITE_ID);
  g_assert_cmpuint (first->attempts, ==, 1);
  g_assert_cmpint (first->started_at, ==, NOW);

  /* the next one takes its place */
  fixture->set->refresh_attempts = 2;
  fixture->set->refresh_started_at = NOW + 60;
  wf_expect_ok (write_note (fixture, ID, &err));
  second = read_note (fixture);
  g_assert_cmpuint (second->attempts, ==, 2);
  g_assert_cmpint (second->started_at, ==, NOW + 60);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);

  remove_note (fixture);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
  /* a second time there is nothing to remove */
  remove_note (fixture);
  g_assert_null (read_note (fixture));
}

static void
test_private (Fixture      *fixture,
              gconstpointer data)
{
  mode_t mask = umask (0);

  wf_expect_ok (write_note (fixture, ID, &err));
  umask (mask);
  g_assert_cmpuint (get_mode (fixture->folder), ==, 0700);
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
}

/* Nothing of the tokens goes into the file. */
static void
test_no_secret (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfSecretValue) token = wf_secret_new ("canary", -1);
  g_autofree char *text = NULL;

  wf_secret_set (&fixture->set->refresh_token, token);
  wf_secret_set (&fixture->set->client_secret, token);
  wf_secret_set (&fixture->set->id_token, token);
  fixture->set->subject = g_strdup ("canary");
  fixture->set->issuer = g_strdup ("canary");
  wf_expect_ok (write_note (fixture, ID, &err));
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"version\":1,\"write_id\":\"" WRITE_ID "\",\"attempts\":1,\"started_at\":1795353600}\n");
}

/* What a process that was killed has left half written is in nobody's way. */
static void
test_half_written (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *half = g_strconcat (fixture->path, ".new", NULL);
  g_autoptr (WfRefreshNote) note = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (half, "{\"ver", -1, NULL));
  g_assert_null (read_note (fixture));
  wf_expect_ok (write_note (fixture, ID, &err));
  note = read_note (fixture);
  g_assert_cmpstr (note->write_id, ==, WRITE_ID);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  g_assert_true (g_file_set_contents (half, "{\"ver", -1, NULL));
  remove_note (fixture);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

/* No file may grow: a full disk. The note before is as it was, and nothing half is left. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  struct rlimit old;
  struct rlimit none;
  g_autoptr (WfRefreshNote) note = NULL;

  wf_expect_ok (write_note (fixture, ID, &err));
  fixture->set->refresh_attempts = 2;
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  none = (struct rlimit) { 0, old.rlim_max };
  setrlimit (RLIMIT_FSIZE, &none);
  wf_expect_error (write_note (fixture, ID, &err), WF_ERROR_STORAGE_FAILED);
  setrlimit (RLIMIT_FSIZE, &old);
  signal (SIGXFSZ, SIG_DFL);
  note = read_note (fixture);
  g_assert_cmpuint (note->attempts, ==, 1);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_no_folder (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);

  /* a file stands where the folder would be: nobody can have left a note there */
  g_assert_true (g_file_set_contents (parent, "", 0, NULL));
  wf_expect_error (write_note (fixture, ID, &err), WF_ERROR_STORAGE_FAILED);
  g_assert_null (read_note (fixture));
  remove_note (fixture);
}

static void
test_shared_folder (Fixture      *fixture,
                    gconstpointer data)
{
  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  wf_expect_error (write_note (fixture, ID, &err), WF_ERROR_STORAGE_FAILED);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

/* The id becomes part of a path. */
static void
test_no_id (Fixture      *fixture,
            gconstpointer data)
{
  wf_expect_error (write_note (fixture, "../canary", &err), WF_ERROR_STORAGE_FAILED);
  wf_expect_error (write_note (fixture, "", &err), WF_ERROR_STORAGE_FAILED);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const texts[] = {
    "", "{", "[]", "{}", "canary",
    "{\"version\":1}",
    "{\"version\":1,\"write_id\":\"a\",\"attempts\":1,\"started_at\":1",
    "{\"version\":1,\"write_id\":\"a\",\"attempts\":0,\"started_at\":1}",
    "{\"version\":1,\"write_id\":\"a\",\"attempts\":-1,\"started_at\":1}",
    "{\"version\":1,\"write_id\":\"a\",\"attempts\":\"1\",\"started_at\":1}",
    "{\"version\":1,\"write_id\":\"a\",\"attempts\":1,\"started_at\":-1}",
    "{\"version\":1,\"write_id\":\"a\",\"started_at\":1}",
    "{\"version\":1,\"write_id\":7,\"attempts\":1,\"started_at\":1}",
    "{\"version\":1,\"attempts\":1,\"started_at\":1}",
    "{\"version\":2,\"write_id\":\"a\",\"attempts\":1,\"started_at\":1}",
    "{\"write_id\":\"a\",\"attempts\":1,\"started_at\":1}",
    "{\"version\":1,\"write_id\":\"a\",\"write_id\":\"b\",\"attempts\":1,\"started_at\":1}",
  };
  g_autofree char *large = g_strdup_printf ("{\"version\":1,\"write_id\":\"a\",\"attempts\":1,\"started_at\":1%1100s}", "");

  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  for (guint i = 0; i <= G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (WfRefreshNote) note = NULL;

      g_assert_true (g_file_set_contents (fixture->path, i < G_N_ELEMENTS (texts) ? texts[i] : large, -1, NULL));
      note = read_note (fixture);
      g_assert_nonnull (note);
      g_assert_null (note->write_id);
    }
}

/* Neither a folder, a link nor a pipe is a note; that something is there counts. */
static void
test_no_file (Fixture      *fixture,
              gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (WfRefreshNote) note = NULL;

      g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
      if (i == 0)
        g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
      else if (i == 1)
        g_assert_cmpint (symlink ("/etc/passwd", fixture->path), ==, 0);
      else
        g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
      note = read_note (fixture);
      g_assert_nonnull (note);
      g_assert_null (note->write_id);
      g_assert_cmpint (g_remove (fixture->path), ==, 0);
    }
}

/* --- what counts --- */

static void
test_merge (Fixture      *fixture,
            gconstpointer data)
{
  WfTokenSet *set = fixture->set;
  WfRefreshNote own = { (char *) WRITE_ID, 2, NOW + 1 };
  WfRefreshNote other = { (char *) "B0_-zzzzzzzzzzzzzzzzzz", 7, NOW + 2 };
  WfRefreshNote damaged = { NULL, 0, WF_TIME_UNKNOWN };

  wf_refresh_note_merge (NULL, set);
  wf_refresh_note_merge (&other, set);
  g_assert_cmpuint (set->refresh_attempts, ==, 1);
  g_assert_cmpint (set->refresh_started_at, ==, NOW);
  wf_refresh_note_merge (&own, set);
  g_assert_cmpuint (set->refresh_attempts, ==, 2);
  g_assert_cmpint (set->refresh_started_at, ==, NOW + 1);
  /* the item knows of more */
  own.attempts = 1;
  wf_refresh_note_merge (&own, set);
  g_assert_cmpuint (set->refresh_attempts, ==, 2);
  wf_refresh_note_merge (&damaged, set);
  g_assert_cmpuint (set->refresh_attempts, ==, 3);
  /* the item of an older Warifu, which has its note within */
  g_clear_pointer (&set->write_id, g_free);
  wf_refresh_note_merge (&own, set);
  wf_refresh_note_merge (&damaged, set);
  g_assert_cmpuint (set->refresh_attempts, ==, 3);
}

/* --- sessions --- */

static char *
get_note_path (World *world)
{
  return world_note_path (world, world->account->id);
}

static guint
count_stores (World *world)
{
  return wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
}

/* One store for one refresh, of what is new; and the note is gone with it. */
static void
test_one_store (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *path = get_note_path (world);

  for (guint i = 0; i < 3; i++)
    {
      guint before = count_stores (world);

      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      g_assert_cmpuint (count_stores (world), ==, before + 1);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      world_assert_refreshed (world, i + 2);
    }
}

/* Each write of the item has an id of its own, also one that changes nothing else. */
static void
test_write_ids (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (WfTokenSet) item = world_read_item (world);

      g_assert_cmpuint (strlen (item->write_id), ==, 22);
      g_assert_true (g_hash_table_add (seen, g_strdup (item->write_id)));
      if (i % 2)
        wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      else
        wf_expect_ok (world_set_secret (world->session, "secret", &err));
    }
}

typedef struct
{
  World   *world;
  char    *path;
  gboolean expected;
  guint    seen;
} Watch;

static void
on_token_request (WfDemoServer *server,
                  const char   *endpoint,
                  gpointer      message,
                  gpointer      user_data)
{
  Watch *watch = user_data;

  if (!g_str_equal (endpoint, "token"))
    return;
  watch->seen++;
  g_assert_cmpint (g_file_test (watch->path, G_FILE_TEST_IS_REGULAR), ==, watch->expected);
  /* whoever looks now sees it, wherever it stands */
  world_assert_note (watch->world, 1, TRUE);
}

static void
watch_requests (World   *world,
                Watch   *watch,
                gboolean expected)
{
  *watch = (Watch) { world, get_note_path (world), expected, 0 };
  g_signal_connect (world->server, "request", G_CALLBACK (on_token_request), watch);
}

static void
unwatch_requests (Watch *watch,
                  guint  expected)
{
  g_signal_handlers_disconnect_by_data (watch->world->server, watch);
  g_assert_cmpuint (watch->seen, ==, expected);
  g_free (watch->path);
}

/* Nothing is sent without a note: it is there when the request comes, and beside the item the item is not touched. */
static void
test_before_request (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  Watch watch;

  watch_requests (world, &watch, TRUE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  unwatch_requests (&watch, 1);
}

/* A note that finds no place goes into the item, as before. */
static void
test_no_place (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  guint before = count_stores (world);
  Watch watch;

  g_assert_cmpint (g_chmod (world->note_folder, 0777), ==, 0);
  watch_requests (world, &watch, FALSE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  unwatch_requests (&watch, 1);
  g_assert_cmpuint (count_stores (world), ==, before + 2);
  world_assert_refreshed (world, 2);
}

/* Where neither takes it, nothing is sent. */
static void
test_no_place_at_all (void)
{
  const WorldFlags modes[] = { WORLD_PLAIN, WORLD_MEMORY };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (modes[i]);

      g_assert_cmpint (g_chmod (world->note_folder, 0777), ==, 0);
      wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, 0);
      wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_LOCKED);
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
      wf_test_vault_fail_all (world->vault, -1);
      g_assert_cmpint (g_chmod (world->note_folder, 0700), ==, 0);
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      world_assert_refreshed (world, 2);
    }
}

/* An item of an older Warifu has its note within, once: then it is of ours. */
static void
test_older_item (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) older = world_read_item (world);
  guint before = count_stores (world);
  Watch watch;

  g_clear_pointer (&older->write_id, g_free);
  wf_test_vault_write (world->vault, world->account->id, older);
  watch_requests (world, &watch, FALSE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  unwatch_requests (&watch, 1);
  g_assert_cmpuint (count_stores (world), ==, before + 2);
  watch_requests (world, &watch, TRUE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  unwatch_requests (&watch, 1);
  g_assert_cmpuint (count_stores (world), ==, before + 3);
}

static void
write_note_for (World      *world,
                const char *write_id,
                guint       attempts)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (GAsyncResult) result = NULL;

  set->write_id = g_strdup (write_id);
  set->refresh_attempts = attempts;
  set->refresh_started_at = NOW;
  wf_refresh_note_write_async (world->note_folder, world->account->id, set, wf_await_cb, &result);
  wf_await (&result);
  wf_expect_ok (wf_refresh_note_write_finish (result, &err));
}

/* A note of an earlier write, or beside an item that was restored from an older copy, says nothing. */
static void
test_void (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) first = world_read_item (world);
  g_autoptr (WfTokenSet) second = NULL;

  wf_expect_ok (world_set_secret (world->session, "secret", &err));
  second = world_read_item (world);
  write_note_for (world, first->write_id, 2);
  world_assert_note (world, 0, FALSE);
  write_note_for (world, second->write_id, 2);
  world_assert_note (world, 2, TRUE);
  wf_test_vault_write (world->vault, world->account->id, first);
  world_assert_note (world, 0, FALSE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
}

/* What was tried as often as it may be is not sent, however the note came here; and the next write takes it over. */
static void
test_counts (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) item = world_read_item (world);
  g_autofree char *path = get_note_path (world);

  write_note_for (world, item->write_id, 2);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  /* that was written into the item, and the count with it */
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  world_assert_note (world, 2, TRUE);
  world_restart (world);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  world_sign_in (world);
  world_assert_refreshed (world, 1);
}

/* Another change of the item in between does not lose the count. */
static void
test_counts_through_writes (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) item = world_read_item (world);

  write_note_for (world, item->write_id, 1);
  wf_expect_ok (world_set_secret (world->session, "secret", &err));
  world_assert_note (world, 1, TRUE);
  wf_expect_ok (world_set_secret (world->session, "other", &err));
  world_assert_note (world, 1, TRUE);
}

/* One that cannot be read counts as one attempt: one more may be made, and none where one was lost already. */
static void
test_unreadable (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *path = get_note_path (world);
  g_autoptr (WfTokenSet) item = NULL;

  g_assert_true (g_file_set_contents (path, "{\"version\":1,", -1, NULL));
  world_assert_note (world, 1, FALSE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  item = world_read_item (world);
  item->refresh_attempts = 1;
  wf_test_vault_write (world->vault, world->account->id, item);
  g_assert_true (g_file_set_contents (path, "{\"version\":1,", -1, NULL));
  wf_demo_server_reset_counts (world->server);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
}

/* Another process sees what is under way here, and does not send it again while it holds the lock. */
static void
test_other_process (void)
{
  const WfDemoFault slow = { .delay = 300, .times = 1 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSession) other = world_make_session (world, world->account, WF_VAULT (world->vault));
  GAsyncResult **slot;

  wf_demo_server_set_fault (world->server, "token", &slow);
  slot = world_start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_demo_server_count (world->server, "token") == 1);
  wf_expect_ok (world_load (other, &err));
  g_assert_cmpuint (wf_session_get_tokens (other)->refresh_attempts, ==, 1);
  g_assert_cmpint (wf_session_get_tokens (other)->refresh_started_at, !=, WF_TIME_UNKNOWN);
  wf_expect_ok (world_refresh (other, WF_CAUSE_SCHEDULE, &err));
  wf_expect_ok (world_end_refresh (world->session, slot, &err));
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 1);
  g_assert_cmpuint (wf_session_get_tokens (other)->refresh_attempts, ==, 0);
  g_assert_cmpuint (wf_session_get_tokens (other)->generation, ==, 2);
  world_assert_refreshed (world, 2);
}

static void
test_sign_out (void)
{
  const WorldFlags modes[] = { WORLD_PLAIN, WORLD_CONFIDENTIAL };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (modes[i]);
      g_autoptr (WfTokenSet) item = world_read_item (world);
      g_autofree char *path = get_note_path (world);
      g_autoptr (WfSignOutReport) report = NULL;

      write_note_for (world, item->write_id, 1);
      report = world_sign_out (world->session, FALSE, NULL);
      g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      world_sign_in (world);
      world_assert_refreshed (world, 1);
    }
}

/* An answer that the keyring did not take leaves the note: the old token is in the item still. */
static void
test_not_stored (void)
{
  const WorldFlags modes[] = { WORLD_PLAIN, WORLD_MEMORY };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (modes[i]);
      g_autofree char *path = get_note_path (world);
      gboolean goes_on = modes[i] == WORLD_MEMORY;

      wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, 0);
      g_assert_cmpint (world_refresh (world->session, WF_CAUSE_BY_HAND, NULL), ==, goes_on);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
      world_assert_note (world, 1, TRUE);
      if (!goes_on)
        continue;
      /* when the keyring is there again, what memory holds makes it void */
      wf_test_vault_fail_all (world->vault, -1);
      wf_expect_ok (world_load (world->session, &err));
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      world_assert_refreshed (world, 2);
    }
}

/* What is told of a session does not have it. */
static void
test_not_told (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (JsonNode) report = wf_session_describe (world->session);
  g_autofree char *text = json_to_string (report, FALSE);

  g_assert_null (strstr (text, wf_session_get_tokens (world->session)->write_id));
  g_assert_null (strstr (text, "write_id"));
}

#define ADD(name, function) g_test_add ("/refresh-note/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("file/round-trip", test_round_trip);
  ADD ("file/private", test_private);
  ADD ("file/no-secret", test_no_secret);
  ADD ("file/half-written", test_half_written);
  ADD ("file/full-disk", test_full_disk);
  ADD ("file/no-folder", test_no_folder);
  ADD ("file/shared-folder", test_shared_folder);
  ADD ("file/no-id", test_no_id);
  ADD ("file/damaged", test_damaged);
  ADD ("file/no-file", test_no_file);
  ADD ("merge", test_merge);
  g_test_add_func ("/refresh-note/session/one-store", test_one_store);
  g_test_add_func ("/refresh-note/session/write-ids", test_write_ids);
  g_test_add_func ("/refresh-note/session/before-request", test_before_request);
  g_test_add_func ("/refresh-note/session/no-place", test_no_place);
  g_test_add_func ("/refresh-note/session/no-place-at-all", test_no_place_at_all);
  g_test_add_func ("/refresh-note/session/older-item", test_older_item);
  g_test_add_func ("/refresh-note/session/void", test_void);
  g_test_add_func ("/refresh-note/session/counts", test_counts);
  g_test_add_func ("/refresh-note/session/counts-through-writes", test_counts_through_writes);
  g_test_add_func ("/refresh-note/session/unreadable", test_unreadable);
  g_test_add_func ("/refresh-note/session/other-process", test_other_process);
  g_test_add_func ("/refresh-note/session/sign-out", test_sign_out);
  g_test_add_func ("/refresh-note/session/not-stored", test_not_stored);
  g_test_add_func ("/refresh-note/session/not-told", test_not_told);

  return g_test_run ();
}
