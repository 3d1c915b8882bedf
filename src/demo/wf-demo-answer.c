/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"

#include "wf-json.h"

/* No script at all, no foreign content, no frame around the page. form-action is left out: some
 * engines hold the redirect that follows a form against it, and ours goes to a custom scheme. */
#define CONTENT_SECURITY_POLICY \
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"

static void
set_no_store (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Pragma", "no-cache");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
}

void
wf_demo_answer_json (SoupServerMessage *message,
                     guint              status,
                     JsonObject        *object)
{
  char *json = wf_json_object_to_string (object, FALSE);

  set_no_store (message);
  soup_server_message_set_status (message, status, NULL /* reason */);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, json, strlen (json));
}

void
wf_demo_answer_set_max_age (SoupServerMessage *message,
                            guint              seconds)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *value = g_strdup_printf ("public, max-age=%u", seconds);

  soup_message_headers_replace (headers, "Cache-Control", value);
  soup_message_headers_remove (headers, "Pragma");
}

void
wf_demo_answer_error (SoupServerMessage *message,
                      guint              status,
                      const char        *error,
                      const char        *description)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "error", error);
  json_object_set_string_member (object, "error_description", description);
  wf_demo_answer_json (message, status, object);
}

void
wf_demo_answer_html (SoupServerMessage *message,
                     guint              status,
                     char              *html)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  set_no_store (message);
  soup_message_headers_replace (headers, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");
  soup_message_headers_replace (headers, "Referrer-Policy", "same-origin");
  soup_message_headers_replace (headers, "Vary", "Accept-Language");
  soup_server_message_set_status (message, status, NULL /* reason */);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, html, strlen (html));
}

void
wf_demo_answer_redirect (SoupServerMessage *message,
                         const char        *uri)
{
  set_no_store (message);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", uri);
  soup_server_message_set_status (message, SOUP_STATUS_SEE_OTHER, NULL /* reason */);
}
