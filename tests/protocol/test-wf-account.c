/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-expect.h"

static WfAccount *
make_full (void)
{
  WfAccount *account = wf_account_new ();
  const char *const resources[] = { "https://a.example.org", "https://b.example.org", NULL };
  const char *const params[] = { "prompt=login", "ui_locales=ja en", NULL };

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->issuer, "https://login.example.org");
  wf_account_set (&account->client_id, "warifu");
  account->auth_method = WF_AUTH_METHOD_POST;
  wf_account_set (&account->audience, "https://api.example.org");
  account->resources = g_strdupv ((char **) resources);
  wf_account_set (&account->redirect_uri, WF_REDIRECT_URI_WINDOW);
  account->params = g_strdupv ((char **) params);
  wf_account_set (&account->authorization_endpoint, "https://login.example.org/authorize");
  wf_account_set (&account->token_endpoint, "https://login.example.org/token");
  wf_account_set (&account->jwks_uri, "https://login.example.org/jwks");
  wf_account_set (&account->userinfo_endpoint, "https://login.example.org/userinfo");
  wf_account_set (&account->revocation_endpoint, "https://login.example.org/revoke");
  wf_account_set (&account->end_session_endpoint, "https://login.example.org/logout");
  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = 300;
  account->refresh_before_sensitive = TRUE;
  account->reuse_leeway = TRUE;
  account->keep_cookies = TRUE;
  wf_account_set (&account->ca_file, "/etc/ca.pem");
  wf_account_set (&account->proxy, "http://proxy.example.org:3128");
  wf_account_set (&account->client_certificate, "/etc/client.pem");
  account->read_only = TRUE;
  return account;
}

