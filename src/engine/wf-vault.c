/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-vault.h"

G_DEFINE_INTERFACE (WfVault, wf_vault, G_TYPE_OBJECT)

static void
wf_vault_default_init (WfVaultInterface *iface)
{
}

gboolean
wf_vault_is_volatile (WfVault *self)
{
  g_return_val_if_fail (WF_IS_VAULT (self), FALSE);

  return WF_VAULT_GET_IFACE (self)->is_volatile;
}

void
wf_vault_load_async (WfVault            *self,
                     const char         *id,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_return_if_fail (WF_IS_VAULT (self));
  g_return_if_fail (id != NULL);

  WF_VAULT_GET_IFACE (self)->load_async (self, id, cancellable, callback, user_data);
}

gboolean
wf_vault_load_finish (WfVault      *self,
                      GAsyncResult *result,
                      SecretValue **document,
                      GError      **error)
{
  g_return_val_if_fail (WF_IS_VAULT (self), FALSE);
  g_return_val_if_fail (document != NULL, FALSE);

  *document = NULL;
  return WF_VAULT_GET_IFACE (self)->load_finish (self, result, document, error);
}

void
wf_vault_store_async (WfVault            *self,
                      const char         *id,
                      SecretValue        *document,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_return_if_fail (WF_IS_VAULT (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (document != NULL);

  WF_VAULT_GET_IFACE (self)->store_async (self, id, document, cancellable, callback, user_data);
}

gboolean
wf_vault_store_finish (WfVault      *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (WF_IS_VAULT (self), FALSE);

  return WF_VAULT_GET_IFACE (self)->store_finish (self, result, error);
}

void
wf_vault_clear_async (WfVault            *self,
                      const char         *id,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_return_if_fail (WF_IS_VAULT (self));
  g_return_if_fail (id != NULL);

  WF_VAULT_GET_IFACE (self)->clear_async (self, id, cancellable, callback, user_data);
}

gboolean
wf_vault_clear_finish (WfVault      *self,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (WF_IS_VAULT (self), FALSE);

  return WF_VAULT_GET_IFACE (self)->clear_finish (self, result, error);
}
