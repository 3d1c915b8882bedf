/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor.h"

#include "wf-error.h"
#include "wf-jwks.h"
#include "wf-time.h"

#define NOW G_GINT64_CONSTANT (1800000000)
#define HOUR G_GINT64_CONSTANT (3600)
#define DAY (24 * HOUR)

/* What is known of one account, and what was found. */
typedef struct
{
  WfAccount          *account;
  WfTokenSet         *tokens;
  WfProviderMetadata *metadata;
  WfJwks             *keys;
  GPtrArray          *events; /* newest first */
  GPtrArray          *findings;
  WfDoctorEvidence    evidence;
} Case;

static char *
format_time (gint64 time,
             gint64 now)
{
  return time == WF_TIME_UNKNOWN ? g_strdup ("unknown") : g_strdup_printf ("[%" G_GINT64_FORMAT "]", time - now);
}

static Case *
case_new (const char *issuer)
{
  Case *self = g_new0 (Case, 1);

  self->account = wf_account_new ();
  wf_account_set (&self->account->name, "Work");
  wf_account_set (&self->account->issuer, issuer);
  wf_account_set (&self->account->client_id, "client");
  wf_account_set (&self->account->scope, "openid offline_access");
  self->tokens = wf_token_set_new ();
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_event_free);
  self->evidence = (WfDoctorEvidence) {
    .account = self->account,
    .state = WF_SESSION_SIGNED_IN,
    .tokens = self->tokens,
    .events = self->events,
    .now = NOW,
    .format_time = format_time,
  };
  return self;
}

static void
case_free (Case *self)
{
  wf_account_unref (self->account);
  wf_token_set_unref (self->tokens);
  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&self->keys, wf_jwks_unref);
  g_ptr_array_unref (self->events);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Case, case_free)

/* "alg" none is what the doctor never looks at. */
static char *
make_jwt (const char *claims)
{
  g_autofree char *payload = g_base64_encode ((const guchar *) claims, strlen (claims));

  g_strdelimit (payload, "+", '-');
  g_strdelimit (payload, "/", '_');
  for (char *equals = payload + strlen (payload); equals > payload && equals[-1] == '=';)
    *--equals = '\0';
  return g_strdup_printf ("eyJhbGciOiJSUzI1NiJ9.%s.c2ln", payload);
}

static void
give_access_token (Case       *self,
                   const char *text,
                   const char *scope,
                   gint64      expires_at)
{
  WfAccessToken *token = g_new0 (WfAccessToken, 1);

  token->audience = g_strdup ("");
  token->token = wf_secret_new (text, -1);
  token->scope = g_strdup (scope);
  token->issued_at = NOW - HOUR;
  token->expires_at = expires_at;
  g_ptr_array_add (self->tokens->access_tokens, token);
}

static void
give_refresh_token (Case *self,
                    guint generation)
{
  self->tokens->refresh_token = wf_secret_new ("a refresh token", -1);
  self->tokens->generation = generation;
}

static void
ask_scope (Case       *self,
           const char *scope)
{
  wf_account_set (&self->account->scope, scope);
  wf_account_set (&self->tokens->requested_scope, scope);
}

static void
set_metadata (Case       *self,
              const char *more)
{
  g_autoptr (GError) error = NULL;
  const char *issuer = self->account->issuer;
  g_autofree char *json =
    g_strdup_printf ("{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/authorize\",\"token_endpoint\":\"%s/token\"%s}", issuer, issuer,
                     issuer, more);

  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  self->metadata = wf_provider_metadata_parse (issuer, FALSE, FALSE, json, strlen (json), &error);
  g_assert_no_error (error);
  self->evidence.metadata = self->metadata;
}

/* Events are told from the oldest to the newest. */
static void
happened (Case       *self,
          WfEventKind kind,
          const char *cause,
          const char *result,
          gint64      time)
{
  WfEvent *event = wf_event_new (self->account->id, kind);

  event->time = time * G_USEC_PER_SEC;
  event->cause = g_strdup (cause);
  g_free (event->result);
  event->result = g_strdup (result);
  g_ptr_array_insert (self->events, 0, event);
}

