/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>
#include <time.h>

#include "wf-error.h"
#include "wf-json.h"

typedef struct
{
  const char *name;
  const char *text;
  gsize       length;
} Text;

#define T(name, text) { name, text, sizeof (text) - 1 }

/* RFC 8259 grammar: every one must pass the gate and come out of json-glib. */
static const Text accepted[] = {
  T ("empty object", "{}"),
  T ("empty array", "[]"),
  T ("spaces inside", " { } "),
  T ("all white space", "\t\n\r [\t\n\r 1\t\n\r ,\t\n\r 2\t\n\r ]\t\n\r "),
  T ("nested arrays", "[[],[[]],[[[]]]]"),
  T ("nested objects", "{\"a\":{\"b\":{\"c\":{}}}}"),
  T ("one member", "{\"a\":1}"),
  T ("two members", "{\"a\":1,\"b\":2}"),
  T ("same name on two levels", "{\"a\":{\"a\":{\"a\":1}}}"),
  T ("same name in siblings", "[{\"a\":1},{\"a\":2}]"),
  T ("same name after a closed object", "{\"x\":{\"a\":1},\"a\":2}"),
  T ("names that differ in case", "{\"a\":1,\"A\":2}"),
  T ("names that begin alike", "{\"a\":1,\"aa\":2,\"aaa\":3}"),
  T ("name with an escape", "{\"\\u0061b\":1}"),
  T ("names that differ in escapes", "{\"\\n\":1,\"\\r\":2,\"\\\\n\":3}"),
  T ("true", "[true]"),
  T ("false", "[false]"),
  T ("null", "[null]"),
  T ("zero", "[0]"),
  T ("minus zero", "[-0]"),
  T ("minus zero double", "[-0.0]"),
  T ("negative", "[-123]"),
  T ("fraction", "[0.5]"),
  T ("negative fraction", "[-0.5]"),
  T ("exponent", "[1e5]"),
  T ("capital exponent", "[1E5]"),
  T ("exponent plus", "[1e+5]"),
  T ("exponent minus", "[1e-5]"),
  T ("capital exponent plus", "[1E+5]"),
  T ("capital exponent minus", "[1E-5]"),
  T ("zero with exponent", "[0e1]"),
  T ("zero with exponent plus", "[0e+1]"),
  T ("fraction with exponent", "[123.456e78]"),
  T ("fraction of zeros", "[1.000]"),
  T ("exponent with zeros", "[1e0005]"),
  T ("close to zero", "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]"),
  T ("underflow", "[1e-400]"),
  T ("largest integer", "[9223372036854775807]"),
  T ("smallest integer", "[-9223372036854775808]"),
  T ("beyond the largest", "[9223372036854775808]"),
  T ("many digits", "[12345678901234567890123]"),
  T ("largest double", "[1.7976931348623157e308]"),
  T ("empty string", "[\"\"]"),
  T ("all short escapes", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
  T ("unicode escape", "[\"\\u00e9\"]"),
  T ("capital hexadecimal", "[\"\\u00E9\\uABCD\"]"),
  T ("surrogate pair", "[\"\\ud83d\\ude00\"]"),
  T ("lowest surrogate pair", "[\"\\ud800\\udc00\"]"),
  T ("highest surrogate pair", "[\"\\udbff\\udfff\"]"),
  T ("two surrogate pairs", "[\"\\ud83d\\ude00\\ud83d\\ude01\"]"),
  T ("escaped backslash before u0000", "[\"\\\\u0000\"]"),
  T ("escaped control", "[\"\\u0001\\u001f\"]"),
  T ("UTF-8 of two bytes", "[\"\xc3\xa9\"]"),
  T ("UTF-8 of three bytes", "[\"\xe5\x89\xb2\xe7\xac\xa6\"]"),
  T ("UTF-8 of four bytes", "[\"\xf0\x9f\x98\x80\"]"),
  T ("DEL", "[\"\x7f\"]"),
  T ("line separator", "[\"\xe2\x80\xa8\"]"),
  T ("BOM in a string", "[\"\xef\xbb\xbf\"]"),
  T ("slash and comment look-alikes in a string", "[\"// /* */ # var x = '\"]"),
  T ("string at the root", "\"a\""),
  T ("number at the root", "42"),
  T ("negative number at the root", "-1"),
  T ("true at the root", "true"),
  T ("null at the root", "null"),
  T ("newline after the end", "[1]\n"),
};

static const Text refused[] = {
  T ("nothing", ""),
  T ("only spaces", "  \n "),
  T ("BOM", "\xef\xbb\xbf{}"),
  T ("UTF-16", "\xff\xfe{\0}\0"),
  T ("UTF-16 without BOM", "{\0}\0"),
  T ("open object", "{"),
  T ("open array", "["),
  T ("open array with a value", "[1"),
  T ("open array after a comma", "[1,"),
  T ("close without open", "]"),
  T ("brace without open", "}"),
  T ("mismatched brackets", "[}"),
  T ("mismatched braces", "{]"),
  T ("mismatched after a value", "[1}"),
  T ("mismatched after a member", "{\"a\":1]"),
  T ("crossed", "[{\"a\":1]}"),
  T ("two values", "[1][2]"),
  T ("two objects", "{}{}"),
  T ("two objects with space", "{} {}"),
  T ("word after the end", "{}x"),
  T ("NUL after the end", "{}\0"),
  T ("comma after the end", "{},"),
  T ("comment after the end", "{} // x"),
  T ("block comment", "{/* x */}"),
  T ("comment before", "// x\n{}"),
  T ("hash comment", "# x\n{}"),
  T ("assignment", "var x={}"),
  T ("assignment with a semicolon", "var x = {\"a\":1};"),
  T ("semicolon", "{};"),
  T ("callback", "callback({})"),
  T ("prefix against inclusion", ")]}',\n{}"),
  T ("single quotes", "{'a':1}"),
  T ("single quoted value", "{\"a\":'b'}"),
  T ("name without quotes", "{a:1}"),
  T ("number as a name", "{1:1}"),
  T ("null as a name", "{null:1}"),
  T ("array as a name", "{[]:1}"),
  T ("no colon", "{\"a\" 1}"),
  T ("two colons", "{\"a\"::1}"),
  T ("comma for a colon", "{\"a\",1}"),
  T ("no value", "{\"a\":}"),
  T ("no value and no end", "{\"a\":"),
  T ("name alone", "{\"a\"}"),
  T ("name and no end", "{\"a\""),
  T ("no comma between members", "{\"a\":1 \"b\":2}"),
  T ("no comma between values", "[1 2]"),
  T ("no comma between strings", "[\"a\" \"b\"]"),
  T ("colon in an array", "[\"a\":1]"),
  T ("trailing comma in an array", "[1,]"),
  T ("trailing comma in an object", "{\"a\":1,}"),
  T ("leading comma in an array", "[,1]"),
  T ("leading comma in an object", "{,\"a\":1}"),
  T ("only a comma in an array", "[,]"),
  T ("only a comma in an object", "{,}"),
  T ("two commas", "[1,,2]"),
  T ("two commas in an object", "{\"a\":1,,\"b\":2}"),
  T ("duplicate member", "{\"a\":1,\"a\":2}"),
  T ("duplicate member with the same value", "{\"a\":1,\"a\":1}"),
  T ("duplicate member apart", "{\"a\":1,\"b\":{},\"c\":[],\"a\":2}"),
  T ("duplicate by an escape", "{\"a\":1,\"\\u0061\":2}"),
  T ("duplicate by two escapes", "{\"\\u0061\":1,\"\\u0061\":2}"),
  T ("duplicate by case of an escape", "{\"\\u00e9\":1,\"\\u00E9\":2}"),
  T ("duplicate by an escaped slash", "{\"a/b\":1,\"a\\/b\":2}"),
  T ("duplicate by a surrogate pair", "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}"),
  T ("duplicate empty names", "{\"\":1,\"\":2}"),
  T ("duplicate in a nested object", "{\"x\":[{\"y\":{\"a\":1,\"a\":2}}]}"),
  T ("duplicate around a nested object", "{\"a\":{\"a\":1},\"a\":2}"),
  T ("duplicate among ten", "{\"0\":0,\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"3\":0}"),
  T ("duplicate among ten by an escape", "{\"0\":0,\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"\\u0033\":0}"),
  T ("capital true", "[True]"),
  T ("capital null", "[NULL]"),
  T ("cut true", "[tru"),
  T ("cut false", "[fals]"),
  T ("word with a tail", "[nullx]"),
  T ("undefined", "[undefined]"),
  T ("NaN", "[NaN]"),
  T ("minus NaN", "[-NaN]"),
  T ("Infinity", "[Infinity]"),
  T ("minus Infinity", "[-Infinity]"),
  T ("inf", "[inf]"),
  T ("leading zero", "[01]"),
  T ("octal", "[0777]"),
  T ("negative leading zero", "[-01]"),
  T ("two zeros", "[00]"),
  T ("hexadecimal", "[0x1F]"),
  T ("binary", "[0b1]"),
  T ("plus", "[+1]"),
  T ("only minus", "[-]"),
  T ("two minus", "[--1]"),
  T ("minus space", "[- 1]"),
  T ("leading point", "[.5]"),
  T ("minus leading point", "[-.5]"),
  T ("trailing point", "[1.]"),
  T ("point and exponent", "[1.e1]"),
  T ("two points", "[1.2.3]"),
  T ("only exponent", "[e5]"),
  T ("open exponent", "[1e]"),
  T ("open exponent plus", "[1e+]"),
  T ("exponent plus minus", "[1e+-1]"),
  T ("exponent with a fraction", "[1e1.5]"),
  T ("two exponents", "[1e1e1]"),
  T ("underscore", "[1_000]"),
  T ("space in a number", "[1 000]"),
  T ("number with a letter", "[1a]"),
  T ("number with a suffix", "[1L]"),
  T ("fullwidth digit", "[\xef\xbc\x91]"),
  T ("overflowing exponent", "[1e400]"),
  T ("negative overflow", "[-1e400]"),
  T ("overflow just above the largest", "[1.8e308]"),
  T ("absurd exponent", "[1e99999999999999999999]"),
  T ("open string", "[\""),
  T ("open string with text", "[\"a"),
  T ("string that ends in a backslash", "[\"\\"),
  T ("escaped closing quote", "[\"\\\"]"),
  T ("unknown escape", "[\"\\x41\"]"),
  T ("capital escape", "[\"\\N\"]"),
  T ("escaped quote of the other kind", "[\"\\'\"]"),
  T ("escaped newline", "[\"\\\n\"]"),
  T ("escaped zero digit", "[\"\\0\"]"),
  T ("escaped NUL byte", "[\"\\\0\"]"),
  T ("capital U escape", "[\"\\U0041\"]"),
  T ("escape of three digits", "[\"\\u004\"]"),
  T ("escape without digits", "[\"\\u\"]"),
  T ("escape at the end", "[\"\\u00"),
  T ("escape with a space", "[\"\\u 041\"]"),
  T ("escape with a sign", "[\"\\u+041\"]"),
  T ("escape with a letter", "[\"\\u00g1\"]"),
  T ("zero escape", "[\"AB\\u0000CD\"]"),
  T ("zero escape in a name", "{\"a\\u0000b\":1}"),
  T ("high surrogate alone", "[\"\\ud83d\"]"),
  T ("high surrogate and text", "[\"\\ud83dabcdef\"]"),
  T ("high surrogate and another escape", "[\"\\ud83d\\n\\n\\n\"]"),
  T ("two high surrogates", "[\"\\ud83d\\ud83d\"]"),
  T ("high surrogate and a letter", "[\"\\ud83d\\u0041\"]"),
  T ("low surrogate alone", "[\"\\ude00\"]"),
  T ("reversed pair", "[\"\\ude00\\ud83d\"]"),
  T ("cut pair", "[\"\\ud83d\\ude\"]"),
  T ("high surrogate at the end", "[\"\\ud83d\\"),
  T ("lone surrogate in a name", "{\"\\ud800\":1}"),
  T ("raw NUL in a string", "[\"a\0b\"]"),
  T ("raw NUL in a name", "{\"a\0b\":1}"),
  T ("raw NUL between", "[1,\0 2]"),
  T ("raw newline in a string", "[\"a\nb\"]"),
  T ("raw tab in a string", "[\"a\tb\"]"),
  T ("raw unit separator in a string", "[\"\x1f\"]"),
  T ("raw tab in a name", "{\"a\tb\":1}"),
  T ("form feed as space", "[\f1]"),
  T ("vertical tab as space", "[\v1]"),
  T ("no-break space as space", "[\xc2\xa0" "1]"),
  T ("zero width space", "[\xe2\x80\x8b" "1]"),
  T ("overlong slash", "[\"\xc0\xaf\"]"),
  T ("overlong NUL", "[\"\xc0\x80\"]"),
  T ("surrogate in UTF-8", "[\"\xed\xa0\x80\"]"),
  T ("beyond Unicode", "[\"\xf4\x90\x80\x80\"]"),
  T ("byte of five", "[\"\xf8\x88\x80\x80\x80\"]"),
  T ("lone continuation", "[\"\x80\"]"),
  T ("cut sequence", "[\"\xe5\x89\"]"),
  T ("cut sequence at the end", "[\"\xe5"),
  T ("Latin-1", "[\"\xe9\"]"),
  T ("0xff", "\xff"),
  T ("HTML", "<!DOCTYPE html><html></html>"),
  T ("XML", "<a/>"),
  T ("form", "access_token=a&expires_in=1"),
  T ("word", "hello"),
  T ("single quote alone", "'"),
  T ("quote alone", "\""),
  T ("minus alone", "-"),
  T ("backslash", "\\"),
};

static void
test_accepted (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (GError) check_error = NULL;

      root = wf_json_parse (accepted[i].text, accepted[i].length, WF_JSON_MAX_BYTES, &error);
      if (!root)
        g_error ("%s: %s", accepted[i].name, error->message);
      g_assert_no_error (error);
      g_assert_true (wf_json_check (accepted[i].text, accepted[i].length, WF_JSON_MAX_BYTES, &check_error));
      g_assert_no_error (check_error);
    }
}

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = NULL;

      /* A copy of the exact size, so that a sanitizer sees the first byte too far. */
      g_autofree char *copy = g_memdup2 (refused[i].text, MAX (refused[i].length, 1));

      root = wf_json_parse (copy, refused[i].length, WF_JSON_MAX_BYTES, &error);
      if (root)
        g_error ("%s: accepted", refused[i].name);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_false (wf_json_check (copy, refused[i].length, WF_JSON_MAX_BYTES, NULL));
    }
}

