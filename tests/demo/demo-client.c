/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-client.h"

#include "wf-authorization-request.h"
#include "wf-json.h"
#include "wf-random.h"

#define REDIRECT_URI "io.github.warifu:/callback"

DemoClient *
demo_client_new (WfDemoServer *server)
{
  DemoClient *client = g_new0 (DemoClient, 1);

  client->server = g_object_ref (server);
  client->session = soup_session_new ();
  soup_session_add_feature_by_type (client->session, SOUP_TYPE_COOKIE_JAR);
  client->verifier = wf_random_token (32);
  client->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return client;
}

void
demo_client_free (DemoClient *client)
{
  g_object_unref (client->server);
  soup_session_abort (client->session);
  g_object_unref (client->session);
  g_free (client->verifier);
  g_hash_table_unref (client->headers);
  g_free (client);
}

void
demo_answer_free (DemoAnswer *answer)
{
  g_free (answer->body);
  g_free (answer->location);
  g_free (answer->content_type);
  g_clear_pointer (&answer->headers, soup_message_headers_unref);
  g_clear_pointer (&answer->json, json_object_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}

const char *
demo_answer_get (DemoAnswer *answer,
                 const char *member)
{
  g_assert_nonnull (answer->json);
  return json_object_get_string_member_with_default (answer->json, member, "");
}

void
demo_client_set_header (DemoClient *client,
                        const char *name,
                        const char *value)
{
  if (value)
    g_hash_table_replace (client->headers, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (client->headers, name);
}

typedef struct
{
  GBytes  *body;
  GError  *error;
  gboolean done;
} Pending;

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Pending *pending = user_data;

  pending->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &pending->error);
  pending->done = TRUE;
}

static DemoAnswer *
make_answer (SoupMessage *message,
             Pending     *pending)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  DemoAnswer *answer = g_new0 (DemoAnswer, 1);
  gsize size = 0;
  const char *data = pending->body ? g_bytes_get_data (pending->body, &size) : NULL;

  answer->error = g_steal_pointer (&pending->error);
  answer->status = answer->error ? 0 : soup_message_get_status (message);
  answer->body = g_strndup (data ? data : "", size);
  answer->headers = soup_message_headers_ref (headers);
  answer->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  answer->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  if (g_strcmp0 (answer->content_type, "application/json") == 0)
    answer->json = wf_json_parse_object (answer->body, size, WF_JSON_MAX_BYTES, NULL);
  return answer;
}

static DemoAnswer *
send_message (DemoClient  *client,
              const char  *method,
              const char  *path,
              const char  *form)
{
  const char *issuer = wf_demo_server_get_issuer (client->server);
  g_autofree char *uri = *path == '/' ? g_strconcat (issuer, path, NULL) : g_strdup (path);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  Pending pending = { 0 };
  DemoAnswer *answer;
  GHashTableIter iter;
  gpointer name, value;

  g_assert_nonnull (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  if (form)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (form, strlen (form));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);
    }
  g_hash_table_iter_init (&iter, client->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    soup_message_headers_replace (soup_message_get_request_headers (message), name, value);

  soup_session_send_and_read_async (client->session, message, G_PRIORITY_DEFAULT, NULL, on_answer, &pending);
  while (!pending.done)
    g_main_context_iteration (NULL, TRUE);
  answer = make_answer (message, &pending);
  g_clear_pointer (&pending.body, g_bytes_unref);
  return answer;
}

DemoAnswer *
demo_client_get (DemoClient *client,
                 const char *path)
{
  return send_message (client, "GET", path, NULL);
}

static char *
encode_pairs (va_list args)
{
  g_autoptr (WfForm) form = wf_form_new ();
  const char *name;

  while ((name = va_arg (args, const char *)))
    wf_form_add (form, name, va_arg (args, const char *));
  return wf_form_encode (form);
}

