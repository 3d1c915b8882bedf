/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

static gboolean
has_key (GSettings  *settings,
         const char *key,
         const char *type)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) schema_key = NULL;

  if (!settings)
    return FALSE;
  g_object_get (settings, "settings-schema", &schema, NULL);
  if (!g_settings_schema_has_key (schema, key))
    return FALSE;
  schema_key = g_settings_schema_get_key (schema, key);
  return g_variant_type_equal (g_settings_schema_key_get_value_type (schema_key), G_VARIANT_TYPE (type));
}

GSettings *
wf_settings_new (gboolean in_memory)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsBackend) backend = NULL;

  if (!source)
    return NULL;
  schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  if (!schema)
    return NULL;
  if (in_memory)
    backend = g_memory_settings_backend_new ();
  return g_settings_new_full (schema, backend, NULL);
}

int
wf_settings_get_int (GSettings  *settings,
                     const char *key,
                     int         fallback)
{
  if (has_key (settings, key, "i"))
    return g_settings_get_int (settings, key);
  if (has_key (settings, key, "u"))
    return (int) MIN (g_settings_get_uint (settings, key), G_MAXINT);
  return fallback;
}

gboolean
wf_settings_get_boolean (GSettings  *settings,
                         const char *key,
                         gboolean    fallback)
{
  return has_key (settings, key, "b") ? g_settings_get_boolean (settings, key) : fallback;
}

void
wf_settings_set_int (GSettings  *settings,
                     const char *key,
                     int         value)
{
  if (wf_settings_get_int (settings, key, value) == value)
    return;
  if (has_key (settings, key, "i"))
    g_settings_set_int (settings, key, value);
  else
    g_settings_set_uint (settings, key, (guint) value);
}

void
wf_settings_set_boolean (GSettings  *settings,
                         const char *key,
                         gboolean    value)
{
  if (has_key (settings, key, "b") && g_settings_get_boolean (settings, key) != value)
    g_settings_set_boolean (settings, key, value);
}
