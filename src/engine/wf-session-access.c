/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

/* --- an access token for whoever needs one --- */

typedef struct
{
  char          *audience; /* nullable: the account's own */
  gint64         min_ttl;
  WfRefreshCause cause;
} Want;

static void
want_free (Want *want)
{
  g_free (want->audience);
  g_free (want);
}

#define USUAL_MIN_TTL 30

/* Long enough to be used, and not so long that a token of short life is never good. */
static gint64
get_usual_min_ttl (const WfAccessToken *access)
{
  if (access->expires_at == WF_TIME_UNKNOWN || access->issued_at == WF_TIME_UNKNOWN)
    return 0;
  return CLAMP ((access->expires_at - access->issued_at) / 4, 0, USUAL_MIN_TTL);
}

static SecretValue *
find_good_token (WfSession  *self,
                 const Want *want,
                 gint64      min_ttl)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, want->audience);

  if (!access)
    return NULL;
  if (min_ttl == WF_MIN_TTL_USUAL)
    min_ttl = get_usual_min_ttl (access);
  return wf_access_token_is_good (access, min_ttl, wf_session_now (self)) ? secret_value_ref (access->token) : NULL;
}

static void
on_token_refreshed (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  SecretValue *token;
  GError *error = NULL;

  if (!wf_session_refresh_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* a fresh token that lives shorter than was asked is all that can be had */
  token = find_good_token (self, g_task_get_task_data (task), 0);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) secret_value_unref);
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE, "%s",
                             _("The provider gave an access token that has already expired."));
}

static void
on_token_loaded (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  Want *want = g_task_get_task_data (task);
  SecretValue *token;
  GError *error = NULL;

  if (!wf_session_load_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  token = find_good_token (self, want, want->min_ttl);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) secret_value_unref);
  else
    wf_session_refresh_async (self, want->cause, want->audience, g_task_get_cancellable (task), on_token_refreshed,
                              g_object_ref (task));
}

void
wf_session_get_token_async (WfSession          *self,
                            const char         *audience,
                            gint64              min_ttl,
                            WfRefreshCause      cause,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Want *want = g_new0 (Want, 1);
  SecretValue *token;

  g_task_set_source_tag (task, wf_session_get_token_async);
  g_task_set_task_data (task, want, (GDestroyNotify) want_free);
  if (g_strcmp0 (audience, self->account->audience) != 0)
    want->audience = g_strdup (audience);
  want->min_ttl = min_ttl;
  want->cause = cause;
  if (!self->loaded)
    {
      wf_session_load_async (self, cancellable, on_token_loaded, g_steal_pointer (&task));
      return;
    }
  token = find_good_token (self, want, min_ttl);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) secret_value_unref);
  else
    wf_session_refresh_async (self, cause, want->audience, cancellable, on_token_refreshed, g_steal_pointer (&task));
}

SecretValue *
wf_session_get_token_finish (WfSession    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- before a sensitive action --- */

static void
on_refreshed_for_action (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (wf_session_refresh_finish (WF_SESSION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
wf_session_before_action_async (WfSession          *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_session_before_action_async);
  if (!self->account->refresh_before_sensitive || !self->tokens->refresh_token)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  wf_session_refresh_async (self, WF_CAUSE_BEFORE_ACTION, NULL, cancellable, on_refreshed_for_action,
                            g_steal_pointer (&task));
}

gboolean
wf_session_before_action_finish (WfSession    *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the client secret --- */

typedef struct
{
  SecretValue   *client_secret;
  WfAccountLock *lock;
} NewSecret;

static void
new_secret_free (NewSecret *data)
{
  g_clear_pointer (&data->client_secret, secret_value_unref);
  g_clear_pointer (&data->lock, wf_account_lock_free);
  g_free (data);
}

/* @error: (nullable) (transfer full) */
static void
return_secret (GTask     *task,
               NewSecret *data,
               GError    *error)
{
  /* whoever keeps the result must not keep the lock */
  g_clear_pointer (&data->lock, wf_account_lock_free);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_secret_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NewSecret *data = g_task_get_task_data (task);
  GError *error = NULL;

  wf_session_write_finish (WF_SESSION (source), result, &error);
  return_secret (task, data, error);
}

/* What cannot be read must not be written over: then the secret lives in memory. */
static void
keep_secret_in_memory (GTask  *task,
                       GError *error)
{
  WfSession *self = g_task_get_source_object (task);
  NewSecret *data = g_task_get_task_data (task);
  g_autoptr (WfTokenSet) set = wf_token_set_copy (self->tokens);
  g_autoptr (GError) owned = error;

  wf_secret_set (&set->client_secret, data->client_secret);
  self->memory_only = TRUE;
  wf_session_set_keyring_error (self, error);
  wf_session_take_tokens (self, set);
  return_secret (task, data, NULL);
}

static void
on_secret_read (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfSession *self = WF_SESSION (source);
  NewSecret *data = g_task_get_task_data (task);
  g_autoptr (WfTokenSet) set = NULL;
  GError *error = NULL;

  set = wf_session_read_finish (self, result, &error);
  if (!set && self->allow_memory && wf_session_is_keyring_error (error))
    {
      keep_secret_in_memory (task, error);
      return;
    }
  if (!set)
    {
      return_secret (task, data, error);
      return;
    }
  wf_secret_set (&set->client_secret, data->client_secret);
  wf_session_write_async (self, set, WF_WRITE_DEFAULT, on_secret_written, g_steal_pointer (&task));
}

static void
on_secret_locked (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  NewSecret *data = g_task_get_task_data (task);
  GError *error = NULL;

  data->lock = wf_account_lock_acquire_finish (result, &error);
  if (data->lock)
    wf_session_read_async (g_task_get_source_object (task), NULL, on_secret_read, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

void
wf_session_set_client_secret_async (WfSession          *self,
                                    SecretValue        *client_secret,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  NewSecret *data = g_new0 (NewSecret, 1);

  g_task_set_source_tag (task, wf_session_set_client_secret_async);
  g_task_set_task_data (task, data, (GDestroyNotify) new_secret_free);
  data->client_secret = client_secret ? secret_value_ref (client_secret) : NULL;
  wf_account_lock_acquire_async (self->account->id, cancellable, on_secret_locked, g_steal_pointer (&task));
}

gboolean
wf_session_set_client_secret_finish (WfSession    *self,
                                     GAsyncResult *result,
                                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
