/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-history.h"

G_BEGIN_DECLS

#define WF_HISTORY_SALT_BYTES 32

/**
 * WfHistoryDatabase:
 *
 * The SQLite file behind WfHistory. Not thread-safe: the writer's thread alone
 * uses it. It never fails: where the file cannot be used, memory takes its
 * place; a damaged file is set aside as "history.db.damaged".
 */
typedef struct _WfHistoryDatabase WfHistoryDatabase;

/* @path: (nullable): NULL: memory */
WfHistoryDatabase *wf_history_database_new (const char *path);
void wf_history_database_free (WfHistoryDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfHistoryDatabase, wf_history_database_free)

/* Stores all of @events (element-type WfEvent) and sets their ids, or none of them.
 * Returns: whether they are stored; where not, they may be given again */
gboolean wf_history_database_insert (WfHistoryDatabase *self,
                                     GPtrArray         *events);
/* Returns: (transfer full) (element-type WfEvent): newest first */
GPtrArray *wf_history_database_query (WfHistoryDatabase *self,
                                      const char        *account,
                                      guint              limit,
                                      GError           **error);
/* Keeps the bounds in the file, and drops what is beyond them. */
void wf_history_database_set_bounds (WfHistoryDatabase     *self,
                                     const WfHistoryBounds *bounds);
/* Returns: (transfer full) (element-type WfEvent): newest first */
GPtrArray *wf_history_database_read (WfHistoryDatabase    *self,
                                     const WfHistoryRange *range,
                                     GError              **error);
gboolean wf_history_database_measure (WfHistoryDatabase *self,
                                      const char        *account,
                                      WfHistoryKinds     kinds,
                                      gint64             later_than,
                                      WfHistoryExtent   *extent,
                                      GError           **error);
void wf_history_database_forget (WfHistoryDatabase *self,
                                 const char        *account);
/* Copies the key of the fingerprints. */
void wf_history_database_get_salt (WfHistoryDatabase *self,
                                   guint8             salt[WF_HISTORY_SALT_BYTES]);

G_END_DECLS
