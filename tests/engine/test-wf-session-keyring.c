/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"

static const WfError keyring_codes[] = {
  WF_ERROR_KEYRING_LOCKED, WF_ERROR_KEYRING_UNAVAILABLE, WF_ERROR_KEYRING_FAILED,
};
static const char *const keyring_names[] = { "keyring_locked", "keyring_unavailable", "keyring_failed" };

/* --- no keyring at all --- */

static void
test_memory_only (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keyring_codes); i++)
    {
      g_autoptr (World) world = world_new (WORLD_MEMORY);
      g_autoptr (WfSecretValue) token = NULL;

      wf_test_vault_fail_all (world->vault, (int) keyring_codes[i]);
      wf_expect_error (world_load (world->session, &err), keyring_codes[i]);
      g_assert_true (wf_session_get_loaded (world->session));
      g_assert_cmpstr (world_state (world), ==, "signed-out");
      assert_error_name (wf_session_get_keyring_error (world->session), keyring_names[i]);
      g_assert_no_error (wf_session_get_last_error (world->session));

      world_sign_in (world);
      g_assert_cmpstr (world_state (world), ==, "signed-in");
      assert_error_name (wf_session_get_keyring_error (world->session), keyring_names[i]);
      g_assert_no_error (wf_session_get_last_error (world->session));
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 2);
      /* what only memory holds is not thrown away by looking again */
      wf_expect_error (world_load (world->session, &err), keyring_codes[i]);
      assert_error_name (wf_session_get_keyring_error (world->session), keyring_names[i]);
      g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 2);
      token = world_get_token (world->session, NULL, 60, NULL);
      g_assert_nonnull (token);
      g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
    }
}

/* The keyring comes back: the next write finds it, and says so. */
static void
test_recovery (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_sign_in (world);
  g_assert_nonnull (wf_session_get_keyring_error (world->session));
  wf_test_vault_fail_all (world->vault, -1);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 2);
}

/* Looking again is enough: what only memory held goes into the keyring, once. */
static void
test_recovery_by_looking (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (WfTokenSet) item = NULL;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_sign_in (world);
  wf_test_vault_fail_all (world->vault, -1);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  item = world_read_item (world);
  g_assert_true (wf_secret_equal (item->refresh_token, wf_session_get_tokens (world->session)->refresh_token));
  g_assert_cmpuint (item->generation, ==, 1);
}

/* The item of an earlier sign-in gives way, but the client secret that only it has is kept. */
static void
test_recovery_over_old_item (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);
  g_autoptr (WfTokenSet) with_secret = wf_token_set_copy (wf_session_get_tokens (world->session));
  g_autoptr (WfSecretValue) secret = wf_secret_new ("kept", -1);
  g_autoptr (WfTokenSet) item = NULL;

  wf_secret_set (&with_secret->client_secret, secret);
  with_secret->signed_in_at -= 60;
  wf_test_vault_write (world->vault, world->account->id, with_secret);
  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_restart (world);
  world_sign_in (world);
  wf_test_vault_fail_all (world->vault, -1);
  wf_expect_ok (world_load (world->session, &err));
  item = world_read_item (world);
  g_assert_true (wf_secret_equal (item->refresh_token, wf_session_get_tokens (world->session)->refresh_token));
  g_assert_cmpstr (secret_value_get_text (item->client_secret), ==, "kept");
}

/* Another process has gone further with the same refresh token: its tokens are the ones that still work. */
static void
test_recovery_from_newer_item (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (WfSecretValue) rotated = wf_secret_new ("rotated-elsewhere", -1);
  g_autoptr (WfTokenSet) newer = NULL;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_sign_in (world);
  newer = wf_token_set_copy (wf_session_get_tokens (world->session));
  wf_secret_set (&newer->refresh_token, rotated);
  newer->generation++;
  newer->refreshes++;
  wf_test_vault_fail_all (world->vault, -1);
  wf_test_vault_write (world->vault, world->account->id, newer);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_refresh_token (world->session), ==, "rotated-elsewhere");
  g_assert_no_error (wf_session_get_keyring_error (world->session));
}

/* Without tokens there is nothing to hold fast to: the keyring is looked at again. */
static void
test_recovery_before_sign_in (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);

  world_restart (world);
  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (world_load (world->session, &err), WF_ERROR_KEYRING_LOCKED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  wf_test_vault_fail_all (world->vault, -1);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

static void
test_memory_counts_lost_answers (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  g_autoptr (World) world = world_new (WORLD_MEMORY);

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_UNAVAILABLE);
  world_sign_in (world);
  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
test_memory_invalid_grant (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (GError) error = NULL;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_UNAVAILABLE);
  world_sign_in (world);
  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
  assert_error_name (error, "invalid_grant");
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  g_assert_null (world_refresh_token (world->session));
}

