/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-overview-page.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-format.h"
#include "wf-label.h"
#include "wf-gauge.h"
#include "wf-notice.h"
#include "wf-person-header.h"
#include "wf-provider-row.h"
#include "wf-scope.h"
#include "wf-scope-chips.h"
#include "wf-stack.h"
#include "wf-ticker.h"
#include "wf-uri.h"

struct _WfOverviewPage
{
  WfPage         parent_instance;

  WfNotice      *problem;
  WfNotice      *keyring;
  GtkStack      *stack;
  AdwStatusPage *status;
  GtkLabel      *busy;

  GtkScrolledWindow *scroller; /* of the session */
  WfPersonHeader *person;
  GtkListBox    *gauges;
  WfGauge       *access_gauge;
  WfGauge       *id_gauge;
  WfGauge       *refresh_gauge;
  GtkWidget     *scopes_group;
  AdwBin        *scopes_bin;
  WfScopeChips  *scopes;
  AdwActionRow  *policy_row;
  AdwActionRow  *since_row;
  AdwActionRow  *rotation_row;
  AdwActionRow  *skew_row;
  AdwExpanderRow *provider_row;
  GtkRevealer   *activity;
  GtkLabel      *activity_label;

  GPtrArray     *other_gauges; /* (element-type WfGauge): of access tokens for other audiences */
  guint          busy_id;
};

G_DEFINE_FINAL_TYPE (WfOverviewPage, wf_overview_page, WF_TYPE_PAGE)

/* The clock of a server that is off by more than this is worth a word (issue: skew 60 s). */
#define SKEW_SHOWN 60
#define SCOPES_SCROLLED 24
#define BUSY_AFTER 300 /* milliseconds */
#define SCOPES_HEIGHT 160

/* Returns: (transfer full): "22 Nov, 13:20 · invalid_grant" */
static char *
describe_details (WfSession    *session,
                  const GError *error)
{
  WfTokenSet *tokens = wf_session_get_tokens (session);
  gint64 now = wf_clock_now (wf_session_get_clock (session));
  g_autofree char *when = NULL;

  if (!tokens || tokens->error_at <= 0)
    return g_strdup (wf_error_get_name (error));
  when = wf_format_clock (tokens->error_at, now);
  return g_strdup_printf ("%s · %s", when, wf_error_get_name (error));
}

static void
update_problem (WfOverviewPage *self,
                WfSession      *session)
{
  const GError *error = wf_session_get_last_error (session);
  WfSessionState state = wf_session_get_state (session);
  gboolean has_buttons = state == WF_SESSION_SIGNED_OUT || state == WF_SESSION_NEEDS_SIGN_IN;
  g_autofree char *details = NULL;

  if (!error)
    {
      wf_notice_show (self->problem, NULL, NULL, NULL, NULL);
      return;
    }
  details = describe_details (session, error);
  /* Translators: a button beside what went wrong: opens the diagnosis */
  wf_notice_set_help (self->problem, _("Why?"), "account.diagnose");
  /* A page that is all about signing in has that button already. */
  if (has_buttons)
    wf_notice_show (self->problem, error->message, details, NULL, NULL);
  else if (wf_error_get_class (error) == WF_ERROR_CLASS_SIGN_IN)
    wf_notice_show (self->problem, error->message, details, _("Sign In"), "account.sign-in");
  else
    wf_notice_show (self->problem, error->message, details, _("Try Again"), "account.refresh");
}

