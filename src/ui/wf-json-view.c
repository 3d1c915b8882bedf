/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-view.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

/* Colouring longer texts costs more than it tells. */
#define MAX_COLOURED (256 * 1024)
/* A longer line takes seconds to lay out. */
#define MAX_LINE 8192
/* More lines than this scroll by themselves. */
#define MAX_WHOLE 200
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
  update_scheme (buffer);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), buffer, G_CONNECT_SWAPPED);
  return view;
}

/* Returns: (transfer full) (nullable): @text with its longest lines cut; NULL where there are none */
static char *
cut_lines (const char *text)
{
  g_autoptr (GString) out = NULL;
  const char *line = text;

  while (*line)
    {
      gsize length = strcspn (line, "\n");
      gsize kept = length;

      if (length > MAX_LINE)
        {
          const char *end = g_utf8_find_prev_char (line, line + MAX_LINE + 1);

          kept = end ? (gsize) (end - line) : MAX_LINE;
          if (!out)
            out = g_string_new_len (text, line - text);
        }
      if (out)
        {
          g_string_append_len (out, line, (gssize) kept);
          g_string_append (out, kept < length ? "…" : "");
          g_string_append_len (out, line + length, line[length] ? 1 : 0);
        }
      line += length + (line[length] ? 1 : 0);
    }
  return out ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

/* The scroller of its own comes with the text that needs it. */
static void
update_frame (GtkWidget *view)
{
  GtkWidget *frame = gtk_widget_get_ancestor (view, ADW_TYPE_BIN);
  GtkWidget *scroller;

  if (!frame || !gtk_widget_has_css_class (frame, "source-frame") || adw_bin_get_child (ADW_BIN (frame)) != view ||
      gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))) <= MAX_WHOLE)
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
  g_autofree char *cut = cut_lines (text);

  if (language && strlen (text) <= MAX_COLOURED)
    found = gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), language);
  gtk_source_buffer_set_language (buffer, found);
  gtk_source_buffer_set_highlight_syntax (buffer, found != NULL);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), cut ? cut : text, -1);
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
