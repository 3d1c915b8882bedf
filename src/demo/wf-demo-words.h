/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-demo-pages.h"

G_BEGIN_DECLS

typedef struct
{
  const char *code;       /* BCP 47 */
  const char *heading;
  const char *intro;
  const char *note;
  const char *user_label;
  const char *user_problem;
  const char *approve;
  const char *deny;
  const char *sign_in_only;
  const char *other_scope; /* "%s": the scope */
  const char *audience;    /* "%s": the API */
  const char *client;      /* label */
  const char *returns_to;  /* label */
  struct
  {
    const char *scope;
    const char *words;
  } scopes[7];             /* the last is NULL */
  struct
  {
    const char *heading;
    const char *text;
  } pages[WF_DEMO_N_PAGES];
} WfDemoWords;

const WfDemoWords *wf_demo_words_get (WfDemoLanguage language);

G_END_DECLS
