/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-doctor.h"

/* Columns of "problem  ". */
#define SEVERITY_WIDTH 9

static void
print_findings (const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *severity = wf_cli_pad (wf_severity_to_string (finding->severity), SEVERITY_WIDTH);

      if (finding->advice)
        wf_cli_print ("%s%s %s", severity, finding->sentence, finding->advice);
      else
        wf_cli_print ("%s%s", severity, finding->sentence);
    }
}

static void
add_text (JsonObject *object,
          const char *name,
          const char *text)
{
  g_autofree char *clean = text ? wf_cli_clean (text) : NULL;

  if (clean)
    json_object_set_string_member (object, name, clean);
  else
    json_object_set_null_member (object, name);
}

static JsonNode *
describe (const WfAccount *account,
          const GPtrArray *findings)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_alloc ();

  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "name", finding->name);
      json_object_set_string_member (item, "severity", wf_severity_to_string (finding->severity));
      json_object_set_string_member (item, "topic", wf_doctor_topic_to_string (finding->topic));
      add_text (item, "description", finding->sentence);
      add_text (item, "advice", finding->advice);
      json_array_add_object_element (array, item);
    }
  json_object_set_string_member (object, "id", account->id);
  json_object_set_string_member (object, "name", account->name);
  json_object_set_string_member (object, "worst", wf_severity_to_string (wf_doctor_get_worst (findings)));
  json_object_set_array_member (object, "findings", array);
  return json_node_init_object (node, object);
}

/* What is found is the answer and no failure: the exit status is 0 whatever it is. */
static gboolean
run_doctor (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfSession) session = wf_cli_find_session (cli, operands[0], error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) findings = NULL;

  if (!session)
    return FALSE;
  wf_session_diagnose_async (session, wf_cli_format_time, cli->cancellable, wf_cli_take_result, &result);
  findings = wf_session_diagnose_finish (session, wf_cli_wait (&result), error);
  if (!findings)
    return FALSE;
  if (cli->json)
    wf_cli_take_document (cli, describe (wf_session_get_account (session), findings));
  else
    print_findings (findings);
  return TRUE;
}

const WfCliCommand wf_cli_doctor_command = {
  "doctor", "NAME", 1, 1, N_("Look for what is wrong with an account"), NULL, run_doctor,
};
