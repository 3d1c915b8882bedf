/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preferences.h"

#include "wf-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

/* As dconf is where an administrator has locked some keys. */
#define LOCKED_TYPE_BACKEND (locked_backend_get_type ())
G_DECLARE_FINAL_TYPE (LockedBackend, locked_backend, LOCKED, BACKEND, GSettingsBackend)

struct _LockedBackend
{
  GSettingsBackend  parent_instance;
  const char       *locked; /* the ending of the keys that are */
};

G_DEFINE_FINAL_TYPE (LockedBackend, locked_backend, G_TYPE_SETTINGS_BACKEND)

static GVariant *
locked_backend_read (GSettingsBackend   *backend,
                     const char         *key,
                     const GVariantType *type,
                     gboolean            default_value)
{
  return NULL;
}

static gboolean
locked_backend_get_writable (GSettingsBackend *backend,
                             const char       *key)
{
  return !g_str_has_suffix (key, LOCKED_BACKEND (backend)->locked);
}

static gboolean
locked_backend_write (GSettingsBackend *backend,
                      const char       *key,
                      GVariant         *value,
                      gpointer          tag)
{
  g_assert_true (locked_backend_get_writable (backend, key));
  return TRUE;
}

static void
locked_backend_class_init (LockedBackendClass *klass)
{
  GSettingsBackendClass *backend_class = G_SETTINGS_BACKEND_CLASS (klass);

  backend_class->read = locked_backend_read;
  backend_class->get_writable = locked_backend_get_writable;
  backend_class->write = locked_backend_write;
}

static void
locked_backend_init (LockedBackend *self)
{
}

static GSettings *
make_settings (const char *locked)
{
  g_autoptr (GSettings) usual = wf_settings_new (TRUE);
  g_autoptr (LockedBackend) backend = g_object_new (LOCKED_TYPE_BACKEND, NULL);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_assert_nonnull (usual);
  backend->locked = locked;
  g_object_get (usual, "settings-schema", &schema, NULL);
  return g_settings_new_full (schema, G_SETTINGS_BACKEND (backend), NULL);
}

/* Counts the insensitive ones among the rows and what is in them. */
static guint
count_insensitive (GtkWidget *widget,
                   GType      type)
{
  guint count = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && !gtk_widget_is_sensitive (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    count += count_insensitive (child, type);
  return count;
}

/* Counts the rows that say who has set them. */
static guint
count_explained (GtkWidget *widget)
{
  const char *subtitle = ADW_IS_ACTION_ROW (widget) ? adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)) : NULL;
  guint count = subtitle && g_str_has_suffix (subtitle, "Your administrator has set this.");

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    count += count_explained (child);
  return count;
}

static void
assert_insensitive (const char *locked,
                    guint       n_spin_buttons,
                    guint       n_combo_rows,
                    guint       n_switches)
{
  g_autoptr (GSettings) settings = make_settings (locked);
  GtkWidget *preferences = wf_preferences_new (settings, NULL);

  g_assert_cmpuint (count_insensitive (preferences, GTK_TYPE_SPIN_BUTTON), ==, n_spin_buttons);
  g_assert_cmpuint (count_insensitive (preferences, ADW_TYPE_COMBO_ROW), ==, n_combo_rows);
  g_assert_cmpuint (count_insensitive (preferences, GTK_TYPE_SWITCH), ==, n_switches);
  /* and it is said of that row alone */
  g_assert_cmpuint (count_explained (preferences), ==, g_str_equal (locked, "/no-such-key") ? 0 : 1);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* What is locked cannot be changed, and the rest can. */
static void
test_locked (void)
{
  /* to start at log-in is of no use without the background, which is off at first */
  assert_insensitive ("/no-such-key", 0, 0, 1);
  assert_insensitive ("/clipboard-seconds", 1, 0, 1);
  assert_insensitive ("/reveal-seconds", 1, 0, 1);
  assert_insensitive ("/history-events", 1, 0, 1);
  assert_insensitive ("/color-scheme", 0, 1, 1);
  assert_insensitive ("/history-days", 0, 1, 1);
  assert_insensitive ("/show-pictures", 0, 0, 2);
  assert_insensitive ("/background", 0, 0, 2);
  assert_insensitive ("/autostart", 0, 0, 1);
}

/* Without a schema nothing can be kept. */
static void
test_not_installed (void)
{
  GtkWidget *preferences = wf_preferences_new (NULL, NULL);

  g_assert_cmpuint (count_insensitive (preferences, GTK_TYPE_SPIN_BUTTON), >=, 3);
  g_assert_cmpuint (count_insensitive (preferences, ADW_TYPE_COMBO_ROW), >=, 2);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/preferences/locked", test_locked);
  g_test_add_func ("/ui/preferences/not-installed", test_not_installed);
  return g_test_run ();
}
