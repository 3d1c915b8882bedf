/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include "wf-account-files.h"
#include "wf-error.h"

/* An editor makes several changes in a row; they are read once. */
#define SETTLE_MS 200

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _WfAccountStore
{
  GObject       parent_instance;
  char         *config_dir;
  char         *folder;         /* config_dir/accounts; NULL in memory */
  GStrv         system_folders; /* nullable */
  GPtrArray    *accounts;       /* (element-type WfAccount) */
  GPtrArray    *problems;       /* (element-type utf8) */
  guint         changes;        /* counts our own, to see that a reading is out of date */
  GPtrArray    *monitors;       /* (element-type GFileMonitor); NULL before the watch */
  guint         settle_source;
  GCancellable *cancellable;    /* of readings that the watch began */
};

G_DEFINE_FINAL_TYPE (WfAccountStore, wf_account_store, G_TYPE_OBJECT)

typedef struct
{
  char *folder;
  GStrv system_folders;
  guint changes; /* when the reading began */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->folder);
  g_strfreev (reading->system_folders);
  g_free (reading);
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Reading *reading = task_data;

  g_task_return_pointer (task,
                         wf_account_files_read (reading->folder, (const char *const *) reading->system_folders),
                         (GDestroyNotify) wf_account_files_free);
}

static gboolean
same_accounts (GPtrArray *a,
               GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!wf_account_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

static gboolean
same_problems (GPtrArray *a,
               GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

/* Accounts that did not change stay the same values, so that who holds them sees no edit. */
static gboolean
take_files (WfAccountStore *self,
            WfAccountFiles *files)
{
  if (same_accounts (self->accounts, files->accounts) && same_problems (self->problems, files->problems))
    return FALSE;

  g_ptr_array_unref (self->accounts);
  self->accounts = g_ptr_array_ref (files->accounts);
  g_ptr_array_unref (self->problems);
  self->problems = g_ptr_array_ref (files->problems);
  return TRUE;
}

static guint
find_index (WfAccountStore *self,
            const char     *id)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (g_str_equal (((WfAccount *) g_ptr_array_index (self->accounts, i))->id, id))
      return i;
  return self->accounts->len;
}

/* Returns a new array, so that who looks at the old one is not disturbed. */
static GPtrArray *
copy_accounts (WfAccountStore *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_account_unref);

  for (guint i = 0; i < self->accounts->len; i++)
    g_ptr_array_add (copy, wf_account_ref (g_ptr_array_index (self->accounts, i)));
  return copy;
}

/* Takes @accounts. */
static void
replace_accounts (WfAccountStore *self,
                  GPtrArray      *accounts)
{
  wf_account_files_sort (accounts);
  g_ptr_array_unref (self->accounts);
  self->accounts = accounts;
  self->changes++;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
check_writable (WfAccountStore *self,
                WfAccount      *account,
                GError        **error)
{
  guint index = find_index (self, account->id);

  if (!account->read_only &&
      (index == self->accounts->len || !((WfAccount *) g_ptr_array_index (self->accounts, index))->read_only))
    return TRUE;

  g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
               _("The account “%s” is provided by your administrator and cannot be changed here."),
               account->name ? account->name : account->id);
  return FALSE;
}

static gboolean
check_name_is_free (WfAccountStore *self,
                    WfAccount      *account,
                    GError        **error)
{
  guint index = find_index (self, account->id);

  /* Two that somebody gave the same name by hand can still be edited. */
  if (index < self->accounts->len &&
      g_strcmp0 (((WfAccount *) g_ptr_array_index (self->accounts, index))->name, account->name) == 0)
    return TRUE;

  for (guint i = 0; i < self->accounts->len; i++)
    {
      const WfAccount *other = g_ptr_array_index (self->accounts, i);

      if (g_strcmp0 (other->name, account->name) == 0 && !g_str_equal (other->id, account->id))
        {
          g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
                       _("There is an account called “%s” already. Choose another name."), account->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
set_storage_error (GError    **error,
                   const char *path,
                   const char *reason)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
               /* Translators: the first %s is a file's path, the second the system's words */
               _("The file “%s” cannot be written: %s."), name, reason);
  return FALSE;
}

static gboolean
write_account (WfAccountStore *self,
               WfAccount      *account,
               GError        **error)
{
  g_autofree char *path = wf_account_files_get_path (self->folder, account->id);
  g_autofree char *text = wf_account_serialize (account);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    return set_storage_error (error, self->folder, g_strerror (errno));

  /* Whole or not at all, also when the power goes or the disk is full. */
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &local))
    return set_storage_error (error, path, local->message);
  return TRUE;
}

