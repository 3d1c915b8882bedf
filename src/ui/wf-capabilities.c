/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-capabilities.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-json.h"

/* Nobody lists more on purpose. */
#define MAX_NAMES 100

void
wf_capability_free (WfCapability *capability)
{
  if (!capability)
    return;
  g_free (capability->details);
  g_free (capability);
}

static void
add (GPtrArray          *list,
     WfCapabilityAnswer  answer,
     const char         *title,
     char               *details)
{
  WfCapability *capability = g_new0 (WfCapability, 1);

  capability->answer = answer;
  capability->title = title;
  capability->details = details;
  g_ptr_array_add (list, capability);
}

/* Returns: (transfer full) (nullable): the names, fit to be shown */
static char *
join (char **names)
{
  g_autofree char *joined = names && *names ? g_strjoinv (", ", names) : NULL;

  return joined ? wf_error_clean_text (joined) : NULL;
}

static void
add_grants (GPtrArray                *list,
            const WfProviderMetadata *metadata)
{
  /* Translators: %s is the names of code challenge methods, such as S256 */
  g_autofree char *methods = join (metadata->code_challenge_methods_supported);

  if (methods)
    add (list, WF_CAPABILITY_YES, _("Proof of the sign-in (PKCE)"), g_strdup_printf (_("Checked with %s."), methods));
  else
    add (list, WF_CAPABILITY_UNKNOWN, _("Proof of the sign-in (PKCE)"), g_strdup (_("It does not say. Warifu sends it all the same.")));

  if (!metadata->grant_types_supported)
    add (list, WF_CAPABILITY_UNKNOWN, _("Refresh tokens"), g_strdup (_("It does not say.")));
  else if (wf_provider_metadata_supports_grant (metadata, "refresh_token"))
    add (list, WF_CAPABILITY_YES, _("Refresh tokens"),
         g_strdup (wf_provider_metadata_supports_scope (metadata, "offline_access") && metadata->scopes_supported
                     ? _("Given for the scope offline_access.") : _("Given; for which scope it does not say.")));
  else
    add (list, WF_CAPABILITY_NO, _("Refresh tokens"), g_strdup (_("It does not list them: you sign in again when the access token expires.")));
}

static void
add_endpoint (GPtrArray  *list,
              const char *title,
              const char *uri,
              const char *without)
{
  if (uri)
    add (list, WF_CAPABILITY_YES, title, g_strdup (uri));
  else
    add (list, WF_CAPABILITY_NO, title, g_strdup (without));
}

static gboolean
has_member (const WfProviderMetadata *metadata,
            const char               *name)
{
  return metadata->document && json_object_has_member (metadata->document, name);
}

static void
add_protections (GPtrArray                *list,
                 const WfProviderMetadata *metadata)
{
  g_auto (GStrv) dpop = NULL;
  g_autofree char *algorithms = NULL;

  add (list, metadata->iss_parameter_supported ? WF_CAPABILITY_YES : WF_CAPABILITY_NO, _("Names itself when it answers (RFC 9207)"),
       g_strdup (metadata->iss_parameter_supported ? _("An answer of another provider is recognized by it.")
                                                   : _("It does not; the state protects the answer alone.")));
  if (metadata->document)
    wf_json_get_strv (metadata->document, "dpop_signing_alg_values_supported", FALSE, MAX_NAMES, &dpop, NULL);
  algorithms = join (dpop);
  if (algorithms)
    add (list, WF_CAPABILITY_YES, _("Tokens bound to a key (DPoP)"), g_strdup_printf (_("Offered with %s; Warifu does not use it."), algorithms));
  if (has_member (metadata, "pushed_authorization_request_endpoint"))
    add (list, WF_CAPABILITY_YES, _("Requests sent ahead (PAR)"), g_strdup (_("Offered; Warifu does not use it.")));
}

static void
add_names (GPtrArray  *list,
           const char *title,
           char      **names,
           const char *without)
{
  char *joined = join (names);

  if (joined)
    add (list, WF_CAPABILITY_YES, title, joined);
  else
    add (list, WF_CAPABILITY_UNKNOWN, title, g_strdup (without));
}

GPtrArray *
wf_capabilities_list (const WfProviderMetadata *metadata)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_capability_free);

  add_grants (list, metadata);
  add_endpoint (list, _("Revocation"), metadata->revocation_endpoint,
                _("None: after signing out, tokens go on being good until they expire."));
  add_endpoint (list, _("Sign-out at the provider"), metadata->end_session_endpoint,
                _("None: you stay signed in at the provider's page."));
  add_endpoint (list, _("Userinfo"), metadata->userinfo_endpoint, _("None: who you are is in the ID token alone."));
  add_endpoint (list, _("Public keys"), metadata->jwks_uri, _("None: signatures cannot be checked."));
  add_protections (list, metadata);
  add_names (list, _("ID token signatures"), metadata->id_token_signing_alg_values_supported, _("It does not say."));
  /* OpenID Connect Discovery 1.0 §3: where it is not said */
  add_names (list, _("Client authentication"), metadata->token_endpoint_auth_methods_supported, _("It does not say: client_secret_basic."));
  return list;
}
