/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* There are no accounts and no passwords: whoever gives a name is that person. */

#define WF_DEMO_DEFAULT_USER "alice"
#define WF_DEMO_USER_MAX_LENGTH 32

/* Returns: (transfer full) (nullable): the user's name as it is kept, lower case; NULL where
 * @text cannot be one */
char *wf_demo_user_from_text (const char *text);

/* Adds sub, and what @scope allows: OpenID Connect Core 1.0 §5.4. */
void wf_demo_user_add_claims (const char *user,
                              const char *scope,
                              const char *issuer,
                              JsonObject *claims);

/* The scopes that can be granted. */
const char *const *wf_demo_user_get_scopes (void);

G_END_DECLS
