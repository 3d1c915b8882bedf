/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-page.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-history-chart.h"
#include "wf-history-model.h"
#include "wf-history-words.h"
#include "wf-host.h"
#include "wf-save.h"
#include "wf-stack.h"
#include "wf-tab-stop.h"
#include "wf-tooltip.h"

/* Of the chart. It opens with those that are seen at first; the others are read when the page has been painted. */
#define MAX_EVENTS 2000
#define FIRST_EVENTS 64
#define REST_MS 120

typedef enum
{
  COLUMN_TIME,
  COLUMN_EVENT,
  COLUMN_CAUSE,
  COLUMN_RESULT,
  COLUMN_DURATION,
  N_COLUMNS,
} Column;

struct _WfHistoryPage
{
  WfPage          parent_instance;

  GtkStack       *stack;
  WfHistoryChart *chart;
  GtkButton      *zoom_in;
  GtkButton      *zoom_out;
  GtkButton      *zoom_newest;
  GtkDropDown    *filter;
  GtkSearchEntry *search;
  GtkStack       *table_stack;
  GtkColumnView  *table;

  WfHistoryModel *model;     /* of the table, */
  GListStore     *found;     /* and of what was searched for */
  GtkSingleSelection *selection;
  GCancellable   *searching;
  WfHistory      *history;
  GPtrArray      *events;
  GCancellable   *cancellable;
  guint           asked; /* at most so many of them */
  guint           rest;  /* source */
};

G_DEFINE_FINAL_TYPE (WfHistoryPage, wf_history_page, WF_TYPE_PAGE)

static char *
format_cell (const WfEvent *event,
             Column         column)
{
  switch (column)
    {
    case COLUMN_TIME:
      return wf_format_clock (event->time / G_USEC_PER_SEC, wf_clock_now (wf_clock_get_default ()));
    case COLUMN_EVENT:
      return g_strdup (wf_event_words_kind (event));
    case COLUMN_CAUSE:
      return g_strdup (wf_event_words_cause (event));
    case COLUMN_RESULT:
      return g_strdup (wf_event_words_result (event));
    case COLUMN_DURATION:
    case N_COLUMNS:
    default:
      return wf_format_elapsed (event->duration_us);
    }
}

/* Characters that are there also where the window is narrow: "22 Nov, 13:20", "Sign-out", "Done" */
static const int narrowest[N_COLUMNS] = { 13, 8, -1, 4, -1 };

static void
on_setup_cell (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (column) == COLUMN_DURATION ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), narrowest[GPOINTER_TO_UINT (column)]);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (label), "column", column);
  gtk_list_item_set_child (item, label);
}

/* GTK before 4.12 has no other way to name a row. */
static void
name_row (GtkWidget     *label,
          const WfEvent *event)
{
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell ? gtk_widget_get_parent (cell) : NULL;
  g_autoptr (GString) spoken = g_string_new (NULL);

  for (Column column = 0; row && column < N_COLUMNS; column++)
    {
      g_autofree char *text = format_cell (event, column);

      if (*text)
        g_string_append_printf (spoken, spoken->len > 0 ? ", %s" : "%s", text);
    }
  if (row)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str, -1);
}

static void
fill_cell (GtkListItem *item)
{
  const WfEvent *event = wf_history_item_get_event (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (label), "column"));
  g_autofree char *text = event ? format_cell (event, column) : NULL;
  g_autofree char *tooltip = NULL;

  gtk_label_set_label (GTK_LABEL (label), text ? text : "");
  if (event && column == COLUMN_TIME)
    {
      tooltip = wf_format_absolute (event->time / G_USEC_PER_SEC);
      name_row (label, event);
    }
  wf_tooltip_set (label, tooltip);
  if (column != COLUMN_RESULT)
    return;
  if (event && wf_event_is_failure (event))
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}

static void
on_bind_cell (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  WfHistoryItem *line = gtk_list_item_get_item (item);

  fill_cell (item);
  if (!wf_history_item_get_event (line))
    g_signal_connect_object (line, "notify::event", G_CALLBACK (fill_cell), item, G_CONNECT_SWAPPED);
}

