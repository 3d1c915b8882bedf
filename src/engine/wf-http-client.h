/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-account.h"
#include "wf-exchange.h"
#include "wf-http-probe.h"
#include "wf-secret.h"

G_BEGIN_DECLS

#define WF_HTTP_MAX_BYTES (1024 * 1024)
#define WF_HTTP_DEADLINE_SECONDS 20

#define WF_TYPE_HTTP_CLIENT (wf_http_client_get_type ())
G_DECLARE_FINAL_TYPE (WfHttpClient, wf_http_client, WF, HTTP_CLIENT, GObject)

/**
 * WfHttpClient:
 *
 * HTTP as an OAuth client needs it: a total deadline on every exchange, a bound on
 * decoded bytes, no redirect followed, no cookie, no cache, no password dialog, no
 * Origin header, nothing sent twice. One per set of network settings (CA
 * file, proxy, client certificate).
 */

/* @account: (nullable): whose ca_file, proxy and client_certificate to use.
 * Returns: (transfer full): NULL with WF_ERROR_TLS_ERROR or WF_ERROR_USAGE where a file cannot be used */
WfHttpClient *wf_http_client_new (const WfAccount *account,
                                  GError         **error);
/* For tests: another deadline than WF_HTTP_DEADLINE_SECONDS. */
void wf_http_client_set_deadline (WfHttpClient *self,
                                  guint         milliseconds);

typedef struct
{
  const char  *what;          /* the endpoint's name, "token endpoint", for sentences and the record */
  const char  *uri;           /* checked again: https, or http on loopback */
  SecretValue *form;          /* (nullable): POSTed as a form; NULL: GET */
  SecretValue *authorization; /* (nullable): the Authorization header's value */
  const char  *accept;        /* (nullable): "application/json" */
  WfFlow      *flow;          /* (nullable): where the exchange is recorded, secrets masked */
  WfHttpProbe *probe;         /* (nullable): watches; the deadline is then of each phase, not of the whole */
  gboolean     is_api;        /* it goes to the resource server, and is recorded so */
} WfHttpRequest;

typedef struct _WfHttpResponse WfHttpResponse;
struct _WfHttpResponse
{
  guint       status;
  char       *content_type;     /* media type without parameters, lower case; nullable */
  GBytes     *body;             /* decoded */
  gint64      retry_after;      /* seconds from Retry-After or X-RateLimit-Reset; -1 */
  gint64      max_age;          /* of Cache-Control, seconds; -1; 0 for no-store and no-cache */
  gint64      date;             /* the server's Date, seconds since the epoch; WF_TIME_UNKNOWN */
  gint64      clock_skew;       /* server's Date minus our time, seconds; 0 where unknown */
  char       *www_authenticate; /* nullable */
};
void wf_http_response_free (WfHttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfHttpResponse, wf_http_response_free)

/* Any status is a success here; errors: WF_ERROR_TIMEOUT, WF_ERROR_OFFLINE, WF_ERROR_TLS_ERROR,
 * WF_ERROR_RESPONSE_TOO_LARGE, WF_ERROR_INSECURE_ENDPOINT, WF_ERROR_MALFORMED_RESPONSE (broken HTTP),
 * WF_ERROR_CANCELLED. */
void wf_http_client_send_async (WfHttpClient        *self,
                                const WfHttpRequest *request,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);
/* @sent: (out) (optional): whether the request may have reached the server */
WfHttpResponse *wf_http_client_send_finish (WfHttpClient  *self,
                                            GAsyncResult  *result,
                                            gboolean      *sent,
                                            GError       **error);

G_END_DECLS
