/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-params.h"

#include "wf-form.h"

#define MAX_PARAMS 64

char **
wf_params_parse (const char *text,
                 GError    **error)
{
  g_autoptr (WfForm) form = wf_form_decode (text, MAX_PARAMS, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (!form || wf_form_get_length (form) == 0)
    return NULL;
  for (guint i = 0; i < wf_form_get_length (form); i++)
    {
      const char *value = wf_form_get_value (form, i);
      g_autofree char *param = g_strconcat (wf_form_get_name (form, i), "=", value ? value : "", NULL);

      g_strv_builder_add (builder, param);
    }
  return g_strv_builder_end (builder);
}

char *
wf_params_format (char **params)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; params && params[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (params[i], "=", 2);
      g_autofree char *name = wf_form_encode_value (parts[0]);
      g_autofree char *value = wf_form_encode_value (parts[1] ? parts[1] : "");

      g_string_append_printf (text, "%s%s=%s", i > 0 ? "&" : "", name, value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
