/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-history.h"
#include "wf-time.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 20000

static char *limit = NULL;

static const GOptionEntry entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_FILENAME, &limit, N_("Show at most this many events (50)"), N_("N") },
  { NULL },
};

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       number,
            gboolean     known)
{
  json_builder_set_member_name (builder, name);
  if (known)
    json_builder_add_int_value (builder, number);
  else
    json_builder_add_null_value (builder);
}

static void
add_event (JsonBuilder   *builder,
           const WfEvent *event)
{
  json_builder_begin_object (builder);
  wf_cli_add_time (builder, "time", event->time / G_USEC_PER_SEC);
  wf_cli_add_string (builder, "event", wf_event_kind_to_string (event->kind));
  wf_cli_add_string (builder, "cause", event->cause);
  wf_cli_add_string (builder, "result", event->result);
  add_number (builder, "duration_ms", event->duration_us / 1000, event->duration_us >= 0);
  add_number (builder, "generation", event->generation, event->generation > 0);
  wf_cli_add_time (builder, "expires_at", event->expires_at);
  wf_cli_add_string (builder, "fingerprint", event->fingerprint);
  json_builder_end_object (builder);
}

static JsonNode *
describe (GPtrArray *events)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    add_event (builder, events->pdata[i]);
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static void
print_event (const WfEvent *event)
{
  g_autofree char *time = wf_time_to_rfc3339 (event->time / G_USEC_PER_SEC);
  g_autofree char *kind = wf_cli_pad (wf_event_kind_to_string (event->kind), 10);
  g_autofree char *cause = wf_cli_pad (event->cause ? event->cause : "", 15);
  g_autofree char *result = wf_cli_pad (event->result ? event->result : "", 20);
  g_autofree char *duration = event->duration_us < 0 ? NULL : g_strdup_printf ("%7d ms", (int) (event->duration_us / 1000));
  g_autofree char *generation = NULL;

  if (event->generation > 0)
    generation = g_strdup_printf (_("generation %u"), event->generation);
  wf_cli_print ("%s  %s%s%s%10s  %s", time ? time : "", kind, cause, result, duration ? duration : "", generation ? generation : "");
}

static gboolean
run_history (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (WfSession) session = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) events = NULL;
  WfHistory *history;
  gint64 number = DEFAULT_LIMIT;

  if (!wf_cli_parse_number ("--limit", limit, 1, MAX_LIMIT, &number, error))
    return FALSE;
  session = wf_cli_find_session (cli, operands[0], error);
  if (!session)
    return FALSE;
  history = wf_engine_get_history (cli->engine);
  wf_history_query_async (history, wf_session_get_account (session)->id, (guint) number, cli->cancellable,
                          wf_cli_take_result, &result);
  events = wf_history_query_finish (history, wf_cli_wait (&result), error);
  if (!events)
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, describe (events));
  for (guint i = 0; !cli->json && i < events->len; i++)
    print_event (events->pdata[i]);
  return TRUE;
}

const WfCliCommand wf_cli_history_command = {
  "history", "NAME", 1, 1, N_("List sign-ins, refreshes, failures and sign-outs, newest first"), entries, run_history,
};
