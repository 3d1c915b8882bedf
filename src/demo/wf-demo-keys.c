/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-keys.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include "wf-base64url.h"
#include "wf-json.h"

#define RSA_BITS 2048
#define P256_BYTES 32

typedef struct
{
  gnutls_privkey_t private_key;
  JsonObject      *jwk;
  char            *key_id;
} WfDemoKey;

struct _WfDemoKeys
{
  WfDemoAlgorithm algorithm;
  GPtrArray      *keys; /* newest first */
};

/* GnuTLS cannot fail here but for want of memory or of random numbers. */
static void
check (int         result,
       const char *what)
{
  if (result < 0)
    g_error ("%s: %s", what, gnutls_strerror (result));
}

static void
key_free (WfDemoKey *key)
{
  gnutls_privkey_deinit (key->private_key);
  json_object_unref (key->jwk);
  g_free (key->key_id);
  g_free (key);
}

/* Writes @number big-endian at @out, filled up with zeros to @length (RFC 7518 §3.4, §6.2.1.2). */
static void
put_number (const gnutls_datum_t *number,
            guint8               *out,
            gsize                 length)
{
  const guint8 *data = number->data;
  gsize size = number->size;

  while (size > length && *data == 0)
    {
      data++;
      size--;
    }
  g_assert (size <= length);
  memset (out, 0, length - size);
  memcpy (out + length - size, data, size);
}

static void
set_number (JsonObject           *jwk,
            const char           *member,
            const gnutls_datum_t *number,
            gsize                 length)
{
  g_autofree guint8 *padded = g_malloc (length);
  g_autofree char *text = NULL;

  put_number (number, padded, length);
  text = wf_base64url_encode (padded, length);
  json_object_set_string_member (jwk, member, text);
}

/* The thumbprint of RFC 7638 §3: required members in lexical order, no white space. */
static char *
make_key_id (JsonObject *jwk)
{
  static const char *const ec[] = { "crv", "kty", "x", "y", NULL };
  static const char *const rsa[] = { "e", "kty", "n", NULL };
  const char *const *members = json_object_has_member (jwk, "crv") ? ec : rsa;
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  for (guint i = 0; members[i]; i++)
    g_string_append_printf (text, "%s\"%s\":\"%s\"", i > 0 ? "," : "", members[i],
                            json_object_get_string_member (jwk, members[i]));
  g_string_append_c (text, '}');
  g_checksum_update (checksum, (const guchar *) text->str, (gssize) text->len);
  g_checksum_get_digest (checksum, digest, &length);
  return wf_base64url_encode (digest, length);
}

static void
export_ec (gnutls_pubkey_t key,
           JsonObject     *jwk)
{
  gnutls_datum_t x = { 0 };
  gnutls_datum_t y = { 0 };

  check (gnutls_pubkey_export_ecc_raw2 (key, NULL /* curve */, &x, &y, 0), "gnutls_pubkey_export_ecc_raw2");
  json_object_set_string_member (jwk, "kty", "EC");
  json_object_set_string_member (jwk, "crv", "P-256");
  set_number (jwk, "x", &x, P256_BYTES);
  set_number (jwk, "y", &y, P256_BYTES);
  gnutls_free (x.data);
  gnutls_free (y.data);
}

static void
export_rsa (gnutls_pubkey_t key,
            JsonObject     *jwk)
{
  gnutls_datum_t n = { 0 };
  gnutls_datum_t e = { 0 };

  /* RFC 7518 §6.3.1: no leading zero octets */
  check (gnutls_pubkey_export_rsa_raw2 (key, &n, &e, GNUTLS_EXPORT_FLAG_NO_LZ), "gnutls_pubkey_export_rsa_raw2");
  json_object_set_string_member (jwk, "kty", "RSA");
  set_number (jwk, "n", &n, n.size);
  set_number (jwk, "e", &e, e.size);
  gnutls_free (n.data);
  gnutls_free (e.data);
}

/* A copy, so that nobody can change the key's own. All members are strings. */
static JsonObject *
copy_jwk (JsonObject *jwk)
{
  JsonObject *copy = json_object_new ();
  g_autoptr (GList) members = json_object_get_members (jwk);

  for (GList *l = members; l; l = l->next)
    json_object_set_string_member (copy, l->data, json_object_get_string_member (jwk, l->data));
  return copy;
}

