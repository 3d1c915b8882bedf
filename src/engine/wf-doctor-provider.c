/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-scope.h"
#include "wf-uri.h"

static void
check_reached (WfDoctor *doctor)
{
  const WfDoctorEvidence *evidence = doctor->evidence;
  guint n;

  if (evidence->metadata_error)
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, wf_error_get_name (evidence->metadata_error), g_strdup (evidence->metadata_error->message), NULL);
  if (!evidence->metadata || !evidence->metadata->discovered)
    return;
  n = wf_provider_metadata_count_endpoints (evidence->metadata);
  wf_doctor_find (doctor, WF_FINDING_OK, "discovery",
                  g_strdup_printf (ngettext ("The provider was found, with %u endpoint.", "The provider was found, with %u endpoints.", n), n), NULL);
}

static void
check_grants (WfDoctor *doctor)
{
  const WfProviderMetadata *metadata = doctor->evidence->metadata;

  if (!wf_provider_metadata_supports_grant (metadata, "authorization_code"))
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, "grant_types",
                    g_strdup (_("The provider's metadata does not list the grant type authorization_code.")),
                    g_strdup (_("Without it nobody can sign in here. Check that the issuer is the right one.")));
  if (!wf_provider_metadata_supports_grant (metadata, "refresh_token"))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "grant_types",
                    g_strdup (_("The provider's metadata does not list the grant type refresh_token.")), NULL);
}

static void
check_capabilities (WfDoctor *doctor)
{
  const WfProviderMetadata *metadata = doctor->evidence->metadata;
  const WfAccount *account = doctor->evidence->account;
  g_auto (GStrv) scopes = wf_scope_split (account->scope);

  for (guint i = 0; scopes[i]; i++)
    if (!wf_provider_metadata_supports_scope (metadata, scopes[i]))
      wf_doctor_find (doctor, WF_FINDING_NOTE, "scopes_supported",
                      g_strdup_printf (_("The provider's metadata does not list the scope %s."), scopes[i]), NULL);
  if (metadata->discovered && !wf_provider_metadata_supports_auth_method (metadata, account->auth_method))
    wf_doctor_find (doctor, WF_FINDING_WARNING, "auth_method",
                    g_strdup_printf (_("The provider's metadata does not list the authentication method %s."),
                                     wf_auth_method_to_string (account->auth_method)),
                    g_strdup (_("If the provider refuses the application, choose another method in the account's settings.")));
  if (metadata->discovered && !metadata->code_challenge_methods_supported)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "pkce", g_strdup (_("The provider does not say whether it checks PKCE. It is sent anyway.")), NULL);
  if (!metadata->revocation_endpoint)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "revocation",
                    g_strdup (_("The provider has no revocation endpoint. Signing out forgets the tokens here, but they go on being good "
                                "until they expire.")), NULL);
}

static void
check_keys (WfDoctor *doctor)
{
  const WfDoctorEvidence *evidence = doctor->evidence;
  guint n = evidence->keys ? wf_jwks_get_n_keys (evidence->keys) : 0;

  if (evidence->keys_error)
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, wf_error_get_name (evidence->keys_error), g_strdup (evidence->keys_error->message), NULL);
  else if (!evidence->keys_known)
    return;
  else if (!evidence->keys)
    wf_doctor_find (doctor, WF_FINDING_NOTE, "keys",
                    g_strdup (_("The provider names no keys, so that signatures cannot be checked.")), NULL);
  else if (n == 0)
    wf_doctor_find (doctor, WF_FINDING_PROBLEM, "keys", g_strdup (_("The provider's key set has no key that can be used.")),
                    g_strdup (_("Tell the provider: it must publish RSA keys of 2048 bits or more, elliptic or Edwards curve keys.")));
  else
    wf_doctor_find (doctor, WF_FINDING_OK, "keys",
                    g_strdup_printf (ngettext ("The provider's key set has %u usable key.", "The provider's key set has %u usable keys.", n), n), NULL);
}

static void
check_redirect_uri (WfDoctor *doctor)
{
  const char *redirect_uri = doctor->evidence->account->redirect_uri;

  if (!redirect_uri || wf_uri_is_loopback_redirect (redirect_uri))
    return;
  wf_doctor_find (doctor, WF_FINDING_NOTE, "redirect_uri",
                  g_strdup_printf (_("The redirect URI can be caught by the window only: signing in with the browser needs %s."),
                                   WF_REDIRECT_URI_BROWSER), NULL);
}

void
wf_doctor_check_provider (WfDoctor *doctor)
{
  check_reached (doctor);
  if (doctor->evidence->metadata)
    {
      check_grants (doctor);
      check_capabilities (doctor);
      check_keys (doctor);
    }
  check_redirect_uri (doctor);
}
