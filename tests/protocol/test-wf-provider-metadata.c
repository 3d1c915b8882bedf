/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider-metadata.h"

#include "wf-expect.h"

#include <string.h>

#define ISSUER "https://login.example.org"
#define HEAD "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/authorize\",\"token_endpoint\":\"" ISSUER "/token\""

static WfProviderMetadata *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  WfProviderMetadata *metadata = wf_provider_metadata_parse (ISSUER, FALSE, FALSE, json, strlen (json), &error);

  g_assert_no_error (error);
  return metadata;
}

static void
assert_refused (const char *json,
                WfError     code)
{
  wf_expect_error (wf_provider_metadata_parse (ISSUER, FALSE, FALSE, json, strlen (json), &err), code);
}

static void
test_minimal (void)
{
  g_autoptr (WfProviderMetadata) metadata = parse (HEAD "}");

  g_assert_cmpstr (metadata->issuer, ==, ISSUER);
  g_assert_cmpstr (metadata->authorization_endpoint, ==, ISSUER "/authorize");
  g_assert_cmpstr (metadata->token_endpoint, ==, ISSUER "/token");
  g_assert_null (metadata->jwks_uri);
  g_assert_null (metadata->userinfo_endpoint);
  g_assert_null (metadata->scopes_supported);
  g_assert_false (metadata->iss_parameter_supported);
  g_assert_true (metadata->discovered);
  g_assert_nonnull (metadata->document);
  g_assert_cmpuint (wf_provider_metadata_count_endpoints (metadata), ==, 2);
}

static void
test_full (void)
{
  g_autoptr (WfProviderMetadata) metadata =
    parse (HEAD ",\"jwks_uri\":\"" ISSUER "/jwks\",\"userinfo_endpoint\":\"https://api.example.org/me\","
                "\"revocation_endpoint\":\"" ISSUER "/revoke\",\"end_session_endpoint\":\"" ISSUER "/logout\","
                "\"scopes_supported\":[\"openid\",\"email\"],\"grant_types_supported\":[\"authorization_code\"],"
                "\"code_challenge_methods_supported\":[\"plain\",\"S256\"],"
                "\"token_endpoint_auth_methods_supported\":[\"none\",\"client_secret_post\"],"
                "\"id_token_signing_alg_values_supported\":[\"ES256\"],"
                "\"authorization_response_iss_parameter_supported\":true,\"x\":{\"y\":null}}");

  g_assert_cmpstr (metadata->jwks_uri, ==, ISSUER "/jwks");
  g_assert_cmpstr (metadata->userinfo_endpoint, ==, "https://api.example.org/me");
  g_assert_cmpstr (metadata->revocation_endpoint, ==, ISSUER "/revoke");
  g_assert_cmpstr (metadata->end_session_endpoint, ==, ISSUER "/logout");
  g_assert_cmpstr (metadata->scopes_supported[1], ==, "email");
  g_assert_cmpstr (metadata->id_token_signing_alg_values_supported[0], ==, "ES256");
  g_assert_true (metadata->iss_parameter_supported);
  g_assert_cmpuint (wf_provider_metadata_count_endpoints (metadata), ==, 6);
}

static void
test_supports (void)
{
  g_autoptr (WfProviderMetadata) silent = parse (HEAD "}");
  g_autoptr (WfProviderMetadata) told =
    parse (HEAD ",\"scopes_supported\":[\"openid\"],\"grant_types_supported\":[\"authorization_code\"],"
                "\"token_endpoint_auth_methods_supported\":[\"none\"]}");

  g_assert_true (wf_provider_metadata_supports_scope (silent, "offline_access"));
  g_assert_true (wf_provider_metadata_supports_grant (silent, "refresh_token"));
  g_assert_true (wf_provider_metadata_supports_auth_method (silent, WF_AUTH_METHOD_BASIC));
  g_assert_false (wf_provider_metadata_supports_auth_method (silent, WF_AUTH_METHOD_POST));
  g_assert_true (wf_provider_metadata_supports_scope (told, "openid"));
  g_assert_false (wf_provider_metadata_supports_scope (told, "offline_access"));
  g_assert_true (wf_provider_metadata_supports_grant (told, "authorization_code"));
  g_assert_false (wf_provider_metadata_supports_grant (told, "refresh_token"));
  g_assert_true (wf_provider_metadata_supports_auth_method (told, WF_AUTH_METHOD_NONE));
  g_assert_false (wf_provider_metadata_supports_auth_method (told, WF_AUTH_METHOD_BASIC));
}