/* Every beginning of a valid text that ends with its closing bracket is no valid text. */
static void
test_every_prefix (void)
{
  static const char text[] = "{\"a\":[1,-2.5e+3,\"\\u00e9\\ud83d\\ude00\\n\",true,false,null,{}],\"b\":{\"c\":\"\xe5\x89\xb2\"}}";

  g_assert_true (wf_json_check (text, strlen (text), WF_JSON_MAX_BYTES, NULL));
  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree char *copy = g_memdup2 (text, MAX (length, 1));

      g_assert_false (wf_json_check (copy, length, WF_JSON_MAX_BYTES, NULL));
    }
}

static void
test_message_quotes_nothing (void)
{
  g_autoptr (GError) error = NULL;
  static const char text[] = "{\"access_token\": canary-5f3a}";

  g_assert_null (wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
  g_assert_null (strstr (error->message, "canary"));
  g_assert_null (strstr (error->message, "access_token"));
  g_assert_nonnull (strstr (error->message, "17"));
}

static char *
make_nested (guint       depth,
             const char *open,
             const char *inside,
             const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, inside);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);

  return g_string_free (text, FALSE);
}

static void
assert_nested (guint       depth,
               const char *open,
               const char *close,
               gboolean    is_accepted)
{
  g_autofree char *text = make_nested (depth, open, open[0] == '[' ? "" : "1", close);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_true ((root != NULL) == is_accepted);
  if (!is_accepted)
    g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
}

