/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-lifetime.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-format.h"

#define LOW_FRACTION 0.1

static gint64
correct_skew (const WfTokenSet *set,
              gint64            server_time)
{
  return wf_time_add (server_time, -set->clock_skew);
}

WfLifetime
wf_lifetime_of_access_token (const WfTokenSet *set)
{
  return wf_lifetime_of_access_token_for (set, NULL);
}

WfLifetime
wf_lifetime_of_access_token_for (const WfTokenSet *set,
                                 const char       *audience)
{
  const WfAccessToken *token = set ? wf_token_set_get_access_token (set, audience) : NULL;

  if (!token)
    return (WfLifetime) { FALSE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN };
  return (WfLifetime) { TRUE, token->issued_at, token->expires_at };
}

WfLifetime
wf_lifetime_of_id_token (const WfTokenSet *set,
                         const WfJwt      *jwt)
{
  if (!set || !set->id_token)
    return (WfLifetime) { FALSE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN };
  if (!jwt)
    return (WfLifetime) { TRUE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN };
  return (WfLifetime) {
    .present = TRUE,
    .issued_at = correct_skew (set, wf_jwt_get_claim_time (jwt, "iat")),
    .expires_at = correct_skew (set, wf_jwt_get_claim_time (jwt, "exp")),
  };
}

WfLifetime
wf_lifetime_of_refresh_token (const WfTokenSet *set)
{
  if (!set || !set->refresh_token)
    return (WfLifetime) { FALSE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN };
  return (WfLifetime) { TRUE, set->refresh_issued_at, set->refresh_expires_at };
}

WfLifetimeLevel
wf_lifetime_get_level (const WfLifetime *lifetime,
                       gint64            now)
{
  if (!lifetime->present)
    return WF_LIFETIME_ABSENT;
  if (lifetime->expires_at == WF_TIME_UNKNOWN)
    return WF_LIFETIME_UNKNOWN;
  if (lifetime->expires_at <= now)
    return WF_LIFETIME_GONE;
  return wf_lifetime_get_fraction (lifetime, now) < LOW_FRACTION ? WF_LIFETIME_LOW : WF_LIFETIME_GOOD;
}

double
wf_lifetime_get_fraction (const WfLifetime *lifetime,
                          gint64            now)
{
  double left;
  double whole;

  if (!lifetime->present || lifetime->expires_at == WF_TIME_UNKNOWN || lifetime->expires_at <= now)
    return 0;
  if (lifetime->issued_at == WF_TIME_UNKNOWN || lifetime->issued_at >= lifetime->expires_at)
    return 1;
  left = (double) lifetime->expires_at - (double) now;
  whole = (double) lifetime->expires_at - (double) lifetime->issued_at;
  return CLAMP (left / whole, 0, 1);
}

char *
wf_lifetime_format (const WfLifetime *lifetime,
                    gint64            now)
{
  switch (wf_lifetime_get_level (lifetime, now))
    {
    case WF_LIFETIME_ABSENT:
      /* Translators: there is no such token */
      return g_strdup (C_("token", "None"));
    case WF_LIFETIME_UNKNOWN:
      /* Translators: nobody said how long the token is good */
      return g_strdup (C_("lifetime", "Unknown"));
    case WF_LIFETIME_GOOD:
    case WF_LIFETIME_LOW:
    case WF_LIFETIME_GONE:
    default:
      return wf_format_left (lifetime->expires_at - now);
    }
}

WfJwt *
wf_lifetime_decode (SecretValue *token)
{
  gsize length;
  const char *text;

  if (!token)
    return NULL;
  text = secret_value_get (token, &length);
  if (wf_jwt_guess_kind (text) == WF_JWT_OPAQUE)
    return NULL;
  /* What does not decode is shown as opaque: there is nothing to say about it. */
  return wf_jwt_parse (text, (gssize) length, NULL);
}

/* Returns: (transfer full): what a session says that is signed in, and has no trouble */
static char *
describe_signed_in (WfSession *session,
                    gint64     now)
{
  WfLifetime lifetime = wf_lifetime_of_access_token (wf_session_get_tokens (session));

  if (!lifetime.present || lifetime.expires_at == WF_TIME_UNKNOWN)
    return g_strdup (_("Signed in"));
  return wf_lifetime_format (&lifetime, now);
}

