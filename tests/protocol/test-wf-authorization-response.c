/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-authorization-request.h"

#include "wf-expect.h"
#include "wf-uri.h"

#include <string.h>

#define ISSUER "https://login.example.org"
#define REDIRECT "http://127.0.0.1:40123/callback"

static WfAuthorizationRequest *
make_request (const char *redirect_uri,
              gboolean    expects_iss)
{
  static const char format[] =
    "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/a\",\"token_endpoint\":\"" ISSUER "/t\","
    "\"authorization_response_iss_parameter_supported\":%s}";
  g_autofree char *json = g_strdup_printf (format, expects_iss ? "true" : "false");
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfProviderMetadata) metadata = wf_provider_metadata_parse (ISSUER, FALSE, FALSE, json, strlen (json), NULL);
  g_autoptr (GError) error = NULL;
  WfAuthorizationRequest *request;

  wf_account_set (&account->issuer, ISSUER);
  wf_account_set (&account->client_id, "warifu");
  request = wf_authorization_request_new (account, metadata, redirect_uri, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wf_authorization_request_expects_iss (request), ==, expects_iss);
  return request;
}

/* Each STATE in @format is replaced by the state of @request. */
static SecretValue *
answer (const WfAuthorizationRequest *request,
        const char                   *format,
        GError                      **error)
{
  g_auto (GStrv) parts = g_strsplit (format, "STATE", -1);
  g_autofree char *uri = g_strjoinv (wf_authorization_request_get_state (request), parts);

  return wf_authorization_response_parse (request, uri, error);
}

static void
assert_code (const WfAuthorizationRequest *request,
             const char                   *uri,
             const char                   *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) code = answer (request, uri, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret_value_get_text (code), ==, expected);
}

static void
test_code (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  assert_code (request, REDIRECT "?code=abc&state=STATE", "abc");
  assert_code (request, REDIRECT "?state=STATE&code=abc", "abc");
  assert_code (request, REDIRECT "?code=a%2Bb%2F%3D+c&state=STATE&session_state=x&scope=openid%20email", "a+b/= c");
  assert_code (request, REDIRECT "?code=abc&state=STATE&iss=https%3A%2F%2Flogin.example.org", "abc");
  assert_code (request, REDIRECT "?code=abc&state=STATE&error_description=lost", "abc");
}

