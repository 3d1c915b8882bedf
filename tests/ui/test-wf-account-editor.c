/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ui-fixture.h"

#include "wf-account-editor.h"
#include "wf-account-form.h"
#include "wf-error.h"

typedef struct
{
  UiFixture *fixture;
  GtkWidget *editor;
  WfSession *saved;
} Editing;

static void
on_saved (GtkWidget *editor,
          WfSession *session,
          Editing   *editing)
{
  g_set_object (&editing->saved, session);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
open_editor (Editing   *editing,
             WfSession *session)
{
  editing->editor = wf_account_editor_new (editing->fixture->engine, session);
  g_object_add_weak_pointer (G_OBJECT (editing->editor), (gpointer *) &editing->editor);
  g_signal_connect (editing->editor, "saved", G_CALLBACK (on_saved), editing);
  gtk_window_set_transient_for (GTK_WINDOW (editing->editor), GTK_WINDOW (editing->fixture->window));
  gtk_window_present (GTK_WINDOW (editing->editor));
  ui_spin_until (is_mapped, editing->editor);
}

static void
close_editor (Editing *editing)
{
  if (editing->editor)
    gtk_window_destroy (GTK_WINDOW (editing->editor));
  ui_spin (20);
  g_assert_null (editing->editor);
  g_clear_object (&editing->saved);
}

/* The row with that title, mapped or not. */
static GtkWidget *
find_row (GtkWidget  *root,
          const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found)
        return found;
    }
  return NULL;
}

static void
type (Editing    *editing,
      const char *title,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_row (editing->editor, title)), text);
}

static void
choose_kind (Editing    *editing,
             const char *name)
{
  AdwComboRow *row = ADW_COMBO_ROW (find_row (editing->editor, "Kind"));
  GListModel *model = adw_combo_row_get_model (row);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (model, i);

      if (g_str_equal (gtk_string_object_get_string (item), name))
        {
          adw_combo_row_set_selected (row, i);
          return;
        }
    }
  g_error ("there is no kind %s", name);
}

static gboolean
has_error (Editing    *editing,
           const char *title)
{
  return gtk_widget_has_css_class (find_row (editing->editor, title), "error");
}

static gboolean
can_save (Editing    *editing,
          const char *label)
{
  return gtk_widget_is_sensitive (ui_find_button (editing->editor, label));
}

static gboolean
is_saved (gpointer data)
{
  const Editing *editing = data;

  return editing->saved && !editing->editor;
}

static gboolean
found_endpoints (gpointer data)
{
  const Editing *editing = data;

  return ui_find_text (editing->editor, "Found: 6 endpoints, PKCE, refresh tokens") != NULL;
}

static gboolean
found_nothing (gpointer data)
{
  const Editing *editing = data;

  return ui_find_text (editing->editor, "Nothing found") != NULL;
}

static void
test_add (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };
  WfAccount *account;

  open_editor (&editing, NULL);
  g_assert_false (can_save (&editing, "Add"));
  type (&editing, "Issuer", wf_demo_server_get_issuer (fixture->server));
  g_signal_emit_by_name (ui_find_button (editing.editor, "Discover"), "clicked");
  ui_spin_until (found_endpoints, &editing);
  /* A name is proposed. */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_row (editing.editor, "Name"))), ==, "127.0.0.1");
  g_assert_false (can_save (&editing, "Add"));
  type (&editing, "Client ID", " warifu-demo ");
  g_assert_true (can_save (&editing, "Add"));
  g_signal_emit_by_name (ui_find_button (editing.editor, "Add"), "clicked");
  ui_spin_until (is_saved, &editing);

  account = wf_session_get_account (editing.saved);
  g_assert_cmpstr (account->name, ==, "127.0.0.1");
  g_assert_cmpstr (account->client_id, ==, "warifu-demo");
  g_assert_cmpstr (account->issuer, ==, wf_demo_server_get_issuer (fixture->server));
  g_assert_cmpstr (account->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_null (account->redirect_uri);
  g_assert_null (account->authorization_endpoint);
  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_NONE);
  close_editor (&editing);
}

/* Without Discover it is looked up all the same, so that what is stored is the provider's own issuer. */
static void
test_add_at_once (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };

  open_editor (&editing, NULL);
  type (&editing, "Issuer", wf_demo_server_get_issuer (fixture->server));
  type (&editing, "Name", "Second");
  type (&editing, "Client ID", "warifu-demo");
  wf_demo_server_reset_counts (fixture->server);
  g_signal_emit_by_name (ui_find_button (editing.editor, "Add"), "clicked");
  ui_spin_until (is_saved, &editing);
  g_assert_cmpuint (wf_demo_server_count (fixture->server, "discovery"), >=, 1);
  close_editor (&editing);
}

