/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

typedef enum
{
  PROP_ACCOUNT = 1,
  PROP_NAME,
  PROP_STATE,
  PROP_TOKENS,
  PROP_METADATA,
  PROP_LOADED,
  PROP_NEXT_REFRESH,
  PROP_LAST_ERROR,
  PROP_KEYRING_ERROR,
  PROP_ACTIVITY,
  PROP_FLOWS,
  PROP_PERSON,
} WfSessionProperty;

static GParamSpec *properties[PROP_PERSON + 1];

G_DEFINE_FINAL_TYPE (WfSession, wf_session, G_TYPE_OBJECT)

static const GEnumValue state_values[] = {
  { WF_SESSION_SIGNED_OUT, "WF_SESSION_SIGNED_OUT", "signed-out" },
  { WF_SESSION_SIGNING_IN, "WF_SESSION_SIGNING_IN", "signing-in" },
  { WF_SESSION_SIGNED_IN, "WF_SESSION_SIGNED_IN", "signed-in" },
  { WF_SESSION_REFRESHING, "WF_SESSION_REFRESHING", "refreshing" },
  { WF_SESSION_EXPIRED, "WF_SESSION_EXPIRED", "expired" },
  { WF_SESSION_NEEDS_SIGN_IN, "WF_SESSION_NEEDS_SIGN_IN", "needs-sign-in" },
  { 0, NULL, NULL },
};

GType
wf_session_state_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("WfSessionState", state_values));
  return type;
}

const char *
wf_session_state_to_string (WfSessionState state)
{
  return state_values[state].value_nick;
}

const char *
wf_refresh_cause_to_string (WfRefreshCause cause)
{
  static const char *const names[] = { "by-hand", "schedule", "before-action", "script" };

  return names[cause];
}

gboolean
wf_session_is_keyring_error (const GError *error)
{
  return wf_error_get_class (error) == WF_ERROR_CLASS_KEYRING;
}

gint64
wf_session_now (WfSession *self)
{
  return wf_clock_now (self->clock);
}

gint64
wf_session_measure_skew (WfSession            *self,
                         const WfHttpResponse *response)
{
  return response->date == WF_TIME_UNKNOWN ? 0 : response->date - wf_session_now (self);
}

/* --- state and schedule --- */

static gboolean
refused_for_good (WfSession *self)
{
  return self->last_error && !self->sign_in_failed && wf_error_get_class (self->last_error) == WF_ERROR_CLASS_SIGN_IN;
}

static WfSessionState
compute_state (WfSession *self)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);

  if (self->pending || self->completing > 0)
    return WF_SESSION_SIGNING_IN;
  if (self->refreshing)
    return WF_SESSION_REFRESHING;
  if (!self->tokens->refresh_token && refused_for_good (self))
    return WF_SESSION_NEEDS_SIGN_IN;
  if (!access && !self->tokens->refresh_token)
    return WF_SESSION_SIGNED_OUT;
  if (access && wf_access_token_is_good (access, 0, wf_session_now (self)))
    return WF_SESSION_SIGNED_IN;
  if (!self->tokens->refresh_token || refused_for_good (self))
    return WF_SESSION_NEEDS_SIGN_IN;
  return WF_SESSION_EXPIRED;
}

/* A little of this is the difference between two clocks. */
#define CLOCK_TOLERANCE 60

static gint64
plan_refresh (WfSession *self)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);
  gint64 now = wf_session_now (self);
  gint64 next;

  /* where the clock was set back, a time of the future is as good as now */
  if (self->failed_at != WF_TIME_UNKNOWN)
    self->failed_at = MIN (self->failed_at, now);
  next = wf_refresh_plan_next (self->account, self->tokens, self->failed_at, self->failures, self->retry_after);
  if (next == WF_TIME_UNKNOWN || !access || access->issued_at <= wf_time_add (now, CLOCK_TOLERANCE))
    return next;
  /* and when the token ends is not known any longer */
  return self->failures == 0 ? now : wf_refresh_plan_retry (self->failed_at, self->failures, self->retry_after);
}