/* The symbol of a trouble has words too (UX.md: never a symbol alone). */
static char *
describe_troubled (WfSession *session,
                   gint64     now)
{
  const GError *error = wf_session_get_last_error (session);
  g_autofree char *state = describe_signed_in (session, now);

  if (error && wf_error_get_class (error) == WF_ERROR_CLASS_SIGN_IN)
    return g_strdup (_("Sign in again"));
  /* Translators: the state of an account in the narrow list: it is signed in, %s is such as "43 min left", and something
   * went wrong, which its page explains */
  return g_strdup_printf (_("%s · problem"), state);
}

char *
wf_session_words_state (WfSession *session,
                        gint64     now)
{
  if (!wf_session_get_loaded (session))
    return g_strdup (_("Reading keyring…"));

  switch (wf_session_get_state (session))
    {
    case WF_SESSION_SIGNING_IN:
      return g_strdup (_("Signing in…"));
    case WF_SESSION_REFRESHING:
      return g_strdup (_("Refreshing…"));
    case WF_SESSION_EXPIRED:
      return g_strdup (_("Expired"));
    case WF_SESSION_NEEDS_SIGN_IN:
      return g_strdup (_("Sign in again"));
    case WF_SESSION_SIGNED_IN:
      if (wf_session_get_last_error (session) || wf_session_get_keyring_error (session))
        return describe_troubled (session, now);
      return describe_signed_in (session, now);
    case WF_SESSION_SIGNED_OUT:
    default:
      if (g_error_matches (wf_session_get_keyring_error (session), WF_ERROR, WF_ERROR_KEYRING_LOCKED))
        return g_strdup (_("Keyring locked"));
      return g_strdup (_("Signed out"));
    }
}

const char *
wf_session_words_icon (WfSession *session,
                       gint64     now)
{
  WfLifetime lifetime;

  if (!wf_session_get_loaded (session))
    return "wf-wait-symbolic";

  switch (wf_session_get_state (session))
    {
    case WF_SESSION_SIGNING_IN:
    case WF_SESSION_REFRESHING:
      return "wf-wait-symbolic";
    case WF_SESSION_EXPIRED:
      return "wf-expired-symbolic";
    case WF_SESSION_NEEDS_SIGN_IN:
      return "wf-attention-symbolic";
    case WF_SESSION_SIGNED_IN:
      if (wf_session_get_last_error (session) || wf_session_get_keyring_error (session))
        return "wf-attention-symbolic";
      lifetime = wf_lifetime_of_access_token (wf_session_get_tokens (session));
      if (wf_lifetime_get_level (&lifetime, now) == WF_LIFETIME_GONE)
        return "wf-expired-symbolic";
      return "wf-good-symbolic";
    case WF_SESSION_SIGNED_OUT:
    default:
      if (g_error_matches (wf_session_get_keyring_error (session), WF_ERROR, WF_ERROR_KEYRING_LOCKED))
        return "wf-attention-symbolic";
      return "wf-signed-out-symbolic";
    }
}

char *
wf_session_words_policy (const WfAccount *account,
                         gint64           next_refresh,
                         gint64           now)
{
  g_autofree char *policy = NULL;
  g_autofree char *interval = NULL;
  g_autofree char *when = NULL;

  switch (account->refresh_policy)
    {
    case WF_REFRESH_ON_DEMAND:
      policy = g_strdup (_("Refreshes only when asked"));
      break;
    case WF_REFRESH_EVERY:
      interval = wf_format_duration (account->refresh_seconds);
      /* Translators: %s is a duration such as "30 min" */
      policy = g_strdup_printf (_("Refreshes every %s"), interval);
      break;
    case WF_REFRESH_BEFORE_EXPIRY:
    default:
      policy = g_strdup (_("Refreshes before it expires"));
    }
  if (next_refresh == WF_TIME_UNKNOWN)
    return g_steal_pointer (&policy);
  when = wf_format_when (MAX (next_refresh, now), now);
  /* Translators: a policy and when it acts next, such as "Refreshes before it expires · next in 38 min (13:58)" */
  return g_strdup_printf (_("%1$s · next %2$s"), policy, when);
}
