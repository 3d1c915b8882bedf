/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <webkit/webkit.h>

#include "wf-signin-view.h"

G_BEGIN_DECLS

typedef enum
{
  WF_SIGNIN_PROP_URI = 1,
  WF_SIGNIN_PROP_TITLE,
  WF_SIGNIN_PROP_PROGRESS,
  WF_SIGNIN_PROP_LOADING,
  WF_SIGNIN_PROP_CAN_GO_BACK,
  WF_SIGNIN_PROP_READY,
  WF_SIGNIN_PROP_ORIGIN,
  WF_SIGNIN_PROP_HOST,
  WF_SIGNIN_PROP_SECURE,
  WF_SIGNIN_PROP_TLS_DETAIL,
  WF_SIGNIN_PROP_STATUS,
  WF_SIGNIN_PROP_SANDBOXED,
  WF_SIGNIN_N_PROPS,
} WfSigninViewProp;

struct _WfSigninView
{
  GtkWidget               parent_instance;

  WfAuthorizationRequest *request;
  GVariant               *settings;
  GCancellable           *cancellable;
  WebKitWebView          *web; /* NULL until the sandbox is known to start */
  WebKitUserContentFilter *filter;

  char                   *uri; /* of the page that is shown */
  char                   *origin;
  char                   *host;
  char                   *tls_detail;
  gboolean                secure;
  gboolean                ready;
  gboolean                sandboxed;
  guint                   status;
  guint                   next_status; /* of the page that is about to be shown */

  char                   *posted;  /* the redirect URI when a frame wanted to POST to it */
  GHashTable             *trusted; /* hosts whose certificate the account's CA file vouches for */
  guint                   load_timer;
  guint                   hang_timer;
  gboolean                finished; /* one of the three signals was emitted */
};

/* The view: wf-signin-view.c */

void wf_signin_view_notify (WfSigninView    *self,
                            WfSigninViewProp prop);
/* Shows where the page that is shown comes from. */
void wf_signin_view_set_address (WfSigninView *self,
                                 const char   *uri);
void wf_signin_view_set_boolean (WfSigninView    *self,
                                 gboolean        *field,
                                 gboolean         value,
                                 WfSigninViewProp prop);
/* Takes @value. */
void wf_signin_view_take_string (WfSigninView    *self,
                                 char           **field,
                                 char            *value,
                                 WfSigninViewProp prop);
/* Each ends the view's work and emits its signal, the first time. */
void wf_signin_view_capture (WfSigninView *self,
                             const char   *uri);
/* Takes @error. */
void wf_signin_view_fail (WfSigninView *self,
                          GError       *error);
void wf_signin_view_dismiss (WfSigninView *self);

/* What WebKit asks and tells: wf-signin-watch.c */

/* Connects to every signal of @self->web that decides or reports something. */
void wf_signin_watch_connect (WfSigninView *self);
void wf_signin_watch_stop (WfSigninView *self);

G_END_DECLS
