/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_PERSON_HEADER (wf_person_header_get_type ())
G_DECLARE_FINAL_TYPE (WfPersonHeader, wf_person_header, WF, PERSON_HEADER, GtkBox)

/**
 * WfPersonHeader:
 *
 * Who is signed in and where: name, email address, picture, issuer. A picture is fetched where it is the provider's own
 * host that has it, or where the preferences allow others.
 */
void wf_person_header_show (WfPersonHeader *self,
                            WfSession      *session);

G_END_DECLS
