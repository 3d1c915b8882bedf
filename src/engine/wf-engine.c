/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-engine.h"

#include <glib/gi18n-lib.h>

#include "wf-account-lock.h"
#include "wf-error.h"
#include "wf-refresh-note.h"

/* How many keyring items are read at a time when the program starts. */
#define PARALLEL_LOADS 4

struct _WfEngine
{
  GObject         parent_instance;

  WfVault        *vault;
  WfClock        *clock;
  WfAccountStore *store;
  WfHistory      *history;
  GPtrArray      *sessions;  /* (element-type WfSession), sorted by name */
  GHashTable     *providers; /* key of wf_provider_make_key() -> WfProvider */
  gboolean        allow_memory;
  gboolean        automatic;
  GFileMonitor   *locks;     /* NULL before the watch */
  char           *note_folder; /* NULL where the vault's documents end with the process */
  GQueue          to_load;   /* (element-type WfSession) */
  guint           loading;
};

static void wf_engine_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfEngine, wf_engine, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wf_engine_list_model_init))

/* --- providers: shared by the accounts that reach them in the same way --- */

static WfProvider *
get_provider (WfEngine        *self,
              const WfAccount *account,
              GError         **error)
{
  g_autofree char *key = wf_provider_make_key (account);
  WfProvider *provider = g_hash_table_lookup (self->providers, key);

  if (provider)
    return provider;
  provider = wf_provider_new (account, error);
  if (provider)
    g_hash_table_insert (self->providers, g_steal_pointer (&key), provider);
  return provider;
}

/* --- keeping the sessions in step with the files --- */

static int
compare_sessions (gconstpointer a,
                  gconstpointer b)
{
  const WfAccount *first = wf_session_get_account (*(WfSession *const *) a);
  const WfAccount *second = wf_session_get_account (*(WfSession *const *) b);
  int order = g_utf8_collate (first->name, second->name);

  return order != 0 ? order : g_strcmp0 (first->id, second->id);
}

static WfSession *
find_by_id (GPtrArray  *sessions,
            const char *id)
{
  for (guint i = 0; i < sessions->len; i++)
    {
      WfSession *session = g_ptr_array_index (sessions, i);

      if (g_str_equal (wf_session_get_account (session)->id, id))
        return session;
    }
  return NULL;
}

static WfSession *
make_session (WfEngine  *self,
              WfAccount *account,
              WfSession *old,
              GError   **error)
{
  WfProvider *provider = get_provider (self, account, error);

  if (!provider)
    return NULL;
  if (!old)
    {
      WfSession *session = wf_session_new (account, self->vault, provider, self->clock, self->history,
                                           self->allow_memory, self->automatic);

      wf_session_set_note_folder (session, self->note_folder);
      return session;
    }
  wf_session_set_account (old, account, provider);
  return g_object_ref (old);
}

/* --- changing the list: so that whoever has selected a session keeps it, no more is said to have changed than has --- */

static void
remove_run (WfEngine *self,
            guint     position,
            guint     length)
{
  g_ptr_array_remove_range (self->sessions, position, length);
  g_list_model_items_changed (G_LIST_MODEL (self), position, length, 0);
}

static void
remove_vanished (WfEngine   *self,
                 GHashTable *wanted)
{
  guint end = self->sessions->len;

  while (end > 0)
    {
      guint start = end;

      while (start > 0 && !g_hash_table_contains (wanted, g_ptr_array_index (self->sessions, start - 1)))
        start--;
      if (start < end)
        remove_run (self, start, end - start);
      end = start > 0 ? start - 1 : 0;
    }
}

/* Sessions that were renamed may stand in another order now: what lies between the first and the last of them is new. */
static void
reorder_kept (WfEngine  *self,
              GPtrArray *kept)
{
  guint first = 0;
  guint last = kept->len;

  while (first < last && g_ptr_array_index (self->sessions, first) == g_ptr_array_index (kept, first))
    first++;
  while (last > first && g_ptr_array_index (self->sessions, last - 1) == g_ptr_array_index (kept, last - 1))
    last--;
  if (first == last)
    return;
  for (guint i = first; i < last; i++)
    self->sessions->pdata[i] = kept->pdata[i];
  g_list_model_items_changed (G_LIST_MODEL (self), first, last - first, last - first);
}

static void
insert_new (WfEngine  *self,
            GPtrArray *sessions)
{
  guint position = 0;

  while (position < sessions->len)
    {
      gpointer next = position < self->sessions->len ? g_ptr_array_index (self->sessions, position) : NULL;
      guint start = position;

      for (; position < sessions->len && g_ptr_array_index (sessions, position) != next; position++)
        g_ptr_array_insert (self->sessions, (int) position, g_object_ref (g_ptr_array_index (sessions, position)));
      if (position > start)
        g_list_model_items_changed (G_LIST_MODEL (self), start, 0, position - start);
      else
        position++;
    }
}

