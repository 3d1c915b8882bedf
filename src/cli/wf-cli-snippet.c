/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-secret.h"
#include "wf-snippet.h"

static char *grant_name = NULL;
static char *language_name = NULL;
static gboolean reveal = FALSE;

static const GOptionEntry entries[] = {
  { "grant", 0, 0, G_OPTION_ARG_FILENAME, &grant_name, N_("authorization_code or refresh_token"), N_("GRANT") },
  { "language", 0, 0, G_OPTION_ARG_FILENAME, &language_name,
    N_("curl, csharp, go, java, node, objc, php, python, ruby or swift"), N_("LANGUAGE") },
  { "reveal", 0, 0, G_OPTION_ARG_NONE, &reveal, N_("Write the real secrets into it"), NULL },
  { NULL },
};

/* The keyring is read for --reveal alone. */
static gboolean
unlock_secrets (WfCli     *cli,
                WfSession *session,
                GError   **error)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GAsyncResult) ready = NULL;

  wf_session_load_async (session, cli->cancellable, wf_cli_take_result, &loaded);
  if (!wf_session_load_finish (session, wf_cli_wait (&loaded), error))
    return FALSE;
  wf_session_before_action_async (session, cli->cancellable, wf_cli_take_result, &ready);
  return wf_session_before_action_finish (session, wf_cli_wait (&ready), error);
}

static const char *
get_text (SecretValue *secret)
{
  return secret ? secret_value_get_text (secret) : NULL;
}

static char *
make_revealed (WfCli                    *cli,
               WfSession                *session,
               WfSnippetLanguage         language,
               WfSnippetGrant            grant,
               const WfProviderMetadata *metadata,
               GError                  **error)
{
  g_autoptr (WfTokenSet) tokens = NULL;
  WfSnippetValues values = { NULL };

  if (!unlock_secrets (cli, session, error))
    return NULL;
  tokens = wf_token_set_ref (wf_session_get_tokens (session));
  if (grant == WF_SNIPPET_REFRESH_TOKEN && !tokens->refresh_token)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_NEEDS_SIGN_IN, _("There is no refresh token to reveal. Sign in first."));
      return NULL;
    }
  values.client_secret = get_text (tokens->client_secret);
  if (grant == WF_SNIPPET_REFRESH_TOKEN)
    values.refresh_token = get_text (tokens->refresh_token);
  return wf_snippet_make (language, grant, wf_session_get_account (session), metadata, &values, error);
}

static void
report (WfCli            *cli,
        WfSnippetLanguage language,
        const char       *program)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!cli->json)
    {
      wf_cli_print_program (program);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "language", language_name);
  wf_cli_add_string (builder, "grant", grant_name);
  wf_cli_add_string (builder, "file_name", wf_snippet_language_get_file_name (language));
  wf_cli_add_string (builder, "program", program);
  json_builder_end_object (builder);
  wf_cli_take_document (cli, json_builder_get_root (builder));
}

static gboolean
make_and_report (WfCli            *cli,
                 WfSession        *session,
                 WfSnippetLanguage language,
                 WfSnippetGrant    grant,
                 GError          **error)
{
  g_autoptr (WfAccount) account = wf_account_ref (wf_session_get_account (session));
  g_autoptr (WfProviderMetadata) metadata = wf_cli_fetch_metadata (cli, account, NULL, error);
  g_autoptr (WfWipedString) program = NULL;

  if (!metadata)
    return FALSE;
  if (reveal)
    program = make_revealed (cli, session, language, grant, metadata, error);
  else
    program = wf_snippet_make (language, grant, account, metadata, NULL, error);
  if (!program)
    return FALSE;
  report (cli, language, program);
  if (reveal && grant == WF_SNIPPET_REFRESH_TOKEN)
    wf_cli_warn (_("Where the provider replaces refresh tokens, running this program signs you out here."));
  return TRUE;
}

static gboolean
run_snippet (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (WfSession) session = NULL;
  WfSnippetLanguage language;
  WfSnippetGrant grant;

  if (!grant_name || !language_name)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("A snippet needs --grant and --language."));
      return FALSE;
    }
  if (!wf_snippet_grant_from_string (grant_name, &grant, error) ||
      !wf_snippet_language_from_string (language_name, &language, error))
    return FALSE;
  session = wf_cli_find_session (cli, operands[0], error);
  return session && make_and_report (cli, session, language, grant, error);
}

const WfCliCommand wf_cli_snippet_command = {
  "snippet", "NAME", 1, 1, N_("Print the token request of an account as a program"), entries, run_snippet,
};
