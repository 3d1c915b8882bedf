/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-exchange.h"

#define MAX_STEPS 64

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _WfFlow
{
  GObject    parent_instance;
  char      *title;
  gint64     started_at;
  GPtrArray *steps; /* (element-type WfFlowStep) */
  gboolean   failed;
};

G_DEFINE_FINAL_TYPE (WfFlow, wf_flow, G_TYPE_OBJECT)

static void
step_free (gpointer data)
{
  WfFlowStep *step = data;

  g_free (step->title);
  g_free (step->detail);
  g_clear_pointer (&step->exchange, wf_exchange_unref);
  g_free (step);
}

static void
wf_flow_finalize (GObject *object)
{
  WfFlow *self = WF_FLOW (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (wf_flow_parent_class)->finalize (object);
}

static void
wf_flow_class_init (WfFlowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_flow_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_flow_init (WfFlow *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

WfFlow *
wf_flow_new (const char *title,
             gint64      started_at)
{
  WfFlow *self = g_object_new (WF_TYPE_FLOW, NULL);

  self->title = g_strdup (title);
  self->started_at = started_at;
  return self;
}

const char *
wf_flow_get_title (WfFlow *self)
{
  g_return_val_if_fail (WF_IS_FLOW (self), NULL);

  return self->title;
}

gint64
wf_flow_get_started_at (WfFlow *self)
{
  g_return_val_if_fail (WF_IS_FLOW (self), 0);

  return self->started_at;
}

guint
wf_flow_get_n_steps (WfFlow *self)
{
  g_return_val_if_fail (WF_IS_FLOW (self), 0);

  return self->steps->len;
}

const WfFlowStep *
wf_flow_get_step (WfFlow *self,
                  guint   index)
{
  g_return_val_if_fail (WF_IS_FLOW (self), NULL);
  g_return_val_if_fail (index < self->steps->len, NULL);

  return g_ptr_array_index (self->steps, index);
}

gboolean
wf_flow_get_failed (WfFlow *self)
{
  g_return_val_if_fail (WF_IS_FLOW (self), FALSE);

  return self->failed;
}

void
wf_flow_add (WfFlow     *self,
             WfLane      from,
             WfLane      to,
             const char *title,
             const char *detail,
             gboolean    failed,
             gint64      time,
             WfExchange *exchange)
{
  WfFlowStep *step;

  g_return_if_fail (WF_IS_FLOW (self));

  self->failed |= failed;
  /* The last place is kept for a step that says how it ended badly. */
  if (self->steps->len >= MAX_STEPS || (self->steps->len == MAX_STEPS - 1 && !failed))
    return;

  step = g_new0 (WfFlowStep, 1);
  step->from = from;
  step->to = to;
  step->title = g_strdup (title);
  step->detail = g_strdup (detail);
  step->failed = failed;
  step->time = time;
  step->exchange = exchange ? wf_exchange_ref (exchange) : NULL;
  g_ptr_array_add (self->steps, step);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
wf_flow_forget_secrets (WfFlow *self)
{
  g_return_if_fail (WF_IS_FLOW (self));

  for (guint i = 0; i < self->steps->len; i++)
    {
      const WfFlowStep *step = g_ptr_array_index (self->steps, i);

      if (step->exchange)
        wf_exchange_forget_secrets (step->exchange);
    }
}

void
wf_flow_append (WfFlow  *self,
                WfFlow  *record,
                gboolean harmless)
{
  gboolean failed;

  g_return_if_fail (WF_IS_FLOW (self));
  g_return_if_fail (WF_IS_FLOW (record));

  failed = self->failed;
  for (guint i = 0; i < record->steps->len; i++)
    {
      const WfFlowStep *step = g_ptr_array_index (record->steps, i);

      wf_flow_add (self, step->from, step->to, step->title, step->detail, step->failed, step->time, step->exchange);
    }
  if (harmless && self->failed != failed)
    {
      self->failed = failed;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
}
