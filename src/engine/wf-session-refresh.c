/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-refresh-note.h"
#include "wf-token-request.h"

/* One refresh, on the road of the house: gate -> lock -> item -> note -> request -> response ->
 * verification -> item.
 * Whoever asks while it is under way waits for it. */
typedef struct
{
  WfSession          *session;
  WfRefreshCause      cause;
  char               *audience; /* nullable */
  WfTokenSet         *seen;     /* what was known before the lock was taken */
  WfTokenSet         *set;      /* what the item holds, and will hold */
  WfGate             *gate;
  gboolean            passed;   /* the gate */
  WfAccountLock      *lock;
  WfProviderMetadata *metadata;
  WfTokenResponse    *response;
  WfJwt              *id_token; /* of the response; NULL where it has none that can be read */
  WfFlow             *flow;
  GCancellable       *cancellable;
  GError             *failure; /* what to tell once the item is written */
  gint64              clock_skew;
  gint64              retry_after;
  gint64              started_at;
  guint               epoch;
  gboolean            provisional; /* the new refresh token is stored, the rest waits for keys */
  SecretValue        *sent;        /* nullable: the refresh token of the request */
  SecretValue        *replaced;    /* then: the refresh token that it replaced, */
  gint64              replaced_at; /* and when that one was issued */
  gboolean            is_news;     /* it was tried: a thing for the history, and for the person where it failed */
} Refresh;

/* What somebody asked for: the data of the GTask that waits for it. */
typedef struct
{
  WfRefreshCause cause;
  char          *audience; /* nullable */
  guint          epoch;
} Ask;

static void begin_next (WfSession *self);

static void
ask_free (Ask *ask)
{
  g_free (ask->audience);
  g_free (ask);
}

static void
refresh_free (Refresh *refresh)
{
  g_clear_pointer (&refresh->seen, wf_token_set_unref);
  g_clear_pointer (&refresh->set, wf_token_set_unref);
  g_clear_pointer (&refresh->lock, wf_account_lock_free);
  if (refresh->passed)
    wf_gate_leave (refresh->gate);
  g_clear_pointer (&refresh->gate, wf_gate_unref);
  g_clear_pointer (&refresh->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&refresh->response, wf_token_response_unref);
  g_clear_pointer (&refresh->id_token, wf_jwt_unref);
  g_clear_object (&refresh->flow);
  g_clear_object (&refresh->cancellable);
  g_clear_error (&refresh->failure);
  g_clear_pointer (&refresh->sent, secret_value_unref);
  g_clear_pointer (&refresh->replaced, secret_value_unref);
  g_free (refresh->audience);
  g_object_unref (refresh->session);
  g_free (refresh);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Refresh, refresh_free)

/* --- the end of a refresh --- */

static void
note_outcome (WfSession    *self,
              Refresh      *refresh,
              const GError *error)
{
  if (error)
    {
      self->failures++;
      self->failed_at = wf_session_now (self);
      self->retry_after = refresh->retry_after;
      return;
    }
  self->failures = 0;
  self->failed_at = WF_TIME_UNKNOWN;
  self->retry_after = -1;
}

static void
tell_outcome (WfSession    *self,
              Refresh      *refresh,
              const GError *error)
{
  note_outcome (self, refresh, error);
  /* the keyring's errors tell themselves, and do not say that what was wrong before is right now */
  if (!error)
    wf_session_set_last_error (self, NULL);
  else if (refresh->is_news && !wf_session_is_keyring_error (error))
    wf_session_set_last_error (self, error);
  if (refresh->is_news)
    wf_session_record (self, error ? WF_EVENT_FAILURE : WF_EVENT_REFRESH,
                       wf_refresh_cause_to_string (refresh->cause), error, refresh->started_at, refresh->sent);
}

static gboolean
waits_for (GTask   *task,
           gpointer user_data)
{
  const Ask *ask = g_task_get_task_data (task);
  const Refresh *refresh = user_data;
  gboolean is_overtaken = refresh->epoch != refresh->session->epoch;

  return ask->epoch <= refresh->epoch && (is_overtaken || g_strcmp0 (ask->audience, refresh->audience) == 0);
}

