/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-engine.h"

G_BEGIN_DECLS

/* Returns: (transfer full): @name where no account has it, else "Work (2)" or the next number that is free */
char *wf_account_name_make_free (WfEngine   *engine,
                                 const char *name);

/* Returns: (transfer full): a copy of @account that is one of its own: a fresh id and a name that is free */
WfAccount *wf_account_name_copy (WfEngine        *engine,
                                 const WfAccount *account);

G_END_DECLS
