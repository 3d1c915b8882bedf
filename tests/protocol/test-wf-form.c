/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-form.h"

static void
test_encode_value (void)
{
  static const struct
  {
    const char *value;
    const char *encoded;
  } cases[] = {
    { "", "" },
    { "abcXYZ019", "abcXYZ019" },
    { "-._~", "-._~" },
    { "a b", "a+b" },
    { "a+b", "a%2Bb" },
    { "a&b=c", "a%26b%3Dc" },
    { "100%", "100%25" },
    { "*!'()", "%2A%21%27%28%29" },
    { "http://127.0.0.1:1/callback?a=b#c", "http%3A%2F%2F127.0.0.1%3A1%2Fcallback%3Fa%3Db%23c" },
    { "\r\nHost: evil", "%0D%0AHost%3A+evil" },
    { "\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D" },
    /* RFC 6749 appendix B's own example: U+0020 U+0025 U+0026 U+002B U+00A3 U+20AC */
    { " %&+\xc2\xa3\xe2\x82\xac", "+%25%26%2B%C2%A3%E2%82%AC" },
    { "\x01\x7f", "%01%7F" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *encoded = wf_form_encode_value (cases[i].value);

      g_assert_cmpstr (encoded, ==, cases[i].encoded);
    }
}

static void
test_encode (void)
{
  g_autoptr (WfForm) form = wf_form_new ();
  g_autofree char *nothing = wf_form_encode (form);
  g_autofree char *encoded = NULL;

  g_assert_cmpstr (nothing, ==, "");
  wf_form_add (form, "grant_type", "authorization_code");
  wf_form_add (form, "absent", NULL);
  wf_form_add (form, "code", "a b&c");
  wf_form_add (form, "empty", "");
  wf_form_add (form, "na me", "x");
  wf_form_add (form, "resource", "https://a.example");
  wf_form_add (form, "resource", "https://b.example");
  encoded = wf_form_encode (form);

  g_assert_cmpstr (encoded, ==,
                   "grant_type=authorization_code&code=a+b%26c&empty=&na+me=x"
                   "&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example");
  g_assert_cmpuint (wf_form_get_length (form), ==, 6);
  g_assert_cmpuint (wf_form_count (form, "resource"), ==, 2);
  g_assert_cmpuint (wf_form_count (form, "absent"), ==, 0);
  g_assert_null (wf_form_lookup (form, "resource"));
  g_assert_null (wf_form_lookup (form, "absent"));
  g_assert_cmpstr (wf_form_lookup (form, "code"), ==, "a b&c");
  g_assert_cmpstr (wf_form_lookup (form, "empty"), ==, "");
  g_assert_cmpstr (wf_form_get_name (form, 0), ==, "grant_type");
  g_assert_cmpstr (wf_form_get_value (form, 5), ==, "https://b.example");
}

typedef struct
{
  const char *text;
  const char *fields[9]; /* names and values in turn */
} Decoded;

static void
test_decode (void)
{
  static const Decoded cases[] = {
    { "", { NULL } },
    { "&", { NULL } },
    { "&&&", { NULL } },
    { "a=1", { "a", "1" } },
    { "a=1&b=2", { "a", "1", "b", "2" } },
    { "&a=1&&b=2&", { "a", "1", "b", "2" } },
    { "a=1&a=2", { "a", "1", "a", "2" } },
    { "a", { "a", "" } },
    { "a=", { "a", "" } },
    { "=1", { "", "1" } },
    { "=", { "", "" } },
    { "a=b=c", { "a", "b=c" } },
    { "a==", { "a", "=" } },
    { "a=b+c%20d", { "a", "b c d" } },
    { "a%3Db=c%26d", { "a=b", "c&d" } },
    { "a=%2b%2B", { "a", "++" } },
    { "a=%0D%0ASet-Cookie%3A", { "a", "\r\nSet-Cookie:" } },
    { "a=%C3%A9", { "a", "\xc3\xa9" } },
    { "a=\xc3\xa9", { "a", "\xc3\xa9" } },
    { "a=\\|{}\"", { "a", "\\|{}\"" } },
    { "a=;b=2", { "a", ";b=2" } },
    { "code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", { "code", "SplxlOBeZQQYbYS6WxSbIA", "state", "xyz" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfForm) form = wf_form_decode (cases[i].text, 10, &error);
      guint n = 0;

      g_assert_no_error (error);
      for (; cases[i].fields[2 * n]; n++)
        {
          g_assert_cmpuint (wf_form_get_length (form), >, n);
          g_assert_cmpstr (wf_form_get_name (form, n), ==, cases[i].fields[2 * n]);
          g_assert_cmpstr (wf_form_get_value (form, n), ==, cases[i].fields[2 * n + 1]);
        }
      g_assert_cmpuint (wf_form_get_length (form), ==, n);
    }
}

/* Catalogue 13 */
static void
test_refused (void)
{
  static const char *const texts[] = {
    "a=%", "a=%4", "a=%zz", "a=%4g", "a=%g4", "a=% 41", "a=%+1", "%=1", "a=1%", "%%=1", "a=%u0041", "a=%-1",
    "a=%00", "%00=a", "a=b%00c",
    "a=%ff", "a=%C3", "a=%C3%28", "a=%C0%AF", "a=%ED%A0%80", "a=%F4%90%80%80", "%ff=a", "a=\xff", "a=\xc3",
    "a=\r\nb", "a=\n", "a\t=b", "a=\x7f", "a=\x01",
    "ok=1&a=%",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_form_decode (texts[i], 10, &error))
        g_error ("accepted: %s", texts[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
    }
}

static void
test_max_fields (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfForm) three = wf_form_decode ("a=1&b=2&c=3", 3, NULL);

  g_assert_cmpuint (wf_form_get_length (three), ==, 3);
  g_assert_null (wf_form_decode ("a=1&b=2&c=3&d=4", 3, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_round_trip (void)
{
  GString *all = g_string_new (NULL);
  g_autoptr (WfForm) form = wf_form_new ();
  g_autoptr (WfForm) again = NULL;
  g_autofree char *encoded = NULL;

  for (gunichar c = 1; c < 0x800; c++)
    g_string_append_unichar (all, c);
  g_string_append_unichar (all, 0x1f600);
  wf_form_add (form, all->str, all->str);
  encoded = wf_form_encode (form);
  again = wf_form_decode (encoded, 1, NULL);

  g_assert_nonnull (again);
  g_assert_cmpstr (wf_form_get_name (again, 0), ==, all->str);
  g_assert_cmpstr (wf_form_lookup (again, all->str), ==, all->str);
  g_string_free (all, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/form/encode-value", test_encode_value);
  g_test_add_func ("/form/encode", test_encode);
  g_test_add_func ("/form/decode", test_decode);
  g_test_add_func ("/form/refused", test_refused);
  g_test_add_func ("/form/max-fields", test_max_fields);
  g_test_add_func ("/form/round-trip", test_round_trip);

  return g_test_run ();
}
