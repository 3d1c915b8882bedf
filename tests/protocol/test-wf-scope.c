/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "wf-error.h"
#include "wf-scope.h"

static void
assert_words (char       **words,
              const char  *expected)
{
  g_autofree char *joined = g_strjoinv (",", words);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_split (void)
{
  static const struct
  {
    const char *scope;
    const char *words;
  } cases[] = {
    { NULL, "" },
    { "", "" },
    { "   ", "" },
    { "openid", "openid" },
    { " openid ", "openid" },
    { "profile openid email", "email,openid,profile" },
    { "openid  openid   openid", "openid" },
    { "b a b a", "a,b" },
    { "Email email", "Email,email" },
    { "https://example.org/auth/read api:write", "api:write,https://example.org/auth/read" },
    { "a\tb", "a\tb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = wf_scope_split (cases[i].scope);

      assert_words (words, cases[i].words);
    }
}

static void
test_contains (void)
{
  g_assert_true (wf_scope_contains ("openid profile", "openid"));
  g_assert_true (wf_scope_contains ("openid profile", "profile"));
  g_assert_true (wf_scope_contains ("  openid  profile  ", "profile"));
  g_assert_false (wf_scope_contains ("openid profile", "open"));
  g_assert_false (wf_scope_contains ("openid profile", "file"));
  g_assert_false (wf_scope_contains ("openid profile", "openid profile"));
  g_assert_false (wf_scope_contains ("openid profile", "OpenID"));
  g_assert_false (wf_scope_contains ("openid profile", ""));
  g_assert_false (wf_scope_contains ("", "openid"));
  g_assert_false (wf_scope_contains (NULL, "openid"));
}

static void
test_subtract (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    const char *rest;
  } cases[] = {
    { NULL, NULL, "" },
    { "a b", NULL, "a,b" },
    { NULL, "a b", "" },
    { "a b c", "b", "a,c" },
    { "c b a", "a b c", "" },
    { "a c e", "b d f", "a,c,e" },
    { "openid email offline_access", "openid", "email,offline_access" },
    { "a a b", "b b", "a" },
    { "A", "a", "A" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) rest = wf_scope_subtract (cases[i].a, cases[i].b);

      assert_words (rest, cases[i].rest);
    }
}

static void
test_check (void)
{
  static const char *const good[] = { "", " ", "openid", "openid profile", "https://example.org/a?b=c#d", "!#[]~", "a  b" };
  static const char *const bad[] = { "a\"b", "a\\b", "a\tb", "a\nb", "a\x01", "a\x7f", "é", "a\xc2\xa0z" };

  g_assert_true (wf_scope_check (NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (wf_scope_check (good[i], NULL));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (wf_scope_check (bad[i], &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
    }
}

/* UX.md: a token of 300 scopes */
static void
test_many (void)
{
  GString *scope = g_string_new (NULL);
  g_auto (GStrv) words = NULL;

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (scope, "scope-%u ", i % 299);
  words = wf_scope_split (scope->str);
  g_assert_cmpuint (g_strv_length (words), ==, 299);
  g_string_free (scope, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scope/split", test_split);
  g_test_add_func ("/scope/contains", test_contains);
  g_test_add_func ("/scope/subtract", test_subtract);
  g_test_add_func ("/scope/check", test_check);
  g_test_add_func ("/scope/many", test_many);

  return g_test_run ();
}
