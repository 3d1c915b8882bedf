/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-account.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_TRUST (wf_account_trust_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountTrust, wf_account_trust, WF, ACCOUNT_TRUST, AdwPreferencesGroup)

/**
 * WfAccountTrust:
 *
 * What somebody else's account makes this computer rely on, in words, before it is added: whom it talks to, whose
 * certificates it believes, what it adds to a request.
 */

/**
 * wf_account_trust_show:
 * @source: (nullable): the name of the file
 * @twin: (nullable): the name of an account at the same provider with the same client ID
 * @left_out: (nullable): what the file says and Warifu does not understand
 */
void wf_account_trust_show (WfAccountTrust    *self,
                            const WfAccount   *account,
                            const char        *source,
                            const char        *twin,
                            const char *const *left_out);

G_END_DECLS
