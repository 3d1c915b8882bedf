/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-engine.h"

G_BEGIN_DECLS

#define WF_TYPE_DEMO (wf_demo_get_type ())
G_DECLARE_FINAL_TYPE (WfDemo, wf_demo, WF, DEMO, GObject)

/**
 * WfDemo:
 *
 * The demo server on a free loopback port in this process, and an engine with one account for
 * it, all in memory: it is gone with the value.
 */

/* Returns: NULL with an error where no port can be had */
WfDemo *wf_demo_new (GError **error);
/* Returns: (transfer none) */
WfEngine *wf_demo_get_engine (WfDemo *self);

/* Makes the account. */
void wf_demo_load_async (WfDemo             *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
gboolean wf_demo_load_finish (WfDemo       *self,
                              GAsyncResult *result,
                              GError      **error);

G_END_DECLS