static WfDemoKey *
key_new (WfDemoAlgorithm algorithm)
{
  WfDemoKey *key = g_new0 (WfDemoKey, 1);
  gboolean is_rsa = algorithm == WF_DEMO_RS256;
  guint bits = is_rsa ? RSA_BITS : GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);
  gnutls_pubkey_t public_key;

  check (gnutls_privkey_init (&key->private_key), "gnutls_privkey_init");
  check (gnutls_privkey_generate2 (key->private_key, is_rsa ? GNUTLS_PK_RSA : GNUTLS_PK_ECDSA, bits, 0,
                                   NULL /* data */, 0),
         "gnutls_privkey_generate2");
  check (gnutls_pubkey_init (&public_key), "gnutls_pubkey_init");
  check (gnutls_pubkey_import_privkey (public_key, key->private_key, 0, 0), "gnutls_pubkey_import_privkey");

  key->jwk = json_object_new ();
  if (is_rsa)
    export_rsa (public_key, key->jwk);
  else
    export_ec (public_key, key->jwk);
  gnutls_pubkey_deinit (public_key);

  key->key_id = make_key_id (key->jwk);
  json_object_set_string_member (key->jwk, "kid", key->key_id);
  json_object_set_string_member (key->jwk, "use", "sig");
  json_object_set_string_member (key->jwk, "alg", is_rsa ? "RS256" : "ES256");
  return key;
}

/* ECDSA signatures of JWS are r and s side by side, not DER (RFC 7518 §3.4). */
static char *
encode_ec_signature (const gnutls_datum_t *der)
{
  gnutls_datum_t r = { 0 };
  gnutls_datum_t s = { 0 };
  guint8 raw[2 * P256_BYTES];

  check (gnutls_decode_rs_value (der, &r, &s), "gnutls_decode_rs_value");
  put_number (&r, raw, P256_BYTES);
  put_number (&s, raw + P256_BYTES, P256_BYTES);
  gnutls_free (r.data);
  gnutls_free (s.data);
  return wf_base64url_encode (raw, sizeof raw);
}

static void
append_part (GString    *token,
             JsonObject *object)
{
  g_autofree char *json = wf_json_object_to_string (object, FALSE);
  g_autofree char *part = wf_base64url_encode (json, strlen (json));

  g_string_append (token, part);
}

WfDemoKeys *
wf_demo_keys_new (WfDemoAlgorithm algorithm)
{
  WfDemoKeys *keys = g_new0 (WfDemoKeys, 1);

  keys->algorithm = algorithm;
  keys->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);
  wf_demo_keys_rotate (keys);
  return keys;
}

void
wf_demo_keys_free (WfDemoKeys *keys)
{
  if (!keys)
    return;
  g_ptr_array_unref (keys->keys);
  g_free (keys);
}

void
wf_demo_keys_rotate (WfDemoKeys *keys)
{
  g_ptr_array_insert (keys->keys, 0, key_new (keys->algorithm));
  if (keys->keys->len > 2)
    g_ptr_array_set_size (keys->keys, 2);
}

const char *
wf_demo_keys_get_algorithm (const WfDemoKeys *keys)
{
  return keys->algorithm == WF_DEMO_RS256 ? "RS256" : "ES256";
}

const char *
wf_demo_keys_get_key_id (const WfDemoKeys *keys)
{
  const WfDemoKey *key = g_ptr_array_index (keys->keys, 0);

  return key->key_id;
}

JsonObject *
wf_demo_keys_to_jwks (const WfDemoKeys *keys)
{
  JsonObject *jwks = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < keys->keys->len; i++)
    {
      const WfDemoKey *key = g_ptr_array_index (keys->keys, i);

      json_array_add_object_element (array, copy_jwk (key->jwk));
    }
  json_object_set_array_member (jwks, "keys", array);
  return jwks;
}

char *
wf_demo_keys_sign (const WfDemoKeys *keys,
                   JsonObject       *header,
                   JsonObject       *claims)
{
  const WfDemoKey *key = g_ptr_array_index (keys->keys, 0);
  gboolean is_rsa = keys->algorithm == WF_DEMO_RS256;
  g_autoptr (GString) token = g_string_new (NULL);
  g_autofree char *encoded = NULL;
  gnutls_datum_t data;
  gnutls_datum_t signature = { 0 };

  append_part (token, header);
  g_string_append_c (token, '.');
  append_part (token, claims);

  data.data = (guchar *) token->str;
  data.size = (guint) token->len;
  check (gnutls_privkey_sign_data2 (key->private_key, is_rsa ? GNUTLS_SIGN_RSA_SHA256 : GNUTLS_SIGN_ECDSA_SHA256, 0,
                                    &data, &signature),
         "gnutls_privkey_sign_data2");
  encoded = is_rsa ? wf_base64url_encode (signature.data, signature.size) : encode_ec_signature (&signature);
  gnutls_free (signature.data);
  g_string_append_printf (token, ".%s", encoded);
  return g_string_free (g_steal_pointer (&token), FALSE);
}
