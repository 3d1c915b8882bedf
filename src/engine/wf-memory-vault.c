/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-vault.h"

#include <glib/gi18n-lib.h>
#include "wf-error.h"

#define WF_TYPE_MEMORY_VAULT (wf_memory_vault_get_type ())
G_DECLARE_FINAL_TYPE (WfMemoryVault, wf_memory_vault, WF, MEMORY_VAULT, GObject)

struct _WfMemoryVault
{
  GObject     parent_instance;
  GHashTable *documents; /* (element-type utf8 SecretValue) */
};

static void wf_memory_vault_vault_init (WfVaultInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfMemoryVault, wf_memory_vault, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WF_TYPE_VAULT, wf_memory_vault_vault_init))

static gboolean
return_if_cancelled (GTask *task)
{
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return FALSE;

  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("This was cancelled."));
  return TRUE;
}

static GTask *
make_task (WfVault            *vault,
           gpointer            source_tag,
           GCancellable       *cancellable,
           GAsyncReadyCallback callback,
           gpointer            user_data)
{
  GTask *task = g_task_new (vault, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  /* The errors of this interface are WF_ERROR's own. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static void
wf_memory_vault_load_async (WfVault            *vault,
                            const char         *id,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  WfMemoryVault *self = WF_MEMORY_VAULT (vault);
  g_autoptr (GTask) task = make_task (vault, wf_memory_vault_load_async, cancellable, callback, user_data);
  SecretValue *document = g_hash_table_lookup (self->documents, id);

  if (return_if_cancelled (task))
    return;

  g_task_return_pointer (task, document ? secret_value_ref (document) : NULL, secret_value_unref);
}

static gboolean
wf_memory_vault_load_finish (WfVault      *vault,
                             GAsyncResult *result,
                             SecretValue **document,
                             GError      **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (g_task_is_valid (result, vault), FALSE);

  *document = g_task_propagate_pointer (G_TASK (result), &local);
  if (!local)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
wf_memory_vault_store_async (WfVault            *vault,
                             const char         *id,
                             SecretValue        *document,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  WfMemoryVault *self = WF_MEMORY_VAULT (vault);
  g_autoptr (GTask) task = make_task (vault, wf_memory_vault_store_async, cancellable, callback, user_data);

  if (return_if_cancelled (task))
    return;

  g_hash_table_replace (self->documents, g_strdup (id), secret_value_ref (document));
  g_task_return_boolean (task, TRUE);
}

static void
wf_memory_vault_clear_async (WfVault            *vault,
                             const char         *id,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  WfMemoryVault *self = WF_MEMORY_VAULT (vault);
  g_autoptr (GTask) task = make_task (vault, wf_memory_vault_clear_async, cancellable, callback, user_data);

  if (return_if_cancelled (task))
    return;

  g_hash_table_remove (self->documents, id);
  g_task_return_boolean (task, TRUE);
}

static gboolean
wf_memory_vault_boolean_finish (WfVault      *vault,
                                GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, vault), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wf_memory_vault_finalize (GObject *object)
{
  WfMemoryVault *self = WF_MEMORY_VAULT (object);

  g_clear_pointer (&self->documents, g_hash_table_unref);

  G_OBJECT_CLASS (wf_memory_vault_parent_class)->finalize (object);
}

static void
wf_memory_vault_vault_init (WfVaultInterface *iface)
{
  iface->is_volatile = TRUE;
  iface->load_async = wf_memory_vault_load_async;
  iface->load_finish = wf_memory_vault_load_finish;
  iface->store_async = wf_memory_vault_store_async;
  iface->store_finish = wf_memory_vault_boolean_finish;
  iface->clear_async = wf_memory_vault_clear_async;
  iface->clear_finish = wf_memory_vault_boolean_finish;
}

static void
wf_memory_vault_class_init (WfMemoryVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_memory_vault_finalize;
}

static void
wf_memory_vault_init (WfMemoryVault *self)
{
  self->documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secret_value_unref);
}

WfVault *
wf_memory_vault_new (void)
{
  return g_object_new (WF_TYPE_MEMORY_VAULT, NULL);
}
