/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that WebKit asks of the sign-in view and tells it: where a frame may go, what became of
 * a load, whether the page is well. */

#include "wf-signin-view-private.h"

#include <glib/gi18n-lib.h>

#include "wf-secret.h"
#include "wf-signin-errors.h"
#include "wf-signin-policy.h"
#include "wf-signin-trust.h"
#include "wf-uri.h"

#define DEFAULT_LOAD_SECONDS 60
#define DEFAULT_HANG_SECONDS 10
#define MAX_TRUSTED_HOSTS 8

static void
update_tls (WfSigninView *self)
{
  GTlsCertificate *certificate = NULL;
  GTlsCertificateFlags flags = 0;
  gboolean tls = webkit_web_view_get_tls_info (self->web, &certificate, &flags);
  gboolean own = self->host && g_hash_table_contains (self->trusted, self->host);
  gboolean secure = tls && (flags == 0 || own);

  wf_signin_view_set_boolean (self, &self->secure, secure, WF_SIGNIN_PROP_SECURE);
  /* What is not encrypted is on loopback: nothing else is let through. */
  wf_signin_view_take_string (self, &self->tls_detail,
                              secure ? wf_signin_trust_describe (certificate, own)
                                     : g_strdup (_("It does not leave this computer.")),
                              WF_SIGNIN_PROP_TLS_DETAIL);
}

static gboolean
on_load_timeout (gpointer user_data)
{
  WfSigninView *self = user_data;

  self->load_timer = 0;
  wf_signin_view_fail (self, wf_signin_error_new_timeout (webkit_web_view_get_uri (self->web)));
  return G_SOURCE_REMOVE;
}

static void
arm_load_timer (WfSigninView *self)
{
  guint32 seconds = DEFAULT_LOAD_SECONDS;

  g_variant_lookup (self->settings, "load-timeout", "u", &seconds);
  g_clear_handle_id (&self->load_timer, g_source_remove);
  self->load_timer = g_timeout_add_seconds (seconds, on_load_timeout, self);
}

/* Policy */

/* A redirect by the server: it is known whose it is, so nothing needs to go further. */
static gboolean
decide_server_redirect (WfSigninView           *self,
                        WebKitNavigationAction *action,
                        const char             *uri,
                        WfSigninVerdict         verdict)
{
  if (verdict == WF_SIGNIN_ALLOW)
    return TRUE;
  if (!wf_signin_is_main_frame_redirect (self->web, action, uri))
    return FALSE;
  if (verdict == WF_SIGNIN_CLEARTEXT)
    wf_signin_view_fail (self, wf_signin_error_new_cleartext (uri));
  else if (verdict == WF_SIGNIN_REFUSE)
    wf_signin_view_fail (self, wf_signin_error_new_scheme (uri));
  else if (wf_signin_is_post (webkit_navigation_action_get_request (action)))
    wf_signin_view_fail (self, wf_signin_error_new_posted ()); /* 307 and 308 send the form on */
  else
    wf_signin_view_capture (self, uri);
  return FALSE;
}

/* Returns: whether the frame may go there. A link, a form or a script may be
 * in any frame, and WebKit does not say in which. So the navigation to the
 * redirect URI is let go as far as the content filter, which stops it before any
 * request; on_load_failed() hears of it where it was the main frame's. */
static gboolean
decide_navigation (WfSigninView           *self,
                   WebKitNavigationAction *action)
{
  WebKitURIRequest *request = webkit_navigation_action_get_request (action);
  /* WebKit makes this string anew at each call, and the one before is gone. */
  g_autoptr (WfWipedString) uri = g_strdup (webkit_uri_request_get_uri (request));
  WfSigninVerdict verdict = wf_signin_judge (wf_authorization_request_get_redirect_uri (self->request), uri);

  if (webkit_navigation_action_is_redirect (action))
    return decide_server_redirect (self, action, uri, verdict);
  if (verdict == WF_SIGNIN_REFUSE)
    return FALSE;
  if (verdict == WF_SIGNIN_REDIRECT && wf_signin_is_post (request))
    {
      g_free (self->posted);
      self->posted = g_steal_pointer (&uri);
    }
  return TRUE;
}

static gboolean
decide_response (WfSigninView                 *self,
                 WebKitResponsePolicyDecision *decision)
{
  WebKitURIResponse *response = webkit_response_policy_decision_get_response (decision);
  gboolean main_frame = webkit_response_policy_decision_is_main_frame_main_resource (decision);
  gboolean showable = wf_signin_is_showable (decision);

  if (main_frame)
    self->next_status = webkit_uri_response_get_status_code (response);
  if (main_frame && !showable && !self->ready)
    wf_signin_view_fail (self, wf_signin_error_new_file (webkit_uri_response_get_uri (response)));
  return showable;
}

