/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-random.h"

static void
test_token (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *token = wf_random_token (32);
      g_autoptr (GBytes) bytes = wf_base64url_decode (token, -1, NULL);

      /* RFC 7636 §4.1: 43 to 128 unreserved characters */
      g_assert_cmpuint (strlen (token), ==, 43);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 32);
      g_assert_true (g_hash_table_add (seen, token));
    }
}

static void
test_lengths (void)
{
  static const gsize lengths[] = { 0, 1, 2, 3, 16, 96 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *token = wf_random_token (lengths[i]);

      g_assert_cmpuint (strlen (token), ==, (lengths[i] * 4 + 2) / 3);
    }
}

/* Every bit is set in about half of many tries, also in the last byte of a large buffer. */
static void
test_every_bit (void)
{
  guint8 bytes[512];
  guint counts[8 * sizeof bytes] = { 0 };
  const guint rounds = 400;

  for (guint round = 0; round < rounds; round++)
    {
      memset (bytes, 0, sizeof bytes);
      wf_random_bytes (bytes, sizeof bytes);
      for (guint bit = 0; bit < G_N_ELEMENTS (counts); bit++)
        counts[bit] += bytes[bit / 8] >> bit % 8 & 1;
    }

  for (guint bit = 0; bit < G_N_ELEMENTS (counts); bit++)
    {
      g_assert_cmpuint (counts[bit], >, rounds / 4);
      g_assert_cmpuint (counts[bit], <, rounds * 3 / 4);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/random/token", test_token);
  g_test_add_func ("/random/lengths", test_lengths);
  g_test_add_func ("/random/every-bit", test_every_bit);

  return g_test_run ();
}
