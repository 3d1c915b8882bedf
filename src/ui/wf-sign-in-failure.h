/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WF_TYPE_SIGN_IN_FAILURE (wf_sign_in_failure_get_type ())
G_DECLARE_FINAL_TYPE (WfSignInFailure, wf_sign_in_failure, WF, SIGN_IN_FAILURE, AdwBin)

/**
 * WfSignInFailure:
 *
 * What went wrong with a sign-in, what can be done about it, and below, folded, the words for
 * those who look after the provider. Activates the actions "sign-in.try-again" and "sign-in.use-browser".
 */

/* @issuer: (nullable) */
void wf_sign_in_failure_show (WfSignInFailure *self,
                              const GError    *error,
                              const char      *issuer);

G_END_DECLS
