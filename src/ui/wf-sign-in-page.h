/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_SIGN_IN_PAGE (wf_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (WfSignInPage, wf_sign_in_page, WF, SIGN_IN_PAGE, AdwBin)

/**
 * WfSignInPage:
 *
 * One sign-in, in the window or in the person's browser, from the first request to the tokens. Has a
 * header bar of its own. What goes wrong is shown here, and can be tried again.
 *
 * Signal "finished" (gboolean success), once: the person is signed in, or gave up.
 */
GtkWidget *wf_sign_in_page_new (void);

void wf_sign_in_page_start (WfSignInPage *self,
                            WfSession    *session,
                            gboolean      use_browser);
/* Asks nothing. Emits "finished" unless it was. */
void wf_sign_in_page_cancel (WfSignInPage *self);

G_END_DECLS
