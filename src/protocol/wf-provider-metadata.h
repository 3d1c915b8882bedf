/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>
#include "wf-account.h"

G_BEGIN_DECLS

#define WF_TYPE_PROVIDER_METADATA (wf_provider_metadata_get_type ())

/**
 * WfProviderMetadata:
 *
 * Where a provider's endpoints are and what it can do: OpenID Connect Discovery
 * 1.0 §3, RFC 8414 §2. Immutable after it is made, reference-counted.
 */
typedef struct _WfProviderMetadata WfProviderMetadata;
struct _WfProviderMetadata
{
  char       *issuer;
  char       *authorization_endpoint;
  char       *token_endpoint;
  char       *jwks_uri;             /* each of these may be NULL */
  char       *userinfo_endpoint;
  char       *revocation_endpoint;
  char       *end_session_endpoint;
  char      **scopes_supported;     /* NULL: the provider does not say */
  char      **grant_types_supported;
  char      **code_challenge_methods_supported;
  char      **token_endpoint_auth_methods_supported;
  char      **id_token_signing_alg_values_supported;
  gboolean    iss_parameter_supported; /* authorization_response_iss_parameter_supported, RFC 9207 §3 */
  gboolean    discovered;              /* FALSE: typed in by hand */
  JsonObject *document;                /* the whole document; NULL where typed in */
  gatomicrefcount ref_count;
};

GType wf_provider_metadata_get_type (void);
WfProviderMetadata *wf_provider_metadata_ref (WfProviderMetadata *metadata);
void wf_provider_metadata_unref (WfProviderMetadata *metadata);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfProviderMetadata, wf_provider_metadata_unref)

/**
 * wf_provider_metadata_parse:
 * @issuer: the issuer whose document was fetched
 * @any_slash: accept an issuer that differs from @issuer only by one trailing
 *   "/" after the host (a person typed a bare domain)
 * @use_mtls_aliases: take the endpoints of mtls_endpoint_aliases (RFC 8705 §5)
 *
 * Checks before anything is used: the issuer is exactly @issuer; the
 * authorization and token endpoints are there; every endpoint is https, or http on
 * loopback; where code_challenge_methods_supported is present it offers S256.
 *
 * Returns: (transfer full): %NULL with WF_ERROR_DISCOVERY_MISMATCH,
 *   WF_ERROR_INSECURE_ENDPOINT, WF_ERROR_PKCE_UNSUPPORTED or
 *   WF_ERROR_MALFORMED_RESPONSE
 */
WfProviderMetadata *wf_provider_metadata_parse (const char  *issuer,
                                                gboolean     any_slash,
                                                gboolean     use_mtls_aliases,
                                                const char  *json,
                                                gsize        length,
                                                GError     **error);

/* Returns: (transfer full): the endpoints that @account has by hand; NULL with an error as above */
WfProviderMetadata *wf_provider_metadata_new_manual (const WfAccount *account,
                                                     GError         **error);

/* Returns: how many endpoints are known. */
guint wf_provider_metadata_count_endpoints (const WfProviderMetadata *metadata);

/* Each answers TRUE where the metadata does not say. */
gboolean wf_provider_metadata_supports_scope (const WfProviderMetadata *metadata,
                                              const char               *scope);
gboolean wf_provider_metadata_supports_grant (const WfProviderMetadata *metadata,
                                              const char               *grant_type);
/* The default where the metadata does not say is client_secret_basic (Discovery §3). */
gboolean wf_provider_metadata_supports_auth_method (const WfProviderMetadata *metadata,
                                                    WfAuthMethod              method);

G_END_DECLS
