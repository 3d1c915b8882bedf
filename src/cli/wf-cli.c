/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "wf-cli-output.h"
#include "wf-cli-process.h"
#include "wf-error.h"

/* The first group of a UUID. */
#define MIN_ID_PREFIX 8

static const WfCliCommand *const commands[] = {
  &wf_cli_add_command,
  &wf_cli_accounts_command,
  &wf_cli_show_command,
  &wf_cli_edit_command,
  &wf_cli_remove_command,
  &wf_cli_sign_in_command,
  &wf_cli_token_command,
  &wf_cli_header_command,
  &wf_cli_exec_command,
  &wf_cli_git_credential_command,
  &wf_cli_refresh_command,
  &wf_cli_sign_out_command,
  &wf_cli_userinfo_command,
  &wf_cli_inspect_command,
  &wf_cli_snippet_command,
  &wf_cli_history_command,
  &wf_cli_doctor_command,
  &wf_cli_test_command,
  &wf_cli_presets_command,
  &wf_cli_export_command,
  &wf_cli_import_command,
};

static gboolean show_help = FALSE;
static gboolean show_version = FALSE;
static gboolean want_json = FALSE;
static char *config_dir = NULL;
static char **operands = NULL;

/* Strings are taken as G_OPTION_ARG_FILENAME, as everywhere in this room: they are checked to be
 * UTF-8 and not converted from the locale's encoding, so that names work in the C locale too. */
static const GOptionEntry global_entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &want_json, N_("Print JSON"), NULL },
  { "config-dir", 0, 0, G_OPTION_ARG_FILENAME, &config_dir, N_("Keep the accounts in this folder"), N_("DIR") },
  { "help", 'h', 0, G_OPTION_ARG_NONE, &show_help, N_("Show this help"), NULL },
  { NULL },
};

static const GOptionEntry version_entries[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_("Show the version"), NULL },
  { NULL },
};

/* --- Help --- */

static char *
make_command_list (void)
{
  g_autoptr (GString) text = g_string_new (_("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = g_strjoin (" ", commands[i]->name, commands[i]->operands, NULL);
      g_autofree char *padded = wf_cli_pad (usage, 32);

      g_string_append_printf (text, "\n  %s%s", padded, _(commands[i]->summary));
    }
  g_string_append_printf (text, "\n\n%s", _("“warifuctl COMMAND --help” shows the options of a command."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GOptionContext *
new_context (const char *parameters)
{
  GOptionContext *context = g_option_context_new (parameters);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, global_entries, GETTEXT_PACKAGE);
  return context;
}

static GOptionContext *
new_global_context (void)
{
  GOptionContext *context = new_context (N_("COMMAND"));
  g_autofree char *description = make_command_list ();

  g_option_context_add_main_entries (context, version_entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _("Signs you in, keeps you signed in, and hands tokens to scripts."));
  g_option_context_set_description (context, description);
  /* The first word that is no option is the command; what follows belongs to it. */
  g_option_context_set_strict_posix (context, TRUE);
  return context;
}

static GOptionContext *
new_command_context (const WfCliCommand *command)
{
  const GOptionEntry operand_entries[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &operands, NULL, NULL },
    { NULL },
  };
  g_autofree char *usage = g_strjoin (" ", command->name, command->operands, NULL);
  GOptionContext *context = new_context (usage);

  if (command->entries)
    g_option_context_add_main_entries (context, command->entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, operand_entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _(command->summary));
  return context;
}

static void
print_help (GOptionContext *context)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  g_autofree char *trimmed = g_strchomp (g_steal_pointer (&help));

  fputs (trimmed, stdout);
  fputc ('\n', stdout);
}

/* --- Parsing --- */

/* What GOption says of an unknown option repeats the whole argument; somebody may have tried to
 * give a secret with it. */
static void
set_usage_error (GError      **error,
                 const GError *cause,
                 const char   *command)
{
  g_autofree char *message = g_strdup (cause->message);

  if (g_error_matches (cause, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && strchr (message, '='))
    *strchr (message, '=') = '\0';
  if (command)
    /* Translators: the first %s is what is wrong, such as "Unknown option --foo" */
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("%s. “warifuctl %s --help” shows the options."), message, command);
  else
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("%s. “warifuctl --help” shows what there is."), message);
}

