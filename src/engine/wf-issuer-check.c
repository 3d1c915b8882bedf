/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-issuer-check.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-provider-verify.h"
#include "wf-uri.h"

/* The data of its GTask. */
typedef struct
{
  WfJwt       *jwt;
  SecretValue *client_secret; /* nullable */
  WfJwks      *keys;
} IssuerCheck;

static void
issuer_check_free (IssuerCheck *check)
{
  g_clear_pointer (&check->jwt, wf_jwt_unref);
  wf_secret_set (&check->client_secret, NULL);
  g_clear_pointer (&check->keys, wf_jwks_unref);
  g_free (check);
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  IssuerCheck *check = g_task_get_task_data (task);
  g_autoptr (WfVerification) verification = NULL;
  GError *error = NULL;

  verification = wf_provider_verify_finish (WF_PROVIDER (source), result, &check->keys, &error);
  if (!check->keys && !error)
    error = g_error_new_literal (WF_ERROR, WF_ERROR_UNSUPPORTED, _("The provider names no keys to check with."));
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&verification), (GDestroyNotify) wf_verification_unref);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  IssuerCheck *check = g_task_get_task_data (task);
  g_autoptr (WfProviderMetadata) metadata = NULL;
  GError *error = NULL;

  metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);
  if (metadata)
    wf_provider_verify_async (WF_PROVIDER (source), check->jwt, check->client_secret, NULL /* flow */,
                              g_task_get_cancellable (task), on_verified, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

void
wf_issuer_check_async (const char         *issuer,
                       const WfJwt        *jwt,
                       SecretValue        *client_secret,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfProvider) provider = NULL;
  IssuerCheck *check = g_new0 (IssuerCheck, 1);
  GError *error = NULL;

  g_return_if_fail (issuer != NULL && jwt != NULL);

  g_task_set_source_tag (task, wf_issuer_check_async);
  g_task_set_task_data (task, check, (GDestroyNotify) issuer_check_free);
  check->jwt = wf_jwt_ref ((WfJwt *) jwt);
  wf_secret_set (&check->client_secret, client_secret);
  wf_account_set (&account->issuer, issuer);
  if (wf_uri_check_issuer (issuer, &error))
    provider = wf_provider_new (account, &error);
  if (provider)
    wf_provider_get_metadata_async (provider, cancellable, on_metadata, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

WfVerification *
wf_issuer_check_finish (GAsyncResult *result,
                        WfJwks      **keys,
                        GError      **error)
{
  IssuerCheck *check;
  WfVerification *verification;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  check = g_task_get_task_data (G_TASK (result));
  verification = g_task_propagate_pointer (G_TASK (result), error);
  if (keys)
    *keys = verification ? g_steal_pointer (&check->keys) : NULL;
  return verification;
}
