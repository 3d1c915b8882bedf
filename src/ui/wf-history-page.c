/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-page.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-history-chart.h"
#include "wf-history-words.h"
#include "wf-stack.h"
#include "wf-tooltip.h"
#include "wf-window.h"

#define MAX_EVENTS 2000

/* A WfEvent as an item of a list model. */
#define WF_TYPE_HISTORY_ITEM (wf_history_item_get_type ())
G_DECLARE_FINAL_TYPE (WfHistoryItem, wf_history_item, WF, HISTORY_ITEM, GObject)

struct _WfHistoryItem
{
  GObject  parent_instance;
  WfEvent *event;
};

G_DEFINE_FINAL_TYPE (WfHistoryItem, wf_history_item, G_TYPE_OBJECT)

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
  GtkDropDown    *filter;
  GtkColumnView  *table;

  GListStore     *store;
  GtkFilter      *kind_filter;
  WfHistory      *history;
  GPtrArray      *events;
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (WfHistoryPage, wf_history_page, WF_TYPE_PAGE)

static void
wf_history_item_finalize (GObject *object)
{
  g_clear_pointer (&WF_HISTORY_ITEM (object)->event, wf_event_free);
  G_OBJECT_CLASS (wf_history_item_parent_class)->finalize (object);
}

static void
wf_history_item_class_init (WfHistoryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_history_item_finalize;
}

static void
wf_history_item_init (WfHistoryItem *self)
{
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  WfHistoryPage *self = user_data;
  const WfEvent *event = WF_HISTORY_ITEM (item)->event;

  /* In the order of the drop-down. */
  switch (gtk_drop_down_get_selected (self->filter))
    {
    case 1:
      return event->kind == WF_EVENT_SIGN_IN;
    case 2:
      return event->kind == WF_EVENT_REFRESH;
    case 3:
      return event->kind == WF_EVENT_SIGN_OUT;
    case 4:
      return wf_event_is_failure (event);
    default:
      return TRUE;
    }
}

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

static void
on_setup_cell (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (column) == COLUMN_DURATION ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
on_bind_cell (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  column)
{
  const WfEvent *event = WF_HISTORY_ITEM (gtk_list_item_get_item (item))->event;
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = format_cell (event, GPOINTER_TO_UINT (column));
  g_autofree char *tooltip = NULL;

  gtk_label_set_label (GTK_LABEL (label), text);
  if (GPOINTER_TO_UINT (column) == COLUMN_TIME)
    tooltip = wf_format_absolute (event->time / G_USEC_PER_SEC);
  wf_tooltip_set (label, tooltip);
  if (GPOINTER_TO_UINT (column) != COLUMN_RESULT)
    return;
  if (wf_event_is_failure (event))
    gtk_widget_add_css_class (label, "error");
  else
    gtk_widget_remove_css_class (label, "error");
}

static void
add_column (WfHistoryPage *self,
            Column         column,
            const char    *title)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cell), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cell), GUINT_TO_POINTER (column));
  view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column == COLUMN_CAUSE || column == COLUMN_RESULT);
  gtk_column_view_append_column (self->table, view_column);
}

static void
show_events (WfHistoryPage *self,
             GPtrArray     *events)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < events->len; i++)
    {
      WfHistoryItem *item = g_object_new (WF_TYPE_HISTORY_ITEM, NULL);

      item->event = wf_event_copy (g_ptr_array_index (events, i));
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->store, 0, g_list_model_get_n_items (G_LIST_MODEL (self->store)), items->pdata, items->len);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = g_ptr_array_ref (events);
  wf_history_chart_set_events (self->chart, events);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "history.export", events->len > 0);
}

static void
on_queried (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfHistoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  WfWindow *window = wf_window_of (GTK_WIDGET (self));

  events = wf_history_query_finish (WF_HISTORY (source), result, &error);
  if (events)
    {
      show_events (self, events);
      wf_stack_show (self->stack, events->len > 0 ? "events" : "nothing");
    }
  else if (window)
    wf_window_toast_error (window, error);
}

static void
query (WfHistoryPage *self)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (!session || !self->history)
    return;
  self->cancellable = g_cancellable_new ();
  wf_history_query_async (self->history, wf_session_get_account (session)->id, MAX_EVENTS, self->cancellable,
                          on_queried, g_object_ref (self));
}

static void
on_recorded (WfHistoryPage *self,
             const WfEvent *event)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  if (session && g_strcmp0 (event->account, wf_session_get_account (session)->id) == 0)
    query (self);
}

static void
on_filter_changed (WfHistoryPage *self)
{
  gtk_filter_changed (self->kind_filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (WfHistoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  WfWindow *window = wf_window_of (GTK_WIDGET (self));

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  if (window && error)
    wf_window_toast_error (window, error);
  else if (window)
    wf_window_toast (window, _("History exported"));
}

static void
on_export_chosen (GtkNativeDialog *dialog,
                  int              response,
                  WfHistoryPage   *self)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (response == GTK_RESPONSE_ACCEPT && self->events)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      text = wf_event_export (self->events);
      bytes = g_bytes_new_take (text, strlen (text));
      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL /* cancellable */,
                                           on_exported, g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
export_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (_("Export History"), window, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "warifu-history.csv");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_export_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* The history belongs to the engine of the window that the page is in. */
static void
find_history (WfHistoryPage *self)
{
  WfWindow *window = wf_window_of (GTK_WIDGET (self));

  if (self->history || !window)
    return;
  g_set_object (&self->history, wf_engine_get_history (wf_window_get_engine (window)));
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
  query (self);
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
  if (self->table)
    gtk_column_view_set_model (self->table, NULL);
  g_clear_object (&self->kind_filter);
  g_clear_object (&self->store);
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
  gtk_widget_class_install_action (widget_class, "history.export", NULL, export_action);
  g_type_ensure (WF_TYPE_HISTORY_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, chart);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, filter);
  gtk_widget_class_bind_template_child (widget_class, WfHistoryPage, table);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
}

static void
wf_history_page_init (WfHistoryPage *self)
{
  GtkFilterListModel *filtered;
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->kind_filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->store = g_list_store_new (WF_TYPE_HISTORY_ITEM);
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->store)), g_object_ref (self->kind_filter));
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (filtered)));
  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_column_view_set_model (self->table, selection);
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
