/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-store.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "wf-await.h"
#include "wf-expect.h"

#define ID "11111111-2222-4333-8444-555555555555"
#define OTHER_ID "66666666-7777-4888-9999-aaaaaaaaaaaa"
#define THIRD_ID "11111111-7777-4888-9999-aaaaaaaaaaaa"

typedef struct
{
  char *root;
  char *folder; /* of the accounts */
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("warifu-accounts-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = g_build_filename (fixture->root, "accounts", NULL);
}

static void
remove_tree (const char *path)
{
  const char *const command[] = { "rm", "-rf", "--", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->folder);
}

static WfAccount *
make_account (const char *id,
              const char *name)
{
  WfAccount *account = wf_account_new ();

  if (id)
    wf_account_set (&account->id, id);
  wf_account_set (&account->name, name);
  wf_account_set (&account->issuer, "https://id.example.org");
  wf_account_set (&account->client_id, "client");
  return account;
}

static char *
make_text (const char *name)
{
  g_autoptr (WfAccount) account = make_account (NULL, name);

  return wf_account_serialize (account);
}

static void
write_file (const char *folder,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_named (const char *folder,
             const char *file,
             const char *name)
{
  g_autofree char *text = make_text (name);

  write_file (folder, file, text);
}

static void
load (WfAccountStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_account_store_load_async (store, NULL, wf_await_cb, &result);
  wf_await (&result);
  wf_expect_ok (wf_account_store_load_finish (store, result, &err));
}

static gboolean
save_named (WfAccountStore *store,
            const char     *id,
            const char     *name,
            GError        **error)
{
  g_autoptr (WfAccount) account = make_account (id, name);

  return wf_account_store_save (store, account, error);
}

/* "A,B": the names in order */
static void
assert_names (WfAccountStore *store,
              const char     *expected)
{
  GPtrArray *accounts = wf_account_store_get_accounts (store);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf (names, "%s%s", i ? "," : "", ((WfAccount *) g_ptr_array_index (accounts, i))->name);
  g_assert_cmpstr (names->str, ==, expected);
}

static void
on_changed (WfAccountStore *store,
            guint          *count)
{
  (*count)++;
}

static void
test_save_and_load (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (WfAccountStore) other = wf_account_store_new (fixture->root, FALSE);
  g_autofree char *path = g_build_filename (fixture->folder, ID ".conf", NULL);
  g_autoptr (WfAccount) account = make_account (ID, "Work");
  guint count = 0;
  struct stat info;

  load (store);
  assert_names (store, "");
  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &count);
  wf_account_set (&account->audience, "https://api.example.org");
  wf_expect_ok (wf_account_store_save (store, account, &err));
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0700);

  load (other);
  assert_names (other, "Work");
  g_assert_true (wf_account_equal (g_ptr_array_index (wf_account_store_get_accounts (other), 0), account));
  g_assert_cmpuint (wf_account_store_get_problems (other)->len, ==, 0);

  /* The same files read again are no change. */
  load (store);
  g_assert_cmpuint (count, ==, 1);
}

static void
test_edit_and_remove (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autofree char *path = g_build_filename (fixture->folder, ID ".conf", NULL);
  g_autoptr (WfAccount) account = NULL;
  guint count = 0;

  wf_expect_ok (save_named (store, ID, "Work", &err));
  wf_expect_ok (save_named (store, OTHER_ID, "home", &err));
  assert_names (store, "home,Work");
  wf_expect_ok (save_named (store, ID, "An account", &err));
  assert_names (store, "An account,home");

  account = make_account (ID, "An account");
  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &count);
  wf_expect_ok (wf_account_store_remove (store, account, &err));
  g_assert_cmpuint (count, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  wf_expect_ok (wf_account_store_remove (store, account, &err));
  g_assert_cmpuint (count, ==, 1);
  assert_names (store, "home");
}

