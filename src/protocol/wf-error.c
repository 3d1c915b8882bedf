/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OAUTH_NAME_MAX_BYTES 100
#define TEXT_MAX_CHARS 300
/* What is looked at of a text at all: 300 characters are never longer in UTF-8. */
#define TEXT_MAX_BYTES 8192
#define RETRY_AFTER_MAX 86400
/* A word this long with a digit in it is taken for a token that the server repeats. */
#define OPAQUE_WORD_MIN_CHARS 20
/* G_IO_ERROR_CANCELLED; this room does not see GIO. */
#define IO_ERROR_DOMAIN "g-io-error-quark"
#define IO_ERROR_CANCELLED 19

typedef struct
{
  char  *name; /* of an OAuth error, else NULL */
  guint  http_status;
  gint64 retry_after;
} WfErrorPrivate;

typedef struct
{
  const char  *name;
  WfErrorClass error_class;
  const char  *sentence;
} OauthName;

static void
wf_error_private_init (WfErrorPrivate *priv)
{
  priv->name = NULL;
  priv->http_status = 0;
  priv->retry_after = -1;
}

static void
wf_error_private_copy (const WfErrorPrivate *from,
                       WfErrorPrivate       *to)
{
  to->name = g_strdup (from->name);
  to->http_status = from->http_status;
  to->retry_after = from->retry_after;
}

static void
wf_error_private_clear (WfErrorPrivate *priv)
{
  g_clear_pointer (&priv->name, g_free);
}

/* The accessor that the macro makes returns NULL behind a g_return_val_if_fail(); no caller here
 * gives it a foreign error, but the compiler cannot see that. */
#pragma GCC diagnostic ignored "-Wnull-dereference"

G_DEFINE_EXTENDED_ERROR (WfError, wf_error)

/* In the order of WfError; WF_ERROR_OAUTH has its own. */
static const char *const error_names[] = {
  "usage", "no_such_account", "invalid_account", "state_mismatch", "issuer_mismatch",
  "discovery_mismatch", "pkce_unsupported", "insecure_endpoint", "tls_error",
  "redirect_refused", "response_too_large", "timeout", "offline", "server_error",
  "rate_limited", "malformed_response", "unexpected_content_type",
  "unsupported_token_type", "id_token_invalid", "nonce_mismatch", "signature_invalid",
  "userinfo_mismatch", "keyring_locked", "keyring_unavailable", "keyring_failed",
  "needs_sign_in", "cancelled", "storage_failed", "unsupported",
};
G_STATIC_ASSERT (G_N_ELEMENTS (error_names) == WF_ERROR_OAUTH);

/* RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core 1.0 §3.1.2.6, and names that providers use. */
static const OauthName oauth_names[] = {
  { "invalid_grant", WF_ERROR_CLASS_SIGN_IN, N_("The provider does not accept this sign-in any longer. Sign in again.") },
  { "login_required", WF_ERROR_CLASS_SIGN_IN, N_("The provider asks you to sign in again.") },
  { "interaction_required", WF_ERROR_CLASS_SIGN_IN, N_("The provider has a question for you. Sign in again.") },
  { "consent_required", WF_ERROR_CLASS_SIGN_IN, N_("The provider asks for your consent. Sign in again.") },
  { "account_selection_required", WF_ERROR_CLASS_SIGN_IN, N_("The provider asks which user to go on with. Sign in again.") },
  { "mfa_required", WF_ERROR_CLASS_SIGN_IN, N_("The provider asks for a second factor. Sign in again.") },
  { "session_expired", WF_ERROR_CLASS_SIGN_IN, N_("Your session at the provider has ended. Sign in again.") },
  { "server_error", WF_ERROR_CLASS_TRY_LATER, N_("The provider cannot answer right now. Try again later.") },
  { "temporarily_unavailable", WF_ERROR_CLASS_TRY_LATER, N_("The provider cannot answer right now. Try again later.") },
  { "slow_down", WF_ERROR_CLASS_TRY_LATER, N_("The provider asks for fewer requests. Try again later.") },
  { "too_many_attempts", WF_ERROR_CLASS_TRY_LATER, N_("There were too many attempts. Try again later.") },
  { "access_denied", WF_ERROR_CLASS_FAILED, N_("Access was denied at the provider.") },
  { "invalid_client", WF_ERROR_CLASS_FAILED, N_("The provider does not accept the client ID, the client secret or the way they are sent. Check them in the account.") },
  { "unauthorized_client", WF_ERROR_CLASS_FAILED, N_("The provider does not allow this client to sign in like this. Check the grant types of the application there.") },
  { "invalid_scope", WF_ERROR_CLASS_FAILED, N_("The provider does not know one of the scopes. Change the scopes of the account.") },
  { "invalid_target", WF_ERROR_CLASS_FAILED, N_("The provider does not know the resource or audience. Change it in the account.") },
  { "invalid_request", WF_ERROR_CLASS_FAILED, N_("The provider does not accept the request. Check the redirect URI and the other settings of the account.") },
  { "unsupported_grant_type", WF_ERROR_CLASS_FAILED, N_("The provider does not support this grant type.") },
  { "unsupported_response_type", WF_ERROR_CLASS_FAILED, N_("The provider does not support the authorization code flow.") },
};

