/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "wf-scope.h"
#include "wf-time.h"
#include "wf-uri.h"

/* Why is there no refresh token? */

static const char *
get_requested_scope (WfDoctor *doctor)
{
  const WfTokenSet *tokens = doctor->evidence->tokens;

  return tokens->requested_scope ? tokens->requested_scope : doctor->evidence->account->scope;
}

static gboolean
is_google (WfDoctor *doctor)
{
  const char *issuer = doctor->evidence->account->issuer;
  g_autofree char *host = issuer ? wf_uri_get_display_host (issuer) : NULL;

  return g_strcmp0 (host, "accounts.google.com") == 0;
}

static char *
advise_auth0_api (WfDoctor *doctor)
{
  const char *audience = doctor->evidence->account->audience;

  if (!audience)
    return g_strdup (_("In the Auth0 dashboard, open Applications › APIs, choose your API, and switch on “Allow Offline Access” in its "
                       "Settings. Then sign in again."));
  /* Translators: the names of menus and switches are those of the Auth0 dashboard; %s is the identifier of an API */
  return g_strdup_printf (_("In the Auth0 dashboard, open Applications › APIs, choose the API with the identifier %s, and switch on "
                            "“Allow Offline Access” in its Settings. Then sign in again."), audience);
}

static char *
advise_auth0_grant (void)
{
  return g_strdup (_("In the Auth0 dashboard, open Applications, choose this application, and switch on “Refresh Token” in its "
                     "Settings › Advanced Settings › Grant Types. Then sign in again."));
}

/* Auth0 takes offline_access out of what it grants where the API does not allow it; where the API does, the
 * application may still lack the grant type. */
static void
explain_auth0 (WfDoctor *doctor)
{
  const WfAccessToken *token = wf_doctor_get_access_token (doctor);

  if (!token->scope)
    {
      g_autofree char *api = advise_auth0_api (doctor);
      g_autofree char *grant = advise_auth0_grant ();

      wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token", g_strdup (_("offline_access was asked and no refresh token came.")),
                      g_strjoin (" ", api, grant, NULL));
    }
  else if (wf_scope_contains (token->scope, "offline_access"))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token",
                    g_strdup (_("offline_access was granted, but the application may not use refresh tokens.")), advise_auth0_grant ());
  else
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token",
                    g_strdup (_("offline_access was asked and not granted: the API does not allow offline access.")), advise_auth0_api (doctor));
}

/* OpenID Connect Core 1.0 §11: without consent a provider may leave offline_access aside. */
static void
explain_consent (WfDoctor *doctor)
{
  if (wf_doctor_has_param (doctor, "prompt", "consent") || wf_doctor_is_auth0 (doctor))
    return;
  wf_doctor_find (doctor, WF_FINDING_NOTE, "consent", g_strdup (_("Some providers give a refresh token only where they ask for your consent.")),
                  g_strdup (_("Add the parameter prompt=consent to the account, and sign in again.")));
}

static void
explain_other (WfDoctor *doctor)
{
  const WfAccessToken *token = wf_doctor_get_access_token (doctor);

  if (token->scope && !wf_scope_contains (token->scope, "offline_access"))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token", g_strdup (_("offline_access was asked and not granted.")),
                    g_strdup (_("Allow offline access for this application and this API in the provider's settings, and sign in again.")));
  else
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token", g_strdup (_("offline_access was asked and no refresh token came.")),
                    g_strdup (_("Allow refresh tokens for this application and this API in the provider's settings, and sign in again.")));
  explain_consent (doctor);
}

static void
explain_google (WfDoctor *doctor)
{
  wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token",
                  g_strdup (_("There is no refresh token: Google gives one where it is asked for with a parameter, not with a scope.")),
                  g_strdup (_("Add the parameters access_type=offline and prompt=consent to the account, and sign in again.")));
}

