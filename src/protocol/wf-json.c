/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "wf-error.h"
#include "wf-json-gate.h"
#include "wf-secret.h"

#define TWO_TO_63 9223372036854775808.0

/* Makes doubles of the integers that json-glib would wrap.
 * Returns: (transfer full) */
static GString *
widen_integers (const char   *original,
                gsize         length,
                const GArray *wide)
{
  GString *text = g_string_sized_new (length + 2 * (gsize) wide->len);
  gsize done = 0;

  for (guint i = 0; i < wide->len; i++)
    {
      guint32 end = g_array_index (wide, guint32, i);

      g_string_append_len (text, original + done, (gssize) (end - done));
      g_string_append (text, ".0");
      done = end;
    }
  g_string_append_len (text, original + done, (gssize) (length - done));

  return text;
}

static JsonNode *
load (const char  *text,
      gsize        length,
      GError     **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = NULL;

  if (json_parser_load_from_data (parser, text, (gssize) length, NULL))
    root = json_parser_steal_root (parser);
  /* json-glib's own message would quote the text. */
  if (!root)
    g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The answer is not usable JSON."));

  return root;
}

static gboolean
refuse_member (const char  *format,
               const char  *member,
               GError     **error)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, format, member);
#pragma GCC diagnostic pop

  return FALSE;
}

/* Returns: (nullable): the member if it is a value of @type */
static JsonNode *
as_value (JsonNode *node,
          GType     type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node : NULL;
}

/* Returns: whether @node is a number without a fraction that fits in 64 bits. */
static gboolean
get_whole (JsonNode *node,
           gint64   *out)
{
  double number;

  if (as_value (node, G_TYPE_INT64))
    {
      *out = json_node_get_int (node);
      return TRUE;
    }
  if (!as_value (node, G_TYPE_DOUBLE))
    return FALSE;

  number = json_node_get_double (node);
  /* 2^63 is a double, 2^63 - 1 is none. */
  if (!(number >= -TWO_TO_63 && number < TWO_TO_63) || trunc (number) != number)
    return FALSE;
  *out = (gint64) number;

  return TRUE;
}

/* Copies an exponent. json-glib 1.6 writes the double 1e+300 as "1e+300.0", which is no JSON. */
static const char *
mend_exponent (const char *in,
               GString    *out)
{
  gsize length = strspn (in, "+-0123456789");

  g_string_append_len (out, in, (gssize) length);
  in += length;

  return g_str_has_prefix (in, ".0") ? in + 2 : in;
}

/* Mends what json-glib 1.6 writes wrong: exponents, and U+001F, which it does not escape.
 * @text: (transfer full)
 * Returns: (transfer full) */
static char *
mend (char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  gboolean in_string = FALSE;

  for (const char *in = text; *in;)
    {
      gboolean is_exponent = !in_string && *in == 'e' && in > text && g_ascii_isdigit (in[-1]);

      if (*in == '"')
        in_string = !in_string;
      else if (in_string && *in == '\\')
        g_string_append_c (out, *in++);

      if (*in == 0x1f)
        g_string_append (out, "\\u001f");
      else
        g_string_append_c (out, *in);
      in++;

      if (is_exponent)
        in = mend_exponent (in, out);
    }
  wf_secret_wipe_free (text);

  return g_string_free (out, FALSE);
}

JsonNode *
wf_json_parse (const char  *text,
               gsize        length,
               gsize        max_bytes,
               GError     **error)
{
  g_autoptr (GArray) wide = NULL;
  JsonNode *root;
  GString *widened;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (!wf_json_gate_check (text, length, max_bytes, &wide, error))
    return NULL;
  if (wide->len == 0)
    return load (text, length, error);

  widened = widen_integers (text, length, wide);
  root = load (widened->str, widened->len, error);
  wf_secret_wipe_string (widened);

  return root;
}

JsonObject *
wf_json_parse_object (const char  *text,
                      gsize        length,
                      gsize        max_bytes,
                      GError     **error)
{
  g_autoptr (JsonNode) root = wf_json_parse (text, length, max_bytes, error);

  if (!root)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The answer is no JSON object."));
      return NULL;
    }

  return json_node_dup_object (root);
}