static void
test_wrong_input (void)
{
  static const struct
  {
    const char *title;
    const char *wrong;
    const char *right;
  } cases[] = {
    { "Issuer", "http://id.example.org", "https://id.example.org" },
    { "Name", "-x", "x" },
    { "Client ID", "é", "e" },
    { "Redirect URI", "http://elsewhere.example.org/cb", "https://app.example.org/cb" },
    { "Scopes", "openid \"quoted\"", "openid" },
    { "Resources", "not-a-uri", "https://api.example.org" },
    { "Extra Parameters", "state=mine", "prompt=login&max_age=60" },
    { "Proxy", "proxy", "http://proxy.example.org:8080" },
  };
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };

  open_editor (&editing, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].title);
      g_assert_false (has_error (&editing, cases[i].title));
      type (&editing, cases[i].title, cases[i].wrong);
      g_assert_true (has_error (&editing, cases[i].title));
      g_assert_false (can_save (&editing, "Add"));
      type (&editing, cases[i].title, cases[i].right);
      g_assert_false (has_error (&editing, cases[i].title));
    }
  /* The last one made it whole. */
  g_assert_true (can_save (&editing, "Add"));
  /* A name that is taken. */
  type (&editing, "Name", "Work account");
  g_assert_true (has_error (&editing, "Name"));
  g_assert_false (can_save (&editing, "Add"));
  close_editor (&editing);
}

static void
test_nothing_found (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };

  open_editor (&editing, NULL);
  type (&editing, "Issuer", wf_demo_server_get_issuer (fixture->server));
  type (&editing, "Name", "Second");
  type (&editing, "Client ID", "warifu-demo");
  wf_demo_server_stop (fixture->server);
  g_signal_emit_by_name (ui_find_button (editing.editor, "Add"), "clicked");
  ui_spin_until (found_nothing, &editing);
  g_assert_null (editing.saved);
  g_assert_true (can_save (&editing, "Add"));
  /* What is typed next is about another provider. */
  type (&editing, "Issuer", "https://id.example.org");
  ui_spin (20);
  g_assert_null (ui_find_text (editing.editor, "Nothing found"));
  close_editor (&editing);
}

static void
test_by_hand (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };
  WfAccount *account;

  open_editor (&editing, NULL);
  choose_kind (&editing, "Endpoints by Hand");
  type (&editing, "Issuer", "https://id.example.org");
  type (&editing, "Name", "By hand");
  type (&editing, "Client ID", "x");
  g_assert_false (can_save (&editing, "Add"));
  type (&editing, "Authorization Endpoint", "https://id.example.org/a");
  g_assert_false (can_save (&editing, "Add"));
  type (&editing, "Token Endpoint", "http://id.example.org/t");
  g_assert_true (has_error (&editing, "Token Endpoint"));
  type (&editing, "Token Endpoint", "https://id.example.org/t");
  g_assert_false (has_error (&editing, "Token Endpoint"));
  gtk_switch_set_active (GTK_SWITCH (adw_action_row_get_activatable_widget (
                           ADW_ACTION_ROW (find_row (editing.editor, "This application has a client secret")))), TRUE);
  g_assert_false (can_save (&editing, "Add"));
  type (&editing, "Client Secret", "canary-secret");
  g_assert_true (can_save (&editing, "Add"));
  g_signal_emit_by_name (ui_find_button (editing.editor, "Add"), "clicked");
  ui_spin_until (is_saved, &editing);

  account = wf_session_get_account (editing.saved);
  g_assert_cmpstr (account->authorization_endpoint, ==, "https://id.example.org/a");
  g_assert_cmpstr (account->token_endpoint, ==, "https://id.example.org/t");
  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_BASIC);
  close_editor (&editing);
}

static void
test_edit (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };
  g_autofree char *id = g_strdup (wf_session_get_account (fixture->session)->id);

  open_editor (&editing, fixture->session);
  g_assert_true (can_save (&editing, "Save"));
  type (&editing, "Name", "Renamed");
  type (&editing, "Audience", "https://api.example.org");
  wf_demo_server_reset_counts (fixture->server);
  g_signal_emit_by_name (ui_find_button (editing.editor, "Save"), "clicked");
  ui_spin_until (is_saved, &editing);
  /* The same provider: it need not be asked, and may be down. */
  g_assert_cmpuint (wf_demo_server_count (fixture->server, "discovery"), ==, 0);
  g_assert_cmpstr (wf_session_get_account (editing.saved)->id, ==, id);
  g_assert_cmpstr (wf_session_get_account (editing.saved)->name, ==, "Renamed");
  g_assert_cmpstr (wf_session_get_account (editing.saved)->audience, ==, "https://api.example.org");
  close_editor (&editing);
}

