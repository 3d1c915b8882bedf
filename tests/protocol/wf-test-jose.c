/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-jose.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "wf-base64url.h"

struct _WfTestKey
{
  gnutls_privkey_t key;
  const char      *curve; /* NULL: RSA */
  gsize            n_bytes;
};

typedef struct
{
  const char           *name;
  gnutls_pk_algorithm_t algorithm;
  gnutls_ecc_curve_t    curve;
  gsize                 n_bytes;
} CurveInfo;

static const CurveInfo curve_infos[] = {
  { "P-256", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1, 32 },
  { "P-384", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP384R1, 48 },
  { "P-521", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP521R1, 66 },
  { "Ed25519", GNUTLS_PK_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519, 32 },
  { "Ed448", GNUTLS_PK_EDDSA_ED448, GNUTLS_ECC_CURVE_ED448, 57 },
};

static const struct
{
  const char             *name;
  gnutls_sign_algorithm_t sign;
} sign_algorithms[] = {
  { "RS256", GNUTLS_SIGN_RSA_SHA256 },
  { "RS384", GNUTLS_SIGN_RSA_SHA384 },
  { "RS512", GNUTLS_SIGN_RSA_SHA512 },
  { "PS256", GNUTLS_SIGN_RSA_PSS_RSAE_SHA256 },
  { "PS384", GNUTLS_SIGN_RSA_PSS_RSAE_SHA384 },
  { "PS512", GNUTLS_SIGN_RSA_PSS_RSAE_SHA512 },
  { "ES256", GNUTLS_SIGN_ECDSA_SHA256 },
  { "ES384", GNUTLS_SIGN_ECDSA_SHA384 },
  { "ES512", GNUTLS_SIGN_ECDSA_SHA512 },
  { "Ed25519", GNUTLS_SIGN_EDDSA_ED25519 },
  { "Ed448", GNUTLS_SIGN_EDDSA_ED448 },
};

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static gnutls_sign_algorithm_t
find_sign (const WfTestKey *key,
           const char      *algorithm)
{
  if (strcmp (algorithm, "EdDSA") == 0)
    algorithm = key->curve;

  for (guint i = 0; i < G_N_ELEMENTS (sign_algorithms); i++)
    if (g_strcmp0 (sign_algorithms[i].name, algorithm) == 0)
      return sign_algorithms[i].sign;

  g_assert_not_reached ();
}

static char *
encode_datum (gnutls_datum_t *datum,
              gboolean        drop_zeros)
{
  gsize zeros = 0;
  char *text;

  while (drop_zeros && zeros + 1 < datum->size && datum->data[zeros] == 0)
    zeros++;
  text = wf_base64url_encode (datum->data + zeros, datum->size - zeros);
  gnutls_free (datum->data);

  return text;
}

/* DER to r and s in full length, RFC 7518 §3.4 */
static GBytes *
unpack_ecdsa (const gnutls_datum_t *der,
              gsize                 n_bytes)
{
  g_autofree guint8 *raw = g_malloc0 (2 * n_bytes);
  gnutls_datum_t numbers[2];

  check (gnutls_decode_rs_value (der, &numbers[0], &numbers[1]));
  for (guint i = 0; i < 2; i++)
    {
      gsize skip = numbers[i].size > n_bytes ? numbers[i].size - n_bytes : 0;
      gsize length = numbers[i].size - skip;

      memcpy (raw + (i + 1) * n_bytes - length, numbers[i].data + skip, length);
      gnutls_free (numbers[i].data);
    }

  return g_bytes_new (raw, 2 * n_bytes);
}

WfTestKey *
wf_test_key_new_rsa (guint bits)
{
  WfTestKey *key = g_new0 (WfTestKey, 1);

  check (gnutls_privkey_init (&key->key));
  check (gnutls_privkey_generate (key->key, GNUTLS_PK_RSA, bits, 0));
  key->n_bytes = bits / 8;

  return key;
}

WfTestKey *
wf_test_key_new_curve (const char *curve)
{
  WfTestKey *key = g_new0 (WfTestKey, 1);

  check (gnutls_privkey_init (&key->key));
  for (guint i = 0; i < G_N_ELEMENTS (curve_infos); i++)
    {
      if (strcmp (curve_infos[i].name, curve) != 0)
        continue;
      key->curve = curve_infos[i].name;
      key->n_bytes = curve_infos[i].n_bytes;
      check (gnutls_privkey_generate (key->key, curve_infos[i].algorithm,
                                      GNUTLS_CURVE_TO_BITS (curve_infos[i].curve), 0));
    }
  g_assert_nonnull (key->curve);

  return key;
}

