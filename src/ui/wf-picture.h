/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * wf_picture_decode_async:
 * @bytes: a file that somebody sent
 * @size: how wide and high it is shown, in pixels; a larger picture is made smaller
 *
 * Decodes a PNG, JPEG, GIF or WebP file in a thread of its own. A picture of more than 16 million pixels is not decoded:
 * a small file can hold a large one.
 * Returns from _finish: (transfer full): NULL with WF_ERROR_MALFORMED_RESPONSE or WF_ERROR_RESPONSE_TOO_LARGE
 */
void wf_picture_decode_async (GBytes             *bytes,
                              int                 size,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
GdkTexture *wf_picture_decode_finish (GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
