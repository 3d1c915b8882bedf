/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-picture.h"

#include "wf-error.h"

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GdkTexture *
decode (GBytes  *bytes,
        int      size,
        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_picture_decode_async (bytes, size, NULL, on_done, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  return wf_picture_decode_finish (result, error);
}

static GBytes *
make_file (const char *kind,
           int         width,
           int         height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0x4080c0ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, kind, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
test_kinds (void)
{
  static const char *const kinds[] = { "png", "jpeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GBytes) file = make_file (kinds[i], 60, 40);
      g_autoptr (GError) error = NULL;
      g_autoptr (GdkTexture) texture = decode (file, 128, &error);

      g_assert_no_error (error);
      g_assert_cmpint (gdk_texture_get_width (texture), ==, 60);
      g_assert_cmpint (gdk_texture_get_height (texture), ==, 40);
    }
}

/* A photograph is made as small as it is shown. */
static void
test_large (void)
{
  g_autoptr (GBytes) file = make_file ("jpeg", 2000, 1000);
  g_autoptr (GdkTexture) texture = decode (file, 128, NULL);

  g_assert_cmpint (gdk_texture_get_width (texture), ==, 128);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 64);
}

/* A few bytes that claim to be a wall. */
static void
test_bomb (void)
{
  static const guint8 header[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0,
    0xb3, 0xc4, 0x5c, 0x56,
  };
  g_autoptr (GBytes) file = g_bytes_new_static (header, sizeof header);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (file, 128, &error));
  g_assert_nonnull (error);
}

static void
test_refused (void)
{
  static const char *const files[] = {
    "", "x", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>", "\x89PNG\r\n\x1a\nthis is no picture at all",
    "\xff\xd8\xff and neither is this one", "GIF89a nor this one here",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = g_bytes_new_static (files[i], strlen (files[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (file, 128, &error));
      g_assert_true (g_error_matches (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE) ||
                     g_error_matches (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/picture/kinds", test_kinds);
  g_test_add_func ("/ui/picture/large", test_large);
  g_test_add_func ("/ui/picture/bomb", test_bomb);
  g_test_add_func ("/ui/picture/refused", test_refused);
  return g_test_run ();
}
