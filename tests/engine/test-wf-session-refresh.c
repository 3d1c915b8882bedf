/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"
#include "wf-account-lock.h"
#include "wf-expect.h"

/* --- helpers --- */

static guint
count_refreshes (World *world)
{
  return wf_demo_server_count_grant (world->server, "refresh_token");
}

static void
assert_refreshed (World *world,
                  guint  generation)
{
  WfTokenSet *tokens = wf_session_get_tokens (world->session);
  g_autoptr (WfTokenSet) item = world_read_item (world);

  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_null (wf_session_get_activity (world->session));
  g_assert_cmpuint (tokens->generation, ==, generation);
  g_assert_true (wf_secret_equal (item->refresh_token, tokens->refresh_token));
  g_assert_cmpuint (item->generation, ==, generation);
  g_assert_cmpuint (item->refresh_attempts, ==, 0);
  g_assert_cmpint (item->refresh_started_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (item->id_token_verdict, ==, WF_JWS_VERIFIED);
}

/* Asserts what the item says of requests that are under way. */
static void
assert_note (World   *world,
             guint    attempts,
             gboolean under_way)
{
  g_autoptr (WfTokenSet) item = world_read_item (world);

  g_assert_cmpuint (item->refresh_attempts, ==, attempts);
  g_assert_cmpint (item->refresh_started_at != WF_TIME_UNKNOWN, ==, under_way);
}

static World *
new_signed_in (WorldFlags flags)
{
  World *world = world_new (flags);

  world_sign_in (world);
  wf_demo_server_reset_counts (world->server);
  return world;
}

static GAsyncResult **
start_refresh (WfSession    *session,
               GCancellable *cancellable,
               const char   *audience)
{
  GAsyncResult **slot = g_new0 (GAsyncResult *, 1);

  wf_session_refresh_async (session, WF_CAUSE_BY_HAND, audience, cancellable, wf_await_cb, slot);
  return slot;
}

static gboolean
end_refresh (WfSession     *session,
             GAsyncResult **slot,
             GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_await (slot);
  result = *slot;
  g_free (slot);
  return wf_session_refresh_finish (session, result, error);
}

/* --- going well --- */

static void
test_rotation (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autofree char *first = g_strdup (world_refresh_token (world->session));

  for (guint i = 2; i < 6; i++)
    {
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      assert_refreshed (world, i);
    }
  g_assert_cmpstr (first, !=, world_refresh_token (world->session));
  g_assert_true (wf_session_get_tokens (world->session)->rotates);
  g_assert_cmpuint (wf_session_get_tokens (world->session)->refreshes, ==, 4);
  g_assert_cmpuint (count_refreshes (world), ==, 4);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* RFC 6749 §6: no refresh token in the answer keeps the old one */
static void
test_no_rotation (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_NO_ROTATION);
  g_autofree char *first = g_strdup (world_refresh_token (world->session));

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 1);
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
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, drop_id_token, NULL, NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
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
  assert_note (world, 1, TRUE);
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  g_assert_nonnull (wf_session_get_activity (world->session));
}

/* Whoever looks while the request is on its way finds it noted in the keyring. */
static void
test_note (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  gulong handler = g_signal_connect (world->server, "request", G_CALLBACK (on_request_look), world);

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
  g_signal_handler_disconnect (world->server, handler);
}

/* --- one request however many ask --- */

static void
test_ten_at_once (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  GAsyncResult **slots[10];

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    slots[i] = start_refresh (world->session, NULL, i % 2 == 0 ? NULL : "");
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    wf_expect_ok (end_refresh (world->session, slots[i], &err));
  g_assert_cmpuint (count_refreshes (world), ==, 1);
  assert_refreshed (world, 2);
}

static void
test_other_audience (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  GAsyncResult **own = start_refresh (world->session, NULL, NULL);
  GAsyncResult **other = start_refresh (world->session, NULL, "https://api.example.org");
  GAsyncResult **again = start_refresh (world->session, NULL, "https://api.example.org");
  const WfAccessToken *access;

  wf_expect_ok (end_refresh (world->session, own, &err));
  wf_expect_ok (end_refresh (world->session, other, &err));
  wf_expect_ok (end_refresh (world->session, again, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 2);
  assert_refreshed (world, 3);
  access = wf_token_set_get_access_token (wf_session_get_tokens (world->session), "https://api.example.org");
  g_assert_nonnull (access);
  g_assert_false (wf_secret_equal (access->token, wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL)->token));
}

