/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-claims.h"
#include "wf-clock.h"

G_BEGIN_DECLS

#define WF_TYPE_CLAIM_ROW (wf_claim_row_get_type ())
G_DECLARE_FINAL_TYPE (WfClaimRow, wf_claim_row, WF, CLAIM_ROW, GtkListBoxRow)

/**
 * WfClaimRow:
 *
 * One claim: its name as it stands in the token, what it means, and its value; a time is
 * told as a distance that ticks, with the date in a tooltip.
 */
GtkWidget *wf_claim_row_new (const char *name,
                             JsonNode   *value,
                             WfClock    *clock);

/* What became of a claim since the token before. */
GtkWidget *wf_claim_row_new_change (const WfClaimChange *change,
                                    WfClock             *clock);

G_END_DECLS
