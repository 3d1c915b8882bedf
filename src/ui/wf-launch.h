/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * wf_launch_async:
 * @widget: on whose display it is opened
 * @uri: an address, such as of a web page
 *
 * Opens an address with the person's own program for it. In a sandbox that program is outside, and the OpenURI portal
 * asks for it.
 *
 * Returns from _finish: whether a program was found and started; %FALSE with G_IO_ERROR, whose message quotes nothing
 *   but what the system says
 */
void wf_launch_async (GtkWidget          *widget,
                      const char         *uri,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data);
gboolean wf_launch_finish (GAsyncResult *result,
                           GError      **error);

/**
 * wf_launch_or_offer:
 * @widget: from where it is opened
 * @failed: the heading, where nothing opens it
 * @words: the sentence below, which may say that the address can be copied
 *
 * Opens an address. Where that fails, a dialog over @widget's window offers to copy it. Its query, which may
 * hold a token, is not shown.
 */
void wf_launch_or_offer (GtkWidget  *widget,
                         const char *uri,
                         const char *failed,
                         const char *words);

G_END_DECLS