DemoAnswer *
demo_client_post (DemoClient *client,
                  const char *path,
                  ...)
{
  g_autofree char *body = NULL;
  va_list args;

  va_start (args, path);
  body = encode_pairs (args);
  va_end (args);
  return send_message (client, "POST", path, body);
}

char *
demo_client_make_authorize_path (DemoClient *client,
                                 ...)
{
  g_autofree char *challenge = wf_authorization_request_make_challenge (client->verifier);
  const char *const standard[][2] = {
    { "response_type", "code" },
    { "client_id", WF_DEMO_CLIENT_ID },
    { "redirect_uri", REDIRECT_URI },
    { "scope", "openid profile email offline_access" },
    { "state", "st&te" },
    { "nonce", "n-0S6_WzA2Mj" },
    { "code_challenge", challenge },
    { "code_challenge_method", "S256" },
  };
  g_autoptr (WfForm) form = wf_form_new ();
  g_autoptr (GHashTable) replaced = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *query = NULL;
  const char *name;
  va_list args;

  va_start (args, client);
  while ((name = va_arg (args, const char *)))
    {
      wf_form_add (form, name, va_arg (args, const char *));
      g_hash_table_add (replaced, (gpointer) name);
    }
  va_end (args);
  for (guint i = 0; i < G_N_ELEMENTS (standard); i++)
    if (!g_hash_table_contains (replaced, standard[i][0]))
      wf_form_add (form, standard[i][0], standard[i][1]);
  query = wf_form_encode (form);
  return g_strconcat ("/authorize?", query, NULL);
}

char *
demo_page_get_hidden (const char *html,
                      const char *name)
{
  g_autofree char *start = g_strdup_printf ("name=\"%s\" value=\"", name);
  const char *value = strstr (html, start);

  g_assert_nonnull (value);
  value += strlen (start);
  return g_strndup (value, strcspn (value, "\""));
}

char *
demo_location_get (const char *location,
                   const char *name)
{
  const char *query = strchr (location, '?');
  g_autoptr (WfForm) form = query ? wf_form_decode (query + 1, 20, NULL) : NULL;

  return form ? g_strdup (wf_form_lookup (form, name)) : NULL;
}

char *
demo_client_approve (DemoClient *client,
                     const char *path,
                     const char *user)
{
  g_autoptr (DemoAnswer) page = demo_client_get (client, path);
  g_autoptr (DemoAnswer) answer = NULL;
  g_autofree char *transaction = NULL;

  g_assert_no_error (page->error);
  g_assert_cmpuint (page->status, ==, 200);
  transaction = demo_page_get_hidden (page->body, "transaction");
  answer = demo_client_post (client, "/authorize/decision", "transaction", transaction, "user", user, "decision",
                             "approve", NULL);
  g_assert_cmpuint (answer->status, ==, 303);
  return g_steal_pointer (&answer->location);
}

char *
demo_client_get_code (DemoClient *client)
{
  g_autofree char *path = demo_client_make_authorize_path (client, NULL);
  g_autofree char *location = demo_client_approve (client, path, "alice");

  return demo_location_get (location, "code");
}

DemoAnswer *
demo_client_exchange (DemoClient *client,
                      const char *code)
{
  return demo_client_post (client, "/oauth/token", "grant_type", "authorization_code", "client_id", WF_DEMO_CLIENT_ID,
                           "code", code, "redirect_uri", REDIRECT_URI, "code_verifier", client->verifier, NULL);
}

DemoAnswer *
demo_client_refresh (DemoClient *client,
                     const char *refresh_token)
{
  return demo_client_post (client, "/oauth/token", "grant_type", "refresh_token", "client_id", WF_DEMO_CLIENT_ID,
                           "refresh_token", refresh_token, NULL);
}

DemoAnswer *
demo_client_sign_in (DemoClient *client)
{
  g_autofree char *code = demo_client_get_code (client);
  DemoAnswer *answer = demo_client_exchange (client, code);

  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (answer->json);
  return answer;
}
