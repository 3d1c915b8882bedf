/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-name.h"

#include <glib/gi18n-lib.h>

/* Room for the number. */
#define HEAD_MAX_CHARS (WF_ACCOUNT_NAME_MAX_CHARS - 8)

static gboolean
is_taken (WfEngine   *engine,
          const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (engine)); i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (engine), i);

      if (g_strcmp0 (wf_session_get_account (session)->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
wf_account_name_make_free (WfEngine   *engine,
                           const char *name)
{
  g_autofree char *head = NULL;

  g_return_val_if_fail (WF_IS_ENGINE (engine) && name != NULL, NULL);

  if (!is_taken (engine, name))
    return g_strdup (name);
  head = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), HEAD_MAX_CHARS));
  for (guint i = 2;; i++)
    {
      /* Translators: the name of a copy of an account, and its number */
      g_autofree char *candidate = g_strdup_printf (_("%s (%u)"), head, i);

      if (!is_taken (engine, candidate))
        return g_steal_pointer (&candidate);
    }
}

WfAccount *
wf_account_name_copy (WfEngine        *engine,
                      const WfAccount *account)
{
  g_autoptr (WfAccount) fresh = wf_account_new ();
  g_autoptr (WfAccount) copy = wf_account_copy (account);
  g_autofree char *name = wf_account_name_make_free (engine, account->name);

  wf_account_set (&copy->id, fresh->id);
  wf_account_set (&copy->name, name);
  copy->read_only = FALSE;
  return g_steal_pointer (&copy);
}
