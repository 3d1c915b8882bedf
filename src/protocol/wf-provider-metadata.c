/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider-metadata.h"

#include "wf-error.h"
#include "wf-json.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LIST_MAX_ITEMS 1000

G_DEFINE_BOXED_TYPE (WfProviderMetadata, wf_provider_metadata, wf_provider_metadata_ref, wf_provider_metadata_unref)

typedef struct
{
  const char *member;
  gsize       offset;
  gboolean    required;
  gboolean    has_alias; /* RFC 8705 §5: endpoints that the client itself calls */
} Endpoint;

static const Endpoint endpoints[] = {
  { "authorization_endpoint", G_STRUCT_OFFSET (WfProviderMetadata, authorization_endpoint), TRUE, FALSE },
  { "token_endpoint", G_STRUCT_OFFSET (WfProviderMetadata, token_endpoint), TRUE, TRUE },
  { "jwks_uri", G_STRUCT_OFFSET (WfProviderMetadata, jwks_uri), FALSE, FALSE },
  { "userinfo_endpoint", G_STRUCT_OFFSET (WfProviderMetadata, userinfo_endpoint), FALSE, TRUE },
  { "revocation_endpoint", G_STRUCT_OFFSET (WfProviderMetadata, revocation_endpoint), FALSE, TRUE },
  { "end_session_endpoint", G_STRUCT_OFFSET (WfProviderMetadata, end_session_endpoint), FALSE, FALSE },
};

typedef struct
{
  const char *member;
  gsize       offset;
} List;

static const List lists[] = {
  { "scopes_supported", G_STRUCT_OFFSET (WfProviderMetadata, scopes_supported) },
  { "grant_types_supported", G_STRUCT_OFFSET (WfProviderMetadata, grant_types_supported) },
  { "code_challenge_methods_supported", G_STRUCT_OFFSET (WfProviderMetadata, code_challenge_methods_supported) },
  { "token_endpoint_auth_methods_supported", G_STRUCT_OFFSET (WfProviderMetadata, token_endpoint_auth_methods_supported) },
  { "id_token_signing_alg_values_supported", G_STRUCT_OFFSET (WfProviderMetadata, id_token_signing_alg_values_supported) },
};

static WfProviderMetadata *
metadata_new (void)
{
  WfProviderMetadata *metadata = g_new0 (WfProviderMetadata, 1);

  g_atomic_ref_count_init (&metadata->ref_count);
  return metadata;
}

static gboolean
uri_is_loopback (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri && g_uri_get_host (uri) && wf_uri_host_is_loopback (g_uri_get_host (uri));
}

/* A provider out there has no business in naming a port of this machine in clear: a code sent there
 * would reach whoever listens. */
static gboolean
check_endpoint (const WfProviderMetadata *metadata,
                const char               *uri,
                const char               *what,
                GError                  **error)
{
  if (!wf_uri_check_endpoint (uri, what, error))
    return FALSE;
  if (metadata->discovered && g_ascii_strncasecmp (uri, "http:", 5) == 0 && !uri_is_loopback (metadata->issuer))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT,
                   _("The provider names an address on this machine as its %s. Ask its administrator."), what);
      return FALSE;
    }
  return TRUE;
}

/* Whether both are the same place and differ only by "/" as the whole path. */
static gboolean
differs_by_slash (const char *a,
                  const char *b)
{
  gsize length_a = strlen (a);
  gsize length_b = strlen (b);
  const char *longer = length_a > length_b ? a : b;
  gsize length = MIN (length_a, length_b);
  const char *host;

  if (MAX (length_a, length_b) != length + 1 || longer[length] != '/' || strncmp (a, b, length) != 0)
    return FALSE;
  host = strstr (longer, "://");
  return host && strchr (host + 3, '/') == longer + length;
}

static gboolean
read_issuer (WfProviderMetadata *metadata,
             const char         *issuer,
             gboolean            any_slash,
             GError            **error)
{
  const char *value;

  if (!wf_json_get_string (metadata->document, "issuer", WF_URI_MAX_BYTES, &value, error))
    return FALSE;
  if (!value)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                           _("The provider’s discovery document names no issuer. Check the issuer of the account."));
      return FALSE;
    }
  /* OpenID Connect Discovery 1.0 §4.3, RFC 8414 §3.3: identical, not just alike */
  if (!g_str_equal (value, issuer) && !(any_slash && differs_by_slash (value, issuer)))
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_DISCOVERY_MISMATCH,
                           _("The discovery document is that of another issuer. Check the issuer of the account, to the last “/”."));
      return FALSE;
    }
  if (!wf_uri_check_issuer (value, error))
    return FALSE;
  metadata->issuer = g_strdup (value);
  return TRUE;
}

static gboolean
read_endpoint (WfProviderMetadata *metadata,
               const Endpoint     *endpoint,
               JsonObject         *aliases,
               GError            **error)
{
  const char *value;
  const char *alias = NULL;

  if (!wf_json_get_string (metadata->document, endpoint->member, WF_URI_MAX_BYTES, &value, error))
    return FALSE;
  if (aliases && endpoint->has_alias &&
      !wf_json_get_string (aliases, endpoint->member, WF_URI_MAX_BYTES, &alias, error))
    return FALSE;
  if (!value && !alias && endpoint->required)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                   _("The provider’s discovery document has no %s. Type the endpoints in by hand."), endpoint->member);
      return FALSE;
    }
  if (value && !check_endpoint (metadata, value, endpoint->member, error))
    return FALSE;
  if (alias && !check_endpoint (metadata, alias, endpoint->member, error))
    return FALSE;
  G_STRUCT_MEMBER (char *, metadata, endpoint->offset) = g_strdup (alias ? alias : value);
  return TRUE;
}

