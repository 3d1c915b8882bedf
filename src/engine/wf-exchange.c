/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-exchange.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-form.h"
#include "wf-json.h"
#include "wf-secret.h"

#define BODY_MAX_BYTES (64 * 1024)
/* A word this long with a digit in it, within a server's sentence, may be a token that it repeats. */
#define OPAQUE_WORD_MIN_BYTES 20

G_DEFINE_BOXED_TYPE (WfExchange, wf_exchange, wf_exchange_ref, wf_exchange_unref)

static void mask_node (JsonNode *node);

/* Parameters and members whose value is a secret, beside those that is_secret_name() knows by their ending. */
static const char *const secret_names[] = {
  "code", "authorization_code", "device_code", "user_code", "code_verifier", "password", "passwd",
  "pwd", "id_token_hint", "login_hint_token", "assertion", "client_assertion", "saml_response",
  "samlresponse", "secret", "token", "jwt", "api_key", "apikey", "auth_req_id", "ticket", "otp",
  "session_id", "sid_token", "request", "response",
};

static const char *const secret_endings[] = {
  "_token", "_secret", "_password", "_assertion", "_verifier", "_ticket", "_cookie", "_jwt",
};

/* Private members of a JWK, RFC 7518 §6. */
static const char *const private_key_members[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };

/* Members that hold a sentence of the server. */
static const char *const sentence_names[] = {
  "error", "error_description", "error_message", "error_uri", "message", "detail", "details", "description", "title",
};

static gboolean
is_listed (const char        *name,
           const char *const *list,
           gsize              length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_strcasecmp (name, list[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_secret_name (const char *name)
{
  gsize length = strlen (name);

  if (is_listed (name, secret_names, G_N_ELEMENTS (secret_names)))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (secret_endings); i++)
    {
      gsize ending = strlen (secret_endings[i]);

      if (length > ending && g_ascii_strcasecmp (name + length - ending, secret_endings[i]) == 0)
        return TRUE;
    }
  /* accessToken, clientSecret */
  return length > 5 && (g_str_has_suffix (name, "Token") || g_str_has_suffix (name, "Secret"));
}

/* A JSON object begins with "eyJ" in base64url: a JWT or JWE, wherever it stands. */
static gboolean
is_jwt (const char *value)
{
  return g_str_has_prefix (value, "eyJ") && strchr (value, '.') != NULL;
}

static gboolean
is_opaque_byte (char c)
{
  return g_ascii_isalnum (c) || (c && strchr ("-._~+/=%", c));
}

static char *
drop_opaque_words (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text)
    {
      gboolean has_digit = FALSE;
      gsize length = 0;

      for (; is_opaque_byte (text[length]); length++)
        has_digit |= g_ascii_isdigit (text[length]);
      if (length >= OPAQUE_WORD_MIN_BYTES && has_digit)
        g_string_append (out, "…");
      else
        g_string_append_len (out, text, MAX (length, 1));
      text += MAX (length, 1);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
mask_value (const char *name,
            const char *value)
{
  if (is_secret_name (name) || is_jwt (value))
    return wf_secret_mask (value);
  if (is_listed (name, sentence_names, G_N_ELEMENTS (sentence_names)))
    return drop_opaque_words (value);
  return g_strdup (value);
}

/* Decoded for the comparison of names: "c%6fde" is "code". */
static char *
decode_component (const char *text)
{
  g_autofree char *spaced = g_strdup (text);
  g_autofree char *decoded = NULL;

  g_strdelimit (spaced, "+", ' ');
  decoded = g_uri_unescape_string (spaced, NULL);
  return decoded ? g_steal_pointer (&decoded) : g_steal_pointer (&spaced);
}

static void
append_masked_pair (GString    *out,
                    const char *pair)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *raw_name = equals ? g_strndup (pair, (gsize) (equals - pair)) : g_strdup (pair);
  g_autofree char *name = decode_component (raw_name);
  g_autoptr (WfWipedString) value = decode_component (equals ? equals + 1 : "");
  g_autofree char *masked = mask_value (name, value);

  if (!equals)
    g_string_append (out, is_jwt (pair) ? "…" : pair);
  else if (g_str_equal (masked, value))
    g_string_append (out, pair);
  else
    g_string_append_printf (out, "%s=%s", raw_name, masked);
}

static void
append_masked_query (GString    *out,
                     const char *query)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);

  for (guint i = 0; pairs[i]; i++)
    {
      if (i > 0)
        g_string_append_c (out, '&');
      append_masked_pair (out, pairs[i]);
    }
  for (guint i = 0; pairs[i]; i++)
    explicit_bzero (pairs[i], strlen (pairs[i]));
}

