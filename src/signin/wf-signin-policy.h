/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

G_BEGIN_DECLS

typedef enum
{
  WF_SIGNIN_ALLOW,
  WF_SIGNIN_REDIRECT,  /* the redirect URI: hand it over, never load it */
  WF_SIGNIN_CLEARTEXT, /* http that leaves this machine */
  WF_SIGNIN_REFUSE,    /* data, javascript, file, blob, mailto, every other scheme */
} WfSigninVerdict;

/**
 * wf_signin_judge:
 * @redirect_uri: of the authorization request
 * @uri: where a frame wants to go, as WebKit spells it
 *
 * Returns: what may become of it
 */
WfSigninVerdict wf_signin_judge (const char *redirect_uri,
                                 const char *uri);

/* Returns: (transfer full): @uri as WebKit would spell it (the URL standard): "https://App.example:443"
 * becomes "https://app.example/". */
char *wf_signin_normalize (const char *uri);

/* @uri: of @action
 *
 * Returns: whether @action is a redirect by a server of the main frame of @view: WebKit tells the view of it
 * before it is decided on. Of a link, a form or a script it does not say in which frame it is. */
gboolean wf_signin_is_main_frame_redirect (WebKitWebView          *view,
                                           WebKitNavigationAction *action,
                                           const char             *uri);

/* Returns: whether anything but a GET is to be sent. */
gboolean wf_signin_is_post (WebKitURIRequest *request);

/* Returns: whether the answer is a page to show, and no file to keep. */
gboolean wf_signin_is_showable (WebKitResponsePolicyDecision *decision);

G_END_DECLS