/* Catalogue 26: json-glib alone crashes on 100,000 levels. */
static void
test_depth (void)
{
  static const guint depths[] = { 65, 66, 1000, 100000, 500000 };

  assert_nested (WF_JSON_MAX_DEPTH, "[", "]", TRUE);
  assert_nested (WF_JSON_MAX_DEPTH, "{\"a\":", "}", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (depths); i++)
    assert_nested (depths[i], "[", "]", FALSE);
  assert_nested (65, "{\"a\":", "}", FALSE);
  assert_nested (100000, "{\"a\":", "}", FALSE);
  assert_nested (33, "[{\"a\":", "}]", FALSE);
  assert_nested (100000, "[", "", FALSE);
}

static void
test_size (void)
{
  g_autofree char *text = g_malloc (WF_JSON_MAX_BYTES + 2);
  g_autoptr (GError) error = NULL;

  memset (text, ' ', WF_JSON_MAX_BYTES + 2);
  text[0] = '[';
  text[1] = ']';
  g_assert_true (wf_json_check (text, 2, 2, NULL));
  g_assert_true (wf_json_check (text, WF_JSON_MAX_BYTES, WF_JSON_MAX_BYTES, NULL));
  g_assert_false (wf_json_check (text, 3, 2, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
  g_clear_error (&error);

  /* No caller can raise the bound. */
  g_assert_false (wf_json_check (text, WF_JSON_MAX_BYTES + 1, G_MAXSIZE, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
}

static char *
make_members (guint       count,
              const char *last)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s\"m%u\":%u", i ? "," : "", i, i);
  if (last)
    g_string_append (text, last);
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

static void
test_members (void)
{
  static const guint counts[] = { 2, 7, 8, 9, 10, 100, 10000 };
  g_autofree char *largest = make_members (WF_JSON_MAX_MEMBERS, NULL);
  g_autofree char *too_many = make_members (WF_JSON_MAX_MEMBERS + 1, NULL);
  g_autoptr (JsonObject) object = NULL;

  object = wf_json_parse_object (largest, strlen (largest), WF_JSON_MAX_BYTES, NULL);
  g_assert_nonnull (object);
  g_assert_cmpuint (json_object_get_size (object), ==, WF_JSON_MAX_MEMBERS);
  g_assert_false (wf_json_check (too_many, strlen (too_many), WF_JSON_MAX_BYTES, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *good = make_members (counts[i], NULL);
      g_autofree char *first_again = make_members (counts[i], ",\"m0\":1");
      g_autofree char *by_escape = make_members (counts[i], ",\"\\u006d1\":1");

      g_assert_true (wf_json_check (good, strlen (good), WF_JSON_MAX_BYTES, NULL));
      g_assert_false (wf_json_check (first_again, strlen (first_again), WF_JSON_MAX_BYTES, NULL));
      g_assert_false (wf_json_check (by_escape, strlen (by_escape), WF_JSON_MAX_BYTES, NULL));
    }
}

/* Time of this process, so that what else the machine does counts little. */
static double
measure_check (const char *text,
               gsize       length)
{
  double best = G_MAXDOUBLE;

  for (guint round = 0; round < 15; round++)
    {
      clock_t start = clock ();

      wf_json_check (text, length, WF_JSON_MAX_BYTES, NULL);
      best = MIN (best, (double) (clock () - start));
    }

  return best;
}

static char *
make_objects (gsize bytes)
{
  GString *text = g_string_new ("[");

  while (text->len < bytes)
    {
      g_autofree char *object = make_members (1000, NULL);

      if (text->len > 1)
        g_string_append_c (text, ',');
      g_string_append (text, object);
    }
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

/* Eight times the text costs about eight times the time, not sixty-four. */
static void
test_linear (void)
{
  g_autofree char *small = make_objects (100 * 1024);
  g_autofree char *large = make_objects (800 * 1024);
  double ratio = measure_check (large, strlen (large)) / MAX (measure_check (small, strlen (small)), 1);

  g_test_message ("8 times the text took %.1f times the time", ratio);
  g_assert_cmpfloat (ratio, <, 32);
}

static char *
make_colliding (guint count)
{
  GString *text = g_string_new ("{");

  /* "Ab" and "BA" have the same hash, and so has every row of them. */
  for (guint i = 0; i < count; i++)
    {
      g_string_append (text, i ? ",\"" : "\"");
      for (guint bit = 0; bit < 14; bit++)
        g_string_append (text, i >> bit & 1 ? "Ab" : "BA");
      g_string_append (text, "\":0");
    }
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

/* Names chosen so that json-glib's hash table would take a second for one text. */
static void
test_colliding_names (void)
{
  g_autofree char *few = make_colliding (64);
  g_autofree char *many = make_colliding (65);
  g_autofree char *most = make_colliding (WF_JSON_MAX_MEMBERS);

  g_assert_cmpuint (g_str_hash ("Ab"), ==, g_str_hash ("BA"));
  g_assert_true (wf_json_check (few, strlen (few), WF_JSON_MAX_BYTES, NULL));
  g_assert_false (wf_json_check (many, strlen (many), WF_JSON_MAX_BYTES, NULL));
  g_assert_false (wf_json_check (most, strlen (most), WF_JSON_MAX_BYTES, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-gate/accepted", test_accepted);
  g_test_add_func ("/json-gate/refused", test_refused);
  g_test_add_func ("/json-gate/every-prefix", test_every_prefix);
  g_test_add_func ("/json-gate/message-quotes-nothing", test_message_quotes_nothing);
  g_test_add_func ("/json-gate/depth", test_depth);
  g_test_add_func ("/json-gate/size", test_size);
  g_test_add_func ("/json-gate/members", test_members);
  g_test_add_func ("/json-gate/linear", test_linear);
  g_test_add_func ("/json-gate/colliding-names", test_colliding_names);

  return g_test_run ();
}
