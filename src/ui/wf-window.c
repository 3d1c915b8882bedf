/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-window.h"

#include <glib/gi18n-lib.h>

#include "wf-account-actions.h"
#include "wf-account-editor.h"
#include "wf-account-import.h"
#include "wf-account-problems.h"
#include "wf-dashboard.h"
#include "wf-drop.h"
#include "wf-host.h"
#include "wf-settings.h"
#include "wf-sidebar.h"
#include "wf-sign-in-page.h"
#include "wf-stack.h"

#define UI_PATH "/io/github/warifu/Warifu/ui/"

struct _WfWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay     *toasts;
  GtkWidget           *drop_sign;
  GtkStack            *root_stack;
  AdwLeaflet          *leaflet; /* this and the next three: NULL until there is an account */
  WfSidebar           *sidebar;
  GtkStack            *content;
  WfDashboard         *dashboard;

  WfEngine            *engine;
  GSettings           *settings;
  WfSession           *session;
  WfAccountActions    *actions;
  GHashTable          *sign_ins;  /* WfSession -> WfSignInPage, in the content stack */
  WfAccountActions    *menu_actions;
  GPtrArray           *imports; /* (nullable) (element-type GFile): that wait until the accounts are loaded */
  gboolean             loaded;
};

/* Below it a window has the titles and the margins of a telephone (style.css). Its shadows count too. */
#define NARROW 480

static void wf_window_host_init (WfHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfWindow, wf_window, ADW_TYPE_APPLICATION_WINDOW,
                               G_IMPLEMENT_INTERFACE (WF_TYPE_HOST, wf_window_host_init))

static void
update_title (WfWindow *self)
{
  const char *name = self->session ? wf_session_get_account (self->session)->name : NULL;
  g_autofree char *title = NULL;

  /* Translators: the window's title; %s is the name of an account */
  title = name ? g_strdup_printf (_("%s – Warifu"), name) : g_strdup ("Warifu");
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
update_content (WfWindow *self)
{
  GtkWidget *page = self->session ? g_hash_table_lookup (self->sign_ins, self->session) : NULL;

  gtk_stack_set_visible_child (self->content, page ? page : GTK_WIDGET (self->dashboard));
}

static gboolean
is_listed (WfWindow  *self,
           WfSession *session)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->engine));

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (WfSession) item = g_list_model_get_item (G_LIST_MODEL (self->engine), i);

      if (item == session)
        return TRUE;
    }
  return FALSE;
}

static void
remove_sign_in (WfWindow  *self,
                WfSession *session)
{
  GtkWidget *page = g_hash_table_lookup (self->sign_ins, session);

  if (!page)
    return;
  g_hash_table_remove (self->sign_ins, session);
  update_content (self);
  gtk_stack_remove (self->content, page);
}

static void
on_folded (WfWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  g_object_set (self->sidebar, "folded", folded, NULL);
  g_object_set (self->dashboard, "folded", folded, NULL);
}

static void
on_selected (WfWindow  *self,
             WfSession *session)
{
  wf_window_select (self, session);
}

