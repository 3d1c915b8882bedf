/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-background.h"

G_BEGIN_DECLS

#define WF_TYPE_PREFERENCES (wf_preferences_get_type ())
G_DECLARE_FINAL_TYPE (WfPreferences, wf_preferences, WF, PREFERENCES, AdwPreferencesWindow)

/* @settings: (nullable): NULL where no schema is installed; then nothing can be changed, and it says so
 * @background: (nullable): whose refusals are said */
GtkWidget *wf_preferences_new (GSettings    *settings,
                               WfBackground *background);

G_END_DECLS