/* Answers everybody who waits for this. Those who ask for another audience come next, and so do those who asked after
 * the sign-out or the edit that has overtaken this refresh. */
static void
finish (Refresh      *refresh,
        const GError *error)
{
  g_autoptr (Refresh) owned = refresh;
  WfSession *self = refresh->session;
  g_autoptr (GPtrArray) waiters = wf_waiters_take (self->refresh_waiters, waits_for, refresh);

  if (refresh->epoch == self->epoch)
    tell_outcome (self, refresh, error);
  self->refreshing = FALSE;
  g_clear_object (&self->refresh_cancellable);
  g_clear_pointer (&refresh->lock, wf_account_lock_free);
  wf_session_set_activity (self, NULL);
  wf_session_update (self);
  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
  if (!self->refreshing && wf_waiters_peek (self->refresh_waiters))
    begin_next (self);
}

static void
fail (Refresh *refresh,
      GError  *error)
{
  g_autoptr (GError) owned = error;

  wf_flow_add (refresh->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("The refresh failed"), error->message, TRUE,
               wf_clock_now_us (refresh->session->clock), NULL);
  finish (refresh, error);
}

/* Returns: whether a sign-out or an edit has overtaken this refresh; then it is over and what came is dropped. */
static gboolean
drop_if_overtaken (Refresh *refresh)
{
  if (refresh->epoch == refresh->session->epoch)
    return FALSE;
  fail (refresh, g_error_new_literal (WF_ERROR, WF_ERROR_CANCELLED,
                                      _("The account was changed or signed out meanwhile, so the answer was dropped.")));
  return TRUE;
}

/* --- after the answer: writing what is known now --- */

static void
on_failure_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Refresh *refresh = user_data;
  g_autoptr (GError) keyring_error = NULL;

  /* the failure itself is what the person should know; the keyring's state shows by itself */
  wf_session_write_finish (WF_SESSION (source), result, &keyring_error);
  fail (refresh, g_steal_pointer (&refresh->failure));
}

/* Ends a refresh that failed, after the item says so. */
static void
fail_and_write (Refresh *refresh,
                GError  *error)
{
  refresh->retry_after = wf_error_get_retry_after (error);
  refresh->failure = error;
  wf_session_note_error (refresh->session, refresh->set, error);
  wf_session_write_async (refresh->session, refresh->set, WF_WRITE_DEFAULT, on_failure_written, refresh);
}

/* The keyring is not written again and again while the network is down. */
static void
fail_before_sending (Refresh *refresh,
                     GError  *error)
{
  const WfTokenSet *set = refresh->set;

  if (g_strcmp0 (set->error_name, wf_error_get_name (error)) != 0 ||
      g_strcmp0 (set->error_description, error->message) != 0)
    {
      fail_and_write (refresh, error);
      return;
    }
  refresh->retry_after = wf_error_get_retry_after (error);
  fail (refresh, error);
}

/* Nothing was sent, or nothing was done with it: only what was sent before may still be unanswered. */
static void
take_note_back (WfTokenSet *set)
{
  if (set->refresh_attempts > 0)
    set->refresh_attempts--;
  set->refresh_started_at = WF_TIME_UNKNOWN;
}

static void
clear_note (WfTokenSet *set)
{
  set->refresh_started_at = WF_TIME_UNKNOWN;
  set->refresh_attempts = 0;
  set->refresh_lost = FALSE;
}

static void
on_refreshed_written (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = WF_SESSION (source);
  GError *error = NULL;

  if (!wf_session_write_finish (self, result, &error))
    {
      fail (refresh, error);
      return;
    }
  wf_flow_add (refresh->flow, WF_LANE_WARIFU, WF_LANE_WARIFU,
               self->memory_only ? _("Tokens kept in memory only") : _("Tokens stored in the keyring"),
               NULL, FALSE, wf_clock_now_us (self->clock), NULL);
  finish (refresh, NULL);
}

