/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"
#include "wf-provider-metadata.h"

G_BEGIN_DECLS

/**
 * wf_api_address_list_bases:
 * @metadata: (nullable): not known yet
 *
 * Under which addresses an account's access token is at home: its audience and its resources where they are
 * web addresses, and the origin of the userinfo endpoint.
 *
 * Returns: (transfer full): in this order; may be empty
 */
char **wf_api_address_list_bases (const WfAccount          *account,
                                  const WfProviderMetadata *metadata);

/**
 * wf_api_address_is_under:
 *
 * Returns: whether @uri has the scheme, the host and the port of @base, and @base's path, whole segment by whole
 *   segment, begins its path. A path that could be read as another one ("..", in any encoding) is
 *   under nothing.
 */
gboolean wf_api_address_is_under (const char *uri,
                                  const char *base);

/**
 * wf_api_address_check:
 *
 * An access token goes nowhere but where it is at home (RFC 6750 §5.2, RFC 9700 §4.9): @uri must be
 * an https address (http on loopback only) under one of the bases.
 *
 * Returns: (transfer full): the base that it is under; %NULL with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT
 */
char *wf_api_address_check (const WfAccount          *account,
                            const WfProviderMetadata *metadata,
                            const char               *uri,
                            GError                  **error);

G_END_DECLS
