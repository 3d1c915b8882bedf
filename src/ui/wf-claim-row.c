/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claim-row.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-label.h"
#include "wf-ticker.h"
#include "wf-tooltip.h"

struct _WfClaimRow
{
  GtkListBoxRow parent_instance;

  GtkLabel     *name;
  GtkLabel     *meaning;
  GtkLabel     *value;
  WfClock      *clock;
  gint64        time;
};

G_DEFINE_FINAL_TYPE (WfClaimRow, wf_claim_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_tick (GtkWidget *widget)
{
  WfClaimRow *self = WF_CLAIM_ROW (widget);
  g_autofree char *text = wf_format_when (self->time, wf_clock_now (self->clock));

  wf_label_update (self->value, text);
}

static void
wf_claim_row_dispose (GObject *object)
{
  g_clear_object (&WF_CLAIM_ROW (object)->clock);
  G_OBJECT_CLASS (wf_claim_row_parent_class)->dispose (object);
}

static void
wf_claim_row_class_init (WfClaimRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_claim_row_dispose;
}

static void
wf_claim_row_init (WfClaimRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->time = WF_TIME_UNKNOWN;
  self->name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->name, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "monospace");
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "claim-name");
  self->meaning = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->meaning, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->meaning, 1);
  wf_tooltip_follow_label (self->meaning);
  gtk_widget_set_hexpand (GTK_WIDGET (self->meaning), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->meaning), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->meaning), "dim-label");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->meaning));

  self->value = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->value, 0);
  wf_label_set_verbatim (self->value, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (self->value, TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self->value), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "numeric");

  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->value));
  gtk_widget_add_css_class (box, "claim");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

static void
set_words (WfClaimRow *self,
           const char *name,
           const char *meaning,
           const char *value)
{
  g_autofree char *spoken = NULL;

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->meaning, meaning ? meaning : "");
  gtk_label_set_label (self->value, value);
  spoken = g_strdup_printf ("%s: %s", name, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* "13:58, was 13:28" */
static char *
describe_change (const WfClaimChange *change,
                 gint64               now)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (change->kind == WF_CLAIM_REMOVED)
    /* Translators: a claim that is no longer in the token; %s is its value */
    return g_strdup_printf (_("gone, was %s"), change->before);
  if (change->kind == WF_CLAIM_ADDED)
    /* Translators: a claim that was not in the token before; %s is its value */
    return g_strdup_printf (_("new: %s"), change->after);
  if (!change->is_time)
    /* Translators: a claim's value now and before */
    return g_strdup_printf (_("%1$s, was %2$s"), change->after, change->before);
  after = wf_format_clock (change->time_after, now);
  before = wf_format_clock (change->time_before, now);
  return g_strdup_printf (_("%1$s, was %2$s"), after, before);
}

GtkWidget *
wf_claim_row_new (const char *name,
                  JsonNode   *value,
                  WfClock    *clock)
{
  WfClaimRow *self = g_object_new (WF_TYPE_CLAIM_ROW, NULL);
  g_autofree char *text = NULL;
  g_autofree char *absolute = NULL;

  g_set_object (&self->clock, clock);
  self->time = wf_claims_get_time (name, value);
  if (self->time == WF_TIME_UNKNOWN)
    {
      text = wf_claims_format_value (value);
      set_words (self, name, wf_claims_get_meaning (name), text);
      return GTK_WIDGET (self);
    }
  absolute = wf_format_absolute (self->time);
  set_words (self, name, wf_claims_get_meaning (name), absolute);
  wf_tooltip_set (GTK_WIDGET (self->value), absolute);
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
  return GTK_WIDGET (self);
}

GtkWidget *
wf_claim_row_new_change (const WfClaimChange *change,
                         WfClock             *clock)
{
  WfClaimRow *self = g_object_new (WF_TYPE_CLAIM_ROW, NULL);
  g_autofree char *text = describe_change (change, wf_clock_now (clock));

  set_words (self, change->name, wf_claims_get_meaning (change->name), text);
  return GTK_WIDGET (self);
}
