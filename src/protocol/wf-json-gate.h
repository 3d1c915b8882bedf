/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The strict gate itself, for wf-json.c alone; see wf_json_parse() for what it lets through. */

/**
 * wf_json_gate_check:
 * @wide: (out) (optional) (transfer full) (element-type guint32): for each integer
 *   that does not fit in 64 bits the byte after its end, in order
 *
 * Returns: %FALSE with WF_ERROR_RESPONSE_TOO_LARGE or WF_ERROR_MALFORMED_RESPONSE
 */
gboolean wf_json_gate_check (const char  *text,
                             gsize        length,
                             gsize        max_bytes,
                             GArray     **wide,
                             GError     **error);

G_END_DECLS