/* Two windows, or a window and warifuctl: they share the keyring and the lock, and nothing else. */
static void
test_two_processes (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));
  GAsyncResult **first;
  GAsyncResult **second;

  wf_expect_ok (world_load (other, &err));
  first = start_refresh (world->session, NULL, NULL);
  second = start_refresh (other, NULL, NULL);
  wf_expect_ok (end_refresh (other, second, &err));
  wf_expect_ok (end_refresh (world->session, first, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_refresh_token (other), ==, world_refresh_token (world->session));
  assert_refreshed (world, 2);
  g_assert_finalize_object (other);
}

/* By the schedule, what another process did is found in the item; asked by hand afterwards, a new one is made. */
static void
test_other_process_was_faster (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));

  wf_expect_ok (world_load (other, &err));
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_expect_ok (world_refresh (other, WF_CAUSE_SCHEDULE, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_refresh_token (other), ==, world_refresh_token (world->session));
  wf_expect_ok (world_refresh (other, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 2);
  /* and now this one is behind: the token that it knows is never sent */
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_SCRIPT, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 2);
  assert_refreshed (world, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
  g_assert_finalize_object (other);
}

/* --- waiting, and no longer waiting --- */

static void
test_cancel (void)
{
  const WfDemoFault slow = { .delay = 200 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult **impatient = start_refresh (world->session, cancellable, NULL);
  GAsyncResult **patient = start_refresh (world->session, NULL, NULL);
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (count_refreshes (world) == 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (end_refresh (world->session, impatient, &error));
  assert_error_name (error, "cancelled");
  /* the waiting has ended, the request has not */
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  wf_expect_ok (end_refresh (world->session, patient, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 1);
  assert_refreshed (world, 2);
}

static void
test_cancel_all (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult **only = start_refresh (world->session, cancellable, NULL);
  GAsyncResult **other = start_refresh (world->session, cancellable, "https://api.example.org");

  g_cancellable_cancel (cancellable);
  g_assert_false (end_refresh (world->session, only, &error));
  g_clear_error (&error);
  g_assert_false (end_refresh (world->session, other, &error));
  /* tokens that come for nobody are kept */
  world_wait_for (g_str_equal (world_state (world), "signed-in"));
  assert_refreshed (world, 2);
  g_assert_cmpuint (count_refreshes (world), ==, 1);
  /* who has given up before asking causes nothing */
  g_clear_error (&error);
  g_assert_false (end_refresh (world->session, start_refresh (world->session, cancellable, NULL), &error));
  world_settle (world);
  g_assert_cmpuint (count_refreshes (world), ==, 1);
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
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) again = NULL;
  GAsyncResult **other;

  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, NULL, NULL, on_refreshed_refresh_again, &again);
  other = start_refresh (world->session, NULL, "https://api.example.org");
  wf_await (&again);
  wf_expect_ok (wf_session_refresh_finish (world->session, again, &err));
  wf_expect_ok (end_refresh (world->session, other, &err));
  g_assert_cmpuint (count_refreshes (world), ==, 3);
}

/* --- things that happen meanwhile --- */

static void
test_sign_out_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = NULL;
  GAsyncResult **pending = start_refresh (world->session, NULL, NULL);
  GAsyncResult **other = start_refresh (world->session, NULL, "https://api.example.org");

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (count_refreshes (world) == 1);
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  wf_expect_error (end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (end_refresh (world->session, other, &err), WF_ERROR_CANCELLED);
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
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) signed_out = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  GAsyncResult **pending;

  wf_test_vault_hold (world->vault, WF_TEST_VAULT_STORE, 1);
  pending = start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  wf_session_sign_out_async (world->session, FALSE, NULL, wf_await_cb, &signed_out);
  world_settle (world);
  wf_test_vault_release (world->vault);
  wf_await (&signed_out);
  report = wf_session_sign_out_finish (world->session, signed_out, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  wf_expect_ok (end_refresh (world->session, pending, &err));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

static void
test_another_client_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));
  g_autoptr (WfTokenSet) item = NULL;
  GAsyncResult **pending = start_refresh (world->session, NULL, NULL);
  GAsyncResult **later;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (count_refreshes (world) == 1);
  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  /* who asks from now on asks for the new account */
  later = start_refresh (world->session, NULL, NULL);
  wf_expect_error (end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (end_refresh (world->session, later, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (count_refreshes (world), ==, 1);
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
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) renamed = wf_account_copy (world->account);
  GAsyncResult **pending = start_refresh (world->session, NULL, NULL);

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (count_refreshes (world) == 1);
  wf_account_set (&renamed->name, "Home");
  wf_session_set_account (world->session, renamed, world->provider);
  wf_expect_ok (end_refresh (world->session, pending, &err));
  assert_refreshed (world, 2);
}

static void
test_retired_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  GAsyncResult **pending = start_refresh (world->session, NULL, NULL);
  guint stores;

  wf_demo_server_set_fault (world->server, "token", &slow);
  world_wait_for (count_refreshes (world) == 1);
  stores = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
  wf_session_retire (world->session);
  wf_expect_error (end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_CANCELLED);
  world_settle (world);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE), ==, stores);
}

