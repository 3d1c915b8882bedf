/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-jwt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-json.h"
#include "wf-time.h"

#define HEADER_MAX_BYTES (64 * 1024) /* room for a certificate chain, which nobody reads */
#define JWS_PARTS 3
#define JWE_PARTS 5
#define LAST_SECOND_OF_YEAR_9999 G_GINT64_CONSTANT (253402300799)

struct _WfJwt
{
  WfJwtKind       kind;
  JsonObject     *header;
  JsonObject     *claims;    /* NULL where encrypted */
  const char     *algorithm; /* owned by header */
  const char     *key_id;    /* owned by header; nullable */
  GBytes         *signing_input;
  GBytes         *signature;
  gatomicrefcount ref_count;
};

typedef struct
{
  const char *text;
  gsize       length;
} Segment;

typedef struct
{
  gsize length;
  char  text[];
} Copy;

G_DEFINE_BOXED_TYPE (WfJwt, wf_jwt, wf_jwt_ref, wf_jwt_unref)

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  explicit_bzero (copy->text, copy->length);
  g_free (copy);
}

/* A token is a credential: the copy of it is wiped when it goes. */
static GBytes *
make_wiped_bytes (const char *text,
                  gsize       length)
{
  Copy *copy = g_malloc (sizeof (Copy) + length);

  copy->length = length;
  memcpy (copy->text, text, length);

  return g_bytes_new_with_free_func (copy->text, length, copy_free, copy);
}

/* Returns: how many parts there are, at most JWE_PARTS + 1 */
static guint
split_segments (const char *text,
                gsize       length,
                Segment     segments[JWE_PARTS])
{
  const char *end = text + length;

  for (guint i = 0; i < JWE_PARTS; i++)
    {
      const char *dot = memchr (text, '.', end - text);

      segments[i].text = text;
      segments[i].length = (gsize) ((dot ? dot : end) - text);
      if (!dot)
        return i + 1;
      text = dot + 1;
    }

  return JWE_PARTS + 1;
}

static gboolean
is_base64url_alphabet (const Segment *segment)
{
  for (gsize i = 0; i < segment->length; i++)
    if (!g_ascii_isalnum (segment->text[i]) && segment->text[i] != '-' && segment->text[i] != '_')
      return FALSE;

  return TRUE;
}

static gboolean
refuse (const char  *reason,
        GError     **error)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, reason);
  return FALSE;
}

/* Returns: (transfer full): NULL with an error */
static JsonObject *
decode_object (const Segment *segment,
               gsize          max_bytes,
               GError       **error)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize length;

  bytes = wf_base64url_decode (segment->text, (gssize) segment->length, error);
  if (!bytes)
    return NULL;
  data = g_bytes_get_data (bytes, &length);

  return wf_json_parse_object (data, length, max_bytes, error);
}

static gboolean
read_header (WfJwt         *jwt,
             const Segment *segment,
             GError       **error)
{
  const char *key_id;

  jwt->header = decode_object (segment, HEADER_MAX_BYTES, error);
  if (!jwt->header)
    return FALSE;

  if (!wf_json_get_string (jwt->header, "alg", HEADER_MAX_BYTES, &jwt->algorithm, error))
    return FALSE;
  if (!jwt->algorithm) /* RFC 7515 §4.1.1: must be present */
    return refuse (_("The token's header does not name an algorithm."), error);

  if (wf_json_get_string (jwt->header, "kid", HEADER_MAX_BYTES, &key_id, NULL))
    jwt->key_id = key_id;

  return TRUE;
}

static gboolean
read_signed (WfJwt         *jwt,
             const Segment  segments[JWS_PARTS],
             GError       **error)
{
  gsize input_length = (gsize) (segments[1].text + segments[1].length - segments[0].text);

  jwt->kind = WF_JWT_SIGNED;
  jwt->claims = decode_object (&segments[1], WF_JSON_MAX_BYTES, error);
  if (!jwt->claims)
    return FALSE;

  jwt->signature = wf_base64url_decode (segments[2].text, (gssize) segments[2].length, error);
  if (!jwt->signature)
    return FALSE;

  /* RFC 7515 §5.2: the octets as they were received, never made anew. */
  jwt->signing_input = make_wiped_bytes (segments[0].text, input_length);

  return TRUE;
}

/* RFC 7516 §4.1.2: a JWE names how its content is encrypted; five parts that do not are no JWE. */
static gboolean
names_encryption (JsonObject *header)
{
  const char *encryption = NULL;

  return wf_json_get_string (header, "enc", HEADER_MAX_BYTES, &encryption, NULL) && encryption && *encryption;
}

static gboolean
read_encrypted (WfJwt         *jwt,
                const Segment  segments[JWE_PARTS],
                GError       **error)
{
  jwt->kind = WF_JWT_ENCRYPTED;
  if (!names_encryption (jwt->header))
    return refuse (_("The token has five parts, but its header does not say how it is encrypted."), error);
  for (guint i = 1; i < JWE_PARTS; i++)
    if (!is_base64url_alphabet (&segments[i]))
      return refuse (_("A base64url text has a character that does not belong in it."), error);

  jwt->signing_input = g_bytes_new_static ("", 0);
  jwt->signature = g_bytes_new_static ("", 0);

  return TRUE;
}

