/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-grants.h"

#include "wf-authorization-request.h"
#include "wf-random.h"
#include "wf-scope.h"
#include "wf-secret.h"

#define TOKEN_BYTES 32
#define SWEEP_INTERVAL 60
/* Spent and expired records stay for a while, so that their second use is noticed. */
#define KEEP_EXPIRED (10 * 60)

struct _WfDemoGrants
{
  GHashTable *tokens; /* SHA-256 in hex → WfDemoToken */
  gint64      swept_at;
  guint       reuse_count;
};

WfDemoGrant *
wf_demo_grant_new (void)
{
  WfDemoGrant *grant = g_new0 (WfDemoGrant, 1);

  grant->resources = g_new0 (char *, 1);
  g_ref_count_init (&grant->ref_count);
  return grant;
}

WfDemoGrant *
wf_demo_grant_ref (WfDemoGrant *grant)
{
  g_ref_count_inc (&grant->ref_count);
  return grant;
}

void
wf_demo_grant_unref (WfDemoGrant *grant)
{
  if (!g_ref_count_dec (&grant->ref_count))
    return;
  g_free (grant->client_id);
  g_free (grant->user);
  g_free (grant->scope);
  g_free (grant->audience);
  g_strfreev (grant->resources);
  g_free (grant->nonce);
  g_free (grant->session_id);
  g_free (grant);
}

static void
token_free (WfDemoToken *token)
{
  wf_demo_grant_unref (token->grant);
  g_free (token->scope);
  g_free (token->redirect_uri);
  g_free (token->code_challenge);
  g_free (token);
}

static char *
hash_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

static WfDemoToken *
add_token (WfDemoGrants    *grants,
           WfDemoTokenKind  kind,
           WfDemoGrant     *grant,
           const char      *text,
           gint64           expires_at)
{
  WfDemoToken *token = g_new0 (WfDemoToken, 1);

  token->kind = kind;
  token->grant = wf_demo_grant_ref (grant);
  token->expires_at = expires_at;
  g_hash_table_replace (grants->tokens, hash_token (text), token);
  return token;
}

static WfDemoToken *
find_token (WfDemoGrants    *grants,
            WfDemoTokenKind  kind,
            const char      *text)
{
  g_autofree char *hash = hash_token (text);
  WfDemoToken *token = g_hash_table_lookup (grants->tokens, hash);

  return token && token->kind == kind ? token : NULL;
}

static gboolean
is_forgettable (gpointer key,
                gpointer value,
                gpointer user_data)
{
  const WfDemoToken *token = value;
  const gint64 *now = user_data;

  return token->expires_at + KEEP_EXPIRED < *now;
}

static void
sweep (WfDemoGrants *grants,
       gint64        now)
{
  if (ABS (now - grants->swept_at) < SWEEP_INTERVAL)
    return;
  grants->swept_at = now;
  g_hash_table_foreach_remove (grants->tokens, is_forgettable, &now);
}

/* RFC 7636 §4.6 */
static gboolean
check_verifier (const WfDemoToken *code,
                const char        *verifier)
{
  g_autofree char *challenge = NULL;
  gsize length = verifier ? strlen (verifier) : 0;

  if (length < 43 || length > 128) /* RFC 7636 §4.1 */
    return FALSE;
  challenge = wf_authorization_request_make_challenge (verifier);
  return wf_secret_text_equal (challenge, code->code_challenge);
}

WfDemoGrants *
wf_demo_grants_new (void)
{
  WfDemoGrants *grants = g_new0 (WfDemoGrants, 1);

  grants->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) token_free);
  return grants;
}

void
wf_demo_grants_free (WfDemoGrants *grants)
{
  if (!grants)
    return;
  g_hash_table_unref (grants->tokens);
  g_free (grants);
}

char *
wf_demo_grants_issue_code (WfDemoGrants *grants,
                           WfDemoGrant  *grant,
                           const char   *redirect_uri,
                           const char   *code_challenge,
                           gint64        expires_at)
{
  char *code = wf_random_token (TOKEN_BYTES);
  WfDemoToken *token = add_token (grants, WF_DEMO_CODE, grant, code, expires_at);

  token->redirect_uri = g_strdup (redirect_uri);
  token->code_challenge = g_strdup (code_challenge);
  return code;
}

char *
wf_demo_grants_issue_refresh_token (WfDemoGrants *grants,
                                    WfDemoGrant  *grant)
{
  char *text = wf_random_token (TOKEN_BYTES);
  WfDemoToken *token = add_token (grants, WF_DEMO_REFRESH_TOKEN, grant, text, grant->refresh_expires_at);

  grant->generation++;
  token->generation = grant->generation;
  return text;
}

