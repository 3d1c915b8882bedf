/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-mint.h"

#include "wf-demo-user.h"
#include "wf-id-token.h"
#include "wf-random.h"
#include "wf-scope.h"
#include "wf-secret.h"

#define OPAQUE_BYTES 32
#define JWT_ID_BYTES 16

/* @what: "id_token" or "access_token", for the filter */
static char *
sign (WfDemoContext *context,
      const char    *what,
      const char    *type,
      JsonObject    *claims)
{
  g_autoptr (JsonObject) header = json_object_new ();
  g_autofree char *what_header = g_strconcat (what, "_header", NULL);

  json_object_set_string_member (header, "alg", wf_demo_keys_get_algorithm (context->keys));
  json_object_set_string_member (header, "typ", type);
  json_object_set_string_member (header, "kid", wf_demo_keys_get_key_id (context->keys));
  wf_demo_context_filter (context, what_header, header);
  wf_demo_context_filter (context, what, claims);
  return wf_demo_keys_sign (context->keys, header, claims);
}

/* One audience is a string, several are an array (RFC 7519 §4.1.3). */
static void
set_audience (JsonObject              *claims,
              const WfDemoMintRequest *request)
{
  JsonArray *array;

  if (request->audience && !request->resources[0])
    {
      json_object_set_string_member (claims, "aud", request->audience);
      return;
    }
  if (!request->audience && !request->resources[1])
    {
      json_object_set_string_member (claims, "aud", request->resources[0]);
      return;
    }
  array = json_array_new ();
  if (request->audience)
    json_array_add_string_element (array, request->audience);
  for (guint i = 0; request->resources[i]; i++)
    json_array_add_string_element (array, request->resources[i]);
  json_object_set_array_member (claims, "aud", array);
}

/* RFC 9068 §2.2 */
static char *
make_jwt_access_token (WfDemoContext           *context,
                       const WfDemoMintRequest *request,
                       gint64                   now)
{
  const WfDemoGrant *grant = request->grant;
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autofree char *jwt_id = wf_random_token (JWT_ID_BYTES);

  json_object_set_string_member (claims, "iss", context->issuer);
  wf_demo_user_add_claims (grant->user, "", context->issuer, claims);
  set_audience (claims, request);
  json_object_set_string_member (claims, "client_id", grant->client_id);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + context->options.access_lifetime);
  json_object_set_int_member (claims, "auth_time", grant->auth_time);
  json_object_set_string_member (claims, "jti", jwt_id);
  json_object_set_string_member (claims, "scope", request->scope);
  return sign (context, "access_token", "at+jwt", claims);
}

/* OpenID Connect Core 1.0 §2, §3.1.3.6 */
static char *
make_id_token (WfDemoContext           *context,
               const WfDemoMintRequest *request,
               const char              *access_token,
               gint64                   now)
{
  const WfDemoGrant *grant = request->grant;
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autofree char *hash = wf_id_token_make_hash (wf_demo_keys_get_algorithm (context->keys), access_token);

  json_object_set_string_member (claims, "iss", context->issuer);
  json_object_set_string_member (claims, "aud", grant->client_id);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + context->options.id_lifetime);
  json_object_set_int_member (claims, "auth_time", grant->auth_time);
  json_object_set_string_member (claims, "sid", grant->session_id);
  json_object_set_string_member (claims, "at_hash", hash);
  if (grant->nonce && !request->is_refresh)
    json_object_set_string_member (claims, "nonce", grant->nonce);
  wf_demo_user_add_claims (grant->user, request->scope, context->issuer, claims);
  return sign (context, "id_token", "JWT", claims);
}

static void
add_refresh_token (WfDemoContext           *context,
                   const WfDemoMintRequest *request,
                   gint64                   now,
                   JsonObject              *answer)
{
  json_object_set_string_member (answer, "refresh_token", request->refresh_token);
  if (context->options.tells_refresh_lifetime)
    json_object_set_int_member (answer, "refresh_expires_in", MAX (request->grant->refresh_expires_at - now, 0));
}

JsonObject *
wf_demo_mint (WfDemoContext           *context,
              const WfDemoMintRequest *request)
{
  gint64 now = wf_demo_context_now (context);
  JsonObject *answer = json_object_new ();
  gboolean is_opaque = !request->audience && !request->resources[0];
  g_autoptr (WfWipedString) access_token = NULL;
  g_autoptr (WfWipedString) id_token = NULL;

  access_token = is_opaque ? wf_random_token (OPAQUE_BYTES) : make_jwt_access_token (context, request, now);
  wf_demo_grants_add_access_token (context->grants, request->grant, access_token, request->scope,
                                   now + context->options.access_lifetime);

  json_object_set_string_member (answer, "access_token", access_token);
  json_object_set_string_member (answer, "token_type", "Bearer");
  json_object_set_int_member (answer, "expires_in", context->options.access_lifetime);
  if (*request->scope)
    json_object_set_string_member (answer, "scope", request->scope);
  if (request->refresh_token)
    add_refresh_token (context, request, now, answer);
  if (wf_scope_contains (request->scope, "openid"))
    {
      id_token = make_id_token (context, request, access_token, now);
      json_object_set_string_member (answer, "id_token", id_token);
    }
  wf_demo_context_filter (context, "token", answer);
  return answer;
}
