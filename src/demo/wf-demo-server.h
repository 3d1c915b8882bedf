/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  WF_DEMO_ES256,
  WF_DEMO_RS256,
} WfDemoAlgorithm;

/**
 * WfDemoOptions:
 *
 * How the demo server behaves; start from WF_DEMO_OPTIONS_INIT. Lifetimes are in seconds.
 * The strings are copied.
 */
typedef struct
{
  WfDemoAlgorithm    algorithm;
  gint64             access_lifetime;
  gint64             id_lifetime;
  gint64             code_lifetime;
  gint64             refresh_lifetime;       /* of the family, from sign-in on; rotation does not extend it */
  gboolean           tells_refresh_lifetime; /* refresh_expires_in in the answer */
  gboolean           rotation;               /* each refresh replaces the refresh token */
  gint64             leeway;                 /* how long the one before the newest is still accepted, once */
  guint              latency;                /* milliseconds before every answer */
  gboolean           auto_approve;           /* the authorize page answers at once, as if approved */
  const char        *client_id;              /* public: no secret */
  const char        *confidential_client_id;
  const char        *client_secret;          /* NULL: a random one */
  const char *const *redirect_uris;          /* NULL: the three of wf-demo-client.c */
} WfDemoOptions;

#define WF_DEMO_CLIENT_ID "warifu-demo"
#define WF_DEMO_CONFIDENTIAL_CLIENT_ID "warifu-demo-confidential"

#define WF_DEMO_OPTIONS_INIT              \
  {                                       \
    .algorithm = WF_DEMO_ES256,           \
    .access_lifetime = 120,               \
    .id_lifetime = 300,                   \
    .code_lifetime = 60,                  \
    .refresh_lifetime = 8 * 60 * 60,      \
    .tells_refresh_lifetime = TRUE,       \
    .rotation = TRUE,                     \
    .client_id = WF_DEMO_CLIENT_ID,       \
    .confidential_client_id = WF_DEMO_CONFIDENTIAL_CLIENT_ID, \
  }

/**
 * WfDemoFault:
 *
 * Makes one endpoint misbehave, for tests. All zero is honest. What is not
 * given is the honest answer's.
 */
typedef struct
{
  guint       status;       /* replaces the answer */
  const char *content_type; /* replaces the answer; application/json where another member replaces it */
  const char *headers;      /* lines "Name: value", set on the answer last */
  const char *body;         /* replaces the answer */
  gsize       body_length;  /* 0: up to the NUL */
  gboolean    raw;          /* body is sent as it is, status line and all; then the connection is closed */
  gboolean    process;      /* the endpoint does its work although its answer is replaced or dropped */
  gboolean    drop;         /* the connection is closed without an answer */
  gboolean    truncate;     /* the whole length is announced, the first half is sent, the connection is closed */
  guint       delay;        /* milliseconds before anything is done */
  guint       drip;         /* milliseconds for each byte that is sent */
  guint       times;        /* how many requests it is for; 0: all until it is cleared */
} WfDemoFault;

/**
 * WfDemoFilter:
 * @what: "discovery", "jwks", "token", "userinfo": an answer; "id_token_header",
 *   "id_token", "access_token_header", "access_token": what is about to be signed
 * @object: may be changed
 *
 * Lets a test change what the server is about to say.
 */
typedef void (*WfDemoFilter) (const char *what,
                              JsonObject *object,
                              gpointer    user_data);

#define WF_TYPE_DEMO_SERVER (wf_demo_server_get_type ())

/**
 * WfDemoServer:
 *
 * A small OpenID provider on loopback, for the first run and for tests. It is honest:
 * what its discovery document says, it does and checks. It signs in whoever
 * names themselves, keeps nothing on disk and makes its keys at start.
 *
 * Endpoints have these names: "home", "discovery", "jwks", "authorize", "decision",
 * "token", "userinfo", "revoke", "end_session", "picture".
 *
 * Runs in the thread-default main context of wf_demo_server_start().
 */
G_DECLARE_FINAL_TYPE (WfDemoServer, wf_demo_server, WF, DEMO_SERVER, GObject)

/**
 * WfDemoServer::request:
 * @endpoint: its name
 * @message: the SoupServerMessage, with the request whole in it
 *
 * Emitted for each request, before it is answered.
 */

/* @options: (nullable): NULL for WF_DEMO_OPTIONS_INIT */
WfDemoServer *wf_demo_server_new (const WfDemoOptions *options);

/* Listens on 127.0.0.1, @port 0 for any free one. A server that was stopped can be started
 * again, and is then the same provider: keys and grants are kept (for tests, on the same @port).
 * Returns: FALSE with an error of GIOErrorEnum */
gboolean wf_demo_server_start (WfDemoServer *self,
                               guint16       port,
                               GError      **error);
/* Stops listening and closes every connection. */
void wf_demo_server_stop (WfDemoServer *self);

/* "http://127.0.0.1:PORT"; NULL before the first start */
const char *wf_demo_server_get_issuer (WfDemoServer *self);
guint16 wf_demo_server_get_port (WfDemoServer *self);
const char *wf_demo_server_get_client_secret (WfDemoServer *self);

/* Returns: how many requests @endpoint had; NULL: all. */
guint wf_demo_server_count (WfDemoServer *self,
                            const char   *endpoint);
/* The same, of one kind of request at the token endpoint, such as "refresh_token". */
guint wf_demo_server_count_grant (WfDemoServer *self,
                                  const char   *grant_type);
void wf_demo_server_reset_counts (WfDemoServer *self);
/* Returns: how many families of refresh tokens were revoked because an old one came back. */
guint wf_demo_server_get_reuse_count (WfDemoServer *self);

/* @fault: (nullable): copied; NULL clears */
void wf_demo_server_set_fault (WfDemoServer      *self,
                               const char        *endpoint,
                               const WfDemoFault *fault);
/* @filter: (nullable) (scope notified) */
void wf_demo_server_set_filter (WfDemoServer  *self,
                                WfDemoFilter   filter,
                                gpointer       user_data,
                                GDestroyNotify destroy);

/* Sets lifetimes, rotation, leeway, latency and auto_approve from @options; the rest stays. */
void wf_demo_server_update (WfDemoServer        *self,
                            const WfDemoOptions *options);
/* Moves the server's clock (and its Date header) by so many seconds, forward or back. */
void wf_demo_server_advance_clock (WfDemoServer *self,
                                   gint64        seconds);
/* Signs with a new key from now on; the key set has the new one and the one before it. */
void wf_demo_server_rotate_keys (WfDemoServer *self);
/* Revokes every grant, as an administrator would: the next refresh is invalid_grant. */
void wf_demo_server_revoke_all (WfDemoServer *self);

G_END_DECLS
