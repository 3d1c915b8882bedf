/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-json.h"
#include "wf-provider-verify.h"
#include "wf-token-response.h"

/* One question to the userinfo endpoint, OpenID Connect Core 1.0 §5.3: the data of its GTask. */
typedef struct
{
  SecretValue        *token;
  WfProviderMetadata *metadata;
  WfFlow             *flow;
  WfJwt              *jwt; /* a signed answer (§5.3.2) */
} Userinfo;

static void
userinfo_free (Userinfo *userinfo)
{
  g_clear_pointer (&userinfo->token, secret_value_unref);
  g_clear_pointer (&userinfo->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&userinfo->jwt, wf_jwt_unref);
  g_clear_object (&userinfo->flow);
  g_free (userinfo);
}

/* The claims are about the person of the ID token, or they are nobody's (§5.3.2). */
static void
return_claims (GTask      *task,
               JsonObject *claims)
{
  WfSession *self = g_task_get_source_object (task);
  const char *subject = NULL;
  GError *error = NULL;

  if (!wf_json_get_string (claims, "sub", 255, &subject, &error))
    g_task_return_error (task, error);
  else if (self->tokens->subject && g_strcmp0 (subject, self->tokens->subject) != 0)
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USERINFO_MISMATCH, "%s",
                             _("The provider answered with the data of another person, so it was dropped. Sign in again; if it happens again, tell the provider."));
  else
    g_task_return_pointer (task, json_object_ref (claims), (GDestroyNotify) json_object_unref);
}

static gboolean
is_for_us (WfSession *self,
           Userinfo  *userinfo)
{
  JsonObject *claims = wf_jwt_get_claims (userinfo->jwt);
  const char *issuer = wf_jwt_get_claim_string (userinfo->jwt, "iss");
  g_auto (GStrv) audience = NULL;

  if (issuer && g_strcmp0 (issuer, userinfo->metadata->issuer) != 0)
    return FALSE;
  if (!json_object_has_member (claims, "aud"))
    return TRUE;
  return wf_json_get_strv (claims, "aud", TRUE, 100, &audience, NULL) && audience &&
         g_strv_contains ((const char *const *) audience, self->account->client_id);
}

/* RFC 7519 §4.1.4 and §4.1.5: neither has to be there */
static gboolean
is_good_now (WfSession *self,
             Userinfo  *userinfo)
{
  JsonObject *claims = wf_jwt_get_claims (userinfo->jwt);
  gint64 skew = self->tokens->clock_skew;
  gint64 now = wf_time_add (wf_session_now (self), ABS (skew) > WF_DEFAULT_SKEW ? skew : 0);
  gint64 exp = wf_jwt_get_claim_time (userinfo->jwt, "exp");
  gint64 nbf = wf_jwt_get_claim_time (userinfo->jwt, "nbf");

  if (json_object_has_member (claims, "exp") && (exp == WF_TIME_UNKNOWN || wf_time_add (exp, WF_DEFAULT_SKEW) <= now))
    return FALSE;
  return !json_object_has_member (claims, "nbf") ||
         (nbf != WF_TIME_UNKNOWN && nbf <= wf_time_add (now, WF_DEFAULT_SKEW));
}

static void
judge_signed (GTask          *task,
              WfVerification *verification)
{
  WfSession *self = g_task_get_source_object (task);
  Userinfo *userinfo = g_task_get_task_data (task);

  if (verification->verdict != WF_JWS_VERIFIED)
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_SIGNATURE_INVALID,
                             _("The signature of the provider's answer is not right: %s"), verification->reason);
  else if (!is_for_us (self, userinfo))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USERINFO_MISMATCH, "%s",
                             _("The provider's answer is meant for another application, so it was dropped."));
  else if (!is_good_now (self, userinfo))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_USERINFO_MISMATCH, "%s",
                             _("The provider's answer is too old or not good yet, so it was dropped. Check the clock of this machine."));
  else
    return_claims (task, wf_jwt_get_claims (userinfo->jwt));
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (WfVerification) verification = NULL;
  GError *error = NULL;

  verification = wf_provider_verify_finish (WF_PROVIDER (source), result, NULL /* keys */, &error);
  if (verification)
    judge_signed (task, verification);
  else
    g_task_return_error (task, error);
}

