/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preset.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-private.h"
#include "wf-error.h"
#include "wf-uri.h"

#define GROUP_PRESET "Preset"
#define FIELD_PREFIX "Field "

G_DEFINE_BOXED_TYPE (WfPreset, wf_preset, wf_preset_ref, wf_preset_unref)

/* Those of an account that are made from a template. */
static const gsize template_offsets[] = {
  G_STRUCT_OFFSET (WfAccount, issuer),
  G_STRUCT_OFFSET (WfAccount, authorization_endpoint),
  G_STRUCT_OFFSET (WfAccount, token_endpoint),
  G_STRUCT_OFFSET (WfAccount, jwks_uri),
  G_STRUCT_OFFSET (WfAccount, userinfo_endpoint),
  G_STRUCT_OFFSET (WfAccount, revocation_endpoint),
  G_STRUCT_OFFSET (WfAccount, end_session_endpoint),
};

static void
field_free (gpointer data)
{
  WfPresetField *field = data;

  g_free (field->name);
  g_free (field->title);
  g_free (field->example);
  g_free (field->standard);
  g_free (field);
}

static gboolean
refuse (GError    **error,
        const char *id,
        const char *key)
{
  g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT,
               /* Translators: the names of a preset and of a key in its file */
               _("The preset “%s” cannot be used: correct “%s” in its file."), id, key);
  return FALSE;
}

/* The sentences are in the catalogues of Warifu, as all others. */
static char *
read_translated (GKeyFile   *file,
                 const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP_PRESET, key, NULL);

  return text && *text ? g_strdup (g_dgettext (GETTEXT_PACKAGE, text)) : NULL;
}

static WfPresetField *
read_field (GKeyFile   *file,
            const char *group)
{
  WfPresetField *field = g_new0 (WfPresetField, 1);
  g_autofree char *title = g_key_file_get_string (file, group, "Title", NULL);
  g_autofree char *kind = g_key_file_get_string (file, group, "Kind", NULL);

  field->name = g_strdup (group + strlen (FIELD_PREFIX));
  field->title = title ? g_strdup (g_dgettext (GETTEXT_PACKAGE, title)) : NULL;
  field->example = g_key_file_get_string (file, group, "Example", NULL);
  field->standard = g_key_file_get_string (file, group, "Default", NULL);
  field->is_server = g_strcmp0 (kind, "server") == 0;
  field->is_uuid = g_strcmp0 (kind, "uuid") == 0;
  return field;
}

static gboolean
read_fields (WfPreset *preset,
             GKeyFile *file,
             GError  **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i]; i++)
    {
      WfPresetField *field;

      if (!g_str_has_prefix (groups[i], FIELD_PREFIX))
        continue;
      field = read_field (file, groups[i]);
      g_ptr_array_add (preset->fields, field);
      if (!*field->name || !field->title || !field->example)
        return refuse (error, preset->id, groups[i]);
    }
  return TRUE;
}

