/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-account.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_STORE (wf_account_store_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountStore, wf_account_store, WF, ACCOUNT_STORE, GObject)

/**
 * WfAccountStore:
 *
 * The account files: "accounts/UUID.conf" below the configuration folder, and those that an
 * administrator provides below each of the system's, read-only.
 *
 * Signal "changed": the files changed, by us or by another process.
 */

/* @config_dir: (nullable): NULL for $XDG_CONFIG_HOME/warifu; a given one is made where missing, and then
 *   the administrator's accounts are not read
 * @in_memory: nothing is read or written (for the demo) */
WfAccountStore *wf_account_store_new (const char *config_dir,
                                      gboolean    in_memory);

/* Reads every file, in a thread. Bad ones are left out and named by wf_account_store_get_problems(). */
void wf_account_store_load_async (WfAccountStore     *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean wf_account_store_load_finish (WfAccountStore *self,
                                       GAsyncResult   *result,
                                       GError        **error);

/* Returns: (element-type WfAccount) (transfer none): sorted by name */
GPtrArray *wf_account_store_get_accounts (WfAccountStore *self);
/* Returns: (element-type utf8) (transfer none): one sentence per file that could not be used */
GPtrArray *wf_account_store_get_problems (WfAccountStore *self);

/* By name, else by id, else by a unique beginning of the id. Returns: (transfer full): NULL with
 * WF_ERROR_NO_SUCH_ACCOUNT */
WfAccount *wf_account_store_find (WfAccountStore *self,
                                  const char     *name,
                                  GError        **error);

/* Writes one account: whole, or not at all. The name must be free. Errors: WF_ERROR_USAGE,
 * WF_ERROR_STORAGE_FAILED */
gboolean wf_account_store_save (WfAccountStore *self,
                                WfAccount      *account,
                                GError        **error);
gboolean wf_account_store_remove (WfAccountStore *self,
                                  WfAccount      *account,
                                  GError        **error);
/* Begins to watch the folder for changes by other processes. */
void wf_account_store_watch (WfAccountStore *self);

G_END_DECLS
