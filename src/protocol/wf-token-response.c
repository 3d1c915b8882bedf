/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-response.h"

#include "wf-error.h"
#include "wf-json-secrets.h"
#include "wf-json.h"
#include "wf-scope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEN_YEARS (G_GINT64_CONSTANT (3652) * 86400)
/* 2^53: the last whole number that a double holds without a gap. */
#define WHOLE_MAX G_GINT64_CONSTANT (9007199254740992)
#define TEXT_MAX_BYTES (16 * 1024)

G_DEFINE_BOXED_TYPE (WfTokenResponse, wf_token_response, wf_token_response_ref, wf_token_response_unref)

static const char *const secret_names[] = { "access_token", "refresh_token", "id_token", NULL };

static gboolean
refuse (GError    **error,
        WfError     code,
        const char *message)
{
  g_set_error_literal (error, WF_ERROR, (int) code, message);
  return FALSE;
}

static gboolean
refuse_member (GError    **error,
               const char *member)
{
  g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
               _("The token endpoint’s “%s” cannot be used. Ask the provider’s administrator."), member);
  return FALSE;
}

/* The body as an object, its tokens apart. */
static JsonObject *
parse_body (GBytes     *body,
            GPtrArray **secrets,
            GError    **error)
{
  gsize length = 0;
  const char *data = body ? g_bytes_get_data (body, &length) : NULL;
  g_autoptr (GString) text = NULL;

  if (!wf_json_check (data ? data : "", length, WF_JSON_MAX_BYTES, error))
    return NULL;
  text = wf_json_take_secrets (data, length, 1, secret_names, secrets);
  return wf_json_parse_object (text->str, text->len, WF_JSON_MAX_BYTES, error);
}

static const char *
peek_string (JsonObject *object,
             const char *member)
{
  const char *value = NULL;

  wf_json_get_string (object, member, TEXT_MAX_BYTES, &value, NULL);
  return value;
}

/* RFC 6749 §5.2. Returns: (transfer full) (nullable): NULL where the body has no "error" at all */
static GError *
get_oauth_error (JsonObject *object,
                 guint       http_status)
{
  if (!json_object_has_member (object, "error"))
    return NULL;
  return wf_error_new_oauth (peek_string (object, "error"), peek_string (object, "error_description"), http_status);
}

/* The answer may be called anything: an object with an error is one. */
static GError *
find_oauth_error (GBytes *body,
                  guint   http_status)
{
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (JsonObject) object = parse_body (body, &secrets, NULL);

  return object ? get_oauth_error (object, http_status) : NULL;
}

/* Statuses that say enough by themselves. Returns: (transfer full) (nullable) */
static GError *
judge_status (const char *what,
              guint       http_status,
              gint64      retry_after)
{
  if (http_status >= 300 && http_status < 400)
    return wf_error_new_http (WF_ERROR_REDIRECT_REFUSED, http_status, retry_after,
                              _("The %s wants to send Warifu elsewhere, which is refused because of the secrets in the request. Check the address."), what);
  if (http_status == 429)
    return wf_error_new_http (WF_ERROR_RATE_LIMITED, http_status, retry_after,
                              _("The %s has had too many requests. Try again later."), what);
  if (http_status >= 500)
    return wf_error_new_http (WF_ERROR_SERVER_ERROR, http_status, retry_after,
                              _("The %s has a problem of its own. It answered with status %u; try again later."), what, http_status);
  return NULL;
}

/* Any other status: the body's own error, or that there is none. Returns: (transfer full) */
static GError *
judge_refusal (const char *what,
               guint       http_status,
               const char *content_type,
               gint64      retry_after,
               GBytes     *body)
{
  GError *error = find_oauth_error (body, http_status);

  if (error)
    return error;
  if (wf_response_is_json (content_type))
    return wf_error_new_http (WF_ERROR_MALFORMED_RESPONSE, http_status, retry_after,
                              _("The %s refused and did not say why in a readable way. It answered with status %u; check its address."), what, http_status);
  return wf_error_new_http (WF_ERROR_UNEXPECTED_CONTENT_TYPE, http_status, retry_after,
                            _("The %s answered with something other than JSON. Its status was %u; check its address."), what, http_status);
}

