/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account-store.h"
#include "wf-session.h"

G_BEGIN_DECLS

#define WF_TYPE_ENGINE (wf_engine_get_type ())
G_DECLARE_FINAL_TYPE (WfEngine, wf_engine, WF, ENGINE, GObject)

typedef struct
{
  const char *config_dir;   /* nullable: $XDG_CONFIG_HOME/warifu */
  WfVault    *vault;        /* nullable: the desktop keyring */
  WfClock    *clock;        /* nullable: the real one */
  gboolean    in_memory;    /* no file is read or written: for the demo */
  gboolean    allow_memory; /* sessions go on without a keyring */
  gboolean    automatic;    /* sessions refresh by their policy, files are watched */
} WfEngineOptions;

/**
 * WfEngine:
 *
 * The accounts, their sessions and the parts they share. Implements GListModel of
 * WfSession, sorted by name. Sessions do not read the keyring by themselves; call
 * wf_session_load_async() or wf_engine_load_sessions().
 */
WfEngine *wf_engine_new (const WfEngineOptions *options);

/* Reads the accounts and makes their sessions. */
void wf_engine_load_async (WfEngine           *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
gboolean wf_engine_load_finish (WfEngine     *self,
                                GAsyncResult *result,
                                GError      **error);
/* Reads the keyring for every session, one after the other, without blocking. */
void wf_engine_load_sessions (WfEngine *self);

/* Returns: (transfer full): NULL with WF_ERROR_NO_SUCH_ACCOUNT */
WfSession *wf_engine_find (WfEngine   *self,
                           const char *name,
                           GError    **error);
WfAccountStore *wf_engine_get_store (WfEngine *self);
WfHistory *wf_engine_get_history (WfEngine *self);

/**
 * wf_engine_save_account_async:
 * @account: a new one, or an edited one with the id of an old one
 * @client_secret: (nullable): stored in the keyring where given; NULL leaves it as it is
 *
 * Errors: WF_ERROR_USAGE, WF_ERROR_STORAGE_FAILED, keyring errors (then the account is not added).
 * Returns from _finish: (transfer full): its session
 */
void wf_engine_save_account_async (WfEngine           *self,
                                   WfAccount          *account,
                                   SecretValue        *client_secret,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
WfSession *wf_engine_save_account_finish (WfEngine     *self,
                                          GAsyncResult *result,
                                          GError      **error);

/* Empties the keyring item, forgets the history, deletes the file. Does not revoke: sign out first. */
void wf_engine_remove_account_async (WfEngine           *self,
                                     WfSession          *session,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean wf_engine_remove_account_finish (WfEngine     *self,
                                          GAsyncResult *result,
                                          GError      **error);

G_END_DECLS
