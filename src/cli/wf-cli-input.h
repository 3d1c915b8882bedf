/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include "wf-secret.h"

G_BEGIN_DECLS

#define WF_CLI_SECRET_MAX_BYTES 4096

/* Reads a client secret: one trailing newline is dropped. @path: "-" is standard input.
 * Returns: (transfer full): NULL with WF_ERROR_USAGE */
SecretValue *wf_cli_read_secret (const char *path,
                                 GError    **error);

/* Reads a file of at most @max_bytes. @path: (nullable): NULL and "-" are standard input.
 * Returns: (transfer full): wiped when it is freed; NULL with WF_ERROR_USAGE where it cannot be read,
 *   WF_ERROR_RESPONSE_TOO_LARGE */
GBytes *wf_cli_read_file (const char *path,
                          gsize       max_bytes,
                          GError    **error);

G_END_DECLS
