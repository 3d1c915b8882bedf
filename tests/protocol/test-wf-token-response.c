/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-response.h"

#include "wf-expect.h"

#include <string.h>

#define JSON "application/json"
#define TEN_YEARS (G_GINT64_CONSTANT (3652) * 86400)

static WfTokenResponse *
parse_with (guint       status,
            const char *type,
            const char *body,
            GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));

  return wf_token_response_parse (status, type, -1, bytes, error);
}

static WfTokenResponse *
parse (const char *body)
{
  g_autoptr (GError) error = NULL;
  WfTokenResponse *response = parse_with (200, JSON, body, &error);

  g_assert_no_error (error);
  return response;
}

static void
assert_refused (guint       status,
                const char *type,
                const char *body,
                WfError     code)
{
  g_autoptr (GError) error = NULL;

  if (parse_with (status, type, body, &error))
    g_error ("accepted: %u %s", status, body);
  if (!g_error_matches (error, WF_ERROR, (int) code))
    g_error ("%u %s: %s instead of code %d", status, body, error->message, code);
  g_assert_cmpstr (error->message, !=, "");
  g_assert_null (strstr (error->message, "canary"));
}

static void
assert_malformed (const char *body)
{
  assert_refused (200, JSON, body, WF_ERROR_MALFORMED_RESPONSE);
}

static void
assert_oauth (guint       status,
              const char *type,
              const char *body,
              const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_with (status, type, body, &error));
  g_assert_true (wf_error_is_oauth (error, name));
  g_assert_cmpuint (wf_error_get_http_status (error), ==, status);
}

/* The ordinary answer of the provider's documentation: nothing but these. */
static void
test_minimal (void)
{
  g_autoptr (WfTokenResponse) response = parse ("{\"access_token\":\"eyJz93a...k4laUWw\",\"token_type\":\"Bearer\"}");

  g_assert_cmpstr (secret_value_get_text (response->access_token), ==, "eyJz93a...k4laUWw");
  g_assert_cmpint (response->expires_in, ==, -1);
  g_assert_cmpint (response->refresh_expires_in, ==, -1);
  g_assert_null (response->refresh_token);
  g_assert_null (response->scope);
  g_assert_null (response->id_token);
}

static void
test_full (void)
{
  g_autoptr (WfTokenResponse) response =
    parse ("{\"access_token\":\"at\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"rt~!\","
           "\"scope\":\"openid email\",\"id_token\":\"a.b.c\",\"refresh_expires_in\":7200,\"x\":{\"access_token\":\"other\"}}");

  g_assert_cmpstr (secret_value_get_text (response->access_token), ==, "at");
  g_assert_cmpstr (secret_value_get_text (response->refresh_token), ==, "rt~!");
  g_assert_cmpstr (secret_value_get_text (response->id_token), ==, "a.b.c");
  g_assert_cmpstr (response->scope, ==, "openid email");
  g_assert_cmpint (response->expires_in, ==, 3600);
  g_assert_cmpint (response->refresh_expires_in, ==, 7200);
}

static void
test_escapes (void)
{
  g_autoptr (WfTokenResponse) response =
    parse ("{\"\\u0061ccess_token\" : \"a\\/b\\u002b\\\"\\\\\",\"token_type\":\"\\u0062earer\"}");

  g_assert_cmpstr (secret_value_get_text (response->access_token), ==, "a/b+\"\\");
}

/* A value that looks like a place of another token is itself. */
static void
test_digits_are_tokens (void)
{
  g_autoptr (WfTokenResponse) response =
    parse ("{\"refresh_token\":\"1\",\"access_token\":\"0\",\"id_token\":\"2\",\"token_type\":\"bearer\",\"scope\":\"1\"}");

  g_assert_cmpstr (secret_value_get_text (response->access_token), ==, "0");
  g_assert_cmpstr (secret_value_get_text (response->refresh_token), ==, "1");
  g_assert_cmpstr (secret_value_get_text (response->id_token), ==, "2");
  g_assert_cmpstr (response->scope, ==, "1");
}

