/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-sandbox.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

/* WebKit's own switch. */
#define DISABLE_VARIABLE "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"

static gboolean
is_switched_off (void)
{
  return g_strcmp0 (g_getenv (DISABLE_VARIABLE), "1") == 0;
}

static gboolean
has_sandbox_of_its_own (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP") != NULL;
}

static void
return_unsupported (GTask *task)
{
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNSUPPORTED, "%s",
                           _("The sandbox for web pages does not start on this computer, so the sign-in page is not "
                             "opened here. Sign in with the browser, or install bubblewrap and xdg-dbus-proxy."));
}

static void
on_waited (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;

  if (g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, NULL))
    g_task_return_boolean (task, TRUE);
  else
    return_unsupported (task);
}

void
wf_signin_sandbox_check_async (GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *proxy = NULL;

  g_task_set_source_tag (task, wf_signin_sandbox_check_async);
  if (is_switched_off () || has_sandbox_of_its_own ())
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  proxy = g_find_program_in_path ("xdg-dbus-proxy");
  if (proxy)
    process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
                                "bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
                                "--unshare-all", "true", NULL);
  if (!process)
    {
      return_unsupported (task);
      return;
    }
  g_subprocess_wait_check_async (process, cancellable, on_waited, g_steal_pointer (&task));
}

gboolean
wf_signin_sandbox_check_finish (GAsyncResult *result,
                                gboolean     *sandboxed,
                                GError      **error)
{
  *sandboxed = !is_switched_off ();
  return g_task_propagate_boolean (G_TASK (result), error);
}
