/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "wf-await.h"
#include "wf-expect.h"

#define ID "11111111-2222-4333-8444-555555555555"
#define OTHER_ID "66666666-7777-4888-9999-aaaaaaaaaaaa"

typedef struct
{
  char *root;
  char *folder;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("warifu-lock-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = g_build_filename (fixture->root, "warifu", NULL);
  g_setenv ("XDG_RUNTIME_DIR", fixture->root, TRUE);
  g_unsetenv ("FLATPAK_ID");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  const char *const command[] = { "rm", "-rf", "--", fixture->root, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (fixture->root);
  g_free (fixture->folder);
}

static WfAccountLock *
acquire (const char   *id,
         GCancellable *cancellable,
         GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_account_lock_acquire_async (id, cancellable, wf_await_cb, &result);
  g_assert_null (result);
  wf_await (&result);
  return wf_account_lock_acquire_finish (result, error);
}

static void
test_acquire (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, ID ".lock", NULL);
  g_autoptr (WfAccountLock) lock = acquire (ID, NULL, &error);
  g_autoptr (WfAccountLock) other = NULL;
  struct stat info;

  g_assert_no_error (error);
  g_assert_nonnull (lock);
  g_assert_cmpint (g_stat (fixture->folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, 0);

  /* Another account is not in the way. */
  other = acquire (OTHER_ID, NULL, &error);
  g_assert_no_error (error);

  g_clear_pointer (&lock, wf_account_lock_free);
  lock = acquire (ID, NULL, &error);
  g_assert_no_error (error);
  wf_account_lock_free (NULL);
}

static void
test_waits (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  WfAccountLock *first = acquire (ID, NULL, &error);
  g_autoptr (WfAccountLock) second = NULL;

  g_assert_no_error (error);
  wf_account_lock_acquire_async (ID, NULL, wf_await_cb, &result);
  wf_await_milliseconds (150);
  g_assert_null (result);

  wf_account_lock_free (first);
  wf_await (&result);
  second = wf_account_lock_acquire_finish (result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (WfAccountLock) first = acquire (ID, NULL, &error);
  g_autoptr (WfAccountLock) third = NULL;

  g_assert_no_error (error);
  wf_account_lock_acquire_async (ID, cancellable, wf_await_cb, &result);
  wf_await_milliseconds (20);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  wf_expect_error (wf_account_lock_acquire_finish (result, &err), WF_ERROR_CANCELLED);
  wf_expect_error (acquire (ID, cancellable, &err), WF_ERROR_CANCELLED);

  /* Who gave up holds nothing. */
  g_clear_pointer (&first, wf_account_lock_free);
  third = acquire (ID, NULL, &error);
  g_assert_no_error (error);
}

/* A process that is killed leaves no lock behind. */
static void
test_killed_holder (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ID ".lock", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfAccountLock) lock = NULL;
  int ready[2];
  char byte;
  pid_t child;

  wf_account_lock_free (acquire (ID, NULL, &error));
  g_assert_cmpint (pipe (ready), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      int fd = open (path, O_RDWR);

      if (fd < 0 || flock (fd, LOCK_EX) != 0 || write (ready[1], "x", 1) != 1)
        _exit (1);
      pause ();
      _exit (0);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);

  wf_account_lock_acquire_async (ID, NULL, wf_await_cb, &result);
  wf_await_milliseconds (100);
  g_assert_null (result);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  wf_await (&result);
  lock = wf_account_lock_acquire_finish (result, &error);
  g_assert_no_error (error);
  close (ready[0]);
  close (ready[1]);
}

/* A lock must not live on in a browser that Warifu started. */
static void
test_not_inherited (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  WfAccountLock *lock = acquire (ID, NULL, &error);
  g_autoptr (WfAccountLock) again = NULL;
  const char *const command[] = { "sleep", "30", NULL };
  GPid child;

  g_assert_no_error (error);
  g_spawn_async (NULL, (char **) command, NULL,
                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
                 NULL, NULL, &child, &error);
  g_assert_no_error (error);
  wf_account_lock_free (lock);
  again = acquire (ID, NULL, &error);
  g_assert_no_error (error);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  g_spawn_close_pid (child);
}

static void
test_bad_places (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, ID ".lock", NULL);
  g_autofree char *victim = g_build_filename (fixture->root, "victim", NULL);

  /* No id, no path. */
  wf_expect_error (acquire ("../../victim", NULL, &err), WF_ERROR_STORAGE_FAILED);
  wf_expect_error (acquire ("", NULL, &err), WF_ERROR_STORAGE_FAILED);

  /* A link in the place of the file is not followed. */
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  g_assert_cmpint (symlink (victim, path), ==, 0);
  wf_expect_error (acquire (ID, NULL, &err), WF_ERROR_STORAGE_FAILED);
  g_assert_false (g_file_test (victim, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (path), ==, 0);

  /* A folder that others may write to, or a link in its place, is not used. */
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  wf_expect_error (acquire (ID, NULL, &err), WF_ERROR_STORAGE_FAILED);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_assert_cmpint (symlink (fixture->root, fixture->folder), ==, 0);
  wf_expect_error (acquire (ID, NULL, &err), WF_ERROR_STORAGE_FAILED);

  /* A file in its place. */
  g_assert_cmpint (g_unlink (fixture->folder), ==, 0);
  g_assert_true (g_file_set_contents (fixture->folder, "", 0, NULL));
  wf_expect_error (acquire (ID, NULL, &err), WF_ERROR_STORAGE_FAILED);
}

/* Two instances of a Flatpak share app/ID of the runtime directory only. */
static void
test_flatpak (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *shared = g_build_filename (fixture->root, "app", "io.github.warifu.Warifu", NULL);
  g_autofree char *path = g_build_filename (shared, "warifu", ID ".lock", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfAccountLock) lock = NULL;

  g_assert_cmpint (g_mkdir_with_parents (shared, 0700), ==, 0);
  g_setenv ("FLATPAK_ID", "io.github.warifu.Warifu", TRUE);
  lock = acquire (ID, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

#define PROCESSES 8
#define ROUNDS 25

/* Adds one to a number in a file, read and written apart from each other. */
static void
on_monitored (GFileMonitor     *monitor,
              GFile            *file,
              GFile            *other_file,
              GFileMonitorEvent event,
              GPtrArray        *ids)
{
  char *id = wf_account_lock_read_event (file, event);

  if (id)
    g_ptr_array_add (ids, id);
}

/* As another process's lock does when it goes; and soon, for one's own events are not waited for for long. */
static void
touch (Fixture    *fixture,
       const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (futimens (fd, NULL), ==, 0);
  close (fd);
}

static void
test_monitor (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GFileMonitor) monitor = NULL;

  wf_account_lock_free (acquire (ID, NULL, NULL));
  wf_account_lock_free (acquire (OTHER_ID, NULL, NULL));
  monitor = wf_account_lock_make_monitor ();
  g_assert_nonnull (monitor);
  g_signal_connect (monitor, "changed", G_CALLBACK (on_monitored), ids);

  /* One's own is not told, and does not swallow another's. */
  wf_account_lock_free (acquire (OTHER_ID, NULL, NULL));
  wf_account_lock_free (acquire (ID, NULL, NULL));
  touch (fixture, "no-uuid.lock");
  touch (fixture, ID);
  touch (fixture, ID ".lock");
  while (ids->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (ids->pdata[0], ==, ID);
  touch (fixture, OTHER_ID ".lock");
  while (ids->len == 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (ids->pdata[1], ==, OTHER_ID);
}

static void
count_up (const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *next = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    _exit (2);
  g_usleep (200);
  next = g_strdup_printf ("%d", (int) g_ascii_strtoll (text, NULL, 10) + 1);
  if (!g_file_set_contents (path, next, -1, NULL))
    _exit (3);
}

static void
test_processes (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->root, "count", NULL);
  g_autofree char *text = NULL;
  pid_t children[PROCESSES];

  g_assert_true (g_file_set_contents (path, "0", -1, NULL));
  for (guint i = 0; i < PROCESSES; i++)
    {
      children[i] = fork ();
      g_assert_cmpint (children[i], >=, 0);
      if (children[i] == 0)
        {
          for (guint round = 0; round < ROUNDS; round++)
            {
              WfAccountLock *lock = acquire (ID, NULL, NULL);

              if (!lock)
                _exit (1);
              count_up (path);
              wf_account_lock_free (lock);
            }
          _exit (0);
        }
    }
  for (guint i = 0; i < PROCESSES; i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "200");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/account-lock/" name, Fixture, NULL, set_up, func, tear_down)
  /* First: it forks before this process has a thread. */
  ADD ("processes", test_processes);
  ADD ("acquire", test_acquire);
  ADD ("waits", test_waits);
  ADD ("cancelled", test_cancelled);
  ADD ("killed-holder", test_killed_holder);
  ADD ("not-inherited", test_not_inherited);
  ADD ("bad-places", test_bad_places);
  ADD ("flatpak", test_flatpak);
  ADD ("monitor", test_monitor);
#undef ADD

  return g_test_run ();
}
