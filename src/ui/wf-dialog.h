/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Presents a message dialog whose buttons have one name each for a screen reader: libadwaita 1.2 gives them
 * that of their two labels, "Sign Out Sign Out". Call when the responses are there. */
void wf_dialog_present (AdwMessageDialog *dialog);

G_END_DECLS
