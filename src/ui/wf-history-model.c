/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-model.h"

/* What is read at a time, and how many such blocks are kept. */
#define BLOCK 128
#define MAX_BLOCKS 16
/* More than fit a window: with these the page opens, and the others come when it is painted. A view makes widgets for two
 * hundred lines, most of them out of sight. */
#define FIRST_LINES 32
/* Refreshes of many accounts come in bursts. */
#define UPDATE_MS 250
#define REVEAL_MS 120

struct _WfHistoryItem
{
  GObject  parent_instance;
  WfEvent *event; /* NULL until it was read */
};

G_DEFINE_FINAL_TYPE (WfHistoryItem, wf_history_item, G_TYPE_OBJECT)

enum
{
  ITEM_PROP_EVENT = 1,
};

static GParamSpec *item_event;

/*
 * Events and blocks of them are counted from the oldest that there was when the first was read, so that they stay where
 * they are when a new event comes, and when an old one is dropped.
 */
typedef struct
{
  GPtrArray *items;     /* (element-type WfHistoryItem), BLOCK of them, oldest first */
  guint64    used;     /* the larger, the later */
  gboolean   is_asked; /* all of it is being read, or was */
} Block;

struct _WfHistoryModel
{
  GObject         parent_instance;

  WfHistory      *history;
  char           *account;
  WfHistoryKinds  kinds;
  WfHistoryExtent extent;
  guint           shown;  /* of them, the newest */
  guint           reveal; /* source */
  guint           gone;   /* so many have been dropped since the first was read */
  GHashTable     *blocks; /* number -> Block */
  guint64         uses;
  GCancellable   *cancellable; /* of all that was asked about what is shown */
  guint           update;      /* source */
  GError         *error;
};

enum
{
  PROP_ERROR = 1,
};

static GParamSpec *model_error;

static void wf_history_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfHistoryModel, wf_history_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wf_history_model_list_model_init))

/* --- the item --- */

static void
wf_history_item_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (property_id == ITEM_PROP_EVENT)
    g_value_set_boxed (value, WF_HISTORY_ITEM (object)->event);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
wf_history_item_finalize (GObject *object)
{
  g_clear_pointer (&WF_HISTORY_ITEM (object)->event, wf_event_free);
  G_OBJECT_CLASS (wf_history_item_parent_class)->finalize (object);
}

static void
wf_history_item_class_init (WfHistoryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = wf_history_item_get_property;
  G_OBJECT_CLASS (klass)->finalize = wf_history_item_finalize;
  item_event = g_param_spec_boxed ("event", NULL, NULL, WF_TYPE_EVENT,
                                   G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), ITEM_PROP_EVENT, item_event);
}

static void
wf_history_item_init (WfHistoryItem *self)
{
}

WfHistoryItem *
wf_history_item_new (const WfEvent *event)
{
  WfHistoryItem *self = g_object_new (WF_TYPE_HISTORY_ITEM, NULL);

  self->event = wf_event_copy (event);
  return self;
}

const WfEvent *
wf_history_item_get_event (WfHistoryItem *self)
{
  return self->event;
}

/* --- reading --- */

static void
set_error (WfHistoryModel *self,
           GError         *error)
{
  g_autoptr (GError) owned = error;

  if (!error && !self->error)
    return;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&owned);
  g_object_notify_by_pspec (G_OBJECT (self), model_error);
}

static void
block_free (gpointer data)
{
  Block *block = data;

  g_ptr_array_unref (block->items);
  g_free (block);
}

static Block *
block_new (void)
{
  Block *block = g_new0 (Block, 1);

  block->items = g_ptr_array_new_full (BLOCK, g_object_unref);
  for (guint i = 0; i < BLOCK; i++)
    g_ptr_array_add (block->items, g_object_new (WF_TYPE_HISTORY_ITEM, NULL));
  return block;
}

static void
reveal (WfHistoryModel *self)
{
  guint before = self->shown;

  g_clear_handle_id (&self->reveal, g_source_remove);
  self->shown = self->extent.count;
  if (before < self->shown)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->shown - before);
}

static gboolean
on_reveal (gpointer user_data)
{
  WfHistoryModel *self = user_data;

  self->reveal = 0;
  reveal (self);
  return G_SOURCE_REMOVE;
}

