/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-cli-batch.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-jwt.h"
#include "wf-scope.h"
#include "wf-secret.h"
#include "wf-time.h"

#define MAX_MIN_TTL 31536000

static char *min_ttl = NULL;
static char *audience = NULL;
static gboolean want_id_token = FALSE;
static gboolean refresh_all = FALSE;
static char *jobs = NULL;
static gboolean local = FALSE;

static const GOptionEntry token_entries[] = {
  { "min-ttl", 0, 0, G_OPTION_ARG_FILENAME, &min_ttl, N_("Refresh a token that is good for less than this (30, or a quarter of its life)"), N_("SECONDS") },
  { "audience", 0, 0, G_OPTION_ARG_FILENAME, &audience, N_("The access token for another audience"), N_("AUDIENCE") },
  { "id", 0, 0, G_OPTION_ARG_NONE, &want_id_token, N_("The ID token instead of the access token"), NULL },
  { NULL },
};

static const GOptionEntry refresh_entries[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &refresh_all, N_("Refresh every account that has a refresh token"), NULL },
  { "jobs", 0, 0, G_OPTION_ARG_FILENAME, &jobs, N_("With --all: how many at a time (8)"), N_("N") },
  { NULL },
};

static const GOptionEntry sign_out_entries[] = {
  { "local", 0, 0, G_OPTION_ARG_NONE, &local, N_("Forget the tokens without revoking them"), NULL },
  { NULL },
};

/* --- token --- */

/* Unlike every other document this one has a token in it, because that is what was asked. */
static JsonNode *
describe_token (const char  *member,
                SecretValue *token,
                const char  *scope,
                gint64       expires_at)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv) scopes = wf_scope_split (scope);

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, member, secret_value_get_text (token));
  wf_cli_add_time (builder, "expires_at", expires_at);
  json_builder_set_member_name (builder, "scope");
  if (scope)
    {
      json_builder_begin_array (builder);
      for (guint i = 0; scopes[i]; i++)
        json_builder_add_string_value (builder, scopes[i]);
      json_builder_end_array (builder);
    }
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* The account's own audience is the one that needs no name. */
static const char *
get_own_name (WfSession  *session,
              const char *name)
{
  return g_strcmp0 (name, wf_session_get_account (session)->audience) == 0 ? NULL : name;
}

const WfAccessToken *
wf_cli_peek_token (WfSession  *session,
                   const char *name)
{
  return wf_token_set_get_access_token (wf_session_get_tokens (session), get_own_name (session, name));
}

gboolean
wf_cli_parse_min_ttl (const char *text,
                      gint64     *seconds,
                      GError    **error)
{
  *seconds = WF_MIN_TTL_USUAL;
  return wf_cli_parse_number ("--min-ttl", text, 0, MAX_MIN_TTL, seconds, error);
}

SecretValue *
wf_cli_get_token (WfCli      *cli,
                  WfSession  *session,
                  const char *name,
                  gint64      seconds,
                  GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSecretValue) token = NULL;

  wf_session_get_token_async (session, get_own_name (session, name), seconds, WF_CAUSE_SCRIPT, cli->cancellable,
                              wf_cli_take_result, &result);
  token = wf_session_get_token_finish (session, wf_cli_wait (&result), error);
  return token && wf_cli_check_secret (token, error) ? g_steal_pointer (&token) : NULL;
}

static gboolean
give_access_token (WfCli     *cli,
                   WfSession *session,
                   gint64     seconds,
                   GError   **error)
{
  g_autoptr (WfSecretValue) token = wf_cli_get_token (cli, session, audience, seconds, error);
  const WfAccessToken *details;

  if (!token)
    return FALSE;
  if (!cli->json)
    return wf_cli_print_secret (token, error);
  details = wf_cli_peek_token (session, audience);
  wf_cli_take_document (cli, describe_token ("access_token", token, details ? details->scope : NULL,
                                             details ? details->expires_at : WF_TIME_UNKNOWN));
  return TRUE;
}

/* WF_TIME_UNKNOWN where the token does not say */
static gint64
get_id_token_expiry (SecretValue *token)
{
  g_autoptr (WfJwt) jwt = wf_jwt_parse (secret_value_get_text (token), -1, NULL);

  return jwt && wf_jwt_get_claims (jwt) ? wf_jwt_get_claim_time (jwt, "exp") : WF_TIME_UNKNOWN;
}

