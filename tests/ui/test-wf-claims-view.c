/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-big-token.h"
#include "wf-claim-row.h"
#include "wf-claims-view.h"
#include "wf-json.h"

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

static gboolean
is_filled (gpointer data)
{
  GtkWidget *list = ui_find_type (GTK_WIDGET (data), GTK_TYPE_LIST_VIEW);
  GListModel *model = list ? G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))) : NULL;
  guint n;

  g_object_get (data, "n-shown", &n, NULL);
  return model && g_list_model_get_n_items (model) == n;
}

static void
show_big (Fixture  *fixture,
          BigToken  shape)
{
  g_autofree char *claims = big_token_make_claims (shape, WF_JSON_MAX_BYTES);

  show (fixture, claims);
}

static void
search_for (Fixture    *fixture,
            const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (ui_find_type (GTK_WIDGET (fixture->view), GTK_TYPE_SEARCH_ENTRY)), text);
  ui_spin (400);
}

/* The list may learn on its way how high its rows are, and so where its end is. */
static gboolean
shows_the_last (gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (data));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  return ui_find_text (data, BIG_TOKEN_LAST_CLAIM) != NULL;
}

/* Ten thousand are shown and scrolled without a row being made of those that nobody sees. */
static void
test_many (void)
{
  Fixture fixture = begin ();
  GtkWidget *list = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_LIST_VIEW);
  GtkAdjustment *adjustment;

  show_big (&fixture, BIG_TOKEN_CLAIMS);
  g_assert_cmpuint (count (&fixture), ==, BIG_TOKEN_N_CLAIMS);
  ui_spin_until (is_filled, fixture.view);
  g_assert_cmpuint (count (&fixture), ==, BIG_TOKEN_N_CLAIMS);
  g_assert_cmpuint (count_widgets (list, "WfClaimRow"), <, 500);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  for (guint i = 1; i <= 50; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 50);
      ui_spin (10);
    }
  g_assert_cmpuint (count_widgets (list, "WfClaimRow"), <, 500);
  ui_spin_until (shows_the_last, list);

  search_for (&fixture, BIG_TOKEN_LAST_VALUE);
  g_assert_cmpuint (count (&fixture), ==, 1);
  ui_spin_until (shows_the_last, list);
  /* What was still to come is not added to what is found. */
  search_for (&fixture, "");
  search_for (&fixture, "nowhere");
  g_assert_cmpuint (count (&fixture), ==, 0);
  end (&fixture);
}

/* The window stays as wide as it is, whatever is in a token. */
static void
test_deep (void)
{
  Fixture fixture = begin ();
  GtkWidget *list = ui_find_type (GTK_WIDGET (fixture.view), GTK_TYPE_LIST_VIEW);
  int minimum;

  show_big (&fixture, BIG_TOKEN_DEEP);
  for (guint depth = 1; depth < WF_JSON_MAX_DEPTH; depth++)
    {
      /* In a list it is the second that goes on. */
      g_signal_emit_by_name (list, "activate", count (&fixture) - 1);
      ui_spin (10);
    }
  ui_spin (100);
  g_assert_nonnull (gtk_widget_get_ancestor (list, GTK_TYPE_SCROLLED_WINDOW));
  g_assert_cmpuint (count (&fixture), ==, 5 + WF_JSON_MAX_DEPTH + (WF_JSON_MAX_DEPTH - 1) / 2);
  gtk_widget_measure (GTK_WIDGET (fixture.view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  search_for (&fixture, "the bottom");
  g_assert_cmpuint (count (&fixture), ==, 1);
  end (&fixture);
}

static void
on_copied (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
has_text (gpointer data)
{
  return *(char **) data != NULL;
}

static char *
read_clipboard (GtkWidget *widget)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, on_copied, &text);
  ui_spin_until (has_text, &text);
  return text;
}

static GtkWindow *
find_dialog (GtkWidget *window)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link; link = link->next)
    if (gtk_window_get_transient_for (link->data) == GTK_WINDOW (window))
      return link->data;
  return NULL;
}

/* A claim of a megabyte is one short row; all of it is shown where it is asked for, and all of it is copied. */
static void
test_long (void)
{
  Fixture fixture = begin ();
  g_autofree char *claims = big_token_make_claims (BIG_TOKEN_STRING, WF_JSON_MAX_BYTES);
  g_autoptr (JsonObject) object = parse (claims);
  const char *blob = json_object_get_string_member (object, "blob");
  GtkWidget *row;
  GtkWidget *view;
  GtkWindow *dialog;
  g_autofree char *copied = NULL;
  g_autofree char *selected = NULL;

  g_assert_cmpuint (strlen (blob), >, 700 * 1000);
  wf_claims_view_set (fixture.view, object, NULL, NULL);
  ui_spin_until (is_filled, fixture.view);
  ui_spin (100);
  row = gtk_widget_get_ancestor (ui_find_text (GTK_WIDGET (fixture.view), "blob"), WF_TYPE_CLAIM_ROW);
  g_assert_nonnull (row);
  g_assert_cmpint (gtk_widget_get_height (row), <, 300);
  g_assert_true (g_str_has_suffix (wf_claim_row_get_spoken (WF_CLAIM_ROW (row)), "…"));
  /* Only where there is more. */
  g_assert_null (ui_find_button (gtk_widget_get_ancestor (ui_find_text (GTK_WIDGET (fixture.view), "sub"), WF_TYPE_CLAIM_ROW), "Show All"));
  g_signal_emit_by_name (ui_find_button (row, "Show All"), "clicked");
  ui_spin (400);
  dialog = find_dialog (fixture.window);
  g_assert_nonnull (dialog);
  g_signal_emit_by_name (ui_find_button (GTK_WIDGET (dialog), "Copy"), "clicked");
  copied = read_clipboard (fixture.window);
  g_assert_cmpuint (strlen (copied), ==, strlen (blob));
  g_assert_cmpstr (copied, ==, blob);

  /* What is marked and copied has no line breaks that the text has not. */
  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture.window), "");
  view = ui_find_type (GTK_WIDGET (dialog), GTK_TYPE_TEXT_VIEW);
  g_assert_cmpint (gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))), >, 100);
  g_signal_emit_by_name (view, "select-all", TRUE);
  g_signal_emit_by_name (view, "copy-clipboard");
  selected = read_clipboard (fixture.window);
  g_assert_cmpuint (strlen (selected), ==, strlen (blob));
  g_assert_cmpstr (selected, ==, blob);
  gtk_window_destroy (dialog);
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
  g_test_add_func ("/ui/claims-view/deep", test_deep);
  g_test_add_func ("/ui/claims-view/long", test_long);
  return g_test_run ();
}
