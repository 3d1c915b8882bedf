/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-call.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "wf-api-address.h"
#include "wf-error.h"
#include "wf-json.h"
#include "wf-session-private.h"
#include "wf-token-response.h"

/* The data of its GTask. */
typedef struct
{
  char        *uri;
  guint        epoch;
  char        *base;  /* what the address is under */
  SecretValue *token;
  char        *scope; /* of the token; nullable */
  WfFlow      *flow;
} Call;

static void
call_free (Call *call)
{
  g_free (call->uri);
  g_free (call->base);
  g_free (call->scope);
  wf_secret_set (&call->token, NULL);
  g_clear_object (&call->flow);
  g_free (call);
}

/* Returns: whether the task goes on; else it has been answered */
static gboolean
goes_on (GTask  *task,
         GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  if (!error && call->epoch != self->epoch)
    error = g_error_new_literal (WF_ERROR, WF_ERROR_CANCELLED, _("The account was changed meanwhile, so this was dropped."));
  if (error)
    g_task_return_error (task, error);
  return error == NULL;
}

/* --- the answer --- */

/* Returns: (transfer full) (nullable) */
static char *
explain_status (guint status)
{
  if (status >= 300 && status < 400)
    return g_strdup (_("The API sends you on to another address. Warifu does not follow, because the access token would go along."));
  if (status == 404 || status == 410)
    return g_strdup (_("The API has nothing at this address."));
  if (status == 429)
    return g_strdup (_("The API asks for fewer requests. Try again later."));
  if (status >= 500)
    return g_strdup (_("The API has a problem of its own. Try again later."));
  return NULL;
}

/* A server may repeat what it refused. */
static void
drop_token (WfChallenge *challenge,
            SecretValue *token)
{
  g_autofree char *masked = challenge->description ? wf_exchange_mask_text (challenge->description) : NULL;

  if (!masked)
    return;
  g_free (challenge->description);
  if (strstr (masked, secret_value_get_text (token)))
    challenge->description = NULL;
  else
    challenge->description = g_steal_pointer (&masked);
}

static gboolean
is_text (const char *content_type,
         const char *text,
         gsize       length)
{
  return length > 0 && g_utf8_validate (text, (gssize) length, NULL) &&
         (!content_type || g_str_has_prefix (content_type, "text/") || g_str_has_suffix (content_type, "xml") ||
          wf_response_is_json (content_type));
}

static void
take_body (WfCallResult         *result,
           const WfHttpResponse *response)
{
  const char *text = g_bytes_get_data (response->body, &result->n_bytes);

  result->is_json = result->n_bytes > 0 && wf_json_check (text, result->n_bytes, WF_JSON_MAX_BYTES, NULL);
  if (result->is_json)
    {
      result->text = g_strdup (result->exchange->response_body);
    }
  else if (is_text (response->content_type, text, result->n_bytes))
    {
      gsize length = MIN (result->n_bytes, WF_EXCHANGE_BODY_MAX_BYTES);
      g_autoptr (WfWipedString) cut = g_utf8_make_valid (text, (gssize) length);

      result->text = wf_exchange_mask_text (cut);
    }
}

/* The exchange was recorded as the latest step of the flow. */
static WfExchange *
find_exchange (WfFlow *flow)
{
  guint n_steps = wf_flow_get_n_steps (flow);
  const WfFlowStep *step = n_steps > 0 ? wf_flow_get_step (flow, n_steps - 1) : NULL;

  return step && step->exchange ? wf_exchange_ref (step->exchange) : wf_exchange_new ();
}

