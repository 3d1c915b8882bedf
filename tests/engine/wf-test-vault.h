/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-token-set.h"
#include "wf-vault.h"

G_BEGIN_DECLS

typedef enum
{
  WF_TEST_VAULT_LOAD,
  WF_TEST_VAULT_STORE,
  WF_TEST_VAULT_CLEAR,
} WfTestVaultCall;
#define WF_TEST_VAULT_N_CALLS 3

#define WF_TYPE_TEST_VAULT (wf_test_vault_get_type ())
/* A keyring in memory that can be made to fail, to be slow, and to lie. Several sessions may share it, as processes
 * share the desktop's. */
G_DECLARE_FINAL_TYPE (WfTestVault, wf_test_vault, WF, TEST_VAULT, GObject)

WfTestVault *wf_test_vault_new (void);

/* From the call @after on (0: the next one) calls of this kind fail with @code; -1: no more. */
void wf_test_vault_fail (WfTestVault    *self,
                         WfTestVaultCall call,
                         int             code,
                         guint           after);
/* The same for the one call @after alone. */
void wf_test_vault_fail_once (WfTestVault    *self,
                              WfTestVaultCall call,
                              int             code,
                              guint           after);
/* Every kind, from now on. */
void wf_test_vault_fail_all (WfTestVault *self,
                             int          code);
/* What is stored is forgotten at once. */
void wf_test_vault_set_forgetful (WfTestVault *self,
                                  gboolean     forgetful);

/* From the call @after on calls of this kind wait, before anything is done, until they are released. */
void wf_test_vault_hold (WfTestVault    *self,
                         WfTestVaultCall call,
                         guint           after);
/* The one call @after does its work at once, and its answer waits. */
void wf_test_vault_hold_answer (WfTestVault    *self,
                                WfTestVaultCall call,
                                guint           after);
guint wf_test_vault_get_n_held (WfTestVault *self);
void wf_test_vault_release (WfTestVault *self);

/* Returns: how many calls of this kind there were, failed and held ones too */
guint wf_test_vault_count (WfTestVault    *self,
                           WfTestVaultCall call);
guint wf_test_vault_get_n_items (WfTestVault *self);

/* Returns: (transfer none) (nullable) */
SecretValue *wf_test_vault_peek (WfTestVault *self,
                                 const char  *id);
/* @document: (nullable): NULL takes the item away */
void wf_test_vault_put (WfTestVault *self,
                        const char  *id,
                        SecretValue *document);
/* Returns: (transfer full) (nullable): what the item holds */
WfTokenSet *wf_test_vault_read (WfTestVault *self,
                                const char  *id);
void wf_test_vault_write (WfTestVault *self,
                          const char  *id,
                          WfTokenSet  *set);

G_END_DECLS