static void
refuse (Case  *self,
        gint64 time)
{
  happened (self, WF_EVENT_FAILURE, "schedule", "invalid_grant", time);
  self->evidence.state = WF_SESSION_NEEDS_SIGN_IN;
  wf_account_set (&self->tokens->error_name, "invalid_grant");
  wf_account_set (&self->tokens->error_description, "Your refresh token was refused.");
  self->tokens->error_at = time;
}

static void
judge (Case *self)
{
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = wf_doctor_judge (&self->evidence);
  for (guint i = 0; i < self->findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (self->findings, i);

      g_assert_cmpstr (finding->name, !=, "");
      g_assert_cmpstr (finding->sentence, !=, "");
      g_assert_true (g_utf8_validate (finding->sentence, -1, NULL));
      /* what is wrong says what to do, unless the sentence does */
      if (finding->severity == WF_FINDING_OK)
        g_assert_null (finding->advice);
    }
}

static const WfFinding *
find (Case         *self,
      WfDoctorTopic topic,
      const char   *name)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (self->findings, i);

      if (finding->topic == topic && g_str_equal (finding->name, name))
        return finding;
    }
  return NULL;
}

static const WfFinding *
get (Case         *self,
     WfDoctorTopic topic,
     const char   *name)
{
  const WfFinding *finding = find (self, topic, name);

  if (!finding)
    g_error ("There is no finding “%s”", name);
  return finding;
}

#define assert_found(self, topic_, name_, severity_, in_sentence, in_advice)                        \
  G_STMT_START                                                                                      \
  {                                                                                                 \
    const WfFinding *found_;                                                                        \
    judge (self);                                                                                   \
    found_ = get (self, topic_, name_);                                                             \
    g_assert_cmpint (found_->severity, ==, severity_);                                              \
    g_assert_nonnull (strstr (found_->sentence, in_sentence));                                      \
    if (*(in_advice))                                                                               \
      g_assert_nonnull (strstr (found_->advice ? found_->advice : "", in_advice));                  \
  }                                                                                                 \
  G_STMT_END

#define assert_not_found(self, topic_, name_) g_assert_null (find (self, topic_, name_))

/* --- Session --- */

static void
test_well (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autofree char *jwt = make_jwt ("{\"iss\":\"https://id.example.org\",\"aud\":\"https://api.example.org\"}");

  wf_account_set (&self->account->audience, "https://api.example.org");
  ask_scope (self, "openid offline_access");
  give_access_token (self, jwt, "offline_access openid", NOW + HOUR);
  give_refresh_token (self, 3);
  self->tokens->rotates = TRUE;
  self->tokens->id_token = wf_secret_new ("an ID token", -1);
  self->tokens->id_token_verdict = WF_JWS_VERIFIED;
  set_metadata (self, ",\"revocation_endpoint\":\"https://id.example.org/revoke\",\"code_challenge_methods_supported\":[\"S256\"],"
                      "\"token_endpoint_auth_methods_supported\":[\"none\"]");
  judge (self);
  g_assert_cmpint (wf_doctor_get_worst (self->findings), ==, WF_FINDING_OK);
  assert_found (self, WF_TOPIC_SESSION, "keyring", WF_FINDING_OK, "keyring", "");
  assert_found (self, WF_TOPIC_SESSION, "state", WF_FINDING_OK, "signed in", "");
  assert_found (self, WF_TOPIC_SESSION, "id_token", WF_FINDING_OK, "verified", "");
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "refresh_token", WF_FINDING_OK, "generation 3", "");
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "rotation", WF_FINDING_OK, "replaces", "");
  assert_found (self, WF_TOPIC_API, "expiry", WF_FINDING_OK, "[3600]", "");
  assert_found (self, WF_TOPIC_API, "audience", WF_FINDING_OK, "that was asked", "");
  assert_found (self, WF_TOPIC_API, "scope", WF_FINDING_OK, "Every scope", "");
  assert_found (self, WF_TOPIC_PROVIDER, "discovery", WF_FINDING_OK, "3 endpoints", "");
}

