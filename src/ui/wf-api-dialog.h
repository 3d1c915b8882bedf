/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-host.h"

G_BEGIN_DECLS

#define WF_TYPE_API_DIALOG (wf_api_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WfApiDialog, wf_api_dialog, WF, API_DIALOG, AdwWindow)

/**
 * WfApiDialog:
 *
 * "Call the API": sends a GET with the account's access token to an address that the person chooses, and shows what
 * comes back. Nothing is sent until Send is pressed, and nothing to where the token is not at home.
 */
void wf_api_dialog_present (WfHost    *host,
                            WfSession *session);

G_END_DECLS
