/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-server.h"

#include <glib/gi18n-lib.h>
#include "wf-demo-answer.h"
#include "wf-demo-context.h"
#include "wf-demo-fault.h"
#include "wf-demo-pages.h"
#include "wf-secret.h"

#define MAX_BODY_BYTES (64 * 1024)
#define MAX_FIELDS 100

typedef enum
{
  METHOD_GET = 1 << 0,
  METHOD_POST = 1 << 1,
} WfDemoMethods;

typedef struct
{
  const char   *path;
  const char   *endpoint;
  WfDemoMethods methods;
  WfDemoHandler handle;
} Route;

static const Route routes[] = {
  { "/", "home", METHOD_GET, wf_demo_handle_home },
  { "/.well-known/openid-configuration", "discovery", METHOD_GET, wf_demo_handle_discovery },
  { "/.well-known/oauth-authorization-server", "discovery", METHOD_GET, wf_demo_handle_discovery }, /* RFC 8414 §3 */
  { "/jwks.json", "jwks", METHOD_GET, wf_demo_handle_jwks },
  { "/authorize", "authorize", METHOD_GET | METHOD_POST, wf_demo_handle_authorize },
  { "/authorize/decision", "decision", METHOD_POST, wf_demo_handle_decision },
  { "/oauth/token", "token", METHOD_POST, wf_demo_handle_token },
  { "/oauth/revoke", "revoke", METHOD_POST, wf_demo_handle_revoke },
  { "/userinfo", "userinfo", METHOD_GET | METHOD_POST, wf_demo_handle_userinfo },
  { "/logout", "end_session", METHOD_GET | METHOD_POST, wf_demo_handle_end_session },
  { "/picture.png", "picture", METHOD_GET, wf_demo_handle_picture },
};

struct _WfDemoServer
{
  GObject parent_instance;

  WfDemoContext *context;
  SoupServer    *server;
  GCancellable  *cancellable; /* of the connections that faults have taken */
  guint16        port;
  GHashTable    *counts;      /* endpoint → count */
  GHashTable    *faults;      /* endpoint → WfDemoFault */
  GHashTable    *waiting;     /* set of Work */
};

enum
{
  SIGNAL_REQUEST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfDemoServer, wf_demo_server, G_TYPE_OBJECT)

/* One request that waits for its answer. */
typedef struct
{
  WfDemoServer      *self; /* borrowed: the server frees what waits */
  SoupServerMessage *message;
  const Route       *route;
  WfForm            *form;  /* NULL where it could not be decoded */
  WfDemoFault       *fault; /* nullable */
  GSource           *timeout;
} Work;

static void
work_free (Work *work)
{
  if (work->timeout)
    {
      g_source_destroy (work->timeout);
      g_source_unref (work->timeout);
    }
  g_signal_handlers_disconnect_by_data (work->message, work);
  g_object_unref (work->message);
  g_clear_pointer (&work->form, wf_form_free);
  wf_demo_fault_free (work->fault);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static const Route *
find_route (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].path, path) == 0)
      return &routes[i];
  return NULL;
}

static gboolean
has_method (const Route       *route,
            SoupServerMessage *message)
{
  const char *method = soup_server_message_get_method (message);

  return (strcmp (method, "GET") == 0 && (route->methods & METHOD_GET)) ||
         (strcmp (method, "POST") == 0 && (route->methods & METHOD_POST));
}

/* A page elsewhere that has its own name point to 127.0.0.1 is not let in. */
static gboolean
is_host_ours (WfDemoServer      *self,
              SoupServerMessage *message)
{
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", self->port);
  g_autofree char *name = g_strdup_printf ("localhost:%u", self->port);

  return !host || g_ascii_strcasecmp (host, address) == 0 || g_ascii_strcasecmp (host, name) == 0;
}

/* The body of a POST, the query of a GET. Returns: (transfer full) (nullable) */
static WfForm *
read_form (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const char *type = soup_message_headers_get_content_type (headers, NULL /* params */);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (WfWipedString) text = NULL;
  gsize size;
  const char *data;

  if (strcmp (soup_server_message_get_method (message), "GET") == 0)
    return wf_form_decode (query ? query : "", MAX_FIELDS, NULL);

  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  data = g_bytes_get_data (body, &size);
  if (size > MAX_BODY_BYTES || (size > 0 && g_strcmp0 (type, "application/x-www-form-urlencoded") != 0))
    return NULL;
  text = g_strndup (data ? data : "", size);
  return strlen (text) == size ? wf_form_decode (text, MAX_FIELDS, NULL) : NULL;
}

static void
set_date (WfDemoServer      *self,
          SoupServerMessage *message)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (wf_demo_context_now (self->context));
  g_autofree char *date = now ? soup_date_time_to_string (now, SOUP_DATE_HTTP) : NULL;

  if (date)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", date);
}

