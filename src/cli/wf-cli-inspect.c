/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-input.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-inspection.h"
#include "wf-issuer-check.h"
#include "wf-json.h"

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

static WfVerification *
verify_with_issuer (WfCli       *cli,
                    const WfJwt *jwt,
                    SecretValue *secret,
                    GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_cli_watch_signals (cli);
  wf_issuer_check_async (issuer, jwt, secret, cli->cancellable, wf_cli_take_result, &result);
  return wf_issuer_check_finish (wf_cli_wait (&result), NULL, error);
}

/* What an encrypted token says of itself is all that can be known. */
static WfVerification *
verify (WfCli       *cli,
        const WfJwt *jwt,
        GError     **error)
{
  g_autoptr (WfSecretValue) secret = NULL;
  g_autoptr (WfJwks) keys = NULL;

  if (no_verify || wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED)
    return wf_inspection_skip (jwt);
  if (secret_file && !(secret = wf_cli_read_secret (secret_file, error)))
    return NULL;
  if (issuer)
    return verify_with_issuer (cli, jwt, secret, error);
  if (jwks_file && !(keys = read_keys (error)))
    return NULL;
  return wf_jws_verify (jwt, keys, secret);
}

/* --- Output --- */

static void
print (const WfJwt          *jwt,
       const WfVerification *verification)
{
  const char *word = wf_inspection_get_word (verification);

  wf_cli_print ("%s", _("Header"));
  wf_cli_print_object (wf_jwt_get_header (jwt));
  if (wf_jwt_get_claims (jwt))
    {
      wf_cli_print ("%s", _("Claims"));
      wf_cli_print_object (wf_jwt_get_claims (jwt));
    }
  /* The words are the contract's, and not translated. */
  if (verification->reason)
    wf_cli_print ("Signature: %s: %s", word, verification->reason);
  else if (verification->key_id)
    wf_cli_print ("Signature: %s (%s, %s)", word, wf_jwt_get_algorithm (jwt), verification->key_id);
  else
    wf_cli_print ("Signature: %s (%s)", word, wf_jwt_get_algorithm (jwt));
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

  if (!check_options (error) || !(jwt = read_token (operands[0], error)))
    return FALSE;
  verification = verify (cli, jwt, error);
  if (!verification)
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, wf_inspection_describe (jwt, verification));
  else
    print (jwt, verification);
  return no_verify || wf_inspection_judge (verification, error);
}

const WfCliCommand wf_cli_inspect_command = {
  "inspect", "[FILE]", 0, 1, N_("Decode one JWT and check its signature"), entries, run_inspect,
};
