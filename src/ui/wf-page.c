/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-page.h"

typedef struct
{
  WfSession *session;
  guint      update_id;
  gboolean   dirty;
} WfPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WfPage, wf_page, ADW_TYPE_BIN)

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
update_now (WfPage *self)
{
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  priv->dirty = FALSE;
  g_clear_handle_id (&priv->update_id, g_source_remove);
  if (priv->session)
    WF_PAGE_GET_CLASS (self)->update (self);
}

static gboolean
on_idle (gpointer user_data)
{
  WfPage *self = user_data;
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  priv->update_id = 0;
  update_now (self);
  return G_SOURCE_REMOVE;
}

static void
set_session (WfPage    *self,
             WfSession *session)
{
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  if (priv->session == session)
    return;
  if (priv->session)
    g_signal_handlers_disconnect_by_data (priv->session, self);
  g_set_object (&priv->session, session);
  if (session)
    g_signal_connect_object (session, "notify", G_CALLBACK (wf_page_queue_update), self, G_CONNECT_SWAPPED);
  if (WF_PAGE_GET_CLASS (self)->session_changed)
    WF_PAGE_GET_CLASS (self)->session_changed (self);
  priv->dirty = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_now (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
wf_page_map (GtkWidget *widget)
{
  WfPage *self = WF_PAGE (widget);
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  if (priv->dirty)
    update_now (self);
  GTK_WIDGET_CLASS (wf_page_parent_class)->map (widget);
}

static void
wf_page_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, wf_page_get_session (WF_PAGE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_page_set_property (GObject      *object,
                      guint         prop_id,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      set_session (WF_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_page_dispose (GObject *object)
{
  WfPage *self = WF_PAGE (object);
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  g_clear_handle_id (&priv->update_id, g_source_remove);
  if (priv->session)
    g_signal_handlers_disconnect_by_data (priv->session, self);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (wf_page_parent_class)->dispose (object);
}

static void
wf_page_class_init (WfPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wf_page_get_property;
  object_class->set_property = wf_page_set_property;
  object_class->dispose = wf_page_dispose;
  GTK_WIDGET_CLASS (klass)->map = wf_page_map;
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, WF_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
wf_page_init (WfPage *self)
{
}

WfSession *
wf_page_get_session (WfPage *self)
{
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  g_return_val_if_fail (WF_IS_PAGE (self), NULL);

  return priv->session;
}

void
wf_page_queue_update (WfPage *self)
{
  WfPagePrivate *priv = wf_page_get_instance_private (self);

  g_return_if_fail (WF_IS_PAGE (self));

  priv->dirty = TRUE;
  if (priv->update_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    priv->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_idle, self, NULL);
}

gboolean
wf_page_search (WfPage *self)
{
  g_return_val_if_fail (WF_IS_PAGE (self), FALSE);

  return WF_PAGE_GET_CLASS (self)->search && WF_PAGE_GET_CLASS (self)->search (self);
}
