/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-refresh-plan.h"

#include "wf-time.h"

#define MARGIN_MIN 30
#define MARGIN_MAX 600
/* A lifetime of 0 must not become a storm. */
#define INTERVAL_MIN 5
#define BACKOFF_FIRST 5
#define BACKOFF_MAX 900
#define RETRY_AFTER_MAX 86400
/* A token that is more than this from the future was made by another clock. */
#define CLOCK_TOLERANCE 60

/* Spreads accounts that came together, and is the same at each asking. */
static gint64
get_jitter (const WfAccount     *account,
            const WfTokenSet    *set,
            const WfAccessToken *token,
            gint64               span)
{
  guint64 hash = g_str_hash (account->id ? account->id : "");

  hash = (hash ^ (guint64) token->issued_at ^ ((guint64) set->generation << 32)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (gint64) ((hash >> 16) % (guint64) (span / 20 + 1));
}

static gint64
plan_before_expiry (const WfAccount     *account,
                    const WfTokenSet    *set,
                    const WfAccessToken *token)
{
  gint64 lifetime;
  gint64 span;

  if (token->expires_at == WF_TIME_UNKNOWN)
    return WF_TIME_UNKNOWN;
  lifetime = MAX (wf_time_add (token->expires_at, -token->issued_at), 0);
  span = MAX (lifetime - CLAMP (lifetime / 10, MARGIN_MIN, MARGIN_MAX), lifetime / 2);
  span -= get_jitter (account, set, token, span);
  return wf_time_add (token->issued_at, MAX (span, INTERVAL_MIN));
}

static gint64
plan_by_policy (const WfAccount     *account,
                const WfTokenSet    *set,
                const WfAccessToken *token)
{
  switch (account->refresh_policy)
    {
    case WF_REFRESH_BEFORE_EXPIRY:
      return plan_before_expiry (account, set, token);
    case WF_REFRESH_EVERY:
      return wf_time_add (token->issued_at,
                          CLAMP (account->refresh_seconds, WF_REFRESH_SECONDS_MIN, WF_REFRESH_SECONDS_MAX));
    case WF_REFRESH_ON_DEMAND:
    default:
      return WF_TIME_UNKNOWN;
    }
}

static gint64
get_backoff (guint  failures,
             gint64 retry_after)
{
  gint64 wait = BACKOFF_FIRST;

  for (guint i = 1; i < failures && wait < BACKOFF_MAX; i++)
    wait *= 2;
  return MAX (MIN (wait, BACKOFF_MAX), MIN (retry_after, RETRY_AFTER_MAX));
}

gint64
wf_refresh_plan_next (const WfAccount  *account,
                      const WfTokenSet *set,
                      gint64            last_attempt,
                      guint             failures,
                      gint64            retry_after)
{
  const WfAccessToken *token;
  gint64 planned;

  g_return_val_if_fail (account != NULL && set != NULL, WF_TIME_UNKNOWN);

  token = wf_token_set_get_access_token (set, NULL);
  if (!set->refresh_token || !token || token->issued_at == WF_TIME_UNKNOWN)
    return WF_TIME_UNKNOWN;
  planned = plan_by_policy (account, set, token);
  if (planned == WF_TIME_UNKNOWN || failures == 0 || last_attempt == WF_TIME_UNKNOWN)
    return planned;
  return MAX (planned, wf_refresh_plan_retry (last_attempt, failures, retry_after));
}

gint64
wf_refresh_plan_retry (gint64 last_attempt,
                       guint  failures,
                       gint64 retry_after)
{
  return wf_time_add (last_attempt, get_backoff (failures, retry_after));
}

gboolean
wf_access_token_is_good (const WfAccessToken *token,
                         gint64               min_ttl,
                         gint64               now)
{
  if (!token)
    return FALSE;
  if (token->expires_at == WF_TIME_UNKNOWN)
    return TRUE;
  /* The clock has been set back since: how much is left of the token is not known any longer. */
  if (token->issued_at != WF_TIME_UNKNOWN && token->issued_at > wf_time_add (now, CLOCK_TOLERANCE))
    return FALSE;
  return token->expires_at > wf_time_add (now, min_ttl);
}
