/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-background-portal.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define BACKGROUND "org.freedesktop.portal.Background"
#define REQUEST "org.freedesktop.portal.Request"

/* A call whose answer comes as a signal of an object that the portal makes for it. */
typedef struct
{
  GDBusConnection *bus;
  char            *path; /* of that object */
  guint            subscription;
} Request;

static void
unsubscribe (Request *request)
{
  if (request->subscription)
    g_dbus_connection_signal_unsubscribe (request->bus, request->subscription);
  request->subscription = 0;
}

static void
request_free (Request *request)
{
  unsubscribe (request);
  g_free (request->path);
  g_object_unref (request->bus);
  g_free (request);
}

/* The first of answer, error and cancellation counts. Returns: (transfer full) (nullable): the task, where it is to be
 * returned */
static GTask *
end_request (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  if (g_task_get_completed (task) || !request->subscription)
    return NULL;
  unsubscribe (request);
  return g_object_ref (task);
}

static void
on_response (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *name,
             GVariant        *parameters,
             gpointer         user_data)
{
  g_autoptr (GTask) task = end_request (user_data);
  g_autoptr (GVariant) results = NULL;
  WfBackgroundAnswer *answer;
  guint32 response = 2;

  if (!task)
    return;
  answer = g_new0 (WfBackgroundAnswer, 1);
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    g_variant_get (parameters, "(u@a{sv})", &response, &results);
  /* 0: done; 1: the person refused; 2: it ended otherwise */
  if (response == 0)
    {
      g_variant_lookup (results, "background", "b", &answer->background);
      g_variant_lookup (results, "autostart", "b", &answer->autostart);
    }
  g_task_return_pointer (task, answer, g_free);
}

static void
subscribe (GTask      *task,
           const char *path)
{
  Request *request = g_task_get_task_data (task);

  unsubscribe (request);
  g_free (request->path);
  request->path = g_strdup (path);
  request->subscription =
    g_dbus_connection_signal_subscribe (request->bus, PORTAL_NAME, REQUEST, "Response", path, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_response, g_object_ref (task), g_object_unref);
}

static void
on_requested (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GTask) ended = NULL;
  const char *path;

  if (reply)
    {
      /* a portal before its version 0.9 chooses the path itself */
      g_variant_get (reply, "(&o)", &path);
      if (request->subscription && !g_str_equal (path, request->path))
        subscribe (task, path);
      return;
    }
  ended = end_request (task);
  if (ended)
    g_task_return_new_error (ended, WF_ERROR, WF_ERROR_UNSUPPORTED, "%s",
                             _("Your desktop cannot be asked whether programs may run in the background."));
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = end_request (user_data);
  Request *request = g_task_get_task_data (user_data);

  if (!task)
    return;
  /* takes the question back, where the person has it on the screen */
  g_dbus_connection_call (request->bus, PORTAL_NAME, request->path, REQUEST, "Close", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          -1, NULL, NULL, NULL);
  g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("The question was taken back."));
}

/* The path that the portal will use, so that no answer comes before one listens: org.freedesktop.portal.Request. */
static char *
make_path (GDBusConnection *bus,
           const char      *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);

  return g_strconcat (PORTAL_PATH "/request/", g_strdelimit (sender, ".", '_'), "/", token, NULL);
}

static GVariant *
make_options (const char        *token,
              const char        *reason,
              gboolean           autostart,
              const char *const *commandline)
{
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (commandline, -1));
  /* calling it over D-Bus would open its window */
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  return g_variant_builder_end (&options);
}

gboolean
wf_background_portal_is_needed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP") != NULL ||
         g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0;
}

void
wf_background_portal_request_async (GDBusConnection    *bus,
                                    const char         *reason,
                                    gboolean            autostart,
                                    const char *const  *commandline,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *token = g_strdup_printf ("warifu%u", g_random_int ());
  g_autofree char *path = make_path (bus, token);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, wf_background_portal_request_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request->bus = g_object_ref (bus);
  subscribe (task, path);
  /* No parent window: the question may come when there is none. */
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, BACKGROUND, "RequestBackground",
                          g_variant_new ("(s@a{sv})", "", make_options (token, reason, autostart, commandline)),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_requested, g_object_ref (task));
  if (cancellable)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_cancelled), task, 0);
}

gboolean
wf_background_portal_request_finish (GAsyncResult       *result,
                                     WfBackgroundAnswer *answer,
                                     GError            **error)
{
  g_autofree WfBackgroundAnswer *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found)
    *answer = *found;
  return found != NULL;
}

void
wf_background_portal_set_status (GDBusConnection *bus,
                                 const char      *message)
{
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&options, "{sv}", "message", g_variant_new_string (message));
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, BACKGROUND, "SetStatus", g_variant_new ("(a{sv})", &options), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}
