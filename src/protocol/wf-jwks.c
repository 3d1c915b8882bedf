/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-jwks.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-json.h"

#define KEY_ID_MAX_BYTES 1024
#define WORD_MAX_BYTES 64
#define KEY_OPS_MAX 16
#define RSA_MIN_BITS 2048 /* RFC 7518 §3.3 */
#define RSA_MAX_BITS 8192
#define RSA_EXPONENT_MAX_BYTES 8 /* a longer one only makes each check slow */
/* Characters of base64url for a modulus of RSA_MAX_BITS with a needless zero byte in front. */
#define RSA_MODULUS_MAX_CHARS ((RSA_MAX_BITS / 8 + 1) * 4 / 3 + 3)
#define COORDINATE_MAX_CHARS 88 /* of P-521 */

struct _WfJwk
{
  char           *key_id;
  char           *algorithm;
  WfKeyType       type;
  const char     *curve;
  guint           bits;
  gboolean        can_verify;
  gnutls_pubkey_t public_key;
  const char     *problem; /* translated; why it cannot be used, NULL where it can */
};

struct _WfJwks
{
  GPtrArray      *keys; /* (element-type WfJwk) */
  guint           n_skipped;
  gatomicrefcount ref_count;
};

/* RFC 7518 §6.2.1.1, RFC 8037 §2 */
typedef struct
{
  const char        *name;
  WfKeyType          type;
  gnutls_ecc_curve_t curve;
  guint              bits;
  gsize              n_bytes; /* of a coordinate or of an encoded point */
} Curve;

static const Curve curves[] = {
  { "P-256", WF_KEY_TYPE_EC, GNUTLS_ECC_CURVE_SECP256R1, 256, 32 },
  { "P-384", WF_KEY_TYPE_EC, GNUTLS_ECC_CURVE_SECP384R1, 384, 48 },
  { "P-521", WF_KEY_TYPE_EC, GNUTLS_ECC_CURVE_SECP521R1, 521, 66 },
  { "Ed25519", WF_KEY_TYPE_OKP, GNUTLS_ECC_CURVE_ED25519, 256, 32 },
  { "Ed448", WF_KEY_TYPE_OKP, GNUTLS_ECC_CURVE_ED448, 456, 57 },
};

G_DEFINE_BOXED_TYPE (WfJwks, wf_jwks, wf_jwks_ref, wf_jwks_unref)

/* Returns: FALSE */
static gboolean
refuse (WfJwk      *jwk,
        const char *problem)
{
  jwk->problem = problem;
  return FALSE;
}

/* Returns: (nullable): the member, NULL too where it has another type or is too long */
static const char *
get_text (JsonObject *object,
          const char *member,
          gsize       max_bytes)
{
  const char *text = NULL;

  return wf_json_get_string (object, member, max_bytes, &text, NULL) ? text : NULL;
}

/* Returns: (transfer full) (nullable) */
static GBytes *
get_octets (JsonObject *object,
            const char *member,
            gsize       max_chars)
{
  const char *text = get_text (object, member, max_chars);

  return text ? wf_base64url_decode (text, -1, NULL) : NULL;
}

/* Returns: (transfer full) (nullable): a Base64urlUInt (RFC 7518 §2) without leading zeros, which
 * some libraries put in front */
static GBytes *
get_number (JsonObject *object,
            const char *member,
            gsize       max_chars)
{
  g_autoptr (GBytes) octets = get_octets (object, member, max_chars);
  const guint8 *data;
  gsize length;
  gsize zeros = 0;

  if (!octets)
    return NULL;
  data = g_bytes_get_data (octets, &length);
  while (zeros < length && data[zeros] == 0)
    zeros++;

  return zeros < length ? g_bytes_new_from_bytes (octets, zeros, length - zeros) : NULL;
}

static gnutls_datum_t
as_datum (GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return (gnutls_datum_t) { (guint8 *) data, (guint) length };
}

static guint
count_bits (const guint8 *data,
            gsize         length)
{
  return (guint) (length - 1) * 8 + g_bit_storage (data[0]);
}

/* RFC 7518 §6.3.1. An exponent of 1 makes every text its own signature, and a very long modulus
 * or exponent makes one check last for seconds. */
