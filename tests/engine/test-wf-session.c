/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"
#include "wf-json.h"

static const char *
own_token (World *world)
{
  return secret_value_get_text (wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL)->token);
}

/* --- tokens for whoever needs one --- */

static void
test_token_from_item (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSecretValue) token = NULL;
  guint loads;

  world_restart (world);
  loads = wf_test_vault_count (world->vault, WF_TEST_VAULT_LOAD);
  token = world_get_token (world->session, NULL, 60, NULL);
  g_assert_cmpstr (secret_value_get_text (token), ==, own_token (world));
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_LOAD), ==, loads + 1);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
}

static void
test_token_min_ttl (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autofree char *first = g_strdup (own_token (world));
  g_autoptr (WfSecretValue) same = world_get_token (world->session, NULL, 3599, NULL);
  g_autoptr (WfSecretValue) fresh = NULL;
  g_autoptr (WfSecretValue) longest = NULL;

  g_assert_cmpstr (secret_value_get_text (same), ==, first);
  world_advance (world, 1800);
  fresh = world_get_token (world->session, NULL, 1801, NULL);
  g_assert_cmpstr (secret_value_get_text (fresh), !=, first);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  /* a provider that gives an hour gives no more however often it is asked */
  longest = world_get_token (world->session, NULL, 86400, NULL);
  g_assert_nonnull (longest);
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
}

static void
test_token_after_expiry (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSecretValue) token = NULL;

  world_advance (world, 3599);
  token = world_get_token (world->session, NULL, 0, NULL);
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
  g_clear_pointer (&token, secret_value_unref);
  world_advance (world, 1);
  token = world_get_token (world->session, NULL, 0, NULL);
  g_assert_nonnull (token);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
test_token_audience (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSecretValue) own = world_get_token (world->session, NULL, 0, NULL);
  g_autoptr (WfSecretValue) other = world_get_token (world->session, "https://api.example.org", 0, NULL);
  g_autoptr (WfSecretValue) again = world_get_token (world->session, "https://api.example.org", 0, NULL);
  g_autoptr (WfSecretValue) named = world_get_token (world->session, "", 0, NULL);

  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  g_assert_false (wf_secret_equal (own, other));
  g_assert_true (wf_secret_equal (other, again));
  g_assert_true (wf_secret_equal (own, named));
}

/* The account's own audience needs no token of its own. */
static void
test_token_own_audience (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);
  g_autoptr (WfSecretValue) token = NULL;

  wf_account_set (&account->audience, "https://api.example.org");
  world_set_account (world, account);
  world_sign_in (world);
  token = world_get_token (world->session, "https://api.example.org", 60, NULL);
  g_assert_nonnull (token);
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
}

