/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-jws.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "wf-json.h"

#define SIGNATURE_MAX_BYTES (8192 / 8)
#define COORDINATE_MAX_BYTES 66 /* of P-521 */

/* What one value of "alg" asks for: RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2. */
typedef struct
{
  const char             *name;
  const char             *curve; /* NULL: RSA, or any curve of EdDSA */
  WfKeyType               key_type;
  gnutls_sign_algorithm_t sign;  /* of EdDSA by its curve */
} Algorithm;

static const Algorithm algorithms[] = {
  { "RS256", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_SHA256 },
  { "RS384", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_SHA384 },
  { "RS512", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_SHA512 },
  { "PS256", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256 },
  { "PS384", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_PSS_RSAE_SHA384 },
  { "PS512", NULL, WF_KEY_TYPE_RSA, GNUTLS_SIGN_RSA_PSS_RSAE_SHA512 },
  { "ES256", "P-256", WF_KEY_TYPE_EC, GNUTLS_SIGN_ECDSA_SHA256 },
  { "ES384", "P-384", WF_KEY_TYPE_EC, GNUTLS_SIGN_ECDSA_SHA384 },
  { "ES512", "P-521", WF_KEY_TYPE_EC, GNUTLS_SIGN_ECDSA_SHA512 },
  { "EdDSA", NULL, WF_KEY_TYPE_OKP, GNUTLS_SIGN_UNKNOWN },
  { "Ed25519", "Ed25519", WF_KEY_TYPE_OKP, GNUTLS_SIGN_EDDSA_ED25519 },
  { "Ed448", "Ed448", WF_KEY_TYPE_OKP, GNUTLS_SIGN_EDDSA_ED448 },
};

static const struct
{
  const char            *name;
  gnutls_mac_algorithm_t mac;
} mac_algorithms[] = {
  { "HS256", GNUTLS_MAC_SHA256 },
  { "HS384", GNUTLS_MAC_SHA384 },
  { "HS512", GNUTLS_MAC_SHA512 },
};

/* The number of points: r and s are below it (FIPS 186-5 §6.4.2). */
static const struct
{
  const char *curve;
  gsize       n_bytes;
  guint8      order[COORDINATE_MAX_BYTES];
} orders[] = {
  { "P-256", 32,
    { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 } },
  { "P-384", 48,
    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
      0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73 } },
  { "P-521", 66,
    { 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
      0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
      0x64, 0x09 } },
};

/* Header parameters that change what a signature means; nothing of them is implemented, so that
 * they are refused even where they would change nothing. */
static const char *const refused_parameters[] = {
  "crit", /* RFC 7515 §4.1.11 */
  "b64",  /* RFC 7797 §3 */
  "zip",  /* RFC 7516 §4.1.3 */
};

static WfVerification *
conclude (const WfJwt  *jwt,
          WfJwsVerdict  verdict,
          const char   *key_id,
          const char   *reason)
{
  WfVerification *verification = g_new0 (WfVerification, 1);

  g_atomic_ref_count_init (&verification->ref_count);
  verification->verdict = verdict;
  verification->algorithm = g_strdup (wf_jwt_get_algorithm (jwt));
  verification->key_id = g_strdup (key_id);
  verification->reason = g_strdup (reason);

  return verification;
}

static WfVerification *
refuse (const WfJwt *jwt,
        const char  *reason)
{
  return conclude (jwt, WF_JWS_INVALID, wf_jwt_get_key_id (jwt), reason);
}

static gnutls_datum_t
as_datum (GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return (gnutls_datum_t) { (guint8 *) data, (guint) length };
}

static const Algorithm *
find_algorithm (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (strcmp (algorithms[i].name, name) == 0)
      return &algorithms[i];

  return NULL;
}

static gnutls_mac_algorithm_t
find_mac (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (mac_algorithms); i++)
    if (strcmp (mac_algorithms[i].name, name) == 0)
      return mac_algorithms[i].mac;

  return GNUTLS_MAC_UNKNOWN;
}

/* Returns: (nullable): why the header is outside the profile, whatever the keys */
static const char *
check_header (const WfJwt *jwt)
{
  JsonObject *header = wf_jwt_get_header (jwt);
  const char *name = wf_jwt_get_algorithm (jwt);

  if (g_ascii_strcasecmp (name, "none") == 0) /* RFC 8725 §3.1 */
    return _("The token says that it is not signed.");
  if (!find_algorithm (name) && find_mac (name) == GNUTLS_MAC_UNKNOWN)
    return _("The token is signed with an algorithm that is not accepted.");

  for (guint i = 0; i < G_N_ELEMENTS (refused_parameters); i++)
    if (json_object_has_member (header, refused_parameters[i]))
      return _("The token's header asks for an extension that is not accepted.");

  if (json_object_has_member (header, "kid") && !wf_jwt_get_key_id (jwt)) /* RFC 7515 §4.1.4 */
    return _("The token's key ID is no text.");

  return NULL;
}

