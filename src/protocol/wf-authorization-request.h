/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-provider-metadata.h"
#include "wf-secret.h"

G_BEGIN_DECLS

#define WF_TYPE_AUTHORIZATION_REQUEST (wf_authorization_request_get_type ())

/**
 * WfAuthorizationRequest:
 *
 * One attempt to sign in: the URI to open and what its answer will be checked
 * against (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core 1.0 §3.1.2.1).
 * Immutable, reference-counted, used once.
 */
typedef struct _WfAuthorizationRequest WfAuthorizationRequest;

GType wf_authorization_request_get_type (void);
WfAuthorizationRequest *wf_authorization_request_ref (WfAuthorizationRequest *request);
void wf_authorization_request_unref (WfAuthorizationRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfAuthorizationRequest, wf_authorization_request_unref)

/**
 * wf_authorization_request_new:
 * @redirect_uri: the very redirect URI of this attempt, a loopback one with its port put in
 *
 * Makes state, nonce (where the scope has openid) and code verifier, each of 256
 * random bits, and the URI: response_type=code, client_id, redirect_uri, scope, state,
 * nonce, code_challenge with S256, audience, resource, the extra parameters, and
 * prompt=consent where offline_access is asked of a provider that is not Auth0
 * and the extra parameters do not say otherwise (OpenID Connect Core 1.0 §11).
 *
 * Returns: (transfer full): %NULL with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT
 */
WfAuthorizationRequest *wf_authorization_request_new (const WfAccount          *account,
                                                      const WfProviderMetadata *metadata,
                                                      const char               *redirect_uri,
                                                      GError                  **error);

const char *wf_authorization_request_get_uri (const WfAuthorizationRequest *request);
const char *wf_authorization_request_get_redirect_uri (const WfAuthorizationRequest *request);
const char *wf_authorization_request_get_issuer (const WfAuthorizationRequest *request);
const char *wf_authorization_request_get_state (const WfAuthorizationRequest *request);
/* NULL where openid was not asked */
const char *wf_authorization_request_get_nonce (const WfAuthorizationRequest *request);
const char *wf_authorization_request_get_scope (const WfAuthorizationRequest *request);
/* max_age of the extra parameters in seconds, -1 where not asked */
gint64 wf_authorization_request_get_max_age (const WfAuthorizationRequest *request);
/* acr_values of the extra parameters, NULL where not asked */
const char *wf_authorization_request_get_acr_values (const WfAuthorizationRequest *request);
/* whether the provider says that its answer carries iss (RFC 9207 §3) */
gboolean wf_authorization_request_expects_iss (const WfAuthorizationRequest *request);
/* Returns: (transfer none) */
SecretValue *wf_authorization_request_get_code_verifier (const WfAuthorizationRequest *request);

/* Returns: (transfer full): BASE64URL(SHA256(ASCII(@verifier))), RFC 7636 §4.2 */
char *wf_authorization_request_make_challenge (const char *verifier);

/**
 * wf_authorization_response_parse:
 * @request: the request that this answers
 * @uri: the captured redirect URI, at most WF_REDIRECT_MAX_BYTES
 *
 * Takes the code out of a redirect, after checking in this order: the URI is
 * the request's redirect URI; no parameter of code, state, iss, error stands
 * twice (RFC 6749 §3.1); state is the request's (constant time); iss is the
 * request's issuer, and is there where the provider promised it (RFC 9207 §2.4);
 * an error beats a code. The fragment is ignored.
 *
 * Returns: (transfer full): the code; %NULL with WF_ERROR_STATE_MISMATCH,
 *   WF_ERROR_ISSUER_MISMATCH, WF_ERROR_MALFORMED_RESPONSE or WF_ERROR_OAUTH
 */
SecretValue *wf_authorization_response_parse (const WfAuthorizationRequest *request,
                                              const char                   *uri,
                                              GError                      **error);

G_END_DECLS
