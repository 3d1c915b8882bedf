/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-authorization-request.h"

#include "wf-error.h"
#include "wf-form.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define QUERY_MAX_FIELDS 64

static gboolean
refuse (GError    **error,
        WfError     code,
        const char *message)
{
  g_set_error_literal (error, WF_ERROR, (int) code, message);
  return FALSE;
}

static WfForm *
decode_query (const char *uri,
              GError    **error)
{
  gsize end = strcspn (uri, "#");
  gsize start = strcspn (uri, "?#");
  g_autoptr (WfWipedString) query = NULL;

  if (start == end)
    return wf_form_new ();
  query = g_strndup (uri + start + 1, end - start - 1);
  return wf_form_decode (query, QUERY_MAX_FIELDS, error);
}

/* RFC 6749 §3.1 */
static gboolean
check_once (const WfForm *form,
            GError      **error)
{
  static const char *const names[] = { "code", "iss", "error", "error_description" };

  if (wf_form_count (form, "state") > 1)
    return refuse (error, WF_ERROR_STATE_MISMATCH,
                   _("The answer carries two states, so it may not belong to this sign-in. Start the sign-in again."));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (wf_form_count (form, names[i]) > 1)
      return refuse (error, WF_ERROR_MALFORMED_RESPONSE,
                     _("The answer of the provider says the same thing twice. Start the sign-in again."));
  return TRUE;
}

/* RFC 6749 §10.12, RFC 9700 §4.7 */
static gboolean
check_state (const WfAuthorizationRequest *request,
             const WfForm                 *form,
             GError                      **error)
{
  const char *state = wf_form_lookup (form, "state");

  if (state && wf_secret_text_equal (state, wf_authorization_request_get_state (request)))
    return TRUE;
  return refuse (error, WF_ERROR_STATE_MISMATCH,
                 _("The answer does not belong to this sign-in. Start the sign-in again."));
}

/* RFC 9207 §2.4 */
static gboolean
check_issuer (const WfAuthorizationRequest *request,
              const WfForm                 *form,
              GError                      **error)
{
  const char *iss = wf_form_lookup (form, "iss");

  if (!iss && wf_authorization_request_expects_iss (request))
    return refuse (error, WF_ERROR_ISSUER_MISMATCH,
                   _("The answer does not say which provider it is from, although the provider promises that. Start the sign-in again."));
  if (iss && g_strcmp0 (iss, wf_authorization_request_get_issuer (request)) != 0)
    return refuse (error, WF_ERROR_ISSUER_MISMATCH,
                   _("The answer is from another provider than the one that you wanted to sign in at. Start the sign-in again."));
  return TRUE;
}

/* code = 1*VSCHAR, RFC 6749 appendix A.11 */
static gboolean
is_code (const char *code)
{
  if (!code || !*code)
    return FALSE;
  for (; *code; code++)
    if (*code < 0x20 || *code > 0x7e)
      return FALSE;
  return TRUE;
}

SecretValue *
wf_authorization_response_parse (const WfAuthorizationRequest *request,
                                 const char                   *uri,
                                 GError                      **error)
{
  g_autoptr (WfForm) form = NULL;
  const char *code;

  g_return_val_if_fail (request != NULL && uri != NULL, NULL);

  if (strnlen (uri, WF_REDIRECT_MAX_BYTES + 1) > WF_REDIRECT_MAX_BYTES ||
      !wf_uri_matches_redirect (wf_authorization_request_get_redirect_uri (request), uri))
    {
      refuse (error, WF_ERROR_MALFORMED_RESPONSE,
              _("The answer did not come to the redirect URI of this sign-in. Start the sign-in again."));
      return NULL;
    }
  form = decode_query (uri, error);
  if (!form || !check_once (form, error) || !check_state (request, form, error) ||
      !check_issuer (request, form, error))
    return NULL;
  if (wf_form_count (form, "error") > 0)
    {
      g_propagate_error (error, wf_error_new_oauth (wf_form_lookup (form, "error"),
                                                    wf_form_lookup (form, "error_description"), 0));
      return NULL;
    }
  code = wf_form_lookup (form, "code");
  if (!is_code (code))
    {
      refuse (error, WF_ERROR_MALFORMED_RESPONSE,
              _("The answer of the provider carries no usable authorization code. Start the sign-in again."));
      return NULL;
    }
  return wf_secret_new (code, -1);
}
