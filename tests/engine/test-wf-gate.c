/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-gate.h"

#include "wf-await.h"
#include "wf-error.h"

#define N_GUESTS 6

typedef struct
{
  WfGate       *gate;
  GCancellable *cancellables[N_GUESTS];
  GAsyncResult *results[N_GUESTS];
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->gate = wf_gate_new (2);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  for (guint i = 0; i < N_GUESTS; i++)
    {
      g_clear_object (&fixture->cancellables[i]);
      g_clear_object (&fixture->results[i]);
    }
  wf_gate_unref (fixture->gate);
}

static void
enter (Fixture *fixture,
       guint    guest,
       gboolean urgent)
{
  fixture->cancellables[guest] = g_cancellable_new ();
  wf_gate_enter_async (fixture->gate, urgent, fixture->cancellables[guest], wf_await_cb, &fixture->results[guest]);
  wf_await_nothing ();
}

static void
leave (Fixture *fixture)
{
  wf_gate_leave (fixture->gate);
  wf_await_nothing ();
}

static void
assert_inside (Fixture *fixture,
               guint    guest)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fixture->results[guest]);
  g_assert_true (wf_gate_enter_finish (fixture->results[guest], &error));
  g_assert_no_error (error);
}

static void
assert_turned_away (Fixture *fixture,
                    guint    guest)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fixture->results[guest]);
  g_assert_false (wf_gate_enter_finish (fixture->results[guest], &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_CANCELLED);
}

static void
test_limit (Fixture      *fixture,
            gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    enter (fixture, i, FALSE);
  assert_inside (fixture, 0);
  assert_inside (fixture, 1);
  g_assert_null (fixture->results[2]);
  leave (fixture);
  assert_inside (fixture, 2);
  g_assert_null (fixture->results[3]);
  for (guint i = 0; i < 3; i++)
    leave (fixture);
  assert_inside (fixture, 3);
  /* all have left: there is room for as many again, and for no more */
  g_clear_object (&fixture->cancellables[0]);
  g_clear_object (&fixture->results[0]);
  enter (fixture, 4, FALSE);
  enter (fixture, 5, FALSE);
  enter (fixture, 0, FALSE);
  assert_inside (fixture, 4);
  assert_inside (fixture, 5);
  g_assert_null (fixture->results[0]);
  leave (fixture);
  leave (fixture);
  leave (fixture);
  assert_inside (fixture, 0);
}

static void
test_urgent (Fixture      *fixture,
             gconstpointer data)
{
  enter (fixture, 0, FALSE);
  enter (fixture, 1, FALSE);
  enter (fixture, 2, FALSE);
  enter (fixture, 3, TRUE);
  enter (fixture, 4, TRUE);
  leave (fixture);
  assert_inside (fixture, 3);
  g_assert_null (fixture->results[2]);
  g_assert_null (fixture->results[4]);
  leave (fixture);
  assert_inside (fixture, 4);
  g_assert_null (fixture->results[2]);
  leave (fixture);
  assert_inside (fixture, 2);
  leave (fixture);
  leave (fixture);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    enter (fixture, i, i == 3);
  g_cancellable_cancel (fixture->cancellables[2]);
  g_cancellable_cancel (fixture->cancellables[3]);
  /* not within the call of who cancels */
  g_assert_null (fixture->results[2]);
  g_assert_null (fixture->results[3]);
  wf_await_nothing ();
  assert_turned_away (fixture, 2);
  assert_turned_away (fixture, 3);
  /* who is inside is so until it leaves */
  g_cancellable_cancel (fixture->cancellables[0]);
  enter (fixture, 4, FALSE);
  g_assert_null (fixture->results[4]);
  leave (fixture);
  assert_inside (fixture, 4);
  leave (fixture);
  leave (fixture);
}

static void
test_cancelled_before (Fixture      *fixture,
                       gconstpointer data)
{
  fixture->cancellables[0] = g_cancellable_new ();
  g_cancellable_cancel (fixture->cancellables[0]);
  wf_gate_enter_async (fixture->gate, FALSE, fixture->cancellables[0], wf_await_cb, &fixture->results[0]);
  wf_await_nothing ();
  assert_turned_away (fixture, 0);
  enter (fixture, 1, FALSE);
  enter (fixture, 2, FALSE);
  assert_inside (fixture, 1);
  assert_inside (fixture, 2);
  leave (fixture);
  leave (fixture);
}

/* Let through, and cancelled before it was told: it is inside all the same, so that it leaves. */
static void
test_cancelled_late (Fixture      *fixture,
                     gconstpointer data)
{
  enter (fixture, 0, FALSE);
  enter (fixture, 1, FALSE);
  enter (fixture, 2, TRUE);
  wf_gate_leave (fixture->gate);
  g_cancellable_cancel (fixture->cancellables[2]);
  wf_await_nothing ();
  assert_inside (fixture, 2);
  leave (fixture);
  leave (fixture);
}

static gboolean
on_drawn (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* What a window has to draw is drawn before the next is let in; a person who waits does not wait for that. */
static void
test_drawing (Fixture      *fixture,
              gconstpointer data)
{
  gboolean drawn = FALSE;

  enter (fixture, 0, FALSE);
  enter (fixture, 1, FALSE);
  enter (fixture, 2, FALSE);
  enter (fixture, 3, TRUE);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE + 20, on_drawn, &drawn, NULL);
  wf_gate_leave (fixture->gate);
  wf_gate_leave (fixture->gate);
  while (!drawn)
    g_main_context_iteration (NULL, FALSE);
  assert_inside (fixture, 3);
  g_assert_null (fixture->results[2]);
  wf_await_nothing ();
  assert_inside (fixture, 2);
  leave (fixture);
  leave (fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/gate/limit", Fixture, NULL, set_up, test_limit, tear_down);
  g_test_add ("/gate/urgent", Fixture, NULL, set_up, test_urgent, tear_down);
  g_test_add ("/gate/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/gate/cancelled-before", Fixture, NULL, set_up, test_cancelled_before, tear_down);
  g_test_add ("/gate/cancelled-late", Fixture, NULL, set_up, test_cancelled_late, tear_down);
  g_test_add ("/gate/drawing", Fixture, NULL, set_up, test_drawing, tear_down);
  return g_test_run ();
}