static void
test_token_many_at_once (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GAsyncResult *results[10] = { NULL };

  world_advance (world, 7200);
  world_restart (world);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    wf_session_get_token_async (world->session, NULL, 60, WF_CAUSE_SCRIPT, NULL, wf_await_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (WfSecretValue) token = NULL;

      wf_await (&results[i]);
      token = wf_session_get_token_finish (world->session, results[i], NULL);
      g_assert_cmpstr (secret_value_get_text (token), ==, own_token (world));
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
}

static void
test_token_signed_out (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_error (world_get_token (world->session, NULL, 0, &err), WF_ERROR_NEEDS_SIGN_IN);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

/* A clock that was set back: how much is left of the token is not known any longer. */
static void
test_token_clock_back (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfSecretValue) token = NULL;

  wf_test_clock_advance (world->clock, -86400);
  g_assert_cmpstr (world_state (world), ==, "expired");
  token = world_get_token (world->session, NULL, 0, NULL);
  g_assert_nonnull (token);
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- before a sensitive action --- */

static void
test_before_action (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) careful = wf_account_copy (world->account);
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;

  wf_expect_ok (world_before_action (world->session, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
  careful->refresh_before_sensitive = TRUE;
  wf_session_set_account (world->session, careful, world->provider);
  wf_expect_ok (world_before_action (world->session, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 1);
  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_before_action (world->session, &error));
  assert_error_name (error, "invalid_grant");
  /* where there is nothing to refresh there is nothing to wait for */
  wf_expect_ok (world_before_action (world->session, &err));
  g_assert_cmpuint (world_count_refreshes (world), ==, 2);
}

/* --- the client secret --- */

static void
test_client_secret (void)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);
  g_autoptr (WfTokenSet) item = NULL;

  wf_test_vault_put (world->vault, world->account->id, NULL);
  wf_expect_error (world_begin (world->session, &err), WF_ERROR_USAGE);
  wf_expect_ok (world_set_secret (world->session, wf_demo_server_get_client_secret (world->server), &err));
  world_sign_in (world);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  /* another secret takes its place, and the tokens stay */
  wf_expect_ok (world_set_secret (world->session, "another", &err));
  item = world_read_item (world);
  g_assert_cmpstr (secret_value_get_text (item->client_secret), ==, "another");
  g_assert_nonnull (item->refresh_token);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

static void
test_client_secret_removed (void)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);

  wf_expect_ok (world_set_secret (world->session, NULL, &err));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

/* What cannot be read is not written over, also where the keyring lets itself be opened for the writing. */
static void
test_client_secret_locked (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_MEMORY);
  g_autoptr (WfTokenSet) item = NULL;

  world_restart (world);
  wf_test_vault_fail (world->vault, WF_TEST_VAULT_LOAD, WF_ERROR_KEYRING_LOCKED, 0);
  wf_expect_ok (world_set_secret (world->session, "secret", &err));
  assert_error_name (wf_session_get_keyring_error (world->session), "keyring_locked");
  g_assert_cmpstr (secret_value_get_text (wf_session_get_tokens (world->session)->client_secret), ==, "secret");
  item = world_read_item (world);
  g_assert_nonnull (item->refresh_token);
  g_assert_null (item->client_secret);
}

/* The result is kept, the lock is not. */
static void
test_client_secret_frees_lock (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSecretValue) secret = wf_secret_new ("secret", -1);

  wf_session_set_client_secret_async (world->session, secret, NULL, wf_await_cb, &result);
  wf_await (&result);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
}

/* --- properties --- */

static void
test_notify (void)
{
  static const char *const names[] = {
    "account", "name", "state", "tokens", "metadata", "loaded", "next-refresh", "last-error", "keyring-error", "activity",
  };
  NotifyCounter counters[G_N_ELEMENTS (names)];
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) same = wf_account_copy (world->account);
  g_autoptr (WfAccount) renamed = wf_account_copy (world->account);
  g_autoptr (WfAccount) rescoped = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    notify_counter_begin (&counters[i], world->session, names[i]);
  wf_session_set_account (world->session, same, world->provider);
  wf_session_cancel_sign_in (world->session, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (counters[i].count, ==, 0);

  wf_account_set (&renamed->name, "Home");
  wf_session_set_account (world->session, renamed, world->provider);
  g_assert_cmpuint (counters[0].count, ==, 1);
  g_assert_cmpuint (counters[1].count, ==, 1);
  rescoped = wf_account_copy (renamed);
  wf_account_set (&rescoped->scope, "openid");
  wf_session_set_account (world->session, rescoped, world->provider);
  g_assert_cmpuint (counters[0].count, ==, 2);
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpuint (counters[i].count, ==, i == 1 ? 1 : 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_handler_disconnect (world->session, counters[i].handler);
}

static void
test_properties (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) account = NULL;
  g_autofree char *name = NULL;
  g_autofree char *activity = NULL;
  g_autoptr (WfTokenSet) tokens = NULL;
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) last_error = NULL;
  g_autoptr (GError) keyring_error = NULL;
  g_autoptr (GListModel) flows = NULL;
  WfSessionState state;
  gboolean loaded;
  gint64 next_refresh;

  g_object_get (world->session, "account", &account, "name", &name, "state", &state, "tokens", &tokens, "metadata", &metadata,
                "loaded", &loaded, "next-refresh", &next_refresh, "last-error", &last_error, "keyring-error", &keyring_error,
                "activity", &activity, "flows", &flows, NULL);
  g_assert_true (account == wf_session_get_account (world->session));
  g_assert_cmpstr (name, ==, "Work");
  g_assert_cmpint (state, ==, WF_SESSION_SIGNED_IN);
  g_assert_true (tokens == wf_session_get_tokens (world->session));
  g_assert_true (metadata == wf_session_get_metadata (world->session));
  g_assert_true (loaded);
  g_assert_cmpint (next_refresh, ==, WF_TIME_UNKNOWN);
  g_assert_no_error (last_error);
  g_assert_no_error (keyring_error);
  g_assert_null (activity);
  g_assert_true (flows == wf_session_get_flows (world->session));
  g_assert_true (wf_session_get_clock (world->session) == WF_CLOCK (world->clock));
}