static void
test_refuses (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (WfAccount) bad = make_account (OTHER_ID, "Bad");

  wf_expect_ok (save_named (store, ID, "Work", &err));
  wf_expect_error (save_named (store, OTHER_ID, "Work", &err), WF_ERROR_USAGE);
  wf_account_set (&bad->issuer, "http://id.example.org");
  wf_expect_error (wf_account_store_save (store, bad, &err), WF_ERROR_INSECURE_ENDPOINT);
  assert_names (store, "Work");
}

static void
test_find (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  static const struct
  {
    const char *text;
    const char *id;
  } rows[] = {
    { "Work", ID }, { ID, ID }, { "6666", OTHER_ID }, { "11111111-2", ID }, { "66666666-7777-4888-9999-AAAAAAAAAAAA", OTHER_ID },
    /* a name that looks like the beginning of another's id */
    { "1111", THIRD_ID },
  };

  wf_expect_ok (save_named (store, ID, "Work", &err));
  wf_expect_ok (save_named (store, OTHER_ID, "Home", &err));
  wf_expect_ok (save_named (store, THIRD_ID, "1111", &err));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfAccount) account = wf_account_store_find (store, rows[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (account->id, ==, rows[i].id);
    }
  wf_expect_error (wf_account_store_find (store, "11111", &err), WF_ERROR_NO_SUCH_ACCOUNT);
  wf_expect_error (wf_account_store_find (store, "work", &err), WF_ERROR_NO_SUCH_ACCOUNT);
  wf_expect_error (wf_account_store_find (store, "", &err), WF_ERROR_NO_SUCH_ACCOUNT);
}

/* Somebody copied a file: both load, can be told apart by id, and be renamed. */
static void
test_same_name_twice (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (WfAccount) found = NULL;

  write_named (fixture->folder, ID ".conf", "Work");
  write_named (fixture->folder, OTHER_ID ".conf", "Work");
  load (store);
  assert_names (store, "Work,Work");
  wf_expect_error (wf_account_store_find (store, "Work", &err), WF_ERROR_NO_SUCH_ACCOUNT);
  found = wf_account_store_find (store, OTHER_ID, NULL);
  g_assert_nonnull (found);
  wf_expect_ok (wf_account_store_save (store, found, &err));
  wf_expect_ok (save_named (store, ID, "Other work", &err));
  assert_names (store, "Other work,Work");
}

static void
test_bad_files (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autofree char *large = g_malloc0 (70 * 1024);
  g_autofree char *fifo = g_build_filename (fixture->folder, "22222222-0000-4000-8000-000000000003.conf", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "22222222-0000-4000-8000-000000000004.conf", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "22222222-0000-4000-8000-000000000005.conf", NULL);
  GPtrArray *problems;
  g_autoptr (GString) all = g_string_new (NULL);

  write_named (fixture->folder, ID ".conf", "Good");
  write_file (fixture->folder, "22222222-0000-4000-8000-000000000001.conf", "no key file");
  memset (large, '#', 70 * 1024 - 1);
  write_file (fixture->folder, "22222222-0000-4000-8000-000000000002.conf", large);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("/nonexistent", link), ==, 0);
  write_named (fixture->folder, "work.conf", "Not a UUID");
  write_file (fixture->folder, "22222222-0000-4000-8000-000000000006.conf", "");
  /* Of an editor, or half written: none of our business. */
  write_file (fixture->folder, ID ".conf~", "x");
  write_file (fixture->folder, "." ID ".conf", "x");
  write_file (fixture->folder, ID ".conf.AB12CD", "x");

  load (store);
  assert_names (store, "Good");
  problems = wf_account_store_get_problems (store);
  g_assert_cmpuint (problems->len, ==, 7);
  for (guint i = 0; i < problems->len; i++)
    {
      g_test_message ("%s", (char *) g_ptr_array_index (problems, i));
      g_string_append (all, g_ptr_array_index (problems, i));
    }
  for (guint i = 1; i <= 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("22222222-0000-4000-8000-00000000000%u.conf", i);

      g_assert_nonnull (strstr (all->str, name));
    }
  g_assert_nonnull (strstr (all->str, "work.conf"));
}

