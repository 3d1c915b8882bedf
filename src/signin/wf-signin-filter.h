/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

/**
 * wf_signin_filter_make_rules:
 * @redirect_uri: as wf_signin_normalize() gives it
 *
 * The rules of WebKit's content blocker that stop, in every frame and for every kind of
 * resource, requests to the redirect URI and requests in clear text that leave this machine.
 * They are what the promise "no request goes to the redirect URI" rests on: the
 * decision of a policy handler cannot tell the main frame from another, but a
 * blocked load is reported for the main frame only.
 *
 * Returns: (transfer full): JSON; NULL where @redirect_uri is not plain ASCII
 */
char *wf_signin_filter_make_rules (const char *redirect_uri);

/* Compiles the rules in a private folder that is gone again when this returns.
 * Errors: WF_ERROR_STORAGE_FAILED, WF_ERROR_USAGE, WF_ERROR_CANCELLED */
void wf_signin_filter_load_async (const char         *redirect_uri,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
WebKitUserContentFilter *wf_signin_filter_load_finish (GAsyncResult *result,
                                                       GError      **error);

G_END_DECLS
