/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"
#include "wf-provider-metadata.h"

G_BEGIN_DECLS

typedef enum
{
  WF_SNIPPET_CURL,
  WF_SNIPPET_CSHARP,
  WF_SNIPPET_GO,
  WF_SNIPPET_JAVA,
  WF_SNIPPET_NODE,
  WF_SNIPPET_OBJC,
  WF_SNIPPET_PHP,
  WF_SNIPPET_PYTHON,
  WF_SNIPPET_RUBY,
  WF_SNIPPET_SWIFT,
} WfSnippetLanguage;
#define WF_SNIPPET_N_LANGUAGES (WF_SNIPPET_SWIFT + 1)

typedef enum
{
  WF_SNIPPET_AUTHORIZATION_CODE,
  WF_SNIPPET_REFRESH_TOKEN,
} WfSnippetGrant;

/**
 * WfSnippetValues:
 *
 * What is written into a snippet in clear. Each that is NULL is read by the program from
 * its environment instead: WARIFU_CLIENT_SECRET, WARIFU_CODE, WARIFU_CODE_VERIFIER,
 * WARIFU_REFRESH_TOKEN. Without a @redirect_uri the account's own stands there.
 */
typedef struct
{
  const char *client_secret;
  const char *code;
  const char *code_verifier;
  const char *refresh_token;
  const char *redirect_uri;
} WfSnippetValues;

/**
 * wf_snippet_make:
 * @values: (nullable): NULL: every secret comes from the environment
 *
 * Writes a whole program that sends the token request of this account (RFC 6749 §4.1.3 or §6,
 * with RFC 7636 §4.5 and RFC 8707 §2.2) and prints the answer. Values are encoded by the language's
 * own library when the program runs, TLS is as strict as the language has it, and no redirect
 * is followed.
 *
 * Returns: (transfer full): the program's text; it may hold secrets, so wipe it (WfWipedString).
 *   %NULL with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT
 */
char *wf_snippet_make (WfSnippetLanguage         language,
                       WfSnippetGrant            grant,
                       const WfAccount          *account,
                       const WfProviderMetadata *metadata,
                       const WfSnippetValues    *values,
                       GError                  **error);

/* "curl", "csharp", …: the names of the command line; FALSE with WF_ERROR_USAGE */
gboolean wf_snippet_language_from_string (const char        *text,
                                          WfSnippetLanguage *language,
                                          GError           **error);
const char *wf_snippet_language_to_string (WfSnippetLanguage language);
/* "cURL", "C#", …: a name for people */
const char *wf_snippet_language_get_title (WfSnippetLanguage language);
/* Such as "token.py"; Java needs the very name. */
const char *wf_snippet_language_get_file_name (WfSnippetLanguage language);

/* "authorization_code" or "refresh_token"; FALSE with WF_ERROR_USAGE */
gboolean wf_snippet_grant_from_string (const char     *text,
                                       WfSnippetGrant *grant,
                                       GError        **error);

G_END_DECLS
