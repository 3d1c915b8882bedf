/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-scope-picker.h"

#include <glib/gi18n-lib.h>

#include "wf-scope.h"
#include "wf-wrap-layout.h"

#define MAX_CHIPS 24

struct _WfScopePicker
{
  AdwPreferencesRow parent_instance;

  GtkWidget        *chips;
  char             *scope;
  gboolean          updating;
};

enum
{
  SIGNAL_PICKED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfScopePicker, wf_scope_picker, ADW_TYPE_PREFERENCES_ROW)

static const char *const common[] = { "openid", "profile", "email", "offline_access", NULL };

static const char *
explain (const char *scope)
{
  if (g_str_equal (scope, "openid"))
    return _("Says who you are: an ID token");
  if (g_str_equal (scope, "profile"))
    return _("Your name and picture");
  if (g_str_equal (scope, "email"))
    return _("Your e-mail address");
  if (g_str_equal (scope, "offline_access"))
    return _("Keeps you signed in: a refresh token");
  return NULL;
}

/* The order in which a person wrote them is kept. */
static char *
toggle (const char *scope,
        const char *token,
        gboolean    wanted)
{
  g_auto (GStrv) tokens = g_strsplit (scope ? scope : "", " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) kept = NULL;

  for (guint i = 0; tokens[i]; i++)
    if (*tokens[i] && !g_str_equal (tokens[i], token))
      g_strv_builder_add (builder, tokens[i]);
  if (wanted)
    g_strv_builder_add (builder, token);
  kept = g_strv_builder_end (builder);
  return g_strjoinv (" ", kept);
}

static void
on_toggled (GtkToggleButton *chip,
            WfScopePicker   *self)
{
  g_autofree char *scope = NULL;

  if (self->updating)
    return;
  scope = toggle (self->scope, gtk_button_get_label (GTK_BUTTON (chip)), gtk_toggle_button_get_active (chip));
  g_signal_emit (self, signals[SIGNAL_PICKED], 0, scope);
}

static void
add_chip (WfScopePicker *self,
          const char    *scope)
{
  GtkWidget *chip = gtk_toggle_button_new_with_label (scope);

  gtk_widget_add_css_class (chip, "scope-toggle");
  gtk_widget_set_tooltip_text (chip, explain (scope));
  g_signal_connect_object (chip, "toggled", G_CALLBACK (on_toggled), self, 0);
  gtk_widget_set_parent (chip, self->chips);
}

static void
update (WfScopePicker *self)
{
  self->updating = TRUE;
  for (GtkWidget *chip = gtk_widget_get_first_child (self->chips); chip; chip = gtk_widget_get_next_sibling (chip))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip),
                                  wf_scope_contains (self->scope, gtk_button_get_label (GTK_BUTTON (chip))));
  self->updating = FALSE;
}

static void
clear (WfScopePicker *self)
{
  GtkWidget *chip;

  while (self->chips && (chip = gtk_widget_get_first_child (self->chips)))
    gtk_widget_unparent (chip);
}

static void
wf_scope_picker_dispose (GObject *object)
{
  WfScopePicker *self = WF_SCOPE_PICKER (object);

  clear (self);
  self->chips = NULL;

  G_OBJECT_CLASS (wf_scope_picker_parent_class)->dispose (object);
}

static void
wf_scope_picker_finalize (GObject *object)
{
  g_free (WF_SCOPE_PICKER (object)->scope);

  G_OBJECT_CLASS (wf_scope_picker_parent_class)->finalize (object);
}

static void
wf_scope_picker_class_init (WfScopePickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wf_scope_picker_dispose;
  object_class->finalize = wf_scope_picker_finalize;
  signals[SIGNAL_PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
wf_scope_picker_init (WfScopePicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *hint = gtk_label_new (_("offline_access keeps you signed in"));

  self->chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->chips, wf_wrap_layout_new (6));
  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_widget_add_css_class (hint, "caption");
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_box_append (GTK_BOX (box), self->chips);
  gtk_box_append (GTK_BOX (box), hint);
  gtk_widget_add_css_class (box, "scope-picker");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  wf_scope_picker_set_supported (self, NULL);
}

void
wf_scope_picker_set_scope (WfScopePicker *self,
                           const char    *scope)
{
  g_return_if_fail (WF_IS_SCOPE_PICKER (self));

  g_free (self->scope);
  self->scope = g_strdup (scope);
  update (self);
}

void
wf_scope_picker_set_supported (WfScopePicker     *self,
                               const char *const *scopes)
{
  guint count = 0;

  g_return_if_fail (WF_IS_SCOPE_PICKER (self));

  clear (self);
  for (guint i = 0; common[i]; i++)
    add_chip (self, common[i]);
  for (guint i = 0; scopes && scopes[i] && count < MAX_CHIPS; i++)
    if (!g_strv_contains (common, scopes[i]) && wf_scope_check (scopes[i], NULL))
      {
        add_chip (self, scopes[i]);
        count++;
      }
  update (self);
}
