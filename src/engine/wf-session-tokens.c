/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"

/* --- reading the item --- */

/* Tokens of one client at one issuer are never sent to another, also where somebody edited the account's file. */
static void
drop_foreign_tokens (WfSession  *self,
                     WfTokenSet *set)
{
  gboolean same_issuer = !set->issuer || g_strcmp0 (set->issuer, self->account->issuer) == 0;
  gboolean same_client = !set->client_id || g_strcmp0 (set->client_id, self->account->client_id) == 0;

  if (same_issuer && same_client)
    return;
  wf_token_set_clear_tokens (set);
  wf_secret_set (&set->client_secret, NULL);
  wf_session_note_error (self, set, NULL);
}

static WfTokenSet *
open_document (WfSession   *self,
               SecretValue *document,
               GError     **error)
{
  WfTokenSet *set = document ? wf_token_set_parse (document, error) : wf_token_set_new ();

  if (set)
    drop_foreign_tokens (self, set);
  return set;
}

static void
on_document (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  g_autoptr (WfSecretValue) document = NULL;
  WfTokenSet *set = NULL;
  GError *error = NULL;

  if (wf_vault_load_finish (WF_VAULT (source), result, &document, &error))
    set = open_document (self, document, &error);
  if (set)
    g_task_return_pointer (task, set, (GDestroyNotify) wf_token_set_unref);
  else
    g_task_return_error (task, error);
}

void
wf_session_read_item_async (WfSession          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_session_read_item_async);
  wf_vault_load_async (self->vault, self->account->id, cancellable, on_document, task);
}

