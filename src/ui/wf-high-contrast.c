/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-high-contrast.h"

#include <adwaita.h>

#define RESOURCE "/io/github/warifu/Warifu/high-contrast.css"

static void
apply (AdwStyleManager *manager,
       GParamSpec      *pspec,
       GtkCssProvider  *provider)
{
  GdkDisplay *display = gdk_display_get_default ();

  /* Above style.css, which libadwaita adds for the application. */
  if (adw_style_manager_get_high_contrast (manager))
    gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                                GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  else
    gtk_style_context_remove_provider_for_display (display, GTK_STYLE_PROVIDER (provider));
}

void
wf_high_contrast_follow (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, RESOURCE);
  apply (manager, NULL /* pspec */, provider);
  g_signal_connect_data (manager, "notify::high-contrast", G_CALLBACK (apply), g_steal_pointer (&provider),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
}
