/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include "wf-demo-server.h"
#include "wf-form.h"

G_BEGIN_DECLS

/**
 * DemoClient:
 *
 * A plain HTTP client for tests against the demo server in the same process: a browser
 * without scripts, and a client of the token endpoint. It spins the default main context
 * until the answer is there.
 */
typedef struct
{
  WfDemoServer *server;
  SoupSession  *session;
  char         *verifier;
  GHashTable   *headers; /* added to each request; name → value */
} DemoClient;

typedef struct
{
  guint       status; /* 0: there was no answer */
  char       *body;   /* never NULL */
  char       *location;
  char       *content_type;
  SoupMessageHeaders *headers;
  JsonObject *json;   /* where the body is an object */
  GError     *error;
} DemoAnswer;

DemoClient *demo_client_new (WfDemoServer *server);
void demo_client_free (DemoClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoClient, demo_client_free)

void demo_answer_free (DemoAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoAnswer, demo_answer_free)

/* Returns: a member of the answer's JSON, "" where it is not there */
const char *demo_answer_get (DemoAnswer *answer,
                             const char *member);

void demo_client_set_header (DemoClient *client,
                             const char *name,
                             const char *value);

/* @path: of the server, or a whole URI. Redirects are not followed. */
DemoAnswer *demo_client_get (DemoClient *client,
                             const char *path);
/* The fields are pairs of name and value, ended by NULL. A NULL value leaves its field out. */
DemoAnswer *demo_client_post (DemoClient *client,
                              const char *path,
                              ...) G_GNUC_NULL_TERMINATED;

/* Returns: (transfer full): /authorize with PKCE and what a native client sends; further
 * pairs replace (NULL: remove) the parameters of these names. */
char *demo_client_make_authorize_path (DemoClient *client,
                                       ...) G_GNUC_NULL_TERMINATED;

/* Returns: (transfer full): the value of a hidden field of a page */
char *demo_page_get_hidden (const char *html,
                            const char *name);
/* Returns: (transfer full) (nullable): a parameter of a redirect */
char *demo_location_get (const char *location,
                         const char *name);

/* Opens @path, approves as @user. Returns: (transfer full): the redirect */
char *demo_client_approve (DemoClient *client,
                           const char *path,
                           const char *user);
/* The whole way to the code. Returns: (transfer full) */
char *demo_client_get_code (DemoClient *client);
/* Returns: (transfer full) */
DemoAnswer *demo_client_exchange (DemoClient *client,
                                  const char *code);
DemoAnswer *demo_client_refresh (DemoClient *client,
                                 const char *refresh_token);
/* Code and exchange; asserts that it went well. */
DemoAnswer *demo_client_sign_in (DemoClient *client);

G_END_DECLS
