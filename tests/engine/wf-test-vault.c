/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-vault.h"

#include "wf-error.h"

/* How one kind of call behaves. */
typedef struct
{
  guint count;
  int   fail_code; /* -1: none */
  guint fail_from;
  guint fail_until;
  guint hold_from;   /* G_MAXUINT: never */
  guint hold_answer; /* of this call; G_MAXUINT: of none */
} Behaviour;

struct _WfTestVault
{
  GObject     parent_instance;

  GHashTable *documents; /* (element-type utf8 SecretValue) */
  Behaviour   calls[WF_TEST_VAULT_N_CALLS];
  GPtrArray  *held;      /* (element-type GTask) */
  GPtrArray  *answers;   /* (element-type GTask): done, and not told yet */
  gboolean    forgetful;
};

/* The data of a call's GTask. */
typedef struct
{
  WfTestVaultCall call;
  char           *id;
  SecretValue    *document;
  int             fail_code; /* -1: it goes well */
  gboolean        answer_waits;
} Call;

static void wf_test_vault_vault_init (WfVaultInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfTestVault, wf_test_vault, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WF_TYPE_VAULT, wf_test_vault_vault_init))

static void
call_free (Call *call)
{
  g_clear_pointer (&call->document, secret_value_unref);
  g_free (call->id);
  g_free (call);
}

static void
perform (WfTestVault *self,
         GTask       *task)
{
  Call *call = g_task_get_task_data (task);
  SecretValue *document = g_hash_table_lookup (self->documents, call->id);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "The call was cancelled.");
      return;
    }
  if (call->fail_code >= 0)
    {
      g_task_return_new_error (task, WF_ERROR, call->fail_code, "The keyring fails.");
      return;
    }
  switch (call->call)
    {
    case WF_TEST_VAULT_STORE:
      if (!self->forgetful)
        g_hash_table_replace (self->documents, g_strdup (call->id), secret_value_ref (call->document));
      break;
    case WF_TEST_VAULT_CLEAR:
      g_hash_table_remove (self->documents, call->id);
      break;
    case WF_TEST_VAULT_LOAD:
    default:
      call->document = document ? secret_value_ref (document) : NULL;
      break;
    }
  if (call->answer_waits)
    g_ptr_array_add (self->answers, g_object_ref (task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
begin (WfVault            *vault,
       WfTestVaultCall     kind,
       const char         *id,
       SecretValue        *document,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  WfTestVault *self = WF_TEST_VAULT (vault);
  Behaviour *behaviour = &self->calls[kind];
  g_autoptr (GTask) task = g_task_new (vault, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);
  guint number = behaviour->count++;

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->call = kind;
  call->id = g_strdup (id);
  call->document = document ? secret_value_ref (document) : NULL;
  call->fail_code = number >= behaviour->fail_from && number < behaviour->fail_until ? behaviour->fail_code : -1;
  call->answer_waits = number == behaviour->hold_answer;
  if (number >= behaviour->hold_from)
    g_ptr_array_add (self->held, g_steal_pointer (&task));
  else
    perform (self, task);
}

static void
wf_test_vault_load_async (WfVault            *vault,
                          const char         *id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  begin (vault, WF_TEST_VAULT_LOAD, id, NULL, cancellable, callback, user_data);
}

static gboolean
wf_test_vault_load_finish (WfVault      *vault,
                           GAsyncResult *result,
                           SecretValue **document,
                           GError      **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  *document = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *document = call->document ? secret_value_ref (call->document) : NULL;
  return TRUE;
}

static void
wf_test_vault_store_async (WfVault            *vault,
                           const char         *id,
                           SecretValue        *document,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  begin (vault, WF_TEST_VAULT_STORE, id, document, cancellable, callback, user_data);
}

static void
wf_test_vault_clear_async (WfVault            *vault,
                           const char         *id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  begin (vault, WF_TEST_VAULT_CLEAR, id, NULL, cancellable, callback, user_data);
}

static gboolean
wf_test_vault_boolean_finish (WfVault      *vault,
                              GAsyncResult *result,
                              GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
wf_test_vault_vault_init (WfVaultInterface *iface)
{
  iface->load_async = wf_test_vault_load_async;
  iface->load_finish = wf_test_vault_load_finish;
  iface->store_async = wf_test_vault_store_async;
  iface->store_finish = wf_test_vault_boolean_finish;
  iface->clear_async = wf_test_vault_clear_async;
  iface->clear_finish = wf_test_vault_boolean_finish;
}

static void
wf_test_vault_finalize (GObject *object)
{
  WfTestVault *self = WF_TEST_VAULT (object);

  g_hash_table_unref (self->documents);
  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->answers);
  G_OBJECT_CLASS (wf_test_vault_parent_class)->finalize (object);
}

static void
wf_test_vault_class_init (WfTestVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_test_vault_finalize;
}

static void
wf_test_vault_init (WfTestVault *self)
{
  self->documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, secret_value_unref);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->answers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < WF_TEST_VAULT_N_CALLS; i++)
    {
      self->calls[i].fail_code = -1;
      self->calls[i].hold_from = G_MAXUINT;
      self->calls[i].hold_answer = G_MAXUINT;
    }
}