static void
on_activated (WfWindow  *self,
              WfSession *session)
{
  wf_window_select (self, session);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
on_menu_closed (GtkPopover *popover)
{
  /* The item that was chosen is activated after the menu has closed. */
  g_object_ref (popover);
  g_idle_add_once ((GSourceOnceFunc) gtk_widget_unparent, popover);
  g_idle_add_once ((GSourceOnceFunc) g_object_unref, popover);
}

static void
on_context_menu (WfWindow     *self,
                 WfSession    *session,
                 GtkWidget    *row,
                 GdkRectangle *place)
{
  g_autoptr (GMenuModel) model = wf_account_actions_make_menu ();
  GtkWidget *popover = gtk_popover_menu_new_from_model (model);

  g_clear_object (&self->menu_actions);
  self->menu_actions = wf_account_actions_new (WF_HOST (self), session);
  gtk_widget_insert_action_group (popover, "account", wf_account_actions_get_group (self->menu_actions));
  gtk_widget_set_parent (popover, row);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), place);
  g_signal_connect (popover, "closed", G_CALLBACK (on_menu_closed), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

/* What the window is made of comes when it is needed: the window itself is on screen before the accounts are
 * read, and most never see the welcome. */
static void
ensure_main (WfWindow *self)
{
  g_autoptr (GtkBuilder) builder = NULL;

  if (self->leaflet)
    return;
  builder = gtk_builder_new_from_resource (UI_PATH "wf-window-main.ui");
  self->leaflet = ADW_LEAFLET (gtk_builder_get_object (builder, "leaflet"));
  self->sidebar = WF_SIDEBAR (gtk_builder_get_object (builder, "sidebar"));
  self->content = GTK_STACK (gtk_builder_get_object (builder, "content"));
  self->dashboard = WF_DASHBOARD (gtk_builder_get_object (builder, "dashboard"));
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (on_folded), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "activated", G_CALLBACK (on_activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sidebar, "menu", G_CALLBACK (on_context_menu), self, G_CONNECT_SWAPPED);
  wf_sidebar_set_engine (self->sidebar, self->engine);
  gtk_stack_add_named (self->root_stack, GTK_WIDGET (self->leaflet), "main");
  on_folded (self);
}

static void
ensure_welcome (WfWindow *self)
{
  g_autoptr (GtkBuilder) builder = NULL;

  if (gtk_stack_get_child_by_name (self->root_stack, "welcome"))
    return;
  g_type_ensure (WF_TYPE_ACCOUNT_PROBLEMS);
  builder = gtk_builder_new_from_resource (UI_PATH "wf-window-welcome.ui");
  wf_account_problems_set_store (WF_ACCOUNT_PROBLEMS (gtk_builder_get_object (builder, "problems")),
                                 wf_engine_get_store (self->engine));
  gtk_stack_add_named (self->root_stack, GTK_WIDGET (gtk_builder_get_object (builder, "welcome")), "welcome");
}

static void
update_root (WfWindow *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->engine)) == 0;

  if (!self->loaded)
    return;
  if (empty)
    ensure_welcome (self);
  else
    ensure_main (self);
  wf_stack_show (self->root_stack, empty ? "welcome" : "main");
}

static void
on_items_changed (WfWindow *self)
{
  g_autoptr (WfSession) first = NULL;
  GHashTableIter iter;
  gpointer session;

  if (!self->loaded)
    return;
  g_hash_table_iter_init (&iter, self->sign_ins);
  while (g_hash_table_iter_next (&iter, &session, NULL))
    if (!is_listed (self, session))
      {
        /* The page says that it is finished, and is removed then. */
        wf_sign_in_page_cancel (g_hash_table_lookup (self->sign_ins, session));
        break;
      }
  if (!self->session || !is_listed (self, self->session))
    {
      first = g_list_model_get_item (G_LIST_MODEL (self->engine), 0);
      wf_window_select (self, first);
    }
  update_root (self);
}

static void
on_sign_in_finished (WfSignInPage *page,
                     gboolean      success,
                     WfWindow     *self)
{
  g_autoptr (WfSession) session = g_object_ref (g_object_get_data (G_OBJECT (page), "session"));
  g_autoptr (WfSignInPage) kept = g_object_ref (page);

  remove_sign_in (self, session);
  if (success && session == self->session)
    {
      wf_dashboard_show_page (self->dashboard, "overview");
      adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
    }
  else if (success)
    {
      g_autofree char *text = NULL;

      /* Translators: %s is the name of an account */
      text = g_strdup_printf (_("Signed in to “%s”"), wf_session_get_account (session)->name);
      wf_host_toast (WF_HOST (self), text);
    }
}

static void
on_added (GtkWidget *editor,
          WfSession *session,
          WfWindow  *self)
{
  wf_window_select (self, session);
  wf_host_sign_in (WF_HOST (self), session, FALSE);
}

