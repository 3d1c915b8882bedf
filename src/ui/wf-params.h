/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The extra parameters of an account as one line of text: "prompt=login&login_hint=alice", encoded as in a query. */

/* Returns: (transfer full) (nullable): "NAME=VALUE" each; NULL where @text is empty, or with an error
 * where it cannot be read */
char **wf_params_parse (const char *text,
                        GError    **error);
/* @params: (nullable). Returns: (transfer full) */
char *wf_params_format (char **params);

G_END_DECLS
