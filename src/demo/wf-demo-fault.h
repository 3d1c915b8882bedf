/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>
#include "wf-demo-server.h"

G_BEGIN_DECLS

/* Returns: (transfer full): with strings of its own */
WfDemoFault *wf_demo_fault_copy (const WfDemoFault *fault);
void wf_demo_fault_free (WfDemoFault *fault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoFault, wf_demo_fault_free)

/* Returns: whether the endpoint is to do its work. */
gboolean wf_demo_fault_wants_work (const WfDemoFault *fault);

/* Spoils the answer of @message, and takes its connection where libsoup would be too
 * well-behaved. @cancellable ends what is still being sent.
 * Returns: whether the connection was taken, so that libsoup has nothing to send any more */
gboolean wf_demo_fault_apply (const WfDemoFault *fault,
                              SoupServerMessage *message,
                              GCancellable      *cancellable);

G_END_DECLS
