/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-id-token.h"
#include "wf-jwt.h"
#include "wf-provider.h"
#include "wf-scope.h"
#include "wf-time.h"
#include "wf-uri.h"

typedef enum
{
  SEVERITY_OK,
  SEVERITY_NOTE,
  SEVERITY_WARNING,
  SEVERITY_PROBLEM,
} Severity;

static const char *const severity_names[] = { "ok", "note", "warning", "problem" };

/**
 * Doctor:
 *
 * What is known of one account. Everything that is found is said; nothing is changed.
 * References are held, because a session replaces what it knows while something is waited for.
 */
typedef struct
{
  WfCli              *cli;
  WfSession          *session;
  WfAccount          *account;
  WfTokenSet         *tokens;   /* nullable: the keyring could not be read */
  WfProvider         *provider; /* nullable */
  WfProviderMetadata *metadata; /* nullable: the provider could not be reached */
  JsonArray          *findings;
  gint64              now;
  Severity            worst;
} Doctor;

static void find (Doctor     *doctor,
                  Severity    severity,
                  const char *name,
                  const char *format,
                  ...) G_GNUC_PRINTF (4, 5);

static void
find (Doctor     *doctor,
      Severity    severity,
      const char *name,
      const char *format,
      ...)
{
  JsonObject *finding = json_object_new ();
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = wf_cli_clean (text);
  json_object_set_string_member (finding, "name", name);
  json_object_set_string_member (finding, "severity", severity_names[severity]);
  json_object_set_string_member (finding, "description", clean);
  json_array_add_object_element (doctor->findings, finding);
  doctor->worst = MAX (doctor->worst, severity);
}

/* --- Keyring and session --- */

static void
check_keyring (Doctor *doctor)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_session_load_async (doctor->session, doctor->cli->cancellable, wf_cli_take_result, &result);
  if (!wf_session_load_finish (doctor->session, wf_cli_wait (&result), &error))
    {
      find (doctor, SEVERITY_PROBLEM, wf_error_get_name (error), "%s", error->message);
      return;
    }
  doctor->tokens = wf_token_set_ref (wf_session_get_tokens (doctor->session));
  find (doctor, SEVERITY_OK, "keyring", _("The keyring can be read."));
}

static void
check_state (Doctor *doctor)
{
  switch (wf_session_get_state (doctor->session))
    {
    case WF_SESSION_SIGNED_OUT:
      find (doctor, SEVERITY_NOTE, "state", _("You are signed out."));
      break;
    case WF_SESSION_NEEDS_SIGN_IN:
      find (doctor, SEVERITY_PROBLEM, "state", _("You must sign in again."));
      break;
    case WF_SESSION_EXPIRED:
      find (doctor, SEVERITY_NOTE, "state", _("The access token has expired. The next refresh brings a new one."));
      break;
    case WF_SESSION_SIGNING_IN:
    case WF_SESSION_SIGNED_IN:
    case WF_SESSION_REFRESHING:
    default:
      find (doctor, SEVERITY_OK, "state", _("You are signed in."));
      break;
    }
}

static void
check_last_error (Doctor *doctor)
{
  g_autofree char *time = NULL;

  if (!doctor->tokens->error_name)
    return;
  time = wf_cli_format_time (doctor->tokens->error_at, doctor->now);
  /* Translators: a time, the stable name of an error, and its sentence */
  find (doctor, SEVERITY_PROBLEM, "last_error", _("The last attempt failed, %s: %s: %s"), time, doctor->tokens->error_name,
        doctor->tokens->error_description ? doctor->tokens->error_description : "");
}

/* A refresh that was begun and whose answer nobody saw: a crash, or a lost connection. */
static void
check_interrupted_refresh (Doctor *doctor)
{
  g_autofree char *time = NULL;

  if (doctor->tokens->refresh_started_at == WF_TIME_UNKNOWN)
    return;
  time = wf_cli_format_time (doctor->tokens->refresh_started_at, doctor->now);
  find (doctor, SEVERITY_WARNING, "interrupted_refresh",
        _("A refresh was begun and its answer never came, %s. The refresh token is tried at most once more."), time);
}

static void
check_clock (Doctor *doctor)
{
  gint64 skew = doctor->tokens->clock_skew;

  if (ABS (skew) <= WF_DEFAULT_SKEW)
    return;
  find (doctor, SEVERITY_WARNING, "clock_skew",
        skew > 0 ? _("Your clock is %d s behind the provider's. Set it, or tokens seem to be valid too early or too long.")
                 : _("Your clock is %d s ahead of the provider's. Set it, or tokens seem to have expired."),
        (int) CLAMP (ABS (skew), 0, G_MAXINT));
}

