/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet.h"

#include "wf-expect.h"

#include <string.h>

#define ISSUER "https://login.example.org"

static const WfSnippetValues literals = {
  .client_secret = "canary-secret",
  .code = "canary-code",
  .code_verifier = "canary-verifier",
  .refresh_token = "canary-refresh",
  .redirect_uri = "io.github.warifu:/canary",
};

static WfAccount *
make_account (WfAuthMethod method)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->issuer, ISSUER);
  wf_account_set (&account->client_id, "the-client");
  wf_account_set (&account->authorization_endpoint, ISSUER "/authorize");
  wf_account_set (&account->token_endpoint, ISSUER "/token");
  account->auth_method = method;
  return account;
}

static char *
make (WfSnippetLanguage      language,
      WfSnippetGrant         grant,
      WfAuthMethod           method,
      const WfSnippetValues *values)
{
  g_autoptr (WfAccount) account = make_account (method);
  g_autoptr (WfProviderMetadata) metadata = wf_provider_metadata_new_manual (account, NULL);
  g_autoptr (GError) error = NULL;
  char *text = wf_snippet_make (language, grant, account, metadata, values, &error);

  g_assert_no_error (error);
  return text;
}

static gboolean
has (const char *text,
     const char *part)
{
  return strstr (text, part) != NULL;
}

/* What must and must not stand in every one of the programs. */
static void
check_one (WfSnippetLanguage language,
           WfSnippetGrant    grant,
           WfAuthMethod      method,
           gboolean          literal)
{
  g_autofree char *text = make (language, grant, method, literal ? &literals : NULL);
  gboolean is_code = grant == WF_SNIPPET_AUTHORIZATION_CODE;
  gboolean confidential = method != WF_AUTH_METHOD_NONE;

  g_assert_true (g_str_has_suffix (text, "\n"));
  g_assert_true (has (text, ISSUER "/token"));
  g_assert_true (has (text, "the-client"));
  g_assert_true (has (text, is_code ? "authorization_code" : "refresh_token"));
  g_assert_cmpint (has (text, "code_verifier"), ==, is_code);
  g_assert_cmpint (has (text, "redirect_uri"), ==, is_code);
  g_assert_cmpint (has (text, "client_secret"), ==, method == WF_AUTH_METHOD_POST);
  g_assert_cmpint (has (text, "client_id"), ==, method != WF_AUTH_METHOD_BASIC);
  g_assert_cmpint (has (text, "canary-code"), ==, literal && is_code);
  g_assert_cmpint (has (text, "canary-verifier"), ==, literal && is_code);
  g_assert_cmpint (has (text, "io.github.warifu:/canary"), ==, literal && is_code);
  g_assert_cmpint (has (text, "canary-refresh"), ==, literal && !is_code);
  g_assert_cmpint (has (text, "canary-secret"), ==, literal && confidential);
  g_assert_cmpint (has (text, "WARIFU_CODE_VERIFIER"), ==, !literal && is_code);
  g_assert_cmpint (has (text, "WARIFU_REFRESH_TOKEN"), ==, !literal && !is_code);
  g_assert_cmpint (has (text, "WARIFU_CLIENT_SECRET"), ==, !literal && confidential);
  /* No mark or place of the template is left, and nobody turns TLS off. */
  g_assert_false (has (text, "{{") || has (text, "\nF|") || has (text, "\nB|") || has (text, "\nE|") || has (text, "\nV|"));
  g_assert_false (has (text, "--insecure") || has (text, "VERIFY_NONE") || has (text, "InsecureSkipVerify") ||
                  has (text, "CURLOPT_SSL_VERIFY") || has (text, "rejectUnauthorized") || has (text, "_create_unverified"));
}

static void
test_all (void)
{
  for (guint language = 0; language < WF_SNIPPET_N_LANGUAGES; language++)
    for (guint grant = 0; grant < 2; grant++)
      for (guint method = WF_AUTH_METHOD_NONE; method <= WF_AUTH_METHOD_POST; method++)
        {
          check_one ((WfSnippetLanguage) language, (WfSnippetGrant) grant, (WfAuthMethod) method, FALSE);
          check_one ((WfSnippetLanguage) language, (WfSnippetGrant) grant, (WfAuthMethod) method, TRUE);
        }
}

/* One value given, the others from the environment. */
static void
test_some_values (void)
{
  const WfSnippetValues values = { .code_verifier = "canary-verifier" };
  g_autofree char *text = make (WF_SNIPPET_PYTHON, WF_SNIPPET_AUTHORIZATION_CODE, WF_AUTH_METHOD_POST, &values);

  g_assert_true (has (text, "canary-verifier"));
  g_assert_true (has (text, "os.environ[\"WARIFU_CODE\"]"));
  g_assert_true (has (text, "os.environ[\"WARIFU_CLIENT_SECRET\"]"));
  g_assert_true (has (text, WF_REDIRECT_URI_BROWSER));
}

/* curl's command line is open to every user: no secret in it, neither of the text nor of a variable. */
static void
test_curl_hides_secrets (void)
{
  g_autofree char *text = make (WF_SNIPPET_CURL, WF_SNIPPET_AUTHORIZATION_CODE, WF_AUTH_METHOD_POST, NULL);
  g_autofree char *literal = make (WF_SNIPPET_CURL, WF_SNIPPET_REFRESH_TOKEN, WF_AUTH_METHOD_BASIC, &literals);

  g_assert_true (has (text, "--data-urlencode code@<(printf %s \"$WARIFU_CODE\")"));
  g_assert_true (has (text, "--data-urlencode client_secret@<(printf %s \"$WARIFU_CLIENT_SECRET\")"));
  g_assert_true (has (literal, "--data-urlencode refresh_token@<(printf %s 'canary-refresh')"));
  g_assert_true (has (literal, "--config <(printf"));
  g_assert_false (has (literal, "--user"));
}

