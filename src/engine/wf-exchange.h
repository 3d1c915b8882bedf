/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WF_TYPE_EXCHANGE (wf_exchange_get_type ())

/**
 * WfExchange:
 *
 * One message and its answer as they really were, for the Flow page. Secrets are
 * masked when it is made: no token, code, verifier or secret is ever in it.
 * Immutable, reference-counted.
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
  char   *response_headers; /* nullable */
  char   *response_body;    /* JSON pretty, secrets masked; nullable; cut at 64 KiB */
  char   *error;            /* a sentence; nullable */
  gint64  started_at;       /* microseconds since the epoch */
  gint64  duration_us;      /* whole exchange; -1 unknown */
  gint64  dns_us, connect_us, tls_us, wait_us, receive_us; /* -1 unknown */
  char   *tls_protocol;     /* "TLS-1.3"; nullable */
  gatomicrefcount ref_count;
};
GType wf_exchange_get_type (void);
WfExchange *wf_exchange_new (void);
WfExchange *wf_exchange_ref (WfExchange *exchange);
void wf_exchange_unref (WfExchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfExchange, wf_exchange_unref)

/* Returns: (transfer full): the URI with the values of secret query parameters masked */
char *wf_exchange_mask_uri (const char *uri);
/* Returns: (transfer full): form text as lines, secrets masked */
char *wf_exchange_mask_form (const char *form);
/* Returns: (transfer full): a JSON body pretty-printed, members with secrets masked; a note of its
 * size where it is no JSON */
char *wf_exchange_mask_body (GBytes *body);

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