/* The lock is somebody else's: a sign-out does not wait for a refresh that waits for it. */
static void
test_sign_out_while_locked (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (WfAccountLock) lock = NULL;
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GAsyncResult) signed_out = NULL;
  GAsyncResult **pending;

  wf_account_lock_acquire_async (world->account->id, NULL, wf_await_cb, &locked);
  wf_await (&locked);
  lock = wf_account_lock_acquire_finish (locked, NULL);
  pending = start_refresh (world->session, NULL, NULL);
  world_settle (world);
  g_assert_cmpstr (world_state (world), ==, "refreshing");
  wf_session_sign_out_async (world->session, TRUE, NULL, wf_await_cb, &signed_out);
  wf_expect_error (end_refresh (world->session, pending, &err), WF_ERROR_CANCELLED);
  g_clear_pointer (&lock, wf_account_lock_free);
  wf_await (&signed_out);
  report = wf_session_sign_out_finish (world->session, signed_out, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_cmpuint (count_refreshes (world), ==, 0);
}

/* --- refused, and not answered --- */

static void
test_invalid_grant (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) item = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
  assert_error_name (error, "invalid_grant");
  assert_error_name (wf_session_get_last_error (world->session), "invalid_grant");
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  item = world_read_item (world);
  g_assert_null (item->refresh_token);
  g_assert_cmpuint (item->access_tokens->len, ==, 1);
  g_assert_nonnull (item->id_token);
  g_assert_cmpuint (item->refresh_attempts, ==, 0);
  g_assert_cmpstr (item->error_name, ==, "invalid_grant");

  /* without another request, and without forgetting what it was */
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  assert_error_name (wf_session_get_last_error (world->session), "invalid_grant");
  g_assert_cmpuint (count_refreshes (world), ==, 1);

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  assert_error_name (wf_session_get_last_error (world->session), "invalid_grant");
  g_assert_cmpstr (wf_session_get_last_error (world->session)->message, ==, error->message);
  world_sign_in (world);
  assert_refreshed (world, 1);
}

/* Errors that are not the token's: it stays, and so does the session. */
static void
test_refused (void)
{
  const struct { WfDemoFault fault; const char *name; } cases[] = {
    { { .status = 503, .body = "{}" }, "server_error" },
    { { .status = 500, .body = "{\"error\":\"invalid_grant\"}" }, "server_error" },
    { { .status = 429, .headers = "Retry-After: 5", .body = "{}" }, "rate_limited" },
    { { .status = 401, .body = "{\"error\":\"invalid_client\"}" }, "invalid_client" },
    { { .status = 200, .body = "{\"error\":\"temporarily_unavailable\"}" }, "temporarily_unavailable" },
    { { .status = 302, .headers = "Location: /", .body = "" }, "redirect_refused" },
  };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfTokenSet) item = NULL;

      wf_demo_server_set_fault (world->server, "token", &cases[i].fault);
      g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
      assert_error_name (error, cases[i].name);
      assert_error_name (wf_session_get_last_error (world->session), cases[i].name);
      assert_note (world, 0, FALSE);
      item = world_read_item (world);
      g_assert_nonnull (item->refresh_token);
      g_assert_cmpstr (item->error_name, ==, cases[i].name);
      g_assert_cmpstr (world_state (world), ==, "signed-in");
      g_assert_cmpuint (count_refreshes (world), ==, i + 1);
    }
  wf_demo_server_set_fault (world->server, "token", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
}

/* The provider asks for a second factor: the token is kept, but nothing happens by itself any more. */
static void
test_asks_for_more (void)
{
  const WfDemoFault fault = { .status = 403, .body = "{\"error\":\"mfa_required\"}" };
  g_autoptr (World) world = new_signed_in (WORLD_AUTOMATIC);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (wf_session_get_next_refresh (world->session), !=, WF_TIME_UNKNOWN);
  wf_demo_server_set_fault (world->server, "token", &fault);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
  assert_error_name (error, "mfa_required");
  g_assert_nonnull (world_refresh_token (world->session));
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  world_settle (world);
  g_assert_cmpuint (count_refreshes (world), ==, 1);
}