static void
test_no_folder (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);

  write_file (fixture->root, "accounts", "");
  load (store);
  assert_names (store, "");
  g_assert_cmpuint (wf_account_store_get_problems (store)->len, ==, 1);
  wf_expect_error (save_named (store, ID, "Work", &err), WF_ERROR_STORAGE_FAILED);
  assert_names (store, "");
}

static void
test_memory (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, TRUE);
  g_autoptr (WfAccount) account = make_account (ID, "Demo");

  load (store);
  wf_account_store_watch (store);
  wf_expect_ok (wf_account_store_save (store, account, &err));
  assert_names (store, "Demo");
  load (store);
  assert_names (store, "Demo");
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  wf_expect_ok (wf_account_store_remove (store, account, &err));
  assert_names (store, "");
}

static void
test_watch (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autofree char *path = g_build_filename (fixture->folder, OTHER_ID ".conf", NULL);
  guint count = 0;

  load (store);
  wf_account_store_watch (store);
  wf_account_store_watch (store);
  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &count);

  /* Our own writing is told once, by the call itself. */
  wf_expect_ok (save_named (store, ID, "Work", &err));
  g_assert_cmpuint (count, ==, 1);
  wf_await_milliseconds (600);
  g_assert_cmpuint (count, ==, 1);

  write_named (fixture->folder, OTHER_ID ".conf", "Home");
  while (count == 1)
    g_main_context_iteration (NULL, TRUE);
  assert_names (store, "Home,Work");

  g_assert_cmpint (g_unlink (path), ==, 0);
  while (count == 2)
    g_main_context_iteration (NULL, TRUE);
  assert_names (store, "Work");

  write_file (fixture->folder, OTHER_ID ".conf", "bad");
  while (count == 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (wf_account_store_get_problems (store)->len, ==, 1);
}

/* A reading that began before we wrote must not bring the old state back. */
static void
test_save_while_loading (Fixture      *fixture,
                         gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  write_named (fixture->folder, OTHER_ID ".conf", "Home");
  wf_account_store_load_async (store, NULL, wf_await_cb, &result);
  wf_expect_ok (save_named (store, ID, "Work", &err));
  wf_await (&result);
  wf_expect_ok (wf_account_store_load_finish (store, result, &err));
  while (wf_account_store_get_accounts (store)->len < 2 && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  assert_names (store, "Home,Work");
}

static void
test_dropped_while_loading (Fixture      *fixture,
                            gconstpointer data)
{
  WfAccountStore *store = wf_account_store_new (fixture->root, FALSE);

  write_named (fixture->folder, ID ".conf", "Work");
  wf_account_store_watch (store);
  write_named (fixture->folder, OTHER_ID ".conf", "Home");
  wf_await_milliseconds (100);
  g_object_unref (store);
  wf_await_milliseconds (300);
}

/* Old or new, never half: also on a full disk, and when killed. */
static void
test_full_disk (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (WfAccountStore) again = wf_account_store_new (fixture->root, FALSE);
  struct rlimit before;
  struct rlimit full;

  signal (SIGXFSZ, SIG_IGN);
  wf_expect_ok (save_named (store, ID, "Old", &err));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  full = before;
  full.rlim_cur = 20;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &full), ==, 0);
  wf_expect_error (save_named (store, ID, "New", &err), WF_ERROR_STORAGE_FAILED);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  assert_names (store, "Old");
  load (again);
  assert_names (again, "Old");
  g_assert_cmpuint (wf_account_store_get_problems (again)->len, ==, 0);
}