static void
update_schedule (WfSession *self)
{
  gboolean is_busy = self->refreshing || self->pending || self->completing > 0;
  gint64 next = WF_TIME_UNKNOWN;

  if (self->automatic && self->loaded && !self->retired && !refused_for_good (self))
    next = wf_session_await_turn (self, plan_refresh (self));
  wf_alarm_set (self->refresh_alarm, is_busy ? WF_TIME_UNKNOWN : next);
  if (self->next_refresh == next)
    return;
  self->next_refresh = next;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NEXT_REFRESH]);
}

void
wf_session_update (WfSession *self)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);
  WfSessionState state = compute_state (self);

  wf_alarm_set (self->state_alarm,
                state == WF_SESSION_SIGNED_IN && access ? access->expires_at : WF_TIME_UNKNOWN);
  update_schedule (self);
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
on_state_alarm (WfAlarm   *alarm,
                WfSession *self)
{
  wf_session_update (self);
}

/* Somebody set the clock, or the machine slept: what is good, and until when, is another question now. */
static void
on_clock_jumped (WfClock   *clock,
                 WfSession *self)
{
  wf_session_take_turn (self);
  wf_session_update (self);
}

static void
on_refresh_alarm (WfAlarm   *alarm,
                  WfSession *self)
{
  wf_session_refresh_by_schedule (self);
}

/* --- what the other files of the session set --- */

/* An error that an earlier process noted in the item. */
static GError *
restore_error (const WfTokenSet *tokens)
{
  GError *error;

  if (!tokens->error_name)
    return NULL;
  for (int code = 0; code < WF_ERROR_OAUTH; code++)
    {
      g_autoptr (GError) probe = g_error_new_literal (WF_ERROR, code, tokens->error_description ? tokens->error_description : "");

      if (g_str_equal (wf_error_get_name (probe), tokens->error_name))
        return g_steal_pointer (&probe);
    }
  error = wf_error_new_oauth (tokens->error_name, NULL, 0);
  if (tokens->error_description)
    {
      /* the server's words are in it already */
      g_free (error->message);
      error->message = g_strdup (tokens->error_description);
    }
  return error;
}

void
wf_session_take_tokens (WfSession  *self,
                        WfTokenSet *tokens)
{
  g_autoptr (GError) error = restore_error (tokens);
  gint64 began = self->tokens->signed_in_at;

  self->changes++;
  if (self->tokens != tokens)
    {
      wf_token_set_unref (self->tokens);
      self->tokens = wf_token_set_ref (tokens);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOKENS]);
    }
  if (began != tokens->signed_in_at)
    wf_session_forget_person (self);
  wf_session_set_last_error (self, error);
  self->sign_in_failed = tokens->sign_in_failed;
  if (!tokens->id_token)
    {
      g_clear_pointer (&self->checks, g_ptr_array_unref);
      g_clear_pointer (&self->verification, wf_verification_unref);
    }
  if (!self->loaded)
    {
      self->loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }
  wf_session_update (self);
}

void
wf_session_note_error (WfSession    *self,
                       WfTokenSet   *set,
                       const GError *error)
{
  g_clear_pointer (&set->error_name, g_free);
  g_clear_pointer (&set->error_description, g_free);
  set->error_at = WF_TIME_UNKNOWN;
  set->sign_in_failed = FALSE;
  if (!error)
    return;
  set->error_name = g_strdup (wf_error_get_name (error));
  set->error_description = g_strdup (error->message);
  set->error_at = wf_session_now (self);
}

static gboolean
same_error (const GError *a,
            const GError *b)
{
  return a == b || (a && b && a->domain == b->domain && a->code == b->code && g_str_equal (a->message, b->message));
}

