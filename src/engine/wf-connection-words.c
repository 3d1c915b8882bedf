/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-words.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-id-token.h"
#include "wf-time.h"

static char *
format_day (gint64 time)
{
  g_autoptr (GDateTime) date = time == WF_TIME_UNKNOWN ? NULL : g_date_time_new_from_unix_local (time);

  return date ? g_date_time_format (date, "%F") : g_strdup ("?");
}

/* --- what passed --- */

static char *
describe_name (const WfConnectionWay *way)
{
  if (way->proxy)
    return g_strdup_printf (_("The proxy's name %s was found."), way->proxy);
  return g_strdup_printf (_("The name %s was found."), way->host);
}

static char *
describe_connect (const WfConnectionWay *way)
{
  const char *address = wf_http_probe_get_address (way->probe);

  if (way->proxy)
    /* Translators: %s is an IP address and a port */
    return g_strdup_printf (_("Connected to the proxy at %s."), address ? address : "?");
  /* Translators: %s is an IP address and a port */
  return g_strdup_printf (_("Connected to %s."), address ? address : "?");
}

static char *
describe_tls (const WfConnectionWay *way)
{
  WfTlsPeer *peer = wf_http_probe_get_tls (way->probe);
  g_autofree char *until = peer ? format_day (peer->expires_at) : NULL;

  if (!peer)
    return g_strdup (_("The connection is encrypted."));
  if (wf_http_probe_get_asked (way->probe) && way->has_certificate)
    /* Translators: the first %s is such as "TLS 1.3", the second such as "CN=id.example.org", the third a date */
    return g_strdup_printf (_("%s, with a certificate of %s that is valid until %s. The account's client certificate was taken."),
                            peer->protocol ? peer->protocol : "TLS", peer->subject, until);
  /* Translators: the first %s is such as "TLS 1.3", the second such as "CN=id.example.org", the third a date */
  return g_strdup_printf (_("%s, with a certificate of %s that is valid until %s."),
                          peer->protocol ? peer->protocol : "TLS", peer->subject, until);
}

char *
wf_connection_describe (const WfConnectionWay *way,
                        WfConnectionKind       kind)
{
  switch (kind)
    {
    case WF_CONNECTION_NAME:
      return describe_name (way);
    case WF_CONNECTION_CONNECT:
      return describe_connect (way);
    case WF_CONNECTION_PROXY:
      return g_strdup_printf (_("The proxy goes on to %s."), way->host);
    case WF_CONNECTION_TLS:
      return describe_tls (way);
    case WF_CONNECTION_SETTINGS:
    case WF_CONNECTION_DISCOVERY:
    case WF_CONNECTION_KEYS:
    case WF_CONNECTION_TOKEN:
    case WF_CONNECTION_CLOCK:
    default:
      g_return_val_if_reached (g_strdup (""));
    }
}

/* --- what failed --- */

