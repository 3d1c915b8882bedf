/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-account.h"
#include "wf-provider-metadata.h"
#include "wf-secret.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_FORM (wf_account_form_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountForm, wf_account_form, WF, ACCOUNT_FORM, AdwBin)

/**
 * WfAccountForm:
 *
 * The fields of an account, checked as they are typed: what is wrong stands under the field.
 * Activates "account.discover", "account.copy-redirect-uri", "account.choose-ca-file",
 * "account.clear-ca-file", "account.choose-client-certificate" and "account.clear-client-certificate".
 *
 * Property "complete" (boolean, read-only): the account can work.
 * Signal "issuer-changed": what was discovered is no longer about what is typed.
 */
GtkWidget *wf_account_form_new (void);

/* @has_secret: whether one is stored already; it is kept where nothing is typed */
void wf_account_form_set_account (WfAccountForm   *self,
                                  const WfAccount *account,
                                  gboolean         has_secret);
/* @names: (nullable): of the other accounts, which this one cannot have */
void wf_account_form_set_taken_names (WfAccountForm     *self,
                                      const char *const *names);

/* Returns: (transfer full): as typed; see "complete" */
WfAccount *wf_account_form_make_account (WfAccountForm *self);
/* Returns: (transfer full) (nullable): NULL where none was typed or none is wanted */
SecretValue *wf_account_form_make_secret (WfAccountForm *self);
/* Returns: (transfer full): the redirect URI to allow at the provider */
char *wf_account_form_make_redirect_uri (WfAccountForm *self);

gboolean wf_account_form_get_complete (WfAccountForm *self);
/* Whether the endpoints are looked up, and not typed. */
gboolean wf_account_form_wants_discovery (WfAccountForm *self);
/* Returns: (transfer none): what is typed as the issuer, until the next call */
const char *wf_account_form_get_issuer_input (WfAccountForm *self);

/* How the lookup goes: nothing (all NULL and FALSE), under way, what was found, or what failed. */
void wf_account_form_show_discovery (WfAccountForm      *self,
                                     gboolean            busy,
                                     WfProviderMetadata *metadata,
                                     const GError       *error);

/* Says first what an account from elsewhere makes one trust; arguments as of wf_account_trust_show(). */
void wf_account_form_show_trust (WfAccountForm     *self,
                                 const char        *source,
                                 const char        *twin,
                                 const char *const *left_out);

void wf_account_form_set_file (WfAccountForm *self,
                               const char    *field,
                               const char    *path);
/* Says @message under the field with the accessible name "Name". */
void wf_account_form_show_name_error (WfAccountForm *self,
                                      const char    *message);
void wf_account_form_focus (WfAccountForm *self);

G_END_DECLS
