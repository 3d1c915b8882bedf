/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-error.h"
#include "wf-scope.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define VALUE_MAX_BYTES 2048
#define LIST_MAX_ITEMS 50
#define MAX_AGE_MAX 31536000

/* What only Warifu may say in an authorization request; one of these in a hand-made parameter
 * would take its protection away or stand twice (RFC 6749 §3.1). */
static const char *const reserved_params[] = {
  "response_type", "client_id", "redirect_uri", "state", "nonce", "code_challenge",
  "code_challenge_method", "scope", "audience", "resource", "request", "request_uri",
  "response_mode", NULL,
};

/* What GProxyResolver and libsoup can go through. */
static const char *const proxy_schemes[] = {
  "http", "https", "socks", "socks4", "socks4a", "socks5", NULL,
};

static gboolean
refuse (GError    **error,
        const char *message)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE, message);
  return FALSE;
}

/* Any text that a person writes: UTF-8 of bounded length with nothing invisible in it. */
static gboolean
is_clean (const char *text,
          gsize       max_bytes)
{
  if (strnlen (text, max_bytes + 1) > max_bytes || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
is_blank (const char *text)
{
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/* VSCHAR, RFC 6749 appendix A */
static gboolean
is_visible_ascii (const char *text)
{
  for (; *text; text++)
    if (*text < 0x20 || *text > 0x7e)
      return FALSE;
  return TRUE;
}

static gboolean
check_name (const WfAccount *account,
            GError         **error)
{
  const char *name = account->name;

  if (!name || !*name)
    return refuse (error, _("Give the account a name."));
  if (!is_clean (name, VALUE_MAX_BYTES))
    return refuse (error, _("Leave control characters out of the name and keep it short."));
  if (is_blank (name))
    return refuse (error, _("Give the account a name."));
  if (g_utf8_strlen (name, -1) > WF_ACCOUNT_NAME_MAX_CHARS)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Keep the name to at most %d characters."),
                   WF_ACCOUNT_NAME_MAX_CHARS);
      return FALSE;
    }
  /* It would read as an option on a command line. */
  if (name[0] == '-')
    return refuse (error, _("Begin the name with something other than “-”."));
  return TRUE;
}

static gboolean
check_issuer (const WfAccount *account,
              GError         **error)
{
  if (!account->issuer)
    return refuse (error, _("Give the issuer of the provider, such as https://login.example.org."));
  return wf_uri_check_issuer (account->issuer, error);
}

static gboolean
check_client_id (const WfAccount *account,
                 GError         **error)
{
  const char *client_id = account->client_id;

  if (!client_id)
    return refuse (error, _("Give the client ID that the provider made for this application."));
  if (!is_visible_ascii (client_id) || !is_clean (client_id, VALUE_MAX_BYTES) || is_blank (client_id))
    return refuse (error, _("Write the client ID as the provider shows it, in letters, digits and punctuation."));
  return TRUE;
}

static gboolean
check_audience (const WfAccount *account,
                GError         **error)
{
  if (account->audience && !is_clean (account->audience, VALUE_MAX_BYTES))
    return refuse (error, _("Leave control characters out of the audience and keep it short."));
  return TRUE;
}

/* An absolute URI without a fragment, RFC 8707 §2 */
static gboolean
is_resource (const char *text)
{
  g_autoptr (GUri) uri = NULL;

  if (!is_clean (text, VALUE_MAX_BYTES))
    return FALSE;
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  return uri && !g_uri_get_fragment (uri) && (g_uri_get_host (uri) || *g_uri_get_path (uri));
}

static gboolean
check_resources (const WfAccount *account,
                 GError         **error)
{
  if (account->resources && g_strv_length (account->resources) > LIST_MAX_ITEMS)
    return refuse (error, _("Give fewer resources."));
  for (guint i = 0; account->resources && account->resources[i]; i++)
    if (!is_resource (account->resources[i]))
      return refuse (error, _("Write each resource as a full URI without “#”, such as https://api.example.org."));
  return TRUE;
}

static gboolean
names_equal (const char *a,
             const char *b)
{
  gsize length = strcspn (a, "=");

  return length == strcspn (b, "=") && memcmp (a, b, length) == 0;
}

static gboolean
check_param (const char  *param,
             GError     **error)
{
  g_autofree char *name = g_strndup (param, strcspn (param, "="));
  const char *value = strchr (param, '=');

  if (!value || !*name || strchr (name, ' ') || !is_visible_ascii (name) || !is_clean (param, VALUE_MAX_BYTES))
    return refuse (error, _("Write each parameter as NAME=VALUE."));
  if (g_strv_contains (reserved_params, name))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("Leave the parameter “%s” out: Warifu sets it itself."), name);
      return FALSE;
    }
  if (g_str_equal (name, "max_age") && !g_ascii_string_to_unsigned (value + 1, 10, 0, MAX_AGE_MAX, NULL, NULL))
    return refuse (error, _("Write max_age as a whole number of seconds, at most a year."));
  return TRUE;
}

