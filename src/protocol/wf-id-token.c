/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-id-token.h"

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-json.h"
#include "wf-scope.h"
#include "wf-shake.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SUBJECT_MAX_BYTES 255
#define AUDIENCE_MAX_ITEMS 100

typedef struct
{
  const WfJwt                 *jwt;
  JsonObject                  *claims;
  const WfIdTokenExpectations *expectations;
  GPtrArray                   *checks;
  GError                      *error; /* of the first line that failed */
} Checker;

static void
add_line (Checker    *checker,
          const char *name,
          gboolean    passed,
          const char *detail)
{
  WfCheck *check = g_new0 (WfCheck, 1);

  check->name = name;
  check->passed = passed;
  check->detail = g_strdup (detail);
  g_ptr_array_add (checker->checks, check);
}

static void
pass (Checker    *checker,
      const char *name,
      const char *detail)
{
  add_line (checker, name, TRUE, detail);
}

static void
fail_with (Checker    *checker,
           WfError     code,
           const char *name,
           const char *detail)
{
  add_line (checker, name, FALSE, detail);
  if (checker->error)
    return;
  /* Translators: the name of a claim, such as "aud", then a sentence */
  checker->error = g_error_new (WF_ERROR, (int) code, _("The ID token was refused because of “%s”. %s"), name, detail);
}

static void
fail (Checker    *checker,
      const char *name,
      const char *detail)
{
  fail_with (checker, WF_ERROR_ID_TOKEN_INVALID, name, detail);
}

static gboolean
has_claim (const Checker *checker,
           const char    *claim)
{
  return json_object_has_member (checker->claims, claim);
}

static const char *
get_text (const Checker *checker,
          const char    *claim)
{
  return wf_jwt_get_claim_string (checker->jwt, claim);
}

/* Core §3.1.3.7 item 6: without a key, TLS to the token endpoint speaks for the token. An algorithm
 * "none" was not asked for and is refused whatever the verdict says. */
static void
check_signature (Checker              *checker,
                 const WfVerification *verification)
{
  gboolean is_none = g_ascii_strcasecmp (wf_jwt_get_algorithm (checker->jwt), "none") == 0;

  if (!is_none && verification->verdict == WF_JWS_VERIFIED)
    pass (checker, "signature", _("A key of the provider signed it."));
  else if (!is_none && verification->verdict == WF_JWS_UNVERIFIED)
    pass (checker, "signature", _("There is no key to check it with. It came straight from the token endpoint over TLS."));
  else
    fail_with (checker, WF_ERROR_SIGNATURE_INVALID, "signature",
               !is_none && verification->reason ? verification->reason : _("No key of the provider signed it."));
}

/* Core §3.1.3.7 item 2, to the letter: no slash is forgiven */
static void
check_issuer (Checker *checker)
{
  const char *iss = get_text (checker, "iss");

  if (iss && (!checker->expectations->issuer || g_str_equal (iss, checker->expectations->issuer)))
    pass (checker, "iss", _("It is from the issuer of the account."));
  else
    fail (checker, "iss", iss ? _("It is from another issuer.") : _("It does not say which issuer it is from."));
}

static void
check_subject (Checker *checker)
{
  const char *sub = get_text (checker, "sub");
  const char *previous = checker->expectations->previous_subject;

  if (!sub || !*sub || strlen (sub) > SUBJECT_MAX_BYTES)
    fail (checker, "sub", _("It does not say who signed in."));
  else if (previous && !g_str_equal (sub, previous)) /* Core §12.2 */
    fail (checker, "sub", _("It is about another person than the one who signed in."));
  else
    pass (checker, "sub", _("It says who signed in."));
}

/* Returns: (transfer full) (nullable): the audiences; NULL where they cannot be read */
static char **
read_audience (const Checker *checker)
{
  char **audience = NULL;

  wf_json_get_strv (checker->claims, "aud", TRUE, AUDIENCE_MAX_ITEMS, &audience, NULL);
  return audience;
}

/* Core §3.1.3.7 item 3: we trust no audience but ourselves */
static void
check_audience (Checker *checker)
{
  g_auto (GStrv) audience = read_audience (checker);
  const char *client_id = checker->expectations->client_id;
  gboolean others = FALSE;

  if (!audience || !audience[0])
    {
      fail (checker, "aud", _("It does not say for which client it was made."));
      return;
    }
  for (guint i = 0; client_id && audience[i]; i++)
    others |= !g_str_equal (audience[i], client_id);
  if (!others)
    pass (checker, "aud", _("It was made for this client."));
  else if (g_strv_contains ((const char *const *) audience, client_id))
    fail (checker, "aud", _("It was made for other clients too."));
  else
    fail (checker, "aud", _("It was made for another client."));
}

