/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>
#include "wf-clock.h"

G_BEGIN_DECLS

#define WF_TYPE_CLAIMS_VIEW (wf_claims_view_get_type ())
G_DECLARE_FINAL_TYPE (WfClaimsView, wf_claims_view, WF, CLAIMS_VIEW, GtkBox)

/**
 * WfClaimsView:
 *
 * The values of a JSON object as a tree that can be searched: each with its name and, of registered claims, its
 * meaning; objects and arrays open. As high as it is while it is short, then in a scroller of its own, where only the
 * rows on screen are made.
 *
 * Property "n-shown" (uint, read-only): how many values there are, or were found.
 */
GtkWidget *wf_claims_view_new (void);

/* @claims: (nullable). @header: (nullable): searched too. @clock: (nullable): whose time it is; the real one */
void wf_claims_view_set (WfClaimsView *self,
                         JsonObject   *claims,
                         JsonObject   *header,
                         WfClock      *clock);
/* Puts the keyboard into the search entry. */
void wf_claims_view_search (WfClaimsView *self);

G_END_DECLS