/* Returns: whether libsoup is to send the answer */
static gboolean
work_run (Work *work)
{
  WfDemoServer *self = work->self;

  if (!work->fault || wf_demo_fault_wants_work (work->fault))
    {
      if (work->form)
        work->route->handle (self->context, work->message, work->form);
      else
        wf_demo_answer_error (work->message, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                              "The parameters are malformed.");
    }
  set_date (self, work->message);
  return !work->fault || !wf_demo_fault_apply (work->fault, work->message, self->cancellable);
}

static gboolean
on_delay_over (gpointer user_data)
{
  Work *work = user_data;
  WfDemoServer *self = work->self;
  g_autoptr (SoupServerMessage) message = g_object_ref (work->message);

  g_signal_handlers_disconnect_by_data (message, work);
  if (work_run (work))
    soup_server_message_unpause (message);
  g_hash_table_remove (self->waiting, work);
  return G_SOURCE_REMOVE;
}

/* The client has gone meanwhile. */
static void
on_finished (SoupServerMessage *message,
             gpointer           user_data)
{
  Work *work = user_data;

  g_hash_table_remove (work->self->waiting, work);
}

static void
work_wait (Work *work,
           guint delay)
{
  soup_server_message_pause (work->message);
  g_signal_connect (work->message, "finished", G_CALLBACK (on_finished), work);
  g_signal_connect (work->message, "disconnected", G_CALLBACK (on_finished), work);
  work->timeout = g_timeout_source_new (delay);
  g_source_set_callback (work->timeout, on_delay_over, work, NULL);
  g_source_attach (work->timeout, g_main_context_get_thread_default ());
  g_hash_table_add (work->self->waiting, work);
}

/* Returns: (transfer full) (nullable): what is wrong with this request's answer */
static WfDemoFault *
take_fault (WfDemoServer *self,
            const char   *endpoint)
{
  WfDemoFault *fault = g_hash_table_lookup (self->faults, endpoint);
  WfDemoFault *copy;

  if (!fault)
    return NULL;
  copy = wf_demo_fault_copy (fault);
  if (fault->times > 0 && --fault->times == 0)
    g_hash_table_remove (self->faults, endpoint);
  return copy;
}

static void
count (GHashTable *counts,
       const char *name)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));

  g_hash_table_insert (counts, (gpointer) name, GUINT_TO_POINTER (n + 1));
}

static void
count_grant (GHashTable   *counts,
             const WfForm *form)
{
  static const char *const grant_types[] = { "authorization_code", "refresh_token", NULL };
  const char *grant_type = wf_form_lookup (form, "grant_type");

  for (guint i = 0; grant_types[i]; i++)
    if (g_strcmp0 (grant_type, grant_types[i]) == 0)
      count (counts, grant_types[i]);
}

/* What the request line and Host alone make wrong. */
static gboolean
refuse (WfDemoServer      *self,
        SoupServerMessage *message,
        const Route       *route)
{
  g_autoptr (WfForm) empty = wf_form_new ();
  WfDemoLanguage language = wf_demo_pages_choose_language (message, empty);

  if (!is_host_ours (self, message))
    wf_demo_answer_html (message, SOUP_STATUS_MISDIRECTED_REQUEST,
                         wf_demo_pages_message (language, WF_DEMO_PAGE_NOT_FOUND));
  else if (!route)
    wf_demo_answer_html (message, SOUP_STATUS_NOT_FOUND, wf_demo_pages_message (language, WF_DEMO_PAGE_NOT_FOUND));
  else if (!has_method (route, message))
    {
      soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL /* reason */);
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                    route->methods == METHOD_GET    ? "GET"
                                    : route->methods == METHOD_POST ? "POST"
                                                                    : "GET, POST");
    }
  else
    return FALSE;
  return TRUE;
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  WfDemoServer *self = user_data;
  const Route *route = find_route (path);
  g_autoptr (Work) work = NULL;
  guint delay;

  if (refuse (self, message, route))
    return;
  count (self->counts, route->endpoint);
  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, route->endpoint, message);

  work = g_new0 (Work, 1);
  work->self = self;
  work->message = g_object_ref (message);
  work->route = route;
  work->form = read_form (message);
  if (work->form && route->handle == wf_demo_handle_token)
    count_grant (self->context->grant_counts, work->form);
  work->fault = take_fault (self, route->endpoint);
  delay = self->context->options.latency + (work->fault ? work->fault->delay : 0);
  if (delay > 0)
    work_wait (g_steal_pointer (&work), delay);
  else
    work_run (work);
}

static void
wf_demo_server_dispose (GObject *object)
{
  WfDemoServer *self = WF_DEMO_SERVER (object);

  wf_demo_server_stop (self);

  G_OBJECT_CLASS (wf_demo_server_parent_class)->dispose (object);
}

static void
wf_demo_server_finalize (GObject *object)
{
  WfDemoServer *self = WF_DEMO_SERVER (object);

  g_clear_pointer (&self->context, wf_demo_context_free);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->faults);
  g_hash_table_unref (self->waiting);

  G_OBJECT_CLASS (wf_demo_server_parent_class)->finalize (object);
}

