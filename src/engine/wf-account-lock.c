/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "wf-error.h"

#define FIRST_RETRY_MS 4
#define LAST_RETRY_MS 100
#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define SUFFIX ".lock"
/* An event that has not come by then will not come. */
#define EVENT_US G_USEC_PER_SEC

struct _WfAccountLock
{
  int   fd;
  char *id;
};

typedef struct
{
  int      fd; /* open, not locked yet */
  char    *id;
  guint    retry_ms;
  gint64   give_up_at; /* monotonic */
  GSource *retry;
  GSource *given_up;
} Waiting;

/* Locks that this process has let go, whose events are still to come. */
typedef struct
{
  guint  count;
  gint64 latest; /* monotonic */
} OwnEvents;

G_LOCK_DEFINE_STATIC (own_events);
static GHashTable *own_events; /* id -> OwnEvents; NULL where nobody monitors */

static gboolean try_again (gpointer user_data);

static void
expect_own_event (const char *id)
{
  G_LOCK (own_events);
  if (own_events)
    {
      OwnEvents *events = g_hash_table_lookup (own_events, id);

      if (!events)
        {
          events = g_new0 (OwnEvents, 1);
          g_hash_table_insert (own_events, g_strdup (id), events);
        }
      events->count++;
      events->latest = g_get_monotonic_time ();
    }
  G_UNLOCK (own_events);
}

/* Whether it was this process that has let go the lock of @id. */
static gboolean
take_own_event (const char *id)
{
  gboolean own = FALSE;
  OwnEvents *events;

  G_LOCK (own_events);
  events = own_events ? g_hash_table_lookup (own_events, id) : NULL;
  if (events)
    {
      own = g_get_monotonic_time () - events->latest < EVENT_US;
      if (!own || --events->count == 0)
        g_hash_table_remove (own_events, id);
    }
  G_UNLOCK (own_events);
  return own;
}

static void
clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  clear_source (&waiting->retry);
  clear_source (&waiting->given_up);
  if (waiting->fd >= 0)
    close (waiting->fd);
  g_free (waiting->id);
  g_free (waiting);
}

static gboolean
set_error_from_errno (const char *path,
                      GError    **error)
{
  int code = errno;

  g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
               /* Translators: the first %s is a file's path, the second the system's words */
               _("The lock “%s” cannot be used: %s."), path, g_strerror (code));
  return FALSE;
}

/* Whether @path is a folder of ours that nobody else can write to. */
static gboolean
is_private_folder (const char *path)
{
  struct stat info;

  return g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode) && info.st_uid == geteuid () &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/*
 * Every process of this user must come to the same folder, also one that cron or ssh started
 * without the variable; and in a Flatpak each instance has a runtime directory of its
 * own, of which only app/ID is shared between them.
 */
static char *
find_runtime_folder (void)
{
  const char *variable = g_getenv ("XDG_RUNTIME_DIR");
  const char *flatpak_id = g_getenv ("FLATPAK_ID");
  g_autofree char *runtime = NULL;
  g_autofree char *shared = NULL;

  if (variable && g_path_is_absolute (variable))
    runtime = g_strdup (variable);
  else
    runtime = g_strdup_printf ("/run/user/%u", (guint) geteuid ());

  if (flatpak_id && *flatpak_id)
    {
      shared = g_build_filename (runtime, "app", flatpak_id, NULL);
      if (is_private_folder (shared))
        return g_steal_pointer (&shared);
    }
  if (is_private_folder (runtime))
    return g_steal_pointer (&runtime);

  return g_strdup (g_get_user_cache_dir ());
}

static char *
make_lock_folder (GError **error)
{
  g_autofree char *runtime = find_runtime_folder ();
  g_autofree char *folder = g_build_filename (runtime, "warifu", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      set_error_from_errno (folder, error);
      return NULL;
    }
  if (!is_private_folder (folder))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                   _("The folder “%s” is not yours alone. Change its owner and permissions, or remove it."), folder);
      return NULL;
    }
  return g_steal_pointer (&folder);
}

static int
open_lock_file (const char *id,
                GError    **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  int fd;

  /* The id becomes part of a path. */
  if (!g_uuid_string_is_valid (id))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, "%s", _("The account has no usable id."));
      return -1;
    }
  folder = make_lock_folder (error);
  if (!folder)
    return -1;

  name = g_strconcat (id, SUFFIX, NULL);
  path = g_build_filename (folder, name, NULL);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0)
    set_error_from_errno (path, error);
  return fd;
}

