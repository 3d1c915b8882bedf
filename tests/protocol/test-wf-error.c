/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-error.h"

#include "wf-expect.h"

#include <gio/gio.h>
#include <string.h>

static void
test_names (void)
{
  static const struct
  {
    WfError      code;
    const char  *name;
    WfErrorClass error_class;
  } expected[] = {
    { WF_ERROR_USAGE, "usage", WF_ERROR_CLASS_USAGE },
    { WF_ERROR_NO_SUCH_ACCOUNT, "no_such_account", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_INVALID_ACCOUNT, "invalid_account", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_STATE_MISMATCH, "state_mismatch", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_ISSUER_MISMATCH, "issuer_mismatch", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_DISCOVERY_MISMATCH, "discovery_mismatch", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_PKCE_UNSUPPORTED, "pkce_unsupported", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_INSECURE_ENDPOINT, "insecure_endpoint", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_TLS_ERROR, "tls_error", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_REDIRECT_REFUSED, "redirect_refused", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_RESPONSE_TOO_LARGE, "response_too_large", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_TIMEOUT, "timeout", WF_ERROR_CLASS_TRY_LATER },
    { WF_ERROR_OFFLINE, "offline", WF_ERROR_CLASS_TRY_LATER },
    { WF_ERROR_SERVER_ERROR, "server_error", WF_ERROR_CLASS_TRY_LATER },
    { WF_ERROR_RATE_LIMITED, "rate_limited", WF_ERROR_CLASS_TRY_LATER },
    { WF_ERROR_MALFORMED_RESPONSE, "malformed_response", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_UNEXPECTED_CONTENT_TYPE, "unexpected_content_type", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_UNSUPPORTED_TOKEN_TYPE, "unsupported_token_type", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_ID_TOKEN_INVALID, "id_token_invalid", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_NONCE_MISMATCH, "nonce_mismatch", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_SIGNATURE_INVALID, "signature_invalid", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_USERINFO_MISMATCH, "userinfo_mismatch", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_KEYRING_LOCKED, "keyring_locked", WF_ERROR_CLASS_KEYRING },
    { WF_ERROR_KEYRING_UNAVAILABLE, "keyring_unavailable", WF_ERROR_CLASS_KEYRING },
    { WF_ERROR_KEYRING_FAILED, "keyring_failed", WF_ERROR_CLASS_KEYRING },
    { WF_ERROR_NEEDS_SIGN_IN, "needs_sign_in", WF_ERROR_CLASS_SIGN_IN },
    { WF_ERROR_CANCELLED, "cancelled", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_STORAGE_FAILED, "storage_failed", WF_ERROR_CLASS_FAILED },
    { WF_ERROR_UNSUPPORTED, "unsupported", WF_ERROR_CLASS_FAILED },
  };

  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, WF_ERROR_OAUTH);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GError) error = g_error_new (WF_ERROR, (int) expected[i].code, "Sentence.");

      g_assert_cmpuint (expected[i].code, ==, i);
      g_assert_cmpstr (wf_error_get_name (error), ==, expected[i].name);
      g_assert_cmpint (wf_error_get_class (error), ==, expected[i].error_class);
      g_assert_cmpuint (wf_error_get_http_status (error), ==, 0);
      g_assert_cmpint (wf_error_get_retry_after (error), ==, -1);
    }
}

static void
test_foreign (void)
{
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) not_found = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "x");
  g_autoptr (GError) file = g_error_new_literal (G_FILE_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) nameless = g_error_new_literal (WF_ERROR, WF_ERROR_OAUTH, "x");
  g_autoptr (GError) beyond = g_error_new_literal (WF_ERROR, 1000, "x");

  g_assert_cmpstr (wf_error_get_name (cancelled), ==, "cancelled");
  g_assert_cmpstr (wf_error_get_name (not_found), ==, "failed");
  g_assert_cmpstr (wf_error_get_name (file), ==, "failed");
  g_assert_cmpstr (wf_error_get_name (nameless), ==, "failed");
  g_assert_cmpstr (wf_error_get_name (beyond), ==, "failed");
  g_assert_cmpint (wf_error_get_class (beyond), ==, WF_ERROR_CLASS_FAILED);
  g_assert_cmpint (wf_error_get_class (nameless), ==, WF_ERROR_CLASS_FAILED);
  g_assert_cmpint (wf_error_get_class (cancelled), ==, WF_ERROR_CLASS_FAILED);
  g_assert_cmpuint (wf_error_get_http_status (cancelled), ==, 0);
  g_assert_cmpint (wf_error_get_retry_after (cancelled), ==, -1);
  g_assert_cmpuint (wf_error_get_http_status (NULL), ==, 0);
  g_assert_cmpint (wf_error_get_retry_after (NULL), ==, -1);
  g_assert_false (wf_error_is_oauth (NULL, "invalid_grant"));
  g_assert_false (wf_error_is_oauth (cancelled, "invalid_grant"));
}

