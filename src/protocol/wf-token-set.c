/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-set.h"

G_DEFINE_BOXED_TYPE (WfTokenSet, wf_token_set, wf_token_set_ref, wf_token_set_unref)

static void
access_token_free (gpointer data)
{
  WfAccessToken *token = data;

  g_clear_pointer (&token->audience, g_free);
  wf_secret_set (&token->token, NULL);
  g_clear_pointer (&token->scope, g_free);
  g_free (token);
}

static gpointer
access_token_copy (gconstpointer source,
                   gpointer      user_data)
{
  const WfAccessToken *token = source;
  WfAccessToken *copy = g_memdup2 (token, sizeof *token);

  copy->audience = g_strdup (token->audience);
  copy->token = NULL;
  wf_secret_set (&copy->token, token->token);
  copy->scope = g_strdup (token->scope);
  return copy;
}

static void
keep_secret (SecretValue **slot)
{
  SecretValue *value = g_steal_pointer (slot);

  wf_secret_set (slot, value);
}

static WfAccessToken *
find_access_token (const WfTokenSet *set,
                   const char       *audience)
{
  for (guint i = 0; i < set->access_tokens->len; i++)
    {
      WfAccessToken *token = g_ptr_array_index (set->access_tokens, i);

      if (g_strcmp0 (token->audience, audience ? audience : "") == 0)
        return token;
    }
  return NULL;
}

/* Returns: (transfer none): the place for @audience's token, made where there is none */
static WfAccessToken *
ensure_access_token (WfTokenSet *set,
                     const char *audience)
{
  WfAccessToken *token = find_access_token (set, audience);

  if (token)
    return token;
  token = g_new0 (WfAccessToken, 1);
  token->audience = g_strdup (audience ? audience : "");
  token->issued_at = WF_TIME_UNKNOWN;
  token->expires_at = WF_TIME_UNKNOWN;
  /* the account's own comes first */
  g_ptr_array_insert (set->access_tokens, *token->audience ? -1 : 0, token);
  return token;
}

static gint64
end_of (gint64 now,
        gint64 expires_in)
{
  return expires_in < 0 ? WF_TIME_UNKNOWN : wf_time_add (now, expires_in);
}

/* What the token before was good for, to compare with. */
static void
keep_previous (WfTokenSet          *set,
               const WfAccessToken *token)
{
  wf_secret_set (&set->previous_access_token, token->token);
  g_free (set->previous_scope);
  set->previous_scope = g_strdup (token->scope);
  set->previous_lifetime = token->issued_at == WF_TIME_UNKNOWN || token->expires_at == WF_TIME_UNKNOWN
    ? WF_TIME_UNKNOWN
    : MAX (token->expires_at - token->issued_at, 0);
}

static void
apply_access_token (WfTokenSet            *set,
                    const WfTokenResponse *response,
                    const char            *audience,
                    gint64                 now)
{
  WfAccessToken *token = ensure_access_token (set, audience);

  if (!*token->audience && token->token)
    keep_previous (set, token);
  wf_secret_set (&token->token, response->access_token);
  token->issued_at = now;
  token->expires_at = end_of (now, response->expires_in);
  if (!response->scope)
    return;
  g_free (token->scope);
  token->scope = g_strdup (response->scope);
}

/* RFC 6749 §6: no refresh token in the answer means that the one held goes on */
static void
apply_refresh_token (WfTokenSet            *set,
                     const WfTokenResponse *response,
                     gint64                 now)
{
  gboolean is_new = response->refresh_token && !wf_secret_equal (response->refresh_token, set->refresh_token);

  if (is_new)
    {
      set->rotates |= set->refresh_token != NULL;
      set->generation = set->refresh_token ? set->generation + 1 : 1;
      set->refresh_issued_at = now;
      wf_secret_set (&set->refresh_token, response->refresh_token);
    }
  if (set->refresh_token && (is_new || response->refresh_expires_in >= 0))
    set->refresh_expires_at = end_of (now, response->refresh_expires_in);
}

static void
apply_id_token (WfTokenSet            *set,
                const WfTokenResponse *response,
                gint64                 now)
{
  if (!response->id_token)
    return;
  if (set->id_token)
    wf_secret_set (&set->previous_id_token, set->id_token);
  wf_secret_set (&set->id_token, response->id_token);
  set->id_token_received_at = now;
  /* The verdict was on the one before. */
  set->id_token_verdict = WF_JWS_UNVERIFIED;
  g_clear_pointer (&set->id_token_key_id, g_free);
}

static void
clear_refresh_note (WfTokenSet *set)
{
  set->refresh_started_at = WF_TIME_UNKNOWN;
  set->refresh_attempts = 0;
  set->refresh_lost = FALSE;
}

static void
clear_last_error (WfTokenSet *set)
{
  g_clear_pointer (&set->error_name, g_free);
  g_clear_pointer (&set->error_description, g_free);
  set->error_at = WF_TIME_UNKNOWN;
  set->sign_in_failed = FALSE;
}