static void
show_page_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  WfWindow *self = WF_WINDOW (widget);

  if (!self->leaflet)
    return;
  wf_dashboard_show_page (self->dashboard, g_variant_get_string (parameter, NULL));
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
search_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  WfWindow *self = WF_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!g_str_equal (gtk_stack_get_visible_child_name (self->root_stack), "main"))
    return;
  /* Among the accounts it searches accounts, on a page what is there. */
  if (!(focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar))) && wf_dashboard_search (self->dashboard))
    return;
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  wf_sidebar_toggle_search (self->sidebar);
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfWindow *self = WF_WINDOW (widget);

  if (self->leaflet)
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
add_account_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  wf_window_add_account (WF_WINDOW (widget));
}

static void
import_account_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  wf_account_import_choose (WF_HOST (widget));
}

static void
save_size (WfWindow *self)
{
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  int width, height;

  wf_settings_set_boolean (self->settings, "window-maximized", maximized);
  if (maximized)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  wf_settings_set_int (self->settings, "window-width", width);
  wf_settings_set_int (self->settings, "window-height", height);
}

static void
restore_size (WfWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               MAX (360, wf_settings_get_int (self->settings, "window-width", 1000)),
                               MAX (294, wf_settings_get_int (self->settings, "window-height", 680)));
  if (wf_settings_get_boolean (self->settings, "window-maximized", FALSE))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
cancel_sign_ins (WfWindow *self)
{
  g_autoptr (GList) pages = g_hash_table_get_values (self->sign_ins);

  for (GList *link = pages; link; link = link->next)
    wf_sign_in_page_cancel (link->data);
}

static gboolean
wf_window_close_request (GtkWindow *window)
{
  WfWindow *self = WF_WINDOW (window);

  save_size (self);
  cancel_sign_ins (self);
  return GTK_WINDOW_CLASS (wf_window_parent_class)->close_request (window);
}

static WfEngine *
wf_window_get_engine (WfHost *host)
{
  return WF_WINDOW (host)->engine;
}

static GSettings *
wf_window_get_settings (WfHost *host)
{
  return WF_WINDOW (host)->settings;
}

