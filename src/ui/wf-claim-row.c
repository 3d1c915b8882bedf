/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claim-row.h"

#include <glib/gi18n-lib.h>

#include "wf-claim-dialog.h"
#include "wf-format.h"
#include "wf-label.h"
#include "wf-ticker.h"
#include "wf-time.h"
#include "wf-tooltip.h"

/* Lines of a value: all that it has where the window is narrow. A label that may have any number of them measures how narrow it
 * can be with one for each character. */
#define MAX_LINES 8

struct _WfClaimRow
{
  GtkBox     parent_instance;

  GtkLabel  *name;
  GtkLabel  *meaning;
  GtkLabel  *value;
  GtkWidget *all;   /* shows the whole value; made for the first that is long; nullable */
  WfClaim   *claim; /* nullable */
  WfClock   *clock;
  gint64     time;
  char      *spoken;
};

G_DEFINE_FINAL_TYPE (WfClaimRow, wf_claim_row, GTK_TYPE_BOX)

static void
on_tick (GtkWidget *widget)
{
  WfClaimRow *self = WF_CLAIM_ROW (widget);
  g_autofree char *text = NULL;

  if (self->time == WF_TIME_UNKNOWN)
    return;
  text = wf_format_when (self->time, wf_clock_now (self->clock));
  wf_label_update (self->value, text);
}

/* The row of the list is what the keyboard stands on. A label that can be selected says that it has taken the focus also
 * where it may not have it. */
static gboolean
wf_claim_row_grab_focus (GtkWidget *widget)
{
  return FALSE;
}

static gboolean
wf_claim_row_focus (GtkWidget       *widget,
                    GtkDirectionType direction)
{
  return FALSE;
}

static void
wf_claim_row_dispose (GObject *object)
{
  WfClaimRow *self = WF_CLAIM_ROW (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->claim);
  self->time = WF_TIME_UNKNOWN;
  g_clear_pointer (&self->spoken, g_free);
  G_OBJECT_CLASS (wf_claim_row_parent_class)->dispose (object);
}

static void
wf_claim_row_class_init (WfClaimRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_claim_row_dispose;
  GTK_WIDGET_CLASS (klass)->focus = wf_claim_row_focus;
  GTK_WIDGET_CLASS (klass)->grab_focus = wf_claim_row_grab_focus;
}

static GtkLabel *
make_label (PangoEllipsizeMode ellipsize,
            const char        *style)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_ellipsize (label, ellipsize);
  gtk_label_set_xalign (label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (label), style);
  return label;
}

static void
wf_claim_row_init (WfClaimRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->time = WF_TIME_UNKNOWN;
  self->name = make_label (PANGO_ELLIPSIZE_END, "claim-name");
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "monospace");
  wf_tooltip_follow_label (self->name);
  self->meaning = make_label (PANGO_ELLIPSIZE_END, "dim-label");
  gtk_label_set_xalign (self->meaning, 1);
  wf_tooltip_follow_label (self->meaning);
  gtk_widget_set_hexpand (GTK_WIDGET (self->meaning), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->meaning), "caption");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->meaning));

  self->value = make_label (PANGO_ELLIPSIZE_END, "numeric");
  wf_label_set_verbatim (self->value, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (self->value, MAX_LINES);
  gtk_label_set_selectable (self->value, TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self->value), FALSE);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_box_append (GTK_BOX (self), line);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->value));
  gtk_widget_add_css_class (GTK_WIDGET (self), "claim");
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
}

static void
on_all_clicked (WfClaimRow *self)
{
  wf_claim_dialog_present (GTK_WIDGET (self), self->claim);
}

static void
show_all_button (WfClaimRow *self,
                 gboolean    is_long)
{
  if (is_long && !self->all)
    {
      self->all = gtk_button_new_with_label (_("Show All"));
      gtk_widget_set_halign (self->all, GTK_ALIGN_START);
      /* By the keyboard, Return on the row does the same. */
      gtk_widget_set_focusable (self->all, FALSE);
      g_signal_connect_swapped (self->all, "clicked", G_CALLBACK (on_all_clicked), self);
      gtk_box_append (GTK_BOX (self), self->all);
    }
  if (self->all)
    gtk_widget_set_visible (self->all, is_long);
}

static void
set_words (WfClaimRow *self,
           const char *name,
           const char *meaning,
           const char *value)
{
  wf_label_update (self->name, name);
  wf_label_update (self->meaning, meaning ? meaning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->meaning), meaning != NULL);
  wf_label_update (self->value, value);
  g_free (self->spoken);
  self->spoken = g_strdup_printf ("%s: %s", name, value);
}

/* "added: email; removed: profile" */
static char *
describe_set (const WfClaimChange *change)
{
  g_autofree char *added = g_strjoinv (", ", change->added);
  g_autofree char *removed = g_strjoinv (", ", change->removed);

  if (*change->added && *change->removed)
    /* Translators: what came into a list of scopes or the like, and what went */
    return g_strdup_printf (_("added: %1$s; gone: %2$s"), added, removed);
  if (*change->added)
    return g_strdup_printf (_("added: %s"), added);
  if (*change->removed)
    return g_strdup_printf (_("gone: %s"), removed);
  /* Translators: a list that has the same items as before */
  return g_strdup (_("in another order"));
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
  if (change->added)
    return describe_set (change);
  if (change->is_time)
    {
      after = wf_format_clock (change->time_after, now);
      before = wf_format_clock (change->time_before, now);
    }
  else if (change->is_lifetime)
    {
      after = wf_format_duration (change->time_after);
      before = wf_format_duration (change->time_before);
    }
  /* Translators: a claim's value now and before */
  return g_strdup_printf (_("%1$s, was %2$s"), after ? after : change->after, before ? before : change->before);
}

GtkWidget *
wf_claim_row_new (void)
{
  return g_object_new (WF_TYPE_CLAIM_ROW, NULL);
}

void
wf_claim_row_show (WfClaimRow *self,
                   WfClaim    *claim,
                   WfClock    *clock)
{
  g_autofree char *text = NULL;

  g_return_if_fail (WF_IS_CLAIM_ROW (self));

  g_set_object (&self->clock, clock);
  g_set_object (&self->claim, claim);
  show_all_button (self, wf_claim_get_long_text (claim) != NULL);
  self->time = wf_claim_get_time (claim);
  text = self->time == WF_TIME_UNKNOWN ? wf_claim_format (claim) : wf_format_when (self->time, wf_clock_now (clock));
  set_words (self, wf_claim_get_name (claim), wf_claim_get_meaning (claim), text);
  if (self->time != WF_TIME_UNKNOWN)
    {
      g_free (text);
      text = wf_format_absolute (self->time);
      wf_tooltip_set (GTK_WIDGET (self->value), text);
    }
  else
    wf_tooltip_set (GTK_WIDGET (self->value), NULL);
}

void
wf_claim_row_show_change (WfClaimRow          *self,
                          const WfClaimChange *change,
                          WfClock             *clock)
{
  g_autofree char *text = NULL;

  g_return_if_fail (WF_IS_CLAIM_ROW (self));

  text = describe_change (change, wf_clock_now (clock));
  self->time = WF_TIME_UNKNOWN;
  set_words (self, change->name, change->is_lifetime ? _("How long the token lives") : wf_claims_get_meaning (change->name), text);
}

const char *
wf_claim_row_get_spoken (WfClaimRow *self)
{
  g_return_val_if_fail (WF_IS_CLAIM_ROW (self), NULL);

  return self->spoken;
}
