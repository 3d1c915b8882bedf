/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "wf-claim.h"

G_BEGIN_DECLS

/* Shows the whole value of a claim in a window of its own, with a button that copies it. @parent: a widget of the window it
 * belongs to */
void wf_claim_dialog_present (GtkWidget *parent,
                              WfClaim   *claim);

G_END_DECLS