static WfCallResult *
make_result (const Call           *call,
             const WfHttpResponse *response)
{
  WfCallResult *result = g_new0 (WfCallResult, 1);

  result->exchange = find_exchange (call->flow);
  result->status = g_strdup_printf ("%u %s", response->status, soup_status_get_phrase (response->status));
  take_body (result, response);
  if (response->status != 401 && response->status != 403)
    {
      result->explanation = explain_status (response->status);
      return result;
    }
  result->challenge = wf_challenge_parse (response->www_authenticate);
  if (result->challenge)
    drop_token (result->challenge, call->token);
  result->explanation = wf_challenge_explain (result->challenge, response->status, call->scope);
  return result;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (WfHttpResponse) response = NULL;
  WfCallResult *answer;
  GError *error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (!goes_on (task, error))
    return;
  answer = make_result (call, response);
  if (answer->challenge || response->status == 401 || response->status == 403)
    wf_flow_add (call->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("The API refused the access token"), answer->explanation,
                 TRUE, wf_clock_now_us (self->clock), NULL);
  g_task_return_pointer (task, answer, (GDestroyNotify) wf_call_result_free);
}

/* --- the request --- */

/* RFC 6750 §2.1 */
static SecretValue *
make_authorization (SecretValue *token)
{
  g_autoptr (WfWipedString) header = g_strconcat ("Bearer ", secret_value_get_text (token), NULL);

  return wf_secret_new (header, -1);
}

static void
send_request (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (WfSecretValue) authorization = make_authorization (call->token);
  g_autofree char *detail = NULL;
  WfHttpRequest request = {
    .what = _("API"),
    .uri = call->uri,
    .authorization = authorization,
    .accept = "application/json, */*;q=0.5",
    .is_api = TRUE,
  };

  call->flow = wf_session_begin_flow (self, _("API call"));
  request.flow = call->flow;
  /* Translators: %s is an address */
  detail = g_strdup_printf (_("It is under %s."), call->base);
  wf_flow_add (call->flow, WF_LANE_WARIFU, WF_LANE_WARIFU, _("The address belongs to the API"), detail,
               FALSE, wf_clock_now_us (self->clock), NULL);
  wf_http_client_send_async (wf_provider_get_http_client (self->provider), &request, g_task_get_cancellable (task),
                             on_answer, g_object_ref (task));
}

static void
on_token (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Call *call = g_task_get_task_data (task);
  const WfAccessToken *access;
  GError *error = NULL;

  call->token = wf_session_get_token_finish (self, result, &error);
  if (!goes_on (task, error))
    return;
  access = wf_token_set_get_access_token (self->tokens, NULL);
  call->scope = g_strdup (access && access->scope ? access->scope : self->tokens->requested_scope);
  send_request (task);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  GError *error = NULL;

  wf_session_before_action_finish (self, result, &error);
  if (goes_on (task, error))
    wf_session_get_token_async (self, NULL /* audience */, WF_MIN_TTL_USUAL, WF_CAUSE_BEFORE_ACTION,
                                g_task_get_cancellable (task), on_token, g_object_ref (task));
}

/* The address is judged before anything else is done for it. */
static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (WfProviderMetadata) metadata = NULL;
  GError *error = NULL;

  metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (metadata && call->epoch == self->epoch)
    wf_session_set_metadata (self, metadata);
  if (metadata)
    call->base = wf_api_address_check (self->account, metadata, call->uri, &error);
  if (goes_on (task, error))
    wf_session_before_action_async (self, g_task_get_cancellable (task), on_ready, g_object_ref (task));
}

/* --- public --- */

void
wf_call_result_free (WfCallResult *result)
{
  if (!result)
    return;
  g_clear_pointer (&result->exchange, wf_exchange_unref);
  g_clear_pointer (&result->challenge, wf_challenge_free);
  g_free (result->status);
  g_free (result->text);
  g_free (result->explanation);
  g_free (result);
}

void
wf_session_call_async (WfSession          *self,
                       const char         *uri,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_return_if_fail (WF_IS_SESSION (self) && uri != NULL);

  g_task_set_source_tag (task, wf_session_call_async);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->uri = g_strdup (uri);
  call->epoch = self->epoch;
  wf_provider_get_metadata_async (self->provider, cancellable, on_metadata, g_steal_pointer (&task));
}

WfCallResult *
wf_session_call_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
