/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-history.h"

G_BEGIN_DECLS

/* The history in words; no GTK in here. */

/* Returns: (transfer none): "Sign-in", "Refresh" */
const char *wf_event_words_kind (const WfEvent *event);
/* Returns: (transfer none): "by hand", "by schedule" */
const char *wf_event_words_cause (const WfEvent *event);
/* Returns: (transfer none): "Done", or the error's name */
const char *wf_event_words_result (const WfEvent *event);
gboolean wf_event_is_failure (const WfEvent *event);

/* Returns: (transfer full): a comma-separated table with a header line, times RFC 3339, as RFC 4180 has it */
char *wf_event_export (GPtrArray *events);
/* Returns: (transfer full): the same as a JSON array of objects; what is not known is null */
char *wf_event_export_json (GPtrArray *events);
/* Returns: whether @text is in what the table says of an event, or in the error's name; case does not matter */
gboolean wf_event_contains (const WfEvent *event,
                            const char    *text);

/* Returns: a step of seconds, round for a clock, of which at most @count fit in @span */
gint64 wf_chart_pick_step (gint64 span,
                           guint  count);

G_END_DECLS