WfJwt *
wf_jwt_ref (WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  g_atomic_ref_count_inc (&jwt->ref_count);

  return jwt;
}

void
wf_jwt_unref (WfJwt *jwt)
{
  g_return_if_fail (jwt != NULL);

  if (!g_atomic_ref_count_dec (&jwt->ref_count))
    return;

  g_clear_pointer (&jwt->header, json_object_unref);
  g_clear_pointer (&jwt->claims, json_object_unref);
  g_clear_pointer (&jwt->signing_input, g_bytes_unref);
  g_clear_pointer (&jwt->signature, g_bytes_unref);
  g_free (jwt);
}

WfJwtKind
wf_jwt_guess_kind (const char *text)
{
  g_autoptr (JsonObject) header = NULL;
  Segment segments[JWE_PARTS];
  const char *algorithm = NULL;
  gsize length;
  guint n_segments;

  length = text ? strlen (text) : 0;
  if (length == 0 || length > WF_JWT_MAX_BYTES)
    return WF_JWT_OPAQUE;

  n_segments = split_segments (text, length, segments);
  if (n_segments != JWS_PARTS && n_segments != JWE_PARTS)
    return WF_JWT_OPAQUE;
  for (guint i = 0; i < n_segments; i++)
    if (!is_base64url_alphabet (&segments[i]))
      return WF_JWT_OPAQUE;

  header = decode_object (&segments[0], HEADER_MAX_BYTES, NULL);
  if (!header || !wf_json_get_string (header, "alg", HEADER_MAX_BYTES, &algorithm, NULL) || !algorithm)
    return WF_JWT_OPAQUE;

  if (n_segments == JWS_PARTS)
    return WF_JWT_SIGNED;
  return names_encryption (header) ? WF_JWT_ENCRYPTED : WF_JWT_OPAQUE;
}

WfJwt *
wf_jwt_parse (const char  *text,
              gssize       length,
              GError     **error)
{
  g_autoptr (WfJwt) jwt = NULL;
  Segment segments[JWE_PARTS];
  gsize n_bytes;
  guint n_segments;

  g_return_val_if_fail (text != NULL, NULL);

  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (n_bytes > WF_JWT_MAX_BYTES)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE, _("The token is too large to be read."));
      return NULL;
    }

  n_segments = split_segments (text, n_bytes, segments);
  if (n_segments != JWS_PARTS && n_segments != JWE_PARTS)
    {
      refuse (_("This is no JSON Web Token: it does not have three or five parts."), error);
      return NULL;
    }

  jwt = g_new0 (WfJwt, 1);
  g_atomic_ref_count_init (&jwt->ref_count);
  if (!read_header (jwt, &segments[0], error))
    return NULL;
  if (!(n_segments == JWS_PARTS ? read_signed (jwt, segments, error) : read_encrypted (jwt, segments, error)))
    return NULL;

  return g_steal_pointer (&jwt);
}

WfJwtKind
wf_jwt_get_kind (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, WF_JWT_OPAQUE);

  return jwt->kind;
}

JsonObject *
wf_jwt_get_header (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->header;
}

JsonObject *
wf_jwt_get_claims (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->claims;
}

const char *
wf_jwt_get_algorithm (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->algorithm;
}

const char *
wf_jwt_get_key_id (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->key_id;
}

GBytes *
wf_jwt_get_signing_input (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->signing_input;
}

GBytes *
wf_jwt_get_signature (const WfJwt *jwt)
{
  g_return_val_if_fail (jwt != NULL, NULL);

  return jwt->signature;
}

const char *
wf_jwt_get_claim_string (const WfJwt *jwt,
                         const char  *claim)
{
  const char *text = NULL;

  g_return_val_if_fail (jwt != NULL, NULL);
  g_return_val_if_fail (claim != NULL, NULL);

  if (!jwt->claims || !wf_json_get_string (jwt->claims, claim, WF_JSON_MAX_BYTES, &text, NULL))
    return NULL;

  return text;
}

gint64
wf_jwt_get_claim_time (const WfJwt *jwt,
                       const char  *claim)
{
  JsonNode *node;
  double seconds;

  g_return_val_if_fail (jwt != NULL, WF_TIME_UNKNOWN);
  g_return_val_if_fail (claim != NULL, WF_TIME_UNKNOWN);

  node = jwt->claims ? json_object_get_member (jwt->claims, claim) : NULL;
  if (!node || !JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return WF_TIME_UNKNOWN;

  /* Every second up to the year 9999 is exact in a double. */
  seconds = json_node_get_value_type (node) == G_TYPE_INT64 ? (double) json_node_get_int (node) : json_node_get_double (node);
  if (!(seconds >= 0 && seconds < (double) LAST_SECOND_OF_YEAR_9999 + 1))
    return WF_TIME_UNKNOWN;

  return (gint64) seconds;
}
