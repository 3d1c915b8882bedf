/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-secret-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <sys/stat.h>

/* Where libsecret has it, with its own variable for tests. */
static char *
get_path (void)
{
  const char *path = g_getenv ("SECRET_FILE_TEST_PATH");

  if (path && *path)
    return g_strdup (path);
  return g_build_filename (g_get_user_data_dir (), "keyrings", "default.keyring", NULL);
}

gboolean
wf_secret_file_is_used (void)
{
  return g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0 ||
         g_getenv ("SNAP_NAME") != NULL ||
         g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

gint64
wf_secret_file_get_second (void)
{
  g_autofree char *path = get_path ();
  struct stat info;

  return g_stat (path, &info) == 0 ? info.st_mtim.tv_sec : G_MININT64;
}

void
wf_secret_file_make_later_than (gint64 second)
{
  g_autofree char *path = get_path ();
  struct timespec times[2] = { { 0, UTIME_OMIT }, { 0, 0 } };

  /* Before 0.21.1 libsecret never reads the file again, and refuses to write where its time is
   * another; a Flatpak brings a later one. */
  if (!SECRET_CHECK_VERSION (0, 21, 1))
    return;
  if (second == G_MININT64 || wf_secret_file_get_second () > second)
    return;

  times[1].tv_sec = second + 1;
  utimensat (AT_FDCWD, path, times, 0);
}