static void
on_read_again (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* Only cancelling makes it fail. */
  wf_account_store_load_finish (WF_ACCOUNT_STORE (source), result, &error);
}

static gboolean
on_settled (gpointer user_data)
{
  WfAccountStore *self = WF_ACCOUNT_STORE (user_data);

  self->settle_source = 0;
  wf_account_store_load_async (self, self->cancellable, on_read_again, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_folder_changed (GFileMonitor     *monitor,
                   GFile            *file,
                   GFile            *other_file,
                   GFileMonitorEvent event,
                   WfAccountStore   *self)
{
  if (!self->settle_source)
    self->settle_source = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void
watch_folder (WfAccountStore *self,
              const char     *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GFileMonitor) monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  if (!monitor)
    return;
  g_file_monitor_set_rate_limit (monitor, SETTLE_MS);
  g_signal_connect_object (monitor, "changed", G_CALLBACK (on_folder_changed), self, 0);
  g_ptr_array_add (self->monitors, g_steal_pointer (&monitor));
}

static void
wf_account_store_dispose (GObject *object)
{
  WfAccountStore *self = WF_ACCOUNT_STORE (object);

  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);

  G_OBJECT_CLASS (wf_account_store_parent_class)->dispose (object);
}

static void
wf_account_store_finalize (GObject *object)
{
  WfAccountStore *self = WF_ACCOUNT_STORE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->config_dir, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->system_folders, g_strfreev);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);

  G_OBJECT_CLASS (wf_account_store_parent_class)->finalize (object);
}

static void
wf_account_store_class_init (WfAccountStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wf_account_store_dispose;
  object_class->finalize = wf_account_store_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_account_store_init (WfAccountStore *self)
{
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_account_unref);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->cancellable = g_cancellable_new ();
}

static GStrv
list_system_folders (void)
{
  const char *const *dirs = g_get_system_config_dirs ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; dirs[i]; i++)
    {
      g_autofree char *folder = g_build_filename (dirs[i], "warifu", "accounts", NULL);

      g_strv_builder_add (builder, folder);
    }
  return g_strv_builder_end (builder);
}

WfAccountStore *
wf_account_store_new (const char *config_dir,
                      gboolean    in_memory)
{
  WfAccountStore *self = g_object_new (WF_TYPE_ACCOUNT_STORE, NULL);

  if (in_memory)
    return self;

  if (config_dir)
    self->config_dir = g_strdup (config_dir);
  else
    {
      self->config_dir = g_build_filename (g_get_user_config_dir (), "warifu", NULL);
      self->system_folders = list_system_folders ();
    }
  self->folder = g_build_filename (self->config_dir, "accounts", NULL);
  return self;
}

void
wf_account_store_load_async (WfAccountStore     *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (WF_IS_ACCOUNT_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_account_store_load_async);
  if (!self->folder)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  reading = g_new0 (Reading, 1);
  reading->folder = g_strdup (self->folder);
  reading->system_folders = g_strdupv (self->system_folders);
  reading->changes = self->changes;
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_in_thread);
}

gboolean
wf_account_store_load_finish (WfAccountStore *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_autoptr (WfAccountFiles) files = NULL;
  g_autoptr (GError) local = NULL;
  Reading *reading;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  files = g_task_propagate_pointer (G_TASK (result), &local);
  if (local)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!files)
    return TRUE;

  reading = g_task_get_task_data (G_TASK (result));
  if (reading->changes != self->changes)
    /* We wrote while the thread read: what it saw is out of date. */
    wf_account_store_load_async (self, self->cancellable, on_read_again, NULL);
  else if (take_files (self, files))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

GPtrArray *
wf_account_store_get_accounts (WfAccountStore *self)
{
  g_return_val_if_fail (WF_IS_ACCOUNT_STORE (self), NULL);

  return self->accounts;
}