static void
update_keyring (WfOverviewPage *self,
                WfSession      *session)
{
  const GError *error = wf_session_get_keyring_error (session);

  if (!error)
    wf_notice_show (self->keyring, NULL, NULL, NULL, NULL);
  else if (g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE))
    wf_notice_show (self->keyring,
                    _("Your keyring cannot be reached. You can sign in, but you will be asked again after closing Warifu."),
                    wf_error_get_name (error), _("Try Again"), "overview.reload");
  else if (wf_session_get_memory_only (session) && g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_LOCKED))
    wf_notice_show (self->keyring,
                    _("Your keyring is locked. You stay signed in until you close Warifu; "
                      "to keep this sign-in, unlock the keyring and try again."),
                    wf_error_get_name (error), _("Try Again"), "overview.reload");
  else if (wf_session_get_memory_only (session))
    wf_notice_show (self->keyring,
                    _("Your keyring failed. You stay signed in until you close Warifu; "
                      "to keep this sign-in, check the keyring and try again."),
                    wf_error_get_name (error), _("Try Again"), "overview.reload");
  else
    wf_notice_show (self->keyring, error->message, wf_error_get_name (error), _("Try Again"), "overview.reload");
}

static void
update_signed_out (WfOverviewPage *self,
                   WfSession      *session)
{
  WfAccount *account = wf_session_get_account (session);
  g_autofree char *origin = account->issuer ? wf_uri_get_origin (account->issuer) : NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *text = NULL;

  if (wf_session_get_state (session) == WF_SESSION_NEEDS_SIGN_IN)
    {
      adw_status_page_set_icon_name (self->status, "wf-attention-symbolic");
      adw_status_page_set_title (self->status, _("Sign In Again"));
      text = g_strdup (_("Your session has ended. Sign in to get new tokens; your account is kept."));
    }
  else if (g_error_matches (wf_session_get_keyring_error (session), WF_ERROR, WF_ERROR_KEYRING_LOCKED))
    {
      adw_status_page_set_icon_name (self->status, "wf-attention-symbolic");
      adw_status_page_set_title (self->status, _("Keyring Locked"));
      text = g_strdup (_("Your tokens cannot be read while your keyring is locked. Unlock it and try again, or sign in anew."));
    }
  else
    {
      adw_status_page_set_icon_name (self->status, "wf-signed-out-symbolic");
      adw_status_page_set_title (self->status, _("Signed Out"));
      /* Translators: %s is the address of a provider */
      text = origin ? g_strdup_printf (_("Sign in at %s to get your tokens."), origin)
                    : g_strdup (_("Sign in to get your tokens."));
    }
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_description (self->status, escaped);
}

static char *
describe_refresh_token (const WfTokenSet *tokens)
{
  if (!tokens->refresh_token)
    return g_strdup (_("The server gave none. Ask for the scope offline_access, and let the provider give refresh tokens to this application."));
  if (tokens->refresh_expires_at == WF_TIME_UNKNOWN)
    /* Translators: the number of a refresh token in its row of rotations */
    return g_strdup_printf (_("Unknown lifetime · generation %u"), tokens->generation);
  return g_strdup_printf (_("Generation %u"), tokens->generation);
}

static const char *
describe_access_token (const WfAccessToken *token)
{
  if (!token)
    return NULL;
  switch (wf_jwt_guess_kind (secret_value_get_text (token->token)))
    {
    case WF_JWT_SIGNED:
      return "JWT";
    case WF_JWT_ENCRYPTED:
      return "JWE";
    case WF_JWT_OPAQUE:
    default:
      /* Translators: a token that only the server can read */
      return _("Opaque");
    }
}

/* Every audience has a lifetime of its own. */
static void
update_other_gauges (WfOverviewPage   *self,
                     const WfTokenSet *tokens,
                     WfClock          *clock)
{
  guint count = 0;

  for (guint i = 0; i < tokens->access_tokens->len; i++)
    {
      const WfAccessToken *token = g_ptr_array_index (tokens->access_tokens, i);
      WfLifetime lifetime = { TRUE, token->issued_at, token->expires_at };
      g_autofree char *title = NULL;

      if (!*token->audience)
        continue;
      /* Translators: %s is whom an access token is for, an address */
      title = g_strdup_printf (_("Access token for %s"), token->audience);
      if (count == self->other_gauges->len)
        {
          g_ptr_array_add (self->other_gauges, wf_gauge_new (title));
          gtk_list_box_insert (self->gauges, g_ptr_array_index (self->other_gauges, count), (int) count + 1);
        }
      g_object_set (g_ptr_array_index (self->other_gauges, count), "title", title, NULL);
      wf_gauge_set_lifetime (g_ptr_array_index (self->other_gauges, count), &lifetime, clock, describe_access_token (token));
      count++;
    }
  while (self->other_gauges->len > count)
    gtk_list_box_remove (self->gauges, g_ptr_array_steal_index (self->other_gauges, self->other_gauges->len - 1));
}