/* Returns: (transfer full): NULL where @template names a field that there is not */
static char *
expand (const WfPreset *preset,
        const char     *template,
        char          **values)
{
  g_autoptr (GString) text = g_string_new (template);

  for (guint i = 0; i < preset->fields->len; i++)
    {
      const WfPresetField *field = preset->fields->pdata[i];
      g_autofree char *placeholder = g_strdup_printf ("{%s}", field->name);

      g_string_replace (text, placeholder, values[i], 0);
    }
  return strpbrk (text->str, "{}") ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

/* Every template can be filled, and gives addresses that an account may have. */
static gboolean
check_templates (const WfPreset *preset,
                 GError        **error)
{
  g_autoptr (WfAccount) account = wf_account_copy (preset->account);
  g_autoptr (GPtrArray) examples = g_ptr_array_new ();

  for (guint i = 0; i < preset->fields->len; i++)
    g_ptr_array_add (examples, ((WfPresetField *) preset->fields->pdata[i])->example);
  wf_account_set (&account->name, preset->name);
  wf_account_set (&account->client_id, preset->id);
  if (!wf_preset_fill (preset, (const char *const *) examples->pdata, account, NULL))
    return refuse (error, preset->id, "Issuer");
  /* A provider of which nothing is known has no issuer yet. */
  if (!account->issuer)
    wf_account_set (&account->issuer, "https://id.example.org");
  return wf_account_check (account, NULL, NULL) || refuse (error, preset->id, "Account");
}

static gboolean
read_preset (WfPreset *preset,
             GKeyFile *file,
             GError  **error)
{
  preset->name = read_translated (file, "Name");
  preset->client_hint = read_translated (file, "ClientHint");
  preset->note = read_translated (file, "Note");
  if (!preset->name)
    return refuse (error, preset->id, "Name");
  if (!preset->client_hint)
    return refuse (error, preset->id, "ClientHint");
  return read_fields (preset, file, error) && wf_account_read_keys (preset->account, file, error) &&
         check_templates (preset, error);
}

WfPreset *
wf_preset_parse (const char *id,
                 const char *data,
                 gsize       length,
                 GError    **error)
{
  g_autoptr (WfPreset) preset = g_new0 (WfPreset, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (id != NULL && data != NULL, NULL);

  g_atomic_ref_count_init (&preset->ref_count);
  preset->id = g_strdup (id);
  preset->fields = g_ptr_array_new_with_free_func (field_free);
  preset->account = wf_account_new ();
  if (!g_utf8_validate_len (data, length, NULL) || !g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, NULL))
    {
      refuse (error, id, GROUP_PRESET);
      return NULL;
    }
  return read_preset (preset, file, error) ? g_steal_pointer (&preset) : NULL;
}

WfPreset *
wf_preset_ref (WfPreset *preset)
{
  g_return_val_if_fail (preset != NULL, NULL);

  g_atomic_ref_count_inc (&preset->ref_count);
  return preset;
}

void
wf_preset_unref (WfPreset *preset)
{
  g_return_if_fail (preset != NULL);

  if (!g_atomic_ref_count_dec (&preset->ref_count))
    return;
  g_clear_pointer (&preset->id, g_free);
  g_clear_pointer (&preset->name, g_free);
  g_clear_pointer (&preset->client_hint, g_free);
  g_clear_pointer (&preset->note, g_free);
  g_clear_pointer (&preset->fields, g_ptr_array_unref);
  g_clear_pointer (&preset->account, wf_account_unref);
  g_free (preset);
}

/* --- Filling in --- */

/* "tenant.eu.auth0.com", and also what one copies from the bar of a browser. */
static char *
normalize_server (const char *value)
{
  g_autofree char *server = g_strconcat (strstr (value, "://") ? "" : "https://", value, NULL);
  gsize length = strlen (server);

  while (length > 0 && server[length - 1] == '/')
    server[--length] = '\0';
  return g_steal_pointer (&server);
}

/* Returns: (transfer full): NULL with an error where nothing was filled in */
static char *
normalize (const WfPresetField *field,
           const char          *value,
           GError             **error)
{
  g_autofree char *text = g_strstrip (g_strdup (value && *value ? value : field->standard ? field->standard : ""));

  if (!*text)
    {
      /* Translators: what to fill in, such as "Domain", and an example */
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Fill in “%s”, such as %s."), field->title, field->example);
      return NULL;
    }
  /* What looks like a placeholder would be filled in once more. */
  if (strpbrk (text, "{}"))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Leave the braces out of “%s”."), field->title);
      return NULL;
    }
  return field->is_server ? normalize_server (text) : g_uri_escape_string (text, NULL, FALSE);
}

/* @text: a segment of a path, as typed */
static gboolean
check_segment (const WfPresetField *field,
               const char          *text,
               GError             **error)
{
  if (field->is_uuid && !g_uuid_string_is_valid (text))
    {
      /* Translators: what to fill in, such as "Tenant", and an example */
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("“%s” is an ID, such as %s."), field->title, field->example);
      return FALSE;
    }
  if (strpbrk (text, "/\\?#"))
    {
      /* Translators: what to fill in, such as "Realm", and an example */
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("“%s” is a name without slashes, such as %s."),
                   field->title, field->example);
      return FALSE;
    }
  return TRUE;
}

gboolean
wf_preset_field_check (const WfPresetField *field,
                       const char          *value,
                       GError             **error)
{
  g_autofree char *text = NULL;
  g_autofree char *segment = NULL;

  g_return_val_if_fail (field != NULL, FALSE);

  text = normalize (field, value, error);
  if (!text)
    return FALSE;
  if (field->is_server)
    return wf_uri_check_issuer (text, error);
  segment = g_uri_unescape_string (text, NULL);
  return check_segment (field, segment ? segment : text, error);
}

static gboolean
expand_templates (const WfPreset *preset,
                  char          **values,
                  WfAccount      *account,
                  GError        **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (template_offsets); i++)
    {
      char **field = &G_STRUCT_MEMBER (char *, account, template_offsets[i]);
      g_autofree char *expanded = *field ? expand (preset, *field, values) : NULL;

      if (*field && !expanded)
        return refuse (error, preset->id, *field);
      wf_account_set (field, expanded);
    }
  return TRUE;
}

