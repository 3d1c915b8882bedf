/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-authorization-request.h"
#include "wf-uri.h"

#define ISSUER "https://id.example.org"
#define REDIRECT_URI "https://app.example.org/cb"

static WfAuthorizationRequest *
make_request (void)
{
  static const char document[] =
    "{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/authorize\",\"token_endpoint\":\"" ISSUER "/token\","
    "\"authorization_response_iss_parameter_supported\":true}";
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;
  WfAuthorizationRequest *request;

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->issuer, ISSUER);
  wf_account_set (&account->client_id, "client");
  metadata = wf_provider_metadata_parse (ISSUER, FALSE, FALSE, document, strlen (document), &error);
  g_assert_no_error (error);
  request = wf_authorization_request_new (account, metadata, REDIRECT_URI, &error);
  g_assert_no_error (error);

  return request;
}

/* Whatever matches is at the very place of the redirect URI, however GLib or we read it. */
static void
check_place (const char *redirect_uri,
             const char *candidate)
{
  g_autofree char *origin = wf_uri_get_origin (redirect_uri);
  g_autofree char *candidate_origin = wf_uri_get_origin (candidate);
  g_autofree char *hierarchy = g_strndup (candidate, strcspn (candidate, "?#"));
  g_autoptr (GUri) expected = g_uri_parse (redirect_uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) seen = g_uri_parse (hierarchy, G_URI_FLAGS_NONE, NULL);

  g_assert_cmpstr (origin, ==, candidate_origin);
  g_assert_nonnull (expected);
  g_assert_nonnull (seen);
  g_assert_cmpstr (g_uri_get_scheme (expected), ==, g_uri_get_scheme (seen));
  g_assert_null (g_uri_get_userinfo (seen));
  g_assert_true ((g_uri_get_host (expected) == NULL) == (g_uri_get_host (seen) == NULL));
  if (g_uri_get_host (expected))
    g_assert_cmpint (g_ascii_strcasecmp (g_uri_get_host (expected), g_uri_get_host (seen)), ==, 0);
}

/* The first line is a redirect URI, the second what a page wants to load; "$STATE" in it is the state
 * of a request. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static WfAuthorizationRequest *request;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  const char *redirect_uri = lines[0] ? lines[0] : "";
  GString *candidate = g_string_new (lines[0] && lines[1] ? lines[1] : "");
  g_autoptr (SecretValue) code = NULL;
  g_autofree char *issuer = NULL;
  gboolean is_domain;

  if (!request)
    request = make_request ();
  g_string_replace (candidate, "$STATE", wf_authorization_request_get_state (request), 4);

  if (wf_uri_matches_redirect (redirect_uri, candidate->str))
    check_place (redirect_uri, candidate->str);
  code = wf_authorization_response_parse (request, candidate->str, NULL);
  if (code)
    {
      g_assert_true (wf_uri_matches_redirect (REDIRECT_URI, candidate->str));
      g_assert_nonnull (strstr (candidate->str, wf_authorization_request_get_state (request)));
    }

  wf_uri_is_loopback_redirect (redirect_uri);
  issuer = wf_uri_issuer_from_input (redirect_uri, &is_domain, NULL);
  if (issuer)
    g_assert_true (wf_uri_check_issuer (issuer, NULL));
  g_string_free (candidate, TRUE);

  return 0;
}
