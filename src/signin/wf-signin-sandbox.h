/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * wf_signin_sandbox_check_async:
 *
 * WebKit ends the whole program where its sandbox cannot start. This finds out beforehand:
 * inside Flatpak and Snap theirs is used, elsewhere bubblewrap is tried.
 *
 * Errors: WF_ERROR_UNSUPPORTED, WF_ERROR_CANCELLED
 */
void wf_signin_sandbox_check_async (GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
/* @sandboxed: (out): FALSE where the person switched WebKit's sandbox off by its environment variable */
gboolean wf_signin_sandbox_check_finish (GAsyncResult *result,
                                         gboolean     *sandboxed,
                                         GError      **error);

G_END_DECLS
