/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-model.h"

#include "wf-await.h"

#define ALICE "11111111-2222-4333-8444-555555555555"
#define BOB "66666666-7777-4888-9999-aaaaaaaaaaaa"

typedef struct
{
  WfHistory      *history;
  WfHistoryModel *model;
  guint           changes;
  guint           position;
  guint           removed;
  guint           added;
} Fixture;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  fixture->changes++;
  fixture->position = position;
  fixture->removed = removed;
  fixture->added = added;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->history = wf_history_new (NULL);
  fixture->model = wf_history_model_new ();
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (on_items_changed), fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->model);
  g_clear_object (&fixture->history);
}

/* Events whose generation says which they are: each fifth failed. */
static void
record (Fixture    *fixture,
        const char *account,
        guint       first,
        guint       count)
{
  for (guint i = first; i < first + count; i++)
    {
      g_autoptr (WfEvent) event = wf_event_new (account, i % 5 == 4 ? WF_EVENT_FAILURE : WF_EVENT_REFRESH);

      event->time = g_get_real_time ();
      event->generation = i;
      wf_history_record (fixture->history, event);
    }
}

static guint
get_length (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
}

static void
await_length (Fixture *fixture,
              guint    length)
{
  while (get_length (fixture) != length)
    {
      /* as a view does */
      g_autoptr (WfHistoryItem) first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);

      g_main_context_iteration (NULL, TRUE);
    }
}

static void
await_event (WfHistoryItem *item)
{
  while (!wf_history_item_get_event (item))
    g_main_context_iteration (NULL, TRUE);
}

/* Asks for what stands at @position and waits for it. */
static void
assert_generation (Fixture *fixture,
                   guint    position,
                   guint    generation)
{
  g_autoptr (WfHistoryItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);

  g_assert_nonnull (item);
  await_event (item);
  g_assert_cmpuint (wf_history_item_get_event (item)->generation, ==, generation);
}

static void
test_empty (Fixture      *fixture,
            gconstpointer data)
{
  g_assert_cmpuint (get_length (fixture), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), 0));
  wf_history_model_update (fixture->model);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_ALL);
  wf_history_flush (fixture->history);
  wf_await_milliseconds (20);
  g_assert_cmpuint (fixture->changes, ==, 0);
  wf_history_model_show (fixture->model, NULL, NULL, WF_HISTORY_ALL);
  g_assert_cmpuint (fixture->changes, ==, 0);
}

static void
test_read (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (WfHistoryItem) first = NULL;
  g_autoptr (WfHistoryItem) again = NULL;

  record (fixture, ALICE, 0, 1000);
  record (fixture, BOB, 5000, 10);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_ALL);
  g_assert_cmpuint (get_length (fixture), ==, 0);
  while (get_length (fixture) == 0)
    g_main_context_iteration (NULL, TRUE);
  /* the first lines alone, until they have been read and there was time to paint them */
  g_assert_cmpuint (get_length (fixture), ==, 32);
  first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_null (wf_history_item_get_event (first));
  again = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_true (first == again);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), 32));
  await_length (fixture, 1000);
  g_assert_cmpuint (fixture->changes, ==, 2);
  g_assert_cmpuint (fixture->position, ==, 32);
  for (guint i = 0; i < 1000; i += 37)
    assert_generation (fixture, i, 999 - i);
  assert_generation (fixture, 999, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), 1000));
  wf_history_model_show (fixture->model, fixture->history, BOB, WF_HISTORY_ALL);
  g_assert_cmpuint (get_length (fixture), ==, 0);
  await_length (fixture, 10);
  assert_generation (fixture, 9, 5000);
}

static void
test_kinds (Fixture      *fixture,
            gconstpointer data)
{
  record (fixture, ALICE, 0, 1000);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_FAILURES);
  await_length (fixture, 200);
  assert_generation (fixture, 0, 999);
  assert_generation (fixture, 150, 249);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_REFRESHES);
  await_length (fixture, 800);
  assert_generation (fixture, 0, 998);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_SIGN_OUTS);
  wf_history_flush (fixture->history);
  wf_await_milliseconds (20);
  g_assert_cmpuint (get_length (fixture), ==, 0);
}

/* A new event is put before the others, which stay what they are. */
static void
test_update (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (WfHistoryItem) newest = NULL;
  g_autoptr (WfHistoryItem) moved = NULL;

  record (fixture, ALICE, 0, 300);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_ALL);
  await_length (fixture, 300);
  newest = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  await_event (newest);
  record (fixture, ALICE, 300, 100);
  for (guint i = 0; i < 50; i++)
    wf_history_model_update (fixture->model);
  await_length (fixture, 400);
  g_assert_cmpuint (fixture->changes, ==, 3);
  g_assert_cmpuint (fixture->position, ==, 0);
  g_assert_cmpuint (fixture->removed, ==, 0);
  g_assert_cmpuint (fixture->added, ==, 100);
  moved = g_list_model_get_item (G_LIST_MODEL (fixture->model), 100);
  g_assert_true (moved == newest);
  assert_generation (fixture, 0, 399);
  assert_generation (fixture, 99, 300);
  assert_generation (fixture, 399, 0);
}

/* What goes beyond the bounds is taken off the end, and the rest stays what it is. */
static void
test_bounds (Fixture      *fixture,
             gconstpointer data)
{
  const WfHistoryBounds bounds = { .max_events = 300 };
  g_autoptr (WfHistoryItem) newest = NULL;
  g_autoptr (WfHistoryItem) moved = NULL;

  wf_history_set_bounds (fixture->history, &bounds);
  record (fixture, ALICE, 0, 300);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_ALL);
  await_length (fixture, 300);
  newest = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  await_event (newest);
  for (guint round = 1; round < 4; round++)
    {
      record (fixture, ALICE, 200 + 100 * round, 100);
      wf_history_model_update (fixture->model);
      while (fixture->changes < 2 + 2 * round)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (get_length (fixture), ==, 300);
      assert_generation (fixture, 0, 299 + 100 * round);
      assert_generation (fixture, 299, 100 * round);
      assert_generation (fixture, 131, 299 + 100 * round - 131);
      if (round != 2)
        continue;
      moved = g_list_model_get_item (G_LIST_MODEL (fixture->model), 200);
      g_assert_true (moved == newest);
    }
  wf_history_forget (fixture->history, ALICE);
  wf_history_model_update (fixture->model);
  await_length (fixture, 0);
}

static void
test_memory (Fixture      *fixture,
             gconstpointer data)
{
  const WfHistoryBounds bounds = { .max_events = 20000 };

  wf_history_set_bounds (fixture->history, &bounds);
  record (fixture, ALICE, 0, 20000);
  wf_history_model_show (fixture->model, fixture->history, ALICE, WF_HISTORY_ALL);
  await_length (fixture, 20000);
  for (guint i = 0; i < 20000; i += 111)
    assert_generation (fixture, i, 19999 - i);
  for (guint i = 0; i < 20000; i += 1111)
    assert_generation (fixture, 19999 - i, i);
  g_assert_cmpuint (wf_history_model_count_cached (fixture->model), <=, 2048);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/history-model/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/history-model/read", Fixture, NULL, set_up, test_read, tear_down);
  g_test_add ("/history-model/kinds", Fixture, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/history-model/update", Fixture, NULL, set_up, test_update, tear_down);
  g_test_add ("/history-model/bounds", Fixture, NULL, set_up, test_bounds, tear_down);
  g_test_add ("/history-model/memory", Fixture, NULL, set_up, test_memory, tear_down);
  return g_test_run ();
}