static void
test_another_client (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);

  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (world_refresh_token (world->session));
  /* thought better of it: the item still has what belongs to this client */
  wf_session_set_account (world->session, world->account, world->provider);
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- what is told --- */

static const char *
get_text (JsonObject *object,
          const char *member,
          const char *name)
{
  JsonNode *node = json_object_get_member (json_object_get_object_member (object, member), name);

  return json_node_is_null (node) ? NULL : json_node_get_string (node);
}

static void
test_describe (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (JsonNode) before = wf_session_describe (world->session);
  g_autoptr (JsonNode) after = NULL;
  JsonObject *object = json_node_get_object (before);
  g_autofree char *text = NULL;

  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "signed-out");
  g_assert_false (json_object_get_boolean_member (json_object_get_object_member (object, "access_token"), "present"));
  g_assert_null (get_text (object, "access_token", "format"));
  g_assert_true (json_object_get_null_member (object, "last_error"));
  g_assert_true (json_object_get_null_member (json_object_get_object_member (object, "refresh_token"), "rotates"));

  world_sign_in (world);
  after = wf_session_describe (world->session);
  object = json_node_get_object (after);
  g_assert_cmpstr (json_object_get_string_member (object, "id"), ==, world->account->id);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "Work");
  g_assert_cmpstr (json_object_get_string_member (object, "issuer"), ==, world->account->issuer);
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "signed-in");
  g_assert_cmpstr (get_text (object, "access_token", "format"), ==, "opaque");
  g_assert_nonnull (get_text (object, "access_token", "expires_at"));
  g_assert_cmpstr (get_text (object, "id_token", "algorithm"), ==, "ES256");
  g_assert_true (json_object_get_boolean_member (json_object_get_object_member (object, "id_token"), "verified"));
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "refresh_token"), "generation"), ==, 1);
  /* and no token in it */
  text = json_to_string (after, FALSE);
  g_assert_null (strstr (text, own_token (world)));
  g_assert_null (strstr (text, world_refresh_token (world->session)));
}

static void
on_recorded (WfHistory     *history,
             const WfEvent *event,
             GString       *log)
{
  g_string_append_printf (log, "%s %s %s %u;", wf_event_kind_to_string (event->kind), event->cause, event->result, event->generation);
}

static void
test_history (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (WfSignOutReport) report = NULL;
  g_autoptr (GError) error = NULL;

  world->history = wf_history_new (NULL);
  g_signal_connect (world->history, "recorded", G_CALLBACK (on_recorded), log);
  world_restart (world);
  world_sign_in (world);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_expect_error (world_complete (world->session, NULL, "x:/y", &err), WF_ERROR_STATE_MISMATCH);
  wf_demo_server_revoke_all (world->server);
  g_assert_false (world_refresh (world->session, WF_CAUSE_SCRIPT, &error));
  g_clear_error (&error);
  /* nothing is tried: nothing has happened */
  g_assert_false (world_refresh (world->session, WF_CAUSE_SCRIPT, &error));
  report = world_sign_out (world->session, TRUE, NULL);
  world_wait_for (strstr (log->str, "sign-out") != NULL);
  g_assert_cmpstr (log->str, ==, "sign-in window ok 1;refresh by-hand ok 2;failure script invalid_grant 0;sign-out by-hand ok 0;");
  wf_history_flush (world->history);
}

