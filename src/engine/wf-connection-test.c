/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-test.h"

#include <glib/gi18n-lib.h>

#include "wf-connection-words.h"
#include "wf-error.h"
#include "wf-id-token.h"
#include "wf-provider.h"
#include "wf-time.h"
#include "wf-token-response.h"
#include "wf-uri.h"

struct _WfConnectionTest
{
  GObject             parent_instance;

  WfAccount          *account;
  gboolean            adopt_slash;
  guint               deadline_ms;
  GPtrArray          *steps;       /* (element-type WfConnectionStep) */

  WfHttpClient       *http;        /* nullable: the settings cannot be used */
  WfProviderMetadata *metadata;    /* nullable */
  char               *first_uri;   /* what is asked for first */
  char               *proxy;       /* nullable: its host */
  gboolean            is_socks;    /* it goes on to the provider for http as well */
  WfHttpProbe        *probe;       /* nullable: of the request that is under way */
  WfConnectionKind    document;    /* what it asks for */
  char               *host;        /* whom */
  gboolean            on_the_way;  /* the request is the first: the steps from the name to TLS are its */
  GError             *error;       /* nullable: of the first step that failed */
  gint64              skew;        /* WF_TIME_UNKNOWN: no answer had a Date */
};

static void wf_connection_test_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfConnectionTest, wf_connection_test, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wf_connection_test_list_model_init))

static void ask (GTask           *task,
                 WfConnectionKind document,
                 const char      *uri);
static void go_on (GTask *task);

/* --- the steps --- */

static WfConnectionStep *
find_step (WfConnectionTest *self,
           WfConnectionKind  kind)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (wf_connection_step_get_kind (g_ptr_array_index (self->steps, i)) == kind)
      return g_ptr_array_index (self->steps, i);
  return NULL;
}

static gboolean
is_running (WfConnectionStep *step)
{
  return step && wf_connection_step_get_outcome (step) == WF_CONNECTION_RUNNING;
}

static void
add_step (WfConnectionTest *self,
          WfConnectionKind  kind)
{
  g_ptr_array_add (self->steps, wf_connection_step_new (kind));
  g_list_model_items_changed (G_LIST_MODEL (self), self->steps->len - 1, 0, 1);
}

static void
begin_step (WfConnectionTest *self,
            WfConnectionKind  kind)
{
  WfConnectionStep *step = find_step (self, kind);

  if (step && wf_connection_step_get_outcome (step) == WF_CONNECTION_WAITING)
    wf_connection_step_begin (step);
}

/* @detail: (transfer full) */
static void
end_step (WfConnectionTest   *self,
          WfConnectionKind    kind,
          WfConnectionOutcome outcome,
          char               *detail)
{
  WfConnectionStep *step = find_step (self, kind);

  if (step)
    wf_connection_step_end (step, outcome, detail);
  else
    g_free (detail);
}

static void
fail_step (WfConnectionTest *self,
           WfConnectionKind  kind,
           const GError     *error)
{
  WfConnectionStep *step = find_step (self, kind);

  if (!self->error)
    self->error = g_error_copy (error);
  if (step)
    wf_connection_step_fail (step, error);
}

/* What has not come to its end by now does not come to it any more. */
static void
skip_rest (WfConnectionTest *self,
           const char       *why)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      WfConnectionStep *step = g_ptr_array_index (self->steps, i);

      if (wf_connection_step_get_outcome (step) <= WF_CONNECTION_RUNNING)
        wf_connection_step_end (step, WF_CONNECTION_SKIPPED, g_strdup (why));
    }
}

static gboolean
is_https (const char *uri)
{
  return g_ascii_strncasecmp (uri, "https:", 6) == 0;
}

static void
add_steps (WfConnectionTest *self)
{
  gboolean encrypted = self->first_uri && is_https (self->first_uri);

  add_step (self, WF_CONNECTION_NAME);
  add_step (self, WF_CONNECTION_CONNECT);
  if (self->proxy && (encrypted || self->is_socks))
    add_step (self, WF_CONNECTION_PROXY);
  if (encrypted)
    add_step (self, WF_CONNECTION_TLS);
  if (!wf_account_has_manual_endpoints (self->account))
    add_step (self, WF_CONNECTION_DISCOVERY);
  add_step (self, WF_CONNECTION_KEYS);
  add_step (self, WF_CONNECTION_TOKEN);
  add_step (self, WF_CONNECTION_CLOCK);
}

