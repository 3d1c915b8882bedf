/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-request.h"

#include "wf-expect.h"
#include "wf-form.h"

#include <string.h>

#define ISSUER "https://login.example.org"
#define REDIRECT "http://127.0.0.1:40123/callback"
#define SECRET "s3c&r=t+/%\"'\\$ ü"

typedef struct
{
  WfAccount              *account;
  WfProviderMetadata     *metadata;
  WfAuthorizationRequest *authorization;
  SecretValue            *secret;
  SecretValue            *token;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->account = wf_account_new ();
  wf_account_set (&fixture->account->name, "Work");
  wf_account_set (&fixture->account->issuer, ISSUER);
  wf_account_set (&fixture->account->client_id, "id:& more");
  wf_account_set (&fixture->account->authorization_endpoint, ISSUER "/authorize");
  wf_account_set (&fixture->account->token_endpoint, ISSUER "/token");
  wf_account_set (&fixture->account->revocation_endpoint, ISSUER "/revoke");
  fixture->metadata = wf_provider_metadata_new_manual (fixture->account, NULL);
  fixture->authorization = wf_authorization_request_new (fixture->account, fixture->metadata, REDIRECT, NULL);
  fixture->secret = wf_secret_new (SECRET, -1);
  fixture->token = wf_secret_new ("code+/=&", -1);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  wf_account_unref (fixture->account);
  wf_provider_metadata_unref (fixture->metadata);
  wf_authorization_request_unref (fixture->authorization);
  secret_value_unref (fixture->secret);
  secret_value_unref (fixture->token);
}

static WfTokenRequest *
make_code (Fixture     *fixture,
           SecretValue *secret,
           GError     **error)
{
  return wf_token_request_new_code (fixture->account, fixture->metadata, secret, fixture->authorization, fixture->token, error);
}

static WfTokenRequest *
make_refresh (Fixture    *fixture,
              const char *audience)
{
  return wf_token_request_new_refresh (fixture->account, fixture->metadata, fixture->secret, fixture->token, audience, NULL);
}

static WfForm *
get_form (WfTokenRequest *request)
{
  return wf_form_decode (secret_value_get_text (wf_token_request_get_body (request)), 50, NULL);
}

static void
set_resources (WfAccount *account)
{
  const char *const resources[] = { "https://a.example.org", "https://b.example.org", NULL };

  account->resources = g_strdupv ((char **) resources);
}

static void
test_code_public (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = make_code (fixture, NULL, NULL);
  g_autoptr (WfForm) form = get_form (request);

  g_assert_cmpstr (wf_token_request_get_endpoint (request), ==, ISSUER "/token");
  g_assert_null (wf_token_request_get_authorization (request));
  g_assert_cmpstr (wf_form_lookup (form, "grant_type"), ==, "authorization_code");
  g_assert_cmpstr (wf_form_lookup (form, "code"), ==, "code+/=&");
  g_assert_cmpstr (wf_form_lookup (form, "redirect_uri"), ==, REDIRECT);
  g_assert_cmpstr (wf_form_lookup (form, "code_verifier"), ==,
                   secret_value_get_text (wf_authorization_request_get_code_verifier (fixture->authorization)));
  g_assert_cmpstr (wf_form_lookup (form, "client_id"), ==, "id:& more");
  g_assert_cmpuint (wf_form_get_length (form), ==, 5);
}

/* A public client's secret, should one be lying around, is not sent. */
static void
test_code_public_with_secret (Fixture      *fixture,
                              gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = make_code (fixture, fixture->secret, NULL);
  g_autoptr (WfForm) form = get_form (request);

  g_assert_null (wf_token_request_get_authorization (request));
  g_assert_cmpuint (wf_form_count (form, "client_secret"), ==, 0);
}

