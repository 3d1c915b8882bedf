/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account.h"

#include "wf-expect.h"

#include <string.h>

static WfAccount *
make_account (void)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->issuer, "https://login.example.org");
  wf_account_set (&account->client_id, "warifu");
  return account;
}

/* One text refused at its field, and by the check of the whole account. */
static void
assert_text_refused (gsize          offset,
                     WfAccountField field,
                     const char    *value,
                     WfError        code)
{
  g_autoptr (WfAccount) account = make_account ();
  WfAccountField found = WF_ACCOUNT_FIELD_NONE;

  wf_account_set (&G_STRUCT_MEMBER (char *, account, offset), value);
  wf_expect_error (wf_account_check_field (account, field, &err), code);
  wf_expect_error (wf_account_check (account, &found, &err), code);
  g_assert_cmpint (found, ==, field);
  wf_expect_error (wf_account_check (account, NULL, &err), code);
}

static void
assert_text_accepted (gsize          offset,
                      WfAccountField field,
                      const char    *value)
{
  g_autoptr (WfAccount) account = make_account ();
  WfAccountField found = WF_ACCOUNT_FIELD_NAME;

  wf_account_set (&G_STRUCT_MEMBER (char *, account, offset), value);
  wf_expect_ok (wf_account_check_field (account, field, &err));
  wf_expect_ok (wf_account_check (account, &found, &err));
  g_assert_cmpint (found, ==, WF_ACCOUNT_FIELD_NONE);
}

