/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-engine.h"

#include <glib/gstdio.h>

#include "wf-expect.h"
#include "wf-test-world.h"

/* --- a fixture: an engine over a keyring of the test's --- */

typedef struct
{
  WfTestVault *vault;
  WfTestClock *clock;
  WfEngine    *engine;
  char        *folder; /* nullable: in memory */
  gboolean     allow_memory;
  GString     *changes; /* "position,removed,added;" */
} Fixture;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  g_string_append_printf (fixture->changes, "%u,%u,%u;", position, removed, added);
}

static void
start_engine (Fixture *fixture,
              gboolean automatic)
{
  const WfEngineOptions options = {
    .config_dir = fixture->folder,
    .vault = WF_VAULT (fixture->vault),
    .clock = WF_CLOCK (fixture->clock),
    .in_memory = fixture->folder == NULL,
    .allow_memory = fixture->allow_memory,
    .automatic = automatic,
  };

  fixture->engine = wf_engine_new (&options);
  g_signal_connect (fixture->engine, "items-changed", G_CALLBACK (on_items_changed), fixture);
}

static void
stop_engine (Fixture *fixture)
{
  wf_await_nothing ();
  g_assert_finalize_object (g_steal_pointer (&fixture->engine));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->vault = wf_test_vault_new ();
  fixture->clock = wf_test_clock_new ();
  fixture->changes = g_string_new (NULL);
  fixture->folder = data ? g_dir_make_tmp ("warifu-engine-XXXXXX", NULL) : NULL;
  start_engine (fixture, FALSE);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  stop_engine (fixture);
  g_assert_finalize_object (fixture->vault);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->changes, TRUE);
  if (fixture->folder)
    remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
assert_changes (Fixture    *fixture,
                const char *changes)
{
  g_assert_cmpstr (fixture->changes->str, ==, changes);
  g_string_truncate (fixture->changes, 0);
}

static void
assert_names (Fixture    *fixture,
              const char *names)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->engine)); i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (fixture->engine), i);

      g_string_append_printf (found, "%s%s", i > 0 ? " " : "", wf_session_get_account (session)->name);
    }
  g_assert_cmpstr (found->str, ==, names);
}

static gboolean
load (Fixture *fixture,
      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_engine_load_async (fixture->engine, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_engine_load_finish (fixture->engine, result, error);
}

static WfSession *
save (Fixture    *fixture,
      WfAccount  *account,
      const char *secret,
      GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSecretValue) value = secret ? wf_secret_new (secret, -1) : NULL;

  wf_engine_save_account_async (fixture->engine, account, value, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_engine_save_account_finish (fixture->engine, result, error);
}

static gboolean
remove_session (Fixture   *fixture,
                WfSession *session,
                GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_engine_remove_account_async (fixture->engine, session, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_engine_remove_account_finish (fixture->engine, result, error);
}

static WfAccount *
make_account (const char *name)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->name, name);
  wf_account_set (&account->issuer, "https://id.example.org");
  wf_account_set (&account->client_id, "client");
  wf_account_set (&account->scope, "openid");
  return account;
}

static WfSession *
add (Fixture    *fixture,
     const char *name)
{
  g_autoptr (WfAccount) account = make_account (name);
  g_autoptr (GError) error = NULL;
  WfSession *session = save (fixture, account, NULL, &error);

  g_assert_no_error (error);
  return session;
}

static void
rename_session (Fixture    *fixture,
                WfSession  *session,
                const char *name)
{
  g_autoptr (WfAccount) account = wf_account_copy (wf_session_get_account (session));
  g_autoptr (WfSession) same = NULL;
  g_autoptr (GError) error = NULL;

  wf_account_set (&account->name, name);
  same = save (fixture, account, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (same == session);
}

/* --- the list --- */

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (WfSession) m = NULL;
  g_autoptr (WfSession) c = NULL;
  g_autoptr (WfSession) x = NULL;

  wf_expect_ok (load (fixture, &err));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->engine)) == WF_TYPE_SESSION);
  assert_changes (fixture, "");
  m = add (fixture, "M");
  assert_changes (fixture, "0,0,1;");
  c = add (fixture, "C");
  assert_changes (fixture, "0,0,1;");
  x = add (fixture, "X");
  assert_changes (fixture, "2,0,1;");
  assert_names (fixture, "C M X");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->engine), 3));

  /* an edit that moves nothing is none of the list's business */
  rename_session (fixture, m, "N");
  assert_changes (fixture, "");
  rename_session (fixture, m, "Z");
  assert_changes (fixture, "1,2,2;");
  assert_names (fixture, "C X Z");
  rename_session (fixture, m, "A");
  assert_changes (fixture, "0,3,3;");
  assert_names (fixture, "A C X");

  wf_expect_ok (remove_session (fixture, c, &err));
  assert_changes (fixture, "1,1,0;");
  assert_names (fixture, "A X");
}

