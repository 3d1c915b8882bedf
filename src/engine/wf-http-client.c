/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-http-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "wf-error.h"
#include "wf-time.h"
#include "wf-uri.h"

#define CHUNK_BYTES 16384
#define MAX_CONNECTIONS 32
#define MAX_CONNECTIONS_PER_HOST 8
#define IDLE_SECONDS 15
#define MAX_RETRY_AFTER 86400

struct _WfHttpClient
{
  GObject          parent_instance;

  SoupSession     *session; /* made for the first request: most runs of warifuctl need none */
  char            *proxy;   /* nullable */
  GTlsDatabase    *extra_authorities; /* nullable */
  GTlsCertificate *client_certificate; /* nullable */
  guint            deadline_ms;
};

G_DEFINE_FINAL_TYPE (WfHttpClient, wf_http_client, G_TYPE_OBJECT)

/* One exchange under way: the data of its GTask. */
typedef struct
{
  WfHttpClient *client;      /* not owned: the task's source */
  SoupMessage  *message;
  WfHttpProbe  *probe;
  char         *what;
  SecretValue  *form;        /* nullable: for the record */
  WfFlow       *flow;
  GInputStream *stream;
  GByteArray   *body;
  GCancellable *inner;       /* triggered by the caller's, by the deadline, and by the bound */
  GSource      *deadline;
  gint64        started_at;  /* microseconds, wall clock */
  gint64        started_mono;
  gboolean      is_post;
  gboolean      is_api;      /* of the record */
  gboolean      sent;
  gboolean      got_headers;
  gboolean      too_large;
  gboolean      too_late;
  gboolean      cut_off;   /* fewer bytes came than were promised */
  gboolean      old_tls;   /* nothing was sent over it */
  gboolean      no_tunnel; /* the answer is the proxy's */
} Exchange;

static void
exchange_free (Exchange *exchange)
{
  if (exchange->deadline)
    {
      g_source_destroy (exchange->deadline);
      g_source_unref (exchange->deadline);
    }
  if (exchange->message)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  if (exchange->probe)
    g_signal_handlers_disconnect_by_data (exchange->probe, exchange);
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->probe);
  g_clear_object (&exchange->flow);
  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->inner);
  if (exchange->body)
    {
      /* the answer of a token endpoint is a secret */
      explicit_bzero (exchange->body->data, exchange->body->len);
      g_byte_array_unref (exchange->body);
    }
  g_clear_pointer (&exchange->form, secret_value_unref);
  g_free (exchange->what);
  g_free (exchange);
}

static void
free_wiped_bytes (gpointer data)
{
  GByteArray *array = data;

  explicit_bzero (array->data, array->len);
  g_byte_array_unref (array);
}

/* The array's memory as bytes that are wiped when they are freed. */
static GBytes *
steal_body (Exchange *exchange)
{
  GByteArray *array = g_steal_pointer (&exchange->body);

  return g_bytes_new_with_free_func (array->data, array->len, free_wiped_bytes, array);
}

/* --- what the headers say --- */

static gint64
parse_seconds (const char *text)
{
  g_autoptr (GError) error = NULL;
  guint64 value;

  if (!text)
    return -1;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, &error))
    return (gint64) value;
  /* more than any number is still very long */
  return g_error_matches (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS) ? G_MAXINT64 : -1;
}

static gint64
parse_http_date (const char *text)
{
  g_autoptr (GDateTime) date = text ? soup_date_time_new_from_http_string (text) : NULL;

  return date ? g_date_time_to_unix (date) : WF_TIME_UNKNOWN;
}

/* RFC 9110 §10.2.3: seconds or a date; Auth0 names the epoch second in X-RateLimit-Reset. */
static gint64
get_retry_after (SoupMessageHeaders *headers,
                 gint64              now)
{
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  gint64 seconds = parse_seconds (text);

  if (seconds < 0 && text)
    {
      gint64 date = parse_http_date (text);

      if (date != WF_TIME_UNKNOWN)
        seconds = MAX (date - now, 0);
    }
  if (seconds < 0)
    {
      gint64 reset = parse_seconds (soup_message_headers_get_one (headers, "X-RateLimit-Reset"));

      if (reset >= 0)
        seconds = MAX (reset - now, 0);
    }
  return seconds < 0 ? -1 : MIN (seconds, MAX_RETRY_AFTER);
}

