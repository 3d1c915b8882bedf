/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * wf_read_file_async:
 * @max_bytes: what is longer is not read
 *
 * Reads a file that a person chose. Only an ordinary file of this computer: nothing is fetched from elsewhere,
 * and nothing waits at a pipe.
 *
 * Returns from _finish: (transfer full): wiped when it is freed; %NULL with WF_ERROR_USAGE,
 *   WF_ERROR_RESPONSE_TOO_LARGE or WF_ERROR_CANCELLED. No message has the file's name in it
 */
void wf_read_file_async (GFile              *file,
                         gsize               max_bytes,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
GBytes *wf_read_file_finish (GFile        *file,
                             GAsyncResult *result,
                             GError      **error);

G_END_DECLS
