/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_PAGE (wf_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (WfPage, wf_page, WF, PAGE, AdwBin)

/**
 * WfPage:
 *
 * A page of the dashboard. Follows one session, and is told to update once, before the next frame,
 * however many of its properties changed; while it is not on screen it is told when it comes back.
 *
 * Property "session" (WfSession, nullable).
 */
struct _WfPageClass
{
  AdwBinClass parent_class;

  /* Another session was set; old handlers with @self as their data are gone. May be NULL. */
  void (*session_changed) (WfPage *self);
  /* Shows the session, which is not NULL. */
  void (*update) (WfPage *self);
  /* Puts the keyboard into the page's search; FALSE where there is nothing to search. May be NULL. */
  gboolean (*search) (WfPage *self);
};

/* Returns: (transfer none) (nullable) */
WfSession *wf_page_get_session (WfPage *self);
void wf_page_queue_update (WfPage *self);
gboolean wf_page_search (WfPage *self);

G_END_DECLS