static const OauthName *
find_oauth_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (oauth_names); i++)
    if (g_str_equal (oauth_names[i].name, name))
      return &oauth_names[i];
  return NULL;
}

/* error = 1*( %x20-21 / %x23-5B / %x5D-7E ), RFC 6749 §5.2, without what would end the name in "NAME: sentence" or hide
 * where it begins. */
static gboolean
is_oauth_name (const char *name)
{
  gsize length = name ? strlen (name) : 0;

  if (length == 0 || length > OAUTH_NAME_MAX_BYTES)
    return FALSE;
  if (name[0] == ' ' || name[length - 1] == ' ' || strstr (name, ": "))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (name[i] < 0x20 || name[i] > 0x7e || name[i] == '"' || name[i] == '\\')
      return FALSE;
  return TRUE;
}

/* Marks and overrides that turn the order of the text around it, and what cannot be seen. */
static gboolean
is_dropped (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x061c || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static gboolean
is_line_break (gunichar c)
{
  return c == '\n' || c == '\r' || c == '\t' || c == 0x0b || c == 0x0c || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static gsize
opaque_word_length (const char *text,
                    gboolean   *has_digit)
{
  gsize length = 0;

  *has_digit = FALSE;
  for (; g_ascii_isalnum (text[length]) || (text[length] && strchr ("-._~+/=%", text[length])); length++)
    *has_digit |= g_ascii_isdigit (text[length]);
  return length;
}

/* Some servers repeat the token that they refuse: nothing that could be one is kept. */
static char *
drop_opaque_words (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text)
    {
      gboolean has_digit;
      gsize length = opaque_word_length (text, &has_digit);

      if (length >= OPAQUE_WORD_MIN_CHARS && has_digit)
        g_string_append (out, "…");
      else
        g_string_append_len (out, text, MAX (length, 1));
      text += MAX (length, 1);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
make_oauth_message (const char *name,
                    const char *description)
{
  const OauthName *known = find_oauth_name (name);
  g_autofree char *safe = drop_opaque_words (description ? description : "");
  g_autofree char *cleaned = wf_error_clean_text (safe);
  g_autofree char *sentence = NULL;

  if (known)
    sentence = g_strdup (_(known->sentence));
  else
    /* Translators: %s is the name of an error, such as "bad_verification_code" */
    sentence = g_strdup_printf (_("The provider refused with “%s”."), name);
  g_strstrip (cleaned);
  if (*cleaned == '\0')
    return g_steal_pointer (&sentence);
  /* Translators: a sentence of ours, then the words of the server */
  return g_strdup_printf (_("%s It says: “%s”"), sentence, cleaned);
}

GError *
wf_error_new_oauth (const char *name,
                    const char *description,
                    guint       http_status)
{
  g_autofree char *message = NULL;
  GError *error;
  WfErrorPrivate *priv;

  if (!is_oauth_name (name))
    return wf_error_new_http (WF_ERROR_MALFORMED_RESPONSE, http_status, -1, "%s",
                              _("The provider refused, but the name of its error cannot be read."));
  message = make_oauth_message (name, description);
  error = g_error_new_literal (WF_ERROR, WF_ERROR_OAUTH, message);
  priv = wf_error_get_private (error);
  priv->name = g_strdup (name);
  priv->http_status = http_status;
  return error;
}

GError *
wf_error_new_http (WfError     code,
                   guint       http_status,
                   gint64      retry_after,
                   const char *format,
                   ...)
{
  GError *error;
  WfErrorPrivate *priv;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (WF_ERROR, (int) code, format, args);
  va_end (args);
  priv = wf_error_get_private (error);
  priv->http_status = http_status;
  priv->retry_after = retry_after;
  return error;
}

const char *
wf_error_get_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, "failed");

  if (error->domain == g_quark_try_string (IO_ERROR_DOMAIN) && error->code == IO_ERROR_CANCELLED)
    return "cancelled";
  if (error->domain != WF_ERROR)
    return "failed";
  if (error->code == WF_ERROR_OAUTH && wf_error_get_private (error)->name)
    return wf_error_get_private (error)->name;
  if (error->code < 0 || error->code >= (int) G_N_ELEMENTS (error_names))
    return "failed";
  return error_names[error->code];
}

WfErrorClass
wf_error_get_class (const GError *error)
{
  g_return_val_if_fail (error != NULL, WF_ERROR_CLASS_FAILED);

  if (error->domain != WF_ERROR)
    return WF_ERROR_CLASS_FAILED;
  switch ((WfError) error->code)
    {
    case WF_ERROR_USAGE:
      return WF_ERROR_CLASS_USAGE;
    case WF_ERROR_NEEDS_SIGN_IN:
      return WF_ERROR_CLASS_SIGN_IN;
    case WF_ERROR_TIMEOUT:
    case WF_ERROR_OFFLINE:
    case WF_ERROR_SERVER_ERROR:
    case WF_ERROR_RATE_LIMITED:
      return WF_ERROR_CLASS_TRY_LATER;
    case WF_ERROR_KEYRING_LOCKED:
    case WF_ERROR_KEYRING_UNAVAILABLE:
    case WF_ERROR_KEYRING_FAILED:
      return WF_ERROR_CLASS_KEYRING;
    case WF_ERROR_OAUTH:
      {
        const OauthName *known = find_oauth_name (wf_error_get_name (error));

        return known ? known->error_class : WF_ERROR_CLASS_FAILED;
      }
    default:
      return WF_ERROR_CLASS_FAILED;
    }
}

gboolean
wf_error_is_oauth (const GError *error,
                   const char   *name)
{
  return error && g_error_matches (error, WF_ERROR, WF_ERROR_OAUTH) &&
         g_strcmp0 (wf_error_get_private (error)->name, name) == 0;
}

guint
wf_error_get_http_status (const GError *error)
{
  if (!error || error->domain != WF_ERROR)
    return 0;
  return wf_error_get_private (error)->http_status;
}

gint64
wf_error_get_retry_after (const GError *error)
{
  gint64 seconds;

  if (!error || error->domain != WF_ERROR)
    return -1;
  seconds = wf_error_get_private (error)->retry_after;
  return seconds < 0 ? -1 : MIN (seconds, RETRY_AFTER_MAX);
}

char *
wf_error_clean_text (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *valid = NULL;
  guint n_chars = 0;

  if (!text)
    return g_strdup ("");
  valid = g_utf8_make_valid (text, (gssize) strnlen (text, TEXT_MAX_BYTES));
  for (const char *p = valid; *p && n_chars < TEXT_MAX_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_line_break (c))
        g_string_append_c (out, ' ');
      else if (!is_dropped (c))
        g_string_append_unichar (out, c);
      else
        continue;
      n_chars++;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
