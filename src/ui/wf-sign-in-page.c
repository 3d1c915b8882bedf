/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sign-in-page.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-host.h"
#include "wf-launch.h"
#include "wf-loopback-listener.h"
#include "wf-notice.h"
#include "wf-sign-in-failure.h"
#include "wf-sign-in-module.h"
#include "wf-sign-in-title.h"
#include "wf-uri.h"

#define ZOOM_STEP 1.2

struct _WfSignInPage
{
  AdwBin                  parent_instance;

  GtkButton              *back;
  GtkStack               *title_stack;
  AdwWindowTitle         *title;
  AdwSqueezer            *squeezer;
  WfSignInTitle          *view_title;
  WfSignInTitle          *bar_title; /* the same, below the header bar of a narrow window */
  GtkMenuButton          *menu;
  GtkProgressBar         *progress;
  WfNotice               *notice;
  GtkStack               *stack;
  GtkLabel               *activity;
  GtkSpinner             *spinner;
  GtkOverlay             *view_overlay;
  GtkWidget              *view_cover;
  GtkSpinner             *view_spinner;
  AdwStatusPage          *browser;
  GtkWidget              *copy_address;
  GtkLabel               *redirect_hint;
  WfSignInFailure        *failure;

  WfSession              *session;
  WfAuthorizationRequest *request;
  GCancellable           *cancellable; /* of this attempt */
  GtkWidget              *view;        /* the module's */
  WfLoopbackListener     *listener;
  gboolean                use_browser;
  gboolean                finished;
};

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfSignInPage, wf_sign_in_page, ADW_TYPE_BIN)

static void begin_attempt (WfSignInPage *self,
                           gboolean      use_browser);

/* Showing */

/* The address is always in sight: in the header bar, or below it. */
static void
on_squeezed (WfSignInPage *self)
{
  gboolean squeezed = adw_squeezer_get_visible_child (self->squeezer) != GTK_WIDGET (self->view_title);

  gtk_widget_set_visible (GTK_WIDGET (self->bar_title), self->view && squeezed);
}

static void
show_page (WfSignInPage *self,
           const char   *name)
{
  gboolean viewing = g_str_equal (name, "view");
  gboolean working = g_str_equal (name, "working");

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_stack_set_visible_child_name (self->title_stack, viewing ? "view" : "plain");
  gtk_widget_set_visible (GTK_WIDGET (self->menu), viewing);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), viewing);
  gtk_spinner_set_spinning (self->spinner, working);
  on_squeezed (self);
  if (!viewing)
    wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
}

static void
update_activity (WfSignInPage *self)
{
  const char *activity = wf_session_get_activity (self->session);

  gtk_label_set_label (self->activity, activity ? activity : "");
}

static void
update_name (WfSignInPage *self)
{
  adw_window_title_set_subtitle (self->title, wf_session_get_account (self->session)->name);
}

static void
enable_actions (WfSignInPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean viewing = self->view != NULL;
  gboolean can_go_back = FALSE;

  if (self->view)
    g_object_get (self->view, "can-go-back", &can_go_back, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->back), can_go_back);
  gtk_widget_action_set_enabled (widget, "sign-in.back", can_go_back);
  gtk_widget_action_set_enabled (widget, "sign-in.reload", viewing);
  gtk_widget_action_set_enabled (widget, "sign-in.zoom-in", viewing);
  gtk_widget_action_set_enabled (widget, "sign-in.zoom-out", viewing);
  gtk_widget_action_set_enabled (widget, "sign-in.zoom-normal", viewing);
  gtk_widget_action_set_enabled (widget, "sign-in.copy-address", self->listener && self->request);
  gtk_widget_action_set_enabled (widget, "sign-in.open-address", self->listener && self->request);
}

static void
update_progress (WfSignInPage *self)
{
  double progress;
  gboolean loading;

  g_object_get (self->view, "progress", &progress, "loading", &loading, NULL);
  gtk_progress_bar_set_fraction (self->progress, loading ? progress : 0.0);
}

/* Until the first page is there, a spinner rather than a white sheet. */
static void
update_ready (WfSignInPage *self)
{
  gboolean ready;

  g_object_get (self->view, "ready", &ready, NULL);
  gtk_widget_set_visible (self->view_cover, !ready);
  gtk_spinner_set_spinning (self->view_spinner, !ready);
  if (ready)
    gtk_widget_grab_focus (self->view);
}