static gboolean
parse_options (GOptionContext *context,
               const char     *command,
               int            *argc,
               char         ***argv,
               GError        **error)
{
  g_autoptr (GError) local_error = NULL;

  if (g_option_context_parse (context, argc, argv, &local_error))
    return TRUE;
  set_usage_error (error, local_error, command);
  return FALSE;
}

static gboolean
check_encoding (int      argc,
                char   **argv,
                GError **error)
{
  for (int i = 1; i < argc; i++)
    {
      /* Behind it are operands, which are the command's to judge. */
      if (g_str_equal (argv[i], "--"))
        return TRUE;
      if (!g_utf8_validate (argv[i], -1, NULL))
        {
          g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Argument %d is not valid UTF-8."), i);
          return FALSE;
        }
    }
  return TRUE;
}

static const WfCliCommand *
find_command (const char *name,
              GError    **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
               _("There is no command “%s”. “warifuctl --help” shows what there is."), name);
  return NULL;
}

static gboolean
check_operands (const WfCliCommand *command,
                GError            **error)
{
  guint n = operands ? g_strv_length (operands) : 0;

  if (n < command->min_operands)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   /* Translators: "%s %s" is a command and what it needs: "show NAME" */
                   _("Something is missing: warifuctl %s %s"), command->name, command->operands);
      return FALSE;
    }
  if (n > command->max_operands)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("There is one argument too many. “warifuctl %s --help” shows the options."), command->name);
      return FALSE;
    }
  for (guint i = 0; i < MIN (n, command->max_operands == WF_CLI_ANY ? 1 : n); i++)
    if (!g_utf8_validate (operands[i], -1, NULL))
      {
        g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Argument %u of “%s” is not valid UTF-8."), i + 1, command->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
apply_globals (WfCli   *cli,
               GError **error)
{
  cli->json = want_json;
  if (!config_dir)
    return TRUE;
  if (*config_dir == '\0')
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("--config-dir needs a folder."));
      return FALSE;
    }
  g_free (cli->config_dir);
  cli->config_dir = g_canonicalize_filename (config_dir, NULL);
  return TRUE;
}

static gboolean
run_command (WfCli              *cli,
             const WfCliCommand *command,
             int                 argc,
             char              **argv,
             GError            **error)
{
  g_autoptr (GOptionContext) context = new_command_context (command);
  char *no_operands[] = { NULL };

  if (!parse_options (context, command->name, &argc, &argv, error))
    return FALSE;
  if (show_help)
    {
      print_help (context);
      return TRUE;
    }
  if (!check_operands (command, error) || !apply_globals (cli, error))
    return FALSE;
  return command->run (cli, operands ? operands : no_operands, error);
}

static gboolean
run (WfCli   *cli,
     int      argc,
     char   **argv,
     GError **error)
{
  g_autoptr (GOptionContext) context = new_global_context ();
  const WfCliCommand *command;

  if (!check_encoding (argc, argv, error) || !parse_options (context, NULL, &argc, &argv, error))
    return FALSE;
  if (show_version)
    {
      wf_cli_print ("warifuctl %s", PACKAGE_VERSION);
      return TRUE;
    }
  if (show_help)
    {
      print_help (context);
      return TRUE;
    }
  /* A lone "--" stays where it is. */
  if (argc > 1 && g_str_equal (argv[1], "--"))
    argc--, argv++;
  if (argc < 2)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("A command is missing. “warifuctl --help” shows what there is."));
      return FALSE;
    }
  command = find_command (argv[1], error);
  return command && run_command (cli, command, argc - 1, argv + 1, error);
}

/* Whether --json stands on the command line, for errors in the rest of it. */
static gboolean
is_json_asked (int    argc,
               char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--json"))
      return TRUE;
  return FALSE;
}

/* --- The end of a run --- */

/* The answer to a rotating refresh token holds the next one: it is waited for also where
 * the person has stopped waiting. */
