/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wf-account-content.h"
#include "wf-account-editor.h"
#include "wf-account-share.h"
#include "wf-file-sorter.h"

#define GOOD "[Account]\nName=Other\nIssuer=https://id.example.org\nClientId=4711\n"

/* A folder with files, the window over it, and what is open over that. */
typedef struct
{
  UiFixture *fixture;
  char      *folder;
  GPtrArray *paths; /* of what is in it */
} Importing;

static Importing *
importing_new (void)
{
  Importing *self = g_new0 (Importing, 1);

  self->fixture = ui_fixture_new (NULL);
  wf_window_set_loaded (self->fixture->window);
  self->folder = g_dir_make_tmp ("warifu-import-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
importing_free (Importing *self)
{
  for (guint i = 0; i < self->paths->len; i++)
    g_unlink (self->paths->pdata[i]);
  g_rmdir (self->folder);
  ui_fixture_free (self->fixture);
  g_ptr_array_unref (self->paths);
  g_free (self->folder);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Importing, importing_free)

/* Returns: (transfer full) */
static GFile *
write_file (Importing  *self,
            const char *name,
            const char *data,
            gssize      length)
{
  char *path = g_build_filename (self->folder, name, NULL);

  g_ptr_array_add (self->paths, path);
  g_assert_true (g_file_set_contents (path, data, length, NULL));
  return g_file_new_for_path (path);
}

/* Returns: (nullable): the editor or the message that is open over the window */
static GtkWidget *
find_dialog (Importing *self,
             GType      type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link; link = link->next)
    if (g_type_is_a (G_OBJECT_TYPE (link->data), type) && gtk_widget_get_mapped (link->data))
      return link->data;
  return NULL;
}

static gboolean
has_editor (gpointer data)
{
  return find_dialog (data, WF_TYPE_ACCOUNT_EDITOR) != NULL;
}

static gboolean
has_no_editor (gpointer data)
{
  return find_dialog (data, WF_TYPE_ACCOUNT_EDITOR) == NULL;
}

static gboolean
has_message (gpointer data)
{
  return find_dialog (data, ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static GtkWidget *
wait_for_editor (Importing *self)
{
  ui_spin_until (has_editor, self);
  return find_dialog (self, WF_TYPE_ACCOUNT_EDITOR);
}

static void
import (Importing *self,
        ...)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  GFile *file;
  va_list list;

  va_start (list, self);
  while ((file = va_arg (list, GFile *)))
    g_ptr_array_add (files, file);
  va_end (list);
  wf_window_import (self->fixture->window, files);
}

/* What a predicate needs to know. */
typedef struct
{
  Importing  *self;
  const char *text;
} Awaited;

static gboolean
shows_text (gpointer data)
{
  const Awaited *awaited = data;
  GtkWidget *editor = find_dialog (awaited->self, WF_TYPE_ACCOUNT_EDITOR);

  return editor && ui_find_text (editor, awaited->text);
}

static GtkWidget *
wait_for_text (Importing  *self,
               const char *text)
{
  Awaited awaited = { self, text };

  ui_spin_until (shows_text, &awaited);
  return find_dialog (self, WF_TYPE_ACCOUNT_EDITOR);
}

static guint
count_accounts (Importing *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->fixture->engine));
}

static WfAccount *
find_account (Importing  *self,
              const char *name)
{
  return wf_account_store_find (wf_engine_get_store (self->fixture->engine), name, NULL);
}

static GtkWidget *
find_row (GtkWidget  *root,
          const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found)
        return found;
    }
  return NULL;
}

static const char *
get_text (GtkWidget  *editor,
          const char *title)
{
  return gtk_editable_get_text (GTK_EDITABLE (find_row (editor, title)));
}

