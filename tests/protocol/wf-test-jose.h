/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gnutls/abstract.h>

G_BEGIN_DECLS

/* Keys made on the spot, and tokens signed with them, honest ones and forged ones. */

typedef struct _WfTestKey WfTestKey;

WfTestKey *wf_test_key_new_rsa (guint bits);
/* @curve: "P-256", "P-384", "P-521", "Ed25519", "Ed448" */
WfTestKey *wf_test_key_new_curve (const char *curve);
void wf_test_key_free (WfTestKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfTestKey, wf_test_key_free)

/* The public half as a JWK. @members: more of its members, such as "\"kid\":\"a\"", or NULL. */
char *wf_test_key_to_jwk (const WfTestKey *key,
                          const char      *members);

/* A key set of JWK texts, NULL-terminated. */
char *wf_test_make_jwks (const char *first,
                         ...) G_GNUC_NULL_TERMINATED;

/* The signature of @input under the JWS algorithm @algorithm, in the form that JWS has. */
GBytes *wf_test_key_sign_bytes (const WfTestKey *key,
                                const char      *algorithm,
                                const char      *input);

/* A compact JWS over texts taken as they are. */
char *wf_test_key_sign (const WfTestKey *key,
                        const char      *algorithm,
                        const char      *header,
                        const char      *payload);
char *wf_test_sign_hmac (gconstpointer  secret,
                         gsize          length,
                         const char    *algorithm,
                         const char    *header,
                         const char    *payload);

/* header "." payload, both encoded. */
char *wf_test_make_input (const char *header,
                          const char *payload);
char *wf_test_attach (const char *input,
                      GBytes     *signature);

G_END_DECLS
