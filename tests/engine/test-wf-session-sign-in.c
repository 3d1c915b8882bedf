/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"
#include "wf-json.h"
#include "wf-uri.h"

/* --- helpers --- */

static void
assert_signed_in (World *world)
{
  WfTokenSet *tokens = wf_session_get_tokens (world->session);
  g_autoptr (WfTokenSet) item = world_read_item (world);

  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_null (wf_session_get_activity (world->session));
  g_assert_cmpuint (tokens->generation, ==, 1);
  g_assert_nonnull (tokens->subject);
  g_assert_cmpint (tokens->id_token_verdict, ==, WF_JWS_VERIFIED);
  g_assert_true (wf_secret_equal (item->refresh_token, tokens->refresh_token));
  g_assert_cmpstr (item->issuer, ==, world->account->issuer);
  g_assert_cmpstr (item->client_id, ==, world->account->client_id);
  g_assert_cmpstr (item->subject, ==, tokens->subject);
  g_assert_null (item->error_name);
}

static char *
replace_parameter (const char *redirect,
                   const char *name,
                   const char *value)
{
  const char *query = strchr (redirect, '?');
  g_autofree char *base = g_strndup (redirect, query - redirect);
  g_autoptr (WfForm) form = wf_form_decode (query + 1, 20, NULL);
  g_autoptr (WfForm) changed = wf_form_new ();
  g_autofree char *encoded = NULL;

  for (guint i = 0; i < wf_form_get_length (form); i++)
    if (!g_str_equal (wf_form_get_name (form, i), name))
      wf_form_add (changed, wf_form_get_name (form, i), wf_form_get_value (form, i));
  if (value)
    wf_form_add (changed, name, value);
  encoded = wf_form_encode (changed);
  return g_strconcat (base, "?", encoded, NULL);
}

/* Returns: (transfer full): what a provider answers that refuses */
static char *
make_refusal (WfAuthorizationRequest *request,
              const char             *name)
{
  return g_strdup_printf ("%s?error=%s&error_description=So+it+is.&state=%s&iss=%s",
                          wf_authorization_request_get_redirect_uri (request), name,
                          wf_authorization_request_get_state (request), wf_authorization_request_get_issuer (request));
}

static void
assert_persisted (World      *world,
                  const char *name)
{
  g_autofree char *message = g_strdup (wf_session_get_last_error (world->session)->message);

  assert_error_name (wf_session_get_last_error (world->session), name);
  world_restart (world);
  wf_expect_ok (world_load (world->session, &err));
  assert_error_name (wf_session_get_last_error (world->session), name);
  g_assert_cmpstr (wf_session_get_last_error (world->session)->message, ==, message);
}

/* --- going well --- */

static void
test_whole (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfFlow) flow = NULL;
  g_autofree char *redirect = NULL;
  NotifyCounter states;

  notify_counter_begin (&states, world->session, "state");
  g_assert_false (wf_session_get_loaded (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  request = world_begin (world->session, NULL);
  g_assert_nonnull (request);
  g_assert_true (wf_session_get_loaded (world->session));
  g_assert_cmpstr (world_state (world), ==, "signing-in");
  g_assert_cmpstr (wf_authorization_request_get_redirect_uri (request), ==, WF_REDIRECT_URI_WINDOW);
  redirect = world_approve (world, request);
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  assert_signed_in (world);
  g_assert_cmpuint (states.count, ==, 2);
  g_assert_nonnull (wf_session_get_checks (world->session));
  g_assert_cmpint (wf_session_get_verification (world->session)->verdict, ==, WF_JWS_VERIFIED);
  flow = g_list_model_get_item (wf_session_get_flows (world->session), 0);
  g_assert_false (wf_flow_get_failed (flow));
  g_assert_cmpuint (wf_flow_get_n_steps (flow), >=, 8);
}

static void
test_restart (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  world_sign_in (world);
  wf_demo_server_reset_counts (world->server);
  world_restart (world);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  wf_expect_ok (world_load (world->session, &err));
  assert_signed_in (world);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
}

static void
test_again (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *first = NULL;

  world_sign_in (world);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  first = g_strdup (world_refresh_token (world->session));
  world_sign_in (world);
  assert_signed_in (world);
  g_assert_cmpstr (first, !=, world_refresh_token (world->session));
}

static void
test_confidential (void)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);
  g_autoptr (WfTokenSet) item = NULL;

  world_sign_in (world);
  assert_signed_in (world);
  item = world_read_item (world);
  g_assert_cmpstr (secret_value_get_text (item->client_secret), ==, wf_demo_server_get_client_secret (world->server));
}

