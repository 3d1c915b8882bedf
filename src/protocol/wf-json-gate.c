/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-gate.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "wf-error.h"
#include "wf-json.h"

/* Every number that a double can tell from another has fewer characters. */
#define NUMBER_MAX_BYTES 1024
/* A number of so few characters without an exponent is finite. */
#define NUMBER_SAFE_BYTES 300
/* Objects of up to so many members are compared pairwise. */
#define PAIRWISE_MEMBERS 8
/* Names of one object with the same hash: more do not happen by chance. */
#define COLLIDING_MEMBERS 64

/* A member's name, unescaped: in the text, or in the scratch where it had escapes. */
typedef struct
{
  guint32  hash;
  guint32  offset;
  guint32  length;
  guint32  at; /* where it stands in the text, for the message */
  gboolean in_scratch;
} Name;

typedef struct
{
  gboolean is_object;
  guint    first_name;    /* into Gate.names */
  gsize    first_scratch; /* into Gate.scratch */
} Level;

typedef struct
{
  const char *text;
  gsize       length;
  gsize       at;
  guint       depth;
  Level       levels[WF_JSON_MAX_DEPTH];
  GArray     *names;   /* Name, of all open objects */
  GString    *scratch; /* unescaped names of all open objects */
  GArray     *wide;    /* guint32: ends of the integers that do not fit in 64 bits */
  const char *reason;
} Gate;

static void
gate_clear (Gate *gate)
{
  g_clear_pointer (&gate->names, g_array_unref);
  g_clear_pointer (&gate->wide, g_array_unref);
  if (gate->scratch)
    g_string_free (g_steal_pointer (&gate->scratch), TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gate, gate_clear)

static gboolean
gate_fail (Gate       *gate,
           gsize       at,
           const char *reason)
{
  gate->at = at;
  gate->reason = reason;

  return FALSE;
}

static inline int
gate_peek (const Gate *gate)
{
  return gate->at < gate->length ? (guchar) gate->text[gate->at] : -1;
}

static inline void
gate_skip_space (Gate *gate)
{
  while (gate->at < gate->length)
    {
      char c = gate->text[gate->at];

      if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
        return;
      gate->at++;
    }
}

/* Reads the four digits after \u. Returns: -1 where they are none */
static int
gate_read_hex (Gate *gate)
{
  int value = 0;

  if (gate->length - gate->at < 4)
    return -1;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (gate->text[gate->at + i]);

      if (digit < 0)
        return -1;
      value = value << 4 | digit;
    }
  gate->at += 4;

  return value;
}

static gboolean
gate_read_unicode_escape (Gate    *gate,
                          gsize    start,
                          GString *unescaped)
{
  int high = gate_read_hex (gate);

  if (high < 0)
    return gate_fail (gate, start, N_("a \\u escape without four hexadecimal digits"));
  if (high == 0)
    return gate_fail (gate, start, N_("a zero character in a string"));

  if (high >= 0xd800 && high <= 0xdfff)
    {
      int low;

      /* RFC 8259 §7, §8.2: a pair, or nothing that has a meaning. */
      if (high >= 0xdc00 || gate->length - gate->at < 6 || memcmp (gate->text + gate->at, "\\u", 2) != 0)
        return gate_fail (gate, start, N_("half of a surrogate pair"));
      gate->at += 2;
      low = gate_read_hex (gate);
      if (low < 0xdc00 || low > 0xdfff)
        return gate_fail (gate, start, N_("half of a surrogate pair"));
      high = 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00));
    }

  if (unescaped)
    g_string_append_unichar (unescaped, (gunichar) high);

  return TRUE;
}

/* The backslash was read. */
static gboolean
gate_read_escape (Gate    *gate,
                  GString *unescaped)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  gsize start = gate->at - 1;
  int c = gate_peek (gate);
  const char *found;

  gate->at++;
  if (c == 'u')
    return gate_read_unicode_escape (gate, start, unescaped);

  found = c > 0 ? strchr (letters, c) : NULL;
  if (!found)
    return gate_fail (gate, start, N_("an unknown escape in a string"));
  if (unescaped)
    g_string_append_c (unescaped, meanings[found - letters]);

  return TRUE;
}

