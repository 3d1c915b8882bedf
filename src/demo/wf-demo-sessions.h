/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WfDemoTransaction:
 *
 * An authorization request that waits for a person's decision.
 */
typedef struct
{
  char   *client_id;
  char   *redirect_uri;
  char   *state;     /* nullable */
  char   *nonce;     /* nullable */
  char   *scope;     /* what can be granted of what was asked */
  char   *audience;  /* nullable */
  char  **resources; /* never NULL */
  char   *code_challenge;
  gint64  max_age;   /* seconds, -1 where not asked */
  gboolean fresh;    /* prompt=login: the session of the browser does not count */
  gint64  expires_at;
} WfDemoTransaction;

WfDemoTransaction *wf_demo_transaction_new (void);
void wf_demo_transaction_free (WfDemoTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoTransaction, wf_demo_transaction_free)

/**
 * WfDemoSession:
 *
 * A browser in which somebody signed in, known by its cookie.
 */
typedef struct
{
  char   *id; /* the sid claim; not the cookie's value */
  char   *user;
  gint64  auth_time;
  gint64  expires_at;
  GHashTable *consents; /* client id → scope approved last */
} WfDemoSession;

typedef struct _WfDemoSessions WfDemoSessions;

WfDemoSessions *wf_demo_sessions_new (void);
void wf_demo_sessions_free (WfDemoSessions *sessions);

/* @transaction: (transfer full). Returns: (transfer full): its id, which only the page
 * that was sent knows, and which its form must bring back: it is the CSRF token too.
 * NULL where too many wait. */
char *wf_demo_sessions_add_transaction (WfDemoSessions    *sessions,
                                        WfDemoTransaction *transaction,
                                        gint64             now);
/* Returns: (transfer full) (nullable): it is taken out, so that a decision is made once */
WfDemoTransaction *wf_demo_sessions_take_transaction (WfDemoSessions *sessions,
                                                      const char     *id,
                                                      gint64          now);

/* @cookie: (out) (transfer full): the value to give to the browser */
WfDemoSession *wf_demo_sessions_add (WfDemoSessions *sessions,
                                     const char     *user,
                                     gint64          now,
                                     char          **cookie);
/* Returns: (transfer none) (nullable) */
WfDemoSession *wf_demo_sessions_find (WfDemoSessions *sessions,
                                      const char     *cookie,
                                      gint64          now);
void wf_demo_sessions_remove (WfDemoSessions *sessions,
                              const char     *id);

G_END_DECLS
