/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-batch.h"
#include "wf-cli-input.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-presets.h"
#include "wf-uri.h"

/* The options of "add" and "edit"; NULL where not given. */
static struct
{
  char  *name;
  char  *issuer;
  char  *client_id;
  char  *secret_file;
  gboolean no_secret;
  char  *auth_method;
  char  *scope;
  char  *audience;
  char **resources;
  char  *redirect_uri;
  char **params;
  char  *authorization_endpoint;
  char  *token_endpoint;
  char  *jwks_uri;
  char  *userinfo_endpoint;
  char  *revocation_endpoint;
  char  *end_session_endpoint;
  char  *refresh_policy;
  char  *refresh_before_action;
  char  *reuse_leeway;
  char  *keep_cookies;
  char  *ca_file;
  char  *proxy;
  char  *client_certificate;
  char  *preset;
  char  *domain;
  char  *tenant;
  char  *realm;
} options;

#define ACCOUNT_ENTRIES                                                                                               \
  { "issuer", 0, 0, G_OPTION_ARG_FILENAME, &options.issuer, N_("The provider's issuer"), N_("URL") },                 \
  { "client-id", 0, 0, G_OPTION_ARG_FILENAME, &options.client_id, N_("The client ID"), N_("ID") },                    \
  { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &options.secret_file,                                          \
    N_("Read the client secret from a file, or with “-” from standard input"), N_("FILE") },                          \
  { "auth-method", 0, 0, G_OPTION_ARG_FILENAME, &options.auth_method,                                                 \
    N_("none, client_secret_basic or client_secret_post"), N_("METHOD") },                                            \
  { "scope", 0, 0, G_OPTION_ARG_FILENAME, &options.scope, N_("Scopes, separated by spaces"), N_("SCOPES") },          \
  { "audience", 0, 0, G_OPTION_ARG_FILENAME, &options.audience, N_("The audience of access tokens"), N_("AUDIENCE") }, \
  { "resource", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.resources, N_("A resource; may be repeated"), N_("URI") }, \
  { "redirect-uri", 0, 0, G_OPTION_ARG_FILENAME, &options.redirect_uri, N_("The redirect URI"), N_("URI") },          \
  { "param", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.params,                                                      \
    N_("An extra parameter of the authorization request; may be repeated"), N_("NAME=VALUE") },                       \
  { "authorization-endpoint", 0, 0, G_OPTION_ARG_FILENAME, &options.authorization_endpoint,                           \
    N_("For a provider without discovery"), N_("URL") },                                                              \
  { "token-endpoint", 0, 0, G_OPTION_ARG_FILENAME, &options.token_endpoint,                                           \
    N_("For a provider without discovery"), N_("URL") },                                                              \
  { "jwks-uri", 0, 0, G_OPTION_ARG_FILENAME, &options.jwks_uri, N_("For a provider without discovery"), N_("URL") },  \
  { "userinfo-endpoint", 0, 0, G_OPTION_ARG_FILENAME, &options.userinfo_endpoint,                                     \
    N_("For a provider without discovery"), N_("URL") },                                                              \
  { "revocation-endpoint", 0, 0, G_OPTION_ARG_FILENAME, &options.revocation_endpoint,                                 \
    N_("For a provider without discovery"), N_("URL") },                                                              \
  { "end-session-endpoint", 0, 0, G_OPTION_ARG_FILENAME, &options.end_session_endpoint,                               \
    N_("For a provider without discovery"), N_("URL") },                                                              \
  { "refresh-policy", 0, 0, G_OPTION_ARG_FILENAME, &options.refresh_policy,                                           \
    N_("on-demand, before-expiry or every:SECONDS"), N_("POLICY") },                                                  \
  { "refresh-before-action", 0, 0, G_OPTION_ARG_FILENAME, &options.refresh_before_action,                             \
    N_("Whether to refresh before a token is shown or copied in the window"), N_("yes|no") },                         \
  { "reuse-leeway", 0, 0, G_OPTION_ARG_FILENAME, &options.reuse_leeway,                                               \
    N_("Whether the provider accepts the previous refresh token for a while"), N_("yes|no") },                        \
  { "keep-cookies", 0, 0, G_OPTION_ARG_FILENAME, &options.keep_cookies,                                               \
    N_("Whether the sign-in view keeps its cookies"), N_("yes|no") },                                                 \
  { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_file,                                                         \
    N_("Trust the authorities in this PEM file too"), N_("FILE") },                                                   \
  { "proxy", 0, 0, G_OPTION_ARG_FILENAME, &options.proxy, N_("A proxy instead of the system's"), N_("URL") },         \
  { "client-certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.client_certificate,                                   \
    N_("A PEM file with a certificate and its key, for mutual TLS"), N_("FILE") }

static const GOptionEntry add_entries[] = {
  { "preset", 0, 0, G_OPTION_ARG_FILENAME, &options.preset,
    N_("Begin with what is known of a kind of provider; “warifuctl presets” lists them"), N_("PRESET") },
  { "domain", 0, 0, G_OPTION_ARG_FILENAME, &options.domain, N_("With --preset: the provider's domain"), N_("DOMAIN") },
  { "tenant", 0, 0, G_OPTION_ARG_FILENAME, &options.tenant, N_("With --preset: the tenant"), N_("TENANT") },
  { "realm", 0, 0, G_OPTION_ARG_FILENAME, &options.realm, N_("With --preset: the realm"), N_("REALM") },
  ACCOUNT_ENTRIES,
  { NULL },
};

static const GOptionEntry edit_entries[] = {
  { "name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, N_("A new name"), N_("NAME") },
  { "no-client-secret", 0, 0, G_OPTION_ARG_NONE, &options.no_secret, N_("Forget the client secret"), NULL },
  ACCOUNT_ENTRIES,
  { NULL },
};

/* --- From options to an account --- */

static gboolean
set_usage (GError    **error,
           const char *sentence)
{
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE, sentence);
  return FALSE;
}

/* "" clears, as it does in an account file. */
static void
apply_text (char      **field,
            const char *value)
{
  if (value)
    wf_account_set (field, value);
}

/* Repeated options replace all of the old ones; empty ones add nothing. */
static void
apply_list (char     ***field,
            char      **values)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (!values)
    return;
  for (guint i = 0; values[i]; i++)
    if (*values[i])
      g_strv_builder_add (builder, values[i]);
  g_strfreev (*field);
  *field = g_strv_builder_end (builder);
  if (!**field)
    g_clear_pointer (field, g_strfreev);
}

