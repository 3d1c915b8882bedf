/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "signin-certificates.h"

G_BEGIN_DECLS

#define WF_TLS_DAY 86400

/**
 * WfTlsFixture:
 *
 * Two certificate authorities, a file with one of them, and a server on loopback with a certificate of either.
 */
typedef struct
{
  SigninAuthority *authority; /* the account's own */
  SigninAuthority *other;     /* nobody's, or the system's */
  char            *folder;    /* for more files; whoever makes them removes them */
  char            *ca_file;   /* of the first */
  gint64           now;       /* seconds since the epoch */
  SoupServer      *server;    /* nullable */
  char            *origin;    /* "https://127.0.0.1:PORT"; nullable */
  gboolean         believes;  /* whatever certificate of a client it is shown */
  SoupServerCallback handler;
  gpointer           user_data;
} WfTlsFixture;

/* @handler: answers every request */
void wf_tls_fixture_set_up (WfTlsFixture      *fixture,
                            SoupServerCallback handler,
                            gpointer           user_data);
void wf_tls_fixture_tear_down (WfTlsFixture *fixture);

/* In place of the one that was there. @certificate: (transfer full) */
void wf_tls_fixture_start (WfTlsFixture          *fixture,
                           GTlsCertificate       *certificate,
                           GTlsAuthenticationMode mode);
void wf_tls_fixture_stop (WfTlsFixture *fixture);

/* Returns: (transfer full): a certificate for half a day yet. @address: (nullable): besides "localhost" */
GTlsCertificate *wf_tls_fixture_issue (WfTlsFixture    *fixture,
                                       SigninAuthority *authority,
                                       const char      *address);

G_END_DECLS