/* RFC 9864 §2.2: EdDSA and the curve's own name are one algorithm for a key of that curve. */
static gboolean
agrees_with_key_algorithm (const Algorithm *algorithm,
                           const WfJwk     *jwk)
{
  const char *name = wf_jwk_get_algorithm (jwk);

  if (!name || strcmp (name, algorithm->name) == 0)
    return TRUE;

  return algorithm->key_type == WF_KEY_TYPE_OKP &&
         (strcmp (name, "EdDSA") == 0 ||
          (strcmp (algorithm->name, "EdDSA") == 0 && g_strcmp0 (name, wf_jwk_get_curve (jwk)) == 0));
}

static gboolean
fits (const Algorithm *algorithm,
      const WfJwk     *jwk)
{
  return wf_jwk_get_key_type (jwk) == algorithm->key_type &&
         (!algorithm->curve || g_strcmp0 (algorithm->curve, wf_jwk_get_curve (jwk)) == 0) &&
         wf_jwk_can_verify (jwk) &&
         agrees_with_key_algorithm (algorithm, jwk);
}

/* Returns: whether a big-endian number is 1 … @order - 1. */
static gboolean
is_in_range (const guint8 *number,
             const guint8 *order,
             gsize         length)
{
  guint8 any = 0;

  for (gsize i = 0; i < length; i++)
    any |= number[i];

  return any != 0 && memcmp (number, order, length) < 0;
}

/* RFC 7518 §3.4: r and s in full length, one after the other, and nothing else.
 * @der: (out): to be freed with gnutls_free() */
static gboolean
encode_ecdsa (const char           *curve,
              const gnutls_datum_t *signature,
              gnutls_datum_t       *der)
{
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      gsize n_bytes = orders[i].n_bytes;
      gnutls_datum_t r, s;

      if (strcmp (orders[i].curve, curve) != 0)
        continue;
      if (signature->size != 2 * n_bytes)
        return FALSE;

      r = (gnutls_datum_t) { signature->data, (guint) n_bytes };
      s = (gnutls_datum_t) { signature->data + n_bytes, (guint) n_bytes };
      /* r = s = 0 was once a signature of everything (CVE-2022-21449). */
      return is_in_range (r.data, orders[i].order, n_bytes) &&
             is_in_range (s.data, orders[i].order, n_bytes) &&
             gnutls_encode_rs_value (der, &r, &s) == GNUTLS_E_SUCCESS;
    }

  return FALSE;
}

static gboolean
verify_ecdsa (const Algorithm      *algorithm,
              const WfJwk          *jwk,
              const gnutls_datum_t *input,
              const gnutls_datum_t *signature)
{
  gnutls_datum_t der = { NULL, 0 };
  gboolean is_good;

  if (!encode_ecdsa (wf_jwk_get_curve (jwk), signature, &der))
    return FALSE;

  is_good = gnutls_pubkey_verify_data2 (wf_jwk_get_public_key (jwk), algorithm->sign, 0, input, &der) >= 0;
  gnutls_free (der.data);

  return is_good;
}

static gboolean
verify_eddsa (const WfJwk          *jwk,
              const gnutls_datum_t *input,
              const gnutls_datum_t *signature)
{
  gboolean is_448 = g_strcmp0 (wf_jwk_get_curve (jwk), "Ed448") == 0;

  /* RFC 8032 §5.1.6, §5.2.6 */
  if (signature->size != (is_448 ? 114 : 64))
    return FALSE;
  /* RFC 8032 §5.2.7: S is below the order, so that its last byte is zero; Nettle does not look at it,
   * and one signature would have 256 spellings. */
  if (is_448 && signature->data[113] != 0)
    return FALSE;

  return gnutls_pubkey_verify_data2 (wf_jwk_get_public_key (jwk),
                                     is_448 ? GNUTLS_SIGN_EDDSA_ED448 : GNUTLS_SIGN_EDDSA_ED25519,
                                     0, input, signature) >= 0;
}

static gboolean
verify_rsa (const Algorithm      *algorithm,
            const WfJwk          *jwk,
            const gnutls_datum_t *input,
            const gnutls_datum_t *signature)
{
  if (signature->size != (wf_jwk_get_bits (jwk) + 7) / 8)
    return FALSE;

  /* The flag holds PSS to a salt as long as the hash (RFC 7518 §3.5). */
  return gnutls_pubkey_verify_data2 (wf_jwk_get_public_key (jwk), algorithm->sign,
                                     GNUTLS_VERIFY_RSA_PSS_FIXED_SALT_LENGTH, input, signature) >= 0;
}

