/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-form.h"
#include "wf-token-request.h"
#include "wf-token-response.h"
#include "wf-uri.h"

/* One sign-out: the data of its GTask. Whatever the provider says, the tokens here go (RFC 7009 §2.2). */
typedef struct
{
  gboolean            local;
  WfTokenSet         *set; /* what the item holds, or memory where it cannot be read */
  WfAccountLock      *lock;
  WfProviderMetadata *metadata;
  WfFlow             *flow;
  WfSignOutReport    *report;
  gint64              started_at;
} SignOut;

static void
sign_out_free (SignOut *sign_out)
{
  g_clear_pointer (&sign_out->set, wf_token_set_unref);
  g_clear_pointer (&sign_out->lock, wf_account_lock_free);
  g_clear_pointer (&sign_out->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&sign_out->report, wf_sign_out_report_free);
  g_clear_object (&sign_out->flow);
  g_free (sign_out);
}

void
wf_sign_out_report_free (WfSignOutReport *report)
{
  if (!report)
    return;
  g_clear_error (&report->revocation_error);
  g_clear_error (&report->keyring_error);
  g_free (report->end_session_uri);
  g_free (report);
}

/* --- the end: the keyring item --- */

static void
end_sign_out (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  SignOut *sign_out = g_task_get_task_data (task);
  WfSignOutReport *report = sign_out->report;
  const GError *error = report->keyring_error ? report->keyring_error : report->revocation_error;

  report->keyring = report->keyring_error ? WF_STEP_FAILED : WF_STEP_DONE;
  wf_flow_add (sign_out->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("Tokens removed from the keyring"),
               report->keyring_error ? report->keyring_error->message : NULL, report->keyring_error != NULL,
               wf_clock_now_us (self->clock), NULL);
  g_clear_pointer (&sign_out->lock, wf_account_lock_free);
  wf_session_forget_secrets (self);
  self->failures = 0;
  self->failed_at = WF_TIME_UNKNOWN;
  wf_session_record (self, WF_EVENT_SIGN_OUT, "by-hand", error, sign_out->started_at, NULL /* used */);
  wf_session_set_activity (self, NULL);
  wf_session_update (self);
  g_task_return_pointer (task, g_steal_pointer (&sign_out->report), (GDestroyNotify) wf_sign_out_report_free);
}

static void
on_emptied (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignOut *sign_out = g_task_get_task_data (task);

  wf_session_write_finish (WF_SESSION (source), result, &sign_out->report->keyring_error);
  end_sign_out (task);
}

static void
empty_item (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  SignOut *sign_out = g_task_get_task_data (task);
  g_autoptr (WfTokenSet) set = wf_token_set_copy (sign_out->set);

  wf_token_set_clear_tokens (set);
  wf_session_note_error (self, set, NULL);
  if (!sign_out->report->keyring_error)
    {
      wf_session_write_async (self, set, WF_WRITE_STRICT, on_emptied, g_object_ref (task));
      return;
    }
  /* an item that cannot be read may hold a client secret: it is not written over */
  wf_session_take_tokens (self, set);
  end_sign_out (task);
}

/* --- the provider --- */

/* OpenID Connect RP-Initiated Logout 1.0 §2. No id_token_hint: the address goes to a browser by way of its command
 * line, where every process of the person can read it. */
static char *
make_end_session_uri (WfSession                *self,
                      const WfProviderMetadata *metadata)
{
  g_autoptr (WfForm) form = wf_form_new ();
  g_autofree char *query = NULL;
  const char *endpoint = metadata->end_session_endpoint;

  if (!endpoint)
    return NULL;
  wf_form_add (form, "client_id", self->account->client_id);
  query = wf_form_encode (form);
  return g_strconcat (endpoint, strchr (endpoint, '?') ? "&" : "?", query, NULL);
}