static gboolean
check_params (const WfAccount *account,
              GError         **error)
{
  char **params = account->params;

  if (params && g_strv_length (params) > LIST_MAX_ITEMS)
    return refuse (error, _("Give fewer parameters."));
  for (guint i = 0; params && params[i]; i++)
    {
      if (!check_param (params[i], error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (names_equal (params[i], params[j]))
          return refuse (error, _("Give each parameter once."));
    }
  return TRUE;
}

static gboolean
check_endpoints (const WfAccount *account,
                 GError         **error)
{
  const struct
  {
    const char *uri;
    const char *what;
  } endpoints[] = {
    { account->authorization_endpoint, "authorization_endpoint" },
    { account->token_endpoint, "token_endpoint" },
    { account->jwks_uri, "jwks_uri" },
    { account->userinfo_endpoint, "userinfo_endpoint" },
    { account->revocation_endpoint, "revocation_endpoint" },
    { account->end_session_endpoint, "end_session_endpoint" },
  };
  gboolean any = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      if (!endpoints[i].uri)
        continue;
      if (!wf_uri_check_endpoint (endpoints[i].uri, endpoints[i].what, error))
        return FALSE;
      any = TRUE;
    }
  if (any && (!account->authorization_endpoint || !account->token_endpoint))
    return refuse (error, _("Give both the authorization endpoint and the token endpoint, or none of the endpoints."));
  return TRUE;
}

static gboolean
check_refresh (const WfAccount *account,
               GError         **error)
{
  if (account->refresh_policy == WF_REFRESH_EVERY &&
      (account->refresh_seconds < WF_REFRESH_SECONDS_MIN || account->refresh_seconds > WF_REFRESH_SECONDS_MAX))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("Choose between %d and %d seconds from one refresh to the next."),
                   WF_REFRESH_SECONDS_MIN, WF_REFRESH_SECONDS_MAX);
      return FALSE;
    }
  return TRUE;
}

/* A relative path would mean another file in each program that reads the account. */
static gboolean
is_file_path (const char *path)
{
  return !path || (g_path_is_absolute (path) && is_clean (path, VALUE_MAX_BYTES));
}

static gboolean
check_files (const WfAccount *account,
             GError         **error)
{
  if (!is_file_path (account->ca_file))
    return refuse (error, _("Give the file with the certificate authorities by its full path."));
  if (!is_file_path (account->client_certificate))
    return refuse (error, _("Give the file with the client certificate by its full path."));
  return TRUE;
}

static gboolean
check_proxy (const WfAccount *account,
             GError         **error)
{
  g_autoptr (GUri) uri = NULL;

  if (!account->proxy)
    return TRUE;
  if (is_clean (account->proxy, VALUE_MAX_BYTES))
    uri = g_uri_parse (account->proxy, G_URI_FLAGS_NONE, NULL);
  if (!uri || !g_uri_get_host (uri) || !*g_uri_get_host (uri) ||
      !g_strv_contains (proxy_schemes, g_uri_get_scheme (uri)))
    return refuse (error, _("Write the proxy as a URI, such as http://proxy.example.org:8080."));
  /* The account's file holds no secret. */
  if (g_uri_get_userinfo (uri))
    return refuse (error, _("Leave the user name and the password out of the proxy: they would be stored in clear."));
  return TRUE;
}

gboolean
wf_account_check_field (const WfAccount *account,
                        WfAccountField   field,
                        GError         **error)
{
  g_return_val_if_fail (account != NULL, FALSE);

  switch (field)
    {
    case WF_ACCOUNT_FIELD_NAME:
      return check_name (account, error);
    case WF_ACCOUNT_FIELD_ISSUER:
      return check_issuer (account, error);
    case WF_ACCOUNT_FIELD_CLIENT_ID:
      return check_client_id (account, error);
    case WF_ACCOUNT_FIELD_SCOPE:
      return !account->scope || wf_scope_check (account->scope, error);
    case WF_ACCOUNT_FIELD_AUDIENCE:
      return check_audience (account, error);
    case WF_ACCOUNT_FIELD_RESOURCE:
      return check_resources (account, error);
    case WF_ACCOUNT_FIELD_REDIRECT_URI:
      return !account->redirect_uri || wf_uri_check_redirect (account->redirect_uri, error);
    case WF_ACCOUNT_FIELD_PARAMS:
      return check_params (account, error);
    case WF_ACCOUNT_FIELD_ENDPOINTS:
      return check_endpoints (account, error);
    case WF_ACCOUNT_FIELD_REFRESH:
      return check_refresh (account, error);
    case WF_ACCOUNT_FIELD_CA_FILE:
      return check_files (account, error);
    case WF_ACCOUNT_FIELD_PROXY:
      return check_proxy (account, error);
    case WF_ACCOUNT_FIELD_NONE:
    default:
      return TRUE;
    }
}

gboolean
wf_account_check (const WfAccount *account,
                  WfAccountField  *field,
                  GError         **error)
{
  g_return_val_if_fail (account != NULL, FALSE);

  for (int i = WF_ACCOUNT_FIELD_NAME; i <= WF_ACCOUNT_FIELD_PROXY; i++)
    if (!wf_account_check_field (account, (WfAccountField) i, error))
      {
        if (field)
          *field = (WfAccountField) i;
        return FALSE;
      }
  if (field)
    *field = WF_ACCOUNT_FIELD_NONE;
  return TRUE;
}
