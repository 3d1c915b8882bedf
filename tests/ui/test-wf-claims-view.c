/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-claims-view.h"
#include "wf-json.h"

/* A gap that a person sees; a loaded machine has some of its own. */
#define LONGEST_GAP_MS 2500

typedef struct
{
  GtkWidget    *window;
  WfClaimsView *view;
} Fixture;

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static Fixture
begin (void)
{
  Fixture fixture = { gtk_window_new (), WF_CLAIMS_VIEW (wf_claims_view_new ()) };
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (fixture.view));
  gtk_window_set_default_size (GTK_WINDOW (fixture.window), 600, 700);
  gtk_window_set_child (GTK_WINDOW (fixture.window), scroller);
  gtk_window_present (GTK_WINDOW (fixture.window));
  ui_spin_until (is_mapped, fixture.view);
  return fixture;
}

static void
end (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  ui_spin (50);
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return object;
}

static void
show (Fixture    *fixture,
      const char *claims)
{
  g_autoptr (JsonObject) object = parse (claims);

  wf_claims_view_set (fixture->view, object, NULL, NULL);
  ui_spin (100);
}

static guint
count (Fixture *fixture)
{
  guint n;

  g_object_get (fixture->view, "n-shown", &n, NULL);
  return n;
}

/* Every widget of this kind below @root. */
static guint
count_widgets (GtkWidget  *root,
               const char *type)
{
  guint n = g_str_equal (G_OBJECT_TYPE_NAME (root), type);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    n += count_widgets (child, type);
  return n;
}

static void
test_focus (void)
{
  Fixture fixture = begin ();
  GtkWidget *list;
  GtkWidget *focus;

  show (&fixture, "{\"sub\":\"alice\",\"address\":{\"locality\":\"Oxford\"},\"zebra\":1}");
  g_assert_cmpuint (count (&fixture), ==, 3);
  wf_claims_view_search (fixture.view);
  ui_spin (50);
  g_assert_true (gtk_widget_child_focus (fixture.window, GTK_DIR_TAB_FORWARD));
  list = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_LIST_VIEW);
  focus = gtk_window_get_focus (GTK_WINDOW (fixture.window));
  g_test_message ("the focus is on %s", G_OBJECT_TYPE_NAME (focus));
  g_assert_true (gtk_widget_is_ancestor (focus, list));
  end (&fixture);
}

static void
test_search (void)
{
  Fixture fixture = begin ();
  GtkWidget *entry = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_SEARCH_ENTRY);

  show (&fixture, "{\"sub\":\"alice\",\"address\":{\"locality\":\"Oxford\"},\"zebra\":1}");
  gtk_editable_set_text (GTK_EDITABLE (entry), "oxf");
  ui_spin (400);
  g_assert_cmpuint (count (&fixture), ==, 1);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture.view), "address.locality"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nowhere");
  ui_spin (400);
  g_assert_cmpuint (count (&fixture), ==, 0);
  g_assert_nonnull (ui_find_text (GTK_WIDGET (fixture.view), "Nothing found"));
  /* another token is searched for the same */
  show (&fixture, "{\"nowhere\":1}");
  g_assert_cmpuint (count (&fixture), ==, 1);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  ui_spin (400);
  g_assert_null (ui_find_text (GTK_WIDGET (fixture.view), "Nothing found"));
  end (&fixture);
}

/* What grows long moves into a scroller of its own, and back. */
static void
test_opens (void)
{
  Fixture fixture = begin ();
  g_autoptr (GString) text = g_string_new ("{\"list\":[0");
  GtkWidget *list = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_LIST_VIEW);

  for (guint i = 1; i < 300; i++)
    g_string_append_printf (text, ",%u", i);
  g_string_append (text, "]}");
  show (&fixture, text->str);
  g_assert_cmpuint (count (&fixture), ==, 1);
  g_assert_false (GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (list)));
  for (guint round = 0; round < 3; round++)
    {
      g_signal_emit_by_name (list, "activate", 0);
      ui_spin (200);
      g_assert_cmpuint (count (&fixture), ==, 301);
      g_assert_true (GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (list)));
      g_signal_emit_by_name (list, "activate", 0);
      ui_spin (200);
      g_assert_cmpuint (count (&fixture), ==, 1);
      g_assert_false (GTK_IS_SCROLLED_WINDOW (gtk_widget_get_parent (list)));
    }
  end (&fixture);
}

typedef struct
{
  gint64 last;
  gint64 longest;
  guint  count;
} Frames;

static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  Frames *frames = user_data;
  gint64 now = g_get_monotonic_time ();

  if (frames->last > 0)
    frames->longest = MAX (frames->longest, now - frames->last);
  frames->last = now;
  frames->count++;
  return G_SOURCE_CONTINUE;
}

/* Ten thousand are shown and scrolled without a row being made of those that nobody sees. */
static void
test_many (void)
{
  Fixture fixture = begin ();
  g_autoptr (GString) text = g_string_new ("{\"iss\":\"https://id.example.org\"");
  Frames frames = { 0 };
  GtkWidget *list = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_LIST_VIEW);
  GtkAdjustment *adjustment;
  g_autoptr (GTimer) timer = NULL;
  double shown;

  for (guint i = 0; i < 9999; i++)
    g_string_append_printf (text, ",\"claim-%05u\":{\"number\":%u}", i, i);
  g_string_append_c (text, '}');
  gtk_widget_add_tick_callback (GTK_WIDGET (fixture.view), on_frame, &frames, NULL);
  timer = g_timer_new ();
  show (&fixture, text->str);
  shown = g_timer_elapsed (timer, NULL);
  g_assert_cmpuint (count (&fixture), ==, 10000);
  g_assert_cmpuint (count_widgets (list, "WfClaimRow"), <, 500);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  for (guint i = 1; i <= 50; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 50);
      ui_spin (10);
    }
  g_assert_cmpuint (count_widgets (list, "WfClaimRow"), <, 500);
  g_test_message ("shown after %.0f ms, %u frames, longest gap %.0f ms", shown * 1000, frames.count, (double) frames.longest / 1000);
  g_assert_cmpint (frames.longest, <, LONGEST_GAP_MS * 1000);
  end (&fixture);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/claims-view/focus", test_focus);
  g_test_add_func ("/ui/claims-view/search", test_search);
  g_test_add_func ("/ui/claims-view/opens", test_opens);
  g_test_add_func ("/ui/claims-view/many", test_many);
  return g_test_run ();
}
