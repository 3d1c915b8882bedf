/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-preset.h"

G_BEGIN_DECLS

#define WF_TYPE_PRESET_ROWS (wf_preset_rows_get_type ())
G_DECLARE_FINAL_TYPE (WfPresetRows, wf_preset_rows, WF, PRESET_ROWS, GObject)

/**
 * WfPresetRows:
 *
 * A row for each thing that a preset needs, such as "Domain" or "Realm", in the list of another row and below it. What is
 * wrong stands under each as it is typed.
 *
 * Signal "changed": the person typed.
 */

/* @above: a row that is in a list; the rows live as long as that list */
WfPresetRows *wf_preset_rows_new (GtkWidget *above);

/* @preset: (nullable): NULL, or one without fields, has no rows */
void wf_preset_rows_show (WfPresetRows   *self,
                          const WfPreset *preset);

/* Fills the rows in from the issuer that they would make; one that they do not make leaves them empty. */
void wf_preset_rows_take_issuer (WfPresetRows *self,
                                 const char   *issuer);

/* Returns: (transfer full) (nullable): NULL while something is missing or wrong */
char *wf_preset_rows_make_issuer (WfPresetRows *self);

/* Puts the keyboard where typing begins. Returns: FALSE where there are no rows */
gboolean wf_preset_rows_focus (WfPresetRows *self);

G_END_DECLS
