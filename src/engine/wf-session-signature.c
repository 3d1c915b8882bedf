/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include "wf-provider-verify.h"

/* Tokens that came in one answer came in the same moment. */
#define SAME_ANSWER 5

static gboolean
is_symmetric (const WfJwt *jwt)
{
  return g_str_has_prefix (wf_jwt_get_algorithm (jwt), "HS");
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfVerification *verification;
  GError *error = NULL;

  verification = wf_provider_verify_finish (WF_PROVIDER (source), result, NULL /* keys */, &error);
  if (verification)
    g_task_return_pointer (task, verification, (GDestroyNotify) wf_verification_unref);
  else
    g_task_return_error (task, error);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  g_autoptr (WfProviderMetadata) metadata = NULL;
  GError *error = NULL;

  metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (metadata && self->provider == WF_PROVIDER (source))
    wf_session_set_metadata (self, metadata);
  if (metadata)
    wf_provider_verify_async (WF_PROVIDER (source), g_task_get_task_data (task), self->tokens->client_secret, NULL /* flow */,
                              g_task_get_cancellable (task), on_verified, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

void
wf_session_check_signature_async (WfSession          *self,
                                  WfJwt              *jwt,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  WfVerification *known = wf_session_peek_signature (self, jwt);

  g_task_set_source_tag (task, wf_session_check_signature_async);
  if (known && known->verdict != WF_JWS_NO_KEY)
    {
      g_task_return_pointer (task, known, (GDestroyNotify) wf_verification_unref);
      return;
    }
  g_clear_pointer (&known, wf_verification_unref);
  g_task_set_task_data (task, wf_jwt_ref (jwt), (GDestroyNotify) wf_jwt_unref);
  wf_provider_get_metadata_async (self->provider, cancellable, on_metadata, g_steal_pointer (&task));
}

WfVerification *
wf_session_check_signature_finish (WfSession    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

WfVerification *
wf_session_peek_signature (WfSession   *self,
                           const WfJwt *jwt)
{
  const WfProviderMetadata *metadata = self->provider ? wf_provider_peek_metadata (self->provider) : NULL;
  const WfJwks *keys = self->provider ? wf_provider_peek_keys (self->provider) : NULL;

  if (wf_jwt_get_kind (jwt) != WF_JWT_SIGNED || is_symmetric (jwt) || keys || (metadata && !metadata->jwks_uri) || !self->provider)
    return wf_jws_verify (jwt, keys, self->tokens->client_secret);
  return NULL;
}

/* --- what the provider says of itself --- */

static void
on_learned (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfSession) self = user_data;
  g_autoptr (WfProviderMetadata) metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, NULL);

  if (metadata && self->provider == WF_PROVIDER (source))
    wf_session_set_metadata (self, metadata);
}

void
wf_session_learn_metadata (WfSession *self)
{
  g_return_if_fail (WF_IS_SESSION (self));

  if (!self->metadata && self->provider && !self->retired)
    wf_provider_get_metadata_async (self->provider, NULL, on_learned, g_object_ref (self));
}

/* --- what was said of the ID token, after it was read from the keyring --- */

/* The verdict was written down with the token; with which reason was not. */
static WfVerification *
restore_verification (const WfTokenSet *tokens,
                      const WfJwt      *jwt)
{
  WfVerification *verification = g_new0 (WfVerification, 1);

  g_atomic_ref_count_init (&verification->ref_count);
  verification->verdict = tokens->id_token_verdict;
  verification->algorithm = g_strdup (wf_jwt_get_algorithm (jwt));
  verification->key_id = g_strdup (tokens->id_token_key_id ? tokens->id_token_key_id : wf_jwt_get_key_id (jwt));
  return verification;
}

/* at_hash is about the access token of the same answer, and of no later one. */
static SecretValue *
get_access_token_of_answer (const WfTokenSet *tokens)
{
  const WfAccessToken *access = wf_token_set_get_access_token (tokens, NULL);

  if (!access || access->issued_at == WF_TIME_UNKNOWN || tokens->id_token_received_at == WF_TIME_UNKNOWN)
    return NULL;
  return ABS (access->issued_at - tokens->id_token_received_at) <= SAME_ANSWER ? access->token : NULL;
}

/* Who typed a bare domain gets an issuer that ends in a slash; before the metadata are known, nobody but the token says so. */
static char *
get_issuer (WfSession   *self,
            const WfJwt *jwt)
{
  const char *named = wf_jwt_get_claim_string (jwt, "iss");
  g_autofree char *with_slash = self->account->issuer ? g_strconcat (self->account->issuer, "/", NULL) : NULL;

  if (self->metadata)
    return g_strdup (self->metadata->issuer);
  return g_strcmp0 (named, with_slash) == 0 ? g_steal_pointer (&with_slash) : g_strdup (self->account->issuer);
}

void
wf_session_restore_checks (WfSession *self)
{
  const WfTokenSet *tokens = self->tokens;
  g_autofree char *issuer = NULL;
  g_autoptr (WfJwt) jwt = NULL;
  g_autoptr (WfVerification) verification = NULL;
  WfIdTokenExpectations expectations;

  if (self->checks || !tokens->id_token || tokens->id_token_received_at == WF_TIME_UNKNOWN)
    return;
  jwt = wf_jwt_parse (secret_value_get_text (tokens->id_token), -1, NULL);
  if (!jwt || wf_jwt_get_kind (jwt) != WF_JWT_SIGNED)
    return;
  verification = restore_verification (tokens, jwt);
  issuer = get_issuer (self, jwt);
  /* What a sign-in alone knows (nonce, max_age) was checked then, and is not known any more. */
  expectations = (WfIdTokenExpectations) {
    .issuer = issuer,
    .client_id = self->account->client_id,
    .access_token = get_access_token_of_answer (tokens),
    .max_age = -1,
    .previous_subject = tokens->subject,
    .is_refresh = TRUE,
    .now = wf_time_add (tokens->id_token_received_at, ABS (tokens->clock_skew) > WF_DEFAULT_SKEW ? tokens->clock_skew : 0),
    .skew = WF_DEFAULT_SKEW,
  };
  wf_id_token_check (jwt, verification, &expectations, &self->checks, NULL);
}