static void
change_sessions (WfEngine  *self,
                 GPtrArray *sessions)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) present = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; i < sessions->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (sessions, i));
  for (guint i = 0; i < self->sessions->len; i++)
    g_hash_table_add (present, g_ptr_array_index (self->sessions, i));
  for (guint i = 0; i < sessions->len; i++)
    if (g_hash_table_contains (present, g_ptr_array_index (sessions, i)))
      g_ptr_array_add (kept, g_ptr_array_index (sessions, i));
  remove_vanished (self, wanted);
  reorder_kept (self, kept);
  insert_new (self, sessions);
}

/* --- keeping the sessions in step with the files --- */

/* Sessions whose accounts are gone, by whosever hand, do not go on by themselves. */
static void
retire_vanished (WfEngine  *self,
                 GPtrArray *sessions)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < sessions->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (sessions, i));
  for (guint i = 0; i < self->sessions->len; i++)
    if (!g_hash_table_contains (wanted, g_ptr_array_index (self->sessions, i)))
      wf_session_retire (g_ptr_array_index (self->sessions, i));
}

static GHashTable *
index_sessions (WfEngine *self)
{
  /* an edit frees the id that the session had */
  GHashTable *by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->sessions->len; i++)
    {
      WfSession *session = g_ptr_array_index (self->sessions, i);

      g_hash_table_insert (by_id, g_strdup (wf_session_get_account (session)->id), session);
    }
  return by_id;
}

static void
add_problem (WfEngine        *self,
             const WfAccount *account,
             const GError    *error)
{
  GPtrArray *problems = wf_account_store_get_problems (self->store);
  g_autofree char *sentence = g_strdup_printf (_("The account “%s” cannot be used: %s"), account->name, error->message);

  if (!g_ptr_array_find_with_equal_func (problems, sentence, g_str_equal, NULL))
    g_ptr_array_add (problems, g_steal_pointer (&sentence));
}

static void
sync_sessions (WfEngine *self)
{
  GPtrArray *accounts = wf_account_store_get_accounts (self->store);
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) by_id = index_sessions (self);

  for (guint i = 0; i < accounts->len; i++)
    {
      WfAccount *account = g_ptr_array_index (accounts, i);
      g_autoptr (GError) error = NULL;
      WfSession *session = make_session (self, account, g_hash_table_lookup (by_id, account->id), &error);

      if (error)
        add_problem (self, account, error);
      else
        g_ptr_array_add (sessions, session);
    }
  g_ptr_array_sort (sessions, compare_sessions);
  retire_vanished (self, sessions);
  change_sessions (self, sessions);
}

/* The store has read, or written, other accounts than before. */
static void
on_store_changed (WfEngine *self)
{
  sync_sessions (self);
  if (self->automatic)
    wf_engine_load_sessions (self);
}

/* --- list model --- */

static GType
wf_engine_get_item_type (GListModel *model)
{
  return WF_TYPE_SESSION;
}

static guint
wf_engine_get_n_items (GListModel *model)
{
  return WF_ENGINE (model)->sessions->len;
}

static gpointer
wf_engine_get_item (GListModel *model,
                    guint       position)
{
  WfEngine *self = WF_ENGINE (model);

  return position < self->sessions->len ? g_object_ref (g_ptr_array_index (self->sessions, position)) : NULL;
}

static void
wf_engine_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = wf_engine_get_item_type;
  iface->get_n_items = wf_engine_get_n_items;
  iface->get_item = wf_engine_get_item;
}

/* --- the object --- */

static void
wf_engine_dispose (GObject *object)
{
  WfEngine *self = WF_ENGINE (object);

  if (self->history)
    wf_history_flush (self->history);
  g_queue_clear_full (&self->to_load, g_object_unref);
  g_clear_object (&self->locks);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (wf_engine_parent_class)->dispose (object);
}

static void
wf_engine_finalize (GObject *object)
{
  WfEngine *self = WF_ENGINE (object);

  g_ptr_array_unref (self->sessions);
  g_hash_table_unref (self->providers);
  g_free (self->note_folder);
  G_OBJECT_CLASS (wf_engine_parent_class)->finalize (object);
}

static void
wf_engine_class_init (WfEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_engine_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_engine_finalize;
}

static void
wf_engine_init (WfEngine *self)
{
  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  self->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_queue_init (&self->to_load);
}

