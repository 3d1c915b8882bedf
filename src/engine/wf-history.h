/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-secret.h"

G_BEGIN_DECLS

typedef enum
{
  WF_EVENT_SIGN_IN,
  WF_EVENT_REFRESH,
  WF_EVENT_SIGN_OUT,
  WF_EVENT_FAILURE,
} WfEventKind;

#define WF_TYPE_EVENT (wf_event_get_type ())
/**
 * WfEvent:
 *
 * One line of the history; no token, code, verifier or secret is ever in it. A
 * plain boxed value.
 */
typedef struct
{
  gint64      id;          /* of the row; 0 before it was stored */
  char       *account;     /* UUID */
  gint64      time;        /* microseconds since the epoch */
  WfEventKind kind;
  char       *cause;       /* "by-hand", "schedule", "before-action", "script", "window", "browser"; nullable */
  char       *result;      /* "ok" or an error's name */
  gint64      duration_us; /* -1 unknown */
  guint       generation;  /* of the refresh token afterwards; 0: none */
  gint64      expires_at;  /* of the access token; WF_TIME_UNKNOWN */
  char       *fingerprint; /* salted, truncated hash of the refresh token that was sent; nullable: none was */
} WfEvent;
GType wf_event_get_type (void);
WfEvent *wf_event_new (const char *account, WfEventKind kind);
WfEvent *wf_event_copy (const WfEvent *event);
void wf_event_free (WfEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfEvent, wf_event_free)
const char *wf_event_kind_to_string (WfEventKind kind); /* "sign-in", "refresh", "sign-out", "failure" */

#define WF_TYPE_HISTORY (wf_history_get_type ())
G_DECLARE_FINAL_TYPE (WfHistory, wf_history, WF, HISTORY, GObject)

/**
 * WfHistory:
 *
 * The events in SQLite, written in order by one thread of its own, and kept within bounds.
 * Signal "recorded" (const WfEvent*): on the main context of its maker.
 */
/* @path: (nullable): the database file; NULL: in memory. Opened at the first use; a damaged one is set aside. */
WfHistory *wf_history_new (const char *path);

#define WF_HISTORY_DEFAULT_EVENTS 20000
#define WF_HISTORY_DEFAULT_DAYS 365
/* How much of it is kept. */
typedef struct
{
  guint max_events; /* of each account; at least 1 */
  guint max_days;   /* 0: however old */
} WfHistoryBounds;
/* They stand in the file, so that every program that writes there goes by them. What is beyond them is dropped. */
void wf_history_set_bounds (WfHistory             *self,
                            const WfHistoryBounds *bounds);

/* Hands an event to the writer; never waits, never fails the caller. */
void wf_history_record (WfHistory *self,
                        const WfEvent *event);
/* The same, and the writer fills the fingerprint of @token (nullable), so that the same refresh token being used twice
 * can be seen. */
void wf_history_record_with_token (WfHistory     *self,
                                   const WfEvent *event,
                                   SecretValue   *token);
/* Returns: (transfer full) (nullable): what tells two refresh tokens apart in the history and nothing
 * else: a keyed hash, cut to 64 bits, as hexadecimal; the key is the database's own. NULL for NULL. */
char *wf_history_make_fingerprint (WfHistory   *self,
                                   SecretValue *token);
/* Newest first. @account: (nullable): all. Returns from _finish: (element-type WfEvent) (transfer full) */
void wf_history_query_async (WfHistory          *self,
                             const char         *account,
                             guint               limit,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
GPtrArray *wf_history_query_finish (WfHistory    *self,
                                    GAsyncResult *result,
                                    GError      **error);
typedef enum
{
  WF_HISTORY_ALL,
  WF_HISTORY_SIGN_INS,
  WF_HISTORY_REFRESHES,
  WF_HISTORY_SIGN_OUTS,
  WF_HISTORY_FAILURES, /* whatever failed */
} WfHistoryKinds;

/**
 * WfHistoryRange:
 *
 * A stretch of one account's events, newest first; borrowed only during a call.
 */
typedef struct
{
  const char    *account; /* nullable: all */
  WfHistoryKinds kinds;
  gint64         newest; /* id: events after it are as if they were not there; G_MAXINT64: none is */
  guint          offset; /* so many are passed over */
  guint          limit;
} WfHistoryRange;

/* How many events there are of an account; a plain value. */
typedef struct
{
  guint  count;
  guint  n_later; /* of them later than the id that was asked for */
  gint64 newest;  /* id; 0: there is none */
} WfHistoryExtent;

/* Newest first. Returns from wf_history_query_finish() */
void wf_history_read_async (WfHistory            *self,
                            const WfHistoryRange *range,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data);
/* @later_than: id; counts n_later */
void wf_history_measure_async (WfHistory           *self,
                               const char          *account,
                               WfHistoryKinds       kinds,
                               gint64               later_than,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data);
gboolean wf_history_measure_finish (WfHistory       *self,
                                    GAsyncResult    *result,
                                    WfHistoryExtent *extent,
                                    GError         **error);
/* Forgets an account's events. */
void wf_history_forget (WfHistory  *self,
                        const char *account);
/* Waits until everything recorded is on disk; call at the end of a program. */
void wf_history_flush (WfHistory *self);

G_END_DECLS
