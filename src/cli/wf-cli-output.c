/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli-output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "wf-error.h"
#include "wf-json.h"
#include "wf-time.h"

#define LABEL_WIDTH 16

/* --- Text that others wrote --- */

/* Control characters (also C1: U+009B begins an escape sequence), and what reorders or hides
 * the text around it. The joiners U+200C and U+200D are letters of some scripts. */
static gboolean
is_dangerous (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return TRUE;
    case G_UNICODE_FORMAT:
      return c != 0x200c && c != 0x200d;
    default:
      return FALSE;
    }
}

char *
wf_cli_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029)
        g_string_append_c (out, ' ');
      else if (!is_dangerous (c))
        g_string_append_unichar (out, c);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* RFC 8259 §7: beyond the basic plane a character is written as a surrogate pair. */
static void
append_escape (GString *out,
               gunichar c)
{
  if (c > 0xffff)
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
  else
    g_string_append_printf (out, "\\u%04x", c);
}

char *
wf_cli_escape_json (const char *json)
{
  g_autoptr (GString) out = g_string_sized_new (strlen (json));

  for (const char *p = json; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* The only newlines of JSON text are those between its tokens. */
      if (c != '\n' && is_dangerous (c))
        append_escape (out, c);
      else
        g_string_append_len (out, p, g_utf8_next_char (p) - p);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

guint
wf_cli_get_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

char *
wf_cli_pad (const char *text,
            guint       width)
{
  guint own = wf_cli_get_width (text);

  return g_strdup_printf ("%s%*s", text, own < width ? (int) (width - own) : 1, "");
}

/* --- Standard output --- */

static char *format_clean (const char *format,
                           va_list     args) G_GNUC_PRINTF (1, 0);

static char *
format_clean (const char *format,
              va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  return wf_cli_clean (text);
}

void
wf_cli_print (const char *format,
              ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = format_clean (format, args);
  va_end (args);
  fputs (line, stdout);
  fputc ('\n', stdout);
}

void
wf_cli_print_field (const char *label,
                    const char *value)
{
  g_autofree char *padded = NULL;

  if (!value)
    return;
  padded = wf_cli_pad (label, LABEL_WIDTH);
  wf_cli_print ("  %s%s", padded, value);
}

void
wf_cli_print_json (JsonNode *node)
{
  /* One line for a program, indented for a person. */
  g_autoptr (WfWipedString) json = wf_json_to_string (node, isatty (STDOUT_FILENO));
  g_autoptr (WfWipedString) escaped = wf_cli_escape_json (json);

  fputs (escaped, stdout);
  fputc ('\n', stdout);
}

void
wf_cli_print_object (JsonObject *object)
{
  g_autofree char *json = wf_json_object_to_string (object, TRUE);
  g_autofree char *escaped = wf_cli_escape_json (json);

  fputs (escaped, stdout);
  fputc ('\n', stdout);
}

void
wf_cli_print_program (const char *program)
{
  for (const char *p = program; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Go is indented with tabs. */
      if (c == '\n' || c == '\t' || !is_dangerous (c))
        fwrite (p, 1, (gsize) (g_utf8_next_char (p) - p), stdout);
    }
  if (!g_str_has_suffix (program, "\n"))
    fputc ('\n', stdout);
}

static gboolean
write_all (const char *data,
           gsize       length,
           GError    **error)
{
  while (length > 0)
    {
      ssize_t n = write (STDOUT_FILENO, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, _("The output could not be written: %s."), g_strerror (errno));
          return FALSE;
        }
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
wf_cli_check_secret (SecretValue *secret,
                     GError     **error)
{
  gsize length;
  const char *text = secret_value_get (secret, &length);

  for (gsize i = 0; i < length; i++)
    if (text[i] <= 0x20 || text[i] > 0x7e)
      {
        g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                     _("The token has characters that no token may have. It is not printed."));
        return FALSE;
      }
  return TRUE;
}

gboolean
wf_cli_print_secret_after (const char  *prefix,
                           SecretValue *secret,
                           GError     **error)
{
  gsize length;
  const char *text = secret_value_get (secret, &length);
  gsize start = strlen (prefix);
  g_autofree char *line = NULL;
  gboolean written;

  if (!wf_cli_check_secret (secret, error) || !wf_cli_flush (error))
    return FALSE;
  /* No copy of it stays behind in a buffer of the C library. */
  line = g_malloc (start + length + 1);
  /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): write() is told how long it is */
  memcpy (line, prefix, start);
  memcpy (line + start, text, length);
  line[start + length] = '\n';
  written = write_all (line, start + length + 1, error);
  explicit_bzero (line, start + length + 1);
  return written;
}

gboolean
wf_cli_print_secret (SecretValue *secret,
                     GError     **error)
{
  return wf_cli_print_secret_after ("", secret, error);
}

gboolean
wf_cli_flush (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, _("The output could not be written: %s."), g_strerror (errno));
  return FALSE;
}

/* --- Standard error --- */

void
wf_cli_tell (const char *format,
             ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = format_clean (format, args);
  va_end (args);
  fprintf (stderr, "%s\n", line);
}

void
wf_cli_warn (const char *format,
             ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = format_clean (format, args);
  va_end (args);
  fprintf (stderr, "warifuctl: warning: %s\n", line);
}

const char *
wf_cli_get_sentence (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? _("It was cancelled.") : error->message;
}

void
wf_cli_print_error (const GError *error)
{
  g_autofree char *clean = wf_cli_clean (wf_cli_get_sentence (error));

  fprintf (stderr, "warifuctl: %s: %s\n", wf_error_get_name (error), clean);
}

JsonNode *
wf_cli_error_to_json (const GError *error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *clean = wf_cli_clean (wf_cli_get_sentence (error));
  JsonNode *node = json_node_alloc ();

  json_object_set_string_member (object, "name", wf_error_get_name (error));
  json_object_set_string_member (object, "description", clean);
  return json_node_init_object (node, object);
}

/* --- Times and members --- */

static char *
format_span (gint64 seconds)
{
  if (seconds < 120)
    /* Translators: seconds, abbreviated; it stands in "in %s" and "%s ago" */
    return g_strdup_printf (_("%d s"), (int) seconds);
  if (seconds < 2 * 60 * 60)
    /* Translators: minutes, abbreviated */
    return g_strdup_printf (_("%d min"), (int) (seconds / 60));
  if (seconds < 2 * 24 * 60 * 60)
    /* Translators: hours, abbreviated */
    return g_strdup_printf (_("%d h"), (int) (seconds / 3600));
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) (seconds / 86400)), (int) (seconds / 86400));
}

char *
wf_cli_format_time (gint64 time,
                    gint64 now)
{
  g_autofree char *absolute = wf_time_to_rfc3339 (time);
  g_autofree char *span = NULL;

  if (!absolute)
    return g_strdup (_("unknown"));
  span = format_span (time > now ? time - now : now - time);
  if (time > now)
    /* Translators: a time, and the time until it: "2026-11-22T13:20:00Z (in 43 min)" */
    return g_strdup_printf (_("%s (in %s)"), absolute, span);
  /* Translators: a time, and the time since it */
  return g_strdup_printf (_("%s (%s ago)"), absolute, span);
}

void
wf_cli_add_string (JsonBuilder *builder,
                   const char  *name,
                   const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
wf_cli_add_time (JsonBuilder *builder,
                 const char  *name,
                 gint64       time)
{
  g_autofree char *text = wf_time_to_rfc3339 (time);

  wf_cli_add_string (builder, name, text);
}