/* --- public: making and loading --- */

static char *
get_history_path (const WfEngineOptions *options)
{
  if (options->in_memory)
    return NULL;
  return g_build_filename (g_get_user_data_dir (), "warifu", "history.db", NULL);
}

WfEngine *
wf_engine_new (const WfEngineOptions *options)
{
  WfEngine *self = g_object_new (WF_TYPE_ENGINE, NULL);
  g_autofree char *history_path = get_history_path (options);

  self->vault = options->vault ? g_object_ref (options->vault) : wf_secret_vault_new ();
  self->clock = g_object_ref (options->clock ? options->clock : wf_clock_get_default ());
  self->note_folder = options->in_memory || wf_vault_is_volatile (self->vault) ? NULL : wf_refresh_note_get_folder ();
  self->store = wf_account_store_new (options->config_dir, options->in_memory);
  self->history = wf_history_new (history_path);
  self->allow_memory = options->allow_memory;
  self->automatic = options->automatic;
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_store_changed), self, G_CONNECT_SWAPPED);
  return self;
}

static void
on_read_again (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* how it went is in the session's properties */
  wf_session_load_finish (WF_SESSION (source), result, &error);
}

/* Another process is done with an account, and may have written its item. */
static void
on_lock_event (GFileMonitor     *monitor,
               GFile            *file,
               GFile            *other_file,
               GFileMonitorEvent event,
               WfEngine         *self)
{
  g_autofree char *id = wf_account_lock_read_event (file, event);
  WfSession *session = id ? find_by_id (self->sessions, id) : NULL;

  if (session && wf_session_get_loaded (session))
    wf_session_load_async (session, NULL, on_read_again, NULL);
}

static void
watch (WfEngine *self)
{
  wf_account_store_watch (self->store);
  if (self->locks)
    return;
  self->locks = wf_account_lock_make_monitor ();
  if (self->locks)
    g_signal_connect_object (self->locks, "changed", G_CALLBACK (on_lock_event), self, 0);
}

static void
on_store_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfEngine *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!wf_account_store_load_finish (WF_ACCOUNT_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->automatic)
    watch (self);
  g_task_return_boolean (task, TRUE);
}

void
wf_engine_load_async (WfEngine           *self,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_engine_load_async);
  wf_account_store_load_async (self->store, cancellable, on_store_loaded, g_steal_pointer (&task));
}

