/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-autostart.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "wf-error.h"
#include "wf-expect.h"

#define ID "org.example.Test"

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", ID ".desktop", NULL);
}

static void
write_entry (const char *text)
{
  g_autofree char *path = get_path ();

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Written, read again as desktops do, and removed, once and twice. */
static void
test_set (void)
{
  g_autofree char *path = get_path ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *type = NULL;
  g_autofree char *command = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) words = NULL;

  g_assert_false (wf_autostart_is_on (ID));
  wf_expect_ok (wf_autostart_set (ID, "--background", &err));
  g_assert_true (wf_autostart_is_on (ID));
  wf_expect_ok (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &err));
  type = g_key_file_get_string (file, "Desktop Entry", "Type", NULL);
  command = g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
  g_assert_cmpstr (type, ==, "Application");
  g_assert_true (g_shell_parse_argv (command, NULL, &words, NULL));
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_cmpstr (words[0], ==, program);
  g_assert_cmpstr (words[1], ==, "--background");
  wf_expect_ok (wf_autostart_set (ID, "--background", &err));
  wf_expect_ok (wf_autostart_set (ID, NULL, &err));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (wf_autostart_is_on (ID));
  wf_expect_ok (wf_autostart_set (ID, NULL, &err));
}

/* What the settings of a desktop leave where somebody switches an entry off. */
static void
test_switched_off (void)
{
  wf_expect_ok (wf_autostart_set (ID, "--background", &err));
  write_entry ("[Desktop Entry]\nType=Application\nName=Test\nExec=test\nHidden=true\n");
  g_assert_false (wf_autostart_is_on (ID));
  write_entry ("[Desktop Entry]\nType=Application\nName=Test\nExec=test\nX-GNOME-Autostart-enabled=false\n");
  g_assert_false (wf_autostart_is_on (ID));
  write_entry ("[Desktop Entry]\nType=Application\nName=Test\nExec=test\nX-GNOME-Autostart-enabled=true\n");
  g_assert_true (wf_autostart_is_on (ID));
  write_entry ("no key file at all\n");
  g_assert_false (wf_autostart_is_on (ID));
  /* switched on again, it is */
  wf_expect_ok (wf_autostart_set (ID, "--background", &err));
  g_assert_true (wf_autostart_is_on (ID));
  wf_expect_ok (wf_autostart_set (ID, NULL, &err));
}

/* Where there is a file in place of the folder, it says so. */
static void
test_no_folder (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_rmdir (folder) == 0 || !g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", -1, NULL));
  g_assert_false (wf_autostart_set (ID, "--background", &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED);
  g_assert_cmpstr (error->message, !=, "");
  g_assert_false (wf_autostart_is_on (ID));
  wf_expect_ok (wf_autostart_set (ID, NULL, &err));
  g_assert_cmpint (g_unlink (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("warifu-autostart-XXXXXX", NULL);
  int status;

  g_assert_nonnull (home);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/autostart/set", test_set);
  g_test_add_func ("/autostart/switched-off", test_switched_off);
  g_test_add_func ("/autostart/no-folder", test_no_folder);
  status = g_test_run ();
  g_assert_cmpint (g_rmdir (home), ==, 0);
  return status;
}
