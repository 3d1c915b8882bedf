/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-error.h"
#include "wf-uri.h"

G_BEGIN_DECLS

/* How a URI is taken apart, for wf-uri*.c alone. Written here because a check is only
 * as good as the certainty that everything else cuts the URI at the same places:
 * nothing is decoded, nothing is forgiven. */

/* A part of a URI as it stands; text is NULL where the part is absent. */
typedef struct
{
  const char *text;
  gsize       length;
} WfUriPart;

/* RFC 3986 appendix B, and the authority of §3.2 taken apart. */
typedef struct
{
  WfUriPart scheme;
  WfUriPart authority;
  WfUriPart host; /* without brackets */
  WfUriPart port;
  WfUriPart path;
  WfUriPart query;
  WfUriPart fragment;
  gboolean  has_userinfo;
  gboolean  is_ipv6;
} WfUriParts;

gboolean wf_uri_part_is (WfUriPart   part,
                         const char *text); /* in any case */
char *wf_uri_part_dup (WfUriPart part);
/* Returns: whether a path is empty or "/". */
gboolean wf_uri_part_is_root (WfUriPart part);

/* Returns: whether @text has the shape of an absolute URI; characters are judged elsewhere. */
gboolean wf_uri_split (const char *text,
                       WfUriParts *uri);
/* The same, and every character and the length are RFC 3986's and ours. */
gboolean wf_uri_split_strictly (const char *text,
                                WfUriParts *uri);

gboolean wf_uri_has_valid_host (const WfUriParts *uri);
gboolean wf_uri_has_loopback_host (const WfUriParts *uri);
gboolean wf_uri_is_web (const WfUriParts *uri); /* https or http */
/* Returns: the port, 0 where none is given, -1 where it is none */
int wf_uri_get_port (const WfUriParts *uri);
int wf_uri_get_default_port (const WfUriParts *uri);
/* Returns: (transfer full) (nullable): the host in ASCII and lower case, without brackets */
char *wf_uri_get_ascii_host (const WfUriParts *uri);

/* Sets the error. @message: (transfer full). Returns: FALSE */
gboolean wf_uri_refuse (WfError   code,
                        char     *message,
                        GError  **error);

G_END_DECLS
