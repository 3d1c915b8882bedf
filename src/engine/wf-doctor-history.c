/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-time.h"

/* Why was I signed out? No provider says why it refuses a refresh token; what happened here before tells. */

/* Two lifetimes are the same one where they differ by less than a twentieth, or by an hour. */
#define SAME_LIFETIME(a, b) (ABS ((a) - (b)) <= MAX ((a) / 20, 3600))
/* Providers keep some tens to some hundreds of refresh tokens of one person and application. */
#define MANY_SIGN_INS 20
/* A pause shorter than this ends no session. */
#define SHORTEST_IDLE (15 * 60)

/* One session of the past, from its sign-in to its end; seconds since the epoch. */
typedef struct
{
  gint64   signed_in_at;
  gint64   last_used_at;  /* the last answer that was good */
  gint64   longest_pause; /* between two of them */
  gint64   unanswered_at; /* the request just before the refusal had no answer; WF_TIME_UNKNOWN */
  gint64   refused_at;    /* invalid_grant; WF_TIME_UNKNOWN */
  guint    generation;    /* of its last good answer */
  gboolean signed_out;
} Past;

static gint64
to_seconds (const WfEvent *event)
{
  return event->time / G_USEC_PER_SEC;
}

static gboolean
is_ok (const WfEvent *event)
{
  return g_strcmp0 (event->result, "ok") == 0;
}

/* The request may have reached the provider, and its answer did not come back. */
static gboolean
is_unanswered (const WfEvent *event)
{
  static const char *const names[] = {
    "timeout", "offline", "server_error", "malformed_response", "response_too_large", "unexpected_content_type", "cancelled", NULL,
  };

  return event->kind == WF_EVENT_FAILURE && g_strv_contains (names, event->result);
}

static gboolean
is_refusal (const WfEvent *event)
{
  return event->kind == WF_EVENT_FAILURE && g_strcmp0 (event->cause, "sign-in") != 0 && g_strcmp0 (event->result, "invalid_grant") == 0;
}

static void
begin_past (GArray        *pasts,
            const WfEvent *event)
{
  Past past = {
    .signed_in_at = to_seconds (event),
    .last_used_at = to_seconds (event),
    .unanswered_at = WF_TIME_UNKNOWN,
    .refused_at = WF_TIME_UNKNOWN,
    .generation = event->generation,
  };

  g_array_append_val (pasts, past);
}

static void
continue_past (Past          *past,
               const WfEvent *event)
{
  if (past->refused_at != WF_TIME_UNKNOWN || past->signed_out)
    return;
  if (event->kind == WF_EVENT_REFRESH && is_ok (event))
    {
      past->longest_pause = MAX (past->longest_pause, to_seconds (event) - past->last_used_at);
      past->last_used_at = to_seconds (event);
      past->generation = event->generation;
      past->unanswered_at = WF_TIME_UNKNOWN;
    }
  else if (event->kind == WF_EVENT_SIGN_OUT)
    past->signed_out = TRUE;
  else if (is_refusal (event))
    past->refused_at = to_seconds (event);
  else if (is_unanswered (event))
    past->unanswered_at = to_seconds (event);
}

/* Returns: (element-type Past) (transfer full): from the oldest to the newest */
static GArray *
read_pasts (const GPtrArray *events)
{
  GArray *pasts = g_array_new (FALSE, FALSE, sizeof (Past));

  for (guint i = events->len; i > 0; i--)
    {
      const WfEvent *event = g_ptr_array_index (events, i - 1);

      if (event->kind == WF_EVENT_SIGN_IN && is_ok (event))
        begin_past (pasts, event);
      else if (pasts->len > 0)
        continue_past (&g_array_index (pasts, Past, pasts->len - 1), event);
    }
  return pasts;
}

/* --- What a refusal may come from --- */

/* A rotated token that is used twice ends its whole family: RFC 9700 §4.14.2. */
static gboolean
suspect_reuse (WfDoctor   *doctor,
               const Past *past)
{
  g_autofree char *time = NULL;

  if (past->unanswered_at == WF_TIME_UNKNOWN)
    return FALSE;
  time = wf_doctor_format (doctor, past->unanswered_at);
  wf_doctor_find (doctor, WF_FINDING_WARNING, "reused",
                  g_strdup_printf (_("A refresh just before it got no answer, %s. The provider may have replaced the refresh token then, so "
                                     "that the old one was used twice."), time),
                  wf_doctor_is_auth0 (doctor)
                    ? g_strdup (_("In the Auth0 dashboard, open Applications, choose this application, and raise the “Rotation Overlap "
                                  "Period” (Reuse Interval) in its Settings under Refresh Token Rotation."))
                    : g_strdup (_("If it happens again, let the provider accept the refresh token before the newest for a while.")));
  return TRUE;
}