/* Returns: whether the ID token was found wrong, and not merely impossible to check just now. */
static gboolean
is_verdict (WfSession    *self,
            const GError *error)
{
  if (g_error_matches (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID))
    return self->verification && self->verification->verdict == WF_JWS_INVALID;
  return g_error_matches (error, WF_ERROR, WF_ERROR_ID_TOKEN_INVALID) ||
         g_error_matches (error, WF_ERROR, WF_ERROR_NONCE_MISMATCH);
}

/* Tokens that come with a forged or foreign ID token are not used (OpenID Connect Core 1.0 §12.2), a refresh token that
 * was stored before the check neither. Where only the keys could not be had, it stays. */
static void
reject_response (Refresh *refresh,
                 GError  *error)
{
  WfTokenSet *set = refresh->set;

  if (refresh->provisional && is_verdict (refresh->session, error))
    {
      wf_secret_set (&set->refresh_token, refresh->replaced);
      set->refresh_issued_at = refresh->replaced_at;
      set->generation--;
    }
  clear_note (set);
  fail_and_write (refresh, error);
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = WF_SESSION (source);
  g_autoptr (WfVerifyResult) verified = NULL;
  gint64 now = wf_session_now (self);
  GError *error = NULL;

  verified = wf_session_verify_finish (self, result, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!verified)
    {
      reject_response (refresh, error);
      return;
    }
  wf_token_set_apply (refresh->set, refresh->response, refresh->audience, FALSE, now);
  wf_session_apply_verification (refresh->set, verified, now);
  refresh->set->clock_skew = refresh->clock_skew;
  wf_session_write_async (self, refresh->set, WF_WRITE_READ_BACK, on_refreshed_written, refresh);
}

static void
verify (Refresh *refresh)
{
  WfVerifyInput input = {
    .metadata = refresh->metadata,
    .response = refresh->response,
    .id_token = refresh->id_token,
    .previous_subject = refresh->set->subject,
    .client_secret = refresh->set->client_secret,
    .clock_skew = refresh->clock_skew,
    .flow = refresh->flow,
  };

  wf_session_verify_async (refresh->session, &input, on_verified, refresh);
}

static void
on_provisional_written (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  Refresh *refresh = user_data;
  g_autoptr (GError) error = NULL;

  /* a keyring that failed may do better with the write that follows, and says so then */
  wf_session_write_finish (WF_SESSION (source), result, &error);
  if (!drop_if_overtaken (refresh))
    verify (refresh);
}

/* Checking the ID token needs a request for keys first. The rotated refresh token is put into the keyring before, so
 * that nothing that happens meanwhile can lose it. */
static void
store_provisionally (Refresh *refresh)
{
  WfTokenSet *set = refresh->set;

  refresh->provisional = TRUE;
  refresh->replaced = secret_value_ref (set->refresh_token);
  refresh->replaced_at = set->refresh_issued_at;
  clear_note (set);
  wf_secret_set (&set->refresh_token, refresh->response->refresh_token);
  set->generation++;
  set->rotates = TRUE;
  set->refresh_issued_at = wf_session_now (refresh->session);
  wf_session_write_async (refresh->session, set, WF_WRITE_READ_BACK, on_provisional_written, refresh);
}

static gboolean
is_rotated (Refresh *refresh)
{
  return refresh->response->refresh_token &&
         !wf_secret_equal (refresh->response->refresh_token, refresh->set->refresh_token);
}

/* --- the answer --- */

/* Returns: whether the server says that it did nothing with the token; a broken 200 does not. */
static gboolean
was_not_used (const WfHttpResponse *response,
              const GError         *error)
{
  return response->status >= 300 || g_error_matches (error, WF_ERROR, WF_ERROR_OAUTH);
}

static void
on_failed_answer (Refresh              *refresh,
                  const WfHttpResponse *response,
                  GError               *error)
{
  if (was_not_used (response, error))
    take_note_back (refresh->set);
  if (wf_error_is_oauth (error, "invalid_grant"))
    {
      /* the only answer that takes a refresh token away */
      wf_secret_set (&refresh->set->refresh_token, NULL);
      clear_note (refresh->set);
    }
  fail_and_write (refresh, error);
}

