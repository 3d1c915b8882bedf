/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-account.h"
#include "wf-authorization-request.h"
#include "wf-clock.h"
#include "wf-exchange.h"
#include "wf-history.h"
#include "wf-id-token.h"
#include "wf-provider.h"
#include "wf-refresh-plan.h"
#include "wf-token-set.h"
#include "wf-vault.h"

G_BEGIN_DECLS

typedef enum
{
  WF_SESSION_SIGNED_OUT,    /* signed-out */
  WF_SESSION_SIGNING_IN,    /* signing-in */
  WF_SESSION_SIGNED_IN,     /* signed-in */
  WF_SESSION_REFRESHING,    /* refreshing */
  WF_SESSION_EXPIRED,       /* expired: a refresh can bring it back */
  WF_SESSION_NEEDS_SIGN_IN, /* needs-sign-in */
} WfSessionState;
#define WF_TYPE_SESSION_STATE (wf_session_state_get_type ())
GType wf_session_state_get_type (void);
const char *wf_session_state_to_string (WfSessionState state);

typedef enum
{
  WF_CAUSE_BY_HAND,
  WF_CAUSE_SCHEDULE,
  WF_CAUSE_BEFORE_ACTION, /* before a reveal, a copy, an export */
  WF_CAUSE_SCRIPT,        /* warifuctl token */
} WfRefreshCause;

#define WF_TYPE_SESSION (wf_session_get_type ())
G_DECLARE_FINAL_TYPE (WfSession, wf_session, WF, SESSION, GObject)

/**
 * WfSession:
 *
 * The live state of one account. Every operation is asynchronous, runs on the
 * main context of its caller and survives the death of its callers; the tokens
 * that a late answer brings after a sign-out or an edit are dropped.
 *
 * Properties, all read-only, notified only on change:
 * - "account" (WfAccount), "name" (string)
 * - "state" (WfSessionState)
 * - "tokens" (WfTokenSet, never NULL once loaded; read-only)
 * - "metadata" (WfProviderMetadata, nullable until it was needed)
 * - "loaded" (boolean): the keyring has been read, or could not be
 * - "next-refresh" (int64): seconds since the epoch, WF_TIME_UNKNOWN
 * - "last-error" (GError, nullable): what the person should know about; cleared by success
 * - "keyring-error" (GError, nullable): the tokens live in memory only, and why
 * - "activity" (string, nullable): what is going on, "Asking for tokens…"
 * - "checks" (GPtrArray of WfCheck, nullable): of the latest ID token
 * - "verification" (not a property): see wf_session_get_verification()
 * - "flows" (GListModel of WfFlow): newest first, at most 20
 * - "person" (pointer): notified when more is known of who is signed in, see wf_session_get_person()
 */
WfSession *wf_session_new (WfAccount  *account,
                           WfVault    *vault,
                           WfProvider *provider,
                           WfClock    *clock,
                           WfHistory  *history,      /* nullable */
                           gboolean    allow_memory, /* go on without a keyring, in memory */
                           gboolean    automatic);   /* refresh by the account's policy */
/* @folder: (nullable): where the note of a refresh under way is kept, see wf-refresh-note.h; NULL: in the keyring item. To be
 * called before anything else. */
void wf_session_set_note_folder (WfSession  *self,
                                 const char *folder);

WfAccount *wf_session_get_account (WfSession *self);
WfSessionState wf_session_get_state (WfSession *self);
WfTokenSet *wf_session_get_tokens (WfSession *self);
WfProviderMetadata *wf_session_get_metadata (WfSession *self);
/* Asks the provider what it is, where that is not known; what comes of it is in the property. */
void wf_session_learn_metadata (WfSession *self);
gint64 wf_session_get_next_refresh (WfSession *self);
const GError *wf_session_get_last_error (WfSession *self);
const GError *wf_session_get_keyring_error (WfSession *self);
const char *wf_session_get_activity (WfSession *self);
gboolean wf_session_get_loaded (WfSession *self);
/* Returns: what the refresh that is under way was begun for, or the latest one */
WfRefreshCause wf_session_get_refresh_cause (WfSession *self);
/* Returns: whether there are tokens that no keyring holds: they go with the process */
gboolean wf_session_get_memory_only (WfSession *self);
WfClock *wf_session_get_clock (WfSession *self);
GListModel *wf_session_get_flows (WfSession *self);
/* (nullable): the latest ID token's check lines; of one that was read from the keyring, as they were when it came.
 * (nullable) the verdict on its signature */
GPtrArray *wf_session_get_checks (WfSession *self);
WfVerification *wf_session_get_verification (WfSession *self);

/**
 * wf_session_check_signature_async:
 * @jwt: a token of this account
 *
 * Holds a signature against the provider's keys, which are fetched where they are not at hand.
 * Returns from _finish: (transfer full): what was found; NULL with an error where the keys cannot be had
 */
