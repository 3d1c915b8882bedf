/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WF_URI_MAX_BYTES 2048
/* A redirect may carry a large code: the bound on what a sign-in view or listener hands over. */
#define WF_REDIRECT_MAX_BYTES 65536

/* Returns: whether @host (as in GUri, no brackets) is this machine: 127.0.0.0/8, ::1, localhost. */
gboolean wf_uri_host_is_loopback (const char *host);

/**
 * wf_uri_check_endpoint:
 * @what: the endpoint's name for the message, such as "token_endpoint"
 *
 * An endpoint is an absolute https URI with a host and without userinfo and
 * fragment (RFC 6749 §3.1, §3.2); http is accepted on loopback only.
 *
 * Returns: %FALSE with WF_ERROR_INSECURE_ENDPOINT
 */
gboolean wf_uri_check_endpoint (const char  *uri,
                                const char  *what,
                                GError     **error);

/* An issuer is an endpoint that has no query either (OpenID Connect Discovery 1.0 §3).
 * Returns: FALSE with WF_ERROR_INSECURE_ENDPOINT, or WF_ERROR_USAGE where it is no URI at all */
gboolean wf_uri_check_issuer (const char  *issuer,
                              GError     **error);

/* A redirect URI we can capture: a custom scheme with a dot in it (RFC 8252 §7.1), https
 * with a host, or http on loopback; no fragment (RFC 6749 §3.1.2), no userinfo.
 * Returns: FALSE with WF_ERROR_USAGE */
gboolean wf_uri_check_redirect (const char  *redirect_uri,
                                GError     **error);

/* Returns: whether @redirect_uri can be received by a loopback listener (RFC 8252 §7.3). */
gboolean wf_uri_is_loopback_redirect (const char *redirect_uri);

/**
 * wf_uri_matches_redirect:
 * @redirect_uri: the redirect URI that was sent in the authorization request
 * @candidate: a URI that a page wants to load
 *
 * Exact comparison of scheme, host, port and path, byte for byte after the
 * scheme's case is folded, as RFC 9700 §4.1 asks; @candidate's query and
 * fragment are not compared, except that a query of @redirect_uri must come first in it.
 * Beside @redirect_uri's own spelling, and only beside it, the one is known that a browser
 * makes of it: host in lower case, no default port, "/" for an empty path.
 * Userinfo, a backslash, a control character or any other spelling of the same
 * place never matches.
 */
gboolean wf_uri_matches_redirect (const char *redirect_uri,
                                  const char *candidate);

/* Returns: (transfer full): "https://xn--….example:8443" for display, host as punycode; NULL
 * where @uri is none with a host. */
char *wf_uri_get_origin (const char *uri);

/* Returns: (transfer full): the host as ASCII (punycode) for display; NULL where there is none */
char *wf_uri_get_display_host (const char *uri);

/**
 * wf_uri_issuer_from_input:
 * @input: what a person typed: an issuer, an URL of its discovery document, or
 *   just a domain such as "tenant.eu.auth0.com"
 * @is_domain: (out): whether only a domain was typed, so that the issuer that the provider
 *   names may be adopted where it has the same origin and an empty path or "/"
 *
 * Returns: (transfer full): NULL with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT
 */
char *wf_uri_issuer_from_input (const char  *input,
                                gboolean    *is_domain,
                                GError     **error);

/* Returns: (transfer full): the issuer's discovery document (OpenID Connect Discovery 1.0 §4). */
char *wf_uri_get_discovery (const char *issuer);

G_END_DECLS