/* Appends what comes before the query, without a password in it. */
static void
append_place (GString    *out,
              const char *place)
{
  const char *authority = strstr (place, "://");
  const char *end;
  const char *at;

  if (!authority)
    {
      g_string_append (out, place);
      return;
    }
  authority += 3;
  end = authority + strcspn (authority, "/");
  at = memrchr (authority, '@', (gsize) (end - authority));
  g_string_append_len (out, place, authority - place);
  if (at)
    g_string_append (out, "…");
  g_string_append (out, at ? at : authority);
}

static void
mask_string (JsonNode   *node,
             const char *name)
{
  g_autofree char *masked = mask_value (name, json_node_get_string (node));

  json_node_set_string (node, masked);
}

static void
mask_member (JsonObject *object,
             const char *name,
             JsonNode   *node,
             gboolean    is_key)
{
  gboolean is_text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;

  if (is_key && is_listed (name, private_key_members, G_N_ELEMENTS (private_key_members)))
    json_object_set_string_member (object, name, "…");
  else if (is_text)
    mask_string (node, name);
  else if (!JSON_NODE_HOLDS_VALUE (node) && !JSON_NODE_HOLDS_NULL (node) && is_secret_name (name))
    json_object_set_string_member (object, name, "…");
  else
    mask_node (node);
}

static void
mask_object (JsonObject *object)
{
  gboolean is_key = json_object_has_member (object, "kty");
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l; l = l->next)
    mask_member (object, l->data, json_object_get_member (object, l->data), is_key);
}

/* Bounded in depth by the strict gate that every body passes first. */
static void
mask_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    mask_object (json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      mask_node (json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    mask_string (node, "");
}

/* Takes @text. */
static char *
cut_text (char *text)
{
  g_autofree char *whole = text;
  const char *end;

  if (strlen (whole) <= BODY_MAX_BYTES)
    return g_steal_pointer (&whole);

  end = g_utf8_find_prev_char (whole, whole + BODY_MAX_BYTES);
  return g_strdup_printf ("%.*s\n…", (int) (end - whole), whole);
}

WfExchange *
wf_exchange_new (void)
{
  WfExchange *exchange = g_new0 (WfExchange, 1);

  exchange->duration_us = -1;
  exchange->dns_us = -1;
  exchange->connect_us = -1;
  exchange->tls_us = -1;
  exchange->wait_us = -1;
  exchange->receive_us = -1;
  g_atomic_ref_count_init (&exchange->ref_count);
  return exchange;
}

WfExchange *
wf_exchange_ref (WfExchange *exchange)
{
  g_return_val_if_fail (exchange != NULL, NULL);

  g_atomic_ref_count_inc (&exchange->ref_count);
  return exchange;
}

void
wf_exchange_unref (WfExchange *exchange)
{
  if (!exchange || !g_atomic_ref_count_dec (&exchange->ref_count))
    return;

  g_free (exchange->what);
  g_free (exchange->method);
  g_free (exchange->uri);
  g_free (exchange->request_headers);
  g_free (exchange->request_body);
  g_free (exchange->response_headers);
  g_free (exchange->response_body);
  g_free (exchange->error);
  g_free (exchange->tls_protocol);
  g_free (exchange);
}

char *
wf_exchange_mask_uri (const char *uri)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *place = NULL;
  gsize length;

  g_return_val_if_fail (uri != NULL, NULL);

  length = strcspn (uri, "?#");
  place = g_strndup (uri, length);
  append_place (out, place);
  while (uri[length])
    {
      gsize part_length = strcspn (uri + length + 1, "?#");
      g_autoptr (WfWipedString) part = g_strndup (uri + length + 1, part_length);

      g_string_append_c (out, uri[length]);
      append_masked_query (out, part);
      length += 1 + part_length;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
wf_exchange_mask_form (const char *form)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) pairs = NULL;

  g_return_val_if_fail (form != NULL, NULL);

  pairs = g_strsplit (form, "&", -1);
  for (guint i = 0; pairs[i]; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autoptr (WfWipedString) value = decode_component (equals ? equals + 1 : "");
      g_autofree char *name = NULL;
      g_autofree char *masked = NULL;

      if (equals)
        *equals = '\0';
      name = decode_component (pairs[i]);
      masked = mask_value (name, value);
      if (*pairs[i] || equals)
        g_string_append_printf (out, "%s=%s\n", name, masked);
      if (equals)
        explicit_bzero (equals + 1, strlen (equals + 1));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
wf_exchange_mask_body (GBytes *body)
{
  g_autoptr (JsonNode) node = NULL;
  gsize length = 0;
  const char *text;

  g_return_val_if_fail (body != NULL, NULL);

  text = g_bytes_get_data (body, &length);
  if (length == 0)
    return g_strdup ("");

  node = wf_json_parse (text, length, WF_JSON_MAX_BYTES, NULL);
  if (!node)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "(%u byte, no JSON)", "(%u bytes, no JSON)", (gulong) length),
                            (guint) MIN (length, G_MAXUINT));

  mask_node (node);
  return cut_text (wf_json_to_string (node, TRUE));
}