static void
set_error (WfSession        *self,
           GError          **slot,
           const GError     *error,
           WfSessionProperty property)
{
  if (same_error (*slot, error))
    return;
  g_clear_error (slot);
  *slot = error ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
wf_session_set_last_error (WfSession    *self,
                           const GError *error)
{
  self->sign_in_failed = FALSE;
  set_error (self, &self->last_error, error, PROP_LAST_ERROR);
}

gboolean
wf_session_set_sign_in_error (WfSession    *self,
                              const GError *error)
{
  if (wf_session_is_keyring_error (error) || g_str_equal (wf_error_get_name (error), "cancelled"))
    return FALSE;
  wf_session_set_last_error (self, error);
  self->sign_in_failed = TRUE;
  return TRUE;
}

void
wf_session_set_keyring_error (WfSession    *self,
                              const GError *error)
{
  set_error (self, &self->keyring_error, error, PROP_KEYRING_ERROR);
}

void
wf_session_set_activity (WfSession  *self,
                         const char *activity)
{
  if (g_strcmp0 (self->activity, activity) == 0)
    return;
  g_free (self->activity);
  self->activity = g_strdup (activity);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVITY]);
}

void
wf_session_set_metadata (WfSession          *self,
                         WfProviderMetadata *metadata)
{
  if (self->metadata == metadata)
    return;
  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  self->metadata = metadata ? wf_provider_metadata_ref (metadata) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_METADATA]);
}

/* @begin: how many of the newest flows keep theirs */
static void
forget_secrets (WfSession *self,
                guint      begin)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->flows));

  for (guint i = begin; i < count; i++)
    {
      g_autoptr (WfFlow) flow = g_list_model_get_item (G_LIST_MODEL (self->flows), i);

      wf_flow_forget_secrets (flow);
    }
}

void
wf_session_forget_secrets (WfSession *self)
{
  forget_secrets (self, 0);
}

WfFlow *
wf_session_begin_flow (WfSession  *self,
                       const char *title)
{
  g_autoptr (WfFlow) flow = wf_flow_new (title, wf_clock_now_us (self->clock));

  g_list_store_insert (self->flows, 0, flow);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->flows)) > WF_SESSION_MAX_FLOWS)
    g_list_store_remove (self->flows, WF_SESSION_MAX_FLOWS);
  forget_secrets (self, WF_SESSION_REVEALABLE_FLOWS);
  return g_steal_pointer (&flow);
}

void
wf_session_record (WfSession    *self,
                   WfEventKind   kind,
                   const char   *cause,
                   const GError *error,
                   gint64        started_at,
                   SecretValue  *used)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);
  g_autoptr (WfEvent) event = NULL;

  if (!self->history)
    return;
  event = wf_event_new (self->account->id, kind);
  event->time = wf_clock_now_us (self->clock);
  event->cause = g_strdup (cause);
  g_free (event->result);
  event->result = g_strdup (error ? wf_error_get_name (error) : "ok");
  event->duration_us = MAX (event->time - started_at, 0);
  event->generation = self->tokens->refresh_token ? self->tokens->generation : 0;
  event->expires_at = access ? access->expires_at : WF_TIME_UNKNOWN;
  wf_history_record_with_token (self->history, event, used);
}

/* --- the object --- */