void
wf_cli_settle (WfCli *cli)
{
  guint n = cli->engine ? g_list_model_get_n_items (G_LIST_MODEL (cli->engine)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (cli->engine), i);

      while (wf_session_get_state (session) == WF_SESSION_REFRESHING)
        g_main_context_iteration (NULL, TRUE);
    }
  if (cli->engine)
    wf_history_flush (wf_engine_get_history (cli->engine));
}

static void
print_document (WfCli        *cli,
                const GError *error)
{
  JsonObject *object;

  if (!cli->json || (!cli->document && !error))
    return;
  if (!cli->document || (error && !JSON_NODE_HOLDS_OBJECT (cli->document)))
    {
      g_clear_pointer (&cli->document, json_node_unref);
      cli->document = json_node_init_object (json_node_alloc (), json_object_new ());
    }
  object = JSON_NODE_HOLDS_OBJECT (cli->document) ? json_node_get_object (cli->document) : NULL;
  if (object && error)
    json_object_set_member (object, "error", wf_cli_error_to_json (error));
  wf_cli_print_json (cli->document);
}

static int
get_exit_status (WfCli        *cli,
                 const GError *error)
{
  WfErrorClass error_class = wf_error_get_class (error);

  if (cli->status != 0)
    return cli->status;
  /* "Sign in again" is no advice to somebody who is just signing in. */
  if (cli->is_signing_in && error_class == WF_ERROR_CLASS_SIGN_IN)
    return WF_ERROR_CLASS_FAILED;
  return (int) error_class;
}

static void
clear_cli (WfCli *cli)
{
  g_clear_object (&cli->engine);
  g_clear_object (&cli->cancellable);
  g_clear_pointer (&cli->document, json_node_unref);
  g_clear_pointer (&cli->config_dir, g_free);
}

/* Returns: (transfer container): the arguments, with the command before them where it is in the program's name */
static char **
take_command_from_name (int   *argc,
                        char **argv)
{
  g_autofree char *name = g_path_get_basename (*argc > 0 ? argv[0] : "");
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

  for (int i = 0; i < *argc; i++)
    {
      g_ptr_array_add (arguments, argv[i]);
      if (i == 0 && g_str_equal (name, "git-credential-warifu"))
        g_ptr_array_add (arguments, (char *) wf_cli_git_credential_command.name);
    }
  *argc = (int) arguments->len;
  g_ptr_array_add (arguments, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&arguments), FALSE);
}

int
wf_cli_main (int    argc,
             char **own_argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char **argv = take_command_from_name (&argc, own_argv);
  WfCli cli = { .json = is_json_asked (argc, argv), .cancellable = g_cancellable_new () };
  int status = 0;

  g_set_prgname ("warifuctl");
  wf_cli_ignore_broken_pipes ();
  if (!run (&cli, argc, argv, &error) && !error)
    g_set_error (&error, WF_ERROR, WF_ERROR_CANCELLED, _("The command ended without a result."));
  wf_cli_settle (&cli);
  print_document (&cli, error);
  if (!error)
    wf_cli_flush (&error);
  else
    wf_cli_flush (NULL);
  if (error)
    {
      wf_cli_print_error (error);
      status = get_exit_status (&cli, error);
    }
  clear_cli (&cli);
  return status;
}

/* --- For the commands --- */

static gboolean
on_signal (gpointer user_data)
{
  GCancellable *cancellable = user_data;

  g_cancellable_cancel (cancellable);
  /* A second signal ends the program at once. */
  return G_SOURCE_REMOVE;
}

void
wf_cli_watch_signals (WfCli *cli)
{
  const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_unix_signal_add_full (G_PRIORITY_HIGH, signals[i], on_signal, g_object_ref (cli->cancellable), g_object_unref);
}

void
wf_cli_take_result (GObject      *source,
                    GAsyncResult *result,
                    gpointer      slot)
{
  GAsyncResult **taken = slot;

  *taken = g_object_ref (result);
}

