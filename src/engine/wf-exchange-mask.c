/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-exchange.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-json-secrets.h"

/* A word this long with a digit in it, within a server's sentence, may be a token that it repeats. */
#define OPAQUE_WORD_MIN_BYTES 20

/* Where something is masked, and who keeps what is taken out. */
typedef struct
{
  WfExchange    *keeper; /* nullable: nobody */
  WfExchangePart part;
  GPtrArray     *taken;  /* (nullable) (element-type SecretValue): of a JSON body, before it was parsed */
} Mask;

static void mask_node (const Mask *mask,
                       JsonNode   *node);

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

/* They come in answers, and json-glib would keep them in memory that nobody wipes. */
static const char *const taken_names[] = {
  "access_token", "refresh_token", "id_token", "device_code", "client_secret", "registration_access_token", NULL,
};

/* What an authorization request and its answer are recognized by: a secret as long as they are on their way. */
static const char *const front_names[] = { "state", "nonce" };

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

static gboolean
is_secret (const Mask *mask,
           const char *name,
           const char *value)
{
  return is_secret_name (name) || is_jwt (value) ||
         (mask->part == WF_EXCHANGE_REQUEST_URI && is_listed (name, front_names, G_N_ELEMENTS (front_names)));
}

static char *
mask_secret (const Mask  *mask,
             const char  *name,
             SecretValue *secret)
{
  g_autofree char *masked = wf_secret_mask (secret_value_get_text (secret));

  if (mask->keeper)
    wf_exchange_keep_secret (mask->keeper, mask->part, name, masked, secret);
  return g_steal_pointer (&masked);
}

static char *
mask_value (const Mask *mask,
            const char *name,
            const char *value)
{
  if (*value && is_secret (mask, name, value))
    {
      g_autoptr (WfSecretValue) secret = wf_secret_new (value, -1);

      return mask_secret (mask, name, secret);
    }
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
append_masked_pair (const Mask *mask,
                    GString    *out,
                    const char *pair)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *raw_name = equals ? g_strndup (pair, (gsize) (equals - pair)) : g_strdup (pair);
  g_autofree char *name = decode_component (raw_name);
  g_autoptr (WfWipedString) value = decode_component (equals ? equals + 1 : "");
  g_autofree char *masked = mask_value (mask, name, value);

  if (!equals)
    g_string_append (out, is_jwt (pair) ? "…" : pair);
  else if (g_str_equal (masked, value))
    g_string_append (out, pair);
  else
    g_string_append_printf (out, "%s=%s", raw_name, masked);
}

static void
append_masked_query (const Mask *mask,
                     GString    *out,
                     const char *query)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);

  for (guint i = 0; pairs[i]; i++)
    {
      if (i > 0)
        g_string_append_c (out, '&');
      append_masked_pair (mask, out, pairs[i]);
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

/* Returns: (nullable): the secret whose place is in the parsed text */
static SecretValue *
find_taken (const Mask *mask,
            const char *name,
            const char *place)
{
  guint64 index;

  if (!mask->taken || mask->taken->len == 0 || !g_strv_contains (taken_names, name) ||
      !g_ascii_string_to_unsigned (place, 10, 0, mask->taken->len - 1, &index, NULL))
    return NULL;
  return g_ptr_array_index (mask->taken, (guint) index);
}

static void
mask_string (const Mask *mask,
             JsonNode   *node,
             const char *name)
{
  SecretValue *taken = find_taken (mask, name, json_node_get_string (node));
  g_autofree char *masked = taken ? mask_secret (mask, name, taken)
                                  : mask_value (mask, name, json_node_get_string (node));

  json_node_set_string (node, masked);
}

static void
mask_member (const Mask *mask,
             JsonObject *object,
             const char *name,
             JsonNode   *node,
             gboolean    is_key)
{
  gboolean is_text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
  gboolean is_tree = !JSON_NODE_HOLDS_VALUE (node) && !JSON_NODE_HOLDS_NULL (node);
  gboolean is_private = is_key && is_listed (name, private_key_members, G_N_ELEMENTS (private_key_members));

  if (is_private || (is_tree && is_secret_name (name)))
    json_object_set_string_member (object, name, "…");
  else if (is_text)
    mask_string (mask, node, name);
  else
    mask_node (mask, node);
}

static void
mask_object (const Mask *mask,
             JsonObject *object)
{
  gboolean is_key = json_object_has_member (object, "kty");
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l; l = l->next)
    mask_member (mask, object, l->data, json_object_get_member (object, l->data), is_key);
}