static WfAccount *
make_full_account (void)
{
  static const char *const resources[] = { "https://api.example.org", "https://other.example.org/x", NULL };
  static const char *const params[] = { "prompt=login", "login_hint=a&b =c", NULL };
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->name, "Full");
  wf_account_set (&account->issuer, "https://id.example.org/tenant");
  wf_account_set (&account->client_id, "client");
  wf_account_set (&account->scope, "openid api:read");
  wf_account_set (&account->audience, "https://api.example.org");
  wf_account_set (&account->redirect_uri, "https://app.example.org/cb?x=1");
  wf_account_set (&account->authorization_endpoint, "https://id.example.org/a");
  wf_account_set (&account->token_endpoint, "https://id.example.org/t");
  wf_account_set (&account->jwks_uri, "https://id.example.org/k");
  wf_account_set (&account->userinfo_endpoint, "https://id.example.org/u");
  wf_account_set (&account->revocation_endpoint, "https://id.example.org/r");
  wf_account_set (&account->end_session_endpoint, "https://id.example.org/e");
  wf_account_set (&account->ca_file, "/etc/ca.pem");
  wf_account_set (&account->client_certificate, "/etc/client.pem");
  wf_account_set (&account->proxy, "socks5://127.0.0.1:9050");
  account->resources = g_strdupv ((char **) resources);
  account->params = g_strdupv ((char **) params);
  account->auth_method = WF_AUTH_METHOD_POST;
  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = 900;
  account->refresh_before_sensitive = TRUE;
  account->reuse_leeway = TRUE;
  account->keep_cookies = TRUE;
  return account;
}

/* Whatever an account has goes into the form and comes out of it unchanged. */
static void
test_round_trip (void)
{
  g_autoptr (WfAccount) full = make_full_account ();
  g_autoptr (WfAccount) plain = wf_account_new ();
  g_autoptr (GtkWidget) form = g_object_ref_sink (wf_account_form_new ());
  g_autoptr (WfAccount) again = NULL;
  g_autoptr (WfAccount) plain_again = NULL;

  wf_account_form_set_account (WF_ACCOUNT_FORM (form), full, TRUE);
  again = wf_account_form_make_account (WF_ACCOUNT_FORM (form));
  g_assert_true (wf_account_equal (full, again));
  g_assert_true (wf_account_form_get_complete (WF_ACCOUNT_FORM (form)));
  g_assert_null (wf_account_form_make_secret (WF_ACCOUNT_FORM (form)));

  wf_account_set (&plain->name, "Plain");
  wf_account_set (&plain->issuer, "https://id.example.org/");
  wf_account_set (&plain->client_id, "client");
  wf_account_form_set_account (WF_ACCOUNT_FORM (form), plain, FALSE);
  plain_again = wf_account_form_make_account (WF_ACCOUNT_FORM (form));
  g_assert_true (wf_account_equal (plain, plain_again));
}

static const char *
get_text (Editing    *editing,
          const char *title)
{
  return gtk_editable_get_text (GTK_EDITABLE (find_row (editing->editor, title)));
}

/* What is typed of a preset becomes whole, and what it knows is filled in. */
static void
test_presets (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };
  WfAccountForm *form;
  g_autoptr (WfAccount) auth0 = NULL;
  g_autoptr (WfAccount) entra = NULL;
  g_autoptr (WfAccount) google = NULL;
  g_autoptr (WfAccount) github = NULL;
  g_autoptr (WfAccount) okta = NULL;
  g_autoptr (WfAccount) keycloak = NULL;

  open_editor (&editing, NULL);
  form = WF_ACCOUNT_FORM (gtk_widget_get_ancestor (find_row (editing.editor, "Issuer"), WF_TYPE_ACCOUNT_FORM));

  choose_kind (&editing, "Auth0");
  type (&editing, "Issuer", "tenant.eu.auth0.com");
  auth0 = wf_account_form_make_account (form);
  g_assert_cmpstr (auth0->issuer, ==, "https://tenant.eu.auth0.com/");
  g_assert_cmpstr (wf_account_form_get_issuer_input (form), ==, "https://tenant.eu.auth0.com/");

  choose_kind (&editing, "Microsoft Entra ID");
  type (&editing, "Issuer", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490");
  entra = wf_account_form_make_account (form);
  g_assert_cmpstr (entra->issuer, ==, "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0");
  g_assert_cmpstr (entra->redirect_uri, ==, "http://localhost/callback");

  choose_kind (&editing, "Google");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "https://accounts.google.com");
  g_assert_cmpstr (get_text (&editing, "Scopes"), ==, "openid profile email");
  g_assert_cmpstr (get_text (&editing, "Extra Parameters"), ==, "access_type=offline&prompt=consent");
  google = wf_account_form_make_account (form);
  g_assert_cmpint (google->auth_method, ==, WF_AUTH_METHOD_POST);

  choose_kind (&editing, "GitHub");
  g_assert_false (wf_account_form_wants_discovery (form));
  github = wf_account_form_make_account (form);
  g_assert_cmpstr (github->authorization_endpoint, ==, "https://github.com/login/oauth/authorize");

  g_clear_pointer (&github, wf_account_unref);
  /* The endpoints go with the server. */
  type (&editing, "Issuer", "git.example.org");
  github = wf_account_form_make_account (form);
  g_assert_cmpstr (github->issuer, ==, "https://git.example.org");
  g_assert_cmpstr (github->token_endpoint, ==, "https://git.example.org/login/oauth/access_token");
  type (&editing, "Issuer", "https://github.com");

  /* What the last preset knew is not taken along. */
  choose_kind (&editing, "Okta");
  g_assert_true (wf_account_form_wants_discovery (form));
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "");
  okta = wf_account_form_make_account (form);
  g_assert_null (okta->authorization_endpoint);
  g_assert_null (okta->params);
  g_assert_true (okta->reuse_leeway);
  g_assert_cmpstr (okta->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_cmpint (okta->auth_method, ==, WF_AUTH_METHOD_NONE);

  /* What a person has typed stays. */
  type (&editing, "Issuer", "https://id.example.org/realms/staff");
  choose_kind (&editing, "Keycloak");
  keycloak = wf_account_form_make_account (form);
  g_assert_cmpstr (keycloak->issuer, ==, "https://id.example.org/realms/staff");
  close_editor (&editing);
}

