/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-api-address.h"

#include <string.h>

#include "wf-expect.h"

static void
test_under (void)
{
  static const struct { const char *uri; const char *base; gboolean expected; } cases[] = {
    { "https://api.example.org/v1", "https://api.example.org/v1", TRUE },
    { "https://api.example.org/v1/", "https://api.example.org/v1", TRUE },
    { "https://api.example.org/v1/a?b=c", "https://api.example.org/v1", TRUE },
    { "https://api.example.org/v1?b=c", "https://api.example.org/v1/", TRUE },
    { "https://api.example.org/anything", "https://api.example.org", TRUE },
    { "https://api.example.org/anything", "https://api.example.org/", TRUE },
    { "https://api.example.org", "https://api.example.org/", TRUE },
    { "https://API.example.org:443/v1", "https://api.example.org/v1", TRUE },
    { "http://127.0.0.1:8080/a", "http://127.0.0.1:8080", TRUE },
    { "https://api.example.org/v1/a..b/.c", "https://api.example.org/v1", TRUE },
    /* segments are whole */
    { "https://api.example.org/v10", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/V1/a", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/", "https://api.example.org/v1", FALSE },
    /* other places */
    { "http://api.example.org/v1", "https://api.example.org/v1", FALSE },
    { "https://api.example.org:8443/v1", "https://api.example.org/v1", FALSE },
    { "https://example.org/v1", "https://api.example.org/v1", FALSE },
    { "https://api.example.org.evil.example/v1", "https://api.example.org/v1", FALSE },
    { "https://api.example.org./v1", "https://api.example.org/v1", FALSE },
    /* paths that a server may read as others */
    { "https://api.example.org/v1/../admin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/%2e%2e/admin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/%2E./admin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/..%2fadmin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/.", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/%252e%252e/admin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/%5c..%5cadmin", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1/%00", "https://api.example.org/v1", FALSE },
    { "nonsense", "https://api.example.org/v1", FALSE },
    { "https://api.example.org/v1", "urn:api", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (wf_api_address_is_under (cases[i].uri, cases[i].base) != cases[i].expected)
      g_error ("%s under %s", cases[i].uri, cases[i].base);
}

static WfAccount *
make_account (const char *audience,
              const char *resource)
{
  WfAccount *account = wf_account_new ();
  const char *const resources[] = { resource, NULL };

  wf_account_set (&account->audience, audience);
  if (resource)
    account->resources = g_strdupv ((char **) resources);
  return account;
}

static WfProviderMetadata *
make_metadata (const char *userinfo_endpoint)
{
  g_autofree char *json = g_strdup_printf (
    "{\"issuer\":\"https://id.example.org\",\"authorization_endpoint\":\"https://id.example.org/a\","
    "\"token_endpoint\":\"https://id.example.org/t\",\"userinfo_endpoint\":\"%s\"}", userinfo_endpoint);
  g_autoptr (GError) error = NULL;
  WfProviderMetadata *metadata = wf_provider_metadata_parse ("https://id.example.org", FALSE, FALSE, json, strlen (json), &error);

  g_assert_no_error (error);
  return metadata;
}

static void
test_bases (void)
{
  g_autoptr (WfAccount) account = make_account ("https://api.example.org/v1", "https://files.example.org/");
  g_autoptr (WfAccount) names = make_account ("urn:example:api", "my-api");
  g_autoptr (WfAccount) insecure = make_account ("http://api.example.org", NULL);
  g_autoptr (WfProviderMetadata) metadata = make_metadata ("https://login.example.org/oidc/userinfo?x=y");
  g_auto (GStrv) all = wf_api_address_list_bases (account, metadata);
  g_auto (GStrv) some = wf_api_address_list_bases (names, metadata);
  g_auto (GStrv) none = wf_api_address_list_bases (insecure, NULL);
  g_autofree char *joined = g_strjoinv (" ", all);

  g_assert_cmpstr (joined, ==, "https://api.example.org/v1 https://files.example.org/ https://login.example.org");
  g_assert_cmpuint (g_strv_length (some), ==, 1);
  g_assert_cmpstr (some[0], ==, "https://login.example.org");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_check (void)
{
  g_autoptr (WfAccount) account = make_account ("https://api.example.org/v1", NULL);
  g_autoptr (WfAccount) empty = make_account (NULL, NULL);
  g_autoptr (WfProviderMetadata) metadata = make_metadata ("https://id.example.org/userinfo");
  g_autofree char *base = wf_api_address_check (account, metadata, "https://api.example.org/v1/me", NULL);
  g_autofree char *origin = wf_api_address_check (account, metadata, "https://id.example.org/anything", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (base, ==, "https://api.example.org/v1");
  g_assert_cmpstr (origin, ==, "https://id.example.org");
  wf_expect_error (wf_api_address_check (account, metadata, "https://evil.example.org/", &err), WF_ERROR_USAGE);
  wf_expect_error (wf_api_address_check (empty, NULL, "https://api.example.org/", &err), WF_ERROR_USAGE);
  wf_expect_error (wf_api_address_check (account, metadata, "http://api.example.org/v1", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_api_address_check (account, metadata, "https://u:p@api.example.org/v1", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_api_address_check (account, metadata, "https://api.example.org/v1#f", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_api_address_check (account, metadata, "https://api.example.org/v1 /", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_api_address_check (account, metadata, "", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (wf_api_address_check (account, metadata, "file:///etc/passwd", &err), WF_ERROR_INSECURE_ENDPOINT);

  /* It is told where the token may go. */
  g_assert_null (wf_api_address_check (account, metadata, "https://evil.example.org/", &error));
  g_assert_nonnull (strstr (error->message, "https://api.example.org/v1, https://id.example.org"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/api-address/under", test_under);
  g_test_add_func ("/api-address/bases", test_bases);
  g_test_add_func ("/api-address/check", test_check);

  return g_test_run ();
}
