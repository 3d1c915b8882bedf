/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-authorization-request.h"

G_BEGIN_DECLS

#define WF_TYPE_SIGNIN_VIEW (wf_signin_view_get_type ())
G_DECLARE_FINAL_TYPE (WfSigninView, wf_signin_view, WF, SIGNIN_VIEW, GtkWidget)

/* See warifu_signin_create_view(). */
GtkWidget *wf_signin_view_new (WfAuthorizationRequest *request,
                               GVariant               *settings);

G_END_DECLS
