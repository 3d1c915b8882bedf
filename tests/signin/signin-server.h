/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * signin_server_stop:
 * @server: a server that may speak TLS
 *
 * Ends its connections, runs the main loop until they have gone, and then disconnects @server. To do it all at once does
 * not go well: libsoup closes a TLS connection by finishing its handshake first, and a browser that connected ahead of
 * need, and never spoke, would be waited for without end; and libsoup 3.6 closes one whose handshake is under way twice.
 */
void signin_server_stop (SoupServer *server);

G_END_DECLS
