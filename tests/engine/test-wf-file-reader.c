/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-file-reader.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "wf-await.h"
#include "wf-expect.h"

#define MAX_BYTES 1000

typedef struct
{
  char  *folder;
  GFile *file;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer user_data)
{
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("wf-file-reader-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  path = g_build_filename (fixture->folder, "file", NULL);
  fixture->file = g_file_new_for_path (path);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer user_data)
{
  g_unlink (g_file_peek_path (fixture->file));
  g_rmdir (fixture->folder);
  g_object_unref (fixture->file);
  g_free (fixture->folder);
}

static void
write_file (Fixture *fixture,
            gsize    length)
{
  g_autofree char *text = g_strnfill (length, 'a');

  g_assert_true (g_file_set_contents (g_file_peek_path (fixture->file), text, (gssize) length, NULL));
}

static GBytes *
read_file (GFile        *file,
           GCancellable *cancellable,
           GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_read_file_async (file, MAX_BYTES, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_read_file_finish (file, result, error);
}

static void
test_whole (Fixture      *fixture,
            gconstpointer user_data)
{
  static const gsize lengths[] = { 0, 1, MAX_BYTES };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      write_file (fixture, lengths[i]);
      bytes = read_file (fixture->file, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, lengths[i]);
    }
}

static void
test_too_large (Fixture      *fixture,
                gconstpointer user_data)
{
  write_file (fixture, MAX_BYTES + 1);
  wf_expect_error (read_file (fixture->file, NULL, &err), WF_ERROR_RESPONSE_TOO_LARGE);
}

/* A file whose size is not told, or that grows while it is read. */
static void
test_endless (Fixture      *fixture,
              gconstpointer user_data)
{
  g_autoptr (GFile) zero = g_file_new_for_path ("/dev/zero");
  g_autoptr (GFile) maps = g_file_new_for_path ("/proc/self/smaps");

  wf_expect_error (read_file (zero, NULL, &err), WF_ERROR_USAGE);
  if (g_file_query_exists (maps, NULL))
    wf_expect_error (read_file (maps, NULL, &err), WF_ERROR_RESPONSE_TOO_LARGE);
}

/* Nobody writes into it: it would be waited for without end. */
static void
test_pipe (Fixture      *fixture,
           gconstpointer user_data)
{
  g_assert_cmpint (mkfifo (g_file_peek_path (fixture->file), 0600), ==, 0);
  wf_expect_error (read_file (fixture->file, NULL, &err), WF_ERROR_USAGE);
}

static void
test_absent (Fixture      *fixture,
             gconstpointer user_data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GError) error = NULL;

  wf_expect_error (read_file (fixture->file, NULL, &err), WF_ERROR_USAGE);
  wf_expect_error (read_file (folder, NULL, &err), WF_ERROR_USAGE);
  /* The name is the caller's to say. */
  g_assert_null (read_file (fixture->file, NULL, &error));
  g_assert_null (strstr (error->message, fixture->folder));
}

static void
test_elsewhere (Fixture      *fixture,
                gconstpointer user_data)
{
  static const char *const addresses[] = { "https://id.example.org/token.jwt", "io.github.warifu:/callback?code=secret", "data:,a" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_uri (addresses[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (read_file (file, NULL, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  write_file (fixture, 1);
  g_cancellable_cancel (cancellable);
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (read_file (fixture->file, cancellable, &error));
    g_assert_cmpstr (wf_error_get_name (error), ==, "cancelled");
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/file-reader/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/file-reader/too-large", Fixture, NULL, set_up, test_too_large, tear_down);
  g_test_add ("/file-reader/endless", Fixture, NULL, set_up, test_endless, tear_down);
  g_test_add ("/file-reader/pipe", Fixture, NULL, set_up, test_pipe, tear_down);
  g_test_add ("/file-reader/absent", Fixture, NULL, set_up, test_absent, tear_down);
  g_test_add ("/file-reader/elsewhere", Fixture, NULL, set_up, test_elsewhere, tear_down);
  g_test_add ("/file-reader/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);

  return g_test_run ();
}
