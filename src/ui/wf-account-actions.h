/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-host.h"
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_ACTIONS (wf_account_actions_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountActions, wf_account_actions, WF, ACCOUNT_ACTIONS, GObject)

/**
 * WfAccountActions:
 *
 * What can be done with one account, as the action group "account": sign-in,
 * sign-in-browser, refresh, copy-token, call-api, diagnose, edit, duplicate, export, sign-out, remove. Each is enabled
 * where it can work. Asks before it does what cannot be undone, and says how it ended.
 */
WfAccountActions *wf_account_actions_new (WfHost    *host,
                                          WfSession *session);
/* Returns: (transfer none) */
GActionGroup *wf_account_actions_get_group (WfAccountActions *self);

/* Returns: (transfer full): the context menu */
GMenuModel *wf_account_actions_make_menu (void);

/* Takes the token that is held after making ready for it, and puts it on the clipboard. @audience: (nullable): whose
 * access token; handed to @getter */
typedef SecretValue *(*WfTokenGetter) (const WfTokenSet *set,
                                       const char       *audience);
void wf_account_actions_copy (WfHost       *host,
                              WfSession    *session,
                              WfTokenGetter getter,
                              const char   *audience,
                              const char   *done);

G_END_DECLS
