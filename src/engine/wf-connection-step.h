/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-http-probe.h"

G_BEGIN_DECLS

typedef enum
{
  WF_CONNECTION_SETTINGS,  /* the account's own files and addresses */
  WF_CONNECTION_NAME,      /* DNS */
  WF_CONNECTION_CONNECT,   /* TCP, to the provider or to the proxy */
  WF_CONNECTION_PROXY,     /* the proxy goes on to the provider */
  WF_CONNECTION_TLS,
  WF_CONNECTION_DISCOVERY,
  WF_CONNECTION_KEYS,
  WF_CONNECTION_TOKEN,     /* the token endpoint answers, whatever it says */
  WF_CONNECTION_CLOCK,
} WfConnectionKind;

typedef enum
{
  WF_CONNECTION_WAITING,
  WF_CONNECTION_RUNNING,
  WF_CONNECTION_PASSED,
  WF_CONNECTION_WARNING, /* it works, and something should be looked at */
  WF_CONNECTION_FAILED,
  WF_CONNECTION_SKIPPED, /* not needed, or a step before it failed */
} WfConnectionOutcome;

#define WF_TYPE_CONNECTION_STEP (wf_connection_step_get_type ())
G_DECLARE_FINAL_TYPE (WfConnectionStep, wf_connection_step, WF, CONNECTION_STEP, GObject)

/**
 * WfConnectionStep:
 *
 * One step of a WfConnectionTest. Signal "changed": its outcome, and what goes with it.
 */
WfConnectionStep *wf_connection_step_new (WfConnectionKind kind);
WfConnectionKind wf_connection_step_get_kind (WfConnectionStep *self);
WfConnectionOutcome wf_connection_step_get_outcome (WfConnectionStep *self);
/* Returns: (transfer none): one sentence: what was found and, where it failed, what to do; "" before the end */
const char *wf_connection_step_get_detail (WfConnectionStep *self);
/* Returns: microseconds; -1 where it did not run */
gint64 wf_connection_step_get_duration (WfConnectionStep *self);
/* Returns: (transfer none) (nullable): of WF_CONNECTION_TLS: with whom, also where that was refused */
WfTlsPeer *wf_connection_step_get_tls (WfConnectionStep *self);
/* Returns: (transfer none) (nullable): of a step that failed; its message is the detail */
const GError *wf_connection_step_get_error (WfConnectionStep *self);

/* What a person reads: "Name lookup". */
const char *wf_connection_kind_get_title (WfConnectionKind kind);
/* Stable, for scripts: "settings", "name", "connect", "proxy", "tls", "discovery", "keys", "token-endpoint", "clock" */
const char *wf_connection_kind_to_string (WfConnectionKind kind);
/* "Passed" */
const char *wf_connection_outcome_get_title (WfConnectionOutcome outcome);
/* Stable: "waiting", "running", "passed", "warning", "failed", "skipped" */
const char *wf_connection_outcome_to_string (WfConnectionOutcome outcome);

/* For the test. */
void wf_connection_step_begin (WfConnectionStep *self);
/* @detail: (transfer full) */
void wf_connection_step_end (WfConnectionStep   *self,
                             WfConnectionOutcome outcome,
                             char               *detail);
void wf_connection_step_fail (WfConnectionStep *self,
                              const GError     *error);
/* @peer: (nullable) */
void wf_connection_step_set_tls (WfConnectionStep *self,
                                 WfTlsPeer        *peer);

G_END_DECLS
