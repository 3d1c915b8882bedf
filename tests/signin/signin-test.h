/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <libsoup/soup.h>

#include "wf-authorization-request.h"
#include "wf-error.h"

G_BEGIN_DECLS

/* A sign-in view against a provider and a redirect host that live in this process. */
typedef struct
{
  SoupServer             *provider;
  SoupServer             *target;        /* where the redirect URI points: nobody may ask it for anything */
  GTlsCertificate        *certificate;   /* (nullable): of both servers; they speak https then */
  GHashTable             *pages;         /* path → Page */
  GPtrArray              *provider_hits; /* "GET /path?query" */
  GPtrArray              *target_hits;
  GPtrArray              *cookies;       /* the Cookie header of each request for the first page, "" for none */
  SoupServerMessage      *held;          /* the request of /never, unanswered */

  char                   *redirect_uri;
  WfAuthorizationRequest *request;
  GVariantDict           *settings;
  GtkWidget              *window;
  GtkWidget              *view;

  char                   *redirected;
  GError                 *error;
  guint                   n_redirected;
  guint                   n_failed;
  guint                   n_dismissed;
} SigninTest;

void signin_test_init (int    *argc,
                       char ***argv);

/* @certificate: (nullable) (transfer none) */
SigninTest *signin_test_new (GTlsCertificate *certificate);
void signin_test_free (SigninTest *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninTest, signin_test_free)

/* In @html and @location, "{redirect}" is the redirect URI with code and state, "{target}" and "{provider}"
 * the origins, "{state}" the state. "/authorize" is the page that the view opens. */
void signin_test_add_page (SigninTest *test,
                           const char *path,
                           const char *html);
void signin_test_add_answer (SigninTest *test,
                             const char *path,
                             guint       status,
                             const char *location,
                             const char *header,
                             const char *value,
                             const char *body);

/* Which redirect URI to ask for; "{target}/cb" where this is not called. */
void signin_test_set_redirect_uri (SigninTest *test,
                                   const char *redirect_uri);
/* Opens the view and begins. May be called again: a second sign-in, with settings of its own. */
void signin_test_open (SigninTest *test);
void signin_test_close (SigninTest *test);

/* Each runs the main loop until it is so, and aborts the test after 30 seconds. */
void signin_test_wait_outcome (SigninTest *test);
void signin_test_wait_hit (SigninTest *test,
                           const char *prefix);
void signin_test_wait_ready (SigninTest *test);
/* Until the page, after it did all that it does, asked for /done. */
void signin_test_wait_done (SigninTest *test);
/* Until that, or until the view ended before the page could ask. */
void signin_test_wait_done_or_outcome (SigninTest *test);
/* Runs what is pending. */
void signin_test_settle (SigninTest *test);

guint signin_test_count_hits (SigninTest *test,
                              const char *prefix);
char *signin_test_expand (SigninTest *test,
                          const char *text);

/* The process of the page: the newest descendant with that name. */
GPid signin_test_find_process (const char *name);

#define signin_test_assert_redirected(test, uri)                          \
  G_STMT_START                                                            \
  {                                                                       \
    g_autofree char *expected_uri_ = signin_test_expand (test, uri);      \
    g_assert_no_error ((test)->error);                                    \
    g_assert_cmpstr ((test)->redirected, ==, expected_uri_);              \
    g_assert_cmpuint ((test)->n_redirected, ==, 1);                       \
    g_assert_cmpuint ((test)->n_failed + (test)->n_dismissed, ==, 0);     \
    g_assert_cmpuint ((test)->target_hits->len, ==, 0);                   \
  }                                                                       \
  G_STMT_END

#define signin_test_assert_failed(test, code)                             \
  G_STMT_START                                                            \
  {                                                                       \
    g_assert_error ((test)->error, WF_ERROR, code);                       \
    g_assert_cmpuint ((test)->n_failed, ==, 1);                           \
    g_assert_cmpuint ((test)->n_redirected + (test)->n_dismissed, ==, 0); \
    g_assert_cmpuint ((test)->target_hits->len, ==, 0);                   \
  }                                                                       \
  G_STMT_END

#define signin_test_assert_nothing(test)                                  \
  G_STMT_START                                                            \
  {                                                                       \
    g_assert_no_error ((test)->error);                                    \
    g_assert_cmpuint ((test)->n_redirected + (test)->n_dismissed, ==, 0); \
    g_assert_cmpuint ((test)->target_hits->len, ==, 0);                   \
  }                                                                       \
  G_STMT_END

G_END_DECLS
