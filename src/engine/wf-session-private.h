/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account-lock.h"
#include "wf-person.h"
#include "wf-session.h"
#include "wf-waiters.h"

G_BEGIN_DECLS

/* What the files wf-session-*.c share; nobody else includes this. */

#define WF_SESSION_MAX_FLOWS 20
/* What is masked in older ones cannot be revealed any more: memory that is never swapped out is scarce. */
#define WF_SESSION_REVEALABLE_FLOWS 5
/* A refresh token that may be used only once is sent at most this often without an answer. */
#define WF_MAX_UNANSWERED 2

struct _WfSession
{
  GObject                 parent_instance;

  WfAccount              *account;
  WfVault                *vault;
  WfProvider             *provider;
  WfClock                *clock;
  WfHistory              *history;
  gboolean                allow_memory;
  gboolean                automatic;
  char                   *note_folder; /* nullable: see wf-refresh-note.h */

  WfTokenSet             *tokens; /* never NULL; replaced, not changed */
  gboolean                loaded;
  gint64                  loaded_at;   /* monotonic, microseconds */
  gboolean                has_note;    /* a file of the note folder, as far as is known */
  gboolean                memory_only; /* the keyring could not be used: tokens live here alone */
  GError                 *keyring_error;
  GError                 *last_error;
  gboolean                sign_in_failed; /* last_error is of a sign-in: it says nothing about the tokens */
  WfProviderMetadata     *metadata;
  char                   *activity;
  GPtrArray              *checks;
  WfVerification         *verification;
  WfPerson               *person;       /* what the userinfo endpoint said; NULL */
  gboolean                person_asked; /* of this sign-in, in this process */
  GListStore             *flows;

  WfSessionState          state;
  WfAlarm                *state_alarm; /* rings when the access token expires */
  WfAlarm                *refresh_alarm;
  gint64                  next_refresh;
  gint64                  failed_at;
  guint                   failures; /* one after the other */
  gint64                  retry_after;
  gint64                  turn; /* when all were due at once: when this one goes; WF_TIME_UNKNOWN */

  guint                   epoch;   /* grows at sign-out and edit: an answer of an older epoch is dropped */
  guint                   changes; /* grows whenever tokens are taken over: what was read before is old */
  gboolean                retired; /* nothing is written any more */
  WfAuthorizationRequest *pending; /* the sign-in under way, */
  WfProviderMetadata     *pending_metadata; /* what the provider said when it began, */
  WfFlow                 *pending_flow;     /* and where it is recorded */
  gboolean                pending_in_browser; /* not in the window */
  guint                   completing; /* sign-ins whose redirect has come */
  gboolean                refreshing;
  WfRefreshCause          refresh_cause; /* of the latest refresh */
  WfWaiters              *refresh_waiters;
  GCancellable           *refresh_cancellable;
};

/* --- wf-session.c: state --- */

/* Takes @tokens over as what is known now, and tells everybody. */
void wf_session_take_tokens (WfSession  *self,
                             WfTokenSet *tokens);
/* Computes state and schedule again from what is known. */
void wf_session_update (WfSession *self);
void wf_session_set_activity (WfSession  *self,
                              const char *activity);
void wf_session_set_last_error (WfSession    *self,
                                const GError *error);
/* The same for the error of a sign-in, which leaves the tokens as good as they were. One that the person caused, or
 * that the keyring tells by itself, is not kept. Returns: whether it was kept */
gboolean wf_session_set_sign_in_error (WfSession    *self,
                                       const GError *error);
void wf_session_set_keyring_error (WfSession    *self,
                                   const GError *error);
void wf_session_set_metadata (WfSession          *self,
                              WfProviderMetadata *metadata);
/* Returns: (transfer full): a new flow, first in the list */
WfFlow *wf_session_begin_flow (WfSession  *self,
                               const char *title);
/* What is masked in the flows stays so: the tokens are gone, or belong to somebody else. */
void wf_session_forget_secrets (WfSession *self);
/* Notes in @set what went wrong, for the next process that asks. */
void wf_session_note_error (WfSession    *self,
                            WfTokenSet   *set,
                            const GError *error);
/* @used: (nullable): the refresh token that was sent for it */
void wf_session_record (WfSession    *self,
                        WfEventKind   kind,
                        const char   *cause,
                        const GError *error,
                        gint64        started_at,
                        SecretValue  *used);
gint64 wf_session_now (WfSession *self);
/* Returns: the server's clock minus the session's, seconds; 0 where the server did not say. */
gint64 wf_session_measure_skew (WfSession            *self,
                                const WfHttpResponse *response);
const char *wf_refresh_cause_to_string (WfRefreshCause cause);
/* Returns: whether @error is one of the keyring's. */
gboolean wf_session_is_keyring_error (const GError *error);

/* --- wf-session-recover.c: when all are due at once --- */

/* Gives it a turn of its own within the next seconds, unless it has one. */
void wf_session_take_turn (WfSession *self);
/* Returns: when to refresh what is due at @next; what is not due forgets its turn */
gint64 wf_session_await_turn (WfSession *self,
                              gint64     next);

