/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>
#include "wf-tls-peer.h"

G_BEGIN_DECLS

/* In the order in which they come. A connection that was kept goes to WF_HTTP_PHASE_ANSWER at once. */
typedef enum
{
  WF_HTTP_PHASE_QUEUED,
  WF_HTTP_PHASE_NAME,    /* the name of the server, or of the proxy, is looked up */
  WF_HTTP_PHASE_CONNECT, /* TCP, to one address after the other */
  WF_HTTP_PHASE_PROXY,   /* the proxy is asked to go on to the server */
  WF_HTTP_PHASE_TLS,
  WF_HTTP_PHASE_ANSWER,  /* the request, and the answer until its end */
} WfHttpPhase;

#define WF_TYPE_HTTP_PROBE (wf_http_probe_get_type ())
G_DECLARE_FINAL_TYPE (WfHttpProbe, wf_http_probe, WF, HTTP_PROBE, GObject)

/**
 * WfHttpProbe:
 *
 * Watches one exchange of a WfHttpClient on its way to the server and says how far it got.
 * Signal "phase": another phase has begun.
 */
WfHttpProbe *wf_http_probe_new (void);
WfHttpPhase wf_http_probe_get_phase (WfHttpProbe *self);
/* Returns: whether a proxy stands between; known from the connecting on. */
gboolean wf_http_probe_get_via_proxy (WfHttpProbe *self);
/* Returns: (transfer none) (nullable): where it connected, "192.0.2.7:443", or tried to last */
const char *wf_http_probe_get_address (WfHttpProbe *self);
/* Returns: (transfer none) (nullable): also where its certificate was refused */
WfTlsPeer *wf_http_probe_get_tls (WfHttpProbe *self);
/* Returns: what is wrong with the server's certificate; 0: nothing */
GTlsCertificateFlags wf_http_probe_get_tls_flags (WfHttpProbe *self);
/* Returns: whether the server asked for a certificate of ours. */
gboolean wf_http_probe_get_asked (WfHttpProbe *self);
/* Returns: (transfer none) (nullable): what the network said, in its own words */
const GError *wf_http_probe_get_cause (WfHttpProbe *self);

/* For the client. */
void wf_http_probe_watch (WfHttpProbe *self,
                          SoupMessage *message);
/* The authorities of the account see it differently from those of the system. */
void wf_http_probe_set_tls_flags (WfHttpProbe         *self,
                                  GTlsCertificateFlags flags);
void wf_http_probe_fail (WfHttpProbe  *self,
                         const GError *cause);

G_END_DECLS