static gboolean
read_rsa (WfJwk      *jwk,
          JsonObject *object)
{
  g_autoptr (GBytes) n = get_number (object, "n", RSA_MODULUS_MAX_CHARS);
  g_autoptr (GBytes) e = get_number (object, "e", WORD_MAX_BYTES);
  gnutls_datum_t modulus, exponent;

  if (!n || !e)
    return refuse (jwk, _("Its numbers are missing or cannot be read."));

  modulus = as_datum (n);
  exponent = as_datum (e);
  jwk->type = WF_KEY_TYPE_RSA;
  jwk->bits = count_bits (modulus.data, modulus.size);
  if (jwk->bits < RSA_MIN_BITS)
    return refuse (jwk, _("It is shorter than 2,048 bits, which is not safe."));
  if (jwk->bits > RSA_MAX_BITS || (modulus.data[modulus.size - 1] & 1) == 0)
    return refuse (jwk, _("Its modulus is longer than 8,192 bits, or no modulus at all."));
  if (exponent.size > RSA_EXPONENT_MAX_BYTES ||
      (exponent.data[exponent.size - 1] & 1) == 0 ||
      (exponent.size == 1 && exponent.data[0] < 3))
    return refuse (jwk, _("Its exponent is not safe."));
  if (gnutls_pubkey_import_rsa_raw (jwk->public_key, &modulus, &exponent) != GNUTLS_E_SUCCESS)
    return refuse (jwk, _("Its numbers make no key."));

  return TRUE;
}

static const Curve *
find_curve (JsonObject *object,
            WfKeyType   type)
{
  const char *name = get_text (object, "crv", WORD_MAX_BYTES);

  for (guint i = 0; name && i < G_N_ELEMENTS (curves); i++)
    if (curves[i].type == type && strcmp (curves[i].name, name) == 0)
      return &curves[i];

  return NULL;
}

static int
compare_little_endian (const guint8 *a,
                       const guint8 *b,
                       gsize         length)
{
  for (gsize i = length; i > 0; i--)
    if (a[i - 1] != b[i - 1])
      return a[i - 1] < b[i - 1] ? -1 : 1;

  return 0;
}

/* Whether an encoded point is of small order, so that signatures by it say nothing about their
 * text, or spells its y in a second way (RFC 8032 §5.1.3, §5.2.3). The order divides 8 or 4, and y
 * is then 0, 1, p - 1 or, on Ed25519 only, one of two others. */
