/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-vault.h"

#include <glib/gi18n-lib.h>
#include "wf-account-lock.h"
#include "wf-error.h"
#include "wf-secret-error.h"
#include "wf-secret-file.h"

/* A person may need a while at the keyring's own prompt; nothing waits longer than this. */
#define PATIENCE_MS (300 * 1000)
/* A bus answers only so many questions of one connection at a time (128 with dbus-daemon), and the keyring one after the
 * other in any case. */
#define MAX_CALLS 16
/* How often a write is tried where somebody changed the file without the lock. */
#define MAX_FILE_TRIES 3
/* The name of the lock on the file, beside those of the accounts. */
#define FILE_LOCK_ID "00000000-0000-0000-0000-000000000000"

typedef struct _Call Call;

#define WF_TYPE_SECRET_VAULT (wf_secret_vault_get_type ())
G_DECLARE_FINAL_TYPE (WfSecretVault, wf_secret_vault, WF, SECRET_VAULT, GObject)

/*
 * Only the simple API is used: within a Flatpak libsecret answers it from an
 * encrypted file of the application, without a Secret Service.
 */
struct _WfSecretVault
{
  GObject  parent_instance;
  guint    patience_ms;
  gboolean uses_file;
  guint    max_calls; /* with a file one: libsecret has one ETag for it */
  guint    n_running;
  GQueue   waiting;   /* (element-type Call) */
};

static void wf_secret_vault_vault_init (WfVaultInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfSecretVault, wf_secret_vault, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WF_TYPE_VAULT, wf_secret_vault_vault_init))

/*
 * The name is stored and not matched: before its first unlocking a keyring file shows
 * attributes as hashes only, and GNOME Keyring then finds no item by its schema's name. Such a
 * locked item must not look like no item. The id alone is unique.
 */
static const SecretSchema schema = {
  "io.github.warifu.Account",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/*
 * One call under way. It is owned by the callback that libsecret will run, however late;
 * @task returns once: with libsecret's answer, or before it at the deadline or when the
 * caller gives up.
 */
struct _Call
{
  WfSecretVault *vault;
  GTask         *task;            /* NULL after it has returned */
  GHashTable    *attributes;
  SecretValue   *document;        /* to be stored */
  GCancellable  *cancellable;
  GSource       *deadline;
  GSource       *given_up;
  gboolean       asked_to_unlock; /* when clearing */
  gboolean       is_running;      /* counts in n_running */
  guint          n_begun;
  WfAccountLock *file_lock;       /* held for a write */
  gint64         file_second;     /* of the file, before a write */
};

static void run_next (WfSecretVault *self);

static void
call_forget_task (Call *call)
{
  if (call->deadline)
    g_source_destroy (call->deadline);
  g_clear_pointer (&call->deadline, g_source_unref);
  if (call->given_up)
    g_source_destroy (call->given_up);
  g_clear_pointer (&call->given_up, g_source_unref);
  g_clear_object (&call->task);
}

static void
call_free (Call *call)
{
  call_forget_task (call);
  g_clear_pointer (&call->attributes, g_hash_table_unref);
  g_clear_pointer (&call->document, secret_value_unref);
  g_clear_object (&call->cancellable);
  g_clear_pointer (&call->file_lock, wf_account_lock_free);
  if (call->is_running)
    {
      call->vault->n_running--;
      run_next (call->vault);
    }
  g_clear_object (&call->vault);
  g_free (call);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static gboolean
call_clears (Call *call)
{
  return call->task && g_task_get_source_tag (call->task) == wf_vault_clear_async;
}

static gboolean
call_writes (Call *call)
{
  return call->document || call_clears (call);
}

/* Takes the task away from the call, so that nothing else returns it. */
static GTask *
call_steal_task (Call *call)
{
  g_autoptr (GTask) task = call->task ? g_object_ref (call->task) : NULL;

  call_forget_task (call);
  return g_steal_pointer (&task);
}

static void
return_locked (GTask *task)
{
  g_task_return_error (task, wf_secret_error_new_locked ());
}

static void
return_cancelled (GTask *task)
{
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
}

static void
return_failure (GTask        *task,
                const GError *error)
{
  g_task_return_error (task, wf_secret_error_translate (error));
}

static gboolean
on_deadline (gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GTask) task = call_steal_task (call);

  /* What takes minutes is a prompt that nobody answers. */
  g_cancellable_cancel (call->cancellable);
  return_locked (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_given_up (GCancellable *cancellable,
             gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr (GTask) task = call_steal_task (call);

  g_cancellable_cancel (call->cancellable);
  return_cancelled (task);
  return G_SOURCE_REMOVE;
}

static GHashTable *
make_attributes (const char *id)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (attributes, g_strdup ("account"), g_strdup (id));
  return attributes;
}

static Call *
call_new (WfVault            *vault,
          gpointer            source_tag,
          const char         *id,
          GCancellable       *cancellable,
          GAsyncReadyCallback callback,
          gpointer            user_data)
{
  Call *call = g_new0 (Call, 1);
  GMainContext *context = g_main_context_get_thread_default ();

  call->vault = g_object_ref (WF_SECRET_VAULT (vault));
  call->task = g_task_new (vault, cancellable, callback, user_data);
  g_task_set_source_tag (call->task, source_tag);
  /* The errors of this interface are WF_ERROR's own. */
  g_task_set_check_cancellable (call->task, FALSE);
  call->attributes = make_attributes (id);
  call->cancellable = g_cancellable_new ();

  call->deadline = g_timeout_source_new (WF_SECRET_VAULT (vault)->patience_ms);
  g_source_set_callback (call->deadline, on_deadline, call, NULL);
  g_source_attach (call->deadline, context);
  if (cancellable)
    {
      call->given_up = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->given_up, G_SOURCE_FUNC (on_given_up), call, NULL);
      g_source_attach (call->given_up, context);
    }
  return call;
}

static void call_begin (Call *call);

/* Whether an error goes away when the call is begun again. */
static gboolean
is_worth_another_try (Call         *call,
                      const GError *error)
{
  /* A keyring service that was started again knows nothing of the session that libsecret has with
   * it; its "NoSession" is an error that GDBus has no code for. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR) && call->n_begun == 1)
    {
      secret_service_disconnect ();
      return TRUE;
    }
  /* Another process changed the file since libsecret read it; a later time makes it read it again. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG) && call->n_begun < MAX_FILE_TRIES)
    {
      wf_secret_file_make_later_than (wf_secret_file_get_second ());
      return TRUE;
    }
  return FALSE;
}

/*
 * What libsecret's callbacks have in common. Returns: (transfer full) (nullable): the task, where it
 * is to be returned with what came; NULL where it has returned already, or where the call was begun
 * again. Takes @call in either case.
 */
static GTask *
call_end (Call         *ended,
          const GError *error)
{
  g_autoptr (Call) call = ended;

  if (call->vault->uses_file && !error)
    wf_secret_file_make_later_than (call->file_second);
  if (call->task && error && is_worth_another_try (call, error))
    {
      call_begin (g_steal_pointer (&call));
      return NULL;
    }
  return call_steal_task (call);
}

/* The item was looked up only so that the keyring asks the person to unlock it. */
static void
on_unlocked (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) value = secret_password_lookup_binary_finish (result, &error);
  g_autoptr (GTask) task = NULL;

  if (call->task && value)
    {
      call_begin (g_steal_pointer (&call));
      return;
    }
  task = call_end (g_steal_pointer (&call), error);
  if (!task)
    return;
  if (error)
    return_failure (task, error);
  else
    return_locked (task);
}

static void
ask_to_unlock (Call *call)
{
  call->asked_to_unlock = TRUE;
  secret_password_lookupv (&schema, call->attributes, call->cancellable, on_unlocked, call);
}

static void
return_unreadable (GTask *task)
{
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_KEYRING_FAILED, "%s",
                           _("Your keyring has something for this account that cannot be read."));
}