/* Endpoints that another preset left are cleared; an issuer that was typed in is not, where this one knows none. */
static void
copy_settings (const WfAccount *from,
               WfAccount       *to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (template_offsets); i++)
    {
      const char *value = G_STRUCT_MEMBER (char *, from, template_offsets[i]);

      if (value || template_offsets[i] != G_STRUCT_OFFSET (WfAccount, issuer))
        wf_account_set (&G_STRUCT_MEMBER (char *, to, template_offsets[i]), value);
    }
  wf_account_set (&to->scope, from->scope);
  wf_account_set (&to->redirect_uri, from->redirect_uri);
  g_strfreev (to->params);
  to->params = g_strdupv (from->params);
  to->auth_method = from->auth_method;
  to->reuse_leeway = from->reuse_leeway;
}

gboolean
wf_preset_fill (const WfPreset    *preset,
                const char *const *values,
                WfAccount         *account,
                GError           **error)
{
  g_autoptr (WfAccount) filled = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (preset != NULL && account != NULL, FALSE);

  for (guint i = 0; i < preset->fields->len; i++)
    {
      char *text = normalize (preset->fields->pdata[i], values ? values[i] : NULL, error);

      if (!text)
        return FALSE;
      g_ptr_array_add (texts, text);
    }
  filled = wf_account_copy (preset->account);
  if (!expand_templates (preset, (char **) texts->pdata, filled, error))
    return FALSE;
  copy_settings (filled, account);
  return TRUE;
}

/* --- Reading back --- */

static const WfPresetField *
find_field (const WfPreset *preset,
            const char     *name)
{
  for (guint i = 0; i < preset->fields->len; i++)
    if (g_str_equal (((WfPresetField *) preset->fields->pdata[i])->name, name))
      return preset->fields->pdata[i];
  return NULL;
}

/* Returns: (transfer full): what an issuer of the template is like; its groups are the fields in the order of the template.
 * @names: (out) (transfer full): of these fields */
static GRegex *
make_issuer_regex (const WfPreset *preset,
                   GPtrArray     **names)
{
  /* Text, name, text, name, text: what stands in braces has been checked. */
  g_auto (GStrv) parts = g_strsplit_set (preset->account->issuer, "{}", -1);
  g_autoptr (GString) pattern = g_string_new ("\\A");

  *names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; parts[i]; i++)
    {
      g_autofree char *text = g_regex_escape_string (parts[i], -1);
      const WfPresetField *field = i % 2 == 1 ? find_field (preset, parts[i]) : NULL;

      if (field)
        g_ptr_array_add (*names, g_strdup (field->name));
      g_string_append (pattern, !field ? text : field->is_server ? "(.+)" : "([^/]+)");
    }
  g_string_append (pattern, "\\z");
  return g_regex_new (pattern->str, G_REGEX_OPTIMIZE, 0, NULL);
}

/* Returns: (transfer full): as a person writes it */
static char *
undo_normalize (const WfPresetField *field,
                const char          *raw)
{
  if (!field->is_server)
    return g_uri_unescape_string (raw, NULL);
  return g_strdup (g_str_has_prefix (raw, "https://") ? raw + strlen ("https://") : raw);
}

char **
wf_preset_read_values (const WfPreset *preset,
                       const char     *issuer)
{
  g_autoptr (WfAccount) again = wf_account_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) info = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;

  g_return_val_if_fail (preset != NULL && issuer != NULL, NULL);

  if (!preset->account->issuer || preset->fields->len == 0)
    return NULL;
  regex = make_issuer_regex (preset, &names);
  if (!regex || !g_regex_match (regex, issuer, 0, &info))
    return NULL;
  for (guint i = 0; i < preset->fields->len; i++)
    {
      const WfPresetField *field = preset->fields->pdata[i];
      guint group;
      g_autofree char *raw = NULL;
      g_autofree char *value = NULL;

      if (g_ptr_array_find_with_equal_func (names, field->name, g_str_equal, &group))
        raw = g_match_info_fetch (info, (int) group + 1);
      value = raw ? undo_normalize (field, raw) : NULL;
      g_strv_builder_add (builder, value ? value : "");
    }
  values = g_strv_builder_end (builder);
  /* Only what leads back to the same issuer was read rightly. */
  if (!wf_preset_fill (preset, (const char *const *) values, again, NULL) || g_strcmp0 (again->issuer, issuer) != 0)
    return NULL;
  return g_steal_pointer (&values);
}
