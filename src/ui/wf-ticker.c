/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-ticker.h"

#define TICK_KEY "wf-tick-func"

/* Widgets that are mapped now, not owned: one that dies is unmapped first. */
static GPtrArray *mapped;
static guint timer;

static void
call (GtkWidget *widget)
{
  WfTickFunc func = (WfTickFunc) g_object_get_data (G_OBJECT (widget), TICK_KEY);

  func (widget);
}

/* A window that is minimized stays mapped, and nobody sees it count. */
static gboolean
is_seen (GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = native ? gtk_native_get_surface (native) : NULL;

  if (!surface || !GDK_IS_TOPLEVEL (surface))
    return TRUE;
  return !(gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

static gboolean
on_tick (gpointer user_data)
{
  /* A tick may map and unmap others. */
  g_autoptr (GPtrArray) now = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < mapped->len; i++)
    g_ptr_array_add (now, g_object_ref (g_ptr_array_index (mapped, i)));
  for (guint i = 0; i < now->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (now, i);

      if (gtk_widget_get_mapped (widget) && is_seen (widget))
        call (widget);
    }
  return G_SOURCE_CONTINUE;
}

static void
on_map (GtkWidget *widget)
{
  if (!mapped)
    mapped = g_ptr_array_new ();
  g_ptr_array_add (mapped, widget);
  if (timer == 0)
    timer = g_timeout_add_seconds (1, on_tick, NULL);
  call (widget);
}

static void
on_unmap (GtkWidget *widget)
{
  g_ptr_array_remove_fast (mapped, widget);
  if (mapped->len == 0)
    g_clear_handle_id (&timer, g_source_remove);
}

void
wf_ticker_attach (GtkWidget *widget,
                  WfTickFunc func)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (g_object_get_data (G_OBJECT (widget), TICK_KEY) == NULL);

  g_object_set_data (G_OBJECT (widget), TICK_KEY, (gpointer) func);
  g_signal_connect (widget, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect (widget, "unmap", G_CALLBACK (on_unmap), NULL);
  if (gtk_widget_get_mapped (widget))
    on_map (widget);
}