/* Some providers refuse a sign-in view, and some want a Kerberos ticket: their page says it in its way. */
static void
update_status (WfSignInPage *self)
{
  g_autofree char *host = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *details = NULL;
  guint status;

  g_object_get (self->view, "status", &status, "host", &host, NULL);
  if (status < 400)
    {
      wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
      return;
    }
  /* Translators: %s is a host name. */
  sentence = g_strdup_printf (_("%s refuses to show its page. It may not accept a sign-in window; your browser may work."),
                              host ? host : "");
  /* Translators: a dimmed line below a sentence; %u is a status of HTTP such as 403. */
  details = g_strdup_printf (_("HTTP status %u"), status);
  wf_notice_show (self->notice, sentence, details, _("Open in Browser"), "sign-in.use-browser");
}

/* One attempt */

static void
drop_view (WfSignInPage *self)
{
  if (!self->view)
    return;
  g_signal_handlers_disconnect_by_data (self->view, self);
  wf_sign_in_title_set_view (self->view_title, NULL);
  wf_sign_in_title_set_view (self->bar_title, NULL);
  gtk_overlay_set_child (self->view_overlay, NULL);
  self->view = NULL;
}

/* Ends what is under way; its late answers are not heard. */
static void
drop_attempt (WfSignInPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_view (self);
  if (self->listener)
    wf_loopback_listener_close (self->listener);
  g_clear_object (&self->listener);
  g_clear_pointer (&self->request, wf_authorization_request_unref);
}

static void
finish (WfSignInPage *self,
        gboolean      success)
{
  if (self->finished)
    return;
  self->finished = TRUE;
  drop_attempt (self);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0, success);
}

static void
fail (WfSignInPage *self,
      const GError *error)
{
  /* The attempt may own it. */
  g_autoptr (GError) kept = g_error_copy (error);

  drop_attempt (self);
  wf_session_cancel_sign_in (self->session, kept);
  show_page (self, "failure");
  enable_actions (self);
  wf_sign_in_failure_show (self->failure, kept, wf_session_get_account (self->session)->issuer);
}

static gboolean
is_late (WfSignInPage *self,
         GAsyncResult *result)
{
  return self->finished || g_task_get_cancellable (G_TASK (result)) != self->cancellable;
}

static void
on_completed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (WfSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = wf_session_complete_sign_in_finish (WF_SESSION (source), result, &error);

  if (is_late (self, result))
    return;
  if (done)
    finish (self, TRUE);
  else
    fail (self, error);
}

static void
complete (WfSignInPage *self,
          const char   *redirect)
{
  /* The view is gone before anything is asked of the network. */
  show_page (self, "working");
  wf_session_complete_sign_in_async (self->session, self->request, redirect, self->cancellable,
                                     on_completed, g_object_ref (self));
  drop_view (self);
  enable_actions (self);
}

/* In the window */

static void
on_redirected (GtkWidget    *view,
               const char   *uri,
               WfSignInPage *self)
{
  g_autoptr (GtkWidget) kept = g_object_ref (view);

  complete (self, uri);
}

static void
on_view_failed (GtkWidget    *view,
                const GError *error,
                WfSignInPage *self)
{
  g_autoptr (GtkWidget) kept = g_object_ref (view);

  fail (self, error);
}

static void
on_dismissed (GtkWidget    *view,
              WfSignInPage *self)
{
  g_autoptr (GtkWidget) kept = g_object_ref (view);

  wf_sign_in_page_cancel (self);
}