WfTestVault *
wf_test_vault_new (void)
{
  return g_object_new (WF_TYPE_TEST_VAULT, NULL);
}

void
wf_test_vault_fail (WfTestVault    *self,
                    WfTestVaultCall call,
                    int             code,
                    guint           after)
{
  self->calls[call].fail_code = code;
  self->calls[call].fail_from = self->calls[call].count + after;
  self->calls[call].fail_until = G_MAXUINT;
}

void
wf_test_vault_fail_once (WfTestVault    *self,
                         WfTestVaultCall call,
                         int             code,
                         guint           after)
{
  wf_test_vault_fail (self, call, code, after);
  self->calls[call].fail_until = self->calls[call].fail_from + 1;
}

void
wf_test_vault_fail_all (WfTestVault *self,
                        int          code)
{
  for (guint i = 0; i < WF_TEST_VAULT_N_CALLS; i++)
    wf_test_vault_fail (self, (WfTestVaultCall) i, code, 0);
}

void
wf_test_vault_set_forgetful (WfTestVault *self,
                             gboolean     forgetful)
{
  self->forgetful = forgetful;
}

void
wf_test_vault_hold (WfTestVault    *self,
                    WfTestVaultCall call,
                    guint           after)
{
  self->calls[call].hold_from = self->calls[call].count + after;
}

void
wf_test_vault_hold_answer (WfTestVault    *self,
                           WfTestVaultCall call,
                           guint           after)
{
  self->calls[call].hold_answer = self->calls[call].count + after;
}

guint
wf_test_vault_get_n_held (WfTestVault *self)
{
  return self->held->len + self->answers->len;
}

void
wf_test_vault_release (WfTestVault *self)
{
  g_autoptr (GPtrArray) held = g_steal_pointer (&self->held);
  g_autoptr (GPtrArray) answers = g_steal_pointer (&self->answers);

  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->answers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < WF_TEST_VAULT_N_CALLS; i++)
    self->calls[i].hold_from = G_MAXUINT;
  for (guint i = 0; i < held->len; i++)
    perform (self, g_ptr_array_index (held, i));
  for (guint i = 0; i < answers->len; i++)
    g_task_return_boolean (g_ptr_array_index (answers, i), TRUE);
}

guint
wf_test_vault_count (WfTestVault    *self,
                     WfTestVaultCall call)
{
  return self->calls[call].count;
}

guint
wf_test_vault_get_n_items (WfTestVault *self)
{
  return g_hash_table_size (self->documents);
}

SecretValue *
wf_test_vault_peek (WfTestVault *self,
                    const char  *id)
{
  return g_hash_table_lookup (self->documents, id);
}

void
wf_test_vault_put (WfTestVault *self,
                   const char  *id,
                   SecretValue *document)
{
  if (document)
    g_hash_table_replace (self->documents, g_strdup (id), secret_value_ref (document));
  else
    g_hash_table_remove (self->documents, id);
}

WfTokenSet *
wf_test_vault_read (WfTestVault *self,
                    const char  *id)
{
  SecretValue *document = wf_test_vault_peek (self, id);
  g_autoptr (GError) error = NULL;
  WfTokenSet *set = document ? wf_token_set_parse (document, &error) : NULL;

  g_assert_no_error (error);
  return set;
}

void
wf_test_vault_write (WfTestVault *self,
                     const char  *id,
                     WfTokenSet  *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) document = wf_token_set_serialize (set, &error);

  g_assert_no_error (error);
  wf_test_vault_put (self, id, document);
}