/* --- Tokens --- */

static void
check_access_token (Doctor *doctor)
{
  const WfAccessToken *token = wf_token_set_get_access_token (doctor->tokens, NULL);
  g_autofree char *time = NULL;

  if (!token)
    return;
  time = wf_cli_format_time (token->expires_at, doctor->now);
  if (token->expires_at == WF_TIME_UNKNOWN)
    find (doctor, SEVERITY_NOTE, "expiry",
          _("The provider does not say when the access token expires. It is used until you refresh it."));
  else if (token->expires_at <= doctor->now)
    find (doctor, SEVERITY_NOTE, "expiry", _("The access token has expired, %s."), time);
  else
    find (doctor, SEVERITY_OK, "expiry", _("The access token is good until %s."), time);
  if (token->expires_at != WF_TIME_UNKNOWN && doctor->account->refresh_policy == WF_REFRESH_EVERY &&
      doctor->account->refresh_seconds > token->expires_at - token->issued_at)
    find (doctor, SEVERITY_WARNING, "refresh_policy",
          _("The refresh policy refreshes every %u s, but access tokens live %d s only. Refresh before expiry instead."),
          doctor->account->refresh_seconds, (int) MIN (token->expires_at - token->issued_at, G_MAXINT));
}

static gboolean
has_audience (JsonNode   *node,
              const char *audience)
{
  if (node && JSON_NODE_HOLDS_VALUE (node))
    return g_strcmp0 (json_node_get_string (node), audience) == 0;
  for (guint i = 0; node && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    if (has_audience (json_array_get_element (json_node_get_array (node), i), audience))
      return TRUE;
  return FALSE;
}

/* Some providers ignore an audience that they do not know, without a word. */
static void
check_audience (Doctor *doctor)
{
  const WfAccessToken *token = wf_token_set_get_access_token (doctor->tokens, NULL);
  g_autoptr (WfJwt) jwt = NULL;

  if (!token || !doctor->account->audience)
    return;
  jwt = wf_jwt_parse (secret_value_get_text (token->token), -1, NULL);
  if (!jwt || !wf_jwt_get_claims (jwt))
    find (doctor, SEVERITY_NOTE, "audience",
          _("The access token is opaque: whether it is for the audience %s cannot be seen."), doctor->account->audience);
  else if (has_audience (json_object_get_member (wf_jwt_get_claims (jwt), "aud"), doctor->account->audience))
    find (doctor, SEVERITY_OK, "audience", _("The access token is for the audience that was asked."));
  else
    find (doctor, SEVERITY_PROBLEM, "audience",
          _("The access token is not for the audience %s. Check that the provider knows this API."), doctor->account->audience);
}

static void
check_scope (Doctor *doctor)
{
  const WfAccessToken *token = wf_token_set_get_access_token (doctor->tokens, NULL);
  const char *requested = doctor->tokens->requested_scope;
  g_auto (GStrv) missing = NULL;
  g_auto (GStrv) extra = NULL;
  g_autofree char *missing_text = NULL;
  g_autofree char *extra_text = NULL;

  if (!token || !requested)
    return;
  if (!token->scope)
    {
      find (doctor, SEVERITY_NOTE, "scope", _("The provider does not say which scopes it granted."));
      return;
    }
  missing = wf_scope_subtract (requested, token->scope);
  extra = wf_scope_subtract (token->scope, requested);
  missing_text = g_strjoinv (" ", missing);
  extra_text = g_strjoinv (" ", extra);
  if (*missing)
    find (doctor, SEVERITY_WARNING, "scope", _("These scopes were asked and not granted: %s"), missing_text);
  if (*extra)
    find (doctor, SEVERITY_WARNING, "scope", _("These scopes were granted and not asked: %s"), extra_text);
  if (!*missing && !*extra)
    find (doctor, SEVERITY_OK, "scope", _("Every scope that was asked was granted."));
}

static gboolean
is_auth0 (Doctor *doctor)
{
  g_autofree char *host = doctor->account->issuer ? wf_uri_get_display_host (doctor->account->issuer) : NULL;

  return host && g_str_has_suffix (host, ".auth0.com");
}

/* "Asked for offline_access, got no refresh token: why?" */
static void
explain_missing_refresh_token (Doctor *doctor)
{
  const char *scope = doctor->tokens->requested_scope ? doctor->tokens->requested_scope : doctor->account->scope;

  if (!wf_scope_contains (scope, "offline_access"))
    find (doctor, SEVERITY_NOTE, "refresh_token",
          _("There is no refresh token, because offline_access is not among the scopes that were asked. Add it and sign in again."));
  else if (doctor->metadata && !wf_provider_metadata_supports_grant (doctor->metadata, "refresh_token"))
    find (doctor, SEVERITY_WARNING, "refresh_token",
          _("There is no refresh token: the provider's metadata does not list the grant type refresh_token."));
  else if (doctor->metadata && !wf_provider_metadata_supports_scope (doctor->metadata, "offline_access"))
    find (doctor, SEVERITY_WARNING, "refresh_token",
          _("There is no refresh token: the provider's metadata does not list the scope offline_access. It may want another "
            "parameter for it; see its documentation."));
  else if (is_auth0 (doctor))
    find (doctor, SEVERITY_WARNING, "refresh_token",
          _("There is no refresh token. At Auth0, switch on “Allow Offline Access” in the API's Settings and “Refresh Token” in "
            "the application's Grant Types, and sign in again."));
  else
    find (doctor, SEVERITY_WARNING, "refresh_token",
          _("offline_access was asked and no refresh token came. Allow refresh tokens for this application and this API in "
            "the provider's settings, and sign in again."));
}

static void
check_refresh_token (Doctor *doctor)
{
  g_autofree char *time = NULL;

  if (!doctor->tokens->refresh_token)
    {
      if (wf_token_set_get_access_token (doctor->tokens, NULL))
        explain_missing_refresh_token (doctor);
      return;
    }
  time = wf_cli_format_time (doctor->tokens->refresh_expires_at, doctor->now);
  if (doctor->tokens->refresh_expires_at == WF_TIME_UNKNOWN)
    find (doctor, SEVERITY_OK, "refresh_token", _("There is a refresh token, generation %u. The provider does not say how long it lives."),
          doctor->tokens->generation);
  else if (doctor->tokens->refresh_expires_at <= doctor->now)
    find (doctor, SEVERITY_PROBLEM, "refresh_token", _("The refresh token has expired, %s. Sign in again."), time);
  else
    find (doctor, SEVERITY_OK, "refresh_token", _("There is a refresh token, generation %u, good until %s."),
          doctor->tokens->generation, time);
}

static void
check_id_token (Doctor *doctor)
{
  if (!doctor->tokens->id_token)
    {
      if (doctor->tokens->requested_scope && wf_scope_contains (doctor->tokens->requested_scope, "openid"))
        find (doctor, SEVERITY_WARNING, "id_token", _("openid was asked and no ID token came."));
      return;
    }
  if (doctor->tokens->id_token_verdict == WF_JWS_VERIFIED)
    find (doctor, SEVERITY_OK, "id_token", _("The signature of the ID token was verified."));
  else
    find (doctor, SEVERITY_NOTE, "id_token", _("The signature of the ID token could not be checked, because the provider names no keys."));
}

/* --- The provider --- */

static void
reach_provider (Doctor *doctor)
{
  g_autoptr (GError) error = NULL;
  guint n;

  doctor->metadata = wf_cli_fetch_metadata (doctor->cli, doctor->account, &doctor->provider, &error);
  if (!doctor->metadata)
    {
      find (doctor, SEVERITY_PROBLEM, wf_error_get_name (error), "%s", error->message);
      return;
    }
  n = wf_provider_metadata_count_endpoints (doctor->metadata);
  if (doctor->metadata->discovered)
    find (doctor, SEVERITY_OK, "discovery",
          ngettext ("The provider was found, with %u endpoint.", "The provider was found, with %u endpoints.", n), n);
}

static void
check_provider (Doctor *doctor)
{
  const WfProviderMetadata *metadata = doctor->metadata;
  g_auto (GStrv) scopes = wf_scope_split (doctor->account->scope);

  if (!wf_provider_metadata_supports_grant (metadata, "authorization_code"))
    find (doctor, SEVERITY_PROBLEM, "grant_types", _("The provider's metadata does not list the grant type authorization_code."));
  if (!wf_provider_metadata_supports_grant (metadata, "refresh_token"))
    find (doctor, SEVERITY_WARNING, "grant_types", _("The provider's metadata does not list the grant type refresh_token."));
  for (guint i = 0; scopes[i]; i++)
    if (!wf_provider_metadata_supports_scope (metadata, scopes[i]))
      find (doctor, SEVERITY_NOTE, "scopes_supported", _("The provider's metadata does not list the scope %s."), scopes[i]);
  if (metadata->discovered && !wf_provider_metadata_supports_auth_method (metadata, doctor->account->auth_method))
    find (doctor, SEVERITY_WARNING, "auth_method", _("The provider's metadata does not list the authentication method %s."),
          wf_auth_method_to_string (doctor->account->auth_method));
  if (metadata->discovered && !metadata->code_challenge_methods_supported)
    find (doctor, SEVERITY_NOTE, "pkce", _("The provider does not say whether it checks PKCE. It is sent anyway."));
  if (!metadata->revocation_endpoint)
    find (doctor, SEVERITY_NOTE, "revocation", _("The provider has no revocation endpoint. Signing out forgets the tokens here, "
                                                 "but they go on being good until they expire."));
}

static void
check_keys (Doctor *doctor)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwks) keys = NULL;

  wf_provider_get_keys_async (doctor->provider, FALSE, doctor->cli->cancellable, wf_cli_take_result, &result);
  keys = wf_provider_get_keys_finish (doctor->provider, wf_cli_wait (&result), &error);
  if (error)
    find (doctor, SEVERITY_PROBLEM, wf_error_get_name (error), "%s", error->message);
  else if (!keys)
    find (doctor, SEVERITY_NOTE, "keys", _("The provider names no keys, so that signatures cannot be checked."));
  else if (wf_jwks_get_n_keys (keys) == 0)
    find (doctor, SEVERITY_PROBLEM, "keys", _("The provider's key set has no key that can be used."));
  else
    find (doctor, SEVERITY_OK, "keys", ngettext ("The provider's key set has %u usable key.", "The provider's key set has %u usable keys.",
                                                 wf_jwks_get_n_keys (keys)), wf_jwks_get_n_keys (keys));
}

