/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-token-request.h"
#include "wf-uri.h"

/* One sign-in, from the captured redirect to the keyring: the data of its GTask. */
typedef struct
{
  WfAuthorizationRequest *request;
  WfProviderMetadata     *metadata;
  WfTokenResponse        *response;
  WfVerifyResult         *verified;
  WfAccountLock          *lock;
  WfFlow                 *flow;
  GError                 *failure; /* what to tell once it is noted */
  const char             *cause; /* static: "window" or "browser" */
  gint64                  clock_skew;
  gint64                  started_at;
  guint                   epoch;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  g_clear_pointer (&sign_in->request, wf_authorization_request_unref);
  g_clear_pointer (&sign_in->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&sign_in->response, wf_token_response_unref);
  g_clear_pointer (&sign_in->verified, wf_verify_result_free);
  g_clear_pointer (&sign_in->lock, wf_account_lock_free);
  g_clear_object (&sign_in->flow);
  g_clear_error (&sign_in->failure);
  g_free (sign_in);
}

/* --- beginning: keyring, discovery, request --- */

typedef struct
{
  char    *redirect_uri;
  gboolean in_browser;
  WfFlow  *flow;
  GError  *failure; /* what to tell once it is noted */
  guint    epoch;
} Begin;

static void
begin_free (Begin *begin)
{
  g_clear_object (&begin->flow);
  g_clear_error (&begin->failure);
  g_free (begin->redirect_uri);
  g_free (begin);
}

static GError *
new_dropped_error (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_CANCELLED,
                              _("The account was changed or signed out meanwhile, so the answer was dropped."));
}

static void
on_failure_noted (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Begin *begin = g_task_get_task_data (task);

  wf_session_note_failed_sign_in_finish (self, result);
  wf_session_set_activity (self, NULL);
  wf_session_update (self);
  g_task_return_error (task, g_steal_pointer (&begin->failure));
}

static void
fail_begin (GTask  *task,
            GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Begin *begin = g_task_get_task_data (task);

  wf_flow_add (begin->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("The sign-in cannot begin"), error->message, TRUE,
               wf_clock_now_us (self->clock), NULL);
  if (begin->epoch == self->epoch && wf_session_set_sign_in_error (self, error))
    {
      begin->failure = error;
      wf_session_note_failed_sign_in_async (self, error, on_failure_noted, g_object_ref (task));
      return;
    }
  wf_session_set_activity (self, NULL);
  wf_session_update (self);
  g_task_return_error (task, error);
}

static gboolean
check_client_secret (WfSession *self,
                     GError   **error)
{
  if (!wf_account_is_confidential (self->account) || self->tokens->client_secret)
    return TRUE;
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                       _("This account needs a client secret and none is stored. Edit the account and type it in."));
  return FALSE;
}

/* There is one sign-in at a time: a new one takes the place of the one before it. */
static void
set_pending (WfSession              *self,
             WfAuthorizationRequest *request,
             WfProviderMetadata     *metadata,
             WfFlow                 *flow)
{
  g_clear_pointer (&self->pending, wf_authorization_request_unref);
  g_clear_pointer (&self->pending_metadata, wf_provider_metadata_unref);
  g_clear_object (&self->pending_flow);
  self->pending = request ? wf_authorization_request_ref (request) : NULL;
  self->pending_metadata = metadata ? wf_provider_metadata_ref (metadata) : NULL;
  self->pending_flow = flow ? g_object_ref (flow) : NULL;
}

static void
on_begin_metadata (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Begin *begin = g_task_get_task_data (task);
  g_autoptr (WfProviderMetadata) metadata = NULL;
  WfAuthorizationRequest *request = NULL;
  GError *error = NULL;

  metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (metadata && begin->epoch != self->epoch)
    error = new_dropped_error ();
  else if (metadata)
    {
      wf_session_set_metadata (self, metadata);
      request = wf_authorization_request_new (self->account, metadata, begin->redirect_uri, &error);
    }
  if (!request)
    {
      fail_begin (task, error);
      return;
    }
  wf_session_record_request (self, begin->flow, request);
  wf_session_set_activity (self, NULL);
  set_pending (self, request, metadata, begin->flow);
  self->pending_in_browser = begin->in_browser;
  wf_session_update (self);
  g_task_return_pointer (task, request, (GDestroyNotify) wf_authorization_request_unref);
}

static void
on_begin_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Begin *begin = g_task_get_task_data (task);
  GError *error = NULL;

  if (!wf_session_load_finish (self, result, &error))
    {
      if (!self->memory_only)
        {
          fail_begin (task, error);
          return;
        }
      g_clear_error (&error);
    }
  if (!check_client_secret (self, &error))
    {
      fail_begin (task, error);
      return;
    }
  wf_session_set_activity (self, _("Asking the provider for its endpoints…"));
  wf_provider_get_metadata_for_async (self->provider, begin->flow, g_task_get_cancellable (task), on_begin_metadata,
                                      g_object_ref (task));
}

