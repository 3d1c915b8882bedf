/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-flow-field.h"
#include "wf-flow-inspector.h"
#include "wf-flow-step-view.h"

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
  ui_fixture_show_page (fixture, "flow");
  ui_spin (200);
  return fixture;
}

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

static GtkListBox *
get_steps (UiFixture *fixture)
{
  GtkWidget *view = ui_find_type (GTK_WIDGET (fixture->window), GTK_TYPE_PANED);
  GtkWidget *row = ui_find_type (view, GTK_TYPE_LIST_BOX_ROW);

  return GTK_LIST_BOX (gtk_widget_get_parent (row));
}

static WfFlow *
get_flow (UiFixture *fixture,
          guint      index)
{
  WfFlow *flow = g_list_model_get_item (wf_session_get_flows (fixture->session), index);

  g_assert_nonnull (flow);
  /* The list holds it. */
  g_object_unref (flow);
  return flow;
}

/* Returns: which step has this title; the test fails without it */
static guint
find_step (WfFlow     *flow,
           const char *title)
{
  for (guint i = 0; i < wf_flow_get_n_steps (flow); i++)
    if (g_str_equal (wf_flow_get_step (flow, i)->title, title))
      return i;
  g_error ("there is no step “%s”", title);
}

static void
select_step (UiFixture  *fixture,
             const char *title)
{
  GtkListBox *steps = get_steps (fixture);

  gtk_list_box_select_row (steps, gtk_list_box_get_row_at_index (steps, (int) find_step (get_flow (fixture, 0), title)));
  ui_spin (150);
}

static GtkWidget *
find_field (UiFixture  *fixture,
            const char *name)
{
  GtkWidget *label = ui_find_text (GTK_WIDGET (fixture->window), name);

  return label ? gtk_widget_get_ancestor (label, WF_TYPE_FLOW_FIELD) : NULL;
}

static void
press_reveal (GtkWidget *field)
{
  GtkWidget *button = ui_find_type (field, GTK_TYPE_TOGGLE_BUTTON);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  ui_spin (250);
}

/* A sign-in as it really was, message by message and check by check. */
static void
test_sign_in_is_complete (void)
{
  static const char *const titles[] = {
    "GET /.well-known/openid-configuration", "State, nonce and code verifier made", "Authorization request",
    "GET /authorize", "Redirect with the answer", "Answer captured", "State matches", "Issuer matches",
    "Code verifier goes with the code", "POST /oauth/token", "GET /jwks.json", "ID token: signature", "ID token: nonce",
  };
  g_autoptr (UiFixture) fixture = begin ();
  WfFlow *flow = get_flow (fixture, 0);
  guint last = 0;

  for (guint i = 0; i < wf_flow_get_n_steps (flow); i++)
    g_test_message ("%u. %s: %s", i + 1, wf_flow_get_step (flow, i)->title, wf_flow_get_step (flow, i)->detail);
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      guint index = find_step (flow, titles[i]);

      g_assert_true (i == 0 || index > last);
      last = index;
    }
  g_assert_false (wf_flow_get_failed (flow));
  ui_fixture_take_picture (fixture, "flow-sign-in");
  select_step (fixture, "GET /authorize");
  ui_fixture_take_picture (fixture, "flow-authorize");
  select_step (fixture, "POST /oauth/token");
  ui_fixture_take_picture (fixture, "flow-request");
}

/* One by one, while it is in memory, and gone when the page is left. */
static void
test_reveal (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GtkWidget *root = GTK_WIDGET (fixture->window);
  WfTokenSet *tokens = wf_session_get_tokens (fixture->session);
  g_autofree char *access = g_strdup (secret_value_get_text (wf_token_set_get_access_token (tokens, NULL)->token));
  g_autofree char *refresh = g_strdup (secret_value_get_text (tokens->refresh_token));
  GtkWidget *field;

  select_step (fixture, "200 OK");
  /* The first answer is that of the discovery. */
  g_assert_null (find_field (fixture, "access_token"));
  select_step (fixture, "POST /oauth/token");
  gtk_list_box_select_row (get_steps (fixture),
                           gtk_list_box_get_row_at_index (get_steps (fixture),
                                                          (int) find_step (get_flow (fixture, 0), "POST /oauth/token") + 1));
  ui_spin (200);
  g_assert_false (holds_text (root, access));
  g_assert_false (holds_text (root, refresh));
  field = find_field (fixture, "access_token");
  g_assert_nonnull (field);
  press_reveal (field);
  g_assert_true (holds_text (field, access));
  g_assert_false (holds_text (root, refresh));
  ui_fixture_take_picture (fixture, "flow-revealed");
  press_reveal (field);
  g_assert_false (holds_text (root, access));

  press_reveal (field);
  g_assert_true (holds_text (root, access));
  ui_fixture_show_page (fixture, "overview");
  ui_spin (300);
  g_assert_false (holds_text (root, access));

  /* After a sign-out there is nothing to reveal any more. */
  ui_fixture_show_page (fixture, "flow");
  wf_session_sign_out_async (fixture->session, TRUE, NULL, NULL, NULL);
  ui_spin (500);
  ui_fixture_show_page (fixture, "flow");
  ui_spin (200);
  if ((field = find_field (fixture, "access_token")) && ui_find_type (field, GTK_TYPE_TOGGLE_BUTTON))
    {
      press_reveal (field);
      g_assert_false (holds_text (root, access));
    }
}

