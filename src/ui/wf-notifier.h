/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session-group.h"

G_BEGIN_DECLS

#define WF_TYPE_NOTIFIER (wf_notifier_get_type ())
G_DECLARE_FINAL_TYPE (WfNotifier, wf_notifier, WF, NOTIFIER, GObject)

/**
 * WfNotifier:
 *
 * Tells the person over the desktop's notifications what needs them and what they do not see:
 * - a session that has come to need a sign-in by itself: one notification for each account, with its name and a button
 *   that calls "app.sign-in", withdrawn when that is solved
 * - a locked keyring, while there is no window: one for all accounts
 *
 * What happens while a window of the application has the focus, or comes of something that was done there, tells itself.
 * Nothing but the account's name is said of anybody: other programs can read it.
 */
WfNotifier *wf_notifier_new (GtkApplication *application,
                             WfSessionGroup *group);

G_END_DECLS
