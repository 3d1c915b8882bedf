/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-claim-row.h"
#include "wf-json.h"
#include "wf-json-view.h"
#include "wf-lifetime.h"
#include "wf-stack.h"
#include "wf-token-text.h"
#include "wf-ticker.h"

struct _WfTokenView
{
  GtkBox               parent_instance;

  GtkStack            *stack;
  GtkLabel            *nothing;
  WfTokenText         *text;
  AdwActionRow        *verdict;
  GtkImage            *verdict_symbol;
  AdwExpanderRow      *checks;
  AdwPreferencesGroup *claims_group;
  GtkListBox          *claims;
  GtkWidget           *changes_group;
  GtkListBox          *changes;
  GtkWidget           *json_group;
  AdwExpanderRow      *header;
  AdwExpanderRow      *raw;

  WfSession           *session;
  WfTokenKind          kind;
  SecretValue         *token; /* what is shown */
  WfJwt               *jwt;
  GPtrArray           *check_rows;
  GtkWidget           *header_view; /* made when they are opened */
  GtkWidget           *raw_view;
};

G_DEFINE_FINAL_TYPE (WfTokenView, wf_token_view, GTK_TYPE_BOX)

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)))
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
set_verdict (WfTokenView *self,
             const char  *style,
             const char  *icon,
             const char  *title,
             const char  *subtitle)
{
  static const char *const styles[] = { "success", "warning", "error", "dim-label" };

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict_symbol), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict_symbol), style);
  gtk_image_set_from_icon_name (self->verdict_symbol, icon);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict), title);
  adw_action_row_set_subtitle (self->verdict, subtitle ? subtitle : "");
}

static void
show_id_verdict (WfTokenView *self)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);
  WfVerification *verification = wf_session_get_verification (self->session);
  WfJwsVerdict verdict = verification ? verification->verdict : tokens->id_token_verdict;
  const char *key_id = verification ? verification->key_id : tokens->id_token_key_id;
  const char *algorithm = self->jwt ? wf_jwt_get_algorithm (self->jwt) : "";
  const char *reason = verification ? verification->reason : NULL;
  g_autofree char *words = NULL;

  switch (verdict)
    {
    case WF_JWS_VERIFIED:
      /* Translators: %1$s is the name of a key, %2$s of an algorithm */
      words = key_id ? g_strdup_printf (_("With key “%1$s” (%2$s)"), key_id, algorithm)
                     /* Translators: %s is the name of an algorithm */
                     : g_strdup_printf (_("With the provider's key (%s)"), algorithm);
      set_verdict (self, "success", "wf-good-symbolic", _("Signature verified"), words);
      break;
    case WF_JWS_INVALID:
      set_verdict (self, "error", "wf-attention-symbolic", _("Signature invalid"), reason);
      break;
    case WF_JWS_NO_KEY:
    case WF_JWS_UNVERIFIED:
    default:
      set_verdict (self, "warning", "wf-unknown-symbolic", _("Signature not verified"),
                   reason ? reason : _("There was no key to check it with."));
    }
}

static void
show_verdict (WfTokenView *self)
{
  if (self->kind == WF_TOKEN_ID)
    show_id_verdict (self);
  else if (self->kind == WF_TOKEN_REFRESH)
    set_verdict (self, "dim-label", "wf-key-symbolic", _("For the authorization server alone"),
                 _("It is sent to the token endpoint only, and nobody else has a use for it."));
  else if (!self->jwt)
    set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Opaque"),
                 _("There is nothing to decode: only the server can read this token."));
  else
    set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Signature not checked"),
                 _("An access token is made for the API; judging it is the API's part."));
}

static void
show_checks (WfTokenView *self)
{
  GPtrArray *checks = self->kind == WF_TOKEN_ID ? wf_session_get_checks (self->session) : NULL;

  for (guint i = 0; i < self->check_rows->len; i++)
    adw_expander_row_remove (self->checks, g_ptr_array_index (self->check_rows, i));
  g_ptr_array_set_size (self->check_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->checks), checks && checks->len > 0);

  for (guint i = 0; checks && i < checks->len; i++)
    {
      const WfCheck *check = g_ptr_array_index (checks, i);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *symbol = gtk_image_new_from_icon_name (check->passed ? "wf-good-symbolic" : "wf-attention-symbolic");

      gtk_widget_add_css_class (symbol, check->passed ? "success" : "error");
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), check->name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), check->detail);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
      gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      check->passed ? _("Passed") : _("Failed"), -1);
      adw_expander_row_add_row (self->checks, row);
      g_ptr_array_add (self->check_rows, row);
    }
}

static void
show_claims (WfTokenView *self)
{
  JsonObject *claims = self->jwt ? wf_jwt_get_claims (self->jwt) : NULL;
  WfClock *clock = wf_session_get_clock (self->session);
  g_autoptr (GPtrArray) names = wf_claims_list (claims);

  clear_list (self->claims);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      gtk_list_box_append (self->claims, wf_claim_row_new (name, json_object_get_member (claims, name), clock));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->claims_group), names->len > 0);
}

static SecretValue *
get_previous (WfTokenView *self)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);

  switch (self->kind)
    {
    case WF_TOKEN_ACCESS:
      return tokens->previous_access_token;
    case WF_TOKEN_ID:
      return tokens->previous_id_token;
    case WF_TOKEN_REFRESH:
    default:
      return NULL;
    }
}

