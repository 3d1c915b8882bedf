/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-scope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"

static int
compare_tokens (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ) */
static gboolean
is_scope_char (char c)
{
  return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\';
}

char **
wf_scope_split (const char *scope)
{
  g_auto (GStrv) words = g_strsplit (scope ? scope : "", " ", -1);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);

  qsort (words, g_strv_length (words), sizeof (char *), compare_tokens);
  for (guint i = 0; words[i]; i++)
    {
      const char *last = tokens->len > 0 ? g_ptr_array_index (tokens, tokens->len - 1) : "";

      /* "" equals the first "last", so that empty words go with the duplicates. */
      if (strcmp (words[i], last) != 0)
        g_ptr_array_add (tokens, g_strdup (words[i]));
    }
  g_ptr_array_add (tokens, NULL);

  return (char **) g_ptr_array_steal (tokens, NULL);
}

gboolean
wf_scope_contains (const char *scope,
                   const char *token)
{
  gsize length;

  g_return_val_if_fail (token != NULL, FALSE);

  length = strlen (token);
  if (!scope || length == 0)
    return FALSE;

  while (*scope)
    {
      gsize word = strcspn (scope, " ");

      if (word == length && memcmp (scope, token, length) == 0)
        return TRUE;
      scope += word;
      scope += strspn (scope, " ");
    }

  return FALSE;
}

char **
wf_scope_subtract (const char *a,
                   const char *b)
{
  g_auto (GStrv) from = wf_scope_split (a);
  g_auto (GStrv) what = wf_scope_split (b);
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func (g_free);
  guint j = 0;

  /* Both are sorted. */
  for (guint i = 0; from[i]; i++)
    {
      while (what[j] && strcmp (what[j], from[i]) < 0)
        j++;
      if (!what[j] || strcmp (what[j], from[i]) != 0)
        g_ptr_array_add (rest, g_strdup (from[i]));
    }
  g_ptr_array_add (rest, NULL);

  return (char **) g_ptr_array_steal (rest, NULL);
}

gboolean
wf_scope_check (const char  *scope,
                GError     **error)
{
  for (const char *p = scope ? scope : ""; *p; p++)
    {
      if (*p != ' ' && !is_scope_char (*p))
        {
          g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                               _("Scopes are words of visible ASCII characters without quotes and backslashes, separated by spaces."));
          return FALSE;
        }
    }

  return TRUE;
}
