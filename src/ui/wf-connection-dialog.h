/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "wf-account.h"

G_BEGIN_DECLS

/**
 * wf_connection_dialog_present:
 * @account: also one that is being edited
 * @adopt_slash: as of wf_connection_test_new()
 *
 * Opens a window over @parent in which the way to the account's provider is tried step by step, at once.
 */
void wf_connection_dialog_present (GtkWindow       *parent,
                                   const WfAccount *account,
                                   gboolean         adopt_slash);

G_END_DECLS
