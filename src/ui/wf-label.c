/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-label.h"

gboolean
wf_label_update (GtkLabel   *label,
                 const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) == 0)
    return FALSE;
  gtk_label_set_label (label, text);
  return TRUE;
}

void
wf_label_set_verbatim (GtkLabel      *label,
                       PangoWrapMode  mode)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, mode);
}
