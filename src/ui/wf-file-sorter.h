/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How many files are taken at a time. */
#define WF_FILE_SORTER_MAX 20

/**
 * wf_file_sorter_async:
 * @files: that were opened or dropped; of more than WF_FILE_SORTER_MAX the first
 *
 * Tells the files of accounts from all others, by what is in them; a file that says by its name that it is an account's is
 * one, good or not.
 */
void wf_file_sorter_async (GFile              **files,
                           guint                n_files,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data);

/**
 * wf_file_sorter_finish:
 * @accounts: (out) (transfer full) (element-type GFile): in the order of the files
 * @others: (out) (transfer full) (element-type GFile): likewise; those that cannot be read are among them
 *
 * Returns: %FALSE with G_IO_ERROR_CANCELLED
 */
gboolean wf_file_sorter_finish (GAsyncResult *result,
                                GPtrArray   **accounts,
                                GPtrArray   **others,
                                GError      **error);

G_END_DECLS
