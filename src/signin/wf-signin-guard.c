/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-guard.h"

#define DIALOG_COUNT_KEY "wf-signin-dialogs"

static GtkWidget *
on_create (WebKitWebView          *view,
           WebKitNavigationAction *action,
           gpointer                user_data)
{
  return NULL;
}

static gboolean
on_denied (void)
{
  return TRUE;
}

static gboolean
on_script_dialog (WebKitWebView      *view,
                  WebKitScriptDialog *dialog,
                  gpointer            user_data)
{
  guint count = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (view), DIALOG_COUNT_KEY)) + 1;

  g_object_set_data (G_OBJECT (view), DIALOG_COUNT_KEY, GUINT_TO_POINTER (count));
  /* A page may not hold on to the person who leaves it. */
  if (webkit_script_dialog_get_dialog_type (dialog) == WEBKIT_SCRIPT_DIALOG_BEFORE_UNLOAD_CONFIRM)
    webkit_script_dialog_confirm_set_confirmed (dialog, TRUE);
  if (count == WF_SIGNIN_MAX_DIALOGS)
    webkit_web_view_terminate_web_process (view);
  return TRUE;
}

static gboolean
on_permission_request (WebKitWebView           *view,
                       WebKitPermissionRequest *request,
                       gpointer                 user_data)
{
  webkit_permission_request_deny (request);
  return TRUE;
}

static gboolean
on_query_permission_state (WebKitWebView              *view,
                           WebKitPermissionStateQuery *query,
                           gpointer                    user_data)
{
  webkit_permission_state_query_finish (query, WEBKIT_PERMISSION_STATE_DENIED);
  return TRUE;
}

static gboolean
on_run_file_chooser (WebKitWebView            *view,
                     WebKitFileChooserRequest *request,
                     gpointer                  user_data)
{
  webkit_file_chooser_request_cancel (request);
  return TRUE;
}

static gboolean
on_run_color_chooser (WebKitWebView             *view,
                      WebKitColorChooserRequest *request,
                      gpointer                   user_data)
{
  webkit_color_chooser_request_cancel (request);
  return TRUE;
}

void
wf_signin_guard_attach (WebKitWebView *view)
{
  g_signal_connect (view, "create", G_CALLBACK (on_create), NULL);
  g_signal_connect (view, "script-dialog", G_CALLBACK (on_script_dialog), NULL);
  g_signal_connect (view, "permission-request", G_CALLBACK (on_permission_request), NULL);
  g_signal_connect (view, "query-permission-state", G_CALLBACK (on_query_permission_state), NULL);
  g_signal_connect (view, "run-file-chooser", G_CALLBACK (on_run_file_chooser), NULL);
  g_signal_connect (view, "run-color-chooser", G_CALLBACK (on_run_color_chooser), NULL);
  g_signal_connect (view, "context-menu", G_CALLBACK (on_denied), NULL);
  g_signal_connect (view, "enter-fullscreen", G_CALLBACK (on_denied), NULL);
  g_signal_connect (view, "print", G_CALLBACK (on_denied), NULL);
  g_signal_connect (view, "show-notification", G_CALLBACK (on_denied), NULL);
}