static gint64
get_max_age (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_list (headers, "Cache-Control");
  g_autoptr (GHashTable) params = NULL;
  gint64 result = -1;

  if (!text)
    return -1;
  params = soup_header_parse_param_list (text);
  if (g_hash_table_contains (params, "no-store") || g_hash_table_contains (params, "no-cache"))
    result = 0;
  else if (g_hash_table_contains (params, "max-age"))
    result = parse_seconds (g_hash_table_lookup (params, "max-age"));
  soup_header_free_param_list (g_steal_pointer (&params));
  return result;
}

static WfHttpResponse *
make_response (Exchange *exchange)
{
  WfHttpResponse *response = g_new0 (WfHttpResponse, 1);
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 date = parse_http_date (soup_message_headers_get_one (headers, "Date"));
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);

  response->status = soup_message_get_status (exchange->message);
  response->content_type = content_type ? g_ascii_strdown (content_type, -1) : NULL;
  response->retry_after = get_retry_after (headers, now);
  response->max_age = get_max_age (headers);
  response->date = date;
  response->clock_skew = date == WF_TIME_UNKNOWN ? 0 : date - now;
  response->www_authenticate = g_strdup (soup_message_headers_get_list (headers, "WWW-Authenticate"));
  return response;
}

/* --- the record for the Flow page --- */

static void
add_request_header (const char *name,
                    const char *value,
                    gpointer    user_data)
{
  wf_exchange_add_header (user_data, WF_EXCHANGE_REQUEST_HEADERS, name, value);
}

static void
add_response_header (const char *name,
                     const char *value,
                     gpointer    user_data)
{
  wf_exchange_add_header (user_data, WF_EXCHANGE_RESPONSE_HEADERS, name, value);
}

static gint64
span (guint64 start,
      guint64 end)
{
  return start && end >= start ? (gint64) (end - start) : -1;
}

static void
fill_metrics (WfExchange  *record,
              SoupMessage *message)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);
  guint64 tls_start;

  record->dns_us = record->connect_us = record->tls_us = record->wait_us = record->receive_us = -1;
  if (!metrics)
    return;
  tls_start = soup_message_metrics_get_tls_start (metrics);
  record->dns_us = span (soup_message_metrics_get_dns_start (metrics), soup_message_metrics_get_dns_end (metrics));
  /* libsoup counts the handshake into the connecting */
  record->connect_us = span (soup_message_metrics_get_connect_start (metrics),
                             tls_start ? tls_start : soup_message_metrics_get_connect_end (metrics));
  record->tls_us = span (tls_start, soup_message_metrics_get_connect_end (metrics));
  record->wait_us = span (soup_message_metrics_get_request_start (metrics), soup_message_metrics_get_response_start (metrics));
  record->receive_us = span (soup_message_metrics_get_response_start (metrics), soup_message_metrics_get_response_end (metrics));
}

/* Also of a handshake that failed, where the server's certificate was seen. */
static WfTlsPeer *
make_tls_peer (SoupMessage *message)
{
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (message);

  return certificate ? wf_tls_peer_new (soup_message_get_tls_protocol_version (message),
                                        soup_message_get_tls_ciphersuite_name (message), certificate) : NULL;
}