static gboolean
is_id_token_good (WfSession *session,
                  gint64     seconds)
{
  SecretValue *token = wf_session_get_tokens (session)->id_token;
  gint64 expires_at = token ? get_id_token_expiry (token) : 0;

  return expires_at == WF_TIME_UNKNOWN ||
         expires_at > wf_time_add (wf_clock_now (wf_session_get_clock (session)), seconds);
}

gboolean
wf_cli_refresh (WfCli         *cli,
                WfSession     *session,
                WfRefreshCause cause,
                const char    *name,
                GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_refresh_async (session, cause, get_own_name (session, name), cli->cancellable, wf_cli_take_result, &result);
  return wf_session_refresh_finish (session, wf_cli_wait (&result), error);
}

static gboolean
check_id_token (WfSession *session,
                GError   **error)
{
  const WfTokenSet *tokens = wf_session_get_tokens (session);

  if (!tokens->id_token && tokens->access_tokens->len > 0)
    g_set_error (error, WF_ERROR, WF_ERROR_UNSUPPORTED,
                 _("The provider gave no ID token. Add the scope “openid” to the account and sign in again."));
  else if (!tokens->id_token)
    g_set_error (error, WF_ERROR, WF_ERROR_NEEDS_SIGN_IN, _("You are signed out. Sign in first."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
give_id_token (WfCli     *cli,
               WfSession *session,
               gint64     seconds,
               GError   **error)
{
  SecretValue *token;
  gboolean is_good;

  if (!check_id_token (session, error))
    return FALSE;
  /* Usual is what has not ended; what is found good is not judged again a moment later. */
  is_good = is_id_token_good (session, MAX (seconds, 0));
  if (!is_good && (!wf_cli_refresh (cli, session, WF_CAUSE_SCRIPT, NULL, error) || !check_id_token (session, error)))
    return FALSE;
  /* A lifetime shorter than what was asked is what the provider gives; an end is an end. */
  if (!is_good && !is_id_token_good (session, 0))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_NEEDS_SIGN_IN,
                   _("The ID token has expired and the provider gave no new one with the refresh. Sign in again."));
      return FALSE;
    }
  token = wf_session_get_tokens (session)->id_token;
  if (!cli->json)
    return wf_cli_print_secret (token, error);
  wf_cli_take_document (cli, describe_token ("id_token", token, NULL, get_id_token_expiry (token)));
  return TRUE;
}

static gboolean
run_token (WfCli   *cli,
           char   **operands,
           GError **error)
{
  g_autoptr (WfSession) session = NULL;
  gint64 seconds;

  if (!wf_cli_parse_min_ttl (min_ttl, &seconds, error))
    return FALSE;
  if (want_id_token && audience)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("--id and --audience exclude each other."));
      return FALSE;
    }
  session = wf_cli_load_session (cli, operands[0], error);
  if (!session)
    return FALSE;
  return want_id_token ? give_id_token (cli, session, seconds, error) : give_access_token (cli, session, seconds, error);
}

/* --- refresh --- */

static char *
format_refreshed (WfSession *session)
{
  const WfTokenSet *tokens = wf_session_get_tokens (session);
  const WfAccessToken *token = wf_token_set_get_access_token (tokens, NULL);
  g_autofree char *time = wf_cli_format_time (token ? token->expires_at : WF_TIME_UNKNOWN,
                                              wf_clock_now (wf_session_get_clock (session)));

  /* Translators: a time, then the number of the refresh token */
  return g_strdup_printf (_("refreshed, expires %s, generation %u"), time, tokens->generation);
}

static gboolean
refresh_one (WfCli      *cli,
             const char *name,
             GError    **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, name, error);
  g_autofree char *line = NULL;

  if (!session || !wf_cli_refresh (cli, session, WF_CAUSE_BY_HAND, NULL, error))
    return FALSE;
  if (cli->json)
    {
      wf_cli_show_session (cli, session);
      return TRUE;
    }
  line = format_refreshed (session);
  wf_cli_print ("%s: %s", wf_session_get_account (session)->name, line);
  return TRUE;
}

