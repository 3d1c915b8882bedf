/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-account-content.h"
#include "wf-label.h"
#include "wf-lifetime.h"
#include "wf-ticker.h"
#include "wf-tooltip.h"

struct _WfAccountRow
{
  GtkBox     parent_instance;

  AdwAvatar *avatar;
  GtkLabel  *name;
  GtkImage  *symbol;
  GtkLabel  *state;

  WfSession *session;
};

G_DEFINE_FINAL_TYPE (WfAccountRow, wf_account_row, GTK_TYPE_BOX)

enum
{
  PRESSED,
  MENU,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* The list's own widget around the row is what a screen reader stops at. */
static void
update_accessible (WfAccountRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *spoken = NULL;

  if (!item)
    return;
  spoken = g_strdup_printf ("%s, %s", gtk_label_get_label (self->name), gtk_label_get_label (self->state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
update_state (GtkWidget *widget)
{
  WfAccountRow *self = WF_ACCOUNT_ROW (widget);
  g_autofree char *words = NULL;
  const char *icon;
  gint64 now;

  if (!self->session)
    return;
  now = wf_clock_now (wf_session_get_clock (self->session));
  words = wf_session_words_state (self->session, now);
  icon = wf_session_words_icon (self->session, now);
  if (wf_label_update (self->state, words))
    update_accessible (self);
  if (g_strcmp0 (gtk_image_get_icon_name (self->symbol), icon) != 0)
    gtk_image_set_from_icon_name (self->symbol, icon);
}

static void
update_name (WfAccountRow *self)
{
  const char *name = wf_session_get_account (self->session)->name;

  gtk_label_set_label (self->name, name);
  update_accessible (self);
  adw_avatar_set_text (self->avatar, name);
}

static void
on_session_notify (WfSession    *session,
                   GParamSpec   *pspec,
                   WfAccountRow *self)
{
  if (g_str_equal (pspec->name, "account") || g_str_equal (pspec->name, "name"))
    update_name (self);
  else if (!g_str_equal (pspec->name, "flows"))
    update_state (GTK_WIDGET (self));
}

static void
on_pressed (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            WfAccountRow    *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  if (event && gdk_event_triggers_context_menu (event))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      g_signal_emit (self, signals[MENU], 0, x, y);
    }
}

static void
on_released (GtkGestureClick *gesture,
             int              n_press,
             double           x,
             double           y,
             WfAccountRow    *self)
{
  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_PRIMARY)
    g_signal_emit (self, signals[PRESSED], 0);
}

static void
on_long_press (GtkGestureLongPress *gesture,
               double               x,
               double               y,
               WfAccountRow        *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit (self, signals[MENU], 0, x, y);
}

static GdkContentProvider *
on_drag_prepare (GtkDragSource *source,
                 double         x,
                 double         y,
                 WfAccountRow  *self)
{
  return self->session ? wf_account_content_new (wf_session_get_account (self->session)) : NULL;
}

static void
on_drag_begin (GtkDragSource *source,
               GdkDrag       *drag,
               WfAccountRow  *self)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static void
add_gestures (WfAccountRow *self)
{
  GtkDragSource *drag = gtk_drag_source_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (on_long_press), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));

  g_signal_connect (drag, "prepare", G_CALLBACK (on_drag_prepare), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static GtkWidget *
build_words (WfAccountRow *self)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);

  self->name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->name, 0);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  wf_tooltip_follow_label (self->name);
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->name));

  self->symbol = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->symbol), "state-symbol");
  self->state = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->state, 0);
  gtk_label_set_ellipsize (self->state, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "numeric");
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->symbol));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->state));
  gtk_widget_add_css_class (line, "dim-label");
  gtk_box_append (GTK_BOX (words), line);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  return words;
}

static void
wf_account_row_dispose (GObject *object)
{
  wf_account_row_set_session (WF_ACCOUNT_ROW (object), NULL);
  G_OBJECT_CLASS (wf_account_row_parent_class)->dispose (object);
}

static void
wf_account_row_class_init (WfAccountRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_account_row_dispose;

  signals[PRESSED] = g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MENU] = g_signal_new ("menu", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
wf_account_row_init (WfAccountRow *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 10);
  gtk_widget_add_css_class (GTK_WIDGET (self), "account-row");
  self->avatar = ADW_AVATAR (adw_avatar_new (32, NULL, TRUE));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->avatar));
  gtk_box_append (GTK_BOX (self), build_words (self));
  add_gestures (self);
  wf_ticker_attach (GTK_WIDGET (self), update_state);
}

GtkWidget *
wf_account_row_new (void)
{
  return g_object_new (WF_TYPE_ACCOUNT_ROW, NULL);
}

void
wf_account_row_set_session (WfAccountRow *self,
                            WfSession    *session)
{
  g_return_if_fail (WF_IS_ACCOUNT_ROW (self));

  if (self->session == session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (!session)
    return;
  g_signal_connect_object (session, "notify", G_CALLBACK (on_session_notify), self, 0);
  update_name (self);
  update_state (GTK_WIDGET (self));
}

WfSession *
wf_account_row_get_session (WfAccountRow *self)
{
  g_return_val_if_fail (WF_IS_ACCOUNT_ROW (self), NULL);

  return self->session;
}
