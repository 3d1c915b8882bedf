/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"

/* What becomes of a refresh by the answer that comes, or does not come. */

/* --- refused, and not answered --- */

static void
test_invalid_grant (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
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
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  assert_error_name (wf_session_get_last_error (world->session), "invalid_grant");
  g_assert_cmpstr (wf_session_get_last_error (world->session)->message, ==, error->message);
  world_sign_in (world);
  world_assert_refreshed (world, 1);
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
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfTokenSet) item = NULL;

      wf_demo_server_set_fault (world->server, "token", &cases[i].fault);
      g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, &error));
      assert_error_name (error, cases[i].name);
      assert_error_name (wf_session_get_last_error (world->session), cases[i].name);
      world_assert_note (world, 0, FALSE);
      item = world_read_item (world);
      g_assert_nonnull (item->refresh_token);
      g_assert_cmpstr (item->error_name, ==, cases[i].name);
      g_assert_cmpstr (world_state (world), ==, "signed-in");
      g_assert_cmpuint (world_count_refreshes (world), ==, i + 1);
    }
  wf_demo_server_set_fault (world->server, "token", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
}

/* The provider asks for a second factor: the token is kept, but nothing happens by itself any more. */
static void
test_asks_for_more (void)
{
  const WfDemoFault fault = { .status = 403, .body = "{\"error\":\"mfa_required\"}" };
  g_autoptr (World) world = world_new_signed_in (WORLD_AUTOMATIC);
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
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
test_offline (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  guint16 port = wf_demo_server_get_port (world->server);
  guint stores;

  wf_demo_server_stop (world->server);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  assert_error_name (wf_session_get_last_error (world->session), "offline");
  world_assert_note (world, 0, FALSE);
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
  world_assert_refreshed (world, 2);
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

/* The account says that the provider accepts the previous refresh token for a while. */
static void
set_leeway (World   *world,
            gboolean leeway)
{
  g_autoptr (WfAccount) account = wf_account_copy (world->account);

  account->reuse_leeway = leeway;
  wf_account_unref (world->account);
  world->account = wf_account_ref (account);
  wf_session_set_account (world->session, account, world->provider);
}

static World *
new_forgiven (WorldFlags flags)
{
  World *world = world_new_signed_in (flags);

  set_leeway (world, TRUE);
  return world;
}

/* Where nothing says that the provider forgives it, a token whose answer was lost is not sent again, by hand, by the schedule or
 * after a restart. */
static void
test_lost_without_leeway (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE, .times = 1 };
  const WfRefreshCause causes[] = { WF_CAUSE_BY_HAND, WF_CAUSE_SCHEDULE, WF_CAUSE_SCRIPT };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *token = g_strdup (world_refresh_token (world->session));

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    wf_expect_error (world_refresh (world->session, causes[i], &err), WF_ERROR_NEEDS_SIGN_IN);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  /* it is not deleted either, and the access token goes on as long as it lives */
  g_assert_cmpstr (token, ==, world_refresh_token (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  world_sign_in (world);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
}

/* The person learns that the provider forgives, and says so. */
static void
test_lost_then_leeway (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE, .times = 1 };
  g_autoptr (World) world = world_new_signed_in (WORLD_LEEWAY);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  set_leeway (world, TRUE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

static void
test_lost_answers (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  g_autoptr (World) world = new_forgiven (WORLD_PLAIN);
  g_autofree char *token = g_strdup (world_refresh_token (world->session));

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  world_assert_note (world, 1, TRUE);
  g_assert_cmpstr (token, ==, world_refresh_token (world->session));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  world_assert_note (world, 2, TRUE);
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);

  /* one more try was made: from here on nothing is sent, now and after a restart */
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (token, ==, world_refresh_token (world->session));
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  assert_error_name (wf_session_get_last_error (world->session), "needs_sign_in");
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  wf_demo_server_set_fault (world->server, "token", NULL);
  world_sign_in (world);
  world_assert_refreshed (world, 1);
}

static void
test_lost_once_with_leeway (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE, .times = 1 };
  g_autoptr (World) world = new_forgiven (WORLD_LEEWAY);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* A refusal between two losses, and a network that was down, do not make the count begin again. */
static void
test_lost_between_refusals (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  const WfDemoFault busy = { .status = 503, .body = "{}" };
  g_autoptr (World) world = new_forgiven (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_demo_server_set_fault (world->server, "token", &busy);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  world_assert_note (world, 1, FALSE);
  wf_demo_server_set_fault (world->server, "token", &lost);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  world_assert_note (world, 2, TRUE);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpuint (world_count_refreshes (world), ==, 3);
}

/* A token that is known to be good for many uses may be sent as often as it takes. */
static void
test_lost_without_rotation (void)
{
  const WfDemoFault lost = { .drop = TRUE, .process = TRUE };
  g_autoptr (World) world = world_new_signed_in (WORLD_NO_ROTATION);

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_demo_server_set_fault (world->server, "token", &lost);
  for (guint i = 0; i < 5; i++)
    wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_OFFLINE);
  wf_demo_server_set_fault (world->server, "token", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 1);
}

static void
test_broken_answer (void)
{
  const WfDemoFault broken = { .body = "{\"access_token\":", .process = TRUE };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "token", &broken);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_MALFORMED_RESPONSE);
  /* the server may have done it: that counts as lost */
  world_assert_note (world, 1, TRUE);
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
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
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
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_STORE) - stores, ==, restart ? 2 : 1);
  after = world_read_item (world);
  g_assert_true (wf_secret_equal (after->refresh_token, before->refresh_token));
  g_assert_cmpuint (after->generation, ==, before->generation);
  g_assert_cmpint (after->refresh_issued_at, ==, before->refresh_issued_at);
  g_assert_true (wf_secret_equal (after->id_token, before->id_token));
  g_assert_cmpstr (after->subject, ==, before->subject);
  g_assert_true (wf_secret_equal (wf_token_set_get_access_token (after, NULL)->token,
                                  wf_token_set_get_access_token (before, NULL)->token));
  world_assert_note (world, 0, FALSE);
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
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));
  g_autoptr (WfTokenSet) meanwhile = NULL;
  GAsyncResult **pending;

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  pending = world_start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_demo_server_count (world->server, "jwks") == 1);
  meanwhile = world_read_item (world);
  g_assert_cmpstr (secret_value_get_text (meanwhile->refresh_token), !=, old);
  g_assert_cmpuint (meanwhile->generation, ==, 2);
  world_assert_note (world, 0, FALSE);
  wf_expect_ok (world_end_refresh (world->session, pending, &err));
  world_assert_refreshed (world, 2);
}

