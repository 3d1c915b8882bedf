/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"

G_BEGIN_DECLS

/**
 * WfAccountFiles:
 *
 * What a reading of the account folders gave.
 */
typedef struct
{
  GPtrArray *accounts; /* (element-type WfAccount): sorted by name */
  GPtrArray *problems; /* (element-type utf8): one sentence per file that could not be used */
} WfAccountFiles;

void wf_account_files_free (WfAccountFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfAccountFiles, wf_account_files_free)

/* Reads the folders, the administrator's first; blocks, so it is for a thread.
 * @system_folders: (nullable): whose accounts are read-only */
WfAccountFiles *wf_account_files_read (const char        *folder,
                                       const char *const *system_folders);

/* Sorts (element-type WfAccount) by name as a person expects, then by id. */
void wf_account_files_sort (GPtrArray *accounts);

/* Returns: (transfer full): @id as a file of @folder */
char *wf_account_files_get_path (const char *folder,
                                 const char *id);

G_END_DECLS
