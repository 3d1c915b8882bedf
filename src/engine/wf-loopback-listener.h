/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WF_TYPE_LOOPBACK_LISTENER (wf_loopback_listener_get_type ())
G_DECLARE_FINAL_TYPE (WfLoopbackListener, wf_loopback_listener, WF, LOOPBACK_LISTENER, GObject)

/**
 * WfLoopbackListener:
 *
 * Receives one redirect from the person's browser: RFC 8252 §7.3. Listens on the
 * loopback address of the redirect URI only, answers the first GET of its path whose query has
 * a code or an error with a friendly page, then is gone; anything else gets 404. Whether state
 * is right is not looked at here: wf_authorization_response_parse() refuses a wrong one.
 */

/* @redirect_uri: a loopback redirect URI; any free port is put in where it has none.
 * Returns: NULL with WF_ERROR_USAGE or WF_ERROR_STORAGE_FAILED (the port is taken) */
WfLoopbackListener *wf_loopback_listener_new (const char *redirect_uri,
                                              GError    **error);
/* The redirect URI with its port. */
const char *wf_loopback_listener_get_redirect_uri (WfLoopbackListener *self);

/* Waits for that request, also where it came before this call; completes once the page was sent. Errors:
 * WF_ERROR_CANCELLED (also after wf_loopback_listener_close()).
 * Returns from _finish: (transfer full): the URI as received, wipe it */
void wf_loopback_listener_wait_async (WfLoopbackListener *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
char *wf_loopback_listener_wait_finish (WfLoopbackListener *self,
                                        GAsyncResult       *result,
                                        GError            **error);
/* Stops listening at once. */
void wf_loopback_listener_close (WfLoopbackListener *self);

G_END_DECLS
