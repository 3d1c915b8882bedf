/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* application/x-www-form-urlencoded, as RFC 6749 appendix B asks: UTF-8, everything but
 * unreserved characters percent-encoded, space as "+". */

typedef struct _WfForm WfForm;

WfForm *wf_form_new (void);
void wf_form_free (WfForm *form); /* wipes the values */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfForm, wf_form_free)

/* Appends a field; a NULL @value appends nothing. Order is kept. */
void wf_form_add (WfForm     *form,
                  const char *name,
                  const char *value);

/* Returns: (transfer full): the encoded text; wipe it where it holds a secret (WfWipedString). */
char *wf_form_encode (WfForm *form);

guint wf_form_get_length (const WfForm *form);
const char *wf_form_get_name (const WfForm *form, guint index);
const char *wf_form_get_value (const WfForm *form, guint index);

/* Returns: (transfer none) (nullable): the value of the only field of that name. */
const char *wf_form_lookup (const WfForm *form,
                            const char   *name);
/* How many fields of that name there are. */
guint wf_form_count (const WfForm *form,
                     const char   *name);

/* Strict decoding of a query or body: valid percent escapes, valid UTF-8, no NUL, at most
 * @max_fields; "" gives an empty form. An empty field ("a&&b") is skipped.
 * Returns: (transfer full): NULL with WF_ERROR_MALFORMED_RESPONSE */
WfForm *wf_form_decode (const char  *text,
                        guint        max_fields,
                        GError     **error);

/* Returns: (transfer full): one value percent-encoded for a form. */
char *wf_form_encode_value (const char *value);

G_END_DECLS
