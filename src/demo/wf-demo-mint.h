/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-demo-context.h"

G_BEGIN_DECLS

/**
 * WfDemoMintRequest:
 *
 * Which tokens one answer of the token endpoint is to have. Borrowed.
 */
typedef struct
{
  WfDemoGrant       *grant;
  const char        *scope;         /* the grant's, or narrower */
  const char        *audience;      /* nullable */
  const char *const *resources;     /* never NULL */
  const char        *refresh_token; /* nullable */
  gboolean           is_refresh;    /* no nonce in the ID token (OpenID Connect Core 1.0 §12.2) */
} WfDemoMintRequest;

/* Issues an access token (a JWT of RFC 9068 where an audience or a resource is asked, else opaque)
 * and, with the scope openid, an ID token. Returns: (transfer full): RFC 6749 §5.1 */
JsonObject *wf_demo_mint (WfDemoContext           *context,
                          const WfDemoMintRequest *request);

G_END_DECLS