/* The account is used from other folders than this one. */
static void
apply_path (char      **field,
            const char *path)
{
  g_autofree char *absolute = path && *path ? g_canonicalize_filename (path, NULL) : NULL;

  apply_text (field, absolute ? absolute : path);
}

static gboolean
apply_flag (const char *option,
            gboolean   *field,
            const char *value,
            GError    **error)
{
  if (!value)
    return TRUE;
  *field = g_str_equal (value, "yes");
  if (*field || g_str_equal (value, "no"))
    return TRUE;
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("%s is “yes” or “no”."), option);
  return FALSE;
}

/* An issuer with a scheme is taken as it stands: it must be the provider's own, to the letter. */
static gboolean
apply_issuer (WfAccount *account,
              GError   **error)
{
  g_autofree char *issuer = NULL;
  gboolean is_domain;

  if (!options.issuer || *options.issuer == '\0' ||
      (strstr (options.issuer, "://") && !strstr (options.issuer, "/.well-known/")))
    {
      apply_text (&account->issuer, options.issuer);
      return TRUE;
    }
  issuer = wf_uri_issuer_from_input (options.issuer, &is_domain, error);
  apply_text (&account->issuer, issuer);
  return issuer != NULL;
}

static gboolean
apply_auth_method (WfAccount *account,
                   GError   **error)
{
  gboolean was_confidential = wf_account_is_confidential (account);

  if (options.auth_method && !wf_auth_method_from_string (options.auth_method, &account->auth_method, error))
    return FALSE;
  if (options.no_secret && !options.auth_method)
    account->auth_method = WF_AUTH_METHOD_NONE;
  if (options.secret_file && !options.auth_method && !was_confidential)
    account->auth_method = WF_AUTH_METHOD_BASIC;
  if (options.secret_file && !wf_account_is_confidential (account))
    return set_usage (error, _("A client secret needs another --auth-method than “none”."));
  if (options.no_secret && wf_account_is_confidential (account))
    return set_usage (error, _("This --auth-method needs a client secret."));
  return TRUE;
}

