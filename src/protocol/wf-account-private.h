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

G_END_DECLS
