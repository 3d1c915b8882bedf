/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-bars.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-history-words.h"
#include "wf-time.h"

#define NONE G_MAXUINT

static double
get_time (const WfEvent *event)
{
  return (double) event->time / G_USEC_PER_SEC;
}

static gboolean
brings_tokens (const WfEvent *event)
{
  return (event->kind == WF_EVENT_SIGN_IN || event->kind == WF_EVENT_REFRESH) && !wf_event_is_failure (event);
}

static void
end_bar (GArray *bars,
         guint  *index,
         double  time)
{
  if (*index != NONE)
    g_array_index (bars, WfHistoryBar, *index).replaced = time;
  *index = NONE;
}

static guint
begin_bar (GArray        *bars,
           WfBarKind      kind,
           const WfEvent *event)
{
  WfHistoryBar bar = {
    .kind = kind,
    .generation = event->generation,
    .from = get_time (event),
    .replaced = G_MAXDOUBLE,
    .expires = G_MAXDOUBLE,
    .event = event,
  };

  if (kind == WF_BAR_ACCESS && event->expires_at != WF_TIME_UNKNOWN)
    bar.expires = (double) event->expires_at;
  g_array_append_val (bars, bar);
  return bars->len - 1;
}

GArray *
wf_history_bars_new (GPtrArray *events)
{
  GArray *bars = g_array_new (FALSE, FALSE, sizeof (WfHistoryBar));
  guint access = NONE;
  guint refresh = NONE;

  for (guint i = events ? events->len : 0; i-- > 0;)
    {
      const WfEvent *event = g_ptr_array_index (events, i);
      gboolean same = refresh != NONE && event->kind != WF_EVENT_SIGN_IN &&
                      g_array_index (bars, WfHistoryBar, refresh).generation == event->generation;

      if (brings_tokens (event) || event->kind == WF_EVENT_SIGN_OUT)
        end_bar (bars, &access, get_time (event));
      /* A refused refresh token is gone as well: then no generation is left. */
      if (event->kind == WF_EVENT_SIGN_OUT || event->generation == 0 || (brings_tokens (event) && !same))
        end_bar (bars, &refresh, get_time (event));
      if (!brings_tokens (event))
        continue;
      access = begin_bar (bars, WF_BAR_ACCESS, event);
      if (event->generation > 0 && refresh == NONE)
        refresh = begin_bar (bars, WF_BAR_REFRESH, event);
    }
  return bars;
}

static char *
format_clock (double time,
              gint64 now)
{
  return wf_format_clock ((gint64) time, now);
}

/* Takes @words. */
static void
append (GString *text,
        char    *words)
{
  g_string_append_printf (text, ", %s", words);
  g_free (words);
}

char *
wf_history_bar_describe (const WfHistoryBar *bar,
                         gint64              now)
{
  GString *text = g_string_new (bar->kind == WF_BAR_ACCESS ? _("Access token") : _("Refresh token"));
  g_autofree char *from = format_clock (bar->from, now);
  g_autofree char *expires = bar->expires == G_MAXDOUBLE ? NULL : format_clock (bar->expires, now);
  g_autofree char *replaced = bar->replaced == G_MAXDOUBLE ? NULL : format_clock (bar->replaced, now);

  if (bar->kind == WF_BAR_REFRESH)
    /* Translators: which refresh token since the sign-in it is */
    append (text, g_strdup_printf (_("generation %u"), bar->generation));
  /* Translators: from when on a token was there; %s is a clock time */
  append (text, g_strdup_printf (_("from %s"), from));
  if (expires && bar->expires <= (double) now)
    /* Translators: %s is a clock time */
    append (text, g_strdup_printf (_("expired %s"), expires));
  else if (expires)
    /* Translators: %s is a clock time */
    append (text, g_strdup_printf (_("until %s"), expires));
  if (replaced)
    /* Translators: when another token took the place of this one, or it went; %s is a clock time */
    append (text, g_strdup_printf (_("replaced %s"), replaced));
  else
    append (text, g_strdup (_("in use")));
  return g_string_free (text, FALSE);
}

char *
wf_event_describe (const WfEvent *event,
                   gint64         now)
{
  GString *text = g_string_new (wf_event_words_kind (event));

  if (wf_event_is_failure (event))
    append (text, g_strdup (wf_event_words_result (event)));
  if (*wf_event_words_cause (event))
    append (text, g_strdup (wf_event_words_cause (event)));
  append (text, format_clock (get_time (event), now));
  return g_string_free (text, FALSE);
}
