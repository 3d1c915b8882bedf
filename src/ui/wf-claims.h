/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Claims in words; no GTK in here. */

/* Returns: (transfer none) (nullable): what the claim means, in a few words; NULL for one that nobody registered
 * (OpenID Connect Core 1.0 §2 and §5.1, RFC 7519 §4.1, RFC 9068 §2.2) */
const char *wf_claims_get_meaning (const char *name);

/* Returns: whether the claim is a time (a NumericDate). */
gboolean wf_claims_is_time (const char *name,
                            JsonNode   *value);
/* Returns: seconds since the epoch of such a claim, WF_TIME_UNKNOWN where it is none. */
gint64 wf_claims_get_time (const char *name,
                           JsonNode   *value);

/* Returns: whether wf_claims_format_value() cuts it */
gboolean wf_claims_is_long (const char *text);
/* Returns: (transfer full): the value as one line, cleaned and cut, with an ellipsis where it is */
char *wf_claims_format_value (JsonNode *value);

/* Returns: (element-type utf8) (transfer container): the members' names, owned by @claims, the registered ones first in a
 * fixed order, then the others by name. @claims: (nullable) */
GPtrArray *wf_claims_list (JsonObject *claims);

typedef enum
{
  WF_CLAIM_ADDED,
  WF_CLAIM_REMOVED,
  WF_CLAIM_CHANGED,
} WfClaimChangeKind;

typedef struct
{
  WfClaimChangeKind kind;
  char             *name;
  char             *before; /* nullable */
  char             *after;  /* nullable */
  gboolean          is_time;
  gboolean          is_lifetime;
  gint64            time_before; /* of a time, seconds since the epoch, or of a lifetime, seconds; WF_TIME_UNKNOWN */
  gint64            time_after;
  char            **added;       /* of a set that changed in part; nullable */
  char            **removed;
} WfClaimChange;
void wf_claim_change_free (WfClaimChange *change);

/* Returns: (element-type WfClaimChange) (transfer full): what @after has other than @before, in the order of
 * wf_claims_list(). Scopes and audiences are sets: what came and what went is told besides. A lifetime (exp minus
 * iat) that is another one comes last. */
GPtrArray *wf_claims_compare (JsonObject *before,
                              JsonObject *after);
/* The same for what a token response says of a token that nobody can read.
 * Returns: (transfer full) (nullable): NULL where they are the same, or one of them is not known */
WfClaimChange *wf_claims_compare_scopes (const char *before,
                                         const char *after);
/* @before, @after: seconds, or WF_TIME_UNKNOWN */
WfClaimChange *wf_claims_compare_lifetimes (gint64 before,
                                            gint64 after);

G_END_DECLS
