/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-provider-verify.h"

/* What is held against an ID token that just came: its signature, then its claims. */
typedef struct
{
  WfJwt                  *jwt;
  WfProviderMetadata     *metadata;
  WfTokenResponse        *response;
  WfAuthorizationRequest *request;
  char                   *previous_subject;
  char                   *previous_nonce;
  SecretValue            *client_secret;
  gint64                  clock_skew;
  WfFlow                 *flow;
} Verify;

static void
verify_free (Verify *verify)
{
  g_clear_pointer (&verify->jwt, wf_jwt_unref);
  g_clear_pointer (&verify->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&verify->response, wf_token_response_unref);
  g_clear_pointer (&verify->request, wf_authorization_request_unref);
  g_clear_pointer (&verify->client_secret, secret_value_unref);
  g_clear_object (&verify->flow);
  g_free (verify->previous_subject);
  g_clear_pointer (&verify->previous_nonce, wf_secret_wipe_free);
  g_free (verify);
}

void
wf_verify_result_free (WfVerifyResult *result)
{
  if (!result)
    return;
  g_clear_pointer (&result->verification, wf_verification_unref);
  g_free (result->subject);
  g_free (result);
}

/* Returns: (transfer full) (nullable): the nonce of the ID token that is held, if it has one */
static char *
dup_held_nonce (WfSession *self)
{
  SecretValue *held = self->tokens ? self->tokens->id_token : NULL;
  g_autoptr (WfJwt) jwt = held ? wf_jwt_parse (secret_value_get_text (held), -1, NULL) : NULL;

  return jwt && wf_jwt_get_kind (jwt) == WF_JWT_SIGNED ? g_strdup (wf_jwt_get_claim_string (jwt, "nonce")) : NULL;
}

static gboolean
is_symmetric (const WfJwt *jwt)
{
  return g_str_has_prefix (wf_jwt_get_algorithm (jwt), "HS");
}

static void
fill_expectations (WfSession             *self,
                   const Verify          *verify,
                   WfIdTokenExpectations *expectations)
{
  gint64 skew = verify->clock_skew;

  *expectations = (WfIdTokenExpectations) {
    .issuer = verify->metadata->issuer,
    .client_id = self->account->client_id,
    .nonce = verify->previous_nonce,
    .access_token = verify->response->access_token,
    .max_age = -1,
    .previous_subject = verify->previous_subject,
    .is_refresh = verify->request == NULL,
    /* a clock that is wrong here does not make the provider's tokens wrong */
    .now = wf_time_add (wf_session_now (self), ABS (skew) > WF_DEFAULT_SKEW ? skew : 0),
    .skew = WF_DEFAULT_SKEW,
  };
  if (verify->request)
    {
      expectations->nonce = wf_authorization_request_get_nonce (verify->request);
      expectations->max_age = wf_authorization_request_get_max_age (verify->request);
      expectations->acr_values = wf_authorization_request_get_acr_values (verify->request);
    }
}

static void
record_checks (WfSession *self,
               WfFlow    *flow,
               GPtrArray *checks)
{
  for (guint i = 0; flow && i < checks->len; i++)
    {
      const WfCheck *check = g_ptr_array_index (checks, i);
      g_autofree char *title = g_strdup_printf (_("ID token: %s"), check->name);

      wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_WARIFU, title, check->detail, !check->passed,
                   wf_clock_now_us (self->clock), NULL);
    }
}

