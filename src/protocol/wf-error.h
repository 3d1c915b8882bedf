/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WF_ERROR:
 *
 * The one error domain of Warifu. Every code has a stable name for scripts
 * (wf_error_get_name()); the message is one translated sentence for a person
 * that says what happened and what to do, and never holds a secret.
 *
 * Errors in this domain are extended (G_DEFINE_EXTENDED_ERROR): they survive
 * g_error_copy() with their OAuth name, HTTP status and Retry-After.
 */
#define WF_ERROR (wf_error_quark ())
GQuark wf_error_quark (void);

typedef enum
{
  WF_ERROR_USAGE,                   /* usage */
  WF_ERROR_NO_SUCH_ACCOUNT,         /* no_such_account */
  WF_ERROR_INVALID_ACCOUNT,         /* invalid_account: a configuration file that cannot be used */
  WF_ERROR_STATE_MISMATCH,          /* state_mismatch, RFC 6749 §10.12 */
  WF_ERROR_ISSUER_MISMATCH,         /* issuer_mismatch, RFC 9207 §2.4 */
  WF_ERROR_DISCOVERY_MISMATCH,      /* discovery_mismatch, OpenID Connect Discovery 1.0 §4.3 */
  WF_ERROR_PKCE_UNSUPPORTED,        /* pkce_unsupported, RFC 7636 §7.2 */
  WF_ERROR_INSECURE_ENDPOINT,       /* insecure_endpoint */
  WF_ERROR_TLS_ERROR,               /* tls_error */
  WF_ERROR_REDIRECT_REFUSED,        /* redirect_refused */
  WF_ERROR_RESPONSE_TOO_LARGE,      /* response_too_large */
  WF_ERROR_TIMEOUT,                 /* timeout */
  WF_ERROR_OFFLINE,                 /* offline */
  WF_ERROR_SERVER_ERROR,            /* server_error */
  WF_ERROR_RATE_LIMITED,            /* rate_limited */
  WF_ERROR_MALFORMED_RESPONSE,      /* malformed_response */
  WF_ERROR_UNEXPECTED_CONTENT_TYPE, /* unexpected_content_type */
  WF_ERROR_UNSUPPORTED_TOKEN_TYPE,  /* unsupported_token_type, RFC 6749 §7.1 */
  WF_ERROR_ID_TOKEN_INVALID,        /* id_token_invalid, OpenID Connect Core 1.0 §3.1.3.7 */
  WF_ERROR_NONCE_MISMATCH,          /* nonce_mismatch */
  WF_ERROR_SIGNATURE_INVALID,       /* signature_invalid */
  WF_ERROR_USERINFO_MISMATCH,       /* userinfo_mismatch, OpenID Connect Core 1.0 §5.3.2 */
  WF_ERROR_KEYRING_LOCKED,          /* keyring_locked */
  WF_ERROR_KEYRING_UNAVAILABLE,     /* keyring_unavailable */
  WF_ERROR_KEYRING_FAILED,          /* keyring_failed */
  WF_ERROR_NEEDS_SIGN_IN,           /* needs_sign_in */
  WF_ERROR_CANCELLED,               /* cancelled */
  WF_ERROR_STORAGE_FAILED,          /* storage_failed: a file of ours could not be read or written */
  WF_ERROR_UNSUPPORTED,             /* unsupported: the provider has no such endpoint */
  WF_ERROR_OAUTH,                   /* the server's own name, RFC 6749 §4.1.2.1 and §5.2 */
} WfError;

/**
 * WfErrorClass:
 *
 * What a caller can do about an error; the values are the exit statuses of
 * warifuctl.
 */
typedef enum
{
  WF_ERROR_CLASS_FAILED = 1,    /* refused or failed */
  WF_ERROR_CLASS_USAGE = 2,     /* the call itself is wrong */
  WF_ERROR_CLASS_SIGN_IN = 3,   /* the person must sign in again */
  WF_ERROR_CLASS_TRY_LATER = 4, /* offline, 5xx, 429, timeout */
  WF_ERROR_CLASS_KEYRING = 5,   /* keyring locked, absent or failing */
} WfErrorClass;

/**
 * wf_error_new_oauth:
 * @name: the server's "error" value; it must consist of RFC 6749 §5.2 characters
 *   and be at most 100 bytes long, else the error is WF_ERROR_MALFORMED_RESPONSE
 * @description: (nullable): the server's "error_description", cleaned here with
 *   wf_error_clean_text()
 * @http_status: the status that carried it, or 0 for a redirect
 *
 * Makes an error that keeps the name that the server gave.
 * wf_error_get_name() answers @name.
 */
GError *wf_error_new_oauth (const char *name,
                            const char *description,
                            guint       http_status);

/* Makes a WF_ERROR of @code whose HTTP status and Retry-After (seconds, -1 unknown) are kept. */
GError *wf_error_new_http (WfError     code,
                           guint       http_status,
                           gint64      retry_after,
                           const char *format,
                           ...) G_GNUC_PRINTF (4, 5);

/**
 * wf_error_get_name:
 *
 * Returns: (transfer none): the stable name; "cancelled" for G_IO_ERROR_CANCELLED,
 *   "failed" for an error of a foreign domain that nobody translated.
 */
const char *wf_error_get_name (const GError *error);

/* Returns: the class of @error; WF_ERROR_CLASS_FAILED where nothing better is known.
 * Of OAuth errors, invalid_grant, login_required, interaction_required, consent_required,
 * account_selection_required, mfa_required and session_expired are SIGN_IN;
 * temporarily_unavailable, slow_down and too_many_attempts are TRY_LATER. */
WfErrorClass wf_error_get_class (const GError *error);

/* Returns: whether @error is the OAuth error @name. */
gboolean wf_error_is_oauth (const GError *error,
                            const char   *name);

/* Returns: the HTTP status, 0 where there is none. */
guint wf_error_get_http_status (const GError *error);

/* Returns: seconds to wait that the server asked for, bounded to 0..86400; -1 where it said nothing. */
gint64 wf_error_get_retry_after (const GError *error);

/**
 * wf_error_clean_text:
 *
 * Makes text from a server fit to be shown: invalid UTF-8 replaced, control
 * and bidirectional-override characters dropped, newlines to spaces, cut to 300
 * characters at a character's boundary.
 *
 * Returns: (transfer full): never %NULL; "" for %NULL
 */
char *wf_error_clean_text (const char *text);

G_END_DECLS
