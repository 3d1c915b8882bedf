/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-token-response.h"
#include "wf-uri.h"
#include "wf-waiters.h"

/* A document that must not be kept is not asked for again for each step of one sign-in either. */
#define MIN_LIFETIME 10
#define DEFAULT_LIFETIME 600
#define MAX_LIFETIME 86400
#define REFETCH_INTERVAL (60 * G_USEC_PER_SEC)

/* Twice the connections that go to one host: a refresh waits for the keyring too. */
#define MAX_REFRESHES 16

/* One document that is fetched once however many wait for it. */
typedef struct
{
  WfWaiters *waiters;
  gboolean   fetching;
  gint64     fresh_until; /* monotonic, microseconds */
  WfFlow    *record;      /* (nullable): of the latest fetch */
} Slot;

struct _WfProvider
{
  GObject             parent_instance;

  WfAccount          *account; /* where to ask, and through which network */
  WfHttpClient       *http;
  WfGate             *gate;
  gboolean            adopt_slash; /* a domain was typed: its issuer may end in "/" */

  WfProviderMetadata *metadata;
  Slot                metadata_slot;
  WfJwks             *keys;
  Slot                keys_slot;
  gint64              refetched_at; /* monotonic: the last fetch for an unknown key */
};

G_DEFINE_FINAL_TYPE (WfProvider, wf_provider, G_TYPE_OBJECT)

static gint64
lifetime_to_deadline (gint64 max_age)
{
  gint64 seconds = max_age < 0 ? DEFAULT_LIFETIME : CLAMP (max_age, MIN_LIFETIME, MAX_LIFETIME);

  return g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

/* --- what the flows of those who ask are told --- */

static WfFlow *
slot_begin_record (Slot *slot)
{
  g_clear_object (&slot->record);
  slot->record = wf_flow_new ("", g_get_real_time ());
  return slot->record;
}

/* It was known already: where it came from can be looked at all the same. */
static void
record_known (WfFlow     *flow,
              const Slot *slot,
              const char *title,
              const char *detail)
{
  guint steps = slot->record ? wf_flow_get_n_steps (slot->record) : 0;

  if (flow)
    wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_WARIFU, title, detail, FALSE, g_get_real_time (),
                 steps > 0 ? wf_flow_get_step (slot->record, steps - 1)->exchange : NULL);
}

/* --- waiting together --- */

/* Returns: whether the caller is the first and has to begin the fetch. */
static gboolean
slot_join (Slot  *slot,
           GTask *task)
{
  gboolean is_first = !slot->fetching;

  slot->fetching = TRUE;
  wf_waiters_add (slot->waiters, task);
  return is_first;
}

static void
slot_finish (Slot           *slot,
             gpointer        value,
             GBoxedCopyFunc  ref,
             GDestroyNotify  unref,
             const GError   *error)
{
  /* a waiter's callback may ask again: it then waits for another fetch */
  g_autoptr (GPtrArray) waiters = wf_waiters_take (slot->waiters, NULL, NULL);

  slot->fetching = FALSE;
  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);
      WfFlow *flow = g_task_get_task_data (task);

      /* a fetch that failed and does not matter makes no flow a failed one */
      if (flow)
        wf_flow_append (flow, slot->record, error == NULL);
      if (error)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_pointer (task, value ? ref (value) : NULL, unref);
    }
}

static void
finish_metadata (WfProvider   *self,
                 const GError *error)
{
  slot_finish (&self->metadata_slot, self->metadata, (GBoxedCopyFunc) wf_provider_metadata_ref,
               (GDestroyNotify) wf_provider_metadata_unref, error);
}

static void
finish_keys (WfProvider   *self,
             const GError *error)
{
  slot_finish (&self->keys_slot, self->keys, (GBoxedCopyFunc) wf_jwks_ref,
               (GDestroyNotify) wf_jwks_unref, error);
}

/* --- metadata --- */

/* A discovery document that cannot be had just now has not become wrong: the one at hand goes on for a while. */
static gboolean
keep_metadata (WfProvider   *self,
               const GError *error)
{
  if (!self->metadata || wf_error_get_class (error) != WF_ERROR_CLASS_TRY_LATER)
    return FALSE;
  self->metadata_slot.fresh_until = lifetime_to_deadline (MIN_LIFETIME);
  return TRUE;
}

static gboolean
check_document (const char     *what,
                WfHttpResponse *response,
                GError        **error)
{
  if (!wf_response_check (what, response->status, response->content_type, response->retry_after,
                          response->body, error))
    return FALSE;
  if (!wf_response_is_json (response->content_type))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_UNEXPECTED_CONTENT_TYPE,
                   _("The %s is not JSON. Check the issuer's address."), what);
      return FALSE;
    }
  return TRUE;
}

