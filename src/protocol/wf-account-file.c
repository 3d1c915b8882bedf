/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-account-private.h"
#include "wf-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GROUP_ACCOUNT "Account"
#define GROUP_ENDPOINTS "Endpoints"

typedef struct
{
  const char *group;
  const char *key;
  gsize       offset;
} Key;

static const Key text_keys[] = {
  { GROUP_ACCOUNT, "Name", G_STRUCT_OFFSET (WfAccount, name) },
  { GROUP_ACCOUNT, "Issuer", G_STRUCT_OFFSET (WfAccount, issuer) },
  { GROUP_ACCOUNT, "ClientId", G_STRUCT_OFFSET (WfAccount, client_id) },
  { GROUP_ACCOUNT, "Scope", G_STRUCT_OFFSET (WfAccount, scope) },
  { GROUP_ACCOUNT, "Audience", G_STRUCT_OFFSET (WfAccount, audience) },
  { GROUP_ACCOUNT, "RedirectUri", G_STRUCT_OFFSET (WfAccount, redirect_uri) },
  { GROUP_ACCOUNT, "CaFile", G_STRUCT_OFFSET (WfAccount, ca_file) },
  { GROUP_ACCOUNT, "Proxy", G_STRUCT_OFFSET (WfAccount, proxy) },
  { GROUP_ACCOUNT, "ClientCertificate", G_STRUCT_OFFSET (WfAccount, client_certificate) },
  { GROUP_ENDPOINTS, "Authorization", G_STRUCT_OFFSET (WfAccount, authorization_endpoint) },
  { GROUP_ENDPOINTS, "Token", G_STRUCT_OFFSET (WfAccount, token_endpoint) },
  { GROUP_ENDPOINTS, "Jwks", G_STRUCT_OFFSET (WfAccount, jwks_uri) },
  { GROUP_ENDPOINTS, "Userinfo", G_STRUCT_OFFSET (WfAccount, userinfo_endpoint) },
  { GROUP_ENDPOINTS, "Revocation", G_STRUCT_OFFSET (WfAccount, revocation_endpoint) },
  { GROUP_ENDPOINTS, "EndSession", G_STRUCT_OFFSET (WfAccount, end_session_endpoint) },
};

static const Key list_keys[] = {
  { GROUP_ACCOUNT, "Resources", G_STRUCT_OFFSET (WfAccount, resources) },
  { GROUP_ACCOUNT, "Parameters", G_STRUCT_OFFSET (WfAccount, params) },
};

static const Key switch_keys[] = {
  { GROUP_ACCOUNT, "RefreshBeforeSensitive", G_STRUCT_OFFSET (WfAccount, refresh_before_sensitive) },
  { GROUP_ACCOUNT, "ReuseLeeway", G_STRUCT_OFFSET (WfAccount, reuse_leeway) },
  { GROUP_ACCOUNT, "KeepCookies", G_STRUCT_OFFSET (WfAccount, keep_cookies) },
};

/* By which key a field of the form is known in the file. */
static const char *const field_keys[] = {
  [WF_ACCOUNT_FIELD_NONE] = GROUP_ACCOUNT,
  [WF_ACCOUNT_FIELD_NAME] = "Name",
  [WF_ACCOUNT_FIELD_ISSUER] = "Issuer",
  [WF_ACCOUNT_FIELD_CLIENT_ID] = "ClientId",
  [WF_ACCOUNT_FIELD_SCOPE] = "Scope",
  [WF_ACCOUNT_FIELD_AUDIENCE] = "Audience",
  [WF_ACCOUNT_FIELD_RESOURCE] = "Resources",
  [WF_ACCOUNT_FIELD_REDIRECT_URI] = "RedirectUri",
  [WF_ACCOUNT_FIELD_PARAMS] = "Parameters",
  [WF_ACCOUNT_FIELD_ENDPOINTS] = GROUP_ENDPOINTS,
  [WF_ACCOUNT_FIELD_REFRESH] = "RefreshPolicy",
  [WF_ACCOUNT_FIELD_CA_FILE] = "CaFile",
  [WF_ACCOUNT_FIELD_PROXY] = "Proxy",
};

