/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claims-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-claim-dialog.h"
#include "wf-claim-row.h"
#include "wf-claim.h"
#include "wf-host.h"
#include "wf-label.h"
#include "wf-tab-stop.h"

/* More rows than this have a scroller of their own: a list as high as all its rows makes every one of them. */
#define MAX_WHOLE 80
#define SCROLLER_HEIGHT 460
/* Each level moves its rows to the right: from here on they move the window's edge, unless they scroll. */
#define MAX_DEPTH 6
/* A list makes rows for what may soon be scrolled to, some two hundred. To make all of them at once takes longer than a frame. */
#define FIRST_ROWS 5
#define ROWS_A_FRAME 5
#define MAX_ROWS_MADE 240

struct _WfClaimsView
{
  GtkBox             parent_instance;

  GtkSearchEntry    *entry;
  GtkLabel          *count;
  AdwBin            *bin;
  GtkListView       *list;
  GtkLabel          *nothing;

  JsonObject        *claims;
  JsonObject        *header;
  WfClock           *clock;
  GtkTreeListModel  *tree;
  GtkSliceListModel *slice; /* what the tree has of the list until now */
  guint              tick;  /* 0: it has all of it */
  gboolean           has_branches;
};

G_DEFINE_FINAL_TYPE (WfClaimsView, wf_claims_view, GTK_TYPE_BOX)

enum
{
  PROP_N_SHOWN = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- rows --- */

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          WfClaimsView             *self)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), wf_claim_row_new ());
  /* The row takes the focus, which has a name. */
  gtk_widget_set_focusable (expander, FALSE);
  gtk_list_item_set_child (item, expander);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         WfClaimsView             *self)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  WfClaimRow *claim_row = WF_CLAIM_ROW (gtk_tree_expander_get_child (expander));
  g_autoptr (WfClaim) claim = gtk_tree_list_row_get_item (row);
  GtkWidget *list_item = gtk_widget_get_parent (GTK_WIDGET (expander));

  gtk_tree_expander_set_indent_for_icon (expander, self->has_branches || gtk_tree_list_row_get_depth (row) > 0);
  gtk_tree_expander_set_list_row (expander, row);
  wf_claim_row_show (claim_row, claim, self->clock);
  /* GTK before 4.12 has no other way to name a row. */
  if (list_item)
    gtk_accessible_update_property (GTK_ACCESSIBLE (list_item), GTK_ACCESSIBLE_PROPERTY_LABEL, wf_claim_row_get_spoken (claim_row), -1);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           WfClaimsView             *self)
{
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (gtk_list_item_get_child (item)), NULL);
}

static void
on_activate (GtkListView  *list,
             guint         position,
             WfClaimsView *self)
{
  g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, position);
  g_autoptr (WfClaim) claim = row ? gtk_tree_list_row_get_item (row) : NULL;

  if (row && gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else if (claim && wf_claim_get_long_text (claim))
    wf_claim_dialog_present (GTK_WIDGET (self), claim);
}

/* The row that the keyboard stands on. */
static GtkTreeListRow *
get_focused_row (WfClaimsView *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *expander = focus ? gtk_widget_get_first_child (focus) : NULL;

  return GTK_IS_TREE_EXPANDER (expander) ? gtk_tree_expander_get_list_row (GTK_TREE_EXPANDER (expander)) : NULL;
}

static gboolean
copy_focused (WfClaimsView *self)
{
  GtkTreeListRow *row = get_focused_row (self);
  g_autoptr (WfClaim) claim = row ? gtk_tree_list_row_get_item (row) : NULL;
  g_autofree char *text = claim ? wf_claim_get_text (claim) : NULL;

  if (!text)
    return GDK_EVENT_PROPAGATE;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  wf_host_toast (wf_host_of (GTK_WIDGET (self)), _("Value copied"));
  return GDK_EVENT_STOP;
}

