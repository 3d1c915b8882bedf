/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-random.h"
#include "wf-refresh-note.h"

#define WRITE_ID_BYTES 16

/* --- reading the item --- */

/* Tokens of one client at one issuer are never sent to another, also where somebody edited the account's file. */
static void
drop_foreign_tokens (WfSession  *self,
                     WfTokenSet *set)
{
  gboolean same_issuer = !set->issuer || g_strcmp0 (set->issuer, self->account->issuer) == 0;
  gboolean same_client = !set->client_id || g_strcmp0 (set->client_id, self->account->client_id) == 0;

  if (same_issuer && same_client)
    return;
  wf_token_set_clear_tokens (set);
  wf_secret_set (&set->client_secret, NULL);
  wf_session_note_error (self, set, NULL);
}

static WfTokenSet *
open_document (WfSession   *self,
               SecretValue *document,
               GError     **error)
{
  WfTokenSet *set = document ? wf_token_set_parse (document, error) : wf_token_set_new ();

  if (set)
    drop_foreign_tokens (self, set);
  return set;
}

static void
return_set (GTask      *task,
            WfTokenSet *set)
{
  g_task_return_pointer (task, set, (GDestroyNotify) wf_token_set_unref);
}

static void
on_note (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  WfTokenSet *set = g_task_get_task_data (task);
  g_autoptr (WfRefreshNote) note = wf_refresh_note_read_finish (result);

  self->has_note = note != NULL;
  wf_refresh_note_merge (note, set);
  return_set (task, wf_token_set_ref (set));
}

/* Without a refresh token, or in an item of an older Warifu, there is nothing that a note would be about. */
static gboolean
may_have_note (WfSession        *self,
               const WfTokenSet *set)
{
  return self->note_folder && set->write_id && set->refresh_token;
}

static void
on_document (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  g_autoptr (WfSecretValue) document = NULL;
  WfTokenSet *set = NULL;
  GError *error = NULL;

  if (wf_vault_load_finish (WF_VAULT (source), result, &document, &error))
    set = open_document (self, document, &error);
  if (!set)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!may_have_note (self, set))
    {
      return_set (task, set);
      return;
    }
  g_task_set_task_data (task, set, (GDestroyNotify) wf_token_set_unref);
  wf_refresh_note_read_async (self->note_folder, self->account->id, on_note, g_steal_pointer (&task));
}

void
wf_session_read_item_async (WfSession          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_session_read_item_async);
  wf_vault_load_async (self->vault, self->account->id, cancellable, on_document, task);
}