/* Core §3.1.3.7 items 4 and 5 */
static void
check_authorized_party (Checker *checker)
{
  const char *azp = get_text (checker, "azp");
  const char *client_id = checker->expectations->client_id;

  if (!has_claim (checker, "azp"))
    return;
  if (azp && (!client_id || g_str_equal (azp, client_id)))
    pass (checker, "azp", _("It was issued to this client."));
  else
    fail (checker, "azp", _("It was issued to another client."));
}

static gint64
get_time (const Checker *checker,
          const char    *claim)
{
  return wf_jwt_get_claim_time (checker->jwt, claim);
}

/* Core §3.1.3.7 item 9 */
static void
check_expiry (Checker *checker)
{
  const WfIdTokenExpectations *expected = checker->expectations;
  gint64 exp = get_time (checker, "exp");

  if (exp == WF_TIME_UNKNOWN)
    fail (checker, "exp", _("It does not say until when it is good."));
  else if (wf_time_add (exp, expected->skew) <= expected->now)
    fail (checker, "exp", _("It has expired. Check the clock of this machine."));
  else
    pass (checker, "exp", _("It has not expired."));
}

/* Core §2 asks for it; one from the future says that a clock is wrong. */
static void
check_issued_at (Checker *checker)
{
  const WfIdTokenExpectations *expected = checker->expectations;
  gint64 iat = get_time (checker, "iat");

  if (iat == WF_TIME_UNKNOWN)
    fail (checker, "iat", _("It does not say when it was made."));
  else if (iat > wf_time_add (expected->now, expected->skew))
    fail (checker, "iat", _("It was made in the future. Check the clock of this machine."));
  else
    pass (checker, "iat", _("It says when it was made."));
}

/* RFC 7519 §4.1.5 */
static void
check_not_before (Checker *checker)
{
  const WfIdTokenExpectations *expected = checker->expectations;
  gint64 nbf = get_time (checker, "nbf");

  if (!has_claim (checker, "nbf"))
    return;
  if (nbf == WF_TIME_UNKNOWN || nbf > wf_time_add (expected->now, expected->skew))
    fail (checker, "nbf", _("It is not good yet. Check the clock of this machine."));
  else
    pass (checker, "nbf", _("It is good already."));
}

/* Core §3.1.3.7 item 11; on a refresh it may be missing, and is the same where it is not (§12.2) */
static void
check_nonce (Checker *checker)
{
  const char *expected = checker->expectations->nonce;
  const char *nonce = get_text (checker, "nonce");

  if (!expected)
    return;
  if (!has_claim (checker, "nonce") && checker->expectations->is_refresh)
    return;
  if (nonce && g_str_equal (nonce, expected))
    pass (checker, "nonce", _("It answers this very sign-in."));
  else
    fail_with (checker, WF_ERROR_NONCE_MISMATCH, "nonce", _("It does not answer this sign-in. Start the sign-in again."));
}

static gboolean
hash_matches (const Checker *checker,
              const char    *at_hash)
{
  const char *algorithm = wf_jwt_get_algorithm (checker->jwt);
  const char *token = secret_value_get_text (checker->expectations->access_token);
  g_autofree char *hash = wf_id_token_make_hash (algorithm, token);
  g_autofree char *ed448 = NULL;

  if (g_strcmp0 (hash, at_hash) == 0)
    return TRUE;
  /* RFC 8037 §3.1: the name does not say which of two curves, and each has its own hash. */
  if (g_strcmp0 (algorithm, "EdDSA") == 0)
    ed448 = wf_id_token_make_hash ("Ed448", token);
  return g_strcmp0 (ed448, at_hash) == 0;
}

/* Core §3.1.3.8: optional in this flow, but never wrong */
static void
check_access_token_hash (Checker *checker)
{
  const char *at_hash = get_text (checker, "at_hash");

  if (!checker->expectations->access_token || !has_claim (checker, "at_hash"))
    return;
  if (at_hash && hash_matches (checker, at_hash))
    pass (checker, "at_hash", _("It belongs to the access token beside it."));
  else
    fail (checker, "at_hash", _("It does not belong to the access token beside it."));
}

/* Core §3.1.2.1 and §3.1.3.7 item 13. The time of a sign-in grows old during a session: a refresh is not
 * held against max_age. */
