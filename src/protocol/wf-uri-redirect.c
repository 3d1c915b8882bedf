/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-uri-parts.h"

/* A browser resolves these segments away (RFC 3986 §5.2.4), so a redirect never comes back
 * with them in it. */
static gboolean
has_dot_segment (const WfUriParts *uri)
{
  g_autofree char *path = wf_uri_part_dup (uri->path);
  g_auto (GStrv) segments = g_strsplit (path, "/", -1);

  for (guint i = 0; segments[i]; i++)
    {
      const char *p = segments[i];
      guint dots = 0;

      while (*p == '.' || g_ascii_strncasecmp (p, "%2e", 3) == 0)
        {
          p += *p == '.' ? 1 : 3;
          dots++;
        }
      if (*p == '\0' && (dots == 1 || dots == 2))
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_private_scheme (const WfUriParts  *uri,
                      GError           **error)
{
  /* RFC 8252 §7.1: a domain name of ours reversed, so there is a dot in it. */
  if (!memchr (uri->scheme.text, '.', uri->scheme.length))
    return wf_uri_refuse (WF_ERROR_USAGE,
                   g_strdup (_("A redirect URI begins with https, with http on this computer, or with a scheme of your own that has a dot in it.")),
                   error);

  if (uri->path.length == 0 && uri->authority.length == 0)
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI ends after its scheme. Add a path, such as /callback.")), error);

  return TRUE;
}

static gboolean
check_web_redirect (const WfUriParts  *uri,
                    GError           **error)
{
  if (!wf_uri_has_valid_host (uri) || wf_uri_get_port (uri) < 0)
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI has no valid host.")), error);

  if (wf_uri_part_is (uri->scheme, "http") && !wf_uri_has_loopback_host (uri))
    return wf_uri_refuse (WF_ERROR_USAGE,
                   g_strdup (_("A redirect URI with http must lead to this computer: 127.0.0.1, [::1] or localhost.")),
                   error);

  return TRUE;
}

/* The spelling in which a browser gives a redirect URI back, up to its query: host in lower
 * case, no default port, "/" for an empty path (RFC 3986 §6.2.2.1, §6.2.3). */
static char *
make_browser_spelling (const WfUriParts *uri)
{
  g_autofree char *scheme = wf_uri_part_dup (uri->scheme);
  g_autofree char *scheme_down = g_ascii_strdown (scheme, -1);
  g_autofree char *host = wf_uri_part_dup (uri->host);
  g_autofree char *host_down = g_ascii_strdown (host, -1);
  g_autofree char *path = wf_uri_part_dup (uri->path);
  g_autofree char *port = NULL;
  int number = wf_uri_get_port (uri);

  if (number > 0 && number != wf_uri_get_default_port (uri))
    port = g_strdup_printf (":%d", number);

  return g_strconcat (scheme_down, "://",
                      uri->is_ipv6 ? "[" : "", host_down, uri->is_ipv6 ? "]" : "",
                      port ? port : "",
                      *path ? path : "/",
                      NULL);
}

/* Compares up to the query or fragment: the scheme in any case, the rest byte for byte. */
static gboolean
same_place (const char *expected,
            gsize       expected_length,
            const char *candidate,
            gsize       candidate_length)
{
  gsize scheme = strcspn (expected, ":");

  return expected_length == candidate_length &&
         g_ascii_strncasecmp (expected, candidate, scheme) == 0 &&
         memcmp (expected + scheme, candidate + scheme, expected_length - scheme) == 0;
}

static gboolean
starts_with_query (const WfUriParts *uri,
                   const char       *candidate_rest)
{
  const char *query = candidate_rest + 1;

  if (!uri->query.text)
    return TRUE;
  if (*candidate_rest != '?' || strncmp (query, uri->query.text, uri->query.length) != 0)
    return FALSE;
  if (uri->query.length == 0)
    return TRUE;

  query += uri->query.length;

  return *query == '\0' || *query == '&' || *query == '#';
}

gboolean
wf_uri_check_redirect (const char  *redirect_uri,
                       GError     **error)
{
  WfUriParts parts;

  if (!wf_uri_split_strictly (redirect_uri, &parts))
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI is not a complete address.")), error);

  if (parts.fragment.text)
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI has a fragment. Leave out the # and what follows it.")), error);

  if (parts.has_userinfo)
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI has a user name in it. Leave out everything up to the @.")), error);

  if (has_dot_segment (&parts))
    return wf_uri_refuse (WF_ERROR_USAGE, g_strdup (_("The redirect URI has a . or .. in its path. Write the path without it.")), error);

  return wf_uri_is_web (&parts) ? check_web_redirect (&parts, error) : check_private_scheme (&parts, error);
}

gboolean
wf_uri_is_loopback_redirect (const char *redirect_uri)
{
  WfUriParts parts;

  return wf_uri_check_redirect (redirect_uri, NULL) &&
         wf_uri_split (redirect_uri, &parts) &&
         wf_uri_part_is (parts.scheme, "http");
}

gboolean
wf_uri_matches_redirect (const char *redirect_uri,
                         const char *candidate)
{
  g_autofree char *spelling = NULL;
  gsize place;
  WfUriParts parts;

  if (!candidate || !wf_uri_check_redirect (redirect_uri, NULL) || !wf_uri_split (redirect_uri, &parts))
    return FALSE;

  for (const char *p = candidate; *p; p++)
    if (g_ascii_iscntrl (*p))
      return FALSE;

  place = strcspn (candidate, "?#");
  if (memchr (candidate, '\\', place))
    return FALSE;

  if (!same_place (redirect_uri, strcspn (redirect_uri, "?"), candidate, place))
    {
      if (!wf_uri_is_web (&parts))
        return FALSE;
      spelling = make_browser_spelling (&parts);
      if (!same_place (spelling, strlen (spelling), candidate, place))
        return FALSE;
    }

  return starts_with_query (&parts, candidate + place);
}
