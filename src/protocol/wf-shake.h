/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What at_hash of an Ed448 token is made with: the hash inside Ed448 itself, RFC 8032 §5.2. */
#define WF_SHAKE256_ED448_BYTES 114

/* SHAKE256, FIPS 202 §6.2; GnuTLS has it from 3.8.6 on only. Not in constant time: @data is no key. */
void wf_shake256 (gconstpointer data,
                  gsize         length,
                  guint8       *out,
                  gsize         out_length);

G_END_DECLS
