/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "demo-client.h"
#include "wf-await.h"
#include "wf-error.h"
#include "wf-session.h"
#include "wf-test-clock.h"
#include "wf-test-vault.h"

G_BEGIN_DECLS

typedef enum
{
  WORLD_PLAIN = 0,
  WORLD_MEMORY = 1 << 0,       /* sessions go on without a keyring */
  WORLD_AUTOMATIC = 1 << 1,    /* sessions refresh by their policy */
  WORLD_CONFIDENTIAL = 1 << 2, /* the client has a secret, stored already */
  WORLD_NO_ROTATION = 1 << 3,
  WORLD_LEEWAY = 1 << 4,       /* the server forgives the refresh token before the newest */
  WORLD_NOTE_IN_ITEM = 1 << 5, /* no folder for the notes of refreshes */
} WorldFlags;

/**
 * World:
 *
 * A provider that answers at once, a keyring that can fail, a clock that stands still, and the session of one
 * account between them.
 */
typedef struct
{
  WorldFlags    flags;
  WfDemoOptions options;
  WfDemoServer *server;
  DemoClient   *browser;
  WfTestVault  *vault;
  WfTestClock  *clock;
  WfHistory    *history; /* nullable */
  char         *note_folder; /* nullable */
  WfAccount    *account;
  WfProvider   *provider;
  WfSession    *session;
} World;

/* Which store of a refresh, counted from 0, is the one of its answer: a note in the item is stored before it. */
#define WORLD_ANSWER(flags) ((flags) & WORLD_NOTE_IN_ITEM ? 1 : 0)

World *world_new (WorldFlags flags);
/* Signed in, with the server's counts begun again. */
World *world_new_signed_in (WorldFlags flags);
/* Asserts that nobody holds anything of it any more. */
void world_free (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* Runs the main loop until @condition holds; gives up after a minute. */
#define world_wait_for(condition)                                  \
  G_STMT_START                                                     \
  {                                                                \
    gint64 deadline_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
    while (!(condition))                                           \
      world_iterate (deadline_, G_STRLOC, #condition);             \
  }                                                                \
  G_STMT_END
void world_iterate (gint64      deadline,
                    const char *where,
                    const char *condition);
/* Runs what is ready, some rounds of it: to show that something does not happen. */
void world_settle (World *world);

/* Returns: (transfer full): a session of another process that shares the keyring: with a provider of its own */
WfSession *world_make_session (World     *world,
                               WfAccount *account,
                               WfVault   *vault);
/* The process ends and begins again. */
void world_restart (World *world);
/* Replaces the account before anything was done with it. */
void world_set_account (World     *world,
                        WfAccount *account);
/* Moves the clock here and at the server. */
void world_advance (World *world,
                    gint64 seconds);
/* The server answers with new options. */
void world_update_server (World *world);

/* Every call below spins the main loop until its end. */
WfAuthorizationRequest *world_begin (WfSession *session,
                                     GError   **error);
/* What the provider redirects to when the request is opened and approved. Returns: (transfer full) */
char *world_approve (World                  *world,
                     WfAuthorizationRequest *request);
gboolean world_complete (WfSession              *session,
                         WfAuthorizationRequest *request,
                         const char             *redirect,
                         GError                **error);
/* From begin to end. */
gboolean world_try_sign_in (World     *world,
                            WfSession *session,
                            GError   **error);
/* Asserts that it goes well. */
void world_sign_in (World *world);
gboolean world_load (WfSession *session,
                     GError   **error);
gboolean world_refresh (WfSession     *session,
                        WfRefreshCause cause,
                        GError       **error);
SecretValue *world_get_token (WfSession  *session,
                              const char *audience,
                              gint64      min_ttl,
                              GError    **error);
WfSignOutReport *world_sign_out (WfSession *session,
                                 gboolean   local,
                                 GError   **error);
gboolean world_set_secret (WfSession  *session,
                           const char *secret,
                           GError    **error);
gboolean world_before_action (WfSession *session,
                              GError   **error);

/* A refresh by hand that goes on while the test does something else; each start has one end. */
GAsyncResult **world_start_refresh (WfSession    *session,
                                    GCancellable *cancellable,
                                    const char   *audience);
gboolean world_end_refresh (WfSession     *session,
                            GAsyncResult **slot,
                            GError       **error);

/* Returns: how many requests with a refresh token the server had. */
guint world_count_refreshes (World *world);
/* Asserts that all is well, here and in the item, with a refresh token of this generation. */
void world_assert_refreshed (World *world,
                             guint  generation);
/* Asserts what the item, with the note beside it, says of requests that are under way. */
void world_assert_note (World   *world,
                        guint    attempts,
                        gboolean under_way);

/* Returns: (transfer full) (nullable): what the keyring holds for the world's account */
WfTokenSet *world_read_item (World *world);
/* The same with what the note beside it says, as a session sees it. */
WfTokenSet *world_read_noted_item (World *world);
/* Returns: (transfer full): the file of the note on account @id; whether it is there or not */
char *world_note_path (World      *world,
                       const char *id);
const char *world_state (World *world);
/* Returns: (transfer none): the text of the refresh token that the session knows; NULL for none */
const char *world_refresh_token (WfSession *session);

/* Counts notifications of one property of @object, until @counter is gone. */
typedef struct
{
  guint  count;
  gulong handler;
} NotifyCounter;
void notify_counter_begin (NotifyCounter *counter,
                           gpointer       object,
                           const char    *property);

#define assert_error_name(error_, name_)                                      \
  G_STMT_START                                                                \
  {                                                                           \
    const GError *e_ = (error_);                                              \
    g_assert_nonnull (e_);                                                    \
    g_assert_cmpstr (wf_error_get_name (e_), ==, name_);                      \
    g_assert_cmpstr (e_->message, !=, "");                                    \
  }                                                                           \
  G_STMT_END

G_END_DECLS