static void
wf_window_toast (WfHost     *host,
                 WfSession  *session,
                 const char *text)
{
  /* A toast's title is markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (session)
    g_signal_connect_object (session, "notify::state", G_CALLBACK (adw_toast_dismiss), toast, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (WF_WINDOW (host)->toasts, toast);
}

static void
wf_window_select_session (WfHost    *host,
                          WfSession *session)
{
  wf_window_select (WF_WINDOW (host), session);
}

static void
wf_window_edit_account (WfHost    *host,
                        WfSession *session)
{
  WfWindow *self = WF_WINDOW (host);
  GtkWidget *editor;

  editor = wf_account_editor_new (self->engine, session);
  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (editor));
}

static void
wf_window_sign_in (WfHost    *host,
                   WfSession *session,
                   gboolean   use_browser)
{
  WfWindow *self = WF_WINDOW (host);
  GtkWidget *page;

  wf_window_select (self, session);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  if (g_hash_table_contains (self->sign_ins, session))
    return;
  page = wf_sign_in_page_new ();
  g_object_set_data_full (G_OBJECT (page), "session", g_object_ref (session), g_object_unref);
  g_signal_connect_object (page, "finished", G_CALLBACK (on_sign_in_finished), self, 0);
  gtk_stack_add_child (self->content, page);
  g_hash_table_insert (self->sign_ins, g_object_ref (session), page);
  update_content (self);
  wf_sign_in_page_start (WF_SIGN_IN_PAGE (page), session, use_browser);
}

static void
wf_window_host_init (WfHostInterface *iface)
{
  iface->get_engine = wf_window_get_engine;
  iface->get_settings = wf_window_get_settings;
  iface->toast = wf_window_toast;
  iface->select = wf_window_select_session;
  iface->edit_account = wf_window_edit_account;
  iface->sign_in = wf_window_sign_in;
}

static void
wf_window_dispose (GObject *object)
{
  WfWindow *self = WF_WINDOW (object);

  g_hash_table_remove_all (self->sign_ins);
  g_clear_pointer (&self->imports, g_ptr_array_unref);
  g_clear_object (&self->menu_actions);
  g_clear_object (&self->actions);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (wf_window_parent_class)->dispose (object);
}

static void
on_surface_width (WfWindow   *self,
                  GParamSpec *pspec,
                  GdkSurface *surface)
{
  if (gdk_surface_get_width (surface) < NARROW)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
}

static void
wf_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wf_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::width",
                           G_CALLBACK (on_surface_width), widget, G_CONNECT_SWAPPED);
}

static void
wf_window_finalize (GObject *object)
{
  g_hash_table_unref (WF_WINDOW (object)->sign_ins);
  G_OBJECT_CLASS (wf_window_parent_class)->finalize (object);
}

static void
wf_window_class_init (WfWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wf_window_dispose;
  object_class->finalize = wf_window_finalize;
  widget_class->realize = wf_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = wf_window_close_request;

  gtk_widget_class_install_action (widget_class, "win.page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.add-account", NULL, add_account_action);
  gtk_widget_class_install_action (widget_class, "win.import-account", NULL, import_account_action);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WfWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, WfWindow, drop_sign);
  gtk_widget_class_bind_template_child (widget_class, WfWindow, root_stack);

  g_type_ensure (WF_TYPE_SIDEBAR);
  g_type_ensure (WF_TYPE_DASHBOARD);
}

static void
wf_window_init (WfWindow *self)
{
  self->sign_ins = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_icon_name (APPLICATION_ID);
#ifdef WF_DEVELOPMENT
  gtk_widget_add_css_class (GTK_WIDGET (self), "devel");
#endif
}

WfWindow *
wf_window_new (GtkApplication *application,
               WfEngine       *engine,
               GSettings      *settings)
{
  WfWindow *self = g_object_new (WF_TYPE_WINDOW, "application", application, NULL);

  self->engine = g_object_ref (engine);
  g_set_object (&self->settings, settings);
  restore_size (self);
  g_signal_connect_object (engine, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  return self;
}

void
wf_window_set_loaded (WfWindow *self)
{
  g_return_if_fail (WF_IS_WINDOW (self));

  if (self->loaded)
    return;
  self->loaded = TRUE;
  on_items_changed (self);
  wf_drop_accept (WF_HOST (self), self->drop_sign);
  if (self->imports)
    wf_account_import_files (WF_HOST (self), (GFile **) self->imports->pdata, self->imports->len);
  g_clear_pointer (&self->imports, g_ptr_array_unref);
}

void
wf_window_select (WfWindow  *self,
                  WfSession *session)
{
  g_return_if_fail (WF_IS_WINDOW (self));

  if (self->session != session)
    {
      if (self->session)
        g_signal_handlers_disconnect_by_func (self->session, update_title, self);
      g_set_object (&self->session, session);
      g_clear_object (&self->actions);
      if (session)
        {
          self->actions = wf_account_actions_new (WF_HOST (self), session);
          g_signal_connect_object (session, "notify::name", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
        }
      gtk_widget_insert_action_group (GTK_WIDGET (self), "account",
                                      session ? wf_account_actions_get_group (self->actions) : NULL);
      update_title (self);
      if (session)
        ensure_main (self);
      if (self->leaflet)
        {
          wf_dashboard_set_session (self->dashboard, session);
          update_content (self);
        }
    }
  if (self->sidebar)
    wf_sidebar_select (self->sidebar, session);
}

void
wf_window_add_account (WfWindow *self)
{
  GtkWidget *editor;

  g_return_if_fail (WF_IS_WINDOW (self));

  editor = wf_account_editor_new (self->engine, NULL);
  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_WINDOW (self));
  g_signal_connect_object (editor, "saved", G_CALLBACK (on_added), self, 0);
  gtk_window_present (GTK_WINDOW (editor));
}

void
wf_window_import (WfWindow  *self,
                  GPtrArray *files)
{
  g_return_if_fail (WF_IS_WINDOW (self));

  if (self->loaded)
    {
      wf_account_import_files (WF_HOST (self), (GFile **) files->pdata, files->len);
      return;
    }
  if (!self->imports)
    self->imports = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (self->imports, g_object_ref (files->pdata[i]));
}
