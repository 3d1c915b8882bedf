/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-gauge.h"
#include "wf-history-chart.h"
#include "wf-notice.h"

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
test_empty (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new_empty ();
  GtkWidget *root = GTK_WIDGET (fixture->window);

  gtk_window_present (GTK_WINDOW (fixture->window));
  ui_spin_until (is_mapped, root);
  ui_spin (300);
  g_assert_nonnull (ui_find_text (root, "Sign in once, stay signed in"));
  g_assert_nonnull (ui_find_button (root, "Add Account"));
  g_assert_nonnull (ui_find_button (root, "Try the Demo"));
  ui_fixture_take_picture (fixture, "empty");
}

static void
test_signed_out (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  ui_spin_until (is_mapped, root);
  ui_spin (300);
  g_assert_nonnull (ui_find_text (root, "Work account"));
  g_assert_nonnull (ui_find_button (root, "Sign In"));
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (root, "Sign In")));
  g_assert_nonnull (ui_find_button (root, "Sign In with Browser"));
  g_assert_null (ui_find_button (root, "Refresh Now"));
  ui_fixture_take_picture (fixture, "signed-out");
}

static void
test_pages (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  ui_fixture_sign_in (fixture, fixture->session);
  ui_spin (300);
  g_assert_nonnull (ui_find_type (root, WF_TYPE_GAUGE));
  g_assert_true (gtk_widget_is_sensitive (ui_find_button (root, "Refresh Now")));
  g_assert_nonnull (ui_find_button (root, "Sign Out"));
  ui_fixture_take_picture (fixture, "overview");

  g_assert_true (ui_fixture_refresh (fixture, fixture->session));
  ui_fixture_show_page (fixture, "tokens");
  g_assert_nonnull (ui_find_button (root, "Reveal"));
  g_assert_nonnull (ui_find_button (root, "Copy Access Token"));
  ui_fixture_take_picture (fixture, "tokens");

  ui_fixture_show_page (fixture, "flow");
  ui_fixture_take_picture (fixture, "flow");
  ui_fixture_show_page (fixture, "history");
  ui_spin (200);
  g_assert_nonnull (ui_find_type (root, WF_TYPE_HISTORY_CHART));
  ui_fixture_take_picture (fixture, "history");
}

static void
test_needs_sign_in (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  GtkWidget *root = GTK_WIDGET (fixture->window);

  ui_fixture_sign_in (fixture, fixture->session);
  wf_demo_server_revoke_all (fixture->server);
  g_assert_false (ui_fixture_refresh (fixture, fixture->session));
  ui_spin (300);
  g_assert_nonnull (ui_find_type (root, WF_TYPE_NOTICE));
  g_assert_nonnull (ui_find_text (root, "Sign in again"));
  g_assert_nonnull (ui_find_button (root, "Sign In"));
  ui_fixture_take_picture (fixture, "needs-sign-in");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/window/empty", test_empty);
  g_test_add_func ("/ui/window/signed-out", test_signed_out);
  g_test_add_func ("/ui/window/pages", test_pages);
  g_test_add_func ("/ui/window/needs-sign-in", test_needs_sign_in);
  return g_test_run ();
}