/* An item of the file backend is never locked, and always read. */
static gboolean
is_unlocked (GList *items)
{
  return items && SECRET_IS_ITEM (items->data) && !secret_item_get_locked (items->data);
}

/* What is done about an item that libsecret did not give, or did not clear. Returns: whether the call
 * goes on; takes @call then. */
static gboolean
try_once_more (Call    *call,
               gboolean unlocked)
{
  if (!call->task)
    return FALSE;
  /* Unlocked since: somebody answered another prompt. */
  if (unlocked && call->n_begun == 1)
    {
      call_begin (call);
      return TRUE;
    }
  if (!unlocked && call_clears (call) && !call->asked_to_unlock)
    {
      ask_to_unlock (call);
      return TRUE;
    }
  return FALSE;
}

static void
on_searched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);
  gboolean found = items != NULL;
  gboolean unlocked = is_unlocked (items);
  g_autoptr (GTask) task = NULL;

  g_list_free_full (items, g_object_unref);
  if (found && try_once_more (call, unlocked))
    {
      g_steal_pointer (&call);
      return;
    }
  task = call_end (g_steal_pointer (&call), error);
  if (!task)
    return;
  if (error)
    return_failure (task, error);
  else if (found && unlocked)
    return_unreadable (task);
  else if (found)
    return_locked (task);
  else if (g_task_get_source_tag (task) == wf_vault_load_async)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_boolean (task, TRUE);
}

/* Where the prompt was dismissed or could not be shown, libsecret says that there is no item, and
 * no error; whether there is one can be seen without unlocking. */