static void
update_gauges (WfOverviewPage *self,
               WfSession      *session,
               WfJwt          *jwt)
{
  WfTokenSet *tokens = wf_session_get_tokens (session);
  WfClock *clock = wf_session_get_clock (session);
  WfLifetime access = wf_lifetime_of_access_token (tokens);
  WfLifetime id = wf_lifetime_of_id_token (tokens, jwt);
  WfLifetime refresh = wf_lifetime_of_refresh_token (tokens);
  g_autofree char *note = describe_refresh_token (tokens);
  const char *id_note = NULL;

  if (tokens->id_token)
    id_note = tokens->id_token_verdict == WF_JWS_VERIFIED ? _("Signature verified") : _("Signature not verified");
  wf_gauge_set_lifetime (self->access_gauge, &access, clock, describe_access_token (wf_token_set_get_access_token (tokens, NULL)));
  update_other_gauges (self, tokens, clock);
  wf_gauge_set_lifetime (self->id_gauge, &id, clock, id_note);
  wf_gauge_set_lifetime (self->refresh_gauge, &refresh, clock, note);
}

/* Three hundred scopes have a scroller of their own. A few have none: a scroller does not ask how high its
 * child is when it wraps. */
static void
put_in_scroller (WfOverviewPage *self,
                 gboolean        scrolled)
{
  g_autoptr (GtkWidget) chips = g_object_ref (GTK_WIDGET (self->scopes));
  GtkWidget *scroller;

  if (scrolled == (adw_bin_get_child (self->scopes_bin) != chips))
    return;
  adw_bin_set_child (self->scopes_bin, NULL);
  if (gtk_widget_get_parent (chips))
    gtk_viewport_set_child (GTK_VIEWPORT (gtk_widget_get_parent (chips)), NULL);
  if (!scrolled)
    {
      adw_bin_set_child (self->scopes_bin, chips);
      return;
    }
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), SCOPES_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), chips);
  adw_bin_set_child (self->scopes_bin, scroller);
}

/* "4 asked · 3 granted" */
static char *
describe_scopes (const char          *asked,
                 const WfAccessToken *token)
{
  g_auto (GStrv) asked_names = wf_scope_split (asked);
  g_auto (GStrv) granted_names = wf_scope_split (token ? token->scope : NULL);
  guint n_asked = g_strv_length (asked_names);
  guint n_granted = g_strv_length (granted_names);
  g_autofree char *first = g_strdup_printf (ngettext ("%u asked", "%u asked", n_asked), n_asked);
  g_autofree char *second = NULL;

  if (token && token->scope)
    second = g_strdup_printf (ngettext ("%u granted", "%u granted", n_granted), n_granted);
  else
    /* Translators: of scopes: RFC 6749 lets a server say nothing where it grants what was asked */
    second = g_strdup (_("all granted: the server says no other"));
  return g_strdup_printf ("%s · %s", first, second);
}

static void
update_scopes (WfOverviewPage *self,
               WfSession      *session)
{
  WfTokenSet *tokens = wf_session_get_tokens (session);
  const WfAccessToken *token = wf_token_set_get_access_token (tokens, NULL);
  const char *asked = tokens->requested_scope ? tokens->requested_scope : wf_session_get_account (session)->scope;

  guint count = wf_scope_chips_set (self->scopes, asked, token ? token->scope : NULL);
  g_autofree char *description = describe_scopes (asked, token);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->scopes_group), description);
  gtk_widget_set_visible (self->scopes_group, count > 0);
  put_in_scroller (self, count > SCOPES_SCROLLED);
}

