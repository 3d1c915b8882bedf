/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo.h"

#include <glib/gi18n-lib.h>

#include "wf-demo-server.h"

struct _WfDemo
{
  GObject       parent_instance;

  WfDemoServer *server;
  WfEngine     *engine;
};

G_DEFINE_FINAL_TYPE (WfDemo, wf_demo, G_TYPE_OBJECT)

static void
on_loaded_sessions (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* The memory vault is empty: reading it only says so. */
  if (wf_session_load_finish (WF_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSession) session = NULL;

  session = wf_engine_save_account_finish (WF_ENGINE (source), result, &error);
  if (!session)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    wf_session_load_async (session, cancellable, on_loaded_sessions, g_steal_pointer (&task));
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfDemo *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (GError) error = NULL;

  if (!wf_engine_load_finish (WF_ENGINE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* Translators: the name of the demo's account */
  wf_account_set (&account->name, _("Demo"));
  wf_account_set (&account->issuer, wf_demo_server_get_issuer (self->server));
  wf_account_set (&account->client_id, WF_DEMO_CLIENT_ID);
  account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  wf_engine_save_account_async (self->engine, account, NULL /* client_secret */, cancellable, on_saved,
                                g_steal_pointer (&task));
}

static void
wf_demo_dispose (GObject *object)
{
  WfDemo *self = WF_DEMO (object);

  g_clear_object (&self->engine);
  if (self->server)
    wf_demo_server_stop (self->server);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (wf_demo_parent_class)->dispose (object);
}

static void
wf_demo_class_init (WfDemoClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_demo_dispose;
}

static void
wf_demo_init (WfDemo *self)
{
}

WfDemo *
wf_demo_new (GError **error)
{
  g_autoptr (WfDemo) self = g_object_new (WF_TYPE_DEMO, NULL);
  g_autoptr (WfVault) vault = wf_memory_vault_new ();
  WfEngineOptions options = { .vault = vault, .in_memory = TRUE, .allow_memory = TRUE, .automatic = TRUE };

  self->server = wf_demo_server_new (NULL /* options */);
  if (!wf_demo_server_start (self->server, 0, error))
    return NULL;
  self->engine = wf_engine_new (&options);
  return g_steal_pointer (&self);
}

WfEngine *
wf_demo_get_engine (WfDemo *self)
{
  g_return_val_if_fail (WF_IS_DEMO (self), NULL);

  return self->engine;
}

void
wf_demo_load_async (WfDemo             *self,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (WF_IS_DEMO (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_demo_load_async);
  wf_engine_load_async (self->engine, cancellable, on_loaded, task);
}

gboolean
wf_demo_load_finish (WfDemo       *self,
                     GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
