/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-presets.h"

#define ID_WIDTH 12
#define NAME_WIDTH 22

/* "--domain DOMAIN [--realm REALM]": what is needed stands free. */
static char *
describe_fields (const WfPreset *preset)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < preset->fields->len; i++)
    {
      const WfPresetField *field = preset->fields->pdata[i];

      g_string_append_printf (text, field->standard ? "%s[--%s %s]" : "%s--%s %s", i > 0 ? " " : "", field->name, field->example);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_field (JsonBuilder         *builder,
           const WfPresetField *field)
{
  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "name", field->name);
  wf_cli_add_string (builder, "title", field->title);
  wf_cli_add_string (builder, "example", field->example);
  wf_cli_add_string (builder, "default", field->standard);
  json_builder_end_object (builder);
}

static void
add_preset (JsonBuilder    *builder,
            const WfPreset *preset)
{
  json_builder_begin_object (builder);
  wf_cli_add_string (builder, "id", preset->id);
  wf_cli_add_string (builder, "name", preset->name);
  wf_cli_add_string (builder, "issuer", preset->account->issuer);
  wf_cli_add_string (builder, "scope", preset->account->scope);
  wf_cli_add_string (builder, "auth_method", wf_auth_method_to_string (preset->account->auth_method));
  wf_cli_add_string (builder, "client_hint", preset->client_hint);
  wf_cli_add_string (builder, "note", preset->note);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < preset->fields->len; i++)
    add_field (builder, preset->fields->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_preset (const WfPreset *preset)
{
  g_autofree char *fields = describe_fields (preset);

  wf_cli_print ("%s (%s)", preset->name, preset->id);
  wf_cli_print_field (_("Options"), *fields ? fields : NULL);
  wf_cli_print_field (_("Issuer"), preset->account->issuer);
  wf_cli_print_field (_("Scopes"), preset->account->scope);
  wf_cli_print_field (_("Client ID"), preset->client_hint);
  wf_cli_print_field (_("Note"), preset->note);
}

static void
print_line (const WfPreset *preset)
{
  g_autofree char *id = wf_cli_pad (preset->id, ID_WIDTH);
  g_autofree char *name = wf_cli_pad (preset->name, NAME_WIDTH);
  g_autofree char *fields = describe_fields (preset);

  wf_cli_print ("%s%s%s", id, *fields ? name : preset->name, fields);
}

static gboolean
show_one (WfCli      *cli,
          GPtrArray  *presets,
          const char *name,
          GError    **error)
{
  g_autoptr (WfPreset) preset = wf_presets_find (presets, name, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!preset)
    return FALSE;
  if (!cli->json)
    {
      print_preset (preset);
      return TRUE;
    }
  add_preset (builder, preset);
  wf_cli_take_document (cli, json_builder_get_root (builder));
  return TRUE;
}

static gboolean
run_presets (WfCli   *cli,
             char   **operands,
             GError **error)
{
  g_autoptr (GPtrArray) presets = wf_presets_load ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (operands[0])
    return show_one (cli, presets, operands[0], error);
  json_builder_begin_array (builder);
  for (guint i = 0; i < presets->len; i++)
    {
      add_preset (builder, presets->pdata[i]);
      if (!cli->json)
        print_line (presets->pdata[i]);
    }
  json_builder_end_array (builder);
  if (cli->json)
    wf_cli_take_document (cli, json_builder_get_root (builder));
  return TRUE;
}

const WfCliCommand wf_cli_presets_command = {
  "presets", "[PRESET]", 0, 1, N_("List the kinds of providers for add --preset, or show one"), NULL, run_presets,
};
