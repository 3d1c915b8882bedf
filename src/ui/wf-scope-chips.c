/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-scope-chips.h"

#include <glib/gi18n-lib.h>

#include "wf-scope.h"
#include "wf-tooltip.h"
#include "wf-wrap-layout.h"

struct _WfScopeChips
{
  GtkWidget parent_instance;

  char     *asked;
  char     *granted;
};

G_DEFINE_FINAL_TYPE (WfScopeChips, wf_scope_chips, GTK_TYPE_WIDGET)

static void
add_chip (WfScopeChips *self,
          const char   *scope,
          const char   *style,
          const char   *icon,
          const char   *remark)
{
  GtkWidget *chip = g_object_new (GTK_TYPE_BOX, "spacing", 5, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *label = gtk_label_new (scope);
  g_autofree char *spoken = NULL;

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  wf_tooltip_follow_label (GTK_LABEL (label));
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (chip, "chip");
  gtk_box_append (GTK_BOX (chip), label);
  if (style)
    {
      GtkWidget *symbol = gtk_image_new_from_icon_name (icon);

      gtk_widget_add_css_class (chip, style);
      gtk_box_append (GTK_BOX (chip), symbol);
    }
  spoken = remark ? g_strdup_printf ("%s: %s", scope, remark) : g_strdup (scope);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  wf_tooltip_set (chip, remark);
  gtk_widget_set_parent (chip, GTK_WIDGET (self));
}

static void
remove_chips (WfScopeChips *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
}

static void
wf_scope_chips_dispose (GObject *object)
{
  remove_chips (WF_SCOPE_CHIPS (object));
  G_OBJECT_CLASS (wf_scope_chips_parent_class)->dispose (object);
}

static void
wf_scope_chips_finalize (GObject *object)
{
  WfScopeChips *self = WF_SCOPE_CHIPS (object);

  g_free (self->asked);
  g_free (self->granted);
  G_OBJECT_CLASS (wf_scope_chips_parent_class)->finalize (object);
}

static void
wf_scope_chips_class_init (WfScopeChipsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_scope_chips_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_scope_chips_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LIST);
}

static void
wf_scope_chips_init (WfScopeChips *self)
{
  gtk_widget_set_layout_manager (GTK_WIDGET (self), wf_wrap_layout_new (6));
}

guint
wf_scope_chips_set (WfScopeChips *self,
                    const char   *asked,
                    const char   *granted)
{
  g_auto (GStrv) held = NULL;
  g_auto (GStrv) missing = NULL;
  guint count;

  g_return_val_if_fail (WF_IS_SCOPE_CHIPS (self), 0);

  if (!granted)
    granted = asked;
  held = wf_scope_split (granted);
  missing = wf_scope_subtract (asked, granted);
  count = g_strv_length (held) + g_strv_length (missing);
  if (g_strcmp0 (asked, self->asked) == 0 && g_strcmp0 (granted, self->granted) == 0)
    return count;

  g_free (self->asked);
  g_free (self->granted);
  self->asked = g_strdup (asked);
  self->granted = g_strdup (granted);
  remove_chips (self);
  for (char **scope = held; *scope; scope++)
    {
      if (!asked || wf_scope_contains (asked, *scope))
        add_chip (self, *scope, NULL, NULL, NULL);
      else
        add_chip (self, *scope, "extra", "list-add-symbolic", _("Granted, although it was not asked for"));
    }
  for (char **scope = missing; *scope; scope++)
    add_chip (self, *scope, "missing", "wf-missing-symbolic", _("Asked for, and not granted"));
  return count;
}
