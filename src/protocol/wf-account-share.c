/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-share.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-private.h"
#include "wf-uri.h"

/* What a file name may have in bytes on every file system, without the ending. */
#define FILE_NAME_MAX_BYTES 200

static gboolean
fits_file_name (gunichar c)
{
  return g_unichar_isprint (c) && !strchr ("/\\:*?\"<>|", (int) MIN (c, 0x7f));
}

char *
wf_account_export (const WfAccount *account)
{
  g_return_val_if_fail (account != NULL, NULL);

  /* The id is the name of our own file, and secrets are the keyring's. */
  return wf_account_serialize (account);
}

char *
wf_account_make_file_name (const WfAccount *account)
{
  g_autoptr (GString) name = g_string_new (NULL);

  g_return_val_if_fail (account != NULL, NULL);

  for (const char *p = account->name ? account->name : ""; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (name->len + 6 > FILE_NAME_MAX_BYTES)
        break;
      g_string_append_unichar (name, fits_file_name (c) ? c : '-');
    }
  /* A file that begins with a dot is hidden. */
  if (name->len == 0 || name->str[0] == '.')
    g_string_prepend (name, "account");
  g_string_append (name, WF_ACCOUNT_SHARE_ENDING);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

WfAccount *
wf_account_import (const char *data,
                   gsize       length,
                   GError    **error)
{
  g_autofree char *id = g_uuid_string_random ();

  return wf_account_parse (id, data, length, error);
}

gboolean
wf_account_is_share (const char *data,
                     gsize       length)
{
  static const char *const headers[] = { "[Account]", "[Endpoints]" };
  const char *end = data + length;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  /* What stands before the first group is empty, or a comment. */
  while (data < end && (g_ascii_isspace (*data) || *data == '#'))
    {
      const char *line_end = *data == '#' ? memchr (data, '\n', end - data) : data;

      data = line_end ? line_end + 1 : end;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    if ((gsize) (end - data) >= strlen (headers[i]) && memcmp (data, headers[i], strlen (headers[i])) == 0)
      return TRUE;
  return FALSE;
}

/* @group: of @file, which an account's file may have */
static void
add_unknown_keys (GStrvBuilder *builder,
                  GKeyFile     *file,
                  const char   *group)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys && keys[i]; i++)
    if (!wf_account_knows_key (group, keys[i]))
      g_strv_builder_add (builder, keys[i]);
}

char **
wf_account_list_unknown (const char *data,
                         gsize       length)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (length > 0 && length <= WF_ACCOUNT_FILE_MAX_BYTES &&
      g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, NULL))
    groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups && groups[i]; i++)
    if (wf_account_knows_key (groups[i], NULL))
      add_unknown_keys (builder, file, groups[i]);
    else
      g_strv_builder_add (builder, groups[i]);
  return g_strv_builder_end (builder);
}

char **
wf_account_list_reliances (const WfAccount *account)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const struct
  {
    const char *value;
    const char *sentence;
  } reliances[] = {
    /* Translators: %s is a file */
    { account->ca_file, N_("The account trusts the certificate authorities in %s.") },
    /* Translators: %s is a file */
    { account->client_certificate, N_("The account identifies itself with the certificate and key in %s.") },
    /* Translators: %s is a URI */
    { account->proxy, N_("The account reaches its provider through the proxy %s.") },
  };

  g_return_val_if_fail (account != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (reliances); i++)
    {
      g_autoptr (GString) sentence = g_string_new (g_dgettext (GETTEXT_PACKAGE, reliances[i].sentence));

      if (!reliances[i].value)
        continue;
      g_string_replace (sentence, "%s", reliances[i].value, 1);
      g_strv_builder_add (builder, sentence->str);
    }
  return g_strv_builder_end (builder);
}

/* A scope that the provider does not know makes some refuse the whole request (RFC 6749 §3.3). */
static char *
choose_scope (const WfProviderMetadata *metadata)
{
  g_auto (GStrv) wanted = g_strsplit (WF_ACCOUNT_DEFAULT_SCOPE, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) chosen = NULL;

  for (guint i = 0; wanted[i]; i++)
    if (wf_provider_metadata_supports_scope (metadata, wanted[i]))
      g_strv_builder_add (builder, wanted[i]);
  chosen = g_strv_builder_end (builder);
  return g_strjoinv (" ", chosen);
}

WfAccount *
wf_account_new_for_provider (const WfProviderMetadata *metadata,
                             const char               *client_id)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autofree char *host = NULL;
  g_autofree char *scope = NULL;

  g_return_val_if_fail (metadata != NULL, NULL);

  host = wf_uri_get_display_host (metadata->issuer);
  scope = choose_scope (metadata);
  wf_account_set (&account->name, host);
  wf_account_set (&account->issuer, metadata->issuer);
  wf_account_set (&account->client_id, client_id);
  wf_account_set (&account->scope, scope);
  return g_steal_pointer (&account);
}
