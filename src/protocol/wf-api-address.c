/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-api-address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-uri-parts.h"

static gboolean
is_web_address (const char *text)
{
  WfUriParts parts;

  return wf_uri_split_strictly (text, &parts) && wf_uri_check_endpoint (text, "audience", NULL);
}

static void
add_base (GPtrArray  *bases,
          const char *text)
{
  if (text && is_web_address (text) && !g_ptr_array_find_with_equal_func (bases, text, g_str_equal, NULL))
    g_ptr_array_add (bases, g_strdup (text));
}

/* Whether a server could come to another place than the one that is written: "..", "%2e%2e", "a%2f..", a
 * backslash, or a second layer of encoding. */
static gboolean
is_crooked (WfUriPart path)
{
  g_autofree char *text = wf_uri_part_dup (path);
  g_autofree char *decoded = g_uri_unescape_string (text, NULL);
  g_auto (GStrv) segments = NULL;

  if (!decoded || strpbrk (decoded, "\\%"))
    return TRUE;
  segments = g_strsplit (decoded, "/", -1);
  for (guint i = 0; segments[i]; i++)
    if (g_str_equal (segments[i], ".") || g_str_equal (segments[i], ".."))
      return TRUE;
  return FALSE;
}

static gboolean
is_under_path (WfUriPart path,
               WfUriPart base)
{
  /* "/api/" and "/api" are the same place to stand under. */
  while (base.length > 0 && base.text[base.length - 1] == '/')
    base.length--;
  if (base.length == 0)
    return TRUE;
  return path.length >= base.length && memcmp (path.text, base.text, base.length) == 0 &&
         (path.length == base.length || path.text[base.length] == '/');
}

static gboolean
refuse (const char *const *bases,
        GError           **error)
{
  g_autofree char *list = g_strjoinv (", ", (char **) bases);

  if (bases[0])
    /* Translators: %s is one address or several */
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The access token is not sent to this address. It is meant for addresses under %s."), list);
  else
    g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                         _("It is not known for which API the access token is meant. Put the API's address into the account as its audience."));
  return FALSE;
}

char **
wf_api_address_list_bases (const WfAccount          *account,
                           const WfProviderMetadata *metadata)
{
  g_autoptr (GPtrArray) bases = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *origin = NULL;
  const char *userinfo = NULL;

  g_return_val_if_fail (account != NULL, NULL);

  add_base (bases, account->audience);
  for (guint i = 0; account->resources && account->resources[i]; i++)
    add_base (bases, account->resources[i]);
  userinfo = metadata ? metadata->userinfo_endpoint : account->userinfo_endpoint;
  origin = userinfo ? wf_uri_get_origin (userinfo) : NULL;
  add_base (bases, origin);
  g_ptr_array_add (bases, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&bases), FALSE);
}

gboolean
wf_api_address_is_under (const char *uri,
                         const char *base)
{
  g_autofree char *origin = wf_uri_get_origin (uri);
  g_autofree char *base_origin = wf_uri_get_origin (base);
  WfUriParts parts;
  WfUriParts base_parts;

  if (!origin || !base_origin || !g_str_equal (origin, base_origin))
    return FALSE;
  if (!wf_uri_split_strictly (uri, &parts) || !wf_uri_split_strictly (base, &base_parts))
    return FALSE;
  return !is_crooked (parts.path) && is_under_path (parts.path, base_parts.path);
}

char *
wf_api_address_check (const WfAccount          *account,
                      const WfProviderMetadata *metadata,
                      const char               *uri,
                      GError                  **error)
{
  g_auto (GStrv) bases = wf_api_address_list_bases (account, metadata);

  g_return_val_if_fail (uri != NULL, NULL);

  if (!wf_uri_check_endpoint (uri, _("API address"), error))
    return NULL;
  for (guint i = 0; bases[i]; i++)
    if (wf_api_address_is_under (uri, bases[i]))
      return g_strdup (bases[i]);
  refuse ((const char *const *) bases, error);
  return NULL;
}
