/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

/* The sentences of the sign-in view. Each returns (transfer full) a WF_ERROR; @uri is where
 * it happened. */

/* The redirect URI was reached by a form: the response mode form_post */
GError *wf_signin_error_new_posted (void);
GError *wf_signin_error_new_cleartext (const char *uri);
/* A server sent the main frame to a scheme that is not the account's */
GError *wf_signin_error_new_scheme (const char *uri);
GError *wf_signin_error_new_mixed (const char *uri);
GError *wf_signin_error_new_timeout (const char *uri);
GError *wf_signin_error_new_hang (void);
GError *wf_signin_error_new_crash (void);
GError *wf_signin_error_new_empty (void);
GError *wf_signin_error_new_file (const char *uri);
/* What WebKit says of a load that failed */
GError *wf_signin_error_new_load (const char   *uri,
                                  const GError *error);

/* Returns: (transfer full): the host for a sentence; "This server" where there is none */
char *wf_signin_error_get_host (const char *uri);

G_END_DECLS
