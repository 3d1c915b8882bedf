/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tokens-page.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-format.h"
#include "wf-label.h"
#include "wf-lifetime.h"
#include "wf-ticker.h"
#include "wf-token-view.h"

#define N_KINDS 3

typedef struct
{
  GtkToggleButton *button;
  GtkLabel        *what;
  GtkLabel        *left;
  char            *spoken;
} Card;

struct _WfTokensPage
{
  WfPage       parent_instance;

  GtkScrolledWindow *scroller;
  Card         cards[N_KINDS];
  WfLifetime   lifetimes[N_KINDS];
  SecretValue *tokens[N_KINDS]; /* what was decoded last, so that it is decoded once */
  WfTokenKind  kind;
  GtkWidget   *audience_list;
  AdwComboRow *audience_row;
  GPtrArray   *audiences;       /* (element-type utf8): of the row's items; the account's own is "" */
  WfTokenView *view;
};

G_DEFINE_FINAL_TYPE (WfTokensPage, wf_tokens_page, WF_TYPE_PAGE)

/* "JWT · 1.2 kB" */
static char *
describe (SecretValue *token,
          WfJwt       *jwt)
{
  g_autofree char *size = NULL;
  gsize length;

  if (!token)
    return g_strdup (C_("token", "None"));
  secret_value_get (token, &length);
  size = wf_format_size (length);
  if (!jwt)
    return g_strdup_printf ("%s · %s", _("Opaque"), size);
  return g_strdup_printf ("%s · %s", wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED ? "JWE" : "JWT", size);
}

static void
on_tick (GtkWidget *widget)
{
  WfTokensPage *self = WF_TOKENS_PAGE (widget);
  WfSession *session = wf_page_get_session (WF_PAGE (self));
  gint64 now;

  if (!session)
    return;
  now = wf_clock_now (wf_session_get_clock (session));
  for (guint i = 0; i < N_KINDS; i++)
    {
      Card *card = &self->cards[i];
      g_autofree char *left = self->lifetimes[i].present ? wf_lifetime_format (&self->lifetimes[i], now) : g_strdup ("");
      g_autofree char *spoken = NULL;

      wf_label_update (card->left, left);
      spoken = g_strdup_printf ("%s, %s %s", wf_token_kind_get_title (i), gtk_label_get_label (card->what), left);
      if (g_strcmp0 (spoken, card->spoken) == 0)
        continue;
      wf_accessible_name (GTK_WIDGET (card->button), spoken);
      g_free (card->spoken);
      card->spoken = g_steal_pointer (&spoken);
    }
}

/* Returns: (transfer none) (nullable): whose access token is shown; NULL for the account's own */
static const char *
get_audience (WfTokensPage *self)
{
  guint selected = adw_combo_row_get_selected (self->audience_row);
  const char *audience = selected < self->audiences->len ? g_ptr_array_index (self->audiences, selected) : "";

  return self->kind == WF_TOKEN_ACCESS && *audience ? audience : NULL;
}

static void
show_view (WfTokensPage *self)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  gtk_widget_set_visible (self->audience_list, self->kind == WF_TOKEN_ACCESS && self->audiences->len > 1);
  if (session)
    wf_token_view_show (self->view, session, self->kind, get_audience (self));
}

/* --- access tokens of other audiences --- */

