/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wf-account-store.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_PROBLEMS (wf_account_problems_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountProblems, wf_account_problems, WF, ACCOUNT_PROBLEMS, GtkButton)

/**
 * WfAccountProblems:
 *
 * Says that there are account files that could not be used; a press says which, and why. Hidden as long as there is none.
 */

void wf_account_problems_set_store (WfAccountProblems *self,
                                    WfAccountStore    *store);

G_END_DECLS
