/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Base64url without padding, RFC 4648 §5 and RFC 7515 §2. */

/* Returns: (transfer full) */
char *wf_base64url_encode (gconstpointer data,
                           gsize         length);

/* Strict: the URL-safe alphabet only, no padding, no white space, unused bits zero.
 * @length: -1 where @text is NUL-terminated.
 * Returns: (transfer full): NULL with WF_ERROR_MALFORMED_RESPONSE */
GBytes *wf_base64url_decode (const char  *text,
                             gssize       length,
                             GError     **error);

G_END_DECLS
