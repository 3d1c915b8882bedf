/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the page of that name, and hides the others from screen readers too: a stack alone leaves them
 * in the tree of accessible objects. */
void wf_stack_show (GtkStack   *stack,
                    const char *name);

G_END_DECLS
