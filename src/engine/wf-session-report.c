/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include "wf-error.h"
#include "wf-json.h"
#include "wf-scope.h"

/* --- small steps of building JSON --- */

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_time (JsonBuilder *builder,
          const char  *name,
          gint64       time)
{
  g_autofree char *text = wf_time_to_rfc3339 (time);

  add_member (builder, name, text);
}

static void
add_flag (JsonBuilder *builder,
          const char  *name,
          gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_strv (JsonBuilder       *builder,
          const char        *name,
          const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; values && values[i]; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

/* --- the parts of the document --- */

/* A granted scope that the server did not name is the one that was asked (RFC 6749 §5.1). */
static const char *
get_scope (WfSession           *self,
           const WfAccessToken *access)
{
  if (!access)
    return NULL;
  return access->scope ? access->scope : self->tokens->requested_scope;
}

/* Returns: (transfer full): whom the token is for: what it says, else what was asked */
static char **
get_audience (WfSession           *self,
              const WfAccessToken *access,
              const WfJwt         *jwt)
{
  char **audience = NULL;
  const char *asked[] = { self->account->audience, NULL };

  if (jwt && wf_jwt_get_claims (jwt) &&
      wf_json_get_strv (wf_jwt_get_claims (jwt), "aud", TRUE, 100, &audience, NULL) && audience)
    return audience;
  return access ? g_strdupv ((char **) asked) : NULL;
}

static void
add_access_token (JsonBuilder *builder,
                  WfSession   *self)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);
  const char *text = access ? secret_value_get_text (access->token) : NULL;
  gboolean is_jwt = text && wf_jwt_guess_kind (text) == WF_JWT_SIGNED;
  g_autoptr (WfJwt) jwt = is_jwt ? wf_jwt_parse (text, -1, NULL) : NULL;
  g_auto (GStrv) scope = wf_scope_split (get_scope (self, access));
  g_auto (GStrv) audience = get_audience (self, access, jwt);

  json_builder_set_member_name (builder, "access_token");
  json_builder_begin_object (builder);
  add_flag (builder, "present", access != NULL);
  add_member (builder, "format", !access ? NULL : jwt ? "jwt" : "opaque");
  add_time (builder, "expires_at", access ? access->expires_at : WF_TIME_UNKNOWN);
  add_strv (builder, "scope", (const char *const *) scope);
  add_strv (builder, "audience", (const char *const *) audience);
  json_builder_end_object (builder);
}

static void
add_id_token (JsonBuilder *builder,
              WfSession   *self)
{
  WfTokenSet *tokens = self->tokens;
  g_autoptr (WfJwt) jwt = tokens->id_token ? wf_jwt_parse (secret_value_get_text (tokens->id_token), -1, NULL) : NULL;

  json_builder_set_member_name (builder, "id_token");
  json_builder_begin_object (builder);
  add_flag (builder, "present", tokens->id_token != NULL);
  add_flag (builder, "verified", tokens->id_token && tokens->id_token_verdict == WF_JWS_VERIFIED);
  add_member (builder, "algorithm", jwt ? wf_jwt_get_algorithm (jwt) : NULL);
  add_member (builder, "kid", jwt ? wf_jwt_get_key_id (jwt) : NULL);
  add_member (builder, "subject", tokens->subject);
  add_time (builder, "expires_at", jwt && wf_jwt_get_kind (jwt) == WF_JWT_SIGNED ? wf_jwt_get_claim_time (jwt, "exp")
                                                                                 : WF_TIME_UNKNOWN);
  json_builder_end_object (builder);
}

static void
add_refresh_token (JsonBuilder *builder,
                   WfSession   *self)
{
  WfTokenSet *tokens = self->tokens;

  json_builder_set_member_name (builder, "refresh_token");
  json_builder_begin_object (builder);
  add_flag (builder, "present", tokens->refresh_token != NULL);
  json_builder_set_member_name (builder, "generation");
  json_builder_add_int_value (builder, tokens->generation);
  json_builder_set_member_name (builder, "rotates");
  /* before the first refresh nobody knows */
  if (tokens->refreshes == 0 && !tokens->rotates)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, tokens->rotates);
  json_builder_end_object (builder);
}

static void
add_last_error (JsonBuilder *builder,
                WfSession   *self)
{
  json_builder_set_member_name (builder, "last_error");
  if (!self->last_error)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  add_member (builder, "name", wf_error_get_name (self->last_error));
  add_member (builder, "description", self->last_error->message);
  json_builder_end_object (builder);
}

JsonNode *
wf_session_describe (WfSession *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_member (builder, "id", self->account->id);
  add_member (builder, "name", self->account->name);
  add_member (builder, "issuer", self->account->issuer);
  add_member (builder, "state", wf_session_state_to_string (self->state));
  add_access_token (builder, self);
  add_id_token (builder, self);
  add_refresh_token (builder, self);
  add_last_error (builder, self);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
