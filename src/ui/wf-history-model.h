/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-history.h"

G_BEGIN_DECLS

#define WF_TYPE_HISTORY_ITEM (wf_history_item_get_type ())
G_DECLARE_FINAL_TYPE (WfHistoryItem, wf_history_item, WF, HISTORY_ITEM, GObject)

/* One line of the table. Property "event" (WfEvent, nullable until it was read): notified once. */
const WfEvent *wf_history_item_get_event (WfHistoryItem *self);
/* One that was read elsewhere. */
WfHistoryItem *wf_history_item_new (const WfEvent *event);

#define WF_TYPE_HISTORY_MODEL (wf_history_model_get_type ())
G_DECLARE_FINAL_TYPE (WfHistoryModel, wf_history_model, WF, HISTORY_MODEL, GObject)

/**
 * WfHistoryModel:
 *
 * The events of one account as a GListModel of WfHistoryItem, newest first. However many there are, only those
 * near to what was asked for last are in memory; an item comes at once, and its event as soon as it was read.
 *
 * Property "error" (GError, nullable): why the history cannot be read.
 */
WfHistoryModel *wf_history_model_new (void);
/* Shows something else. @history, @account: (nullable): nothing */
void wf_history_model_show (WfHistoryModel *self,
                            WfHistory      *history,
                            const char     *account,
                            WfHistoryKinds  kinds);
/* Looks for events that came since; calls that follow each other soon are answered together. */
void wf_history_model_update (WfHistoryModel *self);
/* Returns: how many events are in memory; for tests */
guint wf_history_model_count_cached (WfHistoryModel *self);

G_END_DECLS