static void
test_oauth (void)
{
  g_autoptr (GError) error = wf_error_new_oauth ("access_denied", "The person said no", 403);

  g_assert_error (error, WF_ERROR, WF_ERROR_OAUTH);
  g_assert_cmpstr (wf_error_get_name (error), ==, "access_denied");
  g_assert_cmpuint (wf_error_get_http_status (error), ==, 403);
  g_assert_cmpint (wf_error_get_retry_after (error), ==, -1);
  g_assert_true (wf_error_is_oauth (error, "access_denied"));
  g_assert_false (wf_error_is_oauth (error, "invalid_grant"));
  g_assert_nonnull (strstr (error->message, "The person said no"));
}

static void
test_oauth_unknown (void)
{
  g_autoptr (GError) error = wf_error_new_oauth ("bad_verification_code", NULL, 200);
  g_autoptr (GError) empty = wf_error_new_oauth ("bad verification code!", " \n ", 0);

  g_assert_cmpstr (wf_error_get_name (error), ==, "bad_verification_code");
  g_assert_cmpstr (error->message, ==, "The provider refused with “bad_verification_code”.");
  g_assert_cmpint (wf_error_get_class (error), ==, WF_ERROR_CLASS_FAILED);
  g_assert_cmpstr (wf_error_get_name (empty), ==, "bad verification code!");
  g_assert_false (g_str_has_suffix (empty->message, "”"));
}

static void
test_oauth_classes (void)
{
  static const struct
  {
    const char  *name;
    WfErrorClass error_class;
  } expected[] = {
    { "invalid_grant", WF_ERROR_CLASS_SIGN_IN },
    { "login_required", WF_ERROR_CLASS_SIGN_IN },
    { "interaction_required", WF_ERROR_CLASS_SIGN_IN },
    { "consent_required", WF_ERROR_CLASS_SIGN_IN },
    { "account_selection_required", WF_ERROR_CLASS_SIGN_IN },
    { "mfa_required", WF_ERROR_CLASS_SIGN_IN },
    { "session_expired", WF_ERROR_CLASS_SIGN_IN },
    { "server_error", WF_ERROR_CLASS_TRY_LATER },
    { "temporarily_unavailable", WF_ERROR_CLASS_TRY_LATER },
    { "slow_down", WF_ERROR_CLASS_TRY_LATER },
    { "too_many_attempts", WF_ERROR_CLASS_TRY_LATER },
    { "invalid_client", WF_ERROR_CLASS_FAILED },
    { "invalid_scope", WF_ERROR_CLASS_FAILED },
    { "Invalid_Grant", WF_ERROR_CLASS_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GError) error = wf_error_new_oauth (expected[i].name, NULL, 400);

      g_assert_cmpint (wf_error_get_class (error), ==, expected[i].error_class);
    }
}

static void
test_oauth_bad_names (void)
{
  g_autofree char *longest = g_strnfill (100, 'e');
  g_autofree char *too_long = g_strnfill (101, 'e');
  const char *bad[] = { NULL, "", "a\nb", "a\"b", "a\\b", "\x7f", "caf\xc3\xa9", "\xff", too_long,
                        " ", "a ", " a", "offline: a" };
  g_autoptr (GError) good = wf_error_new_oauth (longest, NULL, 0);

  g_assert_error (good, WF_ERROR, WF_ERROR_OAUTH);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = wf_error_new_oauth (bad[i], "text", 400);

      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_cmpuint (wf_error_get_http_status (error), ==, 400);
      g_assert_false (wf_error_is_oauth (error, bad[i]));
    }
}

/* A server that repeats the token it refuses must not get it into a message. */
static void
test_oauth_repeats_token (void)
{
  g_autoptr (GError) error = wf_error_new_oauth ("invalid_grant", "Token v1.MjAyNi0xMS0yMiBjYW5hcnk_x/+= is unknown, 5 left", 400);
  g_autoptr (GError) words = wf_error_new_oauth ("invalid_grant", "Internationalisierungsfehler ohne Ziffern", 400);

  g_assert_null (strstr (error->message, "MjAy"));
  g_assert_nonnull (strstr (error->message, "Token … is unknown, 5 left"));
  g_assert_nonnull (strstr (words->message, "Internationalisierungsfehler ohne Ziffern"));
}

