/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-session.h"

G_BEGIN_DECLS

/* Fills an expander row with what the session's provider says that it can do, in words. Where that is not known, the
 * provider is asked when the row is opened. */
void wf_provider_row_show (AdwExpanderRow *row,
                           WfSession      *session);

G_END_DECLS
