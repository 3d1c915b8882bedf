/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line under a row of a boxed list. libadwaita's entry rows have no place for what is wrong with
 * their text. */

/* Says what is wrong with @row, here and to a screen reader. @message: (nullable): NULL: nothing is */
void wf_field_note_set_error (GtkWidget  *row,
                              const char *message);
/* Says what belongs into @row; an error takes its place. @message: (nullable) */
void wf_field_note_set_hint (GtkWidget  *row,
                             const char *message);

G_END_DECLS
