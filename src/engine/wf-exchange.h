/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include "wf-secret.h"
#include "wf-tls-peer.h"

G_BEGIN_DECLS

#define WF_TYPE_EXCHANGE (wf_exchange_get_type ())
/* What is kept of an answer. */
#define WF_EXCHANGE_BODY_MAX_BYTES (64 * 1024)

/* Where something stands in an exchange. */
typedef enum
{
  WF_EXCHANGE_REQUEST_URI,
  WF_EXCHANGE_REQUEST_HEADERS,
  WF_EXCHANGE_REQUEST_BODY,
  WF_EXCHANGE_RESPONSE_HEADERS,
  WF_EXCHANGE_RESPONSE_BODY,
} WfExchangePart;

/**
 * WfExchangeSecret:
 *
 * What was masked in an exchange: a token, a code, a verifier, a credential.
 */
typedef struct
{
  WfExchangePart part;
  char          *name;   /* of the parameter, header or member */
  char          *masked; /* as it stands in the texts of the exchange */
  SecretValue   *value;
} WfExchangeSecret;

/**
 * WfExchange:
 *
 * One message and its answer as they really were, for the Flow page. In its texts secrets are
 * masked; what was masked is kept beside them as SecretValue, for a person who asks to see it, until
 * wf_exchange_forget_secrets(). Not changed otherwise once it is in a flow; reference-counted.
 */
typedef struct _WfExchange WfExchange;
struct _WfExchange
{
  char   *what;             /* "token endpoint", "authorization endpoint", … */
  char   *method;
  char   *uri;              /* secret query parameters masked */
  char   *request_headers;  /* "Name: value\n" lines, Authorization masked */
  char   *request_body;     /* "name=value\n" lines, secrets masked; nullable */
  guint   status;           /* 0: no answer */
  char   *reason;           /* what the status means, "OK"; nullable */
  char   *response_headers; /* nullable */
  char   *response_body;    /* JSON pretty, secrets masked; nullable; cut at 64 KiB */
  char   *error;            /* a sentence; nullable */
  GPtrArray *secrets;       /* (element-type WfExchangeSecret): in the order in which they stand */
  gboolean by_address;      /* it went through the sign-in view or the browser: only its address was seen */
  gint64  started_at;       /* microseconds since the epoch */
  gint64  duration_us;      /* whole exchange; -1 unknown */
  gint64  dns_us, connect_us, tls_us, wait_us, receive_us; /* one after the other; -1: unknown, or not
                                                              needed on a connection that was kept */
  WfTlsPeer *tls;           /* nullable: in clear, or no connection came about */
  gatomicrefcount ref_count;
};
GType wf_exchange_get_type (void);
WfExchange *wf_exchange_new (void);
WfExchange *wf_exchange_ref (WfExchange *exchange);
void wf_exchange_unref (WfExchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfExchange, wf_exchange_unref)

/* What follows fills an exchange before it is put into a flow: masked, and the secrets kept. */
void wf_exchange_set_uri (WfExchange *exchange,
                          const char *uri);
void wf_exchange_set_form (WfExchange  *exchange,
                           SecretValue *form);
void wf_exchange_set_answer (WfExchange *exchange,
                             GBytes     *body);
/* @part: of the request's headers, or of the response's */
void wf_exchange_add_header (WfExchange    *exchange,
                             WfExchangePart part,
                             const char    *name,
                             const char    *value);
/* Keeps what was masked elsewhere; a very long value is not kept. */
void wf_exchange_keep_secret (WfExchange    *exchange,
                              WfExchangePart part,
                              const char    *name,
                              const char    *masked,
                              SecretValue   *value);
/* From now on what is masked stays so. */
void wf_exchange_forget_secrets (WfExchange *exchange);
/* @number: 0 for the first of those that look alike, 1 for the next, …
 * Returns: (transfer none) (nullable): what is behind a masked text; NULL where it is gone, or was no secret */
const WfExchangeSecret *wf_exchange_find_secret (const WfExchange *exchange,
                                                 WfExchangePart    part,
                                                 const char       *name,
                                                 const char       *masked,
                                                 guint             number);

/* Returns: (transfer full): the URI with the values of secret query parameters masked */
char *wf_exchange_mask_uri (const char *uri);
/* Returns: (transfer full): form text as lines, secrets masked */
char *wf_exchange_mask_form (const char *form);
/* Returns: (transfer full): a JSON body pretty-printed, members with secrets masked; a note of its
 * size where it is no JSON */
char *wf_exchange_mask_body (GBytes *body);
/* Returns: (transfer full): a server's words without those that could be a token */
char *wf_exchange_mask_text (const char *text);

/**
 * WfFlow:
 *
 * What one sign-in, refresh or sign-out did, step by step; at most 64 steps.
 */
#define WF_TYPE_FLOW (wf_flow_get_type ())
G_DECLARE_FINAL_TYPE (WfFlow, wf_flow, WF, FLOW, GObject)

typedef enum
{
  WF_LANE_PERSON, /* the window or browser */
  WF_LANE_WARIFU,
  WF_LANE_SERVER, /* authorization server */
  WF_LANE_API,    /* resource server */
} WfLane;

typedef struct
{
  WfLane      from;
  WfLane      to;       /* the same as from: a check, or a thing done at home */
  char       *title;    /* "state matches", "POST /oauth/token" */
  char       *detail;   /* nullable */
  gboolean    failed;
  gint64      time;     /* microseconds since the epoch */
  WfExchange *exchange; /* nullable */
} WfFlowStep;

WfFlow *wf_flow_new (const char *title,
                     gint64      started_at);
const char *wf_flow_get_title (WfFlow *self);
gint64 wf_flow_get_started_at (WfFlow *self); /* microseconds */
guint wf_flow_get_n_steps (WfFlow *self);
const WfFlowStep *wf_flow_get_step (WfFlow *self,
                                    guint   index);
gboolean wf_flow_get_failed (WfFlow *self);
/* Forgets what is masked in every exchange of it. */
void wf_flow_forget_secrets (WfFlow *self);
/* Adds what @record did, step by step. @harmless: what failed there does not make this flow a failed one */
void wf_flow_append (WfFlow  *self,
                     WfFlow  *record,
                     gboolean harmless);
/* Emits "changed". @exchange: (nullable) */
void wf_flow_add (WfFlow     *self,
                  WfLane      from,
                  WfLane      to,
                  const char *title,
                  const char *detail,
                  gboolean    failed,
                  gint64      time,
                  WfExchange *exchange);

G_END_DECLS
