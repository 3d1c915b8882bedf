/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-demo-context.h"

G_BEGIN_DECLS

/* The registered clients: one public, one confidential; both have the same redirect URIs. */

const char *const *wf_demo_client_get_default_redirect_uris (void);

gboolean wf_demo_client_is_known (const WfDemoContext *context,
                                  const char          *client_id);

/* Exact comparison (RFC 9700 §4.1.3), but any port on a loopback address (RFC 8252 §7.3). */
gboolean wf_demo_client_has_redirect_uri (const WfDemoContext *context,
                                          const char          *redirect_uri);

/**
 * wf_demo_client_authenticate:
 *
 * RFC 6749 §2.3: the public client sends its id alone, the confidential one its secret, by
 * client_secret_basic or client_secret_post, not by both.
 *
 * Returns: (transfer none): the client's id; %NULL where the answer is set to an error
 */
const char *wf_demo_client_authenticate (const WfDemoContext *context,
                                         SoupServerMessage   *message,
                                         const WfForm        *form);

G_END_DECLS
