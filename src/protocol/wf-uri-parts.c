/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-uri-parts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define HOST_MAX_BYTES 253 /* RFC 1035 §2.3.4 */

gboolean
wf_uri_part_is (WfUriPart   part,
                const char *text)
{
  return part.text && part.length == strlen (text) && g_ascii_strncasecmp (part.text, text, part.length) == 0;
}

char *
wf_uri_part_dup (WfUriPart part)
{
  return g_strndup (part.text ? part.text : "", part.length);
}

gboolean
wf_uri_part_is_root (WfUriPart part)
{
  return part.length == 0 || (part.length == 1 && part.text[0] == '/');
}

static gboolean
split_authority (WfUriParts *uri)
{
  const char *text = uri->authority.text;
  const char *end = text + uri->authority.length;
  const char *at = memrchr (text, '@', uri->authority.length);
  const char *host_end;

  uri->has_userinfo = at != NULL;
  if (at)
    text = at + 1;

  uri->is_ipv6 = text < end && *text == '[';
  if (uri->is_ipv6)
    {
      text++;
      host_end = memchr (text, ']', end - text);
      if (!host_end)
        return FALSE;
      uri->host = (WfUriPart) { text, host_end - text };
      host_end++;
    }
  else
    {
      host_end = memchr (text, ':', end - text);
      if (!host_end)
        host_end = end;
      uri->host = (WfUriPart) { text, host_end - text };
    }

  if (host_end < end)
    {
      if (*host_end != ':')
        return FALSE;
      uri->port = (WfUriPart) { host_end + 1, end - host_end - 1 };
    }

  return TRUE;
}

/* Returns: whether @text has the shape of an absolute URI; characters are judged elsewhere. */
gboolean
wf_uri_split (const char *text,
              WfUriParts *uri)
{
  gsize length;

  memset (uri, 0, sizeof *uri);

  if (!g_ascii_isalpha (text[0]))
    return FALSE;
  for (length = 1; g_ascii_isalnum (text[length]) || (text[length] && strchr ("+-.", text[length])); length++)
    ;
  if (text[length] != ':')
    return FALSE;
  uri->scheme = (WfUriPart) { text, length };
  text += length + 1;

  if (g_str_has_prefix (text, "//"))
    {
      text += 2;
      uri->authority = (WfUriPart) { text, strcspn (text, "/?#") };
      text += uri->authority.length;
      if (!split_authority (uri))
        return FALSE;
    }

  uri->path = (WfUriPart) { text, strcspn (text, "?#") };
  text += uri->path.length;
  if (*text == '?')
    {
      text++;
      uri->query = (WfUriPart) { text, strcspn (text, "#") };
      text += uri->query.length;
    }
  if (*text == '#')
    uri->fragment = (WfUriPart) { text + 1, strlen (text + 1) };

  return TRUE;
}

/* Returns: whether only characters of RFC 3986 §2 are there, and whole percent escapes. */
static gboolean
has_uri_characters (const char *text)
{
  for (; *text; text++)
    {
      if (!g_ascii_isgraph (*text) || strchr ("\"<>\\^`{|}", *text))
        return FALSE;
      if (*text == '%' && (!g_ascii_isxdigit (text[1]) || !g_ascii_isxdigit (text[2])))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_ipv6_address (const char *text)
{
  struct in6_addr address;

  return inet_pton (AF_INET6, text, &address) == 1;
}

/* Letters, digits, hyphen and underscore in labels that are not empty; ASCII only. */
static gboolean
is_host_name (const char *text)
{
  gsize label = 0;

  if (strlen (text) > HOST_MAX_BYTES)
    return FALSE;

  for (; *text; text++)
    {
      if (*text == '.')
        {
          if (label == 0)
            return FALSE;
          label = 0;
          continue;
        }
      if (!g_ascii_isalnum (*text) && *text != '-' && *text != '_')
        return FALSE;
      label++;
    }

  return label > 0;
}

gboolean
wf_uri_has_valid_host (const WfUriParts *uri)
{
  g_autofree char *host = NULL;

  if (!uri->host.text)
    return FALSE;

  host = wf_uri_part_dup (uri->host);

  return uri->is_ipv6 ? is_ipv6_address (host) : is_host_name (host);
}

/* Returns: the port, 0 where none is given, -1 where it is none */
int
wf_uri_get_port (const WfUriParts *uri)
{
  int port = 0;

  if (!uri->port.text)
    return 0;
  if (uri->port.length == 0 || uri->port.length > 5)
    return -1;
  for (gsize i = 0; i < uri->port.length; i++)
    {
      if (!g_ascii_isdigit (uri->port.text[i]))
        return -1;
      port = port * 10 + (uri->port.text[i] - '0');
    }

  return port > 0 && port <= 65535 ? port : -1;
}

gboolean
wf_uri_has_loopback_host (const WfUriParts *uri)
{
  g_autofree char *host = wf_uri_part_dup (uri->host);

  return uri->is_ipv6 == (strchr (host, ':') != NULL) && wf_uri_host_is_loopback (host);
}

gboolean
wf_uri_is_web (const WfUriParts *uri)
{
  return wf_uri_part_is (uri->scheme, "https") || wf_uri_part_is (uri->scheme, "http");
}

int
wf_uri_get_default_port (const WfUriParts *uri)
{
  return wf_uri_part_is (uri->scheme, "https") ? 443 : wf_uri_part_is (uri->scheme, "http") ? 80 : 0;
}

/* @uri: (out): taken apart, where it is one */
gboolean
wf_uri_split_strictly (const char *text,
                       WfUriParts *uri)
{
  return text && strlen (text) <= WF_URI_MAX_BYTES && has_uri_characters (text) && wf_uri_split (text, uri) &&
         g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL);
}

/* Returns: (transfer full) (nullable): the host in ASCII and lower case, without brackets */
char *
wf_uri_get_ascii_host (const WfUriParts *uri)
{
  g_autofree char *host = NULL;
  g_autofree char *ascii = NULL;
  g_autofree char *lower = NULL;

  if (!uri->host.text)
    return NULL;

  host = wf_uri_part_dup (uri->host);
  if (uri->is_ipv6)
    return is_ipv6_address (host) ? g_ascii_strdown (host, -1) : NULL;

  if (!g_utf8_validate (host, -1, NULL))
    return NULL;
  ascii = g_hostname_is_non_ascii (host) ? g_hostname_to_ascii (host) : g_strdup (host);
  if (!ascii)
    return NULL;

  /* One trailing dot is an absolute name (RFC 1034 §3.1) and is shown, because it is
   * another host to everyone who compares. */
  lower = g_ascii_strdown (ascii, -1);
  if (g_str_has_suffix (ascii, "."))
    ascii[strlen (ascii) - 1] = '\0';

  return is_host_name (ascii) ? g_steal_pointer (&lower) : NULL;
}

/* @message: (transfer full) */
gboolean
wf_uri_refuse (WfError   code,
               char     *message,
               GError  **error)
{
  g_autofree char *text = message;

  g_set_error_literal (error, WF_ERROR, code, text);

  return FALSE;
}

gboolean
wf_uri_host_is_loopback (const char *host)
{
  struct in6_addr ipv6;
  struct in_addr ipv4;

  if (!host)
    return FALSE;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  if (inet_pton (AF_INET, host, &ipv4) == 1)
    return ntohl (ipv4.s_addr) >> 24 == 127;
  if (inet_pton (AF_INET6, host, &ipv6) == 1)
    return IN6_IS_ADDR_LOOPBACK (&ipv6);

  return FALSE;
}
