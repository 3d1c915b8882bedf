/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-presets.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include "wf-error.h"
#include "wf-presets-resource.h"

#define FOLDER "/io/github/warifu/Warifu/presets"
#define ENDING ".conf"

static int
compare_presets (gconstpointer a,
                 gconstpointer b)
{
  const WfPreset *left = *(WfPreset *const *) a;
  const WfPreset *right = *(WfPreset *const *) b;
  int order = g_str_equal (right->id, WF_PRESET_GENERIC) - g_str_equal (left->id, WF_PRESET_GENERIC);

  return order ? order : g_utf8_collate (left->name, right->name);
}

static WfPreset *
load_preset (GResource  *resource,
             const char *file)
{
  g_autofree char *path = g_build_path ("/", FOLDER, file, NULL);
  g_autofree char *id = g_strndup (file, strlen (file) - strlen (ENDING));
  g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return bytes ? wf_preset_parse (id, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL) : NULL;
}

/* Not by a constructor: in a static library nobody would refer to it. */
static GResource *
get_resource (void)
{
  static gsize registered = 0;

  if (g_once_init_enter (&registered))
    {
      wf_presets_register_resource ();
      g_once_init_leave (&registered, 1);
    }
  return wf_presets_get_resource ();
}

GPtrArray *
wf_presets_load (void)
{
  g_autoptr (GPtrArray) presets = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_preset_unref);
  GResource *resource = get_resource ();
  g_auto (GStrv) files = g_resource_enumerate_children (resource, FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; files && files[i]; i++)
    {
      WfPreset *preset = g_str_has_suffix (files[i], ENDING) ? load_preset (resource, files[i]) : NULL;

      if (preset)
        g_ptr_array_add (presets, preset);
    }
  g_ptr_array_sort (presets, compare_presets);
  return g_steal_pointer (&presets);
}

WfPreset *
wf_presets_find (GPtrArray   *presets,
                 const char  *name,
                 GError     **error)
{
  g_autofree char *wanted = NULL;

  g_return_val_if_fail (presets != NULL && name != NULL, NULL);

  wanted = g_utf8_casefold (name, -1);
  for (guint i = 0; i < presets->len; i++)
    {
      WfPreset *preset = presets->pdata[i];
      g_autofree char *own = g_utf8_casefold (preset->name, -1);

      if (g_str_equal (preset->id, wanted) || g_str_equal (own, wanted))
        return wf_preset_ref (preset);
    }
  g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("There is no preset “%s”."), name);
  return NULL;
}