static void
test_code_post (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = NULL;
  g_autoptr (WfForm) form = NULL;

  fixture->account->auth_method = WF_AUTH_METHOD_POST;
  request = make_code (fixture, fixture->secret, NULL);
  form = get_form (request);
  g_assert_null (wf_token_request_get_authorization (request));
  g_assert_cmpstr (wf_form_lookup (form, "client_id"), ==, "id:& more");
  g_assert_cmpstr (wf_form_lookup (form, "client_secret"), ==, SECRET);
}

/* RFC 6749 §2.3.1 */
static void
test_code_basic (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = NULL;
  g_autoptr (WfForm) form = NULL;
  g_autofree guchar *decoded = NULL;
  g_autofree char *pair = NULL;
  const char *value;
  gsize length;

  fixture->account->auth_method = WF_AUTH_METHOD_BASIC;
  request = make_code (fixture, fixture->secret, NULL);
  form = get_form (request);
  g_assert_cmpuint (wf_form_count (form, "client_secret"), ==, 0);
  g_assert_cmpuint (wf_form_count (form, "client_id"), ==, 0);

  value = secret_value_get_text (wf_token_request_get_authorization (request));
  g_assert_true (g_str_has_prefix (value, "Basic "));
  g_assert_null (strchr (value, '\n'));
  decoded = g_base64_decode (value + strlen ("Basic "), &length);
  pair = g_strndup ((const char *) decoded, length);
  g_assert_cmpstr (pair, ==, "id%3A%26+more:s3c%26r%3Dt%2B%2F%25%22%27%5C%24+%C3%BC");
}

static void
test_code_resources (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = NULL;

  set_resources (fixture->account);
  request = make_code (fixture, NULL, NULL);
  g_assert_nonnull (strstr (secret_value_get_text (wf_token_request_get_body (request)),
                            "resource=https%3A%2F%2Fa.example.org&resource=https%3A%2F%2Fb.example.org"));
}

static void
test_refresh (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = make_refresh (fixture, NULL);
  g_autoptr (WfForm) form = get_form (request);

  g_assert_cmpstr (wf_token_request_get_endpoint (request), ==, ISSUER "/token");
  g_assert_cmpstr (wf_form_lookup (form, "grant_type"), ==, "refresh_token");
  g_assert_cmpstr (wf_form_lookup (form, "refresh_token"), ==, "code+/=&");
  g_assert_cmpstr (wf_form_lookup (form, "client_id"), ==, "id:& more");
  g_assert_cmpuint (wf_form_get_length (form), ==, 3); /* and no scope */
}

static void
test_refresh_audience (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (WfTokenRequest) other = NULL;
  g_autoptr (WfTokenRequest) resource = NULL;
  g_autoptr (WfTokenRequest) own = NULL;
  g_autoptr (WfTokenRequest) empty = NULL;
  g_autoptr (WfForm) other_form = NULL;
  g_autoptr (WfForm) resource_form = NULL;
  g_autoptr (WfForm) own_form = NULL;

  set_resources (fixture->account);
  other = make_refresh (fixture, "https://other.example.org");
  other_form = get_form (other);
  g_assert_cmpstr (wf_form_lookup (other_form, "audience"), ==, "https://other.example.org");
  g_assert_cmpuint (wf_form_count (other_form, "resource"), ==, 0);
  resource = make_refresh (fixture, "https://b.example.org");
  resource_form = get_form (resource);
  g_assert_cmpstr (wf_form_lookup (resource_form, "resource"), ==, "https://b.example.org");
  g_assert_cmpuint (wf_form_count (resource_form, "audience"), ==, 0);
  own = make_refresh (fixture, NULL);
  own_form = get_form (own);
  g_assert_cmpuint (wf_form_count (own_form, "resource"), ==, 2);
  g_assert_cmpuint (wf_form_count (own_form, "audience"), ==, 0);
  empty = make_refresh (fixture, "");
  g_assert_true (wf_secret_equal (wf_token_request_get_body (own), wf_token_request_get_body (empty)));
}