static void
test_memory_sign_out (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (WfSignOutReport) report = NULL;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_UNAVAILABLE);
  world_sign_in (world);
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->revocation, ==, WF_STEP_DONE);
  g_assert_cmpint (report->keyring, ==, WF_STEP_FAILED);
  g_assert_error (report->keyring_error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE);
  g_assert_null (world_refresh_token (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

static void
test_memory_failed_sign_in (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (GError) error = NULL;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_sign_in (world);
  request = world_begin (world->session, NULL);
  refusal = g_strdup_printf ("%s?error=access_denied&state=%s&iss=%s", wf_authorization_request_get_redirect_uri (request),
                             wf_authorization_request_get_state (request), world->account->issuer);
  g_assert_false (world_complete (world->session, request, refusal, &error));
  assert_error_name (wf_session_get_last_error (world->session), "access_denied");
  wf_expect_error (world_load (world->session, &err), WF_ERROR_KEYRING_LOCKED);
  assert_error_name (wf_session_get_last_error (world->session), "access_denied");
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- without going on in memory, as warifuctl --- */

/* Catalogue 40 */
static void
test_strict (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keyring_codes); i++)
    {
      g_autoptr (World) world = world_new (WORLD_PLAIN);

      wf_test_vault_fail_all (world->vault, (int) keyring_codes[i]);
      wf_expect_error (world_load (world->session, &err), keyring_codes[i]);
      g_assert_false (wf_session_get_loaded (world->session));
      wf_expect_error (world_begin (world->session, &err), keyring_codes[i]);
      wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), keyring_codes[i]);
      wf_expect_error (world_get_token (world->session, NULL, 0, &err), keyring_codes[i]);
      wf_expect_error (world_set_secret (world->session, "secret", &err), keyring_codes[i]);
      g_assert_no_error (wf_session_get_last_error (world->session));
      g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
    }
}

static void
test_strict_sign_in (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, 0);
  wf_expect_error (world_try_sign_in (world, world->session, &err), WF_ERROR_KEYRING_LOCKED);
  g_assert_no_error (wf_session_get_last_error (world->session));
  assert_error_name (wf_session_get_keyring_error (world->session), "keyring_locked");
}

static const WorldFlags notes[] = { WORLD_PLAIN, WORLD_NOTE_IN_ITEM };

static void
test_strict_store_after_refresh (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (notes[i]);
      g_autoptr (WfTokenSet) item = NULL;

      wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_FAILED, WORLD_ANSWER (notes[i]));
      wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_FAILED);
      assert_error_name (wf_session_get_keyring_error (world->session), "keyring_failed");
      item = world_read_noted_item (world);
      g_assert_cmpuint (item->generation, ==, 1);
      g_assert_cmpuint (item->refresh_attempts, ==, 1);
    }
}

/* One further try, and no more, for a rotated token; then it is in the keyring as if nothing had been. */
static void
test_second_try (void)
{
  const int codes[] = { WF_ERROR_KEYRING_FAILED, WF_ERROR_KEYRING_UNAVAILABLE };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

      wf_test_vault_fail_once (world->vault, WF_TEST_VAULT_STORE, codes[i], WORLD_ANSWER (WORLD_PLAIN));
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      g_assert_no_error (wf_session_get_keyring_error (world->session));
      world_assert_refreshed (world, 2);
      world_restart (world);
      wf_expect_ok (world_load (world->session, &err));
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
    }
}

/* The person who does not unlock the keyring is not asked again. */
static void
test_no_second_try_when_locked (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  guint before = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);

  wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, WORLD_ANSWER (WORLD_PLAIN));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE), ==, before + 1);
}

/* A sign-out between the two tries is the last word. */
static void
test_no_second_try_after_sign_out (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);
  guint before = wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE);
  GAsyncResult **slot;

  wf_test_vault_hold (world->vault, WF_TEST_VAULT_STORE, WORLD_ANSWER (WORLD_MEMORY));
  slot = world_start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  wf_session_retire (world->session);
  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_FAILED);
  wf_test_vault_release (world->vault);
  world_end_refresh (world->session, slot, NULL);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE), ==, before + 1);
}

/* A first write that fails is not the last: the rotated token is written again with the rest. */
static void
test_provisional_store_fails (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) item = NULL;

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  /* its second try too */
  wf_test_vault_fail_once (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, WORLD_ANSWER (WORLD_PLAIN));
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  item = world_read_item (world);
  g_assert_cmpuint (item->generation, ==, 2);
  g_assert_no_error (wf_session_get_keyring_error (world->session));
}

