/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-waiters.h"

#include "wf-await.h"

static GTask *
add (WfWaiters     *waiters,
     GCancellable  *cancellable,
     const char    *name,
     GAsyncResult **slot)
{
  GTask *task = g_task_new (NULL, cancellable, wf_await_cb, slot);

  g_task_set_task_data (task, (gpointer) name, NULL);
  wf_waiters_add (waiters, task);
  return task;
}

static void
answer (GPtrArray *taken)
{
  for (guint i = 0; i < taken->len; i++)
    g_task_return_boolean (g_ptr_array_index (taken, i), TRUE);
}

static void
assert_answered (GAsyncResult **slot)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_await (slot);
  result = g_steal_pointer (slot);
  g_assert_true (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_no_error (error);
}

static void
assert_cancelled (GAsyncResult **slot)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_await (slot);
  result = g_steal_pointer (slot);
  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_all (void)
{
  WfWaiters *waiters = wf_waiters_new ();
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) none = NULL;
  GAsyncResult *first = NULL;
  GAsyncResult *second = NULL;
  GTask *task;

  g_assert_null (wf_waiters_peek (waiters));
  task = add (waiters, NULL, "a", &first);
  add (waiters, NULL, "b", &second);
  g_assert_cmpuint (wf_waiters_get_length (waiters), ==, 2);
  g_assert_true (wf_waiters_peek (waiters) == task);
  taken = wf_waiters_take (waiters, NULL, NULL);
  g_assert_cmpuint (taken->len, ==, 2);
  g_assert_cmpuint (wf_waiters_get_length (waiters), ==, 0);
  none = wf_waiters_take (waiters, NULL, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  answer (taken);
  assert_answered (&first);
  assert_answered (&second);
  wf_waiters_free (waiters);
}

static gboolean
is_named (GTask   *task,
          gpointer name)
{
  return g_strcmp0 (g_task_get_task_data (task), name) == 0;
}

static void
test_some (void)
{
  WfWaiters *waiters = wf_waiters_new ();
  g_autoptr (GPtrArray) some = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  GAsyncResult *results[4] = { NULL };

  add (waiters, NULL, "a", &results[0]);
  add (waiters, NULL, "b", &results[1]);
  add (waiters, NULL, "a", &results[2]);
  add (waiters, NULL, "c", &results[3]);
  some = wf_waiters_take (waiters, is_named, (gpointer) "a");
  g_assert_cmpuint (some->len, ==, 2);
  answer (some);
  assert_answered (&results[0]);
  assert_answered (&results[2]);
  wf_await_nothing ();
  g_assert_null (results[1]);
  g_assert_cmpstr (g_task_get_task_data (wf_waiters_peek (waiters)), ==, "b");
  rest = wf_waiters_take (waiters, NULL, NULL);
  answer (rest);
  assert_answered (&results[1]);
  assert_answered (&results[3]);
  wf_waiters_free (waiters);
}

static void
test_cancelled (void)
{
  WfWaiters *waiters = wf_waiters_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) taken = NULL;
  GAsyncResult *impatient = NULL;
  GAsyncResult *patient = NULL;
  GAsyncResult *late = NULL;

  add (waiters, cancellable, "a", &impatient);
  add (waiters, NULL, "b", &patient);
  g_cancellable_cancel (cancellable);
  assert_cancelled (&impatient);
  g_assert_cmpuint (wf_waiters_get_length (waiters), ==, 1);
  /* also one that comes with a cancellable that was triggered before */
  add (waiters, cancellable, "c", &late);
  assert_cancelled (&late);
  taken = wf_waiters_take (waiters, NULL, NULL);
  answer (taken);
  assert_answered (&patient);
  wf_waiters_free (waiters);
}

/* Taken and cancelled at the same time: answered once, as the cancellable says. */
static void
test_cancelled_after_taken (void)
{
  WfWaiters *waiters = wf_waiters_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) taken = NULL;
  GAsyncResult *result = NULL;

  add (waiters, cancellable, "a", &result);
  taken = wf_waiters_take (waiters, NULL, NULL);
  g_cancellable_cancel (cancellable);
  wf_await_nothing ();
  g_assert_null (result);
  answer (taken);
  assert_cancelled (&result);
  wf_waiters_free (waiters);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/waiters/all", test_all);
  g_test_add_func ("/waiters/some", test_some);
  g_test_add_func ("/waiters/cancelled", test_cancelled);
  g_test_add_func ("/waiters/cancelled-after-taken", test_cancelled_after_taken);

  return g_test_run ();
}
