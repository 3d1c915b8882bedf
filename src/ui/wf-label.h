/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Sets a label's text only where it is another one. Returns: whether it was */
gboolean wf_label_update (GtkLabel   *label,
                          const char *text);

/* Wraps anywhere and shows what is there: no hyphen is put in where a token or an address wraps. */
void wf_label_set_verbatim (GtkLabel      *label,
                            PangoWrapMode  mode);

G_END_DECLS
