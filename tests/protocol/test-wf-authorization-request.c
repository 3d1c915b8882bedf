/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-authorization-request.h"

#include "wf-expect.h"
#include "wf-form.h"

#include <string.h>

#define ISSUER "https://login.example.org"
#define REDIRECT "http://127.0.0.1:40123/callback"

static WfAccount *
make_account (const char *scope)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->issuer, ISSUER);
  wf_account_set (&account->client_id, "id & more");
  wf_account_set (&account->scope, scope);
  return account;
}

static WfProviderMetadata *
make_metadata (const char *issuer,
               const char *authorization_endpoint)
{
  g_autofree char *json = g_strdup_printf (
    "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s\",\"token_endpoint\":\"%s/token\"}",
    issuer, authorization_endpoint, issuer);
  g_autoptr (GError) error = NULL;
  WfProviderMetadata *metadata = wf_provider_metadata_parse (issuer, FALSE, FALSE, json, strlen (json), &error);

  g_assert_no_error (error);
  return metadata;
}

static WfAuthorizationRequest *
make_request (const WfAccount *account)
{
  g_autoptr (WfProviderMetadata) metadata = make_metadata (ISSUER, ISSUER "/authorize");
  g_autoptr (GError) error = NULL;
  WfAuthorizationRequest *request = wf_authorization_request_new (account, metadata, REDIRECT, &error);

  g_assert_no_error (error);
  return request;
}

static WfForm *
get_query (const WfAuthorizationRequest *request)
{
  const char *query = strchr (wf_authorization_request_get_uri (request), '?');

  g_assert_nonnull (query);
  return wf_form_decode (query + 1, 100, NULL);
}

static void
set_params (WfAccount  *account,
            const char *param)
{
  const char *const params[] = { param, NULL };

  g_strfreev (account->params);
  account->params = g_strdupv ((char **) params);
}

static void
test_parameters (void)
{
  g_autoptr (WfAccount) account = make_account ("openid email");
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfForm) query = NULL;
  g_autofree char *challenge = NULL;

  request = make_request (account);
  query = get_query (request);
  challenge = wf_authorization_request_make_challenge (
    secret_value_get_text (wf_authorization_request_get_code_verifier (request)));

  g_assert_true (g_str_has_prefix (wf_authorization_request_get_uri (request), ISSUER "/authorize?response_type=code&"));
  g_assert_cmpstr (wf_form_lookup (query, "response_type"), ==, "code");
  g_assert_cmpstr (wf_form_lookup (query, "client_id"), ==, "id & more");
  g_assert_cmpstr (wf_form_lookup (query, "redirect_uri"), ==, REDIRECT);
  g_assert_cmpstr (wf_form_lookup (query, "scope"), ==, "openid email");
  g_assert_cmpstr (wf_form_lookup (query, "state"), ==, wf_authorization_request_get_state (request));
  g_assert_cmpstr (wf_form_lookup (query, "nonce"), ==, wf_authorization_request_get_nonce (request));
  g_assert_cmpstr (wf_form_lookup (query, "code_challenge"), ==, challenge);
  g_assert_cmpstr (wf_form_lookup (query, "code_challenge_method"), ==, "S256");
  g_assert_cmpuint (wf_form_count (query, "prompt"), ==, 0);
  g_assert_cmpuint (wf_form_count (query, "audience"), ==, 0);
  g_assert_cmpuint (wf_form_count (query, "resource"), ==, 0);
  g_assert_cmpuint (wf_form_get_length (query), ==, 8);
}

/* Neither verifier nor secret ever goes through the browser. */
static void
test_verifier_stays (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (WfAuthorizationRequest) request = make_request (account);

  g_assert_null (strstr (wf_authorization_request_get_uri (request),
                         secret_value_get_text (wf_authorization_request_get_code_verifier (request))));
}

static void
test_getters (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (WfAuthorizationRequest) request = NULL;

  set_params (account, "login_hint=alice@example.org");
  request = make_request (account);
  wf_account_set (&account->scope, "changed");
  g_assert_cmpstr (wf_authorization_request_get_redirect_uri (request), ==, REDIRECT);
  g_assert_cmpstr (wf_authorization_request_get_issuer (request), ==, ISSUER);
  g_assert_cmpstr (wf_authorization_request_get_scope (request), ==, "openid");
  g_assert_cmpint (wf_authorization_request_get_max_age (request), ==, -1);
  g_assert_null (wf_authorization_request_get_acr_values (request));
  g_assert_false (wf_authorization_request_expects_iss (request));
}

static void
assert_token (const char *text)
{
  g_assert_cmpuint (strlen (text), ==, 43);
  for (; *text; text++)
    g_assert_true (g_ascii_isalnum (*text) || *text == '-' || *text == '_');
}

