/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-refresh-note.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wf-error.h"
#include "wf-json-secrets.h"
#include "wf-json.h"

#define VERSION 1
#define MAX_BYTES 1024
#define MAX_ID_BYTES 64
/* The last second of the year 9999. */
#define TIME_MAX G_GINT64_CONSTANT (253402300799)
/* What is half written has another name until it is whole. */
#define FRESH ".new"

/* The data of each GTask. */
typedef struct
{
  char *folder;
  char *id;
  char *text; /* to write */
} Job;

static void
job_free (Job *job)
{
  g_free (job->folder);
  g_free (job->id);
  g_free (job->text);
  g_free (job);
}

static GTask *
make_task (gpointer            source_tag,
           const char         *folder,
           const char         *id,
           GAsyncReadyCallback callback,
           gpointer            user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_task_set_source_tag (task, source_tag);
  job->folder = g_strdup (folder);
  job->id = g_strdup (id);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  return task;
}

/* --- what stands in it --- */

static char *
serialize (const WfTokenSet *set)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "{\"version\":%d,\"write_id\":", VERSION);
  wf_json_append_string (out, set->write_id);
  g_string_append_printf (out, ",\"attempts\":%u,\"started_at\":%" G_GINT64_FORMAT "}\n", set->refresh_attempts,
                          CLAMP (set->refresh_started_at, 0, TIME_MAX));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Returns: FALSE for what no Warifu has written, or a newer one */
static gboolean
parse (const char    *text,
       gsize          length,
       WfRefreshNote *note)
{
  g_autoptr (JsonObject) object = wf_json_parse_object (text, length, MAX_BYTES, NULL);
  const char *write_id = NULL;
  gint64 version;
  gint64 attempts;

  if (!object || !wf_json_get_int (object, "version", VERSION, VERSION, 0, &version, NULL) || version != VERSION ||
      !wf_json_get_string (object, "write_id", MAX_ID_BYTES, &write_id, NULL) || !write_id ||
      !wf_json_get_int (object, "attempts", 1, G_MAXINT32, 0, &attempts, NULL) || attempts == 0 ||
      !wf_json_get_int (object, "started_at", 0, TIME_MAX, WF_TIME_UNKNOWN, &note->started_at, NULL))
    return FALSE;
  note->attempts = (guint) attempts;
  note->write_id = g_strdup (write_id);
  return TRUE;
}

/* --- files; everything here is for a thread --- */

static gboolean
sync_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* What a new folder stands in must be on disk as well, or the note goes with it. */
static gboolean
make_folder (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *above = g_path_get_dirname (parent);

  return g_mkdir_with_parents (path, 0700) == 0 && sync_folder (parent) && sync_folder (above);
}

static int
open_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT && make_folder (path))
    fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd;
}

/* Whether nobody else can put a note there. */
static gboolean
is_private (int fd)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return FALSE;
  errno = EPERM;
  return info.st_uid == geteuid () && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static gboolean
write_all (int         fd,
           const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize done = write (fd, text, length);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return FALSE;
      text += done;
      length -= (gsize) done;
    }
  return TRUE;
}

/* g_file_set_contents_full() leaves fsync(2) out on some file systems, which are whole after a crash but may be old. */
static gboolean
write_file (int         folder,
            const char *name,
            const char *text)
{
  int fd;
  gboolean ok;

  /* another process may have been killed here */
  unlinkat (folder, name, 0);
  fd = openat (folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  ok = write_all (fd, text, strlen (text)) && fsync (fd) == 0;
  return close (fd) == 0 && ok;
}

static gboolean
put_in_place (int        folder,
              const Job *job)
{
  g_autofree char *fresh = g_strconcat (job->id, FRESH, NULL);
  int code;

  if (write_file (folder, fresh, job->text) && renameat (folder, fresh, folder, job->id) == 0 && fsync (folder) == 0)
    return TRUE;
  code = errno;
  unlinkat (folder, fresh, 0);
  errno = code;
  return FALSE;
}

static void
write_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  const Job *job = task_data;
  int folder = open_folder (job->folder);
  gboolean ok = folder >= 0 && is_private (folder) && put_in_place (folder, job);
  int code = errno;

  if (folder >= 0)
    close (folder);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                             /* Translators: the first %s is a file's path, the second the system's words */
                             _("The file “%s” cannot be written: %s."), job->folder, g_strerror (code));
}