/* --- wf-session-note.c: a failed sign-in, for the next process to know --- */

/* Says in the item that a sign-in has failed, and touches nothing else there. Never fails: where it cannot be done, or
 * not soon, it is left. */
void wf_session_note_failed_sign_in_async (WfSession          *self,
                                           const GError       *error,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
void wf_session_note_failed_sign_in_finish (WfSession    *self,
                                            GAsyncResult *result);

/* --- wf-session-keep.c: from memory into the keyring --- */

/* Stores what only memory holds, now that the keyring may be there again; or takes the item over, where another process
 * has gone further with the same sign-in or has begun a later one. Errors: the keyring's; memory is as it was. */
void wf_session_keep_async (WfSession          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
gboolean wf_session_keep_finish (WfSession    *self,
                                 GAsyncResult *result,
                                 GError      **error);

/* --- wf-session-front.c: what of a sign-in goes through the sign-in view or the browser, for the record --- */

void wf_session_record_request (WfSession                    *self,
                                WfFlow                       *flow,
                                const WfAuthorizationRequest *request);
/* @error: (nullable): what is wrong with the answer */
void wf_session_record_redirect (WfSession                    *self,
                                 WfFlow                       *flow,
                                 const WfAuthorizationRequest *request,
                                 const char                   *redirect,
                                 const GError                 *error);
/* What the code is sent with. */
void wf_session_record_verifier (WfSession *self,
                                 WfFlow    *flow);

/* --- wf-session-tokens.c: reading, storing --- */

/* What the item holds now. Returns from _finish: (transfer full): never NULL without an error; where sessions may go
 * on without a keyring, what is in memory. */
void wf_session_read_async (WfSession          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
/* The same of the item alone, also where the session goes on in memory. Ends in wf_session_read_finish() too. */
void wf_session_read_item_async (WfSession          *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
WfTokenSet *wf_session_read_finish (WfSession    *self,
                                    GAsyncResult *result,
                                    GError      **error);

typedef enum
{
  WF_WRITE_DEFAULT = 0,
  WF_WRITE_READ_BACK = 1 << 0, /* read the item again and compare: a rotated refresh token is at stake */
  WF_WRITE_STRICT = 1 << 1,    /* fail where the keyring fails, instead of going on in memory */
} WfWriteFlags;

/* Writes @set in one write and takes it over as what is known, also where the keyring fails. An error says that
 * the keyring does not have it; sessions that may go on without a keyring get none unless the write is strict. What
 * cannot be written down at all, and everything after the session was retired, is not taken over. */
void wf_session_write_async (WfSession          *self,
                             WfTokenSet         *set,
                             WfWriteFlags        flags,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
gboolean wf_session_write_finish (WfSession    *self,
                                  GAsyncResult *result,
                                  GError      **error);

/* --- wf-session-verify.c --- */

/* What an ID token that just came is held against; borrowed only during the call. */
typedef struct
{
  WfProviderMetadata     *metadata;
  WfTokenResponse        *response;
  WfJwt                  *id_token;         /* of @response, where it is read already; nullable */
  WfAuthorizationRequest *request;          /* at sign-in */
  const char             *previous_subject; /* on refresh */
  SecretValue            *client_secret;
  gint64                  clock_skew;
  WfFlow                 *flow;
} WfVerifyInput;

/* What was found; the session's "checks" and "verification" are set from it. */
typedef struct
{
  WfVerification *verification; /* NULL: there was no ID token */
  char           *subject;
} WfVerifyResult;
void wf_verify_result_free (WfVerifyResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfVerifyResult, wf_verify_result_free)

/* Returns: whether verifying needs a request for keys first. */
gboolean wf_session_verify_must_wait (WfSession           *self,
                                      const WfVerifyInput *input);
void wf_session_verify_async (WfSession           *self,
                              const WfVerifyInput *input,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data);
WfVerifyResult *wf_session_verify_finish (WfSession    *self,
                                          GAsyncResult *result,
                                          GError      **error);
/* Writes what was verified into @set. */
void wf_session_apply_verification (WfTokenSet           *set,
                                    const WfVerifyResult *result,
                                    gint64                now);

/* --- wf-session-userinfo.c --- */

/* @flow: (nullable): where the question is recorded; a flow of its own. Ends in wf_session_get_userinfo_finish(). */
void wf_session_get_userinfo_for_async (WfSession          *self,
                                        WfFlow             *flow,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);

/* --- wf-session-person.c --- */

/* Somebody else may be signed in, or nobody. */
void wf_session_forget_person (WfSession *self);

/* --- wf-session-signature.c --- */

/* Makes the check lines again of an ID token that came from the keyring. */
void wf_session_restore_checks (WfSession *self);

/* --- wf-session-refresh.c --- */

/* Begins the refresh that the schedule asks for. */
void wf_session_refresh_by_schedule (WfSession *self);
/* Lets go of the request that is on its way (sign-out, edit). */
void wf_session_abandon_refresh (WfSession *self);

G_END_DECLS
