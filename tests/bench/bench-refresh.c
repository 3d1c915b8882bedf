/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Refreshes every account at once, by schedule; the other side of bench_refresh.py.
 *
 * usage: bench-refresh fill|run CONFIG-DIR TOKEN-FILE ISSUER
 *        bench-refresh post CLIENT TOKEN-FILE TOKEN-ENDPOINT
 *
 * TOKEN-FILE has a refresh token a line, one for each account of CONFIG-DIR. "fill" puts them into the desktop keyring;
 * "run" keeps them in memory, refreshes, and prints seconds, seconds of CPU, how many were refreshed and how many not,
 * memory before and after in KiB, and the seconds that checking the signatures of the same ID tokens takes alone. "post"
 * sends the same forms by libsoup, as Warifu has it but for all that Warifu does itself, and prints seconds. */

#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>
#include <sys/resource.h>

#include "bench-accounts.h"

static guint64
read_memory (const char *name)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &text, NULL, NULL);
  line = text ? strstr (text, name) : NULL;
  return line ? g_ascii_strtoull (line + strlen (name) + 1, NULL, 10) : 0;
}

static double
read_cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

/* Returns: seconds that the signatures of all ID tokens take, one after the other */
static double
check_signatures (WfEngine *engine)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (engine));
  gint64 taken = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (engine), i);
      SecretValue *token = wf_session_get_tokens (session)->id_token;
      g_autoptr (WfJwt) jwt = token ? wf_jwt_parse (secret_value_get_text (token), -1, NULL) : NULL;
      g_autoptr (WfVerification) verification = NULL;
      gint64 began = g_get_monotonic_time ();

      verification = jwt ? wf_session_peek_signature (session, jwt) : NULL;
      taken += g_get_monotonic_time () - began;
      if (!verification || verification->verdict != WF_JWS_VERIFIED)
        g_error ("a token that was refreshed has no good ID token");
    }
  return (double) taken / G_USEC_PER_SEC;
}

#define CONNECTIONS 8 /* of Warifu to one host */

typedef struct
{
  SoupSession *session;
  const char  *client;
  const char  *token_endpoint;
  char       **next;
  guint        n_under_way;
} Posts;

static void post_next (Posts *posts);

static void
on_posted (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  Posts *posts = user_data;

  if (!body || soup_message_get_status (message) != SOUP_STATUS_OK)
    g_error ("a refresh failed: %s", error ? error->message : soup_message_get_reason_phrase (message));
  posts->n_under_way--;
  post_next (posts);
}

/* Each on a connection of its own, as a refresh token must not go over one that is being closed. */
static void
post_next (Posts *posts)
{
  g_autoptr (SoupMessage) message = NULL;

  if (!*posts->next)
    return;
  message = soup_message_new_from_encoded_form (SOUP_METHOD_POST, posts->token_endpoint,
                                                soup_form_encode ("grant_type", "refresh_token", "client_id", posts->client,
                                                                  "refresh_token", *posts->next++, NULL));
  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  soup_session_send_and_read_async (posts->session, message, G_PRIORITY_DEFAULT, NULL, on_posted, posts);
  posts->n_under_way++;
}

/* Returns: seconds */
static double
post_all (const char *client,
          const char *token_file,
          const char *token_endpoint)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("max-conns-per-host", CONNECTIONS, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) tokens = NULL;
  gint64 began = g_get_monotonic_time ();
  Posts posts = { .session = session, .client = client, .token_endpoint = token_endpoint };

  if (!g_file_get_contents (token_file, &text, NULL, NULL))
    g_error ("%s cannot be read", token_file);
  tokens = g_strsplit (g_strchomp (text), "\n", -1);
  posts.next = tokens;
  for (guint i = 0; i < CONNECTIONS; i++)
    post_next (&posts);
  while (posts.n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);
  return (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
}

int
main (int    argc,
      char **argv)
{
  gboolean is_run = argc == 5 && g_str_equal (argv[1], "run");
  g_autoptr (WfVault) vault = is_run ? wf_memory_vault_new () : wf_secret_vault_new ();
  g_autoptr (WfEngine) engine = NULL;
  BenchCount count;
  guint64 before;
  gint64 began;
  double cpu;

  setlocale (LC_ALL, "");
  if (argc != 5)
    g_error ("usage: bench-refresh fill|run CONFIG-DIR TOKEN-FILE ISSUER, or post CLIENT TOKEN-FILE TOKEN-ENDPOINT");
  if (g_str_equal (argv[1], "post"))
    {
      g_print ("%.4f\n", post_all (argv[2], argv[3], argv[4]));
      return 0;
    }
  engine = wf_engine_new (&(WfEngineOptions) { .config_dir = argv[2], .vault = vault });
  bench_load_engine (engine);
  bench_store_tokens (engine, vault, argv[3], argv[4]);
  if (!is_run)
    return 0;
  bench_load_sessions (engine);
  before = read_memory ("VmRSS:");
  began = g_get_monotonic_time ();
  cpu = read_cpu_seconds ();
  count = bench_refresh_all (engine);
  g_print ("%.4f %.4f %u %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC,
           read_cpu_seconds () - cpu, count.done, count.failed, before, read_memory ("VmHWM:"));
  g_print (" %.4f\n", count.failed > 0 ? 0 : check_signatures (engine));
  return count.failed > 0;
}