void
wf_test_key_free (WfTestKey *key)
{
  g_clear_pointer (&key->key, gnutls_privkey_deinit);
  g_free (key);
}

char *
wf_test_key_to_jwk (const WfTestKey *key,
                    const char      *members)
{
  const char *comma = members ? "," : "";
  gboolean is_ec = key->curve && key->curve[0] == 'P';
  gnutls_ecc_curve_t curve;
  gnutls_datum_t first = { NULL, 0 };
  gnutls_datum_t second = { NULL, 0 };
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  if (!members)
    members = "";

  if (!key->curve)
    {
      check (gnutls_privkey_export_rsa_raw (key->key, &first, &second, NULL, NULL, NULL, NULL, NULL, NULL));
      a = encode_datum (&first, TRUE);
      b = encode_datum (&second, TRUE);
      return g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s%s}", a, b, comma, members);
    }

  check (gnutls_privkey_export_ecc_raw2 (key->key, &curve, &first, is_ec ? &second : NULL, NULL, 0));
  if (is_ec)
    {
      /* GnuTLS puts a zero byte in front of a set first bit and drops zeros of the front. */
      for (guint i = 0; i < 2; i++)
        {
          gnutls_datum_t *datum = i == 0 ? &first : &second;
          guint8 full[66] = { 0 };
          gsize skip = datum->size > key->n_bytes ? datum->size - key->n_bytes : 0;
          gsize length = datum->size - skip;

          memcpy (full + key->n_bytes - length, datum->data + skip, length);
          *(i == 0 ? &a : &b) = wf_base64url_encode (full, key->n_bytes);
          gnutls_free (datum->data);
        }
      return g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s%s}", key->curve, a, b, comma, members);
    }

  a = encode_datum (&first, FALSE);

  return g_strdup_printf ("{\"kty\":\"OKP\",\"crv\":\"%s\",\"x\":\"%s\"%s%s}", key->curve, a, comma, members);
}

char *
wf_test_make_jwks (const char *first,
                   ...)
{
  GString *text = g_string_new ("{\"keys\":[");
  va_list arguments;

  va_start (arguments, first);
  for (const char *jwk = first; jwk; jwk = va_arg (arguments, const char *))
    {
      if (jwk != first)
        g_string_append_c (text, ',');
      g_string_append (text, jwk);
    }
  va_end (arguments);
  g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}

GBytes *
wf_test_key_sign_bytes (const WfTestKey *key,
                        const char      *algorithm,
                        const char      *input)
{
  gnutls_datum_t data = { (guint8 *) input, (guint) strlen (input) };
  gnutls_datum_t signature;
  GBytes *bytes;

  check (gnutls_privkey_sign_data2 (key->key, find_sign (key, algorithm), 0, &data, &signature));
  if (g_str_has_prefix (algorithm, "ES"))
    bytes = unpack_ecdsa (&signature, key->n_bytes);
  else
    bytes = g_bytes_new (signature.data, signature.size);
  gnutls_free (signature.data);

  return bytes;
}

char *
wf_test_make_input (const char *header,
                    const char *payload)
{
  g_autofree char *a = wf_base64url_encode (header, strlen (header));
  g_autofree char *b = wf_base64url_encode (payload, strlen (payload));

  return g_strconcat (a, ".", b, NULL);
}

char *
wf_test_attach (const char *input,
                GBytes     *signature)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (signature, &length);
  g_autofree char *encoded = wf_base64url_encode (data, length);

  return g_strconcat (input, ".", encoded, NULL);
}

char *
wf_test_key_sign (const WfTestKey *key,
                  const char      *algorithm,
                  const char      *header,
                  const char      *payload)
{
  g_autofree char *input = wf_test_make_input (header, payload);
  g_autoptr (GBytes) signature = wf_test_key_sign_bytes (key, algorithm, input);

  return wf_test_attach (input, signature);
}

char *
wf_test_sign_hmac (gconstpointer  secret,
                   gsize          length,
                   const char    *algorithm,
                   const char    *header,
                   const char    *payload)
{
  gnutls_mac_algorithm_t mac = strcmp (algorithm, "HS256") == 0   ? GNUTLS_MAC_SHA256
                               : strcmp (algorithm, "HS384") == 0 ? GNUTLS_MAC_SHA384
                                                                  : GNUTLS_MAC_SHA512;
  g_autofree char *input = wf_test_make_input (header, payload);
  g_autoptr (GBytes) signature = NULL;
  guint8 digest[64];

  check (gnutls_hmac_fast (mac, secret, length, input, strlen (input), digest));
  signature = g_bytes_new (digest, gnutls_hmac_get_len (mac));

  return wf_test_attach (input, signature);
}