static void
record_exchange (Exchange       *exchange,
                 WfHttpResponse *response,
                 const GError   *error)
{
  g_autoptr (WfExchange) record = NULL;
  g_autoptr (WfWipedString) uri = NULL;
  g_autofree char *title = NULL;
  g_autofree char *status = NULL;
  const char *method;
  WfLane to = exchange->is_api ? WF_LANE_API : WF_LANE_SERVER;
  gint64 duration = g_get_monotonic_time () - exchange->started_mono;

  if (!exchange->flow)
    return;

  record = wf_exchange_new ();
  uri = g_uri_to_string (soup_message_get_uri (exchange->message));
  method = soup_message_get_method (exchange->message);
  record->what = g_strdup (exchange->what);
  record->method = g_strdup (method);
  wf_exchange_set_uri (record, uri);
  soup_message_headers_foreach (soup_message_get_request_headers (exchange->message), add_request_header, record);
  if (exchange->form)
    wf_exchange_set_form (record, exchange->form);
  record->started_at = exchange->started_at;
  record->duration_us = duration;
  fill_metrics (record, exchange->message);
  record->tls = make_tls_peer (exchange->message);
  if (response)
    {
      record->status = response->status;
      record->reason = g_strdup (soup_status_get_phrase (response->status));
      soup_message_headers_foreach (soup_message_get_response_headers (exchange->message), add_response_header, record);
      wf_exchange_set_answer (record, response->body);
    }
  record->error = error ? g_strdup (error->message) : NULL;

  title = g_strdup_printf ("%s %s", method, g_uri_get_path (soup_message_get_uri (exchange->message)));
  wf_flow_add (exchange->flow, WF_LANE_WARIFU, to, title, exchange->what, FALSE,
               exchange->started_at, record);
  status = response ? g_strdup_printf ("%u %s", response->status, soup_status_get_phrase (response->status))
                    : g_strdup (_("No answer"));
  wf_flow_add (exchange->flow, to, WF_LANE_WARIFU, status, error ? error->message : NULL,
               !response || response->status >= 400, exchange->started_at + duration, record);
}

/* --- errors into our domain --- */

/* Returns: whether there was an answer at all, and it was not HTTP. */
static gboolean
is_broken_http (Exchange     *exchange,
                const GError *error)
{
  return exchange->got_headers || exchange->cut_off ||
         g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING) ||
         g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static GError *
translate_error (Exchange     *exchange,
                 const GError *error,
                 GCancellable *outer)
{
  const char *host = g_uri_get_host (soup_message_get_uri (exchange->message));

  if (exchange->too_large)
    return g_error_new (WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE,
                        _("%s sent far more than such an answer needs, so Warifu stopped reading."), host);
  if (exchange->no_tunnel && soup_message_get_status (exchange->message) == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    return g_error_new (WF_ERROR, WF_ERROR_OFFLINE,
                        _("The proxy lets only those through to %s who give a user name and a password, which Warifu does not do. Use another proxy, or allow this computer there."), host);
  if (exchange->no_tunnel)
    return g_error_new (WF_ERROR, WF_ERROR_OFFLINE,
                        _("The proxy does not let Warifu through to %s. Check the proxy, then try again."), host);
  if (exchange->too_late || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (WF_ERROR, WF_ERROR_TIMEOUT,
                        _("%s did not finish its answer in time. Try again later."), host);
  if (g_cancellable_is_cancelled (outer))
    return g_error_new (WF_ERROR, WF_ERROR_CANCELLED, _("This was cancelled."));
  if (exchange->old_tls)
    return g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR,
                        _("%s has only versions of TLS that are not safe any more, so nothing was sent. Tell who runs it that TLS 1.2 is needed."), host);
  if (error->domain == G_TLS_ERROR)
    return g_error_new (WF_ERROR, WF_ERROR_TLS_ERROR, _("There is no safe connection to %s: %s."), host,
                        wf_tls_describe_failure (error, wf_http_probe_get_tls_flags (exchange->probe),
                                                 wf_http_probe_get_asked (exchange->probe),
                                                 exchange->client->client_certificate != NULL));
  if (!is_broken_http (exchange, error))
    return g_error_new (WF_ERROR, WF_ERROR_OFFLINE,
                        exchange->sent ? _("%s closed the connection before it answered. Try again later.")
                                       : _("%s cannot be reached. Check the network and the address, then try again."),
                        host);
  return g_error_new (WF_ERROR, WF_ERROR_MALFORMED_RESPONSE,
                      _("%s did not answer with proper HTTP, or its answer broke off."), host);
}

static void
finish_with_error (GTask  *task,
                   GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *translated = translate_error (exchange, error, g_task_get_cancellable (task));

  wf_http_probe_fail (exchange->probe, error);
  g_error_free (error);
  record_exchange (exchange, NULL, translated);
  g_task_return_error (task, translated);
}

/* --- reading --- */

static void read_more (GTask *task);

/* libsoup 3.2 takes the end of a connection for the end of a body that was to be longer. */
static gboolean
is_cut_off (Exchange *exchange)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         !soup_message_headers_get_one (headers, "Content-Encoding") &&
         soup_message_headers_get_content_length (headers) != exchange->body->len;
}

