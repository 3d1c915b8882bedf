/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preferences.h"

#include <glib/gi18n-lib.h>

struct _WfPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *appearance;
  AdwPreferencesGroup *background;
  AdwActionRow        *go_on_row;
  GtkSwitch           *go_on;
  AdwActionRow        *autostart_row;
  GtkSwitch           *autostart;
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

/* What went wrong takes the place of what its row says at other times. @background: (nullable) */
static void
on_background_problem (WfPreferences *self,
                       GParamSpec    *pspec,
                       WfBackground  *background)
{
  const char *problem = background ? wf_background_get_problem (background) : NULL;
  gboolean is_refused = problem && !wf_background_is_wanted (background);

  adw_action_row_set_subtitle (self->go_on_row,
                               is_refused ? problem
                                          : _("Warifu goes on after its window is closed, for accounts that refresh by themselves. "
                                              "Ctrl+Q ends it."));
  adw_action_row_set_subtitle (self->autostart_row, problem && !is_refused ? problem : _("Without a window"));
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
bind_background (WfPreferences *self,
                 GSettings     *settings,
                 WfBackground  *background)
{
  g_settings_bind (settings, "background", self->go_on, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "background", self->autostart_row, "sensitive", G_SETTINGS_BIND_GET | G_SETTINGS_BIND_NO_SENSITIVITY);
  g_settings_bind (settings, "autostart", self->autostart, "active", G_SETTINGS_BIND_DEFAULT);
  if (background)
    g_signal_connect_object (background, "notify::problem", G_CALLBACK (on_background_problem), self, G_CONNECT_SWAPPED);
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

/* What cannot be changed says why. */
static void
explain_lock (GSettings  *settings,
              const char *key,
              gpointer    control)
{
  GtkWidget *row = gtk_widget_get_ancestor (control, ADW_TYPE_ACTION_ROW);
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *words = NULL;

  if (g_settings_is_writable (settings, key))
    return;
  words = g_strconcat (subtitle ? subtitle : "", subtitle && *subtitle ? "\n" : "", _("Your administrator has set this."), NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
}

static void
explain_locks (WfPreferences *self,
               GSettings     *settings)
{
  explain_lock (settings, "color-scheme", self->style);
  explain_lock (settings, "background", self->go_on);
  explain_lock (settings, "autostart", self->autostart);
  explain_lock (settings, "clipboard-seconds", self->clipboard_seconds);
  explain_lock (settings, "reveal-seconds", self->reveal_seconds);
  explain_lock (settings, "history-days", self->history_age);
  explain_lock (settings, "history-events", self->history_events);
  explain_lock (settings, "show-pictures", self->show_pictures);
}

static void
show_no_settings (WfPreferences *self)
{
  adw_preferences_group_set_description (self->appearance,
                                         _("Warifu is not installed, so its preferences cannot be kept."));
  gtk_widget_set_sensitive (GTK_WIDGET (self->appearance), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->background), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->secrets), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->history), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->privacy), FALSE);
}

static void
wf_preferences_class_init (WfPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, appearance);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, background);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, go_on_row);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, go_on);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, autostart_row);
  gtk_widget_class_bind_template_child (widget_class, WfPreferences, autostart);
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
wf_preferences_new (GSettings    *settings,
                    WfBackground *background)
{
  WfPreferences *self = g_object_new (WF_TYPE_PREFERENCES, NULL);

  if (settings)
    {
      bind (self, settings);
      bind_background (self, settings, background);
    }
  else
    show_no_settings (self);
  /* The demo goes with its window. */
  gtk_widget_set_visible (GTK_WIDGET (self->background), background || !settings);
  on_background_problem (self, NULL, background);
  on_clipboard_seconds (self);
  if (settings)
    explain_locks (self, settings);
  return GTK_WIDGET (self);
}
