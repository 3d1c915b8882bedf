/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>
#include "wf-demo-grants.h"
#include "wf-demo-keys.h"
#include "wf-demo-sessions.h"
#include "wf-form.h"

G_BEGIN_DECLS

/**
 * WfDemoContext:
 *
 * What all endpoints share: the provider without its sockets. Owned by WfDemoServer.
 */
typedef struct
{
  WfDemoOptions   options; /* the strings are owned */
  char           *issuer;
  WfDemoKeys     *keys;
  WfDemoGrants   *grants;
  WfDemoSessions *sessions;
  GHashTable     *grant_counts; /* static grant_type → count, at the token endpoint */
  gint64          clock_offset;
  WfDemoFilter    filter;
  gpointer        filter_data;
  GDestroyNotify  filter_destroy;
} WfDemoContext;

WfDemoContext *wf_demo_context_new (const WfDemoOptions *options);
void wf_demo_context_free (WfDemoContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoContext, wf_demo_context_free)

/* Seconds since the epoch by the server's own clock. */
gint64 wf_demo_context_now (const WfDemoContext *context);

#define WF_DEMO_COOKIE "warifu_demo_session"

/* Returns: (transfer none) (nullable): the session of the browser that sent @message */
WfDemoSession *wf_demo_context_find_session (const WfDemoContext *context,
                                             SoupServerMessage   *message);

/* Lets the test's filter see what is about to be said. */
void wf_demo_context_filter (const WfDemoContext *context,
                             const char          *what,
                             JsonObject          *object);

void wf_demo_context_set_filter (WfDemoContext *context,
                                 WfDemoFilter   filter,
                                 gpointer       user_data,
                                 GDestroyNotify destroy);

/* The endpoints. @form is the query of a GET and the body of a POST. Each sets the answer. */
typedef void (*WfDemoHandler) (WfDemoContext     *context,
                               SoupServerMessage *message,
                               const WfForm      *form);

void wf_demo_handle_home (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_discovery (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_jwks (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_authorize (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_decision (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_token (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_userinfo (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_revoke (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_end_session (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);
void wf_demo_handle_picture (WfDemoContext *context, SoupServerMessage *message, const WfForm *form);

G_END_DECLS
