/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sign-in-module.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>

#include "wf-error.h"

#define MODULE_NAME "libwarifu-signin.so"
#define MODULE_SYMBOL "warifu_signin_create_view"

static char *
get_data_dir (const char *account_id)
{
  return g_build_filename (g_get_user_data_dir (), "warifu", "sign-in", account_id, NULL);
}

/* In a thread: WebKit is large, and the window does not wait. */
static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const char *dir = g_getenv ("WARIFU_MODULE_DIR");
  g_autofree char *path = g_build_filename (dir && *dir ? dir : MODULEDIR, MODULE_NAME, NULL);
  gpointer create = NULL;
  GModule *module;

  module = g_module_open (path, G_MODULE_BIND_LOCAL);
  if (!module)
    g_debug ("No sign-in module: %s", g_module_error ());
  /* Its types cannot be unregistered. */
  else if (g_module_symbol (module, MODULE_SYMBOL, &create))
    g_module_make_resident (module);

  if (create)
    g_task_return_pointer (task, create, NULL);
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNSUPPORTED, "%s",
                             _("This installation of Warifu has no sign-in window. Sign in with your browser."));
}

void
wf_sign_in_module_load_async (GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, wf_sign_in_module_load_async);
  g_task_run_in_thread (task, load_in_thread);
}

WfCreateSignInViewFunc
wf_sign_in_module_load_finish (GAsyncResult *result,
                               GError      **error)
{
  return (WfCreateSignInViewFunc) g_task_propagate_pointer (G_TASK (result), error);
}

static void
insert_string (GVariantDict *settings,
               const char   *key,
               const char   *value)
{
  if (value)
    g_variant_dict_insert (settings, key, "s", value);
}

GVariant *
wf_sign_in_module_make_settings (const WfAccount *account)
{
  g_autoptr (GVariantDict) settings = g_variant_dict_new (NULL);
  g_autofree char *data_dir = account->keep_cookies ? get_data_dir (account->id) : NULL;

  insert_string (settings, "data-dir", data_dir);
  insert_string (settings, "ca-file", account->ca_file);
  insert_string (settings, "proxy", account->proxy);
  insert_string (settings, "client-certificate", account->client_certificate);
  return g_variant_dict_end (settings);
}

static void
delete_tree (GFile *folder)
{
  g_autoptr (GFileEnumerator) children =
    g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                               G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info)
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      delete_tree (child);
    else
      g_file_delete (child, NULL, NULL);
  g_file_delete (folder, NULL, NULL);
}

static void
forget_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  delete_tree (task_data);
  g_task_return_boolean (task, TRUE);
}

void
wf_sign_in_module_forget (const char *account_id)
{
  g_autofree char *path = NULL;
  g_autoptr (GTask) task = NULL;

  /* Ours are UUIDs; nothing else may become part of a path. */
  g_return_if_fail (g_uuid_string_is_valid (account_id));

  path = get_data_dir (account_id);
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, wf_sign_in_module_forget);
  g_task_set_task_data (task, g_file_new_for_path (path), g_object_unref);
  g_task_run_in_thread (task, forget_in_thread);
}