static void
test_revocation (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = NULL;
  g_autoptr (WfForm) form = NULL;

  request = wf_token_request_new_revocation (fixture->account, fixture->metadata, NULL, fixture->token, "refresh_token", NULL);
  form = get_form (request);
  g_assert_cmpstr (wf_token_request_get_endpoint (request), ==, ISSUER "/revoke");
  g_assert_cmpstr (wf_form_lookup (form, "token"), ==, "code+/=&");
  g_assert_cmpstr (wf_form_lookup (form, "token_type_hint"), ==, "refresh_token");
  g_assert_cmpstr (wf_form_lookup (form, "client_id"), ==, "id:& more");
  g_assert_cmpuint (wf_form_get_length (form), ==, 3);
}

static void
test_revocation_unsupported (Fixture      *fixture,
                             gconstpointer data)
{
  g_clear_pointer (&fixture->metadata->revocation_endpoint, g_free);
  wf_expect_error (wf_token_request_new_revocation (fixture->account, fixture->metadata, NULL, fixture->token, NULL, &err),
                   WF_ERROR_UNSUPPORTED);
}

static void
test_secret_missing (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (WfSecretValue) empty = wf_secret_new ("", -1);

  for (WfAuthMethod method = WF_AUTH_METHOD_BASIC; method <= WF_AUTH_METHOD_POST; method++)
    {
      fixture->account->auth_method = method;
      wf_expect_error (make_code (fixture, NULL, &err), WF_ERROR_USAGE);
      wf_expect_error (make_code (fixture, empty, &err), WF_ERROR_USAGE);
      wf_expect_error (wf_token_request_new_refresh (fixture->account, fixture->metadata, NULL, fixture->token, NULL, &err), WF_ERROR_USAGE);
      wf_expect_error (wf_token_request_new_revocation (fixture->account, fixture->metadata, NULL, fixture->token, NULL, &err), WF_ERROR_USAGE);
    }
}

static void
test_client_missing (Fixture      *fixture,
                     gconstpointer data)
{
  wf_account_set (&fixture->account->client_id, NULL);
  wf_expect_error (make_code (fixture, NULL, &err), WF_ERROR_USAGE);
}

static void
test_insecure (Fixture      *fixture,
               gconstpointer data)
{
  g_free (fixture->metadata->token_endpoint);
  fixture->metadata->token_endpoint = g_strdup ("http://login.example.org/token");
  g_free (fixture->metadata->revocation_endpoint);
  fixture->metadata->revocation_endpoint = g_strdup ("file:///revoke");
  wf_expect_error (make_code (fixture, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_token_request_new_refresh (fixture->account, fixture->metadata, NULL, fixture->token, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_token_request_new_revocation (fixture->account, fixture->metadata, NULL, fixture->token, NULL, &err), WF_ERROR_INSECURE_ENDPOINT);
}

static void
test_boxed (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (WfTokenRequest) request = make_refresh (fixture, NULL);
  WfTokenRequest *copy = g_boxed_copy (WF_TYPE_TOKEN_REQUEST, request);

  g_assert_true (copy == request);
  g_boxed_free (WF_TYPE_TOKEN_REQUEST, copy);
  g_assert_nonnull (wf_token_request_get_body (request));
}

#define ADD(path, function) g_test_add ("/token-request/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("code/public", test_code_public);
  ADD ("code/public/with-secret", test_code_public_with_secret);
  ADD ("code/post", test_code_post);
  ADD ("code/basic", test_code_basic);
  ADD ("code/resources", test_code_resources);
  ADD ("refresh", test_refresh);
  ADD ("refresh/audience", test_refresh_audience);
  ADD ("revocation", test_revocation);
  ADD ("revocation/unsupported", test_revocation_unsupported);
  ADD ("secret-missing", test_secret_missing);
  ADD ("client-missing", test_client_missing);
  ADD ("insecure", test_insecure);
  ADD ("boxed", test_boxed);
  return g_test_run ();
}