static gboolean
is_weak_point (const Curve  *curve,
               const guint8 *point)
{
  static const guint8 order_8[2][32] = {
    { 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
      0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
    { 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
      0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
  };
  const gsize n = curve->n_bytes;
  guint8 y[57];
  guint8 bound[57];

  memcpy (y, point, n);
  y[n - 1] &= 0x7f; /* the sign of x */

  /* p - 1 is 2^255 - 20 and 2^448 - 2^224 - 2. */
  memset (bound, 0xff, n);
  bound[n - 1] = n == 32 ? 0x7f : 0x00;
  bound[0] = n == 32 ? 0xec : 0xfe;
  if (n == 57)
    bound[28] = 0xfe;
  if (compare_little_endian (y, bound, n) >= 0)
    return TRUE;

  memset (bound, 0, n);
  bound[0] = 1;
  if (compare_little_endian (y, bound, n) <= 0)
    return TRUE;

  return n == 32 && (memcmp (y, order_8[0], 32) == 0 || memcmp (y, order_8[1], 32) == 0);
}

/* RFC 7518 §6.2.1: coordinates have their full length. */
static gboolean
read_ec (WfJwk      *jwk,
         JsonObject *object)
{
  const Curve *curve = find_curve (object, WF_KEY_TYPE_EC);
  g_autoptr (GBytes) x = get_octets (object, "x", COORDINATE_MAX_CHARS);
  g_autoptr (GBytes) y = get_octets (object, "y", COORDINATE_MAX_CHARS);
  gnutls_datum_t x_datum, y_datum;

  if (!curve)
    return refuse (jwk, _("Its curve is not one of those that are accepted."));
  jwk->type = WF_KEY_TYPE_EC;
  jwk->curve = curve->name;
  jwk->bits = curve->bits;
  if (!x || !y)
    return refuse (jwk, _("Its numbers are missing or cannot be read."));

  x_datum = as_datum (x);
  y_datum = as_datum (y);
  if (x_datum.size != curve->n_bytes || y_datum.size != curve->n_bytes)
    return refuse (jwk, _("A coordinate does not have its full length."));

  /* The import alone accepts a point that is not on the curve. */
  if (gnutls_pubkey_import_ecc_raw (jwk->public_key, curve->curve, &x_datum, &y_datum) != GNUTLS_E_SUCCESS ||
      gnutls_pubkey_verify_params (jwk->public_key) != GNUTLS_E_SUCCESS)
    return refuse (jwk, _("Its point is not on its curve."));

  return TRUE;
}

/* RFC 8037 §2 */
static gboolean
read_okp (WfJwk      *jwk,
          JsonObject *object)
{
  const Curve *curve = find_curve (object, WF_KEY_TYPE_OKP);
  g_autoptr (GBytes) x = get_octets (object, "x", COORDINATE_MAX_CHARS);
  gnutls_datum_t x_datum;

  if (!curve)
    return refuse (jwk, _("Its curve is not one of those that are accepted."));
  jwk->type = WF_KEY_TYPE_OKP;
  jwk->curve = curve->name;
  jwk->bits = curve->bits;
  if (!x)
    return refuse (jwk, _("Its numbers are missing or cannot be read."));

  x_datum = as_datum (x);
  if (x_datum.size != curve->n_bytes)
    return refuse (jwk, _("A coordinate does not have its full length."));
  if (is_weak_point (curve, x_datum.data))
    return refuse (jwk, _("Its point is one that would make anything its own signature."));
  if (gnutls_pubkey_import_ecc_raw (jwk->public_key, curve->curve, &x_datum, NULL /* y */) != GNUTLS_E_SUCCESS)
    return refuse (jwk, _("Its point is not on its curve."));

  return TRUE;
}

/* RFC 7517 §4.2, §4.3: without use and key_ops a key may do anything. Both may be there and then
 * both must agree. Returns: FALSE where one of them is malformed */
static gboolean
read_purpose (WfJwk      *jwk,
              JsonObject *object)
{
  g_auto (GStrv) operations = NULL;
  const char *use;

  if (!wf_json_get_string (object, "use", WORD_MAX_BYTES, &use, NULL) ||
      !wf_json_get_strv (object, "key_ops", FALSE, KEY_OPS_MAX, &operations, NULL))
    return refuse (jwk, _("It does not say properly what it is for."));

  jwk->can_verify = (!use || strcmp (use, "sig") == 0) &&
                    (!operations || g_strv_contains ((const char *const *) operations, "verify"));

  return TRUE;
}

static gboolean
read_names (WfJwk      *jwk,
            JsonObject *object)
{
  const char *key_id;
  const char *algorithm;

  if (!wf_json_get_string (object, "kid", KEY_ID_MAX_BYTES, &key_id, NULL) ||
      !wf_json_get_string (object, "alg", WORD_MAX_BYTES, &algorithm, NULL))
    return refuse (jwk, _("Its key ID or its algorithm is no text, or far too long."));

  jwk->key_id = g_strdup (key_id);
  jwk->algorithm = g_strdup (algorithm);

  return TRUE;
}

static gboolean
read_numbers (WfJwk      *jwk,
              JsonObject *object)
{
  const char *type = get_text (object, "kty", WORD_MAX_BYTES);

  if (!type)
    return refuse (jwk, _("It does not say of which kind it is."));
  if (gnutls_pubkey_init (&jwk->public_key) != GNUTLS_E_SUCCESS)
    return refuse (jwk, _("Its numbers make no key."));
  if (strcmp (type, "RSA") == 0)
    return read_rsa (jwk, object);
  if (strcmp (type, "EC") == 0)
    return read_ec (jwk, object);
  if (strcmp (type, "OKP") == 0)
    return read_okp (jwk, object);
  if (strcmp (type, "oct") == 0) /* RFC 8725 §2.1 */
    return refuse (jwk, _("It is a shared key: one that was published proves nothing."));

  return refuse (jwk, _("Keys of this kind are not accepted."));
}

static void
add_key (WfJwks   *jwks,
         JsonNode *node)
{
  g_autoptr (WfJwk) jwk = JSON_NODE_HOLDS_OBJECT (node) ? wf_jwk_read (json_node_get_object (node)) : NULL;

  if (jwk && !jwk->problem)
    g_ptr_array_add (jwks->keys, g_steal_pointer (&jwk));
  else
    jwks->n_skipped++;
}

static gboolean
read_set (WfJwks     *jwks,
          JsonObject *root,
          GError    **error)
{
  JsonNode *node = json_object_get_member (root, "keys");
  JsonArray *array;
  guint length;

  if (!node || !JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The key set has no list of keys."));
      return FALSE;
    }

  array = json_node_get_array (node);
  length = json_array_get_length (array);
  for (guint i = 0; i < MIN (length, WF_JWKS_MAX_KEYS); i++)
    add_key (jwks, json_array_get_element (array, i));
  if (length > WF_JWKS_MAX_KEYS)
    jwks->n_skipped += length - WF_JWKS_MAX_KEYS;

  return TRUE;
}

void
wf_jwk_free (WfJwk *jwk)
{
  if (!jwk)
    return;

  g_clear_pointer (&jwk->key_id, g_free);
  g_clear_pointer (&jwk->algorithm, g_free);
  g_clear_pointer (&jwk->public_key, gnutls_pubkey_deinit);
  g_free (jwk);
}

WfJwk *
wf_jwk_read (JsonObject *object)
{
  g_autoptr (WfJwk) jwk = g_new0 (WfJwk, 1);

  g_return_val_if_fail (object != NULL, NULL);

  if (read_names (jwk, object) && read_purpose (jwk, object))
    read_numbers (jwk, object);

  return g_steal_pointer (&jwk);
}

const char *
wf_jwk_get_problem (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, NULL);

  return jwk->problem;
}

const char *
wf_jwk_get_key_id (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, NULL);

  return jwk->key_id;
}

