/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-client.h"

#include "wf-demo-answer.h"
#include "wf-secret.h"

static const char *const default_redirect_uris[] = {
  "io.github.warifu:/callback",
  "http://127.0.0.1/callback",
  "http://[::1]/callback",
  "https://app.example.org/callback",
  NULL,
};

typedef struct
{
  char *id;
  char *secret;
} Credentials;

static void
credentials_clear (Credentials *credentials)
{
  g_clear_pointer (&credentials->id, g_free);
  g_clear_pointer (&credentials->secret, wf_secret_wipe_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Credentials, credentials_clear)

/* Both halves are form-encoded before base64 (RFC 6749 §2.3.1). */
static char *
decode_half (const char *encoded)
{
  g_autofree char *field = g_strconcat ("v=", encoded, NULL);
  g_autoptr (WfForm) form = wf_form_decode (field, 1, NULL);

  return form ? g_strdup (wf_form_lookup (form, "v")) : NULL;
}

static gboolean
read_basic (const char  *header,
            Credentials *credentials)
{
  g_autoptr (WfWipedString) text = NULL;
  g_autofree guchar *decoded = NULL;
  gsize length = 0;
  char *colon;

  if (g_ascii_strncasecmp (header, "Basic ", 6) != 0)
    return FALSE;
  decoded = g_base64_decode (header + 6, &length);
  text = g_strndup ((const char *) decoded, length);
  memset (decoded, 0, length);
  colon = strchr (text, ':');
  if (!colon)
    return FALSE;
  *colon = '\0';
  credentials->id = decode_half (text);
  credentials->secret = decode_half (colon + 1);
  return credentials->id && credentials->secret;
}

/* @uri without its port, where it is http on a loopback address. */
static char *
drop_loopback_port (const char *uri)
{
  static const char *const prefixes[] = { "http://127.0.0.1", "http://[::1]", NULL };

  for (guint i = 0; prefixes[i]; i++)
    {
      gsize length = strlen (prefixes[i]);
      const char *port = uri + length;

      if (!g_str_has_prefix (uri, prefixes[i]) || *port != ':')
        continue;
      port++;
      if (!g_ascii_isdigit (*port))
        return NULL;
      return g_strconcat (prefixes[i], port + strspn (port, "0123456789"), NULL);
    }
  return NULL;
}

static void
refuse (SoupServerMessage *message,
        const char        *description)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);

  /* RFC 6749 §5.2: a challenge is due where the client tried the Authorization header. */
  if (soup_message_headers_get_one (request, "Authorization"))
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "WWW-Authenticate",
                                  "Basic realm=\"warifu-demo\", charset=\"UTF-8\"");
  wf_demo_answer_error (message, SOUP_STATUS_UNAUTHORIZED, "invalid_client", description);
}

const char *const *
wf_demo_client_get_default_redirect_uris (void)
{
  return default_redirect_uris;
}

gboolean
wf_demo_client_is_known (const WfDemoContext *context,
                         const char          *client_id)
{
  return g_strcmp0 (client_id, context->options.client_id) == 0 ||
         g_strcmp0 (client_id, context->options.confidential_client_id) == 0;
}

gboolean
wf_demo_client_has_redirect_uri (const WfDemoContext *context,
                                 const char          *redirect_uri)
{
  g_autofree char *portless = NULL;

  if (!redirect_uri)
    return FALSE;
  if (g_strv_contains (context->options.redirect_uris, redirect_uri))
    return TRUE;
  portless = drop_loopback_port (redirect_uri);
  return portless && g_strv_contains (context->options.redirect_uris, portless);
}

const char *
wf_demo_client_authenticate (const WfDemoContext *context,
                             SoupServerMessage   *message,
                             const WfForm        *form)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  const char *id = wf_form_lookup (form, "client_id");
  const char *secret = wf_form_lookup (form, "client_secret");
  const WfDemoOptions *options = &context->options;
  g_auto (Credentials) basic = { 0 };

  if (header && !read_basic (header, &basic))
    {
      refuse (message, "The Authorization header is malformed.");
      return NULL;
    }
  if (header && (secret || (id && g_strcmp0 (id, basic.id) != 0)))
    {
      /* RFC 6749 §2.3 */
      wf_demo_answer_error (message, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                            "The client authenticates by more than one method.");
      return NULL;
    }
  if (header)
    {
      id = basic.id;
      secret = basic.secret;
    }
  if (g_strcmp0 (id, options->client_id) == 0 && !secret)
    return options->client_id;
  if (g_strcmp0 (id, options->confidential_client_id) == 0 && secret &&
      wf_secret_text_equal (secret, options->client_secret))
    return options->confidential_client_id;
  refuse (message, "Unknown client, or its authentication failed.");
  return NULL;
}