static void
test_keyring (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autoptr (GError) error = g_error_new (WF_ERROR, WF_ERROR_KEYRING_LOCKED, "Your keyring is locked.");

  self->evidence.keyring_error = error;
  self->evidence.tokens = NULL;
  assert_found (self, WF_TOPIC_SESSION, "keyring_locked", WF_FINDING_PROBLEM, "locked", "");
  g_assert_cmpuint (self->findings->len, ==, 1);
  /* in memory, with a keyring that fails */
  self->evidence.tokens = self->tokens;
  assert_found (self, WF_TOPIC_SESSION, "keyring_locked", WF_FINDING_PROBLEM, "locked", "");
  assert_found (self, WF_TOPIC_SESSION, "state", WF_FINDING_OK, "signed in", "");
}

static void
test_states (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->evidence.state = WF_SESSION_EXPIRED;
  assert_found (self, WF_TOPIC_SESSION, "state", WF_FINDING_NOTE, "expired", "Refresh");
  self->evidence.state = WF_SESSION_SIGNED_OUT;
  assert_found (self, WF_TOPIC_SESSION, "state", WF_FINDING_NOTE, "signed out", "Sign in");
  self->evidence.state = WF_SESSION_NEEDS_SIGN_IN;
  assert_found (self, WF_TOPIC_SESSION, "state", WF_FINDING_PROBLEM, "again", "");
}

static void
test_last_error (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  wf_account_set (&self->tokens->error_name, "invalid_client");
  wf_account_set (&self->tokens->error_description, "The client is unknown.");
  self->tokens->error_at = NOW - 60;
  assert_found (self, WF_TOPIC_SESSION, "last_error", WF_FINDING_PROBLEM, "[-60]: invalid_client: The client", "whether the provider wants");
  self->account->auth_method = WF_AUTH_METHOD_BASIC;
  assert_found (self, WF_TOPIC_SESSION, "last_error", WF_FINDING_PROBLEM, "invalid_client", "client secret");
  wf_account_set (&self->tokens->error_name, "server_error");
  assert_found (self, WF_TOPIC_SESSION, "last_error", WF_FINDING_PROBLEM, "server_error", "");
}

static void
test_client_of_auth0 (void)
{
  g_autoptr (Case) self = case_new ("https://example.eu.auth0.com/");

  wf_account_set (&self->tokens->error_name, "unauthorized_client");
  assert_found (self, WF_TOPIC_SESSION, "last_error", WF_FINDING_PROBLEM, "unauthorized_client", "Application Type");
}

static void
test_clock_and_rest (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->tokens->clock_skew = 60;
  judge (self);
  assert_not_found (self, WF_TOPIC_SESSION, "clock_skew");
  self->tokens->clock_skew = 180;
  assert_found (self, WF_TOPIC_SESSION, "clock_skew", WF_FINDING_WARNING, "3 minutes behind", "Set your clock");
  self->tokens->clock_skew = -2 * DAY;
  assert_found (self, WF_TOPIC_SESSION, "clock_skew", WF_FINDING_WARNING, "2 days ahead", "Set your clock");
  self->tokens->refresh_started_at = NOW - 5;
  assert_found (self, WF_TOPIC_SESSION, "interrupted_refresh", WF_FINDING_WARNING, "[-5]", "Refresh now");
  ask_scope (self, "openid");
  give_access_token (self, "opaque", NULL, NOW + HOUR);
  assert_found (self, WF_TOPIC_SESSION, "id_token", WF_FINDING_WARNING, "no ID token", "OpenID Connect");
  self->tokens->id_token = wf_secret_new ("an ID token", -1);
  assert_found (self, WF_TOPIC_SESSION, "id_token", WF_FINDING_NOTE, "names no keys", "");
  self->account->refresh_policy = WF_REFRESH_EVERY;
  self->account->refresh_seconds = 3 * HOUR;
  assert_found (self, WF_TOPIC_SESSION, "refresh_policy", WF_FINDING_WARNING, "7200 s only", "before expiry");
  self->account->refresh_seconds = HOUR;
  judge (self);
  assert_not_found (self, WF_TOPIC_SESSION, "refresh_policy");
}

/* --- Why is there no refresh token? --- */

