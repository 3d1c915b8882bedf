/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-jwks.h"

G_BEGIN_DECLS

/**
 * WfKeyReport:
 *
 * What a person wants to know of one key of a set, also of one that is not used. No part of a private or
 * shared key is in it. What the key does not say, or says with a wrong type, is %NULL or 0.
 */
typedef struct
{
  guint    position;   /* in the set, from 1 */
  char    *key_type;   /* "RSA", "EC", "OKP", "oct"; nullable */
  char    *key_id;     /* nullable */
  char    *algorithm;  /* nullable */
  char    *use;        /* "sig", "enc"; nullable */
  char    *operations; /* "verify", "sign, verify"; nullable */
  char    *curve;      /* "P-256"; nullable */
  guint    bits;       /* 0 unknown */
  char    *thumbprint; /* RFC 7638, SHA-256, base64url; nullable */
  gboolean is_private; /* more is in it than a verifier may know */
  char    *problem;    /* nullable: a sentence: why no signature is checked with it */
} WfKeyReport;
void wf_key_report_free (WfKeyReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfKeyReport, wf_key_report_free)

/**
 * wf_key_report_list:
 *
 * Describes every key of a set (RFC 7517 §5) or of a single bare key, in the set's order: those that
 * wf_jwks_parse() takes and those that it skips, up to the first WF_JWKS_MAX_KEYS.
 *
 * Returns: (element-type WfKeyReport) (transfer full): %NULL with the errors of wf_jwks_parse()
 */
GPtrArray *wf_key_report_list (const char  *json,
                               gsize        length,
                               GError     **error);

/**
 * wf_key_report_make_thumbprint:
 *
 * The SHA-256 thumbprint of RFC 7638 and RFC 8037 §2. There is none for a shared key: it would help to
 * guess it (RFC 7638 §7).
 *
 * Returns: (transfer full) (nullable): %NULL where a member that it needs is missing or no text
 */
char *wf_key_report_make_thumbprint (JsonObject *key);

G_END_DECLS
