/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-secret.h"
#include "wf-time.h"

G_BEGIN_DECLS

#define WF_TOKEN_MAX_BYTES (512 * 1024)

#define WF_TYPE_TOKEN_RESPONSE (wf_token_response_get_type ())

/**
 * WfTokenResponse:
 *
 * What the token endpoint gave: RFC 6749 §5.1, OpenID Connect Core 1.0 §3.1.3.3.
 * Immutable, reference-counted. What the server did not say is NULL or -1.
 */
typedef struct _WfTokenResponse WfTokenResponse;
struct _WfTokenResponse
{
  SecretValue    *access_token;       /* never NULL */
  gint64          expires_in;         /* seconds; -1 unknown; 0 … ten years */
  SecretValue    *refresh_token;
  gint64          refresh_expires_in; /* refresh_expires_in or refresh_token_expires_in; -1 unknown */
  char           *scope;
  SecretValue    *id_token;
  gatomicrefcount ref_count;
};

GType wf_token_response_get_type (void);
WfTokenResponse *wf_token_response_ref (WfTokenResponse *response);
void wf_token_response_unref (WfTokenResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfTokenResponse, wf_token_response_unref)

/**
 * wf_token_response_parse:
 * @http_status: as received
 * @content_type: (nullable): the media type, without parameters
 * @retry_after: seconds, -1 unknown
 * @body: the decoded bytes
 *
 * Judges one answer of the token endpoint whole. A JSON "error" member is an
 * error whatever the status says (RFC 6749 §5.2; some servers answer 200).
 * 3xx is WF_ERROR_REDIRECT_REFUSED, 429 WF_ERROR_RATE_LIMITED, 5xx
 * WF_ERROR_SERVER_ERROR (also where their body has an OAuth error, except invalid_grant
 * is never taken from a 5xx or 429), other statuses without an OAuth error
 * WF_ERROR_UNEXPECTED_CONTENT_TYPE or WF_ERROR_MALFORMED_RESPONSE.
 * In a 200: JSON media type; token_type is there and is Bearer in any case
 * (WF_ERROR_UNSUPPORTED_TOKEN_TYPE); access_token is a non-empty string of
 * RFC 6750 §2.1 or at least of visible ASCII, at most WF_TOKEN_MAX_BYTES; the same for the
 * others; expires_in is a whole number or a string of digits, more than ten years is ten
 * years, and negative, null, boolean, fractional or beyond a double's whole range is an error.
 *
 * Returns: (transfer full): %NULL with the errors above
 */
WfTokenResponse *wf_token_response_parse (guint        http_status,
                                          const char  *content_type,
                                          gint64       retry_after,
                                          GBytes      *body,
                                          GError     **error);

/**
 * wf_response_check:
 *
 * Judges an answer that is not a token response (revocation, userinfo, discovery,
 * JWKS): TRUE for 2xx; else the error as above, an OAuth error of the body kept.
 * @what names the endpoint for the sentence.
 */
gboolean wf_response_check (const char  *what,
                            guint        http_status,
                            const char  *content_type,
                            gint64       retry_after,
                            GBytes      *body,
                            GError     **error);

/* Returns: whether a media type is application/json or ends in +json. */
gboolean wf_response_is_json (const char *content_type);

G_END_DECLS