static void
look_for_locked_item (Call *call)
{
  secret_password_searchv (&schema, call->attributes, SECRET_SEARCH_NONE,
                           call->cancellable, on_searched, call);
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) value = secret_password_lookup_binary_finish (result, &error);
  g_autoptr (GTask) task = NULL;

  if (call->task && !value && !error)
    {
      look_for_locked_item (g_steal_pointer (&call));
      return;
    }
  task = call_end (g_steal_pointer (&call), error);
  if (!task)
    return;
  if (error)
    return_failure (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&value), secret_value_unref);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean stored = secret_password_store_finish (result, &error);
  g_autoptr (GTask) task = call_end (user_data, error);

  if (!task)
    return;
  if (error)
    return_failure (task, error);
  else if (!stored)
    return_locked (task); /* the prompt was dismissed */
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_cleared (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  gboolean cleared = secret_password_clear_finish (result, &error);
  g_autoptr (GTask) task = NULL;

  if (call->task && !cleared && !error)
    {
      look_for_locked_item (g_steal_pointer (&call));
      return;
    }
  task = call_end (g_steal_pointer (&call), error);
  if (!task)
    return;
  if (error)
    return_failure (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Hands @call over to libsecret. */
static void
call_begin (Call *call)
{
  gboolean is_load = !call_writes (call);

  call->n_begun++;
  call->file_second = call->vault->uses_file && !is_load ? wf_secret_file_get_second () : G_MININT64;
  if (call->document)
    /* The label is readable without unlocking: it names no account and no user. */
    secret_password_storev_binary (&schema, call->attributes, SECRET_COLLECTION_DEFAULT, "Warifu",
                                   call->document, call->cancellable, on_stored, call);
  else if (is_load)
    secret_password_lookupv (&schema, call->attributes, call->cancellable, on_looked_up, call);
  else
    secret_password_clearv (&schema, call->attributes, call->cancellable, on_cleared, call);
}

static void
on_file_locked (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;

  /* Without the lock another process may come between, which libsecret notices. */
  call->file_lock = wf_account_lock_acquire_finish (result, &error);
  if (call->task)
    call_begin (call);
  else
    call_free (call);
}

static void
run_next (WfSecretVault *self)
{
  Call *call;

  /* Those that have returned while they waited are only freed. */
  while (self->n_running < self->max_calls && (call = g_queue_pop_head (&self->waiting)))
    {
      if (!call->task)
        {
          call_free (call);
          continue;
        }
      call->is_running = TRUE;
      self->n_running++;
      if (self->uses_file && call_writes (call))
        wf_account_lock_acquire_async (FILE_LOCK_ID, call->cancellable, on_file_locked, call);
      else
        call_begin (call);
    }
}

/* Takes @call. */
static void
call_queue (Call *call)
{
  g_queue_push_tail (&call->vault->waiting, call);
  run_next (call->vault);
}

static void
wf_secret_vault_load_async (WfVault            *vault,
                            const char         *id,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  call_queue (call_new (vault, wf_vault_load_async, id, cancellable, callback, user_data));
}

static gboolean
wf_secret_vault_load_finish (WfVault      *vault,
                             GAsyncResult *result,
                             SecretValue **document,
                             GError      **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (g_task_is_valid (result, vault), FALSE);

  *document = g_task_propagate_pointer (G_TASK (result), &local);
  if (!local)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
wf_secret_vault_store_async (WfVault            *vault,
                             const char         *id,
                             SecretValue        *document,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  Call *call = call_new (vault, wf_vault_store_async, id, cancellable, callback, user_data);

  call->document = secret_value_ref (document);
  call_queue (call);
}

static void
wf_secret_vault_clear_async (WfVault            *vault,
                             const char         *id,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  call_queue (call_new (vault, wf_vault_clear_async, id, cancellable, callback, user_data));
}

static gboolean
wf_secret_vault_boolean_finish (WfVault      *vault,
                                GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, vault), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wf_secret_vault_vault_init (WfVaultInterface *iface)
{
  iface->load_async = wf_secret_vault_load_async;
  iface->load_finish = wf_secret_vault_load_finish;
  iface->store_async = wf_secret_vault_store_async;
  iface->store_finish = wf_secret_vault_boolean_finish;
  iface->clear_async = wf_secret_vault_clear_async;
  iface->clear_finish = wf_secret_vault_boolean_finish;
}

static void
wf_secret_vault_class_init (WfSecretVaultClass *klass)
{
}

static void
wf_secret_vault_init (WfSecretVault *self)
{
  self->patience_ms = PATIENCE_MS;
  self->uses_file = wf_secret_file_is_used ();
  self->max_calls = self->uses_file ? 1 : MAX_CALLS;
  g_queue_init (&self->waiting);
}

WfVault *
wf_secret_vault_new (void)
{
  return g_object_new (WF_TYPE_SECRET_VAULT, NULL);
}

void
wf_secret_vault_set_patience (WfVault *vault,
                              guint    milliseconds)
{
  g_return_if_fail (WF_IS_SECRET_VAULT (vault));

  WF_SECRET_VAULT (vault)->patience_ms = milliseconds;
}