static void
on_fingerprint (WfHistory     *history,
                const WfEvent *event,
                GPtrArray     *fingerprints)
{
  g_ptr_array_add (fingerprints, g_strdup (event->fingerprint ? event->fingerprint : ""));
}

/* The same refresh token being used twice can be seen; no token can be seen. */
static void
test_fingerprints (WorldFlags flags,
                   gboolean   same)
{
  g_autoptr (World) world = world_new (flags);
  g_autoptr (GPtrArray) fingerprints = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *expected = NULL;
  const char *first;
  const char *second;

  world->history = wf_history_new (NULL);
  g_signal_connect (world->history, "recorded", G_CALLBACK (on_fingerprint), fingerprints);
  world_restart (world);
  world_sign_in (world);
  expected = wf_history_make_fingerprint (world->history, wf_session_get_tokens (world->session)->refresh_token);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  world_wait_for (fingerprints->len == 3);
  first = g_ptr_array_index (fingerprints, 1);
  second = g_ptr_array_index (fingerprints, 2);
  /* a sign-in sends none */
  g_assert_cmpstr (g_ptr_array_index (fingerprints, 0), ==, "");
  g_assert_cmpstr (first, ==, expected);
  g_assert_cmpuint (strlen (second), ==, 16);
  g_assert_true (g_str_equal (first, second) == same);
}

static void
test_fingerprints_rotating (void)
{
  test_fingerprints (WORLD_PLAIN, FALSE);
}

static void
test_fingerprints_kept (void)
{
  test_fingerprints (WORLD_NO_ROTATION, TRUE);
}

/* A redirect URI on loopback does not make it a browser: who is asked for it does. */
static void
test_window_or_browser (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autofree char *redirect = NULL;

  wf_account_set (&account->redirect_uri, WF_REDIRECT_URI_BROWSER);
  world->history = wf_history_new (NULL);
  g_signal_connect (world->history, "recorded", G_CALLBACK (on_recorded), log);
  world_set_account (world, account);
  world_restart (world);
  world_sign_in (world);
  wf_session_begin_sign_in_async (world->session, WF_REDIRECT_URI_BROWSER, NULL, wf_await_cb, &result);
  wf_await (&result);
  request = wf_session_begin_sign_in_finish (world->session, result, NULL);
  g_assert_nonnull (request);
  redirect = world_approve (world, request);
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  world_wait_for (strstr (log->str, "browser") != NULL);
  g_assert_cmpstr (log->str, ==, "sign-in window ok 1;sign-in browser ok 1;");
}

static void
test_flows (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfFlow) newest = NULL;

  for (guint i = 0; i < 25; i++)
    wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (g_list_model_get_n_items (wf_session_get_flows (world->session)), ==, 20);
  newest = g_list_model_get_item (wf_session_get_flows (world->session), 0);
  g_assert_cmpstr (wf_flow_get_title (newest), ==, "Refresh");
}

/* A refresh that begins while the sign-in page is open is recorded beside the sign-in, not in it. */
static void
test_flow_of_sign_in (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (WfFlow) refresh = NULL;
  g_autoptr (WfFlow) sign_in = NULL;
  guint steps;

  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  refresh = g_list_model_get_item (wf_session_get_flows (world->session), 0);
  steps = wf_flow_get_n_steps (refresh);
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  g_assert_cmpuint (wf_flow_get_n_steps (refresh), ==, steps);
  sign_in = g_list_model_get_item (wf_session_get_flows (world->session), 1);
  g_assert_cmpstr (wf_flow_get_title (sign_in), ==, "Sign-in");
  g_assert_cmpuint (wf_flow_get_n_steps (sign_in), >=, 8);
}

/* --- whoever lets go of a session in the middle --- */

typedef void (*Starter) (World *world);

static void
start_load (World *world)
{
  wf_session_load_async (world->session, NULL, NULL, NULL);
}

static void
start_begin (World *world)
{
  wf_session_begin_sign_in_async (world->session, NULL, NULL, NULL, NULL);
}

static void
start_complete (World *world)
{
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);

  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, NULL, NULL);
}

static void
start_refused (World *world)
{
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);

  wf_session_complete_sign_in_async (world->session, request, "io.github.warifu:/callback?state=x", NULL, NULL, NULL);
}

