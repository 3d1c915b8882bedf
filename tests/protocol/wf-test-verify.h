/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jws.h"
#include "wf-test-jose.h"

G_BEGIN_DECLS

/* What the tests of signatures share: one key of each kind, and verdicts on tokens. */

#define WF_TEST_PAYLOAD "{\"iss\":\"https://id.example.org\",\"sub\":\"alice\"}"
#define WF_TEST_N_ALGORITHMS 13

/* Made once: RSA keys are slow to make. */
typedef struct
{
  WfTestKey *rsa;
  WfTestKey *other_rsa;
  WfTestKey *p256;
  WfTestKey *other_p256;
  WfTestKey *p384;
  WfTestKey *p521;
  WfTestKey *ed25519;
  WfTestKey *ed448;
  char      *set; /* of all but the others, each with a kid of its own name */
} WfTestKeys;

extern WfTestKeys wf_test_keys;

typedef struct
{
  const char *algorithm;
  WfTestKey **key;
  const char *key_id;
} WfTestAlgorithm;

extern const WfTestAlgorithm wf_test_algorithms[WF_TEST_N_ALGORITHMS];

void wf_test_keys_init (void);
void wf_test_keys_clear (void);

WfJwks *wf_test_parse_set (const char *json);

/* @json: (nullable): a key set. @secret: (nullable): a client secret */
WfVerification *wf_test_verify (const char *token,
                                const char *json,
                                const char *secret);
void wf_test_assert_verdict (const char   *what,
                             const char   *token,
                             const char   *json,
                             const char   *secret,
                             WfJwsVerdict  verdict);

/* A token of WF_TEST_PAYLOAD. @key_id: (nullable) */
char *wf_test_sign (const WfTestKey *key,
                    const char      *algorithm,
                    const char      *key_id);
/* A token of @header, signed by the RSA key as RS256. */
char *wf_test_sign_header (const char *header);

/* The token with other signature bytes. */
char *wf_test_replace_signature (const char   *token,
                                 const guint8 *signature,
                                 gsize         length);
GByteArray *wf_test_get_signature (const char *token);

G_END_DECLS