/* --- the end --- */

static void
finish (GTask *task)
{
  WfConnectionTest *self = g_task_get_source_object (task);

  if (self->skew != WF_TIME_UNKNOWN)
    end_step (self, WF_CONNECTION_CLOCK, ABS (self->skew) > WF_DEFAULT_SKEW ? WF_CONNECTION_WARNING : WF_CONNECTION_PASSED,
              wf_connection_describe_skew (self->skew));
  else if (!self->error)
    end_step (self, WF_CONNECTION_CLOCK, WF_CONNECTION_SKIPPED, g_strdup (_("The provider does not say what time it is.")));
  skip_rest (self, _("A step before it failed."));
  if (self->error)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
finish_cancelled (GTask *task)
{
  skip_rest (g_task_get_source_object (task), _("The test was stopped."));
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, _("This was cancelled."));
}

/* --- the way --- */

static WfConnectionWay
get_way (WfConnectionTest *self)
{
  WfConnectionWay way = {
    .host = self->host,
    .proxy = self->proxy,
    .probe = self->probe,
    .has_certificate = self->account->client_certificate != NULL,
  };

  return way;
}

static void
pass_way_step (WfConnectionTest *self,
               WfConnectionKind  kind)
{
  WfConnectionWay way = get_way (self);
  WfConnectionStep *step = find_step (self, kind);
  const char *name = self->proxy ? self->proxy : self->host;

  if (!is_running (step))
    return;
  if (kind == WF_CONNECTION_TLS)
    wf_connection_step_set_tls (step, wf_http_probe_get_tls (self->probe));
  if (kind == WF_CONNECTION_NAME && g_hostname_is_ip_address (name))
    /* Translators: %s is an IP address */
    wf_connection_step_end (step, WF_CONNECTION_SKIPPED, g_strdup_printf (_("%s is an address already."), name));
  else
    wf_connection_step_end (step, WF_CONNECTION_PASSED, wf_connection_describe (&way, kind));
}

/* In the order of the phases; the answer's step is another one each time. */
static WfConnectionKind
get_kind_of_phase (WfConnectionTest *self,
                   WfHttpPhase       phase)
{
  switch (phase)
    {
    case WF_HTTP_PHASE_QUEUED:
    case WF_HTTP_PHASE_NAME:
      return WF_CONNECTION_NAME;
    case WF_HTTP_PHASE_CONNECT:
      return WF_CONNECTION_CONNECT;
    case WF_HTTP_PHASE_PROXY:
      return WF_CONNECTION_PROXY;
    case WF_HTTP_PHASE_TLS:
      return WF_CONNECTION_TLS;
    case WF_HTTP_PHASE_ANSWER:
    default:
      return self->document;
    }
}

/* @kind: the step that is reached; those before it have passed. */
static void
pass_until (WfConnectionTest *self,
            WfConnectionKind  kind)
{
  for (WfConnectionKind k = WF_CONNECTION_NAME; k < MIN (kind, WF_CONNECTION_DISCOVERY); k++)
    pass_way_step (self, k);
}

static void
on_phase (WfHttpProbe      *probe,
          WfConnectionTest *self)
{
  WfConnectionKind kind = get_kind_of_phase (self, wf_http_probe_get_phase (probe));

  if (!self->on_the_way)
    return;
  /* Whether the server is content with our certificate shows in its answer only, RFC 8446 §4.4.2.4. */
  if (kind >= WF_CONNECTION_DISCOVERY && wf_http_probe_get_asked (probe))
    return;
  pass_until (self, kind);
  begin_step (self, kind);
}

