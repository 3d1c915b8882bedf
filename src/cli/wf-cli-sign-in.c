/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-loopback-listener.h"
#include "wf-scope.h"
#include "wf-secret.h"
#include "wf-uri.h"

#define DEFAULT_TIMEOUT 300
#define MAX_TIMEOUT 86400

static gboolean no_open = FALSE;
static char *timeout = NULL;

static const GOptionEntry entries[] = {
  { "no-open", 0, 0, G_OPTION_ARG_NONE, &no_open, N_("Print the address instead of opening a browser"), NULL },
  { "timeout", 0, 0, G_OPTION_ARG_FILENAME, &timeout, N_("Wait this long for the browser (300)"), N_("SECONDS") },
  { NULL },
};

/**
 * Wait:
 *
 * Waiting for the redirect: ends by itself, by the person's signal or by the clock.
 */
typedef struct
{
  GCancellable *cancellable;
  gboolean      timed_out;
} Wait;

/* --- The browser --- */

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    wf_cli_warn (_("No browser could be opened: %s"), error->message);
}

static gboolean
announce (const char *uri,
          GError    **error)
{
  g_autoptr (GAppLaunchContext) context = NULL;

  if (no_open)
    {
      wf_cli_print ("Open: %s", uri);
      return wf_cli_flush (error);
    }
  /* Translators: %s is an address */
  wf_cli_tell (_("Opening your browser. If nothing opens, go to: %s"), uri);
  context = g_app_launch_context_new ();
  /* Set by main() for this program alone. */
  g_app_launch_context_unsetenv (context, "GIO_USE_VFS");
  g_app_info_launch_default_for_uri_async (uri, context, NULL, on_launched, NULL);
  return TRUE;
}

/* --- Waiting --- */

static gboolean
on_timeout (gpointer user_data)
{
  Wait *wait = user_data;

  wait->timed_out = TRUE;
  g_cancellable_cancel (wait->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static char *
take_redirect (WfLoopbackListener *listener,
               GAsyncResult       *result,
               const Wait         *wait,
               guint               seconds,
               GError            **error)
{
  g_autoptr (GError) local_error = NULL;
  char *redirect = wf_loopback_listener_wait_finish (listener, result, &local_error);

  if (redirect)
    return redirect;
  if (wait->timed_out)
    g_set_error (error, WF_ERROR, WF_ERROR_TIMEOUT,
                 ngettext ("Nobody signed in within %u second.", "Nobody signed in within %u seconds.", seconds), seconds);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/* Returns: (transfer full): the redirect as it came, with the code in it */
static char *
wait_for_redirect (WfCli              *cli,
                   WfLoopbackListener *listener,
                   const char         *uri,
                   guint               seconds,
                   GError            **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = { .cancellable = cancellable };
  g_autoptr (GAsyncResult) result = NULL;
  gulong handler = g_cancellable_connect (cli->cancellable, G_CALLBACK (on_cancelled), cancellable, NULL);
  guint source = 0;
  gboolean announced;

  /* The listener waits before anybody can know the address. */
  wf_loopback_listener_wait_async (listener, cancellable, wf_cli_take_result, &result);
  announced = announce (uri, error);
  if (announced)
    source = g_timeout_add_seconds (seconds, on_timeout, &wait);
  else
    g_cancellable_cancel (cancellable);
  wf_cli_wait (&result);
  if (source && !wait.timed_out)
    g_source_remove (source);
  g_cancellable_disconnect (cli->cancellable, handler);
  return take_redirect (listener, result, &wait, seconds, announced ? error : NULL);
}

/* --- The steps --- */

static WfLoopbackListener *
listen_for (const WfAccount *account,
            GError         **error)
{
  const char *redirect_uri = account->redirect_uri ? account->redirect_uri : WF_REDIRECT_URI_BROWSER;

  if (wf_uri_is_loopback_redirect (redirect_uri))
    return wf_loopback_listener_new (redirect_uri, error);
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE,
               _("The redirect URI %s can be caught by the window only. Sign in there, or change it to %s."),
               redirect_uri, WF_REDIRECT_URI_BROWSER);
  return NULL;
}

static WfAuthorizationRequest *
begin (WfCli              *cli,
       WfSession          *session,
       WfLoopbackListener *listener,
       GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_begin_sign_in_async (session, wf_loopback_listener_get_redirect_uri (listener), cli->cancellable,
                                  wf_cli_take_result, &result);
  return wf_session_begin_sign_in_finish (session, wf_cli_wait (&result), error);
}

static gboolean
complete (WfCli                  *cli,
          WfSession              *session,
          WfAuthorizationRequest *request,
          const char             *redirect,
          GError                **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_complete_sign_in_async (session, request, redirect, cli->cancellable, wf_cli_take_result, &result);
  return wf_session_complete_sign_in_finish (session, wf_cli_wait (&result), error);
}

static gboolean
sign_in (WfCli     *cli,
         WfSession *session,
         guint      seconds,
         GError   **error)
{
  g_autoptr (WfLoopbackListener) listener = listen_for (wf_session_get_account (session), error);
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfWipedString) redirect = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!listener || !(request = begin (cli, session, listener, error)))
    return FALSE;
  redirect = wait_for_redirect (cli, listener, wf_authorization_request_get_uri (request), seconds, &local_error);
  wf_loopback_listener_close (listener);
  if (redirect)
    return complete (cli, session, request, redirect, error);
  wf_session_cancel_sign_in (session, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- Afterwards --- */

/* The question that users of every such tool ask. */
static void
warn_of_missing_refresh_token (WfSession *session)
{
  const WfAccount *account = wf_session_get_account (session);

  if (wf_session_get_tokens (session)->refresh_token || !wf_scope_contains (account->scope, "offline_access"))
    return;
  wf_cli_warn (_("offline_access was asked, but no refresh token came, so that you must sign in again when the access "
                 "token expires. The provider's settings may not allow it for this application or this API. At Auth0, "
                 "switch on “Allow Offline Access” in the API's Settings and “Refresh Token” in the application's "
                 "Grant Types."));
}

static void
report (WfCli     *cli,
        WfSession *session)
{
  const WfTokenSet *tokens = wf_session_get_tokens (session);

  if (cli->json)
    wf_cli_show_session (cli, session);
  else if (tokens->subject)
    /* Translators: %s is the subject of the ID token */
    wf_cli_print (_("Signed in as %s"), tokens->subject);
  else
    wf_cli_print (_("Signed in"));
  warn_of_missing_refresh_token (session);
}

static gboolean
run_sign_in (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (WfSession) session = NULL;
  gint64 seconds = DEFAULT_TIMEOUT;

  if (!wf_cli_parse_number ("--timeout", timeout, 1, MAX_TIMEOUT, &seconds, error))
    return FALSE;
  /* Reads the keyring: where it cannot be used, nobody is sent to a browser for nothing. */
  session = wf_cli_load_session (cli, operands[0], error);
  if (!session)
    return FALSE;
  cli->is_signing_in = TRUE;
  if (!sign_in (cli, session, (guint) seconds, error))
    return FALSE;
  report (cli, session);
  return TRUE;
}

const WfCliCommand wf_cli_sign_in_command = {
  "sign-in", "NAME", 1, 1, N_("Sign in with your browser"), entries, run_sign_in,
};