GAsyncResult *
wf_cli_wait (GAsyncResult **slot)
{
  while (!*slot)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

WfEngine *
wf_cli_load_engine (WfCli   *cli,
                    GError **error)
{
  WfEngineOptions options = { .config_dir = cli->config_dir };
  g_autoptr (WfEngine) engine = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (cli->engine)
    return cli->engine;
  wf_cli_watch_signals (cli);
  engine = wf_engine_new (&options);
  wf_engine_load_async (engine, cli->cancellable, wf_cli_take_result, &result);
  if (!wf_engine_load_finish (engine, wf_cli_wait (&result), error))
    return NULL;
  cli->engine = g_steal_pointer (&engine);
  return cli->engine;
}

/* An account may be missing because its file cannot be used. */
static void
explain_missing (WfEngine *engine,
                 GError  **error)
{
  GPtrArray *problems = wf_account_store_get_problems (wf_engine_get_store (engine));

  if (error && g_error_matches (*error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT) && problems->len > 0)
    {
      g_autofree char *message = g_strdup_printf ("%s %s", (*error)->message, (char *) problems->pdata[0]);

      g_clear_error (error);
      g_set_error_literal (error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT, message);
    }
}

/* A few letters that happen to begin an id are more likely a name that was mistyped; and "remove" goes by this. */
static gboolean
is_meant (const WfAccount *account,
          const char      *name)
{
  return g_str_equal (account->name, name) || strlen (name) >= MIN_ID_PREFIX;
}

WfAccount *
wf_cli_find_account (WfCli      *cli,
                     const char *name,
                     GError    **error)
{
  WfEngine *engine = wf_cli_load_engine (cli, error);
  g_autoptr (WfAccount) account = NULL;

  if (!engine)
    return NULL;
  account = wf_account_store_find (wf_engine_get_store (engine), name, error);
  if (account && is_meant (account, name))
    return g_steal_pointer (&account);
  if (account)
    g_set_error (error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT, _("There is no account called “%s”."), name);
  explain_missing (engine, error);
  return NULL;
}

WfSession *
wf_cli_find_session (WfCli      *cli,
                     const char *name,
                     GError    **error)
{
  g_autoptr (WfAccount) account = wf_cli_find_account (cli, name, error);

  return account ? wf_engine_find (cli->engine, account->id, error) : NULL;
}

WfSession *
wf_cli_load_session (WfCli      *cli,
                     const char *name,
                     GError    **error)
{
  g_autoptr (WfSession) session = wf_cli_find_session (cli, name, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (!session)
    return NULL;
  wf_session_load_async (session, cli->cancellable, wf_cli_take_result, &result);
  if (!wf_session_load_finish (session, wf_cli_wait (&result), error))
    return NULL;
  return g_steal_pointer (&session);
}

WfProviderMetadata *
wf_cli_fetch_metadata (WfCli           *cli,
                       const WfAccount *account,
                       WfProvider     **provider,
                       GError         **error)
{
  g_autoptr (WfProvider) own = wf_provider_new (account, error);
  g_autoptr (GAsyncResult) result = NULL;
  WfProviderMetadata *metadata;

  if (!own)
    return NULL;
  wf_provider_get_metadata_async (own, cli->cancellable, wf_cli_take_result, &result);
  metadata = wf_provider_get_metadata_finish (own, wf_cli_wait (&result), error);
  if (metadata && provider)
    *provider = g_steal_pointer (&own);
  return metadata;
}

void
wf_cli_take_document (WfCli    *cli,
                      JsonNode *document)
{
  g_clear_pointer (&cli->document, json_node_unref);
  cli->document = document;
}

gboolean
wf_cli_parse_number (const char *option,
                     const char *text,
                     gint64      minimum,
                     gint64      maximum,
                     gint64     *number,
                     GError    **error)
{
  g_autofree char *range = NULL;

  if (!text || g_ascii_string_to_signed (text, 10, minimum, maximum, number, NULL))
    return TRUE;
  range = g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, minimum, maximum);
  /* Translators: %s and %s are an option and a range: "--timeout needs a whole number in 1–86400." */
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("%s needs a whole number in %s."), option, range);
  return FALSE;
}