static void
check_auth_time (Checker *checker)
{
  const WfIdTokenExpectations *expected = checker->expectations;
  gboolean asked = expected->max_age >= 0 && !expected->is_refresh;
  gint64 auth_time = get_time (checker, "auth_time");

  if (!asked && !has_claim (checker, "auth_time"))
    return;
  if (auth_time == WF_TIME_UNKNOWN)
    fail (checker, "auth_time", _("It does not say when you last proved who you are."));
  else if (auth_time > wf_time_add (expected->now, expected->skew))
    fail (checker, "auth_time", _("It names a sign-in in the future."));
  else if (asked && wf_time_add (auth_time, wf_time_add (expected->max_age, expected->skew)) < expected->now)
    fail (checker, "auth_time", _("Your last sign-in at the provider is longer ago than was asked for."));
  else
    pass (checker, "auth_time", _("It says when you last proved who you are."));
}

/* Core §3.1.3.7 item 12 */
static void
check_context_class (Checker *checker)
{
  const WfIdTokenExpectations *expected = checker->expectations;
  const char *acr = get_text (checker, "acr");

  if (!expected->acr_values || !*expected->acr_values)
    return;
  if (expected->is_refresh && !has_claim (checker, "acr"))
    return;
  if (acr && wf_scope_contains (expected->acr_values, acr))
    pass (checker, "acr", _("You signed in in one of the ways that were asked for."));
  else
    fail (checker, "acr", _("You did not sign in in one of the ways that were asked for."));
}

static void
check_claims (Checker *checker)
{
  if (!checker->claims)
    {
      add_line (checker, "signature", FALSE, _("It is encrypted, and Warifu has no key to read it."));
      checker->error = g_error_new_literal (WF_ERROR, WF_ERROR_ID_TOKEN_INVALID,
                                            _("The ID token is encrypted, and Warifu has no key to read it. Switch its encryption off at the provider."));
      return;
    }
  check_issuer (checker);
  check_audience (checker);
  check_authorized_party (checker);
  check_subject (checker);
  check_expiry (checker);
  check_issued_at (checker);
  check_not_before (checker);
  check_nonce (checker);
  check_access_token_hash (checker);
  check_auth_time (checker);
  check_context_class (checker);
}

static void
check_free_cb (gpointer data)
{
  wf_check_free (data);
}

static gboolean
get_checksum_type (const char    *algorithm,
                   GChecksumType *type)
{
  static const char *const families[] = { "RS", "PS", "ES", "HS", NULL };
  gboolean is_family = FALSE;

  for (guint i = 0; families[i]; i++)
    is_family |= strlen (algorithm) == 5 && g_str_has_prefix (algorithm, families[i]);
  if (is_family && g_str_has_suffix (algorithm, "256"))
    *type = G_CHECKSUM_SHA256;
  else if (is_family && g_str_has_suffix (algorithm, "384"))
    *type = G_CHECKSUM_SHA384;
  else if ((is_family && g_str_has_suffix (algorithm, "512")) ||
           g_str_equal (algorithm, "EdDSA") || g_str_equal (algorithm, "Ed25519"))
    *type = G_CHECKSUM_SHA512;
  else
    return FALSE;
  return TRUE;
}

void
wf_check_free (WfCheck *check)
{
  if (!check)
    return;
  g_clear_pointer (&check->detail, g_free);
  g_free (check);
}

gboolean
wf_id_token_check (const WfJwt                 *jwt,
                   const WfVerification        *verification,
                   const WfIdTokenExpectations *expectations,
                   GPtrArray                  **checks,
                   GError                     **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (check_free_cb);
  Checker checker = { .jwt = jwt, .expectations = expectations, .checks = lines };

  g_return_val_if_fail (jwt != NULL && verification != NULL && expectations != NULL, FALSE);

  checker.claims = wf_jwt_get_claims (jwt);
  if (checker.claims)
    check_signature (&checker, verification);
  check_claims (&checker);
  if (checks)
    *checks = g_steal_pointer (&lines);
  if (!checker.error)
    return TRUE;
  g_propagate_error (error, checker.error);
  return FALSE;
}

char *
wf_id_token_make_hash (const char *algorithm,
                       const char *token)
{
  guint8 digest[WF_SHAKE256_ED448_BYTES];
  gsize length = sizeof digest;
  GChecksumType type;

  g_return_val_if_fail (algorithm != NULL && token != NULL, NULL);

  if (g_str_equal (algorithm, "Ed448"))
    {
      wf_shake256 (token, strlen (token), digest, sizeof digest);
    }
  else if (get_checksum_type (algorithm, &type))
    {
      g_autoptr (GChecksum) checksum = g_checksum_new (type);

      g_checksum_update (checksum, (const guchar *) token, (gssize) strlen (token));
      g_checksum_get_digest (checksum, digest, &length);
    }
  else
    {
      return NULL;
    }
  return wf_base64url_encode (digest, length / 2);
}
