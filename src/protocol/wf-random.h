/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fills @buffer from the kernel's CSPRNG, getrandom(2). Aborts the program where the kernel
 * has no random numbers to give, because nothing safe can be done without. */
void wf_random_bytes (gpointer buffer,
                      gsize    length);

/* Returns: (transfer full): @n_bytes random bytes in base64url. 32 bytes give the 43
 * characters of a code verifier (RFC 7636 §4.1). */
char *wf_random_token (gsize n_bytes);

G_END_DECLS
