/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks where to, writes @bytes there and says in the window how it went. The chooser is the desktop's own, so that a
 * sandbox need not see the folders.
 * @title: of the chooser; @name: the file's name as suggested; @done: what to say afterwards */
void wf_save_as (GtkWidget  *widget,
                 const char *title,
                 const char *name,
                 const char *mime_type,
                 GBytes     *bytes,
                 const char *done);
/* Returns: (transfer full): "work-account-sign-in-2026-11-22.svg": @parts joined, fit for every file system.
 * @time: seconds since the epoch, WF_TIME_UNKNOWN for none */
char *wf_save_make_name (const char *const *parts,
                         gint64             time,
                         const char        *ending);
/* Returns: (transfer full): why a file could not be written, and what to do */
char *wf_save_describe_error (const GError *error);

G_END_DECLS
