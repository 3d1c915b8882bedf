/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-host.h"
#include "wf-session.h"

G_BEGIN_DECLS

/* Asks, signs out, and says how each step ended. */
void wf_sign_out_dialog_present (WfHost    *host,
                                 WfSession *session);
/* Asks, signs out, then removes the account. */
void wf_remove_dialog_present (WfHost    *host,
                               WfSession *session);

/* Returns: (transfer full): the steps of a sign-out, one sentence on each line */
char *wf_sign_out_report_describe (const WfSignOutReport *report);

G_END_DECLS
