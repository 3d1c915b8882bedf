/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include <glib/gstdio.h>

#include "wf-expect.h"

/*
 * What a process that was killed leaves behind, at each point of a refresh: its keyring item as it was then, and the note
 * of the refresh beside it. The session that begins from these must go on, or ask for a sign-in after one more try, and
 * must never send a token that is older than the previous one. All of it holds with the note in the item too.
 */

typedef struct
{
  WfAccount   *account; /* the same, under an id of its own: the killed one's lock would be free */
  WfTestVault *vault;
  WfSession   *session;
} Survivor;

static void
survivor_clear (Survivor *survivor)
{
  g_assert_finalize_object (survivor->session);
  g_assert_finalize_object (survivor->vault);
  wf_account_unref (survivor->account);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survivor, survivor_clear)

/* Returns: (transfer full) (nullable): what the note on account @id says, byte for byte */
static char *
read_note (World      *world,
           const char *id)
{
  g_autofree char *path = world->note_folder ? world_note_path (world, id) : NULL;
  char *text = NULL;

  if (path)
    g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
put_note (World      *world,
          const char *id,
          const char *text)
{
  g_autofree char *path = world->note_folder ? world_note_path (world, id) : NULL;

  if (path && text)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  else if (path)
    g_unlink (path);
}

/* @id: of the account of whoever was killed, and @vault its keyring */
static void
rise_from (World       *world,
           WfTestVault *vault,
           const char  *id,
           Survivor    *survivor)
{
  g_autofree char *note = read_note (world, id);

  survivor->account = wf_account_copy (world->account);
  g_free (survivor->account->id);
  survivor->account->id = g_uuid_string_random ();
  survivor->vault = wf_test_vault_new ();
  wf_test_vault_put (survivor->vault, survivor->account->id, wf_test_vault_peek (vault, id));
  put_note (world, survivor->account->id, note);
  survivor->session = world_make_session (world, survivor->account, WF_VAULT (survivor->vault));
  wf_expect_ok (world_load (survivor->session, &err));
}

static void
rise_again (World    *world,
            Survivor *survivor)
{
  rise_from (world, world->vault, world->account->id, survivor);
}

/* Begins a refresh of @session and stops it in the call @number of @call of its keyring, counted from 0. */
static GAsyncResult **
refresh_until (WfSession      *session,
               WfTestVault    *vault,
               WfTestVaultCall call,
               guint           number)
{
  GAsyncResult **slot = g_new0 (GAsyncResult *, 1);

  wf_test_vault_hold (vault, call, number);
  wf_session_refresh_async (session, WF_CAUSE_SCHEDULE, NULL, NULL, wf_await_cb, slot);
  world_wait_for (wf_test_vault_get_n_held (vault) == 1);
  return slot;
}

/* The killed process is of no more interest. */
static void
bury (WfSession     *session,
      WfTestVault   *vault,
      GAsyncResult **slot)
{
  wf_session_retire (session);
  wf_test_vault_release (vault);
  wf_await (slot);
  g_object_unref (*slot);
  g_free (slot);
  world_wait_for (G_OBJECT (session)->ref_count == 1);
}

static void
test_before_note (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_NOTE_IN_ITEM);
  GAsyncResult **slot = refresh_until (world->session, world->vault, WF_TEST_VAULT_STORE, 0);
  g_auto (Survivor) survivor = { 0 };

  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  rise_again (world, &survivor);
  wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 2);
  bury (world->session, world->vault, slot);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* What there was while the request was on its way. */
typedef struct
{
  World      *world;
  WfTokenSet *item;
  char       *note; /* nullable */
} Moment;

static void
on_token_request (WfDemoServer *server,
                  const char   *endpoint,
                  gpointer      message,
                  gpointer      user_data)
{
  Moment *moment = user_data;

  if (!g_str_equal (endpoint, "token"))
    return;
  moment->item = world_read_item (moment->world);
  moment->note = read_note (moment->world, moment->world->account->id);
}

/* The note is there and nothing was sent: that may be so, and may not. */
static void
expect_after_note (WorldFlags flags)
{
  const WfDemoFault lost = { .drop = TRUE };
  g_autoptr (World) world = world_new_signed_in (flags);
  g_auto (Survivor) survivor = { 0 };
  Moment moment = { world, NULL, NULL };
  gulong handler = g_signal_connect (world->server, "request", G_CALLBACK (on_token_request), &moment);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_SCHEDULE, &err), WF_ERROR_OFFLINE);
  g_signal_handler_disconnect (world->server, handler);
  wf_demo_server_set_fault (world->server, "token", NULL);
  g_assert_cmpint (moment.note != NULL, ==, (flags & WORLD_NOTE_IN_ITEM) == 0);
  wf_test_vault_write (world->vault, world->account->id, moment.item);
  put_note (world, world->account->id, moment.note);
  wf_token_set_unref (moment.item);
  g_free (moment.note);
  rise_again (world, &survivor);
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->refresh_attempts, ==, 1);
  g_assert_cmpint (wf_session_get_tokens (survivor.session)->refresh_started_at, !=, WF_TIME_UNKNOWN);
  g_assert_false (wf_session_get_tokens (survivor.session)->refresh_lost);
  wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 2);
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->refresh_attempts, ==, 0);
}

static void
test_after_note (void)
{
  expect_after_note (WORLD_PLAIN);
  expect_after_note (WORLD_NOTE_IN_ITEM);
}