static void
test_offline (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  guint16 port = wf_demo_server_get_port (world->server);
  guint stores;

  wf_demo_server_stop (world->server);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  assert_error_name (wf_session_get_last_error (world->session), "offline");
  assert_note (world, 0, FALSE);
  /* and again, without writing the keyring once more than it takes */
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  assert_error_name (wf_session_get_last_error (world->session), "offline");
  stores = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
  for (guint i = 0; i < 5; i++)
    wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE), ==, stores);
  wf_demo_server_start (world->server, port, NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
}

static void
test_signed_out (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
}

static void
drop_refresh_token (const char *what,
                    JsonObject *object,
                    gpointer    user_data)
{
  if (g_str_equal (what, "token"))
    json_object_remove_member (object, "refresh_token");
}

static void
test_no_refresh_token (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, drop_refresh_token, NULL, NULL);
  world_sign_in (world);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  /* the access token is as good as before */
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
}

/* --- answers that are lost: RFC 9700 §4.14 --- */

static void
test_lost_answers (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autofree char *token = g_strdup (world_refresh_token (world->session));

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  assert_note (world, 1, TRUE);
  g_assert_cmpstr (token, ==, world_refresh_token (world->session));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  assert_note (world, 2, TRUE);
  g_assert_cmpuint (count_refreshes (world), ==, 2);

  /* one more try was made: from here on nothing is sent, now and after a restart */
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (token, ==, world_refresh_token (world->session));
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  assert_error_name (wf_session_get_last_error (world->session), "needs_sign_in");
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (count_refreshes (world), ==, 2);
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  wf_demo_server_set_fault (world->server, "token", NULL);
  world_sign_in (world);
  assert_refreshed (world, 1);
}

static void
test_lost_once_with_leeway (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE, .times = 1 };
  g_autoptr (World) world = new_signed_in (WORLD_LEEWAY);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* A refusal between two losses, and a network that was down, do not make the count begin again. */
static void
test_lost_between_refusals (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  const WfDemoFault busy = { .status = 503, .body = "{}" };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_demo_server_set_fault (world->server, "token", &busy);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  assert_note (world, 1, FALSE);
  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  assert_note (world, 2, TRUE);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (count_refreshes (world), ==, 3);
}

/* A token that is known to be good for many uses may be sent as often as it takes. */
static void
test_lost_without_rotation (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  g_autoptr (World) world = new_signed_in (WORLD_NO_ROTATION);

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_demo_server_set_fault (world->server, "token", &lost);
  for (guint i = 0; i < 5; i++)
    wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_demo_server_set_fault (world->server, "token", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 1);
}

static void
test_broken_answer (void)
{
  const WfDemoFault broken = { .body = "{\"access_token\":", .process = TRUE };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "token", &broken);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_MALFORMED_RESPONSE);
  /* the server may have done it: that counts as lost */
  assert_note (world, 1, TRUE);
}

/* --- ID tokens that come with a refresh --- */

static void
change_subject (const char *what,
                JsonObject *object,
                gpointer    user_data)
{
  if (g_str_equal (what, "id_token"))
    json_object_set_string_member (object, "sub", "somebody-else");
}

static void
change_issuer (const char *what,
               JsonObject *object,
               gpointer    user_data)
{
  if (g_str_equal (what, "id_token"))
    json_object_set_string_member (object, "iss", "https://evil.example.org");
}

static void
spoil_signature (const char *what,
                 JsonObject *object,
                 gpointer    user_data)
{
  g_autofree char *token = NULL;
  char *middle;

  if (!g_str_equal (what, "token") || !json_object_has_member (object, "id_token"))
    return;
  token = g_strdup (json_object_get_string_member (object, "id_token"));
  middle = strrchr (token, '.') + 20;
  *middle = *middle == 'A' ? 'B' : 'A';
  json_object_set_string_member (object, "id_token", token);
}

/* OpenID Connect Core 1.0 §12.2: nothing of such an answer is used. @restart: keys must be fetched first, so that the
 * refresh token is stored before and put back after. */
static void
expect_rejected (WfDemoFilter filter,
                 WfError      code,
                 gboolean     restart)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) before = world_read_item (world);
  g_autoptr (WfTokenSet) after = NULL;
  guint stores;

  if (restart)
    {
      world_restart (world);
      wf_expect_ok (world_load (world->session, &err));
    }
  wf_demo_server_set_filter (world->server, filter, NULL, NULL);
  stores = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), code);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE) - stores, ==, restart ? 3 : 2);
  after = world_read_item (world);
  g_assert_true (wf_secret_equal (after->refresh_token, before->refresh_token));
  g_assert_cmpuint (after->generation, ==, before->generation);
  g_assert_cmpint (after->refresh_issued_at, ==, before->refresh_issued_at);
  g_assert_true (wf_secret_equal (after->id_token, before->id_token));
  g_assert_cmpstr (after->subject, ==, before->subject);
  g_assert_true (wf_secret_equal (wf_token_set_get_access_token (after, NULL)->token,
                                  wf_token_set_get_access_token (before, NULL)->token));
  assert_note (world, 0, FALSE);
}

