/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  WF_TOKEN_ACCESS,
  WF_TOKEN_ID,
  WF_TOKEN_REFRESH,
} WfTokenKind;

#define WF_TYPE_TOKEN_VIEW (wf_token_view_get_type ())
G_DECLARE_FINAL_TYPE (WfTokenView, wf_token_view, WF, TOKEN_VIEW, GtkBox)

/**
 * WfTokenView:
 *
 * One token: masked until it is revealed, what its signature is worth, its claims, and what
 * changed since the one before. It is masked again when it leaves the screen.
 */
GtkWidget *wf_token_view_new (void);
void wf_token_view_show (WfTokenView *self,
                         WfSession   *session,
                         WfTokenKind  kind);

/* Returns: (transfer none) (nullable) */
SecretValue *wf_token_kind_get_token (WfTokenKind       kind,
                                      const WfTokenSet *set);
/* Returns: (transfer none): "Access token" */
const char *wf_token_kind_get_title (WfTokenKind kind);

G_END_DECLS