static void
drop_members (const char *what,
              JsonObject *object,
              gpointer    user_data)
{
  const char *const *members = user_data;

  for (guint i = 0; g_str_equal (what, "token") && members[i]; i++)
    json_object_remove_member (object, members[i]);
}

/* RFC 6749 §5.1: each of them is optional, and unknown is not zero */
static void
test_bare_answer (void)
{
  static const char *const members[] = { "expires_in", "scope", "id_token", "refresh_token", "refresh_expires_in", NULL };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  const WfAccessToken *access;

  wf_demo_server_set_filter (world->server, drop_members, (gpointer) members, NULL);
  world_sign_in (world);
  access = wf_token_set_get_access_token (wf_session_get_tokens (world->session), NULL);
  g_assert_cmpint (access->expires_at, ==, WF_TIME_UNKNOWN);
  g_assert_null (access->scope);
  g_assert_null (wf_session_get_tokens (world->session)->subject);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  world_advance (world, 10 * 365 * 86400);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- once --- */

static void
test_second_completion (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);

  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  wf_expect_error (world_complete (world->session, request, redirect, &err), WF_ERROR_STATE_MISMATCH);
  assert_signed_in (world);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 1);
}

static void
test_completed_at_once (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;

  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &first);
  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &second);
  wf_await (&first);
  wf_await (&second);
  wf_expect_ok (wf_session_complete_sign_in_finish (world->session, first, &err));
  wf_expect_error (wf_session_complete_sign_in_finish (world->session, second, &err), WF_ERROR_STATE_MISMATCH);
  assert_signed_in (world);
}

static void
test_replaced_request (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) old = world_begin (world->session, NULL);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *old_redirect = world_approve (world, old);
  g_autofree char *redirect = world_approve (world, request);

  wf_expect_error (world_complete (world->session, old, old_redirect, &err), WF_ERROR_STATE_MISMATCH);
  g_assert_cmpstr (world_state (world), ==, "signing-in");
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  assert_signed_in (world);
}

/* --- refused --- */

static void
test_wrong_state (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autofree char *forged = replace_parameter (redirect, "state", "other");

  wf_expect_error (world_complete (world->session, request, forged, &err), WF_ERROR_STATE_MISMATCH);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  /* and the request is spent */
  wf_expect_error (world_complete (world->session, request, redirect, &err), WF_ERROR_STATE_MISMATCH);
  g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
  assert_persisted (world, "state_mismatch");
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

static void
test_wrong_issuer (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  const char *const values[] = { "https://evil.example.org", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
      g_autofree char *redirect = world_approve (world, request);
      g_autofree char *forged = replace_parameter (redirect, "iss", values[i]);

      wf_expect_error (world_complete (world->session, request, forged, &err), WF_ERROR_ISSUER_MISMATCH);
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, 0);
    }
}

static void
test_denied (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *refusal = make_refusal (request, "access_denied");
  g_autoptr (GError) error = NULL;
  g_autoptr (WfFlow) flow = NULL;

  g_assert_false (world_complete (world->session, request, refusal, &error));
  assert_error_name (error, "access_denied");
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_nonnull (strstr (error->message, "So it is."));
  flow = g_list_model_get_item (wf_session_get_flows (world->session), 0);
  g_assert_true (wf_flow_get_failed (flow));
  assert_persisted (world, "access_denied");
}

/* Whatever a sign-in comes to, the tokens that are there stay as good as they were. */
static void
test_failure_disturbs_nothing (void)
{
  g_autoptr (World) world = world_new (WORLD_AUTOMATIC);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfTokenSet) before = NULL;
  g_autoptr (WfTokenSet) after = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next;

  world_sign_in (world);
  before = world_read_item (world);
  next = wf_session_get_next_refresh (world->session);
  g_assert_cmpint (next, !=, WF_TIME_UNKNOWN);
  request = world_begin (world->session, NULL);
  refusal = make_refusal (request, "login_required");
  g_assert_false (world_complete (world->session, request, refusal, &error));
  assert_error_name (error, "login_required");
  g_assert_cmpint (wf_error_get_class (error), ==, WF_ERROR_CLASS_SIGN_IN);
  after = world_read_item (world);
  g_assert_true (wf_secret_equal (before->refresh_token, after->refresh_token));
  g_assert_cmpuint (after->access_tokens->len, ==, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, next);
  assert_persisted (world, "login_required");
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, next);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_no_error (wf_session_get_last_error (world->session));
}