#define assert_missing(self, severity, in_sentence, in_advice) \
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "refresh_token", severity, in_sentence, in_advice)

static void
test_not_asked (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  ask_scope (self, "openid profile");
  give_access_token (self, "opaque", "openid profile", NOW + HOUR);
  assert_missing (self, WF_FINDING_NOTE, "not among the scopes", "Add offline_access");
}

static void
test_metadata_has_none (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  ask_scope (self, "openid offline_access");
  give_access_token (self, "opaque", NULL, NOW + HOUR);
  set_metadata (self, ",\"grant_types_supported\":[\"authorization_code\"]");
  assert_missing (self, WF_FINDING_WARNING, "grant type refresh_token", "Switch refresh tokens on");
  assert_found (self, WF_TOPIC_PROVIDER, "grant_types", WF_FINDING_WARNING, "refresh_token", "");
  set_metadata (self, ",\"scopes_supported\":[\"openid\"]");
  assert_missing (self, WF_FINDING_WARNING, "scope offline_access", "documentation");
  assert_found (self, WF_TOPIC_PROVIDER, "scopes_supported", WF_FINDING_NOTE, "offline_access", "");
}

static void
test_auth0_switches (void)
{
  g_autoptr (Case) self = case_new ("https://example.eu.auth0.com/");
  WfAccessToken *token;

  wf_account_set (&self->account->audience, "https://api.example.org/");
  ask_scope (self, "openid offline_access");
  give_access_token (self, "opaque", "openid", NOW + HOUR);
  assert_missing (self, WF_FINDING_WARNING, "API does not allow offline access", "https://api.example.org/, and switch on “Allow Offline Access”");
  token = g_ptr_array_index (self->tokens->access_tokens, 0);
  wf_account_set (&token->scope, "openid offline_access");
  assert_missing (self, WF_FINDING_WARNING, "may not use refresh tokens", "Grant Types");
  wf_account_set (&token->scope, NULL);
  assert_missing (self, WF_FINDING_WARNING, "no refresh token came", "Allow Offline Access");
  assert_missing (self, WF_FINDING_WARNING, "no refresh token came", "Grant Types");
  wf_account_set (&token->scope, "openid");
  wf_account_set (&self->account->audience, NULL);
  assert_missing (self, WF_FINDING_WARNING, "API does not allow", "choose your API");
  /* somebody else's host is not Auth0 */
  wf_account_set (&self->account->issuer, "https://auth0.com.example.org");
  assert_missing (self, WF_FINDING_WARNING, "not granted", "provider's settings");
}

static void
test_google (void)
{
  g_autoptr (Case) self = case_new ("https://accounts.google.com");
  char *params[] = { (char *) "prompt=login consent", (char *) "access_type=offline", NULL };

  ask_scope (self, "openid email");
  give_access_token (self, "opaque", "openid email", NOW + HOUR);
  assert_missing (self, WF_FINDING_WARNING, "parameter", "access_type=offline");
  self->account->params = g_strdupv (params);
  judge (self);
  g_assert_null (strstr (get (self, WF_TOPIC_REFRESH_TOKEN, "refresh_token")->sentence, "parameter"));
  assert_not_found (self, WF_TOPIC_REFRESH_TOKEN, "consent");
}

static void
test_consent (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  ask_scope (self, "openid offline_access");
  give_access_token (self, "opaque", "openid offline_access", NOW + HOUR);
  assert_missing (self, WF_FINDING_WARNING, "no refresh token came", "Allow refresh tokens");
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "consent", WF_FINDING_NOTE, "consent", "prompt=consent");
}

static void
test_refresh_token_there (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  give_refresh_token (self, 1);
  assert_missing (self, WF_FINDING_OK, "does not say how long", "");
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "rotation", WF_FINDING_OK, "first refresh", "");
  self->tokens->refreshes = 4;
  assert_found (self, WF_TOPIC_REFRESH_TOKEN, "rotation", WF_FINDING_OK, "over 4 refreshes", "");
  self->tokens->refresh_expires_at = NOW + DAY;
  assert_missing (self, WF_FINDING_OK, "good until [86400]", "");
  self->tokens->refresh_expires_at = NOW - 1;
  assert_missing (self, WF_FINDING_PROBLEM, "has expired", "Sign in");
}