const char *
wf_jwk_get_algorithm (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, NULL);

  return jwk->algorithm;
}

WfKeyType
wf_jwk_get_key_type (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, WF_KEY_TYPE_RSA);

  return jwk->type;
}

const char *
wf_jwk_get_curve (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, NULL);

  return jwk->curve;
}

guint
wf_jwk_get_bits (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, 0);

  return jwk->bits;
}

gboolean
wf_jwk_can_verify (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, FALSE);

  return jwk->can_verify;
}

gnutls_pubkey_t
wf_jwk_get_public_key (const WfJwk *jwk)
{
  g_return_val_if_fail (jwk != NULL, NULL);

  return jwk->public_key;
}

WfJwks *
wf_jwks_ref (WfJwks *jwks)
{
  g_return_val_if_fail (jwks != NULL, NULL);

  g_atomic_ref_count_inc (&jwks->ref_count);

  return jwks;
}

void
wf_jwks_unref (WfJwks *jwks)
{
  g_return_if_fail (jwks != NULL);

  if (!g_atomic_ref_count_dec (&jwks->ref_count))
    return;

  g_clear_pointer (&jwks->keys, g_ptr_array_unref);
  g_free (jwks);
}

WfJwks *
wf_jwks_parse (const char  *json,
               gsize        length,
               GError     **error)
{
  g_autoptr (JsonNode) root = wf_json_parse (json, length, WF_JSON_MAX_BYTES, error);
  g_autoptr (WfJwks) jwks = NULL;

  if (!root)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, _("The key set is no JSON object."));
      return NULL;
    }

  jwks = g_new0 (WfJwks, 1);
  g_atomic_ref_count_init (&jwks->ref_count);
  jwks->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_jwk_free);

  if (json_object_has_member (json_node_get_object (root), "kty"))
    add_key (jwks, root);
  else if (!read_set (jwks, json_node_get_object (root), error))
    return NULL;

  return g_steal_pointer (&jwks);
}

guint
wf_jwks_get_n_keys (const WfJwks *jwks)
{
  g_return_val_if_fail (jwks != NULL, 0);

  return jwks->keys->len;
}

guint
wf_jwks_get_n_skipped (const WfJwks *jwks)
{
  g_return_val_if_fail (jwks != NULL, 0);

  return jwks->n_skipped;
}

const WfJwk *
wf_jwks_get_key (const WfJwks *jwks,
                 guint         index)
{
  g_return_val_if_fail (jwks != NULL && index < jwks->keys->len, NULL);

  return g_ptr_array_index (jwks->keys, index);
}

gboolean
wf_jwks_has_key_id (const WfJwks *jwks,
                    const char   *key_id)
{
  g_return_val_if_fail (jwks != NULL, FALSE);

  for (guint i = 0; key_id && i < jwks->keys->len; i++)
    if (g_strcmp0 (wf_jwk_get_key_id (g_ptr_array_index (jwks->keys, i)), key_id) == 0)
      return TRUE;

  return FALSE;
}
