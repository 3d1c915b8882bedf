/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-group.h"

enum
{
  SIGNAL_ADDED,
  SIGNAL_CHANGED,
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _WfSessionGroup
{
  GObject     parent_instance;

  GListModel *list;
  GPtrArray  *sessions; /* (element-type WfSession), as in the list */
};

G_DEFINE_FINAL_TYPE (WfSessionGroup, wf_session_group, G_TYPE_OBJECT)

static void
on_notify (WfSession      *session,
           GParamSpec     *pspec,
           WfSessionGroup *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_static_string (pspec->name), session);
}

static void
take (WfSessionGroup *self,
      WfSession      *session)
{
  g_signal_connect_object (session, "notify", G_CALLBACK (on_notify), self, 0);
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, session);
}

static void
let_go (WfSessionGroup *self,
        WfSession      *session)
{
  g_signal_handlers_disconnect_by_func (session, on_notify, self);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, session);
}

static void
on_items_changed (GListModel     *list,
                  guint           position,
                  guint           removed,
                  guint           added,
                  WfSessionGroup *self)
{
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) after = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < removed; i++)
    g_ptr_array_add (before, g_object_ref (g_ptr_array_index (self->sessions, position + i)));
  if (removed > 0)
    g_ptr_array_remove_range (self->sessions, position, removed);
  for (guint i = 0; i < added; i++)
    {
      WfSession *session = g_list_model_get_item (list, position + i);

      g_ptr_array_insert (self->sessions, (int) (position + i), session);
      g_ptr_array_add (after, g_object_ref (session));
    }
  for (guint i = 0; i < before->len; i++)
    if (!g_ptr_array_find (after, g_ptr_array_index (before, i), NULL))
      let_go (self, g_ptr_array_index (before, i));
  for (guint i = 0; i < after->len; i++)
    if (!g_ptr_array_find (before, g_ptr_array_index (after, i), NULL))
      take (self, g_ptr_array_index (after, i));
}

static void
wf_session_group_finalize (GObject *object)
{
  WfSessionGroup *self = WF_SESSION_GROUP (object);

  g_object_unref (self->list);
  g_ptr_array_unref (self->sessions);
  G_OBJECT_CLASS (wf_session_group_parent_class)->finalize (object);
}

static guint
add_signal (const char  *name,
            GSignalFlags flags)
{
  return g_signal_new (name, WF_TYPE_SESSION_GROUP, G_SIGNAL_RUN_LAST | flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                       WF_TYPE_SESSION);
}

static void
wf_session_group_class_init (WfSessionGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_session_group_finalize;

  signals[SIGNAL_ADDED] = add_signal ("added", 0);
  signals[SIGNAL_CHANGED] = add_signal ("changed", G_SIGNAL_DETAILED);
  signals[SIGNAL_REMOVED] = add_signal ("removed", 0);
}

static void
wf_session_group_init (WfSessionGroup *self)
{
  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
}

WfSessionGroup *
wf_session_group_new (GListModel *sessions)
{
  WfSessionGroup *self = g_object_new (WF_TYPE_SESSION_GROUP, NULL);

  self->list = g_object_ref (sessions);
  g_signal_connect_object (sessions, "items-changed", G_CALLBACK (on_items_changed), self, 0);
  on_items_changed (sessions, 0, 0, g_list_model_get_n_items (sessions), self);
  return self;
}

GPtrArray *
wf_session_group_get_sessions (WfSessionGroup *self)
{
  return self->sessions;
}