static WfConnectionKind
get_failed_kind (WfConnectionTest *self)
{
  WfConnectionKind kind = get_kind_of_phase (self, wf_http_probe_get_phase (self->probe));

  if (!self->on_the_way)
    return self->document;
  if (is_running (find_step (self, WF_CONNECTION_TLS)) && wf_connection_ended_in_tls (self->probe))
    return WF_CONNECTION_TLS;
  return find_step (self, kind) ? kind : self->document;
}

static void
fail_way (WfConnectionTest *self,
          const GError     *error)
{
  WfConnectionWay way = get_way (self);
  WfConnectionKind kind = get_failed_kind (self);
  WfConnectionStep *tls = find_step (self, WF_CONNECTION_TLS);
  g_autoptr (GError) explained = wf_connection_explain (&way, error);

  if (self->on_the_way)
    pass_until (self, kind);
  if (self->on_the_way && tls)
    wf_connection_step_set_tls (tls, wf_http_probe_get_tls (self->probe));
  begin_step (self, kind);
  fail_step (self, kind, explained);
}

/* --- what is asked for --- */

static const char *
get_document_name (WfConnectionKind document)
{
  if (document == WF_CONNECTION_DISCOVERY)
    return _("discovery document");
  return document == WF_CONNECTION_KEYS ? _("key set") : _("token endpoint");
}

static void
read_discovery (WfConnectionTest *self,
                WfHttpResponse   *response)
{
  g_autoptr (GError) error = NULL;
  guint n;

  self->metadata = wf_provider_read_metadata (self->account, self->adopt_slash, response, &error);
  if (!self->metadata)
    {
      fail_step (self, WF_CONNECTION_DISCOVERY, error);
      return;
    }
  n = wf_provider_metadata_count_endpoints (self->metadata);
  end_step (self, WF_CONNECTION_DISCOVERY, WF_CONNECTION_PASSED,
            g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The provider names %u endpoint.", "The provider names %u endpoints.", n), n));
}

static void
read_keys (WfConnectionTest *self,
           WfHttpResponse   *response)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwks) keys = wf_provider_read_keys (response, &error);
  guint n = keys ? wf_jwks_get_n_keys (keys) : 0;

  if (keys && n == 0)
    g_set_error_literal (&error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                         _("The provider's key set has no key that can be used, so no ID token can be verified. Tell the provider."));
  if (error)
    fail_step (self, WF_CONNECTION_KEYS, error);
  else
    end_step (self, WF_CONNECTION_KEYS, WF_CONNECTION_PASSED,
              g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "There is %u usable key.", "There are %u usable keys.", n), n));
}

/* To a GET many answer 405, 404 or 400, which is as good as any; what a gateway or a portal says is not. */
static void
read_token_endpoint (WfConnectionTest *self,
                     WfHttpResponse   *response)
{
  gboolean elsewhere = response->status >= 300 && response->status < 400;
  gboolean nobody = response->status >= 502 && response->status <= 504;
  g_autoptr (GError) error = NULL;

  if (elsewhere || nobody)
    wf_response_check (get_document_name (WF_CONNECTION_TOKEN), response->status, response->content_type,
                       response->retry_after, response->body, &error);
  if (error)
    fail_step (self, WF_CONNECTION_TOKEN, error);
  else
    end_step (self, WF_CONNECTION_TOKEN, WF_CONNECTION_PASSED,
              /* Translators: %u is an HTTP status such as 405 */
              g_strdup_printf (_("It answers (HTTP %u). Nothing secret was sent to it."), response->status));
}

static void
read_answer (WfConnectionTest *self,
             WfHttpResponse   *response)
{
  if (self->on_the_way)
    pass_until (self, self->document);
  begin_step (self, self->document);
  /* An answer from a cache has an old Date: the newest is nearest to the truth. */
  if (response->date != WF_TIME_UNKNOWN)
    self->skew = self->skew == WF_TIME_UNKNOWN ? response->clock_skew : MAX (self->skew, response->clock_skew);
  if (self->document == WF_CONNECTION_DISCOVERY)
    read_discovery (self, response);
  else if (self->document == WF_CONNECTION_KEYS)
    read_keys (self, response);
  else
    read_token_endpoint (self, response);
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfConnectionTest *self = g_task_get_source_object (task);
  g_autoptr (WfHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      finish_cancelled (task);
      return;
    }
  if (response)
    read_answer (self, response);
  else
    fail_way (self, error);
  /* Without a way to the provider, or without its metadata, there is nothing to go on with. */
  if (!self->metadata || (self->on_the_way && !response))
    {
      finish (task);
      return;
    }
  self->on_the_way = FALSE;
  go_on (g_steal_pointer (&task));
}