static void
wf_session_get_property (GObject    *object,
                         guint       property_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  WfSession *self = WF_SESSION (object);

  switch ((WfSessionProperty) property_id)
    {
    case PROP_ACCOUNT:
      g_value_set_boxed (value, self->account);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->account->name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_TOKENS:
      g_value_set_boxed (value, self->tokens);
      break;
    case PROP_METADATA:
      g_value_set_boxed (value, self->metadata);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_NEXT_REFRESH:
      g_value_set_int64 (value, self->next_refresh);
      break;
    case PROP_LAST_ERROR:
      g_value_set_boxed (value, self->last_error);
      break;
    case PROP_KEYRING_ERROR:
      g_value_set_boxed (value, self->keyring_error);
      break;
    case PROP_ACTIVITY:
      g_value_set_string (value, self->activity);
      break;
    case PROP_FLOWS:
      g_value_set_object (value, self->flows);
      break;
    case PROP_PERSON:
      g_value_set_pointer (value, self->person);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
wf_session_dispose (GObject *object)
{
  WfSession *self = WF_SESSION (object);

  self->epoch++;
  if (self->refresh_cancellable)
    g_cancellable_cancel (self->refresh_cancellable);
  g_clear_object (&self->refresh_cancellable);
  g_clear_object (&self->state_alarm);
  g_clear_object (&self->refresh_alarm);
  g_clear_object (&self->pending_flow);
  g_clear_object (&self->flows);
  g_clear_object (&self->vault);
  g_clear_object (&self->provider);
  g_clear_object (&self->clock);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (wf_session_parent_class)->dispose (object);
}

static void
wf_session_finalize (GObject *object)
{
  WfSession *self = WF_SESSION (object);

  g_clear_pointer (&self->account, wf_account_unref);
  g_clear_pointer (&self->tokens, wf_token_set_unref);
  g_clear_pointer (&self->metadata, wf_provider_metadata_unref);
  g_clear_pointer (&self->pending, wf_authorization_request_unref);
  g_clear_pointer (&self->pending_metadata, wf_provider_metadata_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->verification, wf_verification_unref);
  g_clear_pointer (&self->person, wf_person_free);
  g_clear_pointer (&self->refresh_waiters, wf_waiters_free);
  g_clear_error (&self->last_error);
  g_clear_error (&self->keyring_error);
  g_free (self->activity);
  g_free (self->note_folder);
  G_OBJECT_CLASS (wf_session_parent_class)->finalize (object);
}

#define READ_ONLY (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static void
wf_session_class_init (WfSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = wf_session_get_property;
  object_class->dispose = wf_session_dispose;
  object_class->finalize = wf_session_finalize;

  properties[PROP_ACCOUNT] = g_param_spec_boxed ("account", NULL, NULL, WF_TYPE_ACCOUNT, READ_ONLY);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, READ_ONLY);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, WF_TYPE_SESSION_STATE, WF_SESSION_SIGNED_OUT, READ_ONLY);
  properties[PROP_TOKENS] = g_param_spec_boxed ("tokens", NULL, NULL, WF_TYPE_TOKEN_SET, READ_ONLY);
  properties[PROP_METADATA] = g_param_spec_boxed ("metadata", NULL, NULL, WF_TYPE_PROVIDER_METADATA, READ_ONLY);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, READ_ONLY);
  properties[PROP_NEXT_REFRESH] = g_param_spec_int64 ("next-refresh", NULL, NULL, G_MININT64, G_MAXINT64, WF_TIME_UNKNOWN, READ_ONLY);
  properties[PROP_LAST_ERROR] = g_param_spec_boxed ("last-error", NULL, NULL, G_TYPE_ERROR, READ_ONLY);
  properties[PROP_KEYRING_ERROR] = g_param_spec_boxed ("keyring-error", NULL, NULL, G_TYPE_ERROR, READ_ONLY);
  properties[PROP_ACTIVITY] = g_param_spec_string ("activity", NULL, NULL, NULL, READ_ONLY);
  properties[PROP_FLOWS] = g_param_spec_object ("flows", NULL, NULL, G_TYPE_LIST_MODEL, READ_ONLY);
  properties[PROP_PERSON] = g_param_spec_pointer ("person", NULL, NULL, READ_ONLY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
wf_session_init (WfSession *self)
{
  self->tokens = wf_token_set_new ();
  self->flows = g_list_store_new (WF_TYPE_FLOW);
  self->refresh_waiters = wf_waiters_new ();
  self->next_refresh = WF_TIME_UNKNOWN;
  self->turn = WF_TIME_UNKNOWN;
  self->failed_at = WF_TIME_UNKNOWN;
  self->retry_after = -1;
}

/* --- public --- */

WfSession *
wf_session_new (WfAccount  *account,
                WfVault    *vault,
                WfProvider *provider,
                WfClock    *clock,
                WfHistory  *history,
                gboolean    allow_memory,
                gboolean    automatic)
{
  WfSession *self = g_object_new (WF_TYPE_SESSION, NULL);

  self->account = wf_account_ref (account);
  self->vault = g_object_ref (vault);
  self->provider = provider ? g_object_ref (provider) : NULL;
  self->clock = g_object_ref (clock);
  self->history = history ? g_object_ref (history) : NULL;
  self->allow_memory = allow_memory;
  self->automatic = automatic;
  self->state_alarm = wf_alarm_new (clock);
  self->refresh_alarm = wf_alarm_new (clock);
  g_signal_connect_object (self->state_alarm, "fired", G_CALLBACK (on_state_alarm), self, 0);
  g_signal_connect_object (self->refresh_alarm, "fired", G_CALLBACK (on_refresh_alarm), self, 0);
  g_signal_connect_object (clock, "jumped", G_CALLBACK (on_clock_jumped), self, 0);
  return self;
}

void
wf_session_set_note_folder (WfSession  *self,
                            const char *folder)
{
  g_return_if_fail (WF_IS_SESSION (self) && !self->loaded);

  g_free (self->note_folder);
  self->note_folder = g_strdup (folder);
}

WfAccount *
wf_session_get_account (WfSession *self)
{
  return self->account;
}

WfSessionState
wf_session_get_state (WfSession *self)
{
  return self->state;
}

WfTokenSet *
wf_session_get_tokens (WfSession *self)
{
  return self->tokens;
}

WfProviderMetadata *
wf_session_get_metadata (WfSession *self)
{
  return self->metadata;
}

gint64
wf_session_get_next_refresh (WfSession *self)
{
  return self->next_refresh;
}

const GError *
wf_session_get_last_error (WfSession *self)
{
  return self->last_error;
}

const GError *
wf_session_get_keyring_error (WfSession *self)
{
  return self->keyring_error;
}

const char *
wf_session_get_activity (WfSession *self)
{
  return self->activity;
}

gboolean
wf_session_get_loaded (WfSession *self)
{
  return self->loaded;
}

WfRefreshCause
wf_session_get_refresh_cause (WfSession *self)
{
  return self->refresh_cause;
}

gboolean
wf_session_get_memory_only (WfSession *self)
{
  return self->memory_only && !wf_token_set_is_empty (self->tokens);
}

WfClock *
wf_session_get_clock (WfSession *self)
{
  return self->clock;
}

GListModel *
wf_session_get_flows (WfSession *self)
{
  return G_LIST_MODEL (self->flows);
}

GPtrArray *
wf_session_get_checks (WfSession *self)
{
  wf_session_restore_checks (self);
  return self->checks;
}

WfVerification *
wf_session_get_verification (WfSession *self)
{
  return self->verification;
}

/* Returns: whether tokens got by @a are of no use to @b. */
static gboolean
is_another_client (const WfAccount *a,
                   const WfAccount *b)
{
  return g_strcmp0 (a->issuer, b->issuer) != 0 || g_strcmp0 (a->client_id, b->client_id) != 0;
}

/* What was asked in the name of the old client does not belong to the new one, and its tokens neither. */
static void
forget_client (WfSession *self)
{
  g_autoptr (WfTokenSet) none = wf_token_set_new ();

  self->epoch++;
  wf_session_abandon_refresh (self);
  wf_session_cancel_sign_in (self, NULL);
  wf_session_forget_secrets (self);
  wf_session_take_tokens (self, none);
}

void
wf_session_set_account (WfSession  *self,
                        WfAccount  *account,
                        WfProvider *provider)
{
  g_autoptr (WfAccount) old = wf_account_ref (self->account);

  if (wf_account_equal (old, account))
    return;
  wf_account_unref (self->account);
  self->account = wf_account_ref (account);
  if (g_set_object (&self->provider, provider))
    wf_session_set_metadata (self, NULL);
  self->failures = 0;
  self->failed_at = WF_TIME_UNKNOWN;
  self->retry_after = -1;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
  if (g_strcmp0 (old->name, account->name) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  if (is_another_client (old, account))
    forget_client (self);
  wf_session_update (self);
}

void
wf_session_retire (WfSession *self)
{
  self->epoch++;
  self->retired = TRUE;
  wf_session_forget_secrets (self);
  wf_session_abandon_refresh (self);
  wf_session_cancel_sign_in (self, NULL);
  wf_session_update (self);
}

void
wf_session_reinstate (WfSession *self)
{
  self->retired = FALSE;
  wf_session_update (self);
}
