/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tls-view.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-label.h"

static GtkWidget *
make_name (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
make_value (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "caption");
  wf_label_set_verbatim (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

static void
add_line (GtkGrid    *grid,
          int         row,
          const char *name,
          const char *text)
{
  gtk_grid_attach (grid, make_name (name), 0, row, 1, 1);
  gtk_grid_attach (grid, make_value (text && *text ? text : _("Unknown")), 1, row, 1, 1);
}

static GtkWidget *
make_details (const WfTlsPeer *peer)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *until = wf_format_absolute (peer->expires_at);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_widget_add_css_class (grid, "tls-details");
  /* Translators: what follows it is such as "TLS 1.3" */
  add_line (GTK_GRID (grid), 0, C_("TLS", "Version"), peer->protocol);
  add_line (GTK_GRID (grid), 1, C_("TLS", "Cipher"), peer->cipher);
  /* Translators: to whom a certificate was given */
  add_line (GTK_GRID (grid), 2, C_("certificate", "Subject"), peer->subject);
  /* Translators: the authority that gave a certificate */
  add_line (GTK_GRID (grid), 3, C_("certificate", "Issuer"), peer->issuer);
  add_line (GTK_GRID (grid), 4, C_("certificate", "Valid until"), until);
  add_line (GTK_GRID (grid), 5, C_("certificate", "SHA-256"), peer->fingerprint);
  return grid;
}

GtkWidget *
wf_tls_view_new (void)
{
  GtkWidget *view = gtk_expander_new (NULL);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_expander_set_label_widget (GTK_EXPANDER (view), label);
  gtk_widget_set_visible (view, FALSE);
  return view;
}

void
wf_tls_view_set_peer (GtkWidget *view,
                      WfTlsPeer *peer)
{
  GtkWidget *label = gtk_expander_get_label_widget (GTK_EXPANDER (view));
  g_autofree char *title = NULL;

  gtk_widget_set_visible (view, peer != NULL);
  if (!peer)
    return;
  title = g_strdup_printf ("%s · %s", peer->protocol ? peer->protocol : "TLS", peer->subject);
  gtk_label_set_label (GTK_LABEL (label), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_expander_set_child (GTK_EXPANDER (view), make_details (peer));
}
