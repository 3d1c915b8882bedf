/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-connection-step.h"

#include <glib/gi18n-lib.h>

struct _WfConnectionStep
{
  GObject             parent_instance;

  WfConnectionKind    kind;
  WfConnectionOutcome outcome;
  char               *detail;
  gint64              started_mono; /* 0: it did not run */
  gint64              duration_us;
  WfTlsPeer          *tls;          /* nullable */
  GError             *error;        /* nullable */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfConnectionStep, wf_connection_step, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  const char *title;
} kinds[] = {
  [WF_CONNECTION_SETTINGS] = { "settings", NC_("connection test", "Settings") },
  [WF_CONNECTION_NAME] = { "name", NC_("connection test", "Name lookup") },
  [WF_CONNECTION_CONNECT] = { "connect", NC_("connection test", "Connection") },
  [WF_CONNECTION_PROXY] = { "proxy", NC_("connection test", "Proxy") },
  [WF_CONNECTION_TLS] = { "tls", NC_("connection test", "Encryption (TLS)") },
  [WF_CONNECTION_DISCOVERY] = { "discovery", NC_("connection test", "Discovery document") },
  [WF_CONNECTION_KEYS] = { "keys", NC_("connection test", "Key set") },
  [WF_CONNECTION_TOKEN] = { "token-endpoint", NC_("connection test", "Token endpoint") },
  [WF_CONNECTION_CLOCK] = { "clock", NC_("connection test", "Clock") },
};

static const struct
{
  const char *name;
  const char *title;
} outcomes[] = {
  [WF_CONNECTION_WAITING] = { "waiting", NC_("connection test", "Waiting") },
  [WF_CONNECTION_RUNNING] = { "running", NC_("connection test", "Under way") },
  [WF_CONNECTION_PASSED] = { "passed", NC_("connection test", "Passed") },
  [WF_CONNECTION_WARNING] = { "warning", NC_("connection test", "Passed with a warning") },
  [WF_CONNECTION_FAILED] = { "failed", NC_("connection test", "Failed") },
  [WF_CONNECTION_SKIPPED] = { "skipped", NC_("connection test", "Skipped") },
};

static void
wf_connection_step_finalize (GObject *object)
{
  WfConnectionStep *self = WF_CONNECTION_STEP (object);

  g_free (self->detail);
  wf_tls_peer_unref (self->tls);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (wf_connection_step_parent_class)->finalize (object);
}

static void
wf_connection_step_class_init (WfConnectionStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_connection_step_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_connection_step_init (WfConnectionStep *self)
{
  self->detail = g_strdup ("");
  self->duration_us = -1;
}

WfConnectionStep *
wf_connection_step_new (WfConnectionKind kind)
{
  WfConnectionStep *self = g_object_new (WF_TYPE_CONNECTION_STEP, NULL);

  self->kind = kind;
  return self;
}

WfConnectionKind
wf_connection_step_get_kind (WfConnectionStep *self)
{
  return self->kind;
}

WfConnectionOutcome
wf_connection_step_get_outcome (WfConnectionStep *self)
{
  return self->outcome;
}

const char *
wf_connection_step_get_detail (WfConnectionStep *self)
{
  return self->detail;
}

gint64
wf_connection_step_get_duration (WfConnectionStep *self)
{
  return self->duration_us;
}

WfTlsPeer *
wf_connection_step_get_tls (WfConnectionStep *self)
{
  return self->tls;
}

const GError *
wf_connection_step_get_error (WfConnectionStep *self)
{
  return self->error;
}

const char *
wf_connection_kind_get_title (WfConnectionKind kind)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "connection test", kinds[kind].title);
}

const char *
wf_connection_kind_to_string (WfConnectionKind kind)
{
  return kinds[kind].name;
}

const char *
wf_connection_outcome_get_title (WfConnectionOutcome outcome)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "connection test", outcomes[outcome].title);
}

const char *
wf_connection_outcome_to_string (WfConnectionOutcome outcome)
{
  return outcomes[outcome].name;
}

void
wf_connection_step_begin (WfConnectionStep *self)
{
  self->outcome = WF_CONNECTION_RUNNING;
  self->started_mono = g_get_monotonic_time ();
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
wf_connection_step_end (WfConnectionStep   *self,
                        WfConnectionOutcome outcome,
                        char               *detail)
{
  self->outcome = outcome;
  g_free (self->detail);
  self->detail = detail;
  if (self->started_mono > 0 && outcome != WF_CONNECTION_SKIPPED)
    self->duration_us = g_get_monotonic_time () - self->started_mono;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
wf_connection_step_fail (WfConnectionStep *self,
                         const GError     *error)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  wf_connection_step_end (self, WF_CONNECTION_FAILED, g_strdup (error->message));
}

void
wf_connection_step_set_tls (WfConnectionStep *self,
                            WfTlsPeer        *peer)
{
  g_clear_pointer (&self->tls, wf_tls_peer_unref);
  self->tls = peer ? wf_tls_peer_ref (peer) : NULL;
}
