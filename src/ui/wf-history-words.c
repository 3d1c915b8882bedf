/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-words.h"

#include <glib/gi18n-lib.h>

#include "wf-json.h"
#include "wf-time.h"

typedef struct
{
  const char *name;
  const char *words;
} Word;

static const Word causes[] = {
  { "by-hand", N_("by hand") },
  { "schedule", N_("by schedule") },
  { "before-action", N_("before showing a token") },
  { "script", N_("asked by a program") },
  { "window", N_("in the window") },
  { "browser", N_("in the browser") },
};

gboolean
wf_event_is_failure (const WfEvent *event)
{
  return event->kind == WF_EVENT_FAILURE || (event->result && !g_str_equal (event->result, "ok"));
}

const char *
wf_event_words_kind (const WfEvent *event)
{
  switch (event->kind)
    {
    case WF_EVENT_SIGN_IN:
      return C_("event", "Sign-in");
    case WF_EVENT_REFRESH:
      return C_("event", "Refresh");
    case WF_EVENT_SIGN_OUT:
      return C_("event", "Sign-out");
    case WF_EVENT_FAILURE:
    default:
      return C_("event", "Failure");
    }
}

const char *
wf_event_words_cause (const WfEvent *event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_strcmp0 (causes[i].name, event->cause) == 0)
      return _(causes[i].words);
  /* What failed, where that was no refresh. */
  if (g_strcmp0 (event->cause, "sign-in") == 0)
    return C_("event", "Sign-in");
  return event->cause ? event->cause : "";
}

const char *
wf_event_words_result (const WfEvent *event)
{
  return wf_event_is_failure (event) ? (event->result ? event->result : _("Failed")) : _("Done");
}

static void
append_cell (GString    *text,
             const char *cell,
             gboolean    last)
{
  /* RFC 4180 §2: quoted, and a quote doubled. A cell that a spreadsheet would take for a formula cannot
   * come up: names are of our own or of RFC 6749 §5.2, and begin with none of "=+-@". */
  g_string_append_c (text, '"');
  for (const char *p = cell ? cell : ""; *p; p++)
    {
      if (*p == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *p);
    }
  g_string_append (text, last ? "\"\r\n" : "\",");
}

char *
wf_event_export (GPtrArray *events)
{
  GString *text = g_string_new ("time,event,cause,result,duration_us,generation,expires_at\r\n");

  for (guint i = 0; i < events->len; i++)
    {
      const WfEvent *event = g_ptr_array_index (events, i);
      g_autofree char *time = wf_time_to_rfc3339 (event->time / G_USEC_PER_SEC);
      g_autofree char *expires = wf_time_to_rfc3339 (event->expires_at);
      g_autofree char *duration = NULL;
      g_autofree char *generation = g_strdup_printf ("%u", event->generation);

      if (event->duration_us >= 0)
        duration = g_strdup_printf ("%" G_GINT64_FORMAT, event->duration_us);
      append_cell (text, time, FALSE);
      append_cell (text, wf_event_kind_to_string (event->kind), FALSE);
      append_cell (text, event->cause, FALSE);
      append_cell (text, event->result, FALSE);
      append_cell (text, duration, FALSE);
      append_cell (text, generation, FALSE);
      append_cell (text, expires, TRUE);
    }
  return g_string_free (text, FALSE);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  json_builder_set_member_name (builder, name);
  if (text)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       number,
            gint64       unknown)
{
  json_builder_set_member_name (builder, name);
  if (number == unknown)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, number);
}

char *
wf_event_export_json (GPtrArray *events)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    {
      const WfEvent *event = g_ptr_array_index (events, i);
      g_autofree char *time = wf_time_to_rfc3339 (event->time / G_USEC_PER_SEC);
      g_autofree char *expires = wf_time_to_rfc3339 (event->expires_at);

      json_builder_begin_object (builder);
      add_text (builder, "time", time);
      add_text (builder, "event", wf_event_kind_to_string (event->kind));
      add_text (builder, "cause", event->cause);
      add_text (builder, "result", event->result);
      add_number (builder, "duration_us", event->duration_us, -1);
      add_number (builder, "generation", event->generation, 0);
      add_text (builder, "expires_at", expires);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return wf_json_to_string (root, TRUE);
}

gboolean
wf_event_contains (const WfEvent *event,
                   const char    *text)
{
  const char *places[] = {
    wf_event_words_kind (event), wf_event_words_cause (event), wf_event_words_result (event), event->result,
  };
  g_autofree char *wanted = g_utf8_casefold (text, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *place = g_utf8_casefold (places[i] ? places[i] : "", -1);

      if (strstr (place, wanted))
        return TRUE;
    }
  return FALSE;
}

gint64
wf_chart_pick_step (gint64 span,
                    guint  count)
{
  static const gint64 steps[] = {
    1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400,
    2 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 91 * 86400, 182 * 86400, 365 * 86400,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (span / steps[i] <= (gint64) MAX (count, 1))
      return steps[i];
  return MAX (span / (gint64) MAX (count, 1), 1);
}