static void
judge_response (Refresh *refresh)
{
  WfVerifyInput input = { .metadata = refresh->metadata, .response = refresh->response };

  if (refresh->response->id_token)
    refresh->id_token = wf_jwt_parse (secret_value_get_text (refresh->response->id_token), -1, NULL);
  input.id_token = refresh->id_token;
  wf_flow_add (refresh->flow, WF_LANE_WARIFU, WF_LANE_WARIFU,
               is_rotated (refresh) ? _("Refresh token rotated") : _("Refresh token stays"),
               is_rotated (refresh) ? _("the one before it is spent") : _("no new one came with the answer"),
               FALSE, wf_clock_now_us (refresh->session->clock), NULL);
  if (is_rotated (refresh) && wf_session_verify_must_wait (refresh->session, &input))
    store_provisionally (refresh);
  else
    verify (refresh);
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = refresh->session;
  g_autoptr (WfHttpResponse) response = NULL;
  gboolean sent = FALSE;
  GError *error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, &sent, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!response)
    {
      if (sent)
        refresh->set->refresh_lost = TRUE;
      else
        take_note_back (refresh->set);
      fail_and_write (refresh, error);
      return;
    }
  refresh->clock_skew = wf_session_measure_skew (self, response);
  refresh->response = wf_token_response_parse (response->status, response->content_type, response->retry_after,
                                               response->body, &error);
  if (refresh->response)
    judge_response (refresh);
  else
    on_failed_answer (refresh, response, error);
}

/* --- the request --- */

static void
send_request (Refresh *refresh)
{
  WfSession *self = refresh->session;
  g_autoptr (WfTokenRequest) request = NULL;
  WfHttpRequest http_request = { 0 };
  GError *error = NULL;

  request = wf_token_request_new_refresh (self->account, refresh->metadata, refresh->set->client_secret,
                                          refresh->set->refresh_token, refresh->audience, &error);
  if (!request)
    {
      take_note_back (refresh->set);
      fail_and_write (refresh, error);
      return;
    }
  http_request.what = _("token endpoint");
  http_request.uri = wf_token_request_get_endpoint (request);
  http_request.form = wf_token_request_get_body (request);
  http_request.authorization = wf_token_request_get_authorization (request);
  http_request.accept = "application/json";
  http_request.flow = refresh->flow;
  wf_secret_set (&refresh->sent, refresh->set->refresh_token);
  wf_http_client_send_async (wf_provider_get_http_client (self->provider), &http_request, refresh->cancellable,
                             on_answer, refresh);
}

static void
on_note_written (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Refresh *refresh = user_data;
  GError *error = NULL;

  /* what cannot be noted could be lost: then nothing is sent */
  if (!wf_session_write_finish (WF_SESSION (source), result, &error))
    fail (refresh, error);
  else if (!drop_if_overtaken (refresh))
    send_request (refresh);
}

/* A refresh token that may be good for one use only is not sent again and again without an answer: the server would take
 * it for stolen and end the session everywhere (RFC 9700 §4.14). After a crash nobody knows whether it was sent, so that it
 * is tried once more. Where it was sent and the answer was lost on its way, only if the provider forgives that. */
static gboolean
may_be_sent (Refresh *refresh)
{
  const WfTokenSet *set = refresh->set;
  gboolean known_not_to_rotate = set->refreshes > 0 && !set->rotates;
  gboolean forgives = !set->refresh_lost || refresh->session->account->reuse_leeway;

  return known_not_to_rotate || set->refresh_attempts == 0 ||
         (forgives && set->refresh_attempts < WF_MAX_UNANSWERED);
}

/* A keyring writes all its items at each store, so that the note stands beside the item, for as long as nobody writes the
 * item again (wf-refresh-note.h). */
static void
on_note_filed (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Refresh *refresh = user_data;
  g_autoptr (GError) error = NULL;
  gboolean filed = wf_refresh_note_write_finish (result, &error);

  refresh->session->has_note = TRUE;
  if (drop_if_overtaken (refresh))
    return;
  /* what a full disk does not take the keyring may */
  if (filed)
    send_request (refresh);
  else
    wf_session_write_async (refresh->session, refresh->set, WF_WRITE_STRICT, on_note_written, refresh);
}

