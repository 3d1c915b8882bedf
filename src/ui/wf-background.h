/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session-group.h"

G_BEGIN_DECLS

#define WF_TYPE_BACKGROUND (wf_background_get_type ())
G_DECLARE_FINAL_TYPE (WfBackground, wf_background, WF, BACKGROUND, GObject)

/**
 * WfBackground:
 *
 * Lets the application go on after its last window is closed, where the person wants that (the setting "background") and an
 * account refreshes by itself: it holds the application, tells the person once, says in the desktop's list of background
 * programs what goes on, and has it started at log-in (the setting "autostart"). Within a sandbox the desktop's Background
 * portal is asked; a refusal switches the setting off and is said in the property
 * - "problem" (string, nullable): a sentence for the person; gone with the next change of a setting
 */

/* @settings: (nullable): NULL where nothing can be kept; then only wf_background_insist() makes it go on */
WfBackground *wf_background_new (GtkApplication *application,
                                 GSettings      *settings);
/* Whose accounts are to be kept alive: from now on it holds the application. */
void wf_background_set_group (WfBackground   *self,
                              WfSessionGroup *group);
/* Looks at the accounts at once, and not when there is time: whoever holds the application is about to let go of it. */
void wf_background_look (WfBackground *self);

/* Whoever started the program asked for it: it goes on until it is quit, whatever the setting says. An administrator
 * who has locked the setting off is heard first. Returns: whether it goes on */
gboolean wf_background_insist (WfBackground *self);
/* Returns: whether the person, or whoever started the program, wants it to go on */
gboolean wf_background_is_wanted (WfBackground *self);
/* The person quits: nothing is held any more. */
void wf_background_quit (WfBackground *self);

const char *wf_background_get_problem (WfBackground *self);

G_END_DECLS
