/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-shake.h"

#include <string.h>

static void
assert_hash (const char *data,
             gsize       length,
             gsize       out_length,
             const char *expected)
{
  g_autofree guint8 *out = g_malloc (out_length);
  g_autoptr (GString) hex = g_string_new (NULL);

  wf_shake256 (data, length, out, out_length);
  for (gsize i = 0; i < out_length; i++)
    g_string_append_printf (hex, "%02x", out[i]);
  g_assert_cmpstr (hex->str, ==, expected);
}

/* Values made by another implementation (Python's hashlib); lengths around the rate of 136 bytes. */
static void
test_values (void)
{
  g_autofree char *text = g_strnfill (300, 'a');

  assert_hash ("", 0, 32, "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
  assert_hash ("abc", 3, 64, "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4");
  assert_hash (text, 1, 32, "867e2cb04f5a04dcbd592501a5e8fe9ceaafca50255626ca736c138042530ba4");
  assert_hash (text, 7, 32, "13dc02db506ffbb882ba8730eb9073f6a7810f78cee78008ef03d3400b392915");
  assert_hash (text, 8, 32, "2e6f73d8aefe4a4b03fcd895fc31ee945b824826a88dbc15003985898da6018b");
  assert_hash (text, 9, 32, "4738cac27c13038eee5d562c5b57f0ba259b70c5692fd278950e09a74147d02d");
  assert_hash (text, 135, 32, "55b991ece1e567b6e7c2c714444dd201cd51f4f3832d08e1d26bebc63e07a3d7");
  assert_hash (text, 136, 32, "8fcc5a08f0a1f6827c9cf64ee8d16e0443106359ca6c8efd230759256f44996a");
  assert_hash (text, 137, 32, "a44e1a438dad6273d540be65ee26386c59588efb09139dc086385d2db0c25782");
  assert_hash (text, 271, 32, "62ba093b7b222ce13f2547b75b6e83ab014c42fc8c698588f8eb472c9cf21a27");
  assert_hash (text, 272, 32, "f0063200f64a4e66e186dcbd7e239bf2a72ca01077849d1dc89d02e7de5e2fa5");
  assert_hash (text, 300, 32, "542e4338ca18e43776834307a2b6158f70c14f22400081b2dc345cc54a6298cd");
}

/* More than one block of output. */
static void
test_long_output (void)
{
  assert_hash ("abc", 3, 300,
               "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f87"
               "26e462a12a4feb06bd8801e751e41385141204f329979fd3047a13c5657724ada64d2470157b3cdc288620944d78dbcddbd9"
               "12993f0913f164fb2ce95131a2d09a3e6d51cbfc622720d7a75c6334e8a2d7ec71a7cc29cf0ea610eeff1a588290a53000fa"
               "a79932becec0bd3cd0b33a7e5d397fed1ada9442b99903f4dcfd8559ed3950faf40fe6f3b5d710ed3b677513771af6bfe119"
               "34817e8762d9896ba579d88d84ba7aa3cdc7055f6796f195bd9ae788f2f5bb96100d6bbaff7fbc6eea24d4449a2477d172a5"
               "507dcc931412fc346b1bb39b878330e026b12ddf384af3334560ea1d363966caa7d8ddcbec7da52b42215c11d5f8ee57f341");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shake/values", test_values);
  g_test_add_func ("/shake/long-output", test_long_output);
  return g_test_run ();
}
