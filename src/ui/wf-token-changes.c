/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-changes.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-claim-row.h"
#include "wf-lifetime.h"

/* Nobody reads more of them one by one. */
#define MAX_ROWS 40

struct _WfTokenChanges
{
  GtkBox               parent_instance;

  AdwPreferencesGroup *group;
  GtkListBox          *list;
};

G_DEFINE_FINAL_TYPE (WfTokenChanges, wf_token_changes, GTK_TYPE_BOX)

static SecretValue *
get_previous (const WfTokenSet *tokens,
              WfTokenKind       kind,
              const char       *audience)
{
  if (kind == WF_TOKEN_ID)
    return tokens->previous_id_token;
  return kind == WF_TOKEN_ACCESS && !audience ? tokens->previous_access_token : NULL;
}

/* What the answers said of a token that cannot be read. */
static GPtrArray *
compare_answers (const WfTokenSet *tokens)
{
  const WfAccessToken *token = wf_token_set_get_access_token (tokens, NULL);
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_claim_change_free);
  gboolean has_times = token->issued_at != WF_TIME_UNKNOWN && token->expires_at != WF_TIME_UNKNOWN;
  WfClaimChange *scopes = wf_claims_compare_scopes (tokens->previous_scope, token->scope);
  WfClaimChange *lifetime =
    wf_claims_compare_lifetimes (tokens->previous_lifetime, has_times ? token->expires_at - token->issued_at : WF_TIME_UNKNOWN);

  if (scopes)
    g_ptr_array_add (changes, scopes);
  if (lifetime)
    g_ptr_array_add (changes, lifetime);
  return changes;
}

static GPtrArray *
compare (const WfTokenSet *tokens,
         WfTokenKind       kind,
         const char       *audience,
         WfJwt            *jwt)
{
  SecretValue *token = get_previous (tokens, kind, audience);
  g_autoptr (WfJwt) previous = wf_lifetime_decode (token);
  JsonObject *before = previous ? wf_jwt_get_claims (previous) : NULL;
  JsonObject *after = jwt ? wf_jwt_get_claims (jwt) : NULL;

  if (before && after)
    return wf_claims_compare (before, after);
  if (token && kind == WF_TOKEN_ACCESS)
    return compare_answers (tokens);
  return g_ptr_array_new ();
}

/* "Refresh 3 since the sign-in · generation 4 of the refresh token" */
static char *
describe (const WfTokenSet *tokens,
          WfTokenKind       kind,
          guint             n_changes)
{
  g_autofree char *count = g_strdup_printf (ngettext ("%u refresh since the sign-in", "%u refreshes since the sign-in", tokens->refreshes),
                                            tokens->refreshes);
  g_autofree char *generation = NULL;
  const char *what = NULL;

  if (tokens->refresh_token)
    /* Translators: the number of a refresh token in its row of rotations */
    generation = g_strdup_printf (_("refresh token generation %u"), tokens->generation);
  if (kind == WF_TOKEN_REFRESH)
    what = tokens->rotates ? _("replaced when it is used") : _("the same since the sign-in");
  else if (n_changes == 0)
    /* Translators: of a token and the one before it */
    what = _("nothing in it changed but the token itself");
  return g_strjoin (" · ", count, generation ? generation : (what ? what : ""), generation ? what : NULL, NULL);
}

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)))
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
add_row (WfTokenChanges *self,
         GtkWidget      *child,
         const char     *spoken)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), child);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (self->list, row);
}

static void
fill (WfTokenChanges  *self,
      const GPtrArray *changes,
      WfClock         *clock)
{
  for (guint i = 0; i < MIN (changes->len, MAX_ROWS); i++)
    {
      GtkWidget *claim = wf_claim_row_new ();

      wf_claim_row_show_change (WF_CLAIM_ROW (claim), g_ptr_array_index (changes, i), clock);
      add_row (self, claim, wf_claim_row_get_spoken (WF_CLAIM_ROW (claim)));
    }
  if (changes->len > MAX_ROWS)
    {
      guint rest = changes->len - MAX_ROWS;
      g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", rest), rest);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, "claim");
      add_row (self, label, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), changes->len > 0);
}

static void
wf_token_changes_class_init (WfTokenChangesClass *klass)
{
}

static void
wf_token_changes_init (WfTokenChanges *self)
{
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _("Since the Last Refresh"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->group), TRUE);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Since the Last Refresh"), -1);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->group));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
wf_token_changes_show (WfTokenChanges *self,
                       WfSession      *session,
                       WfTokenKind     kind,
                       const char     *audience,
                       WfJwt          *jwt)
{
  const WfTokenSet *tokens = session ? wf_session_get_tokens (session) : NULL;
  g_autoptr (GPtrArray) changes = NULL;
  g_autofree char *description = NULL;

  g_return_if_fail (WF_IS_TOKEN_CHANGES (self));

  clear_list (self->list);
  gtk_widget_set_visible (GTK_WIDGET (self), tokens && tokens->refreshes > 0 && !audience);
  if (!tokens || tokens->refreshes == 0 || audience)
    return;
  changes = compare (tokens, kind, audience, jwt);
  description = describe (tokens, kind, changes->len);
  adw_preferences_group_set_description (self->group, description);
  fill (self, changes, wf_session_get_clock (session));
}