WfTokenSet *
wf_token_set_new (void)
{
  WfTokenSet *set = g_new0 (WfTokenSet, 1);

  g_atomic_ref_count_init (&set->ref_count);
  set->access_tokens = g_ptr_array_new_with_free_func (access_token_free);
  set->refresh_issued_at = WF_TIME_UNKNOWN;
  set->refresh_expires_at = WF_TIME_UNKNOWN;
  set->signed_in_at = WF_TIME_UNKNOWN;
  set->id_token_verdict = WF_JWS_UNVERIFIED;
  set->id_token_received_at = WF_TIME_UNKNOWN;
  set->previous_lifetime = WF_TIME_UNKNOWN;
  set->refresh_started_at = WF_TIME_UNKNOWN;
  set->error_at = WF_TIME_UNKNOWN;
  return set;
}

WfTokenSet *
wf_token_set_copy (const WfTokenSet *set)
{
  WfTokenSet *copy;

  g_return_val_if_fail (set != NULL, NULL);

  copy = g_memdup2 (set, sizeof *set);
  g_atomic_ref_count_init (&copy->ref_count);
  keep_secret (&copy->client_secret);
  keep_secret (&copy->refresh_token);
  keep_secret (&copy->id_token);
  keep_secret (&copy->previous_access_token);
  keep_secret (&copy->previous_id_token);
  copy->access_tokens = g_ptr_array_copy (set->access_tokens, (GCopyFunc) access_token_copy, NULL);
  g_ptr_array_set_free_func (copy->access_tokens, access_token_free);
  copy->issuer = g_strdup (set->issuer);
  copy->client_id = g_strdup (set->client_id);
  copy->subject = g_strdup (set->subject);
  copy->id_token_key_id = g_strdup (set->id_token_key_id);
  copy->write_id = g_strdup (set->write_id);
  copy->requested_scope = g_strdup (set->requested_scope);
  copy->previous_scope = g_strdup (set->previous_scope);
  copy->error_name = g_strdup (set->error_name);
  copy->error_description = g_strdup (set->error_description);
  return copy;
}

WfTokenSet *
wf_token_set_ref (WfTokenSet *set)
{
  g_return_val_if_fail (set != NULL, NULL);

  g_atomic_ref_count_inc (&set->ref_count);
  return set;
}

void
wf_token_set_unref (WfTokenSet *set)
{
  g_return_if_fail (set != NULL);

  if (!g_atomic_ref_count_dec (&set->ref_count))
    return;
  wf_token_set_clear_tokens (set);
  clear_last_error (set);
  wf_secret_set (&set->client_secret, NULL);
  g_clear_pointer (&set->issuer, g_free);
  g_clear_pointer (&set->client_id, g_free);
  g_clear_pointer (&set->write_id, g_free);
  g_clear_pointer (&set->access_tokens, g_ptr_array_unref);
  g_free (set);
}

const WfAccessToken *
wf_token_set_get_access_token (const WfTokenSet *set,
                               const char       *audience)
{
  g_return_val_if_fail (set != NULL, NULL);

  return find_access_token (set, audience);
}

void
wf_token_set_apply (WfTokenSet            *set,
                    const WfTokenResponse *response,
                    const char            *audience,
                    gboolean               is_sign_in,
                    gint64                 now)
{
  g_return_if_fail (set != NULL && response != NULL);

  if (is_sign_in)
    {
      wf_token_set_clear_tokens (set);
      set->signed_in_at = now;
    }
  else
    set->refreshes++;
  apply_access_token (set, response, audience, now);
  apply_refresh_token (set, response, now);
  apply_id_token (set, response, now);
  clear_refresh_note (set);
  clear_last_error (set);
}

/* What was measured of the server's clock and why the session ended are no tokens: both stay. */
void
wf_token_set_clear_tokens (WfTokenSet *set)
{
  g_return_if_fail (set != NULL);

  wf_secret_set (&set->refresh_token, NULL);
  wf_secret_set (&set->id_token, NULL);
  wf_secret_set (&set->previous_access_token, NULL);
  wf_secret_set (&set->previous_id_token, NULL);
  g_ptr_array_set_size (set->access_tokens, 0);
  set->generation = 0;
  set->refreshes = 0;
  set->rotates = FALSE;
  set->refresh_issued_at = WF_TIME_UNKNOWN;
  set->refresh_expires_at = WF_TIME_UNKNOWN;
  set->signed_in_at = WF_TIME_UNKNOWN;
  set->id_token_verdict = WF_JWS_UNVERIFIED;
  set->id_token_received_at = WF_TIME_UNKNOWN;
  g_clear_pointer (&set->subject, g_free);
  g_clear_pointer (&set->id_token_key_id, g_free);
  g_clear_pointer (&set->requested_scope, g_free);
  g_clear_pointer (&set->previous_scope, g_free);
  set->previous_lifetime = WF_TIME_UNKNOWN;
  clear_refresh_note (set);
}

gboolean
wf_token_set_is_empty (const WfTokenSet *set)
{
  g_return_val_if_fail (set != NULL, TRUE);

  return !set->client_secret && !set->refresh_token && !set->id_token && !set->error_name &&
         set->access_tokens->len == 0;
}