static void
test_content_types (void)
{
  static const char *const good[] = { JSON, "APPLICATION/JSON", "application/json; charset=utf-8", "application/vnd.x+json" };
  static const char *const bad[] = {
    NULL, "", "text/html", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "+json", "xjson",
  };
  static const char body[] = "{\"access_token\":\"canary\",\"token_type\":\"Bearer\"}";

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (WfTokenResponse) response = parse_with (200, good[i], body, NULL);

      g_assert_true (wf_response_is_json (good[i]));
      g_assert_nonnull (response);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (wf_response_is_json (bad[i]));
      assert_refused (200, bad[i], body, WF_ERROR_UNEXPECTED_CONTENT_TYPE);
    }
}

/* Catalogue 15 and 24 */
static void
test_statuses (void)
{
  static const char grant[] = "{\"error\":\"invalid_grant\"}";
  static const char good[] = "{\"access_token\":\"canary\",\"token_type\":\"Bearer\"}";
  static const guint redirects[] = { 300, 301, 302, 303, 304, 307, 308, 399 };
  static const guint failures[] = { 500, 501, 502, 503, 504, 599 };

  for (guint i = 0; i < G_N_ELEMENTS (redirects); i++)
    {
      assert_refused (redirects[i], JSON, good, WF_ERROR_REDIRECT_REFUSED);
      assert_refused (redirects[i], JSON, grant, WF_ERROR_REDIRECT_REFUSED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      assert_refused (failures[i], JSON, good, WF_ERROR_SERVER_ERROR);
      assert_refused (failures[i], JSON, grant, WF_ERROR_SERVER_ERROR);
      assert_refused (failures[i], "text/html", "<h1>canary</h1>", WF_ERROR_SERVER_ERROR);
    }
  assert_refused (429, JSON, grant, WF_ERROR_RATE_LIMITED);
  assert_refused (429, NULL, "", WF_ERROR_RATE_LIMITED);
}

static void
test_other_success_statuses (void)
{
  static const char good[] = "{\"access_token\":\"canary\",\"token_type\":\"Bearer\"}";

  assert_refused (201, JSON, good, WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (204, NULL, "", WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  assert_refused (206, JSON, good, WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (0, JSON, good, WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (103, JSON, good, WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_retry_after (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("", 0);
  g_autoptr (GError) limited = NULL;
  g_autoptr (GError) down = NULL;

  g_assert_null (wf_token_response_parse (429, JSON, 17, body, &limited));
  g_assert_cmpint (wf_error_get_retry_after (limited), ==, 17);
  g_assert_cmpuint (wf_error_get_http_status (limited), ==, 429);
  g_assert_null (wf_token_response_parse (503, JSON, 999999999, NULL, &down));
  g_assert_cmpint (wf_error_get_retry_after (down), ==, 86400);
  g_assert_cmpint (wf_error_get_class (down), ==, WF_ERROR_CLASS_TRY_LATER);
}

/* RFC 6749 §5.2; GitHub answers with 200 */
static void
test_oauth_errors (void)
{
  assert_oauth (400, JSON, "{\"error\":\"invalid_grant\",\"error_description\":\"Unknown or invalid refresh token.\"}", "invalid_grant");
  assert_oauth (401, JSON, "{\"error\":\"invalid_client\"}", "invalid_client");
  assert_oauth (403, JSON, "{\"error\":\"mfa_required\",\"mfa_token\":\"canary\"}", "mfa_required");
  assert_oauth (200, JSON, "{\"error\":\"bad_verification_code\"}", "bad_verification_code");
  assert_oauth (200, JSON, "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"error\":\"invalid_grant\"}", "invalid_grant");
  assert_oauth (400, "text/plain", "{\"error\":\"invalid_grant\"}", "invalid_grant");
  assert_oauth (200, "text/html", "{\"error\":\"invalid_grant\"}", "invalid_grant");
  assert_oauth (400, JSON, "{\"error\":\"invalid_grant\",\"error_description\":7}", "invalid_grant");
  /* Catalogue 23: a challenge without a body */
  assert_oauth (401, NULL, "", "invalid_client");
  assert_oauth (401, "text/html", "<h1>Unauthorized</h1>", "invalid_client");
}

static void
test_oauth_description (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_with (400, JSON, "{\"error\":\"access_denied\",\"error_description\":\"<b>No</b>\\r\\nway\\u202e\"}", &error));
  g_assert_nonnull (strstr (error->message, "<b>No</b>  way"));
  g_assert_null (strstr (error->message, "\xe2\x80\xae"));
}

static void
test_refusals_without_error (void)
{
  assert_refused (400, JSON, "{}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (400, JSON, "{\"error\":", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (400, JSON, "{\"error\":{\"code\":\"canary\"}}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (400, JSON, "{\"error\":null}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (400, JSON, "{\"error\":\"\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (400, JSON, "{\"error\":\"invalid_grant\",\"error\":\"x\"}", WF_ERROR_MALFORMED_RESPONSE);
  assert_refused (404, "text/html", "<h1>canary</h1>", WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  assert_refused (403, NULL, "", WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  assert_refused (400, "application/x-www-form-urlencoded", "error=invalid_grant", WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  assert_malformed ("{\"error\":7,\"access_token\":\"a\",\"token_type\":\"Bearer\"}");
}

/* Catalogue 26 to 31 */
static void
test_not_json (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');

  assert_malformed ("");
  assert_malformed ("null");
  assert_malformed ("[]");
  assert_malformed ("\"canary\"");
  assert_malformed ("<html>canary</html>");
  assert_malformed ("{\"access_token\":\"canary\",\"token_type\":\"Bearer\"");
  assert_malformed ("{\"access_token\":\"canary\",\"token_type\":\"Bearer\"}{}");
  assert_malformed ("{\"access_token\":\"canary\",\"token_type\":\"Bearer\"} x");
  assert_malformed ("var x={\"access_token\":\"canary\",\"token_type\":\"Bearer\"}");
  assert_malformed ("{'access_token':'canary','token_type':'Bearer'}");
  assert_malformed ("{\"access_token\":\"canary\",\"access_token\":\"b\",\"token_type\":\"Bearer\"}");
  assert_malformed ("{\"access_token\":\"canary\",\"\\u0061ccess_token\":\"b\",\"token_type\":\"Bearer\"}");
  assert_malformed ("{\"access_token\":\"AB\\u0000canary\",\"token_type\":\"Bearer\"}");
  assert_malformed ("{\"access_token\":\"AB\xff\",\"token_type\":\"Bearer\"}");
  assert_malformed ("\xef\xbb\xbf{\"access_token\":\"a\",\"token_type\":\"Bearer\"}");
  assert_malformed (deep);
}

static void
test_raw_nul (void)
{
  static const char body[] = "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}\0";
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, sizeof body);
  g_autoptr (GBytes) empty = g_bytes_new_static (NULL, 0);

  wf_expect_error (wf_token_response_parse (200, JSON, -1, bytes, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_token_response_parse (200, JSON, -1, empty, &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (wf_token_response_parse (200, JSON, -1, NULL, &err), WF_ERROR_MALFORMED_RESPONSE);
}

/* Catalogue 32, RFC 6749 §7.1 */
static void
test_token_type (void)
{
  static const char *const good[] = { "Bearer", "bearer", "BEARER", "bEaReR" };
  static const char *const bad[] = { "mac", "N_A", "", "DPoP", " Bearer", "Bearer ", "Bearer,DPoP" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"access_token\":\"a\",\"token_type\":\"%s\"}", good[i]);
      g_autoptr (WfTokenResponse) response = parse (body);

      g_assert_nonnull (response);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"access_token\":\"canary\",\"token_type\":\"%s\"}", bad[i]);

      assert_refused (200, JSON, body, WF_ERROR_UNSUPPORTED_TOKEN_TYPE);
    }
  assert_refused (200, JSON, "{\"access_token\":\"canary\"}", WF_ERROR_UNSUPPORTED_TOKEN_TYPE);
  assert_malformed ("{\"access_token\":\"canary\",\"token_type\":null}");
  assert_malformed ("{\"access_token\":\"canary\",\"token_type\":[\"Bearer\"]}");
}

/* Catalogue 33 */
static void
test_bad_tokens (void)
{
  static const char *const members[] = { "access_token", "refresh_token", "id_token" };
  static const char *const values[] = {
    "\"\"", "7", "null", "true", "{}", "[]", "[\"a\"]", "\"a b\"", "\"a\\r\\nb\"", "\"a\\u007f\"", "\"é\"", "\" \"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    for (guint j = 0; j < G_N_ELEMENTS (values); j++)
      {
        g_autofree char *body = g_strdup_printf ("{%s\"token_type\":\"Bearer\",\"%s\":%s}",
                                                 i > 0 ? "\"access_token\":\"canary\"," : "", members[i], values[j]);
        gboolean is_none = i == 1 && (g_str_equal (values[j], "\"\"") || g_str_equal (values[j], "null"));

        if (!is_none)
          assert_malformed (body);
      }
  assert_malformed ("{\"token_type\":\"Bearer\",\"refresh_token\":\"canary\"}");
  assert_malformed ("{\"token_type\":\"Bearer\"}");
}

/* Catalogue 36: written out or left out, there is no refresh token, and the old one stays. */
static void
test_no_refresh_token (void)
{
  g_autoptr (WfTokenResponse) null = parse ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"refresh_token\":null}");
  g_autoptr (WfTokenResponse) empty = parse ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"refresh_token\":\"\"}");

  g_assert_null (null->refresh_token);
  g_assert_null (empty->refresh_token);
  g_assert_cmpstr (secret_value_get_text (empty->access_token), ==, "a");
}

static void
test_large_tokens (void)
{
  g_autofree char *largest = g_strnfill (WF_TOKEN_MAX_BYTES, 'x');
  g_autofree char *too_large = g_strnfill (WF_TOKEN_MAX_BYTES + 1, 'x');
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'x');
  g_autofree char *largest_body = g_strdup_printf ("{\"token_type\":\"Bearer\",\"access_token\":\"%s\"}", largest);
  g_autofree char *too_large_body = g_strdup_printf ("{\"token_type\":\"Bearer\",\"access_token\":\"%s\"}", too_large);
  g_autofree char *huge_body = g_strdup_printf ("{\"token_type\":\"Bearer\",\"access_token\":\"%s\"}", huge);
  g_autoptr (WfTokenResponse) response = parse (largest_body);

  g_assert_cmpuint (strlen (secret_value_get_text (response->access_token)), ==, WF_TOKEN_MAX_BYTES);
  assert_malformed (too_large_body);
  assert_refused (200, JSON, huge_body, WF_ERROR_RESPONSE_TOO_LARGE);
}

static void
check_expires_in (const char *value,
                  gint64      expected)
{
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":%s}", value);
  g_autoptr (WfTokenResponse) response = parse (body);

  g_assert_cmpint (response->expires_in, ==, expected);
}

/* Catalogue 30 */
static void
test_expires_in (void)
{
  static const char *const bad[] = {
    "-5", "\"-5\"", "null", "true", "false", "3600.5", "1e300", "-1e300", "1e-3", "99999999999999999999999",
    "\"99999999999999999999999\"", "\"\"", "\" 3600\"", "\"3600 \"", "\"+3600\"", "\"3600.0\"", "\"0x10\"", "\"abc\"",
    "[]", "{}", "[3600]", "9007199254740993",
  };

  check_expires_in ("3600", 3600);
  check_expires_in ("0", 0);
  check_expires_in ("\"3600\"", 3600);
  check_expires_in ("\"0\"", 0);
  check_expires_in ("\"007\"", 7);
  check_expires_in ("3600.0", 3600);
  check_expires_in ("3.6e3", 3600);
  check_expires_in ("-0.0", 0);
  check_expires_in ("315532800", TEN_YEARS);
  check_expires_in ("315532801", TEN_YEARS);
  check_expires_in ("9007199254740992", TEN_YEARS);
  check_expires_in ("1e15", TEN_YEARS);
  check_expires_in ("\"9007199254740992\"", TEN_YEARS);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"access_token\":\"canary\",\"token_type\":\"Bearer\",\"expires_in\":%s}", bad[i]);

      assert_malformed (body);
    }
}

static void
check_refresh_expires_in (const char *members,
                          gint64      expected)
{
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",%s}", members);
  g_autoptr (WfTokenResponse) response = parse (body);

  g_assert_cmpint (response->refresh_expires_in, ==, expected);
}

static void
test_refresh_expires_in (void)
{
  check_refresh_expires_in ("\"refresh_expires_in\":1800", 1800);
  check_refresh_expires_in ("\"refresh_token_expires_in\":\"15811200\"", 15811200);
  check_refresh_expires_in ("\"refresh_expires_in\":0", -1);
  check_refresh_expires_in ("\"refresh_expires_in\":-1", -1);
  check_refresh_expires_in ("\"refresh_expires_in\":null", -1);
  check_refresh_expires_in ("\"refresh_expires_in\":0,\"refresh_token_expires_in\":60", 60);
  check_refresh_expires_in ("\"refresh_expires_in\":1e15", TEN_YEARS);
}

static void
test_scope (void)
{
  g_autoptr (WfTokenResponse) empty = parse ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":\"\"}");
  g_autoptr (WfTokenResponse) null = parse ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":null}");

  g_assert_null (empty->scope);
  g_assert_null (null->scope);
  assert_malformed ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":[\"openid\"]}");
  assert_malformed ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":\"a\\nb\"}");
  assert_malformed ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":\"a\\\"b\"}");
}

static gboolean
check_response (guint       status,
                const char *type,
                const char *body,
                GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));

  return wf_response_check ("userinfo endpoint", status, type, 5, bytes, error);
}

static void
test_response_check (void)
{
  g_autoptr (GError) error = NULL;

  wf_expect_ok (check_response (200, NULL, "", &err));
  wf_expect_ok (check_response (204, NULL, "", &err));
  wf_expect_error (check_response (302, NULL, "", &err), WF_ERROR_REDIRECT_REFUSED);
  wf_expect_error (check_response (429, NULL, "", &err), WF_ERROR_RATE_LIMITED);
  wf_expect_error (check_response (500, JSON, "{\"error\":\"invalid_token\"}", &err), WF_ERROR_SERVER_ERROR);
  wf_expect_error (check_response (404, "text/html", "<p>", &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  wf_expect_error (check_response (404, JSON, "{}", &err), WF_ERROR_MALFORMED_RESPONSE);
  wf_expect_error (check_response (401, NULL, "", &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  g_assert_false (check_response (401, JSON, "{\"error\":\"invalid_token\"}", &error));
  g_assert_true (wf_error_is_oauth (error, "invalid_token"));
  g_assert_false (wf_response_check ("x", 0, NULL, -1, NULL, NULL));
}

static void
test_response_check_names (void)
{
  static const guint statuses[] = { 302, 429, 503, 404 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (check_response (statuses[i], NULL, "canary", &error));
      g_assert_nonnull (strstr (error->message, "userinfo endpoint"));
      g_assert_null (strstr (error->message, "canary"));
      g_assert_cmpuint (wf_error_get_http_status (error), ==, statuses[i]);
      g_assert_cmpint (wf_error_get_retry_after (error), ==, 5);
    }
}

static void
test_boxed (void)
{
  g_autoptr (WfTokenResponse) response = parse ("{\"access_token\":\"a\",\"token_type\":\"Bearer\"}");
  WfTokenResponse *copy = g_boxed_copy (WF_TYPE_TOKEN_RESPONSE, response);

  g_assert_true (copy == response);
  g_boxed_free (WF_TYPE_TOKEN_RESPONSE, copy);
  g_assert_nonnull (response->access_token);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-response/minimal", test_minimal);
  g_test_add_func ("/token-response/full", test_full);
  g_test_add_func ("/token-response/escapes", test_escapes);
  g_test_add_func ("/token-response/digits", test_digits_are_tokens);
  g_test_add_func ("/token-response/content-types", test_content_types);
  g_test_add_func ("/token-response/statuses", test_statuses);
  g_test_add_func ("/token-response/statuses/success", test_other_success_statuses);
  g_test_add_func ("/token-response/retry-after", test_retry_after);
  g_test_add_func ("/token-response/oauth-errors", test_oauth_errors);
  g_test_add_func ("/token-response/oauth-errors/description", test_oauth_description);
  g_test_add_func ("/token-response/oauth-errors/none", test_refusals_without_error);
  g_test_add_func ("/token-response/not-json", test_not_json);
  g_test_add_func ("/token-response/raw-nul", test_raw_nul);
  g_test_add_func ("/token-response/token-type", test_token_type);
  g_test_add_func ("/token-response/bad-tokens", test_bad_tokens);
  g_test_add_func ("/token-response/no-refresh-token", test_no_refresh_token);
  g_test_add_func ("/token-response/large-tokens", test_large_tokens);
  g_test_add_func ("/token-response/expires-in", test_expires_in);
  g_test_add_func ("/token-response/refresh-expires-in", test_refresh_expires_in);
  g_test_add_func ("/token-response/scope", test_scope);
  g_test_add_func ("/token-response/check", test_response_check);
  g_test_add_func ("/token-response/check/names", test_response_check_names);
  g_test_add_func ("/token-response/boxed", test_boxed);
  return g_test_run ();
}
