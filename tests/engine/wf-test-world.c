/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include <glib/gstdio.h>

#include "wf-refresh-note.h"

#define SETTLE_ROUNDS 3
#define SETTLE_MS 20

/* --- the main loop --- */

static gboolean
on_woken (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
world_iterate (gint64      deadline,
               const char *where,
               const char *condition)
{
  g_autoptr (GSource) wake = g_timeout_source_new (100);

  if (g_get_monotonic_time () > deadline)
    g_error ("%s: waited in vain for: %s", where, condition);
  g_source_set_callback (wake, on_woken, NULL, NULL);
  g_source_attach (wake, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (wake);
}

void
world_settle (World *world)
{
  for (guint i = 0; i < SETTLE_ROUNDS; i++)
    {
      wf_await_milliseconds (SETTLE_MS);
      wf_await_nothing ();
    }
}

/* --- making a world --- */

static WfDemoOptions
make_options (WorldFlags flags)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;

  options.auto_approve = TRUE;
  options.access_lifetime = 3600;
  options.id_lifetime = 3600;
  options.refresh_lifetime = 365 * 86400;
  options.rotation = !(flags & WORLD_NO_ROTATION);
  options.leeway = flags & WORLD_LEEWAY ? 3600 : 0;
  return options;
}

static WfAccount *
make_account (World *world)
{
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->issuer, wf_demo_server_get_issuer (world->server));
  wf_account_set (&account->client_id, world->flags & WORLD_CONFIDENTIAL ? WF_DEMO_CONFIDENTIAL_CLIENT_ID : WF_DEMO_CLIENT_ID);
  wf_account_set (&account->scope, WF_ACCOUNT_DEFAULT_SCOPE);
  if (world->flags & WORLD_CONFIDENTIAL)
    account->auth_method = WF_AUTH_METHOD_BASIC;
  if (world->flags & WORLD_AUTOMATIC)
    account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  return account;
}

static void
store_client_secret (World *world)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfSecretValue) secret = wf_secret_new (wf_demo_server_get_client_secret (world->server), -1);

  wf_secret_set (&set->client_secret, secret);
  wf_test_vault_write (world->vault, world->account->id, set);
}

static WfSession *
make_session (World      *world,
              WfAccount  *account,
              WfVault    *vault,
              WfProvider *provider)
{
  WfSession *session = wf_session_new (account, vault, provider, WF_CLOCK (world->clock), world->history,
                                       (world->flags & WORLD_MEMORY) != 0, (world->flags & WORLD_AUTOMATIC) != 0);

  wf_session_set_note_folder (session, world->note_folder);
  return session;
}

/* What is no file or folder of ours makes it fail. */
static void
remove_note_folder (World *world)
{
  g_autoptr (GDir) folder = g_dir_open (world->note_folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (world->note_folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (world->note_folder), ==, 0);
  g_free (world->note_folder);
}

static void
end_session (World *world)
{
  /* what nobody waits for may still be in a thread */
  world_wait_for (G_OBJECT (world->session)->ref_count == 1);
  g_assert_finalize_object (g_steal_pointer (&world->session));
}

World *
world_new (WorldFlags flags)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  world->flags = flags;
  world->options = make_options (flags);
  world->server = wf_demo_server_new (&world->options);
  wf_demo_server_start (world->server, 0, &error);
  g_assert_no_error (error);
  world->browser = demo_client_new (world->server);
  world->vault = wf_test_vault_new ();
  if (!(flags & WORLD_NOTE_IN_ITEM))
    {
      world->note_folder = g_dir_make_tmp ("warifu-notes-XXXXXX", &error);
      g_assert_no_error (error);
    }
  world->clock = wf_test_clock_new ();
  world->account = make_account (world);
  if (flags & WORLD_CONFIDENTIAL)
    store_client_secret (world);
  world->provider = wf_provider_new (world->account, &error);
  g_assert_no_error (error);
  world->session = make_session (world, world->account, WF_VAULT (world->vault), world->provider);
  return world;
}

void
world_free (World *world)
{
  wf_demo_server_set_filter (world->server, NULL, NULL, NULL);
  demo_client_free (world->browser);
  wf_demo_server_stop (world->server);
  wf_await_nothing ();
  if (world->session)
    end_session (world);
  g_assert_finalize_object (world->provider);
  wf_await_nothing ();
  g_clear_object (&world->history);
  g_assert_finalize_object (world->vault);
  g_assert_finalize_object (world->clock);
  g_assert_finalize_object (world->server);
  wf_account_unref (world->account);
  if (world->note_folder)
    remove_note_folder (world);
  g_free (world);
}

WfSession *
world_make_session (World     *world,
                    WfAccount *account,
                    WfVault   *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfProvider) provider = wf_provider_new (account, &error);

  g_assert_no_error (error);
  return make_session (world, account, vault, provider);
}

void
world_restart (World *world)
{
  g_autoptr (GError) error = NULL;

  end_session (world);
  g_assert_finalize_object (g_steal_pointer (&world->provider));
  world->provider = wf_provider_new (world->account, &error);
  g_assert_no_error (error);
  world->session = make_session (world, world->account, WF_VAULT (world->vault), world->provider);
}

void
world_set_account (World     *world,
                   WfAccount *account)
{
  wf_account_unref (world->account);
  world->account = wf_account_ref (account);
  world_restart (world);
}

void
world_advance (World *world,
               gint64 seconds)
{
  wf_demo_server_advance_clock (world->server, seconds);
  wf_test_clock_advance (world->clock, seconds);
}

void
world_update_server (World *world)
{
  wf_demo_server_update (world->server, &world->options);
}

/* --- the session's calls, awaited --- */

