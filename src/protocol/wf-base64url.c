/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-base64url.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The value of each character plus one; 0 marks what is not in the alphabet. */
static const guint8 sextets[256] = {
  ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
  ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
  ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
  ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
  ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
  ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
  ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
  ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64,
};

static GBytes *
refuse (const char  *reason,
        GError     **error)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, reason);
  return NULL;
}

/* Puts the sextets of up to four characters together; FALSE where one is not in the alphabet. */
static inline gboolean
read_group (const guint8 *in,
            gsize         n_chars,
            guint32      *group)
{
  *group = 0;
  for (gsize i = 0; i < n_chars; i++)
    {
      guint32 sextet = sextets[in[i]];

      if (sextet == 0)
        return FALSE;
      *group |= (sextet - 1) << (18 - 6 * i);
    }

  return TRUE;
}

char *
wf_base64url_encode (gconstpointer data,
                     gsize         length)
{
  const guint8 *in = data;
  g_autofree char *text = NULL;
  char *out;
  gsize i;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  out = text = g_malloc (length / 3 * 4 + 5);
  for (i = 0; i + 3 <= length; i += 3)
    {
      guint32 group = (guint32) in[i] << 16 | (guint32) in[i + 1] << 8 | in[i + 2];

      *out++ = alphabet[group >> 18];
      *out++ = alphabet[group >> 12 & 63];
      *out++ = alphabet[group >> 6 & 63];
      *out++ = alphabet[group & 63];
    }

  if (length - i == 1)
    {
      *out++ = alphabet[in[i] >> 2];
      *out++ = alphabet[in[i] << 4 & 63];
    }
  else if (length - i == 2)
    {
      *out++ = alphabet[in[i] >> 2];
      *out++ = alphabet[(in[i] << 4 & 48) | in[i + 1] >> 4];
      *out++ = alphabet[in[i + 1] << 2 & 63];
    }
  *out = '\0';

  return g_steal_pointer (&text);
}

GBytes *
wf_base64url_decode (const char  *text,
                     gssize       length,
                     GError     **error)
{
  const guint8 *in = (const guint8 *) text;
  g_autofree guint8 *data = NULL;
  guint8 *out;
  gsize n_chars, n_whole, n_rest, n_bytes;
  guint32 group;

  g_return_val_if_fail (text != NULL, NULL);

  n_chars = length < 0 ? strlen (text) : (gsize) length;
  n_rest = n_chars % 4;
  n_whole = n_chars - n_rest;
  if (n_rest == 1)
    return refuse (_("A base64url text has an impossible length."), error);

  n_bytes = n_whole / 4 * 3 + (n_rest ? n_rest - 1 : 0);
  out = data = g_malloc (n_bytes + 1);
  for (gsize i = 0; i < n_whole; i += 4)
    {
      if (!read_group (in + i, 4, &group))
        return refuse (_("A base64url text has a character that does not belong in it."), error);
      *out++ = group >> 16;
      *out++ = group >> 8 & 255;
      *out++ = group & 255;
    }

  if (n_rest)
    {
      if (!read_group (in + n_whole, n_rest, &group))
        return refuse (_("A base64url text has a character that does not belong in it."), error);
      /* RFC 4648 §3.5: other unused bits would give one value two spellings. */
      if (group & (n_rest == 2 ? 0xffff : 0xff))
        return refuse (_("A base64url text has stray bits at its end."), error);
      *out++ = group >> 16;
      if (n_rest == 3)
        *out++ = group >> 8 & 255;
    }

  return g_bytes_new_take (g_steal_pointer (&data), n_bytes);
}
