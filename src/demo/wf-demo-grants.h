/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WfDemoGrant:
 *
 * What a person approved once: all codes, access tokens and refresh tokens that come
 * of it are its family, and are revoked together. Reference-counted.
 */
typedef struct
{
  char    *client_id;
  char    *user;
  char    *scope;      /* granted */
  char    *audience;   /* nullable */
  char   **resources;  /* never NULL */
  char    *nonce;      /* nullable */
  char    *session_id; /* the sid claim */
  gint64   auth_time;
  gint64   refresh_expires_at;
  guint    generation; /* of the newest refresh token; 0: none was issued */
  gboolean revoked;
  grefcount ref_count;
} WfDemoGrant;

/* Returns: (transfer full): all NULL and 0 but resources */
WfDemoGrant *wf_demo_grant_new (void);
WfDemoGrant *wf_demo_grant_ref (WfDemoGrant *grant);
void wf_demo_grant_unref (WfDemoGrant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoGrant, wf_demo_grant_unref)

typedef enum
{
  WF_DEMO_CODE,
  WF_DEMO_ACCESS_TOKEN,
  WF_DEMO_REFRESH_TOKEN,
} WfDemoTokenKind;

typedef struct
{
  WfDemoTokenKind kind;
  WfDemoGrant    *grant;
  gint64          expires_at;
  gint64          used_at;        /* 0: never; of codes and rotated refresh tokens */
  guint           generation;     /* of refresh tokens */
  char           *scope;          /* of access tokens: may be narrower than the grant's */
  char           *redirect_uri;   /* of codes */
  char           *code_challenge; /* of codes */
} WfDemoToken;

/**
 * WfDemoGrants:
 *
 * Every code and token that was issued, by its hash: the tokens themselves are not
 * kept, and looking one up tells nothing by the time that it takes.
 */
typedef struct _WfDemoGrants WfDemoGrants;

WfDemoGrants *wf_demo_grants_new (void);
void wf_demo_grants_free (WfDemoGrants *grants);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoGrants, wf_demo_grants_free)

/* Returns: (transfer full): the code */
char *wf_demo_grants_issue_code (WfDemoGrants *grants,
                                 WfDemoGrant  *grant,
                                 const char   *redirect_uri,
                                 const char   *code_challenge,
                                 gint64        expires_at);

/* Returns: (transfer full): a refresh token of the next generation */
char *wf_demo_grants_issue_refresh_token (WfDemoGrants *grants,
                                          WfDemoGrant  *grant);

/* Remembers an access token, opaque or not. */
void wf_demo_grants_add_access_token (WfDemoGrants *grants,
                                      WfDemoGrant  *grant,
                                      const char   *token,
                                      const char   *scope,
                                      gint64        expires_at);

/* Returns: (transfer none) (nullable): an access token that is good at @now */
const WfDemoToken *wf_demo_grants_find_access_token (WfDemoGrants *grants,
                                                     const char   *token,
                                                     gint64        now);

/**
 * wf_demo_grants_redeem_code:
 * @reason: (out): what is wrong, in English for error_description
 *
 * RFC 6749 §4.1.3 and RFC 7636 §4.6. A code is good once; when it comes back, what was
 * issued on it is revoked (RFC 6749 §4.1.2). A wrong verifier spends it too.
 *
 * Returns: (transfer full): %NULL for invalid_grant
 */
WfDemoGrant *wf_demo_grants_redeem_code (WfDemoGrants *grants,
                                         const char   *code,
                                         const char   *client_id,
                                         const char   *redirect_uri,
                                         const char   *verifier,
                                         gint64        now,
                                         const char  **reason);

/**
 * wf_demo_grants_find_refresh:
 * @leeway: seconds for which the token before the newest is accepted, once
 *
 * Judges a refresh token. One that was replaced already, beyond the leeway,
 * revokes its family (RFC 9700 §4.14.2).
 *
 * Returns: (transfer full): %NULL for invalid_grant
 */
WfDemoGrant *wf_demo_grants_find_refresh (WfDemoGrants *grants,
                                          const char   *token,
                                          const char   *client_id,
                                          gint64        leeway,
                                          gint64        now,
                                          const char  **reason);

/* Replaces a refresh token that was found good. Returns: (transfer full): the new one */
char *wf_demo_grants_rotate (WfDemoGrants *grants,
                             const char   *token,
                             gint64        now);

/* RFC 7009 §2.1: a refresh token takes its family along; of an unknown token nothing is said.
 * Returns: FALSE where the token belongs to another client */
gboolean wf_demo_grants_revoke (WfDemoGrants *grants,
                                const char   *token,
                                const char   *client_id);

/* Ends what was approved in one browser session, but for what has offline_access: that is meant
 * to outlive it (OpenID Connect Core 1.0 §11). */
void wf_demo_grants_revoke_session (WfDemoGrants *grants,
                                    const char   *session_id);
void wf_demo_grants_revoke_all (WfDemoGrants *grants);

guint wf_demo_grants_get_reuse_count (const WfDemoGrants *grants);

G_END_DECLS