/* --- Why was I signed out? --- */

#define assert_ended(self, name, severity, in_sentence, in_advice) \
  assert_found (self, WF_TOPIC_SIGNED_OUT, name, severity, in_sentence, in_advice)

static void
test_never (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->evidence.state = WF_SESSION_SIGNED_OUT;
  assert_ended (self, "never_signed_in", WF_FINDING_NOTE, "No sign-in", "Sign in");
  /* nor with a history that cannot be read */
  self->evidence.events = NULL;
  assert_ended (self, "never_signed_in", WF_FINDING_NOTE, "No sign-in", "Sign in");
  self->evidence.state = WF_SESSION_SIGNED_IN;
  judge (self);
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "never_signed_in");
}

static void
test_by_hand (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->evidence.state = WF_SESSION_SIGNED_OUT;
  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - DAY);
  happened (self, WF_EVENT_SIGN_OUT, "by-hand", "ok", NOW - HOUR);
  assert_ended (self, "signed_out", WF_FINDING_NOTE, "[-3600]", "Sign in");
}

static void
test_expired (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->evidence.state = WF_SESSION_NEEDS_SIGN_IN;
  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 2 * HOUR);
  give_access_token (self, "opaque", NULL, NOW - HOUR);
  assert_ended (self, "no_refresh_token", WF_FINDING_WARNING, "[-3600]", "offline_access");
  give_refresh_token (self, 2);
  self->tokens->refresh_expires_at = NOW - 2 * HOUR;
  assert_ended (self, "lifetime", WF_FINDING_PROBLEM, "[-7200]", "Sign in");
}

static void
test_reused (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 5 * HOUR);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 4 * HOUR);
  happened (self, WF_EVENT_FAILURE, "schedule", "timeout", NOW - 3 * HOUR);
  refuse (self, NOW - 3 * HOUR + 30);
  assert_ended (self, "refused", WF_FINDING_PROBLEM, "[-10770]", "Sign in");
  assert_ended (self, "reused", WF_FINDING_WARNING, "[-10800]", "before the newest");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "revoked");
  /* nobody says that there never was one */
  give_access_token (self, "opaque", NULL, NOW + HOUR);
  judge (self);
  assert_not_found (self, WF_TOPIC_REFRESH_TOKEN, "refresh_token");
  wf_account_set (&self->account->issuer, "https://example.eu.auth0.com/");
  assert_ended (self, "reused", WF_FINDING_WARNING, "[-10800]", "Rotation Overlap Period");
}

static void
test_idle (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 30 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 27 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 26 * DAY);
  refuse (self, NOW - 10 * DAY);
  assert_ended (self, "idle", WF_FINDING_WARNING, "16 days", "idle lifetime");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "revoked");
  wf_account_set (&self->account->issuer, "https://example.eu.auth0.com/");
  assert_ended (self, "idle", WF_FINDING_WARNING, "16 days", "Idle Refresh Token Lifetime");
}

static void
test_absolute (void)
{
  g_autoptr (Case) self = case_new ("https://example.eu.auth0.com/");

  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 70 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 41 * DAY);
  happened (self, WF_EVENT_FAILURE, "schedule", "invalid_grant", NOW - 40 * DAY);
  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 35 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 6 * DAY);
  refuse (self, NOW - 5 * DAY);
  assert_ended (self, "absolute", WF_FINDING_WARNING, "30 days", "Maximum Refresh Token Lifetime");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "revoked");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "idle");
}

static void
test_revoked_and_pruned (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  for (guint i = 0; i < 19; i++)
    happened (self, WF_EVENT_SIGN_IN, "browser", "ok", NOW - 40 * DAY + i * HOUR);
  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - 3 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - 2 * DAY);
  happened (self, WF_EVENT_REFRESH, "schedule", "ok", NOW - DAY);
  refuse (self, NOW - DAY + HOUR / 2);
  assert_ended (self, "revoked", WF_FINDING_NOTE, "30 minutes", "sessions");
  assert_ended (self, "pruned", WF_FINDING_NOTE, "20 time", "Sign out");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "reused");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "idle");
  /* the error alone, where there is no history */
  g_ptr_array_set_size (self->events, 0);
  assert_ended (self, "refused", WF_FINDING_PROBLEM, "refused", "Sign in");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "revoked");
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "pruned");
}

