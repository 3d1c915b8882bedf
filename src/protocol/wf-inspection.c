/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-inspection.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-json.h"
#include "wf-key-report.h"

G_DEFINE_BOXED_TYPE (WfInspection, wf_inspection, wf_inspection_ref, wf_inspection_unref)

/* --- what was pasted --- */

static void
skip_space (const char **text,
            gsize       *length)
{
  while (*length > 0 && g_ascii_isspace (**text))
    {
      (*text)++;
      (*length)--;
    }
  while (*length > 0 && g_ascii_isspace ((*text)[*length - 1]))
    (*length)--;
}

static gboolean
skip_word (const char **text,
           gsize       *length,
           const char  *word)
{
  gsize n = strlen (word);

  if (*length < n || g_ascii_strncasecmp (*text, word, n) != 0)
    return FALSE;
  *text += n;
  *length -= n;
  skip_space (text, length);
  return TRUE;
}

static void
skip_quotes (const char **text,
             gsize       *length)
{
  if (*length < 2 || ((*text)[0] != '"' && (*text)[0] != '\'') || (*text)[*length - 1] != (*text)[0])
    return;
  (*text)++;
  *length -= 2;
  skip_space (text, length);
}

/* Mail and terminals wrap a long line. */
static SecretValue *
join_lines (const char *text,
            gsize       length)
{
  g_autofree char *joined = g_malloc (length + 1);
  SecretValue *token;
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      joined[n++] = text[i];
  joined[n] = '\0';
  token = wf_secret_new (joined, (gssize) n);
  explicit_bzero (joined, n);
  return token;
}

static WfInspection *
new_inspection (void)
{
  WfInspection *inspection = g_new0 (WfInspection, 1);

  g_atomic_ref_count_init (&inspection->ref_count);
  return inspection;
}

static WfInspection *
parse_token (const char *text,
             gsize       length,
             GError    **error)
{
  g_autoptr (WfInspection) inspection = new_inspection ();
  const char *token;
  gsize n;

  skip_quotes (&text, &length);
  skip_word (&text, &length, "Authorization:");
  skip_word (&text, &length, "Bearer ");
  inspection->token = join_lines (text, length);
  token = secret_value_get (inspection->token, &n);
  inspection->jwt = wf_jwt_parse (token, (gssize) n, error);
  return inspection->jwt ? g_steal_pointer (&inspection) : NULL;
}

/* RFC 7515 §7.2, RFC 7516 §7.2 */
static gboolean
is_json_serialization (JsonObject *object)
{
  return (json_object_has_member (object, "payload") || json_object_has_member (object, "ciphertext")) &&
         !json_object_has_member (object, "keys") && !json_object_has_member (object, "kty");
}

static WfInspection *
parse_keys (const char *text,
            gsize       length,
            GError    **error)
{
  g_autoptr (WfInspection) inspection = new_inspection ();
  g_autoptr (JsonNode) root = wf_json_parse (text, length, WF_JSON_MAX_BYTES, error);

  if (!root)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root) && is_json_serialization (json_node_get_object (root)))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                           _("This is a token in JSON serialization. Only the compact one, parts with dots between them, can be inspected."));
      return NULL;
    }
  inspection->keys = wf_jwks_parse (text, length, error);
  inspection->reports = inspection->keys ? wf_key_report_list (text, length, error) : NULL;
  return inspection->reports ? g_steal_pointer (&inspection) : NULL;
}

/* --- checks --- */

static void
add_check (GPtrArray  *checks,
           const char *name,
           gboolean    passed,
           const char *detail)
{
  WfCheck *check = g_new0 (WfCheck, 1);

  check->name = name;
  check->passed = passed;
  check->detail = g_strdup (detail);
  g_ptr_array_add (checks, check);
}

static void
check_signature (GPtrArray            *checks,
                 const WfVerification *verification)
{
  /* Where nothing was proved or disproved, there is no line. */
  if (verification->verdict == WF_JWS_VERIFIED)
    add_check (checks, "signature", TRUE, _("A key stands behind it."));
  else if (verification->verdict != WF_JWS_UNVERIFIED)
    add_check (checks, "signature", FALSE, verification->reason);
}

static void
check_issuer (GPtrArray   *checks,
              const WfJwt *jwt,
              const char  *issuer)
{
  const char *iss = wf_jwt_get_claim_string (jwt, "iss");

  if (!issuer)
    return;
  if (!iss)
    add_check (checks, "iss", FALSE, _("It does not say which issuer it is from."));
  else if (g_str_equal (iss, issuer)) /* OpenID Connect Core 1.0 §3.1.3.7 item 2: to the letter */
    add_check (checks, "iss", TRUE, _("It is from the issuer whose keys were fetched."));
  else
    add_check (checks, "iss", FALSE, _("It is from another issuer than the one whose keys were fetched."));
}

