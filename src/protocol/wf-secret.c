/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-secret.h"

#include <gnutls/crypto.h>
#include <string.h>

#define MASK_MIN_BYTES 24
#define MASK_SHOWN_BYTES 4

static gboolean
is_visible_ascii (const char *text,
                  gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;

  return TRUE;
}

SecretValue *
wf_secret_new (const char *text,
               gssize      length)
{
  g_return_val_if_fail (text != NULL, NULL);

  return secret_value_new (text, length, "text/plain");
}

void
wf_secret_wipe_free (char *text)
{
  if (!text)
    return;

  /* explicit_bzero() is not optimized away before a free. */
  explicit_bzero (text, strlen (text));
  g_free (text);
}

void
wf_secret_wipe_string (GString *string)
{
  if (!string)
    return;

  explicit_bzero (string->str, string->allocated_len);
  g_string_free (string, TRUE);
}

gboolean
wf_secret_equal (SecretValue *a,
                 SecretValue *b)
{
  const char *a_data;
  const char *b_data;
  gsize a_length = 0;
  gsize b_length = 0;

  if (!a || !b)
    return a == b;

  a_data = secret_value_get (a, &a_length);
  b_data = secret_value_get (b, &b_length);

  return a_length == b_length && (a_length == 0 || gnutls_memcmp (a_data, b_data, a_length) == 0);
}

gboolean
wf_secret_text_equal (const char *a,
                      const char *b)
{
  gsize length;

  if (!a || !b)
    return a == b;

  length = strlen (a);

  return length == strlen (b) && (length == 0 || gnutls_memcmp (a, b, length) == 0);
}

char *
wf_secret_mask (const char *text)
{
  const char *tail;
  gsize length;

  if (!text)
    return g_strdup ("…");

  length = strlen (text);
  tail = text + (length < MASK_SHOWN_BYTES ? 0 : length - MASK_SHOWN_BYTES);

  /* Half a character of a longer one must not be shown. */
  if (length < MASK_MIN_BYTES ||
      !is_visible_ascii (text, MASK_SHOWN_BYTES) ||
      !is_visible_ascii (tail, MASK_SHOWN_BYTES))
    return g_strdup ("…");

  return g_strdup_printf ("%.*s…%s", MASK_SHOWN_BYTES, text, tail);
}

GBytes *
wf_secret_to_bytes (SecretValue *secret)
{
  const char *data;
  gsize length = 0;

  g_return_val_if_fail (secret != NULL, NULL);

  data = secret_value_get (secret, &length);

  return g_bytes_new_with_free_func (data, length, secret_value_unref, secret_value_ref (secret));
}

void
wf_secret_set (SecretValue **slot,
               SecretValue  *value)
{
  SecretValue *old;

  g_return_if_fail (slot != NULL);

  old = *slot;
  *slot = value ? secret_value_ref (value) : NULL;
  if (old)
    secret_value_unref (old);
}
