/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-json.h"
#include "wf-secret.h"

G_BEGIN_DECLS

/**
 * wf_json_take_secrets:
 * @text: a text that has passed wf_json_check()
 * @max_depth: 1 for the members of the root object alone, 2 for those of its children too, …
 * @names: (array zero-terminated=1): which members hold secrets
 * @secrets: (out) (element-type SecretValue) (transfer full): their values
 *
 * json-glib keeps each string in ordinary memory that nobody wipes. This takes the string values of
 * the members called one of @names out of @text before json-glib sees it; where a value
 * stood, its place in @secrets stands, as a string of digits. Read it back with
 * wf_json_get_secret().
 *
 * Returns: (transfer full): a JSON text without these secrets
 */
GString *wf_json_take_secrets (const char        *text,
                               gsize              length,
                               guint              max_depth,
                               const char *const *names,
                               GPtrArray        **secrets);

/**
 * wf_json_get_secret:
 * @secrets: of wf_json_take_secrets()
 * @max_bytes: longest secret accepted
 * @out: (out) (transfer none): %NULL where the member is absent
 *
 * Returns: %FALSE with WF_ERROR_MALFORMED_RESPONSE where the member is no string or too long
 */
gboolean wf_json_get_secret (JsonObject   *object,
                             const char   *member,
                             GPtrArray    *secrets,
                             gsize         max_bytes,
                             SecretValue **out,
                             GError      **error);

/**
 * wf_json_append_string:
 *
 * Appends @text (UTF-8) to @out as a JSON string, quotes included, and leaves no other copy of it.
 * It never grows by more than six times the length of @text and two.
 */
void wf_json_append_string (GString    *out,
                            const char *text);

G_END_DECLS
