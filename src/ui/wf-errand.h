/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session-group.h"
#include "wf-window.h"

G_BEGIN_DECLS

#define WF_TYPE_ERRAND (wf_errand_get_type ())
G_DECLARE_FINAL_TYPE (WfErrand, wf_errand, WF, ERRAND, GObject)

/**
 * WfErrand:
 *
 * What a notification was clicked for, done once it can be: an account is shown when the accounts are read, and a sign-in
 * begins when the keyring is read too. Nothing comes of an id that no account has, and no sign-in begins for a session that
 * does not need one: it may have been solved since, and whoever called may not be the person's desktop.
 */
WfErrand *wf_errand_new (WfSessionGroup *group);

/* Takes the place of an errand that is not done yet. */
void wf_errand_begin (WfErrand   *self,
                      const char *id,
                      gboolean    sign_in);
/* @window: (nullable): it knows its accounts now */
void wf_errand_set_window (WfErrand *self,
                           WfWindow *window);

/* Reads the keyring again for those sessions that found it locked, so that the person is asked to unlock it. */
void wf_errand_unlock (WfErrand *self);

G_END_DECLS