WfAuthorizationRequest *
world_begin (WfSession *session,
             GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_begin_sign_in_async (session, NULL, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_begin_sign_in_finish (session, result, error);
}

char *
world_approve (World                  *world,
               WfAuthorizationRequest *request)
{
  g_autoptr (DemoAnswer) answer = demo_client_get (world->browser, wf_authorization_request_get_uri (request));

  g_assert_no_error (answer->error);
  g_assert_nonnull (answer->location);
  return g_steal_pointer (&answer->location);
}

gboolean
world_complete (WfSession              *session,
                WfAuthorizationRequest *request,
                const char             *redirect,
                GError                **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_complete_sign_in_async (session, request, redirect, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_complete_sign_in_finish (session, result, error);
}

gboolean
world_try_sign_in (World     *world,
                   WfSession *session,
                   GError   **error)
{
  g_autoptr (WfAuthorizationRequest) request = world_begin (session, error);
  g_autofree char *redirect = NULL;

  if (!request)
    return FALSE;
  redirect = world_approve (world, request);
  return world_complete (session, request, redirect, error);
}

void
world_sign_in (World *world)
{
  g_autoptr (GError) error = NULL;
  gboolean done = world_try_sign_in (world, world->session, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

World *
world_new_signed_in (WorldFlags flags)
{
  World *world = world_new (flags);

  world_sign_in (world);
  wf_demo_server_reset_counts (world->server);
  return world;
}

gboolean
world_load (WfSession *session,
            GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_load_async (session, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_load_finish (session, result, error);
}

gboolean
world_refresh (WfSession     *session,
               WfRefreshCause cause,
               GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_refresh_async (session, cause, NULL, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_refresh_finish (session, result, error);
}

SecretValue *
world_get_token (WfSession  *session,
                 const char *audience,
                 gint64      min_ttl,
                 GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_get_token_async (session, audience, min_ttl, WF_CAUSE_SCRIPT, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_get_token_finish (session, result, error);
}

WfSignOutReport *
world_sign_out (WfSession *session,
                gboolean   local,
                GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_sign_out_async (session, local, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_sign_out_finish (session, result, error);
}

gboolean
world_set_secret (WfSession  *session,
                  const char *secret,
                  GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfSecretValue) value = secret ? wf_secret_new (secret, -1) : NULL;

  wf_session_set_client_secret_async (session, value, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_set_client_secret_finish (session, result, error);
}

gboolean
world_before_action (WfSession *session,
                     GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_before_action_async (session, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_before_action_finish (session, result, error);
}

GAsyncResult **
world_start_refresh (WfSession    *session,
                     GCancellable *cancellable,
                     const char   *audience)
{
  GAsyncResult **slot = g_new0 (GAsyncResult *, 1);

  wf_session_refresh_async (session, WF_CAUSE_BY_HAND, audience, cancellable, wf_await_cb, slot);
  return slot;
}

gboolean
world_end_refresh (WfSession     *session,
                   GAsyncResult **slot,
                   GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_await (slot);
  result = *slot;
  g_free (slot);
  return wf_session_refresh_finish (session, result, error);
}

/* --- looking --- */

guint
world_count_refreshes (World *world)
{
  return wf_demo_server_count_grant (world->server, "refresh_token");
}

void
world_assert_refreshed (World *world,
                        guint  generation)
{
  WfTokenSet *tokens = wf_session_get_tokens (world->session);
  g_autoptr (WfTokenSet) item = world_read_noted_item (world);

  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_no_error (wf_session_get_keyring_error (world->session));
  g_assert_null (wf_session_get_activity (world->session));
  g_assert_cmpuint (tokens->generation, ==, generation);
  g_assert_true (wf_secret_equal (item->refresh_token, tokens->refresh_token));
  g_assert_cmpuint (item->generation, ==, generation);
  g_assert_cmpuint (item->refresh_attempts, ==, 0);
  g_assert_cmpint (item->refresh_started_at, ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (item->id_token_verdict, ==, WF_JWS_VERIFIED);
}

void
world_assert_note (World   *world,
                   guint    attempts,
                   gboolean under_way)
{
  g_autoptr (WfTokenSet) item = world_read_noted_item (world);

  g_assert_cmpuint (item->refresh_attempts, ==, attempts);
  g_assert_cmpint (item->refresh_started_at != WF_TIME_UNKNOWN, ==, under_way);
}

WfTokenSet *
world_read_item (World *world)
{
  return wf_test_vault_read (world->vault, world->account->id);
}

static void
merge_note (World      *world,
            WfTokenSet *item)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (WfRefreshNote) note = NULL;

  wf_refresh_note_read_async (world->note_folder, world->account->id, wf_await_cb, &result);
  wf_await (&result);
  note = wf_refresh_note_read_finish (result);
  wf_refresh_note_merge (note, item);
}

WfTokenSet *
world_read_noted_item (World *world)
{
  WfTokenSet *item = world_read_item (world);

  if (item && world->note_folder)
    merge_note (world, item);
  return item;
}

char *
world_note_path (World      *world,
                 const char *id)
{
  return g_build_filename (world->note_folder, id, NULL);
}

const char *
world_state (World *world)
{
  return wf_session_state_to_string (wf_session_get_state (world->session));
}

const char *
world_refresh_token (WfSession *session)
{
  SecretValue *token = wf_session_get_tokens (session)->refresh_token;

  return token ? secret_value_get_text (token) : NULL;
}

static void
on_notify (NotifyCounter *counter)
{
  counter->count++;
}

void
notify_counter_begin (NotifyCounter *counter,
                      gpointer       object,
                      const char    *property)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);

  counter->count = 0;
  counter->handler = g_signal_connect_swapped (object, signal, G_CALLBACK (on_notify), counter);
}