static void
show_changes (WfTokenView *self)
{
  g_autoptr (WfJwt) previous = wf_lifetime_decode (get_previous (self));
  JsonObject *before = previous ? wf_jwt_get_claims (previous) : NULL;
  JsonObject *after = self->jwt ? wf_jwt_get_claims (self->jwt) : NULL;
  g_autoptr (GPtrArray) changes = NULL;

  clear_list (self->changes);
  if (before && after)
    changes = wf_claims_compare (before, after);
  for (guint i = 0; changes && i < changes->len; i++)
    gtk_list_box_append (self->changes, wf_claim_row_new_change (g_ptr_array_index (changes, i),
                                                                  wf_session_get_clock (self->session)));
  gtk_widget_set_visible (self->changes_group, changes && changes->len > 0);
}

/* Fills an expander the first time that it is opened. */
static void
fill_json (WfTokenView     *self,
           AdwExpanderRow  *row,
           GtkWidget      **view,
           JsonObject      *object)
{
  g_autofree char *text = NULL;

  if (!object || !adw_expander_row_get_expanded (row))
    return;
  if (!*view)
    {
      *view = wf_json_view_new (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
      adw_expander_row_add_row (row, *view);
    }
  text = wf_json_object_to_string (object, TRUE);
  wf_json_view_set_text (*view, text, "json");
}

static void
on_expanded (WfTokenView *self)
{
  if (!self->jwt)
    return;
  fill_json (self, self->header, &self->header_view, wf_jwt_get_header (self->jwt));
  fill_json (self, self->raw, &self->raw_view, wf_jwt_get_claims (self->jwt));
}

static void
show_json (WfTokenView *self)
{
  gtk_widget_set_visible (self->json_group, self->jwt != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->raw), self->jwt && wf_jwt_get_claims (self->jwt));
  on_expanded (self);
}

static void
show_nothing (WfTokenView *self)
{
  static const char *const words[] = {
    N_("There is no access token. Sign in to get one."),
    N_("There is no ID token. Ask for the scope openid to get one."),
    N_("There is no refresh token. Ask for the scope offline_access, and let the provider give refresh tokens to this application."),
  };

  gtk_label_set_label (self->nothing, _(words[self->kind]));
  wf_stack_show (self->stack, "nothing");
}

static void
show_token (WfTokenView *self)
{
  wf_token_text_set (self->text, self->session, self->kind);
  show_claims (self);
  show_changes (self);
  show_json (self);
  wf_stack_show (self->stack, "token");
}

static void
wf_token_view_dispose (GObject *object)
{
  WfTokenView *self = WF_TOKEN_VIEW (object);

  g_clear_object (&self->session);
  wf_secret_set (&self->token, NULL);
  g_clear_pointer (&self->jwt, wf_jwt_unref);
  g_clear_pointer (&self->check_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_token_view_parent_class)->dispose (object);
}

static void
wf_token_view_class_init (WfTokenViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_token_view_dispose;
  g_type_ensure (WF_TYPE_TOKEN_TEXT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-token-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, stack);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, nothing);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, text);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, verdict);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, verdict_symbol);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, checks);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, claims_group);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, claims);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, changes_group);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, changes);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, json_group);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, header);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, raw);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded);
}

static void
wf_token_view_init (WfTokenView *self)
{
  self->check_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
wf_token_view_new (void)
{
  return g_object_new (WF_TYPE_TOKEN_VIEW, NULL);
}

void
wf_token_view_show (WfTokenView *self,
                    WfSession   *session,
                    WfTokenKind  kind)
{
  SecretValue *token;
  gboolean same;

  g_return_if_fail (WF_IS_TOKEN_VIEW (self));

  token = session ? wf_token_kind_get_token (kind, wf_session_get_tokens (session)) : NULL;
  same = session == self->session && kind == self->kind && wf_secret_equal (token, self->token);
  g_set_object (&self->session, session);
  self->kind = kind;
  if (!token)
    {
      wf_secret_set (&self->token, NULL);
      wf_token_text_set (self->text, NULL, kind);
      show_nothing (self);
      return;
    }
  if (!same)
    {
      wf_secret_set (&self->token, token);
      g_clear_pointer (&self->jwt, wf_jwt_unref);
      self->jwt = wf_lifetime_decode (token);
      show_token (self);
    }
  show_verdict (self);
  show_checks (self);
}

SecretValue *
wf_token_kind_get_token (WfTokenKind       kind,
                         const WfTokenSet *set)
{
  const WfAccessToken *access;

  if (!set)
    return NULL;
  switch (kind)
    {
    case WF_TOKEN_ID:
      return set->id_token;
    case WF_TOKEN_REFRESH:
      return set->refresh_token;
    case WF_TOKEN_ACCESS:
    default:
      access = wf_token_set_get_access_token (set, NULL);
      return access ? access->token : NULL;
    }
}

const char *
wf_token_kind_get_title (WfTokenKind kind)
{
  switch (kind)
    {
    case WF_TOKEN_ID:
      return _("ID token");
    case WF_TOKEN_REFRESH:
      return _("Refresh token");
    case WF_TOKEN_ACCESS:
    default:
      return _("Access token");
    }
}
