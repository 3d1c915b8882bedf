/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-json.h"

static JsonNode *
parse_one (const char *value)
{
  g_autofree char *text = g_strdup_printf ("[%s]", value);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (root));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 1);

  return json_array_dup_element (json_node_get_array (root), 0);
}

static void
test_integers (void)
{
  static const struct
  {
    const char *text;
    gint64      value;
  } cases[] = {
    { "0", 0 },
    { "-0", 0 },
    { "7", 7 },
    { "-7", -7 },
    { "3600", 3600 },
    { "4294967296", G_GINT64_CONSTANT (4294967296) },
    { "9007199254740993", G_GINT64_CONSTANT (9007199254740993) },
    { "9223372036854775806", G_MAXINT64 - 1 },
    { "9223372036854775807", G_MAXINT64 },
    { "-9223372036854775807", -G_MAXINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = parse_one (cases[i].text);

      g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64);
      g_assert_cmpint (json_node_get_int (node), ==, cases[i].value);
    }
}

static void
test_doubles (void)
{
  static const struct
  {
    const char *text;
    double      value;
  } cases[] = {
    { "0.0", 0 },
    { "-0.0", 0 },
    { "0.5", 0.5 },
    { "-0.25", -0.25 },
    { "1e5", 1e5 },
    { "1E5", 1e5 },
    { "1e+5", 1e5 },
    { "1E-2", 1e-2 },
    { "0e1", 0 },
    { "-1.5E+3", -1500 },
    { "1e-400", 0 },
    { "9223372036854775808", 9223372036854775808.0 },
    { "-9223372036854775808", -9223372036854775808.0 },
    { "-9223372036854775809", -9223372036854775808.0 },
    { "10000000000000000000", 1e19 },
    { "18446744073709551616", 18446744073709551616.0 },
    { "12345678901234567890123", 12345678901234567890123.0 },
    { "1.7976931348623157e308", 1.7976931348623157e308 },
    { "2.2250738585072014e-308", 2.2250738585072014e-308 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = parse_one (cases[i].text);

      if (json_node_get_value_type (node) != G_TYPE_DOUBLE || json_node_get_double (node) != cases[i].value)
        g_error ("%s: %.17g", cases[i].text, json_node_get_double (node));
    }
}

static void
test_wide_integers_keep_their_neighbours (void)
{
  static const char text[] = "{\"a\":99999999999999999999,\"b\":[1,99999999999999999998,2],\"99999999999999999999\":\"99999999999999999999\"}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (json_object_get_double_member (object, "a"), ==, 1e20);
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (object, "b"), 2), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (object, "99999999999999999999"), ==, "99999999999999999999");
}

static void
test_long_numbers (void)
{
  g_autofree char *zeros = g_strnfill (300, '0');
  g_autofree char *fits = g_strdup_printf ("1%s", zeros);
  g_autofree char *many = g_strnfill (5000, '9');
  g_autofree char *overflow = g_strnfill (400, '9');
  g_autofree char *small = g_strdup_printf ("0.%s1", zeros);
  g_autoptr (JsonNode) node = parse_one (fits);
  g_autoptr (JsonNode) small_node = parse_one (small);

  g_assert_cmpfloat (json_node_get_double (node), ==, 1e300);
  g_assert_cmpfloat (json_node_get_double (small_node), ==, 1e-301);
  g_assert_false (wf_json_check (overflow, strlen (overflow), WF_JSON_MAX_BYTES, NULL));
  g_assert_false (wf_json_check (many, strlen (many), WF_JSON_MAX_BYTES, NULL));
}

