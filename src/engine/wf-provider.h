/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-gate.h"
#include "wf-http-client.h"
#include "wf-jwks.h"
#include "wf-provider-metadata.h"

G_BEGIN_DECLS

#define WF_TYPE_PROVIDER (wf_provider_get_type ())
G_DECLARE_FINAL_TYPE (WfProvider, wf_provider, WF, PROVIDER, GObject)

/**
 * WfProvider:
 *
 * One authorization server as seen through one set of network settings: its
 * metadata and its keys, fetched when needed, kept for their HTTP lifetime (10
 * minutes where they name none, a day at most), each fetched once however many
 * ask at the same time.
 */
/* Returns: NULL with the errors of wf_http_client_new() */
WfProvider *wf_provider_new (const WfAccount *account,
                             GError         **error);
/* Returns: (transfer full): what makes two accounts share a provider */
char *wf_provider_make_key (const WfAccount *account);
/* Returns: (transfer none) */
WfHttpClient *wf_provider_get_http_client (WfProvider *self);
/* Returns: (transfer none): whoever refreshes at this provider goes through it */
WfGate *wf_provider_get_gate (WfProvider *self);
/* Returns: (transfer none) (nullable): what is known without asking */
WfProviderMetadata *wf_provider_peek_metadata (WfProvider *self);
WfJwks *wf_provider_peek_keys (WfProvider *self);

void wf_provider_get_metadata_async (WfProvider         *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
/* The same, and @flow (nullable) tells how it was known: the messages where it was asked for, else that it was known. */
void wf_provider_get_metadata_for_async (WfProvider         *self,
                                         WfFlow             *flow,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
/* Returns: (transfer full) */
WfProviderMetadata *wf_provider_get_metadata_finish (WfProvider   *self,
                                                     GAsyncResult *result,
                                                     GError      **error);

/* @unknown_key: a signature names a key that the set at hand lacks: fetch again, at most once in 60 seconds.
 * The metadata must be known. Returns NULL without error from _finish where the provider has no key set. */
void wf_provider_get_keys_async (WfProvider         *self,
                                 gboolean            unknown_key,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
/* The same, recorded in @flow (nullable). */
void wf_provider_get_keys_for_async (WfProvider         *self,
                                     WfFlow             *flow,
                                     gboolean            unknown_key,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
WfJwks *wf_provider_get_keys_finish (WfProvider   *self,
                                     GAsyncResult *result,
                                     GError      **error);

/* Judge an answer that is the discovery document, or the key set, of @account's provider.
 * @adopt_slash: accept an issuer that differs by one trailing "/" (a domain was typed)
 * Returns: (transfer full): NULL with the errors of the parsers and of wf_response_check() */
WfProviderMetadata *wf_provider_read_metadata (const WfAccount *account,
                                               gboolean         adopt_slash,
                                               WfHttpResponse  *response,
                                               GError         **error);
WfJwks *wf_provider_read_keys (WfHttpResponse *response,
                               GError        **error);

/**
 * wf_provider_discover_async:
 * @input: an issuer or a domain as typed
 * @account: (nullable): network settings
 *
 * For the Add Account page: looks an issuer up without an account.
 */
void wf_provider_discover_async (const char         *input,
                                 const WfAccount    *account,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
WfProviderMetadata *wf_provider_discover_finish (GAsyncResult *result,
                                                 GError      **error);

G_END_DECLS