static void
write_note (Refresh *refresh)
{
  WfSession *self = refresh->session;

  if (!may_be_sent (refresh))
    {
      fail_and_write (refresh, g_error_new_literal (WF_ERROR, WF_ERROR_NEEDS_SIGN_IN,
                                                    _("The last refresh was sent but never answered, and sending the refresh token once more could end the session everywhere. Sign in again.")));
      return;
    }
  refresh->set->refresh_started_at = wf_session_now (self);
  refresh->set->refresh_attempts++;
  if (self->memory_only)
    {
      send_request (refresh);
      return;
    }
  if (self->note_folder && refresh->set->write_id)
    wf_refresh_note_write_async (self->note_folder, self->account->id, refresh->set, on_note_filed, refresh);
  else
    wf_session_write_async (self, refresh->set, WF_WRITE_STRICT, on_note_written, refresh);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Refresh *refresh = user_data;
  GError *error = NULL;

  refresh->metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!refresh->metadata)
    {
      fail_before_sending (refresh, error);
      return;
    }
  wf_session_set_metadata (refresh->session, refresh->metadata);
  write_note (refresh);
}

/* --- lock, and look again --- */

/* Returns: whether somebody else has refreshed since this refresh was asked for. */
static gboolean
was_done_by_another (Refresh *refresh)
{
  const WfAccessToken *before = wf_token_set_get_access_token (refresh->seen, refresh->audience);
  const WfAccessToken *after = wf_token_set_get_access_token (refresh->set, refresh->audience);

  if (!after || !wf_access_token_is_good (after, 0, wf_session_now (refresh->session)))
    return FALSE;
  return !before || !wf_secret_equal (before->token, after->token);
}

static GError *
new_needs_sign_in_error (const WfTokenSet *set)
{
  if (set->error_name)
    return g_error_new (WF_ERROR, WF_ERROR_NEEDS_SIGN_IN, _("The session has ended: %s Sign in again."),
                        set->error_description ? set->error_description : "");
  if (wf_token_set_get_access_token (set, NULL))
    return g_error_new_literal (WF_ERROR, WF_ERROR_NEEDS_SIGN_IN,
                                _("The provider gave no refresh token, so the session cannot be refreshed. Sign in again."));
  return g_error_new_literal (WF_ERROR, WF_ERROR_NEEDS_SIGN_IN, _("This account is signed out. Sign in first."));
}

static void
on_item_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = WF_SESSION (source);
  GError *error = NULL;

  refresh->set = wf_session_read_finish (self, result, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!refresh->set)
    {
      if (wf_session_is_keyring_error (error))
        wf_session_set_keyring_error (self, error);
      fail (refresh, error);
      return;
    }
  if (!self->memory_only)
    wf_session_set_keyring_error (self, NULL);
  wf_session_take_tokens (self, refresh->set);
  /* what is shared is read-only */
  wf_token_set_unref (g_steal_pointer (&refresh->set));
  refresh->set = wf_token_set_copy (self->tokens);
  if (was_done_by_another (refresh))
    {
      wf_flow_add (refresh->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("Another program has just refreshed"), NULL, FALSE,
                   wf_clock_now_us (self->clock), NULL);
      refresh->is_news = FALSE;
      finish (refresh, NULL);
    }
  else if (!refresh->set->refresh_token)
    {
      /* what the person should know of it is known already */
      refresh->is_news = FALSE;
      fail (refresh, new_needs_sign_in_error (refresh->set));
    }
  else
    wf_provider_get_metadata_for_async (self->provider, refresh->flow, refresh->cancellable, on_metadata, refresh);
}

static void
on_locked (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Refresh *refresh = user_data;
  GError *error = NULL;

  refresh->lock = wf_account_lock_acquire_finish (result, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!refresh->lock)
    fail (refresh, error);
  else
    wf_session_read_async (refresh->session, refresh->cancellable, on_item_read, refresh);
}

