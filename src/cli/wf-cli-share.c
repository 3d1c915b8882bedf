/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "wf-account-share.h"
#include "wf-cli-input.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-provider.h"

static char *new_name = NULL;
static char *client_id = NULL;
static char *secret_file = NULL;

static const GOptionEntry import_entries[] = {
  { "name", 0, 0, G_OPTION_ARG_FILENAME, &new_name, N_("Another name than the one in the file"), N_("NAME") },
  { "client-id", 0, 0, G_OPTION_ARG_FILENAME, &client_id, N_("The client ID, which an address does not tell"), N_("ID") },
  { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file,
    N_("Read the client secret from a file, or with “-” from standard input"), N_("FILE") },
  { NULL },
};

/* --- export --- */

static gboolean
set_write_error (GError    **error,
                 const char *path)
{
  int failure = errno;

  if (failure == EEXIST)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("There is a file %s already. Choose another name."), path);
  else
    g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, _("The file %s cannot be written: %s."), path, g_strerror (failure));
  return FALSE;
}

/* A file that is there already is somebody's. */
static gboolean
write_new_file (const char *path,
                const char *text,
                GError    **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0666);
  FILE *file = fd >= 0 ? fdopen (fd, "w") : NULL;
  gboolean written;

  if (!file)
    return set_write_error (error, path);
  written = fputs (text, file) >= 0;
  /* A full disk is often told only now. */
  written &= fclose (file) == 0;
  if (written)
    return TRUE;
  set_write_error (error, path);
  unlink (path);
  return FALSE;
}

static JsonNode *
describe_export (const WfAccount *account,
                 const char      *path,
                 const char      *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "id", account->id);
  wf_cli_add_string (builder, "name", account->name);
  wf_cli_add_string (builder, "file", path);
  wf_cli_add_string (builder, "text", text);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
run_export (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfAccount) account = wf_cli_find_account (cli, operands[0], error);
  g_autofree char *text = NULL;
  const char *path = NULL;

  if (!account)
    return FALSE;
  if (operands[1] && !g_str_equal (operands[1], "-"))
    path = operands[1];
  text = wf_account_export (account);
  if (path && !write_new_file (path, text, error))
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, describe_export (account, path, text));
  else if (!path)
    wf_cli_print_program (text);
  return TRUE;
}

/* --- import --- */

/* Only the address of a provider is asked for; no account is fetched from elsewhere. */
static gboolean
is_address (const char *source)
{
  return strstr (source, "://") != NULL;
}

static WfAccount *
read_account (const char *path,
              GError    **error)
{
  g_autoptr (GBytes) bytes = wf_cli_read_file (path, WF_ACCOUNT_FILE_MAX_BYTES, error);
  g_autoptr (WfAccount) account = NULL;

  if (!bytes)
    return NULL;
  account = wf_account_import (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  if (account && client_id)
    wf_account_set (&account->client_id, client_id);
  return g_steal_pointer (&account);
}

static WfAccount *
discover_account (WfCli      *cli,
                  const char *address,
                  GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfProviderMetadata) metadata = NULL;

  if (!client_id)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                   _("The address of a provider does not tell the client ID. Give it with --client-id."));
      return NULL;
    }
  wf_cli_watch_signals (cli);
  wf_provider_discover_async (address, NULL, cli->cancellable, wf_cli_take_result, &result);
  wf_cli_wait (&result);
  metadata = wf_provider_discover_finish (result, error);
  return metadata ? wf_account_new_for_provider (metadata, client_id) : NULL;
}

/* What is said is true of the file, whether or not it goes into the store. */
static void
tell_reliances (WfCli           *cli,
                const WfAccount *account,
                gboolean         has_secret)
{
  g_auto (GStrv) reliances = wf_account_list_reliances (account);

  for (guint i = 0; reliances[i]; i++)
    wf_cli_warn ("%s", reliances[i]);
  if (wf_account_is_confidential (account) && !has_secret)
    wf_cli_warn (_("The account needs its client secret: warifuctl edit %s --client-secret-file FILE"), account->id);
}

static gboolean
check_import (WfCli           *cli,
              const WfAccount *account,
              GError         **error)
{
  if (secret_file && !wf_account_is_confidential (account))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("This account has no client secret."));
      return FALSE;
    }
  return wf_account_check (account, NULL, error) && wf_cli_load_engine (cli, error) &&
         wf_cli_check_name_is_free (cli, account, error);
}

static gboolean
run_import (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfAccount) account = NULL;
  g_autoptr (WfSecretValue) secret = NULL;
  g_autoptr (WfSession) session = NULL;

  if (secret_file && g_str_equal (secret_file, "-") && g_str_equal (operands[0], "-"))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The account and its secret cannot both come from standard input."));
      return FALSE;
    }
  account = is_address (operands[0]) ? discover_account (cli, operands[0], error) : read_account (operands[0], error);
  if (!account)
    return FALSE;
  if (new_name)
    wf_account_set (&account->name, new_name);
  if (!check_import (cli, account, error) ||
      (secret_file && !(secret = wf_cli_read_secret (secret_file, error))))
    return FALSE;
  session = wf_cli_save_account (cli, account, secret, error);
  if (!session)
    return FALSE;
  wf_cli_show_added (cli, session);
  tell_reliances (cli, account, secret != NULL);
  return TRUE;
}

const WfCliCommand wf_cli_export_command = {
  "export", "NAME [FILE]", 1, 2, N_("Write an account, without secrets, for others to import"), NULL, run_export,
};

const WfCliCommand wf_cli_import_command = {
  "import", "FILE|URL", 1, 1, N_("Add an account from a file, or from a provider's address"), import_entries, run_import,
};
