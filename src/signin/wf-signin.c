/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin.h"

#include "wf-signin-view.h"

GtkWidget *
warifu_signin_create_view (WfAuthorizationRequest *request,
                           GVariant               *settings)
{
  g_autoptr (GVariant) options = NULL;

  g_return_val_if_fail (request, NULL);

  options = settings ? g_variant_ref_sink (settings)
                     : g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  g_return_val_if_fail (g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT), NULL);

  return wf_signin_view_new (request, options);
}
