/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-scope.h"
#include "wf-time.h"
#include "wf-uri.h"

const char *
wf_severity_to_string (WfSeverity severity)
{
  static const char *const names[] = { "ok", "note", "warning", "problem" };

  return names[severity];
}

const char *
wf_doctor_topic_to_string (WfDoctorTopic topic)
{
  static const char *const names[] = { "session", "refresh_token", "signed_out", "api", "provider" };

  return names[topic];
}

const char *
wf_doctor_topic_get_title (WfDoctorTopic topic,
                           WfSeverity    worst)
{
  switch (topic)
    {
    case WF_TOPIC_REFRESH_TOKEN:
      return worst == WF_FINDING_OK ? _("Refresh token") : _("Why is there no refresh token?");
    case WF_TOPIC_SIGNED_OUT:
      return _("Why was I signed out?");
    case WF_TOPIC_API:
      return worst == WF_FINDING_OK ? _("Access token") : _("Why does the API refuse my token?");
    case WF_TOPIC_PROVIDER:
      return _("Provider");
    case WF_TOPIC_SESSION:
    default:
      return _("Session");
    }
}

void
wf_finding_free (WfFinding *finding)
{
  if (!finding)
    return;
  g_free (finding->name);
  g_free (finding->sentence);
  g_free (finding->advice);
  g_free (finding);
}

/* --- What the checks share --- */

void
wf_doctor_find (WfDoctor   *doctor,
                WfSeverity  severity,
                const char *name,
                char       *sentence,
                char       *advice)
{
  WfFinding *finding = g_new0 (WfFinding, 1);

  finding->severity = severity;
  finding->topic = doctor->topic;
  finding->name = g_strdup (name);
  finding->sentence = sentence;
  finding->advice = advice;
  g_ptr_array_add (doctor->findings, finding);
}

char *
wf_doctor_format (const WfDoctor *doctor,
                  gint64          time)
{
  return doctor->evidence->format_time (time, doctor->evidence->now);
}

char *
wf_doctor_format_duration (gint64 seconds)
{
  guint count = (guint) CLAMP (seconds, 0, G_MAXINT);

  if (count >= 2 * 86400)
    return g_strdup_printf (ngettext ("%u day", "%u days", count / 86400), count / 86400);
  if (count >= 2 * 3600)
    return g_strdup_printf (ngettext ("%u hour", "%u hours", count / 3600), count / 3600);
  if (count >= 2 * 60)
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", count / 60), count / 60);
  return g_strdup_printf (ngettext ("%u second", "%u seconds", count), count);
}

gboolean
wf_doctor_is_auth0 (const WfDoctor *doctor)
{
  const char *issuer = doctor->evidence->account->issuer;
  g_autofree char *host = issuer ? wf_uri_get_display_host (issuer) : NULL;

  return host && g_str_has_suffix (host, ".auth0.com");
}

gboolean
wf_doctor_has_param (const WfDoctor *doctor,
                     const char     *name,
                     const char     *value)
{
  char **params = doctor->evidence->account->params;

  for (guint i = 0; params && params[i]; i++)
    {
      const char *equals = strchr (params[i], '=');

      if (!equals || strlen (name) != (gsize) (equals - params[i]) || !g_str_has_prefix (params[i], name))
        continue;
      if (!value || wf_scope_contains (equals + 1, value))
        return TRUE;
    }
  return FALSE;
}

const WfAccessToken *
wf_doctor_get_access_token (const WfDoctor *doctor)
{
  return doctor->evidence->tokens ? wf_token_set_get_access_token (doctor->evidence->tokens, NULL) : NULL;
}

/* --- Session --- */

static void
check_keyring (WfDoctor *doctor)
{
  const GError *error = doctor->evidence->keyring_error;

  if (error)
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, wf_error_get_name (error), g_strdup (error->message), NULL);
  else if (doctor->evidence->tokens)
    wf_doctor_find (doctor, WF_FINDING_OK, "keyring", g_strdup (_("The keyring can be read.")), NULL);
}

