/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-account.h"
#include "wf-error.h"

/* An account that could be read is written and read back the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char id[] = "9f2c1d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f";
  g_autoptr (WfAccount) account = NULL;
  g_autoptr (WfAccount) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;

  account = wf_account_parse (id, (const char *) data, size, &error);
  if (!account)
    {
      g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  wf_account_check (account, NULL, NULL);
  written = wf_account_serialize (account);
  again = wf_account_parse (id, written, strlen (written), &error);
  /* Escapes may make it longer than a file may be. */
  if (!again && strlen (written) > 64 * 1024)
    return 0;
  g_assert_no_error (error);
  g_assert_true (wf_account_equal (account, again));

  return 0;
}