static void
wf_demo_server_class_init (WfDemoServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wf_demo_server_dispose;
  object_class->finalize = wf_demo_server_finalize;

  signals[SIGNAL_REQUEST] = g_signal_new ("request", WF_TYPE_DEMO_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING, SOUP_TYPE_SERVER_MESSAGE);
}

static void
wf_demo_server_init (WfDemoServer *self)
{
  self->counts = g_hash_table_new (g_str_hash, g_str_equal);
  self->faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) wf_demo_fault_free);
  self->waiting = g_hash_table_new_full (NULL /* hash */, NULL /* equal */, (GDestroyNotify) work_free, NULL);
}

WfDemoServer *
wf_demo_server_new (const WfDemoOptions *options)
{
  static const WfDemoOptions defaults = WF_DEMO_OPTIONS_INIT;
  WfDemoServer *self = g_object_new (WF_TYPE_DEMO_SERVER, NULL);

  self->context = wf_demo_context_new (options ? options : &defaults);
  return self;
}

gboolean
wf_demo_server_start (WfDemoServer *self,
                      guint16       port,
                      GError      **error)
{
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (GError) local_error = NULL;
  GSList *uris;

  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), FALSE);
  g_return_val_if_fail (self->server == NULL, FALSE);

  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL /* every path */, on_request, self, NULL);
  if (!soup_server_listen_local (server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &local_error))
    {
      /* Translators: the second %s is the system's reason */
      g_set_error (error, local_error->domain, local_error->code,
                   _("The demo server could not be started on port %u. Choose another port. (%s)"), port,
                   local_error->message);
      return FALSE;
    }
  uris = soup_server_get_uris (server);
  self->port = (guint16) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_free (self->context->issuer);
  self->context->issuer = g_strdup_printf ("http://127.0.0.1:%u", self->port);
  self->cancellable = g_cancellable_new ();
  self->server = g_steal_pointer (&server);
  return TRUE;
}

void
wf_demo_server_stop (WfDemoServer *self)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  if (!self->server)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_hash_table_remove_all (self->waiting);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

const char *
wf_demo_server_get_issuer (WfDemoServer *self)
{
  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), NULL);

  return self->context->issuer;
}

guint16
wf_demo_server_get_port (WfDemoServer *self)
{
  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), 0);

  return self->port;
}

const char *
wf_demo_server_get_client_secret (WfDemoServer *self)
{
  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), NULL);

  return self->context->options.client_secret;
}

guint
wf_demo_server_count (WfDemoServer *self,
                      const char   *endpoint)
{
  GHashTableIter iter;
  gpointer value;
  guint sum = 0;

  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), 0);

  if (endpoint)
    return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, endpoint));
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, NULL /* key */, &value))
    sum += GPOINTER_TO_UINT (value);
  return sum;
}

guint
wf_demo_server_count_grant (WfDemoServer *self,
                            const char   *grant_type)
{
  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), 0);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->context->grant_counts, grant_type));
}

void
wf_demo_server_reset_counts (WfDemoServer *self)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  g_hash_table_remove_all (self->counts);
  g_hash_table_remove_all (self->context->grant_counts);
}

guint
wf_demo_server_get_reuse_count (WfDemoServer *self)
{
  g_return_val_if_fail (WF_IS_DEMO_SERVER (self), 0);

  return wf_demo_grants_get_reuse_count (self->context->grants);
}

void
wf_demo_server_set_fault (WfDemoServer      *self,
                          const char        *endpoint,
                          const WfDemoFault *fault)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  if (fault)
    g_hash_table_replace (self->faults, g_strdup (endpoint), wf_demo_fault_copy (fault));
  else
    g_hash_table_remove (self->faults, endpoint);
}

void
wf_demo_server_set_filter (WfDemoServer  *self,
                           WfDemoFilter   filter,
                           gpointer       user_data,
                           GDestroyNotify destroy)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  wf_demo_context_set_filter (self->context, filter, user_data, destroy);
}

void
wf_demo_server_update (WfDemoServer        *self,
                       const WfDemoOptions *options)
{
  WfDemoOptions *own;

  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  own = &self->context->options;
  own->access_lifetime = options->access_lifetime;
  own->id_lifetime = options->id_lifetime;
  own->code_lifetime = options->code_lifetime;
  own->refresh_lifetime = options->refresh_lifetime;
  own->tells_refresh_lifetime = options->tells_refresh_lifetime;
  own->rotation = options->rotation;
  own->leeway = options->leeway;
  own->latency = options->latency;
  own->auto_approve = options->auto_approve;
}

void
wf_demo_server_advance_clock (WfDemoServer *self,
                              gint64        seconds)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  self->context->clock_offset += seconds;
}

void
wf_demo_server_rotate_keys (WfDemoServer *self)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  wf_demo_keys_rotate (self->context->keys);
}

void
wf_demo_server_revoke_all (WfDemoServer *self)
{
  g_return_if_fail (WF_IS_DEMO_SERVER (self));

  wf_demo_grants_revoke_all (self->context->grants);
}