/* Catalogue 1 */
static void
test_random (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (WfAuthorizationRequest) request = make_request (account);
      const char *verifier = secret_value_get_text (wf_authorization_request_get_code_verifier (request));

      assert_token (wf_authorization_request_get_state (request));
      assert_token (wf_authorization_request_get_nonce (request));
      assert_token (verifier);
      g_assert_true (g_hash_table_add (seen, g_strdup (wf_authorization_request_get_state (request))));
      g_assert_true (g_hash_table_add (seen, g_strdup (wf_authorization_request_get_nonce (request))));
      g_assert_true (g_hash_table_add (seen, g_strdup (verifier)));
    }
}

/* RFC 7636 appendix B */
static void
test_challenge (void)
{
  g_autofree char *challenge = wf_authorization_request_make_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void
test_no_openid (void)
{
  g_autoptr (WfAccount) account = make_account ("offline_access openid2");
  g_autoptr (WfAccount) bare = make_account (NULL);
  g_autoptr (WfAuthorizationRequest) request = make_request (account);
  g_autoptr (WfAuthorizationRequest) bare_request = make_request (bare);
  g_autoptr (WfForm) query = get_query (request);
  g_autoptr (WfForm) bare_query = get_query (bare_request);

  g_assert_null (wf_authorization_request_get_nonce (request));
  g_assert_cmpuint (wf_form_count (query, "nonce"), ==, 0);
  g_assert_cmpuint (wf_form_count (query, "prompt"), ==, 0);
  g_assert_null (wf_authorization_request_get_scope (bare_request));
  g_assert_cmpuint (wf_form_count (bare_query, "scope"), ==, 0);
}

static void
test_audience_and_resources (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  const char *const resources[] = { "https://a.example.org", "urn:example:b", NULL };
  g_autoptr (WfAuthorizationRequest) request = NULL;

  wf_account_set (&account->audience, "https://api.example.org/?a=b&c");
  account->resources = g_strdupv ((char **) resources);
  request = make_request (account);
  g_assert_nonnull (strstr (wf_authorization_request_get_uri (request),
                            "&audience=https%3A%2F%2Fapi.example.org%2F%3Fa%3Db%26c"
                            "&resource=https%3A%2F%2Fa.example.org&resource=urn%3Aexample%3Ab"));
}

static void
test_params (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  const char *const params[] = { "max_age=600", "acr_values=urn:a urn:b", "x=1&state=evil", NULL };
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfForm) query = NULL;

  account->params = g_strdupv ((char **) params);
  request = make_request (account);
  query = get_query (request);
  g_assert_cmpint (wf_authorization_request_get_max_age (request), ==, 600);
  g_assert_cmpstr (wf_authorization_request_get_acr_values (request), ==, "urn:a urn:b");
  g_assert_cmpstr (wf_form_lookup (query, "x"), ==, "1&state=evil");
  g_assert_cmpuint (wf_form_count (query, "state"), ==, 1);
}

static void
check_prompt (const char *issuer,
              const char *scope,
              const char *param,
              const char *expected)
{
  g_autoptr (WfAccount) account = make_account (scope);
  g_autofree char *endpoint = g_strconcat (issuer, "/authorize", NULL);
  g_autoptr (WfProviderMetadata) metadata = make_metadata (issuer, endpoint);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfForm) query = NULL;

  if (param)
    set_params (account, param);
  request = wf_authorization_request_new (account, metadata, REDIRECT, NULL);
  query = get_query (request);
  g_assert_cmpstr (wf_form_lookup (query, "prompt"), ==, expected);
  g_assert_cmpuint (wf_form_count (query, "prompt"), ==, expected ? 1 : 0);
}

/* Core §11 */
static void
test_prompt (void)
{
  check_prompt (ISSUER, "openid offline_access", NULL, "consent");
  check_prompt (ISSUER, "openid offline_access", "prompt=login", "login");
  check_prompt (ISSUER, "openid offline_access", "prompt=", "");
  check_prompt (ISSUER, "openid offline_access", "prompts=x", "consent");
  check_prompt (ISSUER, "openid", NULL, NULL);
  check_prompt (ISSUER, "offline_access", NULL, NULL);
  check_prompt ("https://tenant.eu.auth0.com", "openid offline_access", NULL, NULL);
  check_prompt ("https://Tenant.EU.Auth0.com", "openid offline_access", NULL, NULL);
  check_prompt ("https://auth0.com.example.org", "openid offline_access", NULL, "consent");
  check_prompt ("https://notauth0.com", "openid offline_access", NULL, "consent");
  check_prompt ("https://accounts.google.com", "openid offline_access", NULL, NULL);
}

static void
check_endpoint_query (const char *endpoint,
                      const char *expected)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (WfProviderMetadata) metadata = make_metadata (ISSUER, endpoint);
  g_autoptr (WfAuthorizationRequest) request = wf_authorization_request_new (account, metadata, REDIRECT, NULL);

  g_assert_true (g_str_has_prefix (wf_authorization_request_get_uri (request), expected));
}

