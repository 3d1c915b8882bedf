/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sidebar.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-account-problems.h"
#include "wf-account-row.h"
#include "wf-stack.h"

/* UX: a search bar comes with the tenth account. */
#define SEARCH_FROM 10

struct _WfSidebar
{
  GtkBox              parent_instance;

  AdwHeaderBar       *header;
  GtkToggleButton    *search_button;
  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  GtkListView        *list;
  WfAccountProblems  *problems;

  WfEngine           *engine;
  GtkFilter          *filter;
  GtkSingleSelection *selection;
  WfSession          *shown;  /* (nullable): in the window; a search may have hidden its row */
  char               *needle;
  guint               settled; /* the source that looks once more */
  gboolean            folded;
  gboolean            selecting;
};

G_DEFINE_FINAL_TYPE (WfSidebar, wf_sidebar, GTK_TYPE_BOX)

enum
{
  PROP_FOLDED = 1,
  N_PROPS,
};

enum
{
  SELECTED,
  ACTIVATED,
  MENU,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  WfSidebar *self = user_data;
  WfAccount *account = wf_session_get_account (item);
  g_autofree char *name = NULL;

  if (!self->needle)
    return TRUE;
  name = g_utf8_casefold (account->name, -1);
  if (strstr (name, self->needle))
    return TRUE;
  return account->issuer && strstr (account->issuer, self->needle);
}

static void
update_stack (WfSidebar *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  wf_stack_show (self->stack, count == 0 && self->needle ? "nothing" : "list");
}

/* Returns: whether the row of the session that is shown is there, and is the selected one now */
static gboolean
select_shown (WfSidebar *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  gboolean found = FALSE;

  if (!self->shown || gtk_single_selection_get_selected_item (self->selection) == self->shown)
    return TRUE;
  self->selecting = TRUE;
  for (guint i = 0; i < count && !found; i++)
    {
      g_autoptr (WfSession) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (item != self->shown)
        continue;
      found = TRUE;
      gtk_single_selection_set_selected (self->selection, i);
      gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", i);
    }
  self->selecting = FALSE;
  return found;
}

static void
on_settled (gpointer user_data)
{
  WfSidebar *self = user_data;

  self->settled = 0;
  if (select_shown (self))
    return;
  /* It is another account than those that are searched for: a new one, or the next one after a removal. The bar empties
   * its entry, and so all rows are there again. */
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  select_shown (self);
}

static void
update_extras (WfSidebar *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->engine));

  gtk_widget_set_visible (GTK_WIDGET (self->search_button), count >= SEARCH_FROM);
  update_stack (self);
}

static void
on_search_changed (WfSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->needle, g_free);
  if (*text)
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  select_shown (self);
  update_stack (self);
}

static void
on_selected (WfSidebar *self)
{
  WfSession *session = gtk_single_selection_get_selected_item (self->selection);

  if (session && !self->selecting)
    g_signal_emit (self, signals[SELECTED], 0, session);
}

static void
on_activate (WfSidebar *self,
             guint      position)
{
  g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (session)
    g_signal_emit (self, signals[ACTIVATED], 0, session);
}

static void
on_search_activate (WfSidebar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    {
      gtk_single_selection_set_selected (self->selection, 0);
      on_activate (self, 0);
    }
}

static void
on_row_pressed (WfAccountRow *row,
                WfSidebar    *self)
{
  WfSession *session = wf_account_row_get_session (row);

  if (session)
    g_signal_emit (self, signals[ACTIVATED], 0, session);
}

static void
on_row_menu (WfAccountRow *row,
             double        x,
             double        y,
             WfSidebar    *self)
{
  WfSession *session = wf_account_row_get_session (row);
  GdkRectangle place = { (int) x, (int) y, 1, 1 };

  if (session)
    g_signal_emit (self, signals[MENU], 0, session, row, &place);
}

/* The menu key and Shift+F10, on the row that has the focus. */
static void
on_menu_key (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  WfSidebar *self = WF_SIDEBAR (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *row = focus ? gtk_widget_get_first_child (focus) : NULL;

  if (row && WF_IS_ACCOUNT_ROW (row))
    on_row_menu (WF_ACCOUNT_ROW (row), 24, gtk_widget_get_height (row) - 8, self);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          WfSidebar                *self)
{
  GtkWidget *row = wf_account_row_new ();

  g_signal_connect_object (row, "pressed", G_CALLBACK (on_row_pressed), self, 0);
  g_signal_connect_object (row, "menu", G_CALLBACK (on_row_menu), self, 0);
  gtk_list_item_set_child (item, row);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         WfSidebar                *self)
{
  wf_account_row_set_session (WF_ACCOUNT_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           WfSidebar                *self)
{
  wf_account_row_set_session (WF_ACCOUNT_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
wf_sidebar_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, WF_SIDEBAR (object)->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_sidebar_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  WfSidebar *self = WF_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      if (self->folded == g_value_get_boolean (value))
        return;
      self->folded = g_value_get_boolean (value);
      adw_header_bar_set_show_end_title_buttons (self->header, self->folded);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_sidebar_dispose (GObject *object)
{
  WfSidebar *self = WF_SIDEBAR (object);

  g_clear_handle_id (&self->settled, g_source_remove);
  g_clear_object (&self->shown);
  /* The filter's function borrows us. */
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (wf_sidebar_parent_class)->dispose (object);
}

static void
wf_sidebar_finalize (GObject *object)
{
  g_free (WF_SIDEBAR (object)->needle);
  G_OBJECT_CLASS (wf_sidebar_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, header);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, WfSidebar, problems);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
wf_sidebar_class_init (WfSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_sidebar_get_property;
  object_class->set_property = wf_sidebar_set_property;
  object_class->dispose = wf_sidebar_dispose;
  object_class->finalize = wf_sidebar_finalize;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (WF_TYPE_ACCOUNT_PROBLEMS);

  signals[SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, WF_TYPE_SESSION);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, WF_TYPE_SESSION);
  signals[MENU] = g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 3, WF_TYPE_SESSION, GTK_TYPE_WIDGET, GDK_TYPE_RECTANGLE);

  gtk_widget_class_install_action (widget_class, "sidebar.menu", NULL, on_menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "sidebar.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "sidebar.menu", NULL);
  bind_template (widget_class);
}

static void
wf_sidebar_init (WfSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
}

void
wf_sidebar_set_engine (WfSidebar *self,
                       WfEngine  *engine)
{
  g_autoptr (GtkFilterListModel) filtered = NULL;

  g_return_if_fail (WF_IS_SIDEBAR (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (engine)), g_object_ref (self->filter));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (filtered)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "items-changed", G_CALLBACK (update_extras), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  wf_account_problems_set_store (self->problems, wf_engine_get_store (engine));
  update_extras (self);
}

void
wf_sidebar_select (WfSidebar *self,
                   WfSession *session)
{
  g_return_if_fail (WF_IS_SIDEBAR (self));

  g_set_object (&self->shown, session);
  select_shown (self);
  /* Where the accounts are in the middle of a change, the rows have not heard of it. */
  if (self->settled == 0)
    self->settled = g_idle_add_once (on_settled, self);
}

void
wf_sidebar_toggle_search (WfSidebar *self)
{
  gboolean on;

  g_return_if_fail (WF_IS_SIDEBAR (self));

  on = gtk_search_bar_get_search_mode (self->search_bar);
  gtk_search_bar_set_search_mode (self->search_bar, !on);
  if (!on)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
