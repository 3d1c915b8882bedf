/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tooltip.h"

#define TEXT_KEY "wf-tooltip"

static gboolean
on_query_label (GtkLabel   *label,
                int         x,
                int         y,
                gboolean    keyboard,
                GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (label));
  return TRUE;
}

static gboolean
on_query_text (GtkWidget  *widget,
               int         x,
               int         y,
               gboolean    keyboard,
               GtkTooltip *tooltip)
{
  const char *text = g_object_get_data (G_OBJECT (widget), TEXT_KEY);

  if (!text)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
wf_tooltip_follow_label (GtkLabel *label)
{
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_query_label), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (label), TRUE);
}

void
wf_tooltip_set (GtkWidget  *widget,
                const char *text)
{
  const char *old = g_object_get_data (G_OBJECT (widget), TEXT_KEY);

  if (g_strcmp0 (old, text) == 0)
    return;
  if (!old && !gtk_widget_get_has_tooltip (widget))
    {
      g_signal_connect (widget, "query-tooltip", G_CALLBACK (on_query_text), NULL);
      gtk_widget_set_has_tooltip (widget, TRUE);
    }
  g_object_set_data_full (G_OBJECT (widget), TEXT_KEY, g_strdup (text), g_free);
}
