/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-group.h"

#include "wf-vault.h"

typedef struct
{
  WfVault        *vault;
  GListStore     *list;
  WfSessionGroup *group;
  GString        *log; /* "+a", "-a", "a:name" */
} Fixture;

static const char *
get_name (WfSession *session)
{
  return wf_session_get_account (session)->name;
}

static void
on_added (WfSessionGroup *group,
          WfSession      *session,
          Fixture        *fixture)
{
  g_string_append_printf (fixture->log, "+%s ", get_name (session));
}

static void
on_removed (WfSessionGroup *group,
            WfSession      *session,
            Fixture        *fixture)
{
  g_string_append_printf (fixture->log, "-%s ", get_name (session));
}

static void
on_name (WfSessionGroup *group,
         WfSession      *session,
         Fixture        *fixture)
{
  g_string_append_printf (fixture->log, "%s:name ", get_name (session));
}

static WfSession *
make_session (Fixture    *fixture,
              const char *name)
{
  g_autoptr (WfAccount) account = wf_account_new ();

  wf_account_set (&account->name, name);
  wf_account_set (&account->issuer, "https://id.example.org");
  wf_account_set (&account->client_id, "client");
  return wf_session_new (account, fixture->vault, NULL, wf_clock_get_default (), NULL, FALSE, FALSE);
}

static void
append (Fixture    *fixture,
        const char *name)
{
  g_autoptr (WfSession) session = make_session (fixture, name);

  g_list_store_append (fixture->list, session);
}

static void
assert_log (Fixture    *fixture,
            const char *expected)
{
  GPtrArray *sessions = wf_session_group_get_sessions (fixture->group);

  g_assert_cmpstr (fixture->log->str, ==, expected);
  g_string_truncate (fixture->log, 0);
  g_assert_cmpuint (sessions->len, ==, g_list_model_get_n_items (G_LIST_MODEL (fixture->list)));
  for (guint i = 0; i < sessions->len; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);

      g_assert_true (session == g_ptr_array_index (sessions, i));
    }
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->vault = wf_memory_vault_new ();
  fixture->list = g_list_store_new (WF_TYPE_SESSION);
  append (fixture, "a");
  append (fixture, "c");
  fixture->group = wf_session_group_new (G_LIST_MODEL (fixture->list));
  fixture->log = g_string_new (NULL);
  g_signal_connect (fixture->group, "added", G_CALLBACK (on_added), fixture);
  g_signal_connect (fixture->group, "removed", G_CALLBACK (on_removed), fixture);
  g_signal_connect (fixture->group, "changed::name", G_CALLBACK (on_name), fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->group);
  g_assert_finalize_object (fixture->list);
  g_object_unref (fixture->vault);
  g_string_free (fixture->log, TRUE);
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  return g_strcmp0 (get_name ((WfSession *) a), get_name ((WfSession *) b)) * (user_data ? -1 : 1);
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (WfSession) between = make_session (fixture, "b");

  assert_log (fixture, "");
  g_list_store_insert (fixture->list, 1, between);
  assert_log (fixture, "+b ");
  /* all of them move, and none goes */
  g_list_store_sort (fixture->list, compare, fixture);
  assert_log (fixture, "");
  g_list_store_remove (fixture->list, 0);
  assert_log (fixture, "-c ");
  g_list_store_splice (fixture->list, 0, 2, (gpointer *) &between, 1);
  assert_log (fixture, "-a ");
  g_list_store_remove_all (fixture->list);
  assert_log (fixture, "-b ");
}

static void
rename_session (WfSession  *session,
                const char *name)
{
  g_autoptr (WfAccount) account = wf_account_copy (wf_session_get_account (session));

  wf_account_set (&account->name, name);
  wf_session_set_account (session, account, NULL);
}

/* Each is heard, once, whether it was there at first, has moved, or came later; and not after it has gone. */
static void
test_changed (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfSession) first = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  g_autoptr (WfSession) late = make_session (fixture, "d");

  rename_session (first, "a2");
  assert_log (fixture, "a2:name ");
  g_list_store_append (fixture->list, late);
  g_list_store_sort (fixture->list, compare, fixture);
  rename_session (first, "a3");
  rename_session (late, "d2");
  assert_log (fixture, "+d a3:name d2:name ");
  g_list_store_remove (fixture->list, 0);
  rename_session (late, "d3");
  assert_log (fixture, "-d2 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ui/session-group/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/ui/session-group/changed", Fixture, NULL, set_up, test_changed, tear_down);
  return g_test_run ();
}