WfProviderMetadata *
wf_provider_read_metadata (const WfAccount *account,
                           gboolean         adopt_slash,
                           WfHttpResponse  *response,
                           GError         **error)
{
  gsize length;
  const char *json;

  if (!check_document (_("discovery document"), response, error))
    return NULL;
  json = g_bytes_get_data (response->body, &length);
  return wf_provider_metadata_parse (account->issuer, adopt_slash, account->client_certificate != NULL, json, length, error);
}

static void
on_metadata (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (WfProvider) self = user_data;
  g_autoptr (WfHttpResponse) response = NULL;
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (response)
    metadata = wf_provider_read_metadata (self->account, self->adopt_slash, response, &error);
  if (metadata)
    {
      g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
      self->metadata = g_steal_pointer (&metadata);
      self->metadata_slot.fresh_until = lifetime_to_deadline (response->max_age);
    }
  else if (keep_metadata (self, error))
    g_clear_error (&error);
  finish_metadata (self, error);
}

static void
fetch_metadata (WfProvider *self)
{
  g_autofree char *uri = wf_uri_get_discovery (self->account->issuer);
  WfHttpRequest request = {
    .what = _("discovery document"),
    .uri = uri,
    .accept = "application/json",
    .flow = slot_begin_record (&self->metadata_slot),
  };

  wf_http_client_send_async (self->http, &request, NULL, on_metadata, g_object_ref (self));
}

/* --- keys --- */

WfJwks *
wf_provider_read_keys (WfHttpResponse *response,
                       GError        **error)
{
  gsize length;
  const char *json;

  if (!wf_response_check (_("key set"), response->status, response->content_type,
                          response->retry_after, response->body, error))
    return NULL;
  /* Key sets are often served by plain file servers, so any type but a web page is read. */
  if (g_strcmp0 (response->content_type, "text/html") == 0)
    {
      g_set_error_literal (error, WF_ERROR, WF_ERROR_UNEXPECTED_CONTENT_TYPE,
                           _("The provider's key set is a web page, not JSON."));
      return NULL;
    }
  json = g_bytes_get_data (response->body, &length);
  return wf_jwks_parse (json, length, error);
}

static void
on_keys (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (WfProvider) self = user_data;
  g_autoptr (WfHttpResponse) response = NULL;
  g_autoptr (WfJwks) keys = NULL;
  g_autoptr (GError) error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (response)
    keys = wf_provider_read_keys (response, &error);
  if (keys)
    {
      g_clear_pointer (&self->keys, wf_jwks_unref);
      self->keys = g_steal_pointer (&keys);
      self->keys_slot.fresh_until = lifetime_to_deadline (response->max_age);
    }
  finish_keys (self, error);
}

static void
fetch_keys (WfProvider *self)
{
  WfHttpRequest request = {
    .what = _("key set"),
    .uri = self->metadata->jwks_uri,
    .accept = "application/jwk-set+json, application/json",
    .flow = slot_begin_record (&self->keys_slot),
  };

  wf_http_client_send_async (self->http, &request, NULL, on_keys, g_object_ref (self));
}

static gboolean
must_fetch_keys (WfProvider *self,
                 gboolean    unknown_key)
{
  gint64 now = g_get_monotonic_time ();

  if (!self->keys || now >= self->keys_slot.fresh_until)
    return TRUE;
  /* A flood of tokens with unknown keys must not become a flood of requests. */
  if (!unknown_key || (self->refetched_at && now - self->refetched_at < REFETCH_INTERVAL))
    return FALSE;
  self->refetched_at = now;
  return TRUE;
}

/* --- the object --- */

static void
wf_provider_finalize (GObject *object)
{
  WfProvider *self = WF_PROVIDER (object);

  g_clear_pointer (&self->account, wf_account_unref);
  g_clear_object (&self->http);
  wf_gate_unref (self->gate);
  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&self->keys, wf_jwks_unref);
  wf_waiters_free (self->metadata_slot.waiters);
  wf_waiters_free (self->keys_slot.waiters);
  g_clear_object (&self->metadata_slot.record);
  g_clear_object (&self->keys_slot.record);
  G_OBJECT_CLASS (wf_provider_parent_class)->finalize (object);
}

static void
wf_provider_class_init (WfProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_provider_finalize;
}

static void
wf_provider_init (WfProvider *self)
{
  self->gate = wf_gate_new (MAX_REFRESHES);
  self->metadata_slot.waiters = wf_waiters_new ();
  self->keys_slot.waiters = wf_waiters_new ();
}

/* --- public --- */

WfProvider *
wf_provider_new (const WfAccount *account,
                 GError         **error)
{
  g_autoptr (WfProvider) self = g_object_new (WF_TYPE_PROVIDER, NULL);

  self->account = wf_account_copy (account);
  self->http = wf_http_client_new (account, error);
  if (!self->http)
    return NULL;
  if (wf_account_has_manual_endpoints (account))
    {
      self->metadata = wf_provider_metadata_new_manual (account, error);
      if (!self->metadata)
        return NULL;
      self->metadata_slot.fresh_until = G_MAXINT64;
    }
  return g_steal_pointer (&self);
}

