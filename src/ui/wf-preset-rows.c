/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preset-rows.h"

#include <glib/gi18n-lib.h>

#include "wf-field-note.h"

struct _WfPresetRows
{
  GObject    parent_instance;

  GtkWidget *above; /* weak */
  GPtrArray *rows;  /* (element-type GtkWidget), borrowed of the list: those of a preset come first, the rest is hidden */
  WfPreset  *preset; /* nullable */
  gboolean   filling;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfPresetRows, wf_preset_rows, G_TYPE_OBJECT)

static guint
count_fields (WfPresetRows *self)
{
  return self->preset ? self->preset->fields->len : 0;
}

static const char *
get_text (WfPresetRows *self,
          guint         position)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->rows->pdata[position]));
}

/* Returns: whether all is there and right. An empty field is not wrong yet: it is missing. */
static gboolean
check (WfPresetRows *self)
{
  gboolean good = TRUE;

  for (guint i = 0; i < count_fields (self); i++)
    {
      const char *text = get_text (self, i);
      g_autoptr (GError) error = NULL;

      good &= wf_preset_field_check (self->preset->fields->pdata[i], text, &error);
      wf_field_note_set_error (self->rows->pdata[i], error && *text ? error->message : NULL);
    }
  return good;
}

static void
on_changed (WfPresetRows *self)
{
  if (self->filling)
    return;
  check (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
add_row (WfPresetRows *self)
{
  GtkWidget *list = gtk_widget_get_ancestor (self->above, GTK_TYPE_LIST_BOX);
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *previous = self->rows->len > 0 ? self->rows->pdata[self->rows->len - 1] : self->above;
  int position = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (previous)) + 1;

  /* Below the row there may be its note. */
  if (!ADW_IS_PREFERENCES_ROW (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), position)))
    position++;
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (GTK_LIST_BOX (list), row, position);
  g_ptr_array_add (self->rows, row);
}

static void
show_field (GtkWidget           *row,
            const WfPresetField *field)
{
  /* Translators: %s is what belongs into a field */
  g_autofree char *hint = g_strdup_printf (_("Such as %s"), field->example);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->title);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  gtk_text_set_input_purpose (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                              field->is_server ? GTK_INPUT_PURPOSE_URL : GTK_INPUT_PURPOSE_FREE_FORM);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, field->title, -1);
  wf_field_note_set_hint (row, hint);
}

static void
wf_preset_rows_dispose (GObject *object)
{
  WfPresetRows *self = WF_PRESET_ROWS (object);

  g_clear_weak_pointer (&self->above);
  g_clear_pointer (&self->preset, wf_preset_unref);
  G_OBJECT_CLASS (wf_preset_rows_parent_class)->dispose (object);
}

static void
wf_preset_rows_finalize (GObject *object)
{
  g_ptr_array_unref (WF_PRESET_ROWS (object)->rows);
  G_OBJECT_CLASS (wf_preset_rows_parent_class)->finalize (object);
}

static void
wf_preset_rows_class_init (WfPresetRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_preset_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_preset_rows_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_preset_rows_init (WfPresetRows *self)
{
  self->rows = g_ptr_array_new ();
}

WfPresetRows *
wf_preset_rows_new (GtkWidget *above)
{
  WfPresetRows *self;

  g_return_val_if_fail (GTK_IS_LIST_BOX_ROW (above), NULL);

  self = g_object_new (WF_TYPE_PRESET_ROWS, NULL);
  g_set_weak_pointer (&self->above, above);
  return self;
}

void
wf_preset_rows_show (WfPresetRows   *self,
                     const WfPreset *preset)
{
  g_return_if_fail (WF_IS_PRESET_ROWS (self));

  if (self->preset == preset)
    return;
  g_clear_pointer (&self->preset, wf_preset_unref);
  self->preset = preset ? wf_preset_ref ((WfPreset *) preset) : NULL;
  while (self->rows->len < count_fields (self))
    add_row (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      if (i < count_fields (self))
        show_field (self->rows->pdata[i], preset->fields->pdata[i]);
      gtk_widget_set_visible (self->rows->pdata[i], i < count_fields (self));
    }
}

void
wf_preset_rows_take_issuer (WfPresetRows *self,
                            const char   *issuer)
{
  g_auto (GStrv) values = NULL;

  g_return_if_fail (WF_IS_PRESET_ROWS (self) && issuer != NULL);

  values = count_fields (self) > 0 ? wf_preset_read_values (self->preset, issuer) : NULL;
  self->filling = TRUE;
  for (guint i = 0; i < count_fields (self); i++)
    gtk_editable_set_text (GTK_EDITABLE (self->rows->pdata[i]), values ? values[i] : "");
  self->filling = FALSE;
  check (self);
}

char *
wf_preset_rows_make_issuer (WfPresetRows *self)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  g_autoptr (WfAccount) account = wf_account_new ();

  g_return_val_if_fail (WF_IS_PRESET_ROWS (self), NULL);

  if (count_fields (self) == 0 || !check (self))
    return NULL;
  for (guint i = 0; i < count_fields (self); i++)
    g_ptr_array_add (values, (gpointer) get_text (self, i));
  if (!wf_preset_fill (self->preset, (const char *const *) values->pdata, account, NULL))
    return NULL;
  return g_strdup (account->issuer);
}

gboolean
wf_preset_rows_focus (WfPresetRows *self)
{
  g_return_val_if_fail (WF_IS_PRESET_ROWS (self), FALSE);

  return count_fields (self) > 0 && gtk_widget_grab_focus (self->rows->pdata[0]);
}
