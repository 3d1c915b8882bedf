/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-tab-stop.h"

typedef struct
{
  GtkWidget *window;
  GtkWidget *before;
  GtkWidget *stop;
  GtkWidget *after;
} Fixture;

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_label_new ("row"));
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

/* A list of a hundred rows between two buttons. */
static Fixture
begin (void)
{
  Fixture fixture = { gtk_window_new (), gtk_button_new (), wf_tab_stop_new (), gtk_button_new () };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  for (guint i = 0; i < 100; i++)
    gtk_string_list_append (strings, "row");
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller),
                                 gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (strings))), factory));
  adw_bin_set_child (ADW_BIN (fixture.stop), scroller);
  gtk_box_append (GTK_BOX (box), fixture.before);
  gtk_box_append (GTK_BOX (box), fixture.stop);
  gtk_box_append (GTK_BOX (box), fixture.after);
  gtk_window_set_child (GTK_WINDOW (fixture.window), box);
  gtk_window_present (GTK_WINDOW (fixture.window));
  ui_spin_until (is_mapped, fixture.stop);
  ui_spin (50);
  gtk_widget_grab_focus (fixture.before);
  return fixture;
}

static void
end (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_spin (50);
}

static GtkWidget *
press (Fixture          *fixture,
       GtkDirectionType  direction)
{
  gtk_widget_child_focus (fixture->window, direction);
  return gtk_window_get_focus (GTK_WINDOW (fixture->window));
}

static void
test_is_one_stop (void)
{
  Fixture fixture = begin ();
  GtkWidget *row = press (&fixture, GTK_DIR_TAB_FORWARD);

  g_assert_true (gtk_widget_is_ancestor (row, fixture.stop));
  g_assert_true (press (&fixture, GTK_DIR_TAB_FORWARD) == fixture.after);
  g_assert_true (gtk_widget_is_ancestor (press (&fixture, GTK_DIR_TAB_BACKWARD), fixture.stop));
  g_assert_true (press (&fixture, GTK_DIR_TAB_BACKWARD) == fixture.before);
  end (&fixture);
}

static void
test_arrows_go_on (void)
{
  Fixture fixture = begin ();
  GtkWidget *row = press (&fixture, GTK_DIR_TAB_FORWARD);
  GtkWidget *next = press (&fixture, GTK_DIR_DOWN);

  g_assert_true (gtk_widget_is_ancestor (next, fixture.stop));
  g_assert_true (next != row);
  g_assert_true (press (&fixture, GTK_DIR_UP) == row);
  end (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/tab-stop/is-one-stop", test_is_one_stop);
  g_test_add_func ("/ui/tab-stop/arrows-go-on", test_arrows_go_on);
  return g_test_run ();
}
