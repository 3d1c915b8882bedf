/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-connection-test.h"

#define OUTCOME_WIDTH 9
#define TITLE_WIDTH 20

/* Said as it happens: a step may take a while. */
static void
on_step_changed (WfConnectionStep *step,
                 gpointer          user_data)
{
  WfConnectionOutcome outcome = wf_connection_step_get_outcome (step);
  gint64 duration = wf_connection_step_get_duration (step);
  g_autofree char *word = NULL;
  g_autofree char *title = NULL;

  if (outcome <= WF_CONNECTION_RUNNING)
    return;
  word = wf_cli_pad (wf_connection_outcome_to_string (outcome), OUTCOME_WIDTH);
  title = wf_cli_pad (wf_connection_kind_get_title (wf_connection_step_get_kind (step)), TITLE_WIDTH);
  if (duration >= 0)
    wf_cli_print ("%s%s%s (%d ms)", word, title, wf_connection_step_get_detail (step), (int) (duration / 1000));
  else
    wf_cli_print ("%s%s%s", word, title, wf_connection_step_get_detail (step));
  wf_cli_flush (NULL);
}

static void
on_steps_added (GListModel *steps,
                guint       position,
                guint       removed,
                guint       added,
                gpointer    user_data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "changed", G_CALLBACK (on_step_changed), NULL);
    }
}

static void
add_tls (JsonBuilder     *builder,
         const WfTlsPeer *peer)
{
  json_builder_set_member_name (builder, "tls");
  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "protocol", peer->protocol);
  wf_cli_add_string (builder, "cipher", peer->cipher);
  wf_cli_add_string (builder, "subject", peer->subject);
  wf_cli_add_string (builder, "issuer", peer->issuer);
  wf_cli_add_time (builder, "valid_from", peer->valid_from);
  wf_cli_add_time (builder, "expires_at", peer->expires_at);
  wf_cli_add_string (builder, "sha256", peer->fingerprint);
  json_builder_end_object (builder);
}

static void
add_step (JsonBuilder      *builder,
          WfConnectionStep *step)
{
  WfTlsPeer *peer = wf_connection_step_get_tls (step);
  gint64 duration = wf_connection_step_get_duration (step);

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "name", wf_connection_kind_to_string (wf_connection_step_get_kind (step)));
  wf_cli_add_string (builder, "outcome", wf_connection_outcome_to_string (wf_connection_step_get_outcome (step)));
  wf_cli_add_string (builder, "description", wf_connection_step_get_detail (step));
  json_builder_set_member_name (builder, "duration_ms");
  if (duration >= 0)
    json_builder_add_int_value (builder, duration / 1000);
  else
    json_builder_add_null_value (builder);
  if (peer)
    add_tls (builder, peer);
  json_builder_end_object (builder);
}

static JsonNode *
describe (const WfAccount  *account,
          WfConnectionTest *test)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (test));

  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "id", account->id);
  wf_cli_add_string (builder, "name", account->name);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WfConnectionStep) step = g_list_model_get_item (G_LIST_MODEL (test), i);

      add_step (builder, step);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
run_test (WfCli   *cli,
          char   **operands,
          GError **error)
{
  g_autoptr (WfAccount) account = wf_cli_find_account (cli, operands[0], error);
  g_autoptr (WfConnectionTest) test = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gboolean good;

  if (!account)
    return FALSE;
  test = wf_connection_test_new (account, FALSE);
  if (!cli->json)
    {
      on_steps_added (G_LIST_MODEL (test), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (test)), NULL);
      g_signal_connect (test, "items-changed", G_CALLBACK (on_steps_added), NULL);
    }
  wf_connection_test_run_async (test, cli->cancellable, wf_cli_take_result, &result);
  good = wf_connection_test_run_finish (test, wf_cli_wait (&result), error);
  if (cli->json)
    wf_cli_take_document (cli, describe (account, test));
  return good;
}

const WfCliCommand wf_cli_test_command = {
  "test", "NAME", 1, 1, N_("Test the connection to an account's provider, step by step"), NULL, run_test,
};