static gboolean
apply_options (WfAccount *account,
               GError   **error)
{
  apply_text (&account->name, options.name);
  apply_text (&account->client_id, options.client_id);
  apply_text (&account->scope, options.scope);
  apply_text (&account->audience, options.audience);
  apply_list (&account->resources, options.resources);
  apply_text (&account->redirect_uri, options.redirect_uri);
  apply_list (&account->params, options.params);
  apply_text (&account->authorization_endpoint, options.authorization_endpoint);
  apply_text (&account->token_endpoint, options.token_endpoint);
  apply_text (&account->jwks_uri, options.jwks_uri);
  apply_text (&account->userinfo_endpoint, options.userinfo_endpoint);
  apply_text (&account->revocation_endpoint, options.revocation_endpoint);
  apply_text (&account->end_session_endpoint, options.end_session_endpoint);
  apply_path (&account->ca_file, options.ca_file);
  apply_path (&account->client_certificate, options.client_certificate);
  apply_text (&account->proxy, options.proxy);
  if (options.refresh_policy && !wf_account_parse_refresh_policy (account, options.refresh_policy, error))
    return FALSE;
  return apply_flag ("--refresh-before-action", &account->refresh_before_sensitive, options.refresh_before_action, error) &&
         apply_flag ("--reuse-leeway", &account->reuse_leeway, options.reuse_leeway, error) &&
         apply_flag ("--keep-cookies", &account->keep_cookies, options.keep_cookies, error) &&
         apply_issuer (account, error) &&
         apply_auth_method (account, error) &&
         wf_account_check (account, NULL, error);
}

/* Names are how accounts are found: no two may be the same, nor be the id of another. */
gboolean
wf_cli_check_name_is_free (WfCli           *cli,
                           const WfAccount *account,
                           GError         **error)
{
  GPtrArray *accounts = wf_account_store_get_accounts (wf_engine_get_store (cli->engine));

  for (guint i = 0; i < accounts->len; i++)
    {
      const WfAccount *other = accounts->pdata[i];

      if (g_str_equal (other->id, account->id))
        continue;
      if (g_str_equal (other->name, account->name) || g_str_equal (other->id, account->name))
        {
          g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("There is an account “%s” already."), account->name);
          return FALSE;
        }
    }
  return TRUE;
}

WfSession *
wf_cli_save_account (WfCli       *cli,
                     WfAccount   *account,
                     SecretValue *secret,
                     GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_engine_save_account_async (cli->engine, account, secret, cli->cancellable, wf_cli_take_result, &result);
  return wf_engine_save_account_finish (cli->engine, wf_cli_wait (&result), error);
}

/* --- add --- */

/* Which option fills in which field of a preset. */
static const struct
{
  const char *name;
  char      **value;
} fillings[] = {
  { "domain", &options.domain },
  { "tenant", &options.tenant },
  { "realm", &options.realm },
};

/* Returns: (transfer container) (element-type utf8): in the order of the preset's fields */
static GPtrArray *
list_fillings (const WfPreset *preset,
               GError        **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; i < preset->fields->len; i++)
    g_ptr_array_add (values, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fillings); i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < preset->fields->len; j++)
        if (g_str_equal (((WfPresetField *) preset->fields->pdata[j])->name, fillings[i].name))
          {
            values->pdata[j] = *fillings[i].value;
            known = TRUE;
          }
      if (*fillings[i].value && !known)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The preset “%s” has no --%s."), preset->id, fillings[i].name);
          return NULL;
        }
    }
  return g_steal_pointer (&values);
}

static gboolean
check_fillings (const WfPreset *preset,
                GPtrArray      *values,
                GError        **error)
{
  for (guint i = 0; i < values->len; i++)
    {
      const WfPresetField *field = preset->fields->pdata[i];

      if (!values->pdata[i] && !field->standard)
        {
          /* Translators: a preset, an option, and a value that it may have */
          g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The preset “%s” needs --%s, such as %s."),
                       preset->id, field->name, field->example);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
apply_preset (WfAccount *account,
              GError   **error)
{
  g_autoptr (GPtrArray) presets = NULL;
  g_autoptr (GPtrArray) values = NULL;
  g_autoptr (WfPreset) preset = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fillings) && !options.preset; i++)
    if (*fillings[i].value)
      {
        g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("--%s needs --preset."), fillings[i].name);
        return FALSE;
      }
  if (!options.preset)
    return TRUE;
  presets = wf_presets_load ();
  preset = wf_presets_find (presets, options.preset, error);
  values = preset ? list_fillings (preset, error) : NULL;
  return values && check_fillings (preset, values, error) &&
         wf_preset_fill (preset, (const char *const *) values->pdata, account, error);
}

void
wf_cli_show_added (WfCli     *cli,
                   WfSession *session)
{
  WfAccount *account = wf_session_get_account (session);

  if (cli->json)
    wf_cli_show_session (cli, session);
  else
    /* Translators: a name and an id */
    wf_cli_print (_("Added %s (%s)"), account->name, account->id);
}

