/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

/* One road: see whether the keyring answers, lock, read the item, compare it with memory, store. */

typedef struct
{
  WfAccountLock *lock;
  guint          changes; /* of the session, when this began */
} Keep;

static void
keep_free (Keep *keep)
{
  g_clear_pointer (&keep->lock, wf_account_lock_free);
  g_free (keep);
}

/* Returns: whether the item knows more than memory: a later sign-in, or a later refresh token of the same one */
static gboolean
is_newer (const WfTokenSet *item,
          const WfTokenSet *memory)
{
  if (!item->refresh_token && item->access_tokens->len == 0)
    return FALSE;
  if (item->signed_in_at != memory->signed_in_at)
    return item->signed_in_at > memory->signed_in_at;
  return item->refreshes > memory->refreshes;
}

static void
fail (GTask  *task,
      GError *error)
{
  if (wf_session_is_keyring_error (error))
    wf_session_set_keyring_error (g_task_get_source_object (task), error);
  g_task_return_error (task, error);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (wf_session_write_finish (WF_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
store_memory (GTask            *task,
              const WfTokenSet *item)
{
  WfSession *self = g_task_get_source_object (task);
  g_autoptr (WfTokenSet) set = wf_token_set_copy (self->tokens);

  if (!set->client_secret && item->client_secret)
    set->client_secret = secret_value_ref (item->client_secret);
  wf_session_write_async (self, set, WF_WRITE_READ_BACK | WF_WRITE_STRICT, on_stored, task);
}

static void
on_item (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Keep *keep = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (WfTokenSet) item = wf_session_read_finish (self, result, &error);

  if (!item)
    fail (task, error);
  else if (keep->changes != self->changes || !self->memory_only)
    g_task_return_boolean (task, TRUE); /* somebody was faster */
  else if (is_newer (item, self->tokens))
    {
      self->memory_only = FALSE;
      self->loaded_at = g_get_monotonic_time ();
      wf_session_set_keyring_error (self, NULL);
      wf_session_take_tokens (self, item);
      g_task_return_boolean (task, TRUE);
    }
  else
    store_memory (g_steal_pointer (&task), item);
}

static void
on_locked (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);
  GError *error = NULL;

  keep->lock = wf_account_lock_acquire_finish (result, &error);
  if (keep->lock)
    wf_session_read_item_async (self, g_task_get_cancellable (task), on_item, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/* Without an answer no lock is taken: letting it go would make other processes look again, and theirs us, for ever. */
static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  GError *error = NULL;
  g_autoptr (WfTokenSet) item = wf_session_read_finish (self, result, &error);

  if (item)
    wf_account_lock_acquire_async (self->account->id, g_task_get_cancellable (task), on_locked, g_object_ref (task));
  else
    fail (task, error);
}

void
wf_session_keep_async (WfSession          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Keep *keep = g_new0 (Keep, 1);

  g_task_set_source_tag (task, wf_session_keep_async);
  g_task_set_task_data (task, keep, (GDestroyNotify) keep_free);
  keep->changes = self->changes;
  wf_session_read_item_async (self, cancellable, on_answered, g_steal_pointer (&task));
}

gboolean
wf_session_keep_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
