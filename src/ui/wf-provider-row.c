/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider-row.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-capabilities.h"

#define METADATA_KEY "wf-provider-metadata"
#define ROWS_KEY "wf-provider-rows"
#define SESSION_KEY "wf-provider-session"

static GtkWidget *
make_row (const WfCapability *capability)
{
  static const struct { const char *icon; const char *style; const char *word; } looks[] = {
    [WF_CAPABILITY_YES] = { "wf-good-symbolic", "success", N_("Yes") },
    [WF_CAPABILITY_NO] = { "wf-missing-symbolic", "dim-label", N_("No") },
    [WF_CAPABILITY_UNKNOWN] = { "wf-unknown-symbolic", "dim-label", NC_("lifetime", "Unknown") },
  };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *symbol = gtk_image_new_from_icon_name (looks[capability->answer].icon);
  const char *word = capability->answer == WF_CAPABILITY_UNKNOWN ? C_("lifetime", "Unknown") : _(looks[capability->answer].word);
  g_autofree char *spoken = g_strdup_printf ("%s: %s. %s", capability->title, word, capability->details);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), capability->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), capability->details);
  gtk_widget_add_css_class (symbol, looks[capability->answer].style);
  gtk_widget_set_tooltip_text (symbol, word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
  wf_accessible_name (row, spoken);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
  return row;
}

static void
fill (AdwExpanderRow *row)
{
  WfProviderMetadata *metadata = g_object_get_data (G_OBJECT (row), METADATA_KEY);
  WfSession *session = g_object_get_data (G_OBJECT (row), SESSION_KEY);
  g_autoptr (GPtrArray) capabilities = NULL;
  GPtrArray *rows;

  if (g_object_get_data (G_OBJECT (row), ROWS_KEY) || !adw_expander_row_get_expanded (row))
    return;
  if (!metadata)
    {
      if (session)
        wf_session_learn_metadata (session);
      return;
    }
  capabilities = wf_capabilities_list (metadata);
  rows = g_ptr_array_new ();
  for (guint i = 0; i < capabilities->len; i++)
    {
      GtkWidget *made = make_row (g_ptr_array_index (capabilities, i));

      adw_expander_row_add_row (row, made);
      g_ptr_array_add (rows, made);
    }
  g_object_set_data_full (G_OBJECT (row), ROWS_KEY, rows, (GDestroyNotify) g_ptr_array_unref);
}

static void
clear (AdwExpanderRow *row)
{
  GPtrArray *rows = g_object_get_data (G_OBJECT (row), ROWS_KEY);

  for (guint i = 0; rows && i < rows->len; i++)
    adw_expander_row_remove (row, g_ptr_array_index (rows, i));
  g_object_set_data (G_OBJECT (row), ROWS_KEY, NULL);
}

static char *
describe (const WfProviderMetadata *metadata)
{
  guint count;

  if (!metadata)
    return g_strdup (_("What it says that it can do"));
  if (!metadata->discovered)
    return g_strdup (_("Its endpoints were typed in"));
  count = wf_provider_metadata_count_endpoints (metadata);
  return g_strdup_printf (ngettext ("What it says that it can do · %u endpoint", "What it says that it can do · %u endpoints", count), count);
}

void
wf_provider_row_show (AdwExpanderRow *row,
                      WfSession      *session)
{
  WfProviderMetadata *metadata = wf_session_get_metadata (session);
  g_autofree char *subtitle = describe (metadata);

  g_return_if_fail (ADW_IS_EXPANDER_ROW (row));

  if (g_object_get_data (G_OBJECT (row), METADATA_KEY) == metadata && g_object_get_data (G_OBJECT (row), SESSION_KEY) == session)
    return;
  if (!g_object_get_data (G_OBJECT (row), SESSION_KEY))
    g_signal_connect (row, "notify::expanded", G_CALLBACK (fill), NULL);
  clear (row);
  g_object_set_data_full (G_OBJECT (row), SESSION_KEY, g_object_ref (session), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), METADATA_KEY, metadata ? wf_provider_metadata_ref (metadata) : NULL,
                          metadata ? (GDestroyNotify) wf_provider_metadata_unref : NULL);
  adw_expander_row_set_subtitle (row, subtitle);
  fill (row);
}
