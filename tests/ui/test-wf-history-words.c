/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-words.h"

#include "wf-json.h"
#include "wf-time.h"

static WfEvent *
make_event (WfEventKind kind,
            const char *cause,
            const char *result)
{
  WfEvent *event = wf_event_new ("00000000-0000-4000-8000-000000000000", kind);

  g_free (event->cause);
  g_free (event->result);
  event->cause = g_strdup (cause);
  event->result = g_strdup (result);
  event->time = G_GINT64_CONSTANT (1795353600) * G_USEC_PER_SEC;
  event->expires_at = WF_TIME_UNKNOWN;
  event->duration_us = -1;
  return event;
}

static void
test_words (void)
{
  g_autoptr (WfEvent) good = make_event (WF_EVENT_REFRESH, "schedule", "ok");
  g_autoptr (WfEvent) bad = make_event (WF_EVENT_REFRESH, "by-hand", "invalid_grant");
  g_autoptr (WfEvent) odd = make_event (WF_EVENT_SIGN_OUT, NULL, "ok");

  g_assert_cmpstr (wf_event_words_kind (good), ==, "Refresh");
  g_assert_cmpstr (wf_event_words_cause (good), ==, "by schedule");
  g_assert_cmpstr (wf_event_words_result (good), ==, "Done");
  g_assert_false (wf_event_is_failure (good));
  g_assert_cmpstr (wf_event_words_result (bad), ==, "invalid_grant");
  g_assert_true (wf_event_is_failure (bad));
  g_assert_cmpstr (wf_event_words_cause (odd), ==, "");
}

static void
test_export (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_event_free);
  WfEvent *event = make_event (WF_EVENT_SIGN_IN, "window", "ok");
  g_autofree char *text = NULL;

  event->duration_us = 35000;
  event->generation = 1;
  event->expires_at = 1795357200;
  g_ptr_array_add (events, event);
  g_ptr_array_add (events, make_event (WF_EVENT_FAILURE, NULL, "a\"b"));
  text = wf_event_export (events);
  g_assert_cmpstr (text, ==,
                   "time,event,cause,result,duration_us,generation,expires_at\r\n"
                   "\"2026-11-22T13:20:00Z\",\"sign-in\",\"window\",\"ok\",\"35000\",\"1\",\"2026-11-22T14:20:00Z\"\r\n"
                   "\"2026-11-22T13:20:00Z\",\"failure\",\"\",\"a\"\"b\",\"\",\"0\",\"\"\r\n");
}

static void
test_export_json (void)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_event_free);
  WfEvent *event = make_event (WF_EVENT_SIGN_IN, "window", "ok");
  g_autofree char *text = NULL;
  g_autofree char *empty = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *first, *second;

  empty = wf_event_export_json (events);
  g_assert_cmpstr (empty, ==, "[]");
  event->duration_us = 35000;
  event->generation = 1;
  event->expires_at = 1795357200;
  event->fingerprint = g_strdup ("0123456789abcdef");
  g_ptr_array_add (events, event);
  g_ptr_array_add (events, make_event (WF_EVENT_FAILURE, NULL, "a\"b"));
  text = wf_event_export_json (events);
  g_assert_null (strstr (text, "0123456789abcdef"));
  node = wf_json_parse (text, strlen (text), WF_JSON_MAX_BYTES, NULL);
  g_assert_nonnull (node);
  first = json_array_get_object_element (json_node_get_array (node), 0);
  second = json_array_get_object_element (json_node_get_array (node), 1);
  g_assert_cmpstr (json_object_get_string_member (first, "time"), ==, "2026-11-22T13:20:00Z");
  g_assert_cmpstr (json_object_get_string_member (first, "event"), ==, "sign-in");
  g_assert_cmpstr (json_object_get_string_member (first, "cause"), ==, "window");
  g_assert_cmpint (json_object_get_int_member (first, "duration_us"), ==, 35000);
  g_assert_cmpint (json_object_get_int_member (first, "generation"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (first, "expires_at"), ==, "2026-11-22T14:20:00Z");
  g_assert_cmpstr (json_object_get_string_member (second, "result"), ==, "a\"b");
  g_assert_true (json_object_get_null_member (second, "cause"));
  g_assert_true (json_object_get_null_member (second, "duration_us"));
  g_assert_true (json_object_get_null_member (second, "expires_at"));
}

static void
test_contains (void)
{
  g_autoptr (WfEvent) event = make_event (WF_EVENT_FAILURE, "schedule", "invalid_grant");

  g_assert_true (wf_event_contains (event, "SCHEDULE"));
  g_assert_true (wf_event_contains (event, "invalid"));
  g_assert_true (wf_event_contains (event, "fail"));
  g_assert_true (wf_event_contains (event, ""));
  g_assert_false (wf_event_contains (event, "sign-in"));
}

static void
test_step (void)
{
  g_assert_cmpint (wf_chart_pick_step (60, 6), ==, 10);
  g_assert_cmpint (wf_chart_pick_step (3600, 6), ==, 600);
  g_assert_cmpint (wf_chart_pick_step (86400, 5), ==, 6 * 3600);
  g_assert_cmpint (wf_chart_pick_step (0, 0), ==, 1);
  for (gint64 span = 1; span < G_MAXINT64 / 3; span *= 3)
    {
      gint64 step = wf_chart_pick_step (span, 7);

      g_assert_cmpint (step, >=, 1);
      g_assert_cmpint (span / step, <=, 8);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/history-words/words", test_words);
  g_test_add_func ("/ui/history-words/export", test_export);
  g_test_add_func ("/ui/history-words/export-json", test_export_json);
  g_test_add_func ("/ui/history-words/contains", test_contains);
  g_test_add_func ("/ui/history-words/step", test_step);
  return g_test_run ();
}