static void
start_refresh (World *world)
{
  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, NULL, NULL, NULL, NULL);
  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, "https://api.example.org", NULL, NULL, NULL);
}

static void
start_token (World *world)
{
  wf_session_get_token_async (world->session, NULL, 86400, WF_CAUSE_SCRIPT, NULL, NULL, NULL);
}

static void
start_sign_out (World *world)
{
  wf_session_sign_out_async (world->session, FALSE, NULL, NULL, NULL);
}

static void
start_userinfo (World *world)
{
  wf_session_get_userinfo_async (world->session, NULL, NULL, NULL);
}

static void
start_secret (World *world)
{
  g_autoptr (WfSecretValue) secret = wf_secret_new ("secret", -1);

  wf_session_set_client_secret_async (world->session, secret, NULL, NULL, NULL);
}

static void
start_cancel (World *world)
{
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autoptr (GError) error = g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR, "No safe connection.");

  wf_session_cancel_sign_in (world->session, error);
}

static const Starter starters[] = {
  start_load, start_begin, start_complete, start_refused, start_refresh, start_token, start_sign_out, start_userinfo,
  start_secret, start_cancel,
};

/* Each operation holds what it needs and lets go of it at its end: with all of them at once, the server going away in
 * the middle, and nobody who takes the answers. */
static void
test_let_go (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (starters); i++)
    for (guint rounds = 0; rounds < 12; rounds += 3)
      {
        g_autoptr (World) world = world_new_signed_in (WORLD_AUTOMATIC);
        gpointer weak = world->session;

        starters[i] (world);
        for (guint round = 0; round < rounds; round++)
          g_main_context_iteration (NULL, FALSE);
        if (rounds == 9)
          wf_demo_server_stop (world->server);
        g_object_add_weak_pointer (weak, &weak);
        g_clear_object (&world->session);
        world_wait_for (weak == NULL);
      }
}

static void
test_all_at_once (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_AUTOMATIC);
  gpointer weak = world->session;

  for (guint i = 0; i < G_N_ELEMENTS (starters); i++)
    starters[i] (world);
  wf_session_retire (world->session);
  g_object_add_weak_pointer (weak, &weak);
  g_clear_object (&world->session);
  world_wait_for (weak == NULL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/token/from-item", test_token_from_item);
  g_test_add_func ("/session/token/min-ttl", test_token_min_ttl);
  g_test_add_func ("/session/token/after-expiry", test_token_after_expiry);
  g_test_add_func ("/session/token/audience", test_token_audience);
  g_test_add_func ("/session/token/own-audience", test_token_own_audience);
  g_test_add_func ("/session/token/many-at-once", test_token_many_at_once);
  g_test_add_func ("/session/token/signed-out", test_token_signed_out);
  g_test_add_func ("/session/token/clock-back", test_token_clock_back);
  g_test_add_func ("/session/before-action", test_before_action);
  g_test_add_func ("/session/client-secret/whole", test_client_secret);
  g_test_add_func ("/session/client-secret/removed", test_client_secret_removed);
  g_test_add_func ("/session/client-secret/locked", test_client_secret_locked);
  g_test_add_func ("/session/client-secret/frees-lock", test_client_secret_frees_lock);
  g_test_add_func ("/session/properties/notify", test_notify);
  g_test_add_func ("/session/properties/values", test_properties);
  g_test_add_func ("/session/properties/another-client", test_another_client);
  g_test_add_func ("/session/describe", test_describe);
  g_test_add_func ("/session/history", test_history);
  g_test_add_func ("/session/fingerprints/rotating", test_fingerprints_rotating);
  g_test_add_func ("/session/fingerprints/kept", test_fingerprints_kept);
  g_test_add_func ("/session/window-or-browser", test_window_or_browser);
  g_test_add_func ("/session/flows/bounded", test_flows);
  g_test_add_func ("/session/flows/sign-in", test_flow_of_sign_in);
  g_test_add_func ("/session/life/let-go", test_let_go);
  g_test_add_func ("/session/life/all-at-once", test_all_at_once);

  return g_test_run ();
}
