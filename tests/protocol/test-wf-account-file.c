/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-expect.h"

#include <string.h>

#define ID "0b8f2f2e-6a5c-4c9d-9a52-0d8f6b5d7a11"
#define MINIMAL "[Account]\nName=Work\nIssuer=https://login.example.org\nClientId=warifu\n"

static WfAccount *
parse (const char *text)
{
  WfAccount *account;
  g_autoptr (GError) error = NULL;

  account = wf_account_parse (ID, text, strlen (text), &error);
  g_assert_no_error (error);
  return account;
}

static void
assert_refused (const char *text,
                const char *key)
{
  g_autoptr (GError) error = NULL;

  if (wf_account_parse (ID, text, strlen (text), &error))
    g_error ("accepted: %s", text);
  g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
  if (key && !strstr (error->message, key))
    g_error ("“%s” does not name %s", error->message, key);
}

static void
test_minimal (void)
{
  g_autoptr (WfAccount) account = parse (MINIMAL);

  g_assert_cmpstr (account->id, ==, ID);
  g_assert_cmpstr (account->name, ==, "Work");
  g_assert_cmpstr (account->issuer, ==, "https://login.example.org");
  g_assert_cmpstr (account->client_id, ==, "warifu");
  g_assert_cmpstr (account->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_NONE);
  g_assert_cmpint (account->refresh_policy, ==, WF_REFRESH_BEFORE_EXPIRY);
  g_assert_null (account->resources);
  g_assert_null (account->params);
  g_assert_false (account->read_only);
}

static void
test_full (void)
{
  g_autoptr (WfAccount) account = parse (MINIMAL
                                         "AuthMethod=client_secret_basic\nScope=openid\nAudience=https://api.example.org\n"
                                         "Resources=https://a.example.org;https://b.example.org;\nRedirectUri=https://app.example.org/cb\n"
                                         "Parameters=prompt=login;claims=a\\;b;\nRefreshPolicy=every:600\nRefreshBeforeSensitive=true\n"
                                         "ReuseLeeway=true\nKeepCookies=true\nCaFile=/etc/ca.pem\nProxy=http://proxy.example.org:3128\n"
                                         "ClientCertificate=/etc/client.pem\n"
                                         "[Endpoints]\nAuthorization=https://login.example.org/a\nToken=https://login.example.org/t\n"
                                         "Jwks=https://login.example.org/j\nUserinfo=https://login.example.org/u\n"
                                         "Revocation=https://login.example.org/r\nEndSession=https://login.example.org/e\n");

  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_BASIC);
  g_assert_cmpstr (account->scope, ==, "openid");
  g_assert_cmpstr (account->audience, ==, "https://api.example.org");
  g_assert_cmpuint (g_strv_length (account->resources), ==, 2);
  g_assert_cmpstr (account->resources[1], ==, "https://b.example.org");
  g_assert_cmpstr (account->redirect_uri, ==, "https://app.example.org/cb");
  g_assert_cmpuint (g_strv_length (account->params), ==, 2);
  g_assert_cmpstr (account->params[1], ==, "claims=a;b");
  g_assert_cmpint (account->refresh_policy, ==, WF_REFRESH_EVERY);
  g_assert_cmpuint (account->refresh_seconds, ==, 600);
  g_assert_true (account->refresh_before_sensitive);
  g_assert_true (account->reuse_leeway);
  g_assert_true (account->keep_cookies);
  g_assert_cmpstr (account->ca_file, ==, "/etc/ca.pem");
  g_assert_cmpstr (account->proxy, ==, "http://proxy.example.org:3128");
  g_assert_cmpstr (account->client_certificate, ==, "/etc/client.pem");
  g_assert_cmpstr (account->authorization_endpoint, ==, "https://login.example.org/a");
  g_assert_cmpstr (account->token_endpoint, ==, "https://login.example.org/t");
  g_assert_cmpstr (account->jwks_uri, ==, "https://login.example.org/j");
  g_assert_cmpstr (account->userinfo_endpoint, ==, "https://login.example.org/u");
  g_assert_cmpstr (account->revocation_endpoint, ==, "https://login.example.org/r");
  g_assert_cmpstr (account->end_session_endpoint, ==, "https://login.example.org/e");
}

