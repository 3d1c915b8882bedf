/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wf-tls-peer.h"

G_BEGIN_DECLS

/* Whom a secure connection was made with: one line that opens to the rest of it. */
GtkWidget *wf_tls_view_new (void);
/* @peer: (nullable): NULL hides it */
void wf_tls_view_set_peer (GtkWidget *view,
                           WfTlsPeer *peer);

G_END_DECLS