/* A refresh token that was refused before stays refused, and an expired session stays one. */
static void
test_failure_after_expiry (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (GError) error = NULL;

  world_sign_in (world);
  world_advance (world, 7200);
  g_assert_cmpstr (world_state (world), ==, "expired");
  request = world_begin (world->session, NULL);
  refusal = make_refusal (request, "interaction_required");
  g_assert_false (world_complete (world->session, request, refusal, &error));
  g_assert_cmpstr (world_state (world), ==, "expired");
}

static void
expect_bad_id_token (WfDemoFilter filter,
                     WfError      code)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, filter, NULL, NULL);
  wf_expect_error (world_try_sign_in (world, world->session, &err), code);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (world_refresh_token (world->session));
  wf_demo_server_set_filter (world->server, NULL, NULL, NULL);
  world_sign_in (world);
  assert_signed_in (world);
}

static void
change_nonce (const char *what,
              JsonObject *object,
              gpointer    user_data)
{
  if (g_str_equal (what, "id_token"))
    json_object_set_string_member (object, "nonce", "other");
}

static void
change_audience (const char *what,
                 JsonObject *object,
                 gpointer    user_data)
{
  if (g_str_equal (what, "id_token"))
    json_object_set_string_member (object, "aud", "another-client");
}

static void
spoil_signature (const char *what,
                 JsonObject *object,
                 gpointer    user_data)
{
  g_autofree char *token = NULL;
  char *middle;

  if (!g_str_equal (what, "token"))
    return;
  token = g_strdup (json_object_get_string_member (object, "id_token"));
  middle = strrchr (token, '.') + 20;
  *middle = *middle == 'A' ? 'B' : 'A';
  json_object_set_string_member (object, "id_token", token);
}

static void
spoil_id_token (const char *what,
                JsonObject *object,
                gpointer    user_data)
{
  if (g_str_equal (what, "token"))
    json_object_set_string_member (object, "id_token", "nonsense");
}

static void
test_bad_id_tokens (void)
{
  expect_bad_id_token (change_nonce, WF_ERROR_NONCE_MISMATCH);
  expect_bad_id_token (change_audience, WF_ERROR_ID_TOKEN_INVALID);
  expect_bad_id_token (spoil_signature, WF_ERROR_SIGNATURE_INVALID);
  expect_bad_id_token (spoil_id_token, WF_ERROR_ID_TOKEN_INVALID);
}

static void
test_server_fails (void)
{
  const WfDemoFault faults[] = {
    { .status = 503, .body = "{}" },
    { .drop = TRUE },
    { .body = "<html>", .content_type = "text/html" },
    { .status = 302, .headers = "Location: /", .body = "" },
  };
  const WfError codes[] = { WF_ERROR_SERVER_ERROR, WF_ERROR_OFFLINE, WF_ERROR_UNEXPECTED_CONTENT_TYPE, WF_ERROR_REDIRECT_REFUSED };
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      wf_demo_server_set_fault (world->server, "token", &faults[i]);
      wf_expect_error (world_try_sign_in (world, world->session, &err), codes[i]);
      g_assert_cmpuint (wf_demo_server_count (world->server, "token"), ==, i + 1);
      g_assert_cmpstr (world_state (world), ==, "signed-out");
    }
}

/* --- beginning --- */

static void
change_issuer (const char *what,
               JsonObject *object,
               gpointer    user_data)
{
  if (g_str_equal (what, "discovery"))
    json_object_set_string_member (object, "issuer", "https://evil.example.org");
}

static void
test_begin_mismatch (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_demo_server_set_filter (world->server, change_issuer, NULL, NULL);
  wf_expect_error (world_begin (world->session, &err), WF_ERROR_DISCOVERY_MISMATCH);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_null (wf_session_get_activity (world->session));
  assert_persisted (world, "discovery_mismatch");
}

static void
test_begin_without_secret (void)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);

  wf_test_vault_put (world->vault, world->account->id, NULL);
  wf_expect_error (world_begin (world->session, &err), WF_ERROR_USAGE);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
}