void
wf_demo_grants_add_access_token (WfDemoGrants *grants,
                                 WfDemoGrant  *grant,
                                 const char   *token,
                                 const char   *scope,
                                 gint64        expires_at)
{
  WfDemoToken *record = add_token (grants, WF_DEMO_ACCESS_TOKEN, grant, token, expires_at);

  record->scope = g_strdup (scope);
}

const WfDemoToken *
wf_demo_grants_find_access_token (WfDemoGrants *grants,
                                  const char   *token,
                                  gint64        now)
{
  const WfDemoToken *record = find_token (grants, WF_DEMO_ACCESS_TOKEN, token);

  return record && !record->grant->revoked && now < record->expires_at ? record : NULL;
}

WfDemoGrant *
wf_demo_grants_redeem_code (WfDemoGrants *grants,
                            const char   *code,
                            const char   *client_id,
                            const char   *redirect_uri,
                            const char   *verifier,
                            gint64        now,
                            const char  **reason)
{
  WfDemoToken *token;

  sweep (grants, now);
  token = find_token (grants, WF_DEMO_CODE, code);
  if (!token || g_strcmp0 (token->grant->client_id, client_id) != 0)
    {
      *reason = "Unknown authorization code.";
      return NULL;
    }
  if (token->used_at != 0)
    {
      token->grant->revoked = TRUE;
      *reason = "The authorization code was used before.";
      return NULL;
    }
  token->used_at = now;
  if (now >= token->expires_at || token->grant->revoked)
    *reason = "The authorization code has expired.";
  else if (g_strcmp0 (token->redirect_uri, redirect_uri) != 0) /* RFC 6749 §4.1.3 */
    *reason = "The redirect_uri is not the one of the authorization request.";
  else if (!check_verifier (token, verifier))
    *reason = "The code_verifier does not fit the code_challenge.";
  else
    return wf_demo_grant_ref (token->grant);
  return NULL;
}

WfDemoGrant *
wf_demo_grants_find_refresh (WfDemoGrants *grants,
                             const char   *token,
                             const char   *client_id,
                             gint64        leeway,
                             gint64        now,
                             const char  **reason)
{
  WfDemoToken *record;
  gboolean is_previous;

  sweep (grants, now);
  record = find_token (grants, WF_DEMO_REFRESH_TOKEN, token);
  if (!record || record->grant->revoked || g_strcmp0 (record->grant->client_id, client_id) != 0)
    {
      *reason = "Unknown or invalid refresh token.";
      return NULL;
    }
  if (now >= record->expires_at)
    {
      *reason = "The refresh token has expired.";
      return NULL;
    }
  is_previous = record->generation + 1 == record->grant->generation;
  if (record->used_at != 0 && !(is_previous && now - record->used_at <= leeway && leeway > 0))
    {
      record->grant->revoked = TRUE;
      grants->reuse_count++;
      *reason = "The refresh token was used before; all tokens of this sign-in are revoked.";
      return NULL;
    }
  return wf_demo_grant_ref (record->grant);
}

char *
wf_demo_grants_rotate (WfDemoGrants *grants,
                       const char   *token,
                       gint64        now)
{
  WfDemoToken *record = find_token (grants, WF_DEMO_REFRESH_TOKEN, token);

  g_return_val_if_fail (record != NULL, NULL);

  /* The leeway counts from the first use. */
  if (record->used_at == 0)
    record->used_at = now;
  return wf_demo_grants_issue_refresh_token (grants, record->grant);
}

gboolean
wf_demo_grants_revoke (WfDemoGrants *grants,
                       const char   *token,
                       const char   *client_id)
{
  g_autofree char *hash = hash_token (token);
  WfDemoToken *record = g_hash_table_lookup (grants->tokens, hash);

  if (!record || record->kind == WF_DEMO_CODE)
    return TRUE;
  if (g_strcmp0 (record->grant->client_id, client_id) != 0)
    return FALSE;
  if (record->kind == WF_DEMO_REFRESH_TOKEN)
    record->grant->revoked = TRUE;
  else
    g_hash_table_remove (grants->tokens, hash);
  return TRUE;
}

void
wf_demo_grants_revoke_session (WfDemoGrants *grants,
                               const char   *session_id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, grants->tokens);
  while (g_hash_table_iter_next (&iter, NULL /* key */, &value))
    {
      WfDemoGrant *grant = ((WfDemoToken *) value)->grant;

      if (g_strcmp0 (grant->session_id, session_id) == 0 && !wf_scope_contains (grant->scope, "offline_access"))
        grant->revoked = TRUE;
    }
}

void
wf_demo_grants_revoke_all (WfDemoGrants *grants)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, grants->tokens);
  while (g_hash_table_iter_next (&iter, NULL /* key */, &value))
    ((WfDemoToken *) value)->grant->revoked = TRUE;
}

guint
wf_demo_grants_get_reuse_count (const WfDemoGrants *grants)
{
  return grants->reuse_count;
}
