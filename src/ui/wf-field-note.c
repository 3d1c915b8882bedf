/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-field-note.h"

#define NOTE_KEY "wf-field-note"

typedef struct
{
  GtkWidget *row; /* below the field; owned by the list */
  GtkLabel  *label;
  char      *error;
  char      *hint;
} Note;

/* A row that lets the focus through. GtkListBox gives up where the next row does not take the focus, and what comes
 * after it in the list would not be reached by Tab. */
#define WF_TYPE_NOTE_ROW (wf_note_row_get_type ())
G_DECLARE_FINAL_TYPE (WfNoteRow, wf_note_row, WF, NOTE_ROW, GtkListBoxRow)

struct _WfNoteRow
{
  GtkListBoxRow parent_instance;
};

G_DEFINE_FINAL_TYPE (WfNoteRow, wf_note_row, GTK_TYPE_LIST_BOX_ROW)

static gboolean
wf_note_row_focus (GtkWidget        *widget,
                   GtkDirectionType  direction)
{
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_UP;
  GtkWidget *next = widget;

  do
    next = back ? gtk_widget_get_prev_sibling (next) : gtk_widget_get_next_sibling (next);
  while (next && !gtk_widget_get_visible (next));
  return next && gtk_widget_child_focus (next, direction);
}

static void
wf_note_row_class_init (WfNoteRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = wf_note_row_focus;
}

static void
wf_note_row_init (WfNoteRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

static void
note_free (Note *note)
{
  g_free (note->error);
  g_free (note->hint);
  g_free (note);
}

static void
on_field_visible (GtkWidget  *field,
                  GParamSpec *pspec,
                  Note       *note)
{
  gboolean shown = gtk_widget_get_visible (field) && (note->error || note->hint);

  gtk_widget_set_visible (note->row, shown);
  /* No line between the two. */
  if (shown)
    gtk_widget_add_css_class (field, "with-note");
  else
    gtk_widget_remove_css_class (field, "with-note");
}

static Note *
make_note (GtkWidget *field)
{
  GtkWidget *list = gtk_widget_get_ancestor (field, GTK_TYPE_LIST_BOX);
  Note *note = g_new0 (Note, 1);

  note->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (note->label, 0);
  gtk_label_set_wrap (note->label, TRUE);
  gtk_label_set_wrap_mode (note->label, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (note->label), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (note->label), "field-note");
  note->row = g_object_new (WF_TYPE_NOTE_ROW, NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (note->row), GTK_WIDGET (note->label));
  gtk_list_box_insert (GTK_LIST_BOX (list), note->row, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (field)) + 1);
  g_object_set_data_full (G_OBJECT (field), NOTE_KEY, note, (GDestroyNotify) note_free);
  g_signal_connect (field, "notify::visible", G_CALLBACK (on_field_visible), note);
  return note;
}

static void
describe (GtkAccessible *accessible,
          const Note    *note)
{
  const char *text = note->error ? note->error : note->hint;

  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text ? text : "", -1);
  gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID,
                               note->error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
update (GtkWidget *field,
        Note      *note)
{
  const char *text = note->error ? note->error : note->hint;

  gtk_label_set_label (note->label, text ? text : "");
  /* GTK 4.8 shows the row to a screen reader, later ones the text inside of it. */
  describe (GTK_ACCESSIBLE (field), note);
  if (GTK_IS_EDITABLE (field))
    describe (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (field))), note);
  if (note->error)
    {
      gtk_widget_add_css_class (field, "error");
      gtk_widget_add_css_class (GTK_WIDGET (note->label), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (note->label), "dim-label");
    }
  else
    {
      gtk_widget_remove_css_class (field, "error");
      gtk_widget_remove_css_class (GTK_WIDGET (note->label), "error");
      gtk_widget_add_css_class (GTK_WIDGET (note->label), "dim-label");
    }
  on_field_visible (field, NULL, note);
}

static void
set_text (GtkWidget  *field,
          const char *text,
          gsize       offset)
{
  Note *note = g_object_get_data (G_OBJECT (field), NOTE_KEY);
  char **slot;

  if (!note && !text)
    return;
  if (!note)
    note = make_note (field);
  slot = &G_STRUCT_MEMBER (char *, note, offset);
  if (g_strcmp0 (*slot, text) == 0)
    return;
  g_free (*slot);
  *slot = g_strdup (text);
  update (field, note);
}

void
wf_field_note_set_error (GtkWidget  *row,
                         const char *message)
{
  g_return_if_fail (GTK_IS_LIST_BOX_ROW (row));

  set_text (row, message, G_STRUCT_OFFSET (Note, error));
}

void
wf_field_note_set_hint (GtkWidget  *row,
                        const char *message)
{
  g_return_if_fail (GTK_IS_LIST_BOX_ROW (row));

  set_text (row, message, G_STRUCT_OFFSET (Note, hint));
}
