/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-authorization-request.h"

G_BEGIN_DECLS

/**
 * warifu_signin_create_view:
 * @request: what to open, and the redirect URI to look out for
 * @settings: (nullable): `a{sv}`, sunk where floating: "data-dir" (s; absent: nothing is kept),
 *   "ca-file" (s, PEM), "proxy" (s, URI), "client-certificate" (s, PEM), "languages" (as),
 *   "load-timeout" and "hang-timeout" (u, seconds; 60 and 10)
 *
 * The one entry point of the module. The widget is spoken to by name; read-only
 * properties, notified on change:
 * - "uri", "title" (string, nullable), "progress" (double, 0 to 1), "loading", "can-go-back",
 *   "ready" (boolean: a page has arrived)
 * - "origin" (string, "https://xn--….example:8443"), "host" (string, punycode): of the page that is
 *   shown, never of one that is still on its way
 * - "secure" (boolean) and "tls-detail" (string): what is known about the connection
 * - "status" (uint): the HTTP status of the page that is shown, 0 unknown
 * - "sandboxed" (boolean): the page's process is in a sandbox
 *
 * Action signals: "go-back", "reload", "stop", "zoom" (double: 0 resets, else the factor of
 * change).
 *
 * Signals, of which exactly one is emitted, once, and nothing is loaded afterwards:
 * - "redirected" (string): the redirect URI was reached; no request went to it
 * - "failed" (GError): a sentence for the person
 * - "dismissed": the page closed itself, or Escape was pressed
 *
 * Returns: (transfer floating)
 */
G_MODULE_EXPORT
GtkWidget *warifu_signin_create_view (WfAuthorizationRequest *request,
                                      GVariant               *settings);

G_END_DECLS
