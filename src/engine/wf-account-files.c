/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "wf-error.h"

#define FILE_MAX_BYTES (64 * 1024)
#define ENDING ".conf"

typedef struct
{
  char      *key;
  WfAccount *account;
} SortEntry;

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const SortEntry *left = a;
  const SortEntry *right = b;
  int order = strcmp (left->key, right->key);

  return order ? order : strcmp (left->account->id, right->account->id);
}

static void
sort_entry_clear (gpointer data)
{
  SortEntry *entry = data;

  g_free (entry->key);
}

static void
add_problem (WfAccountFiles *files,
             const char     *path,
             const char     *reason)
{
  g_autofree char *name = g_filename_display_name (path);

  g_ptr_array_add (files->problems,
                   /* Translators: the first %s is a file's path, the second a sentence */
                   g_strdup_printf (_("The file “%s” is left out: %s"), name, reason));
}

static gboolean
read_descriptor (int       fd,
                 GString  *data,
                 GError  **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, "%s", _("It is no ordinary file."));
      return FALSE;
    }
  /* One byte more than fits, to see that it does not fit. */
  while (data->len <= FILE_MAX_BYTES)
    {
      char buffer[4096];
      gssize got = read (fd, buffer, sizeof buffer);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, "%s.", g_strerror (errno));
          return FALSE;
        }
      if (got == 0)
        return TRUE;
      g_string_append_len (data, buffer, got);
    }
  g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, "%s", _("It is longer than 64 KiB."));
  return FALSE;
}

static GString *
read_bounded (const char  *path,
              GError     **error)
{
  g_autoptr (GString) data = g_string_new (NULL);
  /* Without O_NONBLOCK a named pipe would hang here. */
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
  gboolean ok;

  if (fd < 0)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, "%s.", g_strerror (errno));
      return NULL;
    }
  ok = read_descriptor (fd, data, error);
  close (fd);
  return ok ? g_steal_pointer (&data) : NULL;
}

/* An administrator may name a file as they like: the same name gives the same id, RFC 9562 §5.5. */
static char *
make_id_from_name (const char *name)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) "io.github.warifu.Account/", -1);
  g_checksum_update (checksum, (const guchar *) name, -1);
  g_checksum_get_digest (checksum, digest, &length);
  digest[6] = (guint8) ((digest[6] & 0x0f) | 0x50);
  digest[8] = (guint8) ((digest[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7],
                          digest[8], digest[9], digest[10], digest[11], digest[12], digest[13], digest[14], digest[15]);
}

static WfAccount *
read_account (const char  *path,
              const char  *name,
              gboolean     is_system,
              GError     **error)
{
  g_autofree char *id = g_strndup (name, strlen (name) - strlen (ENDING));
  g_autoptr (GString) data = NULL;
  WfAccount *account;

  if (!g_uuid_string_is_valid (id))
    {
      if (!is_system)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT, "%s", _("Its name is no UUID."));
          return NULL;
        }
      g_free (id);
      id = make_id_from_name (name);
    }
  data = read_bounded (path, error);
  if (!data)
    return NULL;

  account = wf_account_parse (id, data->str, data->len, error);
  if (account)
    account->read_only = is_system;
  return account;
}

static void
read_file (WfAccountFiles *files,
           GHashTable     *seen,
           const char     *folder,
           const char     *name,
           gboolean        is_system)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfAccount) account = read_account (path, name, is_system, &error);

  if (!account)
    {
      add_problem (files, path, error->message);
      return;
    }
  if (!g_hash_table_add (seen, account->id))
    {
      add_problem (files, path, _("An account with the same id is provided by your administrator."));
      return;
    }
  g_ptr_array_add (files->accounts, g_steal_pointer (&account));
}

static void
read_folder (WfAccountFiles *files,
             GHashTable     *seen,
             const char     *folder,
             gboolean        is_system)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (!dir)
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        add_problem (files, folder, error->message);
      return;
    }
  /* Hidden ones and those with another ending are of an editor, or half written. */
  while ((name = g_dir_read_name (dir)))
    if (name[0] != '.' && g_str_has_suffix (name, ENDING))
      g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    read_file (files, seen, folder, g_ptr_array_index (names, i), is_system);
}

void
wf_account_files_free (WfAccountFiles *files)
{
  if (!files)
    return;

  g_ptr_array_unref (files->accounts);
  g_ptr_array_unref (files->problems);
  g_free (files);
}

WfAccountFiles *
wf_account_files_read (const char        *folder,
                       const char *const *system_folders)
{
  g_autoptr (WfAccountFiles) files = g_new0 (WfAccountFiles, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  files->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_account_unref);
  files->problems = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; system_folders && system_folders[i]; i++)
    if (!g_str_equal (system_folders[i], folder))
      read_folder (files, seen, system_folders[i], TRUE);
  read_folder (files, seen, folder, FALSE);
  wf_account_files_sort (files->accounts);
  return g_steal_pointer (&files);
}

void
wf_account_files_sort (GPtrArray *accounts)
{
  g_autoptr (GArray) entries = g_array_sized_new (FALSE, FALSE, sizeof (SortEntry), accounts->len);

  g_array_set_clear_func (entries, sort_entry_clear);
  /* The keys are made once each, not at each comparison. */
  for (guint i = 0; i < accounts->len; i++)
    {
      SortEntry entry = { NULL, g_ptr_array_index (accounts, i) };
      g_autofree char *folded = g_utf8_casefold (entry.account->name ? entry.account->name : "", -1);

      entry.key = g_utf8_collate_key (folded, -1);
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < accounts->len; i++)
    accounts->pdata[i] = g_array_index (entries, SortEntry, i).account;
}

char *
wf_account_files_get_path (const char *folder,
                           const char *id)
{
  g_autofree char *name = g_strconcat (id, ENDING, NULL);

  return g_build_filename (folder, name, NULL);
}
