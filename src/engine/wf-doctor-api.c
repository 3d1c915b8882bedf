/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-json.h"
#include "wf-scope.h"
#include "wf-time.h"

/* Why does the API refuse my token? */

#define MAX_AUDIENCES 100

static void
check_expiry (WfDoctor            *doctor,
              const WfAccessToken *token)
{
  g_autofree char *time = wf_doctor_format (doctor, token->expires_at);

  if (token->expires_at == WF_TIME_UNKNOWN)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "expiry",
                    g_strdup (_("The provider does not say when the access token expires. It is used until you refresh it.")), NULL);
  else if (token->expires_at <= doctor->evidence->now)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "expiry", g_strdup_printf (_("The access token has expired, %s."), time),
                    g_strdup (doctor->evidence->tokens->refresh_token ? _("Refresh now.") : _("Sign in again.")));
  else
    wf_doctor_find (doctor, WF_FINDING_OK, "expiry", g_strdup_printf (_("The access token is good until %s."), time), NULL);
}

/* Returns: (transfer full) (nullable): the audiences that were asked for, RFC 8707 and Auth0's parameter */
static GPtrArray *
get_wanted (WfDoctor *doctor)
{
  const WfAccount *account = doctor->evidence->account;
  GPtrArray *wanted = g_ptr_array_new ();

  if (account->audience)
    g_ptr_array_add (wanted, account->audience);
  for (guint i = 0; account->resources && account->resources[i]; i++)
    g_ptr_array_add (wanted, account->resources[i]);
  return wanted;
}

/* Without an audience Auth0 gives a token for its own userinfo endpoint alone, which no API can read. */
static void
explain_opaque (WfDoctor        *doctor,
                const GPtrArray *wanted)
{
  if (wanted->len > 0)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "audience",
                    g_strdup_printf (_("The access token is opaque: whether it is for the audience %s cannot be seen."),
                                     (const char *) g_ptr_array_index (wanted, 0)),
                    g_strdup (_("If the API refuses it, ask the API's makers whether it takes opaque tokens (introspection).")));
  else if (wf_doctor_is_auth0 (doctor))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "audience",
                    g_strdup (_("The access token is opaque, because no audience was asked: Auth0 accepts it at its own userinfo endpoint alone.")),
                    g_strdup (_("In the Auth0 dashboard, open Applications › APIs, choose your API, copy its Identifier, set it as the "
                                "account's audience, and sign in again.")));
  else
    /* ordinary, and no API but the one that is asked knows better */
    wf_doctor_find (doctor, WF_FINDING_OK, "audience",
                    g_strdup (_("The access token is opaque, and no audience was asked. If an API refuses it, set the account's audience or "
                                "resource to the API's identifier, and sign in again.")), NULL);
}

static void
check_wanted (WfDoctor   *doctor,
              const char *wanted,
              char      **audiences)
{
  g_autofree char *joined = audiences ? g_strjoinv (", ", audiences) : NULL;
  g_autofree char *shown = wf_error_clean_text (joined);
  char *advice;

  if (audiences && g_strv_contains ((const char *const *) audiences, wanted))
    {
      wf_doctor_find (doctor, WF_FINDING_OK, "audience", g_strdup (_("The access token is for the audience that was asked.")), NULL);
      return;
    }
  advice = wf_doctor_is_auth0 (doctor)
    ? g_strdup_printf (_("In the Auth0 dashboard, open Applications › APIs and check that an API with the identifier %s is there, to the letter."), wanted)
    : g_strdup (_("Check that the provider knows this API, and that the account names it as the provider does."));
  wf_doctor_find (doctor, WF_FINDING_PROBLEM, "audience",
                  *shown ? g_strdup_printf (_("The access token is not for the audience %s, but for %s."), wanted, shown)
                         : g_strdup_printf (_("The access token is not for the audience %s; it names none."), wanted), advice);
}

/* Some providers ignore an audience that they do not know, without a word. */
static void
check_audience (WfDoctor    *doctor,
                const WfJwt *jwt)
{
  g_autoptr (GPtrArray) wanted = get_wanted (doctor);
  JsonObject *claims = jwt ? wf_jwt_get_claims (jwt) : NULL;
  g_auto (GStrv) audiences = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *shown = NULL;

  if (!claims)
    {
      explain_opaque (doctor, wanted);
      return;
    }
  wf_json_get_strv (claims, "aud", TRUE, MAX_AUDIENCES, &audiences, NULL);
  for (guint i = 0; i < wanted->len; i++)
    check_wanted (doctor, g_ptr_array_index (wanted, i), audiences);
  if (wanted->len > 0 || !audiences || !*audiences)
    return;
  joined = g_strjoinv (", ", audiences);
  shown = wf_error_clean_text (joined);
  wf_doctor_find (doctor, WF_FINDING_OK, "audience", g_strdup_printf (_("The access token is for %s. Other APIs refuse it."), shown), NULL);
}