/* RFC 6749 §3.1: the query of the endpoint is retained */
static void
test_endpoint_query (void)
{
  check_endpoint_query (ISSUER "/a?tenant=x%20y", ISSUER "/a?tenant=x%20y&response_type=code&");
  check_endpoint_query (ISSUER "/a?", ISSUER "/a?response_type=code&");
  check_endpoint_query (ISSUER "/a?p=1&", ISSUER "/a?p=1&response_type=code&");
}

static void
test_endpoint_query_clash (void)
{
  static const char *const endpoints[] = {
    ISSUER "/a?redirect_uri=https://evil.example.org", ISSUER "/a?x=y&response_type=token", ISSUER "/a?%73tate=1", ISSUER "/a?x=%zz",
  };
  g_autoptr (WfAccount) account = make_account ("openid");

  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autoptr (WfAccount) manual = make_account ("openid");
      g_autoptr (WfProviderMetadata) metadata = NULL;

      wf_account_set (&manual->authorization_endpoint, ISSUER "/a");
      wf_account_set (&manual->token_endpoint, ISSUER "/t");
      metadata = wf_provider_metadata_new_manual (manual, NULL);
      g_free (metadata->authorization_endpoint);
      metadata->authorization_endpoint = g_strdup (endpoints[i]);
      /* The last is no URI at all for the endpoint's own check. */
      if (i < 3)
        wf_expect_error (wf_authorization_request_new (account, metadata, REDIRECT, &err), WF_ERROR_USAGE);
      /* What the provider's document says is no fault of the command line. */
      metadata->discovered = TRUE;
      if (i < 3)
        wf_expect_error (wf_authorization_request_new (account, metadata, REDIRECT, &err), WF_ERROR_MALFORMED_RESPONSE);
      else
        g_assert_null (wf_authorization_request_new (account, metadata, REDIRECT, NULL));
    }
}

static void
test_usage (void)
{
  g_autoptr (WfProviderMetadata) metadata = make_metadata (ISSUER, ISSUER "/authorize");
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (WfAccount) no_client = make_account ("openid");
  g_autoptr (WfAccount) bad_scope = make_account ("open\"id");
  g_autoptr (WfAccount) bad_params = make_account ("openid");
  g_autoptr (WfAccount) bad_resource = make_account ("openid");
  const char *const resources[] = { "api", NULL };

  wf_account_set (&no_client->client_id, NULL);
  set_params (bad_params, "state=mine");
  bad_resource->resources = g_strdupv ((char **) resources);
  wf_expect_error (wf_authorization_request_new (no_client, metadata, REDIRECT, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (bad_scope, metadata, REDIRECT, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (bad_params, metadata, REDIRECT, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (bad_resource, metadata, REDIRECT, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (account, metadata, "http://example.org/cb", &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (account, metadata, "https://example.org/cb#x", &err), WF_ERROR_USAGE);
  wf_expect_error (wf_authorization_request_new (account, metadata, "", &err), WF_ERROR_USAGE);
}

static void
test_insecure (void)
{
  g_autoptr (WfProviderMetadata) metadata = make_metadata (ISSUER, ISSUER "/authorize");
  g_autoptr (WfAccount) account = make_account ("openid");

  g_free (metadata->authorization_endpoint);
  metadata->authorization_endpoint = g_strdup ("http://login.example.org/authorize");
  wf_expect_error (wf_authorization_request_new (account, metadata, REDIRECT, &err), WF_ERROR_INSECURE_ENDPOINT);
}

static void
test_boxed (void)
{
  g_autoptr (WfAccount) account = make_account ("openid");
  g_autoptr (WfAuthorizationRequest) request = make_request (account);
  WfAuthorizationRequest *copy = g_boxed_copy (WF_TYPE_AUTHORIZATION_REQUEST, request);

  g_assert_true (copy == request);
  g_boxed_free (WF_TYPE_AUTHORIZATION_REQUEST, copy);
  g_assert_nonnull (wf_authorization_request_get_uri (request));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authorization-request/parameters", test_parameters);
  g_test_add_func ("/authorization-request/verifier-stays", test_verifier_stays);
  g_test_add_func ("/authorization-request/getters", test_getters);
  g_test_add_func ("/authorization-request/random", test_random);
  g_test_add_func ("/authorization-request/challenge", test_challenge);
  g_test_add_func ("/authorization-request/no-openid", test_no_openid);
  g_test_add_func ("/authorization-request/audience-and-resources", test_audience_and_resources);
  g_test_add_func ("/authorization-request/params", test_params);
  g_test_add_func ("/authorization-request/prompt", test_prompt);
  g_test_add_func ("/authorization-request/endpoint-query", test_endpoint_query);
  g_test_add_func ("/authorization-request/endpoint-query/clash", test_endpoint_query_clash);
  g_test_add_func ("/authorization-request/usage", test_usage);
  g_test_add_func ("/authorization-request/insecure", test_insecure);
  g_test_add_func ("/authorization-request/boxed", test_boxed);
  return g_test_run ();
}
