/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-gate.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

struct _WfGate
{
  gatomicrefcount ref_count;
  guint           limit;
  guint           inside;
  GQueue          urgent; /* (element-type GTask) */
  GQueue          usual;  /* (element-type GTask) */
  GSource        *opener; /* lets in the next of @usual as soon as nothing else is to be done; nullable */
};

/* The data of a task that waits. */
typedef struct
{
  WfGate *gate;
  gulong  cancelled; /* 0: nobody can give up, or nobody waits any more */
} Wait;

static void
wait_free (Wait *wait)
{
  wf_gate_unref (wait->gate);
  g_free (wait);
}

static void
stop_listening (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  if (wait->cancelled)
    g_signal_handler_disconnect (g_task_get_cancellable (task), wait->cancelled);
  wait->cancelled = 0;
}

static gboolean
return_cancelled (gpointer task)
{
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
  return G_SOURCE_REMOVE;
}

/* A signal and not a source: a thousand sources cost time at each turn of the main loop. */
static void
on_cancelled (GCancellable *cancellable,
              GTask        *task)
{
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (GSource) idle = g_idle_source_new ();

  /* not within the call of who cancels */
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, return_cancelled, g_object_ref (task), g_object_unref);
  g_source_attach (idle, g_task_get_context (task));
  stop_listening (task);
  if (g_queue_remove (&wait->gate->urgent, task) || g_queue_remove (&wait->gate->usual, task))
    g_object_unref (task);
}

static void
let_in (WfGate *self,
        GQueue *queue)
{
  g_autoptr (GTask) next = g_queue_pop_head (queue);

  if (!next)
    return;
  self->inside++;
  stop_listening (next);
  g_task_return_boolean (next, TRUE);
}

static gboolean
on_open (gpointer user_data)
{
  WfGate *self = user_data;

  if (self->inside < self->limit)
    let_in (self, &self->usual);
  if (self->inside < self->limit && !g_queue_is_empty (&self->usual))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->opener, g_source_unref);
  return G_SOURCE_REMOVE;
}

/* A window is drawn before the next of many is begun: what is to be drawn stands before idle work in the main loop, and
 * behind all that a refresh waits for. */
static void
open_later (WfGate *self)
{
  if (self->opener)
    return;
  self->opener = g_idle_source_new ();
  g_source_set_callback (self->opener, on_open, wf_gate_ref (self), (GDestroyNotify) wf_gate_unref);
  g_source_attach (self->opener, g_main_context_get_thread_default ());
}

WfGate *
wf_gate_new (guint limit)
{
  WfGate *self = g_new0 (WfGate, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->limit = limit;
  g_queue_init (&self->urgent);
  g_queue_init (&self->usual);
  return self;
}

WfGate *
wf_gate_ref (WfGate *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
wf_gate_unref (WfGate *self)
{
  /* who waits holds a reference: then nobody does */
  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

void
wf_gate_enter_async (WfGate             *self,
                     gboolean            urgent,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wait *wait = g_new0 (Wait, 1);

  wait->gate = wf_gate_ref (self);
  g_task_set_source_tag (task, wf_gate_enter_async);
  /* who was let through is told so, and leaves again */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, wait, (GDestroyNotify) wait_free);
  if (g_cancellable_is_cancelled (cancellable))
    {
      return_cancelled (task);
      return;
    }
  if (self->inside < self->limit)
    {
      self->inside++;
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (cancellable)
    wait->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), task);
  g_queue_push_tail (urgent ? &self->urgent : &self->usual, g_steal_pointer (&task));
}

gboolean
wf_gate_enter_finish (GAsyncResult *result,
                      GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
wf_gate_leave (WfGate *self)
{
  self->inside--;
  let_in (self, &self->urgent);
  if (self->inside < self->limit && !g_queue_is_empty (&self->usual))
    open_later (self);
}
