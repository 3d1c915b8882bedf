/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-view.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

#include "wf-secret.h"

/* Colouring longer texts costs more than it tells. */
#define MAX_COLOURED (256 * 1024)
/* A longer line takes seconds to lay out: it is shown as several. */
#define MAX_LINE 4096
/* More than this scrolls by itself. */
#define MAX_WHOLE 200
#define MAX_WHOLE_CHARS (16 * 1024)
/* The tag of the line breaks that are not in the text. What is copied has no text that cannot be seen. */
#define FOLD "fold"
/* The tag of everything: a hyphen where a line is broken would be read as one of the text. */
#define VERBATIM "verbatim"
#define FRAME_HEIGHT 460

static void
update_scheme (GtkSourceBuffer *buffer)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (buffer,
                                      gtk_source_style_scheme_manager_get_scheme (manager, dark ? "Adwaita-dark" : "Adwaita"));
}

static GtkSourceBuffer *
get_buffer (GtkWidget *view)
{
  return GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)));
}

GtkWidget *
wf_json_view_new (const char *name)
{
  static gsize ready;
  GtkSourceBuffer *buffer;
  GtkWidget *view;

  if (g_once_init_enter (&ready))
    {
      gtk_source_init ();
      g_once_init_leave (&ready, 1);
    }
  view = gtk_source_view_new ();
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_CHAR);
  gtk_widget_set_direction (view, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (view, "source");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  buffer = get_buffer (view);
  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (buffer), FOLD, "invisible", TRUE, NULL);
  gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (buffer), VERBATIM, "insert-hyphens", FALSE, NULL);
  update_scheme (buffer);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), buffer, G_CONNECT_SWAPPED);
  return view;
}

/* Copies one line, in several where it is long. @folds: where they end. Returns: where it ends itself; in characters */
static guint
fold_line (GString    *out,
           GArray     *folds,
           guint       at,
           const char *line,
           gsize       length)
{
  while (length > MAX_LINE)
    {
      const char *end = g_utf8_find_prev_char (line, line + MAX_LINE + 1);

      g_string_append_len (out, line, end - line);
      g_string_append_c (out, '\n');
      at += (guint) g_utf8_strlen (line, end - line);
      g_array_append_val (folds, at);
      at++;
      length -= (gsize) (end - line);
      line = end;
    }
  g_string_append_len (out, line, (gssize) length);
  return at + (guint) g_utf8_strlen (line, (gssize) length);
}

static GString *
fold_lines (const char *text,
            GArray     *folds)
{
  gsize size = strlen (text);
  GString *out = g_string_sized_new (size + size / 1024 + 1);
  guint at = 0;

  while (*text)
    {
      gsize length = strcspn (text, "\n");

      at = fold_line (out, folds, at, text, length);
      text += length;
      if (*text == '\0')
        break;
      g_string_append_c (out, '\n');
      at++;
      text++;
    }
  return out;
}

static void
apply_tags (GtkTextBuffer *buffer,
            const GArray  *folds)
{
  GtkTextIter first;
  GtkTextIter last;

  gtk_text_buffer_get_bounds (buffer, &first, &last);
  gtk_text_buffer_apply_tag_by_name (buffer, VERBATIM, &first, &last);
  for (guint i = 0; i < folds->len; i++)
    {
      GtkTextIter start;
      GtkTextIter end;

      gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) g_array_index (folds, guint, i));
      end = start;
      gtk_text_iter_forward_char (&end);
      gtk_text_buffer_apply_tag_by_name (buffer, FOLD, &start, &end);
    }
}

static gboolean
is_long (GtkTextBuffer *buffer)
{
  return gtk_text_buffer_get_line_count (buffer) > MAX_WHOLE || gtk_text_buffer_get_char_count (buffer) > MAX_WHOLE_CHARS;
}

/* The scroller of its own comes with the text that needs it. */
static void
update_frame (GtkWidget *view)
{
  GtkWidget *frame = gtk_widget_get_ancestor (view, ADW_TYPE_BIN);
  GtkWidget *scroller;

  if (!frame || !gtk_widget_has_css_class (frame, "source-frame") || adw_bin_get_child (ADW_BIN (frame)) != view ||
      !is_long (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))))
    return;
  g_object_ref (view);
  adw_bin_set_child (ADW_BIN (frame), NULL);
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scroller, -1, FRAME_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  adw_bin_set_child (ADW_BIN (frame), scroller);
  g_object_unref (view);
}

void
wf_json_view_set_text (GtkWidget  *view,
                       const char *text,
                       const char *language)
{
  GtkSourceBuffer *buffer = get_buffer (view);
  GtkSourceLanguage *found = NULL;
  g_autoptr (GArray) folds = g_array_new (FALSE, FALSE, sizeof (guint));
  GString *folded = fold_lines (text, folds);

  /* A line that is several has no colours: the second would begin as if it were outside of the string. */
  if (language && folded->len <= MAX_COLOURED && folds->len == 0)
    found = gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), language);
  gtk_source_buffer_set_language (buffer, found);
  gtk_source_buffer_set_highlight_syntax (buffer, found != NULL);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), folded->str, (int) folded->len);
  apply_tags (GTK_TEXT_BUFFER (buffer), folds);
  wf_secret_wipe_string (folded);
  update_frame (view);
}

GtkWidget *
wf_json_view_new_frame (GtkWidget *view)
{
  GtkWidget *frame = adw_bin_new ();

  gtk_widget_add_css_class (frame, "source-frame");
  adw_bin_set_child (ADW_BIN (frame), view);
  update_frame (view);
  return frame;
}