static void
print_job (const WfCliJob *job)
{
  const char *name = wf_session_get_account (job->session)->name;
  g_autofree char *line = job->refreshed ? format_refreshed (job->session) : NULL;

  if (job->refreshed)
    wf_cli_print ("%s: %s", name, line);
  else if (job->error)
    wf_cli_print ("%s: %s: %s", name, wf_error_get_name (job->error), wf_cli_get_sentence (job->error));
}

static JsonNode *
describe_job (const WfCliJob *job)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const WfAccount *account = wf_session_get_account (job->session);
  const WfTokenSet *tokens = job->refreshed ? wf_session_get_tokens (job->session) : NULL;
  const WfAccessToken *token = tokens ? wf_token_set_get_access_token (tokens, NULL) : NULL;

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "id", account->id);
  wf_cli_add_string (builder, "name", account->name);
  json_builder_set_member_name (builder, "refreshed");
  json_builder_add_boolean_value (builder, job->refreshed);
  wf_cli_add_time (builder, "expires_at", token ? token->expires_at : WF_TIME_UNKNOWN);
  json_builder_set_member_name (builder, "generation");
  if (tokens)
    json_builder_add_int_value (builder, tokens->generation);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "error");
  if (job->error)
    json_builder_add_value (builder, wf_cli_error_to_json (job->error));
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
describe_jobs (GPtrArray *done)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_sized_new (done->len);
  JsonNode *node = json_node_alloc ();

  for (guint i = 0; i < done->len; i++)
    {
      const WfCliJob *job = done->pdata[i];

      if (job->refreshed || job->error)
        json_array_add_element (array, describe_job (job));
    }
  json_object_set_array_member (object, "accounts", array);
  return json_node_init_object (node, object);
}

/* What a person must do something about weighs more than what passes by itself. */
static int
get_weight (const GError *error)
{
  switch (wf_error_get_class (error))
    {
    case WF_ERROR_CLASS_KEYRING:
      return 4;
    case WF_ERROR_CLASS_SIGN_IN:
      return 3;
    case WF_ERROR_CLASS_FAILED:
    case WF_ERROR_CLASS_USAGE:
      return 2;
    case WF_ERROR_CLASS_TRY_LATER:
    default:
      return 1;
    }
}

/* The worst error stands for all; the others have their lines on standard output. */
static gboolean
check_jobs (GPtrArray *done,
            GError   **error)
{
  const WfCliJob *worst = NULL;
  guint n_failed = 0;

  for (guint i = 0; i < done->len; i++)
    {
      const WfCliJob *job = done->pdata[i];

      if (!job->error)
        continue;
      n_failed++;
      if (!worst || get_weight (job->error) > get_weight (worst->error))
        worst = job;
    }
  if (!worst)
    return TRUE;
  if (error)
    {
      *error = g_error_copy (worst->error);
      g_free ((*error)->message);
      /* Translators: a name, a sentence, and how many accounts failed */
      (*error)->message = g_strdup_printf (ngettext ("%s: %s (%u account failed)", "%s: %s (%u accounts failed)", n_failed),
                                           wf_session_get_account (worst->session)->name, worst->error->message, n_failed);
    }
  return FALSE;
}

static gboolean
run_refresh (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (GPtrArray) done = NULL;
  gint64 n_jobs = WF_CLI_DEFAULT_JOBS;

  if (!wf_cli_parse_number ("--jobs", jobs, 1, WF_CLI_MAX_JOBS, &n_jobs, error))
    return FALSE;
  if (refresh_all == (operands[0] != NULL) || (jobs && !refresh_all))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("Give either the name of an account, or --all with or without --jobs."));
      return FALSE;
    }
  if (!refresh_all)
    return refresh_one (cli, operands[0], error);
  if (!wf_cli_load_engine (cli, error))
    return FALSE;
  done = wf_cli_run_batch (cli, (guint) n_jobs, TRUE, cli->json ? NULL : print_job);
  if (cli->json)
    wf_cli_take_document (cli, describe_jobs (done));
  return check_jobs (done, error);
}

/* --- sign-out --- */

/* The address may carry an ID token as a hint (RP-Initiated Logout 1.0 §2), and a token is not what
 * was asked for. The provider then asks the person for a confirmation instead. */