void
wf_session_read_async (WfSession          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  if (!self->memory_only)
    {
      wf_session_read_item_async (self, cancellable, callback, user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_session_read_async);
  g_task_return_pointer (task, wf_token_set_copy (self->tokens), (GDestroyNotify) wf_token_set_unref);
}

WfTokenSet *
wf_session_read_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- loading: reading for everybody to see --- */

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  guint changes = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr (WfTokenSet) set = NULL;
  GError *error = NULL;

  set = wf_session_read_finish (self, result, &error);
  if (self->changes != changes)
    {
      /* what was read may be older than what has been written since */
      g_clear_error (&error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (set)
    {
      wf_session_set_keyring_error (self, NULL);
      self->loaded_at = g_get_monotonic_time ();
      wf_session_take_tokens (self, set);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (self->allow_memory && wf_session_is_keyring_error (error))
    {
      self->memory_only = TRUE;
      wf_session_set_keyring_error (self, error);
      wf_session_take_tokens (self, self->tokens);
    }
  g_task_return_error (task, error);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (wf_session_keep_finish (WF_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
wf_session_load_async (WfSession          *self,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_session_load_async);
  /* What is under way knows better than the item. */
  if (self->loaded && (self->refreshing || self->completing > 0))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  /* Tokens that only memory holds are not thrown away. */
  if (self->loaded && self->memory_only && !wf_token_set_is_empty (self->tokens))
    {
      wf_session_keep_async (self, cancellable, on_kept, g_steal_pointer (&task));
      return;
    }
  g_task_set_task_data (task, GUINT_TO_POINTER (self->changes), NULL);
  self->memory_only = FALSE;
  wf_session_read_async (self, cancellable, on_loaded, g_steal_pointer (&task));
}

gboolean
wf_session_load_finish (WfSession    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- writing the item --- */

typedef struct
{
  WfTokenSet   *set;
  SecretValue  *document; /* NULL: nothing to keep, the item goes */
  WfWriteFlags  flags;
  guint         epoch;
  gboolean      tried_twice;
} Write;

static void store (GTask *task);

static void
write_free (Write *write)
{
  g_clear_pointer (&write->set, wf_token_set_unref);
  g_clear_pointer (&write->document, secret_value_unref);
  g_free (write);
}

static void
on_note_removed (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  wf_refresh_note_remove_finish (result);
  g_task_return_boolean (task, TRUE);
}

/* What was written makes a note of the write before void; it goes while the lock is held, so that it is no other's. */
static void
end_good_write (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  const Write *write = g_task_get_task_data (task);

  self->memory_only = FALSE;
  self->loaded_at = g_get_monotonic_time ();
  wf_session_set_keyring_error (self, NULL);
  if (!self->note_folder || (!self->has_note && write->set->refresh_token))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  self->has_note = FALSE;
  wf_refresh_note_remove_async (self->note_folder, self->account->id, on_note_removed, g_object_ref (task));
}

static void
finish_write (GTask  *task,
              GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  if (!error)
    {
      end_good_write (task);
      return;
    }
  wf_session_set_keyring_error (self, error);
  if (self->allow_memory && !(write->flags & WF_WRITE_STRICT))
    {
      self->memory_only = TRUE;
      g_error_free (error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_task_return_error (task, error);
}

/* A rotated refresh token that is not stored is lost with this process: a keyring that stumbled gets one more chance.
 * Not one that is locked, for the person has said no already. */
static gboolean
is_worth_another_try (WfSession    *self,
                      const Write  *write,
                      const GError *error)
{
  return write->document && (write->flags & WF_WRITE_READ_BACK) && !write->tried_twice && write->epoch == self->epoch &&
         (g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_FAILED) ||
          g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE));
}

static void
end_write (GTask  *task,
           GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  if (!is_worth_another_try (self, write, error))
    {
      finish_write (task, error);
      return;
    }
  g_error_free (error);
  write->tried_twice = TRUE;
  store (task);
}

static void
on_read_back (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (WfSecretValue) document = NULL;
  GError *error = NULL;

  if (wf_vault_load_finish (WF_VAULT (source), result, &document, &error) &&
      !wf_secret_equal (document, write->document))
    error = g_error_new_literal (WF_ERROR, WF_ERROR_KEYRING_FAILED,
                                 _("The keyring took the new tokens but does not give them back. Check the keyring, then sign in again."));
  end_write (task, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = write->document ? wf_vault_store_finish (WF_VAULT (source), result, &error)
                                  : wf_vault_clear_finish (WF_VAULT (source), result, &error);

  if (done && write->document && (write->flags & WF_WRITE_READ_BACK))
    wf_vault_load_async (self->vault, self->account->id, NULL, on_read_back, g_steal_pointer (&task));
  else
    end_write (task, error);
}

static void
store (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  wf_vault_store_async (self->vault, self->account->id, write->document, NULL, on_written, g_object_ref (task));
}

/* Makes what is to be stored of @set: whose tokens these are stands with them.
 * Returns: FALSE where it cannot be written down */
static gboolean
prepare_write (WfSession  *self,
               Write      *write,
               WfTokenSet *set,
               GError    **error)
{
  write->set = wf_token_set_copy (set);
  g_free (write->set->issuer);
  write->set->issuer = g_strdup (self->account->issuer);
  g_free (write->set->client_id);
  write->set->client_id = g_strdup (self->account->client_id);
  g_free (write->set->write_id);
  write->set->write_id = wf_random_token (WRITE_ID_BYTES);
  if (wf_token_set_is_empty (write->set))
    return TRUE;
  write->document = wf_token_set_serialize (write->set, error);
  return write->document != NULL;
}

void
wf_session_write_async (WfSession          *self,
                        WfTokenSet         *set,
                        WfWriteFlags        flags,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Write *write = g_new0 (Write, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, wf_session_write_async);
  g_task_set_task_data (task, write, (GDestroyNotify) write_free);
  write->flags = flags;
  write->epoch = self->epoch;
  if (self->retired)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("The account is being removed."));
      return;
    }
  if (!prepare_write (self, write, set, &error))
    {
      /* tokens that no keyring can take live in memory, or they do not live */
      if (self->allow_memory && !(flags & WF_WRITE_STRICT))
        wf_session_take_tokens (self, write->set);
      finish_write (task, error);
      return;
    }
  wf_session_take_tokens (self, write->set);
  if (write->document)
    store (task);
  else
    wf_vault_clear_async (self->vault, self->account->id, NULL, on_written, g_steal_pointer (&task));
}

gboolean
wf_session_write_finish (WfSession    *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