static void
press (GtkWidget  *root,
       const char *label)
{
  GtkWidget *button = ui_find_button (root, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* What it relies on is said, nothing is stored and nobody is asked before Add. */
static void
test_shown_first (void)
{
  static const char text[] = GOOD "Proxy=http://proxy.example.org:3128\nCaFile=/etc/ca.pem\nParameters=prompt=login;\nClientSecret=canary\n"
                             "[Endpoints]\nAuthorization=https://id.example.org/a\nToken=https://evil.example.org/t\n";
  g_autoptr (Importing) self = importing_new ();
  GtkWidget *editor;

  wf_demo_server_reset_counts (self->fixture->server);
  import (self, write_file (self, "other.warifu", text, -1), NULL);
  editor = wait_for_editor (self);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (editor)), ==, "Import Account");
  g_assert_nonnull (ui_find_text (editor, "What It Asks You to Trust"));
  g_assert_nonnull (ui_find_text (editor, "From “other.warifu”. Nothing is stored and nobody is asked before you choose Add."));
  g_assert_nonnull (ui_find_text (editor, "https://id.example.org"));
  g_assert_nonnull (ui_find_text (editor, "https://evil.example.org"));
  g_assert_nonnull (ui_find_text (editor, "/etc/ca.pem"));
  g_assert_nonnull (ui_find_text (editor, "http://proxy.example.org:3128"));
  g_assert_nonnull (ui_find_text (editor, "prompt=login"));
  g_assert_nonnull (ui_find_text (editor, "ClientSecret"));
  g_assert_null (ui_find_text (editor, "You have this account already"));
  g_assert_cmpstr (get_text (editor, "Name"), ==, "Other");
  g_assert_cmpstr (get_text (editor, "Client ID"), ==, "4711");
  ui_fixture_take_picture (self->fixture, "import");
  g_assert_cmpuint (count_accounts (self), ==, 1);
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
  g_assert_cmpuint (count_accounts (self), ==, 1);
  g_assert_null (find_account (self, "Other"));
}

/* One after the other; each is added or skipped. No name could be the beginning of an id, by which an account is found too. */
static void
test_several (void)
{
  g_autoptr (Importing) self = importing_new ();
  g_autoptr (WfAccount) first = NULL;
  g_autoptr (WfAccount) second = NULL;

  import (self,
          write_file (self, "a.warifu", "[Account]\nName=One\nIssuer=https://a.example.org\nClientId=a\nScope=openid a\n", -1),
          write_file (self, "b.warifu", "[Account]\nName=Two\nIssuer=https://b.example.org\nClientId=b\n", -1),
          write_file (self, "c.warifu", "[Account]\nName=Three\nIssuer=https://c.example.org\nClientId=c\n", -1),
          NULL);
  press (wait_for_text (self, "1 of 3"), "Add");
  press (wait_for_text (self, "2 of 3"), "Skip");
  first = find_account (self, "One");
  g_assert_nonnull (first);
  g_assert_cmpstr (first->scope, ==, "openid a");
  press (wait_for_text (self, "3 of 3"), "Add");
  ui_spin_until (has_no_editor, self);
  second = find_account (self, "Three");
  g_assert_nonnull (second);
  g_assert_null (find_account (self, "Two"));
  g_assert_cmpuint (count_accounts (self), ==, 3);
}

/* The same account again: it is said, and a copy is offered under a name of its own. */
static void
test_twin (void)
{
  g_autoptr (Importing) self = importing_new ();
  g_autofree char *text = wf_account_export (wf_session_get_account (self->fixture->session));
  GtkWidget *editor;

  import (self, write_file (self, "again.warifu", text, -1), NULL);
  editor = wait_for_editor (self);
  g_assert_nonnull (ui_find_text (editor, "You have this account already"));
  g_assert_nonnull (ui_find_text (editor, "It is called “Work account”. Adding this one makes a copy."));
  g_assert_cmpstr (get_text (editor, "Name"), ==, "Work account (2)");
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
}

static void
test_needs_secret (void)
{
  g_autoptr (Importing) self = importing_new ();
  GtkWidget *editor;

  import (self, write_file (self, "s.warifu", GOOD "AuthMethod=client_secret_basic\n", -1), NULL);
  editor = wait_for_editor (self);
  g_assert_nonnull (ui_find_text (editor, "It is not in the file. Type it in below."));
  g_assert_false (gtk_widget_is_sensitive (ui_find_button (editor, "Add")));
  gtk_editable_set_text (GTK_EDITABLE (find_row (editor, "Client Secret")), "canary-secret");
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (editor, "Add")));
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
}