/* The opening quote was read; stops after the closing one. @unescaped: (nullable): gets the text. */
static gboolean
gate_read_string (Gate    *gate,
                  GString *unescaped)
{
  const char *end = gate->text + gate->length;

  for (;;)
    {
      const char *p = gate->text + gate->at;
      const char *run = p;

      while (p < end && *p != '"' && *p != '\\' && (guchar) *p >= 0x20)
        p++;
      if (unescaped)
        g_string_append_len (unescaped, run, p - run);
      gate->at = p - gate->text;

      if (p == end)
        return gate_fail (gate, gate->at, N_("a string without an end"));
      if ((guchar) *p < 0x20)
        return gate_fail (gate, gate->at, N_("a control character in a string"));

      gate->at++;
      if (*p == '"')
        return TRUE;
      if (!gate_read_escape (gate, unescaped))
        return FALSE;
    }
}

/* The hash of g_str_hash(), which json-glib's tables use: names that a sender chose to collide
 * there are seen here. */
static guint32
hash_bytes (const char *bytes,
            gsize       length)
{
  guint32 hash = 5381;

  for (gsize i = 0; i < length; i++)
    hash = hash * 33 + (guint32) (signed char) bytes[i];

  return hash;
}

static const char *
gate_get_name (const Gate *gate,
               const Name *name)
{
  return (name->in_scratch ? gate->scratch->str : gate->text) + name->offset;
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const Name *left = a;
  const Name *right = b;
  const Gate *gate = user_data;
  int order;

  if (left->hash != right->hash)
    return left->hash < right->hash ? -1 : 1;
  if (left->length != right->length)
    return left->length < right->length ? -1 : 1;

  order = memcmp (gate_get_name (gate, left), gate_get_name (gate, right), left->length);

  return order ? order : left->at < right->at ? -1 : 1;
}

static gboolean
same_name (const Gate *gate,
           const Name *a,
           const Name *b)
{
  return a->hash == b->hash && a->length == b->length &&
         memcmp (gate_get_name (gate, a), gate_get_name (gate, b), a->length) == 0;
}

/* Sorting has no worst case that a sender could choose, as a hash table has. */
static gboolean
gate_check_many_names (Gate  *gate,
                       Name  *names,
                       guint  n_names)
{
  guint n_colliding = 0;

  g_qsort_with_data (names, (int) n_names, sizeof (Name), compare_names, gate);
  for (guint i = 1; i < n_names; i++)
    {
      if (same_name (gate, &names[i - 1], &names[i]))
        return gate_fail (gate, names[i].at, N_("a name that stands twice in one object"));
      n_colliding = names[i - 1].hash == names[i].hash ? n_colliding + 1 : 0;
      if (n_colliding == COLLIDING_MEMBERS)
        return gate_fail (gate, names[i].at, N_("names made to be slow to tell apart"));
    }

  return TRUE;
}

/* Looks for a name that stands twice in the innermost object. */
static gboolean
gate_check_names (Gate  *gate,
                  guint  first)
{
  Name *names = &g_array_index (gate->names, Name, first);
  guint n_names = gate->names->len - first;

  if (n_names > PAIRWISE_MEMBERS)
    return gate_check_many_names (gate, names, n_names);

  for (guint i = 1; i < n_names; i++)
    for (guint j = 0; j < i; j++)
      if (same_name (gate, &names[i], &names[j]))
        return gate_fail (gate, names[i].at, N_("a name that stands twice in one object"));

  return TRUE;
}

/* Reads a member's name and its colon. */
static gboolean
gate_read_name (Gate *gate)
{
  const Level *level = &gate->levels[gate->depth - 1];
  Name name = { .in_scratch = FALSE };
  gsize start;

  gate_skip_space (gate);
  if (gate_peek (gate) != '"')
    return gate_fail (gate, gate->at, N_("no name where a member begins"));
  if (gate->names->len - level->first_name == WF_JSON_MAX_MEMBERS)
    return gate_fail (gate, gate->at, N_("too many members in one object"));

  name.at = (guint32) gate->at;
  start = ++gate->at;
  if (!gate_read_string (gate, NULL))
    return FALSE;
  name.offset = (guint32) start;
  name.length = (guint32) (gate->at - 1 - start);

  if (memchr (gate->text + start, '\\', name.length))
    {
      name.in_scratch = TRUE;
      name.offset = (guint32) gate->scratch->len;
      gate->at = start;
      gate_read_string (gate, gate->scratch);
      name.length = (guint32) (gate->scratch->len - name.offset);
    }
  name.hash = hash_bytes (gate_get_name (gate, &name), name.length);
  g_array_append_val (gate->names, name);

  gate_skip_space (gate);
  if (gate_peek (gate) != ':')
    return gate_fail (gate, gate->at, N_("no colon after a name"));
  gate->at++;

  return TRUE;
}

