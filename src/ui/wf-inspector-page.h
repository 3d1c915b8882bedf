/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-inspection.h"

G_BEGIN_DECLS

#define WF_TYPE_INSPECTOR_PAGE (wf_inspector_page_get_type ())
G_DECLARE_FINAL_TYPE (WfInspectorPage, wf_inspector_page, WF, INSPECTOR_PAGE, AdwBin)

/**
 * WfInspectorPage:
 *
 * A token of nobody's account, and what its signature can be checked with: a key set, the keys of an issuer,
 * which are fetched when the person asks for it, or a client secret. Nothing of it is kept.
 *
 * Its buttons for key sets activate "inspector.paste" and "inspector.open" of the window.
 */
GtkWidget *wf_inspector_page_new (void);

/* @inspection: (nullable): of a token; NULL forgets the token and the secret */
void wf_inspector_page_set_token (WfInspectorPage *self,
                                  WfInspection    *inspection);
/* @keys: (nullable): to check with. @source: (nullable): where they come from, "keys.jwks"; not translated */
void wf_inspector_page_set_keys (WfInspectorPage *self,
                                 WfJwks          *keys,
                                 const char      *source);

G_END_DECLS
