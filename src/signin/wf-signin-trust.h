/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): WF_ERROR_TLS_ERROR with a sentence about @host; there is no way round it */
GError *wf_signin_trust_make_error (const char          *host,
                                    GTlsCertificateFlags flags);

/* Returns: (transfer full): "The certificate comes from … and is valid until …" */
char *wf_signin_trust_describe (GTlsCertificate *certificate,
                                gboolean         own_authority);

/**
 * wf_signin_trust_verify_async:
 * @ca_file: the account's own authorities, PEM
 * @uri: where @certificate was presented
 *
 * Checks a certificate that the system does not trust against the account's
 * authorities: chain, time and host name. Errors: WF_ERROR_TLS_ERROR, WF_ERROR_CANCELLED
 */
void wf_signin_trust_verify_async (const char         *ca_file,
                                   const char         *uri,
                                   GTlsCertificate    *certificate,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean wf_signin_trust_verify_finish (GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
