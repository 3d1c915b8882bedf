/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"
#include "wf-provider-metadata.h"

G_BEGIN_DECLS

/* A file by which an account goes from one person or computer to another: the account's key file, of which neither
 * the id nor a secret is a part. */
#define WF_ACCOUNT_SHARE_TYPE "application/x-warifu-account"
#define WF_ACCOUNT_SHARE_ENDING ".warifu"

/* Returns: (transfer full): the text of such a file */
char *wf_account_export (const WfAccount *account);

/* Returns: (transfer full): a file name for it, without a folder: "Work account.warifu" */
char *wf_account_make_file_name (const WfAccount *account);

/**
 * wf_account_import:
 * @data: such a file, of at most WF_ACCOUNT_FILE_MAX_BYTES
 *
 * Makes a new account of it, which is not stored yet. It is checked as a file of our own is, and trusted no more:
 * show the person wf_account_list_reliances() of it.
 *
 * Returns: (transfer full): with a fresh id; %NULL with WF_ERROR_INVALID_ACCOUNT
 */
WfAccount *wf_account_import (const char *data,
                              gsize       length,
                              GError    **error);

/* Returns: whether @data looks like such a file, good or not, and not like a token or a key set: its first group is one of
 * an account's */
gboolean wf_account_is_share (const char *data,
                              gsize       length);

/* What stands in such a file and is not understood, so that it is left out: of a later version, or a slip.
 * Returns: (transfer full): the names of groups and keys, "ClientSecret"; empty where there is nothing */
char **wf_account_list_unknown (const char *data,
                                gsize       length);

/* What the file makes this computer rely on beside the provider itself.
 * Returns: (transfer full): one translated sentence each; empty where there is nothing to say */
char **wf_account_list_reliances (const WfAccount *account);

/**
 * wf_account_new_for_provider:
 * @client_id: (nullable): NULL leaves it to be typed in
 *
 * Returns: (transfer full): an account at the provider, with a fresh id, named after its host, that asks
 *   for those of the default scopes that the provider knows
 */
WfAccount *wf_account_new_for_provider (const WfProviderMetadata *metadata,
                                        const char               *client_id);

G_END_DECLS
