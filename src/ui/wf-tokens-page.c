/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-tokens-page.h"

#include <glib/gi18n-lib.h>

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

  Card         cards[N_KINDS];
  WfLifetime   lifetimes[N_KINDS];
  WfTokenKind  kind;
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
      gtk_accessible_update_property (GTK_ACCESSIBLE (card->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      g_free (card->spoken);
      card->spoken = g_steal_pointer (&spoken);
    }
}

static void
show_view (WfTokensPage *self)
{
  wf_token_view_show (self->view, wf_page_get_session (WF_PAGE (self)), self->kind);
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
  WfTokenSet *tokens = wf_session_get_tokens (wf_page_get_session (page));

  for (guint i = 0; i < N_KINDS; i++)
    {
      SecretValue *token = wf_token_kind_get_token (i, tokens);
      g_autoptr (WfJwt) jwt = wf_lifetime_decode (token);
      g_autofree char *what = describe (token, jwt);

      wf_label_update (self->cards[i].what, what);
      if (i == WF_TOKEN_ACCESS)
        self->lifetimes[i] = wf_lifetime_of_access_token (tokens);
      else if (i == WF_TOKEN_ID)
        self->lifetimes[i] = wf_lifetime_of_id_token (tokens, jwt);
      else
        self->lifetimes[i] = wf_lifetime_of_refresh_token (tokens);
    }
  show_view (self);
  on_tick (GTK_WIDGET (self));
}

static void
wf_tokens_page_session_changed (WfPage *page)
{
  if (!wf_page_get_session (page))
    wf_token_view_show (WF_TOKENS_PAGE (page)->view, NULL, WF_TOKENS_PAGE (page)->kind);
}

static void
wf_tokens_page_finalize (GObject *object)
{
  for (guint i = 0; i < N_KINDS; i++)
    g_free (WF_TOKENS_PAGE (object)->cards[i].spoken);
  G_OBJECT_CLASS (wf_tokens_page_parent_class)->finalize (object);
}

static void
wf_tokens_page_class_init (WfTokensPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_tokens_page_finalize;
  WF_PAGE_CLASS (klass)->update = wf_tokens_page_update;
  WF_PAGE_CLASS (klass)->session_changed = wf_tokens_page_session_changed;
}

static GtkLabel *
add_label (GtkWidget  *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
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
wf_tokens_page_init (WfTokensPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
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
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 720);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  adw_bin_set_child (ADW_BIN (self), scroller);
  wf_ticker_attach (GTK_WIDGET (self), on_tick);
}

GtkWidget *
wf_tokens_page_new (void)
{
  return g_object_new (WF_TYPE_TOKENS_PAGE, NULL);
}
