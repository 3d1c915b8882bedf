/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-http-probe.h"

struct _WfHttpProbe
{
  GObject              parent_instance;

  WfHttpPhase          phase;
  gboolean             via_proxy;
  gboolean             asked;
  char                *address;  /* nullable */
  GTlsConnection      *tls;      /* nullable: until what it says was read */
  WfTlsPeer           *peer;     /* nullable */
  GTlsCertificateFlags flags;
  GError              *cause;    /* nullable */
};

enum
{
  SIGNAL_PHASE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfHttpProbe, wf_http_probe, G_TYPE_OBJECT)

static void
enter (WfHttpProbe *self,
       WfHttpPhase  phase)
{
  if (phase <= self->phase)
    return;
  self->phase = phase;
  g_signal_emit (self, signals[SIGNAL_PHASE], 0);
}

static void
note_address (WfHttpProbe *self,
              GIOStream   *connection)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (G_IS_SOCKET_CONNECTION (connection))
    address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);
  if (!address)
    return;
  self->via_proxy = G_IS_PROXY_ADDRESS (address);
  g_free (self->address);
  self->address = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

/* Takes what the handshake left behind, also where it failed. */
static void
read_tls (WfHttpProbe *self)
{
  g_autoptr (GTlsConnection) tls = g_steal_pointer (&self->tls);
  GTlsCertificate *certificate = tls ? g_tls_connection_get_peer_certificate (tls) : NULL;
  g_autofree char *cipher = NULL;

  if (!certificate || self->peer)
    return;
  cipher = g_tls_connection_get_ciphersuite_name (tls);
  self->peer = wf_tls_peer_new (g_tls_connection_get_protocol_version (tls), cipher, certificate);
}

static void
on_network_event (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  WfHttpProbe       *self)
{
  switch (event)
    {
    case G_SOCKET_CLIENT_RESOLVING:
      enter (self, WF_HTTP_PHASE_NAME);
      break;
    case G_SOCKET_CLIENT_RESOLVED:
      enter (self, WF_HTTP_PHASE_CONNECT);
      break;
    case G_SOCKET_CLIENT_CONNECTING:
    case G_SOCKET_CLIENT_CONNECTED:
      note_address (self, connection);
      break;
    case G_SOCKET_CLIENT_PROXY_NEGOTIATING:
      enter (self, WF_HTTP_PHASE_PROXY);
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKING:
      /* with an https proxy, the first one is of the proxy */
      if (self->via_proxy && self->phase < WF_HTTP_PHASE_PROXY)
        break;
      g_set_object (&self->tls, G_TLS_CONNECTION (connection));
      enter (self, WF_HTTP_PHASE_TLS);
      break;
    case G_SOCKET_CLIENT_COMPLETE:
      read_tls (self);
      enter (self, WF_HTTP_PHASE_ANSWER);
      break;
    case G_SOCKET_CLIENT_PROXY_NEGOTIATED:
    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
    default:
      break;
    }
}

static void
on_starting (SoupMessage *message,
             WfHttpProbe *self)
{
  read_tls (self);
  enter (self, WF_HTTP_PHASE_ANSWER);
}

/* Whether there is one to show is the client's business. */
static gboolean
on_request_certificate (SoupMessage          *message,
                        GTlsClientConnection *connection,
                        WfHttpProbe          *self)
{
  self->asked = TRUE;
  return FALSE;
}

static gboolean
on_accept_certificate (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags flags,
                       WfHttpProbe         *self)
{
  self->flags = flags;
  return FALSE;
}

static void
wf_http_probe_finalize (GObject *object)
{
  WfHttpProbe *self = WF_HTTP_PROBE (object);

  g_free (self->address);
  g_clear_object (&self->tls);
  wf_tls_peer_unref (self->peer);
  g_clear_error (&self->cause);
  G_OBJECT_CLASS (wf_http_probe_parent_class)->finalize (object);
}

static void
wf_http_probe_class_init (WfHttpProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_http_probe_finalize;

  signals[SIGNAL_PHASE] = g_signal_new ("phase", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_http_probe_init (WfHttpProbe *self)
{
}

WfHttpProbe *
wf_http_probe_new (void)
{
  return g_object_new (WF_TYPE_HTTP_PROBE, NULL);
}

WfHttpPhase
wf_http_probe_get_phase (WfHttpProbe *self)
{
  return self->phase;
}

gboolean
wf_http_probe_get_via_proxy (WfHttpProbe *self)
{
  return self->via_proxy;
}

const char *
wf_http_probe_get_address (WfHttpProbe *self)
{
  return self->address;
}

WfTlsPeer *
wf_http_probe_get_tls (WfHttpProbe *self)
{
  return self->peer;
}

GTlsCertificateFlags
wf_http_probe_get_tls_flags (WfHttpProbe *self)
{
  return self->flags;
}

gboolean
wf_http_probe_get_asked (WfHttpProbe *self)
{
  return self->asked;
}

const GError *
wf_http_probe_get_cause (WfHttpProbe *self)
{
  return self->cause;
}

void
wf_http_probe_watch (WfHttpProbe *self,
                     SoupMessage *message)
{
  g_signal_connect_object (message, "network-event", G_CALLBACK (on_network_event), self, 0);
  g_signal_connect_object (message, "starting", G_CALLBACK (on_starting), self, 0);
  g_signal_connect_object (message, "request-certificate", G_CALLBACK (on_request_certificate), self, 0);
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self, 0);
}

void
wf_http_probe_set_tls_flags (WfHttpProbe         *self,
                             GTlsCertificateFlags flags)
{
  self->flags = flags;
}

void
wf_http_probe_fail (WfHttpProbe  *self,
                    const GError *cause)
{
  read_tls (self);
  g_clear_error (&self->cause);
  self->cause = g_error_copy (cause);
}