static void
finish_with_response (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  WfHttpResponse *response;

  if (is_cut_off (exchange))
    {
      exchange->cut_off = TRUE;
      finish_with_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, ""));
      return;
    }
  response = make_response (exchange);
  response->body = steal_body (exchange);
  record_exchange (exchange, response, NULL);
  g_task_return_pointer (task, response, (GDestroyNotify) wf_http_response_free);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GBytes) chunk = NULL;
  GError *error = NULL;

  chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (!chunk)
    {
      finish_with_error (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      finish_with_response (task);
      return;
    }
  if (exchange->body->len + g_bytes_get_size (chunk) > WF_HTTP_MAX_BYTES)
    {
      exchange->too_large = TRUE;
      g_cancellable_cancel (exchange->inner);
      finish_with_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, ""));
      return;
    }
  g_byte_array_append (exchange->body, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  read_more (g_steal_pointer (&task));
}

static void
read_more (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (exchange->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT, exchange->inner,
                                   on_read, task);
}

/* A proxy that refuses a tunnel answers in clear, and libsoup hands that on as if the server had said it. */
static gboolean
came_in_clear (SoupMessage *message)
{
  return g_strcmp0 (g_uri_get_scheme (soup_message_get_uri (message)), "https") == 0 &&
         !soup_message_get_tls_peer_certificate (message);
}

static void
on_headers (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (!exchange->stream)
    {
      finish_with_error (task, error);
      return;
    }
  if (came_in_clear (exchange->message))
    {
      exchange->no_tunnel = TRUE;
      g_cancellable_cancel (exchange->inner);
      finish_with_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, ""));
      return;
    }
  exchange->got_headers = TRUE;
  exchange->body = g_byte_array_sized_new (CHUNK_BYTES);
  read_more (g_steal_pointer (&task));
}

/* --- the message's signals --- */

/* RFC 9325 §3.1.1: 1.0 and 1.1 are not negotiated. GIO leaves it to the system, which may allow them. */
static gboolean
is_old_tls (SoupMessage *message)
{
  GTlsProtocolVersion version = soup_message_get_tls_protocol_version (message);

  return version != G_TLS_PROTOCOL_VERSION_UNKNOWN && version < G_TLS_PROTOCOL_VERSION_TLS_1_2;
}

static void
on_starting (SoupMessage *message,
             gpointer     user_data)
{
  Exchange *exchange = user_data;

  if (is_old_tls (message))
    {
      exchange->old_tls = TRUE;
      g_cancellable_cancel (exchange->inner);
      return;
    }
  /* a code or a rotating refresh token is never sent twice */
  if (exchange->sent && exchange->is_post)
    {
      g_cancellable_cancel (exchange->inner);
      return;
    }
  exchange->sent = TRUE;
}

