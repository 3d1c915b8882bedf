/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-waiters.h"

struct _WfWaiters
{
  GPtrArray *waiting; /* (element-type Waiter) */
};

typedef struct
{
  WfWaiters *waiters;
  GTask     *task;
  GSource   *cancelled; /* nullable */
} Waiter;

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  if (waiter->cancelled)
    g_source_destroy (waiter->cancelled);
  g_clear_pointer (&waiter->cancelled, g_source_unref);
  g_clear_object (&waiter->task);
  g_free (waiter);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove (waiter->waiters->waiting, waiter);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

WfWaiters *
wf_waiters_new (void)
{
  WfWaiters *self = g_new0 (WfWaiters, 1);

  self->waiting = g_ptr_array_new_with_free_func (waiter_free);
  return self;
}

void
wf_waiters_free (WfWaiters *self)
{
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

void
wf_waiters_add (WfWaiters *self,
                GTask     *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->waiters = self;
  waiter->task = task;
  if (cancellable)
    {
      waiter->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (on_cancelled), waiter, NULL);
      g_source_attach (waiter->cancelled, g_task_get_context (task));
    }
  g_ptr_array_add (self->waiting, waiter);
}

guint
wf_waiters_get_length (WfWaiters *self)
{
  return self->waiting->len;
}

GTask *
wf_waiters_peek (WfWaiters *self)
{
  Waiter *first = self->waiting->len > 0 ? g_ptr_array_index (self->waiting, 0) : NULL;

  return first ? first->task : NULL;
}

GPtrArray *
wf_waiters_take (WfWaiters      *self,
                 WfWaitersFilter filter,
                 gpointer        user_data)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->waiting->len;)
    {
      Waiter *waiter = g_ptr_array_index (self->waiting, i);

      if (filter && !filter (waiter->task, user_data))
        {
          i++;
          continue;
        }
      g_ptr_array_add (taken, g_object_ref (waiter->task));
      g_ptr_array_remove_index (self->waiting, i);
    }
  return taken;
}
