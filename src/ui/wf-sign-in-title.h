/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WF_TYPE_SIGN_IN_TITLE (wf_sign_in_title_get_type ())
G_DECLARE_FINAL_TYPE (WfSignInTitle, wf_sign_in_title, WF, SIGN_IN_TITLE, AdwBin)

/**
 * WfSignInTitle:
 *
 * Where a sign-in page comes from and whether its connection is encrypted: a symbol, the host in
 * bold, and the rest on a click.
 */

/* @view: (nullable): the module's widget, see wf-sign-in-module.h */
void wf_sign_in_title_set_view (WfSignInTitle *self,
                                GtkWidget     *view);

G_END_DECLS
