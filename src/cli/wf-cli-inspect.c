/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-input.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-json.h"
#include "wf-jws.h"
#include "wf-provider.h"
#include "wf-uri.h"

static char *jwks_file = NULL;
static char *issuer = NULL;
static char *secret_file = NULL;
static gboolean no_verify = FALSE;

static const GOptionEntry entries[] = {
  { "jwks", 0, 0, G_OPTION_ARG_FILENAME, &jwks_file, N_("Check the signature with the keys in this file"), N_("FILE") },
  { "issuer", 0, 0, G_OPTION_ARG_FILENAME, &issuer, N_("Check the signature with the keys of this issuer"), N_("URL") },
  { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file,
    N_("Check an HS256, HS384 or HS512 signature with the client secret in a file"), N_("FILE") },
  { "no-verify", 0, 0, G_OPTION_ARG_NONE, &no_verify, N_("Decode only"), NULL },
  { NULL },
};

/* --- Keys --- */

static WfJwks *
read_keys (GError **error)
{
  g_autoptr (GBytes) bytes = wf_cli_read_file (jwks_file, WF_JSON_MAX_BYTES, error);
  gconstpointer data;
  gsize length;

  if (!bytes)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  return wf_jwks_parse (data ? data : "", length, error);
}

static WfProvider *
open_provider (WfCli   *cli,
               GError **error)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfProviderMetadata) metadata = NULL;
  WfProvider *provider = NULL;

  if (!wf_uri_check_issuer (issuer, error))
    return NULL;
  wf_account_set (&account->issuer, issuer);
  wf_cli_watch_signals (cli);
  metadata = wf_cli_fetch_metadata (cli, account, &provider, error);
  return provider;
}

static WfJwks *
fetch_keys (WfCli      *cli,
            WfProvider *provider,
            gboolean    unknown_key,
            GError    **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  WfJwks *keys;

  wf_provider_get_keys_async (provider, unknown_key, cli->cancellable, wf_cli_take_result, &result);
  keys = wf_provider_get_keys_finish (provider, wf_cli_wait (&result), &local_error);
  if (!keys && !local_error)
    g_set_error (error, WF_ERROR, WF_ERROR_UNSUPPORTED, _("The provider names no keys to check with."));
  else if (!keys)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return keys;
}

/* --- The verdict --- */

static WfVerification *
verify_with_issuer (WfCli       *cli,
                    const WfJwt *jwt,
                    SecretValue *secret,
                    GError     **error)
{
  g_autoptr (WfProvider) provider = open_provider (cli, error);
  g_autoptr (WfJwks) keys = provider ? fetch_keys (cli, provider, FALSE, error) : NULL;
  g_autoptr (WfVerification) verification = NULL;

  if (!keys)
    return NULL;
  verification = wf_jws_verify (jwt, keys, secret);
  if (verification->verdict != WF_JWS_NO_KEY)
    return g_steal_pointer (&verification);
  /* The keys may just have been replaced: OpenID Connect Core 1.0 §10.1.1 */
  g_clear_pointer (&keys, wf_jwks_unref);
  keys = fetch_keys (cli, provider, TRUE, error);
  return keys ? wf_jws_verify (jwt, keys, secret) : NULL;
}

/* What an encrypted token says of itself is all that can be known. */
static WfVerification *
verify (WfCli       *cli,
        const WfJwt *jwt,
        GError     **error)
{
  g_autoptr (WfSecretValue) secret = NULL;
  g_autoptr (WfJwks) keys = NULL;

  if (wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED)
    return wf_jws_verify (jwt, NULL, NULL);
  if (secret_file && !(secret = wf_cli_read_secret (secret_file, error)))
    return NULL;
  if (issuer)
    return verify_with_issuer (cli, jwt, secret, error);
  if (jwks_file && !(keys = read_keys (error)))
    return NULL;
  return wf_jws_verify (jwt, keys, secret);
}

/**
 * Verdict:
 *
 * What is said of a signature. The word is one of the contract's three.
 */
typedef struct
{
  const char     *word;
  const char     *reason; /* nullable */
  const char     *key_id; /* nullable */
  WfVerification *verification; /* nullable: not asked for */
} Verdict;

