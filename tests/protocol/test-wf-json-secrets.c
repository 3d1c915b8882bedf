/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-secrets.h"

#include "wf-expect.h"

#include <string.h>

static const char *const names[] = { "token", "other", NULL };

static void
check (const char *text,
       guint       max_depth,
       const char *expected_rest,
       const char *expected_secrets)
{
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (GString) rest = NULL;
  g_autoptr (GString) joined = g_string_new (NULL);

  wf_expect_ok (wf_json_check (text, strlen (text), WF_JSON_MAX_BYTES, &err));
  rest = wf_json_take_secrets (text, strlen (text), max_depth, names, &secrets);
  for (guint i = 0; i < secrets->len; i++)
    g_string_append_printf (joined, "[%s]", secret_value_get_text (g_ptr_array_index (secrets, i)));
  g_assert_cmpstr (rest->str, ==, expected_rest);
  g_assert_cmpstr (joined->str, ==, expected_secrets);
}

static void
test_take (void)
{
  check ("{}", 1, "{}", "");
  check ("{\"token\":\"abc\"}", 1, "{\"token\":\"0\"}", "[abc]");
  check ("{\"a\":1,\"token\":\"abc\",\"other\":\"\"}", 1, "{\"a\":1,\"token\":\"0\",\"other\":\"1\"}", "[abc][]");
  check (" { \"token\" :\n\t\"abc\" } ", 1, " { \"token\" :\n\t\"0\" } ", "[abc]");
  check ("\"token\"", 1, "\"token\"", "");
  check ("[\"token\",\"abc\"]", 1, "[\"token\",\"abc\"]", "");
  check ("{\"a\":\"token\",\"b\":\"abc\"}", 1, "{\"a\":\"token\",\"b\":\"abc\"}", "");
}

/* Only strings are taken: the type of anything else is still to be judged. */
static void
test_types (void)
{
  check ("{\"token\":null}", 1, "{\"token\":null}", "");
  check ("{\"token\":7}", 1, "{\"token\":7}", "");
  check ("{\"token\":[\"abc\"]}", 1, "{\"token\":[\"abc\"]}", "");
  check ("{\"token\":{\"a\":\"abc\"}}", 2, "{\"token\":{\"a\":\"abc\"}}", "");
  check ("{\"token\":[],\"a\":\"b\"}", 1, "{\"token\":[],\"a\":\"b\"}", "");
}

static void
test_depth (void)
{
  static const char text[] = "{\"x\":{\"token\":\"in\"},\"token\":\"out\",\"y\":[{\"token\":\"deep\"}]}";

  check (text, 1, "{\"x\":{\"token\":\"in\"},\"token\":\"0\",\"y\":[{\"token\":\"deep\"}]}", "[out]");
  check (text, 2, "{\"x\":{\"token\":\"0\"},\"token\":\"1\",\"y\":[{\"token\":\"deep\"}]}", "[in][out]");
  check (text, 3, "{\"x\":{\"token\":\"0\"},\"token\":\"1\",\"y\":[{\"token\":\"2\"}]}", "[in][out][deep]");
}

static void
test_escapes (void)
{
  check ("{\"token\":\"a\\\"b\\\\\"}", 1, "{\"token\":\"0\"}", "[a\"b\\]");
  check ("{\"token\":\"\\b\\f\\n\\r\\t\\/\"}", 1, "{\"token\":\"0\"}", "[\b\f\n\r\t/]");
  check ("{\"token\":\"\\u0041\\u00e9\\u65e5\\ud83d\\ude00z\"}", 1, "{\"token\":\"0\"}", "[Aé日😀z]");
  check ("{\"t\\u006fken\":\"a\"}", 1, "{\"t\\u006fken\":\"0\"}", "[a]");
  check ("{\"token\\\"\":\"a\",\"\\\"token\":\"b\"}", 1, "{\"token\\\"\":\"a\",\"\\\"token\":\"b\"}", "");
  check ("{\"x\":\"}\\\"{\",\"token\":\"a\"}", 1, "{\"x\":\"}\\\"{\",\"token\":\"0\"}", "[a]");
}