static gboolean
run_add (WfCli   *cli,
         char   **operands,
         GError **error)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfSecretValue) secret = NULL;
  g_autoptr (WfSession) session = NULL;

  if (!apply_preset (account, error))
    return FALSE;
  if (!options.client_id || (!options.issuer && !options.authorization_endpoint && !account->issuer))
    return set_usage (error, _("An account needs --issuer and --client-id."));
  wf_account_set (&account->name, operands[0]);
  if (!apply_options (account, error))
    return FALSE;
  if (wf_account_is_confidential (account) && !options.secret_file)
    return set_usage (error, _("This --auth-method needs --client-secret-file."));
  if (options.secret_file && !(secret = wf_cli_read_secret (options.secret_file, error)))
    return FALSE;
  if (!wf_cli_load_engine (cli, error) || !wf_cli_check_name_is_free (cli, account, error))
    return FALSE;
  session = wf_cli_save_account (cli, account, secret, error);
  if (!session)
    return FALSE;
  wf_cli_show_added (cli, session);
  return TRUE;
}

/* --- edit --- */

static gboolean
is_any_option_given (void)
{
  const struct
  {
    const void *value;
  } given[] = {
    { options.name }, { options.issuer }, { options.client_id }, { options.secret_file }, { options.auth_method },
    { options.scope }, { options.audience }, { options.resources }, { options.redirect_uri }, { options.params },
    { options.authorization_endpoint }, { options.token_endpoint }, { options.jwks_uri },
    { options.userinfo_endpoint }, { options.revocation_endpoint }, { options.end_session_endpoint },
    { options.refresh_policy }, { options.refresh_before_action }, { options.reuse_leeway },
    { options.keep_cookies }, { options.ca_file }, { options.proxy }, { options.client_certificate },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    if (given[i].value)
      return TRUE;
  return options.no_secret;
}

/* A public client that becomes confidential needs a secret: a new one, or one that is in the keyring. */
static gboolean
check_secret_is_there (WfCli           *cli,
                       const WfAccount *old,
                       const WfAccount *account,
                       GError         **error)
{
  g_autoptr (WfSession) session = NULL;

  if (options.secret_file || !wf_account_is_confidential (account) || wf_account_is_confidential (old))
    return TRUE;
  session = wf_cli_load_session (cli, old->id, error);
  if (!session)
    return FALSE;
  if (wf_session_get_tokens (session)->client_secret)
    return TRUE;
  return set_usage (error, _("This --auth-method needs --client-secret-file."));
}

static gboolean
forget_secret (WfCli     *cli,
               WfSession *session,
               GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_set_client_secret_async (session, NULL, cli->cancellable, wf_cli_take_result, &result);
  return wf_session_set_client_secret_finish (session, wf_cli_wait (&result), error);
}

static JsonNode *
describe_briefly (const WfAccount *account,
                  const char      *state)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "id", account->id);
  wf_cli_add_string (builder, "name", account->name);
  wf_cli_add_string (builder, "issuer", account->issuer);
  wf_cli_add_string (builder, "state", state);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* An edit is done also where the keyring cannot be read. */
static void
report_edit (WfCli     *cli,
             WfSession *session)
{
  g_autoptr (WfAccount) account = wf_account_ref (wf_session_get_account (session));
  g_autoptr (GAsyncResult) result = NULL;

  if (!cli->json)
    {
      /* Translators: a name and an id */
      wf_cli_print (_("Changed %s (%s)"), account->name, account->id);
      return;
    }
  wf_session_load_async (session, cli->cancellable, wf_cli_take_result, &result);
  if (wf_session_load_finish (session, wf_cli_wait (&result), NULL))
    wf_cli_show_session (cli, session);
  else
    wf_cli_take_document (cli, describe_briefly (account, NULL));
}

static gboolean
check_writable (const WfAccount *account,
                GError         **error)
{
  if (!account->read_only)
    return TRUE;
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
               _("The account “%s” is provided by your administrator and cannot be changed here."), account->name);
  return FALSE;
}

static gboolean
run_edit (WfCli   *cli,
          char   **operands,
          GError **error)
{
  g_autoptr (WfAccount) old = NULL;
  g_autoptr (WfAccount) account = NULL;
  g_autoptr (WfSession) saved = NULL;
  g_autoptr (WfSecretValue) secret = NULL;

  if (!is_any_option_given ())
    return set_usage (error, _("There is nothing to change. “warifuctl edit --help” shows the options."));
  if (options.name && *options.name == '\0')
    return set_usage (error, _("An account needs a name."));
  if (options.secret_file && options.no_secret)
    return set_usage (error, _("--client-secret-file and --no-client-secret exclude each other."));
  /* An account that cannot be used has no session, and an edit is what mends it. */
  old = wf_cli_find_account (cli, operands[0], error);
  if (!old || !check_writable (old, error))
    return FALSE;
  account = wf_account_copy (old);
  if (!apply_options (account, error) || !wf_cli_check_name_is_free (cli, account, error) ||
      !check_secret_is_there (cli, old, account, error))
    return FALSE;
  if (options.secret_file && !(secret = wf_cli_read_secret (options.secret_file, error)))
    return FALSE;
  saved = wf_cli_save_account (cli, account, secret, error);
  if (!saved || (options.no_secret && !forget_secret (cli, saved, error)))
    return FALSE;
  report_edit (cli, saved);
  return TRUE;
}