static char *
advise_on_lifetime (WfDoctor   *doctor,
                    const char *setting,
                    const char *general)
{
  if (!wf_doctor_is_auth0 (doctor))
    return g_strdup (general);
  /* Translators: %s is the name of a setting in the Auth0 dashboard */
  return g_strdup_printf (_("In the Auth0 dashboard, open Applications, choose this application, and raise the “%s” in its Settings "
                            "under Refresh Token Expiration."), setting);
}

/* It went well for as long as it was used: the first pause that is longer than every one before is the end. */
static gboolean
suspect_idle (WfDoctor   *doctor,
              const Past *past)
{
  gint64 pause = past->refused_at - past->last_used_at;
  g_autofree char *duration = NULL;

  if (pause < SHORTEST_IDLE || pause <= past->longest_pause || past->last_used_at == past->signed_in_at)
    return FALSE;
  duration = wf_doctor_format_duration (pause);
  wf_doctor_find (doctor, WF_FINDING_WARNING, "idle",
                  g_strdup_printf (_("The refresh token had not been used for %s, longer than ever before in that session. It may have "
                                     "expired because it was not used."), duration),
                  advise_on_lifetime (doctor, "Idle Refresh Token Lifetime",
                                      _("Keep Warifu running, refresh from time to time, or ask the provider for a longer idle lifetime.")));
  return TRUE;
}

/* Returns: whether a session before ended at the same age: then it is the provider's rule. */
static gboolean
ended_alike (const GArray *pasts,
             gint64        age)
{
  for (guint i = 0; i + 1 < pasts->len; i++)
    {
      const Past *past = &g_array_index (pasts, Past, i);

      if (past->refused_at != WF_TIME_UNKNOWN && SAME_LIFETIME (age, past->refused_at - past->signed_in_at))
        return TRUE;
    }
  return FALSE;
}

static gboolean
suspect_absolute (WfDoctor     *doctor,
                  const GArray *pasts,
                  const Past   *past)
{
  gint64 age = past->refused_at - past->signed_in_at;
  g_autofree char *duration = wf_doctor_format_duration (age);

  if (!ended_alike (pasts, age))
    return FALSE;
  wf_doctor_find (doctor, WF_FINDING_WARNING, "absolute",
                  g_strdup_printf (_("The session ended %s after the sign-in, as one before did: the provider seems to end sessions then."), duration),
                  advise_on_lifetime (doctor, "Maximum Refresh Token Lifetime",
                                      _("Sign in again in time, or ask the provider for a longer lifetime.")));
  return TRUE;
}

/* Nothing here explains it, so it happened there. */
static void
suspect_revoked (WfDoctor   *doctor,
                 const Past *past)
{
  g_autofree char *pause = wf_doctor_format_duration (past->refused_at - past->last_used_at);
  g_autofree char *age = wf_doctor_format_duration (past->refused_at - past->signed_in_at);

  wf_doctor_find (doctor, WF_FINDING_NOTE, "revoked",
                  g_strdup_printf (_("The refresh token had been used %s before, and the session was %s old. It may have been revoked at "
                                     "the provider (a sign-out elsewhere, a new password, an administrator) or have reached its greatest age."),
                                   pause, age),
                  g_strdup (_("Sign in again. If you did not expect it, look at your sessions in the provider's account settings.")));
}

static void
suspect_pruned (WfDoctor     *doctor,
                const GArray *pasts)
{
  guint count = 0;

  for (guint i = 0; i < pasts->len; i++)
    count += !g_array_index (pasts, Past, i).signed_out;
  if (count < MANY_SIGN_INS)
    return;
  wf_doctor_find (doctor, WF_FINDING_NOTE, "pruned",
                  g_strdup_printf (ngettext ("You signed in %u time here without signing out. Providers keep a limited number of refresh tokens of "
                                             "one person and application, and drop the oldest.",
                                             "You signed in %u times here without signing out. Providers keep a limited number of refresh tokens of "
                                             "one person and application, and drop the oldest.", count), count),
                  wf_doctor_is_auth0 (doctor)
                    ? g_strdup (_("Auth0 keeps 200 of them. Sign out where you do not need a session any more."))
                    : g_strdup (_("Sign out where you do not need a session any more.")));
}

