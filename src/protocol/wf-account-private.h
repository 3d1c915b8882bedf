/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"

G_BEGIN_DECLS

/* Fills @account from the groups "Account" and "Endpoints"; what is not in @file stays. Nothing is checked but
 * that each value can be read: wf_account_check() is the caller's.
 * Returns: FALSE with WF_ERROR_INVALID_ACCOUNT */
gboolean wf_account_read_keys (WfAccount *account,
                               GKeyFile  *file,
                               GError   **error);

/* Returns: whether an account's file may have @key in @group; without a @key (nullable), whether it may have that group */
gboolean wf_account_knows_key (const char *group,
                               const char *key);

G_END_DECLS