static gboolean
on_accept_certificate (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags errors,
                       gpointer             user_data)
{
  Exchange *exchange = user_data;
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, 0);
  GTlsCertificateFlags own;

  if (!exchange->client->extra_authorities)
    return FALSE;
  /* An authority of the account's own stands beside the system's. Everything else about the
   * certificate must be right. */
  own = g_tls_database_verify_chain (exchange->client->extra_authorities, certificate,
                                     G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                     G_TLS_DATABASE_VERIFY_NONE, NULL, NULL);
  /* what is wrong in the eyes of both is the reason: a stranger to one may be known to the other */
  wf_http_probe_set_tls_flags (exchange->probe, (own == 0 || (own & errors) != 0) ? (own & errors) : (own | errors));
  return own == 0;
}

static gboolean
on_request_certificate (SoupMessage          *message,
                        GTlsClientConnection *connection,
                        gpointer              user_data)
{
  Exchange *exchange = user_data;

  if (!exchange->client->client_certificate)
    return FALSE;
  soup_message_set_tls_client_certificate (message, exchange->client->client_certificate);
  return TRUE;
}

/* Who watches the way wants to know where it ends: each part of it has the whole time. */
static void
on_phase (WfHttpProbe *probe,
          gpointer     user_data)
{
  Exchange *exchange = user_data;

  g_source_set_ready_time (exchange->deadline, g_get_monotonic_time () + exchange->client->deadline_ms * G_GINT64_CONSTANT (1000));
}

static gboolean
on_deadline (gpointer user_data)
{
  Exchange *exchange = user_data;

  exchange->too_late = TRUE;
  g_cancellable_cancel (exchange->inner);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer,
                    gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/* --- making a message --- */

static SoupMessage *
make_message (WfHttpClient        *self,
              const WfHttpRequest *request,
              GError             **error)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GUri) uri = NULL;
  SoupMessageHeaders *headers;

  if (!wf_uri_check_endpoint (request->uri, request->what, error))
    return NULL;
  uri = g_uri_parse (request->uri, SOUP_HTTP_URI_FLAGS, NULL);
  if (!uri)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT, _("The address of the %s cannot be used."), request->what);
      return NULL;
    }
  message = soup_message_new_from_uri (request->form ? "POST" : "GET", uri);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE |
                                   (request->flow ? SOUP_MESSAGE_COLLECT_METRICS : 0));
  headers = soup_message_get_request_headers (message);
  if (request->accept)
    soup_message_headers_replace (headers, "Accept", request->accept);
  if (request->authorization)
    soup_message_headers_replace (headers, "Authorization", secret_value_get_text (request->authorization));
  if (request->form)
    {
      g_autoptr (GBytes) body = wf_secret_to_bytes (request->form);

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
    }
  return g_steal_pointer (&message);
}

static Exchange *
exchange_new (WfHttpClient        *self,
              const WfHttpRequest *request,
              SoupMessage         *message)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->client = self;
  exchange->message = message;
  exchange->probe = request->probe ? g_object_ref (request->probe) : wf_http_probe_new ();
  exchange->what = g_strdup (request->what);
  exchange->flow = request->flow ? g_object_ref (request->flow) : NULL;
  exchange->is_post = request->form != NULL;
  exchange->is_api = request->is_api;
  if (request->flow && request->form)
    exchange->form = secret_value_ref (request->form);
  exchange->inner = g_cancellable_new ();
  exchange->started_at = g_get_real_time ();
  exchange->started_mono = g_get_monotonic_time ();
  wf_http_probe_watch (exchange->probe, message);
  g_signal_connect (message, "starting", G_CALLBACK (on_starting), exchange);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), exchange);
  g_signal_connect (message, "request-certificate", G_CALLBACK (on_request_certificate), exchange);
  if (request->probe)
    g_signal_connect (request->probe, "phase", G_CALLBACK (on_phase), exchange);

  exchange->deadline = g_timeout_source_new (self->deadline_ms);
  g_source_set_callback (exchange->deadline, on_deadline, exchange, NULL);
  g_source_attach (exchange->deadline, g_main_context_get_thread_default ());
  return exchange;
}

/* --- the object --- */

static void
wf_http_client_dispose (GObject *object)
{
  WfHttpClient *self = WF_HTTP_CLIENT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->extra_authorities);
  g_clear_object (&self->client_certificate);
  G_OBJECT_CLASS (wf_http_client_parent_class)->dispose (object);
}

