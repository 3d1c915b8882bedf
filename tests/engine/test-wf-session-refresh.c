/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"
#include "wf-account-lock.h"
#include "wf-expect.h"

/* --- going well --- */

static void
test_rotation (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *first = g_strdup (world_refresh_token (world->session));

  for (guint i = 2; i < 6; i++)
    {
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      world_assert_refreshed (world, i);
    }
  g_assert_cmpstr (first, !=, world_refresh_token (world->session));
  g_assert_true (wf_session_get_tokens (world->session)->rotates);
  g_assert_cmpuint (wf_session_get_tokens (world->session)->refreshes, ==, 4);
  g_assert_cmpuint (world_count_refreshes (world), ==, 4);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* RFC 6749 §6: no refresh token in the answer keeps the old one */
static void
test_no_rotation (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_NO_ROTATION);
  g_autofree char *first = g_strdup (world_refresh_token (world->session));

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 1);
  g_assert_cmpstr (first, ==, world_refresh_token (world->session));
  g_assert_false (wf_session_get_tokens (world->session)->rotates);
}

static void
drop_id_token (const char *what,
               JsonObject *object,
               gpointer    user_data)
{
  if (g_str_equal (what, "token"))
    json_object_remove_member (object, "id_token");
}

static void
test_no_id_token (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, drop_id_token, NULL, NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
  g_assert_nonnull (wf_session_get_tokens (world->session)->id_token);
}

static void
on_request_look (WfDemoServer *server,
                 const char   *endpoint,
                 gpointer      message,
                 World        *world)
{
  if (!g_str_equal (endpoint, "token"))
    return;
  world_assert_note (world, 1, TRUE);
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  g_assert_nonnull (wf_session_get_activity (world->session));
}

/* Whoever looks while the request is on its way finds it noted in the keyring. */
static void
test_note (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  gulong handler = g_signal_connect (world->server, "request", G_CALLBACK (on_request_look), world);

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
  g_signal_handler_disconnect (world->server, handler);
}

/* --- one request however many ask --- */