void
wf_session_read_async (WfSession          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  if (!self->memory_only)
    {
      wf_session_read_item_async (self, cancellable, callback, user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_session_read_async);
  g_task_return_pointer (task, wf_token_set_copy (self->tokens), (GDestroyNotify) wf_token_set_unref);
}

WfTokenSet *
wf_session_read_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- loading: reading for everybody to see --- */

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  guint changes = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr (WfTokenSet) set = NULL;
  GError *error = NULL;

  set = wf_session_read_finish (self, result, &error);
  if (self->changes != changes)
    {
      /* what was read may be older than what has been written since */
      g_clear_error (&error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (set)
    {
      wf_session_set_keyring_error (self, NULL);
      self->loaded_at = g_get_monotonic_time ();
      wf_session_take_tokens (self, set);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->allow_memory && wf_session_is_keyring_error (error))
    {
      self->memory_only = TRUE;
      wf_session_set_keyring_error (self, error);
      wf_session_take_tokens (self, self->tokens);
    }
  g_task_return_error (task, error);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (wf_session_keep_finish (WF_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
wf_session_load_async (WfSession          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_session_load_async);
  /* What is under way knows better than the item. */
  if (self->loaded && (self->refreshing || self->completing > 0))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  /* Tokens that only memory holds are not thrown away. */
  if (self->loaded && self->memory_only && !wf_token_set_is_empty (self->tokens))
    {
      wf_session_keep_async (self, cancellable, on_kept, g_steal_pointer (&task));
      return;
    }
  g_task_set_task_data (task, GUINT_TO_POINTER (self->changes), NULL);
  self->memory_only = FALSE;
  wf_session_read_async (self, cancellable, on_loaded, g_steal_pointer (&task));
}

gboolean
wf_session_load_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- writing the item --- */

typedef struct
{
  WfTokenSet   *set;
  SecretValue  *document; /* NULL: nothing to keep, the item goes */
  WfWriteFlags  flags;
  guint         epoch;
  gboolean      tried_twice;
} Write;

static void store (GTask *task);

static void
write_free (Write *write)
{
  g_clear_pointer (&write->set, wf_token_set_unref);
  g_clear_pointer (&write->document, secret_value_unref);
  g_free (write);
}

static void
finish_write (GTask  *task,
              GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  if (!error)
    {
      self->memory_only = FALSE;
      self->loaded_at = g_get_monotonic_time ();
      wf_session_set_keyring_error (self, NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }
  wf_session_set_keyring_error (self, error);
  if (self->allow_memory && !(write->flags & WF_WRITE_STRICT))
    {
      self->memory_only = TRUE;
      g_error_free (error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_task_return_error (task, error);
}

/* A rotated refresh token that is not stored is lost with this process: a keyring that stumbled gets one more chance.
 * Not one that is locked, for the person has said no already. */
static gboolean
is_worth_another_try (WfSession    *self,
                      const Write  *write,
                      const GError *error)
{
  return write->document && (write->flags & WF_WRITE_READ_BACK) && !write->tried_twice && write->epoch == self->epoch &&
         (g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_FAILED) ||
          g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE));
}

static void
end_write (GTask  *task,
           GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  if (!is_worth_another_try (self, write, error))
    {
      finish_write (task, error);
      return;
    }
  g_error_free (error);
  write->tried_twice = TRUE;
  store (task);
}

static void
on_read_back (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (WfSecretValue) document = NULL;
  GError *error = NULL;

  if (wf_vault_load_finish (WF_VAULT (source), result, &document, &error) &&
      !wf_secret_equal (document, write->document))
    error = g_error_new_literal (WF_ERROR, WF_ERROR_KEYRING_FAILED,
                                 _("The keyring took the new tokens but does not give them back. Check the keyring, then sign in again."));
  end_write (task, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = write->document ? wf_vault_store_finish (WF_VAULT (source), result, &error)
                                  : wf_vault_clear_finish (WF_VAULT (source), result, &error);

  if (done && write->document && (write->flags & WF_WRITE_READ_BACK))
    wf_vault_load_async (self->vault, self->account->id, NULL, on_read_back, g_steal_pointer (&task));
  else
    end_write (task, error);
}

static void
store (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  wf_vault_store_async (self->vault, self->account->id, write->document, NULL, on_written, g_object_ref (task));
}

/* Makes what is to be stored of @set: whose tokens these are stands with them.
 * Returns: FALSE where it cannot be written down */
static gboolean
prepare_write (WfSession  *self,
               Write      *write,
               WfTokenSet *set,
               GError    **error)
{
  write->set = wf_token_set_copy (set);
  g_free (write->set->issuer);
  write->set->issuer = g_strdup (self->account->issuer);
  g_free (write->set->client_id);
  write->set->client_id = g_strdup (self->account->client_id);
  if (wf_token_set_is_empty (write->set))
    return TRUE;
  write->document = wf_token_set_serialize (write->set, error);
  return write->document != NULL;
}

void
wf_session_write_async (WfSession          *self,
                        WfTokenSet         *set,
                        WfWriteFlags        flags,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Write *write = g_new0 (Write, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, wf_session_write_async);
  g_task_set_task_data (task, write, (GDestroyNotify) write_free);
  write->flags = flags;
  write->epoch = self->epoch;
  if (self->retired)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("The account is being removed."));
      return;
    }
  if (!prepare_write (self, write, set, &error))
    {
      /* tokens that no keyring can take live in memory, or they do not live */
      if (self->allow_memory && !(flags & WF_WRITE_STRICT))
        wf_session_take_tokens (self, write->set);
      finish_write (task, error);
      return;
    }
  wf_session_take_tokens (self, write->set);
  if (write->document)
    store (task);
  else
    wf_vault_clear_async (self->vault, self->account->id, NULL, on_written, g_steal_pointer (&task));
}

gboolean
wf_session_write_finish (WfSession    *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- verifying an ID token --- */

typedef struct
{
  WfJwt                  *jwt;
  WfProviderMetadata     *metadata;
  WfTokenResponse        *response;
  WfAuthorizationRequest *request;
  char                   *previous_subject;
  SecretValue            *client_secret;
  gint64                  clock_skew;
  WfFlow                 *flow;
  gboolean                refetched;
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
on_keys (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Verify *verify = g_task_get_task_data (task);
  g_autoptr (WfJwks) keys = NULL;
  g_autoptr (WfVerification) verification = NULL;
  g_autoptr (GError) error = NULL;

  keys = wf_provider_get_keys_finish (WF_PROVIDER (source), result, &error);
  if (error)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  verification = wf_jws_verify (verify->jwt, keys, verify->client_secret);
  if (verification->verdict == WF_JWS_NO_KEY && !verify->refetched)
    {
      /* the provider may have changed its keys a moment ago */
      verify->refetched = TRUE;
      wf_provider_get_keys_for_async (WF_PROVIDER (source), verify->flow, TRUE, NULL, on_keys, g_steal_pointer (&task));
      return;
    }
  judge (task, verification);
}

/* Returns: whether the keys at hand can say something about this ID token. */
static gboolean
has_key_for (const WfJwks *keys,
             SecretValue  *id_token)
{
  g_autoptr (WfJwt) jwt = wf_jwt_parse (secret_value_get_text (id_token), -1, NULL);
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
  return !keys || !has_key_for (keys, input->response->id_token);
}

void
wf_session_verify_async (WfSession           *self,
                         const WfVerifyInput *input,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;
  Verify *verify;

  g_task_set_source_tag (task, wf_session_verify_async);
  if (!input->response->id_token)
    {
      g_task_return_pointer (task, g_new0 (WfVerifyResult, 1), (GDestroyNotify) wf_verify_result_free);
      return;
    }
  verify = g_new0 (Verify, 1);
  g_task_set_task_data (task, verify, (GDestroyNotify) verify_free);
  verify->jwt = wf_jwt_parse (secret_value_get_text (input->response->id_token), -1, &error);
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
  wf_provider_get_keys_for_async (self->provider, verify->flow, FALSE, NULL, on_keys, g_steal_pointer (&task));
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