static void
on_seen (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = WF_SESSION (source);
  g_autoptr (WfTokenSet) seen = NULL;
  g_autoptr (GError) error = NULL;

  /* a keyring that fails here fails again, and is reported, under the lock */
  seen = wf_session_read_finish (self, result, &error);
  if (seen)
    {
      wf_token_set_unref (refresh->seen);
      refresh->seen = g_steal_pointer (&seen);
    }
  wf_account_lock_acquire_async (self->account->id, refresh->cancellable, on_locked, refresh);
}

#define FRESH_VIEW (G_USEC_PER_SEC / 2)

static void
on_passed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Refresh *refresh = user_data;
  WfSession *self = refresh->session;
  GError *error = NULL;

  refresh->flow = wf_session_begin_flow (self, _("Refresh"));
  refresh->started_at = wf_clock_now_us (self->clock);
  refresh->passed = wf_gate_enter_finish (result, &error);
  if (drop_if_overtaken (refresh))
    {
      g_clear_error (&error);
      return;
    }
  if (!refresh->passed)
    {
      fail (refresh, error);
      return;
    }
  /* What one knows from before the lock decides whether another process was faster. By the schedule, being
   * second is as good; somebody who asks by hand is held against the item as it is now. */
  if (refresh->cause == WF_CAUSE_BY_HAND && g_get_monotonic_time () - self->loaded_at > FRESH_VIEW)
    wf_session_read_async (self, refresh->cancellable, on_seen, refresh);
  else
    wf_account_lock_acquire_async (self->account->id, refresh->cancellable, on_locked, refresh);
}

/* --- the beginning --- */

static void
begin_refresh (WfSession      *self,
               WfRefreshCause  cause,
               const char     *audience)
{
  Refresh *refresh = g_new0 (Refresh, 1);

  refresh->session = g_object_ref (self);
  refresh->cause = cause;
  refresh->audience = g_strdup (audience);
  refresh->cancellable = g_cancellable_new ();
  refresh->retry_after = -1;
  refresh->is_news = TRUE;
  refresh->epoch = self->epoch;
  refresh->seen = wf_token_set_ref (self->tokens);
  refresh->gate = wf_gate_ref (wf_provider_get_gate (self->provider));
  self->refreshing = TRUE;
  self->refresh_cause = cause;
  g_set_object (&self->refresh_cancellable, refresh->cancellable);
  wf_session_set_activity (self, _("Refreshing the session…"));
  wf_session_update (self);
  wf_gate_enter_async (refresh->gate, cause != WF_CAUSE_SCHEDULE, refresh->cancellable, on_passed, refresh);
}

static void
begin_next (WfSession *self)
{
  const Ask *first = g_task_get_task_data (wf_waiters_peek (self->refresh_waiters));

  begin_refresh (self, first->cause, first->audience);
}

static void
on_scheduled (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* the session's properties tell everybody how it went */
  wf_session_refresh_finish (WF_SESSION (source), result, &error);
}

void
wf_session_refresh_by_schedule (WfSession *self)
{
  wf_session_refresh_async (self, WF_CAUSE_SCHEDULE, NULL, NULL, on_scheduled, NULL);
}

void
wf_session_abandon_refresh (WfSession *self)
{
  if (self->refresh_cancellable)
    g_cancellable_cancel (self->refresh_cancellable);
}

void
wf_session_refresh_async (WfSession          *self,
                          WfRefreshCause      cause,
                          const char         *audience,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);

  g_task_set_source_tag (task, wf_session_refresh_async);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);
  if (g_strcmp0 (audience, self->account->audience) != 0 && g_strcmp0 (audience, "") != 0)
    ask->audience = g_strdup (audience);
  ask->cause = cause;
  ask->epoch = self->epoch;
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->retired)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("The account is being removed."));
      return;
    }
  wf_waiters_add (self->refresh_waiters, g_steal_pointer (&task));
  if (!self->refreshing)
    begin_refresh (self, ask->cause, ask->audience);
}

gboolean
wf_session_refresh_finish (WfSession    *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