static char *
advise_on_scope (WfDoctor *doctor)
{
  if (wf_doctor_is_auth0 (doctor))
    return g_strdup (_("In the Auth0 dashboard, open Applications › APIs, choose the API, and check that the scopes are listed under "
                       "Permissions and that you have been given them. Then sign in again."));
  return g_strdup (_("Check that this application may ask for them, and that you have been given them. Then sign in again."));
}

static void
check_scope (WfDoctor            *doctor,
             const WfAccessToken *token)
{
  const char *requested = doctor->evidence->tokens->requested_scope;
  g_auto (GStrv) missing = NULL;
  g_auto (GStrv) extra = NULL;
  g_autofree char *missing_text = NULL;
  g_autofree char *extra_text = NULL;

  if (!requested)
    return;
  if (!token->scope)
    {
      /* RFC 6749 §5.1: it is the same as what was asked */
      wf_doctor_find (doctor, WF_FINDING_OK, "scope", g_strdup (_("The provider does not say which scopes it granted: those that were asked.")), NULL);
      return;
    }
  missing = wf_scope_subtract (requested, token->scope);
  extra = wf_scope_subtract (token->scope, requested);
  missing_text = g_strjoinv (" ", missing);
  extra_text = g_strjoinv (" ", extra);
  if (*missing)
    wf_doctor_find (doctor, WF_FINDING_WARNING, "scope", g_strdup_printf (_("These scopes were asked and not granted: %s"), missing_text),
                    advise_on_scope (doctor));
  if (*extra)
    wf_doctor_find (doctor, WF_FINDING_WARNING, "scope", g_strdup_printf (_("These scopes were granted and not asked: %s"), extra_text), NULL);
  if (!*missing && !*extra)
    wf_doctor_find (doctor, WF_FINDING_OK, "scope", g_strdup (_("Every scope that was asked was granted.")), NULL);
}

/* RFC 7519 §4.1.5, by the server's clock. */
static void
check_not_before (WfDoctor    *doctor,
                  const WfJwt *jwt)
{
  gint64 not_before = wf_jwt_get_claim_time (jwt, "nbf");
  gint64 now = wf_time_add (doctor->evidence->now, doctor->evidence->tokens->clock_skew);
  g_autofree char *time = NULL;

  if (not_before == WF_TIME_UNKNOWN || not_before <= now)
    return;
  time = wf_doctor_format (doctor, not_before);
  wf_doctor_find (doctor, WF_FINDING_PROBLEM, "not_before", g_strdup_printf (_("The access token is not valid before %s."), time),
                  g_strdup (_("Wait until then. If it is far off, the provider's clock and the API's differ.")));
}

/* RFC 7800: a token that is bound to a key is no bearer token (RFC 9449, RFC 8705). */
static void
check_binding (WfDoctor    *doctor,
               const WfJwt *jwt)
{
  if (!json_object_has_member (wf_jwt_get_claims (jwt), "cnf"))
    return;
  if (doctor->evidence->account->client_certificate)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "binding", g_strdup (_("The access token is bound to a key.")),
                    g_strdup (_("Call the API with the account's client certificate.")));
  else
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, "binding",
                    g_strdup (_("The access token is bound to a key, and an API refuses it where the key is not proved.")),
                    g_strdup (_("Warifu does not make such proofs (DPoP). Switch sender-constrained tokens off for this application and this API.")));
}

/* An API that trusts one name of a provider refuses tokens that carry another. */
static void
check_issuer (WfDoctor    *doctor,
              const WfJwt *jwt)
{
  const char *issuer = wf_jwt_get_claim_string (jwt, "iss");
  const char *own = doctor->evidence->metadata ? doctor->evidence->metadata->issuer : doctor->evidence->account->issuer;
  g_autofree char *shown = NULL;

  if (!issuer || !own || g_str_equal (issuer, own))
    return;
  shown = wf_error_clean_text (issuer);
  wf_doctor_find (doctor, WF_FINDING_NOTE, "token_issuer",
                  g_strdup_printf (_("The access token names the issuer %s, which is not the account's."), shown),
                  g_strdup (_("Check that the API trusts this issuer.")));
}

void
wf_doctor_check_api (WfDoctor *doctor)
{
  const WfAccessToken *token = wf_doctor_get_access_token (doctor);
  g_autoptr (WfJwt) jwt = NULL;

  if (!token)
    return;
  jwt = wf_jwt_parse (secret_value_get_text (token->token), -1, NULL);
  check_expiry (doctor, token);
  check_audience (doctor, jwt);
  check_scope (doctor, token);
  if (!jwt || !wf_jwt_get_claims (jwt))
    return;
  check_not_before (doctor, jwt);
  check_binding (doctor, jwt);
  check_issuer (doctor, jwt);
}
