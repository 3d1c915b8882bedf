/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REFRESH_EVERY_PREFIX "every:"

G_DEFINE_BOXED_TYPE (WfAccount, wf_account, wf_account_ref, wf_account_unref)

/* Every text of an account, so that none is forgotten when it is copied, compared or freed. */
static const gsize text_offsets[] = {
  G_STRUCT_OFFSET (WfAccount, id),
  G_STRUCT_OFFSET (WfAccount, name),
  G_STRUCT_OFFSET (WfAccount, issuer),
  G_STRUCT_OFFSET (WfAccount, client_id),
  G_STRUCT_OFFSET (WfAccount, scope),
  G_STRUCT_OFFSET (WfAccount, audience),
  G_STRUCT_OFFSET (WfAccount, redirect_uri),
  G_STRUCT_OFFSET (WfAccount, authorization_endpoint),
  G_STRUCT_OFFSET (WfAccount, token_endpoint),
  G_STRUCT_OFFSET (WfAccount, jwks_uri),
  G_STRUCT_OFFSET (WfAccount, userinfo_endpoint),
  G_STRUCT_OFFSET (WfAccount, revocation_endpoint),
  G_STRUCT_OFFSET (WfAccount, end_session_endpoint),
  G_STRUCT_OFFSET (WfAccount, ca_file),
  G_STRUCT_OFFSET (WfAccount, proxy),
  G_STRUCT_OFFSET (WfAccount, client_certificate),
};

static const char *const auth_method_names[] = {
  [WF_AUTH_METHOD_NONE] = "none",
  [WF_AUTH_METHOD_BASIC] = "client_secret_basic",
  [WF_AUTH_METHOD_POST] = "client_secret_post",
};

static char **
text_at (const WfAccount *account,
         gsize            offset)
{
  return &G_STRUCT_MEMBER (char *, account, offset);
}

static gboolean
strv_equal (char **a,
            char **b)
{
  if (!a || !b)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

static gboolean
parse_seconds (const char *text,
               guint      *seconds)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, WF_REFRESH_SECONDS_MIN, WF_REFRESH_SECONDS_MAX, &value, NULL))
    return FALSE;
  *seconds = (guint) value;
  return TRUE;
}

static gboolean
set_refresh_every (WfAccount   *account,
                   const char  *text,
                   GError     **error)
{
  guint seconds;

  if (!parse_seconds (text, &seconds))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("Choose between %d and %d seconds from one refresh to the next."),
                   WF_REFRESH_SECONDS_MIN, WF_REFRESH_SECONDS_MAX);
      return FALSE;
    }
  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = seconds;
  return TRUE;
}

WfAccount *
wf_account_new (void)
{
  WfAccount *account = g_new0 (WfAccount, 1);

  g_atomic_ref_count_init (&account->ref_count);
  account->id = g_uuid_string_random ();
  account->auth_method = WF_AUTH_METHOD_NONE;
  account->scope = g_strdup (WF_ACCOUNT_DEFAULT_SCOPE);
  account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  return account;
}

WfAccount *
wf_account_copy (const WfAccount *account)
{
  WfAccount *copy;

  g_return_val_if_fail (account != NULL, NULL);

  copy = g_memdup2 (account, sizeof *account);
  g_atomic_ref_count_init (&copy->ref_count);
  for (gsize i = 0; i < G_N_ELEMENTS (text_offsets); i++)
    *text_at (copy, text_offsets[i]) = g_strdup (*text_at (account, text_offsets[i]));
  copy->resources = g_strdupv (account->resources);
  copy->params = g_strdupv (account->params);
  return copy;
}

WfAccount *
wf_account_ref (WfAccount *account)
{
  g_return_val_if_fail (account != NULL, NULL);

  g_atomic_ref_count_inc (&account->ref_count);
  return account;
}

void
wf_account_unref (WfAccount *account)
{
  g_return_if_fail (account != NULL);

  if (!g_atomic_ref_count_dec (&account->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (text_offsets); i++)
    g_clear_pointer (text_at (account, text_offsets[i]), g_free);
  g_clear_pointer (&account->resources, g_strfreev);
  g_clear_pointer (&account->params, g_strfreev);
  g_free (account);
}

void
wf_account_set (char      **field,
                const char *value)
{
  g_autofree char *old = NULL;

  g_return_if_fail (field != NULL);

  old = *field; /* @value may point into it */
  *field = value && *value ? g_strdup (value) : NULL;
}

gboolean
wf_account_equal (const WfAccount *a,
                  const WfAccount *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (text_offsets); i++)
    if (g_strcmp0 (*text_at (a, text_offsets[i]), *text_at (b, text_offsets[i])) != 0)
      return FALSE;
  return strv_equal (a->resources, b->resources) && strv_equal (a->params, b->params) &&
         a->auth_method == b->auth_method && a->refresh_policy == b->refresh_policy &&
         a->refresh_seconds == b->refresh_seconds &&
         !a->refresh_before_sensitive == !b->refresh_before_sensitive &&
         !a->reuse_leeway == !b->reuse_leeway && !a->keep_cookies == !b->keep_cookies &&
         !a->read_only == !b->read_only;
}

gboolean
wf_account_parse_refresh_policy (WfAccount   *account,
                                 const char  *text,
                                 GError     **error)
{
  g_return_val_if_fail (account != NULL, FALSE);

  if (g_strcmp0 (text, "on-demand") == 0)
    account->refresh_policy = WF_REFRESH_ON_DEMAND;
  else if (g_strcmp0 (text, "before-expiry") == 0)
    account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  else if (text && g_str_has_prefix (text, REFRESH_EVERY_PREFIX))
    return set_refresh_every (account, text + strlen (REFRESH_EVERY_PREFIX), error);
  else
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                           _("Write the refresh policy as on-demand, before-expiry or every:SECONDS."));
      return FALSE;
    }
  account->refresh_seconds = 0;
  return TRUE;
}

char *
wf_account_format_refresh_policy (const WfAccount *account)
{
  g_return_val_if_fail (account != NULL, NULL);

  switch (account->refresh_policy)
    {
    case WF_REFRESH_ON_DEMAND:
      return g_strdup ("on-demand");
    case WF_REFRESH_EVERY:
      return g_strdup_printf (REFRESH_EVERY_PREFIX "%u", account->refresh_seconds);
    case WF_REFRESH_BEFORE_EXPIRY:
    default:
      return g_strdup ("before-expiry");
    }
}

const char *
wf_auth_method_to_string (WfAuthMethod method)
{
  g_return_val_if_fail ((gsize) method < G_N_ELEMENTS (auth_method_names), "none");

  return auth_method_names[method];
}

gboolean
wf_auth_method_from_string (const char   *text,
                            WfAuthMethod *method,
                            GError      **error)
{
  g_return_val_if_fail (method != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (auth_method_names); i++)
    if (g_strcmp0 (text, auth_method_names[i]) == 0)
      {
        *method = (WfAuthMethod) i;
        return TRUE;
      }
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                       _("Write the way to authenticate as none, client_secret_basic or client_secret_post."));
  return FALSE;
}

gboolean
wf_account_has_manual_endpoints (const WfAccount *account)
{
  g_return_val_if_fail (account != NULL, FALSE);

  return account->authorization_endpoint != NULL;
}

gboolean
wf_account_is_confidential (const WfAccount *account)
{
  g_return_val_if_fail (account != NULL, FALSE);

  return account->auth_method != WF_AUTH_METHOD_NONE;
}
