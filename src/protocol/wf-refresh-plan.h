/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"
#include "wf-token-set.h"

G_BEGIN_DECLS

/**
 * wf_refresh_plan_next:
 * @last_attempt: when the last refresh failed, or WF_TIME_UNKNOWN
 * @failures: how many refreshes have failed one after the other
 * @retry_after: what the server asked for at the last failure, -1 unknown
 *
 * When the session is to be refreshed by itself, in seconds since the epoch by our clock.
 * Before expiry: a tenth of the lifetime before its end, at least 30 s and at
 * most 10 min before, never sooner than half the lifetime, less a jitter of up to 5 % that is
 * the same for one account and one token. Every N seconds: from the time of issue.
 * After failures: 5 s doubled each time, at most 15 min, and not before Retry-After.
 *
 * Returns: WF_TIME_UNKNOWN where nothing is to be done by itself (on demand,
 *   no refresh token, or an expiry that nobody told)
 */
gint64 wf_refresh_plan_next (const WfAccount  *account,
                             const WfTokenSet *set,
                             gint64            last_attempt,
                             guint             failures,
                             gint64            retry_after);

/* Returns: when to try again after failures, whatever the policy says */
gint64 wf_refresh_plan_retry (gint64 last_attempt,
                              guint  failures,
                              gint64 retry_after);

/* Returns: whether the access token is good for @min_ttl more seconds; one whose expiry is unknown is. */
gboolean wf_access_token_is_good (const WfAccessToken *token,
                                  gint64               min_ttl,
                                  gint64               now);

G_END_DECLS