void wf_session_check_signature_async (WfSession          *self,
                                       WfJwt              *jwt,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
WfVerification *wf_session_check_signature_finish (WfSession    *self,
                                                   GAsyncResult *result,
                                                   GError      **error);
/* Returns: (transfer full) (nullable): the same without a request; NULL where it needs one */
WfVerification *wf_session_peek_signature (WfSession   *self,
                                           const WfJwt *jwt);

/* The account was edited. Where the client or the issuer changed, what is under way is dropped. */
void wf_session_set_account (WfSession  *self,
                             WfAccount  *account,
                             WfProvider *provider);

/* The account is being removed: what is under way is dropped and nothing is written any more. */
void wf_session_retire (WfSession *self);
/* It could not be removed, and goes on. */
void wf_session_reinstate (WfSession *self);

/* Reads the keyring item. May be called again to see what another process wrote. */
void wf_session_load_async (WfSession          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data);
gboolean wf_session_load_finish (WfSession    *self,
                                 GAsyncResult *result,
                                 GError      **error);

/* Stores a client secret in the item; NULL removes it. */
void wf_session_set_client_secret_async (WfSession          *self,
                                         SecretValue        *client_secret,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean wf_session_set_client_secret_finish (WfSession    *self,
                                              GAsyncResult *result,
                                              GError      **error);

/* Discovery, then a fresh request. @redirect_uri: (nullable): the account's, else
 * WF_REDIRECT_URI_WINDOW. The state becomes signing-in.
 * Returns from _finish: (transfer full): what the sign-in view opens */
void wf_session_begin_sign_in_async (WfSession          *self,
                                     const char         *redirect_uri,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
WfAuthorizationRequest *wf_session_begin_sign_in_finish (WfSession    *self,
                                                         GAsyncResult *result,
                                                         GError      **error);
/* @request: what begin gave; @redirect: the captured redirect URI. Each request is completed once:
 * a second call is WF_ERROR_STATE_MISMATCH. Checks, exchanges the code, verifies, stores. */
void wf_session_complete_sign_in_async (WfSession              *self,
                                        WfAuthorizationRequest *request,
                                        const char             *redirect,
                                        GCancellable           *cancellable,
                                        GAsyncReadyCallback     callback,
                                        gpointer                user_data);
gboolean wf_session_complete_sign_in_finish (WfSession    *self,
                                             GAsyncResult *result,
                                             GError      **error);
/* The person closed the view, or it failed; the state goes back. @error: (nullable): what to remember */
void wf_session_cancel_sign_in (WfSession    *self,
                                const GError *error);

/**
 * wf_session_refresh_async:
 * @audience: (nullable): for another audience's access token
 *
 * One refresh however many ask, in this process and in others. Cancelling stops the waiting, never
 * a request that is on its way. Errors: the server's, WF_ERROR_NEEDS_SIGN_IN where there is no refresh
 * token or it may not be sent again, network errors, keyring errors.
 */
void wf_session_refresh_async (WfSession          *self,
                               WfRefreshCause      cause,
                               const char         *audience,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
gboolean wf_session_refresh_finish (WfSession    *self,
                                    GAsyncResult *result,
                                    GError      **error);

/* 30 seconds, or a quarter of the token's life where that is less. */
#define WF_MIN_TTL_USUAL (-1)

/* An access token good for @min_ttl seconds, or WF_MIN_TTL_USUAL: from the item without a request where it is, else after
 * a refresh. Returns from _finish: (transfer full) */
void wf_session_get_token_async (WfSession          *self,
                                 const char         *audience,
                                 gint64              min_ttl,
                                 WfRefreshCause      cause,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
SecretValue *wf_session_get_token_finish (WfSession    *self,
                                          GAsyncResult *result,
                                          GError      **error);

/* The machine has woken, or the network is another one: what is due, or has failed for want of a network, is tried soon, each
 * session within seconds of its own. May be called as often as there are signs of it. */
void wf_session_recover (WfSession *self);

/* Makes ready for a sensitive action: refreshes first where the account says so, else does nothing. */
void wf_session_before_action_async (WfSession          *self,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean wf_session_before_action_finish (WfSession    *self,
                                          GAsyncResult *result,
                                          GError      **error);

typedef enum
{
  WF_STEP_SKIPPED, /* the provider has no such endpoint, or nothing to do */
  WF_STEP_DONE,
  WF_STEP_FAILED,
} WfStepOutcome;

/**
 * WfSignOutReport:
 *
 * How each step of a sign-out ended.
 */
typedef struct
{
  WfStepOutcome revocation;
  GError       *revocation_error;
  WfStepOutcome keyring;
  GError       *keyring_error;
  char         *end_session_uri; /* (nullable): the page to open; holds an id_token_hint only over https or loopback */
} WfSignOutReport;
void wf_sign_out_report_free (WfSignOutReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfSignOutReport, wf_sign_out_report_free)

/* Revokes (unless @local), then empties the item whatever the server said (RFC 7009 §2.2), keeping a client secret.
 * Returns from _finish: (transfer full): never NULL unless cancelled before it began */
void wf_session_sign_out_async (WfSession          *self,
                                gboolean            local,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
WfSignOutReport *wf_session_sign_out_finish (WfSession    *self,
                                             GAsyncResult *result,
                                             GError      **error);

/* GET userinfo with a good token; sub must match the ID token's (Core §5.3.2). Returns from _finish:
 * (transfer full). Errors also WF_ERROR_USERINFO_MISMATCH, WF_ERROR_UNSUPPORTED */
void wf_session_get_userinfo_async (WfSession          *self,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
JsonObject *wf_session_get_userinfo_finish (WfSession    *self,
                                            GAsyncResult *result,
                                            GError      **error);

/* Returns: (transfer full): the "show --json" document of the contract */
JsonNode *wf_session_describe (WfSession *self);

G_END_DECLS
