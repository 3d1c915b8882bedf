/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-secret.h"

typedef struct
{
  char *name;
  char *value;
} Field;

struct _WfForm
{
  GArray *fields;
};

static void
field_clear (gpointer data)
{
  Field *field = data;

  g_clear_pointer (&field->name, g_free);
  g_clear_pointer (&field->value, wf_secret_wipe_free);
}

/* RFC 3986 §2.3 */
static inline gboolean
is_unreserved (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static gsize
encoded_length (const char *text)
{
  gsize length = 0;

  for (; *text; text++)
    length += is_unreserved (*text) || *text == ' ' ? 1 : 3;

  return length;
}

/* Returns: the end of what was written */
static char *
encode_into (char       *out,
             const char *text)
{
  static const char digits[] = "0123456789ABCDEF";

  for (; *text; text++)
    {
      guchar c = (guchar) *text;

      if (is_unreserved (*text))
        {
          *out++ = *text;
        }
      else if (c == ' ')
        {
          *out++ = '+';
        }
      else
        {
          *out++ = '%';
          *out++ = digits[c >> 4];
          *out++ = digits[c & 15];
        }
    }

  return out;
}

static char *
refuse (const char  *reason,
        GError     **error)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, reason);
  return NULL;
}

/* Returns: (transfer full): NULL with WF_ERROR_MALFORMED_RESPONSE */
static char *
decode_component (const char  *text,
                  gsize        length,
                  GError     **error)
{
  g_autoptr (WfWipedString) decoded = g_malloc0 (length + 1);
  char *out = decoded;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c < 0x20 || c == 0x7f)
        return refuse (_("A form has a control character in it."), error);

      if (c == '+')
        {
          c = ' ';
        }
      else if (c == '%')
        {
          if (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return refuse (_("A form has a broken percent escape."), error);
          c = (guchar) (g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]));
          if (c == '\0')
            return refuse (_("A form has a zero byte in it."), error);
          i += 2;
        }
      *out++ = (char) c;
    }

  if (!g_utf8_validate (decoded, out - decoded, NULL))
    return refuse (_("A form is not valid UTF-8."), error);

  return g_steal_pointer (&decoded);
}

static gboolean
decode_field (WfForm      *form,
              const char  *text,
              gsize        length,
              GError     **error)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals ? (gsize) (equals - text) : length;
  g_autofree char *name = NULL;
  g_autoptr (WfWipedString) value = NULL;
  Field field;

  name = decode_component (text, name_length, error);
  if (!name)
    return FALSE;
  value = decode_component (equals ? equals + 1 : "", equals ? length - name_length - 1 : 0, error);
  if (!value)
    return FALSE;

  field.name = g_steal_pointer (&name);
  field.value = g_steal_pointer (&value);
  g_array_append_val (form->fields, field);

  return TRUE;
}

WfForm *
wf_form_new (void)
{
  WfForm *form = g_new0 (WfForm, 1);

  form->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (form->fields, field_clear);

  return form;
}

void
wf_form_free (WfForm *form)
{
  if (!form)
    return;

  g_clear_pointer (&form->fields, g_array_unref);
  g_free (form);
}

void
wf_form_add (WfForm     *form,
             const char *name,
             const char *value)
{
  Field field;

  g_return_if_fail (form != NULL);
  g_return_if_fail (name != NULL);

  if (!value)
    return;

  field.name = g_strdup (name);
  field.value = g_strdup (value);
  g_array_append_val (form->fields, field);
}

char *
wf_form_encode (WfForm *form)
{
  gsize length = 0;
  char *encoded;
  char *out;

  g_return_val_if_fail (form != NULL, NULL);

  /* Measured first, so that growing leaves no copies of a secret behind. */
  for (guint i = 0; i < form->fields->len; i++)
    length += encoded_length (wf_form_get_name (form, i)) + encoded_length (wf_form_get_value (form, i)) + 2;

  out = encoded = g_malloc (length + 1);
  for (guint i = 0; i < form->fields->len; i++)
    {
      if (i > 0)
        *out++ = '&';
      out = encode_into (out, wf_form_get_name (form, i));
      *out++ = '=';
      out = encode_into (out, wf_form_get_value (form, i));
    }
  *out = '\0';

  return encoded;
}

guint
wf_form_get_length (const WfForm *form)
{
  g_return_val_if_fail (form != NULL, 0);

  return form->fields->len;
}

const char *
wf_form_get_name (const WfForm *form,
                  guint         index)
{
  g_return_val_if_fail (form != NULL && index < form->fields->len, NULL);

  return g_array_index (form->fields, Field, index).name;
}

const char *
wf_form_get_value (const WfForm *form,
                   guint         index)
{
  g_return_val_if_fail (form != NULL && index < form->fields->len, NULL);

  return g_array_index (form->fields, Field, index).value;
}

const char *
wf_form_lookup (const WfForm *form,
                const char   *name)
{
  const char *value = NULL;

  g_return_val_if_fail (form != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < form->fields->len; i++)
    {
      if (strcmp (wf_form_get_name (form, i), name) != 0)
        continue;
      if (value) /* RFC 6749 §3.1: no parameter stands twice */
        return NULL;
      value = wf_form_get_value (form, i);
    }

  return value;
}

guint
wf_form_count (const WfForm *form,
               const char   *name)
{
  guint count = 0;

  g_return_val_if_fail (form != NULL, 0);
  g_return_val_if_fail (name != NULL, 0);

  for (guint i = 0; i < form->fields->len; i++)
    if (strcmp (wf_form_get_name (form, i), name) == 0)
      count++;

  return count;
}

WfForm *
wf_form_decode (const char  *text,
                guint        max_fields,
                GError     **error)
{
  g_autoptr (WfForm) form = wf_form_new ();

  g_return_val_if_fail (text != NULL, NULL);

  while (*text)
    {
      gsize length = strcspn (text, "&");

      if (length > 0)
        {
          if (form->fields->len == max_fields)
            {
              refuse (_("A form has too many fields."), error);
              return NULL;
            }
          if (!decode_field (form, text, length, error))
            return NULL;
        }
      text += length;
      if (*text == '&')
        text++;
    }

  return g_steal_pointer (&form);
}

char *
wf_form_encode_value (const char *value)
{
  char *encoded;

  g_return_val_if_fail (value != NULL, NULL);

  encoded = g_malloc (encoded_length (value) + 1);
  *encode_into (encoded, value) = '\0';

  return encoded;
}
