/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-gauge.h"

#include <glib/gi18n-lib.h>

#include "wf-format.h"
#include "wf-label.h"
#include "wf-ticker.h"
#include "wf-tooltip.h"

struct _WfGauge
{
  GtkListBoxRow parent_instance;

  GtkLabel     *title;
  GtkImage     *symbol;
  GtkLabel     *left;
  GtkLevelBar  *bar;
  GtkLabel     *note;
  GtkLabel     *clock_time;

  WfClock        *clock;
  WfLifetime      lifetime;
  WfLifetimeLevel level;
  char           *spoken;
};

G_DEFINE_FINAL_TYPE (WfGauge, wf_gauge, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_TITLE = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static const char *const level_classes[] = { "absent", "unknown", "good", "low", "gone" };

static const char *
get_symbol (WfLifetimeLevel level)
{
  switch (level)
    {
    case WF_LIFETIME_GOOD:
      return "wf-good-symbolic";
    case WF_LIFETIME_LOW:
      return "wf-attention-symbolic";
    case WF_LIFETIME_GONE:
      return "wf-expired-symbolic";
    case WF_LIFETIME_UNKNOWN:
      return "wf-unknown-symbolic";
    case WF_LIFETIME_ABSENT:
    default:
      return "wf-signed-out-symbolic";
    }
}

static void
set_level (WfGauge         *self,
           WfLifetimeLevel  level)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), level_classes[self->level]);
  gtk_widget_add_css_class (GTK_WIDGET (self), level_classes[level]);
  gtk_image_set_from_icon_name (self->symbol, get_symbol (level));
  self->level = level;
}

static char *
describe_clock_time (WfGauge *self,
                     gint64   now)
{
  g_autofree char *clock = NULL;

  if (!self->lifetime.present || self->lifetime.expires_at == WF_TIME_UNKNOWN)
    return g_strdup ("");
  clock = wf_format_clock (self->lifetime.expires_at, now);
  if (self->lifetime.expires_at <= now)
    /* Translators: %s is a clock time */
    return g_strdup_printf (_("expired %s"), clock);
  /* Translators: %s is a clock time */
  return g_strdup_printf (_("until %s"), clock);
}

/* What a screen reader says of the row; not told again for every second that passes. */
static void
update_accessible (WfGauge    *self,
                   const char *left,
                   const char *clock_time)
{
  g_autofree char *spoken = NULL;

  spoken = g_strjoin (", ", gtk_label_get_label (self->title), left, *clock_time ? clock_time : NULL, NULL);
  if (g_strcmp0 (spoken, self->spoken) == 0)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_free (self->spoken);
  self->spoken = g_steal_pointer (&spoken);
}

static void
wf_gauge_tick (GtkWidget *widget)
{
  WfGauge *self = WF_GAUGE (widget);
  g_autofree char *left = NULL;
  g_autofree char *clock_time = NULL;
  WfLifetimeLevel level;
  gint64 now;

  if (!self->clock)
    return;
  now = wf_clock_now (self->clock);
  level = wf_lifetime_get_level (&self->lifetime, now);
  left = wf_lifetime_format (&self->lifetime, now);
  clock_time = describe_clock_time (self, now);

  if (level != self->level)
    set_level (self, level);
  gtk_level_bar_set_value (self->bar, wf_lifetime_get_fraction (&self->lifetime, now));
  wf_label_update (self->left, left);
  wf_label_update (self->clock_time, clock_time);
  update_accessible (self, left, clock_time);
}

static void
wf_gauge_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  WfGauge *self = WF_GAUGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_gauge_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  WfGauge *self = WF_GAUGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      if (wf_label_update (self->title, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_gauge_finalize (GObject *object)
{
  WfGauge *self = WF_GAUGE (object);

  g_clear_object (&self->clock);
  g_free (self->spoken);
  G_OBJECT_CLASS (wf_gauge_parent_class)->finalize (object);
}

static void
wf_gauge_class_init (WfGaugeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_gauge_get_property;
  object_class->set_property = wf_gauge_set_property;
  object_class->finalize = wf_gauge_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-gauge.ui");
  gtk_widget_class_bind_template_child (widget_class, WfGauge, title);
  gtk_widget_class_bind_template_child (widget_class, WfGauge, symbol);
  gtk_widget_class_bind_template_child (widget_class, WfGauge, left);
  gtk_widget_class_bind_template_child (widget_class, WfGauge, bar);
  gtk_widget_class_bind_template_child (widget_class, WfGauge, note);
  gtk_widget_class_bind_template_child (widget_class, WfGauge, clock_time);
}

static void
wf_gauge_init (WfGauge *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The colours are ours: the level bar's own have no names for a lifetime. */
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->bar, GTK_LEVEL_BAR_OFFSET_FULL);
  self->lifetime = (WfLifetime) { FALSE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN };
  set_level (self, WF_LIFETIME_ABSENT);
  wf_ticker_attach (GTK_WIDGET (self), wf_gauge_tick);
}

GtkWidget *
wf_gauge_new (const char *title)
{
  return g_object_new (WF_TYPE_GAUGE, "title", title, NULL);
}

void
wf_gauge_set_lifetime (WfGauge          *self,
                       const WfLifetime *lifetime,
                       WfClock          *clock,
                       const char       *note)
{
  g_autofree char *absolute = NULL;

  g_return_if_fail (WF_IS_GAUGE (self));

  self->lifetime = *lifetime;
  g_set_object (&self->clock, clock);
  wf_label_update (self->note, note ? note : "");
  if (lifetime->present && lifetime->expires_at != WF_TIME_UNKNOWN)
    absolute = wf_format_absolute (lifetime->expires_at);
  wf_tooltip_set (GTK_WIDGET (self), absolute);
  wf_gauge_tick (GTK_WIDGET (self));
}
