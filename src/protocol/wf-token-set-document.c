/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-set.h"

#include "wf-error.h"
#include "wf-json-secrets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define VERSION 1
/* The last second of the year 9999. */
#define TIME_MAX G_GINT64_CONSTANT (253402300799)
#define SKEW_MAX (100 * G_GINT64_CONSTANT (31622400))
/* More than all names and numbers of one object take. */
#define OBJECT_OVERHEAD 2048

typedef struct
{
  const char *name;
  gsize       offset;
} Member;

static const Member secret_members[] = {
  { "client_secret", G_STRUCT_OFFSET (WfTokenSet, client_secret) },
  { "refresh_token", G_STRUCT_OFFSET (WfTokenSet, refresh_token) },
  { "id_token", G_STRUCT_OFFSET (WfTokenSet, id_token) },
};

/* Only to compare with: left out where the item would grow too large. */
static const Member previous_members[] = {
  { "previous_access_token", G_STRUCT_OFFSET (WfTokenSet, previous_access_token) },
  { "previous_id_token", G_STRUCT_OFFSET (WfTokenSet, previous_id_token) },
};

static const Member text_members[] = {
  { "issuer", G_STRUCT_OFFSET (WfTokenSet, issuer) },
  { "client_id", G_STRUCT_OFFSET (WfTokenSet, client_id) },
  { "subject", G_STRUCT_OFFSET (WfTokenSet, subject) },
  { "id_token_key_id", G_STRUCT_OFFSET (WfTokenSet, id_token_key_id) },
  { "write_id", G_STRUCT_OFFSET (WfTokenSet, write_id) },
  { "requested_scope", G_STRUCT_OFFSET (WfTokenSet, requested_scope) },
  { "previous_scope", G_STRUCT_OFFSET (WfTokenSet, previous_scope) },
  { "error_name", G_STRUCT_OFFSET (WfTokenSet, error_name) },
  { "error_description", G_STRUCT_OFFSET (WfTokenSet, error_description) },
};

static const Member time_members[] = {
  { "refresh_issued_at", G_STRUCT_OFFSET (WfTokenSet, refresh_issued_at) },
  { "refresh_expires_at", G_STRUCT_OFFSET (WfTokenSet, refresh_expires_at) },
  { "signed_in_at", G_STRUCT_OFFSET (WfTokenSet, signed_in_at) },
  { "id_token_received_at", G_STRUCT_OFFSET (WfTokenSet, id_token_received_at) },
  { "previous_lifetime", G_STRUCT_OFFSET (WfTokenSet, previous_lifetime) },
  { "refresh_started_at", G_STRUCT_OFFSET (WfTokenSet, refresh_started_at) },
  { "error_at", G_STRUCT_OFFSET (WfTokenSet, error_at) },
};

static const char *const secret_names[] = {
  "client_secret", "refresh_token", "id_token", "previous_access_token", "previous_id_token", "token", NULL,
};

static const char *const verdict_names[] = {
  [WF_JWS_VERIFIED] = "verified",
  [WF_JWS_UNVERIFIED] = "unverified",
  [WF_JWS_NO_KEY] = "no_key",
  [WF_JWS_INVALID] = "invalid",
};

/* ---- writing ---- */

static void
write_name (GString    *out,
            const char *name)
{
  char last = out->str[out->len - 1];

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "\"%s\":", name);
}

static void
write_text (GString    *out,
            const char *name,
            const char *text)
{
  if (!text)
    return;
  write_name (out, name);
  wf_json_append_string (out, text);
}

