/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jws.h"
#include "wf-token-response.h"

G_BEGIN_DECLS

/* An item is small: more is refused (gnome-keyring rewrites its whole file at each store). */
#define WF_TOKEN_SET_MAX_BYTES (1024 * 1024)

typedef struct
{
  char        *audience;   /* "" for the account's own */
  SecretValue *token;
  char        *scope;      /* granted; NULL unknown */
  gint64       issued_at;  /* by our clock */
  gint64       expires_at; /* WF_TIME_UNKNOWN where the server did not say */
} WfAccessToken;

#define WF_TYPE_TOKEN_SET (wf_token_set_get_type ())

/**
 * WfTokenSet:
 *
 * Everything that is kept for one account in one keyring item. Filled by the
 * engine, then shared read-only; a change is a copy. Reference-counted.
 */
typedef struct _WfTokenSet WfTokenSet;
struct _WfTokenSet
{
  char        *issuer;                /* whose tokens these are, and which client's: they are never sent */
  char        *client_id;             /* anywhere else, whatever the account's file says later; nullable */
  SecretValue *client_secret;         /* nullable */
  SecretValue *refresh_token;         /* nullable */
  guint        generation;            /* of the refresh token: 1 at sign-in, +1 at each rotation; 0: none */
  guint        refreshes;             /* that were answered since the sign-in; wf_token_set_apply() counts */
  gboolean     rotates;               /* the provider has replaced the refresh token at least once */
  gint64       refresh_issued_at;     /* of this generation */
  gint64       refresh_expires_at;    /* WF_TIME_UNKNOWN */
  gint64       signed_in_at;          /* of the sign-in that began this session */
  GPtrArray   *access_tokens;         /* (element-type WfAccessToken), the account's own first */
  SecretValue *id_token;              /* nullable */
  char        *subject;               /* of the verified ID token; nullable */
  WfJwsVerdict id_token_verdict;
  char        *id_token_key_id;       /* nullable */
  gint64       id_token_received_at;
  SecretValue *previous_access_token; /* nullable: for "since the last refresh" */
  SecretValue *previous_id_token;     /* nullable */
  char        *previous_scope;        /* granted with previous_access_token; nullable */
  gint64       previous_lifetime;     /* of previous_access_token, seconds; WF_TIME_UNKNOWN */

  gint64       refresh_started_at; /* a refresh with refresh_token is under way; WF_TIME_UNKNOWN: none */
  guint        refresh_attempts;   /* how often this refresh token was sent without an answer */
  gboolean     refresh_lost;       /* one of those answers is known never to have come: no crash, a loss on the way */

  char        *write_id;           /* of the write of the item that this was read from, another at each; nullable */
  char        *requested_scope;    /* of the sign-in; nullable */
  gint64       clock_skew;         /* the server's clock minus ours, seconds, from Date */
  char        *error_name;         /* last_error of the contract; nullable */
  char        *error_description;
  gint64       error_at;
  gboolean     sign_in_failed;     /* the error is of a sign-in: it says nothing about the tokens here */

  gatomicrefcount ref_count;
};

GType wf_token_set_get_type (void);
/* Returns: (transfer full): nothing in it */
WfTokenSet *wf_token_set_new (void);
WfTokenSet *wf_token_set_copy (const WfTokenSet *set);
WfTokenSet *wf_token_set_ref (WfTokenSet *set);
void wf_token_set_unref (WfTokenSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfTokenSet, wf_token_set_unref)

/* Returns: (transfer none) (nullable): @audience NULL or "": the account's own */
const WfAccessToken *wf_token_set_get_access_token (const WfTokenSet *set,
                                                    const char       *audience);

/**
 * wf_token_set_apply:
 * @audience: (nullable): whose access token this is
 * @is_sign_in: TRUE begins a session: generation 1 and nothing of the old one is kept
 *   but the client secret
 * @now: by our clock
 *
 * Takes a response in: a missing refresh_token, scope or id_token keeps the old
 * one on a refresh (RFC 6749 §6); a refresh token that differs from the one held counts as a
 * rotation; the note of a refresh under way and the last error are cleared.
 */
void wf_token_set_apply (WfTokenSet            *set,
                         const WfTokenResponse *response,
                         const char            *audience,
                         gboolean               is_sign_in,
                         gint64                 now);

/* Forgets every token (not the client secret): sign-out, or invalid_grant. */
void wf_token_set_clear_tokens (WfTokenSet *set);
/* Returns: whether there is nothing worth storing. */
gboolean wf_token_set_is_empty (const WfTokenSet *set);

/* The versioned JSON document of the keyring item; NULL with WF_ERROR_RESPONSE_TOO_LARGE where it
 * passes WF_TOKEN_SET_MAX_BYTES. */
SecretValue *wf_token_set_serialize (const WfTokenSet *set,
                                     GError          **error);
/* NULL with WF_ERROR_KEYRING_FAILED where the item is damaged or of a newer version. */
WfTokenSet *wf_token_set_parse (SecretValue *document,
                                GError     **error);

G_END_DECLS
