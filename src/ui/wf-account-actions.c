/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-actions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-name.h"
#include "wf-account-share.h"
#include "wf-api-dialog.h"
#include "wf-clipboard.h"
#include "wf-connection-dialog.h"
#include "wf-doctor-dialog.h"
#include "wf-error.h"
#include "wf-save.h"
#include "wf-sign-out-dialog.h"

struct _WfAccountActions
{
  GObject             parent_instance;

  WfHost             *host; /* weak */
  WfSession          *session;
  GSimpleActionGroup *group;
};

G_DEFINE_FINAL_TYPE (WfAccountActions, wf_account_actions, G_TYPE_OBJECT)

typedef struct
{
  WfHost       *host;
  WfSession    *session;
  WfTokenGetter getter;
  char         *audience;
  char         *done;
} CopyJob;

static void
copy_job_free (CopyJob *job)
{
  g_object_unref (job->host);
  g_object_unref (job->session);
  g_free (job->audience);
  g_free (job->done);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CopyJob, copy_job_free)

static void
set_enabled (WfAccountActions *self,
             const char       *name,
             gboolean          enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->group), name);

  if (g_action_get_enabled (action) != enabled)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update (WfAccountActions *self)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);
  WfSessionState state = wf_session_get_state (self->session);
  gboolean loaded = wf_session_get_loaded (self->session);
  gboolean idle = state != WF_SESSION_SIGNING_IN && state != WF_SESSION_REFRESHING;
  gboolean has_access = tokens && wf_token_set_get_access_token (tokens, NULL);
  gboolean has_refresh = tokens && tokens->refresh_token;
  gboolean has_any = has_access || has_refresh || (tokens && tokens->id_token);
  gboolean own = !wf_session_get_account (self->session)->read_only;

  set_enabled (self, "sign-in", loaded && idle);
  set_enabled (self, "sign-in-browser", loaded && idle);
  set_enabled (self, "refresh", idle && has_refresh);
  set_enabled (self, "copy-token", has_access);
  set_enabled (self, "call-api", has_access || has_refresh);
  set_enabled (self, "sign-out", has_any && state != WF_SESSION_SIGNING_IN);
  set_enabled (self, "edit", own);
  set_enabled (self, "remove", own);
}

static void
on_refreshed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (WfHost) host = user_data;
  g_autoptr (GError) error = NULL;

  if (wf_session_refresh_finish (WF_SESSION (source), result, &error))
    wf_host_toast_state (host, WF_SESSION (source), _("Tokens refreshed"));
  else if (wf_session_get_last_error (WF_SESSION (source)) == NULL)
    /* What the session remembers stands on the page. */
    wf_host_toast_error (host, error);
}

static void
on_ready_to_copy (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (CopyJob) job = user_data;
  g_autoptr (GError) error = NULL;
  SecretValue *token;

  if (!wf_session_before_action_finish (job->session, result, &error))
    {
      wf_host_toast_error (job->host, error);
      return;
    }
  token = job->getter (wf_session_get_tokens (job->session), job->audience);
  if (!token)
    return;
  wf_clipboard_copy_secret (GTK_WIDGET (job->host), token, wf_host_get_clipboard_seconds (job->host));
  wf_host_toast (job->host, job->done);
}

static SecretValue *
get_access_token (const WfTokenSet *set,
                  const char       *audience)
{
  const WfAccessToken *token = set ? wf_token_set_get_access_token (set, audience) : NULL;

  return token ? token->token : NULL;
}

static void
on_duplicated (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (WfHost) host = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSession) session = NULL;

  session = wf_engine_save_account_finish (WF_ENGINE (source), result, &error);
  if (!session)
    {
      wf_host_toast_error (host, error);
      return;
    }
  wf_host_select (host, session);
  wf_host_edit_account (host, session);
}

static void
on_sign_in (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_host_sign_in (self->host, self->session, FALSE);
}

static void
on_sign_in_browser (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_host_sign_in (self->host, self->session, TRUE);
}

static void
on_refresh (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_session_refresh_async (self->session, WF_CAUSE_BY_HAND, NULL /* audience */, NULL /* cancellable */,
                            on_refreshed, g_object_ref (self->host));
}

static void
on_copy_token (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_account_actions_copy (self->host, self->session, get_access_token, NULL /* audience */, _("Access token copied"));
}

static void
on_call_api (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_api_dialog_present (self->host, self->session);
}

static void
on_diagnose (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_doctor_dialog_present (self->host, self->session);
}

static void
on_test_connection (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_connection_dialog_present (GTK_WINDOW (self->host), wf_session_get_account (self->session), FALSE);
}

static void
on_edit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_host_edit_account (self->host, self->session);
}

