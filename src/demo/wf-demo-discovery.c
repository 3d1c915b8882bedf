/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"
#include "wf-demo-context.h"
#include "wf-demo-user.h"

#define MAX_AGE 300

/* What the provider can do, member by member: OpenID Connect Discovery 1.0 §3, RFC 8414 §2. */
static const struct
{
  const char *member;
  const char *values[5];
} supported[] = {
  { "response_types_supported", { "code" } },
  { "response_modes_supported", { "query" } },
  { "grant_types_supported", { "authorization_code", "refresh_token" } },
  { "subject_types_supported", { "public" } },
  { "code_challenge_methods_supported", { "S256" } },
  { "token_endpoint_auth_methods_supported", { "none", "client_secret_basic", "client_secret_post" } },
  { "revocation_endpoint_auth_methods_supported", { "none", "client_secret_basic", "client_secret_post" } },
  { "prompt_values_supported", { "none", "login", "consent" } },
  { "ui_locales_supported", { "en", "ja" } },
};

static const char *const claims[] = {
  "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "name", "preferred_username",
  "picture", "email", "email_verified", NULL,
};

static const struct
{
  const char *member;
  const char *path;
} endpoints[] = {
  { "authorization_endpoint", "/authorize" },
  { "token_endpoint", "/oauth/token" },
  { "userinfo_endpoint", "/userinfo" },
  { "jwks_uri", "/jwks.json" },
  { "revocation_endpoint", "/oauth/revoke" },
  { "end_session_endpoint", "/logout" },
};

static void
set_strings (JsonObject        *object,
             const char        *member,
             const char *const *values)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; values[i]; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (object, member, array);
}

void
wf_demo_handle_discovery (WfDemoContext     *context,
                          SoupServerMessage *message,
                          const WfForm      *form)
{
  g_autoptr (JsonObject) document = json_object_new ();
  const char *algorithms[] = { wf_demo_keys_get_algorithm (context->keys), NULL };

  json_object_set_string_member (document, "issuer", context->issuer);
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autofree char *uri = g_strconcat (context->issuer, endpoints[i].path, NULL);

      json_object_set_string_member (document, endpoints[i].member, uri);
    }
  set_strings (document, "scopes_supported", wf_demo_user_get_scopes ());
  for (guint i = 0; i < G_N_ELEMENTS (supported); i++)
    set_strings (document, supported[i].member, supported[i].values);
  set_strings (document, "id_token_signing_alg_values_supported", algorithms);
  set_strings (document, "claims_supported", claims);
  json_object_set_boolean_member (document, "authorization_response_iss_parameter_supported", TRUE); /* RFC 9207 §3 */
  json_object_set_boolean_member (document, "request_parameter_supported", FALSE);
  json_object_set_boolean_member (document, "request_uri_parameter_supported", FALSE);
  wf_demo_context_filter (context, "discovery", document);
  wf_demo_answer_json (message, SOUP_STATUS_OK, document);
  wf_demo_answer_set_max_age (message, MAX_AGE);
}

void
wf_demo_handle_jwks (WfDemoContext     *context,
                     SoupServerMessage *message,
                     const WfForm      *form)
{
  g_autoptr (JsonObject) jwks = wf_demo_keys_to_jwks (context->keys);

  wf_demo_context_filter (context, "jwks", jwks);
  wf_demo_answer_json (message, SOUP_STATUS_OK, jwks);
  wf_demo_answer_set_max_age (message, MAX_AGE);
}