static void
test_new (void)
{
  g_autoptr (WfAccount) a = wf_account_new ();
  g_autoptr (WfAccount) b = wf_account_new ();

  g_assert_true (g_uuid_string_is_valid (a->id));
  g_assert_cmpstr (a->id, !=, b->id);
  g_assert_null (a->name);
  g_assert_null (a->issuer);
  g_assert_cmpint (a->auth_method, ==, WF_AUTH_METHOD_NONE);
  g_assert_cmpstr (a->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_cmpint (a->refresh_policy, ==, WF_REFRESH_BEFORE_EXPIRY);
  g_assert_false (a->refresh_before_sensitive);
  g_assert_false (a->reuse_leeway);
  g_assert_false (a->keep_cookies);
  g_assert_false (a->read_only);
  g_assert_false (wf_account_has_manual_endpoints (a));
  g_assert_false (wf_account_is_confidential (a));
}

static void
test_set (void)
{
  char *field = NULL;

  wf_account_set (&field, NULL);
  g_assert_null (field);
  wf_account_set (&field, "one two");
  g_assert_cmpstr (field, ==, "one two");
  wf_account_set (&field, field + 4); /* a part of itself */
  g_assert_cmpstr (field, ==, "two");
  wf_account_set (&field, field);
  g_assert_cmpstr (field, ==, "two");
  wf_account_set (&field, "");
  g_assert_null (field);
}

static void
test_copy_is_equal (void)
{
  g_autoptr (WfAccount) account = make_full ();
  g_autoptr (WfAccount) copy = wf_account_copy (account);

  g_assert_true (copy != account);
  g_assert_true (wf_account_equal (account, copy));
  g_assert_true (wf_account_equal (copy, copy));
  g_assert_true (copy->resources != account->resources);
  g_assert_true (copy->params[0] != account->params[0]);
}

static void
test_copy_outlives (void)
{
  WfAccount *account = make_full ();
  g_autoptr (WfAccount) copy = wf_account_copy (account);
  g_autofree char *id = g_strdup (account->id);

  wf_account_unref (account);
  g_assert_cmpstr (copy->id, ==, id);
  g_assert_cmpstr (copy->name, ==, "Work");
  g_assert_cmpstr (copy->resources[1], ==, "https://b.example.org");
  g_assert_cmpstr (copy->params[1], ==, "ui_locales=ja en");
  g_assert_cmpstr (copy->client_certificate, ==, "/etc/client.pem");
}

static void
test_copy_of_shared (void)
{
  g_autoptr (WfAccount) account = make_full ();
  g_autoptr (WfAccount) second = wf_account_ref (account);
  WfAccount *copy = wf_account_copy (account);

  wf_account_unref (copy); /* its own count, not the one it was copied with */
  g_assert_true (second == account);
}

static const gsize text_offsets[] = {
  G_STRUCT_OFFSET (WfAccount, id), G_STRUCT_OFFSET (WfAccount, name), G_STRUCT_OFFSET (WfAccount, issuer),
  G_STRUCT_OFFSET (WfAccount, client_id), G_STRUCT_OFFSET (WfAccount, scope), G_STRUCT_OFFSET (WfAccount, audience),
  G_STRUCT_OFFSET (WfAccount, redirect_uri), G_STRUCT_OFFSET (WfAccount, authorization_endpoint),
  G_STRUCT_OFFSET (WfAccount, token_endpoint), G_STRUCT_OFFSET (WfAccount, jwks_uri),
  G_STRUCT_OFFSET (WfAccount, userinfo_endpoint), G_STRUCT_OFFSET (WfAccount, revocation_endpoint),
  G_STRUCT_OFFSET (WfAccount, end_session_endpoint), G_STRUCT_OFFSET (WfAccount, ca_file),
  G_STRUCT_OFFSET (WfAccount, proxy), G_STRUCT_OFFSET (WfAccount, client_certificate),
};

static void
test_equal_texts (void)
{
  g_autoptr (WfAccount) account = make_full ();

  for (guint i = 0; i < G_N_ELEMENTS (text_offsets); i++)
    {
      g_autoptr (WfAccount) other = wf_account_copy (account);
      char **field = &G_STRUCT_MEMBER (char *, other, text_offsets[i]);

      g_assert_nonnull (*field);
      wf_account_set (field, "other");
      g_assert_false (wf_account_equal (account, other));
      wf_account_set (field, NULL);
      g_assert_false (wf_account_equal (account, other));
      g_assert_false (wf_account_equal (other, account));
    }
}

static void
test_equal_switches (void)
{
  static const gsize offsets[] = {
    G_STRUCT_OFFSET (WfAccount, refresh_before_sensitive), G_STRUCT_OFFSET (WfAccount, reuse_leeway),
    G_STRUCT_OFFSET (WfAccount, keep_cookies), G_STRUCT_OFFSET (WfAccount, read_only),
  };
  g_autoptr (WfAccount) account = make_full ();

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr (WfAccount) other = wf_account_copy (account);

      G_STRUCT_MEMBER (gboolean, other, offsets[i]) = FALSE;
      g_assert_false (wf_account_equal (account, other));
    }
}

static void
test_equal_others (void)
{
  g_autoptr (WfAccount) account = make_full ();
  g_autoptr (WfAccount) method = wf_account_copy (account);
  g_autoptr (WfAccount) policy = wf_account_copy (account);
  g_autoptr (WfAccount) seconds = wf_account_copy (account);
  g_autoptr (WfAccount) resources = wf_account_copy (account);
  g_autoptr (WfAccount) params = wf_account_copy (account);

  method->auth_method = WF_AUTH_METHOD_BASIC;
  policy->refresh_policy = WF_REFRESH_ON_DEMAND;
  seconds->refresh_seconds++;
  g_clear_pointer (&resources->resources, g_strfreev);
  params->params[1][0] = 'x';
  g_assert_false (wf_account_equal (account, method));
  g_assert_false (wf_account_equal (account, policy));
  g_assert_false (wf_account_equal (account, seconds));
  g_assert_false (wf_account_equal (account, resources));
  g_assert_false (wf_account_equal (resources, account));
  g_assert_false (wf_account_equal (account, params));
}

static void
test_boxed (void)
{
  g_autoptr (WfAccount) account = make_full ();
  WfAccount *copy = g_boxed_copy (WF_TYPE_ACCOUNT, account);

  g_assert_true (copy == account);
  g_boxed_free (WF_TYPE_ACCOUNT, copy);
  g_assert_cmpstr (account->name, ==, "Work");
}

