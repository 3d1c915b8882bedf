/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-errors.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-uri.h"

char *
wf_signin_error_get_host (const char *uri)
{
  g_autofree char *host = uri ? wf_uri_get_display_host (uri) : NULL;

  return host ? g_steal_pointer (&host) : g_strdup (_("This server"));
}

GError *
wf_signin_error_new_posted (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_REDIRECT_REFUSED,
                              _("The provider sent its answer as a form, which Warifu does not accept. Use the "
                                "browser, or set the provider's response mode to “query”."));
}

GError *
wf_signin_error_new_cleartext (const char *uri)
{
  g_autofree char *host = wf_signin_error_get_host (uri);

  return g_error_new (WF_ERROR, WF_ERROR_INSECURE_ENDPOINT,
                      /* Translators: %s is a host name. */
                      _("The sign-in page wanted to go on to %s without encryption, so Warifu stopped."), host);
}

GError *
wf_signin_error_new_scheme (const char *uri)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  g_autofree char *clean = wf_error_clean_text (scheme);

  return g_error_new (WF_ERROR, WF_ERROR_REDIRECT_REFUSED,
                      /* Translators: %s is the scheme of an address, such as "com.example.app". */
                      _("The provider sent you to an address that is not this account's redirect URI (%s:), so Warifu "
                        "stopped. Compare the redirect URI here with the one in your provider's settings."),
                      *clean ? clean : "?");
}

GError *
wf_signin_error_new_mixed (const char *uri)
{
  g_autofree char *host = wf_signin_error_get_host (uri);

  return g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR,
                      _("Parts of the page of %s are not encrypted, so Warifu stopped."), host);
}

GError *
wf_signin_error_new_timeout (const char *uri)
{
  g_autofree char *host = wf_signin_error_get_host (uri);

  return g_error_new (WF_ERROR, WF_ERROR_TIMEOUT,
                      _("%s does not answer. Try again in a while, or use the browser."), host);
}

GError *
wf_signin_error_new_hang (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_TIMEOUT,
                              _("The sign-in page does not react any more. Try again, or use the browser."));
}

GError *
wf_signin_error_new_crash (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_SERVER_ERROR,
                              _("The sign-in page stopped working. Try again, or use the browser."));
}

GError *
wf_signin_error_new_empty (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                              _("The provider sent no sign-in page. Check the authorization endpoint."));
}

GError *
wf_signin_error_new_file (const char *uri)
{
  g_autofree char *host = wf_signin_error_get_host (uri);

  return g_error_new (WF_ERROR, WF_ERROR_UNEXPECTED_CONTENT_TYPE,
                      _("%s sent a file instead of a sign-in page. Check the authorization endpoint."), host);
}

GError *
wf_signin_error_new_load (const char   *uri,
                          const GError *error)
{
  g_autofree char *host = wf_signin_error_get_host (uri);

  if (error->domain == G_TLS_ERROR)
    return g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR, _("A secure connection to %s could not be made."), host);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return wf_signin_error_new_timeout (uri);
  if (error->domain == WEBKIT_POLICY_ERROR)
    return g_error_new (WF_ERROR, WF_ERROR_REDIRECT_REFUSED,
                        _("The page of %s was not opened because its address is not allowed here."), host);
  return g_error_new (WF_ERROR, WF_ERROR_OFFLINE,
                      _("%s could not be reached. Check your connection and the account's issuer."), host);
}
