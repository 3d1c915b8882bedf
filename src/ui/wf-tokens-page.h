/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-page.h"

G_BEGIN_DECLS

#define WF_TYPE_TOKENS_PAGE (wf_tokens_page_get_type ())
G_DECLARE_FINAL_TYPE (WfTokensPage, wf_tokens_page, WF, TOKENS_PAGE, WfPage)

/**
 * WfTokensPage:
 *
 * Three cards, access, ID and refresh token, and the chosen one in full below. Where there are access tokens for several
 * audiences, one of them is chosen.
 */
GtkWidget *wf_tokens_page_new (void);

G_END_DECLS
