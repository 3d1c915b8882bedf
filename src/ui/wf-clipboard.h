/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-secret.h"

G_BEGIN_DECLS

/* Puts a secret on the clipboard and takes it off after @seconds, if it is still ours; 0 leaves it.
 * It is marked as a secret for clipboard managers, so that they keep no copy. */
void wf_clipboard_copy_secret (GtkWidget   *widget,
                               SecretValue *secret,
                               guint        seconds);
/* Takes it off now, if it is still ours: at the end of the program. */
void wf_clipboard_clear (void);

G_END_DECLS