/* Other processes add, rename and remove several at a time. */
static void
test_changed_files (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const names[] = { "B", "D", "F", "H", "J" };
  g_autoptr (WfAccountStore) other = wf_account_store_new (fixture->folder, FALSE);
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_account_unref);
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (WfSession) gone = NULL;
  g_autoptr (WfSession) kept = NULL;
  g_autoptr (WfAccount) a = make_account ("A");
  g_autoptr (WfAccount) e = make_account ("E");
  g_autoptr (WfAccount) g = make_account ("G");
  g_autoptr (WfAccount) h2 = NULL;

  wf_account_store_load_async (other, NULL, wf_await_cb, &loaded);
  wf_await (&loaded);
  g_assert_true (wf_account_store_load_finish (other, loaded, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_ptr_array_add (accounts, make_account (names[i]));
      wf_expect_ok (wf_account_store_save (other, g_ptr_array_index (accounts, i), &err));
    }
  wf_expect_ok (load (fixture, &err));
  assert_changes (fixture, "0,0,5;");
  assert_names (fixture, "B D F H J");
  gone = g_list_model_get_item (G_LIST_MODEL (fixture->engine), 1);
  kept = g_list_model_get_item (G_LIST_MODEL (fixture->engine), 3);

  wf_expect_ok (wf_account_store_remove (other, g_ptr_array_index (accounts, 1), &err));
  wf_expect_ok (wf_account_store_remove (other, g_ptr_array_index (accounts, 2), &err));
  wf_expect_ok (wf_account_store_save (other, a, &err));
  wf_expect_ok (wf_account_store_save (other, e, &err));
  wf_expect_ok (wf_account_store_save (other, g, &err));
  h2 = wf_account_copy (g_ptr_array_index (accounts, 3));
  wf_account_set (&h2->scope, "openid profile");
  wf_expect_ok (wf_account_store_save (other, h2, &err));
  wf_expect_ok (load (fixture, &err));
  assert_names (fixture, "A B E G H J");
  assert_changes (fixture, "1,2,0;0,0,1;2,0,2;");
  g_assert_cmpstr (wf_session_get_account (kept)->scope, ==, "openid profile");
  g_assert_true (kept == g_list_model_get_item (G_LIST_MODEL (fixture->engine), 4));
  g_object_unref (kept);
  /* what is gone does nothing any more */
  wf_expect_error (world_refresh (gone, WF_CAUSE_BY_HAND, &err), WF_ERROR_CANCELLED);
}

static void
test_watched (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfAccountStore) other = wf_account_store_new (fixture->folder, FALSE);
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (GAsyncResult) loaded = NULL;

  stop_engine (fixture);
  start_engine (fixture, TRUE);
  wf_expect_ok (load (fixture, &err));
  wf_account_store_load_async (other, NULL, wf_await_cb, &loaded);
  wf_await (&loaded);
  wf_expect_ok (wf_account_store_save (other, account, &err));
  world_wait_for (g_list_model_get_n_items (G_LIST_MODEL (fixture->engine)) == 1);
  assert_changes (fixture, "0,0,1;");
}

/* --- finding --- */

static void
test_find (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (WfSession) session = NULL;
  g_autoptr (WfSession) by_name = NULL;
  g_autoptr (WfSession) by_id = NULL;

  wf_expect_ok (load (fixture, &err));
  session = add (fixture, "Work");
  by_name = wf_engine_find (fixture->engine, "Work", NULL);
  by_id = wf_engine_find (fixture->engine, wf_session_get_account (session)->id, NULL);
  g_assert_true (by_name == session);
  g_assert_true (by_id == session);
  wf_expect_error (wf_engine_find (fixture->engine, "Home", &err), WF_ERROR_NO_SUCH_ACCOUNT);
  g_assert_nonnull (wf_engine_get_history (fixture->engine));
}

/* An account whose certificate file is gone is named, and does no harm to the others. */
static void
test_unusable (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "ca.pem", NULL);
  g_autoptr (WfAccount) account = make_account ("Broken");
  g_autoptr (WfSession) good = NULL;
  g_autoptr (WfSession) other = NULL;
  GPtrArray *problems;

  wf_expect_ok (load (fixture, &err));
  good = add (fixture, "Good");
  wf_account_set (&account->ca_file, path);
  wf_expect_error (save (fixture, account, NULL, &err), WF_ERROR_TLS_ERROR);
  assert_names (fixture, "Good");
  wf_expect_ok (wf_account_store_save (wf_engine_get_store (fixture->engine), account, &err));
  wf_expect_ok (load (fixture, &err));
  assert_names (fixture, "Good");
  problems = wf_account_store_get_problems (wf_engine_get_store (fixture->engine));
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 0), "Broken"));
  wf_expect_error (wf_engine_find (fixture->engine, "Broken", &err), WF_ERROR_TLS_ERROR);
  /* said once, however often the list is gone through */
  other = add (fixture, "Other");
  g_assert_cmpuint (wf_account_store_get_problems (wf_engine_get_store (fixture->engine))->len, ==, 1);
}