/* Where revealing refreshes first, the message that is looked at stays where it is. */
static void
test_reveal_refreshes (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  g_autoptr (WfAccount) account = wf_account_copy (wf_session_get_account (fixture->session));
  GtkWidget *field;

  account->refresh_before_sensitive = TRUE;
  wf_engine_save_account_async (fixture->engine, account, NULL, NULL, NULL, NULL);
  ui_spin (200);
  select_step (fixture, "POST /oauth/token");
  field = find_field (fixture, "code");
  g_assert_nonnull (field);
  press_reveal (field);
  ui_spin (300);
  g_assert_cmpuint (g_list_model_get_n_items (wf_session_get_flows (fixture->session)), ==, 2);
  g_assert_true (find_field (fixture, "code") == field);
  g_assert_nonnull (ui_find_button (field, "Hide"));
}

static void
test_steps_have_what_makes_sense (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GtkWidget *inspector = ui_find_type (GTK_WIDGET (fixture->window), WF_TYPE_FLOW_INSPECTOR);

  /* A thing done at home has neither request nor response. */
  select_step (fixture, "State matches");
  g_assert_null (ui_find_text (inspector, "Request"));
  g_assert_null (ui_find_text (inspector, "Response"));
  g_assert_nonnull (ui_find_text (inspector, "Issuer matches"));
  ui_fixture_take_picture (fixture, "flow-checks");
  /* What went through the browser has an address alone. */
  select_step (fixture, "GET /authorize");
  g_assert_nonnull (ui_find_text (inspector, "Request"));
  g_assert_null (ui_find_text (inspector, "Response"));
  g_assert_null (ui_find_text (inspector, "Code"));
  g_assert_nonnull (ui_find_text (inspector, "code_challenge"));
  select_step (fixture, "POST /oauth/token");
  g_assert_nonnull (ui_find_text (inspector, "Response"));
  g_assert_nonnull (ui_find_text (inspector, "Code"));
}

static void
test_sizes (void)
{
  g_autoptr (UiFixture) fixture = begin ();

  ui_fixture_refresh (fixture, fixture->session);
  ui_fixture_refresh (fixture, fixture->session);
  ui_spin (200);
  ui_fixture_take_picture (fixture, "flow-refresh");
  ui_fixture_resize (fixture, 1600, 900);
  ui_fixture_take_picture (fixture, "flow-wide");
  ui_fixture_resize (fixture, 1000, 680);
  ui_fixture_resize (fixture, 360, 720);
  ui_fixture_take_picture (fixture, "flow-narrow");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  ui_fixture_resize (fixture, 1000, 800);
  ui_fixture_take_picture (fixture, "flow-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

static void
set_font (const char *font)
{
  g_object_set (gtk_settings_get_default (), "gtk-font-name", font, NULL);
  ui_spin (300);
}

/* The diagram grows with the text, and mirrors. */
static void
test_text_size_and_direction (void)
{
  g_autoptr (UiFixture) fixture = begin ();
  GtkWidget *row = ui_find_type (GTK_WIDGET (get_steps (fixture)), WF_TYPE_FLOW_STEP_VIEW);
  g_autofree char *font = NULL;
  int height = gtk_widget_get_height (row);

  g_object_get (gtk_settings_get_default (), "gtk-font-name", &font, NULL);
  set_font ("Sans 22");
  ui_fixture_take_picture (fixture, "flow-large-text");
  g_assert_cmpint (gtk_widget_get_height (row), >, height * 14 / 10);
  set_font (font);
  g_assert_cmpint (gtk_widget_get_height (row), ==, height);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  ui_fixture_take_picture (fixture, "flow-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/flow/sign-in-is-complete", test_sign_in_is_complete);
  g_test_add_func ("/ui/flow/reveal", test_reveal);
  g_test_add_func ("/ui/flow/reveal-refreshes", test_reveal_refreshes);
  g_test_add_func ("/ui/flow/steps-have-what-makes-sense", test_steps_have_what_makes_sense);
  g_test_add_func ("/ui/flow/sizes", test_sizes);
  g_test_add_func ("/ui/flow/text-size-and-direction", test_text_size_and_direction);
  return g_test_run ();
}