void
wf_session_begin_sign_in_async (WfSession          *self,
                                const char         *redirect_uri,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Begin *begin = g_new0 (Begin, 1);

  g_task_set_source_tag (task, wf_session_begin_sign_in_async);
  /* a request that is pending is handed out: somebody who does not want it any more cancels the sign-in */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, begin, (GDestroyNotify) begin_free);
  /* a browser's sign-in has a listener, and names its address; the account's own may be on loopback as well */
  begin->in_browser = redirect_uri != NULL;
  if (!redirect_uri)
    redirect_uri = self->account->redirect_uri ? self->account->redirect_uri : WF_REDIRECT_URI_WINDOW;
  begin->redirect_uri = g_strdup (redirect_uri);
  begin->epoch = self->epoch;
  begin->flow = wf_session_begin_flow (self, _("Sign-in"));
  wf_session_load_async (self, cancellable, on_begin_loaded, g_steal_pointer (&task));
}

WfAuthorizationRequest *
wf_session_begin_sign_in_finish (WfSession    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- completing: response, exchange, verification, keyring --- */

static void
end_sign_in (WfSession *self,
             SignIn    *sign_in)
{
  /* whoever keeps the result must not keep the lock */
  g_clear_pointer (&sign_in->lock, wf_account_lock_free);
  self->completing--;
  wf_session_set_activity (self, NULL);
  wf_session_update (self);
}

static void
on_failed_sign_in_noted (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SignIn *sign_in = g_task_get_task_data (task);

  wf_session_note_failed_sign_in_finish (self, result);
  end_sign_in (self, sign_in);
  g_task_return_error (task, g_steal_pointer (&sign_in->failure));
}

static void
fail_sign_in (GTask  *task,
              GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  gboolean is_current = sign_in->epoch == self->epoch;

  wf_flow_add (sign_in->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("The sign-in failed"), error->message, TRUE,
               wf_clock_now_us (self->clock), NULL);
  g_clear_pointer (&sign_in->lock, wf_account_lock_free);
  if (is_current)
    wf_session_record (self, WF_EVENT_FAILURE, "sign-in", error, sign_in->started_at, NULL /* used */);
  if (is_current && wf_session_set_sign_in_error (self, error))
    {
      sign_in->failure = error;
      wf_session_note_failed_sign_in_async (self, error, on_failed_sign_in_noted, g_object_ref (task));
      return;
    }
  end_sign_in (self, sign_in);
  g_task_return_error (task, error);
}

/* Returns: whether an edit or a sign-out has overtaken this sign-in; then the task is done. */
static gboolean
drop_if_overtaken (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);

  if (sign_in->epoch == self->epoch)
    return FALSE;
  fail_sign_in (task, new_dropped_error ());
  return TRUE;
}

static void
on_sign_in_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = wf_session_write_finish (self, result, &error);

  if (drop_if_overtaken (task))
    {
      g_clear_error (&error);
      return;
    }
  if (!done)
    {
      fail_sign_in (task, error);
      return;
    }
  self->failures = 0;
  self->failed_at = WF_TIME_UNKNOWN;
  self->retry_after = -1;
  wf_flow_add (sign_in->flow, WF_LANE_WARIFU, WF_LANE_WARIFU,
               self->memory_only ? _("Tokens kept in memory only") : _("Tokens stored in the keyring"),
               NULL, FALSE, wf_clock_now_us (self->clock), NULL);
  wf_session_record (self, WF_EVENT_SIGN_IN, sign_in->cause, NULL, sign_in->started_at, NULL /* used */);
  end_sign_in (self, sign_in);
  g_task_return_boolean (task, TRUE);
}

static void
on_sign_in_read (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (WfTokenSet) set = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = wf_session_now (self);

  set = wf_session_read_finish (self, result, &error);
  if (drop_if_overtaken (task))
    return;
  /* The write says whether the keyring works; a damaged item is replaced by a good one, but for its client secret. */
  if (!set)
    {
      set = wf_token_set_new ();
      wf_secret_set (&set->client_secret, self->tokens->client_secret);
    }
  wf_token_set_apply (set, sign_in->response, NULL, TRUE, now);
  wf_session_apply_verification (set, sign_in->verified, now);
  g_free (set->requested_scope);
  set->requested_scope = g_strdup (wf_authorization_request_get_scope (sign_in->request));
  set->clock_skew = sign_in->clock_skew;
  wf_session_write_async (self, set, WF_WRITE_READ_BACK, on_sign_in_written, g_steal_pointer (&task));
}

