/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-trust.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-uri.h"

static const char *
find_reason (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _("its certificate has been revoked");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _("its certificate has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _("its certificate is not valid yet");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("its certificate belongs to another server");
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _("its certificate comes from an authority that this computer does not trust");
  if (flags & G_TLS_CERTIFICATE_INSECURE)
    return _("its certificate uses methods that are no longer safe");
  return _("its certificate is not valid");
}

GError *
wf_signin_trust_make_error (const char          *host,
                            GTlsCertificateFlags flags)
{
  /* Translators: the first %s is a host name, the second a reason such as "its certificate has expired". */
  return g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR,
                      _("Warifu did not open the page of %s because %s."),
                      host ? host : _("this server"), find_reason (flags));
}

/* The common name, or the organisation, of "CN=Example,O=Example Inc". */
static char *
find_issuer (GTlsCertificate *certificate)
{
  g_autofree char *name = g_tls_certificate_get_issuer_name (certificate);
  g_auto (GStrv) parts = g_strsplit (name ? name : "", ",", -1);
  const char *const keys[] = { "CN=", "O=" };

  for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
    for (guint i = 0; parts[i]; i++)
      if (g_str_has_prefix (g_strstrip (parts[i]), keys[k]))
        return wf_error_clean_text (parts[i] + strlen (keys[k]));
  return NULL;
}

char *
wf_signin_trust_describe (GTlsCertificate *certificate,
                          gboolean         own_authority)
{
  g_autofree char *issuer = certificate ? find_issuer (certificate) : NULL;
  g_autoptr (GDateTime) until = certificate ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  g_autofree char *date = until ? g_date_time_format (until, "%x") : NULL;

  if (!issuer || !date)
    return g_strdup (_("The certificate is valid."));
  if (own_authority)
    /* Translators: %1$s is the name of an authority, %2$s a date. */
    return g_strdup_printf (_("The certificate comes from %1$s, an authority of this account, and is valid until %2$s."), issuer, date);
  /* Translators: %1$s is the name of an authority, %2$s a date. */
  return g_strdup_printf (_("The certificate comes from %1$s and is valid until %2$s."),
                          issuer, date);
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *uri = g_task_get_task_data (task);
  g_autofree char *host = wf_uri_get_display_host (uri);
  g_autoptr (GError) error = NULL;
  GTlsCertificateFlags flags;

  flags = g_tls_database_verify_chain_finish (G_TLS_DATABASE (source), result, &error);
  if (error)
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_TLS_ERROR, "%s", error->message);
  else if (flags != 0)
    g_task_return_error (task, wf_signin_trust_make_error (host, flags));
  else
    g_task_return_boolean (task, TRUE);
}

void
wf_signin_trust_verify_async (const char         *ca_file,
                              const char         *uri,
                              GTlsCertificate    *certificate,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GSocketConnectable) identity = NULL;

  g_task_set_source_tag (task, wf_signin_trust_verify_async);
  g_task_set_task_data (task, g_strdup (uri), g_free);
  database = g_tls_file_database_new (ca_file, &error);
  if (database)
    identity = g_network_address_parse_uri (uri, 443, &error);
  if (!identity)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_TLS_ERROR,
                               _("The account's CA file could not be used: %s"), error->message);
      return;
    }
  g_tls_database_verify_chain_async (database, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                     identity, NULL, G_TLS_DATABASE_VERIFY_NONE, cancellable,
                                     on_verified, g_steal_pointer (&task));
}

gboolean
wf_signin_trust_verify_finish (GAsyncResult *result,
                               GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
