/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-challenge.h"
#include "wf-session.h"

G_BEGIN_DECLS

/**
 * WfCallResult:
 *
 * What an API answered. Owned by whoever asked.
 */
typedef struct
{
  WfExchange  *exchange;    /* both messages, secrets masked; its status is never 0 */
  char        *status;      /* "200 OK" */
  char        *text;        /* the answer to read, cut at 64 KiB, secrets masked; nullable: nothing, or no text */
  gboolean     is_json;     /* and so is its text, indented */
  gsize        n_bytes;     /* of the answer as it came */
  WfChallenge *challenge;   /* of a 401 or 403; nullable */
  char        *explanation; /* a sentence: what the status means and what to do; nullable where all is well */
} WfCallResult;
void wf_call_result_free (WfCallResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfCallResult, wf_call_result_free)

/**
 * wf_session_call_async:
 * @uri: under the account's audience or one of its resources, or at the origin of the userinfo endpoint:
 *   see wf_api_address_check()
 *
 * Calls an API with the access token of the account (GET, RFC 6750 §2.1) because a person asked for it,
 * and records it as a flow. As before every sensitive action it refreshes first where the account says
 * so, and where the token has expired. No redirect is followed; deadline and bound are those of
 * WfHttpClient.
 *
 * Any status is a success. Errors: WF_ERROR_USAGE and WF_ERROR_INSECURE_ENDPOINT where the token
 * does not go to @uri, those of wf_session_get_token_async() and of the request; WF_ERROR_CANCELLED
 * also where the account was edited or signed out meanwhile.
 */
void wf_session_call_async (WfSession          *self,
                            const char         *uri,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
/* Returns: (transfer full) */
WfCallResult *wf_session_call_finish (WfSession    *self,
                                      GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
