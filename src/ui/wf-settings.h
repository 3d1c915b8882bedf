/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* GSettings that may not be there: a program that runs from its build folder has no
 * schema installed, and goes on without. */

/* @in_memory: for the demo, which leaves nothing on disk.
 * Returns: (transfer full) (nullable): NULL where no schema is installed */
GSettings *wf_settings_new (gboolean in_memory);

/* @settings: (nullable). Returns: @fallback where there is no such key, or not of this type ("i" or "u") */
int wf_settings_get_int (GSettings  *settings,
                         const char *key,
                         int         fallback);
gboolean wf_settings_get_boolean (GSettings  *settings,
                                  const char *key,
                                  gboolean    fallback);
/* Stored only where there is such a key and the value is another one. */
void wf_settings_set_int (GSettings  *settings,
                          const char *key,
                          int         value);
void wf_settings_set_boolean (GSettings  *settings,
                              const char *key,
                              gboolean    value);

G_END_DECLS
