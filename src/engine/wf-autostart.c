/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-autostart.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "wf-error.h"

#define GROUP G_KEY_FILE_DESKTOP_GROUP
#define KEY_ENABLED "X-GNOME-Autostart-enabled"

static char *
get_path (const char *id)
{
  g_autofree char *name = g_strconcat (id, ".desktop", NULL);

  return g_build_filename (g_get_user_config_dir (), "autostart", name, NULL);
}

/* Desktop Entry Specification, "The Exec key": quoted, and with no field code. What GKeyFile escapes comes on top. */
static char *
quote (const char *argument)
{
  GString *quoted = g_string_new ("\"");

  for (const char *c = argument; *c; c++)
    {
      if (strchr ("\"`$\\", *c))
        g_string_append_c (quoted, '\\');
      else if (*c == '%')
        g_string_append_c (quoted, '%');
      g_string_append_c (quoted, *c);
    }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

static char *
make_command (const char *argument)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *quoted = NULL;

  /* A program that was replaced since it began has no path of its own any more. */
  if (!program || !g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup_printf ("%s %s", g_get_prgname (), argument);
  quoted = quote (program);
  return g_strdup_printf ("%s %s", quoted, argument);
}

static char *
make_entry (const char *id,
            const char *argument,
            gsize      *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *command = make_command (argument);

  g_key_file_set_string (file, GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION);
  g_key_file_set_string (file, GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, g_get_application_name ());
  g_key_file_set_string (file, GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, id);
  g_key_file_set_string (file, GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, command);
  g_key_file_set_boolean (file, GROUP, G_KEY_FILE_DESKTOP_KEY_STARTUP_NOTIFY, FALSE);
  return g_key_file_to_data (file, length, NULL);
}

static gboolean
fail (int      number,
      GError **error)
{
  /* Translators: %s is what the system says of it */
  g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, _("The list of programs that start when you log in could not be changed: %s"),
               g_strerror (number));
  return FALSE;
}

static gboolean
write_entry (const char *path,
             const char *text,
             gsize       length,
             GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return fail (errno, error);
  if (g_file_set_contents_full (path, text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &local))
    return TRUE;
  g_set_error_literal (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, local->message);
  return FALSE;
}

gboolean
wf_autostart_is_on (const char *id)
{
  g_autofree char *path = get_path (id);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  /* as the desktops' own settings leave it where somebody switches it off there */
  return !g_key_file_get_boolean (file, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL) &&
         (!g_key_file_has_key (file, GROUP, KEY_ENABLED, NULL) || g_key_file_get_boolean (file, GROUP, KEY_ENABLED, NULL));
}

gboolean
wf_autostart_set (const char *id,
                  const char *argument,
                  GError    **error)
{
  g_autofree char *path = get_path (id);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!argument)
    return g_unlink (path) == 0 || errno == ENOENT || errno == ENOTDIR || fail (errno, error);
  text = make_entry (id, argument, &length);
  return write_entry (path, text, length, error);
}
