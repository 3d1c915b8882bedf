/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_SESSION_GROUP (wf_session_group_get_type ())
G_DECLARE_FINAL_TYPE (WfSessionGroup, wf_session_group, WF, SESSION_GROUP, GObject)

/**
 * WfSessionGroup:
 *
 * All sessions of a list, followed as one. Signals:
 * - "added" (WfSession): it has come into the list
 * - "changed" (WfSession), with the name of the property as its detail
 * - "removed" (WfSession): it has gone; one that only moves has not
 */

/* @sessions: a list of WfSession. Those that are in it already are told by nobody. */
WfSessionGroup *wf_session_group_new (GListModel *sessions);

/* Returns: (element-type WfSession) (transfer none) */
GPtrArray *wf_session_group_get_sessions (WfSessionGroup *self);

G_END_DECLS
