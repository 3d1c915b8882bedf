/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-request.h"

#include "wf-error.h"
#include "wf-form.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WfTokenRequest
{
  char           *endpoint;
  SecretValue    *body;
  SecretValue    *authorization;
  gatomicrefcount ref_count;
};

G_DEFINE_BOXED_TYPE (WfTokenRequest, wf_token_request, wf_token_request_ref, wf_token_request_unref)

static gboolean
check_client (const WfAccount *account,
              SecretValue     *client_secret,
              GError         **error)
{
  const char *text = client_secret ? secret_value_get_text (client_secret) : NULL;

  if (!wf_account_check_field (account, WF_ACCOUNT_FIELD_CLIENT_ID, error))
    return FALSE;
  if (wf_account_is_confidential (account) && (!text || !*text))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                           _("The client secret of this account is missing. Give it in the account’s settings."));
      return FALSE;
    }
  return TRUE;
}

/* RFC 6749 §2.3.1: both are form-encoded before they are joined by ":" */
static SecretValue *
make_basic (const WfAccount *account,
            SecretValue     *client_secret)
{
  g_autofree char *id = wf_form_encode_value (account->client_id);
  g_autoptr (WfWipedString) secret = wf_form_encode_value (secret_value_get_text (client_secret));
  g_autoptr (WfWipedString) pair = g_strconcat (id, ":", secret, NULL);
  g_autoptr (WfWipedString) base64 = g_base64_encode ((const guchar *) pair, strlen (pair));
  g_autoptr (WfWipedString) value = g_strconcat ("Basic ", base64, NULL);

  return wf_secret_new (value, -1);
}

static void
add_secret (WfForm      *form,
            const char  *name,
            SecretValue *value)
{
  wf_form_add (form, name, secret_value_get_text (value));
}

/* The client's own fields come last. */
static WfTokenRequest *
make_request (const char      *endpoint,
              WfForm          *form,
              const WfAccount *account,
              SecretValue     *client_secret)
{
  WfTokenRequest *request = g_new0 (WfTokenRequest, 1);
  g_autoptr (WfWipedString) body = NULL;

  if (account->auth_method == WF_AUTH_METHOD_BASIC)
    request->authorization = make_basic (account, client_secret);
  else
    wf_form_add (form, "client_id", account->client_id);
  if (account->auth_method == WF_AUTH_METHOD_POST)
    add_secret (form, "client_secret", client_secret);

  g_atomic_ref_count_init (&request->ref_count);
  body = wf_form_encode (form);
  request->endpoint = g_strdup (endpoint);
  request->body = wf_secret_new (body, -1);
  return request;
}

static gboolean
has_resource (const WfAccount *account,
              const char      *audience)
{
  return account->resources && g_strv_contains ((const char *const *) account->resources, audience);
}

static void
add_resources (WfForm          *form,
               const WfAccount *account)
{
  for (guint i = 0; account->resources && account->resources[i]; i++)
    wf_form_add (form, "resource", account->resources[i]);
}

WfTokenRequest *
wf_token_request_ref (WfTokenRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  g_atomic_ref_count_inc (&request->ref_count);
  return request;
}

void
wf_token_request_unref (WfTokenRequest *request)
{
  g_return_if_fail (request != NULL);

  if (!g_atomic_ref_count_dec (&request->ref_count))
    return;
  g_clear_pointer (&request->endpoint, g_free);
  wf_secret_set (&request->body, NULL);
  wf_secret_set (&request->authorization, NULL);
  g_free (request);
}

WfTokenRequest *
wf_token_request_new_code (const WfAccount              *account,
                           const WfProviderMetadata     *metadata,
                           SecretValue                  *client_secret,
                           const WfAuthorizationRequest *authorization,
                           SecretValue                  *code,
                           GError                      **error)
{
  g_autoptr (WfForm) form = wf_form_new ();

  g_return_val_if_fail (account != NULL && metadata != NULL && authorization != NULL && code != NULL, NULL);

  if (!check_client (account, client_secret, error) ||
      !wf_uri_check_endpoint (metadata->token_endpoint, "token_endpoint", error))
    return NULL;
  wf_form_add (form, "grant_type", "authorization_code");
  add_secret (form, "code", code);
  wf_form_add (form, "redirect_uri", wf_authorization_request_get_redirect_uri (authorization));
  add_secret (form, "code_verifier", wf_authorization_request_get_code_verifier (authorization));
  add_resources (form, account);
  return make_request (metadata->token_endpoint, form, account, client_secret);
}

WfTokenRequest *
wf_token_request_new_refresh (const WfAccount          *account,
                              const WfProviderMetadata *metadata,
                              SecretValue              *client_secret,
                              SecretValue              *refresh_token,
                              const char               *audience,
                              GError                  **error)
{
  g_autoptr (WfForm) form = wf_form_new ();

  g_return_val_if_fail (account != NULL && metadata != NULL && refresh_token != NULL, NULL);

  if (!check_client (account, client_secret, error) ||
      !wf_uri_check_endpoint (metadata->token_endpoint, "token_endpoint", error))
    return NULL;
  wf_form_add (form, "grant_type", "refresh_token");
  add_secret (form, "refresh_token", refresh_token);
  /* RFC 8707 §2.2: one of the resources that were asked for is asked again by that name */
  if (!audience || !*audience)
    add_resources (form, account);
  else
    wf_form_add (form, has_resource (account, audience) ? "resource" : "audience", audience);
  return make_request (metadata->token_endpoint, form, account, client_secret);
}

WfTokenRequest *
wf_token_request_new_revocation (const WfAccount          *account,
                                 const WfProviderMetadata *metadata,
                                 SecretValue              *client_secret,
                                 SecretValue              *token,
                                 const char               *hint,
                                 GError                  **error)
{
  g_autoptr (WfForm) form = wf_form_new ();

  g_return_val_if_fail (account != NULL && metadata != NULL && token != NULL, NULL);

  if (!metadata->revocation_endpoint)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_UNSUPPORTED,
                           _("The provider has no revocation endpoint, so its tokens stay valid until they expire."));
      return NULL;
    }
  if (!check_client (account, client_secret, error) ||
      !wf_uri_check_endpoint (metadata->revocation_endpoint, "revocation_endpoint", error))
    return NULL;
  add_secret (form, "token", token);
  wf_form_add (form, "token_type_hint", hint);
  return make_request (metadata->revocation_endpoint, form, account, client_secret);
}

const char *
wf_token_request_get_endpoint (const WfTokenRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->endpoint;
}

SecretValue *
wf_token_request_get_body (const WfTokenRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->body;
}

SecretValue *
wf_token_request_get_authorization (const WfTokenRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return request->authorization;
}