static void
check_redirect_uri (Doctor *doctor)
{
  if (doctor->account->redirect_uri && !wf_uri_is_loopback_redirect (doctor->account->redirect_uri))
    find (doctor, SEVERITY_NOTE, "redirect_uri", _("The redirect URI can be caught by the window only: signing in with the browser needs %s."),
          WF_REDIRECT_URI_BROWSER);
}

/* --- Output --- */

static void
print_findings (Doctor *doctor)
{
  for (guint i = 0; i < json_array_get_length (doctor->findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (doctor->findings, i);
      g_autofree char *severity = wf_cli_pad (json_object_get_string_member (finding, "severity"), 9);

      wf_cli_print ("%s%s", severity, json_object_get_string_member (finding, "description"));
    }
}

static JsonNode *
describe (Doctor *doctor)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_object_set_string_member (object, "id", doctor->account->id);
  json_object_set_string_member (object, "name", doctor->account->name);
  json_object_set_string_member (object, "worst", severity_names[doctor->worst]);
  json_object_set_array_member (object, "findings", json_array_ref (doctor->findings));
  return json_node_init_object (node, object);
}

static void
examine (Doctor *doctor)
{
  check_keyring (doctor);
  reach_provider (doctor);
  if (doctor->tokens)
    {
      check_state (doctor);
      check_last_error (doctor);
      check_interrupted_refresh (doctor);
      check_access_token (doctor);
      check_audience (doctor);
      check_scope (doctor);
      check_refresh_token (doctor);
      check_id_token (doctor);
      check_clock (doctor);
    }
  if (doctor->metadata)
    {
      check_provider (doctor);
      check_keys (doctor);
    }
  check_redirect_uri (doctor);
}

