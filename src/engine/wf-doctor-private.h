/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-doctor.h"

G_BEGIN_DECLS

/* What the files wf-doctor*.c share; nobody else includes this. */

typedef struct
{
  const WfDoctorEvidence *evidence;
  GPtrArray              *findings;
  WfDoctorTopic           topic; /* of what is found now */
} WfDoctor;

/* Takes @sentence and @advice (nullable). */
void wf_doctor_find (WfDoctor   *doctor,
                     WfSeverity  severity,
                     const char *name,
                     char       *sentence,
                     char       *advice);
/* Returns: (transfer full): a time in words */
char *wf_doctor_format (const WfDoctor *doctor,
                        gint64          time);
/* Returns: (transfer full): "16 days", "3 hours" */
char *wf_doctor_format_duration (gint64 seconds);
/* Whose dashboard is to be opened. */
gboolean wf_doctor_is_auth0 (const WfDoctor *doctor);
/* Returns: whether the account's own parameters have NAME=VALUE, or any NAME where @value is NULL; VALUE may be one word of several. */
gboolean wf_doctor_has_param (const WfDoctor *doctor,
                              const char     *name,
                              const char     *value);
/* Returns: (transfer none) (nullable): the account's own access token */
const WfAccessToken *wf_doctor_get_access_token (const WfDoctor *doctor);

/* wf-doctor-refresh.c */
void wf_doctor_check_refresh_token (WfDoctor *doctor);
/* wf-doctor-history.c */
void wf_doctor_check_signed_out (WfDoctor *doctor);
/* wf-doctor-api.c */
void wf_doctor_check_api (WfDoctor *doctor);
/* wf-doctor-provider.c */
void wf_doctor_check_provider (WfDoctor *doctor);

G_END_DECLS