/* RFC 6750 §2.1 asks for b64token; visible ASCII is what can stand in a header at all. */
static gboolean
is_token (SecretValue *secret)
{
  const char *text = secret_value_get_text (secret);

  if (!text || !*text)
    return FALSE;
  for (; *text; text++)
    if (!g_ascii_isgraph (*text))
      return FALSE;
  return TRUE;
}

static gboolean
read_token (JsonObject   *object,
            const char   *member,
            GPtrArray    *secrets,
            gboolean      required,
            SecretValue **slot,
            GError      **error)
{
  SecretValue *token;

  if (!wf_json_get_secret (object, member, secrets, WF_TOKEN_MAX_BYTES, &token, error))
    return FALSE;
  if (!token && !required)
    return TRUE;
  if (!token || !is_token (token))
    return refuse_member (error, member);
  wf_secret_set (slot, token);
  return TRUE;
}

/* Some servers write out what they do not have, and no token can be empty: that is no refresh token, and the old one
 * stays. */
static gboolean
has_refresh_token (JsonObject *object,
                   GPtrArray  *secrets)
{
  SecretValue *token = NULL;

  if (!json_object_has_member (object, "refresh_token") || json_object_get_null_member (object, "refresh_token"))
    return FALSE;
  return !wf_json_get_secret (object, "refresh_token", secrets, WF_TOKEN_MAX_BYTES, &token, NULL) ||
         g_strcmp0 (secret_value_get_text (token), "") != 0;
}

/* RFC 6749 §7.1: a client must not use a token of a type that it does not know */
static gboolean
check_type (JsonObject *object,
            GError    **error)
{
  const char *type;

  if (!wf_json_get_string (object, "token_type", TEXT_MAX_BYTES, &type, error))
    return FALSE;
  if (type && g_ascii_strcasecmp (type, "Bearer") == 0)
    return TRUE;
  return refuse (error, WF_ERROR_UNSUPPORTED_TOKEN_TYPE,
                 type ? _("The provider gave a token that is not a bearer token. Choose bearer tokens in the application’s settings there.")
                      : _("The provider did not say what type of token it gave. Ask its administrator."));
}

static gboolean
parse_digits (const char *text,
              gint64     *out)
{
  guint64 value;

  if (!g_ascii_isdigit (text[0]) || !g_ascii_string_to_unsigned (text, 10, 0, WHOLE_MAX, &value, NULL))
    return FALSE;
  *out = (gint64) value;
  return TRUE;
}

/* Some servers write the number as a string. */
static gboolean
read_whole (JsonNode *node,
            gint64   *out)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_STRING)
    return parse_digits (json_node_get_string (node), out);
  if (type == G_TYPE_INT64)
    {
      *out = json_node_get_int (node);
      return *out >= 0 && *out <= WHOLE_MAX;
    }
  if (type == G_TYPE_DOUBLE)
    {
      double value = json_node_get_double (node);

      if (!(value >= 0 && value <= (double) WHOLE_MAX))
        return FALSE;
      *out = (gint64) value;
      return (double) *out >= value; /* nothing after the point */
    }
  return FALSE;
}

static gboolean
read_lifetime (WfTokenResponse *response,
               JsonObject      *object,
               GError         **error)
{
  gint64 seconds;

  if (!json_object_has_member (object, "expires_in"))
    return TRUE;
  if (!read_whole (json_object_get_member (object, "expires_in"), &seconds))
    return refuse_member (error, "expires_in");
  response->expires_in = MIN (seconds, TEN_YEARS);
  return TRUE;
}

/* No standard has these: what cannot be read is unknown. Keycloak says 0 for "does not expire". */
static void
read_refresh_lifetime (WfTokenResponse *response,
                       JsonObject      *object)
{
  static const char *const names[] = { "refresh_expires_in", "refresh_token_expires_in" };
  gint64 seconds;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (object, names[i]) &&
        read_whole (json_object_get_member (object, names[i]), &seconds) && seconds > 0)
      {
        response->refresh_expires_in = MIN (seconds, TEN_YEARS);
        return;
      }
}

