/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history.h"

#include "wf-time.h"

G_DEFINE_BOXED_TYPE (WfEvent, wf_event, wf_event_copy, wf_event_free)

WfEvent *
wf_event_new (const char *account,
              WfEventKind kind)
{
  WfEvent *event;

  g_return_val_if_fail (account != NULL, NULL);

  event = g_new0 (WfEvent, 1);
  event->account = g_strdup (account);
  event->kind = kind;
  event->time = g_get_real_time ();
  event->result = g_strdup ("ok");
  event->duration_us = -1;
  event->expires_at = WF_TIME_UNKNOWN;
  return event;
}

WfEvent *
wf_event_copy (const WfEvent *event)
{
  WfEvent *copy;

  g_return_val_if_fail (event != NULL, NULL);

  copy = g_new (WfEvent, 1);
  *copy = *event;
  copy->account = g_strdup (event->account);
  copy->cause = g_strdup (event->cause);
  copy->result = g_strdup (event->result);
  copy->fingerprint = g_strdup (event->fingerprint);
  return copy;
}

void
wf_event_free (WfEvent *event)
{
  if (!event)
    return;

  g_free (event->account);
  g_free (event->cause);
  g_free (event->result);
  g_free (event->fingerprint);
  g_free (event);
}

const char *
wf_event_kind_to_string (WfEventKind kind)
{
  switch (kind)
    {
    case WF_EVENT_SIGN_IN:
      return "sign-in";
    case WF_EVENT_REFRESH:
      return "refresh";
    case WF_EVENT_SIGN_OUT:
      return "sign-out";
    case WF_EVENT_FAILURE:
      return "failure";
    default:
      return "unknown";
    }
}