static gboolean
read_file (int            fd,
           WfRefreshNote *note)
{
  char buffer[MAX_BYTES + 1];
  gsize length = 0;
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return FALSE;
  while (length < sizeof buffer)
    {
      gssize got = read (fd, buffer + length, sizeof buffer - length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return FALSE;
      if (got == 0)
        return parse (buffer, length, note);
      length += (gsize) got;
    }
  return FALSE;
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autofree char *path = g_build_filename (job->folder, job->id, NULL);
  g_autoptr (WfRefreshNote) note = NULL;
  /* Without O_NONBLOCK a named pipe would hang here. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  /* where there can be no file, none was written */
  if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR))
    {
      note = g_new0 (WfRefreshNote, 1);
      note->started_at = WF_TIME_UNKNOWN;
      if (fd >= 0)
        read_file (fd, note);
    }
  if (fd >= 0)
    close (fd);
  g_task_return_pointer (task, g_steal_pointer (&note), (GDestroyNotify) wf_refresh_note_free);
}

static void
remove_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autofree char *path = g_build_filename (job->folder, job->id, NULL);
  g_autofree char *fresh = g_strconcat (path, FRESH, NULL);

  g_unlink (fresh);
  g_unlink (path);
  g_task_return_boolean (task, TRUE);
}

/* --- public --- */

void
wf_refresh_note_free (WfRefreshNote *note)
{
  if (!note)
    return;

  g_free (note->write_id);
  g_free (note);
}

char *
wf_refresh_note_get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "warifu", "refreshing", NULL);
}

void
wf_refresh_note_write_async (const char         *folder,
                             const char         *id,
                             const WfTokenSet   *set,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = make_task (wf_refresh_note_write_async, folder, id, callback, user_data);
  Job *job = g_task_get_task_data (task);

  g_return_if_fail (set->write_id != NULL && set->refresh_attempts > 0);

  /* The id becomes part of a path. */
  if (!g_uuid_string_is_valid (id))
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_STORAGE_FAILED, "%s", _("The account has no usable id."));
      return;
    }
  job->text = serialize (set);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
wf_refresh_note_write_finish (GAsyncResult *result,
                              GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
wf_refresh_note_read_async (const char         *folder,
                            const char         *id,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = make_task (wf_refresh_note_read_async, folder, id, callback, user_data);

  if (g_uuid_string_is_valid (id))
    g_task_run_in_thread (task, read_in_thread);
  else
    g_task_return_pointer (task, NULL, NULL);
}

WfRefreshNote *
wf_refresh_note_read_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
wf_refresh_note_remove_async (const char         *folder,
                              const char         *id,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = make_task (wf_refresh_note_remove_async, folder, id, callback, user_data);

  if (g_uuid_string_is_valid (id))
    g_task_run_in_thread (task, remove_in_thread);
  else
    g_task_return_boolean (task, TRUE);
}

void
wf_refresh_note_remove_finish (GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, NULL));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
wf_refresh_note_merge (const WfRefreshNote *note,
                       WfTokenSet          *set)
{
  if (!note || !set->write_id)
    return;
  if (!note->write_id)
    {
      /* nobody knows what it is about: sending once more than the provider forgives is worse than asking */
      set->refresh_attempts++;
      return;
    }
  if (!g_str_equal (note->write_id, set->write_id))
    return;
  set->refresh_attempts = MAX (set->refresh_attempts, note->attempts);
  set->refresh_started_at = note->started_at;
}
