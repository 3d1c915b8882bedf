/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"
#include "wf-demo-context.h"
#include "wf-demo-picture.h"
#include "wf-demo-user.h"
#include "wf-scope.h"

#define PICTURE_MAX_AGE 3600

/* RFC 6750 §3.1; no error where no token was sent */
static void
challenge (SoupServerMessage *message,
           guint              status,
           const char        *error,
           const char        *description)
{
  g_autofree char *value = NULL;

  if (error)
    value = g_strdup_printf ("Bearer realm=\"warifu-demo\", error=\"%s\", error_description=\"%s\"", error, description);
  else
    value = g_strdup ("Bearer realm=\"warifu-demo\"");
  if (error)
    wf_demo_answer_error (message, status, error, description);
  else
    soup_server_message_set_status (message, status, NULL /* reason */);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate", value);
}

/* OpenID Connect Core 1.0 §5.3; the token comes in the header alone (RFC 6750 §2.1). */
void
wf_demo_handle_userinfo (WfDemoContext     *context,
                         SoupServerMessage *message,
                         const WfForm      *form)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  g_autoptr (JsonObject) claims = NULL;
  const WfDemoToken *token;

  if (!header || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    {
      challenge (message, SOUP_STATUS_UNAUTHORIZED, NULL, NULL);
      return;
    }
  token = wf_demo_grants_find_access_token (context->grants, header + 7, wf_demo_context_now (context));
  if (!token)
    {
      challenge (message, SOUP_STATUS_UNAUTHORIZED, "invalid_token", "The access token is unknown, expired or revoked.");
      return;
    }
  if (!wf_scope_contains (token->scope, "openid"))
    {
      challenge (message, SOUP_STATUS_FORBIDDEN, "insufficient_scope", "The scope openid is needed.");
      return;
    }
  claims = json_object_new ();
  wf_demo_user_add_claims (token->grant->user, token->scope, context->issuer, claims);
  wf_demo_context_filter (context, "userinfo", claims);
  wf_demo_answer_json (message, SOUP_STATUS_OK, claims);
}

void
wf_demo_handle_picture (WfDemoContext     *context,
                        SoupServerMessage *message,
                        const WfForm      *form)
{
  g_autofree char *user = wf_demo_user_from_text (wf_form_lookup (form, "user"));
  g_autoptr (GBytes) png = wf_demo_picture_draw (user ? user : WF_DEMO_DEFAULT_USER);
  gsize length;
  const char *data = g_bytes_get_data (png, &length);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL /* reason */);
  soup_server_message_set_response (message, "image/png", SOUP_MEMORY_COPY, data, length);
  wf_demo_answer_set_max_age (message, PICTURE_MAX_AGE);
}
