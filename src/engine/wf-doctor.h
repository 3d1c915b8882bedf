/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session.h"

G_BEGIN_DECLS

typedef enum
{
  WF_FINDING_OK,
  WF_FINDING_NOTE,
  WF_FINDING_WARNING,
  WF_FINDING_PROBLEM,
} WfSeverity;
/* "ok", "note", "warning", "problem" */
const char *wf_severity_to_string (WfSeverity severity);

/* What a finding helps to answer. */
typedef enum
{
  WF_TOPIC_SESSION,
  WF_TOPIC_REFRESH_TOKEN, /* Why is there no refresh token? */
  WF_TOPIC_SIGNED_OUT,    /* Why was I signed out? */
  WF_TOPIC_API,           /* Why does the API refuse my token? */
  WF_TOPIC_PROVIDER,
} WfDoctorTopic;
#define WF_N_DOCTOR_TOPICS (WF_TOPIC_PROVIDER + 1)
/* "session", "refresh_token", "signed_out", "api", "provider" */
const char *wf_doctor_topic_to_string (WfDoctorTopic topic);
/* Returns: (transfer none): the question where something was found, else what the topic is called */
const char *wf_doctor_topic_get_title (WfDoctorTopic topic,
                                       WfSeverity    worst);

/**
 * WfFinding:
 *
 * One thing that was found: what it is, and what to do about it.
 */
typedef struct
{
  WfSeverity    severity;
  WfDoctorTopic topic;
  char         *name;     /* stable, for scripts */
  char         *sentence; /* translated, clean */
  char         *advice;   /* translated; nullable: there is nothing to do */
} WfFinding;
void wf_finding_free (WfFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfFinding, wf_finding_free)

/* Returns: (transfer full): a point in time in words, as the one who asks writes it */
typedef char *(*WfFormatTime) (gint64 time,
                               gint64 now);

/**
 * WfDoctorEvidence:
 *
 * What is known of one account; borrowed. What is not known is NULL, and nothing is said of it.
 */
typedef struct
{
  const WfAccount          *account;
  WfSessionState            state;
  const WfTokenSet         *tokens;         /* nullable: the keyring could not be read */
  const GError             *keyring_error;  /* nullable */
  const WfProviderMetadata *metadata;       /* nullable */
  const GError             *metadata_error; /* nullable: why there is none */
  gboolean                  keys_known;     /* the provider was asked for its keys */
  const WfJwks             *keys;           /* nullable: it names none */
  const GError             *keys_error;     /* nullable */
  const GPtrArray          *events;         /* (element-type WfEvent) (nullable): newest first */
  gint64                    now;
  WfFormatTime              format_time;
} WfDoctorEvidence;

/**
 * wf_doctor_judge:
 *
 * Judges what is known: no request, no clock, no file. The findings are in the order in which they are told,
 * by topic.
 *
 * Returns: (element-type WfFinding) (transfer full)
 */
GPtrArray *wf_doctor_judge (const WfDoctorEvidence *evidence);

/* Returns: the worst of @findings, or of one topic's. */
WfSeverity wf_doctor_get_worst (const GPtrArray *findings);
WfSeverity wf_doctor_get_worst_of (const GPtrArray *findings,
                                   WfDoctorTopic    topic);

/**
 * wf_session_diagnose_async:
 * @format_time: how times are written
 *
 * Reads the keyring again, asks the provider what it is and which keys it has, reads the history, and
 * judges. What cannot be had is a finding and no failure.
 * Returns from _finish: (element-type WfFinding) (transfer full): NULL with WF_ERROR_CANCELLED
 */
void wf_session_diagnose_async (WfSession          *self,
                                WfFormatTime        format_time,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
GPtrArray *wf_session_diagnose_finish (WfSession    *self,
                                       GAsyncResult *result,
                                       GError      **error);

G_END_DECLS