/* As in every tree: to the right opens, to the left closes. */
static gboolean
on_key (WfClaimsView    *self,
        guint            keyval,
        guint            keycode,
        GdkModifierType  state)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean opens = keyval == (is_rtl ? GDK_KEY_Left : GDK_KEY_Right) || keyval == GDK_KEY_plus || keyval == GDK_KEY_KP_Add;
  gboolean closes = keyval == (is_rtl ? GDK_KEY_Right : GDK_KEY_Left) || keyval == GDK_KEY_minus || keyval == GDK_KEY_KP_Subtract;
  GtkTreeListRow *row = opens || closes ? get_focused_row (self) : NULL;

  if (keyval == GDK_KEY_c && (state & gtk_accelerator_get_default_mod_mask ()) == GDK_CONTROL_MASK)
    return copy_focused (self);
  if (!row || !gtk_tree_list_row_is_expandable (row))
    return GDK_EVENT_PROPAGATE;
  gtk_tree_list_row_set_expanded (row, opens);
  return GDK_EVENT_STOP;
}

/* --- what is listed --- */

static GListModel *
open_claim (gpointer item,
            gpointer user_data)
{
  return wf_claim_open (item);
}

static GtkWidget *
make_scroller (GtkWidget *list)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_widget_set_size_request (scroller, -1, SCROLLER_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  return scroller;
}

/* Returns: how many the list has, shown or still to come, without what is opened in them */
static guint
count_claims (WfClaimsView *self)
{
  return g_list_model_get_n_items (gtk_slice_list_model_get_model (self->slice));
}

static gboolean
needs_scroller (WfClaimsView *self)
{
  guint count = self->tree ? g_list_model_get_n_items (G_LIST_MODEL (self->tree)) : 0;

  /* What is still to come counts too, so that it moves once. */
  if (count > MAX_WHOLE || (self->slice && count_claims (self) > MAX_WHOLE))
    return TRUE;
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);

      if (gtk_tree_list_row_get_depth (row) > MAX_DEPTH)
        return TRUE;
    }
  return FALSE;
}

/* As the page grows and shrinks with what is opened, the list moves into a scroller and out of it again. */
static void
update_scroller (WfClaimsView *self)
{
  gboolean scrolled = needs_scroller (self);
  GtkWidget *list = GTK_WIDGET (self->list);
  GtkWidget *child = adw_bin_get_child (self->bin);

  if (child && scrolled == (child != list))
    return;
  g_object_ref (list);
  if (child && child != list)
    gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (child), NULL);
  adw_bin_set_child (self->bin, NULL);
  adw_bin_set_child (self->bin, scrolled ? make_scroller (list) : list);
  g_object_unref (list);
}

static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  WfClaimsView *self = WF_CLAIMS_VIEW (widget);
  guint size = gtk_slice_list_model_get_size (self->slice) + ROWS_A_FRAME;

  if (size < MIN (count_claims (self), MAX_ROWS_MADE))
    {
      gtk_slice_list_model_set_size (self->slice, size);
      return G_SOURCE_CONTINUE;
    }
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
stop_filling (WfClaimsView *self)
{
  if (self->tick > 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

/* Lists the first of @model now, and the others frame by frame. */
static void
fill (WfClaimsView *self,
      GListModel   *model)
{
  stop_filling (self);
  g_clear_object (&self->tree);
  g_clear_object (&self->slice);
  self->slice = gtk_slice_list_model_new (g_object_ref (model), 0, FIRST_ROWS);
  self->tree = gtk_tree_list_model_new (G_LIST_MODEL (g_object_ref (self->slice)), FALSE, FALSE, open_claim, NULL, NULL);
  if (count_claims (self) > FIRST_ROWS)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

static gboolean
has_branches (GListModel *model)
{
  guint count = g_list_model_get_n_items (model);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (WfClaim) claim = g_list_model_get_item (model, i);
      JsonNode *value = wf_claim_get_value (claim);

      if (JSON_NODE_HOLDS_OBJECT (value) || JSON_NODE_HOLDS_ARRAY (value))
        return TRUE;
    }
  return FALSE;
}

static void
update_count (WfClaimsView *self,
              guint         count,
              gboolean      is_search)
{
  g_autofree char *text = NULL;

  if (is_search)
    text = g_strdup_printf (ngettext ("%u found", "%u found", count), count);
  else
    text = g_strdup_printf (ngettext ("%u claim", "%u claims", count), count);
  wf_label_update (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), count == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->bin), count > 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SHOWN]);
}

