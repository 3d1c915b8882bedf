/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-preset.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Returns: (transfer container) (element-type utf8): what each field is filled with in an example */
static GPtrArray *
list_examples (const WfPreset *preset)
{
  GPtrArray *examples = g_ptr_array_new ();

  for (guint i = 0; i < preset->fields->len; i++)
    g_ptr_array_add (examples, ((WfPresetField *) preset->fields->pdata[i])->example);
  return examples;
}

static WfAccount *
make_example (const WfPreset *preset)
{
  g_autoptr (GPtrArray) examples = list_examples (preset);
  WfAccount *account = wf_account_new ();

  wf_preset_fill (preset, (const char *const *) examples->pdata, account, NULL);
  return account;
}

char *
wf_account_preset_expand_issuer (const WfPreset *preset,
                                 const char     *input)
{
  g_autoptr (WfAccount) account = NULL;

  g_return_val_if_fail (preset != NULL && input != NULL, NULL);

  /* Two fields do not fit into one row: there the whole address is typed. */
  if (preset->fields->len != 1 || !*input || strstr (input, "://"))
    return g_strdup (input);
  account = wf_account_new ();
  if (!wf_preset_fill (preset, &input, account, NULL) || !account->issuer)
    return g_strdup (input);
  return g_strdup (account->issuer);
}

char *
wf_account_preset_make_issuer_hint (const WfPreset *preset)
{
  g_autoptr (WfAccount) example = NULL;

  g_return_val_if_fail (preset != NULL, NULL);

  if (!preset->account->issuer)
    return g_strdup (_("Where the provider is, such as https://login.example.org"));
  if (preset->fields->len > 0)
    return g_strdup (_("Made of what is above. Write it yourself where your provider's is another one."));
  example = make_example (preset);
  /* Translators: %s is an address */
  return g_strdup_printf (_("Such as %s"), example->issuer);
}

gboolean
wf_account_preset_knows_issuer (const WfPreset *preset)
{
  g_return_val_if_fail (preset != NULL, FALSE);

  for (guint i = 0; i < preset->fields->len; i++)
    if (!((WfPresetField *) preset->fields->pdata[i])->standard)
      return FALSE;
  return preset->account->issuer != NULL;
}

gboolean
wf_account_preset_follow_server (const WfPreset *preset,
                                 const char     *input,
                                 WfAccount      *account)
{
  g_return_val_if_fail (preset != NULL && input != NULL && account != NULL, FALSE);

  return preset->fields->len == 1 && wf_account_has_manual_endpoints (preset->account) &&
         wf_preset_fill (preset, &input, account, NULL);
}

void
wf_account_preset_apply (const WfPreset *preset,
                         WfAccount      *account)
{
  g_autoptr (GPtrArray) examples = NULL;

  g_return_if_fail (preset != NULL && account != NULL);

  if (wf_account_preset_knows_issuer (preset))
    {
      wf_preset_fill (preset, NULL, account, NULL);
      return;
    }
  examples = list_examples (preset);
  wf_preset_fill (preset, (const char *const *) examples->pdata, account, NULL);
  wf_account_set (&account->issuer, NULL);
}
