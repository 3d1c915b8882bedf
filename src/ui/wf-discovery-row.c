/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-discovery-row.h"

#include <glib/gi18n-lib.h>

struct _WfDiscoveryRow
{
  AdwActionRow parent_instance;

  GtkImage    *symbol;
};

G_DEFINE_FINAL_TYPE (WfDiscoveryRow, wf_discovery_row, ADW_TYPE_ACTION_ROW)

static gboolean
lists (char      **list,
       const char *item)
{
  return list && g_strv_contains ((const char *const *) list, item);
}

static char *
describe_found (const WfProviderMetadata *metadata)
{
  guint count = wf_provider_metadata_count_endpoints (metadata);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  g_autofree char *endpoint_count = NULL;
  g_autofree char *list = NULL;

  endpoint_count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u endpoint", "%u endpoints", count), count);
  g_strv_builder_add (builder, endpoint_count);
  if (lists (metadata->code_challenge_methods_supported, "S256"))
    g_strv_builder_add (builder, _("PKCE"));
  if (lists (metadata->grant_types_supported, "refresh_token") || lists (metadata->scopes_supported, "offline_access"))
    g_strv_builder_add (builder, _("refresh tokens"));
  parts = g_strv_builder_end (builder);
  /* Translators: between the parts of "6 endpoints, PKCE, refresh tokens". */
  list = g_strjoinv (_(", "), parts);
  /* Translators: %s is a list such as "6 endpoints, PKCE, refresh tokens". */
  return g_strdup_printf (_("Found: %s"), list);
}

static void
set_words (WfDiscoveryRow *self,
           gboolean        good,
           const char     *title,
           const char     *subtitle)
{
  gtk_image_set_from_icon_name (self->symbol, good ? "wf-good-symbolic" : "wf-attention-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->symbol), good ? "error" : "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->symbol), good ? "success" : "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
}

static void
wf_discovery_row_class_init (WfDiscoveryRowClass *klass)
{
}

static void
wf_discovery_row_init (WfDiscoveryRow *self)
{
  self->symbol = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->symbol));
  /* What a server sent is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
wf_discovery_row_show (WfDiscoveryRow           *self,
                       const WfProviderMetadata *metadata,
                       const GError             *error)
{
  g_autofree char *found = metadata ? describe_found (metadata) : NULL;

  g_return_if_fail (WF_IS_DISCOVERY_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), metadata || error);
  if (metadata)
    set_words (self, TRUE, found, "");
  else if (error)
    set_words (self, FALSE, _("Nothing found"), error->message);
}