/* After the first lines have been painted, which is done before idle work. */
static void
reveal_later (WfHistoryModel *self)
{
  if (self->reveal == 0 && self->shown < self->extent.count)
    self->reveal = g_timeout_add_full (G_PRIORITY_LOW, REVEAL_MS, on_reveal, self, NULL);
}

typedef struct
{
  WfHistoryModel *model;
  GPtrArray      *items; /* of a block that may be gone when the answer comes; somebody may still show them */
  guint           first; /* of them */
  guint           count;
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->model);
  g_ptr_array_unref (reading->items);
  g_free (reading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static void
fill (const Reading *reading,
      GPtrArray     *events)
{
  /* newest first they come */
  for (guint i = 0; i < events->len; i++)
    {
      WfHistoryItem *item = g_ptr_array_index (reading->items, reading->first + events->len - 1 - i);

      if (item->event)
        continue;
      item->event = wf_event_copy (g_ptr_array_index (events, i));
      g_object_notify_by_pspec (G_OBJECT (item), item_event);
    }
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Reading) reading = user_data;
  g_autoptr (GPtrArray) events = NULL;
  GError *error = NULL;

  events = wf_history_query_finish (WF_HISTORY (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  set_error (reading->model, error);
  /* where events were dropped meanwhile, what came does not fit, and the next update tells so */
  if (events && events->len == reading->count)
    fill (reading, events);
  reveal_later (reading->model);
}

static void
read_block (WfHistoryModel *self,
            const Block    *block,
            guint           number)
{
  Reading *reading = g_new0 (Reading, 1);
  WfHistoryRange range = { .account = self->account, .kinds = self->kinds, .newest = self->extent.newest };
  guint first = MAX (number * BLOCK, self->gone);
  guint end = MIN ((number + 1) * BLOCK, self->gone + self->extent.count);

  reading->model = g_object_ref (self);
  reading->items = g_ptr_array_ref (block->items);
  reading->first = first - number * BLOCK;
  reading->count = end - first;
  range.limit = reading->count;
  range.offset = self->gone + self->extent.count - end;
  wf_history_read_async (self->history, &range, self->cancellable, on_read, reading);
}

static gboolean
is_older (gpointer key,
          gpointer value,
          gpointer user_data)
{
  return ((const Block *) value)->used <= *(const guint64 *) user_data;
}

/* Whatever the view holds of a block that goes lives on. */
static void
drop_oldest_block (WfHistoryModel *self)
{
  guint64 oldest = G_MAXUINT64;
  GHashTableIter iter;
  gpointer block;

  g_hash_table_iter_init (&iter, self->blocks);
  while (g_hash_table_iter_next (&iter, NULL, &block))
    oldest = MIN (oldest, ((const Block *) block)->used);
  g_hash_table_foreach_remove (self->blocks, is_older, &oldest);
}

static Block *
ensure_block (WfHistoryModel *self,
              guint           number)
{
  Block *block = g_hash_table_lookup (self->blocks, GUINT_TO_POINTER (number));

  if (!block)
    {
      if (g_hash_table_size (self->blocks) >= MAX_BLOCKS)
        drop_oldest_block (self);
      block = block_new ();
      g_hash_table_insert (self->blocks, GUINT_TO_POINTER (number), block);
    }
  block->used = ++self->uses;
  if (!block->is_asked)
    {
      block->is_asked = TRUE;
      read_block (self, block, number);
    }
  return block;
}

/* --- how many there are --- */

static void
stop (WfHistoryModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->update, g_source_remove);
  g_clear_handle_id (&self->reveal, g_source_remove);
}

/* Something else is shown now, or some of it is gone. */
static void
replace (WfHistoryModel        *self,
         const WfHistoryExtent *extent)
{
  guint before = self->shown;

  g_clear_handle_id (&self->reveal, g_source_remove);
  g_hash_table_remove_all (self->blocks);
  self->extent = *extent;
  self->gone = 0;
  self->shown = MIN (extent->count, FIRST_LINES);
  if (before > 0 || self->shown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->shown);
}

/* The oldest @count are beyond the bounds. */
static void
drop_end (WfHistoryModel *self,
          guint           count)
{
  self->gone += count;
  self->extent.count -= count;
  self->shown = self->extent.count;
  g_list_model_items_changed (G_LIST_MODEL (self), self->extent.count, count, 0);
}

static void
extend (WfHistoryModel        *self,
        const WfHistoryExtent *extent)
{
  Block *newest = g_hash_table_lookup (self->blocks, GUINT_TO_POINTER ((self->gone + self->extent.count) / BLOCK));

  self->extent = *extent;
  self->shown = extent->count;
  /* its end was not there when it was read */
  if (newest)
    newest->is_asked = FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, extent->n_later);
}

