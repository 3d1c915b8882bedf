/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-cli.h"

G_BEGIN_DECLS

#define WF_CLI_DEFAULT_JOBS 8
#define WF_CLI_MAX_JOBS 64

/**
 * WfCliJob:
 *
 * What became of one session of a batch.
 */
typedef struct
{
  WfSession *session;
  GError    *error;     /* nullable: it went well */
  gboolean   refreshed; /* FALSE: the keyring item was read and there is no more to do */
} WfCliJob;

typedef void (*WfCliJobFunc) (const WfCliJob *job);

/**
 * wf_cli_run_batch:
 * @jobs: how many sessions are worked on at a time
 * @refresh: refresh those that hold a refresh token; FALSE: read the keyring only
 * @done: (nullable): called for each as it ends
 *
 * Goes through all accounts. Where the keyring is locked or absent nothing more is begun, and the rest
 * has the same error.
 *
 * Returns: (transfer full) (element-type WfCliJob): in the order of the accounts
 */
GPtrArray *wf_cli_run_batch (WfCli       *cli,
                             guint        jobs,
                             gboolean     refresh,
                             WfCliJobFunc done);

G_END_DECLS
