/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-cli-output.h"
#include "wf-cli-process.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-secret.h"
#include "wf-time.h"

#define DEFAULT_VARIABLE "ACCESS_TOKEN"
#define HEADER "Authorization: Bearer "

/* As env(1) and the shell have them, POSIX.1-2017 §2.8.2 */
#define STATUS_CANNOT_RUN 126
#define STATUS_NOT_FOUND 127

static char *audience = NULL;
static char *min_ttl = NULL;
static char *variable = NULL;

#define TOKEN_ENTRIES                                                                                          \
  { "audience", 0, 0, G_OPTION_ARG_FILENAME, &audience, N_("The access token for another audience"), N_("AUDIENCE") }, \
  { "min-ttl", 0, 0, G_OPTION_ARG_FILENAME, &min_ttl,                                                          \
    N_("Refresh a token that is good for less than this (30, or a quarter of its life)"), N_("SECONDS") }

static const GOptionEntry header_entries[] = { TOKEN_ENTRIES, { NULL } };

static const GOptionEntry exec_entries[] = {
  { "variable", 0, 0, G_OPTION_ARG_FILENAME, &variable, N_("The environment variable that holds the token (ACCESS_TOKEN)"), N_("VARIABLE") },
  TOKEN_ENTRIES,
  { NULL },
};

static SecretValue *
get_token (WfCli      *cli,
           const char *name,
           WfSession **session,
           GError    **error)
{
  gint64 seconds;

  if (!wf_cli_parse_min_ttl (min_ttl, &seconds, error))
    return NULL;
  *session = wf_cli_load_session (cli, name, error);
  return *session ? wf_cli_get_token (cli, *session, audience, seconds, error) : NULL;
}

/* --- header --- */

static JsonNode *
describe_header (WfSession   *session,
                 SecretValue *token)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const WfAccessToken *details = wf_cli_peek_token (session, audience);
  g_autoptr (WfWipedString) value = g_strconcat ("Bearer ", secret_value_get_text (token), NULL);

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "Authorization", value);
  wf_cli_add_time (builder, "expires_at", details ? details->expires_at : WF_TIME_UNKNOWN);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
run_header (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfSession) session = NULL;
  g_autoptr (WfSecretValue) token = get_token (cli, operands[0], &session, error);

  if (!token)
    return FALSE;
  if (!cli->json)
    return wf_cli_print_secret_after (HEADER, token, error);
  wf_cli_take_document (cli, describe_header (session, token));
  return TRUE;
}

/* --- exec --- */

/* POSIX.1-2017 §8.1 */
static gboolean
check_variable (const char *name,
                GError    **error)
{
  gboolean good = *name && !g_ascii_isdigit (*name);

  for (const char *p = name; *p; p++)
    good &= g_ascii_isalnum (*p) || *p == '_';
  if (!good)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                 _("--variable needs a name of letters, digits and underscores that begins with no digit."));
  return good;
}

static void
wipe_environment (char **environment)
{
  for (guint i = 0; environment[i]; i++)
    explicit_bzero (environment[i], strlen (environment[i]));
  g_strfreev (environment);
}

/* Comes back only where the command could not be run. */
static gboolean
run_in_our_place (WfCli       *cli,
                  char       **command,
                  const char  *name,
                  SecretValue *token,
                  GError     **error)
{
  char **environment = g_environ_setenv (g_get_environ (), name, secret_value_get_text (token), TRUE);
  g_autofree char *program = g_filename_display_name (command[0]);
  int failure = wf_cli_become (command, environment);

  wipe_environment (environment);
  cli->status = failure == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
  /* Translators: a program, and the system's words */
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("“%s” cannot be run: %s."), program, g_strerror (failure));
  return FALSE;
}

static gboolean
run_exec (WfCli   *cli,
          char   **operands,
          GError **error)
{
  g_autoptr (WfSession) session = NULL;
  g_autoptr (WfSecretValue) token = NULL;
  const char *name = variable ? variable : DEFAULT_VARIABLE;

  if (!check_variable (name, error))
    return FALSE;
  token = get_token (cli, operands[0], &session, error);
  if (!token)
    return FALSE;
  /* Nothing of ours comes after it. */
  wf_cli_settle (cli);
  return wf_cli_flush (error) && run_in_our_place (cli, operands + 1, name, token, error);
}

const WfCliCommand wf_cli_header_command = {
  "header", "NAME", 1, 1, N_("Print an Authorization header for curl -H @-"), header_entries, run_header,
};

const WfCliCommand wf_cli_exec_command = {
  "exec", "NAME -- COMMAND…", 2, WF_CLI_ANY, N_("Run a command with an access token in its environment"),
  exec_entries, run_exec,
};
