/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include "wf-error.h"

/* Somebody waits for the answer that the sign-in has failed: a lock that others hold is not worth more than this. */
#define PATIENCE_MS 2000

/* One note: the data of its GTask. */
typedef struct
{
  GError        *error;
  WfAccountLock *lock;
  GCancellable  *patience;
  GSource       *timer;
  guint          epoch;
} Note;

static void
stop_timer (Note *note)
{
  if (note->timer)
    g_source_destroy (note->timer);
  g_clear_pointer (&note->timer, g_source_unref);
}

static void
note_free (Note *note)
{
  stop_timer (note);
  g_clear_object (&note->patience);
  g_clear_pointer (&note->lock, wf_account_lock_free);
  g_clear_error (&note->error);
  g_free (note);
}

static void
end_note (GTask *task)
{
  Note *note = g_task_get_task_data (task);

  /* whoever keeps the result must not keep the lock */
  g_clear_pointer (&note->lock, wf_account_lock_free);
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_impatient (gpointer user_data)
{
  Note *note = user_data;

  g_cancellable_cancel (note->patience);
  return G_SOURCE_REMOVE;
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  wf_session_write_finish (WF_SESSION (source), result, &error);
  end_note (task);
}

static gboolean
says_so_already (const WfTokenSet *set,
                 const Note       *note)
{
  return set->sign_in_failed && g_strcmp0 (set->error_name, wf_error_get_name (note->error)) == 0 &&
         g_strcmp0 (set->error_description, note->error->message) == 0;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Note *note = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfTokenSet) set = wf_session_read_finish (self, result, &error);

  if (!set || note->epoch != self->epoch || says_so_already (set, note))
    {
      end_note (task);
      return;
    }
  wf_session_note_error (self, set, note->error);
  set->sign_in_failed = TRUE;
  if (self->memory_only)
    {
      wf_session_take_tokens (self, set);
      end_note (task);
    }
  else
    wf_session_write_async (self, set, WF_WRITE_STRICT, on_written, g_steal_pointer (&task));
}

static void
on_locked (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Note *note = g_task_get_task_data (task);

  stop_timer (note);
  note->lock = wf_account_lock_acquire_finish (result, NULL);
  if (note->lock && note->epoch == self->epoch)
    wf_session_read_async (self, NULL, on_read, g_steal_pointer (&task));
  else
    end_note (task);
}

void
wf_session_note_failed_sign_in_async (WfSession          *self,
                                      const GError       *error,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Note *note = g_new0 (Note, 1);

  g_task_set_source_tag (task, wf_session_note_failed_sign_in_async);
  g_task_set_task_data (task, note, (GDestroyNotify) note_free);
  note->error = g_error_copy (error);
  note->epoch = self->epoch;
  note->patience = g_cancellable_new ();
  note->timer = g_timeout_source_new (PATIENCE_MS);
  g_source_set_callback (note->timer, on_impatient, note, NULL);
  g_source_attach (note->timer, g_task_get_context (task));
  wf_account_lock_acquire_async (self->account->id, note->patience, on_locked, g_steal_pointer (&task));
}

void
wf_session_note_failed_sign_in_finish (WfSession    *self,
                                       GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));
  g_task_propagate_boolean (G_TASK (result), NULL);
}