char *
wf_provider_make_key (const WfAccount *account)
{
  const char *parts[] = {
    account->issuer, account->authorization_endpoint, account->token_endpoint, account->jwks_uri,
    account->userinfo_endpoint, account->revocation_endpoint, account->end_session_endpoint,
    account->ca_file, account->proxy, account->client_certificate,
  };
  GString *key = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (key, "%s\n", parts[i] ? parts[i] : "");
  return g_string_free (key, FALSE);
}

WfHttpClient *
wf_provider_get_http_client (WfProvider *self)
{
  return self->http;
}

WfGate *
wf_provider_get_gate (WfProvider *self)
{
  return self->gate;
}

WfProviderMetadata *
wf_provider_peek_metadata (WfProvider *self)
{
  return self->metadata;
}

WfJwks *
wf_provider_peek_keys (WfProvider *self)
{
  return self->keys && g_get_monotonic_time () < self->keys_slot.fresh_until ? self->keys : NULL;
}

void
wf_provider_get_metadata_async (WfProvider         *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  wf_provider_get_metadata_for_async (self, NULL, cancellable, callback, user_data);
}

static GTask *
make_task (WfProvider         *self,
           WfFlow             *flow,
           GCancellable       *cancellable,
           GAsyncReadyCallback callback,
           gpointer            user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (flow)
    g_task_set_task_data (task, g_object_ref (flow), g_object_unref);
  return task;
}

void
wf_provider_get_metadata_for_async (WfProvider         *self,
                                    WfFlow             *flow,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr (GTask) task = make_task (self, flow, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_provider_get_metadata_for_async);
  if (self->metadata && g_get_monotonic_time () < self->metadata_slot.fresh_until)
    {
      record_known (flow, &self->metadata_slot, _("Endpoints known"),
                    self->metadata_slot.record ? _("from the discovery document that came earlier") : _("set by hand"));
      g_task_return_pointer (task, wf_provider_metadata_ref (self->metadata),
                             (GDestroyNotify) wf_provider_metadata_unref);
      return;
    }
  if (slot_join (&self->metadata_slot, g_steal_pointer (&task)))
    fetch_metadata (self);
}

WfProviderMetadata *
wf_provider_get_metadata_finish (WfProvider   *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
wf_provider_get_keys_async (WfProvider         *self,
                            gboolean            unknown_key,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  wf_provider_get_keys_for_async (self, NULL, unknown_key, cancellable, callback, user_data);
}

void
wf_provider_get_keys_for_async (WfProvider         *self,
                                WfFlow             *flow,
                                gboolean            unknown_key,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr (GTask) task = make_task (self, flow, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_provider_get_keys_for_async);
  if (!self->metadata || !self->metadata->jwks_uri)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  /* who waits for a fetch that is under way gets fresh keys in any case */
  if (!self->keys_slot.fetching && !must_fetch_keys (self, unknown_key))
    {
      record_known (flow, &self->keys_slot, _("Signing keys known"), _("from the key set that came earlier"));
      g_task_return_pointer (task, wf_jwks_ref (self->keys), (GDestroyNotify) wf_jwks_unref);
      return;
    }
  if (slot_join (&self->keys_slot, g_steal_pointer (&task)))
    fetch_keys (self);
}

WfJwks *
wf_provider_get_keys_finish (WfProvider   *self,
                             GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_discovered (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  WfProviderMetadata *metadata = wf_provider_get_metadata_finish (WF_PROVIDER (source), result, &error);

  if (metadata)
    g_task_return_pointer (task, metadata, (GDestroyNotify) wf_provider_metadata_unref);
  else
    g_task_return_error (task, error);
}

void
wf_provider_discover_async (const char         *input,
                            const WfAccount    *account,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (WfAccount) probe = account ? wf_account_copy (account) : wf_account_new ();
  g_autoptr (WfProvider) provider = NULL;
  g_autofree char *issuer = NULL;
  gboolean is_domain = FALSE;
  GError *error = NULL;

  g_task_set_source_tag (task, wf_provider_discover_async);
  issuer = wf_uri_issuer_from_input (input, &is_domain, &error);
  if (issuer)
    {
      wf_account_set (&probe->issuer, issuer);
      wf_account_set (&probe->authorization_endpoint, NULL);
      wf_account_set (&probe->token_endpoint, NULL);
      wf_account_set (&probe->jwks_uri, NULL);
      wf_account_set (&probe->userinfo_endpoint, NULL);
      wf_account_set (&probe->revocation_endpoint, NULL);
      wf_account_set (&probe->end_session_endpoint, NULL);
      provider = wf_provider_new (probe, &error);
    }
  if (!provider)
    {
      g_task_return_error (task, error);
      return;
    }
  provider->adopt_slash = is_domain;
  wf_provider_get_metadata_async (provider, cancellable, on_discovered, g_steal_pointer (&task));
}

WfProviderMetadata *
wf_provider_discover_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
