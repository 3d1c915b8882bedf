/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-secret.h"

static void
test_new (void)
{
  g_autoptr (SecretValue) whole = wf_secret_new ("correct horse", -1);
  g_autoptr (SecretValue) part = wf_secret_new ("correct horse", 7);
  g_autoptr (SecretValue) empty = wf_secret_new ("", 0);
  gsize length = 1;

  g_assert_cmpstr (secret_value_get_text (whole), ==, "correct horse");
  g_assert_cmpstr (secret_value_get_content_type (whole), ==, "text/plain");
  g_assert_cmpstr (secret_value_get_text (part), ==, "correct");
  secret_value_get (empty, &length);
  g_assert_cmpuint (length, ==, 0);
}

static void
test_equal (void)
{
  g_autoptr (SecretValue) a = wf_secret_new ("abc", -1);
  g_autoptr (SecretValue) same = wf_secret_new ("abcdef", 3);
  g_autoptr (SecretValue) other = wf_secret_new ("abd", -1);
  g_autoptr (SecretValue) longer = wf_secret_new ("abcd", -1);
  g_autoptr (SecretValue) empty = wf_secret_new ("", 0);
  g_autoptr (SecretValue) empty_too = wf_secret_new ("", 0);

  g_assert_true (wf_secret_equal (a, a));
  g_assert_true (wf_secret_equal (a, same));
  g_assert_false (wf_secret_equal (a, other));
  g_assert_false (wf_secret_equal (a, longer));
  g_assert_false (wf_secret_equal (longer, a));
  g_assert_false (wf_secret_equal (a, empty));
  g_assert_true (wf_secret_equal (empty, empty_too));
  g_assert_true (wf_secret_equal (NULL, NULL));
  g_assert_false (wf_secret_equal (a, NULL));
  g_assert_false (wf_secret_equal (NULL, a));
  g_assert_false (wf_secret_equal (NULL, empty));
}

static void
test_text_equal (void)
{
  g_assert_true (wf_secret_text_equal ("", ""));
  g_assert_true (wf_secret_text_equal ("state", "state"));
  g_assert_false (wf_secret_text_equal ("state", "statE"));
  g_assert_false (wf_secret_text_equal ("state", "states"));
  g_assert_false (wf_secret_text_equal ("states", "state"));
  g_assert_false (wf_secret_text_equal ("", "a"));
  g_assert_true (wf_secret_text_equal (NULL, NULL));
  g_assert_false (wf_secret_text_equal (NULL, ""));
  g_assert_false (wf_secret_text_equal ("", NULL));
}

static void
test_mask (void)
{
  static const struct
  {
    const char *text;
    const char *mask;
  } cases[] = {
    { NULL, "…" },
    { "", "…" },
    { "short", "…" },
    { "12345678901234567890123", "…" },
    { "123456789012345678901234", "1234…1234" },
    { "abcdefghijklmnopqrstuvwxyz0123456789", "abcd…6789" },
    { "éabcdefghijklmnopqrstuvwxyz", "…" },
    { "abcdefghijklmnopqrstuvwxyzé", "…" },
    { "ab\ndefghijklmnopqrstuvwxyz", "…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *mask = wf_secret_mask (cases[i].text);

      g_assert_cmpstr (mask, ==, cases[i].mask);
    }
}

static void
test_to_bytes (void)
{
  SecretValue *secret = wf_secret_new ("grant_type=refresh_token", -1);
  g_autoptr (GBytes) bytes = wf_secret_to_bytes (secret);
  gsize length = 0;

  /* The bytes outlive the secret that they were made of. */
  secret_value_unref (secret);
  g_assert_cmpmem (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes), "grant_type=refresh_token", 24);
  g_assert_cmpuint (length, ==, 24);
}

static void
test_set (void)
{
  g_autoptr (SecretValue) a = wf_secret_new ("a", -1);
  SecretValue *slot = NULL;

  wf_secret_set (&slot, NULL);
  g_assert_null (slot);
  wf_secret_set (&slot, a);
  g_assert_true (slot == a);
  wf_secret_set (&slot, a);
  g_assert_true (slot == a);
  g_assert_cmpstr (secret_value_get_text (slot), ==, "a");
  wf_secret_set (&slot, NULL);
  g_assert_null (slot);
}

static void
test_wipe (void)
{
  GString *string = g_string_new ("token");
  g_autoptr (WfWipedString) text = g_strdup ("token");

  wf_secret_wipe_free (NULL);
  wf_secret_wipe_string (NULL);
  wf_secret_wipe_string (string);
  g_assert_cmpstr (text, ==, "token");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret/new", test_new);
  g_test_add_func ("/secret/equal", test_equal);
  g_test_add_func ("/secret/text-equal", test_text_equal);
  g_test_add_func ("/secret/mask", test_mask);
  g_test_add_func ("/secret/to-bytes", test_to_bytes);
  g_test_add_func ("/secret/set", test_set);
  g_test_add_func ("/secret/wipe", test_wipe);

  return g_test_run ();
}
