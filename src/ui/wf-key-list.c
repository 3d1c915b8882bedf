/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-key-list.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-key-report.h"
#include "wf-tooltip.h"

struct _WfKeyList
{
  GtkBox      parent_instance;

  GtkListBox *rows;
  GtkLabel   *left_out;
  GPtrArray  *reports; /* nullable */
};

G_DEFINE_FINAL_TYPE (WfKeyList, wf_key_list, GTK_TYPE_BOX)

static void
append_word (GString    *text,
             const char *word)
{
  if (word)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", word);
}

static char *
format_bits (const WfKeyReport *report)
{
  return report->bits > 0 ? g_strdup_printf (ngettext ("%u bit", "%u bits", report->bits), report->bits) : NULL;
}

/* "RSA · 2048 bits · RS256 · sig" */
static char *
summarize (const WfKeyReport *report)
{
  GString *text = g_string_new (NULL);
  g_autofree char *bits = report->curve ? NULL : format_bits (report);

  append_word (text, report->key_type);
  append_word (text, report->curve);
  append_word (text, bits);
  append_word (text, report->algorithm);
  append_word (text, report->use);
  if (report->is_private)
    append_word (text, _("private"));
  if (report->problem)
    append_word (text, _("not used"));
  return g_string_free (text, FALSE);
}

static void
on_copy_clicked (GtkWidget  *button,
                 const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
}

/* A row's subtitle cannot be selected before libadwaita 1.3. */
static GtkWidget *
make_copy_button (const char *label,
                  const char *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  wf_tooltip_set (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_copy_clicked), g_strdup (text), (GClosureNotify) g_free, 0);
  return button;
}

static GtkWidget *
add_detail (AdwExpanderRow *row,
            const char     *title,
            const char     *value)
{
  GtkWidget *detail;

  if (!value || !*value)
    return NULL;
  detail = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (detail), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (detail), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (detail), value);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (detail), 0);
  adw_expander_row_add_row (row, detail);
  return detail;
}

/* The details are made when they are first looked at: a set may have a hundred keys. */
static void
on_expanded (AdwExpanderRow *row)
{
  const WfKeyReport *report = g_object_get_data (G_OBJECT (row), "report");
  g_autofree char *bits = NULL;
  GtkWidget *thumbprint;

  if (!report || !adw_expander_row_get_expanded (row))
    return;
  g_object_set_data (G_OBJECT (row), "report", NULL);
  bits = format_bits (report);
  add_detail (row, _("Not used"), report->problem);
  if (report->is_private)
    add_detail (row, _("Private"), _("It can sign, not only check: whoever has it can make tokens. It does not belong in a key set that others see."));
  add_detail (row, _("Key ID"), report->key_id);
  add_detail (row, _("Kind"), report->key_type);
  add_detail (row, _("Curve"), report->curve);
  add_detail (row, _("Size"), bits);
  add_detail (row, _("Algorithm"), report->algorithm);
  add_detail (row, _("Use"), report->use);
  add_detail (row, _("Operations"), report->operations);
  thumbprint = add_detail (row, _("Thumbprint (SHA-256)"), report->thumbprint);
  if (thumbprint)
    adw_action_row_add_suffix (ADW_ACTION_ROW (thumbprint), make_copy_button (_("Copy Thumbprint"), report->thumbprint));
}

static GtkWidget *
make_symbol (const WfKeyReport *report)
{
  gboolean is_good = !report->problem && !report->is_private;
  GtkWidget *symbol = gtk_image_new_from_icon_name (is_good ? "wf-good-symbolic" : "wf-attention-symbolic");

  gtk_widget_add_css_class (symbol, is_good ? "success" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  report->problem ? _("Not used") : is_good ? _("Good") : _("Private"), -1);
  return symbol;
}

static GtkWidget *
make_row (WfKeyReport *report)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *summary = summarize (report);
  g_autofree char *title = NULL;

  /* Translators: of a key without a name; %u is its number in the set */
  title = report->key_id ? g_strdup (report->key_id) : g_strdup_printf (_("Key %u, without an ID"), report->position);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  wf_accessible_name (row, title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), summary);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), make_symbol (report));
  g_object_set_data (G_OBJECT (row), "report", report);
  g_signal_connect (row, "notify::expanded", G_CALLBACK (on_expanded), NULL);
  return row;
}

static void
wf_key_list_dispose (GObject *object)
{
  g_clear_pointer (&WF_KEY_LIST (object)->reports, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_key_list_parent_class)->dispose (object);
}

static void
wf_key_list_class_init (WfKeyListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_key_list_dispose;
}

static void
wf_key_list_init (WfKeyList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->rows = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->rows, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rows), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Keys"), -1);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->rows));

  self->left_out = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->left_out, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->left_out), "dim-label");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->left_out));
}

GtkWidget *
wf_key_list_new (void)
{
  return g_object_new (WF_TYPE_KEY_LIST, NULL);
}

void
wf_key_list_show (WfKeyList *self,
                  GPtrArray *reports,
                  guint      n_left_out)
{
  GtkListBoxRow *row;
  g_autofree char *words = NULL;

  g_return_if_fail (WF_IS_KEY_LIST (self));

  while ((row = gtk_list_box_get_row_at_index (self->rows, 0)))
    gtk_list_box_remove (self->rows, GTK_WIDGET (row));
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  self->reports = reports ? g_ptr_array_ref (reports) : NULL;
  for (guint i = 0; reports && i < reports->len; i++)
    gtk_list_box_append (self->rows, make_row (g_ptr_array_index (reports, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->rows), reports && reports->len > 0);
  words = g_strdup_printf (ngettext ("%u more key is left out.", "%u more keys are left out.", n_left_out), n_left_out);
  gtk_label_set_label (self->left_out, words);
  gtk_widget_set_visible (GTK_WIDGET (self->left_out), n_left_out > 0);
}
