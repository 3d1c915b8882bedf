/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"
#include "wf-demo-client.h"
#include "wf-demo-context.h"
#include "wf-demo-mint.h"
#include "wf-scope.h"
#include "wf-secret.h"

/* Fields that must not stand twice (RFC 6749 §3.2); resource may (RFC 8707 §2). */
static const char *const single_fields[] = {
  "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope", "audience", "client_id",
  "client_secret", "token", "token_type_hint", NULL,
};

static gboolean
check_single (SoupServerMessage *message,
              const WfForm      *form)
{
  for (guint i = 0; single_fields[i]; i++)
    {
      g_autofree char *description = NULL;

      if (wf_form_count (form, single_fields[i]) <= 1)
        continue;
      description = g_strdup_printf ("The parameter %s stands twice.", single_fields[i]);
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request", description);
      return FALSE;
    }
  return TRUE;
}

static char **
collect_resources (const WfForm *form)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < wf_form_get_length (form); i++)
    if (g_strcmp0 (wf_form_get_name (form, i), "resource") == 0)
      g_strv_builder_add (builder, wf_form_get_value (form, i));
  return g_strv_builder_end (builder);
}

/* RFC 8707 §2.2: those that were granted, or some of them. */
static gboolean
are_granted (char       **resources,
             WfDemoGrant *grant)
{
  for (guint i = 0; resources[i]; i++)
    if (!g_strv_contains ((const char *const *) grant->resources, resources[i]))
      return FALSE;
  return TRUE;
}

static void
answer_tokens (WfDemoContext     *context,
               SoupServerMessage *message,
               const WfForm      *form,
               WfDemoGrant       *grant,
               const char        *scope,
               const char        *refresh_token,
               gboolean           is_refresh)
{
  g_auto (GStrv) resources = collect_resources (form);
  const char *audience = wf_form_lookup (form, "audience");
  g_autoptr (JsonObject) answer = NULL;
  WfDemoMintRequest request = {
    .grant = grant,
    .scope = scope,
    .audience = audience && *audience ? audience : grant->audience,
    .resources = (const char *const *) (resources[0] ? resources : grant->resources),
    .refresh_token = refresh_token,
    .is_refresh = is_refresh,
  };

  answer = wf_demo_mint (context, &request);
  wf_demo_answer_json (message, SOUP_STATUS_OK, answer);
}

static gboolean
check_resources (SoupServerMessage *message,
                 const WfForm      *form,
                 WfDemoGrant       *grant)
{
  g_auto (GStrv) resources = collect_resources (form);

  if (are_granted (resources, grant))
    return TRUE;
  wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_target", "The resource was not granted.");
  return FALSE;
}

/* RFC 6749 §4.1.3 */
static void
exchange_code (WfDemoContext     *context,
               SoupServerMessage *message,
               const WfForm      *form,
               const char        *client_id)
{
  const char *code = wf_form_lookup (form, "code");
  const char *verifier = wf_form_lookup (form, "code_verifier");
  const char *reason = NULL;
  g_autoptr (WfDemoGrant) grant = NULL;
  g_autoptr (WfWipedString) refresh_token = NULL;

  if (!code || !verifier)
    {
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                            code ? "The code_verifier is missing." : "The code is missing.");
      return;
    }
  grant = wf_demo_grants_redeem_code (context->grants, code, client_id, wf_form_lookup (form, "redirect_uri"),
                                      verifier, wf_demo_context_now (context), &reason);
  if (!grant)
    {
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_grant", reason);
      return;
    }
  if (!check_resources (message, form, grant))
    return;
  if (wf_scope_contains (grant->scope, "offline_access"))
    refresh_token = wf_demo_grants_issue_refresh_token (context->grants, grant);
  answer_tokens (context, message, form, grant, grant->scope, refresh_token, FALSE);
}

/* RFC 6749 §6: the scope may be narrowed, never widened. */
static gboolean
check_scope (SoupServerMessage *message,
             const char        *scope,
             WfDemoGrant       *grant)
{
  g_auto (GStrv) more = wf_scope_subtract (scope, grant->scope);

  if (wf_scope_check (scope, NULL) && !more[0])
    return TRUE;
  wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_scope", "The scope is wider than what was granted.");
  return FALSE;
}

static void
refresh (WfDemoContext     *context,
         SoupServerMessage *message,
         const WfForm      *form,
         const char        *client_id)
{
  const char *token = wf_form_lookup (form, "refresh_token");
  const char *scope = wf_form_lookup (form, "scope");
  const char *reason = NULL;
  gint64 now = wf_demo_context_now (context);
  g_autoptr (WfDemoGrant) grant = NULL;
  g_autoptr (WfWipedString) next = NULL;

  if (!token)
    {
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request", "The refresh_token is missing.");
      return;
    }
  grant = wf_demo_grants_find_refresh (context->grants, token, client_id, context->options.leeway, now, &reason);
  if (!grant)
    {
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_grant", reason);
      return;
    }
  if (!scope)
    scope = grant->scope;
  if (!check_scope (message, scope, grant) || !check_resources (message, form, grant))
    return;
  if (context->options.rotation)
    next = wf_demo_grants_rotate (context->grants, token, now);
  answer_tokens (context, message, form, grant, scope, next, TRUE);
}

void
wf_demo_handle_token (WfDemoContext     *context,
                      SoupServerMessage *message,
                      const WfForm      *form)
{
  const char *grant_type = wf_form_lookup (form, "grant_type");
  const char *client_id;

  if (!check_single (message, form))
    return;
  client_id = wf_demo_client_authenticate (context, message, form);
  if (!client_id)
    return;
  if (!grant_type)
    wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request", "The grant_type is missing.");
  else if (strcmp (grant_type, "authorization_code") == 0)
    exchange_code (context, message, form, client_id);
  else if (strcmp (grant_type, "refresh_token") == 0)
    refresh (context, message, form, client_id);
  else
    wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "unsupported_grant_type",
                          "Only authorization_code and refresh_token are supported.");
}

/* RFC 7009 §2 */
void
wf_demo_handle_revoke (WfDemoContext     *context,
                       SoupServerMessage *message,
                       const WfForm      *form)
{
  const char *token = wf_form_lookup (form, "token");
  const char *client_id;

  if (!check_single (message, form))
    return;
  client_id = wf_demo_client_authenticate (context, message, form);
  if (!client_id)
    return;
  if (!token)
    wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request", "The token is missing.");
  else if (!wf_demo_grants_revoke (context->grants, token, client_id))
    wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_grant", "The token belongs to another client.");
  else
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL /* reason */);
}
