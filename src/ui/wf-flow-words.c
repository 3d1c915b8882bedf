/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-words.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"

const char *
wf_lane_get_title (WfLane lane)
{
  switch (lane)
    {
    case WF_LANE_PERSON:
      /* Translators: the lane of the sign-in view or the browser */
      return _("You");
    case WF_LANE_SERVER:
      return _("Authorization server");
    case WF_LANE_API:
      /* Translators: the lane of the resource server */
      return _("API");
    case WF_LANE_WARIFU:
    default:
      return "Warifu";
    }
}

guint
wf_flow_count_lanes (WfFlow *flow)
{
  guint lanes = WF_LANE_SERVER + 1;

  for (guint i = 0; i < wf_flow_get_n_steps (flow); i++)
    {
      const WfFlowStep *step = wf_flow_get_step (flow, i);

      lanes = MAX (lanes, MAX (step->from, step->to) + 1);
    }
  return lanes;
}

gboolean
wf_flow_step_is_answer (const WfFlowStep *step)
{
  return step->exchange && !step->exchange->by_address && step->to == WF_LANE_WARIFU && step->from != WF_LANE_WARIFU;
}

char *
wf_flow_step_measure (const WfFlowStep *step)
{
  /* Both ways share one exchange; the time is told with the way back. */
  gboolean is_redirect = step->exchange && step->exchange->by_address && step->from == WF_LANE_SERVER;

  if (!step->exchange || (!wf_flow_step_is_answer (step) && !is_redirect) || step->exchange->duration_us < 0)
    return g_strdup ("");
  return wf_format_elapsed (step->exchange->duration_us);
}

char *
wf_flow_step_detail (const WfFlowStep *step)
{
  g_autofree char *measure = wf_flow_step_measure (step);

  if (step->detail && *measure)
    return g_strdup_printf ("%s · %s", step->detail, measure);
  return step->detail ? g_strdup (step->detail) : g_steal_pointer (&measure);
}

char *
wf_flow_step_describe (const WfFlowStep *step,
                       guint             number)
{
  g_autofree char *way = NULL;
  g_autofree char *detail = wf_flow_step_detail (step);
  GString *text = g_string_new (NULL);

  if (step->from == step->to)
    way = g_strdup (wf_lane_get_title (step->from));
  else
    /* Translators: who sends a message, and to whom */
    way = g_strdup_printf (_("%1$s to %2$s"), wf_lane_get_title (step->from), wf_lane_get_title (step->to));
  g_string_append_printf (text, "%u. %s: %s", number, way, step->title);
  if (*detail)
    g_string_append_printf (text, ", %s", detail);
  if (step->failed)
    g_string_append_printf (text, ", %s", _("failed"));
  return g_string_free (text, FALSE);
}

char *
wf_flow_describe (WfFlow *flow)
{
  g_autofree char *time = wf_format_absolute (wf_flow_get_started_at (flow) / G_USEC_PER_SEC);

  return g_strdup_printf ("%s · %s", wf_flow_get_title (flow), time);
}