static gboolean
read_scope (WfTokenResponse *response,
            JsonObject      *object,
            GError         **error)
{
  const char *scope;

  if (json_object_has_member (object, "scope") && json_object_get_null_member (object, "scope"))
    return TRUE;
  if (!wf_json_get_string (object, "scope", TEXT_MAX_BYTES, &scope, error))
    return FALSE;
  if (!scope || !*scope)
    return TRUE;
  if (!wf_scope_check (scope, NULL))
    return refuse_member (error, "scope");
  response->scope = g_strdup (scope);
  return TRUE;
}

static WfTokenResponse *
read_success (JsonObject *object,
              GPtrArray  *secrets,
              GError    **error)
{
  g_autoptr (WfTokenResponse) response = g_new0 (WfTokenResponse, 1);

  g_atomic_ref_count_init (&response->ref_count);
  response->expires_in = -1;
  response->refresh_expires_in = -1;
  if (!read_token (object, "access_token", secrets, TRUE, &response->access_token, error) ||
      !check_type (object, error) ||
      (has_refresh_token (object, secrets) &&
       !read_token (object, "refresh_token", secrets, FALSE, &response->refresh_token, error)) ||
      !read_token (object, "id_token", secrets, FALSE, &response->id_token, error) ||
      !read_lifetime (response, object, error) || !read_scope (response, object, error))
    return NULL;
  read_refresh_lifetime (response, object);
  return g_steal_pointer (&response);
}

WfTokenResponse *
wf_token_response_ref (WfTokenResponse *response)
{
  g_return_val_if_fail (response != NULL, NULL);

  g_atomic_ref_count_inc (&response->ref_count);
  return response;
}

void
wf_token_response_unref (WfTokenResponse *response)
{
  g_return_if_fail (response != NULL);

  if (!g_atomic_ref_count_dec (&response->ref_count))
    return;
  wf_secret_set (&response->access_token, NULL);
  wf_secret_set (&response->refresh_token, NULL);
  wf_secret_set (&response->id_token, NULL);
  g_clear_pointer (&response->scope, g_free);
  g_free (response);
}

WfTokenResponse *
wf_token_response_parse (guint        http_status,
                         const char  *content_type,
                         gint64       retry_after,
                         GBytes      *body,
                         GError     **error)
{
  const char *what = _("token endpoint");
  g_autoptr (GPtrArray) secrets = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) refusal = judge_status (what, http_status, retry_after);

  if (!refusal && (http_status != 200 || !wf_response_is_json (content_type)))
    refusal = judge_refusal (what, http_status, content_type, retry_after, body);
  /* RFC 6749 §5.2: 401 means that the client was not accepted, whatever the page around it says. */
  if (refusal && http_status == 401 && refusal->code != WF_ERROR_OAUTH)
    {
      g_clear_error (&refusal);
      refusal = wf_error_new_oauth ("invalid_client", NULL, http_status);
    }
  if (!refusal)
    {
      object = parse_body (body, &secrets, error);
      if (!object)
        return NULL;
      refusal = get_oauth_error (object, http_status);
    }
  if (refusal)
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return NULL;
    }
  return read_success (object, secrets, error);
}

gboolean
wf_response_check (const char  *what,
                   guint        http_status,
                   const char  *content_type,
                   gint64       retry_after,
                   GBytes      *body,
                   GError     **error)
{
  GError *refusal;

  g_return_val_if_fail (what != NULL, FALSE);

  if (http_status >= 200 && http_status < 300)
    return TRUE;
  refusal = judge_status (what, http_status, retry_after);
  if (!refusal)
    refusal = judge_refusal (what, http_status, content_type, retry_after, body);
  g_propagate_error (error, refusal);
  return FALSE;
}

gboolean
wf_response_is_json (const char *content_type)
{
  g_autofree char *type = NULL;

  if (!content_type)
    return FALSE;
  type = g_strndup (content_type, strcspn (content_type, ";"));
  g_strstrip (type);
  return g_ascii_strcasecmp (type, "application/json") == 0 ||
         (strlen (type) > 5 && strchr (type, '/') && g_ascii_strcasecmp (type + strlen (type) - 5, "+json") == 0);
}