/* Takes @task. */
static void
ask (GTask           *task,
     WfConnectionKind document,
     const char      *uri)
{
  WfConnectionTest *self = g_task_get_source_object (task);
  WfHttpRequest request = {
    .what = get_document_name (document),
    .uri = uri,
    .accept = "application/json",
  };

  g_clear_object (&self->probe);
  self->probe = wf_http_probe_new ();
  g_signal_connect_object (self->probe, "phase", G_CALLBACK (on_phase), self, 0);
  request.probe = self->probe;
  self->document = document;
  g_free (self->host);
  self->host = wf_uri_get_display_host (uri);
  if (!self->host)
    self->host = g_strdup ("?");
  if (!self->on_the_way)
    begin_step (self, document);
  wf_http_client_send_async (self->http, &request, g_task_get_cancellable (task), on_answer, task);
}

/* Takes @task: goes on with the next document that was not asked for. */
static void
go_on (GTask *task)
{
  WfConnectionTest *self = g_task_get_source_object (task);
  WfConnectionStep *keys = find_step (self, WF_CONNECTION_KEYS);
  WfConnectionStep *token = find_step (self, WF_CONNECTION_TOKEN);

  if (!self->metadata)
    {
      ask (task, WF_CONNECTION_DISCOVERY, self->first_uri);
      return;
    }
  if (!self->metadata->jwks_uri && wf_connection_step_get_outcome (keys) == WF_CONNECTION_WAITING)
    wf_connection_step_end (keys, WF_CONNECTION_SKIPPED,
                            g_strdup (_("The provider names no key set, so signatures cannot be checked.")));
  if (wf_connection_step_get_outcome (keys) == WF_CONNECTION_WAITING)
    ask (task, WF_CONNECTION_KEYS, self->metadata->jwks_uri);
  else if (wf_connection_step_get_outcome (token) == WF_CONNECTION_WAITING)
    ask (task, WF_CONNECTION_TOKEN, self->metadata->token_endpoint);
  else
    {
      finish (task);
      g_object_unref (task);
    }
}

/* --- the beginning --- */

static gboolean
check_settings (WfConnectionTest *self,
                GError          **error)
{
  const WfAccountField fields[] = {
    WF_ACCOUNT_FIELD_ISSUER, WF_ACCOUNT_FIELD_ENDPOINTS, WF_ACCOUNT_FIELD_CA_FILE, WF_ACCOUNT_FIELD_PROXY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!wf_account_check_field (self->account, fields[i], error))
      return FALSE;
  if (wf_account_has_manual_endpoints (self->account))
    self->metadata = wf_provider_metadata_new_manual (self->account, error);
  if (wf_account_has_manual_endpoints (self->account) && !self->metadata)
    return FALSE;
  self->http = wf_http_client_new (self->account, error);
  if (!self->http)
    return FALSE;
  wf_http_client_set_deadline (self->http, self->deadline_ms);
  return TRUE;
}

static char *
make_first_uri (WfConnectionTest *self)
{
  if (self->metadata)
    return g_strdup (self->metadata->jwks_uri ? self->metadata->jwks_uri : self->metadata->token_endpoint);
  return self->account->issuer ? wf_uri_get_discovery (self->account->issuer) : NULL;
}

static char *
describe_settings (WfConnectionTest *self)
{
  if (self->proxy && !self->account->proxy)
    return g_strdup_printf (_("The account's settings can be used. The system's proxy %s is used."), self->proxy);
  if (wf_account_has_manual_endpoints (self->account))
    return g_strdup (_("The account's settings can be used. The endpoints were entered by hand."));
  return g_strdup (_("The account's settings can be used."));
}