/* --- saving --- */

static void
test_save_secret (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (WfAccount) edited = NULL;
  g_autoptr (WfSession) session = NULL;
  g_autoptr (WfSession) same = NULL;
  g_autoptr (WfTokenSet) item = NULL;

  wf_expect_ok (load (fixture, &err));
  account->auth_method = WF_AUTH_METHOD_BASIC;
  session = save (fixture, account, "secret", NULL);
  g_assert_nonnull (session);
  edited = wf_account_copy (account);
  wf_account_set (&edited->scope, "openid profile");
  same = save (fixture, edited, NULL, NULL);
  g_assert_true (same == session);
  item = wf_test_vault_read (fixture->vault, account->id);
  g_assert_cmpstr (secret_value_get_text (item->client_secret), ==, "secret");
}

/* All of it, or nothing. */
static void
test_save_secret_fails (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");

  wf_expect_ok (load (fixture, &err));
  account->auth_method = WF_AUTH_METHOD_BASIC;
  wf_test_vault_fail_all (fixture->vault, WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (save (fixture, account, "secret", &err), WF_ERROR_KEYRING_LOCKED);
  assert_names (fixture, "");
  g_assert_cmpuint (wf_account_store_get_accounts (wf_engine_get_store (fixture->engine))->len, ==, 0);
  wf_test_vault_fail_all (fixture->vault, -1);
  {
    g_autoptr (WfSession) session = save (fixture, account, "secret", NULL);

    g_assert_nonnull (session);
  }
}

static void
test_save_refused (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (WfAccount) nameless = make_account (NULL);
  g_autoptr (WfAccount) insecure = make_account ("Insecure");
  g_autoptr (WfAccount) again = make_account ("Work");
  g_autoptr (WfSession) session = NULL;

  wf_expect_ok (load (fixture, &err));
  session = add (fixture, "Work");
  wf_expect_error (save (fixture, nameless, NULL, &err), WF_ERROR_USAGE);
  wf_account_set (&insecure->issuer, "http://id.example.org");
  wf_expect_error (save (fixture, insecure, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (save (fixture, again, NULL, &err), WF_ERROR_USAGE);
  assert_names (fixture, "Work");
}

/* --- removing --- */

static void
test_remove (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (WfSession) session = NULL;

  wf_expect_ok (load (fixture, &err));
  account->auth_method = WF_AUTH_METHOD_POST;
  session = save (fixture, account, "secret", NULL);
  g_assert_cmpuint (wf_test_vault_get_n_items (fixture->vault), ==, 1);
  wf_expect_ok (remove_session (fixture, session, &err));
  g_assert_cmpuint (wf_test_vault_get_n_items (fixture->vault), ==, 0);
  assert_names (fixture, "");
  wf_expect_error (wf_engine_find (fixture->engine, "Work", &err), WF_ERROR_NO_SUCH_ACCOUNT);
  /* whoever still has the session can do nothing with it */
  wf_expect_error (world_refresh (session, WF_CAUSE_BY_HAND, &err), WF_ERROR_CANCELLED);
  wf_expect_error (world_set_secret (session, "secret", &err), WF_ERROR_CANCELLED);
  g_assert_cmpuint (wf_test_vault_get_n_items (fixture->vault), ==, 0);
}

/* As long as the item cannot be emptied the account stays, and goes on. */
static void
test_remove_fails (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (WfSession) session = NULL;

  wf_expect_ok (load (fixture, &err));
  account->auth_method = WF_AUTH_METHOD_POST;
  session = save (fixture, account, "secret", NULL);
  wf_test_vault_fail (fixture->vault, WF_TEST_VAULT_CLEAR, WF_ERROR_KEYRING_LOCKED, 0);
  wf_expect_error (remove_session (fixture, session, &err), WF_ERROR_KEYRING_LOCKED);
  assert_names (fixture, "Work");
  wf_expect_ok (world_set_secret (session, "another", &err));
  wf_test_vault_fail_all (fixture->vault, -1);
  wf_expect_ok (remove_session (fixture, session, &err));
  assert_names (fixture, "");
}

/* Where there is no keyring at all there is nothing in it, and accounts can be added and removed all the same. */
static void
test_remove_without_keyring (Fixture      *fixture,
                             gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (WfSession) session = NULL;

  stop_engine (fixture);
  fixture->allow_memory = TRUE;
  start_engine (fixture, FALSE);
  wf_test_vault_fail_all (fixture->vault, WF_ERROR_KEYRING_UNAVAILABLE);
  wf_expect_ok (load (fixture, &err));
  account->auth_method = WF_AUTH_METHOD_POST;
  session = save (fixture, account, "secret", NULL);
  g_assert_nonnull (session);
  assert_error_name (wf_session_get_keyring_error (session), "keyring_unavailable");
  wf_expect_ok (remove_session (fixture, session, &err));
  assert_names (fixture, "");
}

static void
test_remove_read_only (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (WfAccount) account = make_account ("Work");
  g_autoptr (WfSession) session = NULL;
  g_autoptr (WfProvider) provider = wf_provider_new (account, NULL);

  wf_expect_ok (load (fixture, &err));
  account->read_only = TRUE;
  session = wf_session_new (account, WF_VAULT (fixture->vault), provider, WF_CLOCK (fixture->clock), NULL, FALSE, FALSE);
  wf_expect_error (remove_session (fixture, session, &err), WF_ERROR_USAGE);
}

/* --- a refresh meets the removal of its account --- */

static void
test_remove_during_refresh (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  Fixture fixture = { .vault = world->vault, .clock = world->clock };
  g_autoptr (WfSession) session = NULL;
  g_autoptr (GAsyncResult) refreshed = NULL;

  world_sign_in (world);
  wf_demo_server_reset_counts (world->server);
  fixture.changes = g_string_new (NULL);
  start_engine (&fixture, FALSE);
  wf_expect_ok (load (&fixture, &err));
  session = save (&fixture, world->account, NULL, NULL);
  wf_expect_ok (world_load (session, &err));
  g_assert_cmpint (wf_session_get_state (session), ==, WF_SESSION_SIGNED_IN);
  wf_demo_server_set_fault (world->server, "token", &slow);
  wf_session_refresh_async (session, WF_CAUSE_BY_HAND, NULL, NULL, wf_await_cb, &refreshed);
  world_wait_for (wf_demo_server_count (world->server, "token") == 1);
  wf_expect_ok (remove_session (&fixture, session, &err));
  wf_await (&refreshed);
  wf_expect_error (wf_session_refresh_finish (session, refreshed, &err), WF_ERROR_CANCELLED);
  world_settle (world);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_clear_object (&session);
  g_clear_object (&refreshed);
  stop_engine (&fixture);
  g_string_free (fixture.changes, TRUE);
}

/* --- loading many --- */

static void
test_load_sessions (Fixture      *fixture,
                    gconstpointer data)
{
  const guint n = 20;

  wf_expect_ok (load (fixture, &err));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Account %02u", i);
      g_autoptr (WfSession) session = add (fixture, name);
    }
  wf_test_vault_hold (fixture->vault, WF_TEST_VAULT_LOAD, 0);
  wf_engine_load_sessions (fixture->engine);
  wf_await_nothing ();
  /* a few at a time */
  g_assert_cmpuint (wf_test_vault_get_n_held (fixture->vault), <=, 4);
  wf_engine_load_sessions (fixture->engine);
  wf_test_vault_release (fixture->vault);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (fixture->engine), i);

      world_wait_for (wf_session_get_loaded (session));
    }
  wf_await_nothing ();
  /* and each of them once, but for those that were on their way at the second call */
  g_assert_cmpuint (wf_test_vault_count (fixture->vault, WF_TEST_VAULT_LOAD), <=, n + 4);
}

static const char on_disk[] = "disk";

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/engine/list/changes", NULL, test_list);
  ADD ("/engine/list/changed-files", on_disk, test_changed_files);
  ADD ("/engine/list/watched", on_disk, test_watched);
  ADD ("/engine/find", NULL, test_find);
  ADD ("/engine/unusable", on_disk, test_unusable);
  ADD ("/engine/save/secret", NULL, test_save_secret);
  ADD ("/engine/save/secret-fails", on_disk, test_save_secret_fails);
  ADD ("/engine/save/refused", NULL, test_save_refused);
  ADD ("/engine/remove/whole", on_disk, test_remove);
  ADD ("/engine/remove/fails", NULL, test_remove_fails);
  ADD ("/engine/remove/without-keyring", NULL, test_remove_without_keyring);
  ADD ("/engine/remove/read-only", NULL, test_remove_read_only);
  g_test_add_func ("/engine/remove/during-refresh", test_remove_during_refresh);
  ADD ("/engine/load-sessions", NULL, test_load_sessions);

  return g_test_run ();
}
