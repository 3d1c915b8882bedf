/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

/* Returns: (transfer full): what one sign-in sends and keeps; nothing is kept where @settings has no
 * "data-dir", and two sign-ins never share anything then. */
WebKitNetworkSession *wf_signin_network_new_session (GVariant *settings);

/* Returns: (transfer full): a web context of its own, so that its processes end with the view */
WebKitWebContext *wf_signin_network_new_context (GVariant *settings);

/* Returns: (transfer full): scripts, because providers need them, and little else */
WebKitSettings *wf_signin_network_new_settings (void);

G_END_DECLS