static gboolean
on_decide_policy (WebKitWebView           *web,
                  WebKitPolicyDecision    *decision,
                  WebKitPolicyDecisionType type,
                  WfSigninView            *self)
{
  gboolean allowed = FALSE;

  if (self->finished)
    allowed = FALSE;
  else if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
    allowed = decide_response (self, WEBKIT_RESPONSE_POLICY_DECISION (decision));
  else if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION)
    allowed = decide_navigation (self, webkit_navigation_policy_decision_get_navigation_action (
                                         WEBKIT_NAVIGATION_POLICY_DECISION (decision)));

  if (allowed)
    webkit_policy_decision_use (decision);
  else
    webkit_policy_decision_ignore (decision);
  return TRUE;
}

static gboolean
on_authenticate (WebKitWebView               *web,
                 WebKitAuthenticationRequest *request,
                 WfSigninView                *self)
{
  const char *file = NULL;
  g_autofree char *host = wf_uri_get_display_host (wf_authorization_request_get_uri (self->request));
  g_autoptr (GTlsCertificate) certificate = NULL;

  /* The account's certificate is for its provider and for nobody else (RFC 8705). */
  if (webkit_authentication_request_get_scheme (request) == WEBKIT_AUTHENTICATION_SCHEME_CLIENT_CERTIFICATE_REQUESTED &&
      g_variant_lookup (self->settings, "client-certificate", "&s", &file) &&
      g_strcmp0 (webkit_authentication_request_get_host (request), host) == 0 &&
      !webkit_authentication_request_is_retry (request))
    certificate = g_tls_certificate_new_from_file (file, NULL);

  if (certificate)
    {
      WebKitCredential *credential =
        webkit_credential_new_for_certificate (certificate, WEBKIT_CREDENTIAL_PERSISTENCE_NONE);

      webkit_authentication_request_authenticate (request, credential);
      webkit_credential_free (credential);
    }
  else
    {
      /* No password dialog, no ticket: the server's own page says what it wants, and the browser is the
       * way out for Kerberos and its like. */
      webkit_authentication_request_authenticate (request, NULL);
    }
  return TRUE;
}

/* Loading */

static void
on_load_changed (WebKitWebView  *web,
                 WebKitLoadEvent event,
                 WfSigninView   *self)
{
  if (self->finished)
    return;

  switch (event)
    {
    case WEBKIT_LOAD_STARTED:
      self->next_status = 0;
      arm_load_timer (self);
      break;
    case WEBKIT_LOAD_COMMITTED:
      g_clear_handle_id (&self->load_timer, g_source_remove);
      wf_signin_view_set_address (self, webkit_web_view_get_uri (web));
      update_tls (self);
      if (self->status != self->next_status)
        {
          self->status = self->next_status;
          wf_signin_view_notify (self, WF_SIGNIN_PROP_STATUS);
        }
      wf_signin_view_set_boolean (self, &self->ready, TRUE, WF_SIGNIN_PROP_READY);
      break;
    case WEBKIT_LOAD_FINISHED:
      g_clear_handle_id (&self->load_timer, g_source_remove);
      break;
    case WEBKIT_LOAD_REDIRECTED:
    default:
      break;
    }
}

