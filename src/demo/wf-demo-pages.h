/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>
#include "wf-demo-sessions.h"
#include "wf-form.h"

G_BEGIN_DECLS

/* The pages that a person sees. They are in the language of the request, not of the
 * process, so their words are here (wf-demo-words.c) and not in the message catalogues. */

typedef enum
{
  WF_DEMO_ENGLISH,
  WF_DEMO_JAPANESE,
  WF_DEMO_N_LANGUAGES,
} WfDemoLanguage;

typedef enum
{
  WF_DEMO_PAGE_HOME,
  WF_DEMO_PAGE_SIGNED_OUT,
  WF_DEMO_PAGE_UNKNOWN_SESSION,
  WF_DEMO_PAGE_UNKNOWN_CLIENT,
  WF_DEMO_PAGE_UNKNOWN_REDIRECT,
  WF_DEMO_PAGE_DECIDED,
  WF_DEMO_PAGE_FOREIGN_FORM,
  WF_DEMO_PAGE_BUSY,
  WF_DEMO_PAGE_NOT_FOUND,
  WF_DEMO_N_PAGES,
} WfDemoPage;

typedef struct
{
  WfDemoLanguage           language;
  const char              *transaction_id;
  const WfDemoTransaction *transaction;
  const char              *user;        /* to begin with in the field */
  gboolean                 has_problem; /* the user name that was given cannot be one */
} WfDemoSignInPage;

/* By ui_locales (OpenID Connect Core 1.0 §3.1.2.1), then by Accept-Language. */
WfDemoLanguage wf_demo_pages_choose_language (SoupServerMessage *message,
                                              const WfForm      *form);

/* Returns: (transfer full): HTML */
char *wf_demo_pages_sign_in (const WfDemoSignInPage *page);
char *wf_demo_pages_message (WfDemoLanguage language,
                             WfDemoPage     page);

G_END_DECLS
