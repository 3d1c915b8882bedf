/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsecret/secret.h>

G_BEGIN_DECLS

/* Secrets are SecretValue: non-pageable memory that is wiped at the last unref.
 * Of libsecret this room may use the value type and nothing else (lint holds it to that). */

/* Copies @text (@length bytes, -1: NUL-terminated) into a new secret; text/plain. */
SecretValue *wf_secret_new (const char *text,
                            gssize      length);

/* Overwrites @text before it is freed. NULL is accepted. */
void wf_secret_wipe_free (char *text);

/* Overwrites the string's own buffer, then frees it. NULL is accepted. */
void wf_secret_wipe_string (GString *string);

/* Returns: whether both hold the same bytes, compared in constant time; NULL equals NULL only. */
gboolean wf_secret_equal (SecretValue *a,
                          SecretValue *b);

/* Constant-time comparison of two NUL-terminated strings. */
gboolean wf_secret_text_equal (const char *a,
                               const char *b);

/* Returns: (transfer full): "abcd…wxyz"; only "…" for secrets shorter than 24 bytes. */
char *wf_secret_mask (const char *text);

/* Returns: (transfer full): GBytes over the memory of the secret, which they keep until they go; the
 * form that libsoup takes. */
GBytes *wf_secret_to_bytes (SecretValue *secret);

typedef char WfWipedString;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfWipedString, wf_secret_wipe_free)
#ifndef WF_HAVE_SECRET_VALUE_AUTOPTR
typedef SecretValue WfSecretValue;
static inline void
wf_secret_value_unref (SecretValue *value)
{
  if (value)
    secret_value_unref (value);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfSecretValue, wf_secret_value_unref)
#endif

/* Stores a new reference of @value in *@slot and drops the one it had; both may be NULL. */
void wf_secret_set (SecretValue **slot,
                    SecretValue  *value);

G_END_DECLS