static void
test_custom_scheme (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (WF_REDIRECT_URI_WINDOW, FALSE);

  assert_code (request, "io.github.warifu:/callback?code=abc&state=STATE", "abc");
  wf_expect_error (answer (request, "io.github.evil:/callback?code=abc&state=STATE", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (answer (request, "io.github.warifu:/other?code=abc&state=STATE", &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_own_query (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request ("https://app.example.org/cb?x=1", FALSE);

  assert_code (request, "https://app.example.org/cb?x=1&code=abc&state=STATE", "abc");
}

/* Catalogue 10 */
static void
test_other_place (void)
{
  static const char *const uris[] = {
    "http://127.0.0.1:40124/callback?code=a&state=STATE", "http://127.0.0.1/callback?code=a&state=STATE",
    "https://127.0.0.1:40123/callback?code=a&state=STATE", "http://127.0.0.1.evil.example:40123/callback?code=a&state=STATE",
    "http://127.0.0.1:40123@evil.example/callback?code=a&state=STATE", "http://u@127.0.0.1:40123/callback?code=a&state=STATE",
    "http://127.0.0.1:40123/callbackx?code=a&state=STATE", "http://127.0.0.1:40123/x/../callback?code=a&state=STATE",
    "http://127.0.0.1:40123/%63allback?code=a&state=STATE", "http://127.0.0.1:40123\\callback?code=a&state=STATE",
    "http://localhost:40123/callback?code=a&state=STATE", "http://127.0.0.1.:40123/callback?code=a&state=STATE",
    "?code=a&state=STATE", "",
  };
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (answer (request, uris[i], &err), WF_ERROR_MALFORMED_RESPONSE);
}

/* Catalogue 5 */
static void
test_state (void)
{
  static const char *const uris[] = {
    REDIRECT "?code=a", REDIRECT "?code=a&state=", REDIRECT "?code=a&state=x", REDIRECT "?code=a&state=STATEx",
    REDIRECT "?code=a&State=STATE", REDIRECT "?code=a&state=STATE&state=STATE", REDIRECT "?code=a&state=x&state=STATE",
    REDIRECT "?code=a&state=STATE&st%61te=x", REDIRECT "?error=access_denied", REDIRECT "?error=access_denied&state=x",
    REDIRECT, REDIRECT "?", REDIRECT "#code=a&state=STATE", REDIRECT "?#?code=a&state=STATE",
  };
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (answer (request, uris[i], &err), WF_ERROR_STATE_MISMATCH);
}

static void
test_state_of_another (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);
  g_autoptr (WfAuthorizationRequest) earlier = make_request (REDIRECT, FALSE);
  g_autofree char *uri = g_strconcat (REDIRECT "?code=a&state=", wf_authorization_request_get_state (earlier), NULL);

  wf_expect_error (wf_authorization_response_parse (request, uri, &err), WF_ERROR_STATE_MISMATCH);
  assert_code (earlier, uri, "a");
}

/* Catalogue 6, RFC 6749 §3.1 */
static void
test_twice (void)
{
  static const char *const uris[] = {
    REDIRECT "?code=a&code=a&state=STATE", REDIRECT "?code=a&state=STATE&code=b",
    REDIRECT "?code=a&state=STATE&iss=" ISSUER "&iss=" ISSUER, REDIRECT "?error=a&error=b&state=STATE",
    REDIRECT "?error=a&state=STATE&error_description=x&error_description=y",
  };
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (answer (request, uris[i], &err), WF_ERROR_MALFORMED_RESPONSE);
}

/* Catalogue 8 and 9, RFC 9207 §2.4 */
static void
test_issuer (void)
{
  static const char *const wrong[] = {
    REDIRECT "?code=a&state=STATE&iss=https://evil.example.org", REDIRECT "?code=a&state=STATE&iss=" ISSUER "/",
    REDIRECT "?code=a&state=STATE&iss=", REDIRECT "?error=access_denied&state=STATE&iss=https://evil.example.org",
  };
  g_autoptr (WfAuthorizationRequest) silent = make_request (REDIRECT, FALSE);
  g_autoptr (WfAuthorizationRequest) promised = make_request (REDIRECT, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      wf_expect_error (answer (silent, wrong[i], &err), WF_ERROR_ISSUER_MISMATCH);
      wf_expect_error (answer (promised, wrong[i], &err), WF_ERROR_ISSUER_MISMATCH);
    }
  wf_expect_error (answer (promised, REDIRECT "?code=a&state=STATE", &err), WF_ERROR_ISSUER_MISMATCH);
  wf_expect_error (answer (promised, REDIRECT "?error=access_denied&state=STATE", &err), WF_ERROR_ISSUER_MISMATCH);
  assert_code (promised, REDIRECT "?code=a&state=STATE&iss=https%3A%2F%2Flogin.example.org", "a");
  assert_code (silent, REDIRECT "?code=a&state=STATE", "a");
}

/* Catalogue 7 */
static void
test_error (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_null (answer (request, REDIRECT "?code=a&error=access_denied&error_description=Alice+said%20no%0D%0A&state=STATE", &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_OAUTH);
  g_assert_true (wf_error_is_oauth (error, "access_denied"));
  g_assert_nonnull (strstr (error->message, "Alice said no"));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (wf_error_get_http_status (error), ==, 0);
}

static void
test_error_unreadable (void)
{
  static const char *const uris[] = {
    REDIRECT "?error=&state=STATE", REDIRECT "?error&state=STATE", REDIRECT "?error=a%22b&state=STATE",
    REDIRECT "?error=a%0d%0ab&state=STATE", REDIRECT "?code=a&error=%C3%A9&state=STATE",
  };
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (answer (request, uris[i], &err), WF_ERROR_MALFORMED_RESPONSE);
}

/* Catalogue 12 and 13 */
static void
test_no_code (void)
{
  static const char *const uris[] = {
    REDIRECT "?state=STATE", REDIRECT "?state=STATE&code=", REDIRECT "?state=STATE&code", REDIRECT "?state=STATE#code=a",
    REDIRECT "?state=STATE&access_token=x", REDIRECT "?state=STATE#access_token=x&id_token=y",
    REDIRECT "?state=STATE&code=%00", REDIRECT "?state=STATE&code=a%00b", REDIRECT "?state=STATE&code=a%0D%0Ab",
    REDIRECT "?state=STATE&code=%ff", REDIRECT "?state=STATE&code=%C3%A9", REDIRECT "?state=STATE&code=%zz",
    REDIRECT "?state=STATE&code=%7F", REDIRECT "?state=STATE&code=a%2",
  };
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    wf_expect_error (answer (request, uris[i], &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_fragment_is_ignored (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);

  assert_code (request, REDIRECT "?code=a&state=STATE#_=_", "a");
  assert_code (request, REDIRECT "?code=a&state=STATE#&code=b&error=c", "a");
}

static void
test_long_code (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);
  g_autofree char *code = g_strnfill (60000, 'c');
  g_autofree char *uri = g_strconcat (REDIRECT "?state=STATE&code=", code, NULL);
  g_autofree char *huge = g_strnfill (WF_REDIRECT_MAX_BYTES, 'c');
  g_autofree char *huge_uri = g_strconcat (REDIRECT "?state=STATE&code=", huge, NULL);

  assert_code (request, uri, code);
  wf_expect_error (answer (request, huge_uri, &err), WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_many_fields (void)
{
  g_autoptr (WfAuthorizationRequest) request = make_request (REDIRECT, FALSE);
  g_autoptr (GString) uri = g_string_new (REDIRECT "?code=a&state=STATE");

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (uri, "&x%u=y", i);
  wf_expect_error (answer (request, uri->str, &err), WF_ERROR_MALFORMED_RESPONSE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authorization-response/code", test_code);
  g_test_add_func ("/authorization-response/custom-scheme", test_custom_scheme);
  g_test_add_func ("/authorization-response/own-query", test_own_query);
  g_test_add_func ("/authorization-response/other-place", test_other_place);
  g_test_add_func ("/authorization-response/state", test_state);
  g_test_add_func ("/authorization-response/state/another", test_state_of_another);
  g_test_add_func ("/authorization-response/twice", test_twice);
  g_test_add_func ("/authorization-response/issuer", test_issuer);
  g_test_add_func ("/authorization-response/error", test_error);
  g_test_add_func ("/authorization-response/error/unreadable", test_error_unreadable);
  g_test_add_func ("/authorization-response/no-code", test_no_code);
  g_test_add_func ("/authorization-response/fragment", test_fragment_is_ignored);
  g_test_add_func ("/authorization-response/long-code", test_long_code);
  g_test_add_func ("/authorization-response/many-fields", test_many_fields);
  return g_test_run ();
}