static void
wf_http_client_finalize (GObject *object)
{
  WfHttpClient *self = WF_HTTP_CLIENT (object);

  g_free (self->proxy);
  G_OBJECT_CLASS (wf_http_client_parent_class)->finalize (object);
}

static void
wf_http_client_class_init (WfHttpClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_http_client_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_http_client_finalize;
}

static void
wf_http_client_init (WfHttpClient *self)
{
  self->deadline_ms = WF_HTTP_DEADLINE_SECONDS * 1000;
}

static SoupSession *
get_session (WfHttpClient *self)
{
  if (self->session)
    return self->session;
  self->session = soup_session_new_with_options ("user-agent", "Warifu/" WF_VERSION,
                                                 "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS_PER_HOST,
                                                 "timeout", WF_HTTP_DEADLINE_SECONDS,
                                                 "idle-timeout", IDLE_SECONDS,
                                                 NULL);
  /* a 401 is an answer, not a question to the person */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  if (self->proxy)
    {
      g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (self->proxy, NULL);

      soup_session_set_proxy_resolver (self->session, resolver);
    }
  return self->session;
}

static gboolean
load_files (WfHttpClient    *self,
            const WfAccount *account,
            GError         **error)
{
  g_autoptr (GError) local = NULL;

  if (account->ca_file)
    {
      self->extra_authorities = g_tls_file_database_new (account->ca_file, &local);
      if (!self->extra_authorities)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_TLS_ERROR,
                       _("The file with certificate authorities “%s” cannot be used: %s"), account->ca_file, local->message);
          return FALSE;
        }
    }
  if (account->client_certificate)
    {
      self->client_certificate = g_tls_certificate_new_from_file (account->client_certificate, &local);
      if (!self->client_certificate)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_TLS_ERROR,
                       _("The client certificate “%s” cannot be used: %s"), account->client_certificate, local->message);
          return FALSE;
        }
    }
  return TRUE;
}

/* --- public --- */

WfHttpClient *
wf_http_client_new (const WfAccount *account,
                    GError         **error)
{
  g_autoptr (WfHttpClient) self = g_object_new (WF_TYPE_HTTP_CLIENT, NULL);

  if (account && !load_files (self, account, error))
    return NULL;
  if (account)
    self->proxy = g_strdup (account->proxy);
  return g_steal_pointer (&self);
}

void
wf_http_client_set_deadline (WfHttpClient *self,
                             guint         milliseconds)
{
  self->deadline_ms = milliseconds;
}

void
wf_http_client_send_async (WfHttpClient        *self,
                           const WfHttpRequest *request,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (SoupMessage) message = NULL;
  Exchange *exchange;
  GError *error = NULL;

  g_task_set_source_tag (task, wf_http_client_send_async);
  /* whether it was sent is told by the exchange, not by the cancellable */
  g_task_set_check_cancellable (task, FALSE);
  message = make_message (self, request, &error);
  if (!message)
    {
      g_task_return_error (task, error);
      return;
    }
  exchange = exchange_new (self, request, g_object_ref (message));
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  if (cancellable)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_outer_cancelled), exchange->inner, 0);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, _("This was cancelled."));
      return;
    }
  soup_session_send_async (get_session (self), message, G_PRIORITY_DEFAULT, exchange->inner, on_headers,
                           g_steal_pointer (&task));
}

WfHttpResponse *
wf_http_client_send_finish (WfHttpClient *self,
                            GAsyncResult *result,
                            gboolean     *sent,
                            GError      **error)
{
  Exchange *exchange;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  exchange = g_task_get_task_data (G_TASK (result));
  if (sent)
    *sent = exchange && exchange->sent;
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
wf_http_response_free (WfHttpResponse *response)
{
  if (!response)
    return;
  g_clear_pointer (&response->body, g_bytes_unref);
  g_free (response->content_type);
  g_free (response->www_authenticate);
  g_free (response);
}