static void
on_revoked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignOut *sign_out = g_task_get_task_data (task);
  WfSignOutReport *report = sign_out->report;
  g_autoptr (WfHttpResponse) response = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &report->revocation_error);
  if (response && wf_response_check (_("revocation endpoint"), response->status, response->content_type,
                                     response->retry_after, response->body, &report->revocation_error))
    report->revocation = WF_STEP_DONE;
  else
    report->revocation = WF_STEP_FAILED;
  empty_item (task);
}

static void
revoke_token (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  SignOut *sign_out = g_task_get_task_data (task);
  const WfAccessToken *access = wf_token_set_get_access_token (sign_out->set, NULL);
  SecretValue *token = sign_out->set->refresh_token ? sign_out->set->refresh_token : access ? access->token : NULL;
  g_autoptr (WfTokenRequest) request = NULL;
  WfHttpRequest http_request = { 0 };

  if (!token || !sign_out->metadata->revocation_endpoint)
    {
      empty_item (task);
      return;
    }
  request = wf_token_request_new_revocation (self->account, sign_out->metadata, sign_out->set->client_secret, token,
                                             sign_out->set->refresh_token ? "refresh_token" : "access_token",
                                             &sign_out->report->revocation_error);
  if (!request)
    {
      sign_out->report->revocation = WF_STEP_FAILED;
      empty_item (task);
      return;
    }
  http_request.what = _("revocation endpoint");
  http_request.uri = wf_token_request_get_endpoint (request);
  http_request.form = wf_token_request_get_body (request);
  http_request.authorization = wf_token_request_get_authorization (request);
  http_request.accept = "application/json";
  http_request.flow = sign_out->flow;
  wf_http_client_send_async (wf_provider_get_http_client (self->provider), &http_request, NULL, on_revoked,
                             g_object_ref (task));
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  SignOut *sign_out = g_task_get_task_data (task);
  WfSignOutReport *report = sign_out->report;

  sign_out->metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &report->revocation_error);
  if (!sign_out->metadata)
    {
      report->revocation = WF_STEP_FAILED;
      empty_item (task);
      return;
    }
  report->end_session_uri = make_end_session_uri (self, sign_out->metadata);
  revoke_token (task);
}

/* --- the beginning: lock and item --- */

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SignOut *sign_out = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  sign_out->set = wf_session_read_finish (self, result, &error);
  if (!sign_out->set)
    {
      /* what memory knows can be revoked; a damaged item is emptied, one that is out of reach is not */
      sign_out->set = wf_token_set_copy (self->tokens);
      if (!g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_FAILED))
        sign_out->report->keyring_error = g_steal_pointer (&error);
    }
  if (sign_out->local || (!sign_out->set->refresh_token && !wf_token_set_get_access_token (sign_out->set, NULL)))
    empty_item (task);
  else
    wf_provider_get_metadata_for_async (self->provider, sign_out->flow, NULL, on_metadata, g_object_ref (task));
}

static void
on_locked (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  SignOut *sign_out = g_task_get_task_data (task);
  GError *error = NULL;

  sign_out->lock = wf_account_lock_acquire_finish (result, &error);
  if (sign_out->lock)
    {
      wf_session_read_async (self, NULL, on_read, g_object_ref (task));
      return;
    }
  wf_session_set_activity (self, NULL);
  g_task_return_error (task, error);
}

void
wf_session_sign_out_async (WfSession          *self,
                           gboolean            local,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SignOut *sign_out = g_new0 (SignOut, 1);

  g_task_set_source_tag (task, wf_session_sign_out_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, sign_out, (GDestroyNotify) sign_out_free);
  sign_out->local = local;
  sign_out->report = g_new0 (WfSignOutReport, 1);
  sign_out->started_at = wf_clock_now_us (self->clock);
  sign_out->flow = wf_session_begin_flow (self, _("Sign-out"));
  /* what is on its way arrives too late */
  self->epoch++;
  wf_session_abandon_refresh (self);
  wf_session_cancel_sign_in (self, NULL);
  wf_session_set_activity (self, _("Signing out…"));
  wf_account_lock_acquire_async (self->account->id, cancellable, on_locked, g_steal_pointer (&task));
}

WfSignOutReport *
wf_session_sign_out_finish (WfSession    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
