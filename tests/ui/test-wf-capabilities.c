/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-capabilities.h"

#define ISSUER "https://id.example.org"

static WfProviderMetadata *
make_metadata (const char *more)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = g_strdup_printf ("{\"issuer\":\"" ISSUER "\",\"authorization_endpoint\":\"" ISSUER "/a\","
                                           "\"token_endpoint\":\"" ISSUER "/t\"%s}", more);
  WfProviderMetadata *metadata = wf_provider_metadata_parse (ISSUER, FALSE, FALSE, json, strlen (json), &error);

  g_assert_no_error (error);
  return metadata;
}

static const WfCapability *
find (GPtrArray  *list,
      const char *in_title)
{
  for (guint i = 0; i < list->len; i++)
    {
      const WfCapability *capability = g_ptr_array_index (list, i);

      g_assert_cmpstr (capability->details, !=, "");
      if (strstr (capability->title, in_title))
        return capability;
    }
  return NULL;
}

static void
test_silent (void)
{
  g_autoptr (WfProviderMetadata) metadata = make_metadata ("");
  g_autoptr (GPtrArray) list = wf_capabilities_list (metadata);

  g_assert_cmpint (find (list, "PKCE")->answer, ==, WF_CAPABILITY_UNKNOWN);
  g_assert_cmpint (find (list, "Refresh")->answer, ==, WF_CAPABILITY_UNKNOWN);
  g_assert_cmpint (find (list, "Revocation")->answer, ==, WF_CAPABILITY_NO);
  g_assert_cmpint (find (list, "RFC 9207")->answer, ==, WF_CAPABILITY_NO);
  g_assert_null (find (list, "DPoP"));
  g_assert_null (find (list, "PAR"));
  g_assert_nonnull (strstr (find (list, "Client authentication")->details, "client_secret_basic"));
}

static void
test_rich (void)
{
  g_autoptr (WfProviderMetadata) metadata =
    make_metadata (",\"code_challenge_methods_supported\":[\"S256\"],\"grant_types_supported\":[\"authorization_code\",\"refresh_token\"],"
                   "\"scopes_supported\":[\"openid\",\"offline_access\"],\"revocation_endpoint\":\"" ISSUER "/r\","
                   "\"authorization_response_iss_parameter_supported\":true,\"dpop_signing_alg_values_supported\":[\"ES256\"],"
                   "\"pushed_authorization_request_endpoint\":\"" ISSUER "/par\",\"id_token_signing_alg_values_supported\":[\"RS256\",\"ES256\"]");
  g_autoptr (GPtrArray) list = wf_capabilities_list (metadata);

  g_assert_nonnull (strstr (find (list, "PKCE")->details, "S256"));
  g_assert_nonnull (strstr (find (list, "Refresh")->details, "offline_access"));
  g_assert_cmpstr (find (list, "Revocation")->details, ==, ISSUER "/r");
  g_assert_cmpint (find (list, "RFC 9207")->answer, ==, WF_CAPABILITY_YES);
  g_assert_nonnull (strstr (find (list, "DPoP")->details, "ES256"));
  g_assert_nonnull (strstr (find (list, "PAR")->details, "does not use"));
  g_assert_cmpstr (find (list, "ID token signatures")->details, ==, "RS256, ES256");
}

static void
test_no_refresh (void)
{
  g_autoptr (WfProviderMetadata) metadata = make_metadata (",\"grant_types_supported\":[\"authorization_code\"]");
  g_autoptr (GPtrArray) list = wf_capabilities_list (metadata);

  g_assert_cmpint (find (list, "Refresh")->answer, ==, WF_CAPABILITY_NO);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/capabilities/silent", test_silent);
  g_test_add_func ("/ui/capabilities/rich", test_rich);
  g_test_add_func ("/ui/capabilities/no-refresh", test_no_refresh);
  return g_test_run ();
}
