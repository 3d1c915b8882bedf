/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-connection-step.h"

G_BEGIN_DECLS

/* The way to one server, as one exchange went it. */
typedef struct
{
  const char  *host;            /* of the server */
  const char  *proxy;           /* nullable: its host */
  WfHttpProbe *probe;
  gboolean     has_certificate; /* whether the account has one to show */
} WfConnectionWay;

/* Returns: (transfer full): what was found in a step that passed, of those from the name to TLS */
char *wf_connection_describe (const WfConnectionWay *way,
                              WfConnectionKind       kind);

/* Returns: whether what failed is TLS, also where the server was content with the handshake itself. */
gboolean wf_connection_ended_in_tls (WfHttpProbe *probe);

/**
 * wf_connection_explain:
 * @error: as the client gave it
 *
 * Returns: (transfer full): the same error, whose sentence says at what point it ended and what to do about it
 */
GError *wf_connection_explain (const WfConnectionWay *way,
                               const GError          *error);

/* Returns: (transfer full): @skew: the server's clock minus ours, seconds */
char *wf_connection_describe_skew (gint64 skew);

G_END_DECLS