static gboolean
has_same_audiences (WfTokensPage     *self,
                    const WfTokenSet *tokens)
{
  if (self->audiences->len != tokens->access_tokens->len)
    return FALSE;
  for (guint i = 0; i < self->audiences->len; i++)
    {
      const WfAccessToken *token = g_ptr_array_index (tokens->access_tokens, i);

      if (g_strcmp0 (token->audience, g_ptr_array_index (self->audiences, i)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Several APIs have several access tokens, which one refresh token brings. */
static void
update_audiences (WfTokensPage     *self,
                  const WfTokenSet *tokens,
                  const WfAccount  *account)
{
  g_autofree char *chosen = g_strdup (get_audience (self));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  if (has_same_audiences (self, tokens))
    return;
  g_ptr_array_set_size (self->audiences, 0);
  for (guint i = 0; i < tokens->access_tokens->len; i++)
    {
      const WfAccessToken *token = g_ptr_array_index (tokens->access_tokens, i);
      /* Translators: the access token that is not for one of the other APIs */
      const char *own = account->audience ? account->audience : _("The account's own");

      if (g_strcmp0 (token->audience, chosen) == 0)
        selected = i;
      g_ptr_array_add (self->audiences, g_strdup (token->audience));
      gtk_string_list_append (names, *token->audience ? token->audience : own);
    }
  adw_combo_row_set_model (self->audience_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->audience_row, selected);
}

static void
update_card (WfTokensPage     *self,
             WfTokenKind       kind,
             const WfTokenSet *tokens)
{
  const char *audience = kind == WF_TOKEN_ACCESS ? get_audience (self) : NULL;
  SecretValue *token = wf_token_kind_get_token (kind, tokens, audience);
  g_autoptr (WfJwt) jwt = NULL;
  g_autofree char *what = NULL;

  if (kind == WF_TOKEN_ACCESS)
    self->lifetimes[kind] = wf_lifetime_of_access_token_for (tokens, audience);
  else if (kind == WF_TOKEN_REFRESH)
    self->lifetimes[kind] = wf_lifetime_of_refresh_token (tokens);
  if (token && self->tokens[kind] && wf_secret_equal (token, self->tokens[kind]))
    return;
  wf_secret_set (&self->tokens[kind], token);
  jwt = wf_lifetime_decode (token);
  what = describe (token, jwt);
  wf_label_update (self->cards[kind].what, what);
  if (kind == WF_TOKEN_ID)
    self->lifetimes[kind] = wf_lifetime_of_id_token (tokens, jwt);
}

static void
on_audience (WfTokensPage *self)
{
  WfSession *session = wf_page_get_session (WF_PAGE (self));

  if (!session || self->audiences->len == 0)
    return;
  update_card (self, WF_TOKEN_ACCESS, wf_session_get_tokens (session));
  show_view (self);
  on_tick (GTK_WIDGET (self));
}

static void
on_toggled (GtkToggleButton *button,
            WfTokensPage    *self)
{
  for (guint i = 0; i < N_KINDS; i++)
    if (gtk_toggle_button_get_active (self->cards[i].button) && self->kind != i)
      {
        self->kind = i;
        show_view (self);
      }
}

static void
wf_tokens_page_update (WfPage *page)
{
  WfTokensPage *self = WF_TOKENS_PAGE (page);
  WfSession *session = wf_page_get_session (page);
  WfTokenSet *tokens = wf_session_get_tokens (session);

  update_audiences (self, tokens, wf_session_get_account (session));
  for (guint i = 0; i < N_KINDS; i++)
    update_card (self, i, tokens);
  show_view (self);
  on_tick (GTK_WIDGET (self));
}

static gboolean
wf_tokens_page_search (WfPage *page)
{
  return wf_token_view_search (WF_TOKENS_PAGE (page)->view);
}

static void
wf_tokens_page_session_changed (WfPage *page)
{
  WfTokensPage *self = WF_TOKENS_PAGE (page);

  /* Another account begins at its top. */
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  g_ptr_array_set_size (self->audiences, 0);
  if (!wf_page_get_session (page))
    wf_token_view_show (self->view, NULL, self->kind, NULL);
}

static void
wf_tokens_page_finalize (GObject *object)
{
  WfTokensPage *self = WF_TOKENS_PAGE (object);

  for (guint i = 0; i < N_KINDS; i++)
    {
      g_free (self->cards[i].spoken);
      wf_secret_set (&self->tokens[i], NULL);
    }
  g_ptr_array_unref (self->audiences);
  G_OBJECT_CLASS (wf_tokens_page_parent_class)->finalize (object);
}

static void
wf_tokens_page_class_init (WfTokensPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_tokens_page_finalize;
  WF_PAGE_CLASS (klass)->update = wf_tokens_page_update;
  WF_PAGE_CLASS (klass)->session_changed = wf_tokens_page_session_changed;
  WF_PAGE_CLASS (klass)->search = wf_tokens_page_search;
}

static GtkLabel *
add_label (GtkWidget  *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, style);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
make_card (WfTokensPage *self,
           WfTokenKind   kind)
{
  Card *card = &self->cards[kind];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  card->button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  add_label (box, wf_token_kind_get_title (kind), "heading");
  card->what = add_label (box, "", "caption");
  card->left = add_label (box, "", "caption");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (card->button), box);
  gtk_widget_add_css_class (GTK_WIDGET (card->button), "card");
  gtk_widget_add_css_class (GTK_WIDGET (card->button), "kind-card");
  if (kind > 0)
    gtk_toggle_button_set_group (card->button, self->cards[0].button);
  return GTK_WIDGET (card->button);
}

static void
make_audiences (WfTokensPage *self)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_list_box_new ());

  self->audiences = g_ptr_array_new_with_free_func (g_free);
  self->audience_row = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->audience_row), _("Audience"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->audience_row), FALSE);
  g_signal_connect_swapped (self->audience_row, "notify::selected", G_CALLBACK (on_audience), self);
  gtk_list_box_set_selection_mode (list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Audience"), -1);
  gtk_list_box_append (list, GTK_WIDGET (self->audience_row));
  gtk_widget_set_visible (GTK_WIDGET (list), FALSE);
  self->audience_list = GTK_WIDGET (list);
}

static void
wf_tokens_page_init (WfTokensPage *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *cards = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_set_homogeneous (GTK_BOX (cards), TRUE);
  for (guint i = 0; i < N_KINDS; i++)
    gtk_box_append (GTK_BOX (cards), make_card (self, i));
  gtk_toggle_button_set_active (self->cards[0].button, TRUE);
  for (guint i = 0; i < N_KINDS; i++)
    g_signal_connect (self->cards[i].button, "toggled", G_CALLBACK (on_toggled), self);

  self->view = WF_TOKEN_VIEW (wf_token_view_new ());
  gtk_widget_add_css_class (box, "page");
  gtk_box_append (GTK_BOX (box), cards);
  make_audiences (self);
  gtk_box_append (GTK_BOX (box), self->audience_list);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 720);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scroller, clamp);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->scroller));
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
}

GtkWidget *
wf_tokens_page_new (void)
{
  return g_object_new (WF_TYPE_TOKENS_PAGE, NULL);
}
