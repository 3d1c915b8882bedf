/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signin-certificates.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

struct _SigninAuthority
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t     certificate;
};

static void
check (int code)
{
  if (code < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (code));
}

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

static gnutls_x509_crt_t
make_certificate (gnutls_x509_privkey_t key,
                  const char           *name,
                  gint64                not_before,
                  gint64                not_after)
{
  gnutls_x509_crt_t certificate;
  guint8 id[20];
  gsize length = sizeof id;
  static guint8 serial = 1;

  check (gnutls_x509_crt_init (&certificate));
  check (gnutls_x509_crt_set_version (certificate, 3));
  check (gnutls_x509_crt_set_key (certificate, key));
  check (gnutls_x509_crt_set_serial (certificate, &serial, 1));
  serial++;
  check (gnutls_x509_crt_set_activation_time (certificate, not_before));
  check (gnutls_x509_crt_set_expiration_time (certificate, not_after));
  check (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)));
  check (gnutls_x509_crt_get_key_id (certificate, 0, id, &length));
  check (gnutls_x509_crt_set_subject_key_id (certificate, id, length));
  return certificate;
}

SigninAuthority *
signin_authority_new (void)
{
  SigninAuthority *authority = g_new0 (SigninAuthority, 1);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  authority->key = make_key ();
  authority->certificate = make_certificate (authority->key, "Test Authority", now - 86400 * 365, now + 86400);
  check (gnutls_x509_crt_set_basic_constraints (authority->certificate, 1, -1));
  check (gnutls_x509_crt_set_key_usage (authority->certificate, GNUTLS_KEY_KEY_CERT_SIGN));
  check (gnutls_x509_crt_sign2 (authority->certificate, authority->certificate, authority->key, GNUTLS_DIG_SHA256, 0));
  return authority;
}

void
signin_authority_free (SigninAuthority *authority)
{
  gnutls_x509_crt_deinit (authority->certificate);
  gnutls_x509_privkey_deinit (authority->key);
  g_free (authority);
}

static void
append_pem (GString              *pem,
            const gnutls_datum_t *data)
{
  g_string_append_len (pem, (const char *) data->data, data->size);
}

char *
signin_authority_save (SigninAuthority *authority,
                       const char      *folder)
{
  g_autofree char *path = g_build_filename (folder, "ca.pem", NULL);
  gnutls_datum_t pem;

  check (gnutls_x509_crt_export2 (authority->certificate, GNUTLS_X509_FMT_PEM, &pem));
  g_assert_true (g_file_set_contents (path, (const char *) pem.data, pem.size, NULL));
  gnutls_free (pem.data);
  return g_steal_pointer (&path);
}

GTlsCertificate *
signin_authority_issue (SigninAuthority *authority,
                        const char      *address,
                        const char      *name,
                        gint64           not_before,
                        gint64           not_after)
{
  gnutls_x509_privkey_t key = make_key ();
  gnutls_x509_crt_t certificate = make_certificate (key, "Test Server", not_before, not_after);
  g_autoptr (GString) pem = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *result;
  gnutls_datum_t data;
  struct in_addr ip;

  check (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1));
  check (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  if (address)
    {
      g_assert_cmpint (inet_pton (AF_INET, address, &ip), ==, 1);
      check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &ip, sizeof ip, GNUTLS_FSAN_APPEND));
    }
  if (name)
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name, strlen (name), GNUTLS_FSAN_APPEND));
  check (gnutls_x509_crt_sign2 (certificate, authority ? authority->certificate : certificate, authority ? authority->key : key,
                                GNUTLS_DIG_SHA256, 0));

  check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &data));
  append_pem (pem, &data);
  gnutls_free (data.data);
  check (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &data));
  append_pem (pem, &data);
  gnutls_free (data.data);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);

  result = g_tls_certificate_new_from_pem (pem->str, (gssize) pem->len, &error);
  g_assert_no_error (error);
  return result;
}