/* Each is refused with a sentence, and leaves nothing. */
static void
test_hostile (void)
{
  static const struct
  {
    const char *text;
    gsize       padding; /* bytes of comment before it */
    const char *sentence;
  } cases[] = {
    { GOOD, 2 * 1024 * 1024, "The account file is too large." },
    { GOOD, 128 * 1024, "The account file is too large." },
    { GOOD "Audience=\xff\n", 0, "The account file is not a text in UTF-8." },
    { "", 0, "The account file is damaged" },
    { "{}", 0, "The account file is damaged" },
    { "[Account]\nName=a\nIssuer=http://id.example.org\nClientId=b\n", 0, "Issuer" },
    { GOOD "[Endpoints]\nAuthorization=https://id.example.org/a\nToken=http://id.example.org/t\n", 0, "Endpoints" },
    { GOOD "CaFile=../ca.pem\n", 0, "CaFile" },
    { GOOD "Parameters=state=mine;\n", 0, "Parameters" },
    { GOOD "RedirectUri=javascript:alert(1)\n", 0, "RedirectUri" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Importing) self = importing_new ();
      g_autoptr (GString) text = g_string_new (cases[i].padding ? "#" : "");
      GtkWidget *message;

      g_test_message ("%s", cases[i].sentence);
      while (text->len < cases[i].padding)
        g_string_append_len (text, "xxxxxxxxxxxxxxxx", 16);
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, cases[i].text);
      import (self, write_file (self, "hostile.warifu", text->str, (gssize) text->len), NULL);
      ui_spin_until (has_message, self);
      message = find_dialog (self, ADW_TYPE_MESSAGE_DIALOG);
      g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (message)), ==, "This Account Cannot Be Imported");
      g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (message)), cases[i].sentence));
      g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (message)), "hostile.warifu: "));
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (message), "close");
      gtk_window_destroy (GTK_WINDOW (message));
      ui_spin (20);
      g_assert_true (has_no_editor (self));
      g_assert_cmpuint (count_accounts (self), ==, 1);
    }
}

/* What is good comes after what is wrong. */
static void
test_bad_and_good (void)
{
  g_autoptr (Importing) self = importing_new ();
  g_autofree char *gone = g_build_filename (self->folder, "gone.warifu", NULL);
  GtkWidget *message, *editor;

  import (self, g_file_new_for_path (gone), write_file (self, "good.warifu", GOOD, -1), NULL);
  ui_spin_until (has_message, self);
  message = find_dialog (self, ADW_TYPE_MESSAGE_DIALOG);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (message), "close");
  gtk_window_destroy (GTK_WINDOW (message));
  editor = wait_for_editor (self);
  g_assert_cmpstr (get_text (editor, "Name"), ==, "Other");
  g_assert_null (ui_find_text (editor, "1 of 1"));
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
}

/* --- Drops --- */

static GtkDropTarget *
get_drop_target (Importing *self)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->fixture->window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  g_assert_not_reached ();
}

static void
drop_text (Importing  *self,
           const char *text)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  g_signal_emit_by_name (get_drop_target (self), "drop", &value, 10.0, 10.0, &taken);
  g_assert_true (taken);
}

static void
drop_file (Importing *self,
           GFile     *file)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GSList link = { .data = file };
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (&link));
  g_signal_emit_by_name (get_drop_target (self), "drop", &value, 10.0, 10.0, &taken);
  g_assert_true (taken);
}

static void
assert_editor_and_close (Importing  *self,
                         const char *title,
                         const char *row,
                         const char *text)
{
  GtkWidget *editor = wait_for_editor (self);

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (editor)), ==, title);
  g_assert_cmpstr (get_text (editor, row), ==, text);
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
}

static void
test_drop (void)
{
  static const char document[] = "https://id.example.org/.well-known/openid-configuration";
  g_autoptr (Importing) self = importing_new ();
  /* By its content: the name does not tell. */
  g_autoptr (GFile) file = write_file (self, "account.txt", GOOD, -1);
  g_autoptr (GFile) link = g_file_new_for_uri (document);

  drop_file (self, file);
  assert_editor_and_close (self, "Import Account", "Name", "Other");
  drop_text (self, GOOD);
  assert_editor_and_close (self, "Import Account", "Name", "Other");
  drop_file (self, link);
  assert_editor_and_close (self, "Add Account", "Issuer", document);
  drop_text (self, " https://id.example.org\n");
  assert_editor_and_close (self, "Add Account", "Issuer", "https://id.example.org");
  drop_text (self, "hello");
  ui_spin (50);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (self->fixture->window), "This is neither an account nor the address of a provider."));
  g_assert_true (has_no_editor (self));
  g_assert_cmpuint (count_accounts (self), ==, 1);
}