static void
test_get (void)
{
  static const char text[] = "{\"token\":\"abc\",\"n\":7}";
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (GString) rest = wf_json_take_secrets (text, strlen (text), 1, names, &secrets);
  g_autoptr (JsonObject) object = wf_json_parse_object (rest->str, rest->len, WF_JSON_MAX_BYTES, NULL);
  SecretValue *value;

  wf_expect_ok (wf_json_get_secret (object, "token", secrets, 3, &value, &err));
  g_assert_cmpstr (secret_value_get_text (value), ==, "abc");
  wf_expect_error (wf_json_get_secret (object, "token", secrets, 2, &value, &err), WF_ERROR_MALFORMED_RESPONSE);
  g_assert_null (value);
  wf_expect_ok (wf_json_get_secret (object, "absent", secrets, 3, &value, &err));
  g_assert_null (value);
  wf_expect_error (wf_json_get_secret (object, "n", secrets, 3, &value, &err), WF_ERROR_MALFORMED_RESPONSE);
}

/* A string that was never taken is not mistaken for a place. */
static void
test_get_not_taken (void)
{
  static const char text[] = "{\"a\":\"1\",\"b\":\"x\",\"c\":\"-1\",\"d\":\"\",\"token\":\"t\"}";
  static const char *const members[] = { "a", "b", "c", "d" };
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (GString) rest = wf_json_take_secrets (text, strlen (text), 1, names, &secrets);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (JsonObject) object = wf_json_parse_object (rest->str, rest->len, WF_JSON_MAX_BYTES, NULL);
  SecretValue *value;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    wf_expect_error (wf_json_get_secret (object, members[i], secrets, 9, &value, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_json_get_secret (object, "token", none, 9, &value, &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_append (void)
{
  g_autoptr (GString) out = g_string_new ("x");
  g_autoptr (GString) object = NULL;

  wf_json_append_string (out, "a\"b\\c\n\x01\x7f/é日😀");
  g_assert_cmpstr (out->str, ==, "x\"a\\\"b\\\\c\\u000a\\u0001\\u007f/é日😀\"");
  object = g_string_new ("{\"a\":");
  wf_json_append_string (object, "");
  g_string_append_c (object, '}');
  g_assert_cmpstr (object->str, ==, "{\"a\":\"\"}");
}

/* Every character comes back. */
static void
test_append_and_take (void)
{
  for (gunichar c = 1; c < 0x11000; c += c < 0x300 ? 1 : 61)
    {
      g_autoptr (GString) text = g_string_new ("{\"token\":");
      g_autoptr (GString) rest = NULL;
      g_autoptr (GPtrArray) secrets = NULL;
      char character[7] = { 0 };

      if (!g_unichar_validate (c))
        continue;
      g_unichar_to_utf8 (c, character);
      wf_json_append_string (text, character);
      g_string_append_c (text, '}');
      wf_expect_ok (wf_json_check (text->str, text->len, WF_JSON_MAX_BYTES, &err));
      rest = wf_json_take_secrets (text->str, text->len, 1, names, &secrets);
      g_assert_cmpuint (secrets->len, ==, 1);
      g_assert_cmpstr (secret_value_get_text (g_ptr_array_index (secrets, 0)), ==, character);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-secrets/take", test_take);
  g_test_add_func ("/json-secrets/take/types", test_types);
  g_test_add_func ("/json-secrets/take/depth", test_depth);
  g_test_add_func ("/json-secrets/take/escapes", test_escapes);
  g_test_add_func ("/json-secrets/get", test_get);
  g_test_add_func ("/json-secrets/get/not-taken", test_get_not_taken);
  g_test_add_func ("/json-secrets/append", test_append);
  g_test_add_func ("/json-secrets/append-and-take", test_append_and_take);
  return g_test_run ();
}