static char *
explain_name (const WfConnectionWay *way,
              const GError          *error)
{
  const GError *cause = wf_http_probe_get_cause (way->probe);
  gboolean unknown = g_error_matches (cause, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);

  if (g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return g_strdup_printf (_("Looking up the name %s takes too long. Check your network and its DNS server."),
                            way->proxy ? way->proxy : way->host);
  if (unknown && way->proxy)
    return g_strdup_printf (_("The proxy's name %s was not found. Check the proxy of the account, and your network."), way->proxy);
  if (unknown)
    return g_strdup_printf (_("The name %s was not found. Check how the address is written, and your network."), way->host);
  return g_strdup_printf (_("The name %s could not be looked up. Check your network and its DNS server."),
                          way->proxy ? way->proxy : way->host);
}

static char *
explain_connect_to_proxy (const WfConnectionWay *way,
                          const GError          *error)
{
  const GError *cause = wf_http_probe_get_cause (way->probe);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_strdup_printf (_("The proxy %s accepts no connection at this port. Check the proxy's address, and whether it runs."), way->proxy);
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return g_strdup_printf (_("The proxy %s does not answer. Check its address and your network."), way->proxy);
  return g_strdup_printf (_("The proxy %s cannot be reached. Check its address and your network."), way->proxy);
}

static char *
explain_connect (const WfConnectionWay *way,
                 const GError          *error)
{
  const GError *cause = wf_http_probe_get_cause (way->probe);

  if (way->proxy)
    return explain_connect_to_proxy (way, error);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_strdup_printf (_("%s accepts no connection at this port. Check the address and its port, and whether the server runs."),
                            way->host);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return g_strdup_printf (_("There is no way to %s from here. Check your network."), way->host);
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return g_strdup_printf (_("%s does not answer. Check the address, your network, and whether a firewall wants a proxy."), way->host);
  return g_strdup_printf (_("%s cannot be reached. Check the address and your network."), way->host);
}

static char *
explain_proxy (const WfConnectionWay *way,
               const GError          *error)
{
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return g_strdup_printf (_("The proxy %s does not say whether it goes on to %s. Check that it is a proxy, and of the kind that "
                              "the account says."), way->proxy ? way->proxy : "?", way->host);
  return g_strdup (error->message);
}

static gboolean
is_self_signed (const WfTlsPeer *peer)
{
  return peer && *peer->subject && g_str_equal (peer->subject, peer->issuer);
}

static char *
explain_certificate (const WfConnectionWay *way,
                     GTlsCertificateFlags   flags)
{
  WfTlsPeer *peer = wf_http_probe_get_tls (way->probe);
  g_autofree char *from = peer ? format_day (peer->valid_from) : NULL;
  g_autofree char *until = peer ? format_day (peer->expires_at) : NULL;

  if (peer && flags & G_TLS_CERTIFICATE_REVOKED)
    return g_strdup_printf (_("The certificate of %s was revoked. Ask who runs the server for a new one."), way->host);
  if (peer && flags & G_TLS_CERTIFICATE_EXPIRED)
    return g_strdup_printf (_("The certificate of %s expired on %s. If your clock is right, who runs the server has to renew it."),
                            way->host, until);
  if (peer && flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return g_strdup_printf (_("The certificate of %s is not valid before %s. Check your clock."), way->host, from);
  if (peer && flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    /* Translators: the first %s is a host, the second what its certificate was given to: "CN=other.example.org" */
    return g_strdup_printf (_("The certificate of %s belongs to another host (%s). Check the address, or ask who runs the server."),
                            way->host, peer->subject);
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA && is_self_signed (peer))
    return g_strdup_printf (_("The certificate of %s is signed by nobody but itself. If it is the right one, give it to the account "
                              "as its certificate authority."), way->host);
  if (peer && flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    /* Translators: the second %s is the name of an authority */
    return g_strdup_printf (_("The certificate of %s is signed by an authority that this computer does not know (%s). If it is "
                              "your organization's own, choose its file in the account."), way->host, peer->issuer);
  return NULL;
}

static char *
explain_tls (const WfConnectionWay *way,
             const GError          *error)
{
  const GError *cause = wf_http_probe_get_cause (way->probe);
  gboolean asked = wf_http_probe_get_asked (way->probe);
  char *sentence = explain_certificate (way, wf_http_probe_get_tls_flags (way->probe));

  if (sentence)
    return sentence;
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return g_strdup_printf (_("%s does not answer to TLS. Check the port: it may speak something else there."), way->host);
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED) || (asked && !way->has_certificate))
    return g_strdup_printf (_("%s wants a client certificate. Choose one in the account."), way->host);
  if (asked)
    return g_strdup_printf (_("%s does not accept the client certificate of this account. Check that it is the right one, and has "
                              "not expired."), way->host);
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TLS_ERROR) && wf_http_probe_get_tls_flags (way->probe) != 0)
    return g_strdup (error->message);
  return g_strdup_printf (_("%s and this computer could not agree on a secure connection. Check the port; the server must speak "
                            "TLS 1.2 or newer."), way->host);
}

gboolean
wf_connection_ended_in_tls (WfHttpProbe *probe)
{
  const GError *cause = wf_http_probe_get_cause (probe);

  if (!cause)
    return FALSE;
  /* With TLS 1.3 a server refuses a client certificate after the handshake (RFC 8446 §4.4.2.4), often by no more
   * than hanging up. */
  return wf_http_probe_get_phase (probe) == WF_HTTP_PHASE_TLS || cause->domain == G_TLS_ERROR ||
         (wf_http_probe_get_asked (probe) &&
          ((cause->domain == SOUP_SESSION_ERROR && cause->code != SOUP_SESSION_ERROR_PARSING) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE)));
}

GError *
wf_connection_explain (const WfConnectionWay *way,
                       const GError          *error)
{
  WfHttpPhase phase = wf_http_probe_get_phase (way->probe);
  const GError *cause = wf_http_probe_get_cause (way->probe);
  g_autofree char *sentence = NULL;

  if (!cause || g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED))
    return g_error_copy (error);
  if (wf_connection_ended_in_tls (way->probe))
    {
      sentence = explain_tls (way, error);
      if (phase == WF_HTTP_PHASE_ANSWER)
        return g_error_new_literal (WF_ERROR, WF_ERROR_TLS_ERROR, sentence);
    }
  else if (phase == WF_HTTP_PHASE_PROXY)
    sentence = explain_proxy (way, error);
  else if (phase == WF_HTTP_PHASE_CONNECT)
    sentence = explain_connect (way, error);
  else if (phase == WF_HTTP_PHASE_NAME)
    sentence = explain_name (way, error);
  else
    return g_error_copy (error);
  return g_error_new_literal (WF_ERROR, error->code, sentence);
}

/* --- the clock --- */

char *
wf_connection_describe_skew (gint64 skew)
{
  int seconds = (int) CLAMP (ABS (skew), 0, G_MAXINT);

  if (seconds <= WF_DEFAULT_SKEW)
    return g_strdup (_("Your clock and the provider's agree."));
  if (skew > 0)
    return g_strdup_printf (_("Your clock is %d s behind the provider's. Warifu allows for it, but set it: other programs do not."), seconds);
  return g_strdup_printf (_("Your clock is %d s ahead of the provider's. Warifu allows for it, but set it: other programs do not."), seconds);
}