static void
write_int (GString    *out,
           const char *name,
           gint64      value)
{
  write_name (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

static void
write_boolean (GString    *out,
               const char *name,
               gboolean    value)
{
  write_name (out, name);
  g_string_append (out, value ? "true" : "false");
}

/* A time that cannot be read back is better unknown than a damaged item. */
static void
write_time (GString    *out,
            const char *name,
            gint64      value)
{
  if (value >= 0)
    write_int (out, name, MIN (value, TIME_MAX));
}

static void
write_secrets (GString          *out,
               const WfTokenSet *set,
               const Member     *members,
               gsize             n_members)
{
  for (gsize i = 0; i < n_members; i++)
    {
      SecretValue *secret = G_STRUCT_MEMBER (SecretValue *, set, members[i].offset);

      if (secret)
        write_text (out, members[i].name, secret_value_get_text (secret));
    }
}

static void
write_access_token (GString             *out,
                    const WfAccessToken *token)
{
  if (out->str[out->len - 1] == '}')
    g_string_append_c (out, ',');
  g_string_append_c (out, '{');
  write_text (out, "audience", token->audience);
  write_text (out, "token", secret_value_get_text (token->token));
  write_text (out, "scope", token->scope);
  write_time (out, "issued_at", token->issued_at);
  write_time (out, "expires_at", token->expires_at);
  g_string_append_c (out, '}');
}

static void
write_access_tokens (GString          *out,
                     const WfTokenSet *set)
{
  write_name (out, "access_tokens");
  g_string_append_c (out, '[');
  for (guint i = 0; i < set->access_tokens->len; i++)
    write_access_token (out, g_ptr_array_index (set->access_tokens, i));
  g_string_append_c (out, ']');
}

static gsize
secret_length (SecretValue *secret)
{
  gsize length = 0;

  if (secret)
    secret_value_get (secret, &length);
  return length;
}

static gsize
text_length (const char *text)
{
  return text ? strlen (text) : 0;
}

/* A string that grew while it was written would leave a copy of secrets behind: it is made large enough
 * for the longest escapes at once. */
static gsize
bound_length (const WfTokenSet *set)
{
  gsize length = secret_length (set->client_secret) + secret_length (set->refresh_token) +
                 secret_length (set->id_token) + secret_length (set->previous_access_token) +
                 secret_length (set->previous_id_token);

  for (gsize i = 0; i < G_N_ELEMENTS (text_members); i++)
    length += text_length (G_STRUCT_MEMBER (char *, set, text_members[i].offset));
  for (guint i = 0; i < set->access_tokens->len; i++)
    {
      const WfAccessToken *token = g_ptr_array_index (set->access_tokens, i);

      length += secret_length (token->token) + text_length (token->audience) + text_length (token->scope) +
                OBJECT_OVERHEAD;
    }
  return 6 * length + OBJECT_OVERHEAD;
}

static void
write_document (GString          *out,
                const WfTokenSet *set,
                gboolean          with_previous)
{
  g_string_append_c (out, '{');
  write_int (out, "version", VERSION);
  write_secrets (out, set, secret_members, G_N_ELEMENTS (secret_members));
  write_access_tokens (out, set);
  if (with_previous)
    write_secrets (out, set, previous_members, G_N_ELEMENTS (previous_members));
  for (gsize i = 0; i < G_N_ELEMENTS (text_members); i++)
    write_text (out, text_members[i].name, G_STRUCT_MEMBER (char *, set, text_members[i].offset));
  for (gsize i = 0; i < G_N_ELEMENTS (time_members); i++)
    write_time (out, time_members[i].name, G_STRUCT_MEMBER (gint64, set, time_members[i].offset));
  write_int (out, "generation", set->generation);
  write_int (out, "refreshes", set->refreshes);
  write_boolean (out, "rotates", set->rotates);
  if (set->sign_in_failed)
    write_boolean (out, "sign_in_failed", TRUE);
  if (set->refresh_lost)
    write_boolean (out, "refresh_lost", TRUE);
  write_text (out, "id_token_verdict", verdict_names[set->id_token_verdict]);
  write_int (out, "refresh_attempts", set->refresh_attempts);
  write_int (out, "clock_skew", CLAMP (set->clock_skew, -SKEW_MAX, SKEW_MAX));
  g_string_append_c (out, '}');
}

/* ---- reading: FALSE, with or without an error, where the item is damaged ---- */

typedef struct
{
  JsonObject *object;
  GPtrArray  *secrets;
} Document;

static gboolean
read_version (JsonObject *object,
              GError    **error)
{
  gint64 version;

  if (!wf_json_get_int (object, "version", 1, G_MAXINT32, 0, &version, error))
    return FALSE;
  if (version == VERSION)
    return TRUE;
  if (version > VERSION)
    g_set_error_literal (error, WF_ERROR, WF_ERROR_KEYRING_FAILED,
                         _("A newer Warifu wrote what the keyring holds for this account. Use that one, or sign in again."));
  return FALSE; /* without an error: the caller says that the item is damaged */
}

static gboolean
read_secrets (const Document *document,
              WfTokenSet     *set,
              const Member   *members,
              gsize           n_members,
              GError        **error)
{
  for (gsize i = 0; i < n_members; i++)
    {
      SecretValue *secret;

      if (!wf_json_get_secret (document->object, members[i].name, document->secrets, WF_TOKEN_SET_MAX_BYTES, &secret, error))
        return FALSE;
      wf_secret_set (&G_STRUCT_MEMBER (SecretValue *, set, members[i].offset), secret);
    }
  return TRUE;
}

static gboolean
read_text (JsonObject *object,
           const char *name,
           char      **slot,
           GError    **error)
{
  const char *text;

  if (!wf_json_get_string (object, name, WF_TOKEN_SET_MAX_BYTES, &text, error))
    return FALSE;
  *slot = g_strdup (text);
  return TRUE;
}

static gboolean
read_time (JsonObject *object,
           const char *name,
           gint64     *slot,
           GError    **error)
{
  return wf_json_get_int (object, name, 0, TIME_MAX, WF_TIME_UNKNOWN, slot, error);
}

static gboolean
read_access_token (const Document *document,
                   JsonNode       *node,
                   WfTokenSet     *set,
                   GError        **error)
{
  const Document element = { JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL, document->secrets };
  g_autofree char *audience = NULL;
  SecretValue *secret = NULL;
  WfAccessToken *token;

  if (!element.object || !read_text (element.object, "audience", &audience, error) ||
      !wf_json_get_secret (element.object, "token", element.secrets, WF_TOKEN_SET_MAX_BYTES, &secret, error))
    return FALSE;
  if (!audience || !secret || wf_token_set_get_access_token (set, audience))
    return FALSE;
  token = g_new0 (WfAccessToken, 1);
  token->audience = g_steal_pointer (&audience);
  wf_secret_set (&token->token, secret);
  g_ptr_array_add (set->access_tokens, token);
  return read_text (element.object, "scope", &token->scope, error) &&
         read_time (element.object, "issued_at", &token->issued_at, error) &&
         read_time (element.object, "expires_at", &token->expires_at, error);
}

static gboolean
read_access_tokens (const Document *document,
                    WfTokenSet     *set,
                    GError        **error)
{
  JsonNode *node = json_object_get_member (document->object, "access_tokens");
  JsonArray *array;

  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_access_token (document, json_array_get_element (array, i), set, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_verdict (JsonObject *object,
              WfTokenSet *set,
              GError    **error)
{
  const char *name;

  if (!wf_json_get_string (object, "id_token_verdict", WF_TOKEN_SET_MAX_BYTES, &name, error))
    return FALSE;
  if (!name)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (verdict_names); i++)
    if (g_str_equal (name, verdict_names[i]))
      {
        set->id_token_verdict = (WfJwsVerdict) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_numbers (JsonObject *object,
              WfTokenSet *set,
              GError    **error)
{
  gint64 generation;
  gint64 refreshes;
  gint64 attempts;

  if (!wf_json_get_int (object, "generation", 0, G_MAXINT32, 0, &generation, error) ||
      !wf_json_get_int (object, "refreshes", 0, G_MAXINT32, 0, &refreshes, error) ||
      !wf_json_get_int (object, "refresh_attempts", 0, G_MAXINT32, 0, &attempts, error) ||
      !wf_json_get_int (object, "clock_skew", -SKEW_MAX, SKEW_MAX, 0, &set->clock_skew, error) ||
      !wf_json_get_boolean (object, "rotates", FALSE, &set->rotates, error) ||
      !wf_json_get_boolean (object, "sign_in_failed", FALSE, &set->sign_in_failed, error) ||
      !wf_json_get_boolean (object, "refresh_lost", FALSE, &set->refresh_lost, error))
    return FALSE;
  set->generation = (guint) generation;
  set->refreshes = (guint) refreshes;
  set->refresh_attempts = (guint) attempts;
  return TRUE;
}

static gboolean
read_document (const Document *document,
               WfTokenSet     *set,
               GError        **error)
{
  if (!read_secrets (document, set, secret_members, G_N_ELEMENTS (secret_members), error) ||
      !read_secrets (document, set, previous_members, G_N_ELEMENTS (previous_members), error) ||
      !read_access_tokens (document, set, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (text_members); i++)
    if (!read_text (document->object, text_members[i].name, &G_STRUCT_MEMBER (char *, set, text_members[i].offset), error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (time_members); i++)
    if (!read_time (document->object, time_members[i].name, &G_STRUCT_MEMBER (gint64, set, time_members[i].offset), error))
      return FALSE;
  return read_numbers (document->object, set, error) && read_verdict (document->object, set, error);
}

static WfTokenSet *
parse_text (const char *text,
            gsize       length,
            GError    **error)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (GString) rest = NULL;
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (JsonObject) object = NULL;
  Document document;

  if (!wf_json_check (text, length, WF_TOKEN_SET_MAX_BYTES, error))
    return NULL;
  rest = wf_json_take_secrets (text, length, 3, secret_names, &secrets);
  object = wf_json_parse_object (rest->str, rest->len, WF_TOKEN_SET_MAX_BYTES, error);
  if (!object || !read_version (object, error))
    return NULL;
  document = (Document) { object, secrets };
  if (!read_document (&document, set, error))
    return NULL;
  if (set->refresh_token)
    set->generation = MAX (set->generation, 1);
  return g_steal_pointer (&set);
}

SecretValue *
wf_token_set_serialize (const WfTokenSet *set,
                        GError          **error)
{
  SecretValue *document = NULL;
  GString *out;

  g_return_val_if_fail (set != NULL, NULL);

  out = g_string_sized_new (bound_length (set));
  write_document (out, set, TRUE);
  if (out->len > WF_TOKEN_SET_MAX_BYTES)
    {
      g_string_truncate (out, 0);
      write_document (out, set, FALSE);
    }
  if (out->len > WF_TOKEN_SET_MAX_BYTES)
    g_set_error_literal (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE,
                         _("The provider’s tokens are too large for the keyring. Ask for fewer scopes."));
  else if (!g_utf8_validate_len (out->str, out->len, NULL))
    g_set_error_literal (error, WF_ERROR, WF_ERROR_KEYRING_FAILED,
                         _("The client secret is not a text in UTF-8, so it cannot be stored. Give it again."));
  else
    document = wf_secret_new (out->str, (gssize) out->len);
  wf_secret_wipe_string (out);
  return document;
}

WfTokenSet *
wf_token_set_parse (SecretValue *document,
                    GError     **error)
{
  g_autoptr (GError) local = NULL;
  WfTokenSet *set;
  const char *text;
  gsize length;

  g_return_val_if_fail (document != NULL, NULL);

  text = secret_value_get (document, &length);
  set = parse_text (text, length, &local);
  if (set)
    return set;
  if (g_error_matches (local, WF_ERROR, WF_ERROR_KEYRING_FAILED))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, WF_ERROR, WF_ERROR_KEYRING_FAILED,
                         _("What the keyring holds for this account is damaged. Sign in again."));
  return NULL;
}
