/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-filter.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "wf-error.h"

#define FILTER_ID "warifu"

static const char *const loopback_patterns[] = {
  "^http://127\\.[0-9]+\\.[0-9]+\\.[0-9]+[:/]",
  "^http://localhost[:/]",
  "^http://\\[::1\\][:/]",
  "^ws://127\\.[0-9]+\\.[0-9]+\\.[0-9]+[:/]",
  "^ws://localhost[:/]",
  "^ws://\\[::1\\][:/]",
};

/* Unreserved characters in an escaped spelling, which libsoup sends unescaped (RFC 3986 §6.2.2.2). */
static const char *const escapes[] = {
  "%2[dDeE]", "%3[0-9]", "%4[1-9a-fA-F]", "%5[0-9aAfF]", "%6[1-9a-fA-F]", "%7[0-9aAeE]",
};

static gboolean
is_plain_ascii (const char *text)
{
  for (const char *p = text; *p; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;
  return *text != '\0';
}

static void
append_rule (GString    *json,
             const char *pattern,
             const char *action)
{
  if (json->len > 1)
    g_string_append_c (json, ',');
  g_string_append (json, "{\"trigger\":{\"url-filter\":\"");
  for (const char *p = pattern; *p; p++)
    {
      if (*p == '\\' || *p == '"')
        g_string_append_c (json, '\\');
      g_string_append_c (json, *p);
    }
  g_string_append_printf (json, "\",\"url-filter-is-case-sensitive\":true},\"action\":{\"type\":\"%s\"}}", action);
}

static void
append_escaped (GString    *pattern,
                const char *text)
{
  for (const char *p = text; *p; p++)
    {
      if (strchr (".^$*+?()[]{}|\\", *p))
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
}

static void
append_redirect (GString    *json,
                 const char *redirect_uri)
{
  g_autoptr (GString) pattern = g_string_new ("^");

  append_escaped (pattern, redirect_uri);
  g_string_append (pattern, strchr (redirect_uri, '?') ? "([&#].*)?$" : "([?#].*)?$");
  append_rule (json, pattern->str, "block");
}

/* Other spellings that end at the same server: they are not the redirect URI, and it shall not hear of them. */
static void
append_other_spellings (GString    *json,
                        const char *redirect_uri)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect_uri, G_URI_FLAGS_ENCODED, NULL);
  const char *rest = uri && g_uri_get_host (uri) ? strstr (redirect_uri, "://") + 3 : NULL;
  g_autofree char *origin = NULL;
  g_autoptr (GString) escaped = g_string_new ("^");
  g_autoptr (GString) dotted = g_string_new ("^");

  if (!rest || !g_str_has_prefix (g_uri_get_scheme (uri), "http"))
    return;

  origin = g_strndup (redirect_uri, (gsize) (rest - redirect_uri) + strcspn (rest, "/?#"));
  append_escaped (escaped, origin);
  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      g_autofree char *pattern = g_strconcat (escaped->str, "/[^?#]*", escapes[i], NULL);
      append_rule (json, pattern, "block");
    }
  /* The host with the root's dot. */
  append_escaped (dotted, g_uri_get_scheme (uri));
  g_string_append (dotted, "://");
  append_escaped (dotted, g_uri_get_host (uri));
  g_string_append (dotted, "\\.[:/]");
  append_rule (json, dotted->str, "block");
}

char *
wf_signin_filter_make_rules (const char *redirect_uri)
{
  g_autoptr (GString) json = NULL;

  if (!is_plain_ascii (redirect_uri))
    return NULL;

  json = g_string_new ("[");
  append_rule (json, "^http:", "block");
  append_rule (json, "^ws:", "block");
  for (guint i = 0; i < G_N_ELEMENTS (loopback_patterns); i++)
    append_rule (json, loopback_patterns[i], "ignore-previous-rules");
  /* Last, so that no exception takes it back. */
  append_rule (json, "^https?://[^/?#]*@", "block");
  append_redirect (json, redirect_uri);
  append_other_spellings (json, redirect_uri);
  g_string_append_c (json, ']');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static char *
make_private_folder (GError **error)
{
  const char *const bases[] = { g_get_user_runtime_dir (), g_get_tmp_dir () };

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      g_autofree char *template = g_build_filename (bases[i], "warifu-filter-XXXXXX", NULL);

      if (g_mkdtemp_full (template, 0700))
        return g_steal_pointer (&template);
    }
  g_set_error_literal (error, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                       _("The sign-in page cannot be opened because no temporary folder can be made."));
  return NULL;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  WebKitUserContentFilter *filter;

  filter = webkit_user_content_filter_store_save_finish (WEBKIT_USER_CONTENT_FILTER_STORE (source), result, &error);
  /* WebKit keeps the compiled rules mapped; the file has done its work. */
  remove_folder (g_task_get_task_data (task));
  if (filter)
    g_task_return_pointer (task, filter, (GDestroyNotify) webkit_user_content_filter_unref);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_CANCELLED, "%s", _("Cancelled."));
  else
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_STORAGE_FAILED,
                             _("The sign-in page cannot be opened because its rules could not be stored: %s"),
                             error->message);
}

void
wf_signin_filter_load_async (const char         *redirect_uri,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (WebKitUserContentFilterStore) store = NULL;
  g_autoptr (GBytes) source = NULL;
  g_autofree char *rules = wf_signin_filter_make_rules (redirect_uri);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, wf_signin_filter_load_async);
  if (!rules)
    {
      g_task_return_new_error (task, WF_ERROR, WF_ERROR_USAGE, "%s",
                               _("This redirect URI cannot be used in the sign-in window. Use the browser instead."));
      return;
    }
  folder = make_private_folder (&error);
  if (!folder)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  store = webkit_user_content_filter_store_new (folder);
  g_task_set_task_data (task, g_steal_pointer (&folder), g_free);
  source = g_bytes_new (rules, strlen (rules));
  webkit_user_content_filter_store_save (store, FILTER_ID, source, cancellable, on_saved, g_steal_pointer (&task));
}

WebKitUserContentFilter *
wf_signin_filter_load_finish (GAsyncResult *result,
                              GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
