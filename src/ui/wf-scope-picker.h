/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WF_TYPE_SCOPE_PICKER (wf_scope_picker_get_type ())
G_DECLARE_FINAL_TYPE (WfScopePicker, wf_scope_picker, WF, SCOPE_PICKER, AdwPreferencesRow)

/**
 * WfScopePicker:
 *
 * Common scopes, and those that the provider names, each a chip that can be pressed.
 *
 * Signal "picked" (string scope): the person pressed one; the whole scope as it should be now.
 */

void wf_scope_picker_set_scope (WfScopePicker *self,
                                const char    *scope);
/* @scopes: (nullable): what the provider's metadata lists */
void wf_scope_picker_set_supported (WfScopePicker     *self,
                                    const char *const *scopes);

G_END_DECLS
