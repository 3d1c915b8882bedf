/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-claim.h"
#include "wf-claims.h"
#include "wf-clock.h"

G_BEGIN_DECLS

#define WF_TYPE_CLAIM_ROW (wf_claim_row_get_type ())
G_DECLARE_FINAL_TYPE (WfClaimRow, wf_claim_row, WF, CLAIM_ROW, GtkBox)

/**
 * WfClaimRow:
 *
 * One claim: its name as it stands in the token, what it means, and its value; a time is
 * told as a distance that ticks, with the date in a tooltip. To be put into a row of a list.
 */
GtkWidget *wf_claim_row_new (void);

/* @clock: whose time it is */
void wf_claim_row_show (WfClaimRow *self,
                        WfClaim    *claim,
                        WfClock    *clock);
/* What became of a claim since the token before. */
void wf_claim_row_show_change (WfClaimRow          *self,
                               const WfClaimChange *change,
                               WfClock             *clock);
/* Returns: (transfer none): "exp: in 5 min (14:03)", for screen readers */
const char *wf_claim_row_get_spoken (WfClaimRow *self);

G_END_DECLS
