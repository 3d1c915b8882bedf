/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-authorization-request.h"

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-form.h"
#include "wf-random.h"
#include "wf-scope.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* 256 bits, RFC 7636 §7.1 */
#define RANDOM_BYTES 32
#define QUERY_MAX_FIELDS 200

struct _WfAuthorizationRequest
{
  char           *uri;
  char           *redirect_uri;
  char           *issuer;
  char           *state;
  char           *nonce;
  char           *scope;
  char           *acr_values;
  gint64          max_age;
  gboolean        expects_iss;
  SecretValue    *code_verifier;
  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (WfAuthorizationRequest, wf_authorization_request, wf_authorization_request_ref, wf_authorization_request_unref)

/* Borrowed; NULL where the parameter is not there. */
static const char *
find_param (const WfAccount *account,
            const char      *name)
{
  gsize length = strlen (name);

  for (guint i = 0; account->params && account->params[i]; i++)
    if (strncmp (account->params[i], name, length) == 0 && account->params[i][length] == '=')
      return account->params[i] + length + 1;
  return NULL;
}

static gboolean
knows_offline_access_without_consent (const char *issuer)
{
  g_autoptr (GUri) uri = g_uri_parse (issuer, G_URI_FLAGS_NONE, NULL);
  g_autofree char *host = NULL;

  if (!uri || !g_uri_get_host (uri))
    return FALSE;
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  return g_str_has_suffix (host, ".auth0.com") || g_str_equal (host, "accounts.google.com");
}

/* OpenID Connect Core 1.0 §11: offline_access is ignored unless consent is asked for */
static gboolean
needs_consent_prompt (const WfAccount          *account,
                      const WfProviderMetadata *metadata)
{
  return wf_scope_contains (account->scope, "openid") && wf_scope_contains (account->scope, "offline_access") &&
         !find_param (account, "prompt") && !knows_offline_access_without_consent (metadata->issuer);
}

static void
add_params (WfForm          *form,
            const WfAccount *account)
{
  for (guint i = 0; account->params && account->params[i]; i++)
    {
      const char *value = strchr (account->params[i], '=');
      g_autofree char *name = g_strndup (account->params[i], (gsize) (value - account->params[i]));

      wf_form_add (form, name, value + 1);
    }
}

static WfForm *
make_form (const WfAuthorizationRequest *request,
           const WfAccount              *account,
           const WfProviderMetadata     *metadata)
{
  WfForm *form = wf_form_new ();
  g_autofree char *challenge = wf_authorization_request_make_challenge (secret_value_get_text (request->code_verifier));

  wf_form_add (form, "response_type", "code");
  wf_form_add (form, "client_id", account->client_id);
  wf_form_add (form, "redirect_uri", request->redirect_uri);
  wf_form_add (form, "scope", request->scope);
  wf_form_add (form, "state", request->state);
  wf_form_add (form, "nonce", request->nonce);
  wf_form_add (form, "code_challenge", challenge);
  wf_form_add (form, "code_challenge_method", "S256");
  wf_form_add (form, "audience", account->audience);
  for (guint i = 0; account->resources && account->resources[i]; i++)
    wf_form_add (form, "resource", account->resources[i]);
  add_params (form, account);
  if (needs_consent_prompt (account, metadata))
    wf_form_add (form, "prompt", "consent");
  return form;
}

/* RFC 6749 §3.1: the endpoint's own query is kept, and no parameter stands twice */
static gboolean
check_own_query (const WfProviderMetadata *metadata,
                 WfForm                   *form,
                 GError                  **error)
{
  g_autoptr (WfForm) own = NULL;
  const char *query = strchr (metadata->authorization_endpoint, '?');

  if (!query)
    return TRUE;
  own = wf_form_decode (query + 1, QUERY_MAX_FIELDS, NULL);
  for (guint i = 0; own && i < wf_form_get_length (own); i++)
    if (wf_form_count (form, wf_form_get_name (own, i)) > 0)
      {
        g_clear_pointer (&own, wf_form_free);
        break;
      }
  if (own)
    return TRUE;
  g_set_error_literal (error, WF_ERROR, metadata->discovered ? WF_ERROR_MALFORMED_RESPONSE : WF_ERROR_USAGE,
                       _("The authorization endpoint has parameters of its own that Warifu sets. Take them out of its address."));
  return FALSE;
}

static char *
make_uri (const char *endpoint,
          WfForm     *form)
{
  g_autofree char *query = wf_form_encode (form);
  const char *own = strchr (endpoint, '?');
  const char *joint = "?";

  if (own)
    joint = own[1] == '\0' || g_str_has_suffix (endpoint, "&") ? "" : "&";
  return g_strconcat (endpoint, joint, query, NULL);
}

static gboolean
check_input (const WfAccount          *account,
             const WfProviderMetadata *metadata,
             const char               *redirect_uri,
             GError                  **error)
{
  static const WfAccountField fields[] = {
    WF_ACCOUNT_FIELD_CLIENT_ID, WF_ACCOUNT_FIELD_SCOPE, WF_ACCOUNT_FIELD_AUDIENCE,
    WF_ACCOUNT_FIELD_RESOURCE, WF_ACCOUNT_FIELD_PARAMS,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!wf_account_check_field (account, fields[i], error))
      return FALSE;
  return wf_uri_check_endpoint (metadata->authorization_endpoint, "authorization_endpoint", error) &&
         wf_uri_check_redirect (redirect_uri, error);
}

WfAuthorizationRequest *
wf_authorization_request_ref (WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  g_atomic_ref_count_inc (&request->ref_count);
  return request;
}

void
wf_authorization_request_unref (WfAuthorizationRequest *request)
{
  g_return_if_fail (request != NULL);

  if (!g_atomic_ref_count_dec (&request->ref_count))
    return;
  g_clear_pointer (&request->uri, wf_secret_wipe_free);
  g_clear_pointer (&request->redirect_uri, g_free);
  g_clear_pointer (&request->issuer, g_free);
  g_clear_pointer (&request->state, wf_secret_wipe_free);
  g_clear_pointer (&request->nonce, wf_secret_wipe_free);
  g_clear_pointer (&request->scope, g_free);
  g_clear_pointer (&request->acr_values, g_free);
  wf_secret_set (&request->code_verifier, NULL);
  g_free (request);
}

WfAuthorizationRequest *
wf_authorization_request_new (const WfAccount          *account,
                              const WfProviderMetadata *metadata,
                              const char               *redirect_uri,
                              GError                  **error)
{
  g_autoptr (WfAuthorizationRequest) request = NULL;
  g_autoptr (WfWipedString) verifier = NULL;
  g_autoptr (WfForm) form = NULL;
  const char *max_age;

  g_return_val_if_fail (account != NULL && metadata != NULL && redirect_uri != NULL, NULL);

  if (!check_input (account, metadata, redirect_uri, error))
    return NULL;
  max_age = find_param (account, "max_age");
  verifier = wf_random_token (RANDOM_BYTES);

  request = g_new0 (WfAuthorizationRequest, 1);
  g_atomic_ref_count_init (&request->ref_count);
  request->redirect_uri = g_strdup (redirect_uri);
  request->issuer = g_strdup (metadata->issuer);
  request->state = wf_random_token (RANDOM_BYTES);
  request->nonce = wf_scope_contains (account->scope, "openid") ? wf_random_token (RANDOM_BYTES) : NULL;
  request->scope = g_strdup (account->scope);
  request->acr_values = g_strdup (find_param (account, "acr_values"));
  request->max_age = max_age ? g_ascii_strtoll (max_age, NULL, 10) : -1;
  request->expects_iss = metadata->iss_parameter_supported;
  request->code_verifier = wf_secret_new (verifier, -1);

  form = make_form (request, account, metadata);
  if (!check_own_query (metadata, form, error))
    return NULL;
  request->uri = make_uri (metadata->authorization_endpoint, form);
  return g_steal_pointer (&request);
}

const char *
wf_authorization_request_get_uri (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->uri;
}

const char *
wf_authorization_request_get_redirect_uri (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->redirect_uri;
}

const char *
wf_authorization_request_get_issuer (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->issuer;
}

const char *
wf_authorization_request_get_state (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->state;
}

const char *
wf_authorization_request_get_nonce (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->nonce;
}

const char *
wf_authorization_request_get_scope (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->scope;
}

gint64
wf_authorization_request_get_max_age (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, -1);

  return request->max_age;
}

const char *
wf_authorization_request_get_acr_values (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->acr_values;
}

gboolean
wf_authorization_request_expects_iss (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, FALSE);

  return request->expects_iss;
}

SecretValue *
wf_authorization_request_get_code_verifier (const WfAuthorizationRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->code_verifier;
}

char *
wf_authorization_request_make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_return_val_if_fail (verifier != NULL, NULL);

  g_checksum_update (sha256, (const guchar *) verifier, -1);
  g_checksum_get_digest (sha256, digest, &length);
  return wf_base64url_encode (digest, length);
}