static void
on_module_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (WfSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  WfCreateSignInViewFunc create_view = wf_sign_in_module_load_finish (result, &error);

  if (is_late (self, result))
    return;
  if (!create_view)
    {
      fail (self, error);
      return;
    }
  self->view = create_view (self->request, wf_sign_in_module_make_settings (wf_session_get_account (self->session)));
  g_signal_connect_object (self->view, "redirected", G_CALLBACK (on_redirected), self, 0);
  g_signal_connect_object (self->view, "failed", G_CALLBACK (on_view_failed), self, 0);
  g_signal_connect_object (self->view, "dismissed", G_CALLBACK (on_dismissed), self, 0);
  g_signal_connect_object (self->view, "notify::progress", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::loading", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::can-go-back", G_CALLBACK (enable_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::ready", G_CALLBACK (update_ready), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "notify::status", G_CALLBACK (update_status), self, G_CONNECT_SWAPPED);
  wf_sign_in_title_set_view (self->view_title, self->view);
  wf_sign_in_title_set_view (self->bar_title, self->view);
  gtk_overlay_set_child (self->view_overlay, self->view);
  /* Translators: what a screen reader calls the web page of the provider in the window */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sign-in page"), -1);
  update_ready (self);
  update_progress (self);
  enable_actions (self);
  show_page (self, "view");
}

/* In the browser */

static void
on_browser_opened (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (WfSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (wf_launch_finish (result, &error) || self->finished || !self->listener)
    return;
  gtk_widget_add_css_class (self->copy_address, "suggested-action");
  adw_status_page_set_title (self->browser, _("Open the address in your browser"));
  adw_status_page_set_description (self->browser,
                                   _("Your browser could not be opened from here. Copy the address and open it "
                                     "yourself; Warifu goes on when you have signed in."));
}

static void
open_browser (WfSignInPage *self)
{
  wf_launch_async (GTK_WIDGET (self), wf_authorization_request_get_uri (self->request), self->cancellable,
                   on_browser_opened, g_object_ref (self));
}

static void
on_redirect_received (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (WfSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfWipedString) uri = NULL;

  uri = wf_loopback_listener_wait_finish (WF_LOOPBACK_LISTENER (source), result, &error);
  if (is_late (self, result))
    return;
  if (uri)
    complete (self, uri);
  else
    fail (self, error);
}

static void
wait_for_browser (WfSignInPage *self)
{
  g_autofree char *hint = NULL;

  /* Translators: %s is an address. */
  hint = g_strdup_printf (_("Your provider's settings must allow the redirect URI %s"),
                          wf_authorization_request_get_redirect_uri (self->request));
  gtk_label_set_label (self->redirect_hint, hint);
  gtk_widget_remove_css_class (self->copy_address, "suggested-action");
  adw_status_page_set_title (self->browser, _("Continue in your browser"));
  adw_status_page_set_description (self->browser, _("Sign in there. Warifu goes on by itself."));
  show_page (self, "browser");
  enable_actions (self);
  wf_loopback_listener_wait_async (self->listener, self->cancellable, on_redirect_received, g_object_ref (self));
  open_browser (self);
}

static gboolean
listen_for_browser (WfSignInPage *self,
                    GError      **error)
{
  const WfAccount *account = wf_session_get_account (self->session);
  gboolean own = account->redirect_uri && wf_uri_is_loopback_redirect (account->redirect_uri);

  self->listener = wf_loopback_listener_new (own ? account->redirect_uri : WF_REDIRECT_URI_BROWSER, error);
  return self->listener != NULL;
}

static void
on_begun (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (WfSignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfAuthorizationRequest) request = NULL;

  request = wf_session_begin_sign_in_finish (WF_SESSION (source), result, &error);
  if (is_late (self, result))
    {
      /* It had begun before it heard that nobody waits. */
      if (!self->cancellable)
        wf_session_cancel_sign_in (WF_SESSION (source), NULL);
      return;
    }
  if (!request)
    {
      fail (self, error);
      return;
    }
  self->request = g_steal_pointer (&request);
  if (self->use_browser)
    wait_for_browser (self);
  else
    wf_sign_in_module_load_async (self->cancellable, on_module_loaded, g_object_ref (self));
}

static void
begin_attempt (WfSignInPage *self,
               gboolean      use_browser)
{
  g_autoptr (GError) error = NULL;

  drop_attempt (self);
  self->cancellable = g_cancellable_new ();
  self->use_browser = use_browser;
  show_page (self, "working");
  enable_actions (self);
  if (use_browser && !listen_for_browser (self, &error))
    {
      fail (self, error);
      return;
    }
  /* It loads while the provider is asked for its endpoints. */
  if (!use_browser)
    wf_sign_in_module_load_async (NULL, NULL, NULL);
  wf_session_begin_sign_in_async (self->session,
                                  use_browser ? wf_loopback_listener_get_redirect_uri (self->listener) : NULL,
                                  self->cancellable, on_begun, g_object_ref (self));
}

/* Actions */

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  wf_sign_in_page_cancel (WF_SIGN_IN_PAGE (widget));
}

static void
try_again_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  WfSignInPage *self = WF_SIGN_IN_PAGE (widget);

  begin_attempt (self, self->use_browser);
}

/* Wherever the focus is, also where it is nowhere because what had it went. A page that wants Escape has it first. */
static gboolean
on_escape (GtkWidget *widget,
           GVariant  *parameter,
           gpointer   user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return GDK_EVENT_PROPAGATE;
  wf_sign_in_page_cancel (WF_SIGN_IN_PAGE (widget));
  return GDK_EVENT_STOP;
}

static void
add_escape (WfSignInPage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* A new attempt, with a state and a verifier of its own. */
static void
use_browser_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  WfSignInPage *self = WF_SIGN_IN_PAGE (widget);

  drop_attempt (self);
  wf_session_cancel_sign_in (self->session, NULL);
  begin_attempt (self, TRUE);
}

static void
view_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfSignInPage *self = WF_SIGN_IN_PAGE (widget);

  if (!self->view)
    return;
  if (g_str_equal (name, "sign-in.back"))
    g_signal_emit_by_name (self->view, "go-back");
  else if (g_str_equal (name, "sign-in.reload"))
    g_signal_emit_by_name (self->view, "reload");
  else if (g_str_equal (name, "sign-in.zoom-in"))
    g_signal_emit_by_name (self->view, "zoom", ZOOM_STEP);
  else if (g_str_equal (name, "sign-in.zoom-out"))
    g_signal_emit_by_name (self->view, "zoom", 1.0 / ZOOM_STEP);
  else if (g_str_equal (name, "sign-in.zoom-normal"))
    g_signal_emit_by_name (self->view, "zoom", 0.0);
}