static void
on_sign_in_locked (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  sign_in->lock = wf_account_lock_acquire_finish (result, &error);
  if (!sign_in->lock)
    fail_sign_in (task, error);
  else if (!drop_if_overtaken (task))
    wf_session_read_async (self, NULL, on_sign_in_read, g_steal_pointer (&task));
}

static void
on_sign_in_verified (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  sign_in->verified = wf_session_verify_finish (self, result, &error);
  if (!sign_in->verified)
    fail_sign_in (task, error);
  else if (!drop_if_overtaken (task))
    wf_account_lock_acquire_async (self->account->id, NULL, on_sign_in_locked, g_steal_pointer (&task));
}

static void
verify_response (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  WfVerifyInput input = {
    .metadata = sign_in->metadata,
    .response = sign_in->response,
    .request = sign_in->request,
    .client_secret = self->tokens->client_secret,
    .clock_skew = sign_in->clock_skew,
    .flow = sign_in->flow,
  };

  wf_session_set_activity (self, _("Checking the ID token…"));
  wf_session_verify_async (self, &input, on_sign_in_verified, task);
}

static void
on_code_exchanged (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (WfHttpResponse) response = NULL;
  GError *error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (response)
    {
      sign_in->clock_skew = wf_session_measure_skew (g_task_get_source_object (task), response);
      sign_in->response = wf_token_response_parse (response->status, response->content_type, response->retry_after,
                                                   response->body, &error);
    }
  if (!sign_in->response)
    fail_sign_in (task, error);
  else if (!drop_if_overtaken (task))
    verify_response (g_steal_pointer (&task));
}

static void
exchange_code (GTask       *task,
               SecretValue *code)
{
  WfSession *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (WfTokenRequest) request = NULL;
  WfHttpRequest http_request = { 0 };
  GError *error = NULL;

  request = wf_token_request_new_code (self->account, sign_in->metadata, self->tokens->client_secret,
                                       sign_in->request, code, &error);
  if (!request)
    {
      fail_sign_in (task, error);
      g_object_unref (task);
      return;
    }
  http_request.what = _("token endpoint");
  http_request.uri = wf_token_request_get_endpoint (request);
  http_request.form = wf_token_request_get_body (request);
  http_request.authorization = wf_token_request_get_authorization (request);
  http_request.accept = "application/json";
  http_request.flow = sign_in->flow;
  wf_session_record_verifier (self, sign_in->flow);
  wf_session_set_activity (self, _("Exchanging the authorization code for tokens…"));
  wf_http_client_send_async (wf_provider_get_http_client (self->provider), &http_request,
                             g_task_get_cancellable (task), on_code_exchanged, task);
}

void
wf_session_complete_sign_in_async (WfSession              *self,
                                   WfAuthorizationRequest *request,
                                   const char             *redirect,
                                   GCancellable           *cancellable,
                                   GAsyncReadyCallback     callback,
                                   gpointer                user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (WfSecretValue) code = NULL;
  SignIn *sign_in = g_new0 (SignIn, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, wf_session_complete_sign_in_async);
  /* tokens that have come are kept, whoever has stopped waiting for them */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, sign_in, (GDestroyNotify) sign_in_free);
  if (!self->pending || self->pending != request)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_STATE_MISMATCH, "%s",
                               _("This answer belongs to no sign-in that is under way. Sign in again."));
      return;
    }
  sign_in->request = g_steal_pointer (&self->pending);
  sign_in->metadata = g_steal_pointer (&self->pending_metadata);
  sign_in->flow = g_steal_pointer (&self->pending_flow);
  sign_in->epoch = self->epoch;
  sign_in->started_at = wf_clock_now_us (self->clock);
  sign_in->cause = self->pending_in_browser ? "browser" : "window";
  self->completing++;
  wf_session_update (self);

  code = wf_authorization_response_parse (request, redirect, &error);
  wf_session_record_redirect (self, sign_in->flow, request, redirect, error);
  if (!code)
    {
      fail_sign_in (task, error);
      return;
    }
  exchange_code (g_steal_pointer (&task), code);
}

gboolean
wf_session_complete_sign_in_finish (WfSession    *self,
                                    GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
wf_session_cancel_sign_in (WfSession    *self,
                           const GError *error)
{
  if (!self->pending)
    return;
  wf_flow_add (self->pending_flow, WF_LANE_PERSON, WF_LANE_WARIFU, error ? _("The sign-in failed") : _("The sign-in was cancelled"),
               error ? error->message : NULL, TRUE, wf_clock_now_us (self->clock), NULL);
  set_pending (self, NULL, NULL, NULL);
  wf_session_set_activity (self, NULL);
  if (error && wf_session_set_sign_in_error (self, error))
    wf_session_note_failed_sign_in_async (self, error, NULL, NULL);
  wf_session_update (self);
}