static void
test_killed (Fixture      *fixture,
             gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (199, 'x');

  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (WfAccountStore) store = wf_account_store_new (fixture->root, FALSE);
      GPtrArray *accounts;
      int started[2];
      char byte;
      pid_t child;

      g_assert_cmpint (pipe (started), ==, 0);
      child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          g_autoptr (WfAccountStore) doomed = wf_account_store_new (fixture->root, FALSE);

          for (guint i = 0; TRUE; i++)
            {
              g_autofree char *name = g_strdup_printf ("%s%u", long_name, i % 10);

              if (!save_named (doomed, ID, name, NULL) || (i == 0 && write (started[1], "x", 1) != 1))
                _exit (1);
            }
        }
      g_assert_cmpint (read (started[0], &byte, 1), ==, 1);
      g_usleep (1000 + round * 700);
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
      close (started[0]);
      close (started[1]);

      load (store);
      accounts = wf_account_store_get_accounts (store);
      g_assert_cmpuint (accounts->len, ==, 1);
      g_assert_cmpuint (strlen (((WfAccount *) g_ptr_array_index (accounts, 0))->name), ==, 200);
      g_assert_cmpuint (wf_account_store_get_problems (store)->len, ==, 0);
    }
}

/* XDG_CONFIG_DIRS is read once per process: main() sets it before anything else. */
static char *system_root;

static void
test_administrator (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *first = g_build_filename (system_root, "first", "warifu", "accounts", NULL);
  g_autofree char *second = g_build_filename (system_root, "second", "warifu", "accounts", NULL);
  g_autofree char *own = g_build_filename (g_get_user_config_dir (), "warifu", "accounts", NULL);
  g_autoptr (WfAccountStore) store = wf_account_store_new (NULL, FALSE);
  g_autoptr (WfAccountStore) elsewhere = wf_account_store_new (fixture->root, FALSE);
  g_autoptr (WfAccount) provided = NULL;
  g_autoptr (WfAccount) edited = NULL;
  g_autoptr (WfAccount) again = NULL;

  write_named (first, "company.conf", "Company");
  write_named (first, ID ".conf", "Theirs");
  write_named (second, THIRD_ID ".conf", "Second");
  write_named (own, ID ".conf", "Mine, with the same id");
  write_named (own, OTHER_ID ".conf", "Own");
  load (store);
  assert_names (store, "Company,Own,Second,Theirs");
  g_assert_cmpuint (wf_account_store_get_problems (store)->len, ==, 1);

  provided = wf_account_store_find (store, "Company", NULL);
  g_assert_true (provided->read_only);
  g_assert_true (g_uuid_string_is_valid (provided->id));
  wf_expect_error (wf_account_store_save (store, provided, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_account_store_remove (store, provided, &err), WF_ERROR_USAGE);
  /* Also where somebody takes the mark off. */
  edited = wf_account_copy (provided);
  edited->read_only = FALSE;
  wf_expect_error (wf_account_store_save (store, edited, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_account_store_remove (store, edited, &err), WF_ERROR_USAGE);

  /* The keyring item is found again: the same id at each start. */
  load (store);
  again = wf_account_store_find (store, "Company", NULL);
  g_assert_cmpstr (again->id, ==, provided->id);

  load (elsewhere);
  assert_names (elsewhere, "");
  remove_tree (own);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *dirs = NULL;
  int status;

  system_root = g_dir_make_tmp ("warifu-system-XXXXXX", NULL);
  dirs = g_strdup_printf ("%s/first:%s/second", system_root, system_root);
  g_setenv ("XDG_CONFIG_DIRS", dirs, TRUE);
  g_setenv ("XDG_CONFIG_HOME", system_root, TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/account-store/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("killed", test_killed);
  ADD ("save-and-load", test_save_and_load);
  ADD ("edit-and-remove", test_edit_and_remove);
  ADD ("refuses", test_refuses);
  ADD ("find", test_find);
  ADD ("same-name-twice", test_same_name_twice);
  ADD ("bad-files", test_bad_files);
  ADD ("no-folder", test_no_folder);
  ADD ("memory", test_memory);
  ADD ("watch", test_watch);
  ADD ("save-while-loading", test_save_while_loading);
  ADD ("dropped-while-loading", test_dropped_while_loading);
  ADD ("full-disk", test_full_disk);
  ADD ("administrator", test_administrator);
#undef ADD

  status = g_test_run ();
  remove_tree (system_root);
  g_free (system_root);
  return status;
}
