/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WfLoopbackRequest:
 * @target: (nullable): the request target, byte for byte; NULL where what came is no GET of HTTP/1
 * @lines: the lines of the head without the first
 *
 * What a browser asked of the loopback listener, as it was written. The server of libsoup resolves dot segments and
 * percent signs before anybody sees them, and answers by itself what it cannot parse.
 */
typedef struct
{
  char  *target;
  char **lines;
} WfLoopbackRequest;

/* @head: everything up to the empty line; any bytes. Never NULL. */
WfLoopbackRequest *wf_loopback_request_parse (const char *head,
                                              gsize       length);
/* Wipes it: there may be a code in it. */
void wf_loopback_request_free (WfLoopbackRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfLoopbackRequest, wf_loopback_request_free)

/* Returns: (transfer full) (nullable): the value of a header; NULL where it is not there, or more than once */
char *wf_loopback_request_dup_header (const WfLoopbackRequest *request,
                                      const char              *name);
gboolean wf_loopback_request_has_header (const WfLoopbackRequest *request,
                                         const char              *name);

/* Reads the head of one request, within a bound. Errors: those of GIO.
 * Returns from _finish: (transfer full) */
void wf_loopback_request_read_async (GIOStream          *connection,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
WfLoopbackRequest *wf_loopback_request_read_finish (GAsyncResult *result,
                                                    GError      **error);

G_END_DECLS