gboolean
wf_engine_load_finish (WfEngine     *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void load_more (WfEngine *self);

static void
on_session_loaded (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (WfEngine) self = user_data;
  g_autoptr (GError) error = NULL;

  /* a keyring that fails shows in the session's "keyring-error" */
  wf_session_load_finish (WF_SESSION (source), result, &error);
  self->loading--;
  load_more (self);
}

static void
load_more (WfEngine *self)
{
  while (self->loading < PARALLEL_LOADS && !g_queue_is_empty (&self->to_load))
    {
      g_autoptr (WfSession) session = g_queue_pop_head (&self->to_load);

      self->loading++;
      wf_session_load_async (session, NULL, on_session_loaded, g_object_ref (self));
    }
}

void
wf_engine_load_sessions (WfEngine *self)
{
  g_queue_clear_full (&self->to_load, g_object_unref);
  for (guint i = 0; i < self->sessions->len; i++)
    {
      WfSession *session = g_ptr_array_index (self->sessions, i);

      if (!wf_session_get_loaded (session))
        g_queue_push_tail (&self->to_load, g_object_ref (session));
    }
  load_more (self);
}

/* --- public: finding --- */

WfSession *
wf_engine_find (WfEngine   *self,
                const char *name,
                GError    **error)
{
  g_autoptr (WfAccount) account = wf_account_store_find (self->store, name, error);
  WfSession *session = account ? find_by_id (self->sessions, account->id) : NULL;

  if (session)
    return g_object_ref (session);
  /* the account is there but cannot be used: say why */
  if (account && get_provider (self, account, error))
    g_set_error (error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT, _("There is no account “%s”."), name);
  return NULL;
}

WfAccountStore *
wf_engine_get_store (WfEngine *self)
{
  return self->store;
}

WfHistory *
wf_engine_get_history (WfEngine *self)
{
  return self->history;
}

/* --- public: saving and removing --- */

typedef struct
{
  WfAccount *account;
  WfSession *session;
  gboolean   is_new;
} Save;

static void
save_free (Save *save)
{
  g_clear_pointer (&save->account, wf_account_unref);
  g_clear_object (&save->session);
  g_free (save);
}

static void
on_secret_stored (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfEngine *self = g_task_get_source_object (task);
  Save *save = g_task_get_task_data (task);
  GError *error = NULL;

  if (wf_session_set_client_secret_finish (WF_SESSION (source), result, &error))
    {
      g_task_return_pointer (task, g_object_ref (save->session), g_object_unref);
      return;
    }
  /* an account without the secret that it needs is of no use: all of it, or nothing */
  if (save->is_new && wf_account_store_remove (self->store, save->account, NULL))
    sync_sessions (self);
  g_task_return_error (task, error);
}

void
wf_engine_save_account_async (WfEngine           *self,
                              WfAccount          *account,
                              SecretValue        *client_secret,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Save *save = g_new0 (Save, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, wf_engine_save_account_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  save->account = wf_account_ref (account);
  save->is_new = find_by_id (self->sessions, account->id) == NULL;
  if (!wf_account_check (account, NULL, &error) || !get_provider (self, account, &error) ||
      !wf_account_store_save (self->store, account, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  sync_sessions (self);
  save->session = g_object_ref (find_by_id (self->sessions, account->id));
  if (client_secret)
    wf_session_set_client_secret_async (save->session, client_secret, cancellable, on_secret_stored,
                                        g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_object_ref (save->session), g_object_unref);
}

WfSession *
wf_engine_save_account_finish (WfEngine     *self,
                               GAsyncResult *result,
                               GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  WfSession     *session;
  WfAccountLock *lock;
} Removal;

static void
removal_free (Removal *removal)
{
  g_clear_object (&removal->session);
  g_clear_pointer (&removal->lock, wf_account_lock_free);
  g_free (removal);
}

static void
fail_removal (GTask  *task,
              GError *error)
{
  Removal *removal = g_task_get_task_data (task);

  g_clear_pointer (&removal->lock, wf_account_lock_free);
  wf_session_reinstate (removal->session);
  g_task_return_error (task, error);
}

/* The file goes last: as long as the item is there, the account can be seen and removed again. */
static void
remove_file (GTask *task)
{
  WfEngine *self = g_task_get_source_object (task);
  Removal *removal = g_task_get_task_data (task);
  g_autoptr (WfAccount) account = wf_account_ref (wf_session_get_account (removal->session));
  GError *error = NULL;

  if (!wf_account_store_remove (self->store, account, &error))
    {
      fail_removal (task, error);
      return;
    }
  wf_history_forget (self->history, account->id);
  sync_sessions (self);
  /* whoever keeps the result must not keep the lock */
  g_clear_pointer (&removal->lock, wf_account_lock_free);
  g_task_return_boolean (task, TRUE);
}

static void
on_note_removed (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  wf_refresh_note_remove_finish (result);
  remove_file (task);
}

static void
on_item_cleared (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfEngine *self = g_task_get_source_object (task);
  Removal *removal = g_task_get_task_data (task);
  GError *error = NULL;

  if (!wf_vault_clear_finish (WF_VAULT (source), result, &error) &&
      !(self->allow_memory && g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE)))
    {
      fail_removal (task, error);
      return;
    }
  g_clear_error (&error);
  if (self->note_folder)
    wf_refresh_note_remove_async (self->note_folder, wf_session_get_account (removal->session)->id, on_note_removed,
                                  g_steal_pointer (&task));
  else
    remove_file (task);
}

static void
on_removal_locked (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfEngine *self = g_task_get_source_object (task);
  Removal *removal = g_task_get_task_data (task);
  GError *error = NULL;

  /* now nobody is about to write the item again */
  removal->lock = wf_account_lock_acquire_finish (result, &error);
  if (removal->lock)
    wf_vault_clear_async (self->vault, wf_session_get_account (removal->session)->id, g_task_get_cancellable (task),
                          on_item_cleared, g_object_ref (task));
  else
    fail_removal (task, error);
}

void
wf_engine_remove_account_async (WfEngine           *self,
                                WfSession          *session,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  WfAccount *account = wf_session_get_account (session);
  Removal *removal;

  g_task_set_source_tag (task, wf_engine_remove_account_async);
  if (account->read_only)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s",
                               _("This account is provided by your administrator and cannot be removed here."));
      return;
    }
  removal = g_new0 (Removal, 1);
  removal->session = g_object_ref (session);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);
  /* what is done is done, whoever has stopped waiting for it */
  g_task_set_check_cancellable (task, FALSE);
  wf_session_retire (session);
  wf_account_lock_acquire_async (account->id, cancellable, on_removal_locked, g_steal_pointer (&task));
}

gboolean
wf_engine_remove_account_finish (WfEngine     *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