static void
clear_doctor (Doctor *doctor)
{
  g_clear_pointer (&doctor->account, wf_account_unref);
  g_clear_pointer (&doctor->tokens, wf_token_set_unref);
  g_clear_object (&doctor->provider);
  g_clear_pointer (&doctor->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&doctor->findings, json_array_unref);
}

/* What is found is the answer and no failure: the exit status is 0 whatever it is. */
static gboolean
run_doctor (WfCli   *cli,
            char   **operands,
            GError **error)
{
  g_autoptr (WfSession) session = wf_cli_find_session (cli, operands[0], error);
  Doctor doctor = { .cli = cli, .session = session };

  if (!session)
    return FALSE;
  doctor.account = wf_account_ref (wf_session_get_account (session));
  doctor.findings = json_array_new ();
  doctor.now = wf_clock_now (wf_session_get_clock (session));
  examine (&doctor);
  if (cli->json)
    wf_cli_take_document (cli, describe (&doctor));
  else
    print_findings (&doctor);
  clear_doctor (&doctor);
  return !g_cancellable_set_error_if_cancelled (cli->cancellable, error);
}

const WfCliCommand wf_cli_doctor_command = {
  "doctor", "NAME", 1, 1, N_("Look for what is wrong with an account"), NULL, run_doctor,
};