/* Discovery §4.3, RFC 8414 §3.3 */
static void
test_issuer_mismatch (void)
{
  static const char *const issuers[] = {
    "https://evil.example.org", ISSUER "/", ISSUER "/x", "https://LOGIN.example.org", "http://login.example.org",
    "https://login.example.org:443", "", " " ISSUER, ISSUER ".",
  };

  for (guint i = 0; i < G_N_ELEMENTS (issuers); i++)
    {
      g_autofree char *json = g_strdup_printf (
        "{\"issuer\":\"%s\",\"authorization_endpoint\":\"" ISSUER "/a\",\"token_endpoint\":\"" ISSUER "/t\"}", issuers[i]);

      assert_refused (json, WF_ERROR_DISCOVERY_MISMATCH);
    }
}

/* The issuer is judged before anything else of another's document. */
static void
test_issuer_comes_first (void)
{
  assert_refused ("{\"issuer\":\"https://evil.example.org\",\"token_endpoint\":7}", WF_ERROR_DISCOVERY_MISMATCH);
}

static void
check_slash (const char *asked,
             gboolean    any_slash,
             const char *named,
             gboolean    accepted)
{
  g_autofree char *json = g_strdup_printf (
    "{\"issuer\":\"%s\",\"authorization_endpoint\":\"" ISSUER "/a\",\"token_endpoint\":\"" ISSUER "/t\"}", named);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfProviderMetadata) metadata =
    wf_provider_metadata_parse (asked, any_slash, FALSE, json, strlen (json), &error);

  if (accepted)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (metadata->issuer, ==, named);
    }
  else
    {
      g_assert_error (error, WF_ERROR, WF_ERROR_DISCOVERY_MISMATCH);
    }
}

static void
test_any_slash (void)
{
  check_slash (ISSUER, TRUE, ISSUER "/", TRUE);
  check_slash (ISSUER "/", TRUE, ISSUER, TRUE);
  check_slash (ISSUER, TRUE, ISSUER, TRUE);
  check_slash (ISSUER "/", FALSE, ISSUER, FALSE);
  check_slash (ISSUER, TRUE, ISSUER "//", FALSE);
  check_slash (ISSUER "/tenant", TRUE, ISSUER "/tenant/", FALSE);
  check_slash (ISSUER, TRUE, ISSUER "x", FALSE);
  check_slash (ISSUER, TRUE, "https://evil.example.org/", FALSE);
}