/* The scopes of the document are taken where its address was given, and only there. */
static void
test_discovery_address (void)
{
  g_autoptr (Importing) self = importing_new ();
  const char *issuer = wf_demo_server_get_issuer (self->fixture->server);
  g_autofree char *document = g_strconcat (issuer, "/.well-known/openid-configuration", NULL);
  GtkWidget *editor;

  wf_demo_server_reset_counts (self->fixture->server);
  drop_text (self, document);
  editor = wait_for_editor (self);
  ui_spin (50);
  g_assert_cmpuint (wf_demo_server_count (self->fixture->server, "discovery"), ==, 0);
  press (editor, "Discover");
  wait_for_text (self, "Found: 6 endpoints, PKCE, refresh tokens");
  g_assert_cmpstr (get_text (editor, "Issuer"), ==, issuer);
  g_assert_cmpstr (get_text (editor, "Scopes"), ==, WF_ACCOUNT_DEFAULT_SCOPE);
  gtk_window_close (GTK_WINDOW (editor));
  ui_spin_until (has_no_editor, self);
}

/* --- Telling files apart, and dragging out --- */

static void
on_sorted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
test_sort (void)
{
  g_autoptr (Importing) self = importing_new ();
  g_autoptr (GFile) account = write_file (self, "x.txt", "# ours\n" GOOD, -1);
  g_autoptr (GFile) token = write_file (self, "y.jwt", "eyJhbGciOiJub25lIn0.e30.", -1);
  g_autoptr (GFile) broken = write_file (self, "z.warifu", "\xff", -1);
  g_autoptr (GFile) gone = g_file_new_for_path ("/nowhere/gone.jwt");
  GFile *files[] = { token, broken, gone, account };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (GPtrArray) others = NULL;

  wf_file_sorter_async (files, G_N_ELEMENTS (files), NULL, on_sorted, &result);
  ui_spin_until (is_set, &result);
  g_assert_true (wf_file_sorter_finish (result, &accounts, &others, NULL));
  g_assert_cmpuint (accounts->len, ==, 2);
  g_assert_true (accounts->pdata[0] == broken && accounts->pdata[1] == account);
  g_assert_cmpuint (others->len, ==, 2);
  g_assert_true (others->pdata[0] == token && others->pdata[1] == gone);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (gdk_content_provider_write_mime_type_finish (GDK_CONTENT_PROVIDER (source), result, NULL));
  g_set_object ((GAsyncResult **) user_data, result);
}

static void
test_drag_out (void)
{
  g_autoptr (Importing) self = importing_new ();
  const WfAccount *account = wf_session_get_account (self->fixture->session);
  g_autofree char *expected = wf_account_export (account);
  g_autoptr (GdkContentProvider) content = wf_account_content_new (account);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (GValue) files = G_VALUE_INIT;
  g_auto (GValue) text = G_VALUE_INIT;
  g_autoptr (GSList) list = NULL;
  g_autofree char *name = NULL;
  g_autofree char *written = NULL;

  g_value_init (&text, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &text, NULL));
  g_assert_cmpstr (g_value_get_string (&text), ==, expected);

  g_value_init (&files, GDK_TYPE_FILE_LIST);
  g_assert_true (gdk_content_provider_get_value (content, &files, NULL));
  list = gdk_file_list_get_files (g_value_get_boxed (&files));
  g_assert_cmpuint (g_slist_length (list), ==, 1);
  name = g_file_get_basename (list->data);
  g_assert_cmpstr (name, ==, "Work account.warifu");
  g_assert_true (g_file_load_contents (list->data, NULL, &written, NULL, NULL, NULL));
  g_assert_cmpstr (written, ==, expected);

  gdk_content_provider_write_mime_type_async (content, WF_ACCOUNT_SHARE_TYPE, stream, G_PRIORITY_DEFAULT, NULL, on_written, &result);
  ui_spin_until (is_set, &result);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), expected, strlen (expected));
  g_assert_true (g_file_delete (list->data, NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/account-import/shown-first", test_shown_first);
  g_test_add_func ("/ui/account-import/several", test_several);
  g_test_add_func ("/ui/account-import/twin", test_twin);
  g_test_add_func ("/ui/account-import/needs-secret", test_needs_secret);
  g_test_add_func ("/ui/account-import/hostile", test_hostile);
  g_test_add_func ("/ui/account-import/bad-and-good", test_bad_and_good);
  g_test_add_func ("/ui/account-import/drop", test_drop);
  g_test_add_func ("/ui/account-import/discovery-address", test_discovery_address);
  g_test_add_func ("/ui/account-import/sort", test_sort);
  g_test_add_func ("/ui/account-import/drag-out", test_drag_out);

  return g_test_run ();
}