/* Catalogue 39 */
static void
test_ten_at_once (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GAsyncResult **slots[10];

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    slots[i] = world_start_refresh (world->session, NULL, i % 2 == 0 ? NULL : "");
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    wf_expect_ok (world_end_refresh (world->session, slots[i], &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  world_assert_refreshed (world, 2);
}

static void
test_other_audience (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GAsyncResult **own = world_start_refresh (world->session, NULL, NULL);
  GAsyncResult **other = world_start_refresh (world->session, NULL, "https://api.example.org");
  GAsyncResult **again = world_start_refresh (world->session, NULL, "https://api.example.org");
  const WfAccessToken *access;

  wf_expect_ok (world_end_refresh (world->session, own, &err));
  wf_expect_ok (world_end_refresh (world->session, other, &err));
  wf_expect_ok (world_end_refresh (world->session, again, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
  world_assert_refreshed (world, 3);
  access = wf_token_set_get_access_token (wf_session_get_tokens (world->session), "https://api.example.org");
  g_assert_nonnull (access);
  g_assert_false (wf_secret_equal (access->token, wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL)->token));
}

/* Two windows, or a window and warifuctl: they share the keyring and the lock, and nothing else. */
static void
test_two_processes (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));
  GAsyncResult **first;
  GAsyncResult **second;

  wf_expect_ok (world_load (other, &err));
  first = world_start_refresh (world->session, NULL, NULL);
  second = world_start_refresh (other, NULL, NULL);
  wf_expect_ok (world_end_refresh (other, second, &err));
  wf_expect_ok (world_end_refresh (world->session, first, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_refresh_token (other), ==, world_refresh_token (world->session));
  world_assert_refreshed (world, 2);
  g_assert_finalize_object (other);
}

/* By the schedule, what another process did is found in the item; asked by hand afterwards, a new one is made. */
static void
test_other_process_was_faster (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));

  wf_expect_ok (world_load (other, &err));
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_expect_ok (world_refresh (other, WF_CAUSE_SCHEDULE, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_refresh_token (other), ==, world_refresh_token (world->session));
  wf_expect_ok (world_refresh (other, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
  /* and now this one is behind: the token that it knows is never sent */
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_SCRIPT, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
  world_assert_refreshed (world, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
  g_assert_finalize_object (other);
}

/* --- waiting, and no longer waiting --- */

static void
test_cancel (void)
{
  const WfDemoFault slow = { .delay = 200 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult **impatient = world_start_refresh (world->session, cancellable, NULL);
  GAsyncResult **patient = world_start_refresh (world->session, NULL, NULL);
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (world_count_refreshes (world) == 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (world_end_refresh (world->session, impatient, &error));
  assert_error_name (error, "cancelled");
  /* the waiting has ended, the request has not */
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  wf_expect_ok (world_end_refresh (world->session, patient, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  world_assert_refreshed (world, 2);
}

static void
test_cancel_all (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult **only = world_start_refresh (world->session, cancellable, NULL);
  GAsyncResult **other = world_start_refresh (world->session, cancellable, "https://api.example.org");

  g_cancellable_cancel (cancellable);
  g_assert_false (world_end_refresh (world->session, only, &error));
  g_clear_error (&error);
  g_assert_false (world_end_refresh (world->session, other, &error));
  /* tokens that come for nobody are kept */
  world_wait_for (g_str_equal (world_state (world), "signed-in"));
  world_assert_refreshed (world, 2);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  /* who has given up before asking causes nothing */
  g_clear_error (&error);
  g_assert_false (world_end_refresh (world->session, world_start_refresh (world->session, cancellable, NULL), &error));
  world_settle (world);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
on_refreshed_refresh_again (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  wf_expect_ok (wf_session_refresh_finish (WF_SESSION (source), result, &err));
  wf_session_refresh_async (WF_SESSION (source), WF_CAUSE_BY_HAND, NULL, NULL, wf_await_cb, user_data);
}

static void
test_again_from_callback (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) again = NULL;
  GAsyncResult **other;

  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, NULL, NULL, on_refreshed_refresh_again, &again);
  other = world_start_refresh (world->session, NULL, "https://api.example.org");
  wf_await (&again);
  wf_expect_ok (wf_session_refresh_finish (world->session, again, &err));
  wf_expect_ok (world_end_refresh (world->session, other, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 3);
}

/* --- things that happen meanwhile --- */

/* Catalogue 44 */
static void
test_sign_out_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = NULL;
  GAsyncResult **pending = world_start_refresh (world->session, NULL, NULL);
  GAsyncResult **other = world_start_refresh (world->session, NULL, "https://api.example.org");

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (world_count_refreshes (world) == 1);
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  wf_expect_error (world_end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (world_end_refresh (world->session, other, &err), WF_ERROR_CANCELLED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  world_settle (world);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

/* An answer that is being stored when the person signs out is stored, and then taken away. */
static void
test_sign_out_while_storing (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) signed_out = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  GAsyncResult **pending;

  wf_test_vault_hold (world->vault, WF_TEST_VAULT_STORE, WORLD_ANSWER (WORLD_PLAIN));
  pending = world_start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  wf_session_sign_out_async (world->session, FALSE, NULL, wf_await_cb, &signed_out);
  world_settle (world);
  wf_test_vault_release (world->vault);
  wf_await (&signed_out);
  report = wf_session_sign_out_finish (world->session, signed_out, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  wf_expect_ok (world_end_refresh (world->session, pending, &err));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

/* Catalogue 44 */
static void
test_another_client_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));
  g_autoptr (WfTokenSet) item = NULL;
  GAsyncResult **pending = world_start_refresh (world->session, NULL, NULL);
  GAsyncResult **later;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (world_count_refreshes (world) == 1);
  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  /* who asks from now on asks for the new account */
  later = world_start_refresh (world->session, NULL, NULL);
  wf_expect_error (world_end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (world_end_refresh (world->session, later, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (world_refresh_token (world->session));
  item = world_read_item (world);
  g_assert_cmpstr (secret_value_get_text (item->refresh_token), ==, old);
}

/* A rotated token is not thrown away because somebody renamed the account. */
static void
test_renamed_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) renamed = wf_account_copy (world->account);
  GAsyncResult **pending = world_start_refresh (world->session, NULL, NULL);

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (world_count_refreshes (world) == 1);
  wf_account_set (&renamed->name, "Home");
  wf_session_set_account (world->session, renamed, world->provider);
  wf_expect_ok (world_end_refresh (world->session, pending, &err));
  world_assert_refreshed (world, 2);
}

static void
test_retired_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GAsyncResult **pending = world_start_refresh (world->session, NULL, NULL);
  guint stores;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (world_count_refreshes (world) == 1);
  stores = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
  wf_session_retire (world->session);
  wf_expect_error (world_end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_CANCELLED);
  world_settle (world);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE), ==, stores);
}

/* The lock is somebody else's: a sign-out does not wait for a refresh that waits for it. */
static void
test_sign_out_while_locked (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (WfAccountLock) lock = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GAsyncResult) signed_out = NULL;
  GAsyncResult **pending;

  wf_account_lock_acquire_async (world->account->id, NULL, wf_await_cb, &locked);
  wf_await (&locked);
  lock = wf_account_lock_acquire_finish (locked, NULL);
  pending = world_start_refresh (world->session, NULL, NULL);
  world_settle (world);
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  wf_session_sign_out_async (world->session, TRUE, NULL, wf_await_cb, &signed_out);
  wf_expect_error (world_end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  g_clear_pointer (&lock, wf_account_lock_free);
  wf_await (&signed_out);
  report = wf_session_sign_out_finish (world->session, signed_out, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
}

/* --- how fast --- */

static void
test_many (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  const guint n = g_test_perf () ? 1000 : 50;
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, n + 1);
  g_assert_cmpuint (world_count_refreshes (world), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (wf_session_get_flows (world->session)), ==, 20);
  g_test_minimized_result ((double) (g_get_monotonic_time () - begin) / n, "microseconds for a refresh, the server's part in it");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/refresh/rotation", test_rotation);
  g_test_add_func ("/session/refresh/no-rotation", test_no_rotation);
  g_test_add_func ("/session/refresh/no-id-token", test_no_id_token);
  g_test_add_func ("/session/refresh/note", test_note);
  g_test_add_func ("/session/refresh/once/ten-at-once", test_ten_at_once);
  g_test_add_func ("/session/refresh/once/other-audience", test_other_audience);
  g_test_add_func ("/session/refresh/once/two-processes", test_two_processes);
  g_test_add_func ("/session/refresh/once/other-process-was-faster", test_other_process_was_faster);
  g_test_add_func ("/session/refresh/cancel/one", test_cancel);
  g_test_add_func ("/session/refresh/cancel/all", test_cancel_all);
  g_test_add_func ("/session/refresh/again-from-callback", test_again_from_callback);
  g_test_add_func ("/session/refresh/meanwhile/sign-out", test_sign_out_meanwhile);
  g_test_add_func ("/session/refresh/meanwhile/sign-out-storing", test_sign_out_while_storing);
  g_test_add_func ("/session/refresh/meanwhile/sign-out-locked", test_sign_out_while_locked);
  g_test_add_func ("/session/refresh/meanwhile/another-client", test_another_client_meanwhile);
  g_test_add_func ("/session/refresh/meanwhile/renamed", test_renamed_meanwhile);
  g_test_add_func ("/session/refresh/meanwhile/retired", test_retired_meanwhile);
  g_test_add_func ("/session/refresh/many", test_many);

  return g_test_run ();
}
