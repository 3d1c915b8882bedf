/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet.h"

#include <stdio.h>
#include <stdlib.h>

/* Prints one snippet for test_snippets.py:
 * wf-snippet-print LANGUAGE GRANT AUTH-METHOD TOKEN-ENDPOINT [CLIENT-SECRET CODE CODE-VERIFIER REFRESH-TOKEN] */

static WfAccount *
make_account (const char *auth_method,
              const char *token_endpoint)
{
  const char *const resources[] = { "https://a.example.org/?x=1&y", "urn:example:b", NULL };
  WfAccount *account = wf_account_new ();

  wf_account_set (&account->issuer, "https://login.example.org");
  wf_account_set (&account->client_id, "id:& 'more'");
  wf_account_set (&account->authorization_endpoint, "https://login.example.org/authorize");
  wf_account_set (&account->token_endpoint, token_endpoint);
  account->resources = g_strdupv ((char **) resources);
  wf_auth_method_from_string (auth_method, &account->auth_method, NULL);
  return account;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (WfAccount) account = NULL;
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  WfSnippetValues values = { NULL };
  WfSnippetLanguage language;
  WfSnippetGrant grant;

  if (argc != 5 && argc != 9)
    return EXIT_FAILURE;
  if (argc == 9)
    values = (WfSnippetValues) { argv[5], argv[6], argv[7], argv[8], NULL };
  account = make_account (argv[3], argv[4]);
  metadata = wf_provider_metadata_new_manual (account, &error);
  if (metadata && wf_snippet_language_from_string (argv[1], &language, &error) &&
      wf_snippet_grant_from_string (argv[2], &grant, &error))
    text = wf_snippet_make (language, grant, account, metadata, argc == 9 ? &values : NULL, &error);
  if (!text)
    {
      fprintf (stderr, "%s\n", error->message);
      return EXIT_FAILURE;
    }
  fputs (text, stdout);
  return EXIT_SUCCESS;
}