/* A value that looks like a place in a template is not filled in. */
static void
test_values_are_not_templates (void)
{
  const WfSnippetValues values = { .client_secret = "canary", .refresh_token = "{{secret}}{{url}}%s" };
  g_autofree char *text = make (WF_SNIPPET_RUBY, WF_SNIPPET_REFRESH_TOKEN, WF_AUTH_METHOD_POST, &values);

  g_assert_true (has (text, "'{{secret}}{{url}}%s'"));
}

static void
test_account_redirect (void)
{
  g_autoptr (WfAccount) account = make_account (WF_AUTH_METHOD_NONE);
  g_autoptr (WfProviderMetadata) metadata = wf_provider_metadata_new_manual (account, NULL);
  g_autofree char *text = NULL;

  wf_account_set (&account->redirect_uri, "https://app.example.org/cb");
  text = wf_snippet_make (WF_SNIPPET_GO, WF_SNIPPET_AUTHORIZATION_CODE, account, metadata, NULL, NULL);
  g_assert_true (has (text, "\"https://app.example.org/cb\""));
}

static gboolean
fails (const WfAccount          *account,
       const WfProviderMetadata *metadata,
       const WfSnippetValues    *values,
       GError                  **error)
{
  return wf_snippet_make (WF_SNIPPET_CURL, WF_SNIPPET_AUTHORIZATION_CODE, account, metadata, values, error) != NULL;
}

static void
test_errors (void)
{
  g_autoptr (WfAccount) account = make_account (WF_AUTH_METHOD_NONE);
  g_autoptr (WfProviderMetadata) metadata = wf_provider_metadata_new_manual (account, NULL);
  const WfSnippetValues bad_secret = { .client_secret = "\xff" };
  const WfSnippetValues bad_code = { .code = "\xff" };
  const WfSnippetValues bad_verifier = { .code_verifier = "\xff" };
  const WfSnippetValues bad_token = { .refresh_token = "\xff" };
  const WfSnippetValues bad_redirect = { .redirect_uri = "nowhere" };

  wf_expect_error (fails (account, metadata, &bad_secret, &err), WF_ERROR_USAGE);
  wf_expect_error (fails (account, metadata, &bad_code, &err), WF_ERROR_USAGE);
  wf_expect_error (fails (account, metadata, &bad_verifier, &err), WF_ERROR_USAGE);
  wf_expect_error (fails (account, metadata, &bad_token, &err), WF_ERROR_USAGE);
  wf_expect_error (fails (account, metadata, &bad_redirect, &err), WF_ERROR_USAGE);
  g_free (metadata->token_endpoint);
  metadata->token_endpoint = g_strdup ("http://login.example.org/token");
  wf_expect_error (fails (account, metadata, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_account_set (&account->client_id, NULL);
  wf_expect_error (fails (account, metadata, NULL, &err), WF_ERROR_USAGE);
}

static void
test_names (void)
{
  static const char *const names[] = { "curl", "csharp", "go", "java", "node", "objc", "php", "python", "ruby", "swift" };
  WfSnippetLanguage language;

  g_assert_cmpuint (G_N_ELEMENTS (names), ==, WF_SNIPPET_N_LANGUAGES);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      wf_expect_ok (wf_snippet_language_from_string (names[i], &language, &err));
      g_assert_cmpuint (language, ==, i);
      g_assert_cmpstr (wf_snippet_language_to_string (language), ==, names[i]);
      g_assert_cmpstr (wf_snippet_language_get_title (language), !=, "");
      g_assert_nonnull (strchr (wf_snippet_language_get_file_name (language), '.'));
    }
  wf_expect_error (wf_snippet_language_from_string ("perl", &language, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_snippet_language_from_string ("", &language, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_snippet_language_from_string (NULL, &language, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_snippet_language_from_string ("Go", &language, &err), WF_ERROR_USAGE);
}

static void
test_grants (void)
{
  WfSnippetGrant grant = WF_SNIPPET_REFRESH_TOKEN;

  wf_expect_ok (wf_snippet_grant_from_string ("authorization_code", &grant, &err));
  g_assert_cmpint (grant, ==, WF_SNIPPET_AUTHORIZATION_CODE);
  wf_expect_ok (wf_snippet_grant_from_string ("refresh_token", &grant, &err));
  g_assert_cmpint (grant, ==, WF_SNIPPET_REFRESH_TOKEN);
  wf_expect_error (wf_snippet_grant_from_string ("password", &grant, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_snippet_grant_from_string (NULL, &grant, &err), WF_ERROR_USAGE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snippet/all", test_all);
  g_test_add_func ("/snippet/some-values", test_some_values);
  g_test_add_func ("/snippet/curl-hides-secrets", test_curl_hides_secrets);
  g_test_add_func ("/snippet/not-templates", test_values_are_not_templates);
  g_test_add_func ("/snippet/account-redirect", test_account_redirect);
  g_test_add_func ("/snippet/errors", test_errors);
  g_test_add_func ("/snippet/names", test_names);
  g_test_add_func ("/snippet/grants", test_grants);
  return g_test_run ();
}