static void
test_missing (void)
{
  assert_refused ("{}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("{\"issuer\":\"" ISSUER "\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"" ISSUER "/t\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/a\"}", WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_malformed (void)
{
  assert_refused ("", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("<html>", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("[]", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD "} x", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD ",\"issuer\":\"" ISSUER "\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("{\"issuer\":7}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused ("{\"issuer\":null}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD ",\"jwks_uri\":null}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD ",\"scopes_supported\":\"openid\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD ",\"scopes_supported\":[1]}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (HEAD ",\"authorization_response_iss_parameter_supported\":\"true\"}", WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_too_large (void)
{
  g_autoptr (GString) json = g_string_new (HEAD ",\"x\":\"");

  while (json->len < 1024 * 1024)
    g_string_append_c (json, 'x');
  g_string_append (json, "\"}");
  assert_refused (json->str, WF_ERROR_RESPONSE_TOO_LARGE);
}

static void
test_insecure (void)
{
  static const char *const members[] = {
    "jwks_uri", "userinfo_endpoint", "revocation_endpoint", "end_session_endpoint",
  };
  static const char *const uris[] = {
    "http://login.example.org/x", "file:///etc/passwd", "ftp://login.example.org/", "javascript:alert(1)", "/x", "",
    ISSUER "/x#y", "https://a:b@login.example.org/x", "https:///x", "data:text/plain,x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    for (guint j = 0; j < G_N_ELEMENTS (uris); j++)
      {
        g_autofree char *json = g_strdup_printf (HEAD ",\"%s\":\"%s\"}", members[i], uris[j]);

        assert_refused (json, WF_ERROR_INSECURE_ENDPOINT);
      }
  for (guint j = 0; j < G_N_ELEMENTS (uris); j++)
    {
      g_autofree char *json = g_strdup_printf (
        "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/a\",\"token_endpoint\":\"%s\"}", uris[j]);

      assert_refused (json, WF_ERROR_INSECURE_ENDPOINT);
    }
}

/* A provider elsewhere must not point at this machine in clear; one on this machine may. */
static void
test_loopback (void)
{
  static const char local[] =
    "{\"issuer\":\"http://127.0.0.1:8080\",\"authorization_endpoint\":\"http://127.0.0.1:8080/a\",\"token_endpoint\":\"http://localhost:8080/t\"}";
  g_autoptr (WfProviderMetadata) metadata = NULL;

  assert_refused (HEAD ",\"userinfo_endpoint\":\"http://127.0.0.1:8080/me\"}", WF_ERROR_INSECURE_ENDPOINT);
  assert_refused (HEAD ",\"userinfo_endpoint\":\"HTTP://localhost/me\"}", WF_ERROR_INSECURE_ENDPOINT);
  metadata = wf_provider_metadata_parse ("http://127.0.0.1:8080", FALSE, FALSE, local, strlen (local), NULL);
  g_assert_cmpstr (metadata->token_endpoint, ==, "http://localhost:8080/t");
}

/* RFC 7636 §7.2 */
static void
test_pkce (void)
{
  g_autoptr (WfProviderMetadata) s256 = parse (HEAD ",\"code_challenge_methods_supported\":[\"S256\"]}");

  g_assert_cmpstr (s256->code_challenge_methods_supported[0], ==, "S256");
  assert_refused (HEAD ",\"code_challenge_methods_supported\":[\"plain\"]}", WF_ERROR_PKCE_UNSUPPORTED);
  assert_refused (HEAD ",\"code_challenge_methods_supported\":[]}", WF_ERROR_PKCE_UNSUPPORTED);
  assert_refused (HEAD ",\"code_challenge_methods_supported\":[\"s256\"]}", WF_ERROR_PKCE_UNSUPPORTED);
}

#define ALIASES \
  ",\"userinfo_endpoint\":\"" ISSUER "/me\",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"https://mtls.example.org/token\"," \
  "\"authorization_endpoint\":\"https://mtls.example.org/authorize\"}}"

static WfProviderMetadata *
parse_mtls (const char *json,
            GError    **error)
{
  return wf_provider_metadata_parse (ISSUER, FALSE, TRUE, json, strlen (json), error);
}

/* RFC 8705 §5 */
static void
test_mtls_aliases (void)
{
  g_autoptr (WfProviderMetadata) with = parse_mtls (HEAD ALIASES, NULL);
  g_autoptr (WfProviderMetadata) none = parse_mtls (HEAD "}", NULL);
  g_autoptr (WfProviderMetadata) without = parse (HEAD ALIASES);

  g_assert_cmpstr (with->token_endpoint, ==, "https://mtls.example.org/token");
  g_assert_cmpstr (with->userinfo_endpoint, ==, ISSUER "/me");
  g_assert_cmpstr (with->authorization_endpoint, ==, ISSUER "/authorize");
  g_assert_cmpstr (none->token_endpoint, ==, ISSUER "/token");
  g_assert_cmpstr (without->token_endpoint, ==, ISSUER "/token");
}

static void
test_mtls_aliases_bad (void)
{
  wf_expect_error (parse_mtls (HEAD ",\"mtls_endpoint_aliases\":[]}", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_mtls (HEAD ",\"mtls_endpoint_aliases\":{\"token_endpoint\":1}}", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (parse_mtls (HEAD ",\"mtls_endpoint_aliases\":{\"token_endpoint\":\"http://mtls.example.org\"}}", &err), WF_ERROR_INSECURE_ENDPOINT);
}

static WfAccount *
make_manual (void)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->issuer, ISSUER);
  wf_account_set (&account->authorization_endpoint, ISSUER "/authorize");
  wf_account_set (&account->token_endpoint, ISSUER "/token");
  return account;
}

static void
test_manual (void)
{
  g_autoptr (WfAccount) account = make_manual ();
  g_autoptr (WfProviderMetadata) metadata = NULL;

  wf_account_set (&account->jwks_uri, ISSUER "/jwks");
  metadata = wf_provider_metadata_new_manual (account, NULL);
  g_assert_nonnull (metadata);
  wf_account_set (&account->token_endpoint, "changed");
  g_assert_cmpstr (metadata->issuer, ==, ISSUER);
  g_assert_cmpstr (metadata->token_endpoint, ==, ISSUER "/token");
  g_assert_cmpstr (metadata->jwks_uri, ==, ISSUER "/jwks");
  g_assert_null (metadata->userinfo_endpoint);
  g_assert_false (metadata->discovered);
  g_assert_null (metadata->document);
  g_assert_false (metadata->iss_parameter_supported);
  g_assert_cmpuint (wf_provider_metadata_count_endpoints (metadata), ==, 3);
  g_assert_true (wf_provider_metadata_supports_auth_method (metadata, WF_AUTH_METHOD_POST));
  g_assert_true (wf_provider_metadata_supports_scope (metadata, "x"));
}

static void
test_manual_bad (void)
{
  g_autoptr (WfAccount) none = wf_account_new ();
  g_autoptr (WfAccount) half = make_manual ();
  g_autoptr (WfAccount) insecure = make_manual ();
  g_autoptr (WfAccount) no_issuer = make_manual ();

  wf_account_set (&none->issuer, ISSUER);
  wf_account_set (&half->token_endpoint, NULL);
  wf_account_set (&insecure->token_endpoint, "http://login.example.org/token");
  wf_account_set (&no_issuer->issuer, NULL);
  wf_expect_error (wf_provider_metadata_new_manual (none, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_provider_metadata_new_manual (half, &err), WF_ERROR_USAGE);
  wf_expect_error (wf_provider_metadata_new_manual (insecure, &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_provider_metadata_new_manual (no_issuer, &err), WF_ERROR_USAGE);
}

static void
test_boxed (void)
{
  g_autoptr (WfProviderMetadata) metadata = parse (HEAD "}");
  WfProviderMetadata *copy = g_boxed_copy (WF_TYPE_PROVIDER_METADATA, metadata);

  g_assert_true (copy == metadata);
  g_boxed_free (WF_TYPE_PROVIDER_METADATA, copy);
  g_assert_cmpstr (metadata->issuer, ==, ISSUER);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider-metadata/minimal", test_minimal);
  g_test_add_func ("/provider-metadata/full", test_full);
  g_test_add_func ("/provider-metadata/supports", test_supports);
  g_test_add_func ("/provider-metadata/issuer/mismatch", test_issuer_mismatch);
  g_test_add_func ("/provider-metadata/issuer/first", test_issuer_comes_first);
  g_test_add_func ("/provider-metadata/issuer/any-slash", test_any_slash);
  g_test_add_func ("/provider-metadata/missing", test_missing);
  g_test_add_func ("/provider-metadata/malformed", test_malformed);
  g_test_add_func ("/provider-metadata/too-large", test_too_large);
  g_test_add_func ("/provider-metadata/insecure", test_insecure);
  g_test_add_func ("/provider-metadata/loopback", test_loopback);
  g_test_add_func ("/provider-metadata/pkce", test_pkce);
  g_test_add_func ("/provider-metadata/mtls", test_mtls_aliases);
  g_test_add_func ("/provider-metadata/mtls/bad", test_mtls_aliases_bad);
  g_test_add_func ("/provider-metadata/manual", test_manual);
  g_test_add_func ("/provider-metadata/manual/bad", test_manual_bad);
  g_test_add_func ("/provider-metadata/boxed", test_boxed);
  return g_test_run ();
}
