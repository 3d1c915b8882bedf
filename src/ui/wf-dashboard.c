/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-dashboard.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-account-actions.h"
#include "wf-flow-page.h"
#include "wf-history-page.h"
#include "wf-overview-page.h"
#include "wf-tokens-page.h"

/* From these widths on the header has room for the switcher, and for icons and labels side by side. */
#define NARROW 460
#define WIDE 690
#define SIDEBAR 241

struct _WfDashboard
{
  GtkBox                parent_instance;

  AdwHeaderBar         *header;
  GtkButton            *back_button;
  GtkMenuButton        *menu_button;
  AdwSqueezer          *squeezer;
  AdwViewSwitcher      *switcher;
  AdwWindowTitle       *title;
  AdwViewSwitcherBar   *bar;
  AdwViewStack         *stack;
  AdwBin               *overview;
  AdwBin               *tokens;
  AdwBin               *flow;
  AdwBin               *history;

  WfSession            *session;
  gboolean              folded;
};

G_DEFINE_FINAL_TYPE (WfDashboard, wf_dashboard, GTK_TYPE_BOX)

enum
{
  PROP_FOLDED = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
make_page (WfDashboard *self,
           AdwBin      *bin)
{
  if (bin == self->overview)
    return wf_overview_page_new ();
  if (bin == self->tokens)
    return wf_tokens_page_new ();
  if (bin == self->flow)
    return wf_flow_page_new ();
  return wf_history_page_new ();
}

/* Pages that are not on screen hear of another account when they come back. */
static void
fill_page (WfDashboard *self,
           AdwBin      *bin)
{
  GtkWidget *page = adw_bin_get_child (bin);

  if (!page)
    {
      page = make_page (self, bin);
      adw_bin_set_child (bin, page);
    }
  g_object_set (page, "session", self->session, NULL);
}

static void
on_visible_child (WfDashboard *self)
{
  GtkWidget *visible = adw_view_stack_get_visible_child (self->stack);

  if (visible && self->session)
    fill_page (self, ADW_BIN (visible));
}

static void
update_title (WfDashboard *self)
{
  adw_window_title_set_title (self->title, self->session ? wf_session_get_account (self->session)->name : "");
}

/* One switcher is there at a time, in the header or below: AdwViewSwitcherTitle leaves three in the tree of
 * accessible objects, of which two do nothing. */
static void
update_layout (WfDashboard *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native ? gtk_native_get_surface (native) : NULL;
  int width = surface ? gdk_surface_get_width (surface) : WIDE;
  gboolean below;

  if (!self->folded)
    width -= SIDEBAR;
  below = width < NARROW;
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), self->folded);
  gtk_widget_set_visible (GTK_WIDGET (self->squeezer), !below);
  gtk_widget_set_visible (GTK_WIDGET (self->title), below);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), below);
  adw_header_bar_set_show_start_title_buttons (self->header, self->folded);
  adw_view_switcher_set_policy (self->switcher,
                                width < WIDE ? ADW_VIEW_SWITCHER_POLICY_NARROW : ADW_VIEW_SWITCHER_POLICY_WIDE);
}

static void
wf_dashboard_realize (GtkWidget *widget)
{
  GdkSurface *surface;

  GTK_WIDGET_CLASS (wf_dashboard_parent_class)->realize (widget);
  surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  g_signal_connect_object (surface, "notify::width", G_CALLBACK (update_layout), widget, G_CONNECT_SWAPPED);
  update_layout (WF_DASHBOARD (widget));
}

static void
wf_dashboard_unrealize (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_data (gtk_native_get_surface (gtk_widget_get_native (widget)), widget);
  GTK_WIDGET_CLASS (wf_dashboard_parent_class)->unrealize (widget);
}

static void
wf_dashboard_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, WF_DASHBOARD (object)->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_dashboard_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  WfDashboard *self = WF_DASHBOARD (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      if (self->folded == g_value_get_boolean (value))
        return;
      self->folded = g_value_get_boolean (value);
      update_layout (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_dashboard_dispose (GObject *object)
{
  WfDashboard *self = WF_DASHBOARD (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wf_dashboard_parent_class)->dispose (object);
}

static void
wf_dashboard_class_init (WfDashboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_dashboard_get_property;
  object_class->set_property = wf_dashboard_set_property;
  object_class->dispose = wf_dashboard_dispose;
  widget_class->realize = wf_dashboard_realize;
  widget_class->unrealize = wf_dashboard_unrealize;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-dashboard.ui");
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, header);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, back_button);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, menu_button);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, squeezer);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, switcher);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, title);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, bar);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, stack);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, overview);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, tokens);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, flow);
  gtk_widget_class_bind_template_child (widget_class, WfDashboard, history);
  gtk_widget_class_bind_template_callback (widget_class, on_visible_child);
}

static void
wf_dashboard_init (WfDashboard *self)
{
  g_autoptr (GMenuModel) menu = wf_account_actions_make_menu ();

  gtk_widget_init_template (GTK_WIDGET (self));
  update_layout (self);
  gtk_menu_button_set_menu_model (self->menu_button, menu);
}

void
wf_dashboard_set_session (WfDashboard *self,
                          WfSession   *session)
{
  AdwBin *bins[] = { self->overview, self->tokens, self->flow, self->history };

  g_return_if_fail (WF_IS_DASHBOARD (self));

  if (self->session == session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session)
    g_signal_connect_object (session, "notify::name", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (bins); i++)
    if (adw_bin_get_child (bins[i]))
      g_object_set (adw_bin_get_child (bins[i]), "session", NULL, NULL);
  update_title (self);
  on_visible_child (self);
}

void
wf_dashboard_show_page (WfDashboard *self,
                        const char  *name)
{
  g_return_if_fail (WF_IS_DASHBOARD (self));

  if (adw_view_stack_get_child_by_name (self->stack, name))
    adw_view_stack_set_visible_child_name (self->stack, name);
}

gboolean
wf_dashboard_search (WfDashboard *self)
{
  GtkWidget *visible = adw_view_stack_get_visible_child (self->stack);
  GtkWidget *page = visible ? adw_bin_get_child (ADW_BIN (visible)) : NULL;

  g_return_val_if_fail (WF_IS_DASHBOARD (self), FALSE);

  return page && gtk_widget_get_mapped (page) && wf_page_search (WF_PAGE (page));
}
