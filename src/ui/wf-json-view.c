/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-json-view.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

/* Colouring longer texts costs more than it tells. */
#define MAX_COLOURED (256 * 1024)

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

void
wf_json_view_set_text (GtkWidget  *view,
                       const char *text,
                       const char *language)
{
  GtkSourceBuffer *buffer = get_buffer (view);
  GtkSourceLanguage *found = NULL;

  if (language && strlen (text) <= MAX_COLOURED)
    found = gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), language);
  gtk_source_buffer_set_language (buffer, found);
  gtk_source_buffer_set_highlight_syntax (buffer, found != NULL);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), text, -1);
}