static gboolean
refuse (GError    **error,
        const char *message)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, message);
  return FALSE;
}

/* GKeyFile's own messages quote the file: they are replaced. */
static gboolean
refuse_kind (GError    **error,
             const char *key)
{
  g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT,
               _("The value of “%s” in the account file cannot be read. Correct it or take it out."), key);
  return FALSE;
}

static gboolean
refuse_value (GError    **error,
              const char *key,
              const char *sentence)
{
  g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT,
               /* Translators: the name of a key, then a sentence that says what to do */
               _("The value of “%s” in the account file cannot be used. %s"), key, sentence);
  return FALSE;
}

static gboolean
check_text (const char *data,
            gsize       length,
            GError    **error)
{
  if (length > WF_ACCOUNT_FILE_MAX_BYTES)
    return refuse (error, _("The account file is too large."));
  if (length > 0 && !g_utf8_validate_len (data, length, NULL))
    return refuse (error, _("The account file is not a text in UTF-8."));
  return TRUE;
}

static gboolean
read_texts (GKeyFile  *file,
            WfAccount *account,
            GError   **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (text_keys); i++)
    {
      const Key *key = &text_keys[i];
      g_autofree char *value = NULL;
      g_autoptr (GError) local = NULL;

      if (!g_key_file_has_key (file, key->group, key->key, NULL))
        continue;
      value = g_key_file_get_string (file, key->group, key->key, &local);
      if (!value || local) /* a bad escape gives both */
        return refuse_kind (error, key->key);
      wf_account_set (&G_STRUCT_MEMBER (char *, account, key->offset), value);
    }
  return TRUE;
}

static gboolean
read_lists (GKeyFile  *file,
            WfAccount *account,
            GError   **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    {
      const Key *key = &list_keys[i];
      char ***list = &G_STRUCT_MEMBER (char **, account, key->offset);
      g_auto (GStrv) values = NULL;
      g_autoptr (GError) local = NULL;

      if (!g_key_file_has_key (file, key->group, key->key, NULL))
        continue;
      values = g_key_file_get_string_list (file, key->group, key->key, NULL, &local);
      if (!values || local)
        return refuse_kind (error, key->key);
      if (values[0])
        *list = g_steal_pointer (&values);
    }
  return TRUE;
}

static gboolean
read_switches (GKeyFile  *file,
               WfAccount *account,
               GError   **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (switch_keys); i++)
    {
      const Key *key = &switch_keys[i];
      g_autoptr (GError) local = NULL;

      if (!g_key_file_has_key (file, key->group, key->key, NULL))
        continue;
      G_STRUCT_MEMBER (gboolean, account, key->offset) =
        g_key_file_get_boolean (file, key->group, key->key, &local);
      if (local)
        return refuse_kind (error, key->key);
    }
  return TRUE;
}

static gboolean
read_auth_method (GKeyFile  *file,
                  WfAccount *account,
                  GError   **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_key_file_has_key (file, GROUP_ACCOUNT, "AuthMethod", NULL))
    return TRUE;
  text = g_key_file_get_string (file, GROUP_ACCOUNT, "AuthMethod", NULL);
  if (!wf_auth_method_from_string (text, &account->auth_method, &local))
    return refuse_value (error, "AuthMethod", local->message);
  return TRUE;
}

static gboolean
read_refresh_policy (GKeyFile  *file,
                     WfAccount *account,
                     GError   **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_key_file_has_key (file, GROUP_ACCOUNT, "RefreshPolicy", NULL))
    return TRUE;
  text = g_key_file_get_string (file, GROUP_ACCOUNT, "RefreshPolicy", NULL);
  if (!wf_account_parse_refresh_policy (account, text, &local))
    return refuse_value (error, "RefreshPolicy", local->message);
  return TRUE;
}

