/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-launch.h"

/* No program opens that. */
#define ADDRESS "x-warifu-test://host/path"
#define QUERY "?id_token_hint=canary"

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link; link = link->next)
    if (ADW_IS_MESSAGE_DIALOG (link->data) && gtk_widget_get_mapped (link->data))
      return link->data;
  return NULL;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static void
on_result (GObject      *source,
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
on_text (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_nothing_opens (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_launch_async (GTK_WIDGET (fixture->window), ADDRESS, NULL, on_result, &result);
  ui_spin_until (is_set, &result);
  g_assert_false (wf_launch_finish (result, &error));
  g_assert_nonnull (error);
}

/* The address is offered, and what may be a token in it is copied and not shown. */
static void
test_offer (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *dialog;
  g_autofree char *copied = NULL;

  wf_launch_or_offer (GTK_WIDGET (fixture->window), ADDRESS QUERY, "It failed", "Copy it.");
  ui_spin_until (has_dialog, NULL);
  dialog = find_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, "It failed");
  g_assert_nonnull (ui_find_text (dialog, ADDRESS "…"));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "copy");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL, on_text, &copied);
  ui_spin_until (is_set, &copied);
  g_assert_cmpstr (copied, ==, ADDRESS QUERY);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Whoever closed the window is not asked any more. */
static void
test_window_gone (void)
{
  UiFixture *fixture = ui_fixture_new (NULL);

  wf_launch_or_offer (GTK_WIDGET (fixture->window), ADDRESS, "It failed", "Copy it.");
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_spin (200);
  g_assert_null (find_dialog ());
  ui_fixture_free (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/launch/nothing-opens", test_nothing_opens);
  g_test_add_func ("/ui/launch/offer", test_offer);
  g_test_add_func ("/ui/launch/window-gone", test_window_gone);

  return g_test_run ();
}
