/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-secrets.h"

#include "wf-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char        *text;
  gsize              length;
  gsize              position;
  guint              depth;
  guint              max_depth;
  const char *const *names;
  GString           *out;
  GPtrArray         *secrets;
} Scanner;

/* Returns: the position after the string that begins at @start with its quote. */
static gsize
end_of_string (const Scanner *scanner,
               gsize          start)
{
  gsize i = start + 1;

  while (i < scanner->length && scanner->text[i] != '"')
    i += scanner->text[i] == '\\' ? 2 : 1;
  return MIN (i + 1, scanner->length);
}

static gsize
skip_space (const Scanner *scanner,
            gsize          i)
{
  while (i < scanner->length && strchr (" \t\n\r", scanner->text[i]))
    i++;
  return i;
}

static gunichar
read_hex (const char *digits)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value * 16 + (gunichar) g_ascii_xdigit_value (digits[i]);
  return value;
}

static char
unescape_short (char c)
{
  switch (c)
    {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
    }
}

/* What stands between the quotes, unescaped (RFC 8259 §7). The gate has seen to the grammar; the result is
 * never longer than the text. */
static char *
unescape (const char *text,
          gsize       length)
{
  char *result = g_malloc (length + 1);
  char *out = result;

  for (gsize i = 0; i < length;)
    {
      gunichar c;

      if (text[i] != '\\' || i + 1 >= length)
        {
          *out++ = text[i++];
          continue;
        }
      if (text[i + 1] != 'u' || i + 6 > length)
        {
          *out++ = unescape_short (text[i + 1]);
          i += 2;
          continue;
        }
      c = read_hex (text + i + 2);
      i += 6;
      if (c >= 0xd800 && c < 0xdc00 && i + 6 <= length)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + (read_hex (text + i + 2) - 0xdc00);
          i += 6;
        }
      out += g_unichar_to_utf8 (c, out);
    }
  *out = '\0';
  return result;
}

static gboolean
is_secret_name (const Scanner *scanner,
                gsize          start,
                gsize          end)
{
  g_autoptr (WfWipedString) name = NULL;

  if (scanner->depth > scanner->max_depth)
    return FALSE;
  name = unescape (scanner->text + start + 1, end - start - 2);
  return g_strv_contains (scanner->names, name);
}

static void
take_value (Scanner *scanner)
{
  gsize start = scanner->position;
  gsize end = end_of_string (scanner, start);
  g_autoptr (WfWipedString) value = unescape (scanner->text + start + 1, end - start - 2);

  g_string_append_printf (scanner->out, "\"%u\"", scanner->secrets->len);
  g_ptr_array_add (scanner->secrets, wf_secret_new (value, -1));
  scanner->position = end;
}

static void
copy_up_to (Scanner *scanner,
            gsize    end)
{
  g_string_append_len (scanner->out, scanner->text + scanner->position, (gssize) (end - scanner->position));
  scanner->position = end;
}

/* A string before a colon is a member's name, any other is a value. */
static void
scan_string (Scanner *scanner)
{
  gsize start = scanner->position;
  gsize end = end_of_string (scanner, start);
  gsize next = skip_space (scanner, end);

  if (next >= scanner->length || scanner->text[next] != ':')
    {
      copy_up_to (scanner, end);
      return;
    }
  copy_up_to (scanner, skip_space (scanner, next + 1));
  if (scanner->position < scanner->length && scanner->text[scanner->position] == '"' &&
      is_secret_name (scanner, start, end))
    take_value (scanner);
}

GString *
wf_json_take_secrets (const char        *text,
                      gsize              length,
                      guint              max_depth,
                      const char *const *names,
                      GPtrArray        **secrets)
{
  Scanner scanner = { .text = text, .length = length, .max_depth = max_depth, .names = names };

  g_return_val_if_fail (text != NULL && names != NULL && secrets != NULL, NULL);

  scanner.out = g_string_sized_new (length + 1);
  scanner.secrets = g_ptr_array_new_with_free_func (secret_value_unref);
  while (scanner.position < length)
    {
      char c = text[scanner.position];

      if (c == '"')
        {
          scan_string (&scanner);
          continue;
        }
      if (c == '{' || c == '[')
        scanner.depth++;
      else if ((c == '}' || c == ']') && scanner.depth > 0)
        scanner.depth--;
      copy_up_to (&scanner, scanner.position + 1);
    }
  *secrets = scanner.secrets;
  return scanner.out;
}

gboolean
wf_json_get_secret (JsonObject   *object,
                    const char   *member,
                    GPtrArray    *secrets,
                    gsize         max_bytes,
                    SecretValue **out,
                    GError      **error)
{
  const char *place;
  guint64 index;
  gsize length;

  *out = NULL;
  if (!wf_json_get_string (object, member, WF_JSON_MAX_BYTES, &place, error))
    return FALSE;
  if (!place)
    return TRUE;
  if (secrets->len == 0 || !g_ascii_string_to_unsigned (place, 10, 0, secrets->len - 1, &index, NULL))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The member “%s” cannot be read."), member);
      return FALSE;
    }
  secret_value_get (g_ptr_array_index (secrets, (guint) index), &length);
  if (length > max_bytes)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The member “%s” is too long."), member);
      return FALSE;
    }
  *out = g_ptr_array_index (secrets, (guint) index);
  return TRUE;
}

void
wf_json_append_string (GString    *out,
                       const char *text)
{
  g_string_append_c (out, '"');
  for (; *text; text++)
    {
      guchar c = (guchar) *text;

      if (c == '"' || c == '\\')
        g_string_append_c (out, '\\');
      if (c < 0x20 || c == 0x7f)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}
