/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tls-peer.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-time.h"

#define MAX_NAMES 8

G_DEFINE_BOXED_TYPE (WfTlsPeer, wf_tls_peer, wf_tls_peer_ref, wf_tls_peer_unref)

static const char *
get_protocol_name (GTlsProtocolVersion protocol)
{
  switch (protocol)
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return NULL;
    }
}

/* RFC 9525 §2: the names count; a subject is often left out. */
static char *
list_dns_names (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; names && i < MIN (names->len, MAX_NAMES); i++)
    {
      gsize length;
      const char *name = g_bytes_get_data (g_ptr_array_index (names, i), &length);

      g_string_append_printf (text, "%s%.*s", i > 0 ? ", " : "", (int) MIN (length, 255), name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
make_subject (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);

  if (!subject || *subject == '\0')
    {
      g_free (subject);
      subject = list_dns_names (certificate);
    }
  return wf_error_clean_text (subject);
}

static char *
make_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree char *hex = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  if (!der)
    return NULL;
  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  for (const char *byte = hex; *byte; byte += 2)
    g_string_append_printf (text, "%s%c%c", byte == hex ? "" : ":", g_ascii_toupper (byte[0]), g_ascii_toupper (byte[1]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @date: (transfer full) (nullable) */
static gint64
to_time (GDateTime *date)
{
  g_autoptr (GDateTime) owned = date;

  return owned ? g_date_time_to_unix (owned) : WF_TIME_UNKNOWN;
}

WfTlsPeer *
wf_tls_peer_new (GTlsProtocolVersion protocol,
                 const char         *cipher,
                 GTlsCertificate    *certificate)
{
  WfTlsPeer *peer;
  g_autofree char *issuer = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  peer = g_new0 (WfTlsPeer, 1);
  issuer = g_tls_certificate_get_issuer_name (certificate);
  peer->protocol = g_strdup (get_protocol_name (protocol));
  peer->cipher = g_strdup (cipher);
  peer->subject = make_subject (certificate);
  peer->issuer = wf_error_clean_text (issuer);
  peer->valid_from = to_time (g_tls_certificate_get_not_valid_before (certificate));
  peer->expires_at = to_time (g_tls_certificate_get_not_valid_after (certificate));
  peer->fingerprint = make_fingerprint (certificate);
  g_atomic_ref_count_init (&peer->ref_count);
  return peer;
}

WfTlsPeer *
wf_tls_peer_ref (WfTlsPeer *peer)
{
  g_return_val_if_fail (peer != NULL, NULL);

  g_atomic_ref_count_inc (&peer->ref_count);
  return peer;
}

void
wf_tls_peer_unref (WfTlsPeer *peer)
{
  if (!peer || !g_atomic_ref_count_dec (&peer->ref_count))
    return;

  g_free (peer->protocol);
  g_free (peer->cipher);
  g_free (peer->subject);
  g_free (peer->issuer);
  g_free (peer->fingerprint);
  g_free (peer);
}

static const char *
describe_certificate (GTlsCertificateFlags flags)
{
  /* Translators: each of these is the end of a sentence: "There is no safe connection to id.example.org: %s." */
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _("its certificate was revoked");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _("its certificate has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _("its certificate is not valid yet");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("its certificate belongs to another host");
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _("its certificate is signed by an authority that this computer does not know");
  if (flags & G_TLS_CERTIFICATE_INSECURE)
    return _("its certificate uses methods that are no longer safe");
  return _("its certificate is not valid");
}

const char *
wf_tls_describe_failure (const GError        *error,
                         GTlsCertificateFlags flags,
                         gboolean             asked,
                         gboolean             has_certificate)
{
  if (flags != 0)
    return describe_certificate (flags);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED) || (asked && !has_certificate))
    return _("it wants a client certificate, and this account names none");
  if (asked)
    return _("it does not accept the client certificate of this account");
  return _("the secure connection could not be made");
}