static void
read_signed (GTask      *task,
             const char *text,
             gsize       length)
{
  WfSession *self = g_task_get_source_object (task);
  Userinfo *userinfo = g_task_get_task_data (task);
  GError *error = NULL;

  userinfo->jwt = wf_jwt_parse (text, (gssize) length, &error);
  if (!userinfo->jwt)
    g_task_return_error (task, error);
  else if (wf_jwt_get_kind (userinfo->jwt) != WF_JWT_SIGNED)
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNSUPPORTED, "%s",
                             _("The provider's answer is encrypted, which Warifu did not ask for."));
  else
    wf_provider_verify_async (self->provider, userinfo->jwt, self->tokens->client_secret, userinfo->flow, NULL, on_verified,
                              g_object_ref (task));
}

static void
read_answer (GTask          *task,
             WfHttpResponse *response)
{
  gsize length;
  const char *text = g_bytes_get_data (response->body, &length);
  g_autoptr (JsonObject) claims = NULL;
  GError *error = NULL;

  if (!wf_response_check (_("userinfo endpoint"), response->status, response->content_type, response->retry_after,
                          response->body, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_strcmp0 (response->content_type, "application/jwt") == 0)
    {
      read_signed (task, text, length);
      return;
    }
  if (!wf_response_is_json (response->content_type))
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNEXPECTED_CONTENT_TYPE, "%s",
                               _("The userinfo endpoint did not answer with JSON."));
      return;
    }
  claims = wf_json_parse_object (text, length, WF_JSON_MAX_BYTES, &error);
  if (claims)
    return_claims (task, claims);
  else
    g_task_return_error (task, error);
}

/* RFC 6750 §3: a 401 says in its WWW-Authenticate header what is wrong with the token. */
static GError *
new_bearer_error (const WfHttpResponse *response)
{
  static const char *const names[] = { "invalid_token", "insufficient_scope", "invalid_request" };

  for (gsize i = 0; response->www_authenticate && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *attribute = g_strdup_printf ("error=\"%s\"", names[i]);

      if (strstr (response->www_authenticate, attribute))
        return wf_error_new_oauth (names[i], _("The access token was refused by the userinfo endpoint."), response->status);
    }
  return NULL;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (WfHttpResponse) response = NULL;
  GError *error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (!response)
    {
      g_task_return_error (task, error);
      return;
    }
  if (response->status == 401 || response->status == 403)
    error = new_bearer_error (response);
  if (error)
    g_task_return_error (task, error);
  else
    read_answer (task, response);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Userinfo *userinfo = g_task_get_task_data (task);
  g_autofree char *header = NULL;
  g_autoptr (WfSecretValue) authorization = NULL;
  WfHttpRequest request = { 0 };
  GError *error = NULL;

  userinfo->metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (!userinfo->metadata)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!userinfo->metadata->userinfo_endpoint)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNSUPPORTED, "%s",
                               _("This provider has no userinfo endpoint."));
      return;
    }
  if (!userinfo->flow)
    userinfo->flow = wf_session_begin_flow (self, _("Userinfo"));
  header = g_strconcat ("Bearer ", secret_value_get_text (userinfo->token), NULL);
  authorization = wf_secret_new (header, -1);
  wf_secret_wipe_free (g_steal_pointer (&header));
  request.what = _("userinfo endpoint");
  request.uri = userinfo->metadata->userinfo_endpoint;
  request.authorization = authorization;
  request.accept = "application/json, application/jwt";
  request.flow = userinfo->flow;
  request.is_api = TRUE;
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
  Userinfo *userinfo = g_task_get_task_data (task);
  GError *error = NULL;

  userinfo->token = wf_session_get_token_finish (self, result, &error);
  if (userinfo->token)
    wf_provider_get_metadata_async (self->provider, g_task_get_cancellable (task), on_metadata, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

void
wf_session_get_userinfo_async (WfSession          *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  wf_session_get_userinfo_for_async (self, NULL, cancellable, callback, user_data);
}

void
wf_session_get_userinfo_for_async (WfSession          *self,
                                   WfFlow             *flow,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Userinfo *userinfo = g_new0 (Userinfo, 1);

  g_task_set_source_tag (task, wf_session_get_userinfo_async);
  g_task_set_task_data (task, userinfo, (GDestroyNotify) userinfo_free);
  userinfo->flow = flow ? g_object_ref (flow) : NULL;
  wf_session_get_token_async (self, NULL, 0, WF_CAUSE_BEFORE_ACTION, cancellable, on_token, g_steal_pointer (&task));
}

JsonObject *
wf_session_get_userinfo_finish (WfSession    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