/* The words that change while nothing happens. */
static void
on_tick (GtkWidget *widget)
{
  WfOverviewPage *self = WF_OVERVIEW_PAGE (widget);
  WfSession *session = wf_page_get_session (WF_PAGE (self));
  g_autofree char *policy = NULL;
  g_autofree char *since = NULL;
  WfTokenSet *tokens;
  gint64 now;

  if (!session || !(tokens = wf_session_get_tokens (session)))
    return;
  now = wf_clock_now (wf_session_get_clock (session));
  policy = wf_session_words_policy (wf_session_get_account (session), wf_session_get_next_refresh (session), now);
  if (g_strcmp0 (adw_action_row_get_subtitle (self->policy_row), policy) != 0)
    adw_action_row_set_subtitle (self->policy_row, policy);
  if (tokens->signed_in_at <= 0)
    return;
  since = wf_format_when (tokens->signed_in_at, now);
  if (g_strcmp0 (adw_action_row_get_subtitle (self->since_row), since) != 0)
    adw_action_row_set_subtitle (self->since_row, since);
}

/* Returns: (transfer full) (nullable): what is known of how the provider treats refresh tokens */
static char *
describe_rotation (const WfTokenSet *tokens)
{
  if (!tokens->refresh_token)
    return NULL;
  if (tokens->rotates)
    return g_strdup_printf (_("The refresh token is replaced when it is used · generation %u"), tokens->generation);
  if (tokens->refreshes == 0)
    return g_strdup (_("The first refresh shows whether the refresh token is replaced"));
  return g_strdup_printf (ngettext ("The refresh token stayed the same over %u refresh", "The refresh token stayed the same over %u refreshes",
                                    tokens->refreshes), tokens->refreshes);
}

static void
update_rows (WfOverviewPage *self,
             WfSession      *session)
{
  WfTokenSet *tokens = wf_session_get_tokens (session);
  gint64 skew = tokens->clock_skew;
  g_autofree char *duration = wf_format_duration (ABS (skew));
  g_autofree char *words = NULL;

  g_autofree char *rotation = describe_rotation (tokens);

  gtk_widget_set_visible (GTK_WIDGET (self->since_row), tokens->signed_in_at > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->rotation_row), rotation != NULL);
  adw_action_row_set_subtitle (self->rotation_row, rotation ? rotation : "");
  gtk_widget_set_visible (GTK_WIDGET (self->skew_row), ABS (skew) > SKEW_SHOWN);
  words = skew > 0
    /* Translators: %s is a duration such as "3 min" */
    ? g_strdup_printf (_("The server's clock is %s ahead of yours. Times are corrected."), duration)
    : g_strdup_printf (_("The server's clock is %s behind yours. Times are corrected."), duration);
  adw_action_row_set_subtitle (self->skew_row, words);
  on_tick (GTK_WIDGET (self));
}

static void
update_session (WfOverviewPage *self,
                WfSession      *session)
{
  const char *activity = wf_session_get_activity (session);
  g_autoptr (WfJwt) jwt = wf_lifetime_decode (wf_session_get_tokens (session)->id_token);

  wf_person_header_show (self->person, session);
  update_gauges (self, session, jwt);
  update_scopes (self, session);
  update_rows (self, session);
  wf_provider_row_show (self->provider_row, session);
  gtk_revealer_set_reveal_child (self->activity, activity != NULL);
  if (activity)
    wf_label_update (self->activity_label, activity);
}

static void
show_page (WfOverviewPage *self,
           const char     *name)
{
  g_clear_handle_id (&self->busy_id, g_source_remove);
  wf_stack_show (self->stack, name);
}

