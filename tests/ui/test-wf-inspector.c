/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include <glib/gstdio.h>

#include "wf-big-token.h"
#include "wf-inspector-window.h"

/* RFC 8037 appendix A.2 */
#define KEYS "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"
#define N_FILES 12

typedef struct
{
  GtkWidget     *window;
  GtkDropTarget *target; /* owned by the window */
  char          *folder;
} Fixture;

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static GtkDropTarget *
find_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  return NULL;
}

static Fixture
begin (void)
{
  Fixture fixture = { .folder = g_dir_make_tmp ("warifu-inspector-XXXXXX", NULL) };

  g_assert_nonnull (fixture.folder);
  fixture.window = GTK_WIDGET (wf_inspector_window_new (NULL, NULL));
  gtk_window_present (GTK_WINDOW (fixture.window));
  ui_spin_until (is_mapped, fixture.window);
  fixture.target = find_target (fixture.window);
  g_assert_nonnull (fixture.target);
  return fixture;
}

static void
end (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_spin (50);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

/* As GTK does when something of a kind that the target takes was let go over it. */
static gboolean
drop (Fixture      *fixture,
      const GValue *value)
{
  gboolean taken = FALSE;

  g_signal_emit_by_name (fixture->target, "drop", value, 10.0, 10.0, &taken);
  return taken;
}

static void
drop_text (Fixture    *fixture,
           const char *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  g_assert_true (drop (fixture, &value));
}

static void
drop_files (Fixture    *fixture,
            GPtrArray  *files)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array ((GFile **) files->pdata, files->len));
  g_assert_true (drop (fixture, &value));
}

static void
add_file (Fixture    *fixture,
          GPtrArray  *files,
          const char *name,
          const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_ptr_array_add (files, g_file_new_for_path (path));
}

static void
remove_files (GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    g_assert_true (g_file_delete (g_ptr_array_index (files, i), NULL, NULL));
  g_ptr_array_unref (files);
}

typedef struct
{
  GtkWidget  *window;
  const char *text;
} Wanted;

static gboolean
is_there (gpointer data)
{
  const Wanted *wanted = data;

  return ui_find_text (wanted->window, wanted->text) != NULL;
}

static void
wait_for_text (Fixture    *fixture,
               const char *text)
{
  Wanted wanted = { fixture->window, text };

  ui_spin_until (is_there, &wanted);
}

static void
test_kinds (void)
{
  Fixture fixture = begin ();
  gsize count;
  const GType *types = gtk_drop_target_get_gtypes (fixture.target, &count);
  g_auto (GValue) value = G_VALUE_INIT;

  g_assert_cmpuint (count, ==, 2);
  g_assert_true (types[0] == GDK_TYPE_FILE_LIST);
  g_assert_true (types[1] == G_TYPE_STRING);
  g_assert_cmpint (gtk_drop_target_get_actions (fixture.target), ==, GDK_ACTION_COPY);
  g_value_init (&value, G_TYPE_INT);
  g_assert_false (drop (&fixture, &value));
  g_assert_true (wf_inspector_window_is_empty (WF_INSPECTOR_WINDOW (fixture.window)));
  end (&fixture);
}

static void
test_text (void)
{
  Fixture fixture = begin ();
  g_autofree char *token = big_token_make (BIG_TOKEN_NONE, 4096);
  g_autofree char *large = big_token_make (BIG_TOKEN_CLAIMS, 1024 * 1024);

  drop_text (&fixture, "no token at all");
  wait_for_text (&fixture, "This can be read neither as a token nor as a key set.");
  g_assert_true (wf_inspector_window_is_empty (WF_INSPECTOR_WINDOW (fixture.window)));
  drop_text (&fixture, token);
  wait_for_text (&fixture, "Signature not verified");
  wait_for_text (&fixture, "5 claims");
  /* What is dropped takes the place of what was there; the keys are for both. */
  drop_text (&fixture, large);
  wait_for_text (&fixture, "10000 claims");
  drop_text (&fixture, KEYS);
  wait_for_text (&fixture, "1 key that can check");
  wait_for_text (&fixture, "10000 claims");
  end (&fixture);
}

static void
test_files (void)
{
  Fixture fixture = begin ();
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *token = big_token_make (BIG_TOKEN_NONE, 4096);

  add_file (&fixture, files, "token.jwt", token);
  add_file (&fixture, files, "keys.jwks", KEYS);
  drop_files (&fixture, files);
  wait_for_text (&fixture, "5 claims");
  wait_for_text (&fixture, "1 key that can check, from keys.jwks");
  remove_files (files);
  end (&fixture);
}

static void
test_bad_files (void)
{
  Fixture fixture = begin ();
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  /* As those that a program dragged and took away again. */
  g_ptr_array_add (gone, g_file_new_build_filename (fixture.folder, "gone.jwt", NULL));
  drop_files (&fixture, gone);
  wait_for_text (&fixture, "gone.jwt");
  g_assert_true (wf_inspector_window_is_empty (WF_INSPECTOR_WINDOW (fixture.window)));

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("keys-%u.jwks", i);

      add_file (&fixture, files, name, KEYS);
    }
  drop_files (&fixture, files);
  wait_for_text (&fixture, "Only the first 10 files were opened.");
  wait_for_text (&fixture, "Key set, 1 key");
  remove_files (files);
  end (&fixture);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/inspector/drop/kinds", test_kinds);
  g_test_add_func ("/ui/inspector/drop/text", test_text);
  g_test_add_func ("/ui/inspector/drop/files", test_files);
  g_test_add_func ("/ui/inspector/drop/bad-files", test_bad_files);
  return g_test_run ();
}
