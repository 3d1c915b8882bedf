/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The values of a JSON object as list models; no GTK in here. */

#define WF_TYPE_CLAIM (wf_claim_get_type ())
G_DECLARE_FINAL_TYPE (WfClaim, wf_claim, WF, CLAIM, GObject)

/**
 * WfClaim:
 *
 * One value somewhere in a token, with the name or the number that it has there.
 */

/* Returns: (transfer none): "aud", "[2]"; of a result of a search the whole way, "address.locality" */
const char *wf_claim_get_name (WfClaim *self);
/* Returns: (transfer none) */
JsonNode *wf_claim_get_value (WfClaim *self);
/* Returns: (transfer none) (nullable): as of wf_claims_get_meaning(); of the claims themselves alone */
const char *wf_claim_get_meaning (WfClaim *self);
/* Returns: seconds since the epoch of a claim that is a time, WF_TIME_UNKNOWN where it is none. */
gint64 wf_claim_get_time (WfClaim *self);
/* Returns: (transfer full): the value as one line, cleaned and cut; what can be opened is counted where it is long */
char *wf_claim_format (WfClaim *self);
/* Returns: (transfer none) (nullable): the whole of a text that is too long for a row, as it came; NULL of every other value */
const char *wf_claim_get_long_text (WfClaim *self);
/* Returns: (transfer full): the whole value, as it is copied: a text as it came, everything else as JSON */
char *wf_claim_get_text (WfClaim *self);
/* Returns: (transfer full) (nullable): what is in it, as a list of WfClaim; NULL where it cannot be opened */
GListModel *wf_claim_open (WfClaim *self);

/**
 * wf_claim_list_new:
 * @object: (nullable)
 *
 * Returns: (transfer full): the object's members as a list of WfClaim, in the order of wf_claims_list(). Its items are
 * made when they are asked for.
 */
GListModel *wf_claim_list_new (JsonObject *object);

/**
 * wf_claim_list_search:
 * @object: (nullable): claims
 * @header: (nullable): a header, whose finds come last and are named "header.alg"
 * @query: what to look for in names, values and meanings, in any case
 *
 * Returns: (transfer full): a flat list of WfClaim of everything that fits, however deep
 */
GListModel *wf_claim_list_search (JsonObject *object,
                                  JsonObject *header,
                                  const char *query);

G_END_DECLS
