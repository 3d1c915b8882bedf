/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include "wf-engine.h"

G_BEGIN_DECLS

/**
 * WfCli:
 *
 * One run of warifuctl: what every command gets.
 *
 * A command is a straight line. Where it must wait, it waits with wf_cli_wait() for one
 * result, or with wf_cli_run_batch() for many.
 */
typedef struct
{
  gboolean      json;          /* --json */
  char         *config_dir;    /* nullable: the default */
  GCancellable *cancellable;   /* triggered by SIGINT, SIGTERM and SIGHUP */
  WfEngine     *engine;        /* nullable: NULL until a command needs it */
  JsonNode     *document;      /* nullable: what --json prints at the end */
  gboolean      is_signing_in; /* the server's errors answer the code, not a stored token */
  int           status;        /* for an error whose class does not say it; 0: as its class */
} WfCli;

#define WF_CLI_ANY G_MAXUINT

/**
 * WfCliCommand:
 *
 * One command. The entries point at variables of its file, which are set before @run.
 */
typedef struct
{
  const char         *name;
  const char         *operands;    /* for the help: "NAME"; nullable */
  guint               min_operands;
  guint               max_operands; /* WF_CLI_ANY: what follows belongs to another program, and may be any bytes */
  const char         *summary;     /* translatable */
  const GOptionEntry *entries;     /* nullable */
  gboolean          (*run) (WfCli *cli, char **operands, GError **error);
} WfCliCommand;

extern const WfCliCommand wf_cli_add_command;
extern const WfCliCommand wf_cli_accounts_command;
extern const WfCliCommand wf_cli_show_command;
extern const WfCliCommand wf_cli_edit_command;
extern const WfCliCommand wf_cli_remove_command;
extern const WfCliCommand wf_cli_sign_in_command;
extern const WfCliCommand wf_cli_token_command;
extern const WfCliCommand wf_cli_refresh_command;
extern const WfCliCommand wf_cli_sign_out_command;
extern const WfCliCommand wf_cli_userinfo_command;
extern const WfCliCommand wf_cli_inspect_command;
extern const WfCliCommand wf_cli_snippet_command;
extern const WfCliCommand wf_cli_history_command;
extern const WfCliCommand wf_cli_doctor_command;
extern const WfCliCommand wf_cli_exec_command;
extern const WfCliCommand wf_cli_export_command;
extern const WfCliCommand wf_cli_git_credential_command;
extern const WfCliCommand wf_cli_header_command;
extern const WfCliCommand wf_cli_import_command;
extern const WfCliCommand wf_cli_presets_command;
extern const WfCliCommand wf_cli_test_command;

/* Runs one command line; called as git-credential-warifu it is that of "git-credential".
 * Returns: the exit status */
int wf_cli_main (int    argc,
                 char **argv);

/* Reads the accounts. Returns: (transfer none): NULL with an error */
WfEngine *wf_cli_load_engine (WfCli   *cli,
                              GError **error);
/* Reads the accounts and finds one. Returns: (transfer full): NULL with an error */
WfAccount *wf_cli_find_account (WfCli      *cli,
                                const char *name,
                                GError    **error);
/* The same, as a session that is not loaded; an account whose network settings cannot be used has none. */
WfSession *wf_cli_find_session (WfCli      *cli,
                                const char *name,
                                GError    **error);
/* The same, and reads its keyring item. */
WfSession *wf_cli_load_session (WfCli      *cli,
                                const char *name,
                                GError    **error);

/* Asks the account's provider what it is; no request where the endpoints were typed in.
 * @provider: (out) (optional) (transfer full). Returns: (transfer full): NULL with an error */
WfProviderMetadata *wf_cli_fetch_metadata (WfCli           *cli,
                                           const WfAccount *account,
                                           WfProvider     **provider,
                                           GError         **error);

/* A GAsyncReadyCallback that puts the result into the GAsyncResult* that @slot points at. */
void wf_cli_take_result (GObject      *source,
                         GAsyncResult *result,
                         gpointer      slot);
/* Turns the main loop until *@slot is there. Returns: (transfer none): *@slot */
GAsyncResult *wf_cli_wait (GAsyncResult **slot);
/* Turns signals that ask the program to end into a cancellation from now on. */
void wf_cli_watch_signals (WfCli *cli);

/* Waits for what may not be left undone: refreshes whose answer is on its way, the history. */
void wf_cli_settle (WfCli *cli);

/* A token of @session, refreshed where it is not good for @min_ttl seconds (WF_MIN_TTL_USUAL).
 * @audience: (nullable). Returns: (transfer full): of visible ASCII alone; NULL with an error */
SecretValue *wf_cli_get_token (WfCli      *cli,
                               WfSession  *session,
                               const char *name,
                               gint64      seconds,
                               GError    **error);
/* Returns: (transfer none) (nullable): what is held of it, without a request. @name: (nullable): an audience */
const WfAccessToken *wf_cli_peek_token (WfSession  *session,
                                        const char *name);
/* Reads what --min-ttl was given. @text: (nullable): then *@seconds is WF_MIN_TTL_USUAL */
gboolean wf_cli_parse_min_ttl (const char *text,
                               gint64     *seconds,
                               GError    **error);
/* Refreshes now. @name: (nullable): an audience */
gboolean wf_cli_refresh (WfCli         *cli,
                         WfSession     *session,
                         WfRefreshCause cause,
                         const char    *name,
                         GError       **error);

/* Stores a new account, or an edited one. @secret: (nullable). Returns: (transfer full): NULL with an error */
WfSession *wf_cli_save_account (WfCli       *cli,
                                WfAccount   *account,
                                SecretValue *secret,
                                GError     **error);
/* The engine must be loaded. Returns: FALSE with WF_ERROR_USAGE where another account is found by @account's name */
gboolean wf_cli_check_name_is_free (WfCli           *cli,
                                    const WfAccount *account,
                                    GError         **error);
/* Says that it was added: as text now, or with --json as the document at the end. */
void wf_cli_show_added (WfCli     *cli,
                        WfSession *session);

/* With --json, @document is printed at the end, with the error in it where one comes. Takes @document. */
void wf_cli_take_document (WfCli    *cli,
                           JsonNode *document);

/* Shows a loaded session: as text now, or with --json as the document at the end. */
void wf_cli_show_session (WfCli     *cli,
                          WfSession *session);

/* Reads a whole number in [@minimum, @maximum]. @text: (nullable): then *@number stays.
 * Returns: FALSE with WF_ERROR_USAGE naming @option */
gboolean wf_cli_parse_number (const char *option,
                              const char *text,
                              gint64      minimum,
                              gint64      maximum,
                              gint64     *number,
                              GError    **error);

G_END_DECLS