static void
copy_address_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  WfSignInPage *self = WF_SIGN_IN_PAGE (widget);
  WfHost *host = wf_host_of (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), wf_authorization_request_get_uri (self->request));
  wf_host_toast (host, _("Address copied"));
}

static void
open_address_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  open_browser (WF_SIGN_IN_PAGE (widget));
}

/* Object */

static void
wf_sign_in_page_dispose (GObject *object)
{
  WfSignInPage *self = WF_SIGN_IN_PAGE (object);

  self->finished = TRUE;
  if (self->session)
    {
      drop_attempt (self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_clear_object (&self->session);

  G_OBJECT_CLASS (wf_sign_in_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, back);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, title_stack);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, title);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, squeezer);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, view_title);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, bar_title);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, menu);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, progress);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, notice);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, activity);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, view_overlay);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, view_cover);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, view_spinner);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, browser);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, copy_address);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, redirect_hint);
  gtk_widget_class_bind_template_child (widget_class, WfSignInPage, failure);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "sign-in.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "sign-in.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "sign-in.use-browser", NULL, use_browser_action);
  gtk_widget_class_install_action (widget_class, "sign-in.back", NULL, view_action);
  gtk_widget_class_install_action (widget_class, "sign-in.reload", NULL, view_action);
  gtk_widget_class_install_action (widget_class, "sign-in.zoom-in", NULL, view_action);
  gtk_widget_class_install_action (widget_class, "sign-in.zoom-out", NULL, view_action);
  gtk_widget_class_install_action (widget_class, "sign-in.zoom-normal", NULL, view_action);
  gtk_widget_class_install_action (widget_class, "sign-in.copy-address", NULL, copy_address_action);
  gtk_widget_class_install_action (widget_class, "sign-in.open-address", NULL, open_address_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "sign-in.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "sign-in.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "sign-in.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_plus, GDK_CONTROL_MASK, "sign-in.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_equal, GDK_CONTROL_MASK, "sign-in.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Add, GDK_CONTROL_MASK, "sign-in.zoom-in", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_minus, GDK_CONTROL_MASK, "sign-in.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "sign-in.zoom-out", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0, GDK_CONTROL_MASK, "sign-in.zoom-normal", NULL);
}

static void
wf_sign_in_page_class_init (WfSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_sign_in_page_dispose;

  signals[SIGNAL_FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  g_type_ensure (WF_TYPE_NOTICE);
  g_type_ensure (WF_TYPE_SIGN_IN_FAILURE);
  g_type_ensure (WF_TYPE_SIGN_IN_TITLE);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_squeezed);
  install_actions (widget_class);
}

static void
wf_sign_in_page_init (WfSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_escape (self);
}

GtkWidget *
wf_sign_in_page_new (void)
{
  return g_object_new (WF_TYPE_SIGN_IN_PAGE, NULL);
}

void
wf_sign_in_page_start (WfSignInPage *self,
                       WfSession    *session,
                       gboolean      use_browser)
{
  g_return_if_fail (WF_IS_SIGN_IN_PAGE (self));
  g_return_if_fail (WF_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::activity", G_CALLBACK (update_activity), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::name", G_CALLBACK (update_name), self, G_CONNECT_SWAPPED);
  update_name (self);
  update_activity (self);
  begin_attempt (self, use_browser);
}

void
wf_sign_in_page_cancel (WfSignInPage *self)
{
  g_autoptr (WfSignInPage) kept = NULL;

  g_return_if_fail (WF_IS_SIGN_IN_PAGE (self));

  kept = g_object_ref (self);
  if (self->finished)
    return;
  drop_attempt (self);
  if (self->session)
    wf_session_cancel_sign_in (self->session, NULL);
  finish (self, FALSE);
}
