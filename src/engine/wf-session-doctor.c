/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include "wf-doctor.h"
#include "wf-error.h"

/* Enough for a year of sessions that are refreshed by the hour, and read in a moment. */
#define MAX_EVENTS 10000

/* What one diagnosis has gathered: the data of its GTask. The account and the provider are held, because a session
 * replaces what it knows while something is waited for. */
typedef struct
{
  WfFormatTime        format_time;
  WfAccount          *account;
  WfProvider         *provider;
  GError             *keyring_error;
  gboolean            loaded;
  WfProviderMetadata *metadata;
  GError             *metadata_error;
  gboolean            keys_known;
  WfJwks             *keys;
  GError             *keys_error;
  GPtrArray          *events;
} Diagnosis;

static void
diagnosis_free (Diagnosis *diagnosis)
{
  g_clear_pointer (&diagnosis->account, wf_account_unref);
  g_clear_object (&diagnosis->provider);
  g_clear_error (&diagnosis->keyring_error);
  g_clear_pointer (&diagnosis->metadata, wf_provider_metadata_unref);
  g_clear_error (&diagnosis->metadata_error);
  g_clear_pointer (&diagnosis->keys, wf_jwks_unref);
  g_clear_error (&diagnosis->keys_error);
  g_clear_pointer (&diagnosis->events, g_ptr_array_unref);
  g_free (diagnosis);
}

static void
judge (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);
  Diagnosis *diagnosis = g_task_get_task_data (task);
  WfDoctorEvidence evidence = {
    .account = diagnosis->account,
    .state = self->state,
    .tokens = diagnosis->loaded ? self->tokens : NULL,
    .keyring_error = diagnosis->keyring_error,
    .metadata = diagnosis->metadata,
    .metadata_error = diagnosis->metadata_error,
    .keys_known = diagnosis->keys_known,
    .keys = diagnosis->keys,
    .keys_error = diagnosis->keys_error,
    .events = diagnosis->events,
    .now = wf_session_now (self),
    .format_time = diagnosis->format_time,
  };

  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_return_pointer (task, wf_doctor_judge (&evidence), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_events (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Diagnosis *diagnosis = g_task_get_task_data (task);

  /* A history that cannot be read tells nothing, and that is all. */
  diagnosis->events = wf_history_query_finish (WF_HISTORY (source), result, NULL);
  judge (task);
}

static void
read_history (GTask *task)
{
  WfSession *self = g_task_get_source_object (task);

  if (self->history)
    wf_history_query_async (self->history, self->account->id, MAX_EVENTS, g_task_get_cancellable (task), on_events, g_object_ref (task));
  else
    judge (task);
}

static void
on_keys (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Diagnosis *diagnosis = g_task_get_task_data (task);

  diagnosis->keys = wf_provider_get_keys_finish (WF_PROVIDER (source), result, &diagnosis->keys_error);
  diagnosis->keys_known = TRUE;
  read_history (task);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = g_task_get_source_object (task);
  Diagnosis *diagnosis = g_task_get_task_data (task);

  diagnosis->metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &diagnosis->metadata_error);
  if (diagnosis->metadata && self->provider == WF_PROVIDER (source))
    wf_session_set_metadata (self, diagnosis->metadata);
  if (diagnosis->metadata)
    wf_provider_get_keys_async (diagnosis->provider, FALSE, g_task_get_cancellable (task), on_keys, g_object_ref (task));
  else
    read_history (task);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Diagnosis *diagnosis = g_task_get_task_data (task);

  diagnosis->loaded = wf_session_load_finish (self, result, &diagnosis->keyring_error);
  /* without a keyring the tokens are here, and that is a finding too */
  if (diagnosis->loaded && self->keyring_error)
    diagnosis->keyring_error = g_error_copy (self->keyring_error);
  if (diagnosis->provider)
    wf_provider_get_metadata_async (diagnosis->provider, g_task_get_cancellable (task), on_metadata, g_object_ref (task));
  else
    read_history (task);
}

void
wf_session_diagnose_async (WfSession          *self,
                           WfFormatTime        format_time,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Diagnosis *diagnosis = g_new0 (Diagnosis, 1);

  g_task_set_source_tag (task, wf_session_diagnose_async);
  g_task_set_task_data (task, diagnosis, (GDestroyNotify) diagnosis_free);
  diagnosis->format_time = format_time;
  diagnosis->account = wf_account_ref (self->account);
  diagnosis->provider = self->provider ? g_object_ref (self->provider) : NULL;
  wf_session_load_async (self, cancellable, on_loaded, g_steal_pointer (&task));
}

GPtrArray *
wf_session_diagnose_finish (WfSession    *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