/* What the provider says of itself is asked before what it may be set to. */
static void
explain_missing (WfDoctor *doctor)
{
  const WfProviderMetadata *metadata = doctor->evidence->metadata;

  if (is_google (doctor) && !wf_doctor_has_param (doctor, "access_type", "offline"))
    explain_google (doctor);
  else if (!is_google (doctor) && !wf_scope_contains (get_requested_scope (doctor), "offline_access"))
    wf_doctor_find (doctor, WF_FINDING_NOTE, "refresh_token",
                    g_strdup (_("There is no refresh token, because offline_access is not among the scopes that were asked.")),
                    g_strdup (_("Add offline_access to the account's scopes, and sign in again.")));
  else if (metadata && !wf_provider_metadata_supports_grant (metadata, "refresh_token"))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token",
                    g_strdup (_("There is no refresh token: the provider's metadata does not list the grant type refresh_token.")),
                    g_strdup (_("Switch refresh tokens on at the provider. Where it has none, sign in again when the access token expires.")));
  else if (metadata && !is_google (doctor) && !wf_provider_metadata_supports_scope (metadata, "offline_access"))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "refresh_token",
                    g_strdup (_("There is no refresh token: the provider's metadata does not list the scope offline_access.")),
                    g_strdup (_("It may want another scope or parameter for it; see its documentation.")));
  else if (wf_doctor_is_auth0 (doctor))
    explain_auth0 (doctor);
  else
    explain_other (doctor);
}

static void
describe_present (WfDoctor *doctor)
{
  const WfTokenSet *tokens = doctor->evidence->tokens;
  g_autofree char *time = wf_doctor_format (doctor, tokens->refresh_expires_at);

  if (tokens->refresh_expires_at == WF_TIME_UNKNOWN)
    wf_doctor_find (doctor, WF_FINDING_OK, "refresh_token",
                    g_strdup_printf (_("There is a refresh token, generation %u. The provider does not say how long it lives."),
                                     tokens->generation), NULL);
  else if (tokens->refresh_expires_at <= doctor->evidence->now)
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, "refresh_token", g_strdup_printf (_("The refresh token has expired, %s."), time),
                    g_strdup (_("Sign in again.")));
  else
    wf_doctor_find (doctor, WF_FINDING_OK, "refresh_token", g_strdup_printf (_("There is a refresh token, generation %u, good until %s."),
                                                                             tokens->generation, time), NULL);
}

static void
describe_rotation (WfDoctor *doctor)
{
  const WfTokenSet *tokens = doctor->evidence->tokens;

  if (tokens->rotates)
    wf_doctor_find (doctor, WF_FINDING_OK, "rotation", g_strdup (_("The provider replaces the refresh token when it is used (rotation).")), NULL);
  else if (tokens->refreshes > 0)
    wf_doctor_find (doctor, WF_FINDING_OK, "rotation",
                    g_strdup_printf (ngettext ("The provider kept the refresh token over %u refresh: it does not rotate.",
                                               "The provider kept the refresh token over %u refreshes: it does not rotate.",
                                               tokens->refreshes), tokens->refreshes), NULL);
  else
    wf_doctor_find (doctor, WF_FINDING_OK, "rotation", g_strdup (_("Whether the refresh token rotates is seen at the first refresh.")), NULL);
}

/* There was one: why it is gone is another question. */
static gboolean
was_refused (const WfTokenSet *tokens)
{
  return !tokens->sign_in_failed && g_strcmp0 (tokens->error_name, "invalid_grant") == 0;
}

void
wf_doctor_check_refresh_token (WfDoctor *doctor)
{
  if (!doctor->evidence->tokens)
    return;
  if (doctor->evidence->tokens->refresh_token)
    {
      describe_present (doctor);
      describe_rotation (doctor);
    }
  else if (wf_doctor_get_access_token (doctor) && !was_refused (doctor->evidence->tokens))
    explain_missing (doctor);
}