static void
test_forged (void)
{
  expect_rejected (change_subject, WF_ERROR_ID_TOKEN_INVALID, FALSE);
  expect_rejected (change_issuer, WF_ERROR_ID_TOKEN_INVALID, FALSE);
  expect_rejected (spoil_signature, WF_ERROR_SIGNATURE_INVALID, FALSE);
  expect_rejected (change_subject, WF_ERROR_ID_TOKEN_INVALID, TRUE);
  expect_rejected (spoil_signature, WF_ERROR_SIGNATURE_INVALID, TRUE);
}

/* The rotated token is in the keyring before anybody waits for keys. */
static void
test_stored_before_keys (void)
{
  const WfDemoFault slow = { .delay = 300 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));
  g_autoptr (WfTokenSet) meanwhile = NULL;
  GAsyncResult **pending;

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  pending = start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_demo_server_count (world->server, "jwks") == 1);
  meanwhile = world_read_item (world);
  g_assert_cmpstr (secret_value_get_text (meanwhile->refresh_token), !=, old);
  g_assert_cmpuint (meanwhile->generation, ==, 2);
  assert_note (world, 0, FALSE);
  wf_expect_ok (end_refresh (world->session, pending, &err));
  assert_refreshed (world, 2);
}

/* The same where keys are at hand, but not the one that signed. */
static void
test_stored_before_new_key (void)
{
  const WfDemoFault slow = { .delay = 300 };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) meanwhile = NULL;
  GAsyncResult **pending;

  wf_demo_server_rotate_keys (world->server);
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  pending = start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_demo_server_count (world->server, "jwks") == 1);
  meanwhile = world_read_item (world);
  g_assert_cmpuint (meanwhile->generation, ==, 2);
  wf_expect_ok (end_refresh (world->session, pending, &err));
  assert_refreshed (world, 2);
}

static void
test_kept_without_keys (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_set_fault (world->server, "jwks", &down);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  g_assert_cmpstr (world_refresh_token (world->session), !=, old);
  assert_note (world, 0, FALSE);
  wf_demo_server_set_fault (world->server, "jwks", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* --- the discovery document --- */

static void
test_discovery_down (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "discovery", &down);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  g_assert_cmpuint (count_refreshes (world), ==, 0);
  assert_note (world, 0, FALSE);
  wf_demo_server_set_fault (world->server, "discovery", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, 2);
}

/* --- how fast --- */

static void
test_many (void)
{
  g_autoptr (World) world = new_signed_in (WORLD_PLAIN);
  const guint n = g_test_perf () ? 1000 : 50;
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  assert_refreshed (world, n + 1);
  g_assert_cmpuint (count_refreshes (world), ==, n);
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
  g_test_add_func ("/session/refresh/refused/invalid-grant", test_invalid_grant);
  g_test_add_func ("/session/refresh/refused/others", test_refused);
  g_test_add_func ("/session/refresh/refused/asks-for-more", test_asks_for_more);
  g_test_add_func ("/session/refresh/refused/offline", test_offline);
  g_test_add_func ("/session/refresh/refused/signed-out", test_signed_out);
  g_test_add_func ("/session/refresh/refused/no-refresh-token", test_no_refresh_token);
  g_test_add_func ("/session/refresh/refused/discovery-down", test_discovery_down);
  g_test_add_func ("/session/refresh/lost/twice", test_lost_answers);
  g_test_add_func ("/session/refresh/lost/once-with-leeway", test_lost_once_with_leeway);
  g_test_add_func ("/session/refresh/lost/between-refusals", test_lost_between_refusals);
  g_test_add_func ("/session/refresh/lost/without-rotation", test_lost_without_rotation);
  g_test_add_func ("/session/refresh/lost/broken-answer", test_broken_answer);
  g_test_add_func ("/session/refresh/id-token/forged", test_forged);
  g_test_add_func ("/session/refresh/id-token/stored-before-keys", test_stored_before_keys);
  g_test_add_func ("/session/refresh/id-token/stored-before-new-key", test_stored_before_new_key);
  g_test_add_func ("/session/refresh/id-token/kept-without-keys", test_kept_without_keys);
  g_test_add_func ("/session/refresh/many", test_many);

  return g_test_run ();
}
