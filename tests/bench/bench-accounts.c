/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-accounts.h"

#include <string.h>

#include "wf-random.h"

/* The bus takes only so many questions at a time. */
#define MAX_STORES 4

void
bench_wait (BenchCount *count)
{
  while (count->open > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
bench_end_one (BenchCount *count,
               GError     *error)
{
  count->open--;
  if (!error)
    {
      count->done++;
      return;
    }
  if (count->failed++ == 0)
    g_printerr ("%s\n", error->message);
  g_error_free (error);
}

static void
on_engine_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GError *error = NULL;

  wf_engine_load_finish (WF_ENGINE (source), result, &error);
  bench_end_one (user_data, error);
}

static void
on_stored (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  wf_vault_store_finish (WF_VAULT (source), result, &error);
  bench_end_one (user_data, error);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  wf_session_load_finish (WF_SESSION (source), result, &error);
  bench_end_one (user_data, error);
}

static void
on_refreshed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError *error = NULL;

  wf_session_refresh_finish (WF_SESSION (source), result, &error);
  bench_end_one (user_data, error);
}

/* As after a sign-in a while ago: the access token has expired. */
static SecretValue *
make_document (const char *refresh_token,
               const char *issuer)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  gint64 now = wf_clock_now (wf_clock_get_default ());
  g_autofree char *json = g_strdup_printf ("{\"access_token\":\"an-access-token-of-the-usual-length-43-chars\",\"token_type\":\"Bearer\","
                                           "\"expires_in\":60,\"scope\":\"openid profile email offline_access\",\"refresh_token\":\"%s\"}",
                                           refresh_token);
  g_autoptr (GBytes) body = g_bytes_new_static (json, strlen (json));
  g_autoptr (WfTokenResponse) response = wf_token_response_parse (200, "application/json", -1, body, NULL);

  wf_token_set_apply (set, response, NULL, TRUE, now - 3600);
  set->issuer = g_strdup (issuer);
  set->client_id = g_strdup ("warifu-demo");
  set->write_id = wf_random_token (16);
  return wf_token_set_serialize (set, NULL);
}

void
bench_store_tokens (WfEngine   *engine,
                    WfVault    *vault,
                    const char *path,
                    const char *issuer)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) tokens = NULL;
  BenchCount count = { 0 };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (engine));

  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s cannot be read", path);
  tokens = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < n && tokens[i] && *tokens[i]; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (engine), i);
      g_autoptr (WfSecretValue) document = make_document (tokens[i], issuer);

      count.open++;
      wf_vault_store_async (vault, wf_session_get_account (session)->id, document, NULL, on_stored, &count);
      while (count.open >= MAX_STORES)
        g_main_context_iteration (NULL, TRUE);
    }
  bench_wait (&count);
  if (count.failed > 0)
    g_error ("%u items could not be stored", count.failed);
}

void
bench_load_engine (WfEngine *engine)
{
  BenchCount count = { .open = 1 };

  wf_engine_load_async (engine, NULL, on_engine_loaded, &count);
  bench_wait (&count);
  if (count.failed > 0)
    g_error ("the accounts could not be read");
}

void
bench_load_sessions (WfEngine *engine)
{
  BenchCount count = { .open = g_list_model_get_n_items (G_LIST_MODEL (engine)) };

  for (guint i = count.open; i > 0; i--)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (engine), i - 1);

      wf_session_load_async (session, NULL, on_loaded, &count);
    }
  bench_wait (&count);
}

BenchCount
bench_refresh_all (WfEngine *engine)
{
  BenchCount count = { .open = g_list_model_get_n_items (G_LIST_MODEL (engine)) };

  for (guint i = count.open; i > 0; i--)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (engine), i - 1);

      wf_session_refresh_async (session, WF_CAUSE_SCHEDULE, NULL, NULL, on_refreshed, &count);
    }
  bench_wait (&count);
  wf_history_flush (wf_engine_get_history (engine));
  return count;
}