/* RFC 7519 §4.1.4 to §4.1.6; none of them must be there */
static void
check_times (GPtrArray   *checks,
             const WfJwt *jwt,
             gint64       now)
{
  JsonObject *claims = wf_jwt_get_claims (jwt);
  gint64 exp = wf_jwt_get_claim_time (jwt, "exp");
  gint64 nbf = wf_jwt_get_claim_time (jwt, "nbf");
  gint64 iat = wf_jwt_get_claim_time (jwt, "iat");

  if (exp != WF_TIME_UNKNOWN)
    add_check (checks, "exp", wf_time_add (exp, WF_DEFAULT_SKEW) > now,
               wf_time_add (exp, WF_DEFAULT_SKEW) > now ? _("It has not expired.") : _("It has expired."));
  else if (json_object_has_member (claims, "exp"))
    add_check (checks, "exp", FALSE, _("What it says here is no time."));
  if (nbf != WF_TIME_UNKNOWN)
    add_check (checks, "nbf", nbf <= wf_time_add (now, WF_DEFAULT_SKEW),
               nbf <= wf_time_add (now, WF_DEFAULT_SKEW) ? _("It is good already.") : _("It is not good yet."));
  else if (json_object_has_member (claims, "nbf"))
    add_check (checks, "nbf", FALSE, _("What it says here is no time."));
  if (iat != WF_TIME_UNKNOWN)
    add_check (checks, "iat", iat <= wf_time_add (now, WF_DEFAULT_SKEW),
               iat <= wf_time_add (now, WF_DEFAULT_SKEW) ? _("It says when it was made.") : _("It was made in the future."));
  else if (json_object_has_member (claims, "iat"))
    add_check (checks, "iat", FALSE, _("What it says here is no time."));
}

/* --- the document --- */

static void
add_object (JsonBuilder *builder,
            const char  *name,
            JsonObject  *object)
{
  json_builder_set_member_name (builder, name);
  if (object)
    json_builder_add_value (builder, json_node_init_object (json_node_alloc (), object));
  else
    json_builder_add_null_value (builder);
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* --- public --- */

WfInspection *
wf_inspection_ref (WfInspection *inspection)
{
  g_return_val_if_fail (inspection != NULL, NULL);

  g_atomic_ref_count_inc (&inspection->ref_count);
  return inspection;
}

void
wf_inspection_unref (WfInspection *inspection)
{
  g_return_if_fail (inspection != NULL);

  if (!g_atomic_ref_count_dec (&inspection->ref_count))
    return;
  wf_secret_set (&inspection->token, NULL);
  g_clear_pointer (&inspection->jwt, wf_jwt_unref);
  g_clear_pointer (&inspection->keys, wf_jwks_unref);
  g_clear_pointer (&inspection->reports, g_ptr_array_unref);
  g_free (inspection);
}

WfInspection *
wf_inspection_parse (const char  *text,
                     gsize        length,
                     GError     **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (length > WF_INSPECTION_MAX_BYTES)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE,
                           _("This is larger than 1 MiB, which is more than any token or key set needs."));
      return NULL;
    }
  skip_space (&text, &length);
  if (length == 0)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE, _("There is no text to inspect."));
      return NULL;
    }
  if (*text == '{' || *text == '[')
    return parse_keys (text, length, error);
  return parse_token (text, length, error);
}

WfVerification *
wf_inspection_skip (const WfJwt *jwt)
{
  WfVerification *verification = wf_jws_verify (jwt, NULL, NULL);

  /* Of an encrypted token there is more to say. */
  if (wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED)
    return verification;
  verification->verdict = WF_JWS_UNVERIFIED;
  g_free (verification->key_id);
  verification->key_id = g_strdup (wf_jwt_get_key_id (jwt));
  g_free (verification->reason);
  verification->reason = g_strdup (_("The signature was not checked, as you asked."));
  return verification;
}

const char *
wf_inspection_get_word (const WfVerification *verification)
{
  switch (verification->verdict)
    {
    case WF_JWS_VERIFIED:
      return "verified";
    case WF_JWS_UNVERIFIED:
      return "unverified";
    case WF_JWS_NO_KEY:
    case WF_JWS_INVALID:
    default:
      return "invalid";
    }
}

JsonNode *
wf_inspection_describe (const WfJwt          *jwt,
                        const WfVerification *verification)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_object (builder, "header", wf_jwt_get_header (jwt));
  add_object (builder, "claims", wf_jwt_get_claims (jwt));
  add_string (builder, "signature", wf_inspection_get_word (verification));
  add_string (builder, "reason", verification->reason);
  add_string (builder, "algorithm", wf_jwt_get_algorithm (jwt));
  add_string (builder, "kid", verification->key_id);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
wf_inspection_judge (const WfVerification *verification,
                     GError              **error)
{
  const char *reason = verification->reason ? verification->reason : "";

  if (verification->verdict == WF_JWS_VERIFIED)
    return TRUE;
  if (verification->verdict == WF_JWS_UNVERIFIED)
    /* Translators: %s is a sentence with the reason */
    g_set_error (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID, _("The signature was not checked. %s"), reason);
  else
    /* Translators: %s is a sentence with the reason */
    g_set_error (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID, _("The signature is not valid. %s"), reason);
  return FALSE;
}

GPtrArray *
wf_inspection_check (const WfJwt          *jwt,
                     const WfVerification *verification,
                     const char           *issuer,
                     gint64                now)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_check_free);

  g_return_val_if_fail (jwt != NULL && verification != NULL, checks);

  check_signature (checks, verification);
  if (!wf_jwt_get_claims (jwt))
    return checks;
  check_issuer (checks, jwt, issuer);
  check_times (checks, jwt, now);
  return checks;
}
