/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wf-connection-step.h"

G_BEGIN_DECLS

/* Returns: (transfer floating): a row that follows one step: a symbol and a word for its outcome, its sentence, its time */
GtkWidget *wf_connection_row_new (WfConnectionStep *step);

G_END_DECLS
