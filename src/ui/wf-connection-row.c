/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-format.h"

struct _WfConnectionRow
{
  AdwActionRow      parent_instance;

  GtkStack         *mark; /* the spinner, or the symbol */
  GtkImage         *symbol;
  GtkSpinner       *spinner;
  GtkLabel         *word;
  WfConnectionStep *step;
};

#define WF_TYPE_CONNECTION_ROW (wf_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (WfConnectionRow, wf_connection_row, WF, CONNECTION_ROW, AdwActionRow)
G_DEFINE_FINAL_TYPE (WfConnectionRow, wf_connection_row, ADW_TYPE_ACTION_ROW)

/* The shape tells as much as the colour does, and the word as much as the shape. */
static const struct
{
  const char *icon;
  const char *style; /* nullable */
} marks[] = {
  [WF_CONNECTION_WAITING] = { "wf-signed-out-symbolic", "dim-label" },
  [WF_CONNECTION_RUNNING] = { "wf-wait-symbolic", NULL },
  [WF_CONNECTION_PASSED] = { "wf-good-symbolic", "success" },
  [WF_CONNECTION_WARNING] = { "wf-attention-symbolic", "warning" },
  [WF_CONNECTION_FAILED] = { "wf-expired-symbolic", "error" },
  [WF_CONNECTION_SKIPPED] = { "wf-signed-out-symbolic", "dim-label" },
};

static char *
make_word (WfConnectionStep *step)
{
  const char *word = wf_connection_outcome_get_title (wf_connection_step_get_outcome (step));
  gint64 duration = wf_connection_step_get_duration (step);
  g_autofree char *elapsed = NULL;

  if (duration < 0)
    return g_strdup (word);
  elapsed = wf_format_elapsed (duration);
  return g_strdup_printf ("%s · %s", word, elapsed);
}

static void
update (WfConnectionRow *self)
{
  WfConnectionOutcome outcome = wf_connection_step_get_outcome (self->step);
  const char *title = wf_connection_kind_get_title (wf_connection_step_get_kind (self->step));
  const char *detail = wf_connection_step_get_detail (self->step);
  const char *classes[] = { marks[outcome].style, NULL };
  g_autofree char *word = make_word (self->step);
  g_autofree char *name = NULL;
  gboolean running = outcome == WF_CONNECTION_RUNNING;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  gtk_image_set_from_icon_name (self->symbol, marks[outcome].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->symbol), classes);
  gtk_label_set_label (self->word, word);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->mark, running ? GTK_WIDGET (self->spinner) : GTK_WIDGET (self->symbol));
  /* Translators: for a screen reader: a step, its outcome, and what was found: "Connection: Failed. …" */
  name = g_strdup_printf (C_("connection test", "%s: %s. %s"), title, wf_connection_outcome_get_title (outcome), detail);
  wf_accessible_name (GTK_WIDGET (self), g_strchomp (name));
}

static void
wf_connection_row_dispose (GObject *object)
{
  g_clear_object (&WF_CONNECTION_ROW (object)->step);
  G_OBJECT_CLASS (wf_connection_row_parent_class)->dispose (object);
}

static void
wf_connection_row_class_init (WfConnectionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_connection_row_dispose;
}

static void
wf_connection_row_init (WfConnectionRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  self->mark = GTK_STACK (gtk_stack_new ());
  self->symbol = GTK_IMAGE (g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_stack_add_child (self->mark, GTK_WIDGET (self->symbol));
  gtk_stack_add_child (self->mark, GTK_WIDGET (self->spinner));
  gtk_widget_set_valign (GTK_WIDGET (self->mark), GTK_ALIGN_CENTER);
  self->word = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->word), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->word), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->word), "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->mark));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->word));
}

GtkWidget *
wf_connection_row_new (WfConnectionStep *step)
{
  WfConnectionRow *self = g_object_new (WF_TYPE_CONNECTION_ROW, NULL);

  self->step = g_object_ref (step);
  g_signal_connect_object (step, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