/* Returns: TRUE where it is settled, for better or worse. */
static gboolean
try_lock (GTask *task)
{
  Waiting *waiting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (flock (waiting->fd, LOCK_EX | LOCK_NB) == 0)
    {
      WfAccountLock *lock = g_new0 (WfAccountLock, 1);

      lock->fd = g_steal_fd (&waiting->fd);
      lock->id = g_strdup (waiting->id);
      g_task_return_pointer (task, lock, (GDestroyNotify) wf_account_lock_free);
      return TRUE;
    }
  if (errno != EWOULDBLOCK && errno != EINTR)
    {
      set_error_from_errno ("flock", &error);
      g_task_return_error (task, g_steal_pointer (&error));
      return TRUE;
    }
  if (g_get_monotonic_time () >= waiting->give_up_at)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_TIMEOUT, "%s",
                               _("Another Warifu is busy with this account. Try again in a moment."));
      return TRUE;
    }
  return FALSE;
}

static void
schedule_retry (GTask *task)
{
  Waiting *waiting = g_task_get_task_data (task);
  /* Not in step with the others that wait. */
  guint delay = waiting->retry_ms + (guint) g_random_int_range (0, (gint32) waiting->retry_ms);

  clear_source (&waiting->retry);
  waiting->retry_ms = MIN (waiting->retry_ms * 2, LAST_RETRY_MS);
  waiting->retry = g_timeout_source_new (delay);
  g_source_set_callback (waiting->retry, try_again, g_object_ref (task), g_object_unref);
  g_source_attach (waiting->retry, g_task_get_context (task));
}

static void
stop_waiting (GTask *task)
{
  Waiting *waiting = g_task_get_task_data (task);

  clear_source (&waiting->retry);
  clear_source (&waiting->given_up);
}

static gboolean
try_again (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  if (try_lock (task))
    stop_waiting (task);
  else
    schedule_retry (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_given_up (GCancellable *cancellable,
             gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  stop_waiting (task);
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
  return G_SOURCE_REMOVE;
}

void
wf_account_lock_free (WfAccountLock *lock)
{
  if (!lock)
    return;

  /* The file stays: who removes it takes it from under somebody that waits for it. */
  expect_own_event (lock->id);
  /* Closing alone is not heard by who monitors; a new time is. */
  futimens (lock->fd, NULL);
  close (lock->fd);
  g_free (lock->id);
  g_free (lock);
}

void
wf_account_lock_acquire_async (const char         *id,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Waiting *waiting = g_new0 (Waiting, 1);

  g_return_if_fail (id != NULL);

  g_task_set_source_tag (task, wf_account_lock_acquire_async);
  g_task_set_check_cancellable (task, FALSE);
  waiting->retry_ms = FIRST_RETRY_MS;
  waiting->give_up_at = g_get_monotonic_time () + PATIENCE_US;
  waiting->id = g_strdup (id);
  waiting->fd = open_lock_file (id, &error);
  g_task_set_task_data (task, waiting, waiting_free);

  if (error)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
      return;
    }
  if (try_lock (task))
    return;

  if (cancellable)
    {
      waiting->given_up = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiting->given_up, G_SOURCE_FUNC (on_given_up), g_object_ref (task), g_object_unref);
      g_source_attach (waiting->given_up, g_task_get_context (task));
    }
  schedule_retry (task);
}

WfAccountLock *
wf_account_lock_acquire_finish (GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GFileMonitor *
wf_account_lock_make_monitor (void)
{
  g_autofree char *path = make_lock_folder (NULL);
  g_autoptr (GFile) folder = path ? g_file_new_for_path (path) : NULL;
  GFileMonitor *monitor = folder ? g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL) : NULL;

  G_LOCK (own_events);
  if (monitor && !own_events)
    own_events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  G_UNLOCK (own_events);
  return monitor;
}

char *
wf_account_lock_read_event (GFile            *file,
                            GFileMonitorEvent event)
{
  g_autofree char *name = g_file_get_basename (file);

  if (event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED || !g_str_has_suffix (name, SUFFIX))
    return NULL;
  name[strlen (name) - strlen (SUFFIX)] = '\0';
  if (!g_uuid_string_is_valid (name) || take_own_event (name))
    return NULL;
  return g_steal_pointer (&name);
}