static void
update (WfClaimsView *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GtkNoSelection) selection = NULL; /* of the list */

  model = *query ? wf_claim_list_search (self->claims, self->header, query) : wf_claim_list_new (self->claims);
  if (self->tree)
    g_signal_handlers_disconnect_by_data (self->tree, self);
  self->has_branches = has_branches (model);
  update_count (self, g_list_model_get_n_items (model), *query != '\0');
  /* The old rows go first: what they show is not there any more. */
  gtk_list_view_set_model (self->list, NULL);
  fill (self, model);
  update_scroller (self);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->tree)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  /* After the list has heard of it itself. */
  g_signal_connect_object (self->tree, "items-changed", G_CALLBACK (update_scroller), self, G_CONNECT_SWAPPED);
}

static void
on_stop_search (WfClaimsView *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

/* Returns: how many there are with what is opened in them, also while they are still to come */
static guint
count_shown (WfClaimsView *self)
{
  if (!self->tree)
    return 0;
  return g_list_model_get_n_items (G_LIST_MODEL (self->tree)) + count_claims (self) - g_list_model_get_n_items (G_LIST_MODEL (self->slice));
}

static void
wf_claims_view_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  WfClaimsView *self = WF_CLAIMS_VIEW (object);

  switch (prop_id)
    {
    case PROP_N_SHOWN:
      g_value_set_uint (value, count_shown (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_claims_view_dispose (GObject *object)
{
  WfClaimsView *self = WF_CLAIMS_VIEW (object);

  if (self->tree)
    g_signal_handlers_disconnect_by_data (self->tree, self);
  stop_filling (self);
  g_clear_object (&self->tree);
  g_clear_object (&self->slice);
  g_clear_pointer (&self->claims, json_object_unref);
  g_clear_pointer (&self->header, json_object_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (wf_claims_view_parent_class)->dispose (object);
}

static void
wf_claims_view_class_init (WfClaimsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wf_claims_view_get_property;
  object_class->dispose = wf_claims_view_dispose;
  properties[PROP_N_SHOWN] = g_param_spec_uint ("n-shown", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static GtkWidget *
make_bar (WfClaimsView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _("Search claims"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search claims"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->entry, "stop-search", G_CALLBACK (on_stop_search), self);
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->count));
  return bar;
}

static void
make_list (WfClaimsView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  self->list = GTK_LIST_VIEW (g_object_ref_sink (gtk_list_view_new (NULL, factory)));
  gtk_list_view_set_show_separators (self->list, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "claims");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Claims"), -1);
  g_signal_connect (self->list, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

static void
wf_claims_view_init (WfClaimsView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_append (GTK_BOX (self), make_bar (self));
  make_list (self);
  self->bin = ADW_BIN (wf_tab_stop_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->bin), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->bin), "claims-card");
  gtk_widget_set_overflow (GTK_WIDGET (self->bin), GTK_OVERFLOW_HIDDEN);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->bin));
  update_scroller (self);
  g_object_unref (self->list);
  self->nothing = GTK_LABEL (gtk_label_new (_("Nothing found")));
  gtk_widget_add_css_class (GTK_WIDGET (self->nothing), "dim-label");
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), FALSE);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->nothing));
}

GtkWidget *
wf_claims_view_new (void)
{
  return g_object_new (WF_TYPE_CLAIMS_VIEW, NULL);
}

void
wf_claims_view_set (WfClaimsView *self,
                    JsonObject   *claims,
                    JsonObject   *header,
                    WfClock      *clock)
{
  g_return_if_fail (WF_IS_CLAIMS_VIEW (self));

  if (self->claims == claims && self->header == header && self->tree)
    return;
  g_clear_pointer (&self->claims, json_object_unref);
  g_clear_pointer (&self->header, json_object_unref);
  self->claims = claims ? json_object_ref (claims) : NULL;
  self->header = header ? json_object_ref (header) : NULL;
  g_set_object (&self->clock, (clock ? clock : wf_clock_get_default ()));
  update (self);
}

void
wf_claims_view_search (WfClaimsView *self)
{
  g_return_if_fail (WF_IS_CLAIMS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}