static void
test_policy_round_trip (void)
{
  static const char *const texts[] = { "on-demand", "before-expiry", "every:30", "every:31536000" };
  static const WfRefreshPolicy policies[] = {
    WF_REFRESH_ON_DEMAND, WF_REFRESH_BEFORE_EXPIRY, WF_REFRESH_EVERY, WF_REFRESH_EVERY,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (WfAccount) account = wf_account_new ();
      g_autofree char *text = NULL;

      wf_expect_ok (wf_account_parse_refresh_policy (account, texts[i], &err));
      g_assert_cmpint (account->refresh_policy, ==, policies[i]);
      text = wf_account_format_refresh_policy (account);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

static void
test_policy_bad (void)
{
  static const char *const texts[] = {
    NULL, "", "never", "Before-Expiry", "before-expiry ", "every", "every:", "every:29", "every:31536001",
    "every:-60", "every:+60", "every: 60", "every:60s", "every:1e3", "every:0x40", "every:99999999999999999999",
  };
  g_autoptr (WfAccount) account = wf_account_new ();

  wf_expect_ok (wf_account_parse_refresh_policy (account, "every:45", &err));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      wf_expect_error (wf_account_parse_refresh_policy (account, texts[i], &err), WF_ERROR_USAGE);
      g_assert_cmpint (account->refresh_policy, ==, WF_REFRESH_EVERY);
      g_assert_cmpuint (account->refresh_seconds, ==, 45);
    }
}

static void
test_auth_method (void)
{
  static const char *const bad[] = { NULL, "", "None", "basic", "client_secret_jwt", "none " };
  WfAuthMethod method = WF_AUTH_METHOD_POST;

  wf_expect_ok (wf_auth_method_from_string ("none", &method, &err));
  g_assert_cmpint (method, ==, WF_AUTH_METHOD_NONE);
  wf_expect_ok (wf_auth_method_from_string ("client_secret_basic", &method, &err));
  g_assert_cmpint (method, ==, WF_AUTH_METHOD_BASIC);
  g_assert_cmpstr (wf_auth_method_to_string (method), ==, "client_secret_basic");
  wf_expect_ok (wf_auth_method_from_string ("client_secret_post", &method, &err));
  g_assert_cmpint (method, ==, WF_AUTH_METHOD_POST);
  g_assert_cmpstr (wf_auth_method_to_string (method), ==, "client_secret_post");
  g_assert_cmpstr (wf_auth_method_to_string (WF_AUTH_METHOD_NONE), ==, "none");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      wf_expect_error (wf_auth_method_from_string (bad[i], &method, &err), WF_ERROR_USAGE);
      g_assert_cmpint (method, ==, WF_AUTH_METHOD_POST);
    }
}

static void
test_questions (void)
{
  g_autoptr (WfAccount) account = make_full ();

  g_assert_true (wf_account_has_manual_endpoints (account));
  g_assert_true (wf_account_is_confidential (account));
  account->auth_method = WF_AUTH_METHOD_BASIC;
  g_assert_true (wf_account_is_confidential (account));
  wf_account_set (&account->authorization_endpoint, NULL);
  g_assert_false (wf_account_has_manual_endpoints (account));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/new", test_new);
  g_test_add_func ("/account/set", test_set);
  g_test_add_func ("/account/copy/equal", test_copy_is_equal);
  g_test_add_func ("/account/copy/outlives", test_copy_outlives);
  g_test_add_func ("/account/copy/shared", test_copy_of_shared);
  g_test_add_func ("/account/equal/texts", test_equal_texts);
  g_test_add_func ("/account/equal/switches", test_equal_switches);
  g_test_add_func ("/account/equal/others", test_equal_others);
  g_test_add_func ("/account/boxed", test_boxed);
  g_test_add_func ("/account/policy/round-trip", test_policy_round_trip);
  g_test_add_func ("/account/policy/bad", test_policy_bad);
  g_test_add_func ("/account/auth-method", test_auth_method);
  g_test_add_func ("/account/questions", test_questions);
  return g_test_run ();
}
