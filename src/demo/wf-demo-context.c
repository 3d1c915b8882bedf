/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-context.h"

#include "wf-demo-client.h"
#include "wf-random.h"

#define CLIENT_SECRET_BYTES 24

static void
copy_options (WfDemoOptions       *options,
              const WfDemoOptions *given)
{
  *options = *given;
  options->client_id = g_strdup (given->client_id ? given->client_id : WF_DEMO_CLIENT_ID);
  options->confidential_client_id = g_strdup (given->confidential_client_id ? given->confidential_client_id
                                                                             : WF_DEMO_CONFIDENTIAL_CLIENT_ID);
  options->client_secret = given->client_secret ? g_strdup (given->client_secret)
                                                : wf_random_token (CLIENT_SECRET_BYTES);
  options->redirect_uris = (const char *const *) g_strdupv ((char **) (given->redirect_uris
                                                                         ? given->redirect_uris
                                                                         : wf_demo_client_get_default_redirect_uris ()));
}

WfDemoContext *
wf_demo_context_new (const WfDemoOptions *options)
{
  WfDemoContext *context = g_new0 (WfDemoContext, 1);

  copy_options (&context->options, options);
  context->keys = wf_demo_keys_new (options->algorithm);
  context->grants = wf_demo_grants_new ();
  context->sessions = wf_demo_sessions_new ();
  context->grant_counts = g_hash_table_new (g_str_hash, g_str_equal);
  return context;
}

void
wf_demo_context_free (WfDemoContext *context)
{
  if (!context)
    return;
  wf_demo_context_set_filter (context, NULL, NULL, NULL);
  g_free ((char *) context->options.client_id);
  g_free ((char *) context->options.confidential_client_id);
  g_free ((char *) context->options.client_secret);
  g_strfreev ((char **) context->options.redirect_uris);
  g_free (context->issuer);
  wf_demo_keys_free (context->keys);
  wf_demo_grants_free (context->grants);
  wf_demo_sessions_free (context->sessions);
  g_hash_table_unref (context->grant_counts);
  g_free (context);
}

gint64
wf_demo_context_now (const WfDemoContext *context)
{
  return g_get_real_time () / G_USEC_PER_SEC + context->clock_offset;
}

WfDemoSession *
wf_demo_context_find_session (const WfDemoContext *context,
                              SoupServerMessage   *message)
{
  const char *header = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  GHashTable *cookies;
  const char *value;
  WfDemoSession *session = NULL;

  if (!header)
    return NULL;
  cookies = soup_header_parse_semi_param_list (header);
  value = g_hash_table_lookup (cookies, WF_DEMO_COOKIE);
  if (value)
    session = wf_demo_sessions_find (context->sessions, value, wf_demo_context_now (context));
  soup_header_free_param_list (cookies);
  return session;
}

void
wf_demo_context_filter (const WfDemoContext *context,
                        const char          *what,
                        JsonObject          *object)
{
  if (context->filter)
    context->filter (what, object, context->filter_data);
}

void
wf_demo_context_set_filter (WfDemoContext *context,
                            WfDemoFilter   filter,
                            gpointer       user_data,
                            GDestroyNotify destroy)
{
  if (context->filter_destroy)
    context->filter_destroy (context->filter_data);
  context->filter = filter;
  context->filter_data = user_data;
  context->filter_destroy = destroy;
}
