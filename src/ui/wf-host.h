/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-engine.h"

G_BEGIN_DECLS

#define WF_TYPE_HOST (wf_host_get_type ())
G_DECLARE_INTERFACE (WfHost, wf_host, WF, HOST, GtkWidget)

/**
 * WfHost:
 *
 * What pages and dialogs ask of the window that they belong to: to say something, to go to an account, and what the
 * person has chosen in the preferences. A window implements it, and includes its pages; no page includes a window.
 *
 * Every function takes a NULL host: then nothing is said, and a preference has its first value.
 */
struct _WfHostInterface
{
  GTypeInterface parent_interface;

  WfEngine  *(*get_engine)   (WfHost     *self);
  GSettings *(*get_settings) (WfHost     *self);
  void       (*toast)        (WfHost     *self,
                              WfSession  *session, /* nullable: said only while its state stays what it is */
                              const char *text);
  void       (*select)       (WfHost     *self,
                              WfSession  *session);
  void       (*edit_account) (WfHost     *self,
                              WfSession  *session);
  void       (*sign_in)      (WfHost     *self,
                              WfSession  *session,
                              gboolean    use_browser);
};

/* Returns: (transfer none) (nullable): the host that @widget is in, or that its dialog was opened over */
WfHost *wf_host_of (GtkWidget *widget);

/* Returns: (transfer none) (nullable) */
WfEngine *wf_host_get_engine (WfHost *self);

void wf_host_toast (WfHost     *self,
                    const char *text);
/* Says what is true only for as long as the session's state stays what it is. */
void wf_host_toast_state (WfHost     *self,
                          WfSession  *session,
                          const char *text);
/* Says nothing of a cancellation. @error: (nullable) */
void wf_host_toast_error (WfHost       *self,
                          const GError *error);

/* Shows the session's dashboard, or its sign-in where one is under way. */
void wf_host_select (WfHost    *self,
                     WfSession *session);
void wf_host_edit_account (WfHost    *self,
                           WfSession *session);
/* @use_browser: in the person's browser, not in the window */
void wf_host_sign_in (WfHost    *self,
                      WfSession *session,
                      gboolean   use_browser);

/* How long a copied secret stays on the clipboard; 0 for as long as it likes. */
guint wf_host_get_clipboard_seconds (WfHost *self);
/* How long a token may stay revealed; at least 1. */
guint wf_host_get_reveal_seconds (WfHost *self);
/* Whether pictures may be fetched from others than the provider. */
gboolean wf_host_get_show_pictures (WfHost *self);

G_END_DECLS
