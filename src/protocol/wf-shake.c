/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-shake.h"

#include <string.h>

#define LANES 25
#define ROUNDS 24
#define RATE 136 /* bytes: (1600 - 2 * 256) / 8 */

/* FIPS 202 §3.2.5 */
static const guint64 round_constants[ROUNDS] = {
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static guint64
rotate (guint64 lane,
        guint   bits)
{
  return bits == 0 ? lane : lane << bits | lane >> (64 - bits);
}

/* §3.2.1 */
static void
theta (guint64 *a)
{
  guint64 parity[5];

  for (guint x = 0; x < 5; x++)
    parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  for (guint i = 0; i < LANES; i++)
    a[i] ^= parity[(i + 4) % 5] ^ rotate (parity[(i + 1) % 5], 1);
}

/* §3.2.2 and §3.2.3 in one walk over the lanes; the offsets are the triangular numbers. */
static void
rho_and_pi (guint64 *a)
{
  guint x = 1;
  guint y = 0;
  guint64 lane = a[1];

  for (guint t = 0; t < ROUNDS; t++)
    {
      guint next_y = (2 * x + 3 * y) % 5;
      guint64 moved = rotate (lane, (t + 1) * (t + 2) / 2 % 64);

      x = y;
      y = next_y;
      lane = a[x + 5 * y];
      a[x + 5 * y] = moved;
    }
}

/* §3.2.4 */
static void
chi (guint64 *a)
{
  for (guint row = 0; row < LANES; row += 5)
    {
      guint64 old[5];

      memcpy (old, a + row, sizeof old);
      for (guint x = 0; x < 5; x++)
        a[row + x] = old[x] ^ (~old[(x + 1) % 5] & old[(x + 2) % 5]);
    }
}

static void
permute (guint64 *a)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      theta (a);
      rho_and_pi (a);
      chi (a);
      a[0] ^= round_constants[i];
    }
}

static void
xor_byte (guint64 *a,
          gsize    position,
          guint8   byte)
{
  a[position / 8] ^= (guint64) byte << (8 * (position % 8));
}

void
wf_shake256 (gconstpointer data,
             gsize         length,
             guint8       *out,
             gsize         out_length)
{
  const guint8 *bytes = data;
  guint64 a[LANES] = { 0 };

  for (gsize i = 0; i < length; i++)
    {
      xor_byte (a, i % RATE, bytes[i]);
      if (i % RATE == RATE - 1)
        permute (a);
    }
  xor_byte (a, length % RATE, 0x1f);
  xor_byte (a, RATE - 1, 0x80);
  for (gsize i = 0; i < out_length; i++)
    {
      if (i % RATE == 0)
        permute (a);
      out[i] = (guint8) (a[i % RATE / 8] >> (8 * (i % 8)));
    }
}