static void
on_unbind_cell (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), fill_cell, item);
}

static void
add_column (WfHistoryPage *self,
            Column         column,
            const char    *title)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cell), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cell), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_cell), NULL);
  view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column == COLUMN_CAUSE || column == COLUMN_RESULT);
  gtk_column_view_append_column (self->table, view_column);
}

static void
show_events (WfHistoryPage *self,
             GPtrArray     *events)
{
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = g_ptr_array_ref (events);
  wf_history_chart_set_events (self->chart, events);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.export", events->len > 0);
}

static gboolean on_painted (gpointer user_data);

static void
on_queried (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfHistoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  events = wf_history_query_finish (WF_HISTORY (source), result, &error);
  if (!events)
    {
      wf_host_toast_error (host, error);
      return;
    }
  show_events (self, events);
  wf_stack_show (self->stack, events->len > 0 ? "events" : "nothing");
  if (events->len == self->asked && self->asked < MAX_EVENTS && self->rest == 0)
    self->rest = g_timeout_add_full (G_PRIORITY_LOW, REST_MS, on_painted, self, NULL);
}

static void
query (WfHistoryPage *self,
       guint          limit)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->rest, g_source_remove);
  if (!session || !self->history)
    return;
  self->asked = limit;
  self->cancellable = g_cancellable_new ();
  wf_history_query_async (self->history, wf_session_get_account (session)->id, limit, self->cancellable,
                          on_queried, g_object_ref (self));
}

static gboolean
on_painted (gpointer user_data)
{
  WfHistoryPage *self = user_data;

  self->rest = 0;
  query (self, MAX_EVENTS);
  return G_SOURCE_REMOVE;
}

static void on_search_changed (WfHistoryPage *self);

static void
on_recorded (WfHistoryPage *self,
             const WfEvent *event)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  if (session && g_strcmp0 (event->account, wf_session_get_account (session)->id) == 0)
    {
      query (self, MAX_EVENTS);
      wf_history_model_update (self->model);
      if (self->searching)
        on_search_changed (self);
    }
}

/* In the order of the drop-down. */
static const WfHistoryKinds filter_kinds[] = {
  WF_HISTORY_ALL, WF_HISTORY_SIGN_INS, WF_HISTORY_REFRESHES, WF_HISTORY_SIGN_OUTS, WF_HISTORY_FAILURES,
};

static WfHistoryKinds
get_kinds (WfHistoryPage *self)
{
  return filter_kinds[gtk_drop_down_get_selected (self->filter)];
}

static const char *
get_account_id (WfHistoryPage *self)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  return session ? wf_session_get_account (session)->id : NULL;
}

/* What is searched for is looked for in all events; the words of the table are those of the person's language. */
static void
show_found (WfHistoryPage *self,
            GPtrArray     *events)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  for (guint i = 0; i < events->len; i++)
    if (wf_event_contains (g_ptr_array_index (events, i), text))
      g_ptr_array_add (items, wf_history_item_new (g_ptr_array_index (events, i)));
  g_list_store_splice (self->found, 0, g_list_model_get_n_items (G_LIST_MODEL (self->found)), items->pdata, items->len);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->found));
  wf_stack_show (self->table_stack, items->len > 0 ? "table" : "none");
}

static void
on_searched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (WfHistoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = wf_history_query_finish (WF_HISTORY (source), result, &error);
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  if (events)
    show_found (self, events);
  else
    wf_host_toast_error (host, error);
}

static void
on_search_changed (WfHistoryPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  WfHistoryRange range = { .account = get_account_id (self), .kinds = get_kinds (self), .newest = G_MAXINT64, .limit = G_MAXINT };

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (!*text || !self->history || !range.account)
    {
      gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
      wf_stack_show (self->table_stack, "table");
      return;
    }
  self->searching = g_cancellable_new ();
  wf_history_read_async (self->history, &range, self->searching, on_searched, g_object_ref (self));
}

static void
on_filter_changed (WfHistoryPage *self)
{
  wf_history_model_show (self->model, self->history, get_account_id (self), get_kinds (self));
  on_search_changed (self);
}

