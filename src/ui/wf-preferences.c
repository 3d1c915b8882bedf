/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preferences.h"

#include <glib/gi18n-lib.h>

struct _WfPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *appearance;
  AdwPreferencesGroup *secrets;
  AdwComboRow         *style;
  AdwActionRow        *clipboard;
  GtkSpinButton       *clipboard_seconds;
  GtkSpinButton       *reveal_seconds;
  AdwPreferencesGroup *history;
  AdwComboRow         *history_age;
  GtkSpinButton       *history_events;
  AdwPreferencesGroup *privacy;
  GtkSwitch           *show_pictures;
};

G_DEFINE_FINAL_TYPE (WfPreferences, wf_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the rows. */
static const char *const schemes[] = { "system", "light", "dark" };

static gboolean
scheme_to_row (GValue   *value,
               GVariant *variant,
               gpointer  user_data)
{
  const char *scheme = g_variant_get_string (variant, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (scheme, schemes[i]))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
row_to_scheme (const GValue       *value,
               const GVariantType *type,
               gpointer            user_data)
{
  guint row = g_value_get_uint (value);

  return row < G_N_ELEMENTS (schemes) ? g_variant_new_string (schemes[row]) : NULL;
}

/* In the order of the rows; 0: never. */
static const guint ages[] = { 30, 90, 365, 5 * 365, 0 };

/* An age that somebody has set elsewhere shows as the next longer one. */
static gboolean
age_to_row (GValue   *value,
            GVariant *variant,
            gpointer  user_data)
{
  guint days = g_variant_get_uint32 (variant);
  guint row = 0;

  while (row < G_N_ELEMENTS (ages) - 1 && (days == 0 || days > ages[row]))
    row++;
  g_value_set_uint (value, row);
  return TRUE;
}

static GVariant *
row_to_age (const GValue       *value,
            const GVariantType *type,
            gpointer            user_data)
{
  guint row = g_value_get_uint (value);

  return row < G_N_ELEMENTS (ages) ? g_variant_new_uint32 (ages[row]) : NULL;
}

static void
on_clipboard_seconds (WfPreferences *self)
{
  adw_action_row_set_subtitle (self->clipboard,
                               gtk_spin_button_get_value_as_int (self->clipboard_seconds) == 0
                                 ? _("A copied token stays on the clipboard")
                                 : _("Seconds until a copied token is taken off the clipboard"));
}

/* An adjustment is no widget, which would become insensitive by itself where an administrator has locked the key. */
static void
bind_number (GSettings     *settings,
             const char    *key,
             GtkSpinButton *button)
{
  g_settings_bind (settings, key, gtk_spin_button_get_adjustment (button), "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_writable (settings, key, button, "sensitive", FALSE);
}

static void
bind (WfPreferences *self,
      GSettings     *settings)
{
  g_settings_bind_with_mapping (settings, "color-scheme", self->style, "selected", G_SETTINGS_BIND_DEFAULT,
                                scheme_to_row, row_to_scheme, NULL, NULL);
  bind_number (settings, "clipboard-seconds", self->clipboard_seconds);
  bind_number (settings, "reveal-seconds", self->reveal_seconds);
  g_settings_bind_with_mapping (settings, "history-days", self->history_age, "selected", G_SETTINGS_BIND_DEFAULT,
                                age_to_row, row_to_age, NULL, NULL);
  bind_number (settings, "history-events", self->history_events);
  g_settings_bind (settings, "show-pictures", self->show_pictures, "active", G_SETTINGS_BIND_DEFAULT);
}

static void
show_no_settings (WfPreferences *self)
{
  adw_preferences_group_set_description (self->appearance,
                                         _("Warifu is not installed, so its preferences cannot be kept."));
  gtk_widget_set_sensitive (GTK_WIDGET (self->appearance), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->secrets), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->history), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->privacy), FALSE);
}

static void
wf_preferences_class_init (WfPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, appearance);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, secrets);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, style);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, clipboard);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, clipboard_seconds);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, reveal_seconds);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, history);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, history_age);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, history_events);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, privacy);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, show_pictures);
  gtk_widget_class_bind_template_callback (widget_class, on_clipboard_seconds);
}

static void
wf_preferences_init (WfPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wf_preferences_new (GSettings *settings)
{
  WfPreferences *self = g_object_new (WF_TYPE_PREFERENCES, NULL);

  if (settings)
    bind (self, settings);
  else
    show_no_settings (self);
  on_clipboard_seconds (self);
  return GTK_WIDGET (self);
}
