/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-form.h"
#include "wf-token-request.h"
#include "wf-uri.h"

#define REDIRECT_MAX_FIELDS 200

/* The part of a sign-in that goes through the sign-in view or the browser: Warifu sees the addresses alone. */

static WfExchange *
make_exchange (const char *what,
               const char *uri,
               gint64      time)
{
  WfExchange *exchange = wf_exchange_new ();
  g_autoptr (WfWipedString) text = g_utf8_make_valid (uri, -1);

  exchange->what = g_strdup (what);
  exchange->method = g_strdup ("GET");
  exchange->by_address = TRUE;
  exchange->started_at = time;
  wf_exchange_set_uri (exchange, text);
  return exchange;
}

static void
add_check (WfSession  *self,
           WfFlow     *flow,
           const char *title,
           const char *detail,
           gboolean    failed)
{
  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_WARIFU, title, detail, failed, wf_clock_now_us (self->clock), NULL);
}

/* "GET /authorize" */
static char *
make_title (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *path = parsed ? g_uri_get_path (parsed) : "";

  return g_strdup_printf ("GET %s", *path ? path : "/");
}

void
wf_session_record_request (WfSession                    *self,
                           WfFlow                       *flow,
                           const WfAuthorizationRequest *request)
{
  gint64 now = wf_clock_now_us (self->clock);
  const char *uri = wf_authorization_request_get_uri (request);
  g_autoptr (WfExchange) exchange = make_exchange (_("authorization endpoint"), uri, now);
  g_autofree char *title = make_title (uri);
  gboolean has_nonce = wf_authorization_request_get_nonce (request) != NULL;

  add_check (self, flow, has_nonce ? _("State, nonce and code verifier made") : _("State and code verifier made"),
             _("256 random bits each, for this sign-in alone"), FALSE);
  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_PERSON, _("Authorization request"),
               wf_uri_is_loopback_redirect (wf_authorization_request_get_redirect_uri (request))
                 ? _("opened in the browser") : _("opened in the window"),
               FALSE, now, exchange);
  wf_flow_add (flow, WF_LANE_PERSON, WF_LANE_SERVER, title, exchange->what, FALSE, now, exchange);
}

/* Where the answer fails to pass, the check that it failed stands as such, and those before it as passed: in the
 * order of wf_authorization_response_parse(). */
static void
record_checks (WfSession                    *self,
               WfFlow                       *flow,
               const WfAuthorizationRequest *request,
               const char                   *redirect,
               const GError                 *error)
{
  const char *query = strchr (redirect, '?');
  g_autofree char *text = query ? g_strndup (query + 1, strcspn (query + 1, "#")) : NULL;
  g_autoptr (WfForm) form = text ? wf_form_decode (text, REDIRECT_MAX_FIELDS, NULL) : NULL;
  gboolean has_issuer = form && wf_form_count (form, "iss") > 0;

  wf_secret_wipe_free (g_steal_pointer (&text));
  if (g_error_matches (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE))
    return;
  if (g_error_matches (error, WF_ERROR, WF_ERROR_STATE_MISMATCH))
    {
      add_check (self, flow, _("State does not match"), error->message, TRUE);
      return;
    }
  add_check (self, flow, _("State matches"), _("the answer belongs to this sign-in"), FALSE);
  if (g_error_matches (error, WF_ERROR, WF_ERROR_ISSUER_MISMATCH))
    add_check (self, flow, _("Issuer does not match"), error->message, TRUE);
  else if (has_issuer)
    add_check (self, flow, _("Issuer matches"), wf_authorization_request_get_issuer (request), FALSE);
  else
    add_check (self, flow, _("Issuer not named"), _("this provider does not send iss, and has not promised to"), FALSE);
}

void
wf_session_record_redirect (WfSession                    *self,
                            WfFlow                       *flow,
                            const WfAuthorizationRequest *request,
                            const char                   *redirect,
                            const GError                 *error)
{
  gint64 now = wf_clock_now_us (self->clock);
  guint steps = wf_flow_get_n_steps (flow);
  g_autoptr (WfExchange) exchange = make_exchange (_("redirect URI"), redirect, now);
  const char *target = wf_authorization_request_get_redirect_uri (request);

  /* What the person needed to sign in. */
  if (steps > 0)
    exchange->duration_us = MAX (now - wf_flow_get_step (flow, steps - 1)->time, 0);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_PERSON, _("Redirect with the answer"), target, FALSE, now, exchange);
  wf_flow_add (flow, WF_LANE_PERSON, WF_LANE_WARIFU, _("Answer captured"),
               wf_uri_is_loopback_redirect (target) ? _("by a listener on this computer") : _("before any request went to it"),
               FALSE, now, exchange);
  record_checks (self, flow, request, redirect, error);
}

void
wf_session_record_verifier (WfSession *self,
                            WfFlow    *flow)
{
  const char *method = wf_account_is_confidential (self->account) ? wf_auth_method_to_string (self->account->auth_method) : NULL;
  /* Translators: %s is the name of a method to authenticate an application, client_secret_basic */
  g_autofree char *detail = method ? g_strdup_printf (_("PKCE with S256, and the client secret by %s"), method)
                                   : g_strdup (_("PKCE with S256; this application has no client secret"));

  add_check (self, flow, _("Code verifier goes with the code"), detail, FALSE);
}