static void
check_state (WfDoctor *doctor)
{
  switch (doctor->evidence->state)
    {
    case WF_SESSION_SIGNED_OUT:
      wf_doctor_find (doctor, WF_FINDING_NOTE, "state", g_strdup (_("You are signed out.")), g_strdup (_("Sign in to get tokens.")));
      break;
    case WF_SESSION_NEEDS_SIGN_IN:
      wf_doctor_find (doctor, WF_FINDING_PROBLEM, "state", g_strdup (_("You must sign in again.")), NULL);
      break;
    case WF_SESSION_EXPIRED:
      wf_doctor_find (doctor, WF_FINDING_NOTE, "state", g_strdup (_("The access token has expired. The next refresh brings a new one.")),
                      g_strdup (_("Refresh now, or let the account refresh before the token expires.")));
      break;
    case WF_SESSION_SIGNING_IN:
    case WF_SESSION_SIGNED_IN:
    case WF_SESSION_REFRESHING:
    default:
      wf_doctor_find (doctor, WF_FINDING_OK, "state", g_strdup (_("You are signed in.")), NULL);
      break;
    }
}

/* What makes a client, and not a person, unwelcome: RFC 6749 §5.2. */
static gboolean
is_about_client (const char *error_name)
{
  return g_str_equal (error_name, "invalid_client") || g_str_equal (error_name, "unauthorized_client");
}

static char *
advise_on_client (WfDoctor *doctor)
{
  const WfAccount *account = doctor->evidence->account;

  if (account->auth_method == WF_AUTH_METHOD_NONE && wf_doctor_is_auth0 (doctor))
    return g_strdup (_("In the Auth0 dashboard, open Applications, choose this application, and set its Application Type to Native "
                       "or its authentication method to None under Credentials; or give the account the client secret."));
  if (account->auth_method == WF_AUTH_METHOD_NONE)
    return g_strdup (_("Check the client ID, and whether the provider wants a client secret for this application."));
  return g_strdup (_("Check the client ID, the client secret and the authentication method. The secret may have been replaced."));
}

static void
check_last_error (WfDoctor *doctor)
{
  const WfTokenSet *tokens = doctor->evidence->tokens;
  g_autofree char *time = NULL;

  if (!tokens->error_name)
    return;
  time = wf_doctor_format (doctor, tokens->error_at);
  /* Translators: a time, the stable name of an error, and its sentence */
  wf_doctor_find (doctor, WF_FINDING_PROBLEM, "last_error",
                  g_strdup_printf (_("The last attempt failed, %s: %s: %s"), time, tokens->error_name,
                                   tokens->error_description ? tokens->error_description : ""),
                  is_about_client (tokens->error_name) ? advise_on_client (doctor) : NULL);
}

/* A refresh that was begun and whose answer nobody saw: a crash, or a lost connection. */
static void
check_interrupted_refresh (WfDoctor *doctor)
{
  g_autofree char *time = NULL;

  if (doctor->evidence->tokens->refresh_started_at == WF_TIME_UNKNOWN)
    return;
  time = wf_doctor_format (doctor, doctor->evidence->tokens->refresh_started_at);
  wf_doctor_find (doctor, WF_FINDING_WARNING, "interrupted_refresh",
                  g_strdup_printf (_("A refresh was begun and its answer never came, %s. The refresh token is tried at most once more."), time),
                  g_strdup (_("Refresh now. If the provider refuses the token, sign in again.")));
}

static void
check_clock (WfDoctor *doctor)
{
  gint64 skew = doctor->evidence->tokens->clock_skew;
  g_autofree char *duration = NULL;

  if (ABS (skew) <= WF_DEFAULT_SKEW)
    return;
  duration = wf_doctor_format_duration (ABS (skew));
  wf_doctor_find (doctor, WF_FINDING_WARNING, "clock_skew",
                  /* Translators: %s is a duration such as "3 minutes" */
                  g_strdup_printf (skew > 0 ? _("Your clock is %s behind the provider's, so tokens seem to be valid too early or too long.")
                                            : _("Your clock is %s ahead of the provider's, so tokens seem to have expired."), duration),
                  g_strdup (_("Set your clock, or let the system set it from the network.")));
}