static const char *
get_word (WfJwsVerdict verdict)
{
  switch (verdict)
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

static gboolean
reach_verdict (WfCli       *cli,
               const WfJwt *jwt,
               Verdict     *verdict,
               GError     **error)
{
  /* Of an encrypted token there is more to say. */
  if (no_verify && wf_jwt_get_kind (jwt) != WF_JWT_ENCRYPTED)
    {
      *verdict = (Verdict) { "unverified", _("The signature was not checked, as you asked."), wf_jwt_get_key_id (jwt), NULL };
      return TRUE;
    }
  verdict->verification = verify (cli, jwt, error);
  if (!verdict->verification)
    return FALSE;
  verdict->word = get_word (verdict->verification->verdict);
  verdict->reason = verdict->verification->reason;
  verdict->key_id = verdict->verification->key_id;
  return TRUE;
}

/* --- Output --- */

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

static JsonNode *
describe (const WfJwt   *jwt,
          const Verdict *verdict)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_object (builder, "header", wf_jwt_get_header (jwt));
  add_object (builder, "claims", wf_jwt_get_claims (jwt));
  wf_cli_add_string (builder, "signature", verdict->word);
  wf_cli_add_string (builder, "reason", verdict->reason);
  wf_cli_add_string (builder, "algorithm", wf_jwt_get_algorithm (jwt));
  wf_cli_add_string (builder, "kid", verdict->key_id);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print (const WfJwt   *jwt,
       const Verdict *verdict)
{
  wf_cli_print ("%s", _("Header"));
  wf_cli_print_object (wf_jwt_get_header (jwt));
  if (wf_jwt_get_claims (jwt))
    {
      wf_cli_print ("%s", _("Claims"));
      wf_cli_print_object (wf_jwt_get_claims (jwt));
    }
  /* The words are the contract's, and not translated. */
  if (verdict->reason)
    wf_cli_print ("Signature: %s: %s", verdict->word, verdict->reason);
  else if (verdict->key_id)
    wf_cli_print ("Signature: %s (%s, %s)", verdict->word, wf_jwt_get_algorithm (jwt), verdict->key_id);
  else
    wf_cli_print ("Signature: %s (%s)", verdict->word, wf_jwt_get_algorithm (jwt));
}

/* Whether the verdict is what was asked for. */
static gboolean
judge (const Verdict *verdict,
       GError       **error)
{
  const char *reason = verdict->reason ? verdict->reason : "";

  if (no_verify || verdict->verification->verdict == WF_JWS_VERIFIED)
    return TRUE;
  if (verdict->verification->verdict == WF_JWS_UNVERIFIED)
    /* Translators: %s is a sentence with the reason */
    g_set_error (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID, _("The signature was not checked. %s"), reason);
  else
    /* Translators: %s is a sentence with the reason */
    g_set_error (error, WF_ERROR, WF_ERROR_SIGNATURE_INVALID, _("The signature is not valid. %s"), reason);
  return FALSE;
}

static gboolean
check_options (GError **error)
{
  if (jwks_file && issuer)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("--jwks and --issuer exclude each other."));
  else if (no_verify && (jwks_file || issuer || secret_file))
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("--no-verify needs no key."));
  else
    return TRUE;
  return FALSE;
}

static WfJwt *
read_token (const char *path,
            GError    **error)
{
  /* One more for the newline. */
  g_autoptr (GBytes) bytes = wf_cli_read_file (path, WF_JWT_MAX_BYTES + 1, error);
  const char *text;
  gsize length;

  if (!bytes)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  if (text && length > 0 && text[length - 1] == '\n')
    length--;
  return wf_jwt_parse (text ? text : "", (gssize) length, error);
}

static gboolean
run_inspect (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (WfJwt) jwt = NULL;
  g_autoptr (WfVerification) verification = NULL;
  Verdict verdict = { NULL };

  if (!check_options (error) || !(jwt = read_token (operands[0], error)))
    return FALSE;
  if (!reach_verdict (cli, jwt, &verdict, error))
    return FALSE;
  verification = verdict.verification;
  if (cli->json)
    wf_cli_take_document (cli, describe (jwt, &verdict));
  else
    print (jwt, &verdict);
  return judge (&verdict, error);
}

const WfCliCommand wf_cli_inspect_command = {
  "inspect", "[FILE]", 0, 1, N_("Decode one JWT and check its signature"), entries, run_inspect,
};