static gboolean
on_busy_for_long (gpointer user_data)
{
  WfOverviewPage *self = user_data;

  self->busy_id = 0;
  wf_stack_show (self->stack, "busy");
  return G_SOURCE_REMOVE;
}

/* What is over in a moment is not announced: a spinner that flashes up only disturbs, and its drawing
 * wakes librsvg in the middle of the start. */
static void
show_busy (WfOverviewPage *self,
           const char     *what)
{
  wf_label_update (self->busy, what);
  if (self->busy_id != 0 || g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "busy") == 0)
    return;
  wf_stack_show (self->stack, "blank");
  self->busy_id = g_timeout_add (BUSY_AFTER, on_busy_for_long, self);
}

static void
wf_overview_page_update (WfPage *page)
{
  WfOverviewPage *self = WF_OVERVIEW_PAGE (page);
  WfSession *session = wf_page_get_session (page);
  const char *activity = wf_session_get_activity (session);

  update_problem (self, session);
  update_keyring (self, session);
  if (!wf_session_get_loaded (session) || !wf_session_get_tokens (session))
    {
      show_busy (self, _("Reading your keyring…"));
      return;
    }
  switch (wf_session_get_state (session))
    {
    case WF_SESSION_SIGNED_OUT:
    case WF_SESSION_NEEDS_SIGN_IN:
      update_signed_out (self, session);
      show_page (self, "signed-out");
      break;
    case WF_SESSION_SIGNING_IN:
      show_busy (self, activity ? activity : _("Signing in…"));
      break;
    case WF_SESSION_SIGNED_IN:
    case WF_SESSION_REFRESHING:
    case WF_SESSION_EXPIRED:
    default:
      update_session (self, session);
      show_page (self, "session");
    }
}

/* Another account begins at its top. */
static void
wf_overview_page_session_changed (WfPage *page)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (WF_OVERVIEW_PAGE (page)->scroller), 0);
}

static void
on_reloaded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  /* How it went is in the session's properties. */
  wf_session_load_finish (WF_SESSION (source), result, NULL);
}

static void
reload_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  WfSession *session = wf_page_get_session (WF_PAGE (widget));

  if (session)
    wf_session_load_async (session, NULL /* cancellable */, on_reloaded, NULL);
}

static void
wf_overview_page_dispose (GObject *object)
{
  g_clear_handle_id (&WF_OVERVIEW_PAGE (object)->busy_id, g_source_remove);
  g_clear_pointer (&WF_OVERVIEW_PAGE (object)->other_gauges, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_overview_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, problem);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, keyring);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, status);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, busy);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, person);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, gauges);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, access_gauge);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, id_gauge);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, refresh_gauge);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, scopes_group);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, scopes_bin);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, scopes);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, policy_row);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, since_row);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, rotation_row);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, skew_row);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, provider_row);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, activity);
  gtk_widget_class_bind_template_child (widget_class, WfOverviewPage, activity_label);
}

static void
wf_overview_page_class_init (WfOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_overview_page_dispose;
  WF_PAGE_CLASS (klass)->update = wf_overview_page_update;
  WF_PAGE_CLASS (klass)->session_changed = wf_overview_page_session_changed;
  gtk_widget_class_install_action (widget_class, "overview.reload", NULL, reload_action);
  g_type_ensure (WF_TYPE_NOTICE);
  g_type_ensure (WF_TYPE_GAUGE);
  g_type_ensure (WF_TYPE_SCOPE_CHIPS);
  g_type_ensure (WF_TYPE_PERSON_HEADER);
  bind_template (widget_class);
}

static void
wf_overview_page_init (WfOverviewPage *self)
{
  self->other_gauges = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
}

GtkWidget *
wf_overview_page_new (void)
{
  return g_object_new (WF_TYPE_OVERVIEW_PAGE, NULL);
}