gboolean
wf_json_check (const char  *text,
               gsize        length,
               gsize        max_bytes,
               GError     **error)
{
  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  return wf_json_gate_check (text, length, max_bytes, NULL, error);
}

gboolean
wf_json_get_string (JsonObject  *object,
                    const char  *member,
                    gsize        max_bytes,
                    const char **out,
                    GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);
  const char *text;

  *out = NULL;
  if (!node)
    return TRUE;
  if (!as_value (node, G_TYPE_STRING))
    /* Translators: %s is the name of a member, such as "access_token" */
    return refuse_member (_("In the answer, “%s” is no text."), member, error);

  text = json_node_get_string (node);
  if (strlen (text) > max_bytes)
    /* Translators: %s is the name of a member, such as "access_token" */
    return refuse_member (_("In the answer, “%s” is too long."), member, error);
  *out = text;

  return TRUE;
}

gboolean
wf_json_get_int (JsonObject  *object,
                 const char  *member,
                 gint64       minimum,
                 gint64       maximum,
                 gint64       fallback,
                 gint64      *out,
                 GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);
  gint64 number;

  *out = fallback;
  if (!node)
    return TRUE;
  if (!get_whole (node, &number))
    /* Translators: %s is the name of a member, such as "expires_in" */
    return refuse_member (_("In the answer, “%s” is no whole number."), member, error);
  if (number < minimum || number > maximum)
    /* Translators: %s is the name of a member, such as "expires_in" */
    return refuse_member (_("In the answer, “%s” is out of its range."), member, error);
  *out = number;

  return TRUE;
}

gboolean
wf_json_get_boolean (JsonObject  *object,
                     const char  *member,
                     gboolean     fallback,
                     gboolean    *out,
                     GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  *out = fallback;
  if (!node)
    return TRUE;
  if (!as_value (node, G_TYPE_BOOLEAN))
    /* Translators: %s is the name of a member, such as "email_verified" */
    return refuse_member (_("In the answer, “%s” is neither true nor false."), member, error);
  *out = json_node_get_boolean (node);

  return TRUE;
}

gboolean
wf_json_get_object (JsonObject  *object,
                    const char  *member,
                    JsonObject **out,
                    GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  *out = NULL;
  if (!node)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    /* Translators: %s is the name of a member, such as "mtls_endpoint_aliases" */
    return refuse_member (_("In the answer, “%s” is no object."), member, error);
  *out = json_node_get_object (node);

  return TRUE;
}

gboolean
wf_json_get_strv (JsonObject   *object,
                  const char   *member,
                  gboolean      accept_single,
                  guint         max_items,
                  char       ***out,
                  GError      **error)
{
  JsonNode *node = json_object_get_member (object, member);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

  *out = NULL;
  if (!node)
    return TRUE;

  if (accept_single && as_value (node, G_TYPE_STRING))
    {
      g_ptr_array_add (items, json_node_dup_string (node));
    }
  else
    {
      JsonArray *array;

      if (!JSON_NODE_HOLDS_ARRAY (node))
        /* Translators: %s is the name of a member, such as "scopes_supported" */
        return refuse_member (_("In the answer, “%s” is no list."), member, error);
      array = json_node_get_array (node);
      if (json_array_get_length (array) > max_items)
        /* Translators: %s is the name of a member, such as "scopes_supported" */
        return refuse_member (_("In the answer, “%s” is too long a list."), member, error);
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *item = json_array_get_element (array, i);

          if (!as_value (item, G_TYPE_STRING))
            /* Translators: %s is the name of a member, such as "scopes_supported" */
            return refuse_member (_("In the answer, “%s” has something in it that is no text."), member, error);
          g_ptr_array_add (items, json_node_dup_string (item));
        }
    }
  g_ptr_array_add (items, NULL);
  *out = (char **) g_ptr_array_steal (items, NULL);

  return TRUE;
}

char *
wf_json_to_string (JsonNode *node,
                   gboolean  pretty)
{
  g_return_val_if_fail (node != NULL, NULL);

  return mend (json_to_string (node, pretty));
}

char *
wf_json_object_to_string (JsonObject *object,
                          gboolean    pretty)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (object != NULL, NULL);

  json_node_set_object (node, object);

  return mend (json_to_string (node, pretty));
}
