/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-client.h"
#include "wf-application.h"
#include "wf-window.h"

G_BEGIN_DECLS

/**
 * UiFixture:
 *
 * The window over the demo server in the same process, all in memory. Pictures of it are
 * saved where WARIFU_SCREENSHOTS names a folder.
 */
typedef struct
{
  WfApplication *application;
  WfDemoServer  *server;
  DemoClient    *client;
  WfEngine      *engine;
  WfWindow      *window;
  WfSession     *session; /* of the account "Work account" */
} UiFixture;

/* @options: (nullable) */
UiFixture *ui_fixture_new (const WfDemoOptions *options);
/* Without an account and without a server. @vault: (nullable): memory */
UiFixture *ui_fixture_new_empty (WfVault *vault);
/* Starts the server and adds "Work account". */
void ui_fixture_begin (UiFixture           *fixture,
                       const WfDemoOptions *options);
void ui_fixture_free (UiFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UiFixture, ui_fixture_free)

/* Returns: (transfer full): the session of one more account */
WfSession *ui_fixture_add_account (UiFixture  *fixture,
                                   const char *name);
/* Through the authorize page, as the demo's person. */
void ui_fixture_sign_in (UiFixture *fixture,
                         WfSession *session);
/* FALSE where the refresh failed. */
gboolean ui_fixture_refresh (UiFixture *fixture,
                             WfSession *session);
void ui_fixture_show_page (UiFixture  *fixture,
                           const char *name);

/* Lets everything that is ready happen, and so many milliseconds pass. */
void ui_spin (guint milliseconds);
/* Spins until @done; fails the test after a minute. */
typedef gboolean (*UiPredicate) (gpointer data);
void ui_spin_until (UiPredicate done,
                    gpointer    data);

/* Makes the window so wide and high. */
void ui_fixture_resize (UiFixture *fixture,
                        int        width,
                        int        height);
void ui_fixture_take_picture (UiFixture  *fixture,
                              const char *name);

/* Returns: (transfer none) (nullable): the first visible widget below @root with this type, or with this
 * label or button label */
GtkWidget *ui_find_type (GtkWidget *root,
                         GType      type);
GtkWidget *ui_find_text (GtkWidget  *root,
                         const char *text);
GtkWidget *ui_find_button (GtkWidget  *root,
                           const char *label);

G_END_DECLS
