/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-clipboard.h"
#include "wf-token-text.h"

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static UiFixture *
begin (void)
{
  UiFixture *fixture = ui_fixture_new (NULL);

  ui_spin_until (is_mapped, fixture->window);
  ui_fixture_sign_in (fixture, fixture->session);
  ui_fixture_show_page (fixture, "tokens");
  return fixture;
}

static char *
get_access_token (WfSession *session)
{
  return g_strdup (secret_value_get_text (wf_token_set_get_access_token (wf_session_get_tokens (session), NULL)->token));
}

/* Whether some label has @text in it, on screen or not. */
static gboolean
holds_text (GtkWidget  *root,
            const char *text)
{
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    if (holds_text (child, text))
      return TRUE;
  return FALSE;
}

static void
click (UiFixture  *fixture,
       const char *label)
{
  GtkWidget *button = ui_find_button (GTK_WIDGET (fixture->window), label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  ui_spin (250);
}

static void
open_expander (UiFixture  *fixture,
               const char *title)
{
  GtkWidget *text = ui_find_text (GTK_WIDGET (fixture->window), title);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (gtk_widget_get_ancestor (text, ADW_TYPE_EXPANDER_ROW)), TRUE);
  ui_spin (400);
}

static void
test_reveal (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GtkWidget *root = GTK_WIDGET (fixture->window);
  g_autofree char *token = get_access_token (fixture->session);

  g_assert_false (holds_text (root, token));
  click (fixture, "Reveal");
  g_assert_true (holds_text (root, token));
  ui_fixture_take_picture (fixture, "revealed-access");
  click (fixture, "Hide");
  g_assert_false (holds_text (root, token));

  /* It does not stay behind when the page is left. */
  click (fixture, "Reveal");
  g_assert_true (holds_text (root, token));
  ui_fixture_show_page (fixture, "overview");
  ui_spin (400);
  g_assert_false (holds_text (root, token));
}

static void
test_id_token (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GtkWidget *root = GTK_WIDGET (fixture->window);
  GtkWidget *card = gtk_widget_get_ancestor (ui_find_text (root, "ID token"), GTK_TYPE_TOGGLE_BUTTON);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (card), TRUE);
  ui_spin (100);
  g_assert_nonnull (ui_find_text (root, "Signature verified"));
  g_assert_nonnull (ui_find_text (root, "iss"));
  g_assert_nonnull (ui_find_button (root, "Copy ID Token"));
  ui_fixture_take_picture (fixture, "id-token");
  open_expander (fixture, "Checks");
  open_expander (fixture, "Header");
  ui_fixture_resize (fixture, 1000, 1800);
  ui_fixture_take_picture (fixture, "id-token-open");
  ui_fixture_resize (fixture, 1000, 680);
  click (fixture, "Reveal");
  g_assert_nonnull (ui_find_text (root, "Payload"));
  ui_fixture_take_picture (fixture, "revealed-id");

  /* A refresh puts a new one in its place. */
  g_assert_true (ui_fixture_refresh (fixture, fixture->session));
  ui_spin (100);
  g_assert_nonnull (ui_find_text (root, "Since the Last Refresh"));
}

/* Where the account says so, the token that is shown is a new one. */
static void
test_refresh_before (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  g_autoptr (WfAccount) account = wf_account_copy (wf_session_get_account (fixture->session));
  g_autofree char *before = get_access_token (fixture->session);
  g_autofree char *after = NULL;

  account->refresh_before_sensitive = TRUE;
  wf_engine_save_account_async (fixture->engine, account, NULL, NULL, NULL, NULL);
  ui_spin (200);
  g_assert_true (wf_session_get_account (fixture->session)->refresh_before_sensitive);
  click (fixture, "Reveal");
  after = get_access_token (fixture->session);
  g_assert_cmpstr (before, !=, after);
  g_assert_true (holds_text (GTK_WIDGET (fixture->window), after));
}

static void
on_text (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_copy (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_autofree char *token = get_access_token (fixture->session);
  g_autofree char *copied = NULL;
  g_autoptr (WfSecretValue) other = wf_secret_new ("another secret of ours", -1);

  click (fixture, "Copy Access Token");
  gdk_clipboard_read_text_async (clipboard, NULL, on_text, &copied);
  ui_spin (200);
  g_assert_cmpstr (copied, ==, token);
  g_assert_false (holds_text (GTK_WIDGET (fixture->window), token));
  wf_clipboard_clear ();
  g_assert_null (gdk_clipboard_get_content (clipboard));

  /* After its time it goes by itself. */
  wf_clipboard_copy_secret (GTK_WIDGET (fixture->window), other, 1);
  g_assert_nonnull (gdk_clipboard_get_content (clipboard));
  ui_spin (2200);
  g_assert_null (gdk_clipboard_get_content (clipboard));

  /* What somebody else has put there stays. */
  wf_clipboard_copy_secret (GTK_WIDGET (fixture->window), other, 1);
  gdk_clipboard_set_text (clipboard, "mine");
  ui_spin (2200);
  g_assert_nonnull (gdk_clipboard_get_content (clipboard));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/tokens/reveal", test_reveal);
  g_test_add_func ("/ui/tokens/id-token", test_id_token);
  g_test_add_func ("/ui/tokens/refresh-before", test_refresh_before);
  g_test_add_func ("/ui/tokens/copy", test_copy);
  return g_test_run ();
}