static void
begin_way (GTask *task)
{
  WfConnectionTest *self = g_task_get_source_object (task);

  end_step (self, WF_CONNECTION_SETTINGS, WF_CONNECTION_PASSED, describe_settings (self));
  add_steps (self);
  self->on_the_way = TRUE;
  begin_step (self, WF_CONNECTION_NAME);
  go_on (task);
}

/* @uri: (nullable): "http://proxy.example.org:8080"; "direct://" is none */
static void
set_proxy (WfConnectionTest *self,
           const char       *uri)
{
  g_autoptr (GUri) parsed = uri ? g_uri_parse (uri, G_URI_FLAGS_NON_DNS, NULL) : NULL;

  if (parsed && g_strcmp0 (g_uri_get_scheme (parsed), "direct") != 0)
    {
      self->proxy = g_strdup (g_uri_get_host (parsed));
      self->is_socks = g_str_has_prefix (g_uri_get_scheme (parsed), "socks");
    }
}

static void
on_proxies (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WfConnectionTest *self = g_task_get_source_object (task);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      finish_cancelled (task);
      return;
    }
  set_proxy (self, proxies ? proxies[0] : NULL);
  begin_way (g_steal_pointer (&task));
}

/* --- the object --- */

static GType
wf_connection_test_get_item_type (GListModel *model)
{
  return WF_TYPE_CONNECTION_STEP;
}

static guint
wf_connection_test_get_n_items (GListModel *model)
{
  return WF_CONNECTION_TEST (model)->steps->len;
}

static gpointer
wf_connection_test_get_item (GListModel *model,
                             guint       position)
{
  WfConnectionTest *self = WF_CONNECTION_TEST (model);

  return position < self->steps->len ? g_object_ref (g_ptr_array_index (self->steps, position)) : NULL;
}

static void
wf_connection_test_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = wf_connection_test_get_item_type;
  interface->get_n_items = wf_connection_test_get_n_items;
  interface->get_item = wf_connection_test_get_item;
}

static void
wf_connection_test_finalize (GObject *object)
{
  WfConnectionTest *self = WF_CONNECTION_TEST (object);

  wf_account_unref (self->account);
  g_ptr_array_unref (self->steps);
  g_clear_object (&self->http);
  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  g_clear_object (&self->probe);
  g_free (self->first_uri);
  g_free (self->proxy);
  g_free (self->host);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (wf_connection_test_parent_class)->finalize (object);
}

static void
wf_connection_test_class_init (WfConnectionTestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_connection_test_finalize;
}

static void
wf_connection_test_init (WfConnectionTest *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
  self->deadline_ms = WF_HTTP_DEADLINE_SECONDS * 1000;
  self->skew = WF_TIME_UNKNOWN;
}

/* --- public --- */

WfConnectionTest *
wf_connection_test_new (const WfAccount *account,
                        gboolean         adopt_slash)
{
  WfConnectionTest *self;

  g_return_val_if_fail (account != NULL, NULL);

  self = g_object_new (WF_TYPE_CONNECTION_TEST, NULL);
  self->account = wf_account_copy (account);
  self->adopt_slash = adopt_slash;
  add_step (self, WF_CONNECTION_SETTINGS);
  return self;
}

void
wf_connection_test_set_deadline (WfConnectionTest *self,
                                 guint             milliseconds)
{
  self->deadline_ms = milliseconds;
}

void
wf_connection_test_run_async (WfConnectionTest   *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (self->http == NULL && !self->error);

  g_task_set_source_tag (task, wf_connection_test_run_async);
  g_task_set_check_cancellable (task, FALSE);
  begin_step (self, WF_CONNECTION_SETTINGS);
  if (!check_settings (self, &error))
    {
      fail_step (self, WF_CONNECTION_SETTINGS, error);
      add_steps (self);
      finish (task);
      return;
    }
  self->first_uri = make_first_uri (self);
  if (self->account->proxy)
    {
      set_proxy (self, self->account->proxy);
      begin_way (g_steal_pointer (&task));
      return;
    }
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), self->first_uri, cancellable, on_proxies,
                                 g_steal_pointer (&task));
}

gboolean
wf_connection_test_run_finish (WfConnectionTest *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
