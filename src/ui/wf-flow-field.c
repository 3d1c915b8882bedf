/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-field.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-host.h"
#include "wf-label.h"

/* One line of hundreds of kilobytes takes seconds to lay out. */
#define MAX_SHOWN 16384

struct _WfFlowField
{
  GtkBox           parent_instance;

  GtkLabel        *value;
  GtkToggleButton *reveal; /* NULL: there is nothing behind the value */

  WfSession       *session;
  WfExchange      *exchange;
  WfExchangePart   part;
  char            *name;
  char            *masked;
  guint            number;
  guint            timer;
  GCancellable    *cancellable;
};

G_DEFINE_FINAL_TYPE (WfFlowField, wf_flow_field, GTK_TYPE_BOX)

enum
{
  SIGNAL_REVEALING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const WfExchangeSecret *
find_secret (WfFlowField *self)
{
  return wf_exchange_find_secret (self->exchange, self->part, self->name, self->masked, self->number);
}

static void
show_text (WfFlowField *self,
           const char  *text)
{
  if (strlen (text) > MAX_SHOWN)
    {
      const char *end = g_utf8_find_prev_char (text, text + MAX_SHOWN);
      g_autoptr (WfWipedString) cut = g_strdup_printf ("%.*s…", (int) (end - text), text);

      gtk_label_set_label (self->value, cut);
    }
  else
    gtk_label_set_label (self->value, text);
}

/* Which of several it is has to be heard, too. */
static void
label_button (WfFlowField *self,
              gboolean     revealed)
{
  /* Translators: %s is the name of a parameter, "refresh_token" */
  g_autofree char *spoken = g_strdup_printf (revealed ? _("Hide %s") : _("Reveal %s"), self->name);

  gtk_button_set_label (GTK_BUTTON (self->reveal), revealed ? _("Hide") : _("Reveal"));
  wf_accessible_name (GTK_WIDGET (self->reveal), spoken);
}

static void
mask (WfFlowField *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  show_text (self, self->masked);
  label_button (self, FALSE);
  gtk_toggle_button_set_active (self->reveal, FALSE);
}

static gboolean
on_timeout (gpointer user_data)
{
  WfFlowField *self = user_data;

  self->timer = 0;
  mask (self);
  return G_SOURCE_REMOVE;
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (WfFlowField) self = user_data;
  g_autoptr (GError) error = NULL;
  WfHost *host = wf_host_of (GTK_WIDGET (self));
  const WfExchangeSecret *secret = find_secret (self);

  if (!wf_session_before_action_finish (WF_SESSION (source), result, &error))
    {
      wf_host_toast_error (host, error);
      mask (self);
      return;
    }
  if (!gtk_toggle_button_get_active (self->reveal) || !host || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (!secret)
    {
      wf_host_toast (host, _("This value is no longer in memory"));
      mask (self);
      gtk_widget_set_sensitive (GTK_WIDGET (self->reveal), FALSE);
      return;
    }
  show_text (self, secret_value_get_text (secret->value));
  label_button (self, TRUE);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (wf_host_get_reveal_seconds (host), on_timeout, self);
}

static void
on_toggled (WfFlowField *self)
{
  if (!gtk_toggle_button_get_active (self->reveal))
    {
      mask (self);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_REVEALING], 0);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  wf_session_before_action_async (self->session, self->cancellable, on_ready, g_object_ref (self));
}

static void
wf_flow_field_unmap (GtkWidget *widget)
{
  if (WF_FLOW_FIELD (widget)->reveal)
    mask (WF_FLOW_FIELD (widget));
  GTK_WIDGET_CLASS (wf_flow_field_parent_class)->unmap (widget);
}

static void
wf_flow_field_dispose (GObject *object)
{
  WfFlowField *self = WF_FLOW_FIELD (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->exchange, wf_exchange_unref);
  G_OBJECT_CLASS (wf_flow_field_parent_class)->dispose (object);
}

static void
wf_flow_field_finalize (GObject *object)
{
  WfFlowField *self = WF_FLOW_FIELD (object);

  g_free (self->name);
  g_free (self->masked);
  G_OBJECT_CLASS (wf_flow_field_parent_class)->finalize (object);
}

static void
wf_flow_field_class_init (WfFlowFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_flow_field_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_flow_field_finalize;
  GTK_WIDGET_CLASS (klass)->unmap = wf_flow_field_unmap;
  signals[SIGNAL_REVEALING] =
    g_signal_new ("revealing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkLabel *
make_label (const char *style)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0);
  wf_label_set_verbatim (label, PANGO_WRAP_CHAR);
  gtk_label_set_selectable (label, TRUE);
  gtk_widget_set_direction (GTK_WIDGET (label), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (label), style);
  return label;
}

static void
wf_flow_field_init (WfFlowField *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flow-field");
}

static void
add_texts (WfFlowField *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkLabel *name = make_label ("caption");

  gtk_label_set_selectable (name, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (name), "dim-label");
  gtk_label_set_label (name, self->name);
  self->value = make_label ("monospace");
  show_text (self, self->masked);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name, NULL, -1);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (name));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (self->value));
  gtk_box_append (GTK_BOX (self), texts);
}

static void
add_button (WfFlowField *self)
{
  self->reveal = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  label_button (self, FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->reveal), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->reveal, "toggled", G_CALLBACK (on_toggled), self);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->reveal));
}

GtkWidget *
wf_flow_field_new (WfSession     *session,
                   WfExchange    *exchange,
                   WfExchangePart part,
                   const char    *name,
                   const char    *value,
                   guint          number)
{
  WfFlowField *self = g_object_new (WF_TYPE_FLOW_FIELD, NULL);

  g_set_object (&self->session, session);
  self->exchange = wf_exchange_ref (exchange);
  self->part = part;
  self->name = g_strdup (name);
  self->masked = g_strdup (value);
  self->number = number;
  add_texts (self);
  if (session && find_secret (self))
    add_button (self);
  return GTK_WIDGET (self);
}