static void
test_copy (void)
{
  g_autoptr (GError) oauth = wf_error_new_oauth ("slow_down", NULL, 400);
  g_autoptr (GError) http = wf_error_new_http (WF_ERROR_RATE_LIMITED, 429, 120, "Wait %d.", 2);
  g_autoptr (GError) oauth_copy = g_error_copy (oauth);
  g_autoptr (GError) http_copy = g_error_copy (http);

  g_clear_error (&oauth);
  g_clear_error (&http);
  g_assert_cmpstr (wf_error_get_name (oauth_copy), ==, "slow_down");
  g_assert_cmpuint (wf_error_get_http_status (oauth_copy), ==, 400);
  g_assert_cmpstr (http_copy->message, ==, "Wait 2.");
  g_assert_cmpuint (wf_error_get_http_status (http_copy), ==, 429);
  g_assert_cmpint (wf_error_get_retry_after (http_copy), ==, 120);
}

static void
test_prefix_keeps (void)
{
  g_autoptr (GError) error = wf_error_new_http (WF_ERROR_SERVER_ERROR, 503, 7, "Down.");

  g_prefix_error (&error, "While refreshing: ");
  g_assert_cmpuint (wf_error_get_http_status (error), ==, 503);
  g_assert_cmpint (wf_error_get_retry_after (error), ==, 7);
}

static void
test_retry_after_bounds (void)
{
  static const gint64 given[] = { -1, -500, G_MININT64, 0, 86400, 86401, G_MAXINT64 };
  static const gint64 expected[] = { -1, -1, -1, 0, 86400, 86400, 86400 };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      g_autoptr (GError) error = wf_error_new_http (WF_ERROR_RATE_LIMITED, 429, given[i], "x");

      g_assert_cmpint (wf_error_get_retry_after (error), ==, expected[i]);
    }
}

static void
assert_cleaned (const char *text,
                const char *expected)
{
  g_autofree char *cleaned = wf_error_clean_text (text);

  g_assert_cmpstr (cleaned, ==, expected);
}

static void
test_clean_text (void)
{
  assert_cleaned (NULL, "");
  assert_cleaned ("", "");
  assert_cleaned ("plain", "plain");
  assert_cleaned ("a\r\nb\tc", "a  b c");
  assert_cleaned ("a\x1b[31mb\x07", "a[31mb");
  assert_cleaned ("x\xe2\x80\xaey\xe2\x81\xa6z\xe2\x80\x8f", "xyz"); /* RLO, LRI, RLM */
  assert_cleaned ("x\xe2\x80\xa8y\xc2\x85z", "x y z");               /* LINE SEPARATOR, NEL */
  assert_cleaned ("a\xff" "b", "a\xef\xbf\xbd" "b");
  assert_cleaned ("日本語", "日本語");
}

static void
test_clean_text_length (void)
{
  g_autofree char *ascii = g_strnfill (10000, 'x');
  g_autofree char *cleaned = wf_error_clean_text (ascii);
  g_autoptr (GString) wide = g_string_new (NULL);
  g_autofree char *wide_cleaned = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (wide, "😀");
  wide_cleaned = wf_error_clean_text (wide->str);

  g_assert_cmpuint (strlen (cleaned), ==, 300);
  g_assert_cmpint (g_utf8_strlen (wide_cleaned, -1), ==, 300);
  g_assert_true (g_utf8_validate (wide_cleaned, -1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_names);
  g_test_add_func ("/error/foreign", test_foreign);
  g_test_add_func ("/error/oauth", test_oauth);
  g_test_add_func ("/error/oauth/unknown", test_oauth_unknown);
  g_test_add_func ("/error/oauth/classes", test_oauth_classes);
  g_test_add_func ("/error/oauth/bad-names", test_oauth_bad_names);
  g_test_add_func ("/error/oauth/repeats-token", test_oauth_repeats_token);
  g_test_add_func ("/error/copy", test_copy);
  g_test_add_func ("/error/prefix-keeps", test_prefix_keeps);
  g_test_add_func ("/error/retry-after", test_retry_after_bounds);
  g_test_add_func ("/error/clean-text", test_clean_text);
  g_test_add_func ("/error/clean-text/length", test_clean_text_length);
  return g_test_run ();
}
