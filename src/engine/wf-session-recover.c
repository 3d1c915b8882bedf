/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include "wf-error.h"
#include "wf-time.h"

/* A machine wakes, and a network comes back, for all accounts at once. They go one by one within so many seconds, in which
 * the network may come to itself as well. */
#define SPREAD_SECONDS 4

/* Returns: whether the last refresh failed on its way: nothing that was wrong with it need be wrong in another network. */
static gboolean
failed_on_the_way (WfSession *self)
{
  const GError *error = self->sign_in_failed ? NULL : self->last_error;

  if (self->failures == 0 || self->retry_after >= 0)
    return FALSE;
  return g_error_matches (error, WF_ERROR, WF_ERROR_OFFLINE) || g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT) ||
         g_error_matches (error, WF_ERROR, WF_ERROR_TLS_ERROR);
}

void
wf_session_take_turn (WfSession *self)
{
  gint64 now = wf_session_now (self);

  /* one that was set by a clock that went wrong does not count */
  if (self->turn == WF_TIME_UNKNOWN || self->turn > wf_time_add (now, SPREAD_SECONDS))
    self->turn = wf_time_add (now, wf_clock_pick (self->clock, SPREAD_SECONDS));
}

gint64
wf_session_await_turn (WfSession *self,
                       gint64     next)
{
  if (next != WF_TIME_UNKNOWN && next <= wf_session_now (self))
    return self->turn == WF_TIME_UNKNOWN ? next : MAX (next, self->turn);
  self->turn = WF_TIME_UNKNOWN;
  return next;
}

void
wf_session_recover (WfSession *self)
{
  g_return_if_fail (WF_IS_SESSION (self));

  if (failed_on_the_way (self))
    {
      self->failures = 0;
      self->failed_at = WF_TIME_UNKNOWN;
    }
  wf_session_take_turn (self);
  wf_session_update (self);
}