static void
check_id_token (WfDoctor *doctor)
{
  const WfTokenSet *tokens = doctor->evidence->tokens;

  if (!tokens->id_token)
    {
      if (wf_doctor_get_access_token (doctor) && tokens->requested_scope && wf_scope_contains (tokens->requested_scope, "openid"))
        wf_doctor_find (doctor, WF_FINDING_WARNING, "id_token", g_strdup (_("openid was asked and no ID token came.")),
                        g_strdup (_("Check that the provider speaks OpenID Connect, and that this application may ask for openid.")));
      return;
    }
  if (tokens->id_token_verdict == WF_JWS_VERIFIED)
    wf_doctor_find (doctor, WF_FINDING_OK, "id_token", g_strdup (_("The signature of the ID token was verified.")), NULL);
  else
    wf_doctor_find (doctor, WF_FINDING_NOTE, "id_token",
                    g_strdup (_("The signature of the ID token could not be checked, because the provider names no keys.")), NULL);
}

/* Refreshing less often than tokens expire leaves gaps. */
static void
check_refresh_policy (WfDoctor *doctor)
{
  const WfAccount *account = doctor->evidence->account;
  const WfAccessToken *token = wf_doctor_get_access_token (doctor);

  if (!token || token->expires_at == WF_TIME_UNKNOWN || account->refresh_policy != WF_REFRESH_EVERY ||
      account->refresh_seconds <= token->expires_at - token->issued_at)
    return;
  wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_policy",
                  g_strdup_printf (_("The refresh policy refreshes every %u s, but access tokens live %d s only."), account->refresh_seconds,
                                   (int) MIN (token->expires_at - token->issued_at, G_MAXINT)),
                  g_strdup (_("Refresh before expiry instead.")));
}

static void
check_session (WfDoctor *doctor)
{
  check_keyring (doctor);
  if (!doctor->evidence->tokens)
    return;
  check_state (doctor);
  check_last_error (doctor);
  check_interrupted_refresh (doctor);
  check_refresh_policy (doctor);
  check_id_token (doctor);
  check_clock (doctor);
}

GPtrArray *
wf_doctor_judge (const WfDoctorEvidence *evidence)
{
  static void (*const checks[WF_N_DOCTOR_TOPICS]) (WfDoctor *doctor) = {
    [WF_TOPIC_SESSION] = check_session,
    [WF_TOPIC_REFRESH_TOKEN] = wf_doctor_check_refresh_token,
    [WF_TOPIC_SIGNED_OUT] = wf_doctor_check_signed_out,
    [WF_TOPIC_API] = wf_doctor_check_api,
    [WF_TOPIC_PROVIDER] = wf_doctor_check_provider,
  };
  WfDoctor doctor = {
    .evidence = evidence,
    .findings = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_finding_free),
  };

  for (guint topic = 0; topic < WF_N_DOCTOR_TOPICS; topic++)
    {
      doctor.topic = topic;
      checks[topic] (&doctor);
    }
  return doctor.findings;
}

WfSeverity
wf_doctor_get_worst (const GPtrArray *findings)
{
  WfSeverity worst = WF_FINDING_OK;

  for (guint topic = 0; topic < WF_N_DOCTOR_TOPICS; topic++)
    worst = MAX (worst, wf_doctor_get_worst_of (findings, topic));
  return worst;
}

WfSeverity
wf_doctor_get_worst_of (const GPtrArray *findings,
                        WfDoctorTopic    topic)
{
  WfSeverity worst = WF_FINDING_OK;

  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);

      if (finding->topic == topic)
        worst = MAX (worst, finding->severity);
    }
  return worst;
}
