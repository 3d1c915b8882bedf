/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-view-private.h"

#include "wf-secret.h"
#include "wf-signin-filter.h"
#include "wf-signin-guard.h"
#include "wf-signin-network.h"
#include "wf-signin-policy.h"
#include "wf-signin-sandbox.h"
#include "wf-uri.h"

#define ZOOM_MIN 0.3
#define ZOOM_MAX 5.0

static GParamSpec *properties[WF_SIGNIN_N_PROPS];

enum
{
  SIGNAL_REDIRECTED,
  SIGNAL_FAILED,
  SIGNAL_DISMISSED,
  SIGNAL_GO_BACK,
  SIGNAL_RELOAD,
  SIGNAL_STOP,
  SIGNAL_ZOOM,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfSigninView, wf_signin_view, GTK_TYPE_WIDGET)

/* Ends the view's work: nothing is loaded and no signal is emitted afterwards. */
static gboolean
finish (WfSigninView *self)
{
  if (self->finished)
    return FALSE;

  self->finished = TRUE;
  wf_signin_watch_stop (self);
  g_cancellable_cancel (self->cancellable);
  if (self->web)
    webkit_web_view_stop_loading (self->web);
  return TRUE;
}

static void
on_title_changed (WfSigninView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[WF_SIGNIN_PROP_TITLE]);
}

static void
on_progress_changed (WfSigninView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[WF_SIGNIN_PROP_PROGRESS]);
}

static void
on_loading_changed (WfSigninView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[WF_SIGNIN_PROP_LOADING]);
}

static void
on_history_changed (WfSigninView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[WF_SIGNIN_PROP_CAN_GO_BACK]);
}

static gboolean
on_escape (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  wf_signin_view_dismiss (WF_SIGNIN_VIEW (widget));
  return TRUE;
}

/* Start: the sandbox, then the filter, then the page. */

