/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Scopes are space-separated, case-sensitive, unordered (RFC 6749 §3.3). */

/* Returns: (transfer full): the tokens, sorted, no duplicates; an empty array for NULL */
char **wf_scope_split (const char *scope);
gboolean wf_scope_contains (const char *scope,
                            const char *token);
/* Returns: (transfer full): the tokens of @a that @b has not. */
char **wf_scope_subtract (const char *a,
                          const char *b);
/* Returns: FALSE with WF_ERROR_USAGE where a character is not allowed. */
gboolean wf_scope_check (const char  *scope,
                         GError     **error);

G_END_DECLS
