/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define WF_JSON_MAX_BYTES (1024 * 1024)
#define WF_JSON_MAX_DEPTH 64
/* In one object: json-glib keeps members in a hash table, which has a worst case that a sender can choose; this many
 * take some tenths of a second then. */
#define WF_JSON_MAX_MEMBERS 10240

/**
 * wf_json_parse:
 * @text: (array length=length): bytes from outside
 * @max_bytes: longest text accepted, at most WF_JSON_MAX_BYTES
 *
 * The strict gate, and the only way by which JSON enters the program. It
 * accepts a text of RFC 8259 grammar in valid UTF-8 without a BOM, at most
 * WF_JSON_MAX_DEPTH deep, with at most WF_JSON_MAX_MEMBERS members in one object
 * and none of them twice (compared after unescaping), no NUL and no lone surrogate,
 * no number beyond a double's range, and nothing after it but white
 * space; only then json-glib parses it. Integers that do not fit in 64 bits
 * reach json-glib as doubles, so that none wraps.
 *
 * Runs without recursion and in time linear in @length.
 *
 * Returns: (transfer full): the root; on error %NULL with
 *   WF_ERROR_RESPONSE_TOO_LARGE or WF_ERROR_MALFORMED_RESPONSE (the message
 *   says what and at which byte, and quotes nothing of @text)
 */
JsonNode *wf_json_parse (const char  *text,
                         gsize        length,
                         gsize        max_bytes,
                         GError     **error);

/* As wf_json_parse(), and the root must be an object. Returns: (transfer full) */
JsonObject *wf_json_parse_object (const char  *text,
                                  gsize        length,
                                  gsize        max_bytes,
                                  GError     **error);

/* The gate alone, without building a tree (for benchmarks and fuzzing). */
gboolean wf_json_check (const char  *text,
                        gsize        length,
                        gsize        max_bytes,
                        GError     **error);

/* Typed getters. Each returns FALSE with WF_ERROR_MALFORMED_RESPONSE naming the member
 * where it has another type or breaks the bound. An absent member is no error: the out
 * value is NULL, or the given fallback. JSON null counts as a wrong type. */

/* @out: (transfer none): owned by @object. @max_bytes bounds the string. */
gboolean wf_json_get_string (JsonObject  *object,
                             const char  *member,
                             gsize        max_bytes,
                             const char **out,
                             GError     **error);

/* A whole number in [@minimum, @maximum]; doubles are accepted where they are whole.
 * Out of bounds is an error. */
gboolean wf_json_get_int (JsonObject  *object,
                          const char  *member,
                          gint64       minimum,
                          gint64       maximum,
                          gint64       fallback,
                          gint64      *out,
                          GError     **error);

gboolean wf_json_get_boolean (JsonObject  *object,
                              const char  *member,
                              gboolean     fallback,
                              gboolean    *out,
                              GError     **error);

/* @out: (transfer none) */
gboolean wf_json_get_object (JsonObject  *object,
                             const char  *member,
                             JsonObject **out,
                             GError     **error);

/* An array of strings, or (where @accept_single) one string. At most @max_items.
 * @out: (transfer full): NULL where absent */
gboolean wf_json_get_strv (JsonObject   *object,
                           const char   *member,
                           gboolean      accept_single,
                           guint         max_items,
                           char       ***out,
                           GError      **error);

/* Returns: (transfer full): the node as JSON text, indented by two spaces where @pretty. */
char *wf_json_to_string (JsonNode *node,
                         gboolean  pretty);
/* The same of an object. */
char *wf_json_object_to_string (JsonObject *object,
                                gboolean    pretty);

G_END_DECLS
