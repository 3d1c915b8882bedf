/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-picture.h"

#include <gio/gio.h>
#include <string.h>

#define CELLS 5
#define CELL_PIXELS 16
#define MARGIN 10
#define SIZE (2 * MARGIN + CELLS * CELL_PIXELS)

static const guint8 colors[][3] = {
  { 0x1c, 0x71, 0xd8 }, { 0x2e, 0xc2, 0x7e }, { 0xc6, 0x46, 0x00 }, { 0x81, 0x3d, 0x9c }, { 0xa5, 0x1d, 0x2d }, { 0x63, 0x45, 0x2c },
};
static const guint8 background[3] = { 0xf6, 0xf5, 0xf4 };

/* PNG (ISO/IEC 15948) annex D: CRC-32 of the chunk's type and data */
static guint32
make_crc (const guint8 *data,
          gsize         length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
    }
  return ~crc;
}

static void
append_number (GByteArray *out,
               guint32     number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (out, (const guint8 *) &big, sizeof big);
}

static void
append_chunk (GByteArray   *png,
              const char   *type,
              const guint8 *data,
              gsize         length)
{
  gsize start;

  append_number (png, (guint32) length);
  start = png->len;
  g_byte_array_append (png, (const guint8 *) type, 4);
  if (length > 0)
    g_byte_array_append (png, data, (guint) length);
  append_number (png, make_crc (png->data + start, png->len - start));
}

/* A mirrored pattern, so that it looks like something. */
static gboolean
is_cell_set (const guint8 *digest,
             int           x,
             int           y)
{
  int column = x <= CELLS / 2 ? x : CELLS - 1 - x;

  return digest[1 + y * 3 + column] & 1;
}

static const guint8 *
get_pixel (const guint8 *digest,
           int           x,
           int           y)
{
  int cell_x = (x - MARGIN) / CELL_PIXELS;
  int cell_y = (y - MARGIN) / CELL_PIXELS;

  if (x < MARGIN || y < MARGIN || cell_x >= CELLS || cell_y >= CELLS || !is_cell_set (digest, cell_x, cell_y))
    return background;
  return colors[digest[0] % G_N_ELEMENTS (colors)];
}

static GByteArray *
draw_rows (const guint8 *digest)
{
  GByteArray *rows = g_byte_array_sized_new (SIZE * (1 + SIZE * 3));
  static const guint8 no_filter = 0;

  for (int y = 0; y < SIZE; y++)
    {
      g_byte_array_append (rows, &no_filter, 1);
      for (int x = 0; x < SIZE; x++)
        g_byte_array_append (rows, get_pixel (digest, x, y), 3);
    }
  return rows;
}

static gsize
compress (GByteArray *rows,
          guint8     *out,
          gsize       size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
  gsize read = 0;
  gsize written = 0;
  GConverterResult result = g_converter_convert (G_CONVERTER (compressor), rows->data, rows->len, out, size,
                                                 G_CONVERTER_INPUT_AT_END, &read, &written, NULL);

  g_assert (result == G_CONVERTER_FINISHED);
  return written;
}

GBytes *
wf_demo_picture_draw (const char *user)
{
  static const guint8 signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  static const guint8 header[13] = { 0, 0, 0, SIZE, 0, 0, 0, SIZE, 8 /* bits */, 2 /* RGB */, 0, 0, 0 };
  GByteArray *png = g_byte_array_new ();
  g_autoptr (GByteArray) rows = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *data = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) user, -1);
  g_checksum_get_digest (checksum, digest, &length);
  rows = draw_rows (digest);
  data = g_malloc (rows->len + 1024);
  length = compress (rows, data, rows->len + 1024);

  g_byte_array_append (png, signature, sizeof signature);
  append_chunk (png, "IHDR", header, sizeof header);
  append_chunk (png, "IDAT", data, length);
  append_chunk (png, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (png);
}
