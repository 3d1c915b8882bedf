/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-account-lock.h"
#include "wf-expect.h"

static void
assert_signed_out (World *world)
{
  WfTokenSet *tokens = wf_session_get_tokens (world->session);

  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (tokens->refresh_token);
  g_assert_null (tokens->id_token);
  g_assert_null (tokens->previous_access_token);
  g_assert_null (tokens->subject);
  g_assert_cmpuint (tokens->access_tokens->len, ==, 0);
  g_assert_null (wf_session_get_checks (world->session));
  g_assert_null (wf_session_get_verification (world->session));
  g_assert_null (wf_session_get_activity (world->session));
  g_assert_no_error (wf_session_get_last_error (world->session));
}

static void
test_whole (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *token = g_strdup (world_refresh_token (world->session));
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (DemoAnswer) answer = NULL;

  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  g_assert_no_error (report->revocation_error);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_no_error (report->keyring_error);
  g_assert_true (g_str_has_prefix (report->end_session_uri, world->account->issuer));
  g_assert_nonnull (strstr (report->end_session_uri, "client_id=" WF_DEMO_CLIENT_ID));
  g_assert_null (strstr (report->end_session_uri, "id_token_hint"));
  assert_signed_out (world);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  g_assert_cmpuint (wf_demo_server_count (world->server, "revoke"), ==, 1);
  answer = demo_client_refresh (world->browser, token);
  g_assert_cmpuint (answer->status, ==, 400);
  world_sign_in (world);
}

static void
test_local (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = world_sign_out (world->session, TRUE, NULL);

  g_assert_cmpint (report->revocation, ==, WF_STEP_SKIPPED);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_null (report->end_session_uri);
  assert_signed_out (world);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

static void
test_twice (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) first = world_sign_out (world->session, FALSE, NULL);
  g_autoptr (WfSignOutReport) second = world_sign_out (world->session, FALSE, NULL);

  g_assert_cmpint (second->revocation, ==, WF_STEP_SKIPPED);
  g_assert_cmpint (second->keyring, ==, WF_STEP_DONE);
  g_assert_cmpuint (wf_demo_server_count (world->server, "revoke"), ==, 1);
}

static void
test_at_once (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (WfSignOutReport) first_report = NULL;
  g_autoptr (WfSignOutReport) second_report = NULL;

  wf_session_sign_out_async (world->session, FALSE, NULL, wf_await_cb, &first);
  wf_session_sign_out_async (world->session, FALSE, NULL, wf_await_cb, &second);
  wf_await (&first);
  wf_await (&second);
  first_report = wf_session_sign_out_finish (world->session, first, NULL);
  second_report = wf_session_sign_out_finish (world->session, second, NULL);
  g_assert_cmpint (first_report->revocation, ==, WF_STEP_DONE);
  g_assert_cmpint (second_report->revocation, ==, WF_STEP_SKIPPED);
  assert_signed_out (world);
}

/* RFC 7009 §2.2: whatever the provider says, the tokens here go */
static void
test_provider_fails (void)
{
  const struct { WfDemoFault fault; const char *name; } cases[] = {
    { { .status = 503, .body = "" }, "server_error" },
    { { .drop = TRUE }, "offline" },
    { { .status = 400, .body = "{\"error\":\"unsupported_token_type\"}" }, "unsupported_token_type" },
    { { .status = 302, .headers = "Location: /", .body = "" }, "redirect_refused" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
      g_autoptr (WfSignOutReport) report = NULL;

      wf_demo_server_set_fault (world->server, "revoke", &cases[i].fault);
      report = world_sign_out (world->session, FALSE, NULL);
      g_assert_cmpint (report->revocation, ==, WF_STEP_FAILED);
      assert_error_name (report->revocation_error, cases[i].name);
      g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
      assert_signed_out (world);
      g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
    }
}

static void
test_provider_gone (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = NULL;

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_stop (world->server);
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_FAILED);
  assert_error_name (report->revocation_error, "offline");
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  assert_signed_out (world);
}

static void
drop_endpoints (const char *what,
                JsonObject *object,
                gpointer    user_data)
{
  if (!g_str_equal (what, "discovery"))
    return;
  json_object_remove_member (object, "revocation_endpoint");
  json_object_remove_member (object, "end_session_endpoint");
}

static void
test_no_endpoints (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = NULL;

  wf_demo_server_set_filter (world->server, drop_endpoints, NULL, NULL);
  world_sign_in (world);
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_SKIPPED);
  g_assert_no_error (report->revocation_error);
  g_assert_null (report->end_session_uri);
  assert_signed_out (world);
}

