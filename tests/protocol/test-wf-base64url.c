/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-random.h"

/* RFC 4648 §10, without padding, and RFC 7515 appendix C. */
static const struct
{
  const char *plain;
  const char *encoded;
} vectors[] = {
  { "", "" },
  { "f", "Zg" },
  { "fo", "Zm8" },
  { "foo", "Zm9v" },
  { "foob", "Zm9vYg" },
  { "fooba", "Zm9vYmE" },
  { "foobar", "Zm9vYmFy" },
  { "\x03\xec\xff\xe0\xc1", "A-z_4ME" },
  { "\xff\xff\xff", "____" },
  { "\xfb\xef\xbe", "----" },
  { "\xfb", "-w" },
  { "\xff", "_w" },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gsize length = strlen (vectors[i].plain);
      g_autofree char *encoded = wf_base64url_encode (vectors[i].plain, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) decoded = wf_base64url_decode (vectors[i].encoded, -1, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (encoded, ==, vectors[i].encoded);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), vectors[i].plain, length);
    }
}

static void
test_every_byte (void)
{
  guint8 bytes[256];

  for (guint i = 0; i < 256; i++)
    bytes[i] = (guint8) i;

  for (gsize length = 0; length <= 256; length++)
    {
      g_autofree char *encoded = wf_base64url_encode (bytes, length);
      g_autoptr (GBytes) decoded = wf_base64url_decode (encoded, -1, NULL);

      g_assert_nonnull (decoded);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), bytes, length);
    }
}

static void
test_random (void)
{
  guint8 bytes[1000];

  for (guint round = 0; round < 100; round++)
    {
      gsize length = 1 + round * 9;
      g_autofree char *encoded = NULL;
      g_autofree char *standard = NULL;
      g_autoptr (GBytes) decoded = NULL;

      wf_random_bytes (bytes, length);
      encoded = wf_base64url_encode (bytes, length);
      decoded = wf_base64url_decode (encoded, -1, NULL);
      g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), bytes, length);

      /* The same as GLib's base64 but for the two characters and the padding. */
      standard = g_base64_encode (bytes, length);
      g_strdelimit (standard, "+", '-');
      g_strdelimit (standard, "/", '_');
      standard[strcspn (standard, "=")] = '\0';
      g_assert_cmpstr (encoded, ==, standard);
    }
}

static void
test_length (void)
{
  g_autoptr (GBytes) decoded = wf_base64url_decode ("Zm9v.Zg", 4, NULL);
  g_autoptr (GBytes) nothing = wf_base64url_decode ("Zm9v", 0, NULL);

  g_assert_cmpmem (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded), "foo", 3);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
}

/* Catalogue 55 */
static void
test_refused (void)
{
  static const char *const texts[] = {
    "Z", "Zm9vY", "Zg==", "Zm8=", "Zm9v=", "====", "=", "Zg=", "Zm 9v", " Zm9v", "Zm9v ", "Zm9v\n", "Zm\n9v", "\tZm9v",
    "Zm+v", "Zm/v", "A+z/4ME", "Zm9v.", ".", "Zm9v!", "Zm9\xc3\xa9", "Zm9\x80", "Zm9v\x7f", "Zm,v", "Zm%3D", "Z@==", "[Zm9", "`m9v", "{m9v",
    /* stray bits: a second spelling of "f" and of "fo" */
    "Zh", "Zn", "Zv", "Z_", "Zm9", "Zm-", "Zm_", "_z", "-x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_base64url_decode (texts[i], -1, &error))
        g_error ("accepted: %s", texts[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
    }

  g_assert_null (wf_base64url_decode ("Zm\0v", 4, NULL));
}

/* Of the 64 last characters, exactly those without stray bits are accepted. */
static void
test_last_character (void)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint two = 0;
  guint three = 0;

  for (guint c = 1; c < 256; c++)
    {
      char text[4] = { 'A', (char) c, '\0', '\0' };
      g_autoptr (GBytes) of_two = wf_base64url_decode (text, -1, NULL);
      g_autoptr (GBytes) of_three = NULL;

      text[1] = 'A';
      text[2] = (char) c;
      of_three = wf_base64url_decode (text, -1, NULL);
      two += of_two != NULL;
      three += of_three != NULL;
      if (of_two || of_three)
        g_assert_nonnull (strchr (alphabet, (int) c));
    }

  g_assert_cmpuint (two, ==, 4);
  g_assert_cmpuint (three, ==, 16);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base64url/vectors", test_vectors);
  g_test_add_func ("/base64url/every-byte", test_every_byte);
  g_test_add_func ("/base64url/random", test_random);
  g_test_add_func ("/base64url/length", test_length);
  g_test_add_func ("/base64url/refused", test_refused);
  g_test_add_func ("/base64url/last-character", test_last_character);

  return g_test_run ();
}