/* The same where keys are at hand, but not the one that signed. */
static void
test_stored_before_new_key (void)
{
  const WfDemoFault slow = { .delay = 300 };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfTokenSet) meanwhile = NULL;
  GAsyncResult **pending;

  wf_demo_server_rotate_keys (world->server);
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  pending = world_start_refresh (world->session, NULL, NULL);
  world_wait_for (wf_demo_server_count (world->server, "jwks") == 1);
  meanwhile = world_read_item (world);
  g_assert_cmpuint (meanwhile->generation, ==, 2);
  wf_expect_ok (world_end_refresh (world->session, pending, &err));
  world_assert_refreshed (world, 2);
}

static void
test_kept_without_keys (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *old = g_strdup (world_refresh_token (world->session));

  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_demo_server_set_fault (world->server, "jwks", &down);
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  g_assert_cmpstr (world_refresh_token (world->session), !=, old);
  world_assert_note (world, 0, FALSE);
  wf_demo_server_set_fault (world->server, "jwks", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 3);
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* --- the discovery document --- */

static void
test_discovery_down (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "discovery", &down);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  wf_expect_error (world_refresh (world->session, WF_CAUSE_BY_HAND, &err), WF_ERROR_SERVER_ERROR);
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
  world_assert_note (world, 0, FALSE);
  wf_demo_server_set_fault (world->server, "discovery", NULL);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_assert_refreshed (world, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/answers/refused/invalid-grant", test_invalid_grant);
  g_test_add_func ("/session/answers/refused/others", test_refused);
  g_test_add_func ("/session/answers/refused/asks-for-more", test_asks_for_more);
  g_test_add_func ("/session/answers/refused/offline", test_offline);
  g_test_add_func ("/session/answers/refused/signed-out", test_signed_out);
  g_test_add_func ("/session/answers/refused/no-refresh-token", test_no_refresh_token);
  g_test_add_func ("/session/answers/refused/discovery-down", test_discovery_down);
  g_test_add_func ("/session/answers/lost/without-leeway", test_lost_without_leeway);
  g_test_add_func ("/session/answers/lost/then-leeway", test_lost_then_leeway);
  g_test_add_func ("/session/answers/lost/twice", test_lost_answers);
  g_test_add_func ("/session/answers/lost/once-with-leeway", test_lost_once_with_leeway);
  g_test_add_func ("/session/answers/lost/between-refusals", test_lost_between_refusals);
  g_test_add_func ("/session/answers/lost/without-rotation", test_lost_without_rotation);
  g_test_add_func ("/session/answers/lost/broken-answer", test_broken_answer);
  g_test_add_func ("/session/answers/id-token/forged", test_forged);
  g_test_add_func ("/session/answers/id-token/stored-before-keys", test_stored_before_keys);
  g_test_add_func ("/session/answers/id-token/stored-before-new-key", test_stored_before_new_key);
  g_test_add_func ("/session/answers/id-token/kept-without-keys", test_kept_without_keys);

  return g_test_run ();
}