static gboolean
is_shown (Editing    *editing,
          const char *title)
{
  GtkWidget *row = find_row (editing->editor, title);

  return row && gtk_widget_get_mapped (row);
}

/* A row for each thing that the preset needs; together they make the issuer, and an issuer that is typed fills them in. */
static void
test_preset_rows (void)
{
  g_autoptr (UiFixture) fixture = ui_fixture_new (NULL);
  Editing editing = { .fixture = fixture };

  open_editor (&editing, NULL);
  g_assert_false (is_shown (&editing, "Domain"));
  choose_kind (&editing, "Auth0");
  ui_spin (20);
  g_assert_true (is_shown (&editing, "Domain"));
  g_assert_true (is_shown (&editing, "Issuer"));
  type (&editing, "Domain", "tenant.eu.auth0.com");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "https://tenant.eu.auth0.com/");
  type (&editing, "Domain", "no domain");
  g_assert_true (has_error (&editing, "Domain"));
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "");
  g_assert_false (has_error (&editing, "Issuer"));
  type (&editing, "Issuer", "https://other.eu.auth0.com/");
  g_assert_cmpstr (get_text (&editing, "Domain"), ==, "other.eu.auth0.com");
  g_assert_false (has_error (&editing, "Domain"));
  ui_fixture_take_picture (fixture, "preset-auth0");

  /* What one preset made of it is another's only where it fits. */
  type (&editing, "Issuer", "");
  choose_kind (&editing, "Keycloak");
  ui_spin (20);
  g_assert_false (is_shown (&editing, "Domain"));
  type (&editing, "Server", "id.example.org");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "");
  type (&editing, "Realm", "a/b");
  g_assert_true (has_error (&editing, "Realm"));
  type (&editing, "Realm", "staff");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "https://id.example.org/realms/staff");

  choose_kind (&editing, "Microsoft Entra ID");
  type (&editing, "Tenant", "common");
  g_assert_true (has_error (&editing, "Tenant"));
  type (&editing, "Tenant", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0");

  choose_kind (&editing, "GitLab");
  g_assert_cmpstr (get_text (&editing, "Server"), ==, "gitlab.com");
  g_assert_cmpstr (get_text (&editing, "Issuer"), ==, "https://gitlab.com");

  choose_kind (&editing, "OpenID Connect");
  ui_spin (20);
  g_assert_false (is_shown (&editing, "Server"));
  g_assert_true (is_shown (&editing, "Issuer"));
  close_editor (&editing);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/ui/account-editor/add", test_add);
  g_test_add_func ("/ui/account-editor/add-at-once", test_add_at_once);
  g_test_add_func ("/ui/account-editor/wrong-input", test_wrong_input);
  g_test_add_func ("/ui/account-editor/nothing-found", test_nothing_found);
  g_test_add_func ("/ui/account-editor/by-hand", test_by_hand);
  g_test_add_func ("/ui/account-editor/presets", test_presets);
  g_test_add_func ("/ui/account-editor/preset-rows", test_preset_rows);
  g_test_add_func ("/ui/account-editor/edit", test_edit);
  g_test_add_func ("/ui/account-editor/round-trip", test_round_trip);

  return g_test_run ();
}