static void
on_zoom_clicked (WfHistoryPage *self,
                 GtkButton     *button)
{
  double factor = button == self->zoom_in ? 1.4 : button == self->zoom_out ? 1 / 1.4 : 0;

  gtk_widget_activate_action (GTK_WIDGET (self->chart), "chart.zoom", "d", factor);
}

/* An export on its way. */
typedef struct
{
  WfHistoryPage *page;
  gboolean       is_json;
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->page);
  g_free (export);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
on_read_for_export (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = wf_history_query_finish (WF_HISTORY (source), result, &error);
  WfSession *session = wf_page_get_session (WF_PAGE (export->page));
  WfHost *host = wf_host_of (GTK_WIDGET (export->page));
  const char *parts[] = { session ? wf_session_get_account (session)->name : "", "history", NULL };
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (!events)
    {
      wf_host_toast_error (host, error);
      return;
    }
  text = export->is_json ? wf_event_export_json (events) : wf_event_export (events);
  bytes = g_bytes_new_take (text, strlen (text));
  name = wf_save_make_name (parts, wf_clock_now (wf_clock_get_default ()), export->is_json ? "json" : "csv");
  wf_save_as (GTK_WIDGET (export->page), _("Export History"), name, export->is_json ? "application/json" : "text/csv",
              bytes, _("History exported"));
}

/* All of it, whatever the table shows. */
static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  WfHistoryPage *self = WF_HISTORY_PAGE (widget);
  Export *export;

  if (!self->history || !get_account_id (self))
    return;
  export = g_new0 (Export, 1);
  export->page = g_object_ref (self);
  export->is_json = g_str_equal (g_variant_get_string (parameter, NULL), "json");
  wf_history_query_async (self->history, get_account_id (self), G_MAXINT, NULL /* cancellable */, on_read_for_export, export);
}

/* The history belongs to the engine of the window that the page is in. */
static void
find_history (WfHistoryPage *self)
{
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  if (self->history || !host)
    return;
  g_set_object (&self->history, wf_engine_get_history (wf_host_get_engine (host)));
  if (self->history)
    g_signal_connect_object (self->history, "recorded", G_CALLBACK (on_recorded), self, G_CONNECT_SWAPPED);
}

static void
wf_history_page_session_changed (WfPage *page)
{
  WfHistoryPage *self = WF_HISTORY_PAGE (page);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  find_history (self);
  show_events (self, nothing);
  on_filter_changed (self);
  query (self, FIRST_EVENTS);
}

static void
wf_history_page_update (WfPage *page)
{
  /* The history tells what is new. */
}

static void
wf_history_page_dispose (GObject *object)
{
  WfHistoryPage *self = WF_HISTORY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->rest, g_source_remove);
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (self->table)
    gtk_column_view_set_model (self->table, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->found);
  g_clear_object (&self->model);
  g_clear_object (&self->history);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_history_page_parent_class)->dispose (object);
}

static void
wf_history_page_class_init (WfHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_history_page_dispose;
  WF_PAGE_CLASS (klass)->session_changed = wf_history_page_session_changed;
  WF_PAGE_CLASS (klass)->update = wf_history_page_update;
  gtk_widget_class_install_action (widget_class, "history.export", "s", export_action);
  g_type_ensure (WF_TYPE_HISTORY_CHART);
  g_type_ensure (WF_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, chart);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, filter);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, search);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, table_stack);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, zoom_in);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, zoom_out);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, zoom_newest);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, table);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_clicked);
}

static void
wf_history_page_init (WfHistoryPage *self)
{
  self->model = wf_history_model_new ();
  self->found = g_list_store_new (WF_TYPE_HISTORY_ITEM);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  wf_stack_show (self->table_stack, "table");
  add_column (self, COLUMN_TIME, _("Time"));
  add_column (self, COLUMN_EVENT, _("Event"));
  add_column (self, COLUMN_CAUSE, _("Cause"));
  add_column (self, COLUMN_RESULT, _("Result"));
  add_column (self, COLUMN_DURATION, _("Duration"));
}

GtkWidget *
wf_history_page_new (void)
{
  return g_object_new (WF_TYPE_HISTORY_PAGE, NULL);
}