GPtrArray *
wf_account_store_get_problems (WfAccountStore *self)
{
  g_return_val_if_fail (WF_IS_ACCOUNT_STORE (self), NULL);

  return self->problems;
}

typedef gboolean (*Matches) (const WfAccount *account,
                             const char      *text);

static gboolean
has_name (const WfAccount *account,
          const char      *text)
{
  return g_strcmp0 (account->name, text) == 0;
}

static gboolean
has_id (const WfAccount *account,
        const char      *text)
{
  return g_ascii_strcasecmp (account->id, text) == 0;
}

static gboolean
id_begins_with (const WfAccount *account,
                const char      *text)
{
  return *text && g_ascii_strncasecmp (account->id, text, strlen (text)) == 0;
}

static guint
find_matching (WfAccountStore *self,
               Matches         matches,
               const char     *text,
               WfAccount     **found)
{
  guint n_found = 0;

  for (guint i = 0; i < self->accounts->len; i++)
    if (matches (g_ptr_array_index (self->accounts, i), text))
      {
        *found = g_ptr_array_index (self->accounts, i);
        n_found++;
      }
  return n_found;
}

WfAccount *
wf_account_store_find (WfAccountStore *self,
                       const char     *name,
                       GError        **error)
{
  static const Matches ways[] = { has_name, has_id, id_begins_with };
  WfAccount *found = NULL;

  g_return_val_if_fail (WF_IS_ACCOUNT_STORE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      guint n_found = find_matching (self, ways[i], name, &found);

      if (n_found == 1)
        return wf_account_ref (found);
      if (n_found > 1)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT,
                       _("Several accounts match “%s”. Give the whole id of one."), name);
          return NULL;
        }
    }
  g_set_error (error, WF_ERROR, WF_ERROR_NO_SUCH_ACCOUNT, _("There is no account called “%s”."), name);
  return NULL;
}

gboolean
wf_account_store_save (WfAccountStore *self,
                       WfAccount      *account,
                       GError        **error)
{
  GPtrArray *accounts;
  guint index;

  g_return_val_if_fail (WF_IS_ACCOUNT_STORE (self), FALSE);
  g_return_val_if_fail (account != NULL, FALSE);

  if (!check_writable (self, account, error) ||
      !wf_account_check (account, NULL, error) ||
      !check_name_is_free (self, account, error))
    return FALSE;
  if (self->folder && !write_account (self, account, error))
    return FALSE;

  accounts = copy_accounts (self);
  index = find_index (self, account->id);
  if (index < accounts->len)
    g_ptr_array_remove_index (accounts, index);
  g_ptr_array_add (accounts, wf_account_ref (account));
  replace_accounts (self, accounts);
  return TRUE;
}

gboolean
wf_account_store_remove (WfAccountStore *self,
                         WfAccount      *account,
                         GError        **error)
{
  g_autofree char *path = NULL;
  GPtrArray *accounts;
  guint index;

  g_return_val_if_fail (WF_IS_ACCOUNT_STORE (self), FALSE);
  g_return_val_if_fail (account != NULL, FALSE);

  if (!check_writable (self, account, error))
    return FALSE;
  if (self->folder)
    {
      path = wf_account_files_get_path (self->folder, account->id);
      /* Another process may have been first. */
      if (g_unlink (path) != 0 && errno != ENOENT)
        return set_storage_error (error, path, g_strerror (errno));
    }

  index = find_index (self, account->id);
  if (index == self->accounts->len)
    return TRUE;
  accounts = copy_accounts (self);
  g_ptr_array_remove_index (accounts, index);
  replace_accounts (self, accounts);
  return TRUE;
}

void
wf_account_store_watch (WfAccountStore *self)
{
  g_return_if_fail (WF_IS_ACCOUNT_STORE (self));

  if (!self->folder || self->monitors)
    return;

  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  /* A folder that is not there yet cannot be watched. */
  g_mkdir_with_parents (self->folder, 0700);
  watch_folder (self, self->folder);
  for (guint i = 0; self->system_folders && self->system_folders[i]; i++)
    watch_folder (self, self->system_folders[i]);
}
