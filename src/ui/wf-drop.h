/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-host.h"

G_BEGIN_DECLS

/**
 * wf_drop_accept:
 * @host: a window
 * @sign: what is visible while something is held over it
 *
 * Lets things be dropped anywhere on a window: the files of accounts, as files or as text, are shown to be imported; the
 * address of a provider, a link, begins a new account; other files go to the inspector. Nothing is stored and nobody is
 * asked by a drop alone. What is dragged out of Warifu itself is not taken back.
 */
void wf_drop_accept (WfHost    *host,
                     GtkWidget *sign);

G_END_DECLS
