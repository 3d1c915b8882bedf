/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

/* How many script dialogs a page may ask for before it counts as hung. */
#define WF_SIGNIN_MAX_DIALOGS 50

/**
 * wf_signin_guard_attach:
 *
 * Denies everything that a sign-in page does not need: other windows, script
 * dialogs, file and colour choosers, printing, full screen, notifications, every
 * permission, the context menu. None of it asks the person anything. A page that
 * goes on opening script dialogs has its process ended.
 */
void wf_signin_guard_attach (WebKitWebView *view);

G_END_DECLS
