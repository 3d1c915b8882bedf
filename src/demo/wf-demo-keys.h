/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include "wf-demo-server.h"

G_BEGIN_DECLS

/**
 * WfDemoKeys:
 *
 * The provider's signing keys, made at start and never written anywhere.
 */
typedef struct _WfDemoKeys WfDemoKeys;

WfDemoKeys *wf_demo_keys_new (WfDemoAlgorithm algorithm);
void wf_demo_keys_free (WfDemoKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfDemoKeys, wf_demo_keys_free)

/* Makes a new key to sign with; of the old ones the newest stays in the key set. */
void wf_demo_keys_rotate (WfDemoKeys *keys);

/* "ES256" or "RS256" */
const char *wf_demo_keys_get_algorithm (const WfDemoKeys *keys);
const char *wf_demo_keys_get_key_id (const WfDemoKeys *keys);

/* Returns: (transfer full): the key set, RFC 7517 §5 */
JsonObject *wf_demo_keys_to_jwks (const WfDemoKeys *keys);

/* Returns: (transfer full): compact serialization, RFC 7515 §7.1 */
char *wf_demo_keys_sign (const WfDemoKeys *keys,
                         JsonObject       *header,
                         JsonObject       *claims);

G_END_DECLS