static gboolean
read_endpoints (WfProviderMetadata *metadata,
                gboolean            use_mtls_aliases,
                GError            **error)
{
  JsonObject *aliases = NULL;

  if (use_mtls_aliases && !wf_json_get_object (metadata->document, "mtls_endpoint_aliases", &aliases, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    if (!read_endpoint (metadata, &endpoints[i], aliases, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_lists (WfProviderMetadata *metadata,
            GError            **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!wf_json_get_strv (metadata->document, lists[i].member, FALSE, LIST_MAX_ITEMS,
                           &G_STRUCT_MEMBER (char **, metadata, lists[i].offset), error))
      return FALSE;
  return TRUE;
}

static gboolean
list_has (char      **list,
          const char *item)
{
  return list && g_strv_contains ((const char *const *) list, item);
}

/* RFC 7636 §7.2, RFC 9700 §4.8: there is no going down to "plain" */
static gboolean
check_pkce (const WfProviderMetadata *metadata,
            GError                  **error)
{
  if (!metadata->code_challenge_methods_supported ||
      list_has (metadata->code_challenge_methods_supported, "S256"))
    return TRUE;
  g_set_error_literal (error, WF_ERROR, WF_ERROR_PKCE_UNSUPPORTED,
                       _("The provider does not offer PKCE with S256, and Warifu does not sign in without it."));
  return FALSE;
}

WfProviderMetadata *
wf_provider_metadata_ref (WfProviderMetadata *metadata)
{
  g_return_val_if_fail (metadata != NULL, NULL);

  g_atomic_ref_count_inc (&metadata->ref_count);
  return metadata;
}

void
wf_provider_metadata_unref (WfProviderMetadata *metadata)
{
  g_return_if_fail (metadata != NULL);

  if (!g_atomic_ref_count_dec (&metadata->ref_count))
    return;
  g_clear_pointer (&metadata->issuer, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    g_clear_pointer (&G_STRUCT_MEMBER (char *, metadata, endpoints[i].offset), g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_clear_pointer (&G_STRUCT_MEMBER (char **, metadata, lists[i].offset), g_strfreev);
  g_clear_pointer (&metadata->document, json_object_unref);
  g_free (metadata);
}

WfProviderMetadata *
wf_provider_metadata_parse (const char  *issuer,
                            gboolean     any_slash,
                            gboolean     use_mtls_aliases,
                            const char  *json,
                            gsize        length,
                            GError     **error)
{
  g_autoptr (WfProviderMetadata) metadata = metadata_new ();

  g_return_val_if_fail (issuer != NULL, NULL);

  metadata->discovered = TRUE;
  metadata->document = wf_json_parse_object (json, length, WF_JSON_MAX_BYTES, error);
  if (!metadata->document)
    return NULL;
  if (!read_issuer (metadata, issuer, any_slash, error) ||
      !read_endpoints (metadata, use_mtls_aliases, error) ||
      !read_lists (metadata, error) ||
      !wf_json_get_boolean (metadata->document, "authorization_response_iss_parameter_supported", FALSE,
                            &metadata->iss_parameter_supported, error) ||
      !check_pkce (metadata, error))
    return NULL;
  return g_steal_pointer (&metadata);
}

WfProviderMetadata *
wf_provider_metadata_new_manual (const WfAccount *account,
                                 GError         **error)
{
  g_autoptr (WfProviderMetadata) metadata = metadata_new ();

  g_return_val_if_fail (account != NULL, NULL);

  if (!wf_account_check_field (account, WF_ACCOUNT_FIELD_ISSUER, error) ||
      !wf_account_check_field (account, WF_ACCOUNT_FIELD_ENDPOINTS, error))
    return NULL;
  if (!account->authorization_endpoint)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                           _("Give the authorization endpoint and the token endpoint of the account."));
      return NULL;
    }
  metadata->issuer = g_strdup (account->issuer);
  metadata->authorization_endpoint = g_strdup (account->authorization_endpoint);
  metadata->token_endpoint = g_strdup (account->token_endpoint);
  metadata->jwks_uri = g_strdup (account->jwks_uri);
  metadata->userinfo_endpoint = g_strdup (account->userinfo_endpoint);
  metadata->revocation_endpoint = g_strdup (account->revocation_endpoint);
  metadata->end_session_endpoint = g_strdup (account->end_session_endpoint);
  return g_steal_pointer (&metadata);
}

guint
wf_provider_metadata_count_endpoints (const WfProviderMetadata *metadata)
{
  guint n = 0;

  g_return_val_if_fail (metadata != NULL, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    n += G_STRUCT_MEMBER (char *, metadata, endpoints[i].offset) != NULL;
  return n;
}

gboolean
wf_provider_metadata_supports_scope (const WfProviderMetadata *metadata,
                                     const char               *scope)
{
  g_return_val_if_fail (metadata != NULL && scope != NULL, FALSE);

  return !metadata->scopes_supported || list_has (metadata->scopes_supported, scope);
}

gboolean
wf_provider_metadata_supports_grant (const WfProviderMetadata *metadata,
                                     const char               *grant_type)
{
  g_return_val_if_fail (metadata != NULL && grant_type != NULL, FALSE);

  return !metadata->grant_types_supported || list_has (metadata->grant_types_supported, grant_type);
}

gboolean
wf_provider_metadata_supports_auth_method (const WfProviderMetadata *metadata,
                                           WfAuthMethod              method)
{
  g_return_val_if_fail (metadata != NULL, FALSE);

  if (metadata->token_endpoint_auth_methods_supported)
    return list_has (metadata->token_endpoint_auth_methods_supported, wf_auth_method_to_string (method));
  return !metadata->discovered || method == WF_AUTH_METHOD_BASIC;
}
