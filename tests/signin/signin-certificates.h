/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An authority made for one test run. */
typedef struct _SigninAuthority SigninAuthority;

SigninAuthority *signin_authority_new (void);
void signin_authority_free (SigninAuthority *authority);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninAuthority, signin_authority_free)

/* Returns: (transfer full): the path of a PEM file with the authority's certificate */
char *signin_authority_save (SigninAuthority *authority,
                             const char      *folder);

/* A server's certificate with its key. @authority: (nullable): NULL: it signs itself. @address: (nullable): an IPv4 address, @name: (nullable): a DNS name. */
GTlsCertificate *signin_authority_issue (SigninAuthority *authority,
                                         const char      *address,
                                         const char      *name,
                                         gint64           not_before,
                                         gint64           not_after);

G_END_DECLS
