/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-claims-view.h"
#include "wf-json.h"
#include "wf-json-view.h"
#include "wf-lifetime.h"
#include "wf-stack.h"
#include "wf-token-changes.h"
#include "wf-token-text.h"
#include "wf-token-verdict.h"

struct _WfTokenView
{
  GtkBox               parent_instance;

  GtkStack            *stack;
  GtkLabel            *nothing;
  WfTokenText         *text;
  WfTokenVerdict      *verdict;
  AdwBin              *aside; /* of whoever shows the token */
  GtkWidget           *claims_group;
  WfClaimsView        *claims;
  WfTokenChanges      *changes;
  GtkWidget           *json_group;
  AdwExpanderRow      *header;
  AdwExpanderRow      *raw;

  WfSession           *session;
  WfTokenKind          kind;
  char                *audience;
  SecretValue         *token; /* what is shown */
  WfJwt               *jwt;
  GtkWidget           *header_view; /* made when they are opened */
  GtkWidget           *raw_view;
};

G_DEFINE_FINAL_TYPE (WfTokenView, wf_token_view, GTK_TYPE_BOX)

static void
show_claims (WfTokenView *self)
{
  JsonObject *claims = self->jwt ? wf_jwt_get_claims (self->jwt) : NULL;
  WfClock *clock = self->session ? wf_session_get_clock (self->session) : NULL;

  wf_claims_view_set (self->claims, claims, self->jwt ? wf_jwt_get_header (self->jwt) : NULL, clock);
  gtk_widget_set_visible (self->claims_group, claims && json_object_get_size (claims) > 0);
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
      adw_expander_row_add_row (row, wf_json_view_new_frame (*view));
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
    "",
  };
  const char *text = words[self->kind];

  gtk_label_set_label (self->nothing, *text ? _(text) : "");
  wf_stack_show (self->stack, "nothing");
}

static void
set_token (WfTokenView *self,
           SecretValue *token,
           WfJwt       *jwt)
{
  wf_secret_set (&self->token, token);
  if (jwt)
    wf_jwt_ref (jwt);
  g_clear_pointer (&self->jwt, wf_jwt_unref);
  self->jwt = jwt;
}

static void
show_parts (WfTokenView *self)
{
  show_claims (self);
  show_json (self);
  wf_stack_show (self->stack, "token");
}

static void
wf_token_view_dispose (GObject *object)
{
  WfTokenView *self = WF_TOKEN_VIEW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->audience, g_free);
  wf_secret_set (&self->token, NULL);
  g_clear_pointer (&self->jwt, wf_jwt_unref);
  G_OBJECT_CLASS (wf_token_view_parent_class)->dispose (object);
}

static void
wf_token_view_class_init (WfTokenViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_token_view_dispose;
  g_type_ensure (WF_TYPE_TOKEN_TEXT);
  g_type_ensure (WF_TYPE_TOKEN_VERDICT);
  g_type_ensure (WF_TYPE_TOKEN_CHANGES);
  g_type_ensure (WF_TYPE_CLAIMS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-token-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, stack);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, nothing);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, text);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, verdict);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, aside);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, claims_group);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, claims);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, changes);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, json_group);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, header);
  gtk_widget_class_bind_template_child (widget_class, WfTokenView, raw);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded);
}

static void
wf_token_view_init (WfTokenView *self)
{
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
                    WfTokenKind  kind,
                    const char  *audience)
{
  SecretValue *token;
  gboolean same;

  g_return_if_fail (WF_IS_TOKEN_VIEW (self));

  token = session ? wf_token_kind_get_token (kind, wf_session_get_tokens (session), audience) : NULL;
  same = session == self->session && kind == self->kind && g_strcmp0 (audience, self->audience) == 0 &&
         token && wf_secret_equal (token, self->token);
  g_set_object (&self->session, session);
  self->kind = kind;
  g_free (self->audience);
  self->audience = g_strdup (audience);
  if (!token)
    {
      set_token (self, NULL, NULL);
      wf_token_text_set (self->text, NULL, kind, NULL);
      show_nothing (self);
      return;
    }
  if (!same)
    {
      g_autoptr (WfJwt) jwt = wf_lifetime_decode (token);

      set_token (self, token, jwt);
      wf_token_text_set (self->text, session, kind, audience);
      show_parts (self);
    }
  wf_token_verdict_show (self->verdict, session, kind, self->jwt);
  wf_token_changes_show (self->changes, session, kind, audience, self->jwt);
}

void
wf_token_view_show_token (WfTokenView    *self,
                          SecretValue    *token,
                          WfJwt          *jwt,
                          WfVerification *verification,
                          GPtrArray      *checks)
{
  g_return_if_fail (WF_IS_TOKEN_VIEW (self));

  g_clear_object (&self->session);
  self->kind = WF_TOKEN_OTHER;
  if (!token)
    {
      set_token (self, NULL, NULL);
      wf_token_text_set_token (self->text, NULL);
      show_nothing (self);
      return;
    }
  if (!wf_secret_equal (token, self->token) || self->jwt != jwt)
    {
      set_token (self, token, jwt);
      wf_token_text_set_token (self->text, token);
      show_parts (self);
    }
  wf_token_verdict_show_verification (self->verdict, jwt, verification, checks);
  wf_token_changes_show (self->changes, NULL, WF_TOKEN_OTHER, NULL, NULL);
  /* There is nothing else to see of it. */
  if (jwt && wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED)
    adw_expander_row_set_expanded (self->header, TRUE);
}

void
wf_token_view_set_aside (WfTokenView *self,
                         GtkWidget   *widget)
{
  g_return_if_fail (WF_IS_TOKEN_VIEW (self));

  adw_bin_set_child (self->aside, widget);
  gtk_widget_set_visible (GTK_WIDGET (self->aside), widget != NULL);
}

gboolean
wf_token_view_search (WfTokenView *self)
{
  g_return_val_if_fail (WF_IS_TOKEN_VIEW (self), FALSE);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->claims)))
    return FALSE;
  wf_claims_view_search (self->claims);
  return TRUE;
}

SecretValue *
wf_token_kind_get_token (WfTokenKind       kind,
                         const WfTokenSet *set,
                         const char       *audience)
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
      access = wf_token_set_get_access_token (set, audience);
      return access ? access->token : NULL;
    case WF_TOKEN_OTHER:
    default:
      return NULL;
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
      return _("Access token");
    case WF_TOKEN_OTHER:
    default:
      return _("Token");
    }
}