static void
test_client_secret_stays (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_CONFIDENTIAL);
  g_autoptr (WfSignOutReport) report = world_sign_out (world->session, FALSE, NULL);
  g_autoptr (WfTokenSet) item = world_read_item (world);

  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  assert_signed_out (world);
  g_assert_cmpstr (secret_value_get_text (item->client_secret), ==, wf_demo_server_get_client_secret (world->server));
  g_assert_null (item->refresh_token);
  world_restart (world);
  world_sign_in (world);
}

/* After invalid_grant there is an access token still, and it is revoked. */
static void
test_needs_sign_in (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  assert_signed_out (world);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  assert_signed_out (world);
}

/* --- the keyring --- */

static void
test_locked (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_CONFIDENTIAL);
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (WfTokenSet) item = NULL;

  wf_test_vault_fail (world->vault, WF_TEST_VAULT_LOAD, WF_ERROR_KEYRING_LOCKED, 0);
  report = world_sign_out (world->session, FALSE, NULL);
  /* what memory knows was revoked; an item that nobody could read is not written over */
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  g_assert_cmpint (report->keyring, ==, WF_STEP_FAILED);
  g_assert_error (report->keyring_error, WF_ERROR, WF_ERROR_KEYRING_LOCKED);
  assert_signed_out (world);
  item = world_read_item (world);
  g_assert_nonnull (item->client_secret);
}

static void
test_write_fails (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);
  g_autoptr (WfSignOutReport) report = NULL;

  wf_test_vault_fail (world->vault, WF_TEST_VAULT_CLEAR, WF_ERROR_KEYRING_FAILED, 0);
  report = world_sign_out (world->session, TRUE, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_FAILED);
  g_assert_error (report->keyring_error, WF_ERROR, WF_ERROR_KEYRING_FAILED);
  assert_signed_out (world);
  assert_error_name (wf_session_get_keyring_error (world->session), "keyring_failed");
}

/* --- waiting --- */

static void
test_cancelled_before (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (WfAccountLock) lock = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_account_lock_acquire_async (world->account->id, NULL, wf_await_cb, &locked);
  wf_await (&locked);
  lock = wf_account_lock_acquire_finish (locked, NULL);
  wf_session_sign_out_async (world->session, FALSE, cancellable, wf_await_cb, &result);
  world_settle (world);
  g_assert_nonnull (wf_session_get_activity (world->session));
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  g_assert_null (wf_session_sign_out_finish (world->session, result, &error));
  assert_error_name (error, "cancelled");
  g_assert_null (wf_session_get_activity (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 1);
}

/* Once it has begun it is carried through. */
static void
test_cancelled_later (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSignOutReport) report = NULL;

  wf_demo_server_set_fault (world->server, "revoke", &slow);
  wf_session_sign_out_async (world->session, FALSE, cancellable, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "revoke") == 1);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  report = wf_session_sign_out_finish (world->session, result, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  assert_signed_out (world);
}

/* What another process wrote since is what is revoked and emptied. */
static void
test_other_process (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));
  g_autoptr (WfSignOutReport) report = NULL;
  g_autofree char *newest = NULL;
  g_autoptr (DemoAnswer) answer = NULL;

  wf_expect_ok (world_load (other, &err));
  wf_expect_ok (world_refresh (other, WF_CAUSE_BY_HAND, &err));
  newest = g_strdup (world_refresh_token (other));
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  answer = demo_client_refresh (world->browser, newest);
  g_assert_cmpuint (answer->status, ==, 400);
  wf_expect_error (world_refresh (other, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpint (wf_session_get_state (other), ==, WF_SESSION_SIGNED_OUT);
  g_assert_finalize_object (other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/sign-out/whole", test_whole);
  g_test_add_func ("/session/sign-out/local", test_local);
  g_test_add_func ("/session/sign-out/twice", test_twice);
  g_test_add_func ("/session/sign-out/at-once", test_at_once);
  g_test_add_func ("/session/sign-out/provider-fails", test_provider_fails);
  g_test_add_func ("/session/sign-out/provider-gone", test_provider_gone);
  g_test_add_func ("/session/sign-out/no-endpoints", test_no_endpoints);
  g_test_add_func ("/session/sign-out/client-secret-stays", test_client_secret_stays);
  g_test_add_func ("/session/sign-out/needs-sign-in", test_needs_sign_in);
  g_test_add_func ("/session/sign-out/keyring/locked", test_locked);
  g_test_add_func ("/session/sign-out/keyring/write-fails", test_write_fails);
  g_test_add_func ("/session/sign-out/cancelled/before", test_cancelled_before);
  g_test_add_func ("/session/sign-out/cancelled/later", test_cancelled_later);
  g_test_add_func ("/session/sign-out/other-process", test_other_process);

  return g_test_run ();
}
