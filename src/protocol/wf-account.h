/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WF_ACCOUNT_NAME_MAX_CHARS 200
#define WF_ACCOUNT_FILE_MAX_BYTES (64 * 1024)
#define WF_REFRESH_SECONDS_MIN 30
#define WF_REFRESH_SECONDS_MAX 31536000
#define WF_ACCOUNT_DEFAULT_SCOPE "openid profile email offline_access"
#define WF_REDIRECT_URI_BROWSER "http://127.0.0.1/callback"
#define WF_REDIRECT_URI_WINDOW "io.github.warifu:/callback"

typedef enum
{
  WF_AUTH_METHOD_NONE,  /* public client: client_id in the body */
  WF_AUTH_METHOD_BASIC, /* client_secret_basic, RFC 6749 §2.3.1 */
  WF_AUTH_METHOD_POST,  /* client_secret_post */
} WfAuthMethod;

typedef enum
{
  WF_REFRESH_ON_DEMAND,     /* only when a token is asked for */
  WF_REFRESH_BEFORE_EXPIRY, /* by itself, before the access token expires */
  WF_REFRESH_EVERY,         /* by itself, every refresh_seconds */
} WfRefreshPolicy;

typedef enum
{
  WF_ACCOUNT_FIELD_NONE,
  WF_ACCOUNT_FIELD_NAME,
  WF_ACCOUNT_FIELD_ISSUER,
  WF_ACCOUNT_FIELD_CLIENT_ID,
  WF_ACCOUNT_FIELD_SCOPE,
  WF_ACCOUNT_FIELD_AUDIENCE,
  WF_ACCOUNT_FIELD_RESOURCE,
  WF_ACCOUNT_FIELD_REDIRECT_URI,
  WF_ACCOUNT_FIELD_PARAMS,
  WF_ACCOUNT_FIELD_ENDPOINTS,
  WF_ACCOUNT_FIELD_REFRESH,
  WF_ACCOUNT_FIELD_CA_FILE,
  WF_ACCOUNT_FIELD_PROXY,
} WfAccountField;

#define WF_TYPE_ACCOUNT (wf_account_get_type ())

/**
 * WfAccount:
 *
 * What a person configures and signs in to. No secret is in it. A
 * reference-counted value: fill the fields of one that you made with
 * wf_account_new() or wf_account_copy(); once it is shared it is read-only, and
 * an edit is a new value with the same @id.
 *
 * Strings are owned by the account; set them with g_set_str-like
 * wf_account_set(). NULL means not set.
 */
typedef struct _WfAccount WfAccount;
struct _WfAccount
{
  char           *id; /* UUID */
  char           *name;
  char           *issuer;
  char           *client_id;
  WfAuthMethod    auth_method;
  char           *scope;
  char           *audience;
  char          **resources;    /* RFC 8707; NULL or strv */
  char           *redirect_uri; /* NULL: the defaults above */
  char          **params;       /* extra authorize parameters, "NAME=VALUE"; NULL or strv */

  /* Endpoints typed in by hand; where authorization_endpoint is set there is no discovery. */
  char           *authorization_endpoint;
  char           *token_endpoint;
  char           *jwks_uri;
  char           *userinfo_endpoint;
  char           *revocation_endpoint;
  char           *end_session_endpoint;

  WfRefreshPolicy refresh_policy;
  guint           refresh_seconds;         /* with WF_REFRESH_EVERY: 30 … 31,536,000 */
  gboolean        refresh_before_sensitive; /* refresh before reveal, copy and export */
  gboolean        reuse_leeway;             /* the provider accepts the previous refresh token for a while */
  gboolean        keep_cookies;             /* the sign-in view keeps its cookies on disk */
  char           *ca_file;                  /* PEM, in addition to the system's authorities */
  char           *proxy;                    /* URI; NULL: the system's */
  char           *client_certificate;       /* PEM file with certificate and key, RFC 8705 */

  gboolean        read_only; /* provided by the administrator */
  gatomicrefcount ref_count;
};

GType wf_account_get_type (void);

/* Returns: (transfer full): defaults and a fresh random id */
WfAccount *wf_account_new (void);
/* Returns: (transfer full): a deep, writable copy with the same id */
WfAccount *wf_account_copy (const WfAccount *account);
WfAccount *wf_account_ref (WfAccount *account);
void wf_account_unref (WfAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfAccount, wf_account_unref)

/* Frees *@field and stores a copy of @value, NULL for NULL and for "". */
void wf_account_set (char      **field,
                     const char *value);

/* Returns: whether every field, the id too, is the same. */
gboolean wf_account_equal (const WfAccount *a,
                           const WfAccount *b);

/**
 * wf_account_check:
 * @field: (out) (optional): the first field that is wrong
 *
 * Returns: %FALSE with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT, and a sentence to
 *   be shown at the field
 */
gboolean wf_account_check (const WfAccount *account,
                           WfAccountField  *field,
                           GError         **error);

/* The same for one field, for validation while typing. */
gboolean wf_account_check_field (const WfAccount *account,
                                 WfAccountField   field,
                                 GError         **error);

/**
 * wf_account_parse:
 * @id: the UUID, from the file's name
 * @data: a key file of at most 64 KiB
 *
 * Unknown groups and keys are ignored; a value of the wrong kind is an error that
 * names its key.
 *
 * Returns: (transfer full): %NULL with WF_ERROR_INVALID_ACCOUNT
 */
WfAccount *wf_account_parse (const char  *id,
                             const char  *data,
                             gsize        length,
                             GError     **error);
/* Returns: (transfer full): the key file's text, ending in a newline */
char *wf_account_serialize (const WfAccount *account);

/* "on-demand", "before-expiry", "every:SECONDS"; FALSE with WF_ERROR_USAGE */
gboolean wf_account_parse_refresh_policy (WfAccount   *account,
                                          const char  *text,
                                          GError     **error);
char *wf_account_format_refresh_policy (const WfAccount *account);

const char *wf_auth_method_to_string (WfAuthMethod method);
gboolean wf_auth_method_from_string (const char   *text,
                                     WfAuthMethod *method,
                                     GError      **error);

/* Returns: whether the endpoints were typed in by hand. */
gboolean wf_account_has_manual_endpoints (const WfAccount *account);
/* Returns: whether the client authenticates with a secret. */
gboolean wf_account_is_confidential (const WfAccount *account);

G_END_DECLS