/* An empty answer (204), or a download that was not made: harmless once there is a page to go on with. */
static gboolean
is_interruption (const GError *error)
{
  return g_error_matches (error, WEBKIT_NETWORK_ERROR, WEBKIT_NETWORK_ERROR_CANCELLED) ||
         g_error_matches (error, WEBKIT_POLICY_ERROR, WEBKIT_POLICY_ERROR_FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Emitted for the main frame only. */
static gboolean
on_load_failed (WebKitWebView  *web,
                WebKitLoadEvent event,
                const char     *uri,
                GError         *error,
                WfSigninView   *self)
{
  WfSigninVerdict verdict;

  if (self->finished)
    return TRUE;

  verdict = wf_signin_judge (wf_authorization_request_get_redirect_uri (self->request), uri);
  if (verdict == WF_SIGNIN_REDIRECT && g_strcmp0 (uri, self->posted) == 0)
    wf_signin_view_fail (self, wf_signin_error_new_posted ());
  else if (verdict == WF_SIGNIN_REDIRECT)
    wf_signin_view_capture (self, uri);
  else if (verdict == WF_SIGNIN_CLEARTEXT)
    wf_signin_view_fail (self, wf_signin_error_new_cleartext (uri));
  else if (!is_interruption (error))
    wf_signin_view_fail (self, wf_signin_error_new_load (uri, error));
  else if (!self->ready && g_error_matches (error, WEBKIT_POLICY_ERROR,
                                            WEBKIT_POLICY_ERROR_FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE))
    wf_signin_view_fail (self, wf_signin_error_new_empty ());
  g_clear_handle_id (&self->load_timer, g_source_remove);
  return TRUE;
}

typedef struct
{
  WfSigninView        *self;
  char                *uri;
  GTlsCertificate     *certificate;
  GTlsCertificateFlags flags;
} Doubt;

static void
doubt_free (Doubt *doubt)
{
  g_object_unref (doubt->self);
  g_object_unref (doubt->certificate);
  g_free (doubt->uri);
  g_free (doubt);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Doubt, doubt_free)

static void
on_exception_known (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (Doubt) doubt = user_data;

  webkit_cookie_manager_get_accept_policy_finish (WEBKIT_COOKIE_MANAGER (source), result, NULL);
  if (!doubt->self->finished)
    webkit_web_view_load_uri (doubt->self->web, doubt->uri);
}

static void
on_trust_verified (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Doubt) doubt = user_data;
  WfSigninView *self = doubt->self;
  WebKitNetworkSession *session;
  g_autofree char *host = wf_signin_error_get_host (doubt->uri);
  g_autoptr (GError) error = NULL;

  if (!wf_signin_trust_verify_finish (result, &error))
    {
      wf_signin_view_fail (self, g_steal_pointer (&error));
      return;
    }
  if (self->finished)
    return;
  g_hash_table_add (self->trusted, g_strdup (host));
  session = webkit_web_view_get_network_session (self->web);
  webkit_network_session_allow_tls_certificate_for_host (session, doubt->certificate, host);
  /* The exception goes straight to the network process, and a load by way of the web process may
   * overtake it: a question that the network process answers in turn says that it has arrived. */
  webkit_cookie_manager_get_accept_policy (webkit_network_session_get_cookie_manager (session), self->cancellable,
                                           on_exception_known, g_steal_pointer (&doubt));
}

static gboolean
on_load_failed_with_tls_errors (WebKitWebView       *web,
                                const char          *uri,
                                GTlsCertificate     *certificate,
                                GTlsCertificateFlags flags,
                                WfSigninView        *self)
{
  g_autofree char *host = wf_signin_error_get_host (uri);
  const char *ca_file = NULL;
  Doubt *doubt;

  if (self->finished)
    return TRUE;
  /* Once for a host: where the certificate changes afterwards something is wrong. */
  if (!g_variant_lookup (self->settings, "ca-file", "&s", &ca_file) ||
      g_hash_table_contains (self->trusted, host) || g_hash_table_size (self->trusted) >= MAX_TRUSTED_HOSTS)
    {
      wf_signin_view_fail (self, wf_signin_trust_make_error (host, flags));
      return TRUE;
    }
  doubt = g_new0 (Doubt, 1);
  doubt->self = g_object_ref (self);
  doubt->uri = g_strdup (uri);
  doubt->certificate = g_object_ref (certificate);
  doubt->flags = flags;
  wf_signin_trust_verify_async (ca_file, uri, certificate, self->cancellable, on_trust_verified, doubt);
  return TRUE;
}

static void
on_insecure_content_detected (WebKitWebView             *web,
                              WebKitInsecureContentEvent event,
                              WfSigninView              *self)
{
  wf_signin_view_fail (self, wf_signin_error_new_mixed (self->uri));
}

static void
on_web_process_terminated (WebKitWebView                    *web,
                           WebKitWebProcessTerminationReason reason,
                           WfSigninView                     *self)
{
  wf_signin_view_fail (self, wf_signin_error_new_crash ());
}

static gboolean
on_hang_timeout (gpointer user_data)
{
  WfSigninView *self = user_data;
  g_autoptr (WebKitWebView) web = g_object_ref (self->web); /* the view may go with its failure */

  self->hang_timer = 0;
  wf_signin_view_fail (self, wf_signin_error_new_hang ());
  webkit_web_view_terminate_web_process (web);
  return G_SOURCE_REMOVE;
}

static void
on_responsive_changed (WfSigninView *self)
{
  guint32 seconds = DEFAULT_HANG_SECONDS;

  g_variant_lookup (self->settings, "hang-timeout", "u", &seconds);
  g_clear_handle_id (&self->hang_timer, g_source_remove);
  if (!self->finished && !webkit_web_view_get_is_web_process_responsive (self->web))
    self->hang_timer = g_timeout_add_seconds (seconds, on_hang_timeout, self);
}

static void
on_close (WfSigninView *self)
{
  wf_signin_view_dismiss (self);
}

void
wf_signin_watch_connect (WfSigninView *self)
{
  g_signal_connect_object (self->web, "decide-policy", G_CALLBACK (on_decide_policy), self, 0);
  g_signal_connect_object (self->web, "authenticate", G_CALLBACK (on_authenticate), self, 0);
  g_signal_connect_object (self->web, "load-changed", G_CALLBACK (on_load_changed), self, 0);
  g_signal_connect_object (self->web, "load-failed", G_CALLBACK (on_load_failed), self, 0);
  g_signal_connect_object (self->web, "load-failed-with-tls-errors",
                           G_CALLBACK (on_load_failed_with_tls_errors), self, 0);
  g_signal_connect_object (self->web, "insecure-content-detected", G_CALLBACK (on_insecure_content_detected), self, 0);
  g_signal_connect_object (self->web, "web-process-terminated", G_CALLBACK (on_web_process_terminated), self, 0);
  g_signal_connect_object (self->web, "close", G_CALLBACK (on_close), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->web, "notify::is-web-process-responsive",
                           G_CALLBACK (on_responsive_changed), self, G_CONNECT_SWAPPED);
}

void
wf_signin_watch_stop (WfSigninView *self)
{
  g_clear_handle_id (&self->load_timer, g_source_remove);
  g_clear_handle_id (&self->hang_timer, g_source_remove);
}