static void
on_measured (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (WfHistoryModel) self = user_data;
  WfHistoryExtent extent;
  GError *error = NULL;
  guint kept;

  if (!wf_history_measure_finish (WF_HISTORY (source), result, &extent, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_error_free (error);
      else
        set_error (self, error);
      return;
    }
  set_error (self, NULL);
  kept = extent.count - extent.n_later;
  if (self->extent.count == 0 || kept == 0 || kept > self->extent.count)
    {
      replace (self, &extent);
      return;
    }
  reveal (self);
  if (kept < self->extent.count)
    drop_end (self, self->extent.count - kept);
  if (extent.n_later > 0)
    extend (self, &extent);
}

static void
measure (WfHistoryModel *self)
{
  /* later than what is shown; where nothing is, it does not matter */
  gint64 later_than = self->extent.count > 0 ? self->extent.newest : G_MAXINT64;

  wf_history_measure_async (self->history, self->account, self->kinds, later_than, self->cancellable, on_measured,
                            g_object_ref (self));
}

static gboolean
on_update (gpointer user_data)
{
  WfHistoryModel *self = user_data;

  self->update = 0;
  measure (self);
  return G_SOURCE_REMOVE;
}

/* --- list model --- */

static GType
wf_history_model_get_item_type (GListModel *model)
{
  return WF_TYPE_HISTORY_ITEM;
}

static guint
wf_history_model_get_n_items (GListModel *model)
{
  return WF_HISTORY_MODEL (model)->shown;
}

static gpointer
wf_history_model_get_item (GListModel *model,
                           guint       position)
{
  WfHistoryModel *self = WF_HISTORY_MODEL (model);
  guint index = self->gone + self->extent.count - 1 - position;

  if (position >= self->shown)
    return NULL;
  return g_object_ref (g_ptr_array_index (ensure_block (self, index / BLOCK)->items, index % BLOCK));
}

static void
wf_history_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = wf_history_model_get_item_type;
  iface->get_n_items = wf_history_model_get_n_items;
  iface->get_item = wf_history_model_get_item;
}

/* --- the object --- */

static void
wf_history_model_get_property (GObject    *object,
                               guint       property_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (property_id == PROP_ERROR)
    g_value_set_boxed (value, WF_HISTORY_MODEL (object)->error);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
}

static void
wf_history_model_dispose (GObject *object)
{
  WfHistoryModel *self = WF_HISTORY_MODEL (object);

  stop (self);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (wf_history_model_parent_class)->dispose (object);
}

static void
wf_history_model_finalize (GObject *object)
{
  WfHistoryModel *self = WF_HISTORY_MODEL (object);

  g_hash_table_unref (self->blocks);
  g_clear_error (&self->error);
  g_free (self->account);
  G_OBJECT_CLASS (wf_history_model_parent_class)->finalize (object);
}

static void
wf_history_model_class_init (WfHistoryModelClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = wf_history_model_get_property;
  G_OBJECT_CLASS (klass)->dispose = wf_history_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_history_model_finalize;
  model_error = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                                    G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_ERROR, model_error);
}

static void
wf_history_model_init (WfHistoryModel *self)
{
  self->blocks = g_hash_table_new_full (NULL, NULL, NULL, block_free);
}

WfHistoryModel *
wf_history_model_new (void)
{
  return g_object_new (WF_TYPE_HISTORY_MODEL, NULL);
}

void
wf_history_model_show (WfHistoryModel *self,
                       WfHistory      *history,
                       const char     *account,
                       WfHistoryKinds  kinds)
{
  const WfHistoryExtent nothing = { 0 };

  stop (self);
  g_set_object (&self->history, history);
  g_free (self->account);
  self->account = g_strdup (account);
  self->kinds = kinds;
  replace (self, &nothing);
  if (!history || !account)
    return;
  self->cancellable = g_cancellable_new ();
  measure (self);
}

void
wf_history_model_update (WfHistoryModel *self)
{
  if (self->cancellable && self->update == 0)
    self->update = g_timeout_add (UPDATE_MS, on_update, self);
}

guint
wf_history_model_count_cached (WfHistoryModel *self)
{
  return g_hash_table_size (self->blocks) * BLOCK;
}
