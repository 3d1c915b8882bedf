/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-snippet.h"

G_BEGIN_DECLS

/**
 * WfSnippetTemplate:
 *
 * How one language says it. Each line of @text may begin with a mark: "B|" is for client_secret_basic
 * alone, "E|" for programs that read their environment, "F|" is repeated for each form field,
 * "V|" for each variable that is read. In a line stand {{url}}, {{client_id}}, {{secret}}, {{name}}, {{value}}
 * and, in the shell, {{field}} and {{variable}}: each is replaced by an expression of the
 * language, never looked at again.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *file_name;
  const char *text;
  /* What stands before and after the name of an environment variable to make an expression of it. */
  const char *environment[2];
  /* Appends @value as a literal of the language. */
  void (*append_literal) (GString    *out,
                          const char *value);
} WfSnippetTemplate;

extern const WfSnippetTemplate wf_snippet_curl;
extern const WfSnippetTemplate wf_snippet_csharp;
extern const WfSnippetTemplate wf_snippet_go;
extern const WfSnippetTemplate wf_snippet_java;
extern const WfSnippetTemplate wf_snippet_node;
extern const WfSnippetTemplate wf_snippet_objc;
extern const WfSnippetTemplate wf_snippet_php;
extern const WfSnippetTemplate wf_snippet_python;
extern const WfSnippetTemplate wf_snippet_ruby;
extern const WfSnippetTemplate wf_snippet_swift;

/* In single quotes where nothing but the quote means something: ' becomes '\'' */
void wf_snippet_append_shell (GString    *out,
                              const char *value);
/* In single quotes where \ and ' are escaped by \ : PHP, Ruby */
void wf_snippet_append_single (GString    *out,
                               const char *value);
/* In double quotes, with control characters written as … */
void wf_snippet_append_hex (GString    *out,
                            const char *value); /* \x1f: Python, JavaScript */
void wf_snippet_append_unicode (GString    *out,
                                const char *value); /* \u001f: Go, C# */
void wf_snippet_append_java (GString    *out,
                             const char *value); /* \037, and \u for all that is not ASCII */
void wf_snippet_append_objc (GString    *out,
                             const char *value); /* @"…", \037 */
void wf_snippet_append_swift (GString    *out,
                              const char *value); /* \u{1f} */

G_END_DECLS