/* The secret is in the keyring, which nobody has read yet: the refresh that is under way must not hide that. */
static void
test_begin_before_loaded (void)
{
  g_autoptr (World) world = world_new (WORLD_CONFIDENTIAL);
  g_autoptr (GAsyncResult) refreshed = NULL;
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, NULL, NULL, wf_await_cb, &refreshed);
  request = world_begin (world->session, &error);
  g_assert_no_error (error);
  g_assert_nonnull (request);
  wf_await (&refreshed);
  wf_expect_error (wf_session_refresh_finish (world->session, refreshed, &err), WF_ERROR_NEEDS_SIGN_IN);
}

static void
on_cancelled_begin (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = user_data;

  g_assert_null (wf_session_begin_sign_in_finish (WF_SESSION (source), result, &error));
  assert_error_name (error, "cancelled");
  *done = TRUE;
}

static void
test_begin_cancelled (void)
{
  const WfDemoFault slow = { .delay = 60000 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  wf_demo_server_set_fault (world->server, "discovery", &slow);
  wf_session_begin_sign_in_async (world->session, NULL, cancellable, on_cancelled_begin, &done);
  world_wait_for (wf_demo_server_count (world->server, "discovery") == 1);
  g_cancellable_cancel (cancellable);
  /* at once, although others may go on waiting for the document */
  world_wait_for (done);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_null (wf_session_get_activity (world->session));
  /* the document is still on its way; it is let go with its server */
  wf_demo_server_stop (world->server);
  world_settle (world);
}

static void
on_signing_in_cancel (WfSession    *session,
                      GParamSpec   *pspec,
                      GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Cancelled too late: a request that is pending is handed out, and nothing is left under way that nobody has. */
static void
test_begin_cancelled_late (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfAuthorizationRequest) request = NULL;
  gulong handler = g_signal_connect (world->session, "notify::state", G_CALLBACK (on_signing_in_cancel), cancellable);

  wf_session_begin_sign_in_async (world->session, NULL, cancellable, wf_await_cb, &result);
  wf_await (&result);
  request = wf_session_begin_sign_in_finish (world->session, result, NULL);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_nonnull (request);
  g_assert_cmpstr (world_state (world), ==, "signing-in");
  g_signal_handler_disconnect (world->session, handler);
  wf_session_cancel_sign_in (world->session, NULL);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

static void
test_begin_and_sign_out (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (WfSignOutReport) report = NULL;

  wf_demo_server_set_fault (world->server, "discovery", &slow);
  wf_session_begin_sign_in_async (world->session, NULL, NULL, wf_await_cb, &begun);
  world_wait_for (wf_demo_server_count (world->server, "discovery") == 1);
  report = world_sign_out (world->session, TRUE, NULL);
  wf_await (&begun);
  wf_expect_error (wf_session_begin_sign_in_finish (world->session, begun, &err), WF_ERROR_CANCELLED);
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

/* --- cancelled --- */

static void
test_cancel_pending (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autoptr (WfAuthorizationRequest) other = NULL;
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (GError) cancelled = g_error_new (WF_ERROR, WF_ERROR_CANCELLED, "Closed.");
  g_autoptr (GError) failed = g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR, "No safe connection.");

  wf_session_cancel_sign_in (world->session, cancelled);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  wf_expect_error (world_complete (world->session, request, redirect, &err), WF_ERROR_STATE_MISMATCH);
  /* a second time there is nothing to cancel */
  wf_session_cancel_sign_in (world->session, failed);
  g_assert_no_error (wf_session_get_last_error (world->session));

  other = world_begin (world->session, NULL);
  wf_session_cancel_sign_in (world->session, failed);
  assert_error_name (wf_session_get_last_error (world->session), "tls_error");
  world_wait_for (wf_test_vault_get_n_items (world->vault) == 1);
  wf_await_nothing ();
  assert_persisted (world, "tls_error");
}

static void
test_cancel_exchange (void)
{
  const WfDemoFault slow = { .delay = 60000 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  wf_demo_server_set_fault (world->server, "token", &slow);
  wf_session_complete_sign_in_async (world->session, request, redirect, cancellable, wf_await_cb, &result);
  world_wait_for (wf_demo_server_count (world->server, "token") == 1);
  g_assert_cmpstr (world_state (world), ==, "signing-in");
  g_assert_nonnull (wf_session_get_activity (world->session));
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  wf_expect_error (wf_session_complete_sign_in_finish (world->session, result, &err), WF_ERROR_CANCELLED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

/* --- things that happen meanwhile --- */

static void
test_during_refresh (void)
{
  const WfDemoFault slow = { .delay = 100, .times = 1 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GAsyncResult) refreshed = NULL;
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autofree char *redirect = NULL;

  world_sign_in (world);
  wf_demo_server_set_fault (world->server, "token", &slow);
  wf_session_refresh_async (world->session, WF_CAUSE_BY_HAND, NULL, NULL, wf_await_cb, &refreshed);
  world_wait_for (wf_demo_server_count_grant (world->server, "refresh_token") == 1);
  request = world_begin (world->session, NULL);
  g_assert_nonnull (request);
  redirect = world_approve (world, request);
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  wf_await (&refreshed);
  wf_expect_ok (wf_session_refresh_finish (world->session, refreshed, &err));
  /* generation 1: the sign-in came last */
  assert_signed_in (world);
  wf_expect_ok (world_refresh (world->session, WF_CAUSE_BY_HAND, &err));
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

/* A refresh that was asked for while a sign-in was under way has nothing left to do. */
static void
test_refresh_during_sign_in (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autofree char *redirect = NULL;
  g_autoptr (GAsyncResult) completed = NULL;
  g_autoptr (GAsyncResult) refreshed = NULL;

  world_sign_in (world);
  request = world_begin (world->session, NULL);
  redirect = world_approve (world, request);
  wf_test_vault_hold (world->vault, WF_TEST_VAULT_STORE, 0);
  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &completed);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  wf_session_refresh_async (world->session, WF_CAUSE_SCHEDULE, NULL, NULL, wf_await_cb, &refreshed);
  world_settle (world);
  wf_test_vault_release (world->vault);
  wf_await (&completed);
  wf_await (&refreshed);
  wf_expect_ok (wf_session_complete_sign_in_finish (world->session, completed, &err));
  wf_expect_ok (wf_session_refresh_finish (world->session, refreshed, &err));
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpuint (wf_demo_server_get_reuse_count (world->server), ==, 0);
}

static void
test_renamed_meanwhile (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (WfAccount) renamed = wf_account_copy (world->account);

  wf_account_set (&renamed->name, "Home");
  wf_session_set_account (world->session, renamed, world->provider);
  g_assert_cmpstr (world_state (world), ==, "signing-in");
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  assert_signed_in (world);
}

static void
test_another_client_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);
  g_autoptr (GAsyncResult) completed = NULL;

  wf_demo_server_set_fault (world->server, "token", &slow);
  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &completed);
  world_wait_for (wf_demo_server_count (world->server, "token") == 1);
  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  wf_await (&completed);
  wf_expect_error (wf_session_complete_sign_in_finish (world->session, completed, &err), WF_ERROR_CANCELLED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

static void
test_another_client_while_pending (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);

  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  wf_expect_error (world_complete (world->session, request, redirect, &err), WF_ERROR_STATE_MISMATCH);
}

/* Even the tokens that were being written are not taken for the new client's. */
static void
test_another_client_while_storing (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);
  g_autoptr (GAsyncResult) completed = NULL;

  wf_test_vault_hold (world->vault, WF_TEST_VAULT_STORE, 0);
  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &completed);
  world_wait_for (wf_test_vault_get_n_held (world->vault) == 1);
  wf_account_set (&edited->client_id, "another-client");
  wf_session_set_account (world->session, edited, world->provider);
  wf_test_vault_release (world->vault);
  wf_await (&completed);
  wf_expect_error (wf_session_complete_sign_in_finish (world->session, completed, &err), WF_ERROR_CANCELLED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  wf_expect_ok (world_load (world->session, &err));
  g_assert_cmpstr (world_state (world), ==, "signed-out");
}

static void
test_sign_out_meanwhile (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (GAsyncResult) completed = NULL;
  g_autoptr (WfSignOutReport) report = NULL;

  wf_demo_server_set_fault (world->server, "token", &slow);
  wf_session_complete_sign_in_async (world->session, request, redirect, NULL, wf_await_cb, &completed);
  world_wait_for (wf_demo_server_count (world->server, "token") == 1);
  report = world_sign_out (world->session, TRUE, NULL);
  g_assert_cmpint (report->keyring, ==, WF_STEP_DONE);
  wf_await (&completed);
  wf_expect_error (wf_session_complete_sign_in_finish (world->session, completed, &err), WF_ERROR_CANCELLED);
  g_assert_cmpstr (world_state (world), ==, "signed-out");
  g_assert_cmpuint (wf_test_vault_get_n_items (world->vault), ==, 0);
}

/* What was read before a sign-in is older than what came by it. */
static void
test_load_overtaken (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);
  g_autofree char *redirect = world_approve (world, request);
  g_autoptr (GAsyncResult) loaded = NULL;

  wf_test_vault_hold_answer (world->vault, WF_TEST_VAULT_LOAD, 0);
  wf_session_load_async (world->session, NULL, wf_await_cb, &loaded);
  g_assert_cmpuint (wf_test_vault_get_n_held (world->vault), ==, 1);
  wf_expect_ok (world_complete (world->session, request, redirect, &err));
  wf_test_vault_release (world->vault);
  wf_await (&loaded);
  wf_expect_ok (wf_session_load_finish (world->session, loaded, &err));
  assert_signed_in (world);
}

/* --- the clock --- */

/* A computer whose clock is wrong by a day can be signed in with all the same. */
static void
test_wrong_clock (void)
{
  const gint64 errors[] = { 86400, -86400, 30 * G_GINT64_CONSTANT (31556952) };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (World) world = world_new (WORLD_PLAIN);

      wf_test_clock_advance (world->clock, errors[i]);
      world_sign_in (world);
      assert_signed_in (world);
      g_assert_cmpint (ABS (wf_session_get_tokens (world->session)->clock_skew + errors[i]), <=, 30);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/sign-in/whole", test_whole);
  g_test_add_func ("/session/sign-in/restart", test_restart);
  g_test_add_func ("/session/sign-in/again", test_again);
  g_test_add_func ("/session/sign-in/confidential", test_confidential);
  g_test_add_func ("/session/sign-in/bare-answer", test_bare_answer);
  g_test_add_func ("/session/sign-in/second-completion", test_second_completion);
  g_test_add_func ("/session/sign-in/completed-at-once", test_completed_at_once);
  g_test_add_func ("/session/sign-in/replaced-request", test_replaced_request);
  g_test_add_func ("/session/sign-in/wrong-state", test_wrong_state);
  g_test_add_func ("/session/sign-in/wrong-issuer", test_wrong_issuer);
  g_test_add_func ("/session/sign-in/denied", test_denied);
  g_test_add_func ("/session/sign-in/failure-disturbs-nothing", test_failure_disturbs_nothing);
  g_test_add_func ("/session/sign-in/failure-after-expiry", test_failure_after_expiry);
  g_test_add_func ("/session/sign-in/bad-id-tokens", test_bad_id_tokens);
  g_test_add_func ("/session/sign-in/server-fails", test_server_fails);
  g_test_add_func ("/session/sign-in/begin/mismatch", test_begin_mismatch);
  g_test_add_func ("/session/sign-in/begin/without-secret", test_begin_without_secret);
  g_test_add_func ("/session/sign-in/begin/before-loaded", test_begin_before_loaded);
  g_test_add_func ("/session/sign-in/begin/cancelled", test_begin_cancelled);
  g_test_add_func ("/session/sign-in/begin/cancelled-late", test_begin_cancelled_late);
  g_test_add_func ("/session/sign-in/begin/sign-out", test_begin_and_sign_out);
  g_test_add_func ("/session/sign-in/cancel/pending", test_cancel_pending);
  g_test_add_func ("/session/sign-in/cancel/exchange", test_cancel_exchange);
  g_test_add_func ("/session/sign-in/meanwhile/during-refresh", test_during_refresh);
  g_test_add_func ("/session/sign-in/meanwhile/refresh", test_refresh_during_sign_in);
  g_test_add_func ("/session/sign-in/meanwhile/renamed", test_renamed_meanwhile);
  g_test_add_func ("/session/sign-in/meanwhile/another-client", test_another_client_meanwhile);
  g_test_add_func ("/session/sign-in/meanwhile/another-client-pending", test_another_client_while_pending);
  g_test_add_func ("/session/sign-in/meanwhile/another-client-storing", test_another_client_while_storing);
  g_test_add_func ("/session/sign-in/meanwhile/sign-out", test_sign_out_meanwhile);
  g_test_add_func ("/session/sign-in/meanwhile/load", test_load_overtaken);
  g_test_add_func ("/session/sign-in/wrong-clock", test_wrong_clock);

  return g_test_run ();
}