/* --- in the middle --- */

/* What cannot be noted could be lost: then nothing is sent. */
static void
test_locked_in_the_middle (void)
{
  const WorldFlags modes[] = { WORLD_NOTE_IN_ITEM, WORLD_MEMORY | WORLD_NOTE_IN_ITEM };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (modes[i]);
      g_autofree char *token = g_strdup (world_refresh_token (world->session));

      wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, 0);
      wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_LOCKED);
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
      assert_error_name (wf_session_get_keyring_error (world->session), "keyring_locked");
      g_assert_no_error (wf_session_get_last_error (world->session));
      g_assert_cmpstr (world_state (world), ==, "signed-in");
      g_assert_cmpstr (world_refresh_token (world->session), ==, token);

      wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
      wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_LOCKED);
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);

      wf_test_vault_fail_all (world->vault, -1);
      wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
      g_assert_no_error (wf_session_get_keyring_error (world->session));
      g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 2);
    }
}

/* A keyring that fails says nothing about a refresh token that was refused before. */
static void
test_locked_after_invalid_grant (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GError) error = NULL;

  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_LOCKED);
  assert_error_name (wf_session_get_last_error (world->session), "invalid_grant");
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
}

/* Tokens that have come are used, and the person is told that they live in memory alone. */
static void
test_store_fails_after_refresh (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);
  g_autofree char *token = g_strdup (world_refresh_token (world->session));
  NotifyCounter errors;

  notify_counter_begin (&errors, world->session, "keyring-error");
  wf_test_vault_fail (world->vault, WF_TEST_VAULT_STORE, WF_ERROR_KEYRING_LOCKED, WORLD_ANSWER (WORLD_MEMORY));
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpstr (world_refresh_token (world->session), !=, token);
  assert_error_name (wf_session_get_keyring_error (world->session), "keyring_locked");
  g_assert_cmpuint (errors.count, ==, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (errors.count, ==, 1);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);

  wf_test_vault_fail_all (world->vault, -1);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_cmpuint (errors.count, ==, 2);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 4);
}

/* A keyring that takes and does not keep is found out. */
static void
test_read_back (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_test_vault_set_forgetful (world->vault, TRUE);
  wf_expect_error (world_try_sign_in (world, world->session, &err), WF_ERROR_KEYRING_FAILED);
}

static void
test_read_back_in_memory (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);

  wf_test_vault_set_forgetful (world->vault, TRUE);
  world_sign_in (world);
  assert_error_name (wf_session_get_keyring_error (world->session), "keyring_failed");
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- what the item holds --- */

static void
test_damaged (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfSecretValue) garbage = wf_secret_new ("{\"version\":1,", -1);
  g_autoptr (WfSignOutReport) report = NULL;

  wf_test_vault_put (world->vault, world->account->id, garbage);
  wf_expect_error (world_load (world->session, &err), WF_ERROR_KEYRING_FAILED);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_KEYRING_FAILED);
  g_assert_nonnull (wf_test_vault_peek (world->vault, world->account->id));
  /* signing out mends it */
  report = world_sign_out (world->session, FALSE, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

static void
test_damaged_in_memory_mode (void)
{
  g_autoptr (World) world = world_new (WORLD_MEMORY);
  g_autoptr (WfSecretValue) garbage = wf_secret_new ("garbage", -1);

  wf_test_vault_put (world->vault, world->account->id, garbage);
  wf_expect_error (world_load (world->session, &err), WF_ERROR_KEYRING_FAILED);
  /* so does signing in */
  world_sign_in (world);
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* Tokens of one client are never sent in the name of another, and neither is its secret, whatever the file says. */
static void
expect_foreign (const char *issuer,
                const char *client_id)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);
  g_autoptr (WfTokenSet) item = NULL;

  world_sign_in (world);
  item = world_read_item (world);
  g_free (item->issuer);
  item->issuer = g_strdup (issuer ? issuer : world->account->issuer);
  g_free (item->client_id);
  item->client_id = g_strdup (client_id ? client_id : world->account->client_id);
  wf_test_vault_write (world->vault, world->account->id, item);
  wf_demo_server_reset_counts (world->server);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (world_refresh_token (world->session));
  g_assert_null (wf_session_get_tokens (world->session)->client_secret);
  g_assert_null (wf_session_get_tokens (world->session)->subject);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
}

