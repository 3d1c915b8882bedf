/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-provider-metadata.h"
#include "wf-uri.h"

static void
check_endpoint (const char *uri)
{
  if (uri)
    g_assert_true (wf_uri_check_endpoint (uri, "endpoint", NULL));
}

/* The first byte says how lenient the parser is asked to be. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  gboolean any_slash = size > 0 && (data[0] & 1);
  gboolean use_aliases = size > 0 && (data[0] & 2);
  g_autoptr (WfProviderMetadata) metadata = NULL;

  if (size == 0)
    return 0;

  metadata = wf_provider_metadata_parse ("https://id.example.org", any_slash, use_aliases, (const char *) data + 1, size - 1, NULL);
  if (!metadata)
    return 0;

  g_assert_true (strcmp (metadata->issuer, "https://id.example.org") == 0 ||
                 (any_slash && strcmp (metadata->issuer, "https://id.example.org/") == 0));
  g_assert_nonnull (metadata->authorization_endpoint);
  g_assert_nonnull (metadata->token_endpoint);
  check_endpoint (metadata->authorization_endpoint);
  check_endpoint (metadata->token_endpoint);
  check_endpoint (metadata->jwks_uri);
  check_endpoint (metadata->userinfo_endpoint);
  check_endpoint (metadata->revocation_endpoint);
  check_endpoint (metadata->end_session_endpoint);
  wf_provider_metadata_count_endpoints (metadata);
  wf_provider_metadata_supports_scope (metadata, "offline_access");
  wf_provider_metadata_supports_grant (metadata, "refresh_token");
  wf_provider_metadata_supports_auth_method (metadata, WF_AUTH_METHOD_POST);

  return 0;
}
