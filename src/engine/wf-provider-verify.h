/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jws.h"
#include "wf-provider.h"

G_BEGIN_DECLS

/**
 * wf_provider_verify_async:
 * @jwt: a signed one
 * @client_secret: (nullable): for a signature that is made with it
 * @flow: (nullable): where a request for keys is recorded
 *
 * Checks a signature with the provider's keys. Where none of them fits they are fetched once more, within the bounds of
 * wf_provider_get_keys_async(): the provider may have changed them a moment ago. The arithmetic is done in a thread. The
 * metadata must be known.
 *
 * Returns from _finish: (transfer full): %NULL where keys could not be had. @keys: (out) (optional) (nullable)
 *   (transfer full): those that had the last word; NULL where the provider has no key set
 */
void wf_provider_verify_async (WfProvider         *self,
                               WfJwt              *jwt,
                               SecretValue        *client_secret,
                               WfFlow             *flow,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
WfVerification *wf_provider_verify_finish (WfProvider   *self,
                                           GAsyncResult *result,
                                           WfJwks      **keys,
                                           GError      **error);

G_END_DECLS