static void
test_strings (void)
{
  static const struct
  {
    const char *text;
    const char *value;
  } cases[] = {
    { "\"\"", "" },
    { "\"a\"", "a" },
    { "\"\\\"\\\\\\/\"", "\"\\/" },
    { "\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t" },
    { "\"\\u0041\\u00e9\\u5272\"", "A\xc3\xa9\xe5\x89\xb2" },
    { "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
    { "\"\\uD83D\\uDE00x\"", "\xf0\x9f\x98\x80x" },
    { "\"\\\\u0000\"", "\\u0000" },
    { "\"\\u0001\\u007f\"", "\x01\x7f" },
    { "\"\\uffff\"", "\xef\xbf\xbf" },
    { "\"\xef\xbb\xbf\"", "\xef\xbb\xbf" },
    { "\"\\u002f\\u0022\\u005c\"", "/\"\\" },
    { "\"a\x7f\"", "a\x7f" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = parse_one (cases[i].text);

      g_assert_true (json_node_get_value_type (node) == G_TYPE_STRING);
      g_assert_cmpstr (json_node_get_string (node), ==, cases[i].value);
    }
}

static void
test_member_names (void)
{
  static const char text[] = "{\"\\u0061\\n\\ud83d\\ude00\":1,\"b\":true}";
  g_autoptr (JsonObject) object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, NULL);

  g_assert_nonnull (object);
  g_assert_true (json_object_has_member (object, "a\n\xf0\x9f\x98\x80"));
  g_assert_true (json_object_has_member (object, "b"));
}

static void
test_root_object (void)
{
  static const char *const others[] = { "[]", "1", "\"a\"", "null", "true" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (wf_json_parse_object (others[i], strlen (others[i]), WF_JSON_MAX_BYTES, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
    }
}

static JsonObject *
make_typed (void)
{
  static const char text[] =
    "{\"text\":\"hello\",\"empty\":\"\",\"int\":42,\"negative\":-1,\"whole\":3600.0,\"exponent\":1e3,\"fraction\":0.5,"
    "\"huge\":1e300,\"wide\":12345678901234567890123,\"edge\":9223372036854775808,\"lowest\":-9223372036854775808,"
    "\"digits\":\"3600\",\"yes\":true,\"no\":false,\"null\":null,\"object\":{\"a\":1},\"list\":[\"a\",\"b\"],"
    "\"mixed\":[\"a\",1],\"none\":[],\"nested\":[[\"a\"]]}";
  g_autoptr (GError) error = NULL;
  JsonObject *object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);

  return object;
}

static void
test_get_string (void)
{
  static const char *const wrong[] = { "int", "whole", "yes", "null", "object", "list" };
  g_autoptr (JsonObject) object = make_typed ();
  g_autoptr (GError) error = NULL;
  const char *text = "unset";

  g_assert_true (wf_json_get_string (object, "text", 5, &text, NULL));
  g_assert_cmpstr (text, ==, "hello");
  g_assert_true (wf_json_get_string (object, "empty", 0, &text, NULL));
  g_assert_cmpstr (text, ==, "");
  g_assert_true (wf_json_get_string (object, "absent", 5, &text, NULL));
  g_assert_null (text);
  g_assert_false (wf_json_get_string (object, "text", 4, &text, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
  g_assert_null (text);
  g_assert_null (strstr (error->message, "hello"));

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_clear_error (&error);
      g_assert_false (wf_json_get_string (object, wrong[i], 100, &text, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_nonnull (strstr (error->message, wrong[i]));
      g_assert_null (text);
    }
}

static void
test_get_int (void)
{
  static const char *const wrong[] = { "text", "digits", "fraction", "huge", "wide", "edge", "yes", "null", "object", "list" };
  g_autoptr (JsonObject) object = make_typed ();
  gint64 number = 0;

  g_assert_true (wf_json_get_int (object, "int", 0, 42, -5, &number, NULL));
  g_assert_cmpint (number, ==, 42);
  g_assert_true (wf_json_get_int (object, "negative", -1, 0, -5, &number, NULL));
  g_assert_cmpint (number, ==, -1);
  g_assert_true (wf_json_get_int (object, "whole", 0, G_MAXINT64, -5, &number, NULL));
  g_assert_cmpint (number, ==, 3600);
  g_assert_true (wf_json_get_int (object, "exponent", 0, G_MAXINT64, -5, &number, NULL));
  g_assert_cmpint (number, ==, 1000);
  g_assert_true (wf_json_get_int (object, "lowest", G_MININT64, 0, -5, &number, NULL));
  g_assert_cmpint (number, ==, G_MININT64);
  g_assert_true (wf_json_get_int (object, "absent", 0, 10, -5, &number, NULL));
  g_assert_cmpint (number, ==, -5);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      number = 1;
      g_assert_false (wf_json_get_int (object, wrong[i], G_MININT64, G_MAXINT64, -5, &number, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_cmpint (number, ==, -5);
    }

  g_assert_false (wf_json_get_int (object, "int", 0, 41, -5, &number, NULL));
  g_assert_false (wf_json_get_int (object, "int", 43, 100, -5, &number, NULL));
  g_assert_false (wf_json_get_int (object, "negative", 0, 100, -5, &number, NULL));
}

static void
test_get_boolean (void)
{
  static const char *const wrong[] = { "text", "int", "null", "object", "list" };
  g_autoptr (JsonObject) object = make_typed ();
  gboolean truth = FALSE;

  g_assert_true (wf_json_get_boolean (object, "yes", FALSE, &truth, NULL));
  g_assert_true (truth);
  g_assert_true (wf_json_get_boolean (object, "no", TRUE, &truth, NULL));
  g_assert_false (truth);
  g_assert_true (wf_json_get_boolean (object, "absent", TRUE, &truth, NULL));
  g_assert_true (truth);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (wf_json_get_boolean (object, wrong[i], FALSE, &truth, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
    }
}

static void
test_get_object (void)
{
  static const char *const wrong[] = { "text", "int", "null", "yes", "list" };
  g_autoptr (JsonObject) object = make_typed ();
  JsonObject *inner = NULL;

  g_assert_true (wf_json_get_object (object, "object", &inner, NULL));
  g_assert_cmpint (json_object_get_int_member (inner, "a"), ==, 1);
  g_assert_true (wf_json_get_object (object, "absent", &inner, NULL));
  g_assert_null (inner);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (wf_json_get_object (object, wrong[i], &inner, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_null (inner);
    }
}

static void
test_get_strv (void)
{
  static const char *const wrong[] = { "int", "null", "yes", "object", "mixed", "nested" };
  static const char *const expected[] = { "a", "b", NULL };
  g_autoptr (JsonObject) object = make_typed ();
  g_auto (GStrv) list = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (wf_json_get_strv (object, "list", FALSE, 2, &list, NULL));
  g_assert_cmpstrv (list, expected); /* NOLINT(clang-analyzer-core.CallAndMessage): it takes the length of the list for any */
  g_clear_pointer (&list, g_strfreev);

  g_assert_true (wf_json_get_strv (object, "text", TRUE, 2, &list, NULL));
  g_assert_cmpuint (g_strv_length (list), ==, 1);
  g_assert_cmpstr (list[0], ==, "hello");
  g_clear_pointer (&list, g_strfreev);

  g_assert_true (wf_json_get_strv (object, "none", TRUE, 2, &list, NULL));
  g_assert_cmpuint (g_strv_length (list), ==, 0);
  g_clear_pointer (&list, g_strfreev);

  g_assert_true (wf_json_get_strv (object, "absent", TRUE, 2, &list, NULL));
  g_assert_null (list);

  g_assert_false (wf_json_get_strv (object, "text", FALSE, 2, &list, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
  g_clear_error (&error);
  g_assert_false (wf_json_get_strv (object, "list", FALSE, 1, &list, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_clear_error (&error);
      g_assert_false (wf_json_get_strv (object, wrong[i], TRUE, 10, &list, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_null (list);
    }
}

static void
test_to_string (void)
{
  static const char text[] = "{\"a\":[1,true,null,\"x\\n\\u0001\"]}";
  g_autoptr (JsonNode) node = wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, NULL);
  g_autofree char *compact = wf_json_to_string (node, FALSE);
  g_autofree char *of_object = wf_json_object_to_string (json_node_get_object (node), FALSE);
  g_autofree char *pretty = wf_json_to_string (node, TRUE);
  g_autoptr (JsonNode) again = wf_json_parse (pretty, strlen (pretty), WF_JSON_MAX_BYTES, NULL);

  g_assert_cmpstr (compact, ==, text);
  g_assert_cmpstr (of_object, ==, text);
  g_assert_nonnull (strstr (pretty, "\n  \"a\""));
  g_assert_true (json_node_equal (node, again));
}

/* What comes out goes in again. */
static void
test_to_string_of_every_character (void)
{
  for (gunichar c = 1; c < 0x300; c++)
    {
      g_autofree char *text = g_strdup_printf ("{\"a\\u%04xb\":[\"\\u%04x\",\"\\\\\\u%04x\\\"\"]}", c, c, c);
      g_autoptr (JsonNode) node = wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, NULL);
      g_autofree char *written = wf_json_to_string (node, FALSE);
      g_autoptr (JsonNode) again = wf_json_parse (written, strlen (written), WF_JSON_MAX_BYTES, NULL);

      g_assert_nonnull (node);
      if (!again || !json_node_equal (node, again))
        g_error ("U+%04X: %s", c, written);
    }
}

static void
test_to_string_of_numbers (void)
{
  static const struct
  {
    const char *text;
    const char *written;
  } cases[] = {
    { "[1e308]", "[1e+308]" },
    { "[-9.5367431640625e-7]", "[-9.5367431640625e-07]" },
    { "[1e22,1e22]", "[1e+22,1e+22]" },
    { "{\"a\":1e308,\"1e+308.0\":\"1e+308.0\"}", "{\"a\":1e+308,\"1e+308.0\":\"1e+308.0\"}" },
    { "[\"\\\"1e+308.0\",1e308,\"\\\\\",1e308]", "[\"\\\"1e+308.0\",1e+308,\"\\\\\",1e+308]" },
    { "[3600.0,0.5,true,false]", "[3600.0,0.5,true,false]" },
    { "[12345678901234567890123]", "[1.2345678901234568e+22]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = wf_json_parse (cases[i].text, strlen (cases[i].text), WF_JSON_MAX_BYTES, NULL);
      g_autofree char *written = wf_json_to_string (node, FALSE);
      g_autofree char *pretty = wf_json_to_string (node, TRUE);

      g_assert_cmpstr (written, ==, cases[i].written);
      g_assert_true (wf_json_check (written, strlen (written), WF_JSON_MAX_BYTES, NULL));
      g_assert_true (wf_json_check (pretty, strlen (pretty), WF_JSON_MAX_BYTES, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/integers", test_integers);
  g_test_add_func ("/json/doubles", test_doubles);
  g_test_add_func ("/json/wide-integers-keep-their-neighbours", test_wide_integers_keep_their_neighbours);
  g_test_add_func ("/json/long-numbers", test_long_numbers);
  g_test_add_func ("/json/strings", test_strings);
  g_test_add_func ("/json/member-names", test_member_names);
  g_test_add_func ("/json/root-object", test_root_object);
  g_test_add_func ("/json/get-string", test_get_string);
  g_test_add_func ("/json/get-int", test_get_int);
  g_test_add_func ("/json/get-boolean", test_get_boolean);
  g_test_add_func ("/json/get-object", test_get_object);
  g_test_add_func ("/json/get-strv", test_get_strv);
  g_test_add_func ("/json/to-string", test_to_string);
  g_test_add_func ("/json/to-string-of-every-character", test_to_string_of_every_character);
  g_test_add_func ("/json/to-string-of-numbers", test_to_string_of_numbers);

  return g_test_run ();
}