#define REFUSED(member, field, value, code) \
  assert_text_refused (G_STRUCT_OFFSET (WfAccount, member), WF_ACCOUNT_FIELD_##field, value, WF_ERROR_##code)
#define ACCEPTED(member, field, value) \
  assert_text_accepted (G_STRUCT_OFFSET (WfAccount, member), WF_ACCOUNT_FIELD_##field, value)

static void
test_none (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();

  wf_expect_ok (wf_account_check_field (account, WF_ACCOUNT_FIELD_NONE, &err));
}

static void
test_name (void)
{
  g_autoptr (GString) wide = g_string_new (NULL);

  for (guint i = 0; i < 200; i++)
    g_string_append (wide, "符");
  ACCEPTED (name, NAME, wide->str);
  g_string_append (wide, "x");
  REFUSED (name, NAME, wide->str, USAGE);
  ACCEPTED (name, NAME, "割符");
  ACCEPTED (name, NAME, "a-b");
  REFUSED (name, NAME, NULL, USAGE);
  REFUSED (name, NAME, "", USAGE);
  REFUSED (name, NAME, "   ", USAGE);
  REFUSED (name, NAME, "\xe3\x80\x80", USAGE); /* IDEOGRAPHIC SPACE */
  REFUSED (name, NAME, "-work", USAGE);
  REFUSED (name, NAME, "a\nb", USAGE);
  REFUSED (name, NAME, "a\tb", USAGE);
  REFUSED (name, NAME, "a\x7f", USAGE);
  REFUSED (name, NAME, "a\xc2\x9b", USAGE); /* CSI */
  REFUSED (name, NAME, "a\xff", USAGE);
}

static void
test_issuer (void)
{
  ACCEPTED (issuer, ISSUER, "https://login.example.org/");
  ACCEPTED (issuer, ISSUER, "http://127.0.0.1:8080");
  REFUSED (issuer, ISSUER, NULL, USAGE);
  REFUSED (issuer, ISSUER, "http://login.example.org", INSECURE_ENDPOINT);
  REFUSED (issuer, ISSUER, "login", USAGE);
}

static void
test_client_id (void)
{
  g_autofree char *longest = g_strnfill (2048, 'c');
  g_autofree char *too_long = g_strnfill (2049, 'c');

  ACCEPTED (client_id, CLIENT_ID, "a b!~%&");
  ACCEPTED (client_id, CLIENT_ID, longest);
  REFUSED (client_id, CLIENT_ID, NULL, USAGE);
  REFUSED (client_id, CLIENT_ID, " ", USAGE);
  REFUSED (client_id, CLIENT_ID, "a\nb", USAGE);
  REFUSED (client_id, CLIENT_ID, "é", USAGE);
  REFUSED (client_id, CLIENT_ID, too_long, USAGE);
}

static void
test_scope (void)
{
  ACCEPTED (scope, SCOPE, "openid offline_access https://www.example.org/auth/x");
  ACCEPTED (scope, SCOPE, NULL);
  REFUSED (scope, SCOPE, "openid \"x\"", USAGE);
  REFUSED (scope, SCOPE, "openid\nx", USAGE);
}

static void
test_audience (void)
{
  ACCEPTED (audience, AUDIENCE, "https://api.example.org/v2?x#y");
  ACCEPTED (audience, AUDIENCE, "my api");
  REFUSED (audience, AUDIENCE, "a\r\nb", USAGE);
  REFUSED (audience, AUDIENCE, "\xff", USAGE);
}

static void
test_redirect_uri (void)
{
  ACCEPTED (redirect_uri, REDIRECT_URI, NULL);
  ACCEPTED (redirect_uri, REDIRECT_URI, WF_REDIRECT_URI_BROWSER);
  ACCEPTED (redirect_uri, REDIRECT_URI, WF_REDIRECT_URI_WINDOW);
  ACCEPTED (redirect_uri, REDIRECT_URI, "https://app.example.org/cb");
  REFUSED (redirect_uri, REDIRECT_URI, "http://app.example.org/cb", USAGE);
  REFUSED (redirect_uri, REDIRECT_URI, "https://app.example.org/cb#x", USAGE);
  REFUSED (redirect_uri, REDIRECT_URI, "warifu:/cb", USAGE);
}

static void
check_list (gsize             offset,
            WfAccountField    field,
            const char *const items[],
            gboolean          accepted)
{
  g_autoptr (WfAccount) account = make_account ();
  WfAccountField found = WF_ACCOUNT_FIELD_NONE;

  G_STRUCT_MEMBER (char **, account, offset) = g_strdupv ((char **) items);
  if (accepted)
    {
      wf_expect_ok (wf_account_check (account, &found, &err));
      return;
    }
  wf_expect_error (wf_account_check (account, &found, &err), WF_ERROR_USAGE);
  g_assert_cmpint (found, ==, field);
}

#define CHECK_RESOURCES(accepted, ...)                                                   \
  check_list (G_STRUCT_OFFSET (WfAccount, resources), WF_ACCOUNT_FIELD_RESOURCE,         \
              (const char *const[]) { __VA_ARGS__, NULL }, accepted)
#define CHECK_PARAMS(accepted, ...)                                                      \
  check_list (G_STRUCT_OFFSET (WfAccount, params), WF_ACCOUNT_FIELD_PARAMS,              \
              (const char *const[]) { __VA_ARGS__, NULL }, accepted)

static void
test_resources (void)
{
  CHECK_RESOURCES (TRUE, "https://api.example.org", "https://b.example.org/x?y=z");
  CHECK_RESOURCES (TRUE, "urn:example:api");
  CHECK_RESOURCES (FALSE, "https://api.example.org", "api");
  CHECK_RESOURCES (FALSE, "https://api.example.org/#x");
  CHECK_RESOURCES (FALSE, "");
  CHECK_RESOURCES (FALSE, "/path");
  CHECK_RESOURCES (FALSE, "https://api.example.org\n");
}

static void
test_params (void)
{
  CHECK_PARAMS (TRUE, "prompt=login", "login_hint=alice@example.org", "empty=");
  CHECK_PARAMS (TRUE, "claims={\"a\":\"b=c\"}");
  CHECK_PARAMS (TRUE, "max_age=0");
  CHECK_PARAMS (TRUE, "states=x", "xstate=y"); /* alike, not reserved */
  CHECK_PARAMS (FALSE, "prompt");
  CHECK_PARAMS (FALSE, "=x");
  CHECK_PARAMS (FALSE, "");
  CHECK_PARAMS (FALSE, "a b=c");
  CHECK_PARAMS (FALSE, "é=c");
  CHECK_PARAMS (FALSE, "a=b\nc");
  CHECK_PARAMS (FALSE, "a=\xff");
  CHECK_PARAMS (FALSE, "a=b", "c=d", "a=e");
  CHECK_PARAMS (FALSE, "max_age=");
  CHECK_PARAMS (FALSE, "max_age=-1");
  CHECK_PARAMS (FALSE, "max_age=soon");
  CHECK_PARAMS (FALSE, "max_age=99999999999");
}

static void
test_reserved_params (void)
{
  static const char *const reserved[] = {
    "response_type", "client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method",
    "scope", "audience", "resource", "request", "request_uri", "response_mode",
  };

  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
    {
      g_autofree char *param = g_strconcat (reserved[i], "=x", NULL);

      CHECK_PARAMS (FALSE, param);
    }
}

static void
test_long_lists (void)
{
  const char *items[52] = { NULL };

  for (guint i = 0; i < 51; i++)
    items[i] = "https://api.example.org";
  check_list (G_STRUCT_OFFSET (WfAccount, resources), WF_ACCOUNT_FIELD_RESOURCE, items, FALSE);
  check_list (G_STRUCT_OFFSET (WfAccount, params), WF_ACCOUNT_FIELD_PARAMS, items, FALSE);
}

static void
test_endpoints (void)
{
  static const gsize offsets[] = {
    G_STRUCT_OFFSET (WfAccount, authorization_endpoint), G_STRUCT_OFFSET (WfAccount, token_endpoint),
    G_STRUCT_OFFSET (WfAccount, jwks_uri), G_STRUCT_OFFSET (WfAccount, userinfo_endpoint),
    G_STRUCT_OFFSET (WfAccount, revocation_endpoint), G_STRUCT_OFFSET (WfAccount, end_session_endpoint),
  };
  g_autoptr (WfAccount) account = make_account ();

  /* Each alone is too few. */
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    assert_text_refused (offsets[i], WF_ACCOUNT_FIELD_ENDPOINTS, "https://login.example.org/x", WF_ERROR_USAGE);

  wf_account_set (&account->authorization_endpoint, "https://login.example.org/authorize");
  wf_account_set (&account->token_endpoint, "http://[::1]:8080/token");
  wf_expect_ok (wf_account_check (account, NULL, &err));

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr (WfAccount) copy = wf_account_copy (account);

      wf_account_set (&G_STRUCT_MEMBER (char *, copy, offsets[i]), "http://login.example.org/x");
      wf_expect_error (wf_account_check_field (copy, WF_ACCOUNT_FIELD_ENDPOINTS, &err), WF_ERROR_INSECURE_ENDPOINT);
    }
}

static void
test_refresh (void)
{
  g_autoptr (WfAccount) account = make_account ();
  WfAccountField field;

  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = 29;
  wf_expect_error (wf_account_check (account, &field, &err), WF_ERROR_USAGE);
  g_assert_cmpint (field, ==, WF_ACCOUNT_FIELD_REFRESH);
  account->refresh_seconds = 31536001;
  wf_expect_error (wf_account_check (account, &field, &err), WF_ERROR_USAGE);
  account->refresh_seconds = 30;
  wf_expect_ok (wf_account_check (account, &field, &err));
  account->refresh_seconds = 31536000;
  wf_expect_ok (wf_account_check (account, &field, &err));
  account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  account->refresh_seconds = 1;
  wf_expect_ok (wf_account_check (account, &field, &err));
}

static void
test_files (void)
{
  ACCEPTED (ca_file, CA_FILE, "/etc/ssl/own ca.pem");
  REFUSED (ca_file, CA_FILE, "ca.pem", USAGE);
  REFUSED (ca_file, CA_FILE, "/etc/a\nb", USAGE);
  ACCEPTED (client_certificate, CA_FILE, "/etc/client.pem");
  REFUSED (client_certificate, CA_FILE, "client.pem", USAGE);
}

static void
test_proxy (void)
{
  ACCEPTED (proxy, PROXY, "http://proxy.example.org:3128");
  ACCEPTED (proxy, PROXY, "socks5://[::1]:1080");
  REFUSED (proxy, PROXY, "proxy.example.org:3128", USAGE);
  REFUSED (proxy, PROXY, "http://", USAGE);
  REFUSED (proxy, PROXY, "ftp://proxy.example.org", USAGE);
  REFUSED (proxy, PROXY, "http://a:secret@proxy.example.org", USAGE);
  REFUSED (proxy, PROXY, "http://proxy.example.org\n", USAGE);
}

/* A password is not repeated in the sentence that refuses it. */
static void
test_proxy_is_not_quoted (void)
{
  g_autoptr (WfAccount) account = make_account ();
  g_autoptr (GError) error = NULL;

  wf_account_set (&account->proxy, "http://a:canary@proxy.example.org");
  g_assert_false (wf_account_check (account, NULL, &error));
  g_assert_null (strstr (error->message, "canary"));
}

static void
test_order (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  WfAccountField field;

  wf_account_set (&account->proxy, "x");
  wf_expect_error (wf_account_check (account, &field, &err), WF_ERROR_USAGE);
  g_assert_cmpint (field, ==, WF_ACCOUNT_FIELD_NAME);
  wf_account_set (&account->name, "x");
  wf_expect_error (wf_account_check (account, &field, &err), WF_ERROR_USAGE);
  g_assert_cmpint (field, ==, WF_ACCOUNT_FIELD_ISSUER);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-check/none", test_none);
  g_test_add_func ("/account-check/name", test_name);
  g_test_add_func ("/account-check/issuer", test_issuer);
  g_test_add_func ("/account-check/client-id", test_client_id);
  g_test_add_func ("/account-check/scope", test_scope);
  g_test_add_func ("/account-check/audience", test_audience);
  g_test_add_func ("/account-check/redirect-uri", test_redirect_uri);
  g_test_add_func ("/account-check/resources", test_resources);
  g_test_add_func ("/account-check/params", test_params);
  g_test_add_func ("/account-check/params/reserved", test_reserved_params);
  g_test_add_func ("/account-check/long-lists", test_long_lists);
  g_test_add_func ("/account-check/endpoints", test_endpoints);
  g_test_add_func ("/account-check/refresh", test_refresh);
  g_test_add_func ("/account-check/files", test_files);
  g_test_add_func ("/account-check/proxy", test_proxy);
  g_test_add_func ("/account-check/proxy/not-quoted", test_proxy_is_not_quoted);
  g_test_add_func ("/account-check/order", test_order);
  return g_test_run ();
}