/* The answer was there, and had not been stored. Catalogue 37. */
static void
expect_after_answer (WorldFlags flags,
                     gboolean   goes_on)
{
  g_autoptr (World) world = world_new_signed_in (flags);
  GAsyncResult **slot = refresh_until (world->session, world->vault, WF_TEST_VAULT_STORE, WORLD_ANSWER (flags));
  g_auto (Survivor) survivor = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 1);
  rise_again (world, &survivor);
  g_assert_cmpint (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &error), ==, goes_on);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 2);
  if (!goes_on)
    {
      assert_error_name (error, "invalid_grant");
      g_assert_cmpint (wf_session_get_state (survivor.session), ==, WF_SESSION_NEEDS_SIGN_IN);
      g_clear_error (&error);
      g_assert_false (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &error));
      assert_error_name (error, "needs_sign_in");
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 2);
      wf_expect_ok (world_try_sign_in (world, survivor.session, &err));
    }
  wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
  bury (world->session, world->vault, slot);
}

static void
test_after_answer (void)
{
  static const WorldFlags notes[] = { WORLD_PLAIN, WORLD_NOTE_IN_ITEM };

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      expect_after_answer (notes[i], FALSE);
      expect_after_answer (notes[i] | WORLD_LEEWAY, TRUE);
      expect_after_answer (notes[i] | WORLD_NO_ROTATION, TRUE);
    }
}

/* Killed once, and once more while it tries again: then nothing is sent any more. */
static void
expect_twice (WorldFlags flags)
{
  g_autoptr (World) world = world_new_signed_in (flags | WORLD_LEEWAY);
  GAsyncResult **slot = refresh_until (world->session, world->vault, WF_TEST_VAULT_STORE, WORLD_ANSWER (flags));
  g_auto (Survivor) second = { 0 };
  g_auto (Survivor) third = { 0 };
  GAsyncResult **second_slot;

  rise_again (world, &second);
  g_assert_cmpuint (wf_session_get_tokens (second.session)->refresh_attempts, ==, 1);
  second_slot = refresh_until (second.session, second.vault, WF_TEST_VAULT_STORE, WORLD_ANSWER (flags));
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 2);
  rise_from (world, second.vault, second.account->id, &third);
  g_assert_cmpuint (wf_session_get_tokens (third.session)->refresh_attempts, ==, 2);
  wf_expect_error (world_refresh (third.session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 2);
  bury (second.session, second.vault, second_slot);
  bury (world->session, world->vault, slot);
}

static void
test_twice (void)
{
  expect_twice (WORLD_PLAIN);
  expect_twice (WORLD_NOTE_IN_ITEM);
}

/* Stored, and killed before it was read again. */
static void
test_after_store (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GAsyncResult **slot = refresh_until (world->session, world->vault, WF_TEST_VAULT_LOAD, 1);
  g_auto (Survivor) survivor = { 0 };

  rise_again (world, &survivor);
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 2);
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->refresh_attempts, ==, 0);
  wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
  bury (world->session, world->vault, slot);
}

/* Killed while the keys for the ID token were on their way. */
static void
test_waiting_for_keys (void)
{
  const WfDemoFault slow = { .delay = 60000, .times = 1 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (Survivor) survivor = { 0 };

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  wf_session_refresh_async (world->session, WF_CAUSE_SCHEDULE, NULL, NULL, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "jwks") == 1);
  rise_again (world, &survivor);
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 2);
  wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (wf_session_get_tokens (survivor.session)->generation, ==, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
  wf_demo_server_stop (world->server);
  wf_await (&result);
}

/* Killed while a sign-in was being stored: the session of before goes on, or the new one. */
static void
test_during_sign_in (void)
{
  for (guint stored = 0; stored < 2; stored++)
    {
      g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
      g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
      g_autofree char *redirect = world_approve (world, request);
      g_autoptr (GAsyncResult) result = NULL;
      g_auto (Survivor) survivor = { 0 };

      wf_test_vault_hold (world->vault, stored ? WF_TEST_VAULT_LOAD : WF_TEST_VAULT_STORE, stored ? 1 : 0);
      wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &result);
      world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
      rise_again (world, &survivor);
      g_assert_cmpint (wf_session_get_state (survivor.session), ==, WF_SESSION_SIGNED_IN);
      wf_expect_ok (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &err));
      wf_session_retire (world->session);
      wf_test_vault_release (world->vault);
      wf_await (&result);
    }
}

/* Killed between the revocation and the keyring: the next try finds an end, and says so. */
static void
test_during_sign_out (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_auto (Survivor) survivor = { 0 };
  g_autoptr (GError) error = NULL;

  wf_test_vault_hold (world->vault, WF_TEST_VAULT_CLEAR, 0);
  wf_session_sign_out_async (world->session, FALSE, NULL, wf_await_cb, &result);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  rise_again (world, &survivor);
  g_assert_false (world_refresh (survivor.session, WF_CAUSE_BY_HAND, &error));
  assert_error_name (error, "invalid_grant");
  g_assert_cmpint (wf_session_get_state (survivor.session), ==, WF_SESSION_NEEDS_SIGN_IN);
  wf_test_vault_release (world->vault);
  wf_await (&result);
  report = wf_session_sign_out_finish (world->session, result, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/crash/before-note", test_before_note);
  g_test_add_func ("/session/crash/after-note", test_after_note);
  g_test_add_func ("/session/crash/after-answer", test_after_answer);
  g_test_add_func ("/session/crash/twice", test_twice);
  g_test_add_func ("/session/crash/after-store", test_after_store);
  g_test_add_func ("/session/crash/waiting-for-keys", test_waiting_for_keys);
  g_test_add_func ("/session/crash/during-sign-in", test_during_sign_in);
  g_test_add_func ("/session/crash/during-sign-out", test_during_sign_out);

  return g_test_run ();
}
