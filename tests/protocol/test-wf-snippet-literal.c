/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet-private.h"

#define NASTY "s3c&r=t+/%\"'\\$"

typedef void (*Append) (GString    *out,
                        const char *value);

static void
check (Append      append,
       const char *value,
       const char *expected)
{
  g_autoptr (GString) out = g_string_new ("=");

  append (out, value);
  g_assert_cmpstr (out->str + 1, ==, expected);
}

static void
test_shell (void)
{
  check (wf_snippet_append_shell, "", "''");
  check (wf_snippet_append_shell, NASTY, "'s3c&r=t+/%\"'\\''\\$'");
  check (wf_snippet_append_shell, "'", "''\\'''");
  check (wf_snippet_append_shell, "$(id) `id` !x\n\\", "'$(id) `id` !x\n\\'");
}

static void
test_single (void)
{
  check (wf_snippet_append_single, "", "''");
  check (wf_snippet_append_single, NASTY, "'s3c&r=t+/%\"\\'\\\\$'");
  check (wf_snippet_append_single, "#{id} \\'\n", "'#{id} \\\\\\'\n'");
  check (wf_snippet_append_single, "\\", "'\\\\'");
}

static void
test_hex (void)
{
  check (wf_snippet_append_hex, "", "\"\"");
  check (wf_snippet_append_hex, NASTY, "\"s3c&r=t+/%\\\"'\\\\$\"");
  check (wf_snippet_append_hex, "a\n\r\t\x01" "1\x7f", "\"a\\n\\r\\t\\x011\\x7f\"");
  check (wf_snippet_append_hex, "é\xe2\x80\xa8\xe2\x80\xae\xc2\x9b😀", "\"é\\u2028\\u202e\\u009b😀\"");
}

static void
test_unicode (void)
{
  check (wf_snippet_append_unicode, NASTY, "\"s3c&r=t+/%\\\"'\\\\$\"");
  check (wf_snippet_append_unicode, "a\x01" "1\x7f\xe2\x81\xa6", "\"a\\u00011\\u007f\\u2066\"");
}

static void
test_swift (void)
{
  check (wf_snippet_append_swift, NASTY, "\"s3c&r=t+/%\\\"'\\\\$\"");
  check (wf_snippet_append_swift, "\\(id)\x01" "1", "\"\\\\(id)\\u{1}1\"");
}

static void
test_java (void)
{
  check (wf_snippet_append_java, NASTY, "\"s3c&r=t+/%\\\"'\\\\$\"");
  check (wf_snippet_append_java, "\x01" "1\x7f", "\"\\0011\\177\"");
  check (wf_snippet_append_java, "é日😀", "\"\\u00e9\\u65e5\\ud83d\\ude00\"");
  check (wf_snippet_append_java, "\\u0041", "\"\\\\u0041\"");
  check (wf_snippet_append_java, "\xc2\x85", "\"\\u0085\"");
}

static void
test_objc (void)
{
  check (wf_snippet_append_objc, "", "@\"\"");
  check (wf_snippet_append_objc, NASTY, "@\"s3c&r=t+/%\\\"'\\\\$\"");
  check (wf_snippet_append_objc, "?" "?=\x01" "1é", "@\"\\?\\?=\\0011é\"");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snippet-literal/shell", test_shell);
  g_test_add_func ("/snippet-literal/single", test_single);
  g_test_add_func ("/snippet-literal/hex", test_hex);
  g_test_add_func ("/snippet-literal/unicode", test_unicode);
  g_test_add_func ("/snippet-literal/swift", test_swift);
  g_test_add_func ("/snippet-literal/java", test_java);
  g_test_add_func ("/snippet-literal/objc", test_objc);
  return g_test_run ();
}
