/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet-private.h"

#include <string.h>

typedef enum
{
  ESCAPE_HEX,     /* \x1f, \u2028 */
  ESCAPE_UNICODE, /* \u001f */
  ESCAPE_BRACES,  /* \u{1f} */
} Escape;

void
wf_snippet_append_shell (GString    *out,
                         const char *value)
{
  g_string_append_c (out, '\'');
  for (; *value; value++)
    {
      if (*value == '\'')
        g_string_append (out, "'\\''");
      else
        g_string_append_c (out, *value);
    }
  g_string_append_c (out, '\'');
}

void
wf_snippet_append_single (GString    *out,
                          const char *value)
{
  g_string_append_c (out, '\'');
  for (; *value; value++)
    {
      if (*value == '\'' || *value == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *value);
    }
  g_string_append_c (out, '\'');
}

/* What every language with C's manner of escapes has in common. Returns: whether @c was one of them */
static gboolean
append_common (GString *out,
               gunichar c)
{
  static const char from[] = "\"\\\n\r\t";
  static const char to[] = "\"\\nrt";
  const char *found = c < 0x80 && c != 0 ? strchr (from, (int) c) : NULL;

  if (!found)
    return FALSE;
  g_string_append_c (out, '\\');
  g_string_append_c (out, to[found - from]);
  return TRUE;
}

/* Characters that do not show, or that turn the text around them (Trojan Source), are spelled out. */
static gboolean
needs_escape (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
append_escape (GString *out,
               gunichar c,
               Escape   escape)
{
  if (escape == ESCAPE_BRACES)
    g_string_append_printf (out, "\\u{%x}", c);
  else if (escape == ESCAPE_HEX && c < 0x80)
    g_string_append_printf (out, "\\x%02x", c);
  else
    g_string_append_printf (out, "\\u%04x", c);
}

static void
append_escaped (GString    *out,
                const char *value,
                Escape      escape)
{
  g_string_append_c (out, '"');
  for (; *value; value = g_utf8_next_char (value))
    {
      gunichar c = g_utf8_get_char (value);

      if (append_common (out, c))
        continue;
      if (needs_escape (c))
        append_escape (out, c, escape);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

void
wf_snippet_append_hex (GString    *out,
                       const char *value)
{
  append_escaped (out, value, ESCAPE_HEX);
}

void
wf_snippet_append_unicode (GString    *out,
                           const char *value)
{
  append_escaped (out, value, ESCAPE_UNICODE);
}

void
wf_snippet_append_swift (GString    *out,
                         const char *value)
{
  append_escaped (out, value, ESCAPE_BRACES);
}

/* Octal escapes end after three digits, so that a digit after them stays one; \u would be read before the
 * quotes are (JLS §3.3). What is not ASCII would depend on the compiler's locale. */
void
wf_snippet_append_java (GString    *out,
                        const char *value)
{
  g_string_append_c (out, '"');
  for (; *value; value = g_utf8_next_char (value))
    {
      gunichar c = g_utf8_get_char (value);

      if (append_common (out, c))
        continue;
      if (c >= 0x10000)
        g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
      else if (c >= 0x80)
        g_string_append_printf (out, "\\u%04x", c);
      else if (g_unichar_iscntrl (c))
        g_string_append_printf (out, "\\%03o", c);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}

/* "??" begins a trigraph (C11 §5.2.1.1). */
void
wf_snippet_append_objc (GString    *out,
                        const char *value)
{
  g_string_append (out, "@\"");
  for (; *value; value = g_utf8_next_char (value))
    {
      gunichar c = g_utf8_get_char (value);

      if (append_common (out, c))
        continue;
      if (c == '?')
        g_string_append (out, "\\?");
      else if (c < 0x80 && g_unichar_iscntrl (c))
        g_string_append_printf (out, "\\%03o", c);
      else
        g_string_append_unichar (out, c);
    }
  g_string_append_c (out, '"');
}
