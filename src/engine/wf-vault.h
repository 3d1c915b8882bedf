/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-secret.h"

G_BEGIN_DECLS

#define WF_TYPE_VAULT (wf_vault_get_type ())
G_DECLARE_INTERFACE (WfVault, wf_vault, WF, VAULT, GObject)

/**
 * WfVault:
 *
 * One secret document per account. Errors of every call: WF_ERROR_KEYRING_LOCKED (also:
 * the prompt was dismissed), WF_ERROR_KEYRING_UNAVAILABLE (no keyring at all),
 * WF_ERROR_KEYRING_FAILED, WF_ERROR_CANCELLED.
 */
struct _WfVaultInterface
{
  GTypeInterface parent;

  gboolean is_volatile;

  void (*load_async) (WfVault *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*load_finish) (WfVault *self, GAsyncResult *result, SecretValue **document, GError **error);
  void (*store_async) (WfVault *self, const char *id, SecretValue *document, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*store_finish) (WfVault *self, GAsyncResult *result, GError **error);
  void (*clear_async) (WfVault *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*clear_finish) (WfVault *self, GAsyncResult *result, GError **error);
};

/* Returns: whether the documents end with the process. */
gboolean wf_vault_is_volatile (WfVault *self);
/* @id: the account's UUID */
void wf_vault_load_async (WfVault            *self,
                          const char         *id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);
/* @document: (out) (transfer full) (nullable): NULL where there is no item, which is no error */
gboolean wf_vault_load_finish (WfVault      *self,
                               GAsyncResult *result,
                               SecretValue **document,
                               GError      **error);
/* Replaces the item in one atomic write. */
void wf_vault_store_async (WfVault            *self,
                           const char         *id,
                           SecretValue        *document,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
gboolean wf_vault_store_finish (WfVault      *self,
                                GAsyncResult *result,
                                GError      **error);
/* Deletes the item; one that is not there is no error. */
void wf_vault_clear_async (WfVault            *self,
                           const char         *id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data);
gboolean wf_vault_clear_finish (WfVault      *self,
                                GAsyncResult *result,
                                GError      **error);

/* The desktop keyring, through libsecret's simple API. */
WfVault *wf_secret_vault_new (void);
/* For tests: how long one of its calls waits for a person at the keyring's prompt, instead of 5 minutes. */
void wf_secret_vault_set_patience (WfVault *vault,
                                   guint    milliseconds);
/* Nothing leaves the process. */
WfVault *wf_memory_vault_new (void);

G_END_DECLS
