/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-errand.h"

#include "wf-error.h"
#include "wf-host.h"

struct _WfErrand
{
  GObject         parent_instance;

  WfSessionGroup *group;
  WfWindow       *window; /* weak */
  char           *id;     /* of the account that is to be shown; NULL where there is nothing to do */
  char           *sign_in; /* of the account that is to be signed in to as well; NULL for none */
};

G_DEFINE_FINAL_TYPE (WfErrand, wf_errand, G_TYPE_OBJECT)

static WfSession *
find (WfErrand   *self,
      const char *id)
{
  GPtrArray *sessions = wf_session_group_get_sessions (self->group);

  for (guint i = 0; i < sessions->len; i++)
    if (g_strcmp0 (wf_session_get_account (g_ptr_array_index (sessions, i))->id, id) == 0)
      return g_ptr_array_index (sessions, i);
  return NULL;
}

static gboolean
needs_sign_in (WfSession *session)
{
  WfSessionState state = wf_session_get_state (session);

  return state == WF_SESSION_NEEDS_SIGN_IN || state == WF_SESSION_SIGNED_OUT;
}

static void
run (WfErrand *self)
{
  g_autofree char *id = g_steal_pointer (&self->id);
  WfSession *session = id ? find (self, id) : NULL;

  if (session)
    wf_host_select (WF_HOST (self->window), session);
  session = self->sign_in ? find (self, self->sign_in) : NULL;
  if (!session || !wf_session_get_loaded (session))
    return;
  g_clear_pointer (&self->sign_in, g_free);
  if (needs_sign_in (session))
    wf_host_sign_in (WF_HOST (self->window), session, FALSE);
}

static gboolean
on_idle (gpointer user_data)
{
  WfErrand *self = user_data;

  if (self->window)
    run (self);
  return G_SOURCE_REMOVE;
}

/* What state the session is in, it says next. */
static void
on_loaded (WfSessionGroup *group,
           WfSession      *session,
           WfErrand       *self)
{
  if (self->sign_in)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, g_object_ref (self), g_object_unref);
}

static void
on_read_again (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* how it went is in the session's properties */
  wf_session_load_finish (WF_SESSION (source), result, &error);
}

static void
wf_errand_finalize (GObject *object)
{
  WfErrand *self = WF_ERRAND (object);

  g_clear_weak_pointer (&self->window);
  g_object_unref (self->group);
  g_free (self->id);
  g_free (self->sign_in);
  G_OBJECT_CLASS (wf_errand_parent_class)->finalize (object);
}

static void
wf_errand_class_init (WfErrandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_errand_finalize;
}

static void
wf_errand_init (WfErrand *self)
{
}

WfErrand *
wf_errand_new (WfSessionGroup *group)
{
  WfErrand *self = g_object_new (WF_TYPE_ERRAND, NULL);

  self->group = g_object_ref (group);
  g_signal_connect_object (group, "changed::loaded", G_CALLBACK (on_loaded), self, 0);
  return self;
}

void
wf_errand_begin (WfErrand   *self,
                 const char *id,
                 gboolean    sign_in)
{
  g_free (self->id);
  self->id = g_strdup (id);
  g_free (self->sign_in);
  self->sign_in = sign_in ? g_strdup (id) : NULL;
}

void
wf_errand_set_window (WfErrand *self,
                      WfWindow *window)
{
  g_set_weak_pointer (&self->window, window);
  if (window)
    run (self);
}

void
wf_errand_unlock (WfErrand *self)
{
  GPtrArray *sessions = wf_session_group_get_sessions (self->group);

  for (guint i = 0; i < sessions->len; i++)
    {
      WfSession *session = g_ptr_array_index (sessions, i);

      if (g_error_matches (wf_session_get_keyring_error (session), WF_ERROR, WF_ERROR_KEYRING_LOCKED))
        wf_session_load_async (session, NULL /* cancellable */, on_read_again, NULL);
    }
}