/* --- accounts --- */

static void
warn_of_problems (WfEngine *engine)
{
  GPtrArray *problems = wf_account_store_get_problems (wf_engine_get_store (engine));

  for (guint i = 0; i < problems->len; i++)
    wf_cli_warn ("%s", (char *) problems->pdata[i]);
}

/* One warning however many accounts there are: the keyring fails for all of them alike. */
static void
warn_of_keyring (GPtrArray *jobs)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      const WfCliJob *job = jobs->pdata[i];

      if (job->error)
        {
          wf_cli_warn ("%s", job->error->message);
          return;
        }
    }
}

static const char *
get_state (const WfCliJob *job)
{
  return job->error ? NULL : wf_session_state_to_string (wf_session_get_state (job->session));
}

static JsonNode *
make_account_list (GPtrArray *jobs)
{
  JsonNode *node = json_node_init_array (json_node_alloc (), json_array_sized_new (jobs->len));

  for (guint i = 0; i < jobs->len; i++)
    {
      const WfCliJob *job = jobs->pdata[i];

      json_array_add_element (json_node_get_array (node),
                              describe_briefly (wf_session_get_account (job->session), get_state (job)));
    }
  return node;
}

static void
print_account_list (GPtrArray *jobs)
{
  guint width = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const WfCliJob *job = jobs->pdata[i];

      width = MAX (width, wf_cli_get_width (wf_session_get_account (job->session)->name));
    }
  for (guint i = 0; i < jobs->len; i++)
    {
      const WfCliJob *job = jobs->pdata[i];
      const WfAccount *account = wf_session_get_account (job->session);
      const char *state = get_state (job);
      g_autofree char *name = wf_cli_pad (account->name, MIN (width, 40) + 2);
      g_autofree char *padded_state = wf_cli_pad (state ? state : "unknown", 15);

      wf_cli_print ("%s%s%s", name, padded_state, account->issuer ? account->issuer : account->authorization_endpoint);
    }
}

static gboolean
run_accounts (WfCli   *cli,
              char   **operands,
              GError **error)
{
  g_autoptr (GPtrArray) jobs = NULL;

  if (!wf_cli_load_engine (cli, error))
    return FALSE;
  warn_of_problems (cli->engine);
  jobs = wf_cli_run_batch (cli, WF_CLI_DEFAULT_JOBS, FALSE, NULL);
  if (g_cancellable_set_error_if_cancelled (cli->cancellable, error))
    return FALSE;
  warn_of_keyring (jobs);
  if (cli->json)
    wf_cli_take_document (cli, make_account_list (jobs));
  else
    print_account_list (jobs);
  return TRUE;
}

/* --- remove --- */

static gboolean
run_remove (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfSession) session = wf_cli_find_session (cli, operands[0], error);
  g_autoptr (WfAccount) account = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (!session)
    return FALSE;
  account = wf_account_ref (wf_session_get_account (session));
  if (!check_writable (account, error))
    return FALSE;
  wf_engine_remove_account_async (cli->engine, session, cli->cancellable, wf_cli_take_result, &result);
  if (!wf_engine_remove_account_finish (cli->engine, wf_cli_wait (&result), error))
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, describe_briefly (account, NULL));
  else
    /* Translators: a name and an id */
    wf_cli_print (_("Removed %s (%s)"), account->name, account->id);
  return TRUE;
}

const WfCliCommand wf_cli_add_command = {
  "add", "NAME", 1, 1, N_("Add an account"), add_entries, run_add,
};

const WfCliCommand wf_cli_edit_command = {
  "edit", "NAME", 1, 1, N_("Change an account; an empty value clears a setting"), edit_entries, run_edit,
};

const WfCliCommand wf_cli_accounts_command = {
  "accounts", NULL, 0, 0, N_("List the accounts"), NULL, run_accounts,
};

const WfCliCommand wf_cli_remove_command = {
  "remove", "NAME", 1, 1, N_("Remove an account and its tokens"), NULL, run_remove,
};
