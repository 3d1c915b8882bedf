/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-notifier.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

#define KEYRING_ID "keyring"

/* What is known of one session. */
typedef struct
{
  WfSessionState state;
  gboolean       loaded;   /* its first state after the keyring was read has been seen */
  gboolean       attended; /* what goes on was begun in a window, or in front of one */
  gboolean       told;
} Row;

struct _WfNotifier
{
  GObject         parent_instance;

  GtkApplication *application; /* which owns this */
  WfSessionGroup *group;
  GHashTable     *rows;        /* WfSession -> Row */
  gboolean        said_locked;
};

G_DEFINE_FINAL_TYPE (WfNotifier, wf_notifier, G_TYPE_OBJECT)

static gboolean
has_window (WfNotifier *self)
{
  return gtk_application_get_windows (self->application) != NULL;
}

static gboolean
has_focus (WfNotifier *self)
{
  for (GList *link = gtk_application_get_windows (self->application); link; link = link->next)
    if (gtk_window_is_active (link->data))
      return TRUE;
  return FALSE;
}

/* --- sign-ins --- */

static char *
make_id (WfSession *session)
{
  return g_strconcat ("sign-in-", wf_session_get_account (session)->id, NULL);
}

static void
tell_sign_in (WfNotifier *self,
              WfSession  *session,
              Row        *row)
{
  const WfAccount *account = wf_session_get_account (session);
  g_autoptr (GNotification) notification = g_notification_new (account->name);
  g_autofree char *id = make_id (session);

  /* Below the name of the account. Some desktops read markup here, so that no name stands in it. */
  g_notification_set_body (notification, _("This session has ended. Sign in again to keep it alive."));
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_category (notification, "x-warifu.sign-in");
  g_notification_set_default_action_and_target (notification, "app.show-account", "s", account->id);
  g_notification_add_button_with_target (notification, _("Sign In"), "app.sign-in", "s", account->id);
  g_application_send_notification (G_APPLICATION (self->application), id, notification);
  row->told = TRUE;
}

/* Also what an earlier process has told, and may still stand there. */
static void
withdraw_sign_in (WfNotifier *self,
                  WfSession  *session,
                  Row        *row)
{
  g_autofree char *id = make_id (session);

  g_application_withdraw_notification (G_APPLICATION (self->application), id);
  row->told = FALSE;
}

/* --- the keyring --- */

static gboolean
is_locked (WfSession *session)
{
  return g_error_matches (wf_session_get_keyring_error (session), WF_ERROR, WF_ERROR_KEYRING_LOCKED);
}

static void
tell_locked (WfNotifier *self)
{
  g_autoptr (GNotification) notification = g_notification_new (_("Keyring Locked"));

  g_notification_set_body (notification, _("Warifu cannot keep your sessions alive until your keyring is unlocked."));
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_category (notification, "x-warifu.keyring");
  g_notification_set_default_action (notification, "app.unlock");
  g_notification_add_button (notification, _("Unlock"), "app.unlock");
  g_application_send_notification (G_APPLICATION (self->application), KEYRING_ID, notification);
}

static void
update_locked (WfNotifier *self)
{
  GPtrArray *sessions = wf_session_group_get_sessions (self->group);
  gboolean locked = FALSE;

  for (guint i = 0; i < sessions->len && !locked; i++)
    locked = is_locked (g_ptr_array_index (sessions, i));
  if (locked && !has_window (self) && !self->said_locked)
    tell_locked (self);
  else if (!locked && self->said_locked)
    g_application_withdraw_notification (G_APPLICATION (self->application), KEYRING_ID);
  /* what a window has shown is known */
  self->said_locked = locked;
}

/* --- callbacks --- */

static void
on_state (WfSessionGroup *group,
          WfSession      *session,
          WfNotifier     *self)
{
  Row *row = g_hash_table_lookup (self->rows, session);
  WfSessionState before = row->state;

  row->state = wf_session_get_state (session);
  /* What was there before the program began, the person sees where they have opened the window. */
  if (wf_session_get_loaded (session) && !row->loaded)
    {
      row->loaded = TRUE;
      row->attended = has_window (self);
    }
  switch (row->state)
    {
    case WF_SESSION_REFRESHING:
      row->attended = wf_session_get_refresh_cause (session) != WF_CAUSE_SCHEDULE || has_focus (self);
      break;
    case WF_SESSION_SIGNING_IN:
      row->attended = TRUE;
      withdraw_sign_in (self, session, row);
      break;
    case WF_SESSION_NEEDS_SIGN_IN:
      if (before != row->state && !row->attended && !has_focus (self))
        tell_sign_in (self, session, row);
      break;
    case WF_SESSION_SIGNED_OUT:
    case WF_SESSION_SIGNED_IN:
      if (row->told)
        withdraw_sign_in (self, session, row);
      row->attended = FALSE;
      break;
    case WF_SESSION_EXPIRED:
    default:
      row->attended = FALSE;
      break;
    }
}

static void
on_keyring_error (WfSessionGroup *group,
                  WfSession      *session,
                  WfNotifier     *self)
{
  update_locked (self);
}

static void
on_added (WfSessionGroup *group,
          WfSession      *session,
          WfNotifier     *self)
{
  Row *row = g_new0 (Row, 1);

  row->state = wf_session_get_state (session);
  row->loaded = wf_session_get_loaded (session);
  g_hash_table_insert (self->rows, g_object_ref (session), row);
}

static void
on_removed (WfSessionGroup *group,
            WfSession      *session,
            WfNotifier     *self)
{
  withdraw_sign_in (self, session, g_hash_table_lookup (self->rows, session));
  g_hash_table_remove (self->rows, session);
  update_locked (self);
}

static void
wf_notifier_finalize (GObject *object)
{
  WfNotifier *self = WF_NOTIFIER (object);

  g_hash_table_unref (self->rows);
  g_object_unref (self->group);
  G_OBJECT_CLASS (wf_notifier_parent_class)->finalize (object);
}

static void
wf_notifier_class_init (WfNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_notifier_finalize;
}

static void
wf_notifier_init (WfNotifier *self)
{
  self->rows = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
}

WfNotifier *
wf_notifier_new (GtkApplication *application,
                 WfSessionGroup *group)
{
  WfNotifier *self = g_object_new (WF_TYPE_NOTIFIER, NULL);
  GPtrArray *sessions = wf_session_group_get_sessions (group);

  self->application = application;
  self->group = g_object_ref (group);
  for (guint i = 0; i < sessions->len; i++)
    on_added (group, g_ptr_array_index (sessions, i), self);
  g_signal_connect_object (group, "added", G_CALLBACK (on_added), self, 0);
  g_signal_connect_object (group, "removed", G_CALLBACK (on_removed), self, 0);
  g_signal_connect_object (group, "changed::state", G_CALLBACK (on_state), self, 0);
  g_signal_connect_object (group, "changed::keyring-error", G_CALLBACK (on_keyring_error), self, 0);
  return self;
}