static char *
drop_hint (const char *uri)
{
  g_auto (GStrv) halves = g_strsplit (uri, "?", 2);
  g_auto (GStrv) fields = g_strsplit (halves[1] ? halves[1] : "", "&", -1);
  g_autoptr (GString) out = g_string_new (halves[0]);
  char separator = '?';

  for (guint i = 0; fields[i]; i++)
    if (*fields[i] && !g_str_has_prefix (fields[i], "id_token_hint="))
      {
        g_string_append_c (out, separator);
        g_string_append (out, fields[i]);
        separator = '&';
      }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static const char *
get_outcome (WfStepOutcome outcome)
{
  switch (outcome)
    {
    case WF_STEP_DONE:
      return "done";
    case WF_STEP_FAILED:
      return "failed";
    case WF_STEP_SKIPPED:
    default:
      return "skipped";
    }
}

static void
print_step (const char   *step,
            WfStepOutcome outcome,
            const GError *error)
{
  if (error)
    wf_cli_print ("%s: %s: %s", step, get_outcome (outcome), error->message);
  else
    wf_cli_print ("%s: %s", step, get_outcome (outcome));
}

static void
add_step (JsonBuilder  *builder,
          const char   *step,
          WfStepOutcome outcome,
          const GError *error)
{
  json_builder_set_member_name (builder, step);
  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "outcome", get_outcome (outcome));
  json_builder_set_member_name (builder, "error");
  if (error)
    json_builder_add_value (builder, wf_cli_error_to_json (error));
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static void
report_sign_out (WfCli                 *cli,
                 const WfSignOutReport *report)
{
  g_autofree char *end_session_uri = report->end_session_uri ? drop_hint (report->end_session_uri) : NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!cli->json)
    {
      print_step ("revocation", report->revocation, report->revocation_error);
      print_step ("keyring", report->keyring, report->keyring_error);
      if (end_session_uri)
        wf_cli_print ("end session: %s", end_session_uri);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_step (builder, "revocation", report->revocation, report->revocation_error);
  add_step (builder, "keyring", report->keyring, report->keyring_error);
  wf_cli_add_string (builder, "end_session_uri", end_session_uri);
  json_builder_end_object (builder);
  wf_cli_take_document (cli, json_builder_get_root (builder));
}

/* The tokens are gone from here, but may go on being good at the provider. */
static void
set_revocation_error (GError      **error,
                      const GError *cause)
{
  if (!error)
    return;
  *error = g_error_copy (cause);
  g_free ((*error)->message);
  /* Translators: %s is a sentence */
  (*error)->message = g_strdup_printf (_("The tokens were forgotten here, but the provider did not revoke them. %s"),
                                       cause->message);
}

static gboolean
run_sign_out (WfCli   *cli,
              char   **operands,
              GError **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, operands[0], error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSignOutReport) report = NULL;

  if (!session)
    return FALSE;
  wf_session_sign_out_async (session, local, cli->cancellable, wf_cli_take_result, &result);
  report = wf_session_sign_out_finish (session, wf_cli_wait (&result), error);
  if (!report)
    return FALSE;
  report_sign_out (cli, report);
  if (report->keyring_error)
    g_propagate_error (error, g_error_copy (report->keyring_error));
  else if (report->revocation_error)
    set_revocation_error (error, report->revocation_error);
  return !report->keyring_error && !report->revocation_error;
}

/* --- userinfo --- */

static gboolean
run_userinfo (WfCli   *cli,
              char   **operands,
              GError **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, operands[0], error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonObject) claims = NULL;

  if (!session)
    return FALSE;
  wf_session_get_userinfo_async (session, cli->cancellable, wf_cli_take_result, &result);
  claims = wf_session_get_userinfo_finish (session, wf_cli_wait (&result), error);
  if (!claims)
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, json_node_init_object (json_node_alloc (), claims));
  else
    wf_cli_print_object (claims);
  return TRUE;
}

const WfCliCommand wf_cli_token_command = {
  "token", "NAME", 1, 1, N_("Print an access token, refreshed where it must be"), token_entries, run_token,
};

const WfCliCommand wf_cli_refresh_command = {
  "refresh", "NAME | --all", 0, 1, N_("Refresh now"), refresh_entries, run_refresh,
};

const WfCliCommand wf_cli_sign_out_command = {
  "sign-out", "NAME", 1, 1, N_("Revoke the tokens and forget them"), sign_out_entries, run_sign_out,
};

const WfCliCommand wf_cli_userinfo_command = {
  "userinfo", "NAME", 1, 1, N_("Ask the provider who is signed in"), NULL, run_userinfo,
};