static void
explain_refusal (WfDoctor     *doctor,
                 const GArray *pasts,
                 gint64        refused_at)
{
  const Past *past = pasts->len > 0 ? &g_array_index (pasts, Past, pasts->len - 1) : NULL;
  g_autofree char *time = wf_doctor_format (doctor, refused_at);
  gboolean explained = FALSE;

  wf_doctor_find (doctor, WF_FINDING_PROBLEM, "refused",
                  g_strdup_printf (_("The provider refused the refresh token, %s. It may have expired, been revoked, or been used twice."), time),
                  g_strdup (_("Sign in again.")));
  if (!past || past->refused_at == WF_TIME_UNKNOWN)
    return;
  explained |= suspect_reuse (doctor, past);
  explained |= suspect_absolute (doctor, pasts, past);
  if (!explained)
    explained = suspect_idle (doctor, past);
  if (!explained)
    suspect_revoked (doctor, past);
  suspect_pruned (doctor, pasts);
}

/* --- What else ends a session --- */

static const WfEvent *
get_newest (const WfDoctorEvidence *evidence)
{
  return evidence->events && evidence->events->len > 0 ? g_ptr_array_index (evidence->events, 0) : NULL;
}

static gint64
get_refused_at (const WfDoctorEvidence *evidence,
                const GArray           *pasts)
{
  const Past *past = pasts->len > 0 ? &g_array_index (pasts, Past, pasts->len - 1) : NULL;

  if (g_strcmp0 (evidence->tokens->error_name, "invalid_grant") == 0 && !evidence->tokens->sign_in_failed)
    return evidence->tokens->error_at;
  return past ? past->refused_at : WF_TIME_UNKNOWN;
}

static void
explain_sign_out (WfDoctor      *doctor,
                  const WfEvent *event)
{
  g_autofree char *time = wf_doctor_format (doctor, to_seconds (event));

  wf_doctor_find (doctor, WF_FINDING_NOTE, "signed_out", g_strdup_printf (_("You signed out here, %s."), time), g_strdup (_("Sign in to get tokens.")));
}

/* An access token came to its end, and there was nothing to get another with. */
static void
explain_expiry (WfDoctor *doctor,
                gint64    expired_at)
{
  g_autofree char *time = wf_doctor_format (doctor, expired_at);

  wf_doctor_find (doctor, WF_FINDING_WARNING, "no_refresh_token",
                  g_strdup_printf (_("The access token expired, %s, and there was no refresh token to get another with."), time),
                  g_strdup (_("Ask for the scope offline_access, and sign in again.")));
}

static void
explain_known_end (WfDoctor *doctor,
                   gint64    expired_at)
{
  g_autofree char *time = wf_doctor_format (doctor, expired_at);

  wf_doctor_find (doctor, WF_FINDING_PROBLEM, "lifetime",
                  g_strdup_printf (_("The refresh token expired, %s, as the provider had said it would."), time),
                  g_strdup (_("Sign in again.")));
}

static void
explain (WfDoctor *doctor)
{
  const WfDoctorEvidence *evidence = doctor->evidence;
  const WfAccessToken *token = wf_doctor_get_access_token (doctor);
  const WfEvent *newest = get_newest (evidence);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GArray) pasts = read_pasts (evidence->events ? evidence->events : none);
  gint64 refused_at = get_refused_at (evidence, pasts);
  gint64 refresh_end = evidence->tokens->refresh_token ? evidence->tokens->refresh_expires_at : WF_TIME_UNKNOWN;

  if (newest && newest->kind == WF_EVENT_SIGN_OUT)
    explain_sign_out (doctor, newest);
  else if (refresh_end != WF_TIME_UNKNOWN && refresh_end <= evidence->now)
    explain_known_end (doctor, refresh_end);
  else if (refused_at != WF_TIME_UNKNOWN)
    explain_refusal (doctor, pasts, refused_at);
  else if (token && !evidence->tokens->refresh_token && token->expires_at != WF_TIME_UNKNOWN && token->expires_at <= evidence->now)
    explain_expiry (doctor, token->expires_at);
  else if (evidence->state == WF_SESSION_SIGNED_OUT && pasts->len == 0)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "never_signed_in", g_strdup (_("No sign-in of this account is recorded here.")),
                    g_strdup (_("Sign in to get tokens.")));
}

void
wf_doctor_check_signed_out (WfDoctor *doctor)
{
  WfSessionState state = doctor->evidence->state;

  if (doctor->evidence->tokens && (state == WF_SESSION_SIGNED_OUT || state == WF_SESSION_NEEDS_SIGN_IN))
    explain (doctor);
}
