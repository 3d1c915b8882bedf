/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WfGate:
 *
 * Lets only so many through at a time, so that a thousand accounts that are due at once are neither a thousand
 * messages in one queue nor a thousand open files. Who asked first goes first; somebody whom a person waits for goes
 * before all others. Reference-counted; of one thread.
 */
typedef struct _WfGate WfGate;

WfGate *wf_gate_new (guint limit);
WfGate *wf_gate_ref (WfGate *self);
void wf_gate_unref (WfGate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfGate, wf_gate_unref)

/* @urgent: a person waits. Errors: WF_ERROR_CANCELLED. Whoever is let through calls wf_gate_leave() in the end. */
void wf_gate_enter_async (WfGate             *self,
                          gboolean            urgent,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);
gboolean wf_gate_enter_finish (GAsyncResult *result,
                               GError      **error);
void wf_gate_leave (WfGate *self);

G_END_DECLS
