/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-host.h"

G_BEGIN_DECLS

#define WF_TYPE_DOCTOR_DIALOG (wf_doctor_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WfDoctorDialog, wf_doctor_dialog, WF, DOCTOR_DIALOG, AdwWindow)

/**
 * WfDoctorDialog:
 *
 * What was found about an account, by the question that it answers, and what to do about it; the worst first. What is
 * in order stands together at the end.
 */
void wf_doctor_dialog_present (WfHost    *host,
                               WfSession *session);

G_END_DECLS