/* A sign-in that fails says nothing about why the session before it ended. */
static void
test_failed_sign_in (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  self->evidence.state = WF_SESSION_SIGNED_OUT;
  happened (self, WF_EVENT_SIGN_IN, "window", "ok", NOW - DAY);
  happened (self, WF_EVENT_FAILURE, "sign-in", "invalid_grant", NOW - HOUR);
  wf_account_set (&self->tokens->error_name, "invalid_grant");
  self->tokens->sign_in_failed = TRUE;
  judge (self);
  assert_not_found (self, WF_TOPIC_SIGNED_OUT, "refused");
  g_assert_nonnull (find (self, WF_TOPIC_SESSION, "last_error"));
}

/* --- Why does the API refuse my token? --- */

#define assert_api(self, name, severity, in_sentence, in_advice) \
  assert_found (self, WF_TOPIC_API, name, severity, in_sentence, in_advice)

static void
test_api_expiry (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  WfAccessToken *token;

  judge (self);
  g_assert_cmpint (wf_doctor_get_worst_of (self->findings, WF_TOPIC_API), ==, WF_FINDING_OK);
  assert_not_found (self, WF_TOPIC_API, "expiry");
  give_access_token (self, "opaque", NULL, NOW - 1);
  assert_api (self, "expiry", WF_FINDING_NOTE, "expired", "Sign in");
  give_refresh_token (self, 1);
  assert_api (self, "expiry", WF_FINDING_NOTE, "expired", "Refresh");
  token = g_ptr_array_index (self->tokens->access_tokens, 0);
  token->expires_at = WF_TIME_UNKNOWN;
  assert_api (self, "expiry", WF_FINDING_NOTE, "does not say", "");
}

static void
test_api_opaque (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");

  give_access_token (self, "opaque", NULL, NOW + HOUR);
  assert_api (self, "audience", WF_FINDING_OK, "no audience was asked", "");
  wf_account_set (&self->account->audience, "https://api.example.org");
  assert_api (self, "audience", WF_FINDING_NOTE, "https://api.example.org cannot be seen", "introspection");
  wf_account_set (&self->account->audience, NULL);
  wf_account_set (&self->account->issuer, "https://example.eu.auth0.com/");
  assert_api (self, "audience", WF_FINDING_WARNING, "userinfo endpoint alone", "copy its Identifier");
}

static void
test_api_audience (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autofree char *jwt = make_jwt ("{\"aud\":[\"https://other.example.org\",\"https://id.example.org/userinfo\"]}");
  g_autofree char *bare = make_jwt ("{\"sub\":\"alice\"}");
  char *resources[] = { (char *) "https://other.example.org", NULL };

  give_access_token (self, jwt, NULL, NOW + HOUR);
  assert_api (self, "audience", WF_FINDING_OK, "for https://other.example.org, https://id.example.org/userinfo", "");
  self->account->resources = g_strdupv (resources);
  assert_api (self, "audience", WF_FINDING_OK, "that was asked", "");
  wf_account_set (&self->account->audience, "https://api.example.org");
  assert_api (self, "audience", WF_FINDING_PROBLEM, "https://api.example.org, but for https://other.example.org", "as the provider does");
  wf_account_set (&self->account->issuer, "https://example.eu.auth0.com/");
  assert_api (self, "audience", WF_FINDING_PROBLEM, "not for the audience", "to the letter");
  wf_secret_set (&((WfAccessToken *) g_ptr_array_index (self->tokens->access_tokens, 0))->token, NULL);
  ((WfAccessToken *) g_ptr_array_index (self->tokens->access_tokens, 0))->token = wf_secret_new (bare, -1);
  assert_api (self, "audience", WF_FINDING_PROBLEM, "names none", "");
}

