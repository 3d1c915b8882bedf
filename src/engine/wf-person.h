/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-session.h"

G_BEGIN_DECLS

/**
 * WfPerson:
 *
 * Who is signed in, as the provider says: in the ID token, or, where that names nobody, in an answer of the userinfo
 * endpoint. Kept in memory alone. The texts are as they came.
 */
typedef struct
{
  char *name;    /* nullable: name, preferred_username or nickname */
  char *email;   /* nullable */
  char *picture; /* nullable: an address */
  char *subject; /* nullable */
} WfPerson;
void wf_person_free (WfPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfPerson, wf_person_free)

/* Returns: (transfer full): what is known; without a word where nobody is signed in. The session's property "person"
 * is notified when more of it is known. */
WfPerson *wf_session_get_person (WfSession *self);

/**
 * wf_session_learn_person:
 *
 * Asks the userinfo endpoint, once in the life of the session and of a sign-in: where the ID token has no name, the scopes
 * allow one, and the access token is good as it is. What comes of it is in wf_session_get_person(); that nothing comes is
 * no error.
 */
void wf_session_learn_person (WfSession *self);

/* Returns: whether the address is of the provider's own host, which knows of the sign-in already. */
gboolean wf_session_is_own_picture (WfSession  *self,
                                    const char *uri);

/**
 * wf_session_get_picture_async:
 * @uri: the address of a picture: https, or http on loopback
 *
 * Fetches a picture without cookies, credentials or the account's client certificate, at most WF_HTTP_MAX_BYTES of it,
 * and follows no redirect.
 * Returns from _finish: (transfer full): a PNG, JPEG, GIF or WebP file, by its first bytes and its media type; NULL with
 * the errors of wf_http_client_send_async(), WF_ERROR_UNEXPECTED_CONTENT_TYPE
 */
void wf_session_get_picture_async (WfSession          *self,
                                   const char         *uri,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
GBytes *wf_session_get_picture_finish (WfSession    *self,
                                       GAsyncResult *result,
                                       GError      **error);

G_END_DECLS
