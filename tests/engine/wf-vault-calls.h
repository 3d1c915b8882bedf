/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-await.h"
#include "wf-secret.h"
#include "wf-vault.h"

/* The calls of WfVault as a test likes them: each runs the main loop until it has its answer. */

static inline SecretValue *
wf_vault_calls_load (WfVault      *vault,
                     const char   *id,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  SecretValue *document = NULL;

  wf_vault_load_async (vault, id, cancellable, wf_await_cb, &result);
  wf_await (&result);
  if (wf_vault_load_finish (vault, result, &document, error))
    return document;
  g_assert_null (document);
  return NULL;
}

static inline gboolean
wf_vault_calls_store (WfVault      *vault,
                      const char   *id,
                      const char   *text,
                      GCancellable *cancellable,
                      GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSecretValue) document = wf_secret_new (text, -1);

  wf_vault_store_async (vault, id, document, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_vault_store_finish (vault, result, error);
}

static inline gboolean
wf_vault_calls_clear (WfVault      *vault,
                      const char   *id,
                      GCancellable *cancellable,
                      GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_vault_clear_async (vault, id, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_vault_clear_finish (vault, result, error);
}

/* @text: (nullable): NULL where there must be no item */
static inline void
wf_vault_calls_assert_holds (WfVault    *vault,
                             const char *id,
                             const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSecretValue) document = wf_vault_calls_load (vault, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (document ? secret_value_get_text (document) : NULL, ==, text);
}
