/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WF_TYPE_TLS_PEER (wf_tls_peer_get_type ())

/**
 * WfTlsPeer:
 *
 * What a TLS handshake came to, and with whom. What the certificate says is cleaned text.
 * Immutable, reference-counted.
 */
typedef struct
{
  char           *protocol;    /* "TLS 1.3"; nullable: the handshake did not get so far */
  char           *cipher;      /* as GnuTLS names it; nullable */
  char           *subject;     /* "CN=id.example.org", or the DNS names where there is no subject */
  char           *issuer;      /* "CN=Example Authority,O=Example" */
  gint64          valid_from;  /* seconds since the epoch; WF_TIME_UNKNOWN */
  gint64          expires_at;  /* seconds since the epoch; WF_TIME_UNKNOWN */
  char           *fingerprint; /* SHA-256 of the certificate, "AB:CD:…" */
  gatomicrefcount ref_count;
} WfTlsPeer;

GType wf_tls_peer_get_type (void);
/* @cipher: (nullable) */
WfTlsPeer *wf_tls_peer_new (GTlsProtocolVersion protocol,
                            const char         *cipher,
                            GTlsCertificate    *certificate);
WfTlsPeer *wf_tls_peer_ref (WfTlsPeer *peer);
void wf_tls_peer_unref (WfTlsPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfTlsPeer, wf_tls_peer_unref)

/**
 * wf_tls_describe_failure:
 * @error: of the handshake, or of what came after it
 * @flags: what is wrong with the certificate; 0: nothing, or none was seen
 * @asked: whether the server asked for a certificate of ours
 * @has_certificate: whether there was one to show
 *
 * Returns: (transfer none): the end of a sentence: "its certificate has expired"
 */
const char *wf_tls_describe_failure (const GError        *error,
                                     GTlsCertificateFlags flags,
                                     gboolean             asked,
                                     gboolean             has_certificate);

G_END_DECLS