static void
test_foreign (void)
{
  expect_foreign ("https://evil.example.org", NULL);
  expect_foreign (NULL, "another-client");
}

/* --- tokens that no keyring takes --- */

static void
enlarge (const char *what,
         JsonObject *object,
         gpointer    user_data)
{
  g_autofree char *large = NULL;
  const char *const members[] = { "access_token", "refresh_token", "id_token" };

  if (!g_str_equal (what, "token"))
    return;
  json_object_remove_member (object, members[2]);
  for (guint i = 0; i < 2; i++)
    {
      g_free (large);
      large = g_strnfill (500 * 1024, 'a');
      json_object_set_string_member (object, members[i], large);
    }
}

static void
fill_item (World *world)
{
  g_autoptr (WfTokenSet) item = world_read_item (world);
  WfAccessToken *token = g_new0 (WfAccessToken, 1);
  g_autofree char *large = g_strnfill (200 * 1024, 'b');

  token->audience = g_strdup ("https://api.example.org");
  token->token = wf_secret_new (large, -1);
  token->issued_at = token->expires_at = WF_TIME_UNKNOWN;
  g_ptr_array_add (item->access_tokens, token);
  wf_test_vault_write (world->vault, world->account->id, item);
}

static void
test_too_large (void)
{
  const WorldFlags modes[] = { WORLD_PLAIN, WORLD_MEMORY };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (World) world = world_new_signed_in (modes[i]);
      g_autofree char *before = g_strdup (world_refresh_token (world->session));
      g_autoptr (GError) error = NULL;

      fill_item (world);
      wf_demo_server_set_filter (world->server, enlarge, NULL, NULL);
      if (modes[i] == WORLD_MEMORY)
        {
          wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
          g_assert_cmpuint (strlen (world_refresh_token (world->session)), ==, 500 * 1024);
          assert_error_name (wf_session_get_keyring_error (world->session), "response_too_large");
        }
      else
        {
          /* what fails as a whole is not half taken over */
          wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_RESPONSE_TOO_LARGE);
          g_assert_cmpstr (world_refresh_token (world->session), ==, before);
        }
      g_assert_cmpstr (world_state (world), ==, "signed-in");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/keyring/memory/whole", test_memory_only);
  g_test_add_func ("/session/keyring/memory/recovery", test_recovery);
  g_test_add_func ("/session/keyring/memory/recovery-by-looking", test_recovery_by_looking);
  g_test_add_func ("/session/keyring/memory/recovery-over-old-item", test_recovery_over_old_item);
  g_test_add_func ("/session/keyring/memory/recovery-from-newer-item", test_recovery_from_newer_item);
  g_test_add_func ("/session/keyring/memory/recovery-before-sign-in", test_recovery_before_sign_in);
  g_test_add_func ("/session/keyring/memory/lost-answers", test_memory_counts_lost_answers);
  g_test_add_func ("/session/keyring/memory/invalid-grant", test_memory_invalid_grant);
  g_test_add_func ("/session/keyring/memory/sign-out", test_memory_sign_out);
  g_test_add_func ("/session/keyring/memory/failed-sign-in", test_memory_failed_sign_in);
  g_test_add_func ("/session/keyring/strict/all", test_strict);
  g_test_add_func ("/session/keyring/strict/sign-in", test_strict_sign_in);
  g_test_add_func ("/session/keyring/strict/store-after-refresh", test_strict_store_after_refresh);
  g_test_add_func ("/session/keyring/second-try/whole", test_second_try);
  g_test_add_func ("/session/keyring/second-try/locked", test_no_second_try_when_locked);
  g_test_add_func ("/session/keyring/second-try/sign-out", test_no_second_try_after_sign_out);
  g_test_add_func ("/session/keyring/strict/provisional-store", test_provisional_store_fails);
  g_test_add_func ("/session/keyring/middle/locked", test_locked_in_the_middle);
  g_test_add_func ("/session/keyring/middle/locked-after-invalid-grant", test_locked_after_invalid_grant);
  g_test_add_func ("/session/keyring/middle/store-fails", test_store_fails_after_refresh);
  g_test_add_func ("/session/keyring/middle/read-back", test_read_back);
  g_test_add_func ("/session/keyring/middle/read-back-in-memory", test_read_back_in_memory);
  g_test_add_func ("/session/keyring/item/damaged", test_damaged);
  g_test_add_func ("/session/keyring/item/damaged-in-memory-mode", test_damaged_in_memory_mode);
  g_test_add_func ("/session/keyring/item/foreign", test_foreign);
  g_test_add_func ("/session/keyring/item/too-large", test_too_large);

  return g_test_run ();
}