static void
judge (GTask          *task,
       WfVerification *verification)
{
  WfSession *self = g_task_get_source_object (task);
  Verify *verify = g_task_get_task_data (task);
  WfIdTokenExpectations expectations;
  WfVerifyResult *outcome;
  GError *error = NULL;
  gboolean valid;

  fill_expectations (self, verify, &expectations);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  valid = wf_id_token_check (verify->jwt, verification, &expectations, &self->checks, &error);
  if (self->checks)
    record_checks (self, verify->flow, self->checks);
  g_clear_pointer (&self->verification, wf_verification_unref);
  self->verification = wf_verification_ref (verification);
  if (!valid)
    {
      g_task_return_error (task, error);
      return;
    }
  outcome = g_new0 (WfVerifyResult, 1);
  outcome->verification = wf_verification_ref (verification);
  outcome->subject = g_strdup (wf_jwt_get_claim_string (verify->jwt, "sub"));
  g_task_return_pointer (task, outcome, (GDestroyNotify) wf_verify_result_free);
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
    judge (task, verification);
  else
    g_task_return_error (task, error);
}

/* Returns: whether the keys at hand can say something about this ID token. */
static gboolean
has_key_for (const WfJwks *keys,
             const WfJwt  *jwt)
{
  const char *key_id = jwt ? wf_jwt_get_key_id (jwt) : NULL;

  return !key_id || wf_jwks_has_key_id (keys, key_id);
}

gboolean
wf_session_verify_must_wait (WfSession           *self,
                             const WfVerifyInput *input)
{
  const WfJwks *keys = wf_provider_peek_keys (self->provider);

  if (!input->response->id_token || !input->metadata->jwks_uri)
    return FALSE;
  return !keys || !has_key_for (keys, input->id_token);
}

void
wf_session_verify_async (WfSession           *self,
                         const WfVerifyInput *input,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Verify *verify;

  g_task_set_source_tag (task, wf_session_verify_async);
  if (!input->response->id_token)
    {
      g_task_return_pointer (task, g_new0 (WfVerifyResult, 1), (GDestroyNotify) wf_verify_result_free);
      return;
    }
  verify = g_new0 (Verify, 1);
  g_task_set_task_data (task, verify, (GDestroyNotify) verify_free);
  verify->jwt = input->id_token ? wf_jwt_ref (input->id_token)
                                : wf_jwt_parse (secret_value_get_text (input->response->id_token), -1, NULL);
  if (!verify->jwt || wf_jwt_get_kind (verify->jwt) != WF_JWT_SIGNED)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_ID_TOKEN_INVALID, "%s",
                               verify->jwt ? _("The ID token is encrypted, which Warifu did not ask for.")
                                           : _("The ID token cannot be read. The provider may be misconfigured."));
      return;
    }
  verify->metadata = wf_provider_metadata_ref (input->metadata);
  verify->response = wf_token_response_ref (input->response);
  verify->request = input->request ? wf_authorization_request_ref (input->request) : NULL;
  verify->previous_subject = g_strdup (input->previous_subject);
  verify->previous_nonce = input->request ? NULL : dup_held_nonce (self);
  verify->client_secret = input->client_secret ? secret_value_ref (input->client_secret) : NULL;
  verify->clock_skew = input->clock_skew;
  verify->flow = input->flow ? g_object_ref (input->flow) : NULL;
  if (is_symmetric (verify->jwt) && !verify->client_secret)
    {
      /* whatever the key is that it was made with, everybody knows it */
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_SIGNATURE_INVALID, "%s",
                               _("The ID token is signed with a shared secret, and this client has none. It may be forged."));
      return;
    }
  if (is_symmetric (verify->jwt))
    {
      g_autoptr (WfVerification) verification = wf_jws_verify (verify->jwt, NULL, verify->client_secret);

      judge (task, verification);
      return;
    }
  wf_provider_verify_async (self->provider, verify->jwt, verify->client_secret, verify->flow, NULL, on_verified,
                            g_object_ref (task));
}

WfVerifyResult *
wf_session_verify_finish (WfSession    *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
wf_session_apply_verification (WfTokenSet           *set,
                               const WfVerifyResult *result,
                               gint64                now)
{
  if (!result->verification)
    return;
  set->id_token_verdict = result->verification->verdict;
  g_free (set->id_token_key_id);
  set->id_token_key_id = g_strdup (result->verification->key_id);
  set->id_token_received_at = now;
  g_free (set->subject);
  set->subject = g_strdup (result->subject);
}
