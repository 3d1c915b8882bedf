/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-id-token.h"
#include "wf-jws.h"

G_BEGIN_DECLS

/* A token of 1 MiB, and the white space that it may have been wrapped with. */
#define WF_INSPECTION_MAX_BYTES (WF_JWT_MAX_BYTES + 64 * 1024)

#define WF_TYPE_INSPECTION (wf_inspection_get_type ())

/**
 * WfInspection:
 *
 * What somebody pasted, dropped or opened to look into it: one token, or one key set. Immutable,
 * reference-counted.
 */
typedef struct _WfInspection WfInspection;
struct _WfInspection
{
  /* of a token */
  SecretValue    *token; /* its text, without what was around it; nullable */
  WfJwt          *jwt;   /* nullable */
  /* of a key set */
  WfJwks         *keys;    /* nullable */
  GPtrArray      *reports; /* (element-type WfKeyReport) (nullable) */
  gatomicrefcount ref_count;
};

GType wf_inspection_get_type (void);
WfInspection *wf_inspection_ref (WfInspection *inspection);
void wf_inspection_unref (WfInspection *inspection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfInspection, wf_inspection_unref)

/**
 * wf_inspection_parse:
 * @text: (array length=length): as it was pasted; it need not be UTF-8
 *
 * A text that begins as JSON is a key set or a single key; everything else is a token in compact
 * serialization. What comes with a token when it is copied is dropped: white space around and within it,
 * quotes around it, "Authorization:" and "Bearer" before it.
 *
 * Returns: (transfer full): %NULL with WF_ERROR_USAGE where there is nothing,
 *   WF_ERROR_RESPONSE_TOO_LARGE or WF_ERROR_MALFORMED_RESPONSE
 */
WfInspection *wf_inspection_parse (const char  *text,
                                   gsize        length,
                                   GError     **error);

/* Returns: (transfer full): the verdict on a signature that nobody wanted to be checked; of an encrypted token what
 * wf_jws_verify() says */
WfVerification *wf_inspection_skip (const WfJwt *jwt);

/* Returns: (transfer none): the contract's word: "verified", "unverified" or "invalid" */
const char *wf_inspection_get_word (const WfVerification *verification);

/* Returns: (transfer full): the "inspect --json" document of the contract */
JsonNode *wf_inspection_describe (const WfJwt          *jwt,
                                  const WfVerification *verification);

/* Returns: FALSE with WF_ERROR_SIGNATURE_INVALID unless a key stands behind the token */
gboolean wf_inspection_judge (const WfVerification *verification,
                              GError              **error);

/**
 * wf_inspection_check:
 * @issuer: (nullable): whose keys it was checked with
 * @now: seconds since the epoch
 *
 * What can be checked of a token of which nothing is known: its signature where there was a key, its
 * issuer where one is expected, and its times (RFC 7519 §4.1) with WF_DEFAULT_SKEW.
 *
 * Returns: (element-type WfCheck) (transfer full)
 */
GPtrArray *wf_inspection_check (const WfJwt          *jwt,
                                const WfVerification *verification,
                                const char           *issuer,
                                gint64                now);

G_END_DECLS