static gsize
gate_skip_digits (Gate *gate)
{
  gsize start = gate->at;

  while (gate->at < gate->length && g_ascii_isdigit (gate->text[gate->at]))
    gate->at++;

  return gate->at - start;
}

static gboolean
is_finite_number (const char *text,
                  gsize       length)
{
  char buffer[NUMBER_MAX_BYTES + 1];

  memcpy (buffer, text, length);
  buffer[length] = '\0';

  return isfinite (g_ascii_strtod (buffer, NULL));
}

/* Judges what the grammar accepted by its value. */
static gboolean
gate_check_number (Gate     *gate,
                   gsize     start,
                   gsize     n_digits,
                   gboolean  is_integer,
                   gboolean  has_exponent)
{
  static const char largest[] = "9223372036854775807";
  const gsize n_largest = sizeof largest - 1;
  gsize length = gate->at - start;

  if (length > NUMBER_MAX_BYTES)
    return gate_fail (gate, start, N_("a number with too many digits"));
  if ((has_exponent || length > NUMBER_SAFE_BYTES) && !is_finite_number (gate->text + start, length))
    return gate_fail (gate, start, N_("a number too large to be used"));

  if (is_integer &&
      (n_digits > n_largest ||
       (n_digits == n_largest && memcmp (gate->text + gate->at - n_digits, largest, n_largest) > 0)))
    {
      guint32 end = (guint32) gate->at;

      g_array_append_val (gate->wide, end);
    }

  return TRUE;
}

/* RFC 8259 §6 */
static gboolean
gate_read_number (Gate *gate)
{
  gsize start = gate->at;
  gsize n_digits;
  gboolean is_integer = TRUE;
  gboolean has_exponent = FALSE;

  if (gate_peek (gate) == '-')
    gate->at++;

  if (gate_peek (gate) == '0')
    {
      gate->at++;
      n_digits = 1;
    }
  else
    {
      n_digits = gate_skip_digits (gate);
    }
  if (n_digits == 0 || g_ascii_isdigit (gate_peek (gate)))
    return gate_fail (gate, start, N_("a malformed number"));

  if (gate_peek (gate) == '.')
    {
      gate->at++;
      is_integer = FALSE;
      if (gate_skip_digits (gate) == 0)
        return gate_fail (gate, start, N_("a malformed number"));
    }

  if (gate_peek (gate) == 'e' || gate_peek (gate) == 'E')
    {
      gate->at++;
      is_integer = FALSE;
      has_exponent = TRUE;
      if (gate_peek (gate) == '+' || gate_peek (gate) == '-')
        gate->at++;
      if (gate_skip_digits (gate) == 0)
        return gate_fail (gate, start, N_("a malformed number"));
    }

  return gate_check_number (gate, start, n_digits, is_integer, has_exponent);
}

static gboolean
gate_read_word (Gate       *gate,
                const char *word)
{
  gsize length = strlen (word);

  if (gate->length - gate->at < length || memcmp (gate->text + gate->at, word, length) != 0)
    return gate_fail (gate, gate->at, N_("an unknown word"));
  gate->at += length;

  return TRUE;
}

static gboolean
gate_open (Gate     *gate,
           gboolean  is_object)
{
  Level *level;

  if (gate->depth == WF_JSON_MAX_DEPTH)
    return gate_fail (gate, gate->at, N_("too many levels"));

  level = &gate->levels[gate->depth++];
  level->is_object = is_object;
  level->first_name = gate->names->len;
  level->first_scratch = gate->scratch->len;
  gate->at++;

  return TRUE;
}

