/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-sessions.h"

#include "wf-random.h"

#define ID_BYTES 24
#define MAX_TRANSACTIONS 10000
#define TRANSACTION_LIFETIME (10 * 60)
#define SESSION_LIFETIME (8 * 60 * 60)

struct _WfDemoSessions
{
  GHashTable *transactions; /* SHA-256 of the id → WfDemoTransaction */
  GHashTable *sessions;     /* SHA-256 of the cookie's value → WfDemoSession */
};

static char *
hash_id (const char *id)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
}

static void
session_free (WfDemoSession *session)
{
  g_free (session->id);
  g_free (session->user);
  g_hash_table_unref (session->consents);
  g_free (session);
}

static gboolean
is_transaction_over (gpointer key,
                     gpointer value,
                     gpointer user_data)
{
  const WfDemoTransaction *transaction = value;
  const gint64 *now = user_data;

  return *now >= transaction->expires_at;
}

static gboolean
is_session_over (gpointer key,
                 gpointer value,
                 gpointer user_data)
{
  const WfDemoSession *session = value;
  const gint64 *now = user_data;

  return *now >= session->expires_at;
}

static gboolean
has_session_id (gpointer key,
                gpointer value,
                gpointer user_data)
{
  const WfDemoSession *session = value;

  return g_strcmp0 (session->id, user_data) == 0;
}

WfDemoTransaction *
wf_demo_transaction_new (void)
{
  WfDemoTransaction *transaction = g_new0 (WfDemoTransaction, 1);

  transaction->resources = g_new0 (char *, 1);
  transaction->max_age = -1;
  return transaction;
}

void
wf_demo_transaction_free (WfDemoTransaction *transaction)
{
  if (!transaction)
    return;
  g_free (transaction->client_id);
  g_free (transaction->redirect_uri);
  g_free (transaction->state);
  g_free (transaction->nonce);
  g_free (transaction->scope);
  g_free (transaction->audience);
  g_strfreev (transaction->resources);
  g_free (transaction->code_challenge);
  g_free (transaction);
}

WfDemoSessions *
wf_demo_sessions_new (void)
{
  WfDemoSessions *sessions = g_new0 (WfDemoSessions, 1);

  sessions->transactions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) wf_demo_transaction_free);
  sessions->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) session_free);
  return sessions;
}

void
wf_demo_sessions_free (WfDemoSessions *sessions)
{
  if (!sessions)
    return;
  g_hash_table_unref (sessions->transactions);
  g_hash_table_unref (sessions->sessions);
  g_free (sessions);
}

char *
wf_demo_sessions_add_transaction (WfDemoSessions    *sessions,
                                  WfDemoTransaction *transaction,
                                  gint64             now)
{
  g_autoptr (WfDemoTransaction) owned = transaction;
  char *id;

  g_hash_table_foreach_remove (sessions->transactions, is_transaction_over, &now);
  if (g_hash_table_size (sessions->transactions) >= MAX_TRANSACTIONS)
    return NULL;
  id = wf_random_token (ID_BYTES);
  owned->expires_at = now + TRANSACTION_LIFETIME;
  g_hash_table_replace (sessions->transactions, hash_id (id), g_steal_pointer (&owned));
  return id;
}

WfDemoTransaction *
wf_demo_sessions_take_transaction (WfDemoSessions *sessions,
                                   const char     *id,
                                   gint64          now)
{
  g_autoptr (WfDemoTransaction) transaction = NULL;
  g_autofree char *hash = hash_id (id);
  g_autofree char *key = NULL;

  if (!g_hash_table_steal_extended (sessions->transactions, hash, (gpointer *) &key, (gpointer *) &transaction))
    return NULL;
  return now < transaction->expires_at ? g_steal_pointer (&transaction) : NULL;
}

WfDemoSession *
wf_demo_sessions_add (WfDemoSessions *sessions,
                      const char     *user,
                      gint64          now,
                      char          **cookie)
{
  WfDemoSession *session = g_new0 (WfDemoSession, 1);

  g_hash_table_foreach_remove (sessions->sessions, is_session_over, &now);
  session->id = wf_random_token (ID_BYTES);
  session->user = g_strdup (user);
  session->auth_time = now;
  session->expires_at = now + SESSION_LIFETIME;
  session->consents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  *cookie = wf_random_token (ID_BYTES);
  g_hash_table_replace (sessions->sessions, hash_id (*cookie), session);
  return session;
}

WfDemoSession *
wf_demo_sessions_find (WfDemoSessions *sessions,
                       const char     *cookie,
                       gint64          now)
{
  g_autofree char *hash = hash_id (cookie);
  WfDemoSession *session = g_hash_table_lookup (sessions->sessions, hash);

  return session && now < session->expires_at ? session : NULL;
}

void
wf_demo_sessions_remove (WfDemoSessions *sessions,
                         const char     *id)
{
  g_autofree char *copy = g_strdup (id); /* @id may belong to what is removed */

  g_hash_table_foreach_remove (sessions->sessions, has_session_id, copy);
}