/* Bounded in depth by the strict gate that every body passes first. */
static void
mask_node (const Mask *mask,
           JsonNode   *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    mask_object (mask, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      mask_node (mask, json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    mask_string (mask, node, "");
}

/* Takes @text. */
static char *
cut_text (char *text)
{
  g_autofree char *whole = text;
  const char *end;

  if (strlen (whole) <= WF_EXCHANGE_BODY_MAX_BYTES)
    return g_steal_pointer (&whole);

  end = g_utf8_find_prev_char (whole, whole + WF_EXCHANGE_BODY_MAX_BYTES);
  return g_strdup_printf ("%.*s\n…", (int) (end - whole), whole);
}

static char *
mask_uri (const Mask *mask,
          const char *uri)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *place = NULL;
  gsize length;

  length = strcspn (uri, "?#");
  place = g_strndup (uri, length);
  append_place (out, place);
  while (uri[length])
    {
      gsize part_length = strcspn (uri + length + 1, "?#");
      g_autoptr (WfWipedString) part = g_strndup (uri + length + 1, part_length);

      g_string_append_c (out, uri[length]);
      append_masked_query (mask, out, part);
      length += 1 + part_length;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
mask_form (const Mask *mask,
           const char *form)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) pairs = g_strsplit (form, "&", -1);

  for (guint i = 0; pairs[i]; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autoptr (WfWipedString) value = decode_component (equals ? equals + 1 : "");
      g_autofree char *name = NULL;
      g_autofree char *masked = NULL;

      if (equals)
        *equals = '\0';
      name = decode_component (pairs[i]);
      masked = mask_value (mask, name, value);
      if (*pairs[i] || equals)
        g_string_append_printf (out, "%s=%s\n", name, masked);
      if (equals)
        explicit_bzero (equals + 1, strlen (equals + 1));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
mask_body (const Mask *mask,
           GBytes     *body)
{
  g_autoptr (JsonNode) node = NULL;
  gsize length = 0;
  const char *text = g_bytes_get_data (body, &length);

  if (length == 0)
    return g_strdup ("");
  /* What stands in a secret's place cannot be invalid, so the gate says the same of both. */
  if (wf_json_check (text, length, WF_JSON_MAX_BYTES, NULL))
    {
      Mask inner = *mask;
      g_autoptr (GPtrArray) taken = NULL;
      GString *rest = wf_json_take_secrets (text, length, G_MAXUINT, taken_names, &taken);

      inner.taken = taken;
      node = wf_json_parse (rest->str, rest->len, WF_JSON_MAX_BYTES, NULL);
      if (node)
        mask_node (&inner, node);
      wf_secret_wipe_string (rest);
    }
  if (!node)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "(%u byte, no JSON)", "(%u bytes, no JSON)", (gulong) length),
                            (guint) MIN (length, G_MAXUINT));
  return cut_text (wf_json_to_string (node, TRUE));
}

/* Returns: (transfer full): what may be shown of a header's value */
static char *
mask_header (const Mask *mask,
             const char *name,
             const char *value)
{
  static const char *const credentials[] = { "Authorization", "Proxy-Authorization" };
  static const char *const secrets[] = { "Cookie", "Set-Cookie", "DPoP", "X-API-Key" };
  static const char *const challenges[] = { "WWW-Authenticate", "Proxy-Authenticate" };
  const char *space = strchr (value, ' ');
  g_autoptr (WfSecretValue) secret = NULL;
  g_autofree char *masked = NULL;

  if (g_ascii_strcasecmp (name, "Location") == 0)
    return mask_uri (mask, value);
  /* A server may repeat the token that it refuses. */
  if (is_listed (name, challenges, G_N_ELEMENTS (challenges)))
    return drop_opaque_words (value);
  if (!is_listed (name, credentials, G_N_ELEMENTS (credentials)) && !is_listed (name, secrets, G_N_ELEMENTS (secrets)))
    return mask_value (mask, name, value);
  /* RFC 9110 §11.4: the scheme before the credentials is none of them. */
  if (!is_listed (name, credentials, G_N_ELEMENTS (credentials)) || !space)
    space = NULL;
  masked = g_strdup_printf ("%.*s…", space ? (int) (space - value) + 1 : 0, value);
  secret = wf_secret_new (value, -1);
  if (mask->keeper)
    wf_exchange_keep_secret (mask->keeper, mask->part, name, masked, secret);
  return g_steal_pointer (&masked);
}

char *
wf_exchange_mask_uri (const char *uri)
{
  const Mask mask = { .part = WF_EXCHANGE_REQUEST_URI };

  g_return_val_if_fail (uri != NULL, NULL);

  return mask_uri (&mask, uri);
}

char *
wf_exchange_mask_form (const char *form)
{
  const Mask mask = { .part = WF_EXCHANGE_REQUEST_BODY };

  g_return_val_if_fail (form != NULL, NULL);

  return mask_form (&mask, form);
}

char *
wf_exchange_mask_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return drop_opaque_words (text);
}

char *
wf_exchange_mask_body (GBytes *body)
{
  const Mask mask = { .part = WF_EXCHANGE_RESPONSE_BODY };

  g_return_val_if_fail (body != NULL, NULL);

  return mask_body (&mask, body);
}

void
wf_exchange_set_uri (WfExchange *exchange,
                     const char *uri)
{
  const Mask mask = { .keeper = exchange, .part = WF_EXCHANGE_REQUEST_URI };

  g_return_if_fail (exchange != NULL && uri != NULL);

  g_free (exchange->uri);
  exchange->uri = mask_uri (&mask, uri);
}

void
wf_exchange_set_form (WfExchange  *exchange,
                      SecretValue *form)
{
  const Mask mask = { .keeper = exchange, .part = WF_EXCHANGE_REQUEST_BODY };

  g_return_if_fail (exchange != NULL && form != NULL);

  g_free (exchange->request_body);
  exchange->request_body = mask_form (&mask, secret_value_get_text (form));
}

void
wf_exchange_set_answer (WfExchange *exchange,
                        GBytes     *body)
{
  const Mask mask = { .keeper = exchange, .part = WF_EXCHANGE_RESPONSE_BODY };

  g_return_if_fail (exchange != NULL && body != NULL);

  g_free (exchange->response_body);
  exchange->response_body = mask_body (&mask, body);
}

void
wf_exchange_add_header (WfExchange    *exchange,
                        WfExchangePart part,
                        const char    *name,
                        const char    *value)
{
  const Mask mask = { .keeper = exchange, .part = part };
  char **lines = part == WF_EXCHANGE_RESPONSE_HEADERS ? &exchange->response_headers : &exchange->request_headers;
  g_autofree char *before = g_steal_pointer (lines);
  g_autofree char *masked = mask_header (&mask, name, value);

  *lines = g_strdup_printf ("%s%s: %s\n", before ? before : "", name, masked);
}