static gboolean
gate_close (Gate *gate)
{
  const Level *level = &gate->levels[gate->depth - 1];

  if (level->is_object && gate->names->len > level->first_name)
    {
      if (!gate_check_names (gate, level->first_name))
        return FALSE;
      g_array_set_size (gate->names, level->first_name);
      g_string_truncate (gate->scratch, level->first_scratch);
    }
  gate->depth--;
  gate->at++;

  return TRUE;
}

/* Reads one value, or opens an object or array that has something in it.
 * @is_complete: (out): FALSE where another value must follow */
static gboolean
gate_read_value (Gate     *gate,
                 gboolean *is_complete)
{
  gboolean is_object;
  int c;

  *is_complete = TRUE;
  gate_skip_space (gate);
  c = gate_peek (gate);
  switch (c)
    {
    case '"':
      gate->at++;
      return gate_read_string (gate, NULL);

    case 't':
      return gate_read_word (gate, "true");

    case 'f':
      return gate_read_word (gate, "false");

    case 'n':
      return gate_read_word (gate, "null");

    case '{':
    case '[':
      is_object = c == '{';
      if (!gate_open (gate, is_object))
        return FALSE;
      gate_skip_space (gate);
      if (gate_peek (gate) == (is_object ? '}' : ']'))
        return gate_close (gate);
      *is_complete = FALSE;
      return !is_object || gate_read_name (gate);

    default:
      if (c == '-' || g_ascii_isdigit (c))
        return gate_read_number (gate);
      return gate_fail (gate, gate->at, c < 0 ? N_("the end where a value is missing") : N_("no value where one must be"));
    }
}

/* Goes on after a value, up to where the next one begins.
 * @is_complete: (out): whether the text's only value has ended */
static gboolean
gate_go_on (Gate     *gate,
            gboolean *is_complete)
{
  *is_complete = FALSE;
  for (;;)
    {
      const Level *level;

      gate_skip_space (gate);
      if (gate->depth == 0)
        {
          *is_complete = TRUE;
          return gate->at == gate->length ||
                 gate_fail (gate, gate->at, N_("something after the end"));
        }

      level = &gate->levels[gate->depth - 1];
      if (gate_peek (gate) == ',')
        {
          gate->at++;
          return !level->is_object || gate_read_name (gate);
        }
      if (gate_peek (gate) != (level->is_object ? '}' : ']'))
        return gate_fail (gate, gate->at, N_("no comma and no closing bracket after a value"));
      if (!gate_close (gate))
        return FALSE;
    }
}

static gboolean
gate_run (Gate *gate)
{
  const char *end;
  gboolean is_complete = FALSE;

  if (!g_utf8_validate_len (gate->text, gate->length, &end))
    return gate_fail (gate, end - gate->text, N_("bytes that are not UTF-8, or a zero byte"));

  while (!is_complete)
    {
      if (!gate_read_value (gate, &is_complete))
        return FALSE;
      if (is_complete && !gate_go_on (gate, &is_complete))
        return FALSE;
    }

  return TRUE;
}

static gboolean
gate_report (const Gate  *gate,
             GError     **error)
{
  g_autofree char *at = g_strdup_printf ("%" G_GSIZE_FORMAT, gate->at);

  g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
               /* Translators: the first %s is what is wrong, such as "no colon after a name"; the
                * second is a number */
               _("The answer is not valid JSON: it has %s at byte %s."), _(gate->reason), at);

  return FALSE;
}

gboolean
wf_json_gate_check (const char  *text,
                    gsize        length,
                    gsize        max_bytes,
                    GArray     **wide,
                    GError     **error)
{
  g_auto (Gate) gate = { 0 };

  if (length > MIN (max_bytes, WF_JSON_MAX_BYTES))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE,
                           _("The answer is too large to be read."));
      return FALSE;
    }

  gate.text = text ? text : "";
  gate.length = length;
  gate.names = g_array_sized_new (FALSE, FALSE, sizeof (Name), 32);
  gate.wide = g_array_new (FALSE, FALSE, sizeof (guint32));
  gate.scratch = g_string_new (NULL);
  if (!gate_run (&gate))
    return gate_report (&gate, error);

  if (wide)
    *wide = g_steal_pointer (&gate.wide);

  return TRUE;
}
