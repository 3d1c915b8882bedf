/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The desktop's Background portal (org.freedesktop.portal.Background), which a program in a sandbox asks whether it may
 * go on without a window, and to be started when the person logs in. Every sandbox reaches it.
 *
 * A program outside of one may go on without asking. It must not ask either: the portal would take it for whatever
 * started it (a terminal, say), and write that program's autostart entry.
 */

/* Returns: whether to ask: as GLib decides of its portals, in a Flatpak, in a Snap, or where GTK_USE_PORTAL=1 says so */
gboolean wf_background_portal_is_needed (void);

typedef struct
{
  gboolean background; /* it may go on without a window */
  gboolean autostart;  /* it is started when the person logs in */
} WfBackgroundAnswer;

/**
 * wf_background_portal_request_async:
 * @reason: a sentence for the person, of at most 256 characters
 * @autostart: whether to be started when the person logs in; FALSE takes that back
 * @commandline: (array zero-terminated=1): how it is started then
 *
 * The person may be asked, and take their time. Errors: WF_ERROR_UNSUPPORTED where there is no such portal,
 * WF_ERROR_CANCELLED
 */
void wf_background_portal_request_async (GDBusConnection    *bus,
                                         const char         *reason,
                                         gboolean            autostart,
                                         const char *const  *commandline,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean wf_background_portal_request_finish (GAsyncResult       *result,
                                              WfBackgroundAnswer *answer,
                                              GError            **error);

/* Says in the desktop's list of background programs what goes on: @message, of at most 95 characters. A portal before
 * its version 2 has no such list, and nothing is made of that. */
void wf_background_portal_set_status (GDBusConnection *bus,
                                      const char      *message);

G_END_DECLS
