/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider-verify.h"

#define MAX_THREADS 2

/* The data of its GTask. */
typedef struct
{
  WfJwt       *jwt;
  SecretValue *client_secret; /* nullable */
  WfFlow      *flow;          /* nullable */
  WfJwks      *keys;          /* nullable */
  gboolean     refetched;
} Verify;

/* What the thread is given: values that are not changed. The data of a GTask of its own, for it may be freed there. */
typedef struct
{
  WfJwt       *jwt;
  SecretValue *client_secret;
  WfJwks      *keys;
} Sum;

static void on_keys (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data);

static void
verify_free (Verify *verify)
{
  g_clear_pointer (&verify->jwt, wf_jwt_unref);
  g_clear_pointer (&verify->client_secret, secret_value_unref);
  g_clear_pointer (&verify->keys, wf_jwks_unref);
  g_clear_object (&verify->flow);
  g_free (verify);
}

static void
sum_free (Sum *sum)
{
  g_clear_pointer (&sum->jwt, wf_jwt_unref);
  g_clear_pointer (&sum->client_secret, secret_value_unref);
  g_clear_pointer (&sum->keys, wf_jwks_unref);
  g_free (sum);
}

static void
verify_in_thread (gpointer data,
                  gpointer user_data)
{
  g_autoptr (GTask) task = data;
  const Sum *sum = g_task_get_task_data (task);

  /* GnuTLS lets several threads read one key */
  g_task_return_pointer (task, wf_jws_verify (sum->jwt, sum->keys, sum->client_secret),
                         (GDestroyNotify) wf_verification_unref);
}

/* Threads of our own: those of GIO may all wait for names of hosts, and a refresh token that was rotated is not stored before
 * the ID token beside it was checked. */
static GThreadPool *
get_threads (void)
{
  static gsize once;
  static GThreadPool *threads;

  if (g_once_init_enter (&once))
    {
      threads = g_thread_pool_new (verify_in_thread, NULL, MAX_THREADS, FALSE, NULL);
      g_once_init_leave (&once, 1);
    }
  return threads;
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfProvider *self = g_task_get_source_object (task);
  Verify *verify = g_task_get_task_data (task);
  g_autoptr (WfVerification) verification = g_task_propagate_pointer (G_TASK (result), NULL);

  if (verification->verdict == WF_JWS_NO_KEY && !verify->refetched)
    {
      verify->refetched = TRUE;
      wf_provider_get_keys_for_async (self, verify->flow, TRUE, g_task_get_cancellable (task), on_keys, g_object_ref (task));
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&verification), (GDestroyNotify) wf_verification_unref);
}

static void
on_keys (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Verify *verify = g_task_get_task_data (task);
  GTask *inner;
  GError *error = NULL;
  Sum *sum;

  g_clear_pointer (&verify->keys, wf_jwks_unref);
  verify->keys = wf_provider_get_keys_finish (WF_PROVIDER (source), result, &error);
  if (error)
    {
      g_task_return_error (task, error);
      return;
    }
  sum = g_new0 (Sum, 1);
  sum->jwt = wf_jwt_ref (verify->jwt);
  sum->client_secret = verify->client_secret ? secret_value_ref (verify->client_secret) : NULL;
  sum->keys = verify->keys ? wf_jwks_ref (verify->keys) : NULL;
  inner = g_task_new (NULL, NULL, on_verified, g_steal_pointer (&task));
  g_task_set_source_tag (inner, wf_provider_verify_async);
  g_task_set_task_data (inner, sum, (GDestroyNotify) sum_free);
  g_thread_pool_push (get_threads (), inner, NULL);
}

void
wf_provider_verify_async (WfProvider         *self,
                          WfJwt              *jwt,
                          SecretValue        *client_secret,
                          WfFlow             *flow,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Verify *verify = g_new0 (Verify, 1);

  g_task_set_source_tag (task, wf_provider_verify_async);
  g_task_set_task_data (task, verify, (GDestroyNotify) verify_free);
  verify->jwt = wf_jwt_ref (jwt);
  verify->client_secret = client_secret ? secret_value_ref (client_secret) : NULL;
  verify->flow = flow ? g_object_ref (flow) : NULL;
  wf_provider_get_keys_for_async (self, flow, FALSE, cancellable, on_keys, g_steal_pointer (&task));
}

WfVerification *
wf_provider_verify_finish (WfProvider   *self,
                           GAsyncResult *result,
                           WfJwks      **keys,
                           GError      **error)
{
  Verify *verify;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  verify = g_task_get_task_data (G_TASK (result));
  if (keys)
    *keys = g_steal_pointer (&verify->keys);
  return g_task_propagate_pointer (G_TASK (result), error);
}