static void
on_duplicate (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  WfAccountActions *self = user_data;
  WfEngine *engine = wf_host_get_engine (self->host);
  g_autoptr (WfAccount) copy = wf_account_name_copy (engine, wf_session_get_account (self->session));

  wf_engine_save_account_async (engine, copy, NULL /* client_secret */, NULL /* cancellable */,
                                on_duplicated, g_object_ref (self->host));
}

static void
on_export (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  WfAccountActions *self = user_data;
  const WfAccount *account = wf_session_get_account (self->session);
  g_autofree char *name = wf_account_make_file_name (account);
  char *text = wf_account_export (account);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  wf_save_as (GTK_WIDGET (self->host), _("Export Account"), name, WF_ACCOUNT_SHARE_TYPE, bytes,
              _("Account exported, without tokens and secrets"));
}

static void
on_sign_out (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_sign_out_dialog_present (self->host, self->session);
}

static void
on_remove (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  WfAccountActions *self = user_data;

  wf_remove_dialog_present (self->host, self->session);
}

static void
wf_account_actions_dispose (GObject *object)
{
  WfAccountActions *self = WF_ACCOUNT_ACTIONS (object);

  g_clear_weak_pointer (&self->host);
  g_clear_object (&self->session);
  g_clear_object (&self->group);
  G_OBJECT_CLASS (wf_account_actions_parent_class)->dispose (object);
}

static void
wf_account_actions_class_init (WfAccountActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_account_actions_dispose;
}

static void
wf_account_actions_init (WfAccountActions *self)
{
  static const GActionEntry entries[] = {
    { .name = "sign-in", .activate = on_sign_in },
    { .name = "sign-in-browser", .activate = on_sign_in_browser },
    { .name = "refresh", .activate = on_refresh },
    { .name = "copy-token", .activate = on_copy_token },
    { .name = "call-api", .activate = on_call_api },
    { .name = "diagnose", .activate = on_diagnose },
    { .name = "test-connection", .activate = on_test_connection },
    { .name = "edit", .activate = on_edit },
    { .name = "duplicate", .activate = on_duplicate },
    { .name = "export", .activate = on_export },
    { .name = "sign-out", .activate = on_sign_out },
    { .name = "remove", .activate = on_remove },
  };

  self->group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->group), entries, G_N_ELEMENTS (entries), self);
}

WfAccountActions *
wf_account_actions_new (WfHost    *host,
                        WfSession *session)
{
  WfAccountActions *self = g_object_new (WF_TYPE_ACCOUNT_ACTIONS, NULL);

  g_set_weak_pointer (&self->host, host);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::tokens", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::loaded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::account", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

GActionGroup *
wf_account_actions_get_group (WfAccountActions *self)
{
  g_return_val_if_fail (WF_IS_ACCOUNT_ACTIONS (self), NULL);

  return G_ACTION_GROUP (self->group);
}

GMenuModel *
wf_account_actions_make_menu (void)
{
  g_autoptr (GMenu) sign_in = g_menu_new ();
  g_autoptr (GMenu) tokens = g_menu_new ();
  g_autoptr (GMenu) account = g_menu_new ();
  g_autoptr (GMenu) leave = g_menu_new ();
  GMenu *menu = g_menu_new ();

  g_menu_append (sign_in, _("_Sign In"), "account.sign-in");
  g_menu_append (sign_in, _("Sign In with _Browser"), "account.sign-in-browser");
  g_menu_append (tokens, _("_Refresh Now"), "account.refresh");
  g_menu_append (tokens, _("_Copy Access Token"), "account.copy-token");
  g_menu_append (tokens, _("Call the _API"), "account.call-api");
  /* Translators: opens the list of what was found about an account, and what to do about it */
  g_menu_append (tokens, _("Dia_gnose"), "account.diagnose");
  g_menu_append (account, _("_Test Connection"), "account.test-connection");
  g_menu_append (account, _("_Edit"), "account.edit");
  g_menu_append (account, _("_Duplicate"), "account.duplicate");
  g_menu_append (account, _("E_xport Account…"), "account.export");
  g_menu_append (leave, _("Sign _Out"), "account.sign-out");
  g_menu_append (leave, _("Re_move"), "account.remove");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (sign_in));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (tokens));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (account));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (leave));
  return G_MENU_MODEL (menu);
}

void
wf_account_actions_copy (WfHost       *host,
                         WfSession    *session,
                         WfTokenGetter getter,
                         const char   *audience,
                         const char   *done)
{
  CopyJob *job = g_new0 (CopyJob, 1);

  job->host = g_object_ref (host);
  job->session = g_object_ref (session);
  job->getter = getter;
  job->audience = g_strdup (audience);
  job->done = g_strdup (done);
  wf_session_before_action_async (session, NULL /* cancellable */, on_ready_to_copy, job);
}