static gboolean
verify_with (const WfJwt     *jwt,
             const Algorithm *algorithm,
             const WfJwk     *jwk)
{
  gnutls_datum_t input = as_datum (wf_jwt_get_signing_input (jwt));
  gnutls_datum_t signature = as_datum (wf_jwt_get_signature (jwt));

  if (signature.size == 0 || signature.size > SIGNATURE_MAX_BYTES)
    return FALSE;

  switch (algorithm->key_type)
    {
    case WF_KEY_TYPE_RSA:
      return verify_rsa (algorithm, jwk, &input, &signature);

    case WF_KEY_TYPE_EC:
      return verify_ecdsa (algorithm, jwk, &input, &signature);

    case WF_KEY_TYPE_OKP:
      return verify_eddsa (jwk, &input, &signature);

    default:
      return FALSE;
    }
}

static WfVerification *
verify_public (const WfJwt     *jwt,
               const Algorithm *algorithm,
               const WfJwks    *jwks)
{
  const char *key_id = wf_jwt_get_key_id (jwt);
  gboolean is_known = FALSE;
  gboolean is_tried = FALSE;

  if (!jwks)
    return conclude (jwt, WF_JWS_UNVERIFIED, key_id, _("There is no key to check the signature with."));

  for (guint i = 0; i < wf_jwks_get_n_keys (jwks); i++)
    {
      const WfJwk *jwk = wf_jwks_get_key (jwks, i);

      if (key_id && g_strcmp0 (key_id, wf_jwk_get_key_id (jwk)) != 0)
        continue;
      is_known = TRUE;
      if (!fits (algorithm, jwk))
        continue;
      is_tried = TRUE;
      if (verify_with (jwt, algorithm, jwk))
        return conclude (jwt, WF_JWS_VERIFIED, wf_jwk_get_key_id (jwk), NULL);
    }

  if (is_tried)
    return refuse (jwt, _("The signature does not match."));
  if (key_id && is_known)
    return refuse (jwt, _("The key that the token names is not made for its algorithm."));

  return conclude (jwt, WF_JWS_NO_KEY, key_id,
                   key_id ? _("The issuer has published no key with the token's key ID.")
                          : _("The issuer has published no key that fits the token."));
}

/* RFC 7518 §3.2. The key is the client secret and never anything that was published. */
static WfVerification *
verify_shared (const WfJwt            *jwt,
               gnutls_mac_algorithm_t  mac,
               const WfJwks           *jwks,
               SecretValue            *client_secret)
{
  guint8 expected[64];
  gnutls_datum_t input = as_datum (wf_jwt_get_signing_input (jwt));
  gnutls_datum_t signature = as_datum (wf_jwt_get_signature (jwt));
  gsize key_length = 0;
  const char *key = client_secret ? secret_value_get (client_secret, &key_length) : NULL;
  guint length = gnutls_hmac_get_len (mac);
  gboolean is_good;

  if (!client_secret)
    {
      if (jwks)
        return refuse (jwt, _("The token is signed with a shared secret, and this client has none."));
      return conclude (jwt, WF_JWS_UNVERIFIED, wf_jwt_get_key_id (jwt),
                       _("There is no key to check the signature with."));
    }
  if (key_length == 0)
    return refuse (jwt, _("The client secret is empty, so that anyone could have signed the token."));

  if (signature.size != length || length > sizeof expected)
    return refuse (jwt, _("The signature does not match."));

  is_good = gnutls_hmac_fast (mac, key, key_length, input.data, input.size, expected) == GNUTLS_E_SUCCESS &&
            gnutls_memcmp (expected, signature.data, length) == 0;
  explicit_bzero (expected, sizeof expected);

  return is_good ? conclude (jwt, WF_JWS_VERIFIED, wf_jwt_get_key_id (jwt), NULL)
                 : refuse (jwt, _("The signature does not match."));
}

WfVerification *
wf_verification_ref (WfVerification *verification)
{
  g_return_val_if_fail (verification != NULL, NULL);

  g_atomic_ref_count_inc (&verification->ref_count);

  return verification;
}

void
wf_verification_unref (WfVerification *verification)
{
  g_return_if_fail (verification != NULL);

  if (!g_atomic_ref_count_dec (&verification->ref_count))
    return;

  g_clear_pointer (&verification->algorithm, g_free);
  g_clear_pointer (&verification->key_id, g_free);
  g_clear_pointer (&verification->reason, g_free);
  g_free (verification);
}

WfVerification *
wf_jws_verify (const WfJwt  *jwt,
               const WfJwks *jwks,
               SecretValue  *client_secret)
{
  const Algorithm *algorithm;
  const char *reason;

  g_return_val_if_fail (jwt != NULL, NULL);

  if (wf_jwt_get_kind (jwt) != WF_JWT_SIGNED)
    return conclude (jwt, WF_JWS_UNVERIFIED, wf_jwt_get_key_id (jwt),
                     _("The token is encrypted: only its recipient can read it."));

  reason = check_header (jwt);
  if (reason)
    return refuse (jwt, reason);

  algorithm = find_algorithm (wf_jwt_get_algorithm (jwt));
  if (algorithm)
    return verify_public (jwt, algorithm, jwks);

  return verify_shared (jwt, find_mac (wf_jwt_get_algorithm (jwt)), jwks, client_secret);
}
