/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include "wf-secret.h"
#include "wf-session.h"

G_BEGIN_DECLS

/* Nothing that a server said may reach a terminal as it stands: everything printed goes
 * through here, where control characters are dropped or escaped. */

/* Returns: (transfer full): @text on one line, without control and direction characters; of any length */
char *wf_cli_clean (const char *text);
/* Returns: (transfer full): JSON text of which the same characters are escaped in its strings */
char *wf_cli_escape_json (const char *json);

/* Prints one cleaned line on standard output. */
void wf_cli_print (const char *format,
                   ...) G_GNUC_PRINTF (1, 2);
/* "  Label            value"; nothing where @value is NULL. */
void wf_cli_print_field (const char *label,
                         const char *value);
/* Prints a node as indented JSON. */
void wf_cli_print_json (JsonNode *node);
void wf_cli_print_object (JsonObject *object);
/* Prints a program text of several lines, which may hold secrets. */
void wf_cli_print_program (const char *program);
/* Writes the secret and a newline past every buffer. Returns: FALSE with WF_ERROR_MALFORMED_RESPONSE where it
 * is not visible ASCII, or WF_ERROR_STORAGE_FAILED */
gboolean wf_cli_print_secret (SecretValue *secret,
                              GError     **error);
/* The same, with @prefix before it on its line. */
gboolean wf_cli_print_secret_after (const char  *prefix,
                                    SecretValue *secret,
                                    GError     **error);
/* Returns: FALSE with WF_ERROR_MALFORMED_RESPONSE where @secret is not visible ASCII */
gboolean wf_cli_check_secret (SecretValue *secret,
                              GError     **error);
/* Returns: FALSE with WF_ERROR_STORAGE_FAILED where something printed so far could not be written. */
gboolean wf_cli_flush (GError **error);

/* One cleaned line on standard error, for a person who waits. */
void wf_cli_tell (const char *format,
                  ...) G_GNUC_PRINTF (1, 2);
/* One line "warifuctl: warning: sentence" on standard error. */
void wf_cli_warn (const char *format,
                  ...) G_GNUC_PRINTF (1, 2);
/* Returns: what to say of @error; GIO has words of its own for what was cancelled, and in its own style */
const char *wf_cli_get_sentence (const GError *error);
/* One line "warifuctl: NAME: sentence" on standard error. */
void wf_cli_print_error (const GError *error);
/* Returns: (transfer full): {"name","description"} */
JsonNode *wf_cli_error_to_json (const GError *error);

/* Returns: (transfer full): @text padded with spaces to @width columns of a terminal */
char *wf_cli_pad (const char *text,
                  guint       width);
/* Returns: how many columns of a terminal @text takes. */
guint wf_cli_get_width (const char *text);
/* Returns: (transfer full): "2026-11-22T13:20:00Z (in 43 min)"; "unknown" */
char *wf_cli_format_time (gint64 time,
                          gint64 now);

/* For JsonBuilder: the value, or null where it is NULL or unknown. */
void wf_cli_add_string (JsonBuilder *builder,
                        const char  *name,
                        const char  *value);
void wf_cli_add_time (JsonBuilder *builder,
                      const char  *name,
                      gint64       time);

G_END_DECLS
