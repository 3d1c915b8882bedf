/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-preset.h"

G_BEGIN_DECLS

/* The preset that suits every provider with a discovery document; the first of all. */
#define WF_PRESET_GENERIC "generic"

/* Reads the presets that are built in; no file is opened. One that cannot be used is left out.
 * Returns: (transfer full) (element-type WfPreset): the generic one, then the others by name */
GPtrArray *wf_presets_load (void);

/* @name: an id or a name, in any case. Returns: (transfer full): NULL with WF_ERROR_USAGE */
WfPreset *wf_presets_find (GPtrArray   *presets,
                           const char  *name,
                           GError     **error);

G_END_DECLS
