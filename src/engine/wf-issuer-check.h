/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-jws.h"

G_BEGIN_DECLS

/**
 * wf_issuer_check_async:
 * @issuer: whose keys to fetch, without an account
 * @client_secret: (nullable): for HS256, HS384 and HS512
 *
 * Fetches what the issuer says of itself and its keys, and checks the signature of @jwt with them; where
 * none fits, fetches the keys once more, because they may just have been replaced (OpenID Connect Core
 * 1.0 §10.1.1).
 *
 * Errors: those of wf_uri_check_issuer() and of the requests; WF_ERROR_UNSUPPORTED where the issuer names no keys.
 */
void wf_issuer_check_async (const char         *issuer,
                            const WfJwt        *jwt,
                            SecretValue        *client_secret,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
/* @keys: (out) (optional) (transfer full): the keys that it was checked with. Returns: (transfer full) */
WfVerification *wf_issuer_check_finish (GAsyncResult *result,
                                        WfJwks      **keys,
                                        GError      **error);

G_END_DECLS
