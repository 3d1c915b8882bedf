/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WfAccountLock:
 *
 * Mutual exclusion between processes for one account: an flock(2) on a file of
 * its own in the runtime directory (/warifu, else a private
 * folder of the cache). Freed with the value, and by the kernel when the process dies.
 */
typedef struct _WfAccountLock WfAccountLock;
void wf_account_lock_free (WfAccountLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfAccountLock, wf_account_lock_free)

/* Errors: WF_ERROR_CANCELLED, WF_ERROR_TIMEOUT after two minutes, WF_ERROR_STORAGE_FAILED */
void wf_account_lock_acquire_async (const char         *id,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
WfAccountLock *wf_account_lock_acquire_finish (GAsyncResult *result,
                                               GError      **error);

/* So that what other processes write is seen here too, whatever keeps the items: who has written lets a lock go.
 * Returns: (transfer full) (nullable): a monitor of the locks' folder */
GFileMonitor *wf_account_lock_make_monitor (void);
/* What that monitor's signal says. Returns: (transfer full) (nullable): the id of the account that another process has let go */
char *wf_account_lock_read_event (GFile            *file,
                                  GFileMonitorEvent event);

G_END_DECLS
