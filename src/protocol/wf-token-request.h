/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-authorization-request.h"

G_BEGIN_DECLS

#define WF_TYPE_TOKEN_REQUEST (wf_token_request_get_type ())

/**
 * WfTokenRequest:
 *
 * One form to POST to the token or the revocation endpoint, with the client's
 * authentication in it. Immutable, reference-counted; the secrets in it are
 * wiped with it.
 */
typedef struct _WfTokenRequest WfTokenRequest;

GType wf_token_request_get_type (void);
WfTokenRequest *wf_token_request_ref (WfTokenRequest *request);
void wf_token_request_unref (WfTokenRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfTokenRequest, wf_token_request_unref)

/* In each: @client_secret: (nullable), needed where the account's auth_method asks for one:
 * NULL with WF_ERROR_USAGE where it is missing. The endpoint is checked again
 * (WF_ERROR_INSECURE_ENDPOINT). */

/* RFC 6749 §4.1.3 with RFC 7636 §4.5; resources of the account are repeated (RFC 8707 §2.2) */
WfTokenRequest *wf_token_request_new_code (const WfAccount              *account,
                                           const WfProviderMetadata     *metadata,
                                           SecretValue                  *client_secret,
                                           const WfAuthorizationRequest *authorization,
                                           SecretValue                  *code,
                                           GError                      **error);

/* RFC 6749 §6. @audience: (nullable): another audience than the account's, for one more
 * access token. No scope is sent, so that none is lost. */
WfTokenRequest *wf_token_request_new_refresh (const WfAccount          *account,
                                              const WfProviderMetadata *metadata,
                                              SecretValue              *client_secret,
                                              SecretValue              *refresh_token,
                                              const char               *audience,
                                              GError                  **error);

/* RFC 7009 §2.1. @hint: "refresh_token" or "access_token" */
WfTokenRequest *wf_token_request_new_revocation (const WfAccount          *account,
                                                 const WfProviderMetadata *metadata,
                                                 SecretValue              *client_secret,
                                                 SecretValue              *token,
                                                 const char               *hint,
                                                 GError                  **error);

const char *wf_token_request_get_endpoint (const WfTokenRequest *request);
/* Returns: (transfer none): the encoded form */
SecretValue *wf_token_request_get_body (const WfTokenRequest *request);
/* Returns: (transfer none) (nullable): the value of the Authorization header; id and
 * secret are form-encoded before base64 (RFC 6749 §2.3.1) */
SecretValue *wf_token_request_get_authorization (const WfTokenRequest *request);

G_END_DECLS
