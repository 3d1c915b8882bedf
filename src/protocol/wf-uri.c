/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-uri-parts.h"

#define WELL_KNOWN_OIDC "/.well-known/openid-configuration"
#define WELL_KNOWN_OAUTH "/.well-known/oauth-authorization-server"

/* What endpoints and issuers have in common, after the URI was taken apart. */
static gboolean
check_web_uri (const WfUriParts  *uri,
               const char        *what,
               GError           **error)
{
  if (!wf_uri_is_web (uri) || !wf_uri_has_valid_host (uri) || wf_uri_get_port (uri) < 0)
    /* Translators: %s is a word of the standard, such as "token_endpoint" */
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup_printf (_("The %s is not an https address with a host."), what), error);

  if (uri->has_userinfo)
    /* Translators: %s is a word of the standard, such as "token_endpoint" */
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup_printf (_("The %s has a user name in its address. Leave out everything up to the @."), what), error);

  if (uri->fragment.text)
    /* Translators: %s is a word of the standard, such as "token_endpoint" */
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup_printf (_("The %s has a fragment. Leave out the # and what follows it."), what), error);

  if (wf_uri_part_is (uri->scheme, "http") && !wf_uri_has_loopback_host (uri))
    /* Translators: %s is a word of the standard, such as "token_endpoint" */
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup_printf (_("The %s does not use https. Plain http is accepted on this computer only."), what), error);

  return TRUE;
}

/* Turns a bare domain, with or without port and path, into a URI. */
static char *
complete_domain (const char *text)
{
  g_autofree char *trial = g_strconcat ("https://", text, NULL);
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  WfUriParts uri;

  if (!wf_uri_split (trial, &uri))
    return NULL;
  host = wf_uri_get_ascii_host (&uri);
  if (!host || uri.has_userinfo || wf_uri_get_port (&uri) < 0)
    return NULL;

  port = uri.port.text ? g_strdup_printf (":%d", wf_uri_get_port (&uri)) : g_strdup ("");

  return g_strconcat (wf_uri_has_loopback_host (&uri) ? "http" : "https", "://",
                      uri.is_ipv6 ? "[" : "", host, uri.is_ipv6 ? "]" : "",
                      port,
                      uri.path.text,
                      NULL);
}

/* Cuts the well-known part out of the URL of a discovery document: at the end of the path
 * (OpenID Connect Discovery 1.0 §4) or before the issuer's own path (RFC 8414 §3.1). */
static gboolean
cut_well_known (char *text)
{
  static const char *const names[] = { WELL_KNOWN_OIDC, WELL_KNOWN_OAUTH };
  WfUriParts uri;

  if (!wf_uri_split (text, &uri) || !uri.authority.text || uri.query.text || uri.fragment.text)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i]);
      char *path = text + (uri.path.text - text);

      if (g_str_has_suffix (path, names[i]))
        {
          path[uri.path.length - length] = '\0';
          return TRUE;
        }
      if (g_str_has_prefix (path, names[i]) && path[length] == '/')
        {
          memmove (path, path + length, uri.path.length - length + 1);
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
wf_uri_check_endpoint (const char  *uri,
                       const char  *what,
                       GError     **error)
{
  WfUriParts parts;

  g_return_val_if_fail (what != NULL, FALSE);

  if (!wf_uri_split_strictly (uri, &parts))
    /* Translators: %s is a word of the standard, such as "token_endpoint" */
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup_printf (_("The %s is not an https address with a host."), what), error);

  return check_web_uri (&parts, what, error);
}

gboolean
wf_uri_check_issuer (const char  *issuer,
                     GError     **error)
{
  WfUriParts parts;

  if (!wf_uri_split_strictly (issuer, &parts) || (wf_uri_is_web (&parts) && !wf_uri_has_valid_host (&parts)))
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The issuer is not a web address. It looks like https://id.example.org.")), error);

  if (!check_web_uri (&parts, "issuer", error))
    return FALSE;

  if (parts.query.text)
    return wf_uri_refuse (WF_ERROR_INSECURE_ENDPOINT, g_strdup (_("The issuer has a query. Leave out the ? and what follows it.")), error);

  return TRUE;
}

char *
wf_uri_get_origin (const char *uri)
{
  g_autofree char *scheme = NULL;
  g_autofree char *scheme_down = NULL;
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  WfUriParts parts;
  int number;

  if (!uri || !wf_uri_split (uri, &parts))
    return NULL;

  host = wf_uri_get_ascii_host (&parts);
  number = wf_uri_get_port (&parts);
  if (!host || number < 0)
    return NULL;

  scheme = wf_uri_part_dup (parts.scheme);
  scheme_down = g_ascii_strdown (scheme, -1);
  port = number == 0 || number == wf_uri_get_default_port (&parts) ? g_strdup ("") : g_strdup_printf (":%d", number);

  return g_strconcat (scheme_down, "://",
                      parts.is_ipv6 ? "[" : "", host, parts.is_ipv6 ? "]" : "",
                      port,
                      NULL);
}

char *
wf_uri_get_display_host (const char *uri)
{
  WfUriParts parts;

  if (!uri || !wf_uri_split (uri, &parts))
    return NULL;

  return wf_uri_get_ascii_host (&parts);
}

char *
wf_uri_issuer_from_input (const char  *input,
                          gboolean    *is_domain,
                          GError     **error)
{
  g_autofree char *text = NULL;
  g_autofree char *issuer = NULL;
  gboolean is_bare, was_cut;
  WfUriParts parts;

  g_return_val_if_fail (input != NULL, NULL);

  if (is_domain)
    *is_domain = FALSE;

  text = g_strstrip (g_strdup (input));
  is_bare = strstr (text, "://") == NULL;
  if (is_bare && strpbrk (text, "?#"))
    is_bare = FALSE; /* more than a domain: judged as it stands */

  issuer = is_bare ? complete_domain (text) : g_strdup (text);
  was_cut = issuer && cut_well_known (issuer);
  if (!wf_uri_check_issuer (issuer, error))
    return NULL;

  wf_uri_split (issuer, &parts);
  if ((is_bare || was_cut) && wf_uri_part_is_root (parts.path))
    {
      issuer[parts.path.text - issuer] = '\0';
      if (is_domain)
        *is_domain = TRUE;
    }

  return g_steal_pointer (&issuer);
}

char *
wf_uri_get_discovery (const char *issuer)
{
  gsize length;

  g_return_val_if_fail (issuer != NULL, NULL);

  length = strlen (issuer);
  if (length > 0 && issuer[length - 1] == '/')
    length--;

  return g_strdup_printf ("%.*s" WELL_KNOWN_OIDC, (int) MIN (length, G_MAXINT), issuer);
}
