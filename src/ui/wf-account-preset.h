/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-preset.h"

G_BEGIN_DECLS

/* What the form of an account takes from a preset. */

/* Returns: (transfer full): @input as the preset's own field where it is no address: "tenant.eu.auth0.com" or
 * the ID of a tenant becomes an issuer; else @input as it is */
char *wf_account_preset_expand_issuer (const WfPreset *preset,
                                       const char     *input);

/* Returns: (transfer full): a sentence with an issuer as this kind of provider has it */
char *wf_account_preset_make_issuer_hint (const WfPreset *preset);

/* Returns: whether the issuer is known without that anything is filled in. */
gboolean wf_account_preset_knows_issuer (const WfPreset *preset);

/* Writes the addresses of the server that @input names into @account, where a preset without discovery has but one field.
 * Returns: FALSE where there is nothing to write */
gboolean wf_account_preset_follow_server (const WfPreset *preset,
                                          const char     *input,
                                          WfAccount      *account);

/* Writes what is known into @account. Addresses that must be filled in first are left empty. */
void wf_account_preset_apply (const WfPreset *preset,
                              WfAccount      *account);

G_END_DECLS
