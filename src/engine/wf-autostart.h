/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The desktop entry that starts a program when the person logs in: $XDG_CONFIG_HOME/autostart/ID.desktop, as the Desktop
 * Application Autostart Specification has it. Of no use within a sandbox, see wf-background-portal.h.
 */

/* Returns: whether there is such an entry, and nobody has switched it off */
gboolean wf_autostart_is_on (const char *id);

/**
 * wf_autostart_set:
 * @id: the application's id
 * @argument: (nullable): what the program is started with; NULL removes the entry
 *
 * Writes the entry whole, or not at all. It starts the program that this process runs.
 * Errors: WF_ERROR_STORAGE_FAILED
 */
gboolean wf_autostart_set (const char *id,
                           const char *argument,
                           GError    **error);

G_END_DECLS
