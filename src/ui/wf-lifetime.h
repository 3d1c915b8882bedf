/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session.h"

G_BEGIN_DECLS

/* The session in words and numbers, for the widgets that show it; no GTK in here. */

typedef enum
{
  WF_LIFETIME_ABSENT,  /* there is no such token */
  WF_LIFETIME_UNKNOWN, /* there is one, and nobody said until when */
  WF_LIFETIME_GOOD,
  WF_LIFETIME_LOW,     /* under a tenth is left */
  WF_LIFETIME_GONE,
} WfLifetimeLevel;

/**
 * WfLifetime:
 *
 * From when until when a token is good, by our clock.
 */
typedef struct
{
  gboolean present;
  gint64   issued_at;  /* WF_TIME_UNKNOWN */
  gint64   expires_at; /* WF_TIME_UNKNOWN */
} WfLifetime;

WfLifetime wf_lifetime_of_access_token (const WfTokenSet *set);
/* @audience: (nullable): the account's own */
WfLifetime wf_lifetime_of_access_token_for (const WfTokenSet *set,
                                            const char       *audience);
/* @jwt: (nullable): the ID token, decoded; its times are the server's and are corrected by the measured skew */
WfLifetime wf_lifetime_of_id_token (const WfTokenSet *set,
                                    const WfJwt      *jwt);
WfLifetime wf_lifetime_of_refresh_token (const WfTokenSet *set);

WfLifetimeLevel wf_lifetime_get_level (const WfLifetime *lifetime,
                                       gint64            now);
/* Returns: what is left, 0 … 1; 1 where only the end is known */
double wf_lifetime_get_fraction (const WfLifetime *lifetime,
                                 gint64            now);
/* Returns: (transfer full): "43 min left", "Expired", "Unknown", "None" */
char *wf_lifetime_format (const WfLifetime *lifetime,
                          gint64            now);

/* Returns: (transfer full) (nullable): a token of the set, decoded; NULL for none and for an opaque one */
WfJwt *wf_lifetime_decode (SecretValue *token);

/* Returns: (transfer full): one line of live state for the sidebar */
char *wf_session_words_state (WfSession *session,
                              gint64     now);
/* Returns: (transfer none): the symbolic icon that stands beside it */
const char *wf_session_words_icon (WfSession *session,
                                   gint64     now);
/* Returns: (transfer full): "Refreshes before it expires · next in 38 min (13:58)" */
char *wf_session_words_policy (const WfAccount *account,
                               gint64           next_refresh,
                               gint64           now);

G_END_DECLS