static gboolean
check_values (const WfAccount *account,
              GError         **error)
{
  g_autoptr (GError) local = NULL;
  WfAccountField field;

  if (!wf_account_check (account, &field, &local))
    return refuse_value (error, field_keys[field], local->message);
  return TRUE;
}

gboolean
wf_account_read_keys (WfAccount *account,
                      GKeyFile  *file,
                      GError   **error)
{
  return read_texts (file, account, error) && read_lists (file, account, error) &&
         read_switches (file, account, error) && read_auth_method (file, account, error) &&
         read_refresh_policy (file, account, error);
}

static gboolean
has_key (const Key  *keys,
         gsize       n_keys,
         const char *group,
         const char *key)
{
  for (gsize i = 0; i < n_keys; i++)
    if (g_str_equal (keys[i].group, group) && g_str_equal (keys[i].key, key))
      return TRUE;
  return FALSE;
}

gboolean
wf_account_knows_key (const char *group,
                      const char *key)
{
  static const Key word_keys[] = { { GROUP_ACCOUNT, "AuthMethod" }, { GROUP_ACCOUNT, "RefreshPolicy" } };

  g_return_val_if_fail (group != NULL, FALSE);

  if (!key)
    return g_str_equal (group, GROUP_ACCOUNT) || g_str_equal (group, GROUP_ENDPOINTS);
  return has_key (text_keys, G_N_ELEMENTS (text_keys), group, key) ||
         has_key (list_keys, G_N_ELEMENTS (list_keys), group, key) ||
         has_key (switch_keys, G_N_ELEMENTS (switch_keys), group, key) ||
         has_key (word_keys, G_N_ELEMENTS (word_keys), group, key);
}

WfAccount *
wf_account_parse (const char  *id,
                  const char  *data,
                  gsize        length,
                  GError     **error)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!id || !g_uuid_string_is_valid (id))
    {
      refuse (error, _("The account file does not have the id of an account as its name."));
      return NULL;
    }
  if (!check_text (data, length, error))
    return NULL;
  if (!g_key_file_load_from_data (file, length ? data : "", length, G_KEY_FILE_NONE, NULL) ||
      !g_key_file_has_group (file, GROUP_ACCOUNT))
    {
      refuse (error, _("The account file is damaged: it has no readable group “Account”."));
      return NULL;
    }
  wf_account_set (&account->id, id);
  if (!wf_account_read_keys (account, file, error) || !check_values (account, error))
    return NULL;
  return g_steal_pointer (&account);
}

char *
wf_account_serialize (const WfAccount *account)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *policy = NULL;

  g_return_val_if_fail (account != NULL, NULL);

  policy = wf_account_format_refresh_policy (account);
  for (gsize i = 0; i < G_N_ELEMENTS (text_keys); i++)
    {
      const char *value = G_STRUCT_MEMBER (char *, account, text_keys[i].offset);

      if (value)
        g_key_file_set_string (file, text_keys[i].group, text_keys[i].key, value);
    }
  /* An absent Scope means the default one, an empty one none. */
  if (!account->scope)
    g_key_file_set_string (file, GROUP_ACCOUNT, "Scope", "");
  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    {
      char **list = G_STRUCT_MEMBER (char **, account, list_keys[i].offset);

      if (list && list[0])
        g_key_file_set_string_list (file, list_keys[i].group, list_keys[i].key,
                                    (const char *const *) list, g_strv_length (list));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (switch_keys); i++)
    if (G_STRUCT_MEMBER (gboolean, account, switch_keys[i].offset))
      g_key_file_set_boolean (file, switch_keys[i].group, switch_keys[i].key, TRUE);
  g_key_file_set_string (file, GROUP_ACCOUNT, "AuthMethod", wf_auth_method_to_string (account->auth_method));
  g_key_file_set_string (file, GROUP_ACCOUNT, "RefreshPolicy", policy);
  return g_key_file_to_data (file, NULL, NULL);
}
