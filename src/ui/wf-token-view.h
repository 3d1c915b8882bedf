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
  WF_TOKEN_OTHER, /* of nobody's account */
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

/* @session: (nullable): NULL shows nothing. @audience: (nullable): whose access token; the account's own */
void wf_token_view_show (WfTokenView *self,
                         WfSession   *session,
                         WfTokenKind  kind,
                         const char  *audience);

/**
 * wf_token_view_show_token:
 * @token: (nullable): NULL shows nothing
 * @jwt: (nullable): the same, decoded; NULL where it cannot be
 * @verification: (nullable): what its signature is worth; NULL: nobody has asked
 * @checks: (nullable) (element-type WfCheck): one line each
 *
 * Shows a token of nobody's account.
 */
void wf_token_view_show_token (WfTokenView    *self,
                               SecretValue    *token,
                               WfJwt          *jwt,
                               WfVerification *verification,
                               GPtrArray      *checks);

/* Puts a widget of the caller's below the verdict. @widget: (nullable) */
void wf_token_view_set_aside (WfTokenView *self,
                              GtkWidget   *widget);

/* Puts the keyboard into the entry that searches the claims. Returns: FALSE where there are none */
gboolean wf_token_view_search (WfTokenView *self);

/* Returns: (transfer none) (nullable). @audience: (nullable) */
SecretValue *wf_token_kind_get_token (WfTokenKind       kind,
                                      const WfTokenSet *set,
                                      const char       *audience);
/* Returns: (transfer none): "Access token" */
const char *wf_token_kind_get_title (WfTokenKind kind);

G_END_DECLS