static void
assert_round_trip (WfAccount *account)
{
  g_autofree char *text = wf_account_serialize (account);
  g_autofree char *again_text = NULL;
  g_autoptr (WfAccount) again = NULL;

  g_assert_true (g_str_has_suffix (text, "\n"));
  wf_account_set (&account->id, ID);
  again = parse (text);
  if (!wf_account_equal (account, again))
    g_error ("lost in: %s", text);
  again_text = wf_account_serialize (again);
  g_assert_cmpstr (again_text, ==, text);
}

static void
test_round_trip (void)
{
  g_autoptr (WfAccount) account = parse (MINIMAL);
  const char *const resources[] = { "https://a.example.org/?x=;&y=\\", "urn:example:b", NULL };
  const char *const params[] = { "a= lead and trail ", "b=;;", "c=back\\slash\\n", "claims={\"x\": [1;2]}", "d=", NULL };

  assert_round_trip (account);
  account->resources = g_strdupv ((char **) resources);
  account->params = g_strdupv ((char **) params);
  assert_round_trip (account);
  wf_account_set (&account->name, " # [x] ; = 割符\\s ");
  wf_account_set (&account->audience, "#x=[y]\\t ");
  assert_round_trip (account);
}

/* A scope taken out stays out. */
static void
test_round_trip_no_scope (void)
{
  g_autoptr (WfAccount) account = parse (MINIMAL);

  wf_account_set (&account->scope, NULL);
  assert_round_trip (account);
}

static void
test_round_trip_values (void)
{
  static const char *const policies[] = { "on-demand", "before-expiry", "every:77" };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (WfAccount) account = parse (MINIMAL);

      wf_expect_ok (wf_account_parse_refresh_policy (account, policies[i], &err));
      account->auth_method = (WfAuthMethod) i;
      account->refresh_before_sensitive = i == 0;
      account->reuse_leeway = i == 1;
      account->keep_cookies = i == 2;
      wf_account_set (&account->ca_file, "/etc/own ca.pem");
      wf_account_set (&account->authorization_endpoint, "https://login.example.org/a?b=c;d");
      wf_account_set (&account->token_endpoint, "https://login.example.org/t");
      assert_round_trip (account);
    }
}

static void
test_unknown_is_ignored (void)
{
  g_autoptr (WfAccount) account = parse ("# a comment\n[Other]\nName=Elsewhere\n" MINIMAL "Name[ja]=仕事\nColor=blue\n\n");

  g_assert_cmpstr (account->name, ==, "Work");
}

static void
test_wrong_kind (void)
{
  assert_refused (MINIMAL "KeepCookies=maybe\n", "KeepCookies");
  assert_refused (MINIMAL "ReuseLeeway=\n", "ReuseLeeway");
  assert_refused (MINIMAL "RefreshBeforeSensitive=2\n", "RefreshBeforeSensitive");
  assert_refused (MINIMAL "Audience=a\\qb\n", "Audience");
  assert_refused (MINIMAL "Parameters=a\\q;\n", "Parameters");
  assert_refused (MINIMAL "AuthMethod=private_key_jwt\n", "AuthMethod");
  assert_refused (MINIMAL "AuthMethod=\n", "AuthMethod");
  assert_refused (MINIMAL "RefreshPolicy=sometimes\n", "RefreshPolicy");
  assert_refused (MINIMAL "RefreshPolicy=every:1\n", "RefreshPolicy");
  assert_refused (MINIMAL "RefreshPolicy=\n", "RefreshPolicy");
}