static void
connect_web_view (WfSigninView *self)
{
  wf_signin_guard_attach (self->web);
  wf_signin_watch_connect (self);
  g_signal_connect_object (self->web, "notify::title", G_CALLBACK (on_title_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->web, "notify::estimated-load-progress",
                           G_CALLBACK (on_progress_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->web, "notify::is-loading", G_CALLBACK (on_loading_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (webkit_web_view_get_back_forward_list (self->web), "changed",
                           G_CALLBACK (on_history_changed), self, G_CONNECT_SWAPPED);
}

static void
start_web_view (WfSigninView *self)
{
  g_autoptr (WebKitNetworkSession) session = wf_signin_network_new_session (self->settings);
  g_autoptr (WebKitWebContext) context = wf_signin_network_new_context (self->settings);
  g_autoptr (WebKitSettings) settings = wf_signin_network_new_settings ();
  g_autoptr (WebKitUserContentManager) contents = webkit_user_content_manager_new ();
  g_autoptr (WebKitWebsitePolicies) policies =
    webkit_website_policies_new_with_policies ("autoplay", WEBKIT_AUTOPLAY_DENY, NULL);

  webkit_user_content_manager_add_filter (contents, self->filter);
  self->web = g_object_new (WEBKIT_TYPE_WEB_VIEW,
                            "network-session", session,
                            "web-context", context,
                            "settings", settings,
                            "user-content-manager", contents,
                            "website-policies", policies,
                            NULL);
  webkit_web_view_set_is_muted (self->web, TRUE);
  connect_web_view (self);
  gtk_widget_set_parent (GTK_WIDGET (self->web), GTK_WIDGET (self));
  webkit_web_view_load_uri (self->web, wf_authorization_request_get_uri (self->request));
}

static void
on_filter_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (WfSigninView) self = user_data;
  g_autoptr (GError) error = NULL;

  self->filter = wf_signin_filter_load_finish (result, &error);
  if (self->finished)
    return;
  if (!self->filter)
    wf_signin_view_fail (self, g_steal_pointer (&error));
  else
    start_web_view (self);
}

static void
on_sandbox_checked (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (WfSigninView) self = user_data;
  g_autofree char *redirect = NULL;
  g_autoptr (GError) error = NULL;
  gboolean sandboxed;

  if (!wf_signin_sandbox_check_finish (result, &sandboxed, &error))
    {
      wf_signin_view_fail (self, g_steal_pointer (&error));
      return;
    }
  if (self->finished)
    return;
  wf_signin_view_set_boolean (self, &self->sandboxed, sandboxed, WF_SIGNIN_PROP_SANDBOXED);
  redirect = wf_signin_normalize (wf_authorization_request_get_redirect_uri (self->request));
  wf_signin_filter_load_async (redirect, self->cancellable, on_filter_loaded, g_object_ref (self));
}

/* Action signals */

static void
on_go_back (WfSigninView *self)
{
  if (self->web && !self->finished)
    webkit_web_view_go_back (self->web);
}

static void
on_reload (WfSigninView *self)
{
  if (self->web && !self->finished)
    webkit_web_view_reload (self->web);
}

static void
on_stop (WfSigninView *self)
{
  if (self->web && !self->finished)
    webkit_web_view_stop_loading (self->web);
}

static void
on_zoom (WfSigninView *self,
         double        factor)
{
  if (self->web)
    webkit_web_view_set_zoom_level (self->web,
                                    factor <= 0.0 ? 1.0 : CLAMP (webkit_web_view_get_zoom_level (self->web) * factor,
                                                                 ZOOM_MIN, ZOOM_MAX));
}

/* Object */

static void
wf_signin_view_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  WfSigninView *self = WF_SIGNIN_VIEW (object);

  switch ((WfSigninViewProp) prop_id)
    {
    case WF_SIGNIN_PROP_URI:
      g_value_set_string (value, self->uri);
      break;
    case WF_SIGNIN_PROP_TITLE:
      g_value_set_string (value, self->web ? webkit_web_view_get_title (self->web) : NULL);
      break;
    case WF_SIGNIN_PROP_PROGRESS:
      g_value_set_double (value, self->web ? webkit_web_view_get_estimated_load_progress (self->web) : 0.0);
      break;
    case WF_SIGNIN_PROP_LOADING:
      g_value_set_boolean (value, !self->finished && (!self->web || webkit_web_view_is_loading (self->web)));
      break;
    case WF_SIGNIN_PROP_CAN_GO_BACK:
      g_value_set_boolean (value, self->web && webkit_web_view_can_go_back (self->web));
      break;
    case WF_SIGNIN_PROP_READY:
      g_value_set_boolean (value, self->ready);
      break;
    case WF_SIGNIN_PROP_ORIGIN:
      g_value_set_string (value, self->origin);
      break;
    case WF_SIGNIN_PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case WF_SIGNIN_PROP_SECURE:
      g_value_set_boolean (value, self->secure);
      break;
    case WF_SIGNIN_PROP_TLS_DETAIL:
      g_value_set_string (value, self->tls_detail);
      break;
    case WF_SIGNIN_PROP_STATUS:
      g_value_set_uint (value, self->status);
      break;
    case WF_SIGNIN_PROP_SANDBOXED:
      g_value_set_boolean (value, self->sandboxed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static gboolean
wf_signin_view_grab_focus (GtkWidget *widget)
{
  WfSigninView *self = WF_SIGNIN_VIEW (widget);

  return self->web && gtk_widget_grab_focus (GTK_WIDGET (self->web));
}

/* Taken out of its window the view is over, whatever still holds on to it. */
static void
wf_signin_view_unroot (GtkWidget *widget)
{
  finish (WF_SIGNIN_VIEW (widget));

  GTK_WIDGET_CLASS (wf_signin_view_parent_class)->unroot (widget);
}

/* WebKit 2.50 goes on to use its view after it has emitted a signal of it, and this may be in a handler of that signal
 * ("web-process-terminated" is one): the last reference goes when WebKit has returned. */
static void
let_go (WebKitWebView *web)
{
  g_idle_add_once (g_object_unref, g_object_ref (web));
  gtk_widget_unparent (GTK_WIDGET (web));
}

static void
wf_signin_view_dispose (GObject *object)
{
  WfSigninView *self = WF_SIGNIN_VIEW (object);

  finish (self);
  g_clear_pointer (&self->web, let_go);

  G_OBJECT_CLASS (wf_signin_view_parent_class)->dispose (object);
}

static void
wf_signin_view_finalize (GObject *object)
{
  WfSigninView *self = WF_SIGNIN_VIEW (object);

  g_clear_pointer (&self->request, wf_authorization_request_unref);
  g_clear_pointer (&self->settings, g_variant_unref);
  g_clear_pointer (&self->filter, webkit_user_content_filter_unref);
  g_clear_pointer (&self->trusted, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->uri, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->tls_detail, g_free);
  g_clear_pointer (&self->posted, g_free);

  G_OBJECT_CLASS (wf_signin_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[WF_SIGNIN_PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);
  properties[WF_SIGNIN_PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[WF_SIGNIN_PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0.0, 1.0, 0.0, flags);
  properties[WF_SIGNIN_PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, TRUE, flags);
  properties[WF_SIGNIN_PROP_CAN_GO_BACK] = g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, flags);
  properties[WF_SIGNIN_PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);
  properties[WF_SIGNIN_PROP_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, NULL, flags);
  properties[WF_SIGNIN_PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, flags);
  properties[WF_SIGNIN_PROP_SECURE] = g_param_spec_boolean ("secure", NULL, NULL, FALSE, flags);
  properties[WF_SIGNIN_PROP_TLS_DETAIL] = g_param_spec_string ("tls-detail", NULL, NULL, NULL, flags);
  properties[WF_SIGNIN_PROP_STATUS] = g_param_spec_uint ("status", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[WF_SIGNIN_PROP_SANDBOXED] = g_param_spec_boolean ("sandboxed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, WF_SIGNIN_N_PROPS, properties);
}

static guint
new_action (WfSigninViewClass *klass,
            const char        *name,
            GCallback          callback)
{
  return g_signal_new_class_handler (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                                     callback, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
install_signals (WfSigninViewClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  signals[SIGNAL_REDIRECTED] =
    g_signal_new ("redirected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_DISMISSED] =
    g_signal_new ("dismissed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GO_BACK] = new_action (klass, "go-back", G_CALLBACK (on_go_back));
  signals[SIGNAL_RELOAD] = new_action (klass, "reload", G_CALLBACK (on_reload));
  signals[SIGNAL_STOP] = new_action (klass, "stop", G_CALLBACK (on_stop));
  signals[SIGNAL_ZOOM] =
    g_signal_new_class_handler ("zoom", type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (on_zoom),
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
wf_signin_view_class_init (WfSigninViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_signin_view_get_property;
  object_class->dispose = wf_signin_view_dispose;
  object_class->finalize = wf_signin_view_finalize;

  widget_class->grab_focus = wf_signin_view_grab_focus;
  widget_class->unroot = wf_signin_view_unroot;

  install_properties (object_class);
  install_signals (klass);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void
wf_signin_view_init (WfSigninView *self)
{
  self->cancellable = g_cancellable_new ();
  self->trusted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

GtkWidget *
wf_signin_view_new (WfAuthorizationRequest *request,
                    GVariant               *settings)
{
  WfSigninView *self = g_object_new (WF_TYPE_SIGNIN_VIEW, NULL);

  self->request = wf_authorization_request_ref (request);
  self->settings = g_variant_ref (settings);
  wf_signin_view_set_address (self, wf_authorization_request_get_uri (request));
  wf_signin_sandbox_check_async (self->cancellable, on_sandbox_checked, g_object_ref (self));
  return GTK_WIDGET (self);
}

void
wf_signin_view_notify (WfSigninView    *self,
                       WfSigninViewProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop]);
}

void
wf_signin_view_take_string (WfSigninView *self,
             char        **field,
             char         *value,
             WfSigninViewProp prop)
{
  g_autofree char *owned = value;

  if (g_strcmp0 (*field, owned) == 0)
    return;
  g_free (*field);
  *field = g_steal_pointer (&owned);
  wf_signin_view_notify (self, prop);
}

void
wf_signin_view_set_boolean (WfSigninView *self,
             gboolean     *field,
             gboolean      value,
             WfSigninViewProp prop)
{
  if (*field == value)
    return;
  *field = value;
  wf_signin_view_notify (self, prop);
}

void
wf_signin_view_set_address (WfSigninView *self,
             const char   *uri)
{
  wf_signin_view_take_string (self, &self->uri, g_strdup (uri), WF_SIGNIN_PROP_URI);
  wf_signin_view_take_string (self, &self->origin, wf_uri_get_origin (uri), WF_SIGNIN_PROP_ORIGIN);
  wf_signin_view_take_string (self, &self->host, wf_uri_get_display_host (uri), WF_SIGNIN_PROP_HOST);
}

void
wf_signin_view_capture (WfSigninView *self,
         const char   *uri)
{
  /* A code is in it. */
  g_autoptr (WfWipedString) redirect = g_strdup (uri);
  g_autoptr (WfSigninView) hold = g_object_ref (self);

  if (finish (self))
    g_signal_emit (self, signals[SIGNAL_REDIRECTED], 0, redirect);
}

void
wf_signin_view_fail (WfSigninView *self,
      GError       *error)
{
  g_autoptr (GError) owned = error;
  g_autoptr (WfSigninView) hold = g_object_ref (self);

  if (finish (self))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, owned);
}

void
wf_signin_view_dismiss (WfSigninView *self)
{
  g_autoptr (WfSigninView) hold = g_object_ref (self);

  if (finish (self))
    g_signal_emit (self, signals[SIGNAL_DISMISSED], 0);
}