static void
test_api_scope (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  WfAccessToken *token;

  ask_scope (self, "openid read:a write:a");
  give_access_token (self, "opaque", "openid read:a admin", NOW + HOUR);
  assert_api (self, "scope", WF_FINDING_WARNING, "not granted: write:a", "may ask for them");
  wf_account_set (&self->account->issuer, "https://example.eu.auth0.com/");
  assert_api (self, "scope", WF_FINDING_WARNING, "not granted: write:a", "Permissions");
  token = g_ptr_array_index (self->tokens->access_tokens, 0);
  wf_account_set (&token->scope, "openid read:a write:a admin");
  assert_api (self, "scope", WF_FINDING_WARNING, "not asked: admin", "");
  wf_account_set (&token->scope, NULL);
  assert_api (self, "scope", WF_FINDING_OK, "does not say", "");
}

static void
test_api_claims (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autofree char *claims = g_strdup_printf ("{\"nbf\":%" G_GINT64_FORMAT ",\"cnf\":{\"jkt\":\"x\"},\"iss\":\"https://sts.example.org/\"}", NOW + 60);
  g_autofree char *jwt = make_jwt (claims);

  give_access_token (self, jwt, NULL, NOW + HOUR);
  assert_api (self, "not_before", WF_FINDING_PROBLEM, "[60]", "Wait");
  assert_api (self, "binding", WF_FINDING_PROBLEM, "bound to a key", "DPoP");
  assert_api (self, "token_issuer", WF_FINDING_NOTE, "https://sts.example.org/", "trusts");
  wf_account_set (&self->account->client_certificate, "client.pem");
  assert_api (self, "binding", WF_FINDING_NOTE, "bound to a key", "client certificate");
  self->tokens->clock_skew = 120;
  judge (self);
  assert_not_found (self, WF_TOPIC_API, "not_before");
}

/* What a server writes reaches no sentence as it stands. */
static void
test_hostile_words (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autofree char *jwt = make_jwt ("{\"aud\":\"a\\u202eb\\u0007\",\"iss\":\"x\\u001b[2J\"}");
  const WfFinding *finding;

  give_access_token (self, jwt, NULL, NOW + HOUR);
  judge (self);
  finding = get (self, WF_TOPIC_API, "audience");
  g_assert_null (strstr (finding->sentence, "\xe2\x80\xae"));
  g_assert_null (strchr (finding->sentence, '\a'));
  g_assert_null (strchr (get (self, WF_TOPIC_API, "token_issuer")->sentence, '\033'));
}

/* --- The provider --- */

static void
test_provider (void)
{
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autoptr (GError) error = g_error_new (WF_ERROR, WF_ERROR_OFFLINE, "The provider cannot be reached.");

  self->evidence.metadata_error = error;
  assert_found (self, WF_TOPIC_PROVIDER, "offline", WF_FINDING_PROBLEM, "cannot be reached", "");
  self->evidence.metadata_error = NULL;
  set_metadata (self, ",\"grant_types_supported\":[\"implicit\"],\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]");
  assert_found (self, WF_TOPIC_PROVIDER, "grant_types", WF_FINDING_PROBLEM, "authorization_code", "issuer");
  assert_found (self, WF_TOPIC_PROVIDER, "auth_method", WF_FINDING_WARNING, "none", "another method");
  assert_found (self, WF_TOPIC_PROVIDER, "pkce", WF_FINDING_NOTE, "PKCE", "");
  assert_found (self, WF_TOPIC_PROVIDER, "revocation", WF_FINDING_NOTE, "revocation", "");
  wf_account_set (&self->account->redirect_uri, "com.example.app:/callback");
  assert_found (self, WF_TOPIC_PROVIDER, "redirect_uri", WF_FINDING_NOTE, "window only", "");
}

