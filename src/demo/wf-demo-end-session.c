/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"
#include "wf-demo-client.h"
#include "wf-demo-context.h"
#include "wf-demo-pages.h"
#include "wf-jws.h"
#include "wf-json.h"

/* Whose session an ID token of ours speaks of; an expired one is good for that
 * (OpenID Connect RP-Initiated Logout 1.0 §2). Returns: (transfer full) (nullable) */
static char *
read_hint (WfDemoContext *context,
           const char    *hint,
           const char    *client_id)
{
  g_autoptr (WfJwt) jwt = wf_jwt_parse (hint, -1, NULL);
  g_autoptr (JsonObject) object = wf_demo_keys_to_jwks (context->keys);
  g_autofree char *json = wf_json_object_to_string (object, FALSE);
  g_autoptr (WfJwks) jwks = wf_jwks_parse (json, strlen (json), NULL);
  g_autoptr (WfVerification) verification = NULL;

  if (!jwt || !jwks)
    return NULL;
  verification = wf_jws_verify (jwt, jwks, NULL /* client_secret */);
  if (verification->verdict != WF_JWS_VERIFIED)
    return NULL;
  if (client_id && g_strcmp0 (wf_jwt_get_claim_string (jwt, "aud"), client_id) != 0)
    return NULL;
  return g_strdup (wf_jwt_get_claim_string (jwt, "sid"));
}

/* OpenID Connect RP-Initiated Logout 1.0 */
void
wf_demo_handle_end_session (WfDemoContext     *context,
                            SoupServerMessage *message,
                            const WfForm      *form)
{
  WfDemoLanguage language = wf_demo_pages_choose_language (message, form);
  const char *hint = wf_form_lookup (form, "id_token_hint");
  const char *client_id = wf_form_lookup (form, "client_id");
  const char *uri = wf_form_lookup (form, "post_logout_redirect_uri");
  g_autofree char *session_id = hint ? read_hint (context, hint, client_id) : NULL;
  g_autoptr (WfForm) answer = NULL;
  g_autofree char *query = NULL;
  g_autofree char *location = NULL;
  WfDemoSession *session = wf_demo_context_find_session (context, message);

  if (session && !hint)
    wf_demo_sessions_remove (context->sessions, session->id);
  if (session_id)
    {
      wf_demo_sessions_remove (context->sessions, session_id);
      wf_demo_grants_revoke_session (context->grants, session_id);
    }
  else if (hint)
    {
      wf_demo_answer_html (message, SOUP_STATUS_BAD_REQUEST,
                           wf_demo_pages_message (language, WF_DEMO_PAGE_UNKNOWN_SESSION));
      return;
    }
  if (!uri || !(session_id || wf_demo_client_is_known (context, client_id)) ||
      !wf_demo_client_has_redirect_uri (context, uri))
    {
      wf_demo_answer_html (message, SOUP_STATUS_OK, wf_demo_pages_message (language, WF_DEMO_PAGE_SIGNED_OUT));
      return;
    }
  answer = wf_form_new ();
  wf_form_add (answer, "state", wf_form_lookup (form, "state"));
  query = wf_form_encode (answer);
  location = *query ? g_strconcat (uri, strchr (uri, '?') ? "&" : "?", query, NULL) : g_strdup (uri);
  wf_demo_answer_redirect (message, location);
}

void
wf_demo_handle_home (WfDemoContext     *context,
                     SoupServerMessage *message,
                     const WfForm      *form)
{
  wf_demo_answer_html (message, SOUP_STATUS_OK,
                       wf_demo_pages_message (wf_demo_pages_choose_language (message, form), WF_DEMO_PAGE_HOME));
}
