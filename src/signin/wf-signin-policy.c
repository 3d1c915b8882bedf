/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-policy.h"

#include "wf-uri.h"

static gboolean
is_loopback_http (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED, NULL);

  return parsed && g_uri_get_host (parsed) && wf_uri_host_is_loopback (g_uri_get_host (parsed));
}

WfSigninVerdict
wf_signin_judge (const char *redirect_uri,
                 const char *uri)
{
  g_autofree char *scheme = uri ? g_uri_parse_scheme (uri) : NULL;

  if (!scheme)
    return WF_SIGNIN_REFUSE;
  if (wf_uri_matches_redirect (redirect_uri, uri))
    return WF_SIGNIN_REDIRECT;
  if (g_ascii_strcasecmp (scheme, "https") == 0)
    return WF_SIGNIN_ALLOW;
  if (g_ascii_strcasecmp (scheme, "http") == 0)
    return is_loopback_http (uri) ? WF_SIGNIN_ALLOW : WF_SIGNIN_CLEARTEXT;
  /* Empty frames that a page fills by itself. */
  if (g_str_equal (uri, "about:blank") || g_str_equal (uri, "about:srcdoc"))
    return WF_SIGNIN_ALLOW;
  return WF_SIGNIN_REFUSE;
}

char *
wf_signin_normalize (const char *uri)
{
  g_autoptr (WebKitURIRequest) request = webkit_uri_request_new (uri);
  const char *normalized = webkit_uri_request_get_uri (request);

  return g_strdup (normalized && *normalized ? normalized : uri);
}

gboolean
wf_signin_is_main_frame_redirect (WebKitWebView          *view,
                                  WebKitNavigationAction *action,
                                  const char             *uri)
{
  WebKitURIRequest *request = webkit_navigation_action_get_request (action);
  SoupMessageHeaders *headers = webkit_uri_request_get_http_headers (request);
  /* Not sent to every host, and not known of every scheme. */
  const char *destination = headers ? soup_message_headers_get_one (headers, "Sec-Fetch-Dest") : NULL;

  return webkit_navigation_action_is_redirect (action) &&
         g_strcmp0 (webkit_web_view_get_uri (view), uri) == 0 &&
         (!destination || g_str_equal (destination, "document"));
}

gboolean
wf_signin_is_post (WebKitURIRequest *request)
{
  const char *method = webkit_uri_request_get_http_method (request);

  return method && !g_str_equal (method, "GET");
}

gboolean
wf_signin_is_showable (WebKitResponsePolicyDecision *decision)
{
  WebKitURIResponse *response = webkit_response_policy_decision_get_response (decision);
  SoupMessageHeaders *headers = webkit_uri_response_get_http_headers (response);
  g_autofree char *disposition = NULL;

  if (!webkit_response_policy_decision_is_mime_type_supported (decision))
    return FALSE;
  return !headers || !soup_message_headers_get_content_disposition (headers, &disposition, NULL) ||
         g_ascii_strcasecmp (disposition, "attachment") != 0;
}