static void
test_keys (void)
{
  static const char one[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";
  static const char none[] = "{\"keys\":[]}";
  g_autoptr (Case) self = case_new ("https://id.example.org");
  g_autoptr (GError) error = g_error_new (WF_ERROR, WF_ERROR_SERVER_ERROR, "The provider failed.");

  set_metadata (self, "");
  judge (self);
  assert_not_found (self, WF_TOPIC_PROVIDER, "keys");
  self->evidence.keys_known = TRUE;
  assert_found (self, WF_TOPIC_PROVIDER, "keys", WF_FINDING_NOTE, "names no keys", "");
  self->keys = wf_jwks_parse (none, strlen (none), NULL);
  self->evidence.keys = self->keys;
  assert_found (self, WF_TOPIC_PROVIDER, "keys", WF_FINDING_PROBLEM, "no key", "Tell the provider");
  wf_jwks_unref (self->keys);
  self->keys = wf_jwks_parse (one, strlen (one), NULL);
  self->evidence.keys = self->keys;
  assert_found (self, WF_TOPIC_PROVIDER, "keys", WF_FINDING_OK, "1 usable key", "");
  self->evidence.keys = NULL;
  self->evidence.keys_error = error;
  assert_found (self, WF_TOPIC_PROVIDER, "server_error", WF_FINDING_PROBLEM, "failed", "");
}

static void
test_titles (void)
{
  for (guint topic = 0; topic < WF_N_DOCTOR_TOPICS; topic++)
    {
      g_assert_cmpstr (wf_doctor_topic_to_string (topic), !=, "");
      g_assert_cmpstr (wf_doctor_topic_get_title (topic, WF_FINDING_OK), !=, "");
      g_assert_cmpstr (wf_doctor_topic_get_title (topic, WF_FINDING_PROBLEM), !=, "");
    }
  g_assert_cmpstr (wf_doctor_topic_get_title (WF_TOPIC_REFRESH_TOKEN, WF_FINDING_NOTE), ==, "Why is there no refresh token?");
  g_assert_cmpstr (wf_doctor_topic_get_title (WF_TOPIC_REFRESH_TOKEN, WF_FINDING_OK), ==, "Refresh token");
  g_assert_cmpstr (wf_severity_to_string (WF_FINDING_PROBLEM), ==, "problem");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/well", test_well);
  g_test_add_func ("/doctor/session/keyring", test_keyring);
  g_test_add_func ("/doctor/session/states", test_states);
  g_test_add_func ("/doctor/session/last-error", test_last_error);
  g_test_add_func ("/doctor/session/client-of-auth0", test_client_of_auth0);
  g_test_add_func ("/doctor/session/clock-and-rest", test_clock_and_rest);
  g_test_add_func ("/doctor/refresh-token/not-asked", test_not_asked);
  g_test_add_func ("/doctor/refresh-token/metadata", test_metadata_has_none);
  g_test_add_func ("/doctor/refresh-token/auth0", test_auth0_switches);
  g_test_add_func ("/doctor/refresh-token/google", test_google);
  g_test_add_func ("/doctor/refresh-token/consent", test_consent);
  g_test_add_func ("/doctor/refresh-token/there", test_refresh_token_there);
  g_test_add_func ("/doctor/signed-out/never", test_never);
  g_test_add_func ("/doctor/signed-out/by-hand", test_by_hand);
  g_test_add_func ("/doctor/signed-out/expired", test_expired);
  g_test_add_func ("/doctor/signed-out/reused", test_reused);
  g_test_add_func ("/doctor/signed-out/idle", test_idle);
  g_test_add_func ("/doctor/signed-out/absolute", test_absolute);
  g_test_add_func ("/doctor/signed-out/revoked-and-pruned", test_revoked_and_pruned);
  g_test_add_func ("/doctor/signed-out/failed-sign-in", test_failed_sign_in);
  g_test_add_func ("/doctor/api/expiry", test_api_expiry);
  g_test_add_func ("/doctor/api/opaque", test_api_opaque);
  g_test_add_func ("/doctor/api/audience", test_api_audience);
  g_test_add_func ("/doctor/api/scope", test_api_scope);
  g_test_add_func ("/doctor/api/claims", test_api_claims);
  g_test_add_func ("/doctor/api/hostile-words", test_hostile_words);
  g_test_add_func ("/doctor/provider/findings", test_provider);
  g_test_add_func ("/doctor/provider/keys", test_keys);
  g_test_add_func ("/doctor/titles", test_titles);
  return g_test_run ();
}