static void
test_wrong_value (void)
{
  assert_refused ("[Account]\nIssuer=https://login.example.org\nClientId=x\n", "Name");
  assert_refused ("[Account]\nName=-x\nIssuer=https://login.example.org\nClientId=x\n", "Name");
  assert_refused ("[Account]\nName=x\nClientId=x\n", "Issuer");
  assert_refused ("[Account]\nName=x\nIssuer=http://login.example.org\nClientId=x\n", "Issuer");
  assert_refused ("[Account]\nName=x\nIssuer=https://login.example.org\n", "ClientId");
  assert_refused (MINIMAL "Scope=\"x\"\n", "Scope");
  assert_refused (MINIMAL "Audience=a\\nb\n", "Audience");
  assert_refused (MINIMAL "Resources=api;\n", "Resources");
  assert_refused (MINIMAL "RedirectUri=http://example.org\n", "RedirectUri");
  assert_refused (MINIMAL "Parameters=state=x;\n", "Parameters");
  assert_refused (MINIMAL "CaFile=ca.pem\n", "CaFile");
  assert_refused (MINIMAL "Proxy=http://a:b@proxy.example.org\n", "Proxy");
  assert_refused (MINIMAL "[Endpoints]\nToken=https://login.example.org/t\n", "Endpoints");
  assert_refused (MINIMAL "[Endpoints]\nAuthorization=http://login.example.org/a\nToken=https://login.example.org/t\n", "Endpoints");
}

static void
test_damage (void)
{
  assert_refused ("", NULL);
  assert_refused ("\n\n", NULL);
  assert_refused ("Name=Work\n", NULL);
  assert_refused ("[Account\nName=Work\n", NULL);
  assert_refused (MINIMAL "nonsense\n", NULL);
  assert_refused (MINIMAL "Audience=\xff\n", NULL);
  assert_refused ("[Endpoints]\nToken=x\n", "Account");
  assert_refused ("{\"Name\":\"Work\"}", NULL);
  assert_refused ("\xef\xbb\xbf" MINIMAL, NULL);
}

/* The line in the way is not repeated: it may be a secret that someone pasted. */
static void
test_damage_is_not_quoted (void)
{
  static const char text[] = MINIMAL "canary-secret\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (wf_account_parse (ID, text, strlen (text), &error));
  g_assert_null (strstr (error->message, "canary"));
}

static void
test_nul (void)
{
  static const char text[] = MINIMAL "Audience=a\0b\n";

  wf_expect_error (wf_account_parse (ID, text, sizeof text - 1, &err), WF_ERROR_INVALID_ACCOUNT);
  wf_expect_error (wf_account_parse (ID, NULL, 0, &err), WF_ERROR_INVALID_ACCOUNT);
}

static void
test_size (void)
{
  g_autoptr (GString) text = g_string_new (MINIMAL "#");
  g_autoptr (WfAccount) account = NULL;

  while (text->len < 64 * 1024)
    g_string_append_c (text, '#');
  account = parse (text->str);
  g_assert_cmpstr (account->name, ==, "Work");
  g_string_append_c (text, '#');
  assert_refused (text->str, NULL);
}

static void
test_bad_id (void)
{
  static const char *const ids[] = { NULL, "", "work", "../../etc/passwd", ID "x", "0b8f2f2e6a5c4c9d9a520d8f6b5d7a11" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    wf_expect_error (wf_account_parse (ids[i], MINIMAL, strlen (MINIMAL), &err), WF_ERROR_INVALID_ACCOUNT);
}

static void
test_truncated (void)
{
  g_autoptr (WfAccount) account = parse (MINIMAL);
  g_autofree char *text = wf_account_serialize (account);

  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WfAccount) part = wf_account_parse (ID, text, length, &error);

      if (!part)
        g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-file/minimal", test_minimal);
  g_test_add_func ("/account-file/full", test_full);
  g_test_add_func ("/account-file/round-trip", test_round_trip);
  g_test_add_func ("/account-file/round-trip/no-scope", test_round_trip_no_scope);
  g_test_add_func ("/account-file/round-trip/values", test_round_trip_values);
  g_test_add_func ("/account-file/unknown", test_unknown_is_ignored);
  g_test_add_func ("/account-file/wrong-kind", test_wrong_kind);
  g_test_add_func ("/account-file/wrong-value", test_wrong_value);
  g_test_add_func ("/account-file/damage", test_damage);
  g_test_add_func ("/account-file/damage/not-quoted", test_damage_is_not_quoted);
  g_test_add_func ("/account-file/nul", test_nul);
  g_test_add_func ("/account-file/size", test_size);
  g_test_add_func ("/account-file/bad-id", test_bad_id);
  g_test_add_func ("/account-file/truncated", test_truncated);
  return g_test_run ();
}
