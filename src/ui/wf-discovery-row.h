/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-provider-metadata.h"

G_BEGIN_DECLS

#define WF_TYPE_DISCOVERY_ROW (wf_discovery_row_get_type ())
G_DECLARE_FINAL_TYPE (WfDiscoveryRow, wf_discovery_row, WF, DISCOVERY_ROW, AdwActionRow)

/**
 * WfDiscoveryRow:
 *
 * What a provider said of itself when it was asked, in one line: "Found: 6 endpoints, PKCE, refresh tokens", or why nothing
 * was found. Hidden while there is nothing to say.
 */

/* @metadata: (nullable): what was found. @error: (nullable): why nothing was */
void wf_discovery_row_show (WfDiscoveryRow           *self,
                            const WfProviderMetadata *metadata,
                            const GError             *error);

G_END_DECLS
